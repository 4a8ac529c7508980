"""What SEARCH looks for: each key as a question to one mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime

from complaintmail.demo.imap_words import Misspelt, Word, is_set, named, text_of
from complaintmail.demo.mime_parts import take_apart
from complaintmail.demo.postroom import Mail

Question = Callable[[Mail, int], bool]  # a mail and its number in the folder

_FLAGS = {"ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN"}


def question(words: Sequence[Word], numbers: Sequence[int], uids: Sequence[int]) -> Question:
    """All of `words` at once; sets name some of `numbers` or `uids`."""
    left = list(words)
    if left and text_is(left[0], "CHARSET"):
        del left[:2]
    asked: list[Question] = []
    while left:
        asked.append(_next(left, numbers, uids))
    return lambda mail, number: all(one(mail, number) for one in asked)


def text_is(word: Word, name: str) -> bool:
    return isinstance(word, str) and word.upper() == name


def _next(left: list[Word], numbers: Sequence[int], uids: Sequence[int]) -> Question:
    word = left.pop(0)
    if isinstance(word, list):
        return question(word, numbers, uids)
    if is_set(word):
        these = frozenset(named(word, numbers))
        return lambda _, number: number in these
    key = text_of(word).upper()
    match key:
        case "ALL" | "OLD":
            return lambda *_: True
        case "NEW" | "RECENT":
            return lambda *_: False
        case "NOT":
            denied = _next(left, numbers, uids)
            return lambda mail, number: not denied(mail, number)
        case "OR":
            first, second = _next(left, numbers, uids), _next(left, numbers, uids)
            return lambda mail, number: first(mail, number) or second(mail, number)
        case "UID":
            those = frozenset(named(_word(left), uids))
            return lambda mail, _: mail.uid in those
    return _of_mail(key, left)


def _of_mail(key: str, left: list[Word]) -> Question:
    if key in _FLAGS or key.removeprefix("UN") in _FLAGS:
        wanted = f"\\{key.removeprefix('UN').capitalize()}"
        return lambda mail, _: (wanted in mail.flags) == (key in _FLAGS)
    match key:
        case "KEYWORD" | "UNKEYWORD":
            flag = text_of(_word(left))
            return lambda mail, _: (flag in mail.flags) == (key == "KEYWORD")
        case "HEADER":
            name = text_of(_word(left))
            return _in_header(name, _word(left))
        case "FROM" | "TO" | "CC" | "BCC" | "SUBJECT":
            return _in_header(key, _word(left))
        case "BODY" | "TEXT":
            said = text_of(_word(left)).lower().encode()
            return lambda mail, _: said in (mail.raw if key == "TEXT" else take_apart(mail.raw).body).lower()
        case "LARGER" | "SMALLER":
            size = int(text_of(_word(left)))
            return lambda mail, _: len(mail.raw) > size if key == "LARGER" else len(mail.raw) < size
        case "SINCE" | "BEFORE" | "ON" | "SENTSINCE" | "SENTBEFORE" | "SENTON":
            return _by_day(key.removeprefix("SENT"), key.startswith("SENT"), text_of(_word(left)))
    raise Misspelt(f"{key} cannot be searched for")


def _word(left: list[Word]) -> Word:
    if not left:
        raise Misspelt("a search key lacks its word")
    return left.pop(0)


def _in_header(name: str, word: Word) -> Question:
    said = text_of(word).lower()

    def there(mail: Mail, _: int) -> bool:
        values = [str(value) for value in take_apart(mail.raw).fields.get_all(name, [])]
        return any(said in value.lower() or said in _readable(value).lower() for value in values)

    return there


def _readable(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, UnicodeError):
        return value


def _by_day(key: str, sent: bool, words: str) -> Question:
    try:
        wanted = datetime.strptime(f"{words} +0000", "%d-%b-%Y %z").date()
    except ValueError:
        raise Misspelt(f"{words} is no date") from None

    def is_so(mail: Mail, _: int) -> bool:
        day = _sent_on(mail) if sent else mail.received_at.date()
        if day is None:
            return False
        return day >= wanted if key == "SINCE" else day < wanted if key == "BEFORE" else day == wanted

    return is_so


def _sent_on(mail: Mail) -> date | None:
    try:
        return parsedate_to_datetime(str(take_apart(mail.raw).fields["Date"])).date()
    except (TypeError, ValueError):
        return None

"""Which of the people in the settings a complaint's own words name, so that somebody can ask whether it is about them.

Owns that finding. Promises, in linear time: a full name, a title with a last name and an address are sure where only
one person has them; one name alone is a suggestion. Greetings, thanks and the writer's own signature name nobody, and
neither does a name that is a word too, unless the words beside it say that a person is meant. Pure.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - a word list is read as running text
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from complaintmail.triage.names import ALSO_MONTHS, ALSO_WORDS, TITLES
from complaintmail.triage.spelling import plain

FEW = 60  # names; so many are sooner looked for one by one than every word of a mail among them

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS = re.compile(r"['’]s?$")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,255}")
_GREETING = re.compile(
    r"(?i)\s*(?:dear|hi|hiya|hello|hey|good (?:morning|afternoon|evening)|morning|afternoon|evening|to|fao|attn)\b:?"
)
_CLOSING = re.compile(
    r"(?i)\s*(?:(?:with |my |our |the )?(?:many |kind(?:est)? |best |warm(?:est)? )?(?:thanks|regards|wishes|rgds)|"
    r"thank you|best|cheers|yours(?: \w+)?|sincerely|faithfully|cordially|respectfully|ta|love)\b"
)
_ACTS = frozenset(
    "was were is has had said says told refused shouted swore laughed ignored hung promised never did didnt wasnt "
    "would wouldnt could couldnt cannot cant claimed lied answered replied came went called rang wrote then also just "
    "kept made took gave left got asked insisted failed treated spoke behaved threatened insulted walked who".split()
)
_SPEECH = _ACTS - frozenset("was were is has had did would could then also just came went and never made took".split())
_BEFORE = frozenset("a an the this that my your our their his her its no any some each every in on of since".split())
_DEALT_WITH = frozenset(
    "spoke speaking talked speak spoken called named met saw asked told rang with by to from".split()
)
_LAST_LINES = 6
LOOKED_AT = 150_000  # characters; no complaint that a person wrote is longer


class Named(Protocol):
    """Somebody of the settings, as far as naming goes."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """One person whom a text names, and by which words."""

    email: str
    words: str
    sure: bool


@dataclass(slots=True)
class _Index:
    """The people by the first word of their name, by each single name, and by address."""

    names: dict[str, list[str]] = field(default_factory=dict)  # address → the words of the name
    begins: dict[str, list[str]] = field(default_factory=dict)
    lasts: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


class _Word(NamedTuple):
    plain: str
    start: int
    end: int
    capital: bool


def words_of(text: str) -> list[str]:
    """The words of a name or a role, in small letters and without accents; a dash parts them, as a blank does."""
    return [plain(_ENDS.sub("", word)).replace("'", "").replace("’", "") for word in _WORD.findall(text)]


def named_in(text: str, people: Sequence[Named]) -> tuple[Mention, ...]:
    """The people whom the text names, each once, by the surest words for them, in the order of the text."""
    index = _index(people)
    if not _may_name(text[:LOOKED_AT], index):
        return ()
    best: dict[str, tuple[int, Mention]] = {}
    at = 0
    for line in telling(text[:LOOKED_AT]):
        for mention in _in_line(line, index):
            before = best.get(mention.email)
            if before is None or (mention.sure and not before[1].sure):
                best[mention.email] = (at, mention)
                at += 1
    return tuple(mention for _, mention in sorted(best.values(), key=lambda each: each[0]))


def _may_name(text: str, index: _Index) -> bool:
    """Most mails name nobody: whoever is named is so by the first or last word of a name, or by an address."""
    small = text.lower()
    if small.isascii() and len(index.begins) + len(index.lasts) <= FEW:
        bare = small.replace("'", "").replace("-", "")
        if not any(name in bare for names in (index.begins, index.lasts) for name in names):
            return "@" in small and any(address in small for address in index.addresses)
    words = set(_TOKEN.findall(small if len(small) == len(text) else text))  # a letter that becomes two parts words
    odd = [word for word in words if not (word.isascii() and word.isalpha() and word.islower())]
    words.update(plain(word).removesuffix("'s").replace("'", "").replace("-", "") for word in odd)
    if not (words.isdisjoint(index.begins) and words.isdisjoint(index.lasts)):
        return True
    return "@" in small and any(address in small for address in index.addresses)


def _index(people: Sequence[Named]) -> _Index:
    index = _Index()
    for person in people:
        email = person.email
        index.addresses[email.lower()] = email
        names = [word for word in words_of(person.name.replace("-", "").replace("'", "")) if word not in TITLES]
        if not names:
            continue
        index.names[email] = names
        if len(names[0]) > 1:
            index.begins.setdefault(names[0], []).append(email)
        if len(names) > 1:
            index.lasts.setdefault(names[-1], []).append(email)
    return index


def telling(text: str) -> list[str]:
    """The lines that tell something: no greeting, no thanks, no signature."""
    lines = [line for line in text.split("\n") if line.strip()]
    stop = next((n for n, line in enumerate(lines) if line.rstrip("\r") in ("-- ", "--")), len(lines))
    for n in range(stop - 1, max(-1, stop - _LAST_LINES - 1), -1):
        if _CLOSING.match(lines[n]) and len(lines[n].split()) <= 6 and not any(map(_tells, lines[n + 1 : stop])):
            stop = n
            break
    else:
        if stop > 1 and len(lines[stop - 1]) < 60 and _only_a_name(lines[stop - 1]):
            stop -= 1
    return [_without_greeting(line) for line in lines[:stop] if not _is_closing(line)]


def _tells(line: str) -> bool:
    words = len(line.split())
    return words > 8 or (words > 3 and line.rstrip()[-1] in ".!?")


def _only_a_name(line: str) -> bool:
    words = line.strip(" \t\r.,-–").split()
    return 0 < len(words) <= 4 and all(word[0].isupper() or plain(word.strip(".")) in TITLES for word in words)


def _is_closing(line: str) -> bool:
    return len(line) < 60 and len(line.split()) <= 5 and bool(_CLOSING.match(line))


def _without_greeting(line: str) -> str:
    greeting = _GREETING.match(line)
    if greeting is None:
        return line
    end = greeting.end()
    words = 0
    while words < 6:
        token = _TOKEN.search(line, end, end + 60)
        if token is None or line[end : token.start()].strip(" \t.&/@"):
            break
        if re.split("['’]", token.group())[0] == "I":
            break  # "Hello I am writing": the writer
        if not (
            line[token.start()].isupper() or plain(token.group()) in (*TITLES, "and", "all", "team", "sir", "madam")
        ):
            break
        end, words = token.end(), words + 1
    after = line[end:].lstrip(" \t")
    return after if not after or after[0] in ",.!:;-–—\r" or words else line


def _in_line(line: str, index: _Index) -> Iterator[Mention]:
    if "@" in line:
        for found in _ADDRESS.finditer(line):
            address = found.group().rstrip(".'-").lower()
            if address in index.addresses:
                yield Mention(index.addresses[address], found.group().rstrip(".'-"), True)
    words: list[_Word] = []
    for token in _TOKEN.finditer(line):
        said = token.group()
        small = plain(said)
        end = token.end()
        if small.endswith("'s"):
            small, end = small[:-2], end - 2
        words.append(_Word(small.replace("'", "").replace("-", ""), token.start(), end, said[0].isupper()))
    shouted = line.isupper()
    for at, word in enumerate(words):
        if word.plain in TITLES and at + 1 < len(words):
            yield from _titled(words, at, line, index)
        if word.plain in index.begins:
            yield from _full(words, at, line, index)
            yield from _alone(words, at, line, index.begins, index, shouted)
        if word.plain in index.lasts:
            yield from _turned(words, at, line, index)
            if len(word.plain) >= 3 and word.plain not in ALSO_WORDS:
                yield from _alone(words, at, line, index.lasts, index, shouted)


def _full(words: list[_Word], at: int, line: str, index: _Index) -> Iterator[Mention]:
    fitting = []
    for email in index.begins[words[at].plain]:
        names = index.names[email]
        if len(names) < 2:
            continue
        for last in (at + len(names) - 1, at + len(names), at + 1):  # as written, with an initial, without the middle
            if last >= len(words) or not _beside(words, at, last, line):
                continue
            said = [word.plain for word in words[at : last + 1]]
            between = said[1:-1]
            if said[-1] != names[-1] or not (between == names[1:-1] or all(len(each) == 1 for each in between)):
                continue
            both = names[0] in ALSO_WORDS and names[-1] in ALSO_WORDS
            if not both or (words[at].capital and words[last].capital):
                fitting.append((email, line[words[at].start : words[last].end]))
                break
    for email, said_words in fitting:
        yield Mention(email, said_words, len(fitting) == 1)


def _turned(words: list[_Word], at: int, line: str, index: _Index) -> Iterator[Mention]:
    """ "Doe, Jane"."""
    if at + 1 < len(words) and line[words[at].end : words[at + 1].start].strip() == ",":
        first = words[at + 1]
        for email in index.lasts[words[at].plain]:
            if index.names[email][0] == first.plain and words[at].capital and first.capital:
                yield Mention(email, line[words[at].start : first.end], True)


def _titled(words: list[_Word], at: int, line: str, index: _Index) -> Iterator[Mention]:
    """ "Mr Smith", "Ms. J. Smith", "Dr Jane Smith"."""
    for last in range(at + 1, min(at + 4, len(words))):
        if not _beside(words, at, last, line):
            return
        fitting = [
            email
            for email in index.lasts.get(words[last].plain, ())
            if all(index.names[email][0].startswith(word.plain) for word in words[at + 1 : last])
        ]
        if fitting:
            for email in fitting:
                yield Mention(email, line[words[at].start : words[last].end], len(fitting) == 1)
            return


def _beside(words: list[_Word], first: int, last: int, line: str) -> bool:
    return all(not line[words[n].end : words[n + 1].start].strip(" \t.\u00a0") for n in range(first, last))


def _alone(
    words: list[_Word], at: int, line: str, by_name: dict[str, list[str]], index: _Index, shouted: bool
) -> Iterator[Mention]:
    word = words[at]
    if not word.capital or len(word.plain) < 2:
        return
    before = words[at - 1].plain if at and _beside(words, at - 1, at, line) else ""
    after = words[at + 1] if at + 1 < len(words) else None
    if after is not None and line[word.end : after.start].strip(" \t\u00a0"):
        after = None  # "about Dana. She said": another sentence
    if before in TITLES or _introduces(words, at):
        return
    if by_name is index.begins:
        if word.plain in ALSO_WORDS and not _a_person(word.plain, before, after):
            return
        if after and after.capital and not shouted and not _theirs(after.plain, by_name[word.plain], index):
            return  # Jane Brown is somebody else than our Jane Doe
    for email in by_name[word.plain]:
        yield Mention(email, line[word.start : word.end], False)


def _theirs(word: str, emails: list[str], index: _Index) -> bool:
    return len(word) == 1 or any(word in index.names[email] for email in emails)


def _introduces(words: list[_Word], at: int) -> bool:
    """ "My name is Jane", "I am Jane": the writer."""
    before = [word.plain for word in words[max(0, at - 3) : at]]
    return before[-2:] in (["name", "is"], ["i", "am"]) or before[-1:] in (["im"], ["names"])


def _a_person(word: str, before: str, after: _Word | None) -> bool:
    if before in _BEFORE:
        return False
    says = after.plain if after and not after.capital else ""
    return says in (_SPEECH if word in ALSO_MONTHS else _ACTS) or before in _DEALT_WITH

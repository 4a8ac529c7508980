"""Kind words as they may hang on a wall: without the name of anybody, and without anything by which one is found.

Owns the taking out. Promises: no name of staff, of the giver, or that is known as one is left, in any spelling by a
letter; no address, telephone number, link, reference or street; what else begins with a capital inside a sentence
goes too, since it may be a name. What was taken out is told, and what may still be a name is asked about: a person
looks before anything hangs. Never fails; only the first 20,000 characters are looked at. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from complaintmail.cases.anonymous_words import COMMON, FIRST_NAMES, KEPT_CAPITALS
from complaintmail.triage.named import Named, named_in, telling
from complaintmail.triage.names import ALSO_WORDS, TITLES
from complaintmail.triage.spelling import near, plain

LOOKED_AT = 20_000
LONGEST = 700  # characters on the wall
GONE = "…"
MOST_DOUBTS = 12

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_STREETS = "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Way|Gardens|Court|Place|Terrace|Crescent|Square|Grove|Mews"
_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_FOUND = (
    ("an e-mail address", re.compile(rf"[\w.+'-]{{1,64}}\s?(?:@|\(at\)|\[at\])\s?{_HOST}", re.I)),
    ("a link", re.compile(r"\b(?:https?://|www\.)\S{1,500}|\b[\w-]{1,63}\.(?:com|org|net|uk|co\.uk)\b\S{0,200}", re.I)),
    ("a name on a website", re.compile(r"(?<!\w)[@#]\w{2,60}")),
    ("a National Insurance number", re.compile(r"\b[A-Z]{2}\s?(?:\d{2}\s?){3}[A-D]\b", re.I)),
    ("a reference", re.compile(r"\b[A-Z]{2,12}-\d{4}-\d{1,9}\b", re.I)),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.I)),
    ("a street", re.compile(rf"\b\d{{1,4}}[a-z]?,?\s+(?:[^\W\d_]{{2,30}}\s+){{1,3}}(?:{_STREETS})\b", re.I)),
    ("a telephone number", re.compile(r"(?<![\w£.])\+?\(?\d[\d ()/-]{6,24}\d(?!\w)")),
    ("a number", re.compile(r"\b(?=[A-Za-z/-]{0,20}\d)[A-Za-z\d/-]{6,40}\b")),
)  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|…")
_INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){2,4}|\b[A-Z]\.(?=\s?…)|(?<=…)\s[A-Z]\b\.?(?!\w)")
_INITIALS_OF = re.compile(r"\b((?:[A-Z]\.\s?){1,4})(?=([A-Z][^\W\d_]{1,40}))")
_TITLE_DOT = re.compile(r"(?i)\b(mrs?|ms|mx|dr|prof|rev|cllr)\.(?=\s?[^\W\d_])")
# What may tell who it was, or is nobody's business on a wall: a person's age, health, faith or circumstances.
_PRIVATE = re.compile(
    r"(?i)\b(?:aged?\s+\d{1,2}|\d{1,2}[- ]years?[- ]old|at\s+(?:1[6-9]|[2-9]\d)(?=\s+(?:i|he|she|we)\b)|diagnos\w{1,5}|"
    r"cancer|stroke|dementia|autis\w{1,4}|adhd|disab\w{1,6}|depress\w{1,5}|anxiety|suicid\w{1,4}|pregnan\w{1,3}|wheelchair|"
    r"hospital|surgery|illness|mental health|special needs|universal credit|homeless\w{0,4}|asylum|refugees?|prison|"
    r"divorce\w?|widow\w{0,2}|funeral|muslim|christian|jewish|hindu|sikh|gay|lesbian|transgender)\b"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_ENDS = re.compile(r"[.!?:;…•*–—]\s*[\"'“‘(]*\s*$")
_BESIDE = re.compile(r"[ \u00a0]{1,3}")
_KIN = frozenset("son daughter husband wife mother father mum dad brother sister partner friend colleague baby".split())  # noqa: SIM905
_GENERIC = frozenset("info mail email office admin contact hello enquiries post web home family the".split())  # noqa: SIM905
STAFF, OTHER, DROPPED = "your colleague", GONE, "\0"


@dataclass(frozen=True, slots=True)
class Bare:
    """The words as they would hang; what was taken out of them, and what may still be a name."""

    words: str
    taken_out: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Token:
    begin: int
    end: int
    said: str  # as it stands, without its 's
    plain: str
    starts: bool  # a sentence begins with it
    becomes: str = ""  # what stands in its place; '': it stays

    @property
    def capital(self) -> bool:
        return self.said[:1].isupper()


def without_names(
    text: str,
    *,
    giver: str = "",
    giver_email: str = "",
    staff: Sequence[Named] = (),
    known: Iterable[str] = (),
) -> Bare:
    """`giver`: who wrote it. `known`: capitals that are no names, as the organisation's own and its areas' are."""
    cleaned = _UNPRINTABLE.sub("", unicodedata.normalize("NFC", text[:LOOKED_AT]))
    words = " ".join(" ".join(telling(cleaned)).split())
    told: dict[str, None] = {}
    for what, found in _FOUND:
        replaced = found.sub(f" {GONE} ", words)
        if replaced != words:
            told[what] = None
            words = " ".join(replaced.split())
    words = _INITIALS_OF.sub(_without_initials, _TITLE_DOT.sub(r"\1", words))
    tokens = list(_tokens(words))
    _mark(tokens, words, _Names(giver, giver_email, staff, cleaned), frozenset(_plain_words(known)))
    doubts = _doubts(tokens)
    for token in tokens:
        if token.becomes:
            told[token.said] = None
    shouted = words.isupper()
    words = _tidy(_INITIALS.sub(GONE, _written(words, tokens)))
    private = tuple(dict.fromkeys(found[0] for found in _PRIVATE.finditer(words)))
    return Bare(_cut(words.upper() if shouted else words), tuple(told), (*doubts, *private)[:MOST_DOUBTS])


def _without_initials(found: re.Match[str]) -> str:
    """ "J. S. Walker" is Walker; "Plan B. The next" stays."""
    return found[0] if found[1].count(".") == 1 and plain(found[2]) in COMMON else ""


class _Names:
    """Whose names are looked for, each by its single words."""

    def __init__(self, giver: str, giver_email: str, staff: Sequence[Named], text: str) -> None:
        local = re.split(r"[^a-z]+", plain(giver_email.rpartition("@")[0]))
        self.givers = _single(giver) | {part for part in local if len(part) > 2 and part not in _GENERIC}
        self.sure_givers = _single(giver)
        self.staff = frozenset[str]().union(*(_single(one.name) for one in staff))
        mentioned = {mention.email for mention in named_in(text, staff)}
        self.named = frozenset[str]().union(*(_single(one.name) for one in staff if one.email in mentioned))
        self.long = [name for name in self.staff if len(name) > 3]

    def misspelt(self, word: str) -> bool:
        return len(word) > 3 and word not in ALSO_WORDS | COMMON and any(near(word, name) == 1 for name in self.long)


def _single(name: str) -> frozenset[str]:
    return frozenset(word for word in _plain_words([name]) if len(word) > 1 and word not in TITLES)


def _plain_words(words: Iterable[str]) -> Iterator[str]:
    for each in words:
        for token in _TOKEN.findall(each):
            yield _bare(token)
            yield from (_bare(part) for part in re.split(r"[-'’]", token) if len(part) > 2)


def _bare(token: str) -> str:
    return plain(_POSSESSIVE.sub("", token)).replace("'", "").replace("-", "")


def _tokens(words: str) -> Iterator[_Token]:
    before = 0
    for found in _TOKEN.finditer(words):
        if found.group() == GONE:
            continue
        said = _POSSESSIVE.sub("", found.group())
        starts = not words[: found.start()][-12:].strip("\"'“‘( ") or bool(_ENDS.search(words[before : found.start()]))
        yield _Token(found.start(), found.start() + len(said), said, _bare(said), starts)
        before = found.end()


def _mark(tokens: list[_Token], words: str, names: _Names, known: frozenset[str]) -> None:
    shouted = words.isupper()
    small = {token.plain for token in tokens if not token.capital}
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        beside = before is not None and _beside(words, before, token)
        token.becomes = _place(token, before if beside else None, names, known, small, shouted)
    taken = {token.plain for token in tokens if token.becomes and token.capital and token.plain not in ALSO_WORDS}
    for at, token in enumerate(tokens):
        if token.plain in taken and token.capital and not token.becomes and token.plain not in COMMON:
            token.becomes = OTHER
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.plain in TITLES and following is not None and following.becomes and token.capital:
            token.becomes = following.becomes


def _beside(words: str, before: _Token, token: _Token) -> bool:
    return bool(_BESIDE.fullmatch(words[before.end : token.begin]))


def _place(
    token: _Token, before: _Token | None, names: _Names, known: frozenset[str], small: set[str], shouted: bool
) -> str:
    """What stands in this word's place; '' where it stays."""
    word = token.plain
    if len(word) < 2 or word in TITLES:
        return ""
    titled = before is not None and before.plain in TITLES
    parts = {word, *(_bare(part) for part in token.said.split("-"))}
    also = word in ALSO_WORDS
    if parts & names.staff:
        named = word in names.named and token.capital
        if not also or titled or named or (token.capital and not token.starts and not shouted):
            return STAFF
    theirs = word in names.sure_givers or token.capital
    if parts & names.givers and theirs and (not also or (token.capital and not token.starts)):
        return OTHER
    if shouted:
        return OTHER if titled or (parts & FIRST_NAMES and not also) else ""
    kin = before is not None and before.plain in _KIN and word not in COMMON
    if kin and (token.capital or (word in FIRST_NAMES and not also)):
        return DROPPED  # "my daughter" says enough
    if not token.capital:
        return ""
    if names.misspelt(word):
        return STAFF
    if titled or (parts & FIRST_NAMES and not also):
        return OTHER
    if before is not None and before.becomes and word not in COMMON and word not in KEPT_CAPITALS:
        return before.becomes  # the surname after a first name
    if token.starts or word in known or word in KEPT_CAPITALS or word in COMMON or word in small:
        return ""
    if token.said.isupper() and len(word) <= 5:
        return ""  # NHS, GCSE
    return OTHER


def _doubts(tokens: list[_Token]) -> tuple[str, ...]:
    """Words that stay, and of which only a person knows whether they are a name."""
    small = {token.plain for token in tokens if not token.capital}
    odd = (
        token.said
        for token in tokens
        if token.capital and token.starts and not token.becomes and len(token.plain) > 1
        and token.plain not in COMMON and token.plain not in KEPT_CAPITALS and token.plain not in small
    )  # fmt: skip
    return tuple(dict.fromkeys(odd))[:MOST_DOUBTS]


def _written(words: str, tokens: list[_Token]) -> str:
    out: list[str] = []
    at = 0
    for token in tokens:
        if not token.becomes:
            continue
        between = words[at : token.begin]
        if out and between.strip() == "" and out[-1].lower() in (STAFF, OTHER, DROPPED):
            at = token.end  # first name and surname are one person
            continue
        becomes = token.becomes
        if becomes == DROPPED:
            between = between.rstrip()
        out += [between, becomes[:1].upper() + becomes[1:] if token.starts else becomes]
        at = token.end
    return "".join((*out, words[at:]))


_LIST = re.compile(rf"(?i){STAFF}(?:(?:,? and|,| &) {STAFF})+(?!['’])")
_THANKS_TO = re.compile(rf"(?i)\b(thanks|thank you|well done|hi|dear|cheers)(,)? {STAFF}(?!['’\w])")
_SPOKEN_TO = re.compile(rf"(?i), {STAFF}(?=[.!?,]|$)|^{STAFF}[,!]\s*(?=\w)")
_OF_THEIRS = re.compile(rf"(?i)\byour {STAFF}|\b(?:my|our|the|a|an) {STAFF}(?!['’\w])")
_AGAIN = re.compile(rf"{GONE}(?:[\s,]*(?:and|&)?[\s,]*{GONE})+")


def _tidy(words: str) -> str:
    words = words.replace(DROPPED, "")
    words = _LIST.sub(lambda found: found[0][:1] + "our colleagues", words)
    words = _THANKS_TO.sub(r"\1", words)
    words = _SPOKEN_TO.sub("", words)
    words = _OF_THEIRS.sub(STAFF, words)
    words = _AGAIN.sub(GONE, words)
    words = re.sub(r"\s+([.,!?;:])", r"\1", " ".join(words.split()))
    words = words.strip(" ,;")
    return words[:1].upper() + words[1:]


def _cut(words: str) -> str:
    """As much as can be read on a wall, to the end of a sentence where there is one."""
    if len(words) <= LONGEST:
        return words
    short = words[:LONGEST]
    end = max(short.rfind(mark) for mark in (". ", "! ", "? "))
    return short[: end + 1] if end > LONGEST // 2 else short[: short.rfind(" ") if " " in short else LONGEST] + GONE

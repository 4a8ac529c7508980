"""The commands in a mail of a staff member, and the text that is left when they are taken out.

Owns which lines are commands. Promises, in linear time: none is read from a quoted line, nor below a signature mark, a
quoted line or the head of another mail, nor inside a signature ("Kind regards", a name, and right below them). What is
no command stays in the text, whole. Knows the names it is given, and not what they do. Pure: text that makes no sense
gives no commands, and nothing is ever raised.

A line is a command when it begins with `#` and a known name, wherever it stands above those marks: people write their
text first and `#send` below it. A line that only looks like one is a slip, and the writer is asked: among the first
lines, above the text, every `#word`; below, a `#word` spelt nearly like a command; anywhere, a true command in brackets
or quotation marks, or below the signature (`buried`). All else is text: `#1`, `# A heading`, `##`, a hashtag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from complaintmail.triage.spelling import near

MOST_LINES = 500  # with the sign; what follows is text
MOST_SLIPS = 60  # looked at for a nearest name; nobody mistypes more, and a hostile text may
HEAD = 120  # no name of a command is longer

_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062"
             "\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff")
)  # fmt: skip
_CONTROLS = dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                                 "\u202f\u205f\u3000"), " ")  # fmt: skip
_CLEAN = {**_INVISIBLE, **_CONTROLS, **_BLANKS}
# One character for one, so that a place in the one text is the same place in the other.
_ALIKE = {
    **{0xFF01 + n: chr(0x21 + n) for n in range(94)},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\ufe5f\u266f"), "#"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    ord("_"): "-",
}

_BULLET = re.compile(r"(?:[-*+•·‣◦▪●○■□–—➢►]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=[*_`\\~]*[#＃﹟♯])")
_MARKER = re.compile(r"(?P<bold>[*_`~]{0,3})\\?#(?P<gap> {0,3})(?=[A-Za-z])")
_WRAPPING = re.compile(r"[^\w\s#>|\\]{1,3}\s{0,3}#\s?(?=[A-Za-z])")
_PART = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_BETWEEN = re.compile(r" {1,3}| ?-{1,2} ?")
_TOKEN = re.compile(r"[A-Za-z]+(?:[-'][A-Za-z]+)*")
_SEPARATOR = re.compile(r"\s*(?:[:;,!=：]+|\.+(?!\w)|[-–—]+(?=\s|$))?\s*")

_SIGN = re.compile("[#＃﹟♯]")
_MAY_PART = frozenset("-–—_*=bBfFoO")  # what a line that parts one mail from another begins with
_SIGNATURE = re.compile(r"[-–—]{2,}|_{2,}|—|– ")
_FAREWELL = re.compile(
    r"(?i)(?:(?:with )?(?:kind|best|warm|many|my)(?:est)? )?(?:regards|wishes)|"
    r"(?:yours )?(?:sincerely|faithfully|truly)|yours"
)
_QUOTED = (">", "|", "＞", "»", "›", "¦")
_BETWEEN_DASHES = re.compile(
    r"[-–—_*=]{2,}\s*[^\W_][^\n]{2,80}?[-–—_*=]{2,}|(?i:(?:begin )?forwarded message|original message):?"
)
_SENDER = re.compile(r"(?i)[*_]{0,2}(?:from|von|de|van|da|fra|från|od)[*_]{0,2}\s?:[*_]{0,2}\s?(?=\S)")
_HEADING = re.compile(
    r"(?i)[*_]{0,2}(?:sent|date|to|cc|subject|received|reply-to|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|"
    r"asunto|inviato|oggetto|verzonden|aan|onderwerp)[*_]{0,2}\s?:"
)
_WROTE = re.compile(r"(?i)(?:\b(?:wrote|writes|schrieb|escribió|scritto|écrit|schreef|skrev)|napisał\(?a?\)?)\s?:$")


@dataclass(frozen=True, slots=True)
class Written:
    """One command as it was written."""

    name: str  # the canonical name, without the #
    rest: str  # what follows on its line
    line: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that begins like a command and is none."""

    line: str
    nearest: str | None
    buried: bool = False  # spelt right, but it stands below the signature mark


@dataclass(frozen=True, slots=True)
class Orders:
    written: tuple[Written, ...]
    slips: tuple[Slip, ...]
    body: str


def read_orders(new_text: str, names: Mapping[str, tuple[str, ...]]) -> Orders:
    """The commands, the slips and the text of a mail. `names`: each canonical name with its synonyms."""
    reader = _Reader(_table(names))
    lines = [line.rstrip("\r") for line in new_text.split("\n")]
    cleaned = [line.strip() for line in new_text.translate(_CLEAN).split("\n")]
    written: list[Written] = []
    slips: list[Slip] = []
    body: list[str] = []
    first = True  # no line of text has come yet
    signed = False
    foot = _Foot.NONE
    for at, line in enumerate(lines):
        clean = cleaned[at]
        if clean.startswith(_QUOTED) or _another_mail(cleaned, at):
            body.extend(lines[at:])
            break
        signed = signed or (clean[:1] in _MAY_PART and bool(_SIGNATURE.fullmatch(clean)))
        read = reader.read(clean, line, first) if _SIGN.search(clean) else None
        if read is None:
            foot = _below(foot, clean)
        if isinstance(read, Written) and (signed or foot is _Foot.NAMED):
            slips.append(Slip(line, read.name, buried=True))
        elif isinstance(read, Written):
            written.extend(reader.each(read))
        elif isinstance(read, Slip) and not signed:
            slips.append(read)
        else:
            first = first and not clean
            body.append(line)
            continue
        if body and not body[-1].strip():
            body.pop()  # the blank line that set the command off
            body.append("")
            if at + 1 < len(lines) and not lines[at + 1].strip():
                body.pop()
    return Orders(tuple(written), tuple(slips), _text(body))


class _Foot(Enum):
    """How far down a signature a line stands."""

    NONE = 0
    FAREWELL = 1  # "Kind regards"
    NAMED = 2  # a name, a title or a number right below it


def _below(foot: _Foot, line: str) -> _Foot:
    """Where the next line stands, after this one."""
    if len(line) <= 60 and _FAREWELL.fullmatch(line.rstrip(",. !")):
        return _Foot.FAREWELL
    if not line:
        return _Foot.FAREWELL if foot is _Foot.FAREWELL else _Foot.NONE
    return _Foot.NAMED if foot is not _Foot.NONE and len(line) <= 60 and line[-1] not in ".?!:," else _Foot.NONE


def _text(lines: list[str]) -> str:
    start, stop = 0, len(lines)
    while start < stop and not lines[start].translate(_CLEAN).strip():
        start += 1
    while stop > start and not lines[stop - 1].translate(_CLEAN).strip():
        stop -= 1
    return "\n".join(lines[start:stop])


def _another_mail(lines: list[str], at: int) -> bool:
    """Does another mail begin here: its headers, "On … wrote:", a line "Original Message"?"""
    line = lines[at]
    if (":" not in line and line[:1] not in _MAY_PART) or len(line) > 400:
        return False
    if line[:2].lower() in ("i ", "we") and "@" not in line:
        return False
    if _BETWEEN_DASHES.fullmatch(line) or _WROTE.search(line.rstrip("*_ ")[-20:]):
        return "#" not in line
    if not _SENDER.match(line):
        return False
    return "@" in line or any(_HEADING.match(below) for below in lines[at + 1 : at + 6])


def _table(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Every way to write a name, its words run together, and the canonical name."""
    table: dict[str, str] = {}
    for name, synonyms in names.items():
        for synonym in synonyms:
            table.setdefault(_run_together(synonym), name)
    table.update({_run_together(name): name for name in names})
    return table


def _run_together(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class _Reader:
    """Reads one line at a time; remembers the misspelt words that it looked up."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = table
        self._spellings = tuple(table)
        self._looked_up: dict[str, str | None] = {}
        self._lines = 0

    def read(self, clean: str, line: str, first: bool) -> Written | Slip | None:
        bullet = _BULLET.match(clean)
        start = clean[bullet.end() :] if bullet else clean
        head = start[:HEAD].translate({**_ALIKE, ord("_"): "_"})
        marker = _MARKER.match(head)
        if self._lines == MOST_LINES or "#" not in head:
            return None
        self._lines += 1
        if marker is None:
            return self._wrapped(head.translate(_ALIKE), line)
        head = head.translate(_ALIKE)
        found = self._known(head, marker.end())
        if found is None:
            return self._slip(head, marker, start, line, first)
        name, end = found
        mistyped = self._longer(head, marker.end(), name)
        if mistyped:
            return Slip(line, mistyped)
        return Written(name, _rest(start, end, marker["bold"]), line)

    def each(self, read: Written) -> list[Written]:
        """`#close #send`: two commands on one line, where the first needs nothing."""
        found = [read]
        while len(found) < 9 and found[-1].rest.startswith("#"):
            more = self.read(found[-1].rest, read.line, True)
            if not isinstance(more, Written):
                break
            found[-1:] = [Written(found[-1].name, "", read.line), more]
        return found

    def _wrapped(self, head: str, line: str) -> Slip | None:
        """`(#close)`, `"#close"`, `→ #close`: copied from somewhere, and perhaps meant."""
        wrapping = _WRAPPING.match(head)
        found = self._known(head, wrapping.end()) if wrapping else None
        return Slip(line, found[0]) if found else None

    def _known(self, head: str, start: int) -> tuple[str, int] | None:
        """The longest known name that begins here and ends where a word ends."""
        best: tuple[str, int] | None = None
        run = ""
        for part in _parts(head, start):
            run += part.group().lower().replace("'", "")
            if run in self._table and _ends(head, part.end()):
                best = self._table[run], part.end()
        return best

    def _longer(self, head: str, start: int, name: str) -> str | None:
        """`#ask in wriiting` is not `#ask`: a longer name that is meant and not quite written."""
        own = _run_together(name)
        longer = [spelling for spelling in self._spellings if len(spelling) > len(own) + 5 and spelling.startswith(own)]
        run = ""
        for part in _parts(head, start) if longer else ():
            run += part.group().lower()
            for spelling in longer:
                if run != spelling and len(run) > len(own) + 4 and near(run, spelling) <= 2:
                    return self._table[spelling]
        return None

    def _slip(self, head: str, marker: re.Match[str], start: str, line: str, first: bool) -> Slip | None:
        token = _TOKEN.match(head, marker.end())
        if token is None:
            return None
        word = _run_together(token.group())
        nearest = self._nearest(word) or self._table.get(re.split("[-']", token.group().lower(), maxsplit=1)[0])
        if marker["gap"]:
            return Slip(line, nearest) if first and nearest and len(word) > 4 else None
        tags = [tag for tag in start[:HEAD].split() if tag.startswith("#")]
        if first and (len(tags) == 1 or nearest):
            return Slip(line, nearest or self._shortened(word))
        return Slip(line, nearest) if nearest else None

    def _nearest(self, word: str) -> str | None:
        if word not in self._looked_up:
            if len(self._looked_up) >= MOST_SLIPS or len(word) < 3 or len(word) > 30:
                return None
            self._looked_up[word] = self._look_up(word)
        return self._looked_up[word]

    def _look_up(self, word: str) -> str | None:
        best: tuple[int, str] | None = None
        for spelling in self._spellings:
            away = near(word, spelling)
            allowed = 0 if len(spelling) < 3 else 1 if len(spelling) < 6 else 2
            if away <= allowed and (len(word) > 3 or word[0] == spelling[0]) and (best is None or away < best[0]):
                best = away, spelling
        if best is None:
            stems = [s for s in self._spellings if len(s) > 3 and word.startswith(s) and len(word) - len(s) <= 3]
            best = (0, max(stems, key=len)) if stems else None
        return self._table[best[1]] if best else None

    def _shortened(self, word: str) -> str | None:
        names = {self._table[s] for s in self._spellings if len(word) >= 3 and s.startswith(word)}
        return names.pop() if len(names) == 1 else None


def _parts(head: str, start: int) -> list[re.Match[str]]:
    """The words from here on, as long as only blanks or dashes stand between them; no name has more than five."""
    parts: list[re.Match[str]] = []
    while len(parts) < 5:
        part = _PART.match(head, start)
        if part is None:
            break
        parts.append(part)
        between = _BETWEEN.match(head, part.end())
        if between is None:
            break
        start = between.end()
    return parts


def _ends(head: str, end: int) -> bool:
    """Is a word over here? `#note-taking`, `#note's` and `#note.txt` are words of their own."""
    after, more = head[end : end + 1], head[end + 1 : end + 2]
    if not after or after.isspace() or after.isdigit() or after in '@*`~"()<[]:=,;!”»':
        return True
    return after in "'-.?" and not more.isalpha()


def _rest(line: str, end: int, bold: str) -> str:
    """What follows the name, without the marks of bold print around either of them."""
    for _ in range(2):  # *#assign*: me, *#assign:* me
        if bold and line.startswith(bold, end):
            end, bold = end + len(bold), ""
        separator = _SEPARATOR.match(line, end)
        end = separator.end() if separator else end
    rest = line[end:].strip()
    return rest[: -len(bold)].rstrip() if bold and rest.endswith(bold) else rest

"""How a letter of a person begins and ends: greeting, the letter itself, farewell and signature.

Owns taking a staff member's mail apart for judging it; nothing is removed from it here. Promises: linear time, every
line is in exactly one part, and in doubt a line belongs to the letter. Never fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaintmail.mail.signature import is_device_line, signature_start

_GREETING = re.compile(
    r"^[\s*_>]*(?:hi|hiya|hello|hey|dear|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|greetings|"
    r"annwyl|helo|bore da|prynhawn da|hallo|liebe[r]?|sehr geehrte[rs]?|bonjour|cher|chère|hola|estimad[oa]|"
    r"buenos días|"
    r"ciao|gentile|beste|geachte|olá|prezad[oa]|hej|kære|szanown[aiy]|dzień dobry)\b",
    re.I,
)
_FAREWELL = re.compile(
    r"^[\s*_]*(?:(?:with |my |our )?(?:very )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?(?:regards|wishes)|many thanks|"
    r"(?:with )?thanks(?: again| very much| a lot)?|thank you|ta|cheers|best|yours(?: sincerely| faithfully| truly)?|"
    r"sincerely|faithfully|all the best|take care|speak soon|k\.?r\.?|b\.?w\.?|rgds|cofion(?: gorau| cynnes)?|"
    r"yn gywir|diolch(?: yn fawr)?|mit freundlichen grüßen|viele grüße|cordialement|saludos|cordiali saluti)"
    r"(?: (?:and|&) (?:kind |best )?(?:regards|wishes))?[\s,.!*_–-]*$",
    re.I,
)
_CONTACT = re.compile(
    r"^\W*(?:t|tel|telephone|phone|m|mob|mobile|direct|dd|e|e-?mail|w|web|website|fax|a|address)\s?\.?\s?[:|]|"
    r"^\W*(?:https?://|www\.)\S+\W*$|^\W*\+?\d[\d ()./-]{6,}\W*$|^\W*[^\s@]{1,64}@[^\s@]{1,200}$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\b(?:this (?:e-?mail|message|communication)(?: and any (?:attachments?|files?)[^.]{0,60})? "
    r"(?:is|are|may|contains?)\b|"
    r"confidential(?:ity)? notice|if you (?:have received|are not the intended)|intended (?:solely|only) for|"
    r"please consider the environment|think before you print|registered (?:in england|charity|office)|company number|"
    r"virus[- ]free|disclaimer)",
    re.I,
)
_AFTERTHOUGHT = re.compile(r"^\W*(?:p\.? ?s\b|p\.p\.s|nb\b|n\.b)", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d+")
_MOST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail taken apart: the greeting without what follows it on its line, the letter itself, and all below it."""

    greeting: str
    body: str
    ending: str

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.body))


def read_letter(text: str, writer_name: str = "") -> Letter:
    """Greeting, letter, ending. `writer_name` finds a signature that nothing else marks."""
    lines = text.split("\n")
    stop = signature_start(lines, 0, len(lines))
    stop = _ending(lines, stop, tuple(word.lower() for word in _WORD.findall(writer_name)))
    ending = "\n".join(lines[stop:]).strip("\n")
    first = next((at for at in range(stop) if lines[at].strip()), stop)
    greeting, begin = "", first
    if first < stop and _GREETING.match(lines[first][:100]):
        greeting, rest = _greeting(lines[first].strip())
        lines = [*lines[: first + 1], rest, *lines[first + 1 :]] if rest else lines
        begin, stop = first + 1, stop + bool(rest)
    return Letter(greeting, "\n".join(lines[begin:stop]).strip(), ending)


def words_of(text: str) -> list[str]:
    """The words of a short text in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def _greeting(line: str) -> tuple[str, str]:
    """ "Hi Bob, can you …": the greeting, and what is said on the same line."""
    head = line[:120]
    found = re.search(r"[,!:;–]|\s-\s|\.(?=\s+[A-Z])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)|$", head)
    end = found.end() if found else len(head)
    if found and found.group() == "" and len(_WORD.findall(line)) > _MOST_NAME_WORDS:
        return " ".join(line.split()[:3]), line  # a sentence that begins like a greeting; the letter keeps it
    return line[:end].strip(), line[end:].strip()


def _ending(lines: list[str], stop: int, name: tuple[str, ...]) -> int:
    """Where the farewell or the writer's name begins below which nothing more is told; `stop` when there is none."""
    at = 0
    while at < stop:
        line = lines[at].strip()
        if not (line and (_FAREWELL.match(line[:80]) or _is_name(line, name) or _opens_footer(line))):
            at += 1
            continue
        told = _told_below(lines, at, stop, name)
        if told == stop:
            return at
        at = told + 1
    return stop


def _told_below(lines: list[str], at: int, stop: int, name: tuple[str, ...]) -> int:
    """The first line below which is neither signature nor footer; `stop` when all of it is."""
    named = False
    for here in range(at, stop):
        line = lines[here].strip()
        if not line:
            continue
        if _opens_footer(line):
            return stop
        if _is_name(line, name):
            named = named or line.count(" ") > 0
            continue
        if _AFTERTHOUGHT.match(line):
            return here
        if not (named or _could_be_signature(line) or _FAREWELL.match(line[:80])):
            return here
    return stop


def _opens_footer(line: str) -> bool:
    return is_device_line(line) or bool(_DISCLAIMER.search(line[:2000]))


def _could_be_signature(line: str) -> bool:
    """A name, a title, a street, a number to ring: short, and no sentence."""
    if _CONTACT.search(line[:300]):
        return True
    words = line.split()
    if len(line) > 90 or len(words) > 10 or line[-1] in "?!:;":
        return False
    capital = sum(not word[0].islower() for word in words)
    return capital * 2 >= len(words) or len(words) == 1


def _is_name(line: str, name: tuple[str, ...]) -> bool:
    """Is this line the writer's name, in whole or its first word, perhaps with a title before or behind it?"""
    if not name or len(line) > 80:
        return False
    said = words_of(line)
    if not said or len(said) > _MOST_NAME_WORDS + 4:
        return False
    if tuple(said) == name or said == [name[0]]:
        return True
    return len(name) > 1 and len(said) > 1 and said[0] == name[0] and name[-1] in said[1:4] and line[-1] not in ".?!"

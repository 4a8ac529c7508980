"""A plain English order in a short note of a colleague, as the command to offer back.

Owns that reading. Promises: only an offer, which a person says yes to, comes of it; long notes, questions, doubts,
conditions, tries and plans give none, nor do two orders that differ. Pure. With `today`, the day that a note names is
written out, as "yesterday" means another day by the time that the offer is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from complaintmail.triage.dates import day_in, day_words
from complaintmail.triage.naming import Named, who

LONGEST = 60  # words
LONGEST_TEXT = 2000  # characters, signature and all


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


_SIGN_OFF = re.compile(
    r"(?i)(?:--|—|__+|(?:many |kind |best |warm )?(?:regards|wishes|thanks|thank you|cheers|rgds|ta)\b[^a-z]*"
    r"(?:[a-z]+\W*){0,2}|sent from my .*|get outlook for .*|yours .*)"
)
_GREETING = re.compile(
    r"(?i)(?:dear|hi|hiya|hello|hey|morning|good (?:morning|afternoon|evening))\b[^,!.\n]{0,40}(?:[,!.]\s*|$)"
)
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.](?=\w)[^.!?;\n]+)*[.!?;\n]*")
_DOUBT = re.compile(
    r"(?i)\b(?:if|unless|whether|maybe|perhaps|might|should i|shall i|shall we|should we|do i|do we|not sure|unsure|"
    r"wonder|tried|trying|voicemail|answerphone|no answer|engaged|however|but|although|except|don['’]?t|do not|"
    r"didn['’]?t|haven['’]?t|hasn['’]?t|can['’]?t|cannot|won['’]?t|never|nobody|wait|once|until|when|still|yet|"
    r"unhappy|not happy|not (?:been )?(?:sorted|settled|resolved|agreed|called|spoken|serious|spam))\b"
)
_LEAD = (
    r"(?:(?:ok|okay|right|yes|so|well|and|then|now|just|hi all|fyi|thanks|thank you|sorry|also|i think)[,:]?\s+|"
    r"[-–—:]\s*){0,3}"
)
_PLEASE = (
    r"(?:(?:please|pls|kindly|can (?:you|we|someone)|could (?:you|we|someone)|would you|let['’]?s|you can|"
    r"i think we should)\s+){0,2}"
)
_IT = r"(?:it|this|that|this (?:one|case|complaint|mail|email)|that one|the (?:case|complaint)|the whole thing)"
_THEM = (
    r"(?:her|him|them|the (?:complainant|customer|client|lady|gentleman|family)|(?i:mr|mrs|ms|miss|dr)\.? [\w'’-]+|"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)"
)
_WITH = r"(?:\s+with (?:her|him|them))"
_TAIL = (
    r"(?:,?\s*(?:please|pls|thanks|thank you|many thanks|cheers|now|then|asap|today|for me|ok|then please))*\s*[.!]*"
)
_HAVE = r"(?:(?:i|we)(?:\s+have|['’]ve)?\s+|have\s+)?(?:(?:just|now|already|since)\s+)?"
_WHO = r"@?(?P<who>[^\s,.!?;][^,!?;]{0,60}?)"
_DEAL = r"(?:deal with|take(?: over| on)?|handle|look (?:at|into|after)|sort(?: out)?|pick up|answer|have|own|do)"
_ON = r"(?:\s+(?:up|on|over|out|myself))*"
_ME = _any(
    r"i['’]?ll", "i will", "i can", r"i(?: am|['’]?m) going to", "let me", r"(?:i['’]?m )?happy to",
    r"i(?: would|['’]?d) like to",
)  # fmt: skip
_IS = _any(
    rf"{_IT}\s+is", "it['’]?s", "that['’]?s", "this was", "treat (?:it|this) as", "(?:this )?looks like", "clearly"
)
_VERY = r"(?:(?:clearly|just|only|really|obviously|definitely|simply|plainly|very)\s+)?"


def _order(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i:{_LEAD}){pattern}")


_ASSIGN = tuple(
    _order(rf"(?i:(?:{pattern}){_TAIL}\??)")
    for pattern in (
        rf"{_PLEASE}(?:give|pass|assign|hand|send|forward|refer|move|transfer|allocate|reassign)\s+{_IT}\s+"
        rf"(?:on\s+|over\s+)?to\s+{_WHO}(?:\s+to\s+(?:deal|look|sort|handle|answer).{{0,30}})?",
        rf"{_PLEASE}(?:assign|reassign|give|forward|pass|refer)\s+(?:on\s+)?to\s+{_WHO}",
        rf"{_PLEASE}(?:give|hand|pass)\s+{_WHO}\s+{_IT}",
        rf"(?:please\s+)?(?:can|could|would|will)\s+{_WHO}\s+(?:please\s+)?{_DEAL}\s+{_IT}{_ON}",
        rf"{_PLEASE}(?:let|have|get|ask)\s+{_WHO}\s+(?:to\s+)?{_DEAL}\s+{_IT}{_ON}",
        rf"{_WHO}\s+(?:should|must|can|is to|needs to|ought to|to|will)\s+{_DEAL}\s+{_IT}{_ON}",
        rf"(?:{_IT}\s+is\s+|this['’]?s\s+)?(?:one\s+)?for\s+{_WHO}(?:\s+to\s+{_DEAL}(?:\s+{_IT})?)?",
        rf"over\s+to\s+{_WHO}",
        rf"{_IT}\s+(?:needs to|should|must|has to|can)\s+"
        rf"(?:go|be (?:given|passed|sent|assigned))\s+(?:on\s+)?to\s+{_WHO}",
        rf"i(?:'d| would)\s+like\s+{_WHO}\s+to\s+{_DEAL}\s+{_IT}{_ON}",
    )
)
_ABOUT = _order(rf"(?i:(?:{_IT}|it['’]s|the complaint)(?:\s+is)?\s+(?:about|against)\s+{_WHO}{_TAIL})")
_SETTLED = "(?:sorted|settled|resolved)"
_FIXED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (_order(rf"(?i:(?:{pattern}){_TAIL})"), command)
    for command, patterns in {
        "#assign me": (
            rf"{_ME}\s+{_DEAL}\s+{_IT}{_ON}",
            rf"{_PLEASE}leave\s+{_IT}\s+(?:with|to)\s+me",
            rf"{_PLEASE}(?:give|pass|assign|send)\s+{_IT}\s+to\s+me",
            rf"{_PLEASE}assign\s+(?:it\s+)?(?:to\s+)?me",
            r"(?:this (?:one )?is |it['’]s )?(?:mine|one for me)",
        ),
        "#mine": (
            r"(?:i['’]?m|i am)?\s*(?:already\s+)?on (?:to )?(?:it|this)",
            r"(?:i['’]?m|i am) (?:dealing with|looking into|working on) (?:it|this)(?: one)?",
        ),
        "#kind enquiry": (
            rf"(?:{_IS}\s+)?{_VERY}(?:not|no)\s+(?:(?:really|actually)\s+)?(?:a\s+)?complaint(?:\s+at all)?",
            rf"{_IT}\s+isn['’]?t\s+(?:really\s+)?a\s+complaint(?:\s+at all)?",
            rf"{_IS}\s+{_VERY}(?:an?\s+)?(?:general\s+|simple\s+)?(?:enquiry|inquiry|question)",
        ),
        "#kind spam": (
            rf"(?:{_IS}\s+)?{_VERY}(?:spam|junk(?: mail)?|a scam|phishing|a sales (?:mail|email|pitch)|marketing)",
        ),
        "#kind compliment": (rf"{_IS}\s+{_VERY}(?:an?\s+)?(?:compliment|praise|thank[ -]you)",),
        "#kind complaint": (rf"{_IS}\s+{_VERY}a\s+(?:formal\s+|real\s+|proper\s+)?complaint",),
        "#board": (rf"{_PLEASE}(?:put|hang|pin|show)\s+{_IT}\s+(?:up\s+)?on\s+(?:the|our)\s+(?:wall|board|screen)",),
        "#board off": (rf"{_PLEASE}take\s+{_IT}\s+(?:down|off)(?:\s+(?:from\s+)?(?:the|our)\s+(?:wall|board|screen))",),
        "#serious": (rf"{_IS}\s+{_VERY}(?:a\s+)?(?:very\s+)?serious(?:\s+(?:one|case|complaint|matter))?",),
        "#severity high": (rf"{_IS}\s+{_VERY}(?:a\s+)?(?:high|top)[ -](?:severity|priority)(?:\s+(?:one|case))?",),
        "#severity low": (rf"{_IS}\s+{_VERY}(?:a\s+)?low[ -](?:severity|priority)(?:\s+(?:one|case))?",),
        "#close": (
            rf"{_PLEASE}close(?:\s+(?:{_IT}|it off|the file))?",
            rf"{_IT}\s+can\s+(?:now\s+)?be\s+closed",
        ),
        "#settled": (
            rf"(?:{_IS}|all|now|(?:this|it)(?: has|['’]s) been)\s+(?:all\s+|now\s+)*{_SETTLED}"
            rf"(?:\s+(?:now|out|on the spot)|{_WITH})?",
            rf"(?:i|we)(?:['’]ve| have)? {_SETTLED} (?:it|this)(?:{_WITH}|\s+on the spot|\s+there and then)?",
        ),
    }.items()
    for pattern in patterns
)

_CALLED = _order(
    rf"(?i:{_HAVE}(?:called|rung|rang|phoned|telephoned|spoken (?:to|with)|spoke (?:to|with)|had a call with))\s+"
    rf"(?P<them>{_THEM})(?i:\s+(?:back|up|on the phone|by phone))*(?![\w'’])(?P<more>.*)"
)
_POSTED = _order(
    rf"(?i:{_HAVE}posted\s+(?:it|the (?:letter|reply|answer|outcome)|(?:her|him|them) (?:a|the) letter))\b(?P<more>.*)"
)
_WROTE = _order(
    rf"(?i:{_HAVE}(?P<how>e-?mailed|written to|wrote to|replied to|answered|responded to))\s+(?P<them>{_THEM}|it|this)"
    r"(?i:\s+(?:directly|myself|back))*(?![\w'’])(?P<more>.*)"
)
_AGREED = _order(
    r"(?i:(?:(?:i|we|she|he|they)(?: and i)?(?:['’]ve| have| has)?\s+)?agreed\s+(?:with (?:her|him|them)\s+)?"
    r"(?:(?:on|to|a date of)\s+)?(?=(?:the\s+)?(?:\d|mon|tue|wed|thu|fri|sat|sun|next|tomorrow|end)))(?P<more>.*)"
)


_IMPLIED = (("#settled", "#"), ("#close", "#kind"))


def offered(text: str, people: Sequence[Named], today: date | None = None) -> str | None:
    """The command that a short note asks for in plain English, to be offered back; None when it asks for none."""
    if len(text) > LONGEST_TEXT:
        return None
    said = _said(text)
    if not said or len(said.split()) > LONGEST or "#" in said or _DOUBT.search(said):
        return None
    found: list[str] = []
    for sentence in _SENTENCE.findall(said):
        commands = _commands(sentence.strip(), people, today)
        if not commands and "?" in sentence:
            return None
        found += commands
    told = list(dict.fromkeys(found))
    for lesser, greater in _IMPLIED:  # done by phone and settled, or spam and closed, is one thing told twice
        if len(told) > 1 and any(command.startswith(greater) for command in told if command != lesser):
            told = [command for command in told if command != lesser]
    return told[0] if len(told) == 1 else None


def _said(text: str) -> str:
    """The note without its greeting and what stands below it."""
    lines = [line.strip() for line in text.replace("\u00a0", " ").split("\n")]
    kept: list[str] = []
    for line in lines:
        if kept and _SIGN_OFF.fullmatch(line):
            break
        if line.startswith((">", "|")):
            break
        kept.append(line)
    said = "\n".join(line for line in kept if line)
    greeting = _GREETING.match(said)
    return said[greeting.end() :].strip() if greeting else said


def _commands(sentence: str, people: Sequence[Named], today: date | None) -> list[str]:
    """What the sentence orders; if it is no order as a whole, what it tells was done and what its clauses order."""
    whole = _command(sentence, people)
    if whole or sentence.endswith("?"):
        return [whole] if whole else []
    clauses = re.split(r",\s*(?:and\s+|so\s+)?|\s+(?:and|so)\s+(?=(?:please|it|we|i)\b)|\s+[-–—]\s+", sentence)
    told = [_done(sentence, people, today), *(_command(clause.strip(), people) for clause in clauses)]
    return [command for command in told if command]


def _command(clause: str, people: Sequence[Named]) -> str | None:
    if not clause.endswith("?"):
        for fixed, command in _FIXED:
            if fixed.fullmatch(clause):
                return command
    for shapes, name in ((_ASSIGN, "#assign"), ((_ABOUT,), "#about")):
        for shape in shapes:
            match = shape.fullmatch(clause)
            person = _person(match["who"], people) if match else None
            if person:
                return f"{name} {person}"
    return None


def _person(words: str, people: Sequence[Named]) -> str | None:
    if words.lower() in ("me", "you", "us", "her", "him", "them", "someone", "somebody", "it"):
        return None
    found = who(words, people)
    return found[0].email if len(found) == 1 else None


def _colleague(words: str, people: Sequence[Named]) -> bool:
    return words[0].isupper() and bool(who(words, people))


def _done(sentence: str, people: Sequence[Named], today: date | None) -> str | None:
    match = _CALLED.match(sentence)
    if match and not _colleague(match["them"], people):
        return f"#called {_day(match['more'], today)}".strip()
    match = _POSTED.match(sentence)
    if match:
        return f"#posted {_day(match['more'], today) or _day('today', today)}"
    match = _WROTE.match(sentence)
    if match and not _colleague(match["them"], people):
        how = "by e-mail" if "mail" in match["how"].lower() else "in writing"
        return f"#answered {_day(match['more'], today) or _day('today', today)} {how}"
    match = _AGREED.match(sentence)
    if match:
        day = _day(match["more"], today, past=False)
        return f"#due {day} agreed with the complainant" if day else None
    return None


def _day(words: str, today: date | None, *, past: bool = True) -> str:
    """The day that these words name, written out where `today` is known; nothing when they name none."""
    if today is None:
        return day_words(words) or ""
    day, _, _ = day_in(words, today, past=past)
    return f"{day.day} {day:%B %Y}" if day else ""

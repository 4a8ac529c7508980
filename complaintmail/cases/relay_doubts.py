"""Why a staff member's mail should not go on to the complainant without being asked about first.

Owns the doubts and the sentence in which each is told. Promises linear time and few false alarms: a doubt needs words
that answers to complainants hardly hold, and rude words are nobody's business here. Never fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from complaintmail.cases.closings import Letter, read_letter, words_of
from complaintmail.mail.absence import absence

READ = 20_000  # characters that are judged; an answer of more is none that slipped

_TITLES = frozenset("mr mrs ms miss mx dr prof professor sir madam rev cllr".split())  # noqa: SIM905
_PLENTY = frozenset("all team everyone everybody colleagues folks guys gang".split())  # noqa: SIM905
_THANKED = re.compile(
    r"^(?i:(?:many )?(?:thanks|thank you|cheers|ok(?:ay)?|yes|no|sure|great|got it|will do))[, ]+([A-Z][\w'’-]+)\b"
)
_AUTOMATIC = re.compile(
    r"\b(?:i am|i'm|i will be|i'll be) (?:currently |now )?(?:away )?"
    r"(?:out of (?:the )?office (?:until|from|with|and|today|this)|on (?:annual |maternity |paternity |sick |study )?"
    r"leave (?:until|from|and|with)|away (?:from (?:the office|my desk) )?(?:until|from the|and will not))"
    r"|\b(?:this is an )?auto(?:matic|mated)[ -](?:reply|response|message)\b"
    r"|\b(?:reply|respond|answer)(?: to)?(?: you| your (?:e-?mail|message))? (?:up)?on my return\b"
    r"|\bthis (?:mailbox|inbox|address|account) is (?:not|no longer|un)\s?(?:monitored|read|in use)"
    r"|\blimited access to (?:my )?e-?mail\b|\bi no longer work (?:at|for)\b|"
    r"\bwould like to recall the message\b",
    re.I,
)
_ANY_PRONOUN = re.compile(r"\b(?:she|he|her|him)\b", re.I)
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_INTERNAL = re.compile(
    r"\b(?P<a>fyi)\b"
    r"|\b(?P<b>(?:just |strictly |keep (?:this|it) |stays? |remains? )between (?:us|ourselves|you and me)|"
    r"between you and me|between ourselves|off the record)\b"
    r"|(?:^|[.!?,]\s+)(?P<c>between us)\s*[,:–-]"
    r"|\b(?P<d>(?:do not|don't|dont|not to|never) (?:send|forward|pass)(?: (?:this|it|that|anything))?"
    r"(?: on)?(?: yet| out| to (?:her|him|them|the (?:complainant|customer|client|student))|(?=\s*(?:[.!,;]|$)))"
    r"|(?:do not|don't|dont) (?:tell|let) (?:her|him|them|the complainant))\b"
    r"|(?P<e>\[internal\]|\binternal (?:only|note|use only|mail|comment)\b|\binternally only\b|"
    r"\bnot for (?:sending|release)\b|"
    r"\bfor internal use\b|\bkeep (?:this|it) internal\b|^\W*internal\W*$|^internal\s*[:–-])"
    r"|\b(?P<h>i think we should|what do you reckon|"
    r"(?:shall|should) we (?:just )?(?:refund|offer|tell|give|close|uphold|ignore|apologise))\b"
    r"|\b(?P<f>(?:can|could|would|will) (?:you|someone|somebody|anyone|one of you) (?:please |pls |kindly )?"
    r"(?:deal with|handle|pick (?:this|it) up|take (?:this|it) (?:one )?(?:on|over)|action (?:this|it)|"
    r"sort (?:this|it) out|"
    r"look into (?:this|it)|(?:respond|reply|get back|talk|speak|write) to (?:her|him|them|the complainant|"
    r"this customer)|"
    r"(?:call|ring|phone|chase|fob off|fob) (?:her|him|them)))\b"
    r"|(?P<g>\b(?:what (?:do|shall|should) (?:we|i) (?:say|tell|reply|answer|write)(?: to)? (?:to )?(?:her|him|them)?|"
    r"how (?:do|shall|should) we (?:answer|respond|reply))\b|(?:^|[.!?]\s)(?:any )?thoughts\s?\?|"
    r"\bnote to self\b|^\W*draft(?: reply| answer| letter)?\W*$|^draft\s*[:–-]|\bpls (?:handle|deal|sort|action|"
    r"advise)\b)",
    re.I | re.M,
)
_FACT = (
    r"(?:is|was|has|had|says|said|wants|wanted|claims|claimed|wrote|writes|thinks|feels|needs|complains|complained|"
    r"rang|called|phoned|emailed|asked|asks|got|did|does|didn't|doesn't|isn't|wasn't|hasn't|keeps|seems|alleges|"
    r"alleged|"
    r"sounds|wishes|sent|told|also|never|again)"
)
_SPOKEN_OF = re.compile(
    rf"\b(?:the|our) complainant (?:{_FACT})\b|\b(?:the|our) complainant's (?:mail|e-?mail|claim|version|story)\b|"
    r"\bthis (?:complainant|customer|lady|woman|gentleman|guy|bloke)\b(?! service)|"
    r"\b(?:speak|spoke|talk|talked|reply|write|get back) (?:to|with) the complainant\b",
    re.I,
)
_PRONOUN = re.compile(
    r"\b(?:she|he)(?:'s| is| was| just| also| keeps)? (?:says|claims|wants|reckons|alleges|complains|complaining|"
    r"is unhappy|"
    r"unhappy about|moaning|threatening)\b",
    re.I,
)
_SOMEBODY = re.compile(
    r"\b(?:colleagues?|staff|manager|supervisor|driver|teacher|tutor|lecturer|receptionist|nurse|doctor|engineer|"
    r"plumber|"
    r"contractor|technician|cleaner|warden|landlord|landlady|host|homestay|officer|assistant|agent|member|student|"
    r"neighbour|roommate|flatmate|housemate|son|daughter|husband|wife|father|mother|parent|brother|sister|partner|"
    r"witness|passenger|guard|conductor|director|chef|cook|waiter|waitress|adviser|advisor|caretaker|porter|trainer|"
    r"instructor|coach|operator|clerk|cashier|surveyor|inspector|electrician|builder|lawyer|solicitor|mr|mrs|ms|"
    r"miss|dr)\b",
    re.I,
)
_CASE = r"(?:it|this(?: one| case| complaint)?|the (?:case|complaint)|that)"
_ORDER = re.compile(
    rf"^(?:please |pls |can you |could you |kindly )?(?:(?:assign|reassign|allocate|give|pass|hand|forward|refer|"
    rf"escalate|"
    rf"transfer|move|route) {_CASE} (?:on |over |back |up )?to|(?:close|reopen|re-open|archive|delete|park|split|merge|"
    rf"escalate|reassign|assign) {_CASE}\b|put {_CASE} (?:on hold|to|with)|(?:mark|treat|log|record|class|file|"
    rf"count) {_CASE} (?:as|under)|remind me\b|set (?:the|a) (?:due|deadline|severity|reminder)|(?:change|move|"
    rf"extend) the "
    rf"(?:due|deadline|handler|kind|severity)|assign (?:to )?me\b|(?:resend|re-send) (?:it|this|the letter))",
    re.I,
)
_HAND_ON = (
    r"(?i:(?:please |pls |can you |could you |kindly )?(?:assign|reassign|allocate|give|pass|hand|forward|refer|send|"
    r"show|ask(?! for)|tell|copy)\b)"
)
_VERDICT = re.compile(
    r"^\W*(?:(?:partly |not )?upheld|no further action|(?:thanks,? )?(?:all )?(?:done|sorted)|yes,? please|"
    r"ok(?:ay)?,? thanks|closed?|case closed|spam|this is spam|junk|not a complaint|"
    r"this is not a complaint|"
    r"done|resolved|approved?|approve|noted|ok(?:ay)?|yes|no|agreed|mine|i'll take (?:this|it)(?: one)?|on it|"
    r"i'm on it|i am on it|will do|leave (?:it|this) with me|send|stop|undo|status|help|assign me)\W*$",
    re.I,
)
_COMMAND = re.compile(r"^[ \t]*#[a-z][a-z-]+\b", re.I | re.M)
_NOTICE = re.compile(r"\byour reply goes to the complainant\b", re.I)
# First names that are also words: alone they name nobody.
_ALSO_WORDS = frozenset(
    "will may mark grace hope bill rose joy faith sue dawn summer april june august drew pat rob jack art chase "  # noqa: SIM905
    "frank guy harmony ivy lily max miles page penny ray sky star young long brown green white black king day price "
    "best good rich".split()
)


def doubts(text: str, *, writer_name: str, staff: Mapping[str, str], complainant_name: str) -> tuple[str, ...]:
    """Each reason to ask the writer first, as a sentence; empty: it may go."""
    text = text[:READ].replace("’", "'")
    letter = read_letter(text, writer_name)
    if not letter.words:
        return ("There are no words in it besides a greeting or a signature.",)
    names = tuple(name for name in staff.values() if name.strip())
    found = (
        _automatic(letter.body),
        _colleague(letter, names, complainant_name, writer_name.strip()),
        _spoken_of(letter, names, complainant_name),
        _internal(letter.body),
        _order(letter.body) or (None if letter.greeting else _told_by_name(letter.body, names, complainant_name)),
        "It still holds a part of our notice to you." if _NOTICE.search(text) else None,
    )
    return tuple(doubt for doubt in found if doubt)


def _automatic(body: str) -> str | None:
    early = body[:400]
    match = _AUTOMATIC.search(early) if len(body) < 1200 else None
    said = match[0] if match else ""
    if not said and (note := absence("", body, answers=True)):
        said = note.words
    return f"It looks like an automatic note (“{' '.join(said.split())}”)." if said else None


def _colleague(letter: Letter, names: tuple[str, ...], complainant: str, writer: str) -> str | None:
    greeting = letter.greeting
    if greeting:
        called = [word for word in words_of(greeting) if word not in ("hi", "hello", "hey", "dear", "good", "hiya")]
    else:
        first = letter.body.partition("\n")[0].strip()
        thanked = _THANKED.match(first[:80])
        alone = first.rstrip(",:!– -") if first[-1:] in ",:!-–" and len(first) < 30 else ""
        called = words_of(thanked[1] if thanked else alone)
        greeting = thanked[0] if thanked else first
    if not called:
        return None
    shown = greeting.rstrip(" ,:;!.–-")
    if _PLENTY.intersection(called[-2:]) and not _PLENTY.intersection(words_of(complainant)):
        return f"It begins “{shown}”, as mail to colleagues does."
    theirs = set(words_of(complainant))
    if theirs.intersection(called):
        return None
    bare = [word for word in called if word not in _TITLES]
    titled = len(bare) < len(called)
    for name in names:
        said = words_of(name)
        if not said or not bare:
            continue
        by_first = said[0] in bare[:3] and not titled
        by_last = len(said) > 1 and said[-1] in bare and (titled or said[0] in bare)
        if by_first or by_last:
            if name.strip() == writer:
                return f"It begins “{shown}”, and that is your own name."
            return f"It begins “{shown}”, and {name.strip()} is a colleague."
    return None


def _spoken_of(letter: Letter, names: tuple[str, ...], complainant: str) -> str | None:
    body = letter.body
    match = _SPOKEN_OF.search(body) or _named(body, names, complainant)
    if match is None:
        pronoun = _PRONOUN.search(body)
        if pronoun and not _somebody_else(body[: pronoun.start()], names, complainant):
            match = pronoun
        loose = _ANY_PRONOUN.search(body)
        if loose and not letter.greeting and not _YOU.search(body):
            match = match or (None if _somebody_else(body[: loose.start()], names, complainant) else loose)
    return f"It speaks about the complainant (“{' '.join(match[0].split())}”), not to them." if match else None


def _somebody_else(before: str, names: tuple[str, ...], complainant: str) -> bool:
    """Was another person named before, whom a "he" or "she" may mean?"""
    theirs = set(words_of(complainant))
    for match in _SOMEBODY.finditer(before):
        following = words_of(before[match.end() : match.end() + 40])[:1]
        if match[0].lower() not in _TITLES or (following and following[0] not in theirs):
            return True
    said = set(words_of(before)) - theirs
    return any(first in said for name in names for first in words_of(name)[:1])


def _named(body: str, names: tuple[str, ...], complainant: str) -> re.Match[str] | None:
    """The complainant's own name with a fact told of it: "Mrs Smith is …", "I rang Tom Brown"."""
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", complainant) if word.lower() not in _TITLES]
    words = [word for word in words if len(word) > 1][:5]
    if not words:
        return None
    shared = {word for name in names for word in words_of(name)}
    first, last = words[0], words[-1]
    ways = [rf"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )(?:{re.escape(first)} )?{re.escape(last)}"]
    if len(words) > 1:
        ways.append(r"\s".join(re.escape(word) for word in (first, last)))
    for word in {first, last}:
        if word.lower() not in _ALSO_WORDS and word.lower() not in shared and len(word) > 2:
            ways.append(re.escape(word))
    name = "(?:" + "|".join(ways) + ")"
    return re.search(
        rf"(?<!name of )(?<!named )\b{name}(?:'s (?!(?:name|account|booking|behalf)\b)\w+| (?:{_FACT})\b)"
        rf"|\b(?:(?:spoke|speak|spoken|talk|talked|respond|responded|replied|reply|write|get back) (?:to|with)|"
        rf"(?:tell|told|asked?|rang|ring|phoned?|chase|refund|warn|inform|"
        rf"(?:voicemail|message) (?:for|with)) )\s?{name}\b(?!')",
        body,
    )


def _internal(body: str) -> str | None:
    match = _INTERNAL.search(body)
    if match is None:
        return None
    said = next(group for group in match.groups() if group)
    return f"It says “{' '.join(said.split())}”, which people write to colleagues."


def _order(body: str) -> str | None:
    if match := _COMMAND.search(body):
        return f"The line “{match[0].strip()}” looks like a command, and it was not done."
    if _VERDICT.match(body[:60]) and len(body) < 60:
        return f"“{' '.join(body.split())}” reads like a word to us."
    if len(body) < 400 and (match := _ORDER.match(body)):
        return f"“{' '.join(match[0].split())} …” reads like an order to us."
    return None


def _told_by_name(body: str, names: tuple[str, ...], complainant: str) -> str | None:
    """ "Bob can you …", "@Bob …", "send this to Bob": a colleague is spoken to, or we are told to."""
    theirs = set(words_of(complainant))
    for name in names:
        first = name.split()[0]
        if first.lower() in theirs or len(first) < 2:
            continue
        called = re.escape(first)
        asked = "" if first.lower() in _ALSO_WORDS else r"|\s+(?:can|could|would|please|pls|what|do|did|have|are)\b"
        if match := re.match(rf"@{called}\b|{called}(?:\s*[,–]|\s-\s{asked})", body):
            return f"It begins “{match[0].rstrip(' ,–-')}”, and {name.strip()} is a colleague."
        if len(body) < 300 and (match := re.match(rf"{_HAND_ON}[^.?!\n]{{0,40}}\b{called}\b", body)):
            if _YOU.search(body, match.end()):
                continue
            return f"“{' '.join(match[0].split())}” reads like an order to us."
    return None

"""What a staff member records of a call, a letter or a visit: a few lines to fill in, then the account.

Owns reading those lines, in any order and dress, and what can surely be read from prose where they are not there.
Promises: nothing is invented; what cannot be read is told as a problem and asked for again; every line that is not one
of the form is part of the account. Linear time, never fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from complaintmail.triage.dates import day_in

READ = 20_000  # characters of the account in which its facts are looked for
LINES = ("Name:", "Email:", "Phone:", "Address:", "Channel:", "Received:")

_LABELS = {
    label: field
    for field, labels in {
        "name": ("name", "full name", "complainant", "customer", "caller", "student", "from", "enw", "their name",
                 "name of complainant", "customer name"),
        "email": ("email", "e-mail", "email address", "e-mail address", "mail", "e-bost", "ebost", "their email"),
        "phone": ("phone", "telephone", "tel", "tel no", "phone number", "phone no", "telephone number", "mobile",
                  "contact number", "number", "ffôn", "ffon", "their phone"),
        "address": ("address", "postal address", "home address", "post address", "cyfeiriad", "their address"),
        "channel": ("channel", "how", "received by", "by", "via", "how received", "came by", "sianel"),
        "received": ("received", "date", "date received", "received on", "when", "on", "derbyniwyd", "dyddiad"),
        "account": ("account", "complaint", "details", "what happened", "summary", "notes", "message", "their account"),
    }.items()
    for label in labels
}  # fmt: skip
_LINE = re.compile(r"^[\s>*_•·‣▪–-]*([^\W\d_][\w' -]{0,24}?)(?:[\s*_]*[:：]|\s[–=-]\s)[\s*_]*(.*?)[\s*_]*$")
_NOTHING = re.compile(
    r"^[\W_]*$|^[\W_]*(?:n\.?/?a\.?|none|unknown|not known|not given|don'?t know|no idea|tbc|blank|as above|nil|"
    r"no)[\W_]*$"
    r"|^\[[^\]]{0,60}\]$|^<[^@>]{0,60}>$",
    re.I,
)
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\d@\w])\+?\(?\d(?:[ ()./-]{0,3}\d){6,14}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\d@])", re.I)
_CHANNELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (channel, re.compile(rf"\b(?:{words})\b", re.I))
    for channel, words in (
        ("phone", r"phone|telephone|phoned|telephoned|rang|ring|called|call|phone ?call|tel|voicemail|voice mail|"
                  r"answerphone|mobile|by phone|ffôn|galwad"),
        ("letter", r"letter|post|posted|mail|by hand|handwritten note|card|llythyr|note"),
        ("in person", r"in person|visit|visited|face to face|face-to-face|came in|walk(?:ed)?[ -]in|at (?:the )?"
                      r"(?:desk|reception|counter|office)|person|spoke to me|verbal(?:ly)?|meeting|popped in|in class"),
        ("social media", r"social media|social|facebook|twitter|tweet(?:ed)?|instagram|whats ?app|tik ?tok|"
                         r"linked ?in|x\.com|"
                         r"snapchat|google review|trust ?pilot|trip ?advisor|messenger|dm"),
        ("website", r"website|web ?form|web|online form|contact form|online|live chat|webchat|portal"),
        ("email", r"e-?mail|emailed|e-mailed|e-bost"),
    )
)  # fmt: skip
_WHO = (
    r"(?:(?:[Aa]|[Tt]he|[Tt]his|[Oo]ur|[Aa]n?other|[Oo]ne)\s(?:\w+\s){0,2}?"
    r"(?:customer|student|caller|lady|woman|man|gentleman|complainant|passenger|tenant|"
    r"resident|parent|mother|father|mum|dad|client|patient|visitor|member|learner|person|neighbour|guest|user)|"
    r"[Ss]he|[Hh]e|"
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?\s[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2}(?:, [^,.;]{1,40},)?)"
)
_TOLD: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (channel, re.compile(pattern))
    for channel, pattern in (
        ("phone", rf"\b{_WHO} (?:has |have |had )?(?:just )?"
                  r"(?:rang|rung|phoned|telephoned|called"
                  r"(?= (?:us|in|today|yesterday|this|about|to|again|and|because|just)\b|[,.])"
                  r"|left a (?:voicemail|message on))|\b(?:by|over the|on the|via) (?:tele)?phone\b|\b(?:a|had a|"
                  r"took a) "
                  r"(?:phone |telephone )?call from\b|\b[Pp]hone call from\b|\b[Vv]oicemail from\b"),
        ("letter", rf"\b(?:a|the) letter (?:from|came|arrived|was received)|\bby (?:post|letter)\b|\b[Ll]etter from\b|"
                   rf"\b{_WHO} (?:has |have )?(?:sent|posted|handed in|brought) (?:us |me )?a letter\b"),
        ("in person", rf"\b{_WHO} (?:has |have |had )?(?:just )?(?:came (?:in\b|into|to (?:the|my|our) (?:desk|"
                      rf"office|reception|"
                      r"counter))|visited|popped in|walked in|stopped me|came up to me)|\bin person\b|"
                      r"\bface to face\b"),
        ("social media", r"\b(?:on|via|through|over) (?:our )?(?:Facebook|Twitter|Instagram|WhatsApp|TikTok|"
                         r"LinkedIn|social media|"
                         r"Snapchat|Messenger)\b|\b(?:tweeted|tweet from)\b"),
        ("website", r"\b(?:through|via|on|using) (?:the|our) (?:website|web form|contact form|online form|"
                    r"live chat|webchat)\b"),
        ("email", rf"\b{_WHO} (?:has |have )?(?:e-?mailed|sent (?:us |me )?an e-?mail)\b|\bby e-?mail\b|"
                  rf"\ban e-?mail from\b"),
    )
)  # fmt: skip
_NAMED = re.compile(
    r"\b((?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})"
    r"(?:, [^,.;]{1,40})?(?:,? (?:has |have |had )?(?:just )?"
    r"(?:rang|rung|phoned|telephoned|called|came|visited|wrote|e-?mailed|complained|sent|popped|walked)\b)"
    r"|\b(?:[Cc]all|[Ll]etter|[Vv]isit|[Cc]omplaint|[Vv]oicemail|[Ee]-?mail) from "
    r"((?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})"
    r"|\b(?:[Hh]er|[Hh]is|[Tt]heir) name is ((?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? )?[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})"
)
_REACHED = r"(?:\b(?:[Hh]er|[Hh]is|[Tt]heir|customer's|student's) (?:\w+ )?(?:{}) (?:address )?(?:is|was)?:?\s?|\b{} )"
_EMAIL_TOLD = re.compile(
    _REACHED.format(
        "e-?mail|address", r"(?:e-?mail|write to|reach|answer|reply to) (?:her|him|them)(?: at| on| back at)?"
    )
    + rf"({_EMAIL.pattern})"
)
_PHONE_TOLD = re.compile(
    _REACHED.format(
        "phone|number|mobile|telephone|tel", r"(?:call|ring|phone|reach) (?:her|him|them)(?: back)?(?: on| at)?"
    )
    + rf"({_PHONE.pattern})"
)
_DAY_TOLD = re.compile(r"\b(today|yesterday|this (?:morning|afternoon|evening)|just now|last night)\b", re.I)
_PROSE = re.compile(
    r"[.!?]$|[.!?] [A-Z]|\b(?:she|he|they|i|we|was|were|said|says|rang|called|wants|told|complained)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded; '' or None where it does not stand there. `missing`: the lines of the form to fill in before
    it can be recorded, empty when it can. `problems`: what could not be read, each a sentence."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    channel: str = ""
    received: date | None = None
    account: str = ""
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read_record(body: str, today: date) -> Recorded:
    """What this `#record` says."""
    form = _Form(today)
    form.read(body.replace("\r\n", "\n").replace("\u00a0", " ").split("\n"))
    return form.recorded()


class _Form:
    """One body, line by line; `values` holds the first value of each line of the form."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.values: dict[str, str] = {}
        self.address: list[str] = []
        self.account: list[str] = []
        self.problems: list[str] = []
        self.asked: dict[str, None] = {}
        self.telling = False  # the account has begun
        self.addressing = False  # lines below "Address:" belong to it

    def read(self, lines: list[str]) -> None:
        for line in lines:
            labelled = _LINE.match(line) if len(line) < 400 else None
            field = _LABELS.get(" ".join(labelled[1].lower().split())) if labelled else None
            if field and labelled and self._takes(field, labelled[2], line):
                continue
            if self.addressing and line.strip() and len(self.address) < 8 and _could_be_address(line):
                self.address.append(line.strip(" \t*_>,"))
                continue
            self.addressing = False
            if not line.strip() and not self.telling:
                continue
            self.telling = True
            self.account.append(line.rstrip())

    def _takes(self, field: str, value: str, line: str) -> bool:
        """Is this a line of the form? Below the first words of the account only where its value proves it."""
        if field == "account":
            if self.telling:
                return False
            self.telling = True
            self.addressing = False
            if value:
                self.account.append(value)
            return True
        if field in self.values or (self.telling and not self._proves(field, value)):
            return False
        if len(value.split()) > 12 and field != "address":
            return False
        value = "" if _NOTHING.match(value) else value.strip()
        self.addressing = field == "address"
        self.values[field] = value
        if field == "address" and value:
            self.address.append(value.rstrip(","))
        return True

    def _proves(self, field: str, value: str) -> bool:
        if field == "email":
            return bool(_EMAIL.search(value)) and len(value.split()) <= 3
        if field == "phone":
            return bool(_PHONE.match(value))
        if field == "channel":
            return len(value.split()) <= 3 and channel_of(value) is not None
        if field == "received":
            return len(value.split()) <= 5 and day_in(value, self.today, past=True)[0] is not None
        return field == "name" and 1 < len(value.split()) <= 5 and value[:1].isupper() and value[-1:] not in ".!?"

    def recorded(self) -> Recorded:
        account = "\n".join(self.account).strip()
        told = " ".join(account[:READ].split())
        named = _NAMED.search(told)
        name = self.values.get("name") or (next(group for group in named.groups() if group) if named else "")
        email, phone = self._email(told), self._phone(told)
        channel, received = self._channel(told), self._received(told)
        if not account:
            self.asked.setdefault("Account:")
        if not (name or email or phone):
            self.asked = {"Name:": None, "Email:": None, "Phone:": None} | self.asked
        return Recorded(
            name=name,
            email=email,
            phone=phone,
            address="\n".join(self.address),
            channel=channel,
            received=received,
            account=account,
            missing=tuple(self.asked),
            problems=tuple(self.problems),
        )

    def _wrong(self, line: str, problem: str) -> None:
        self.asked.setdefault(line)
        self.problems.append(problem)

    def _email(self, told: str) -> str:
        written = self.values.get("email", "")
        if found := _EMAIL.search(written):
            return found[0]
        if written:
            self._wrong("Email:", f"“{written}” is not an e-mail address.")
            return ""
        in_prose = _EMAIL_TOLD.search(told)
        return in_prose[1].rstrip(".") if in_prose else ""

    def _phone(self, told: str) -> str:
        written = self.values.get("phone", "")
        if written:
            if sum(char.isdigit() for char in written) >= 6:
                return written
            self._wrong("Phone:", f"“{written}” is not a phone number.")
            return ""
        in_prose = _PHONE_TOLD.search(told)
        return in_prose[1] if in_prose else ""

    def _channel(self, told: str) -> str:
        written = self.values.get("channel", "")
        if written:
            found = channel_of(written)
            if found is None:
                self._wrong(
                    "Channel:",
                    f"“{written}” is no channel: use phone, letter, in person, social media, website or email.",
                )
            return found or ""
        ways = [channel for channel, pattern in _TOLD if pattern.search(told)]
        return ways[0] if len(ways) == 1 else ""

    def _received(self, told: str) -> date | None:
        written = self.values.get("received", "")
        if written:
            day, _, problem = day_in(written, self.today, past=True)
            if day is None or problem:
                self._wrong("Received:", problem or f"“{written}” is not a date that we can read.")
                return None
            if day > self.today:
                self._wrong("Received:", f"“{written}” is still to come.")
                return None
            return day
        days = {found[0].lower() for found in _DAY_TOLD.finditer(told.partition(". ")[0])}
        if not days or (("yesterday" in days or "last night" in days) and days - {"yesterday", "last night"}):
            return None  # nothing told, or two days
        return self.today - timedelta(days=1) if days & {"yesterday", "last night"} else self.today


def channel_of(words: str) -> str | None:
    """The channel that these few words name; None where they name none, or several."""
    if re.search(r"\be-?mail(?:ed)?\b|\be-bost\b", words[:200], re.I):
        return "email"
    found = [channel for channel, pattern in _CHANNELS if pattern.search(words[:200])]
    if len(found) > 1 and "social media" in found:
        return "social media"
    return found[0] if len(found) == 1 else None


def _could_be_address(line: str) -> bool:
    """A line of a postal address: short, and nothing that somebody tells."""
    bare = line.strip()
    return len(bare) <= 60 and len(bare.split()) <= 8 and not _PROSE.search(bare.rstrip(",").removesuffix("."))

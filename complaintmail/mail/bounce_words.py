"""The notes that mail servers write for people: who did not get the letter, and what the other server said.

Owns the reading of bounces that have no machine-readable part (qmail, exim, Exchange, Notes, mobile carriers and many
more) by where an address stands, not by a list of products. Promises: bounded work; addresses of the letter's writer,
of servers and of helpdesks are not taken for recipients; `delayed` where the note says that it will try again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINES = 400  # a note says who within its first lines; the returned letter comes after
LONGEST = 600

_LOCAL = r"[\w!#$%&'*/=?^`{|}~+-][\w.!#$%&'*/=?^`{|}~+-]{0,127}"
_ADDRESS = re.compile(
    rf"(?<![\w.+-])(?:smtp[=:])?({_LOCAL}@[\w-]+(?:\.[\w-]+)*|"
    rf"\"[^\"@\s]{{1,64}}\"@[\w-]+(?:\.[\w-]+)*)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([45])\.(\d)\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?i)(?<![\d.])([45]\d\d)(?:[ -](?=\D)|\])|code[ :=]{1,3}([45]\d\d)\b")

# Below a line like these stands the letter that came back, not the note.
_RETURNED = re.compile(
    r"(?i)^[\s\W_]*(?:-+ ?(?:this is|below|original|returned|start|unsent|undeliver|included)|"
    r"(?:below this line|this) is a copy|(?:a )?copy of (?:the|your) (?:original )?(?:message|mail)|"
    r"original message(?: follows| headers?|:)|"
    r"(?:the )?(?:original |your |returned |unsent |failed |full |rejected )*(?:message|mail|e-mail|letter|text)"
    r"(?: headers?| text| header| content| body)?(?: was| is)? ?(?:follows|below|as follows|returned|included|"
    r"enclosed|begins)|"
    r"(?:message|mail) headers? follow|received: (?:from|by)|return-path:|x-original-to:|delivered-to:|"
    r"the headers? (?:of|from) the original|unsent message|start of returned|"
    r"technical details of (?:permanent|temporary) failure.*original|-----? ?original message|"
    r"-{2,} ?ursprüngliche nachricht|-{2,} ?元|message original|messaggio originale)"
)
_NOT_A_RECIPIENT = re.compile(
    r"(?i)contact|postmaster|help|support|abuse|assist|report this|mailto:|e-?mail us|problem|question|further|"
    r"generated from|expanded from|sender:|from:|return-path|reply-to|message-id|in-reply-to|references|visit|http|"
    r"sent (?:by|from)|your message of|reporting-mta|mail from|domain of|behalf"
)
_NAMED = re.compile(
    r"(?i)rcpt to|recipients?|receiver|addressee|(?<![\w-])to[: <]|(?:mail|message)? ?for[: <]|user|address|"
    r"mailbox|account|failed|deliver|unknown|inbox|"
    r"no such|not found|does not exist|doesn't exist|invalid|rejected|refused|denied|unrout|over quota|full|disabled|"
    r"inactive|inconnu|destinataire|destinatario|destinatário|empfänger|adress|indirizzo|dirección|endereço|"
    r"ontvanger|mottagare|modtager|mottaker|vastaanottaja|odbiorc|adresát|получател|адрес|宛先|収件|收件|email"
)
_DELAYED = re.compile(
    r"(?i)delay|still (?:trying|being)|will (?:continue|keep|be retried|retry|try)|"
    r"not (?:yet )?been delivered (?:yet|after)|"
    r"could not send (?:your )?message for|temporary fail|transient|(?:this is a )?warning(?: message)? only|"
    r"do not need to resend|no action is required|has not (?:yet )?been delivered|verzöger|retardé|retrasad|ritard|"
    r"vertraag|"
    r"försen|forsink|viiväst|opóźni|zpožd"
)
_TRIES = re.compile(
    r"(?i)attempts? will (?:continue|be made)|will (?:continue|keep|go on) (?:to )?(?:try|attempt)|"
    r"will be retried|still trying|continue to try|warning message only"
)
_FINAL = re.compile(
    r"(?i)permanent|fatal|gave up|giving up|giv(?:e|en) up|returned to sender|failed permanently|undeliverable|"
    r"has failed|"
    r"have failed|was not delivered|expired|too long|could not be delivered|couldn.t be delivered|undelivered|"
    r"\bfailure\b|"
    r"mail delivery failed|unzustellbar|message will not be|no further"
)
_KNOWN = (  # words that say what an absent status code would have said
    (re.compile(r"(?i)user (?:is )?unknown|unknown (?:user|recipient|address|local)|no such (?:user|address|"
    r"mailbox|recipient|person)|"
                r"(?:account|user|mailbox|recipient|address)[\w\s<>@.:'\"-]{0,60}(?:does(?:n.t| not) exist|"
                r"not found|unknown|invalid|unavailable here)|"
                r"not (?:a )?(?:valid|listed|known)|invalid (?:recipient|user|mailbox|address)|"
                r"doesn.t have an? [\w.]* ?account|no mailbox here"), "5.1.1"),
    (re.compile(r"(?i)mailbox (?:is )?full|over (?:its |the )?(?:disk )?quota|quota exceeded|exceeded (?:its |"
    r"the )?(?:storage|quota)|"
                r"not enough (?:disk )?space|mailbox .{0,40}size limit"), "5.2.2"),
    (re.compile(r"(?i)(?:host|domain)[\w\s.<>@:'\"-]{0,60}(?:unknown|not found|not exist|invalid)|unrouteable|"
    "unknown host|couldn.t find any host|no (?:mx|mail exchanger)"), "5.1.2"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says. `statuses` by address in lower case; `status` for all of them."""

    recipients: tuple[str, ...] = ()
    action: str = "failed"
    status: str | None = None
    diagnostic: str = ""
    statuses: dict[str, str] = field(default_factory=dict)
    stated: str | None = None  # the status where it is written out, not only told by words
    plain: bool = False  # the recipients stand where no other address would
    telling: bool = False  # it speaks of a delivery that failed or waits


def addresses(text: str) -> list[str]:
    """Every mailbox address in a line, as written, in order; what no address can be is left out."""
    return [hit.lstrip("'") for hit in _ADDRESS.findall(text[:4000])]


def read(text: str, subject: str, own: frozenset[str], failed: tuple[str, ...]) -> Note:
    """Read one note. `own` are addresses that it was sent to; `failed` what a header already names."""
    lines = _note(text)
    head = subject + "\n" + "\n".join(lines)
    named, plain = _named(lines, own)
    recipients = tuple(_unique(failed)) or tuple(_unique(named))
    statuses, diagnostics = _said(lines, recipients)
    status = stated = _first_status(head)
    if status is None:
        status = next((known for pattern, known in _KNOWN if pattern.search(head)), None)
    code = _CODE.search(head)
    late = _DELAYED.search(head)
    permanent = _FINAL.search(head) or (status or "").startswith("5")
    action = "delayed" if late and (not permanent or _TRIES.search(head)) else "failed"
    if late and re.search(r"(?i)delay|warning|retardé|verzöger", subject) and not (status or "").startswith("5"):
        action = "delayed"
    if action == "delayed" and status and status[0] == "5":
        status = "4" + status[1:]
    if status is None and code:
        status = f"{(code[1] or code[2])[0]}.0.0"
    telling = bool(recipients) and bool(late or permanent or status or _FINAL.search(head))
    return Note(recipients, action, status, diagnostics[:500], statuses, stated, bool(failed) or plain, telling)


def _note(text: str) -> list[str]:
    """The lines before the returned letter."""
    kept: list[str] = []
    for line in text[: LINES * LONGEST].split("\n", LINES)[:LINES]:
        if kept and _RETURNED.match(line) and any(addresses(other) for other in kept):
            break
        kept.append(line[:LONGEST])
    return kept


def _first_status(text: str) -> str | None:
    match = _STATUS.search(text)
    return f"{match[1]}.{match[2]}.{int(match[3])}" if match else None


def _named(lines: list[str], own: frozenset[str]) -> tuple[list[str], bool]:
    """The recipients by where they stand: alone on a line or before its colon (True), else beside telling words."""
    alone: list[str] = []
    named: list[str] = []
    other: list[str] = []
    for line in lines:
        if "@" not in line:
            continue
        found = [hit for hit in addresses(line) if not _is_server(hit)]
        if not found:
            continue
        bare = line.strip().lstrip("*-•·[(").strip()
        first = found[0]
        if "expanded from" in bare.lower() and alone:
            alone += found
            continue
        start = bare.lstrip("<\"'")
        if start.startswith(first) and not _NOT_A_RECIPIENT.match(bare):
            rest = start[len(first) :].lstrip(">\"')]")
            if (
                first in rest
                or not rest.strip()
                or rest[:1] in ":.,;-("
                or rest.startswith((" on ", " -", " :", "\t", " ...", "  ", " ("))
            ):
                alone.append(first)
                continue
        if _NOT_A_RECIPIENT.search(line):
            other += [hit for hit in found if "rcpt to" in line.lower()]
        elif _NAMED.search(line):
            named += found
        else:
            other += found
    for candidates in (alone, named, other):
        outside = [hit for hit in candidates if hit.lower() not in own]
        if outside:
            return outside, candidates is alone
    return [], False


def _is_server(address: str) -> bool:
    local = address.partition("@")[0].lower()
    return (
        local in ("mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "abuse", "helpdesk", "support")
        or len(local) > 60
    )


def _said(lines: list[str], recipients: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """The status beside each recipient, and the server's words."""
    statuses: dict[str, str] = {}
    words = ""
    current: str | None = None
    lowered = [address.lower() for address in recipients]
    for line in lines:
        low = line.lower()
        for address in lowered:
            if address in low:
                current = address
                break
        if _CODE.search(line) or _STATUS.search(line):
            words = words or line.strip()
            if current and current not in statuses and (status := _first_status(line)):
                statuses[current] = status
    return statuses, words


def _unique(found: list[str] | tuple[str, ...]) -> list[str]:
    seen: dict[str, str] = {}
    for address in found:
        seen.setdefault(address.lower(), address)
    return list(seen.values())

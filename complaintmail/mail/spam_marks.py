"""What the receiving mail server says of a mail: is it spam? The marks of several vendors, and nobody else's word.

Owns that question. A mark counts where the house's own servers write: above the line by which the mail came in, or
right below it, where a filter beside the server puts its own. What lies below the next server's line was in the mail
when it arrived. Where a mail shows no such line (a program put it into the folder) nothing can be told, and every mark
counts. A forged mark harms its sender alone: the mail is listed, or put to a person. Pure, linear, never fails.
"""

from __future__ import annotations

import re

from complaintmail.mail.authentication import came_in_at
from complaintmail.mail.message import Message

_YES = re.compile(r"(?i)\s*(?:yes|true|spam|1)\b")
MARKS: dict[str, re.Pattern[str]] = {
    "x-spam-flag": _YES,  # SpamAssassin, amavis, Rspamd and many that do as they do
    "x-spam-status": re.compile(r"(?i)\s*yes\b"),
    "x-spam": _YES,
    "x-spam-action": re.compile(r"(?i)\s*(?:add header|rewrite subject|soft reject|reject)"),
    "x-rspamd-action": re.compile(r"(?i)\s*(?:add header|rewrite subject|soft reject|reject)"),
    "x-ms-exchange-organization-scl": re.compile(r"\s*[5-9]\b"),  # Microsoft, up to 9
    "x-forefront-antispam-report": re.compile(r".*?\b(?:SCL:[5-9]|SFV:(?:SPM|SKS|SKB)|CAT:(?:H?SPM|H?PHSH|SPOOF))\b"),
    "x-barracuda-spam-flag": _YES,
    "x-barracuda-spam-status": re.compile(r"(?i)\s*yes\b"),
    "x-proofpoint-spam-details": re.compile(r"(?i).*?\brule=(?:[a-z]{1,20}_)?(?:spam|phish|quarantine)\b"),
    "x-gm-spam": re.compile(r"\s*1\b"),
    "x-spamexperts-class": re.compile(r"(?i)\s*(?:spam|phish)"),
    "x-recommended-action": re.compile(r"(?i)\s*reject"),  # SpamExperts
    "x-mailscanner-spamcheck": re.compile(r"(?i)\s*spam\b"),
    "x-bogosity": re.compile(r"(?i)\s*(?:spam|yes)\b"),
    "x-dspam-result": re.compile(r"(?i)\s*(?:spam|blacklisted)\b"),
    "x-cmae-verdict": re.compile(r"(?i)\s*spam\b"),  # Cloudmark
    "x-antispam": re.compile(r"(?i)\s*spam\b"),
    "x-ovh-spam-reason": re.compile(r"\s*\S"),
    "x-vr-spamstate": re.compile(r"(?i)\s*spam\b"),
    "x-ui-filterresults": re.compile(r"(?i)\s*junk\b"),  # IONOS, GMX
    "x-gmx-antispam": re.compile(r"\s*[2-9]\b"),
}
_THEIRS = frozenset({"received", "from", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type"})
_SUFFIXED = {"-mailscanner-spamcheck": MARKS["x-mailscanner-spamcheck"]}  # X-<organisation>-MailScanner-SpamCheck
_ENDINGS = tuple(_SUFFIXED)


def spam_mark(message: Message, trusted: str | None = None) -> str | None:
    """The header by which our side calls this spam, or None. `trusted`: the name of our mail server, if it is known."""
    marks = [
        at
        for at, (name, _) in enumerate(message.headers)
        if name[:2] == "x-" and (name in MARKS or name.endswith(_ENDINGS))
    ]
    inside = _inside(message, trusted) if marks else 0
    for name, value in [message.headers[at] for at in marks if at < inside]:
        if _pattern(name).match(value[:2000]):
            return name.title()
    return None


def _pattern(name: str) -> re.Pattern[str]:
    return MARKS.get(name) or next(each for ending, each in _SUFFIXED.items() if name.endswith(ending))


def _inside(message: Message, trusted: str | None) -> int:
    """How many of the headers are our side's, as far as that can be told. Whoever named their server wants to be sure:
    then nothing counts that stands among the sender's own headers."""
    came_in = came_in_at(message, trusted)
    if came_in is None:
        return len(message.headers)
    others = _THEIRS if trusted else frozenset({"received"})
    for at in range(came_in + 1, len(message.headers)):
        if message.headers[at][0] in others:
            return at
    return len(message.headers)

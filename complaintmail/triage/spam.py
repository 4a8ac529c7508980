"""What the receiving mail server said of a mail, as the verdict on it needs to know: is it called spam?"""

from __future__ import annotations

from complaintmail.mail.message import Message
from complaintmail.mail.spam_marks import spam_mark


def spam_verdict(message: Message) -> str | None:
    """The header by which the receiving mail server calls this spam, or None."""
    return spam_mark(message)

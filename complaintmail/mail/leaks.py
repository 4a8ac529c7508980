"""Tokens of staff's that lie in a mail as it came: in any part of it, however it is written, and in mails inside it.

A reply that quotes our notice carries its links into a mailbox that others open. What is found here is void from then
on. Looks at the first megabytes only, where a reply has all that it quotes. Linear time; never fails.
"""

from __future__ import annotations

import html

from complaintmail.mail import headers
from complaintmail.mail.parts import walk
from complaintmail.mail.tokens import Token, tokens_in

MOST = 4_000_000  # bytes, of the mail and of what is decoded
DEEPEST = 4  # mails within mails


def tokens_lying_in(key: bytes, raw: bytes) -> tuple[Token, ...]:
    """Every token of ours in this mail, each once."""
    found: dict[Token, None] = {}
    room = MOST
    waiting = [(raw[:MOST], 0)]
    while waiting and room > 0:
        mail, depth = waiting.pop()
        found.update(dict.fromkeys(tokens_in(key, (mail.decode("latin-1"),))))  # headers, and parts sent as they are
        for leaf in walk(mail, headers.split(mail)).leaves:
            if not leaf.type.startswith(("text/", "message/")) or room <= 0:
                continue
            content = leaf.content()[:room]
            room -= len(content)
            if leaf.type.startswith("message/") and depth < DEEPEST:
                waiting.append((content, depth + 1))
                continue
            text = content.decode("latin-1")
            found.update(dict.fromkeys(tokens_in(key, (html.unescape(text) if leaf.type == "text/html" else text,))))
    return tuple(found)

"""A mail as somebody of the simulated year finds it: read no further than they read, since most are only glanced at."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from functools import cached_property

from tests.support import wire
from tests.support.staff import Got

_REFERENCE = re.compile(r"\[([A-Z]{2,5}-\d{4}-\d{6})\]")


@dataclass(frozen=True)
class Letter(Got):
    """As it lies in somebody's mailbox."""

    @classmethod
    def of(cls, raw: bytes) -> Letter:
        head = raw.partition(b"\r\n\r\n")[0]
        return cls(raw, email.message_from_bytes(head, policy=email.policy.compat32))  # type: ignore[arg-type]

    @property
    def subject(self) -> str:
        return " ".join(str(make_header(decode_header(str(self.mail["Subject"])))).split())

    @property
    def reference(self) -> str:
        found = _REFERENCE.search(self.subject)
        return found[1] if found else ""

    @cached_property
    def whole(self) -> Got:
        return Got(self.raw, wire.parsed(self.raw))

    @property
    def words(self) -> str:
        return self.whole.words

    @property
    def html(self) -> str:
        return self.whole.html

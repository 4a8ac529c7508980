"""A `Message` as JSON and back, for the pipe between the daemon and the process that reads odd mail.

JSON, because that process has just read what may have been made to take it over: what comes back is only ever values.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from complaintmail.mail.message import Address, Attachment, Automatic, Bounce, Message, Origin

_ADDRESSES = ("from_", "reply_to", "to", "cc")
_TEXTS = ("in_reply_to", "references", "delivered_to", "defects")


def to_json(message: Message) -> bytes:
    values = {field.name: _plain(getattr(message, field.name)) for field in fields(message)}
    return json.dumps(values, ensure_ascii=True).encode("ascii")


def from_json(raw: bytes) -> Message:
    """The message; ValueError, KeyError or TypeError when this is none."""
    values: dict[str, Any] = json.loads(raw)
    for name in _ADDRESSES:
        values[name] = tuple(Address(**one) for one in values[name])
    for name in _TEXTS:
        values[name] = tuple(str(one) for one in values[name])
    values["sender"] = None if values["sender"] is None else Address(**values["sender"])
    values["headers"] = tuple((str(name), str(value)) for name, value in values["headers"])
    values["attachments"] = tuple(Attachment(**one) for one in values["attachments"])
    values["date"] = None if values["date"] is None else datetime.fromisoformat(values["date"])
    values["origin"] = _origin(values["origin"])
    return Message(**values)


def _origin(values: dict[str, Any]) -> Origin:
    return Origin(
        automatic=Automatic(values["automatic"]),
        sure=bool(values["sure"]),
        reasons=tuple(values["reasons"]),
        bounces=tuple(Bounce(**one) for one in values["bounces"]),
        hold_answer=values["hold_answer"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value

"""Moments as the database keeps them. Apart from the tables, so that reading commands need no SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_text(value: datetime) -> str:
    """A time as SQLite keeps it: UTC, fixed width, so that it sorts as text."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_of(value: object) -> datetime | None:
    """The other way, from either database."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))

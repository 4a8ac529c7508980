"""From a value in config.toml to the value that the program uses; `Wrong` says what would have been right.

Every reader here takes one TOML value of any type and returns it converted, or raises `Wrong` with words that
finish the sentence "must be …". None of them reads the time, the network or a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from complaintmail.mail.compose import address as in_mail


class Wrong(ValueError):
    """The value cannot be used; the text says what would be right."""


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("a text")
    if not value.isprintable():
        raise Wrong("a text of one line without control characters")
    return value.strip()


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong('a list of texts, such as ["one", "two"]')
    return tuple(map(text, value))


def yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong("true or false, without quotation marks")
    return value


def whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("a whole number without quotation marks")
        if not least <= value <= most:
            raise Wrong(f"a whole number from {least} to {most}")
        return value

    return read


def one_of(*choices: str) -> Callable[[object], Any]:
    def read(value: object) -> str:
        if value not in choices:
            raise Wrong(" or ".join(f'"{choice}"' for choice in choices))
        return str(value)

    return read


_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(value: object) -> timedelta:
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m|h|d)", value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Wrong('a length of time with its unit, such as "60s", "15m", "36h" or "2d"')
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def some_time(value: object) -> timedelta:
    """A duration that is not zero: what is waited again and again, or for an answer."""
    length = duration(value)
    if not timedelta(0) < length <= timedelta(days=30):
        raise Wrong('a length of time from "1ms" to "30d"')
    return length


_BYTES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def size(value: object) -> int:
    found = re.fullmatch(r"(\d{1,12}) ?([KMG]?I?B?)", value.strip().upper()) if isinstance(value, str) else None
    if found is None or found[2] not in _BYTES:
        raise Wrong('a size such as "500KB" or "2MB"')
    return int(found[1]) * _BYTES[found[2]]


def path(value: object) -> Path:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise Wrong("a path")
    return Path(value.strip()).expanduser()


def address(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r'[^\s@<>()\[\],;:"\\]+@[^\s@<>()\[\],;:"\\]+', value):
        raise Wrong('a bare mail address, such as "info@example.test"')
    if value.isascii():
        return value
    try:
        return in_mail(value, utf8=True)  # a domain beyond ASCII as mail carries it, so that it is known again there
    except ValueError as odd:
        raise Wrong(f'an address that mail can be sent to, such as "info@example.test" ({odd})') from odd


def addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong('a list of mail addresses, such as ["form@example.test"]')
    return tuple(map(address, value))


def host(value: object) -> str:
    if isinstance(value, str) and "://" in value:
        raise Wrong('the bare name of a server, such as "mail.example.test", without "://"')
    if isinstance(value, str) and re.fullmatch(r"[^:\s]+:\d+", value):
        raise Wrong('the bare name of a server, such as "mail.example.test"; its port has a key of its own')
    if not isinstance(value, str) or not re.fullmatch(r"[^\s/@\x00-\x1f]{1,253}", value):
        raise Wrong('the name of a server, such as "mail.example.test"')
    return value.strip("[]")


def policy(value: object) -> str:
    """A policy file's name without its ending; never a path."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", value):
        raise Wrong('a policy\'s name, such as "cms" (of small letters, digits and "-", without ".toml")')
    return value


def policies(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong('a list of the names of policies, such as ["cms"]')
    return tuple(map(policy, value))


def role(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise Wrong('a role of small letters, digits and "-", such as "operations-director"')
    return value


def roles(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong('a list of roles, such as ["operations-director"]')
    return tuple(map(role, value))


def timezone(value: object) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text(value)).key
    except (KeyError, OSError, ValueError):
        raise Wrong('a timezone\'s name, such as "Europe/London"') from None


def since(value: object) -> date | None:
    """None is "now": the moment of the first start."""
    return None if value == "now" else _day(value, '"now" or a day such as 2026-11-01')


def day(value: object) -> date:
    return _day(value, "a day such as 2026-11-01")


def _day(value: object, right: str) -> date:
    if isinstance(value, datetime):
        raise Wrong(f"{right}, without a time")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _refuse(right)
    except ValueError:
        raise Wrong(right) from None


def _refuse(right: str) -> Any:
    raise Wrong(right)


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is not there, first and last included."""

    first: date
    last: date

    def covers(self, on: date) -> bool:
        return self.first <= on <= self.last


def aways(value: object) -> tuple[Away, ...]:
    right = 'a list of days and spans of days, such as ["2026-12-21..2027-01-02", "2027-05-04"]'
    if not isinstance(value, list):
        raise Wrong(right)
    spans = []
    for item in value:
        first, _, last = str(item).partition("..")
        span = Away(_day(first.strip(), right), _day((last or first).strip(), right))
        if span.last < span.first:
            raise Wrong(f'{right}, the first day first (not "{item}")')
        spans.append(span)
    return tuple(spans)


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody wants reminders: weekdays (Monday is 0) with the first and the last time of each."""

    spans: tuple[tuple[frozenset[int], time, time], ...]

    def covers(self, local: datetime) -> bool:
        """Is this moment, in their own timezone, within the hours?"""
        return any(
            local.weekday() in days and opens <= local.time().replace(tzinfo=None) < closes
            for days, opens, closes in self.spans
        )


def hours(value: object) -> Hours:
    right = 'hours such as "Mon-Fri 08:30-17:30" or "Mon-Thu 09:00-17:00, Fri 09:00-12:00"'
    if not isinstance(value, str):
        raise Wrong(right)
    spans = []
    for part in value.split(","):
        found = re.fullmatch(
            r"([A-Za-z]{3})[a-z]*(?:\s*-\s*([A-Za-z]{3})[a-z]*)?\s+(\d\d?:\d\d)\s*-\s*(\d\d?:\d\d)", part.strip()
        )
        if found is None or found[1].lower() not in _DAYS or (found[2] or "mon").lower() not in _DAYS:
            raise Wrong(right)
        first = _DAYS.index(found[1].lower())
        last = _DAYS.index((found[2] or found[1]).lower())
        opens, closes = _clock(found[3], right), _clock(found[4], right)
        if closes <= opens:
            raise Wrong(f"{right}, the earlier time first")
        days = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
        spans.append((days, opens, closes))
    return Hours(tuple(spans))


def _clock(written: str, right: str) -> time:
    try:
        return time.fromisoformat(written.zfill(5))
    except ValueError:
        raise Wrong(right) from None


def listen(value: object) -> tuple[str, int]:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:\[\]/]+):(\d{1,5})", value) if isinstance(value, str) else None
    if found is None or not 0 <= int(found[2]) <= 65535:
        raise Wrong('an address and a port, such as "127.0.0.1:9108"')
    return found[1].strip("[]"), int(found[2])


class DatabaseUrl:
    """Where the database is. A password in it is never shown: `str()` and `repr()` have `***` in its place."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        self._url = url

    def reveal(self) -> str:
        """The whole URL, for the database driver alone."""
        return self._url

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for PostgreSQL."""
        return Path(self._url.removeprefix("sqlite:///")) if self._url.startswith("sqlite:") else None

    @property
    def holds_secret(self) -> bool:
        return str(self) != self._url

    def under(self, base: Path) -> DatabaseUrl:
        """With SQLite's file seen from the folder of the settings."""
        return self if self.file is None else DatabaseUrl(f"sqlite:///{base / self.file.expanduser()}")

    def __str__(self) -> str:
        shown = re.sub(r"(://[^/?#]*?):[^/?#]*@", r"\1:***@", self._url)
        return re.sub(r"([?&]password=)[^&#]*", r"\1***", shown)

    def __repr__(self) -> str:
        return f"DatabaseUrl({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseUrl) and other._url == self._url

    def __hash__(self) -> int:
        return hash(self._url)


def database(value: object) -> DatabaseUrl:
    right = '"sqlite:///path/of/a/file.db" or "postgresql+psycopg://user@server/name"'
    if not isinstance(value, str) or not value.isprintable():
        raise Wrong(right)
    scheme = value.partition("://")[0]
    if scheme == "sqlite":
        file = value.removeprefix("sqlite://")
        if not file.startswith("/") or file in ("/", "/:memory:") or "?" in file:
            raise Wrong('"sqlite:///path/of/a/file.db": three strokes, then a file (four for a path from the root)')
        return DatabaseUrl(value)
    if scheme not in ("postgresql+psycopg", "postgresql", "postgres"):
        raise Wrong(right)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise Wrong(right) from None
    return DatabaseUrl("postgresql+psycopg" + value[len(scheme) :])

"""The log: events with keys, one line each, on stderr.

    12:01:07 INFO  dispatch  letter_sent case=CMS-2026-000001 attempt=1        on a terminal
    {"at": "…", "level": "info", "part": "dispatch", "event": "letter_sent", "case": "CMS-2026-000001", …}

JSON where nobody watches, or as `LOG_FORMAT=json|text` says; with a `<6>` in front of text for systemd's journal.
Every value is escaped, so that no mail can forge a line or steer a terminal. No line holds a body or a secret; an
address stands only in `debug` lines. A log that cannot be written (a closed or full pipe, a full disk) stops nothing:
lines are dropped and counted, and the count stands in the next line that gets through.
"""

from __future__ import annotations

import json
import logging
import os
import select
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

from complaintmail.terminal import printable

ROOT = "complaintmail"
LONGEST = 2000  # characters of one value
_JOURNAL = {logging.DEBUG: "<7>", logging.INFO: "<6>", logging.WARNING: "<4>", logging.ERROR: "<3>"}


class Log:
    """The log of one part of the program; `bind` gives one whose lines all carry more keys."""

    __slots__ = ("_keys", "_logger")

    def __init__(self, part: str, keys: Mapping[str, object] | None = None) -> None:
        self._logger = logging.getLogger(f"{ROOT}.{part}")
        self._keys = dict(keys or {})

    def bind(self, **keys: object) -> Log:
        return Log(self._logger.name.partition(".")[2], {**self._keys, **keys})

    def debug(self, event: str, **keys: object) -> None:
        self._write(logging.DEBUG, event, keys)

    def event(self, event: str, **keys: object) -> None:
        self._write(logging.INFO, event, keys)

    def warning(self, event: str, **keys: object) -> None:
        self._write(logging.WARNING, event, keys)

    def error(self, event: str, **keys: object) -> None:
        self._write(logging.ERROR, event, keys)

    def failure(self, event: str, failed: BaseException, **keys: object) -> None:
        """An error with what was raised, and at `debug` with where; never with the values of variables."""
        self._write(logging.ERROR, event, {**keys, "error": f"{type(failed).__name__}: {failed}"})
        if self._logger.isEnabledFor(logging.DEBUG):
            import traceback

            self._write(logging.DEBUG, event, {"traceback": "".join(traceback.format_exception(failed))})

    def _write(self, level: int, event: str, keys: Mapping[str, object]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"keys": {**self._keys, **keys}})


def value(given: object) -> object:
    """A key's value as it may stand in a line: numbers as they are, all else as short printable text."""
    if given is None or isinstance(given, (bool, int, float)):
        return given
    shown = given.isoformat() if isinstance(given, datetime) else str(given)
    return printable(shown[:LONGEST]) + ("…" if len(shown) > LONGEST else "")


def parts(record: logging.LogRecord) -> tuple[datetime, str, str, dict[str, object]]:
    """When, which part, which event and its keys; lines of libraries have their message as the event."""
    keys = {name: value(given) for name, given in getattr(record, "keys", {}).items()}
    part = record.name.removeprefix(ROOT + ".")
    return datetime.fromtimestamp(record.created, UTC), part, str(value(record.getMessage())), keys


class TextLines(logging.Formatter):
    def __init__(self, journal: bool = False) -> None:
        super().__init__()
        self._journal = journal  # the journal has its own clock and levels

    def format(self, record: logging.LogRecord) -> str:
        at, part, event, keys = parts(record)
        shown = "".join(f" {name}={_quoted(given)}" for name, given in keys.items())
        if self._journal:
            return f"{_JOURNAL.get(record.levelno, '<5>')}{part}  {event}{shown}"
        return f"{at.astimezone():%H:%M:%S} {record.levelname:<7} {part}  {event}{shown}"


def _quoted(given: object) -> str:
    text = "" if given is None else str(given)
    return '"' + text.replace('"', '\\"') + '"' if not text or any(c in text for c in ' "=') else text


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at, part, event, keys = parts(record)
        line = {"at": at.isoformat(), "level": record.levelname.lower(), "part": part, "event": event, **keys}
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.Handler):
    """Writes to stderr as it is now; counts what it could not write."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        super().__init__()
        self._stream = stream
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            stream = self._stream or sys.stderr
            if not _has_room(stream):
                self.dropped += 1
                return
            if self.dropped:
                record.__dict__["keys"] = {**getattr(record, "keys", {}), "dropped_before": self.dropped}
            stream.write(self.format(record) + "\n")
            stream.flush()
            self.dropped = 0
        except Exception:  # a log that cannot be written must stop nothing
            self.dropped += 1


def _has_room(stream: IO[str]) -> bool:
    """Would writing a line wait for whoever reads the pipe? A reader that stands still must not make us stand still."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # not a file at all
        return True
    ready = select.poll()
    ready.register(descriptor, select.POLLOUT)
    return bool(ready.poll(0))


def set_up(verbose: int = 0, stream: IO[str] | None = None) -> Lines:
    """Begin to write: info and worse, with one -v debug too, with two the libraries' own lines. Libraries that print
    passwords at their lowest levels never get to."""
    handler = Lines(stream)
    handler.setFormatter(_formatter(stream or sys.stderr))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if verbose > 1 else logging.WARNING)
    logging.getLogger(ROOT).setLevel(logging.DEBUG if verbose else logging.INFO)
    for talkative in ("imapclient", "imaplib", "aiosmtplib", "mail.log"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    logging.raiseExceptions = False
    return handler


def _formatter(stream: IO[str]) -> logging.Formatter:
    wanted = os.environ.get("LOG_FORMAT", "")
    if wanted == "json":
        return JsonLines()
    if wanted == "text" or stream.isatty():
        return TextLines()
    return TextLines(journal=True) if os.environ.get("JOURNAL_STREAM") else JsonLines()

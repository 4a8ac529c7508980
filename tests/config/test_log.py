"""The log: no mail forges a line, no broken pipe or full disk stops the program."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaintmail.log import JsonLines, Lines, Log, TextLines, set_up


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("complaintmail")
    before = (root.handlers, root.level, ours.level, logging.raiseExceptions)
    yield
    root.handlers, raising = before[0], before[3]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.raiseExceptions = raising


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_keys() -> None:
    stream = io.StringIO()
    set_up(stream=stream)
    Log("dispatch").bind(case="CMS-2026-000001").event("letter_sent", attempt=1, late=None)
    (line,) = lines(stream)

    assert {**line, "at": ""} == {
        "at": "",
        "level": "info",
        "part": "dispatch",
        "event": "letter_sent",
        "case": "CMS-2026-000001",
        "attempt": 1,
        "late": None,
    }
    assert str(line["at"]).endswith("+00:00")


@pytest.mark.parametrize("formatter", [TextLines(), TextLines(journal=True), JsonLines()])
@pytest.mark.parametrize("evil", ["a\nb", "a\r\nb", "\x1b[2J", "\x85x", "\u2028x", "\u202ex", "\x00", "x" * 5000])
def test_no_mail_forges_a_line_or_steers_a_terminal(formatter: logging.Formatter, evil: str) -> None:
    stream = io.StringIO()
    set_up(stream=stream).setFormatter(formatter)
    Log("intake").event("mail_taken", subject=evil)
    said = stream.getvalue()

    assert said.count("\n") == 1
    assert said[:-1].isprintable()
    assert len(said) < 2300


def test_text_lines_quote_what_could_be_taken_for_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "text")
    stream = io.StringIO()
    set_up(stream=stream)
    Log("intake").warning("mail_odd", why='no "From"', n=2, what="")

    assert stream.getvalue()[9:] == 'WARNING intake  mail_odd why="no \\"From\\"" n=2 what=""\n'


@pytest.mark.parametrize(("verbose", "levels"), [(0, ["info", "error"]), (1, ["debug", "info", "error"])])
def test_debug_lines_are_only_there_when_asked_for(verbose: int, levels: list[str]) -> None:
    stream = io.StringIO()
    set_up(verbose, stream)
    Log("x").debug("a", address="a@example.test")
    Log("x").event("b")
    Log("x").error("c")

    assert [line["level"] for line in lines(stream)] == levels


def test_a_failure_says_what_and_where_but_holds_no_variables() -> None:
    stream = io.StringIO()
    set_up(1, stream)
    secret = "canary-7f3a"
    try:
        raise ValueError(f"odd {len(secret)}")
    except ValueError as failed:
        Log("x").failure("went_wrong", failed, case="A-1")
    said, where = lines(stream)

    assert (said["error"], said["case"], said["level"]) == ("ValueError: odd 11", "A-1", "error")
    assert "test_log.py" in str(where["traceback"])
    assert secret not in stream.getvalue()


def test_libraries_that_print_passwords_when_asked_for_more_are_never_asked() -> None:
    stream = io.StringIO()
    set_up(9, stream)
    for library in ("imapclient.imaplib", "aiosmtplib", "imaplib"):
        logging.getLogger(library).debug("LOGIN me canary-7f3a")
        logging.getLogger(library).info("LOGIN me canary-7f3a")
    logging.getLogger("apscheduler").info("tick %s", "x\ny")

    assert [line["event"] for line in lines(stream)] == ["tick x\\ny"]


class Disk(io.StringIO):
    full = True

    def write(self, words: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(words)


def test_a_full_disk_stops_nothing_and_what_was_dropped_is_counted() -> None:
    disk = Disk()
    handler = set_up(stream=disk)
    for _ in range(3):
        Log("x").event("a")
    disk.full = False
    Log("x").event("b")
    Log("x").event("c")

    assert [(line["event"], line.get("dropped_before")) for line in lines(disk)] == [("b", 3), ("c", None)]
    assert handler.dropped == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_real_full_device_stops_nothing() -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115
    handler = Lines(full)
    handler.setFormatter(JsonLines())
    handler.handle(logging.makeLogRecord({"msg": "a", "name": "complaintmail.x"}))

    assert handler.dropped == 1
    with pytest.raises(OSError, match="No space left"):
        full.close()

"""Rows, printed: for people as a table that fits, for programs as JSON or CSV that hold everything."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

import pytest

from complaintmail.cli.tables import cell, show, show_one
from complaintmail.terminal import fitted, printable, width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Colour(StrEnum):
    RED = "red"


DUE = datetime(2026, 11, 20, 23, 59, 59, tzinfo=timezone(timedelta(hours=2)))
ROW = {
    "reference": "CMS-2026-000001",
    "due_at": DUE,
    "owner": {"name": "A. Person", "email": "a@example.test", "role": "board"},
    "overdue": True,
    "note": None,
    "colour": Colour.RED,
}


def printed(rows: list[dict[str, object]], columns: list[str], format: str, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    show(rows, columns, format, out)
    return out.getvalue()


def test_json_holds_all_of_a_row_and_times_with_their_offset() -> None:
    (row,) = json.loads(printed([ROW], ["reference"], "json"))

    assert row == {**ROW, "due_at": "2026-11-20T23:59:59+02:00", "colour": "red"}


def test_a_time_without_its_offset_never_leaves() -> None:
    with pytest.raises(TypeError, match="without its offset"):
        printed([{"at": datetime(2026, 1, 1)}], ["at"], "json")  # noqa: DTZ001


def test_json_lines_are_one_line_each_whatever_is_in_them() -> None:
    said = printed([{"subject": "a\nb\u2028c"}, {"subject": "é"}], ["subject"], "jsonl")

    assert [json.loads(line)["subject"] for line in said.rstrip("\n").split("\n")] == ["a\nb\u2028c", "é"]
    assert "é" in said


def test_nothing_found_is_an_empty_list_for_programs_and_the_heads_for_people() -> None:
    assert printed([], ["reference"], "json") == "[]\n"
    assert printed([], ["reference"], "jsonl") == ""
    assert printed([], ["due_at"], "table") == "DUE AT\n"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    said = printed([{"subject": start, "n": -1}], ["subject", "n"], "csv")

    assert list(csv.reader(io.StringIO(said, newline="")))[1] == ["'" + start, "-1"]


def test_csv_has_the_columns_asked_for_in_their_order() -> None:
    said = printed([ROW], ["due_at", "reference", "note", "overdue"], "csv")

    assert said == "due_at,reference,note,overdue\r\n2026-11-20T23:59:59+02:00,CMS-2026-000001,,true\r\n"


def test_a_table_shows_short_local_times_and_people_by_name() -> None:
    local = DUE.astimezone().strftime("%Y-%m-%d %H:%M")
    said = printed([ROW], ["reference", "due_at", "owner", "overdue", "note"], "table")

    assert said.splitlines() == [
        "REFERENCE        DUE AT            OWNER      OVERDUE  NOTE",
        f"CMS-2026-000001  {local}  A. Person  yes",
    ]


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_a_table_fits_the_terminal_and_shows_what_was_cut(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_, **__: os.terminal_size((columns, 24)))
    rows: list[dict[str, object]] = [{"a": "x" * 100, "b": "日本語" * 30}, {"a": "y", "b": "é"}]
    lines = printed(rows, ["a", "b"], "table", Terminal()).splitlines()

    assert max(width(line) for line in lines) <= columns
    assert lines[1].count("…") == 2


def test_on_a_narrow_terminal_references_stay_whole_and_times_lose_their_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_, **__: os.terminal_size((60, 24)))
    row: dict[str, object] = {"received_at": "2026-11-21 22:05", "subject": "x" * 90, "case": "CEME-2026-000001"}
    row["answer"] = "none: " * 9
    later = {**row, "received_at": "no date yet"}
    lines = printed([row, later], ["received_at", "subject", "case", "answer"], "table", Terminal()).splitlines()

    assert max(map(width, lines)) <= 60
    assert "CEME-2026-000001" in lines[1] and lines[1].startswith("2026-11-21  ")
    assert lines[2].startswith("no date yet  ")


def test_a_table_in_a_pipe_is_cut_nowhere() -> None:
    assert "x" * 500 in printed([{"a": "x" * 500}], ["a"], "table")


def test_wide_letters_and_marks_keep_the_columns_straight() -> None:
    lines = printed(
        [{"a": "日本", "b": "1"}, {"a": "e\u0301t", "b": "2"}, {"a": "abcd", "b": "3"}], ["a", "b"], "table"
    ).splitlines()

    assert [width(line.rstrip("123B")) for line in lines] == [6, 6, 6, 6]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("no\xa0break", "no break"),
        ("\udce9", "\\udce9"),
        ("Grüße, 日本", "Grüße, 日本"),
    ],
)
def test_text_from_outside_cannot_steer_a_terminal(given: str, shown: str) -> None:
    assert printable(given) == cell(given) == shown


def test_one_thing_is_a_line_for_each_fact() -> None:
    out = io.StringIO()
    show_one({"reference": "A-1", "due": date(2026, 1, 2), "a": [1, 2]}, "table", out)

    assert out.getvalue() == "REFERENCE  A-1\nDUE        2026-01-02\nA          1, 2\n"


@pytest.mark.parametrize("columns", range(1, 8))
def test_what_is_fitted_takes_exactly_its_columns(columns: int) -> None:
    assert {width(fitted(text, columns)) for text in ("", "ab", "日本語日本語", "e\u0301" * 9)} == {columns}


def test_times_are_the_same_moment_in_every_form() -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    (row,) = json.loads(printed([{"at": moment}], ["at"], "json"))

    assert datetime.fromisoformat(row["at"]) == moment
    assert cell(moment) == moment.astimezone().strftime("%Y-%m-%d %H:%M")


def test_paths_are_plain_text() -> None:
    assert json.loads(printed([{"path": Path("/x")}], ["path"], "json")) == [{"path": "/x"}]

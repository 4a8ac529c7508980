"""ACE-log: the complaints log with exactly the columns of the policy's own, on screen, as CSV and as a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.cli.xlsx import write_xlsx
from tests.support.bureau import AT_ONCE, Bureau, a_bureau, click, reply

HEADINGS = [
    "Date complaint received", "Received from", "Area", "Reported to", "Brief description", "Date of response",
    "Brief description of response", "Actions taken and by whom", "Resolution & date",
]  # fmt: skip
PRINTED = ["Date complaint received", "Received from", "Reported to", "Actions taken and by whom", "Resolution & date"]
FOUR = (
    "Might the customer stay dissatisfied? No.\nDo staff need more support or training? No.\n"
    "Should resources be moved? No.\nShould a procedure be changed? No.\n"
)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A complaint from its mail to the end, and one that has only just come."""
    bureau = a_bureau(tmp_path_factory.mktemp("ace"), policy="ace", extra=AT_ONCE)
    bureau.complains("The wrong paper was marked and nobody answers. I want to complain.", subject="The wrong paper")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    notice = next(got for got in bureau.gets("hal") if "Yours to deal with" in got.subject)
    words = f"{FOUR}Actions: mark it again @Hal\nResolution: marked again and apologised"
    bureau.takes(reply("hal", notice, f"#outcome upheld\n\nThe centre marked the wrong paper.\n\n{words}"))
    draft = next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)
    bureau.takes(click("hal", draft, "Send it as it is"))
    bureau.complains("=cmd|' /C calc'!A0 is what your site shows. I complain.", sender="bob@complainants.test")
    yield bureau
    bureau.office.close()


@pytest.fixture
def log(bureau: Bureau) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(main, ["--config", str(bureau.folder / "config.toml"), "log", *words])


def cells(book: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert parts.testzip() is None
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))
    found = []
    for row in sheet.iter(f"{SHEET}row"):
        by_letter = {(cell.get("r") or "")[0]: "".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")}
        found.append([by_letter.get(letter, "") for letter in "ABCDEFGHI"])
    assert not list(sheet.iter(f"{SHEET}f"))  # no formula
    return found


def test_ace_log_has_the_headings_of_the_policy_in_every_format(log: Callable[..., Result]) -> None:
    screen, sheet = log("--layout", "policy"), log("--layout", "policy", "--format", "csv")
    book = log("--layout", "policy", "--format", "xlsx")

    rows = list(csv.reader(io.StringIO(sheet.stdout)))
    assert rows[0] == HEADINGS == cells(book.stdout_bytes)[0]
    assert [screen.stdout.splitlines()[0].index(heading) for heading in HEADINGS] == sorted(
        screen.stdout.splitlines()[0].index(heading) for heading in HEADINGS
    )
    assert cells(book.stdout_bytes)[1] == rows[1]


def test_ace_log_tells_a_complaint_from_its_receipt_to_its_end(log: Callable[..., Result]) -> None:
    first, second = list(csv.DictReader(io.StringIO(log("--layout", "policy", "--format", "csv").stdout)))

    assert first["Date complaint received"] == "2026-11-18" and first["Received from"] == "Jane Doe"
    assert first["Reported to"] == "Hal Handler" and "wrong paper" in first["Brief description"]
    assert first["Date of response"] == "2026-11-18"
    assert first["Brief description of response"] == "The centre marked the wrong paper."
    assert first["Actions taken and by whom"].startswith("mark it again (hal@staff.test)")
    assert first["Resolution & date"] == "Upheld: marked again and apologised, 2026-11-18"
    assert second["Date of response"] == second["Resolution & date"] == ""


def test_ace_log_has_the_five_columns_of_the_printed_form_as_a_second_layout(log: Callable[..., Result]) -> None:
    rows = list(csv.reader(io.StringIO(log("--layout", "printed", "--format", "csv").stdout)))

    assert rows[0] == PRINTED and len(rows) == 3


def test_a_layout_that_the_policy_does_not_have_is_said(log: Callable[..., Result]) -> None:
    result = log("--layout", "policy", "--policy", "cms")

    assert result.exit_code == 2
    assert "the file of cms has no [log] with columns" in result.stderr


def test_the_whole_log_is_a_spreadsheet_too_in_which_nothing_is_a_formula(log: Callable[..., Result]) -> None:
    rows = cells(log("--format", "xlsx").stdout_bytes)

    assert rows[0][:3] == ["reference", "policy", "kind"] and rows[2][0] == "ACE-2026-000002"


def test_a_spreadsheet_holds_what_xml_cannot_and_is_the_same_each_time(tmp_path: Path) -> None:
    rows = [{"a": "=1+1\x00\x0b<&>\ud800", "b": "'quoted", "c": None}]
    one, two = io.BytesIO(), io.BytesIO()
    for book in (one, two):
        write_xlsx(rows, ["a", "b", "c"], book)

    assert one.getvalue() == two.getvalue()
    assert cells(one.getvalue())[1][:3] == ["=1+1<&>", "'quoted", ""]

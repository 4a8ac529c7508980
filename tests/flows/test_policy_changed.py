"""A policy's file changes while cases are open: they keep their dates, and its owner is asked whether they move.

A complaint to a training provider on Wednesday 18 November 2026: the answer is due by Wednesday 2 December. Then a
closure on 26 and 27 November is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from complaintmail.cases.recounting import moved
from complaintmail.cases.scene import DutyNow
from complaintmail.cli import main
from complaintmail.policy.load import find
from tests.flows.test_reminders import Office, at
from tests.support.bureau import JANE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

CLOSED = '\n[[closure]]\nfrom = 2026-11-26\nto = 2026-11-27\nwhy = "stocktaking"\n'
SHORT = "The dates of an open case would move: "


class Life:
    """The office on one folder, opened again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bureau = a_bureau(folder)

    def again(self, moment: str, *, closed: bool) -> Bureau:
        """Another life of the program, with or without the closure in the policy's file."""
        seen, now = self.bureau.seen, at(moment)
        self.bureau.office.close()
        own = self.folder / "policies"
        own.mkdir(exist_ok=True)
        text = (files("complaintmail.policy") / "packaged" / "cms.toml").read_text(encoding="utf-8")
        (own / "cms.toml").write_text(text + (CLOSED if closed else ""), encoding="utf-8")
        self.bureau = a_bureau(self.folder)
        self.bureau.seen, self.bureau.clock.moment = dict.fromkeys(seen, 0), now
        self.bureau.passes()
        return self.bureau

    def shell(self, *words: str) -> tuple[int, str]:
        found = CliRunner().invoke(main, ["--config", str(self.folder / "config.toml"), *words])
        return found.exit_code, found.output

    def asked(self, who: str = "dana") -> list[Got]:
        return [got for got in self.bureau.all_to(who) if "would move" in got.subject]

    def due(self, kind: str = "respond") -> list[tuple[str, str]]:
        found = self.bureau.rows("SELECT o.due_at, c.respond_by FROM obligation o JOIN cases c WHERE o.kind = ?", kind)
        return [(str(due)[:10], str(by)[:10]) for due, by in found]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path)
    life.bureau.complains("The room was cold and nobody came.")
    [notice] = life.bureau.gets("dana")
    life.bureau.takes(reply("dana", notice, "#assign Hal"))
    yield life
    life.bureau.office.close()


def test_a_closure_entered_after_a_case_came_asks_whether_its_dates_move(life: Life) -> None:
    """Behaviours 58 and 64."""
    life.again("20 Nov 09:00", closed=True)
    life.bureau.passes()

    [asked] = life.asked()
    words = " ".join(asked.words.split())
    assert asked.subject.startswith(SHORT)
    assert "CMS-2026-000001: answer by Wednesday 2 December 2026, would be Friday 4 December 2026" in words
    assert "(stocktaking)" in words
    assert life.due() == [("2026-12-02", "2026-12-02")]
    assert (life.asked("hal"), life.asked("bea")) == ([], [])


def test_one_click_moves_them_and_the_complainant_hears_of_it(life: Life) -> None:
    life.again("20 Nov 09:00", closed=True)
    [asked] = life.asked()
    before = len(life.bureau.all_to(JANE))

    life.bureau.takes(click("dana", asked, "Move the dates of CMS-2026-000001"))

    assert life.due() == [("2026-12-04", "2026-12-04")]
    [letter] = life.bureau.all_to(JANE)[before:]
    assert "4 December 2026" in letter.words
    assert life.bureau.rows("SELECT COUNT(DISTINCT policy_version) FROM cases WHERE policy_version <> ''") == [(1,)]
    office = Office(life.bureau)
    office.bureau.gets("hal")
    office.days("4 Dec")
    assert [words[:6] for words in office.spoken("hal")] == ["Wed 25", "Thu 3 "]


def test_the_record_holds_after_dates_have_moved(life: Life) -> None:
    life.again("20 Nov 09:00", closed=True)
    life.bureau.takes(click("dana", life.asked()[0], "Move the dates of CMS-2026-000001"))
    life.bureau.office.close()

    code, said = life.shell("verify")

    assert code == 0, said


def test_nothing_moves_where_nothing_would_be_another_day_and_the_case_goes_by_the_new_file(life: Life) -> None:
    life.again("20 Nov 09:00", closed=True)
    life.bureau.office.close()

    said = [life.shell("act", "CMS-2026-000001", order) for order in ("#answered today", "#recount")]

    assert [code for code, _ in said] == [0, 0], said
    assert "No open date of it would be another one" in said[1][1]
    assert life.shell("verify")[0] == 0


def test_it_is_asked_once_for_each_file_and_not_at_every_start(life: Life) -> None:
    life.again("20 Nov 09:00", closed=True)
    first = len(life.asked())
    life.again("20 Nov 10:00", closed=True)

    assert (first, len(life.asked())) == (1, 0)


def test_a_file_that_changes_nothing_for_a_case_asks_nothing(life: Life) -> None:
    life.again("30 Nov 09:00", closed=False)

    assert life.asked() == []


def test_a_case_that_comes_after_the_change_has_the_new_dates_and_is_not_asked_about(life: Life) -> None:
    life.again("20 Nov 09:00", closed=True)

    life.bureau.complains("My certificate was lost and nobody apologised.", sender="bob@complainants.test")
    life.again("20 Nov 12:00", closed=True)

    assert [due for due, _ in life.due()][-1] == "2026-12-08"
    assert life.asked() == []


@pytest.mark.parametrize(
    ("why", "duty", "agreed", "day"),
    [
        ("the answer", DutyNow(1, "respond", "", "", at("1 Dec 23:59"), "", 1), False, "2 Dec"),
        ("a date that was agreed stays", DutyNow(1, "respond", "", "", at("1 Dec 23:59"), "", 1), True, None),
        ("one that was missed stays", DutyNow(1, "respond", "", "", at("18 Nov 23:59"), "", 1), False, None),
        ("what has no date has none", DutyNow(1, "respond", "", "", None, "", 1), False, None),
        (
            "what does not count from receipt",
            DutyNow(1, "appeal-answer", "", "", at("1 Dec 23:59"), "", 1),
            False,
            None,
        ),
        ("what was put before a person", DutyNow(1, "attend", "", "", at("1 Dec 23:59"), "", 1), False, None),
        ("a later round", DutyNow(1, "respond", "", "", at("1 Dec 23:59"), "", 1, round=2), False, None),
    ],
)
def test_what_moves(why: str, duty: DutyNow, agreed: bool, day: str | None) -> None:
    policy = find("cms", None)

    found = moved(policy, at("18 Nov 12:00"), "medium", [duty], at("20 Nov 09:00"), agreed=agreed)

    expected = [] if day is None else [at(f"{day} 12:00").date()]
    assert [one.counted.due_on for one in found] == expected, why

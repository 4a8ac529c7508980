"""A letter's PDF is made while the database is free, and one that cannot be made waits for a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from complaintmail.errors import PaperError
from complaintmail.letters.sheet import Sheet
from complaintmail.passes.pressing import TRIES, on_paper, with_paper
from tests.support.bureau import JANE, Bureau, a_bureau, click, reply
from tests.support.doors import ADDRESS
from tests.support.staff import Got

FINDINGS = "We listened to the recording. The tutor was forty minutes late."
PDF = b"%PDF-1.7 as the test has it"


@dataclass
class APress:
    """A press that fails so often, and looks each time whether somebody else could write."""

    database: Path
    fails: int = 0
    asked: int = 0
    could_write: list[bool] = field(default_factory=list)

    def pdf(self, page: str, data: str, at: int) -> bytes:
        self.asked += 1
        self.could_write.append(self._free())
        if self.fails:
            self.fails -= 1
            raise PaperError("Setting the letter took more than 10 seconds and was stopped.")
        return PDF

    def _free(self) -> bool:
        with closing(sqlite3.connect(self.database, timeout=0.2, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            other.execute("ROLLBACK")
            return True


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    office = a_bureau(tmp_path)
    yield office
    office.office.close()


def with_press(bureau: Bureau, **more: Any) -> APress:
    press = APress(bureau.folder / "cm.db", **more)
    bureau.office.papers[ADDRESS].presses = lambda: nullcontext(press)
    return press


def drafted(bureau: Bureau) -> Got:
    bureau.complains("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    notice = next(got for got in bureau.gets("hal") if "Yours to deal with" in got.subject)
    bureau.takes(reply("hal", notice, f"#outcome upheld\n\n{FINDINGS}"))
    return next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)


def outcomes(bureau: Bureau) -> list[Got]:
    return [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]


def test_while_a_pdf_is_made_others_can_write(bureau: Bureau) -> None:
    press = with_press(bureau)
    bureau.takes(click("hal", drafted(bureau), "Send it as it is"))

    assert press.could_write == [True, True]  # the draft's, and the letter's
    [letter] = outcomes(bureau)
    assert [part.get_payload(decode=True) for part in letter.mail.walk() if part.get_filename()] == [PDF]
    assert bureau.rows("SELECT COUNT(*) FROM event WHERE what = 'letter_drafted'") == [(1,)]


def test_a_press_that_fails_is_tried_again(bureau: Bureau) -> None:
    draft = drafted(bureau)
    with_press(bureau, fails=3)  # each try asks it twice: for the letter, and for a plainer one
    bureau.takes(click("hal", draft, "Send it as it is"))

    assert len(outcomes(bureau)) == 1
    assert bureau.rows("SELECT state FROM letter WHERE kind = 'outcome'") == [("sent",)]


def test_a_letter_whose_pdf_fails_three_times_waits_for_a_person_and_nothing_goes(bureau: Bureau) -> None:
    draft = drafted(bureau)
    press = with_press(bureau, fails=1000)
    bureau.takes(click("hal", draft, "Send it as it is"))

    assert press.asked == 2 * TRIES
    assert outcomes(bureau) == []
    [(state, reason)] = bureau.rows("SELECT state, reason FROM letter WHERE kind = 'outcome'")
    assert state == "held" and "its PDF could not be made" in reason
    told = bureau.gets("hal")
    [why] = [got for got in told if "Please look at this" in got.subject]
    assert "its PDF could not be made" in " ".join(why.words.split())
    assert any("It could not go yet" in got.words for got in told)
    assert bureau.rows("SELECT status, outcome FROM cases") == [("open", None)]


def test_work_that_wants_no_pdf_is_done_once_and_what_fails_in_it_comes_through() -> None:
    done: list[int] = []

    def work() -> str:
        done.append(1)
        return "well"

    def failing() -> None:
        raise ValueError("of its own")

    assert with_paper(work) == "well" and done == [1]
    with pytest.raises(ValueError, match="of its own"):
        with_paper(failing)


def test_two_letters_of_one_piece_of_work_are_each_made_once() -> None:
    class Twice:
        asked = 0

        def pdf(self, page: str, data: str, at: int) -> bytes:
            self.asked += 1
            return PDF

    press, began = Twice(), []

    def work() -> list[object]:
        began.append(1)
        return [on_paper(sheet(name), lambda: nullcontext(press)) for name in ("A-2026-000001", "A-2026-000002")]

    made = with_paper(work)

    assert len(made) == 2 and press.asked == 2 and len(began) == 3


def sheet(reference: str) -> Sheet:
    return Sheet("Acme", (), (), "21 November 2026", reference, "An answer", (), (), "")

"""What is this mail? Asked of a person where the program is not sure, and put right by one click where it was wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from complaintmail.cli import main
from complaintmail.triage.verdicts import Kind
from tests.support.bureau import JANE, Bureau, click, reply
from tests.support.doors import NOON
from tests.support.matters import said
from tests.support.nonsense import always

UNSURE = "Booking 1234. Kindly ring."
QUESTION = "Could you please tell me when the next course starts, and how much it costs? What are the opening hours?"


@pytest.fixture
def letting_go(bureau: Bureau) -> Bureau:
    """An office whose judge is sure that whatever comes is an enquiry."""
    bureau.judges(always(Kind.ENQUIRY, 0.05, reasons=("It asks a question (“how much”).",)))
    return bureau


def test_cms_def_what_may_be_no_complaint_is_answered_at_once_by_a_letter_that_is_right_either_way(
    bureau: Bureau,
) -> None:
    bureau.complains(UNSURE, subject="Booking")

    [letter] = bureau.gets(JANE)
    [asked] = bureau.gets("dana")
    assert letter.subject == "We have received your email [CMS-2026-000001]"
    assert "If it is a complaint We deal with it as a complaint, from the day on which it arrived." in said(letter)
    assert "that is, by 2 December 2026" in said(letter) and "We have received your complaint" not in said(letter)
    assert said(asked).index("Is it a complaint?") < said(asked).index("Case: CMS-2026-000001"), "it is asked first"
    assert list(asked.links())[:4] == [
        "It is a complaint", "It is praise", "It is only an enquiry", "It is spam",
    ]  # fmt: skip
    [(acknowledged,)] = bureau.rows("SELECT acknowledged_at FROM cases")
    assert acknowledged is not None


def test_cms_def_yes_it_is_a_complaint_sends_the_whole_acknowledgement_once(bureau: Bureau) -> None:
    bureau.complains(UNSURE, subject="Booking")
    [asked] = bureau.gets("dana")
    bureau.clock.on(days=1)

    bureau.takes(click("dana", asked, "It is a complaint"))
    bureau.takes(reply("dana", asked, "#kind complaint"))

    [either_way, whole] = bureau.gets(JANE)
    assert whole.subject == "We have received your complaint [CMS-2026-000001]"
    assert "Where to go next" in said(whole) and "Where to go next" not in said(either_way)
    assert "that is, by 2 December 2026" in said(whole), "the clock runs from receipt"
    assert "Your complaint is with Dana (our Operations Director)" in said(whole)
    assert whole.mail["In-Reply-To"] == either_way.mail["In-Reply-To"]
    assert bureau.rows("SELECT kind, sure FROM cases") == [("complaint", 1)]
    assert [event["kind"] for event in bureau.told("staff_kind")] == ["complaint", "complaint"]


def test_a_sure_complaint_has_had_the_whole_letter_and_gets_no_second_one(bureau: Bureau) -> None:
    bureau.complains("I am furious: the tutor never came, it was a disgrace and I want my money back.")
    [asked] = bureau.gets("dana")

    bureau.takes(reply("dana", asked, "#kind complaint"))

    assert [letter.subject for letter in bureau.gets(JANE)] == ["We have received your complaint [CMS-2026-000001]"]


def test_behaviour_44_it_was_praise_after_all_is_thanked_and_passed_on(bureau: Bureau) -> None:
    bureau.complains("Hal came to us on Monday, as he does each week, with the slides.\n\nJane", subject="Monday")
    asked = next(got for got in bureau.gets("dana") if "It is praise" in got.links())

    bureau.takes(click("dana", asked, "It is praise"))

    [_, thanks] = bureau.gets(JANE)
    assert "Thank you for taking the time to write" in said(thanks)
    [praised] = bureau.gets("hal")
    assert praised.subject == "Praise for you [CMS-2026-000001]"
    assert "Praise [CMS-2026-000001]" in [got.subject for got in bureau.gets("dana")]
    assert bureau.rows("SELECT count(*) FROM obligation WHERE state = 'open'") == [(0,)]


@pytest.mark.parametrize(("label", "stored"), [("It is only an enquiry", "enquiry"), ("It is spam", "enquiry")])
def test_it_was_no_complaint_and_what_waited_does_not_go(bureau: Bureau, label: str, stored: str) -> None:
    bureau.complains(UNSURE, subject="Booking", headers=["X-Auto-Response-Suppress: All"])
    asked = next(got for got in bureau.gets("dana") if label in got.links())

    bureau.takes(click("dana", asked, label))

    assert bureau.gets(JANE) == []
    assert bureau.rows("SELECT state FROM letter WHERE audience = 'complainant'") == [("cancelled",)]
    assert bureau.rows("SELECT kind, status FROM cases") == [(stored, "closed")]


def test_a_letter_that_waited_gives_way_to_the_whole_one(bureau: Bureau) -> None:
    bureau.complains(UNSURE, subject="Booking", headers=["X-Auto-Response-Suppress: All"])
    asked = next(got for got in bureau.gets("dana") if "It is a complaint" in got.links())

    bureau.takes(click("dana", asked, "It is a complaint"))

    assert [letter.subject for letter in bureau.gets(JANE)] == ["We have received your complaint [CMS-2026-000001]"]
    assert bureau.rows("SELECT count(*) FROM obligation WHERE kind = 'acknowledge' AND state = 'open'") == [(0,)]


def test_behaviour_46_an_enquiry_stands_on_the_list_with_its_reason_and_one_click_makes_it_a_case_from_its_day(
    letting_go: Bureau,
) -> None:
    bureau = letting_go
    bureau.complains(QUESTION, subject="Courses")
    assert bureau.gets(JANE) == bureau.gets("dana") == []
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()

    [listed] = bureau.gets("dana")
    assert "Not treated as complaints" in said(listed)
    assert "“Courses” (mail 1) from jane@complainants.test" in said(listed)
    assert "because it asks a question" in said(listed)
    bureau.takes(click("dana", listed, "Mail 1 is a complaint"))

    [letter] = bureau.gets(JANE)
    assert letter.subject == "We have received your complaint [CMS-2026-000001]"
    assert "Received on: 18 November 2026" in said(letter) and "by 2 December 2026" in said(letter)
    [(received,)] = bureau.rows("SELECT received_at FROM cases")
    assert received.startswith(NOON.strftime("%Y-%m-%d"))
    assert bureau.rows("SELECT reference FROM cases JOIN message ON case_id = cases.id") == [("CMS-2026-000001",)]
    assert "Mail 1 is a complaint now: CMS-2026-000001" in " ".join(map(said, bureau.gets("dana")))

    bureau.takes(reply("dana", listed, "#kind complaint 1"), reply("dana", listed, "#kind complaint 77"))

    answers = " ".join(map(said, bureau.gets("dana")))
    assert "Mail 1 is on CMS-2026-000001 already" in answers and "There is no mail 77" in answers
    assert bureau.rows("SELECT count(*) FROM cases") == [(1,)]


def test_what_came_on_a_friday_evening_stands_on_the_first_list_there_is_and_on_no_second(letting_go: Bureau) -> None:
    bureau = letting_go
    bureau.clock.on(days=2, hours=7)  # Friday, after hours
    bureau.complains(QUESTION, subject="Courses")
    bureau.clock.moment = NOON + timedelta(days=5)  # Monday
    bureau.passes()
    bureau.clock.on(days=1)
    bureau.passes()

    lists = [said(got) for got in bureau.gets("dana") if "Not treated as complaints" in said(got)]
    assert len(lists) == 1 and "(mail 1)" in lists[0]


def test_cim_in_the_administrator_makes_a_case_of_a_mail_that_was_let_go_from_the_shell(letting_go: Bureau) -> None:
    bureau = letting_go
    bureau.complains(QUESTION, subject="Courses")
    [(sha256,)] = bureau.rows("SELECT sha256 FROM message")
    words = ["--config", str(bureau.folder / "config.toml"), "act", sha256[:12], "#kind complaint"]

    done = CliRunner().invoke(main, words)

    assert done.exit_code == 0, done.output
    assert "Mail 1 is a complaint now: CMS-2026-000001. Its dates run from Wednesday 18 November 2026" in done.stdout
    bureau.passes()
    assert [letter.subject for letter in bureau.gets(JANE)] == ["We have received your complaint [CMS-2026-000001]"]
    assert CliRunner().invoke(main, [*words[:3], "#assign me"]).exit_code == 2


def test_cms_def_a_reminder_asks_again_what_it_is_until_somebody_has_said_so(bureau: Bureau) -> None:
    bureau.complains(UNSURE, subject="Booking")
    bureau.gets("dana")
    bureau.clock.on(days=1)
    bureau.passes()

    reminders = [got for got in bureau.gets("dana") if got.subject.startswith("Reminder")]
    assert reminders and "It is a complaint" in reminders[0].links()
    bureau.takes(click("dana", reminders[0], "It is a complaint"))

    assert bureau.gets(JANE)[-1].subject == "We have received your complaint [CMS-2026-000001]"


def test_two_letters_that_say_the_same_never_go(staffed: Callable[..., Bureau], tmp_path: Path) -> None:
    own = tmp_path / "letters"
    own.mkdir()
    for name in ("unsure", "acknowledgement"):
        (own / f"{name}.md").write_text("Subject: Yours [{{ case.reference }}]\n\nIt is {{ case.reference }}.\n")
    bureau = staffed(extra=f'[templates]\ndirectory = "{own}"\n[relay]\nhold = "0s"\nconfirm = "never"\n')
    bureau.complains(UNSURE, subject="Booking")

    bureau.takes(click("dana", bureau.gets("dana")[0], "It is a complaint"))

    assert [letter.subject for letter in bureau.gets(JANE)] == ["Yours [CMS-2026-000001]"]
    assert "They have had a letter with these words already" in said(bureau.gets("dana")[-1])


def test_what_is_marked_as_spam_and_complains_is_a_case_that_waits_for_a_person(bureau: Bureau) -> None:
    bureau.complains(
        "I am furious: the tutor never came, it was a disgrace and I want my money back.",
        headers=["X-Spam-Flag: YES"],
    )
    told = bureau.gets("dana")

    assert bureau.gets(JANE) == [], "its sender may be forged"
    assert "marked it as spam (X-Spam-Flag), so its sender may be forged" in " ".join(map(said, told))
    assert bureau.rows("SELECT kind, sure FROM cases") == [("complaint", 0)]
    owed = bureau.rows("SELECT kind, due_at FROM obligation WHERE kind IN ('acknowledge', 'attend') AND state = 'open'")
    assert len(owed) == 2 and len({due for _, due in owed}) == 1, "by the same last moment"

    asked = next(got for got in told if "It is a complaint" in got.links())
    bureau.takes(click("dana", asked, "It is a complaint"))

    assert [letter.subject for letter in bureau.gets(JANE)] == ["We have received your complaint [CMS-2026-000001]"]
    assert bureau.rows("SELECT count(*) FROM obligation WHERE kind = 'acknowledge' AND state = 'open'") == [(0,)]

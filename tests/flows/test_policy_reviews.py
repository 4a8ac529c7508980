"""A policy's own review: mailed to its owner when it is due, with the year's figures, until it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

FINDINGS = "We spoke with everybody who was there."
ROOM = "The room was freezing and the heating was broken. I want to complain."


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Callable[..., Bureau]]:
    offices: list[Bureau] = []

    def opened(policy: str, **more: str) -> Bureau:
        offices.append(a_bureau(tmp_path, policy=policy, extra=AT_ONCE, **more))
        return offices[-1]

    yield opened
    for office in offices:
        office.office.close()


def days_go_by(bureau: Bureau, days: int = 1) -> None:
    bureau.clock.moment += timedelta(days=days)
    bureau.passes()


def reviews(bureau: Bureau, who: str = "dana", what: str = "the review of the policy") -> list[Got]:
    return [got for got in bureau.all_to(who) if what in got.subject]


def said(got: Got) -> str:
    return " ".join(got.words.replace("\r\n", "\n").replace("\n> ", "\n").split())


def test_ceme_8_the_owner_is_mailed_the_years_figures_until_they_say_that_it_was_reviewed(
    opens: Callable[..., Bureau],
) -> None:
    bureau = opens("ceme")
    bureau.complains(ROOM)
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    notice = next(got for got in bureau.gets("hal") if "Yours to deal with" in got.subject)
    outcome = "Cause: The boiler is old\nActions: none, it is mended\nPrevention: none\nLegislation: none\n"
    bureau.takes(reply("hal", notice, f"#outcome upheld\n\n{FINDINGS}\n\n{outcome}Consultation: we rang her\n"))
    draft = next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)
    bureau.takes(click("hal", draft, "Send it as it is"))
    assert reviews(bureau) == []  # an office that has only just begun has nothing to look back on

    days_go_by(bureau)
    days_go_by(bureau)
    [first] = reviews(bureau)
    assert first.subject.startswith("Late since Wednesday 31 July 2019: the review of the policy")
    assert "Complaints: 1 (in the year before: 0); 0 still open" in said(first)
    assert "Acknowledged: 1 in time, 0 late" in said(first) and "Answered: 1 in time, 0 late" in said(first)
    assert "1 upheld" in said(first) and "the boiler is old: 1" in said(first)
    assert JANE not in first.words and "Jane" not in first.words
    assert ("policy-review", "CEME-8") in bureau.rows("SELECT kind, clause FROM obligation WHERE state = 'open'")

    days_go_by(bureau, 20)
    assert len(reviews(bureau)) == 1
    days_go_by(bureau, 12)
    assert len(reviews(bureau)) == 2

    bureau.takes(click("dana", reviews(bureau)[1], "It was reviewed today"))
    assert "is recorded" in bureau.all_to("dana")[-1].words
    [done] = bureau.told("staff_policy_reviewed")
    assert done["day"] == bureau.clock.moment.date().isoformat()
    days_go_by(bureau, 40)
    assert len(reviews(bureau)) == 2
    assert bureau.rows("SELECT state FROM obligation WHERE kind = 'policy-review'") == [("met",)]


def test_ceme_8_a_year_after_it_was_reviewed_the_owner_hears_before_the_day(opens: Callable[..., Bureau]) -> None:
    bureau = opens("ceme")
    bureau.complains(ROOM)
    days_go_by(bureau)
    days_go_by(bureau)
    words = "#reviewed yesterday\nWhat was decided: the severities stay as they are"
    bureau.takes(reply("dana", reviews(bureau)[0], words))
    assert bureau.told("staff_policy_reviewed")[0]["decided"] == "the severities stay as they are"

    days_go_by(bureau, 334)
    assert len(reviews(bureau)) == 1
    days_go_by(bureau, 5)
    days_go_by(bureau, 4)
    again = reviews(bureau)[-1]
    assert again.subject.startswith("Reminder: the review of the policy") and len(reviews(bureau)) == 2
    assert "is due by Friday 19 November 2027" in " ".join(again.subject.split())


def test_a_later_date_in_the_file_ends_the_review_that_was_owed(opens: Callable[..., Bureau], tmp_path: Path) -> None:
    bureau = opens("ceme")
    bureau.complains(ROOM)
    days_go_by(bureau)
    assert bureau.rows("SELECT state FROM obligation WHERE kind = 'policy-review'") == [("open",)]
    bureau.office.close()
    packaged = Path("complaintmail/policy/packaged/ceme.toml").read_text(encoding="utf-8")
    (tmp_path / "policies").mkdir(exist_ok=True)
    (tmp_path / "policies" / "ceme.toml").write_text(packaged.replace("2019-07-31", "2027-07-31"), encoding="utf-8")
    later = opens("ceme")
    later.clock.moment = bureau.clock.moment
    days_go_by(later)
    days_go_by(later)

    assert later.rows("SELECT state FROM obligation WHERE kind = 'policy-review'") == [("void",)]
    assert reviews(later) == []


def test_whether_the_outside_bodies_are_still_there_is_asked_once_a_year(opens: Callable[..., Bureau]) -> None:
    bureau = opens("ace")
    bureau.complains(ROOM)
    days_go_by(bureau)
    days_go_by(bureau)
    [asked] = reviews(bureau, what="a look at the outside bodies")

    bureau.takes(click("dana", asked, "I have looked, and it holds"))
    days_go_by(bureau, 60)
    assert len(reviews(bureau, what="a look at the outside bodies")) == 1
    assert bureau.told("staff_policy_reviewed")[0]["review"] == "bodies"


def test_a_reviewed_that_answers_no_such_mail_is_asked_back(opens: Callable[..., Bureau]) -> None:
    bureau = opens("ceme")
    bureau.complains(ROOM)
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#reviewed today"))

    assert "Please answer the mail that asks for it" in said(bureau.gets("dana")[-1])

"""What each policy wants to be watched: numbers, outcomes, causes, praise and what repeats, in its yearly review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaintmail.cases.figures import ActionRow, CaseRow, DutyRow, Figures, Kept, figures
from tests.support.bureau import AT_ONCE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

BOILER = "The heating was broken again and the classroom was freezing. I want to complain."
INVOICE = "Your invoice is wrong and nobody answers. This is unacceptable, I want to complain."
PRAISE = "Thank you so much, the reception team was wonderful, kind and patient. I was delighted."
MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Callable[..., Bureau]]:
    offices: list[Bureau] = []

    def opened(policy: str, more: str = "") -> Bureau:
        offices.append(a_bureau(tmp_path, policy=policy, extra=AT_ONCE + more))
        return offices[-1]

    yield opened
    for office in offices:
        office.office.close()


def review_of(bureau: Bureau, wait: int = 1, who: str = "dana") -> str:
    """The mail about the review, once its day has come near."""
    for days in (wait, 1, 1, 1, 1):
        bureau.clock.moment += timedelta(days=days)
        bureau.passes()
    found: list[Got] = [got for got in bureau.all_to(who) if "the review of the policy" in got.subject]
    return " ".join(found[-1].words.replace("\r\n", "\n").replace("\n> ", "\n").split())


def answered(bureau: Bureau, reference: str, words: str) -> None:
    """Dana answers this case with these words; what is asked for and missing is let be."""
    notice = next(got for got in reversed(bureau.all_to("dana")) if reference in got.subject)
    bureau.takes(reply("dana", notice, "#assign me"))
    yours = next(got for got in reversed(bureau.all_to("dana")) if "Yours to deal with" in got.subject)
    bureau.takes(reply("dana", yours, words))
    draft = next(got for got in reversed(bureau.all_to("dana")) if "Look at the letter" in got.subject)
    send = next((label for label in draft.links() if label.startswith("Send it as it is")), None)
    bureau.takes(click("dana", draft, send) if send else reply("dana", draft, "#send anyway this is all there is"))


def test_cim_mon_numbers_outcomes_and_actions_by_area_and_over_time(opens: Callable[..., Bureau]) -> None:
    bureau = opens("cim")
    bureau.complains(BOILER, sender="one@complainants.test")
    bureau.complains(INVOICE, sender="two@complainants.test")
    answered(
        bureau, "CIM-2026-000001", "#outcome upheld\n\nIt was broken.\n\nActions: mend it by 1 December 2026 @Dana"
    )

    told = review_of(bureau)

    assert "Complaints: 2 (in the year before: 0); 1 still open" in told
    assert "Outcomes: 1 upheld" in told and "Actions: 0 done, 1 open, of them 0 late" in told
    assert "November 2026: 2 complaints" in told and "2 complaints, 1 upheld or in part; praise: 0" in told


def test_sek_comp_4_praise_stands_in_the_review_beside_complaints(opens: Callable[..., Bureau]) -> None:
    bureau = opens("sek")
    bureau.complains(BOILER)
    bureau.complains(PRAISE, sender="glad@complainants.test", subject="Thank you")

    told = review_of(bureau)

    assert "Complaints: 1 (in the year before: 0)" in told and "Praise: 1 (in the year before: 0)" in told


def test_cms_info_causes_are_told_with_how_often_they_came_before(opens: Callable[..., Bureau]) -> None:
    bureau = opens("cms")
    bureau.complains(BOILER)
    answered(bureau, "CMS-2026-000001", "#outcome upheld\n\nIt was broken.\n\nCause: the boiler is old")

    told = review_of(bureau, wait=350)

    assert "the boiler is old: 1 (in the year before: 0)" in told


def test_ace_pattern_what_repeats_by_person_cause_and_words_is_said(opens: Callable[..., Bureau]) -> None:
    bureau = opens("ace")
    for n, sender in enumerate(("one", "two", "three")):
        words = BOILER.replace("again", f"again, room {n}")
        bureau.complains(words, sender=f"{sender}@complainants.test", subject=f"Classroom {n}")
    bureau.clock.moment += timedelta(days=2)
    bureau.complains(INVOICE, sender="one@complainants.test", subject="An invoice")

    told = review_of(bureau, wait=355)

    assert "1 person has complained more than once." in told
    assert "Words that come back:" in told and "heating (3)" in told
    assert "one@complainants.test" not in told


# --- The figures by themselves ---------------------------------------------------------------------------------------


def counted(
    cases: Sequence[CaseRow],
    duties: Sequence[DutyRow] = (),
    actions: Sequence[ActionRow] = (),
    names: Sequence[str] = (),
) -> Figures:
    return figures(
        cases, duties, actions, since=date(2026, 1, 1), until=date(2027, 1, 1),
        now=datetime(2026, 12, 31, tzinfo=UTC), zone=ZoneInfo("Europe/London"), names=names,
    )  # fmt: skip


def a_case(n: int, **more: object) -> CaseRow:
    return CaseRow(**{"id": n, "kind": "complaint", "sure": True, "received_at": MARCH} | more)  # type: ignore[arg-type]


def test_of_a_case_that_its_reader_may_not_know_only_numbers_are_told() -> None:
    words = "boiler boiler heating"
    hidden = [a_case(n, cause="the old boiler", words=words, who=f"{n}@x.test", told=False) for n in range(5)]
    action = ActionRow(1, "learning", "ask about the boiler", None, None, False, told=False)
    told = counted(hidden, actions=[action])

    assert told.received == 5
    assert (told.causes, told.words, told.learning) == ((), (), ())


def test_what_is_late_what_is_missed_and_what_stands_still_are_told_apart() -> None:
    due = datetime(2026, 4, 1, tzinfo=UTC)
    duties = [
        DutyRow(1, "respond", "met", due, due - timedelta(days=1)),
        DutyRow(1, "respond", "met", due, due + timedelta(days=1)),
        DutyRow(1, "respond", "open", due, None),
        DutyRow(1, "respond", "open", due, None, still=True),
        DutyRow(2, "respond", "open", due, None),  # of another time
    ]

    assert dict(counted([a_case(1)], duties).kept)["respond"] == Kept(in_time=1, late=1, missed=1, waiting=2)


def test_a_cause_is_one_however_it_is_written_and_is_set_beside_the_time_before() -> None:
    before = a_case(3, received_at=datetime(2025, 5, 5, tzinfo=UTC), cause="old boiler", outcome="upheld")
    told = counted(
        [a_case(1, cause="Old  boiler."), a_case(2, cause="old boiler"), before, a_case(4, outcome="upheld")]
    )

    assert (told.received, told.before) == (3, 1)
    assert told.causes == (("old boiler", 2, 1),)
    assert told.without_cause == 1


def test_names_are_no_pattern() -> None:
    rows = [a_case(n, words="Handler was late, the projector failed", who=f"{n}@x.test") for n in range(3)]

    assert ("projector", 3) in counted(rows, names=["Hal Handler"]).words
    assert "handler" not in dict(counted(rows, names=["Hal Handler"]).words)

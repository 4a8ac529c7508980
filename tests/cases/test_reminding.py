"""When a duty is spoken of: before its last day, after it, and up the ladder. Dates a wall calendar can check."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaintmail.cases.reminding import Duty, Said, Stage, Step, first_moment, next_opened, next_step
from complaintmail.policy.load import find
from complaintmail.policy.policy import Policy

LONDON = ZoneInfo("Europe/London")
CMS, CIM, SEK, CEME, ACE = (find(name, None) for name in ("cms", "cim", "sek", "ceme", "ace"))


def at(words: str) -> datetime:
    """ "18 Nov 12:00" in 2026, local time."""
    return datetime.strptime(f"{words} 2026", "%d %b %H:%M %Y").replace(tzinfo=LONDON).astimezone(UTC)


def end_of(words: str) -> datetime:
    return at(f"{words} 23:59") + timedelta(seconds=59)


def course(policy: Policy, duty: Duty, steps: int, rungs: int = 1) -> list[str]:
    """What is said, each step at its moment: 'Fri 27 Nov 07:00 remind 0'."""
    now, said, found = duty.opened_at, Said(), []
    for _ in range(steps):
        step = next_step(duty, policy, now, said, rungs)
        assert step is not None and step.at > now
        found.append(f"{step.at.astimezone(LONDON):%a %-d %b %H:%M} {step.stage} {step.rung}")
        late = duty.due_at is not None and duty.due_at < step.at
        now, said = step.at, Said(said.steps + 1, said.late + late)
    return found


def owed(kind: str, opened: str, due: str | None, role: str = "") -> Duty:
    return Duty(kind, at(opened), end_of(due) if due else None, role)


@pytest.mark.parametrize(
    ("why", "policy", "duty", "rungs", "steps"),
    [
        (
            "ten working days: two working days before and on the morning of the last; then up, then weekly",
            CMS, owed("respond", "18 Nov 12:00", "2 Dec"), 2,
            ["Mon 30 Nov 07:00 remind 0", "Wed 2 Dec 07:00 remind 0", "Thu 3 Dec 07:00 overdue 1",
             "Mon 7 Dec 07:00 escalate 2", "Mon 14 Dec 07:00 escalate 2", "Mon 21 Dec 07:00 escalate 2",
             "Tue 29 Dec 07:00 escalate 2"],
        ),
        (
            "twenty working days: five and one before",
            CIM, owed("respond", "18 Nov 12:00", "16 Dec"), 1,
            ["Wed 9 Dec 07:00 remind 0", "Tue 15 Dec 07:00 remind 0", "Thu 17 Dec 07:00 overdue 1",
             "Thu 24 Dec 07:00 escalate 1"],
        ),
        (
            "twenty-eight working days over Christmas: the days that nobody works are not counted",
            SEK, owed("respond", "25 Nov 12:00", "31 Dec"), 1,
            ["Tue 22 Dec 07:00 remind 0", "Wed 30 Dec 07:00 remind 0"],
        ),
        (
            "three days that end on a Sunday: the Friday's opening, while there is still time",
            CEME, owed("respond", "19 Nov 12:00", "22 Nov"), 1,
            ["Fri 20 Nov 07:00 remind 0", "Mon 23 Nov 07:00 overdue 1", "Mon 30 Nov 07:00 escalate 1"],
        ),
        (
            "five days that end on a Saturday: the two working days before it",
            CEME, owed("respond", "16 Nov 12:00", "21 Nov"), 1,
            ["Wed 18 Nov 07:00 remind 0", "Fri 20 Nov 07:00 remind 0", "Mon 23 Nov 07:00 overdue 1"],
        ),
        (
            "two days: the last one's opening",
            CMS, owed("acknowledge", "18 Nov 12:00", "20 Nov"), 1,
            ["Fri 20 Nov 07:00 remind 0", "Mon 23 Nov 07:00 overdue 1"],
        ),
        (
            "a decision: every working day until it is taken, a rung higher every second one, the top then weekly",
            CMS, owed("decide", "18 Nov 12:00", "19 Nov"), 2,
            ["Thu 19 Nov 07:00 remind 0", "Fri 20 Nov 07:00 overdue 1", "Mon 23 Nov 07:00 overdue 0",
             "Tue 24 Nov 07:00 escalate 2", "Wed 25 Nov 07:00 overdue 0", "Thu 26 Nov 07:00 overdue 0",
             "Fri 27 Nov 07:00 overdue 0", "Mon 30 Nov 07:00 overdue 0", "Tue 1 Dec 07:00 escalate 2"],
        ),
        (
            "a date to be set, on a Friday: Monday, then every day",
            ACE, owed("set-date", "20 Nov 12:00", "23 Nov"), 1,
            ["Mon 23 Nov 07:00 remind 0", "Tue 24 Nov 07:00 overdue 1", "Wed 25 Nov 07:00 overdue 0"],
        ),
        (
            "first contact: the same day, some hours after it came; then every morning",
            ACE, owed("contact", "18 Nov 09:30", "18 Nov"), 2,
            ["Wed 18 Nov 12:30 remind 0", "Thu 19 Nov 07:00 overdue 1", "Fri 20 Nov 07:00 overdue 0",
             "Mon 23 Nov 07:00 escalate 2"],
        ),
        (
            "first contact on what came in the afternoon: while there is still somebody to do it",
            ACE, owed("contact", "18 Nov 15:20", "18 Nov"), 1,
            ["Wed 18 Nov 16:00 remind 0", "Thu 19 Nov 07:00 overdue 1"],
        ),
        (
            "first contact on what came on a Saturday: Monday",
            ACE, owed("contact", "21 Nov 10:00", "23 Nov"), 1,
            ["Mon 23 Nov 07:00 remind 0", "Tue 24 Nov 07:00 overdue 1"],
        ),
        (
            "no promised date: every five working days, Christmas left out",
            SEK, owed("appeal-answer", "4 Dec 12:00", None), 1,
            ["Fri 11 Dec 07:00 remind 0", "Fri 18 Dec 07:00 remind 0", "Tue 29 Dec 07:00 remind 0"],
        ),
        (
            "safeguarding: at any hour, every hour, and the next on the ladder from the third time",
            CMS, owed("attend", "21 Nov 23:10", None, "safeguarding"), 2,
            ["Sun 22 Nov 00:10 remind 0", "Sun 22 Nov 01:10 remind 0", "Sun 22 Nov 02:10 escalate 1",
             "Sun 22 Nov 03:10 escalate 2", "Sun 22 Nov 04:10 escalate 2"],
        ),
        (
            "nobody above: they hear alone, every second working day, then weekly",
            CMS, owed("respond", "18 Nov 12:00", "20 Nov"), 0,
            ["Fri 20 Nov 07:00 remind 0", "Mon 23 Nov 07:00 overdue 0", "Wed 25 Nov 07:00 escalate 0",
             "Fri 27 Nov 07:00 escalate 0", "Fri 4 Dec 07:00 escalate 0"],
        ),
        (
            "what came before the day began is spoken of on the same day",
            CMS, owed("decide", "19 Nov 05:00", "20 Nov"), 1,
            ["Thu 19 Nov 07:00 remind 0", "Fri 20 Nov 07:00 remind 0", "Mon 23 Nov 07:00 overdue 1"],
        ),
    ],
)  # fmt: skip
def test_a_duty_is_spoken_of(why: str, policy: Policy, duty: Duty, rungs: int, steps: list[str]) -> None:
    assert course(policy, duty, len(steps), rungs) == steps, why


def test_the_organisations_own_closure_moves_a_reminder_forward() -> None:
    closed = replace(CMS, closures=((date(2026, 11, 30), date(2026, 12, 2), "stocktaking"),))

    # behaviour 67: on a day on which nobody works it would help nobody, and after the last one it would be too late
    assert course(closed, owed("respond", "18 Nov 12:00", "2 Dec"), 3) == [
        "Wed 25 Nov 07:00 remind 0", "Fri 27 Nov 07:00 remind 0", "Thu 3 Dec 07:00 overdue 1",
    ]  # fmt: skip


def test_what_is_opened_after_its_last_day_is_given_one_day() -> None:
    late = Duty("respond", at("18 Nov 12:00"), end_of("2 Nov"))

    assert next_step(late, CMS, late.opened_at) == Step(Stage.OVERDUE, 1, at("19 Nov 07:00"))


def test_after_days_of_not_running_there_is_one_next_step_and_it_is_today_s() -> None:
    """Behaviour 68: both reminders were missed, and the last day with them."""
    duty = owed("respond", "18 Nov 12:00", "2 Dec")

    assert next_step(duty, CMS, at("1 Dec 09:00"), Said(1, 0)) == Step(Stage.REMIND, 0, at("2 Dec 07:00"))
    assert next_step(duty, CMS, at("2 Dec 09:00"), Said(1, 0)) == Step(Stage.OVERDUE, 1, at("3 Dec 07:00"))
    assert next_step(duty, CMS, at("9 Dec 09:00"), Said(1, 1), 3) == Step(Stage.ESCALATE, 2, at("11 Dec 07:00"))


def test_the_window_of_an_appeal_is_the_complainant_s_and_nobody_is_reminded_of_it() -> None:
    assert next_step(owed("appeal", "18 Nov 12:00", "2 Dec"), CMS, at("18 Nov 12:00")) is None
    assert first_moment(CMS, "appeal", "board", end_of("2 Dec"), at("18 Nov 12:00")) is None


def test_what_is_owed_again_without_a_date_waits_as_long_as_before() -> None:
    duty = Duty("appeal-answer", at("4 Nov 12:00"), None)

    assert next_opened(SEK, duty, at("4 Dec 12:00")) == at("11 Dec 07:00")


def test_a_later_date_is_counted_from_the_opening_of_the_duty() -> None:
    """Three days more on two weeks are a long wait, not a short one."""
    duty = Duty("respond", at("18 Nov 12:00"), end_of("7 Dec"))

    assert next_opened(CMS, duty, at("2 Dec 10:00")) == at("4 Dec 07:00")


def test_another_date_gives_another_first_moment() -> None:
    now = at("1 Dec 10:00")

    assert first_moment(CMS, "respond", "", end_of("11 Dec"), now) == at("9 Dec 07:00")
    assert first_moment(CMS, "respond", "", end_of("1 Dec"), now) == at("2 Dec 07:00")
    assert first_moment(CMS, "respond", "", end_of("20 Nov"), now) == at("2 Dec 07:00")


def test_mornings_keep_their_hour_when_the_clocks_change() -> None:
    """The last day is after the night in which the clocks go back."""
    duty = Duty("respond", at("19 Oct 12:00"), end_of("27 Oct"))

    assert course(CMS, duty, 2) == ["Fri 23 Oct 07:00 remind 0", "Tue 27 Oct 07:00 remind 0"]
    assert [s.at.hour for s in _steps(duty, 2)] == [6, 7]


def _steps(duty: Duty, many: int) -> list[Step]:
    now, found = duty.opened_at, []
    for n in range(many):
        step = next_step(duty, CMS, now, Said(n, 0))
        assert step is not None
        found.append(step)
        now = step.at
    return found

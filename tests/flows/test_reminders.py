"""Reminders and the way up the ladder, through the program between two doors, on a clock that the test sets.

Wednesday 18 November 2026, noon: a complaint to a training provider. Dana decides, Hal investigates, Bea is the board.
Everybody's hours are the usual ones, Monday to Friday from half past eight.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from complaintmail.cli import main
from complaintmail.gateways.ports import Result
from complaintmail.passes.reminders import remind
from tests.support.bureau import JANE, Bureau, a_bureau, click, reply
from tests.support.doors import ADDRESS
from tests.support.staff import Got

LONDON = ZoneInfo("Europe/London")
ALREADY = "I have already answered"


def at(words: str) -> datetime:
    """ "18 Nov 08:30", 2026, local time."""
    return datetime.strptime(f"{words} 2026", "%d %b %H:%M %Y").replace(tzinfo=LONDON).astimezone(UTC)


class Office:
    """A bureau whose days go by, with what each of its people was told about duties."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau

    def on(self, words: str) -> None:
        """The clock is put there, and one pass is made."""
        self.bureau.clock.moment = at(words)
        self.bureau.passes()

    def days(self, until: str, hours: tuple[int, ...] = (3, 7, 9, 14, 20)) -> None:
        """Day by day, a few looks on each, up to and with this day; what is owed then goes."""
        day, last = self.bureau.clock.now(), at(f"{until} 23:00")
        while (day := day + timedelta(days=1)) <= last + timedelta(days=1):
            for hour in hours:
                moment = day.astimezone(LONDON).replace(hour=hour, minute=0)
                if self.bureau.clock.now() < moment <= last:
                    self.bureau.clock.moment = moment.astimezone(UTC)
                    if self.looks():
                        self.bureau.office.works[0].dispatcher.run()

    def looks(self) -> int:
        """What a pass does about duties, and nothing else of it."""
        office, now = self.bureau.office, self.bureau.clock.now()
        return remind(office.store, office.papers, [ADDRESS], now)

    def spoken(self, who: str) -> list[str]:
        """Since they last looked: 'Thu 19 09:00 Reminder: …' of each notice about a duty."""
        return [f"{_sent(got):%a %-d %H:%M} {got.subject}" for got in self.notices(who)]

    def notices(self, who: str) -> list[Got]:
        return [got for got in self.bureau.gets(who) if got.subject.startswith(("Reminder:", "Late since"))]

    def duty(self, kind: str) -> tuple[object, ...]:
        [row] = self.bureau.rows("SELECT state, steps FROM obligation WHERE kind = ?", kind)
        return row


def _sent(got: Got) -> datetime:
    return datetime.strptime(str(got.mail["Date"]), "%a, %d %b %Y %H:%M:%S %z").astimezone(LONDON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    """A complaint has come, and nobody has done anything yet."""
    bureau = a_bureau(folder)
    bureau.complains("The room was cold and nobody came.")
    yield Office(bureau)
    bureau.office.close()


@pytest.fixture
def given(office: Office) -> Office:
    """Hal deals with it, and has to answer by Wednesday 2 December."""
    [notice] = office.bureau.gets("dana")
    office.bureau.takes(reply("dana", notice, "#assign Hal"))
    for who in ("dana", "hal", "bea"):
        office.bureau.gets(who)
    return office


def test_cms_1_2_the_director_is_reminded_until_somebody_deals_with_it(office: Office) -> None:
    office.days("24 Nov")

    assert office.spoken("dana") == [
        "Thu 19 09:00 Reminder: decision due by Thursday 19 November [CMS-2026-000001]",
        "Fri 20 09:00 Late since Thursday 19 November: decision [CMS-2026-000001]",
        "Mon 23 09:00 Late since Thursday 19 November: decision [CMS-2026-000001]",
        "Tue 24 09:00 Late since Thursday 19 November: decision [CMS-2026-000001]",
    ]
    assert office.spoken("hal") == []
    assert [words[:9] for words in office.spoken("bea")] == ["Fri 20 09"]

    late = [got for got in office.bureau.all_to("dana") if got.subject.startswith("Late since")][-1]
    office.bureau.takes(click("dana", late, "Give it to Hal Handler"))
    office.days("27 Nov")

    assert office.duty("decide")[0] == "met"
    assert (office.spoken("dana"), office.spoken("bea")) == ([], [])


def test_an_answer_is_spoken_of_twice_before_its_last_day_and_goes_up_the_ladder_after_it(given: Office) -> None:
    given.days("22 Dec")

    assert given.spoken("hal") == [
        "Mon 30 09:00 Reminder: answer due by Wednesday 2 December [CMS-2026-000001]",
        "Wed 2 09:00 Reminder: answer due by Wednesday 2 December [CMS-2026-000001]",
        "Thu 3 09:00 Late since Wednesday 2 December: answer [CMS-2026-000001]",
        "Thu 10 09:00 Late since Wednesday 2 December: answer [CMS-2026-000001]",
        "Thu 17 09:00 Late since Wednesday 2 December: answer [CMS-2026-000001]",
    ]
    assert [words[:9] for words in given.spoken("bea")] == ["Thu 3 09:", "Thu 10 09", "Thu 17 09"]
    assert given.spoken("dana") == []
    given.bureau.office.close()
    proved = CliRunner().invoke(main, ["--config", str(given.bureau.folder / "config.toml"), "verify"])
    assert proved.exit_code == 0, proved.output


def test_a_reminder_says_the_clause_the_day_how_it_was_counted_and_what_can_be_done(given: Office) -> None:
    given.on("30 Nov 08:30")
    [notice] = given.notices("hal")

    words = " ".join(notice.words.split())
    assert notice.words.startswith("A plain reply to this mail is kept as a note on the case.")
    assert "The answer to this complaint is due by Wednesday 2 December." in words
    assert "How that day was counted: 10 working days from" in words
    assert "CMS-1.3a" in words
    assert "you deal with this case" in words
    assert "The room was cold" in words
    assert next(iter(notice.links())) == ALREADY
    assert {"Another date was agreed", "Give it to somebody else", "How does it stand?"} < set(notice.links())
    assert notice.mail["Auto-Submitted"] == "auto-generated"


def test_the_first_link_of_a_reminder_credits_the_duty_and_nothing_comes_after_it(given: Office) -> None:
    given.on("30 Nov 08:30")
    [notice] = given.notices("hal")

    given.bureau.takes(click("hal", notice, ALREADY, body="#answered today by telephone\n"))
    given.days("11 Dec")

    assert given.bureau.rows("SELECT state, evidence FROM obligation WHERE kind = 'respond'") == [
        ("met", "hal@staff.test says: answered on 30 November 2026, by telephone")
    ]
    assert (given.spoken("hal"), given.spoken("bea"), given.spoken("dana")) == ([], [], [])


def test_a_plain_reply_to_a_reminder_is_a_note_and_goes_to_nobody(given: Office) -> None:
    given.on("30 Nov 08:30")
    [notice] = given.notices("hal")
    before = len(given.bureau.all_to(JANE))

    given.bureau.takes(reply("hal", notice, "I am waiting for the plumber's report."))

    assert len(given.bureau.all_to(JANE)) == before
    assert [event["text"] for event in given.bureau.told("staff_note")] == ["I am waiting for the plumber's report."]
    assert given.duty("respond")[0] == "open"


def test_after_days_of_not_running_there_is_one_notice_and_it_says_how_it_stands_today(given: Office) -> None:
    """Behaviour 68: both reminders and the last day were slept through."""
    given.on("4 Dec 09:00")
    given.on("4 Dec 09:05")

    assert given.spoken("hal") == ["Fri 4 09:00 Late since Wednesday 2 December: answer [CMS-2026-000001]"]
    assert given.spoken("bea") == ["Fri 4 09:00 Late since Wednesday 2 December: answer [CMS-2026-000001]"]
    given.on("8 Dec 03:00")
    assert given.spoken("hal") == []


def test_what_was_answered_while_nothing_ran_is_not_spoken_of(given: Office) -> None:
    [first] = [got for got in given.bureau.all_to("hal") if got.subject.startswith("Yours to deal with")]
    given.bureau.comes(reply("hal", first, "Dear Jane,\n\nWe have mended the heating.\n\nHal"))

    given.on("4 Dec 09:00")
    given.days("9 Dec")

    assert given.duty("respond")[0] == "met"
    assert (given.spoken("hal"), given.spoken("bea"), given.spoken("dana")) == ([], [], [])


def test_a_reminder_that_waited_for_a_mail_server_does_not_go_once_the_duty_is_done(given: Office) -> None:
    given.bureau.postbox.answer = lambda letter: Result.LATER if letter.recipient == "hal@staff.test" else Result.SENT
    given.on("30 Nov 08:30")
    [decided] = [got for got in given.bureau.all_to("dana") if got.about == "to decide"]

    given.bureau.takes(reply("dana", decided, "#answered today by telephone"))
    given.bureau.postbox.answer = lambda letter: Result.SENT
    given.on("30 Nov 14:00")

    assert given.spoken("hal") == []
    assert given.bureau.rows("SELECT state, reason FROM letter WHERE kind = 'reminder'") == [
        ("cancelled", "what it reminds of was done meanwhile")
    ]


def test_a_reminder_of_the_night_or_of_a_sunday_waits_for_the_next_opening(given: Office) -> None:
    """Behaviour 67. Two working days before the last one is Monday 30 November."""
    for moment in ("28 Nov 12:00", "29 Nov 12:00", "30 Nov 03:00", "30 Nov 08:29"):
        given.on(moment)
        assert given.spoken("hal") == []
    given.on("30 Nov 08:30")

    assert len(given.spoken("hal")) == 1


def test_another_date_moves_the_reminders_with_it(given: Office) -> None:
    given.on("30 Nov 08:30")
    [notice] = given.notices("hal")

    given.bureau.takes(click("hal", notice, "Another date was agreed", body="#due 18 December they are abroad\n"))
    given.days("22 Dec")

    assert given.spoken("hal") == [
        "Fri 11 09:00 Reminder: answer due by Friday 18 December [CMS-2026-000001]",
        "Thu 17 09:00 Reminder: answer due by Friday 18 December [CMS-2026-000001]",
        "Mon 21 09:00 Late since Friday 18 December: answer [CMS-2026-000001]",
    ]


def test_whoever_the_complaint_is_about_never_hears_of_it(office: Office) -> None:
    [notice] = office.bureau.gets("dana")
    office.bureau.takes(reply("dana", notice, "#about Hal"))
    office.bureau.takes(reply("dana", notice, "#assign me"))

    office.days("15 Dec")

    assert office.bureau.all_to("hal") == []
    assert [words[:9] for words in office.spoken("dana")][:3] == ["Mon 30 09", "Wed 2 09:", "Thu 3 09:"]


def test_nor_does_the_next_on_the_ladder_if_it_is_about_them(office: Office) -> None:
    [notice] = office.bureau.gets("dana")
    office.bureau.takes(reply("dana", notice, "#about Bea"))
    office.bureau.takes(reply("dana", notice, "#assign Hal"))

    office.days("15 Dec")

    assert office.bureau.all_to("bea") == []
    assert [words[:9] for words in office.spoken("hal")][:3] == ["Mon 30 09", "Wed 2 09:", "Thu 3 09:"]


def test_f47_a_clock_that_was_ahead_for_a_while_silences_nobody(given: Office) -> None:
    given.bureau.clock.moment += timedelta(days=400)
    given.bureau.passes()
    given.notices("hal")

    given.on("25 Nov 09:00")
    given.days("2 Dec")

    assert given.spoken("hal") == [
        "Mon 30 09:00 Reminder: answer due by Wednesday 2 December [CMS-2026-000001]",
        "Wed 2 09:00 Reminder: answer due by Wednesday 2 December [CMS-2026-000001]",
    ]


def test_the_same_moment_looked_at_twice_says_it_once(given: Office) -> None:
    given.bureau.clock.moment = at("30 Nov 09:00")

    counts = [given.looks() for _ in range(3)]
    given.bureau.passes()

    assert counts == [1, 0, 0]
    assert len(given.spoken("hal")) == 1

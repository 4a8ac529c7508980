"""Whoever is away, silent, out of office or not to know: a reminder still reaches somebody, and never the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaintmail.gateways.ports import Outgoing, Result
from complaintmail.passes.chase import notice_missed
from complaintmail.store import journal, listing, schema
from complaintmail.store.choosing import Chosen
from complaintmail.store.late import how_many_late
from complaintmail.store.page import case_page
from complaintmail.store.reading import local_times, open_casebook
from tests.flows.test_reminders import ALREADY, Office, at
from tests.support.bureau import AT_ONCE, JANE, a_bureau, click, reply
from tests.support.doors import ADDRESS

Begins = Callable[..., Office]

HAL = """
[[person]]
name = "Hal Handler"
email = "hal@staff.test"
roles = ["investigator"]
deputy = "dep@staff.test"
"""
DEP = """
[[person]]
name = "Dep Uty"
email = "dep@staff.test"
roles = []
"""


@pytest.fixture
def begins(tmp_path: Path) -> Iterator[Begins]:
    """An office to which a complaint has come, on Wednesday 18 November at noon."""
    begun: list[Office] = []

    def begin(*, people: str | None = None, refuses: str = "", complains: bool = True, **more: Any) -> Office:
        if people is not None:
            more |= {"without": ("hal",), "extra": AT_ONCE + people}
        bureau = a_bureau(tmp_path, **more)
        begun.append(Office(bureau))
        if refuses:
            bureau.postbox.answer = _refusing(refuses)
        if complains:
            bureau.complains("The room was cold and nobody came.")
        return begun[-1]

    yield begin
    for office in begun:
        office.bureau.office.close()


def _refusing(address: str) -> Callable[[Outgoing], Result]:
    return lambda letter: Result.REFUSED if letter.recipient == address else Result.SENT


def to_hal(office: Office) -> Office:
    [notice] = office.bureau.gets("dana")
    office.bureau.takes(reply("dana", notice, "#assign Hal"))
    for who in ("dana", "hal", "bea", "dep"):
        office.bureau.gets(who)
    return office


def test_a_handler_who_is_away_is_stood_in_for_by_their_deputy(begins: Begins) -> None:
    office = to_hal(begins(people=f'{HAL}away = ["2026-11-27..2026-12-01"]\n{DEP}'))

    office.days("2 Dec")

    assert [words[:6] for words in office.spoken("dep")] == ["Mon 30"]
    assert [words[:5] for words in office.spoken("hal")] == ["Wed 2"]


def test_it_says_to_the_deputy_why_it_comes_to_them(begins: Begins) -> None:
    office = to_hal(begins(people=f'{HAL}away = ["2026-11-27..2026-12-01"]\n{DEP}'))

    office.on("30 Nov 08:30")
    [notice] = office.notices("dep")
    office.bureau.takes(click("dep", notice, ALREADY, body="#answered today by letter\n"))

    assert "you stand in for Hal Handler" in notice.words
    assert office.duty("respond")[0] == "met"


def test_where_mail_to_the_handler_comes_back_the_deputy_is_reminded(begins: Begins) -> None:
    """Behaviour 89, for duties: the duty stays as it is, and somebody who gets mail hears of it."""
    office = to_hal(begins(people=f"{HAL}{DEP}"))
    office.bureau.postbox.answer = _refusing("hal@staff.test")
    store = office.bureau.office.store
    with store.writing(at("30 Nov 07:30")) as writer:
        first = schema.letter.c.recipient == "hal@staff.test"
        writer.execute(schema.letter.update().where(first).values(bounced_at=at("30 Nov 07:30"), created_at=writer.now))
        writer.event("bounced", by="a test")

    office.days("2 Dec")

    assert [words[:6] for words in office.spoken("dep")] == ["Mon 30", "Wed 2 "]
    assert office.spoken("hal") == []
    assert office.duty("respond")[0] == "open"


def test_whoever_only_answers_automatically_is_not_waited_for(begins: Begins) -> None:
    office = to_hal(begins(people=f"{HAL}{DEP}"))
    with office.bureau.office.store.writing(at("20 Nov 12:00")) as writer:
        writer.execute(schema.person_state.delete().where(schema.person_state.c.email == "hal@staff.test"))
        writer.execute(schema.person_state.insert().values(email="hal@staff.test", absent=2))

    office.days("30 Nov")

    assert (len(office.spoken("dep")), office.spoken("hal")) == (1, [])


def test_whoever_is_not_at_work_before_the_last_day_ends_is_told_in_time_through_somebody_else(begins: Begins) -> None:
    """Hal works on Fridays alone; the answer is due on a Wednesday, and the reminders fall on Monday and Wednesday."""
    office = to_hal(begins(people=f'{HAL}hours = "Fri 09:00-12:00"\n{DEP}'))

    office.days("4 Dec", hours=(3, 9, 10, 14))

    assert [words[:12] for words in office.spoken("dep")] == ["Mon 30 09:00", "Wed 2 09:00 "]
    assert [words[:11] for words in office.spoken("hal")] == ["Fri 4 09:00"]


def test_an_acknowledgement_that_has_not_gone_is_put_before_who_can_let_it_go(begins: Begins) -> None:
    office = begins(refuses=JANE)

    office.days("20 Nov")

    about = [got for got in office.notices("dana") if "acknowledgement" in got.subject]
    assert [got.subject for got in about] == [
        "Reminder: acknowledgement due by Friday 20 November [CMS-2026-000001]"
    ]  # fmt: skip
    assert "It has not gone by itself" in about[0].words
    office.bureau.takes(click("dana", about[0], ALREADY, body="#answered today by telephone\n"))
    assert office.bureau.rows("SELECT state FROM obligation WHERE kind = 'acknowledge'") == [("met",)]


def test_nobody_is_reminded_of_an_acknowledgement_that_went_by_itself(begins: Begins) -> None:
    office = begins()

    office.days("1 Dec")

    assert office.bureau.rows("SELECT state, steps FROM obligation WHERE kind = 'acknowledge'") == [("met", 0)]
    assert [words for words in office.spoken("dana") if "acknowledgement" in words] == []


def stands_still(folder: Path) -> None:
    """A policy's file of their own, by which the days stand still while an answer is waited for."""
    (folder / "policies").mkdir()
    text = (files("complaintmail.policy") / "packaged" / "cms.toml").read_text(encoding="utf-8")
    pauses = text.replace('severity = "medium"', 'severity = "medium"\npauses = true', 1)
    (folder / "policies" / "cms.toml").write_text(pauses, encoding="utf-8")


def waits(office: Office, since: str) -> None:
    with office.bureau.office.store.writing(at(since)) as writer:
        writer.change(schema.case, {"id": 1}, {"status": "waiting", "waiting_since": at(since)})
        writer.event("waits", by="a test")


def test_while_the_case_waits_for_an_answer_a_reminder_says_so(begins: Begins) -> None:
    office = to_hal(begins())
    waits(office, "24 Nov 12:00")

    office.on("30 Nov 08:30")
    [notice] = office.notices("hal")

    words = " ".join(notice.words.split())
    assert "has waited for an answer since Tuesday 24 November. The date stays as it is" in words


def test_where_the_days_stand_still_meanwhile_nothing_becomes_late_and_it_is_not_forgotten(
    begins: Begins, tmp_path: Path
) -> None:
    """Behaviour 65, for reminders: the date will move by as much as was waited for."""
    stands_still(tmp_path)
    office = to_hal(begins())
    waits(office, "24 Nov 12:00")

    office.days("8 Dec")
    notices = office.notices("hal")

    assert [got.subject for got in notices] == ["Reminder: answer still owed [CMS-2026-000001]"] * 2
    assert "The days stand still while an answer is waited for." in " ".join(notices[0].words.split())
    assert office.spoken("bea") == []


def shown(office: Office, until: str) -> dict[str, Any]:
    """What the lists say of the answer that is owed."""
    bureau, now = office.bureau, at(until)
    missed = notice_missed(bureau.office.store, [ADDRESS], now)
    with open_casebook(f"sqlite:///{bureau.folder / 'cm.db'}") as reader:
        told = local_times(ZoneInfo("Europe/London"))
        page = case_page(reader, told, "CMS-2026-000001", now)
        assert page is not None
        return {
            "log": [case["overdue"] for case in listing.cases(reader, told, Chosen(), now)],
            "due": [duty["overdue"] for duty in listing.duties(reader, told, now) if duty["kind"] == "respond"],
            "show": [page["overdue"], *[one["state"] for one in page["obligations"] if one["kind"] == "respond"]],
            "status": how_many_late(reader, now),
            "missed": missed,
        }


def test_while_the_days_stand_still_no_list_says_that_it_is_late(begins: Begins, tmp_path: Path) -> None:
    stands_still(tmp_path)
    office = to_hal(begins())
    waits(office, "24 Nov 12:00")
    office.days("8 Dec")

    told = shown(office, "8 Dec 12:00")

    assert told == {"log": [False], "due": [False], "show": [False, "open"], "status": 0, "missed": 0}
    assert not any("Overdue" in got.words for got in office.bureau.all_to("hal"))


def test_what_was_late_before_is_late_in_every_list(begins: Begins, tmp_path: Path) -> None:
    stands_still(tmp_path)
    office = to_hal(begins())
    waits(office, "3 Dec 06:00")
    office.days("4 Dec")

    told = shown(office, "4 Dec 12:00")

    assert told == {"log": [True], "due": [True], "show": [True, "missed"], "status": 1, "missed": 1}


def test_what_was_late_before_the_days_stood_still_is_late(begins: Begins, tmp_path: Path) -> None:
    stands_still(tmp_path)
    office = to_hal(begins())
    waits(office, "3 Dec 06:00")

    office.days("3 Dec")

    assert [words[:21] for words in office.spoken("bea")] == ["Thu 3 09:00 Late sinc"]


def test_a_reminder_of_a_restricted_case_names_nobody_and_quotes_nothing(begins: Begins) -> None:
    office = to_hal(begins())
    [first] = [got for got in office.bureau.all_to("hal") if got.subject.startswith("Yours")]
    office.bureau.takes(reply("hal", first, "#restrict"))

    office.days("3 Dec")
    notices = [*office.notices("hal"), *office.notices("bea")]

    assert len(notices) == 4
    for notice in notices:
        said = f"{notice.subject}\n{notice.words}\n{notice.html}"
        for name in ("Jane", "jane@", "cold", "my course", "Hal Handler", "Bea Board"):
            assert name not in said, name
        assert "CMS-2026-000001 (restricted" in said


def test_what_concerns_safety_is_said_at_any_hour_and_again_every_hour_until_somebody_has_it(begins: Begins) -> None:
    """Saturday evening; nobody names a safeguarding lead, so the operations director has it."""
    office = begins(complains=False)
    office.bureau.clock.moment = at("21 Nov 23:10")
    office.bureau.complains("My daughter was hit by a tutor.")
    assert office.bureau.rows("SELECT state FROM obligation WHERE role = 'safeguarding'") == [("open",)]

    for hour in ("22 Nov 00:10", "22 Nov 00:40", "22 Nov 01:10", "22 Nov 02:10"):
        office.on(hour)
    notices = office.notices("dana")

    assert [str(got.mail["Date"])[5:22] for got in notices] == [
        "22 Nov 2026 00:10", "22 Nov 2026 01:10", "22 Nov 2026 02:10",
    ]  # fmt: skip
    assert notices[0].subject == "Late since Saturday 21 November: somebody may be at risk [CMS-2026-000001]"
    assert "every hour until somebody says that they see to it" in " ".join(notices[0].words.split())
    assert [words[:12] for words in office.spoken("bea")] == ["Sun 22 02:10"]
    office.bureau.clock.moment = at("22 Nov 02:30")
    office.bureau.takes(click("dana", notices[-1], "I am seeing to it"))
    office.on("22 Nov 04:10")
    assert (office.spoken("dana"), office.spoken("bea")) == ([], [])


def test_a_mail_that_belongs_to_no_case_is_spoken_of_too_and_its_link_settles_it(begins: Begins) -> None:
    office = begins(complains=False)
    store = office.bureau.office.store
    with store.writing(office.bureau.clock.now()) as writer:
        journal.owe_a_look(writer, ADDRESS, 77, "it is broken")
        writer.event("cannot_be_had", by="a test")

    office.days("26 Nov")
    [notice] = office.notices("dana")
    office.bureau.takes(click("dana", notice, "It is done already"))

    assert "look at it in the mailbox" in " ".join(notice.words.split())
    assert office.duty("attend")[0] == "met"


def test_a_long_stop_sends_nobody_more_than_a_handful_a_day(begins: Begins) -> None:
    office = begins(complains=False)
    with office.bureau.office.store.writing(office.bureau.clock.now()) as writer:
        for uid in range(1, 41):
            journal.owe_a_look(writer, ADDRESS, uid, "it is broken")
        writer.event("cannot_be_had", by="a test")

    office.on("27 Nov 09:00")
    assert len(office.notices("dana")) == 30
    office.days("30 Nov", hours=(3, 9, 10, 11))

    assert len(office.notices("dana")) == 10

"""What a mail on a case means for it: the questions that are asked of it, and what each answer changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from complaintmail.cases.continuing import Coming, Continuation, deed_of, for_somebody, on_behalf, read, third_party
from complaintmail.cases.deeds import Change, Meet, Redate, Write
from complaintmail.cases.scene import CaseNow, DutyNow
from complaintmail.mail.message import Message
from complaintmail.policy.load import find, packaged
from complaintmail.triage.known import KnownCase, KnownLetter

JANE, REGULATOR = "jane@one.test", "office@regulator.test"
CAME = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
POLICIES = {name: find(name, None) for name in packaged()}


def known(status: str = "open", **more: Any) -> KnownCase:
    standings = {JANE: "complainant", REGULATOR: "consulted", "sam@one.test": "third party"}
    case = KnownCase(
        1, "X-2026-000001", "cim", "complaint", status, "info@example.test", CAME, None, JANE, frozenset(standings),
        standings=standings,
    )  # fmt: skip
    return replace(case, **more)


NOTHING: tuple[str, Mapping[str, Any]] = ("", {})


def meant(
    words: str,
    case: KnownCase,
    *,
    writer: str = JANE,
    policy: str = "cim",
    cites: tuple[str, Mapping[str, Any]] = NOTHING,
) -> str | None:
    message = Message(sha256="", size=0, new_text=words, text=words)
    letters = (KnownLetter("l1", 1, cites[0], JANE, "sent", cites[1]),) if cites[0] else ()
    found = read(Coming(message, CAME, writer, case, POLICIES[policy], letters))
    return found.what if found is not None else None


@pytest.mark.parametrize(
    "words",
    [
        "I withdraw my complaint.",
        "I would like to withdraw my complaint, thank you.",
        "We have decided to withdraw our complaint",
        "Please withdraw my complaint.",
        "Please consider my complaint withdrawn.",
        "I hereby formally withdraw the complaint",
        "I am dropping my complaint.",
        "I no longer wish to pursue this complaint.",
        "I don\u2019t want to go on with my complaint.",
    ],
)
def test_somebody_takes_their_complaint_back(words: str) -> None:
    assert meant(words, known()) == "withdraws"


@pytest.mark.parametrize(
    "words",
    [
        "I will not withdraw my complaint.",
        "I never said that I withdraw my complaint",
        "Should I withdraw my complaint?",
        "If I withdraw my complaint, do I get the fee back?",
        "I refuse to withdraw my complaint",
        "My complaint is about the cash that I could not withdraw.",
        "He told me to drop the subject.",
    ],
)
def test_what_only_sounds_like_it_is_none(words: str) -> None:
    assert meant(words, known()) is None


def test_only_the_complainant_takes_it_back_and_only_while_it_is_open() -> None:
    assert meant("I withdraw the complaint.", known(), writer="sam@one.test") is None
    assert meant("I withdraw my complaint.", known("closed", outcome="withdrawn")) is None


@pytest.mark.parametrize(
    ("writer", "waits_for", "what"),
    [
        (JANE, JANE, "answers"),
        ("sam@one.test", JANE, "answers"),
        (JANE, REGULATOR, None),
        (REGULATOR, REGULATOR, "consulted"),
        (REGULATOR, JANE, "consulted"),
    ],
)
def test_a_case_goes_on_when_whom_it_waited_for_has_written(writer: str, waits_for: str, what: str | None) -> None:
    case = known("waiting", course={"waits_for": waits_for})

    assert meant("It was on Tuesday.", case, writer=writer) == what


def test_thanks_are_no_answer() -> None:
    assert meant("Thank you very much.", known("waiting", course={"waits_for": JANE})) is None


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("The lift has been out of order for a week, and nobody tells us anything.", "put-in-writing"),
        ("The room was cold.", "put-in-writing"),
        ("Thank you!", None),
        ("I will write it down at the weekend.", None),
        ("Must I?", None),
        ("ok", None),
    ],
)
def test_a_spoken_complaint_is_put_in_writing(words: str, what: str | None) -> None:
    assert meant(words, known(course={"in-writing": True}), policy="sek") == what


@pytest.mark.parametrize(
    ("words", "what"),
    [("Yes", "consents"), ("yes, she may.", "consents"), ("No.", "refuses"), ("No, he may not", "refuses"),
     ("Who is that?", "consent-unclear"), ("yes but not about money, no", "consent-unclear")],
)  # fmt: skip
def test_may_they_speak_for_you(words: str, what: str) -> None:
    assert meant(words, known(), cites=("consent", {"third": "mum@two.test"})) == what


def test_somebody_elses_yes_allows_nobody() -> None:
    assert meant("Yes", known(), writer="sam@one.test", cites=("consent", {"third": "mum@two.test"})) is None


@pytest.mark.parametrize(
    ("case", "what"),
    [
        (known("closed", outcome="upheld"), "finished"),
        (known("closed", responded=True), "finished"),
        (known("closed", outcome="withdrawn", responded=True), None),
        (known("closed", outcome="settled"), None),
        (known("closed"), None),
        (known("referred", course={"referred_to": "the study centre"}), "came-back"),
    ],
)
def test_further_mail_on_what_is_over(case: KnownCase, what: str | None) -> None:
    assert meant("You still have not told me why.", case) == what
    assert meant("You still have not told me why.", replace(case, policy="sek"), policy="ceme") != "finished"


def test_cim_end_no_more_letters_go_than_the_policy_says() -> None:
    message = Message(sha256="", size=0, new_text="And another thing.", text="And another thing.")
    case = known("closed", outcome="upheld")

    first = read(Coming(message, CAME, JANE, case, POLICIES["cim"]))
    second = read(Coming(message, CAME, JANE, replace(case, course={"finished": 1}), POLICIES["cim"]))

    assert first is not None and second is not None
    assert (first.letter, second.letter) == ("finished", None)
    assert first.asks == second.asks != ()


@pytest.mark.parametrize(
    ("words", "for_another"),
    [
        ("I write on behalf of my daughter, who is in year two.", True),
        ("I complain on my mother's behalf.", True),
        ("I am writing on behalf of Mrs Jones.", True),
        ("I am writing on behalf of our company.", False),
        ("My daughter was unhappy.", False),
        ("On behalf of everybody: thank you.", False),
    ],
)
def test_a_complaint_of_somebody_else(words: str, for_another: bool) -> None:
    assert for_somebody(words) == for_another


@pytest.mark.parametrize(
    ("words", "behalf"),
    [("I write on behalf of Jane Doe.", True), ("I am her solicitor.", True), ("As his carer I ask", True),
     ("I am acting for Jane.", True), ("I know Jane.", False), ("I am her husband.", False)],
)  # fmt: skip
def test_who_says_that_they_write_for_the_complainant(words: str, behalf: bool) -> None:
    assert on_behalf(words) == behalf


def test_a_complainant_is_asked_about_the_same_person_once_and_about_few() -> None:
    assert third_party(known(), "mum@two.test").noted["third"] == "mum@two.test"
    assert not third_party(known(course={"consent_asked": ["mum@two.test"]}), "mum@two.test").noted
    assert not third_party(known(course={"consent_asked": ["a@a.a", "b@b.b", "c@c.c"]}), "mum@two.test").noted
    assert not third_party(known(complainant=None), "mum@two.test").noted


def waiting(since: datetime, **course: Any) -> CaseNow:
    due = datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC)
    duties = (
        DutyNow(1, "acknowledge", "", "", due, "counted so.", None),
        DutyNow(2, "respond", "", "", due, "counted so.", None),
    )
    row = {"status": "waiting", "waiting_since": since, "severity": "medium", "course": {"waits_for": JANE, **course}}
    return CaseNow(1, row, {JANE: "complainant"}, duties=duties)


def test_a_policy_that_pauses_moves_the_answer_by_exactly_the_working_days_that_were_waited() -> None:
    """Row 65: from Wednesday to the Tuesday after are four working days; both dates stand in the reason."""
    policy = replace(POLICIES["cms"], pauses=True)
    answered = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    deed = deed_of(Continuation("answers"), waiting(CAME), policy, answered, "mail 7")

    [moved] = [effect for effect in deed.effects if isinstance(effect, Redate)]
    assert (moved.duty, str(moved.counted.due_on)) == (2, "2026-12-08")
    assert "4 working days: Wednesday 2 December 2026 became Tuesday 8 December 2026" in moved.counted.why
    [change] = [effect for effect in deed.effects if isinstance(effect, Change)]
    assert change.values["respond_by"] == moved.counted.due_at
    assert (change.values["status"], change.values["course"]) == ("open", {})
    assert deed.detail["waited_days"] == 5


def test_calendar_days_are_moved_by_calendar_days() -> None:
    policy = replace(POLICIES["ceme"], pauses=True)

    deed = deed_of(Continuation("answers"), waiting(CAME), policy, datetime(2026, 11, 24, 9, tzinfo=UTC), "mail 7")

    [moved] = [effect for effect in deed.effects if isinstance(effect, Redate)]
    assert str(moved.counted.due_on) == "2026-12-08" and "6 days" in moved.counted.why


@pytest.mark.parametrize("policy", POLICIES)
def test_no_date_moves_where_the_policy_says_nothing(policy: str) -> None:
    deed = deed_of(Continuation("answers"), waiting(CAME), POLICIES[policy], datetime(2026, 11, 24, tzinfo=UTC), "m")

    assert not [effect for effect in deed.effects if isinstance(effect, Redate)]


def test_a_refusal_answers_what_staff_were_asked() -> None:
    asked = DutyNow(9, "attend", "", "", None, "mum@two.test writes about this case and is not on it", None)
    row = {"status": "open", "waiting_since": None, "severity": "medium", "course": None}
    case = CaseNow(1, row, duties=(asked,))

    deed = deed_of(Continuation("refuses", noted={"third": "mum@two.test"}), case, POLICIES["cim"], CAME, "mail 7")

    assert [effect.duties for effect in deed.effects if isinstance(effect, Meet)] == [(9,)]


def test_the_question_to_the_complainant_names_who_wrote_and_nothing_else() -> None:
    row = {"status": "open", "waiting_since": None, "severity": "medium", "course": None}
    found = third_party(known(), "mum@two.test")

    deed = deed_of(found, CaseNow(1, row), POLICIES["cim"], CAME, "mail 7")

    [letter] = [effect for effect in deed.effects if isinstance(effect, Write)]
    assert (letter.kind, letter.to, letter.extra) == ("consent", None, {"who": "mum@two.test"})


def test_a_megabyte_is_read_in_no_time() -> None:
    for hostile in ("i " * 500_000, "on behalf of " * 80_000, "i do not want to " * 60_000):
        assert meant(hostile, known("waiting", course={"in-writing": True}), policy="sek") is not None

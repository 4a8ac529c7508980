"""Facts to try letters on: one ordinary case for a preview, and every kind of case that a letter can meet.

Pure: the same facts every time. The odd names are what real mail has brought: template and HTML code, headers,
scripts written from right to left, and names far too long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from complaintmail.letters.facts import CaseFacts, ExtraFacts, LetterFacts, PersonFacts, PolicyFacts
from complaintmail.letters.words import Words
from complaintmail.policy.duties import owed_on_opening, window_of
from complaintmail.policy.policy import Policy

RECEIVED_AT = datetime(2026, 3, 17, 10, 30, tzinfo=UTC)

ODD_NAMES = (
    "{{ 7*7 }} {% include '/etc/passwd' %}",
    "<script>alert(1)</script> & \"quotes\" 'single'",
    "**bold** _it_ `code` [x](javascript:1) ![y](http://a.test/p.png)",
    "Jane\r\nBcc: all@a.test\r\n\r\nbody",
    "# Heading\n- list\n\n> quote",
    "محمد عبد الله",
    "\u202egnp.exe\u202c\u2066",
    "Siân Ŵyn-Ŷ 👩🏽‍🌾",
    "x" * 5000,
    "{person}",
)


def ordinary(policy: Policy) -> LetterFacts:
    """A case like most, with the dates that the policy gives it: the facts of a preview."""
    owed = owed_on_opening(policy, received_at=RECEIVED_AT, written=True, severity=policy.severity, kind="complaint")
    due = {each.kind: each.counted.due_on for each in owed if each.counted is not None}
    answer, role = policy.duty("respond"), policy.role(policy.first)
    within = window_of(policy, answer, policy.severity)[0] if answer is not None else None
    return LetterFacts(
        case=CaseFacts(
            reference=f"{policy.prefix}-2026-000123",
            kind="complaint",
            received_on=RECEIVED_AT.date(),
            acknowledge_by=due.get("acknowledge"),
            respond_by=due.get("respond"),
            respond_within=str(within) if within is not None and "respond" in due else "",
            decide_by=due.get("set-date") or due.get("decide"),
            severity=policy.severity,
        ),
        policy=PolicyFacts.of(policy),
        person=PersonFacts("Alex Example", role.title if role else "Complaints Officer"),
        mailbox="complaints@example.test",
        today=RECEIVED_AT.date(),
        words=Words(
            "We spoke with everybody who was there, and read the notes of the day.\n\n"
            "The room was booked twice. You were right to tell us."
        ),
        extra=ExtraFacts(
            day="14 April 2026",
            old_day="31 March 2026",
            time="10:30",
            place="our office, room 2",
            reason="two of the people whom we need to speak with are away",
            decision="We uphold your complaint.",
            last_day="28 April 2026",
            appeal_to="a member of our board",
            appeal_within="10 working days",
            next_body="the ombudsman",
            next_contact="https://ombudsman.example",
            about="a room booked twice",
            who="Robin Example",
            where="the study centre",
            despair="yes",
            points=Words("Point 1: The room was taken\nOur finding: upheld.\nIt was booked twice."),
            actions=Words("- We give back what you paid.\n- The front desk has a list of bookings from Monday."),
            prevention=Words("Rooms are booked in one calendar only."),
            learning=Words("Two calendars never agree."),
            account=Words("She rang on Tuesday about the room."),
        ),
    )


def undated(policy: Policy) -> LetterFacts:
    """A person still has to set the date of the answer, and has said by when."""
    usual = ordinary(policy)
    decide_by = usual.case.decide_by or date(2026, 3, 18)
    return replace(usual, case=replace(usual.case, respond_by=None, respond_within="", decide_by=decide_by))


def dated(policy: Policy) -> LetterFacts:
    """The date of the answer is known, by the policy or by a person's word."""
    usual = ordinary(policy)
    return replace(usual, case=replace(usual.case, respond_by=usual.case.respond_by or date(2026, 4, 9)))


def every_kind(policy: Policy) -> Iterator[tuple[str, LetterFacts]]:
    """Each kind of case, with what is special about it in words."""
    usual = ordinary(policy)
    yield "an ordinary case", usual
    yield "no date for the answer", undated(policy)
    yield "a date for the answer", dated(policy)
    dateless = replace(usual.case, respond_by=None, respond_within="", decide_by=None, acknowledge_by=None)
    yield "no dates at all", replace(usual, case=dateless)
    yield "a date without its window", replace(usual, case=replace(dated(policy).case, respond_within=""))
    yield "nothing said besides", replace(usual, words=Words(), extra=ExtraFacts())
    yield "nobody by name", replace(usual, person=replace(usual.person, name=""))
    yield "nobody at all", replace(usual, person=PersonFacts("", ""))
    yield (
        "a policy without words for letters",
        replace(usual, policy=replace(usual.policy, deals="", next_step="", if_unhappy="", contact=())),
    )
    for name in ODD_NAMES:
        yield (
            f"a complainant called {name[:30]!r}",
            replace(usual, case=replace(usual.case, complainant=name, subject=name)),
        )

"""The books of a simulated year: from the outside, and by other means than the program's own, whether all is kept.

Each check gives a line for each thing that is wrong; an empty list is a year whose books balance. What was sent is
held against what the postbox took, the rest against the rows of the database.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.life import cast
from bench.life.firm import Firm
from bench.life.got import Letter
from bench.life.outside import SERIAL, Outside
from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify

TOKEN = re.compile(rb"cm-[a-z2-7]{43}")
SPOKEN = ("reminder", "overdue")
QUIET = (*SPOKEN, "digest")  # what goes only within the hours of whoever gets it
PASSING = timedelta(minutes=20)  # between two looks of the simulated daemon
WAITING = "SELECT id, kind, state, created_at, not_before, reason FROM letter WHERE state NOT IN ('sent', 'cancelled')"
ONE_ANSWER = ("acknowledgement", "outcome", "appeal-outcome", "settled", "withdrawn", "appeal-received")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class Books:
    """The books at one moment. `end`: nothing is on its way any more."""

    firm: Firm
    outside: Outside
    now: datetime
    broken: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Every check; what is wrong, each with the name of its check."""
        found = []
        for check in CHECKS:
            found += [f"{check.__name__.strip('_').replace('_', ' ')}: {line}" for line in check(self)]
        return found

    def by_the_month(self) -> list[str]:
        """What is cheap enough to be looked at while the year goes on."""
        found = []
        for check in (_every_duty_stands, _no_reminder_at_night, _no_heap_of_reminders, _references_without_gaps):
            found += [f"{check.__name__.strip('_').replace('_', ' ')}: {line}" for line in check(self)]
        return found

    def rows(self, sql: str, *params: object) -> list[dict[str, Any]]:
        columns = re.findall(r"(\w+)(?:,|$)", sql.partition(" FROM ")[0].replace("SELECT ", ""))
        return [dict(zip(columns, row, strict=True)) for row in self.firm.rows(sql, *params)]

    def slept(self, since: datetime, until: datetime) -> timedelta:
        """How long the daemon was stopped between these moments."""
        spans = (min(until, end) - max(since, begin) for begin, end in self.firm.stopped)
        return sum((span for span in spans if span > timedelta(0)), timedelta(0))

    def awake_after(self, at: datetime) -> datetime:
        """This moment, or the end of the stop that it falls in."""
        return next((end for begin, end in self.firm.stopped if begin <= at <= end), at)


def _every_mail_has_one_disposition(books: Books) -> Iterator[str]:
    journal = books.rows("SELECT id, state, evidence_of FROM journal")
    ours = sum(1 for row in journal if row["evidence_of"])
    if len(journal) - ours != books.firm.delivered:
        yield f"{books.firm.delivered} mails were sent to us, {len(journal) - ours} are in the journal"
    for row in journal:
        if row["state"] != "settled":
            yield f"mail {row['id']} is {row['state']}"
    answered = {row["answers"] for row in books.rows("SELECT answers FROM letter WHERE answers IS NOT NULL")}
    owed = {row["message_id"] for row in books.rows("SELECT message_id FROM obligation WHERE message_id IS NOT NULL")}
    understood = books.rows("SELECT id, kind, case_id, duplicate_of, not_answered FROM message")
    for row in understood:
        known = row["case_id"], row["duplicate_of"], row["not_answered"]
        if row["id"] not in answered and row["id"] not in owed and not any(known) and row["kind"] != "staff":
            yield f"mail {row['id']} ({row['kind']}) has none"
        if row["duplicate_of"] and row["id"] in answered:
            yield f"mail {row['id']} came before, and was answered all the same"
    if len(understood) + ours != len(journal):
        yield f"{len(journal)} mails, but {len(understood)} were understood and {ours} are copies of our own"


def _every_complaint_is_answered_in_its_window_or_somebody_knew(books: Books) -> Iterator[str]:
    cases = books.rows(
        "SELECT id, reference, kind, received_at, acknowledge_by, acknowledged_at FROM cases WHERE kind = 'complaint'"
    )
    for case in cases:
        if case["acknowledge_by"] is None:
            continue
        by = moment(case["acknowledge_by"])
        at = moment(case["acknowledged_at"]) if case["acknowledged_at"] else None
        if (at or books.now) <= by or books.awake_after(moment(case["received_at"])) > by:
            continue
        duties = books.rows(
            "SELECT id, state FROM obligation WHERE kind IN ('acknowledge', 'attend') AND (case_id = ? "
            "OR message_id IN (SELECT id FROM message WHERE case_id = ?))",
            *(case["id"], case["id"]),
        )
        told: list[object] = [one for duty in duties for one in _spoken_of(books, duty["id"]) if one <= by]
        told += books.firm.rows(  # of a mail that was on another case before: as soon as it came
            "SELECT 1 FROM letter WHERE audience = 'staff' AND state = 'sent' AND sent_at <= ? "
            "AND answers IN (SELECT id FROM message WHERE case_id = ?)",
            *(case["acknowledge_by"], case["id"]),
        )
        if not told and not all(duty["state"] == "void" for duty in duties):
            yield f"{case['reference']} was to be acknowledged by {by}, was at {at}, and nobody was told before"


def _no_complaint_is_lost(books: Books) -> Iterator[str]:
    """What somebody wrote as a complaint is one, or was put before a person."""
    for writer in books.outside.writers.values():
        if writer.kind not in ("complaint", "praise and complaint", "empty"):
            continue
        mails = books.rows(
            "SELECT id, kind, case_id, duplicate_of, not_answered FROM message WHERE from_address = ? ORDER BY id",
            writer.address,
        )
        if not mails or mails[0]["case_id"] is None:
            got = mails[0] if mails else "nothing"
            yield f"{writer.matter} of {writer.wrote_at[0]:%-d %b %H:%M} has no case: {got}"


def _no_letter_twice(books: Books) -> Iterator[str]:
    """One to staff may come a second time after a kill: no copy of those comes back to say that it went."""
    ids = Counter((str(Letter.of(sent.data).mail["Message-ID"]), sent.recipient) for sent in books.firm.postbox.taken)
    kills = books.firm.kills
    for (message_id, recipient), times in ids.items():
        if times > 1 and recipient.endswith("@staff.test") and kills:
            kills -= 1
        elif times > 1:
            yield f"{message_id} left {times} times"


def _no_case_answered_twice(books: Books) -> Iterator[str]:
    reopened: Counter[int] = Counter()
    for row in books.rows("SELECT case_id, what FROM event WHERE what IN ('staff_reopened', 'staff_reopen')"):
        reopened[row["case_id"]] += 1
    sent = books.rows("SELECT case_id, kind, recipient FROM letter WHERE audience = 'complainant' AND state = 'sent'")
    for (case_id, kind, recipient), times in Counter(
        (row["case_id"], row["kind"], row["recipient"]) for row in sent if row["case_id"]
    ).items():
        if kind in ONE_ANSWER and times > 1 + reopened[case_id] + (kind == "appeal-received"):
            yield f"case {case_id}: {kind} went {times} times to {recipient}"


def _every_duty_stands(books: Books) -> Iterator[str]:
    duties = books.rows(
        "SELECT id, case_id, kind, state, role, due_at, met_at, evidence, next_at, opened_at FROM obligation"
    )
    for duty in duties:
        name = f"duty {duty['id']} ({duty['kind']}, case {duty['case_id']}, due {duty['due_at']})"
        if duty["state"] == "met" and not (duty["met_at"] and duty["evidence"]):
            yield f"{name} is met, without when or how"
        if duty["state"] == "void" and not duty["evidence"]:
            yield f"{name} is void, and no reason stands there"
        if duty["state"] == "void" or duty["kind"] == "appeal":
            continue
        if duty["state"] == "open" and duty["next_at"] is None:
            yield f"{name} is open, and nothing will be said of it"
        if duty["due_at"] is None:
            continue
        due = moment(duty["due_at"])
        ended = moment(duty["met_at"]) if duty["met_at"] else books.now
        limit = cast.working_days_after(books.awake_after(due), 1)
        limit = max(cast.working_days_after(books.awake_after(limit), 1), limit) if books.slept(due, limit) else limit
        if moment(duty["opened_at"]) > due:
            limit = max(limit, cast.working_days_after(books.awake_after(moment(duty["opened_at"])), 1))
        if ended > limit and not any(due - timedelta(days=40) <= at <= limit for at in _spoken_of(books, duty["id"])):
            yield f"{name} was late, {duty['met_at'] or 'is open'}, and nobody was told by {limit:%-d %b %H:%M}"


def _nothing_goes_to_whom_it_is_about(books: Books) -> Iterator[str]:
    """By the case's own letters, and by the number of the matter in any mail that came to them."""
    barred = {
        (row["case_id"], row["email"].lower()): at
        for row in books.rows("SELECT case_id, email, standing FROM case_person WHERE standing <> 'cleared'")
        if (at := _barred_since(books, row["case_id"], row["email"])) is not None
    }
    cases = {row["reference"]: row["id"] for row in books.rows("SELECT id, reference FROM cases")}
    for row in books.rows("SELECT id, case_id, kind, recipient, created_at FROM letter WHERE audience = 'staff'"):
        since = barred.get((row["case_id"], row["recipient"].lower()))
        if (
            since is not None
            and moment(row["created_at"]) > since
            and row["kind"] not in ("taken-over", "answer-staff")
        ):
            yield f"{row['kind']} of case {row['case_id']} went to {row['recipient']}, who may not have it"
    who = {email for _, email in barred}
    numbers = {
        (writer.number, email): since
        for writer in books.outside.writers.values()
        for (case_id, email), since in barred.items()
        if any(
            row["case_id"] == case_id
            for row in books.rows("SELECT case_id FROM message WHERE from_address = ?", writer.address)
        )
    }
    for sent in books.firm.postbox.taken:
        email = sent.recipient.lower()
        if email not in who:
            continue
        letter = Letter.of(sent.data)
        at = datetime.strptime(str(letter.mail["Date"]), "%a, %d %b %Y %H:%M:%S %z")
        words = " ".join(letter.words.split())
        for found in SERIAL.findall(words):
            since = numbers.get((int(found), email))
            if since is not None and at > since + timedelta(minutes=1) and not letter.subject.startswith("Not done"):
                yield f"{letter.subject!r} with booking {found} went to {email}"
        for reference, case_id in cases.items():
            since = barred.get((case_id, email))
            known = letter.subject.startswith(("No longer yours", "Not done"))
            if since is not None and at > since + timedelta(minutes=1) and reference in words and not known:
                yield f"{letter.subject!r} names {reference} to {email}"


def _barred_since(books: Books, case_id: int, email: str) -> datetime | None:
    for row in books.rows("SELECT at, rows FROM event WHERE case_id = ? ORDER BY id", case_id):
        if '"case_person"' in row["rows"] and email.lower() in row["rows"].lower():
            return moment(row["at"])
    return None


def _no_reminder_at_night(books: Books) -> Iterator[str]:
    members = {member.email: member for member in cast.MEMBERS.values()}
    sent = books.rows(
        "SELECT id, kind, recipient, about, sent_at FROM letter WHERE audience = 'staff' AND state = 'sent' "
        "AND kind IN ('reminder', 'overdue', 'digest')"
    )
    safety = {row["id"] for row in books.rows("SELECT id FROM obligation WHERE role = 'safeguarding'")}
    for row in sent:
        about = json.loads(row["about"] or "{}").get("duty")
        at = moment(row["sent_at"])
        if about not in safety and not members[row["recipient"]].at_work(at):
            there = f"{at.astimezone(cast.LONDON):%a %-d %b %H:%M}"
            yield f"{row['kind']} {row['id']} went to {row['recipient']} at {there}"


def _no_heap_of_reminders(books: Books) -> Iterator[str]:
    """One notice a duty, person and day, also after the daemon was down; none after it was done."""
    safety = {row["id"] for row in books.rows("SELECT id FROM obligation WHERE role = 'safeguarding'")}
    ended = _known_to_be_met(books)
    days: Counter[tuple[Any, ...]] = Counter()
    for row in books.rows(
        "SELECT kind, recipient, about, created_at FROM letter WHERE kind IN ('reminder', 'overdue')"
    ):
        duty, at = json.loads(row["about"] or "{}").get("duty"), moment(row["created_at"])
        days[duty, row["recipient"], at.astimezone(cast.LONDON).date()] += 1
        if duty in ended and ended[duty] < at:
            yield f"duty {duty} was known to be done at {ended[duty]}, and {row['recipient']} was reminded at {at}"
    for (duty, recipient, day), times in days.items():
        if times > 1 and duty not in safety:
            yield f"{recipient} heard {times} times of duty {duty} on {day}"


def _no_token_leaves_the_house(books: Books) -> Iterator[str]:
    members = [member.email.encode() for member in cast.MEMBERS.values()]
    for sent in books.firm.postbox.taken:
        if sent.recipient.lower().endswith("@staff.test"):
            continue
        if TOKEN.search(sent.data):
            yield f"a letter to {sent.recipient} carries a token"
        for member in members:
            if member in sent.data:
                yield f"a letter to {sent.recipient} carries {member.decode()}"


def _references_without_gaps(books: Books) -> Iterator[str]:
    years: defaultdict[int, list[int]] = defaultdict(list)
    for row in books.rows("SELECT year, number FROM cases ORDER BY year, number"):
        years[row["year"]].append(row["number"])
    for year, numbers in years.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the numbers of {year} have gaps"


def _nothing_stays_behind(books: Books) -> Iterator[str]:
    """A letter that is to go has gone; one in doubt or held has its reason."""
    for row in books.rows(WAITING):
        if books.now - moment(row["not_before"] or row["created_at"]) > timedelta(days=1) and not (
            row["state"] == "held" and row["reason"]
        ):
            yield f"{row['kind']} {row['id']} of {row['created_at']} is still {row['state']} ({row['reason']})"


def _verify_is_clean(books: Books) -> Iterator[str]:
    reader = open_casebook(f"sqlite:///{books.firm.folder}/cm.db")
    try:
        for finding in verify(reader, books.firm.folder / "raw"):
            if not finding.note:
                yield str(finding)
    finally:
        reader.close()


def _spoken_of(books: Books, duty: int) -> list[datetime]:
    """When somebody was told of this duty."""
    return [
        moment(row["sent_at"])
        for row in books.rows(
            "SELECT sent_at FROM letter WHERE audience = 'staff' AND state = 'sent' "
            "AND json_extract(about, '$.duty') = ?",
            duty,
        )
    ]


def _known_to_be_met(books: Books) -> dict[int, datetime]:
    """Since when the program knows that a duty was done: somebody may have said so later than they did it."""
    known: dict[int, datetime] = {}
    for row in books.rows("SELECT at, rows FROM event WHERE rows LIKE '%met_at%' ORDER BY id"):
        for table, changed in json.loads(row["rows"]):
            if table != "obligation" or "met_at" not in changed:
                continue
            if changed["met_at"]:
                known[changed["id"]] = moment(row["at"])
            else:
                known.pop(changed["id"], None)  # it is owed again: a second letter came back, say
    return known


Check = Callable[[Books], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    _every_mail_has_one_disposition,
    _every_complaint_is_answered_in_its_window_or_somebody_knew,
    _no_complaint_is_lost,
    _no_letter_twice,
    _no_case_answered_twice,
    _every_duty_stands,
    _nothing_goes_to_whom_it_is_about,
    _no_reminder_at_night,
    _no_heap_of_reminders,
    _no_token_leaves_the_house,
    _references_without_gaps,
    _nothing_stays_behind,
    _verify_is_clean,
)

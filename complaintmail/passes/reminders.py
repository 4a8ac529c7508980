"""Reminders before the last day of whatever is owed, and the way up the ladder after it.

Each open duty knows when something is to be said of it next (`next_at`). When that comes, whoever owes it today gets
one notice of how it stands today, within their own hours; after days of not running there is one, never a heap, and
none of what was done meanwhile. The letter, its number and the next moment are one commit, so a crash or a second
process tells nobody twice. One that fails is put off by a day, loudly, and keeps no other from being told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from complaintmail.cases.appeals import hears, involved
from complaintmail.cases.budget import counted_as
from complaintmail.cases.hours import next_opening
from complaintmail.cases.kinds import OF_THE_POLICY, PAUSABLE
from complaintmail.cases.owing import APPEALS, NAMED, Owing
from complaintmail.cases.people import NOBODY, Officer, Person
from complaintmail.cases.post import NoticeKind
from complaintmail.cases.reminding import Duty, Said, Stage, next_moment, next_opened, stage_at
from complaintmail.cases.scene import ActionNow, CaseNow
from complaintmail.letters.reminders import Reminded, reminder
from complaintmail.log import Log
from complaintmail.passes.instruction import ABSENT_AFTER
from complaintmail.passes.item import net
from complaintmail.passes.reviewing import paper_of
from complaintmail.passes.staff_papers import Papers
from complaintmail.policy.duties import calendar_of
from complaintmail.store import reminded, scenes, schema
from complaintmail.store.engine import Store
from complaintmail.store.record import Writer

log = Log("reminders")
BATCH = 50
MOST_A_DAY = 30  # to one person, after a long stop: the rest stands in their list, and comes the next days
PUT_OFF = timedelta(days=1)
AFTER_THE_ANSWER = timedelta(hours=1)
ON_ITS_WAY = ("queued", "sending")
ANSWERED = frozenset(
    {"decide", "set-date", "contact", "confirm", "acknowledge", "respond", "progress"}
    | {"appeal-acknowledge", "appeal-answer"}
)
MOOT = frozenset({"decide", "set-date", "contact", "confirm"})  # once the answer has been given


def remind(store: Store, papers: Mapping[str, Papers], mailboxes: Sequence[str], now: datetime) -> int:
    """Say what is to be said now; of how many duties something was said, or put off."""
    mine = [mailbox for mailbox in mailboxes if mailbox in papers]
    if not mine:
        return 0
    with store.reading() as connection:
        rows = reminded.whose_turn(connection, mine, now, BATCH)
        overtaken = reminded.overtaken(connection, mine)
        astray = reminded.astray(connection, mine, now)
    if astray:
        _set_right(store, papers, astray, now)
    if overtaken:
        _withdraw(store, mine, now)
    if not rows:
        return 0
    turns = [(papers[mailbox], duty_id) for duty_id, mailbox in rows]
    _, failure = net(lambda: _say(store, turns, now))
    if failure is not None:
        for turn in turns:
            _say_alone(store, turn, now)
    return len(rows)


def _set_right(store: Store, papers: Mapping[str, Papers], rows: Sequence[Any], now: datetime) -> None:
    """The machine's clock was ahead when these were spoken of, and would keep them silent until then."""
    with store.writing(now) as writer:
        for row in rows:
            duty = Duty(row.kind, row.opened_at, row.due_at, row.role)
            reminded.spoken(writer, row.id, next_opened(papers[row.mailbox].policy, duty, now), row.steps)
    log.warning("moments_set_right", duties=len(rows), why="the clock was ahead when they were set")


def _withdraw(store: Store, mailboxes: Sequence[str], now: datetime) -> None:
    """While a mail server was away, notices waited, and what they are about was done: they do not go any more."""
    with store.writing(now) as writer:
        for letter_id, case_id in reminded.overtaken(writer.connection, mailboxes):
            reminded.withdraw(writer, letter_id, case_id)


def _say(store: Store, turns: Sequence[tuple[Papers, int]], now: datetime) -> None:
    with store.writing(now) as writer:
        for papers, duty_id in turns:
            writer.so_far()
            row = reminded.still(writer.connection, duty_id, now)
            if row is not None:
                _Turn(writer, papers, row).take()


def _say_alone(store: Store, turn: tuple[Papers, int], now: datetime) -> None:
    """One that fails by itself is put off, loudly."""
    _, failure = net(lambda: _say(store, [turn], now))
    if failure is None:
        return
    log.error("not_reminded", duty=turn[1], why=failure)
    with store.writing(now) as writer:
        row = reminded.still(writer.connection, turn[1], now)
        if row is not None:
            reminded.spoken(writer, row.id, now + PUT_OFF, row.steps)
            writer.event("not_reminded", by="complaintmail", case_id=row.case_id, duty=row.id, why=failure)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is said now, and to whom: each with their rung on the ladder, 0 for who owes it."""

    stage: Stage
    seq: int
    told: tuple[tuple[Officer, int], ...]
    case: CaseNow | None
    held: str  # why the acknowledgement has not gone
    owing: Owing
    owes: Officer

    @property
    def also(self) -> str:
        """Who hears of it as well."""
        return next((f"the {other.title}" if other.title else other.name for other, rung in self.told if rung), "")


@dataclass(slots=True)
class _Turn:
    """One duty whose turn has come."""

    writer: Writer
    papers: Papers
    row: Any
    paused: bool = False  # it waits for the complainant, and under this policy the days stand still

    @property
    def now(self) -> datetime:
        return self.writer.now

    @property
    def duty(self) -> Duty:
        return Duty(self.row.kind, self.row.opened_at, self.due_at, self.row.role)

    @property
    def due_at(self) -> datetime | None:
        return None if self.paused else self.row.due_at

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < self.now

    def take(self) -> None:
        connection, row = self.writer.connection, self.row
        case = scenes.case_now(connection, row.case_id) if row.case_id is not None else None
        if case is not None and row.kind in ANSWERED and any(one.state in ON_ITS_WAY for one in case.going):
            reminded.spoken(self.writer, row.id, self.now + AFTER_THE_ANSWER, row.steps)  # it is about to be met
            return
        self.paused = case is not None and self._stands_still(case)
        held = self._held(case)
        owing = self._owing(case)
        owes = owing.today()
        if held is None or owes.email is None:
            self._go_on(Said(row.steps, reminded.said_late(connection, row)), 1)
            if owes.email is None:
                log.debug("nobody_to_remind", duty=row.id, kind=row.kind)  # `check` and `status` say who is missing
            return
        to, opens = self._who_is_there(owing, owes)
        assert to.email is not None
        if opens <= self.now and self._too_many(to.email):
            opens = self._tomorrow(to)
        if opens > self.now:
            reminded.spoken(self.writer, row.id, opens, row.steps)
            return
        said = Said(row.steps, reminded.said_late(connection, row))
        above = owing.above(to.email)
        stage, rung = stage_at(self.duty, self.now, said, len(above))
        told = [(to, 0)] + ([(above[rung - 1], rung)] if rung else [])
        later = self._tell(_Step(stage, reminded.number(row.id, row.steps), tuple(told), case, held, owing, owes))
        if later is not None and later < (self._next(said, len(above)) or later):
            reminded.spoken(self.writer, row.id, later, row.steps)  # the same step, for who is not at work yet
            return
        self._go_on(said, len(above), spoken=True)

    # When, and to whom

    def _owing(self, case: CaseNow | None) -> Owing:
        row, policy, people = self.row, self.papers.policy, self.papers.people
        emails = [person.email for person in people.persons]
        silent = reminded.silent(self.writer.connection, emails, self.now, ABSENT_AFTER)
        without, named = case.excluded if case is not None else NOBODY, (row.owner or {}).get("email")
        if case is not None and row.kind in APPEALS and policy.appeal is not None:
            without |= involved(case)
            named = hears(policy, people, case, self._today(), silent).email
        return Owing(
            kind=row.kind,
            role=row.role,
            policy=policy,
            people=people,
            on=self._today(),
            area=str(case.row["area"]) if case is not None and case.row["area"] else None,
            handler=case.handler if case is not None else None,
            named=named,
            without=without,
            silent=silent,
        )

    def _today(self) -> date:
        return self.now.astimezone(self.papers.zone).date()

    def _opens(self, person: Person | None) -> datetime:
        """When they may be written to: now, or their next hour. Safety waits for nobody's hours."""
        policy = self.papers.policy
        if person is None or self.duty.safety:
            return self.now
        return next_opening(person, self.now, policy.timezone, calendar_of(policy))

    def _who_is_there(self, owing: Owing, owes: Officer) -> tuple[Officer, datetime]:
        """Who owes it, and when they are at work; where that is too late, whoever is there before."""
        opens, due = self._opens(owing.people.at(owes.email)), self.due_at
        if due is None or self.late or opens <= due:
            return owes, opens
        for person in owing.others(owes.email or ""):
            earlier = self._opens(person)
            if earlier <= due:
                why = f"{owes.name} is not at work before it is due"
                return Officer(owes.role, owes.title, person.name, person.email, why), earlier
        return owes, opens

    def _too_many(self, email: str) -> bool:
        if self.duty.safety:
            return False
        return reminded.said_today(self.writer.connection, email, self.now) >= MOST_A_DAY

    def _tomorrow(self, to: Officer) -> datetime:
        person, policy = self.papers.people.at(to.email), self.papers.policy
        assert person is not None
        return max(
            next_opening(person, self.now + PUT_OFF, policy.timezone, calendar_of(policy)),
            self.now + timedelta(minutes=1),
        )

    def _stands_still(self, case: CaseNow) -> bool:
        """It was not late when the waiting began, and its date will move by as much as is waited for."""
        since, due = case.row["waiting_since"], self.row.due_at
        waits = self.papers.policy.pauses and case.status == "waiting" and since is not None
        return waits and self.row.kind in PAUSABLE and due is not None and due >= since

    def _actions(self, case: CaseNow | None) -> list[ActionNow]:
        """The action that this duty stands for."""
        mine = case.actions if case is not None and self.row.kind == "action" else ()
        return [each for each in mine if each.n == self.row.round]

    def _held(self, case: CaseNow | None) -> str | None:
        """Why the acknowledgement has not gone, '' for anything else; None: there is nothing to say now."""
        kind, row = self.row.kind, self.row
        if case is None:
            return ""
        if kind in MOOT and case.row["responded_at"] is not None:
            return None
        if any(each.done_at is not None for each in self._actions(case)):
            return None
        if kind in ("acknowledge", "appeal-acknowledge"):
            on_its_way, why = reminded.acknowledgement(self.writer.connection, row.case_id, kind)
            return None if on_its_way and not self.late else why
        if kind == "attend" and reminded.stands_for_it(row.why, [duty.kind for duty in case.duties]):
            return None
        return ""

    def _next(self, said: Said, rungs: int) -> datetime | None:
        return next_moment(
            self.duty, self.papers.policy, self.now, Said(said.steps + 1, said.late + self.late), rungs
        )  # fmt: skip

    def _go_on(self, said: Said, rungs: int, *, spoken: bool = False) -> None:
        """Nothing more now."""
        if spoken:
            reminded.spoken(self.writer, self.row.id, self._next(said, rungs), said.steps + 1)
            return
        then = next_moment(self.duty, self.papers.policy, self.now, Said(max(1, said.steps), said.late), rungs)
        reminded.spoken(self.writer, self.row.id, then, said.steps)

    # What

    def _tell(self, step: _Step) -> datetime | None:
        """Owe each of them the notice of this step; when the first of those who are not at work yet is, if any."""
        row = self.row
        before = reminded.told_of(self.writer.connection, row.case_id, step.seq)
        later: list[datetime] = []
        for officer, rung in step.told:
            assert officer.email is not None
            key = counted_as(officer.email)
            if key in before or (not rung and before):
                continue
            opens = self._opens(step.owing.people.at(officer.email)) if rung else self.now
            if opens > self.now:
                later.append(opens)
                continue
            before |= {key}
            moved = officer is step.owes and (row.owner or {}).get("email") != officer.email
            if moved and row.kind not in NAMED:  # it is theirs now, and `due` says so
                self.writer.change(schema.obligation, {"id": row.id}, {"owner": officer.as_json()})
            self._put(step, officer, rung)
        return min(later, default=None)

    def _put(self, step: _Step, officer: Officer, rung: int) -> None:
        row, papers, policy, case = self.row, self.papers, self.papers.policy, step.case
        known = policy.role(step.owing.asked)
        waits = case is not None and case.status == "waiting"
        owed = Reminded(
            kind=row.kind,
            due_at=self.due_at,
            why=next((each.text for each in self._actions(case)), row.why),
            zone=papers.zone,
            now=self.now,
            clause=policy.clause(row.clause) if row.clause else None,
            rung=rung,
            also=step.also if not rung else "",
            role=known.title if known else "",
            why_them=_why(officer, case) if not rung else "",
            waits_since=(case.row["waiting_since"] or row.opened_at) if case is not None and waits else None,
            paused=self.paused,
            safety=self.duty.safety,
            asked_to_hear=row.kind in APPEALS and (case is None or case.handler is None),
            held=step.held,
            n=row.round,
            holders=self._holders(step, officer) if row.kind == "decide" else (),
        )
        if row.kind in OF_THE_POLICY:
            paper = paper_of(self.writer, papers, row, officer)
        else:
            paper = reminder(papers.case_told(self.writer, case.id) if case is not None else None, owed)
        about = {"duty": row.id} | ({"review": row.kind} if row.kind in OF_THE_POLICY else {})
        kind = NoticeKind.REMINDER if step.stage is Stage.REMIND else NoticeKind.OVERDUE
        assert officer.email is not None
        papers.send(self.writer, officer.email, kind, step.seq, paper, case=case, about=about, entry=row.message_id)

    def _holders(self, step: _Step, officer: Officer) -> list[tuple[str, str]]:
        """Who could deal with the case; a restricted one names nobody."""
        owing = step.owing
        if step.case is not None and step.case.row["restricted"]:
            return []
        return [
            (one.name, one.email)
            for one in owing.people.persons
            if one.serves(owing.policy)
            and one.key not in owing.without
            and one.email != officer.email
            and not one.is_away(owing.on)
        ]


_PARTS = {"handler": "you deal with this case", "owner": "it was given to you"}


def _why(officer: Officer, case: CaseNow | None) -> str:
    """What brought it to them; of a restricted case without anybody's name."""
    if not officer.why:
        return _PARTS.get(officer.role, "")
    if case is not None and case.row["restricted"]:
        return "you stand in for whoever owes it"
    return officer.why

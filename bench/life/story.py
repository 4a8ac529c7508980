"""A year goes by: from one thing that happens to the next, with no step in between."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from bench.life import cast
from bench.life.desk import Desk, Plan
from bench.life.firm import BEGIN, Firm
from bench.life.got import Letter
from bench.life.outside import Outside, Writer

Happens = Callable[[datetime], None]
STUCK = timedelta(minutes=15)  # until the program is asked again for what it still has to do
MORNINGS = time(8, 31)


@dataclass
class Life:
    """A firm, everybody inside and outside, and what is going to happen."""

    firm: Firm
    seed: int
    mails: int
    weeks: int = 52
    each_month: Callable[[datetime], None] = lambda _: None
    outside: Outside = field(init=False)
    desks: dict[str, Desk] = field(init=False)
    subjects: Counter[str] = field(default_factory=Counter)  # letters to complainants, by their kind of subject
    _coming: list[tuple[datetime, int, Happens]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _read: int = 0
    _asked_again: datetime = BEGIN

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.firm.policy} {self.seed}")
        self.outside = Outside(self.chance.randrange(1 << 30))
        self.desks = {
            member.email: Desk(
                member, random.Random(self.chance.random()), self.outside.writers, self.firm.policy, self._nudged
            )
            for member in cast.MEMBERS.values()
        }
        self._plan_the_year()

    @property
    def ends(self) -> datetime:
        return BEGIN + timedelta(weeks=self.weeks)

    def at(self, moment: datetime, what: Happens) -> None:
        if moment < self.ends:
            heapq.heappush(self._coming, (moment, next(self._numbers), what))

    def goes_by(self) -> None:
        """All of it."""
        firm = self.firm
        firm.opens()
        while self._coming:
            firm.clock.moment = max(firm.clock.moment, self._next())
            while self._coming and self._coming[0][0] <= firm.clock.moment:
                heapq.heappop(self._coming)[2](firm.clock.moment)
            self._works()
        firm.clock.moment = self.ends
        if firm.office is None:
            firm.opens()
        firm.postbox.dies = ""
        firm.works()
        self._post()
        firm.stops()

    def _works(self) -> None:
        """One pass, and everybody reads what came of it."""
        ran = self.firm.office is not None
        self.firm.works()
        if ran and self.firm.office is None:
            self.at(self.firm.clock.moment + self.firm.down, self._opens)
        self._post()

    def _next(self) -> datetime:
        """When something happens next: outside, or because the program wants to do something."""
        coming, now = self._coming[0][0], self.firm.clock.moment
        if self.firm.office is None:
            return coming
        own = self.firm.next_moment()
        if own is None or own >= coming:
            return coming
        if own > now:
            return own
        return min(coming, now + STUCK)

    # What is going to happen

    def _plan_the_year(self) -> None:
        days = self.weeks * 7
        for _ in range(self.mails):
            day = self.chance.randrange(days - (7 if days < 100 else 14))
            hour = self.chance.triangular(0, 24, 11)
            self.at(BEGIN.replace(hour=0) + timedelta(days=day, hours=hour), self._begins)
        for _ in range(self.mails // 15):
            day = self.chance.randrange(days - (7 if days < 100 else 14))
            self.at(BEGIN + timedelta(days=day), self._is_told)
        for day in range(days):
            there = datetime.combine((BEGIN + timedelta(days=day)).date(), MORNINGS, cast.LONDON)
            if there.weekday() in cast.WEEK:
                self.at(there.astimezone(UTC), lambda now: None)
            if there.day == 1:
                self.at(there.astimezone(UTC) + timedelta(minutes=1), self._month)
        for _ in range(max(1, self.weeks // 6)):
            begin = BEGIN + timedelta(days=self.chance.randrange(3, days - 5), hours=self.chance.uniform(0, 23))
            self.at(begin, self._stops_for(timedelta(hours=self.chance.choice((3, 14, 40, 76, 100)))))
        for _ in range(max(2, self.weeks // 4)):
            moment = BEGIN + timedelta(days=self.chance.randrange(days), hours=self.chance.uniform(0, 23))
            self.at(moment, self._killed)

    def _begins(self, now: datetime) -> None:
        writer = self.outside.somebody(self.outside.draws_kind())
        raw = self.outside.begins(writer, now)
        self.firm.comes(raw)
        if self.chance.random() < 0.04:
            self.at(now + timedelta(hours=self.chance.uniform(0, 30)), lambda _: self.firm.comes(raw))

    def _is_told(self, now: datetime) -> None:
        """Somebody rings, writes a letter or comes by, and a member of staff writes it down."""
        desk = self.desks[cast.MEMBERS[self.chance.choice(cast.RECORDS)].email]
        writer = self.outside.somebody("told")
        self.at(desk.soon(now), lambda then: self.firm.comes(desk.record(writer, now)))

    def _stops_for(self, long: timedelta) -> Happens:
        def stop(now: datetime) -> None:
            if self.firm.office is not None:
                self.firm.stops()
                self.at(now + long, self._opens)
                if now + long >= self.ends:
                    return

        return stop

    def _opens(self, now: datetime) -> None:
        if self.firm.office is None:
            self.firm.opens()

    def _killed(self, now: datetime) -> None:
        down = timedelta(hours=self.chance.choice((0, 0, 2, 13)))
        self.firm.kill_at(self.chance.choice(("before", "after")), down)

    def _month(self, now: datetime) -> None:
        self.each_month(now)

    def _nudged(self, above: str, reference: str, at: datetime) -> None:
        for address, desk in self.desks.items():
            if address != above and reference in desk.cases:
                self._takes(desk.is_nudged(reference, at))

    # Who gets what

    def _post(self) -> None:
        """Everybody reads what was sent to them."""
        taken, now = self.firm.postbox.taken, self.firm.clock.moment
        new, self._read = taken[self._read :], len(taken)
        for sent in new:
            address = sent.recipient.lower()
            if address in self.desks:
                self._takes(self.desks[address].reads(Letter.of(sent.data), now))
            elif (writer := self.outside.by_address.get(address)) is not None:
                self._to_a_writer(writer, Letter.of(sent.data), now)

    def _to_a_writer(self, writer: Writer, letter: Letter, now: datetime) -> None:
        subject = letter.subject
        self.subjects[subject.partition(" [")[0]] += 1
        for delay, what in self.outside.reacts(writer, subject):
            if what in writer.done and what != "dispute":
                continue
            writer.done.add(what)
            answers = str(letter.mail["Message-ID"])
            at = now + delay

            def go_on(then: datetime, what: str = what, answers: str = answers) -> None:
                self.firm.comes(self.outside.goes_on(writer, then, what, subject, answers))

            self.at(at, go_on)

    def _takes(self, plan: Plan) -> None:
        for moment, deed in plan:

            def do(now: datetime, deed: Callable[[datetime], list[bytes]] = deed) -> None:
                for raw in deed(now):
                    self.firm.comes(raw)

            self.at(moment, do)


def day_of(moment: datetime) -> date:
    return moment.astimezone(cast.LONDON).date()

"""The staff of a simulated year at their desks: they read what comes, and do something about it in their own hours.

What they do is found as a person finds it: by the subject of a notice, by its links, by what it says. `Desk.reads`
gives what follows, each with the moment at which it is done; what is done then is a mail, or nothing any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.life.cast import AREAS, BOSS, CLICKS, HANDLERS, LATE, MEMBERS, NEVER, PLAIN, WRONG
from bench.life.got import Letter
from bench.life.hand import ANSWERS, Hand
from bench.life.outside import Writer

Mails = list[bytes]
Deed = Callable[[datetime], Mails]
Plan = list[tuple[datetime, Deed]]

FINDINGS = (
    "We looked into what you wrote and spoke with everybody who was there. You were right: it should not have "
    "happened.\n\nWe are sorry for it.",
    "We have read the log of that day and asked the colleagues who were there. We found that the rules were kept.",
    "We found that one of the two things that you name went wrong, and the other did not.",
)
DECISIONS = ("upheld", "partly upheld", "not upheld")
FILLED = "we have talked it over in the team and changed the list"
_BY = re.compile(r"by \w+ (\d{1,2} \w+ \d{4})")


@dataclass
class OnCase:
    """What one member of staff has of one case."""

    yours: Letter | None = None  # the notice whose plain reply goes to the complainant
    begun: bool = False
    finished: bool = False
    late: int = 0  # how often they heard that it is late


@dataclass
class Desk(Hand):
    """One member of staff."""

    policy: str
    nudges: Callable[[str, str, datetime], None]  # whoever is above speaks with them: their address, the case
    cases: dict[str, OnCase] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)  # notices that nobody here knows what to do with
    troubles: dict[str, int] = field(default_factory=dict)  # by case: mails that were not understood
    robots: int = 0

    def on(self, reference: str) -> OnCase:
        return self.cases.setdefault(reference, OnCase())

    # When

    def soon(self, at: datetime) -> datetime:
        """When they get to it."""
        waits = {LATE: (4, 30), PLAIN: (2, 50), BOSS: (2, 30)}.get(self.member.manner, (0.2, 6))
        return self.member.next_hour(at + timedelta(hours=self.chance.uniform(*waits)))

    def _after(self, at: datetime, least: float, most: float) -> datetime:
        return self.member.next_hour(at + timedelta(days=self.chance.uniform(least, most)))

    # What they read

    def reads(self, got: Letter, at: datetime) -> Plan:
        """What follows from a mail that has come to them."""
        subject = got.subject
        plan: Plan = []
        there = at.astimezone()
        if self.member.is_away(there.date()) and not subject.startswith(("Automatic", "Your day")):
            plan.append((at + timedelta(minutes=1), lambda now: [self.robot(got)]))
            self.robots += 1
        reader = next((reader for opening, reader in _READERS if re.match(opening, subject)), None)
        if reader is None:
            kind = re.sub(r"\[.*?\]|\d+|: .*", "", subject).strip()
            self.unread[kind] = self.unread.get(kind, 0) + 1
            return plan
        return plan + reader(self, got, at)

    def _decides(self, got: Letter, at: datetime) -> Plan:
        def decide(now: datetime) -> Mails:
            links = got.links()
            writer = self.writer(got)
            kind = writer.kind if writer else "complaint"
            if kind == "praise" and "It is praise" in links and "complaint" in got.subject:
                return [self.click(got, "It is praise")]
            if kind in ("enquiry", "newsletter") and "It is only an enquiry" in links:
                return [self.click(got, "It is only an enquiry")]
            if kind == "spam" and "It is spam" in links:
                return [self.click(got, "It is spam")]
            given = [label for label in links if re.match(r"Give it to [A-Z]", label)]
            given = [label for label in given if not label.endswith(tuple(self._barred(writer)))]
            if self.odds(0.7) and given:
                return [self.click(got, self.chance.choice(given))]
            if self.odds(0.7):
                to = self.chance.choice([one for one in HANDLERS if MEMBERS[one].name not in self._barred(writer)])
                return [self.reply(got, f"#assign {MEMBERS[to].name}")]
            return [self.reply(got, "#assign me")]

        return [(self.soon(at), decide)]

    def _barred(self, writer: Writer | None) -> list[str]:
        return ["somebody else", "Mo Managing", "Bella Board", "Sam Safeway"] + (
            [writer.about.name] if writer and writer.about else []
        )

    def _handles(self, got: Letter, at: datetime) -> Plan:
        here = self.on(got.reference)
        again = got.subject.startswith("They have written")
        here.yours = got
        if again:
            return [(self.soon(at), lambda now: [self.answer(got)])] if self.odds(0.35) and not here.begun else []
        if here.begun:
            return []
        here.begun, here.finished = True, False
        if self.member.manner == NEVER:
            return []
        if self.member.manner == LATE:
            by = _BY.search(got.subject)
            end = datetime.strptime(f"{by[1]} 10:00 +0000", "%d %B %Y %H:%M %z") if by else at + timedelta(days=7)
            return [(self._after(max(end, at) + timedelta(days=1), 0, 0.2), lambda now: self._finishes(got, now))]
        return self._script(got, at)

    def _script(self, got: Letter, at: datetime) -> Plan:
        """What somebody does who deals with it as they should: some steps, and then the end."""
        plan: Plan = []
        when = self.soon(at)
        writer = self.writer(got)
        steps: list[tuple[float, str]] = [
            (0.12, "#ask\n\nWhat day was it, please, and who was there?"),
            (0.06, "#due {far} they asked for more time"),
            (0.08, "#progress\n\nWe have asked two colleagues and wait for what they say."),
            (0.05, "#action see to the lift by {far} @{me}"),
            (0.06, "#meeting {far} 14:00 the office"),
            (0.03, "#consult expert@advice.test\n\nHow should such a lift be looked after?"),
            (0.08, "#note\nI have rung them and nobody was there."),
            (0.04, "#severity high"),
            (0.04, "#called today they told me more about it"),
            (0.02, "#serious"),
            (0.03, "#need large print"),
            (0.04, "#contact post"),
            (0.03, "#need an advocate"),
            *((0.04, f"#area {area}") for area in AREAS.get(self.policy, ())),
        ]
        if writer is not None and writer.about is not None:
            steps.insert(0, (0.9, f"#about {writer.about.name}"))
        for share, words in steps:
            if self.odds(share):
                plan.append((when, self._order(got, words)))
                if words.startswith("#meeting"):
                    later = self._after(when + timedelta(days=9), 0, 1)
                    plan.append((later, self._order(got, "#met today\nWe talked for an hour.")))
                when = self._after(when, 0.5, 3)
        if self.member.manner == WRONG:
            plan.append(
                (when, self._order(got, self.chance.choice(("#asign me", "#due tomorow", "#outcome", "#frobnic"))))
            )
            when = self._after(when, 0.1, 1)
        plan.append((self._after(when, 0.5, 7), lambda now: self._finishes(got, now)))
        return plan

    def _order(self, got: Letter, words: str) -> Deed:
        def give(now: datetime) -> Mails:
            here = self.on(got.reference)
            if here.finished:
                return []
            far = now + timedelta(days=8 if "#meeting" in words else 16)
            return [self.reply(here.yours or got, words.format(far=f"{far:%-d %B %Y}", me=self.member.first_name))]

        return give

    def _finishes(self, got: Letter, now: datetime) -> Mails:
        here = self.on(got.reference)
        if here.finished:
            return []
        here.finished = True
        notice = here.yours or got
        writer = self.writer(got)
        if writer is not None and writer.kind not in ("complaint", "praise and complaint", "empty", "told"):
            return [self.reply(notice, self.chance.choice(ANSWERS))]
        if self.member.manner == PLAIN:
            return [self.direct(notice, writer) if writer and self.odds(0.15) else self.answer(notice)]
        if self.member.manner == CLICKS and self.odds(0.3):
            return [self.click(notice, "I have answered already", HOW="by letter")]
        odds = self.chance.random()
        if odds < 0.12:
            return [self.answer(notice)]
        if odds < 0.17:
            return [self.reply(notice, "#settled\n\nWe have put it right, as we said on the telephone.")]
        decision = self.chance.choice(DECISIONS)
        return [self.reply(notice, f"#outcome {decision}\n\n{self.chance.choice(FINDINGS)}")]

    def _draft(self, got: Letter, at: datetime) -> Plan:
        def look(now: datetime) -> Mails:
            links = got.links()
            for label in ("Send it as it is", "It is right: give it to me to print"):
                if label in links:
                    return [self.click(got, label)]
            if self.odds(0.2):
                return [self.click(got, "Send it without, and say why", REASON="they want it today")]
            lines = links["Fill in what is missing"][2].split("\n")
            filled = [f"{line.rstrip()} {FILLED}" if line.rstrip().endswith(":") else line for line in lines]
            return [self.click(got, "Fill in what is missing", body="\n".join(filled))]

        return [(self.soon(at), look)]

    def _reminded(self, got: Letter, at: datetime) -> Plan:
        late = got.subject.startswith("Late")
        above = "you come after" in " ".join(got.words.split())
        here = self.on(got.reference)
        here.late += late
        if above:
            return [(self.soon(at), lambda now: self._from_above(got, now))]
        if self.member.manner == NEVER and here.late < 2:
            return []
        if self.member.manner == LATE and not late:
            return []
        if self.odds(0.15):
            return []
        return [(self.soon(at), lambda now: self._owed(got, now))]

    def _owed(self, got: Letter, now: datetime) -> Mails:
        """What is owed is done, or said to be."""
        here, links, subject = self.on(got.reference), got.links(), got.subject
        for label in ("I have spoken with them", "My notes of it", "It is a complaint: send the acknowledgement"):
            if label in links and not re.search(r": answer", subject):
                return [self.click(got, label)]
        if "Give the date" in links:
            far = now + timedelta(days=14)
            return [self.click(got, "Give the date", DATE=f"{far:%-d %B %Y}", REASON="it takes some asking")]
        if "decision" in subject:
            given = [label for label in links if re.match(r"Give it to [A-Z]", label)]
            return [self.click(got, self.chance.choice(given or ["Deal with it yourself"]))]
        if "progress letter" in subject:
            return [self.click(got, "Tell them how far it is", body="#progress\nWe have asked two colleagues.\n")]
        if re.search(r"answer", subject) and "appeal" not in subject:
            if here.yours is not None and not here.finished:
                return self._finishes(here.yours, now)
            if self.odds(0.3) and "Another date was agreed" in links:
                far = now + timedelta(days=9)
                return [self.click(got, "Another date was agreed", DATE=f"{far:%-d %B %Y}", REASON="they are away")]
            return [self.click(got, "I have already answered", HOW="by telephone")] if self.odds(0.7) else []
        for label, more in (
            ("It is done already", {"HOW": "by telephone"}),
            ("I have already answered", {"HOW": "by letter"}),
        ):
            if label in links and "appeal" not in subject:
                return [self.click(got, label, **more)]
        return []

    def _from_above(self, got: Letter, now: datetime) -> Mails:
        """Somebody below is late: the next above takes it over, gives it away, or says a word."""
        odds = self.chance.random()
        links = got.links()
        if odds < 0.1 and "Take the case over" in links:
            return [self.click(got, "Take the case over")]
        if odds < 0.25:
            return [self.click(got, "Give it to somebody else", NAME=MEMBERS["pat"].name)]
        self.nudges(self.member.email, got.reference, now)
        return []

    def is_nudged(self, reference: str, at: datetime) -> Plan:
        """Somebody above came by."""
        here = self.on(reference)
        if here.yours is None or here.finished:
            return []
        notice = here.yours
        return [(self._after(at, 0.2, 1.5), lambda now: self._finishes(notice, now))]

    def _appeal(self, got: Letter, at: datetime) -> Plan:
        """The whole file of an appeal: it is decided some days later."""
        self.on(got.reference).yours = got

        def decide(now: datetime) -> Mails:
            label = self.chance.choice(("I uphold the appeal", "I uphold it in part", "I do not uphold it"))
            line = got.links()[label][2].partition("\n")[0]
            return [self.click(got, label, body=f"{line}\n\n{self.chance.choice(FINDINGS)}\n")]

        return [(self._after(at, 1, 13), decide)]

    def _looks(self, got: Letter, at: datetime) -> Plan:
        """Something that only a person can settle."""

        def settle(now: datetime) -> Mails:
            links = got.links()
            known = (
                "It is the same matter: take it up again", "It is a new complaint", "Take up the appeal",
                "Do not take it up, and tell them why", "The complainant allows it",
                "It is a complaint: send the answer",
            )  # fmt: skip
            there = [label for label in links if label in known or label.startswith("It belongs to")]
            if there:
                label = self.chance.choice(there)
                body = links[label][2].replace("Why, as they are to read it.", "Your appeal came too late for us.")
                return [self.click(got, label, body=body)]
            if "It is done" in links:
                return [self.click(got, "It is done", HOW="by telephone")] if self.odds(0.8) else []
            return []

        return [(self.soon(at), settle)]

    def _about(self, got: Letter, at: datetime) -> Plan:
        def say(now: datetime) -> Mails:
            writer = self.writer(got)
            yes = next((one for one in got.links() if writer and writer.about and one.endswith(writer.about.name)), "")
            return [self.click(got, yes or "No, about none of our staff")]

        return [(self.soon(at), say)]

    def _not_understood(self, got: Letter, at: datetime) -> Plan:
        """They wrote it wrongly: what was offered is taken, once."""
        self.troubles[got.reference] = self.troubles.get(got.reference, 0) + 1
        if self.member.manner != WRONG or self.troubles[got.reference] > 1:
            return []

        def right(now: datetime) -> Mails:
            plain = [label for label, (_, _, body) in got.links().items() if not re.search(r"[A-Z]{3}", body)]
            return [self.click(got, plain[0])] if plain else []

        return [(self.soon(at), right)]

    def _no_longer(self, got: Letter, at: datetime) -> Plan:
        here = self.on(got.reference)
        here.begun, here.finished = False, True
        return []

    def _sent(self, got: Letter, at: datetime) -> Plan:
        if not self.odds(0.7):
            return []
        return [(self._after(at, 3, 9), lambda now: [self.click(got, "Close the case", REASON="answered")])]


def _takes(*labels: str, share: float = 1.0, **blanks: str) -> Callable[[Desk, Letter, datetime], Plan]:
    """Whoever gets this uses one of these links, the first that is there."""

    def read(desk: Desk, got: Letter, at: datetime) -> Plan:
        def click(now: datetime) -> Mails:
            links = got.links()
            there = [label for label in links for wanted in labels if re.match(wanted, label)]
            return [desk.click(got, desk.chance.choice(there), **blanks)] if there else []

        return [(desk.soon(at), click)] if desk.odds(share) else []

    return read


def _nothing(desk: Desk, got: Letter, at: datetime) -> Plan:
    return []


Reader = Callable[[Desk, Letter, datetime], Plan]
_READERS: tuple[tuple[str, Reader], ...] = (
    (r"(New complaint|An enquiry|Praise) \[.*please decide", Desk._decides),
    (r"Yours to deal with|They have written again", Desk._handles),
    (r"Look at the letter before it goes", Desk._draft),
    (r"Look at your answer before it goes", _takes("Yes, send it")),
    (r"Shall this be done", _takes("Yes, do it", "No", share=0.9)),
    (r"Did you write this", _takes("Yes, it was me")),
    (r"Reminder|Late since", Desk._reminded),
    (r"Is this about a colleague", Desk._about),
    (r"Were you involved", _takes("I was not involved", share=0.9)),
    (r"An appeal for you to hear", Desk._appeal),
    (r"Please look at this|Added to a case|Something", Desk._looks),
    (r"Please print and post", _takes("It was posted today")),
    (r"Not closed yet", _takes("We have met or spoken", "Close it all the same", REASON="they want no meeting")),
    (r"Praise for you", _nothing),
    (r"Praise", _takes("Pass it on to [A-Z]", "Put it on the board", share=0.8)),
    (r"For the board", _takes("Yes, hang it", "Do not hang it", share=0.9)),
    (r"Their answer about the board", _takes("Yes, with their name")),
    (r"Not done", Desk._not_understood),
    (r"No longer yours", Desk._no_longer),
    (r"Your answer was sent", Desk._sent),
    (r"Done|Your letter was sent|Your answer is on its way|The outcome of a complaint|How it stands", _nothing),
)

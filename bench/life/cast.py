"""Who works in the offices of a simulated year: their manners, their hours, and the roles that each policy gives them.

Hours and holidays are reckoned here once more and by other means than the program's own, so that the books of a year
can hold one against the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# England and Wales, from the government's own list.
HOLIDAYS = frozenset(
    date(*day)
    for day in (
        (2026, 1, 1), (2026, 4, 3), (2026, 4, 6), (2026, 5, 4), (2026, 5, 25), (2026, 8, 31), (2026, 12, 25),
        (2026, 12, 28), (2027, 1, 1), (2027, 3, 26), (2027, 3, 29),
    )
)  # fmt: skip
WEEK = frozenset(range(5))
ONE_DAY = timedelta(days=1)

PROMPT = "prompt"  # does it within some hours
LATE = "late"  # always a day after the last one
NEVER = "never"  # nothing, until somebody above asks
PLAIN = "plain"  # replies as to any mail, and knows no commands
CLICKS = "clicks"  # uses the links
WRONG = "wrong"  # writes commands, wrongly first
BOSS = "boss"  # gets what went up the ladder


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff."""

    key: str
    name: str
    manner: str
    days: frozenset[int] = WEEK
    opens: time = time(8, 30)
    closes: time = time(17, 30)
    away: tuple[tuple[date, date], ...] = ()
    deputy: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@staff.test"

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def at_work(self, moment: datetime, closed: frozenset[date] = HOLIDAYS) -> bool:
        there = moment.astimezone(LONDON)
        day = there.date()
        if day.weekday() not in self.days or day in closed or self.is_away(day):
            return False
        return self.opens <= there.time().replace(tzinfo=None) < self.closes

    def next_hour(self, moment: datetime, closed: frozenset[date] = HOLIDAYS) -> datetime:
        """This moment, or the first of their hours after it."""
        while not self.at_work(moment, closed):
            there = moment.astimezone(LONDON)
            opening = datetime.combine(there.date(), self.opens, LONDON)
            if opening <= there:
                opening = datetime.combine(there.date() + ONE_DAY, self.opens, LONDON)
            moment = opening.astimezone(UTC)
        return moment

    def table(self, roles: Sequence[str], areas: Sequence[str] = ()) -> str:
        names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        lines = [f'name = "{self.name}"', f'email = "{self.email}"', f"roles = {_listed(roles)}"]
        lines.append(
            f'hours = "{names[min(self.days)]}-{names[max(self.days)]} {self.opens:%H:%M}-{self.closes:%H:%M}"'
        )
        if areas:
            lines.append(f"areas = {_listed(areas)}")
        if self.away:
            lines.append(f"away = {_listed([f'{first}..{last}' for first, last in self.away])}")
        if self.deputy:
            lines.append(f'deputy = "{self.deputy}@staff.test"')
        return "\n[[person]]\n" + "\n".join(lines) + "\n"


def _listed(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


HOLS = ((date(2026, 4, 13), date(2026, 4, 24)), (date(2026, 8, 3), date(2026, 8, 21)))
MEMBERS = {
    member.key: member
    for member in (
        Member("pat", "Pat Prompt", PROMPT),
        Member("dee", "Dee Latham", LATE),
        Member("ned", "Ned Neverton", NEVER),
        Member("pia", "Pia Plainfield", PLAIN, opens=time(9), closes=time(15)),
        Member("cal", "Cal Clickett", CLICKS, days=frozenset(range(4)), opens=time(10), closes=time(16)),
        Member("holly", "Holly Daymond", PROMPT, away=HOLS, deputy="cal"),
        Member("wes", "Wes Wronghurst", WRONG),
        Member("bella", "Bella Board", BOSS, opens=time(9), closes=time(17)),
        Member("mo", "Mo Managing", BOSS),
        Member("sam", "Sam Safeway", PROMPT),
    )
}

Roles = Mapping[str, Sequence[str]]
ROLES: dict[str, Roles] = {
    "ceme": {
        "pat": ["operations-director", "policy-owner"], "mo": ["chief-executive"], "bella": ["senior-management"],
        "holly": ["head-of-it"],
    },
    "cms": {
        "pat": ["operations-director", "policy-owner"], "holly": ["investigator"], "dee": ["investigator"],
        "bella": ["board"], "mo": ["board", "directors"],
    },
    "cim": {
        "pat": ["policy-owner"], "pia": ["complaints-manager"], "dee": ["department-manager"],
        "cal": ["department-manager"], "mo": ["awarding-body"],
    },
    "sek": {"pat": ["manager"], "mo": ["director"], "bella": ["board-keeper", "policy-owner"]},
    "ace": {
        "pat": ["operations-director", "policy-owner"], "holly": ["training-director"], "dee": ["area-director"],
        "cal": ["area-manager"], "mo": ["managing-director"],
    },
    "harbour": {
        "pat": ["harbour-master"], "dee": ["pier-warden"], "wes": ["pier-warden"], "mo": ["trustee"],
        "bella": ["trustee"], "holly": ["keeper"],
    },
}  # fmt: skip
AREAS = {"cim": ("assessment", "study-centres", "business-centre"), "sek": ("head-office", "ageless-thanet")}
ANSWER_FOR = {"cim": {"dee": ("assessment", "study-centres"), "cal": ("business-centre",)}}  # else: for all of them
RECORDS = ("pat", "wes", "cal")  # who takes calls
HANDLERS = ("dee", "ned", "pia", "cal", "holly", "wes", "pat")


def people(policy: str) -> str:
    """The `[[person]]` tables of this policy's office."""
    roles = ROLES[policy]
    return "".join(
        member.table(
            [*roles.get(member.key, ["team"]), *(["safeguarding"] if member.key == "sam" else [])],
            ANSWER_FOR.get(policy, {}).get(member.key, ()),
        )
        for member in MEMBERS.values()
    )


def working_days_after(moment: datetime, days: int) -> datetime:
    """The end of the nth working day after the day of this moment."""
    day = moment.astimezone(LONDON).date()
    while days:
        day += ONE_DAY
        days -= day.weekday() in WEEK and day not in HOLIDAYS
    return datetime.combine(day, time.max, LONDON).astimezone(UTC)

"""Writes complaintmail/policy/bank_holidays.txt from the `holidays` library. Run it when the library is newer:

    python tools/bank_holidays.py > complaintmail/policy/bank_holidays.txt

The daemon reads the table and never pays for the library's import. A test holds the table to the library.
ANNOUNCED is moved by hand, once a year, when the government has published another year: a date after it is
reckoned by the standing rules, and whoever counts over it is told so.
"""

from __future__ import annotations

from datetime import date

from holidays.countries.united_kingdom import UnitedKingdom

FIRST, LAST = 2015, 2035
ANNOUNCED = 2027
NATIONS = {"E": ("ENG", "WLS"), "S": ("SCT",), "N": ("NIR",)}

# The library's names, as people in the three nations know the days.
KNOWN_AS = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2 January",
    "Saint Patrick's Day": "St Patrick's Day",
    "Saint Andrew's Day": "St Andrew's Day",
}
HEADER = f"""\
# The public holidays of England & Wales (E), Scotland (S) and Northern Ireland (N), {FIRST} to {LAST}.
# Written by tools/bank_holidays.py; own closures and newly proclaimed days belong in a policy file, not here.
# "bank holiday: X" is the day off in place of X, which fell on a weekend.
announced-until {ANNOUNCED}
reckoned-until {LAST}
"""


def named(name: str) -> str:
    """One name for a day; where two fall together the one observed elsewhere is kept."""
    last = name.split("; ")[-1]
    plain = last.removesuffix(" (observed)")
    known = KNOWN_AS.get(plain, plain)
    return f"bank holiday: {known}" if last != plain else known


def days_off(subdivision: str) -> dict[date, str]:
    years = range(FIRST, LAST + 1)
    return {day: named(name) for day, name in UnitedKingdom(subdiv=subdivision, years=years).items()}


def table() -> str:
    rows: dict[tuple[date, str], str] = {}
    for letter, subdivisions in NATIONS.items():
        found = [days_off(subdivision) for subdivision in subdivisions]
        if any(other != found[0] for other in found):
            raise SystemExit(f"{subdivisions} no longer have the same holidays: they need a nation each")
        for day, name in found[0].items():
            rows[day, name] = rows.get((day, name), "") + letter
    return HEADER + "".join(f"{day} {letters:3} {name}\n" for (day, name), letters in sorted(rows.items()))


if __name__ == "__main__":
    print(table(), end="")

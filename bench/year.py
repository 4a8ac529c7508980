"""A year in the life: each policy over a simulated year of mail from both sides, and whether the books balance.

    python -m bench.year                            the five policies, and one that was made up for this
    python -m bench.year --policy cms --seed 7      one of them, and another year
    python -m bench.year --mails 300 --weeks 20     more people who write, in less time
    python -m bench.year --report docs/year.md      the figures into this file as well

The real program runs between two doors in memory, on a clock that goes from one thing that happens to the next. It is
stopped for days and killed while it sends. Exit 1 when anything is wrong in anybody's books; the folder of that year
is kept and named.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.life.books import Books, moment
from bench.life.cast import ROLES
from bench.life.firm import Firm
from bench.life.story import Life
from complaintmail.clock import SystemClock

MAILS = 36
COLUMNS = (
    "policy", "mails in", "of them staff's", "cases", "letters", "to complainants", "reminders", "escalations",
    "duties", "met late", "open", "of them late", "appeals", "outcomes", "stops and kills", "seconds",
    "of the processor", "wrong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """What became of one policy's year."""

    policy: str
    figures: tuple[int, ...]  # as COLUMNS has them, between the policy and the seconds
    seconds: float
    busy: float  # of them the processor's
    broken: tuple[str, ...]
    folder: Path


def live(policy: str, seed: int, mails: int, weeks: int, where: Path | None = None) -> Year:
    """One policy's year. Its books are looked at each month, and at the end."""
    began, busy = time.monotonic(), time.process_time()
    logging.getLogger("complaintmail").addHandler(logging.NullHandler())
    folder = Path(tempfile.mkdtemp(prefix=f"year-{policy}-", dir=where or fast_place()))
    firm = Firm(policy, folder, plus=seed % 2 == 1)
    broken: dict[str, None] = {}

    def look(now: datetime) -> None:
        if firm.office is not None:
            broken.update(dict.fromkeys(Books(firm, life.outside, now).by_the_month()))

    life = Life(firm, seed, mails, weeks, look)
    life.goes_by()
    broken.update(dict.fromkeys(Books(firm, life.outside, firm.clock.moment).all()))
    took = time.monotonic() - began, time.process_time() - busy
    return Year(policy, figures(firm), *took, tuple(broken), folder)


def figures(firm: Firm) -> tuple[int, ...]:
    def number(sql: str) -> int:
        return int(firm.rows(sql)[0][0])

    duties = firm.rows("SELECT state, due_at, met_at FROM obligation WHERE kind <> 'appeal'")
    late = [row for row in duties if row[0] == "met" and row[1] and row[2] > row[1]]
    still = [row for row in duties if row[0] == "open"]
    overdue = [row for row in still if row[1] and moment(row[1]) < firm.clock.moment]
    sent = "SELECT COUNT(*) FROM letter WHERE state = 'sent' AND "
    return (
        firm.delivered,
        number("SELECT COUNT(*) FROM message WHERE kind = 'staff'"),
        number("SELECT COUNT(*) FROM cases"),
        len(firm.postbox.taken),
        number(f"{sent} audience = 'complainant'"),
        number(f"{sent} kind = 'reminder'"),
        number(f"{sent} kind = 'overdue'"),
        len(duties), len(late), len(still), len(overdue),
        number("SELECT COUNT(*) FROM message WHERE kind = 'appeal'"),
        number(f"{sent} kind IN ('outcome', 'appeal-outcome')"),
        len(firm.stopped),
    )  # fmt: skip


def fast_place() -> Path:
    """A year waits for no disk: it is not what is measured, and a power cut is tried elsewhere."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def table(years: Sequence[Year]) -> str:
    lines = [f"| {' | '.join(COLUMNS)} |", f"|---|{'---:|' * (len(COLUMNS) - 1)}"]
    for year in years:
        cells = (year.policy, *map(str, year.figures), f"{year.seconds:.0f}", f"{year.busy:.0f}", str(len(year.broken)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


REPORT = """# A year in the life

`python -m bench.year` plays a year of mail for each of the five policies, and for one that was made up for this (a
harbour trust: a policy file of its own, and not a line of code). The whole program runs, between a mailbox and a
postbox in memory, on a clock that goes from one thing that happens to the next.

Outside are people who complain, at length or in a line, without a subject, without a Message-ID, twice, about somebody
by name, with praise in it; who add facts, thank, withdraw, dispute the outcome in time and far out of it, answer
questions; whose address bounces or whose machine answers; neighbours who write for them; newsletters, spam, enquiries,
praise. Inside are a prompt one, one who is always a day late, one who does nothing until somebody above asks, one who
replies as to any mail, one who only clicks, one with holidays and a deputy, one who writes each command wrongly first,
and two who hear appeals and what went up the ladder. They find what to do in the notices that come to them, in their
own hours. The program is stopped for hours and days, and killed before or after the mail server took a letter.

Each month and at the end the books are looked at, from the outside where it can be: every mail has one disposition;
every complaint was acknowledged in its window, or somebody knew before; no letter left twice and no case was answered
twice; every duty is met, void with its reason, or open and said to somebody within a working day of its breach; whom a
complaint is about got nothing of it; no reminder or digest came outside its reader's hours, twice on one day, or after
it was known to be done; nothing with a token or a colleague's address left the house; no number is missing; `verify`
finds nothing.

{table}

"Stops and kills" are the times it had to start again. Escalations are notices that something is late, to whoever owes
it and up the ladder. {made}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    began = time.monotonic()
    policies = [asked.policy] if asked.policy else list(ROLES)
    with ProcessPoolExecutor(min(len(policies), os.cpu_count() or 1)) as pool:
        coming = [pool.submit(live, policy, asked.seed, asked.mails, asked.weeks) for policy in policies]
        for one in as_completed(coming):
            year = one.result()
            print(table([year]).split("\n")[-1], *year.broken, sep="\n    ", file=sys.stderr, flush=True)
        years = [one.result() for one in coming]
    words = table(years)
    made = (
        f"Made on {SystemClock().now():%-d %B %Y} in {time.monotonic() - began:.0f} seconds with Python "
        f"{platform.python_version()} on {os.cpu_count()} shared cores; seed {asked.seed}, {asked.mails} people who "
        f"write to each, {asked.weeks} weeks."
    )
    print(f"{words}\n\n{made}")
    if asked.report:
        asked.report.write_text(REPORT.format(table=words, made=made))
    for year in years:
        if year.broken:
            print(f"look at {year.folder}", file=sys.stderr)
        else:
            shutil.rmtree(year.folder, ignore_errors=True)
    return 1 if any(year.broken for year in years) else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.year", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--policy", choices=list(ROLES), help="only this one")
    parser.add_argument("--seed", type=int, default=1, help="from which the year is made (1)")
    parser.add_argument("--mails", type=int, default=MAILS, help=f"people who write first ({MAILS})")
    parser.add_argument("--weeks", type=int, default=52, help="how long (52)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures into this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""How fast it is, beside a bare loop over the same mails, and how much memory it takes.

    python -m bench                          all of it, some eight minutes
    python -m bench rate latency             only these
    python -m bench --report docs/bench.md   the figures into this file as well

Starts a Dovecot, a Postfix and an smtp-sink of its own (root). Exit 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import growth, latency, long_folder, memory, rate
from bench.figures import Line, table
from bench.ground import Ground
from complaintmail.clock import SystemClock

Measure = Callable[[Ground, argparse.Namespace], list[Line]]
MEASURES: dict[str, tuple[str, Measure]] = {
    "rate": (
        "From inbox to acknowledgement, beside the bare loop",
        lambda ground, asked: rate.measure(ground, count=asked.mails, rounds=asked.rounds, seed=asked.seed),
    ),
    "postfix": (
        "The same through a real Postfix, with evidence copies",
        lambda ground, asked: rate.through_postfix(ground, count=asked.mails // 2, seed=asked.seed + 100),
    ),
    "growth": (
        "As the casebook grows",
        lambda ground, asked: growth.measure(
            ground, count=300, rounds=asked.rounds, cases=asked.cases, seed=asked.seed + 200
        ),
    ),
    "latency": (
        "From delivery to the acknowledgement in the complainant's mailbox",
        lambda ground, asked: latency.measure(ground, count=asked.deliveries, seed=asked.seed + 300),
    ),
    "memory": (
        "Memory",
        lambda ground, asked: memory.measure(ground, count=asked.many, seed=asked.seed + 400),
    ),
    "folder": (
        "A long folder",
        lambda ground, asked: long_folder.measure(ground, mails=asked.folder),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end with it
    sections: list[tuple[str, list[Line]]] = []
    began = time.monotonic()
    with Ground() as ground:
        for name in asked.only or MEASURES:
            title, measure = MEASURES[name]
            start = time.monotonic()
            sections.append((title, measure(ground, asked)))
            print(table(sections[-1:]), f"\n{time.monotonic() - start:.0f} s\n", flush=True)
    words = table(sections)
    if asked.report:
        asked.report.write_text(REPORT.format(table=words, made=_made(asked, time.monotonic() - began)))
    missed = [f"{title}: {line.name}" for title, lines in sections for line in lines if line.met is False]
    print("\n".join(f"missed: {one}" for one in missed) or "every goal is met")
    return 1 if missed else 0


REPORT = """# How fast it is

`make bench` makes these figures: a real Dovecot and Postfix, the whole program as it runs, mails made up from a seed
as phones, Gmail, Outlook and Apple Mail write them (7 kB in the middle, one in eight with a photo or a PDF). The bare
loop fetches fifty mails with imapclient, parses them with mail-parser, keeps them with one commit and sends each one
short answer over one connection; it has no cases, dates, letters, record or evidence, and is what a day's script would
do. Rounds of the two alternate. Where there are several rounds, the figure is the median, with the lowest and highest.

{table}

{made}
"""


def _made(asked: argparse.Namespace, seconds: float) -> str:
    return (
        f"Made on {SystemClock().now():%d %B %Y} in {seconds / 60:.0f} minutes with Python {platform.python_version()} "
        f"and SQLite {sqlite3.sqlite_version} on {os.cpu_count()} shared cores; {asked.mails} mails a round, "
        f"{asked.rounds} rounds, seed {asked.seed}."
    )


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("only", nargs="*", help=f"only these: {', '.join(MEASURES)}")
    parser.add_argument("--mails", type=int, default=1000, help="mails to a round (1000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each (5)")
    parser.add_argument("--cases", type=int, default=100_000, help="cases in the big casebook (100000)")
    parser.add_argument("--deliveries", type=int, default=60, help="mails whose wait is measured (60)")
    parser.add_argument("--many", type=int, default=10_000, help="mails after which memory is looked at (10000)")
    parser.add_argument("--folder", type=int, default=500_000, help="mails in the long folder (500000)")
    parser.add_argument("--seed", type=int, default=1, help="from which the mails are made (1)")
    parser.add_argument("--report", type=Path, help="write the figures into this file")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.only) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())

"""Public collections of mail, read by us and by others: what each makes of every mail, against what is expected.

    python -m bench.corpora [CORPORA] [--output docs/corpora.md]

The folder comes as argument or in $COMPLAINTMAIL_CORPORA: one folder a collection, each with a manifest.jsonl. Exits 1
when a mail stops us, takes more than five seconds, or when another reader meets more expectations than we do.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench.expectations import ASPECTS, Check, Mail, mails
from bench.losses import REASONS, SET_ASIDE
from bench.readers import READERS, Seen

OURS = "complaintmail"
LONGEST = 5.0
SECTIONS = ("bench.corpora_bounces", "bench.corpora_replies")


@dataclass(slots=True)
class Tally:
    """What came of one run."""

    read: int = 0
    stopped: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    lost: list[tuple[Mail, Check, tuple[str, ...]]] = field(default_factory=list)
    failed: list[tuple[Mail, Check]] = field(default_factory=list)

    def met_in_all(self, reader: str) -> int:
        return sum(self.met[reader].values())

    def met_of(self, reader: str, aspect: str) -> int:
        return sum(count for (_, one), count in self.met[reader].items() if one == aspect)

    def asked_of(self, aspect: str) -> int:
        return sum(count for (_, one), count in self.asked.items() if one == aspect)


def run(corpora: Path) -> Tally:
    tally = Tally()
    for mail in mails(corpora):
        raw = mail.path.read_bytes()
        tally.read += 1
        views: dict[str, Seen | None] = {}
        for name, reader in READERS.items():
            began = time.perf_counter()
            try:
                views[name] = reader(raw)
            except (Exception, RecursionError):
                views[name] = None
                tally.stopped[name] += 1
            took = time.perf_counter() - began
            tally.seconds[name] += took
            tally.slowest[name] = max(tally.slowest.get(name, (0.0, "")), (took, mail.name))
        for check in mail.checks:
            _put(tally, mail, check, views)
    return tally


def _put(tally: Tally, mail: Mail, check: Check, views: dict[str, Seen | None]) -> None:
    key = (mail.corpus, check.aspect)
    tally.asked[key] += 1
    winners = tuple(name for name, seen in views.items() if seen is not None and check.holds(seen))
    for name in winners:
        tally.met[name][key] += 1
    if OURS not in winners:
        tally.failed.append((mail, check))
        if winners:
            tally.lost.append((mail, check, winners))


def report(tally: Tally) -> str:
    lines = [
        "# Public mail, read by us and by others",
        "",
        f"{tally.read} mails of public collections, read by each reader as it comes. `python -m bench.corpora` makes"
        " this page again; the collections are not part of this tree.",
        "",
        "| | " + " | ".join(READERS) + " |",
        "|---|" + "---:|" * len(READERS),
        "| mails that stopped it | " + " | ".join(str(tally.stopped[name]) for name in READERS) + " |",
        "| slowest mail, s | " + " | ".join(f"{tally.slowest[name][0]:.2f}" for name in READERS) + " |",
        "| all mails, s | " + " | ".join(f"{tally.seconds[name]:.1f}" for name in READERS) + " |",
        "",
        "## Expectations met",
        "",
        "| | asked | " + " | ".join(READERS) + " |",
        "|---|---:|" + "---:|" * len(READERS),
    ]
    for aspect in ASPECTS:
        if asked := tally.asked_of(aspect):
            lines.append(
                f"| {aspect} | {asked} | " + " | ".join(str(tally.met_of(name, aspect)) for name in READERS) + " |"
            )
    total = sum(tally.asked.values())
    lines.append(f"| **all** | {total} | " + " | ".join(str(tally.met_in_all(name)) for name in READERS) + " |")
    lines += ["", "### By collection", "", "| | asked | " + " | ".join(READERS) + " |",
              "|---|---:|" + "---:|" * len(READERS)]  # fmt: skip
    for corpus in sorted({corpus for corpus, _ in tally.asked}):
        asked = sum(count for (one, _), count in tally.asked.items() if one == corpus)
        counts = [sum(n for (one, _), n in tally.met[name].items() if one == corpus) for name in READERS]
        lines.append(f"| {corpus} | {asked} | " + " | ".join(map(str, counts)) + " |")
    lines += ["", "## Mails that another reader had as expected and we had not", ""]
    if not tally.lost:
        lines.append("None.")
    for mail, check, winners in tally.lost:
        reason = REASONS.get((mail.name, check.aspect), "not yet looked into")
        lines.append(f"- `{mail.name}`, {check.aspect} ({', '.join(winners)}): {reason}")
    lines += ["", "## Expectations set aside", "", "Counted for no reader: what is expected is not what we want.", ""]
    for (name, aspect), reason in SET_ASIDE.items():
        lines.append(f"- `{name}`, {aspect}: {reason}")
    return "\n".join(lines) + "\n"


def sections(corpora: Path) -> str:
    """What other measurements over the same mails have to say, where they are present."""
    found: list[str] = []
    for name in SECTIONS:
        if importlib.util.find_spec(name) is not None:
            found.append(str(importlib.import_module(name).section(corpora)).rstrip() + "\n")
    return "\n".join(found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.corpora", description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="?", type=Path, default=os.environ.get("COMPLAINTMAIL_CORPORA"))
    parser.add_argument("--output", type=Path, help="write the report here as Markdown")
    parser.add_argument("--failed", action="store_true", help="list every expectation that we do not meet")
    parser.add_argument("--reading-only", action="store_true", help="leave the other sections out")
    asked = parser.parse_args()
    if asked.corpora is None or not Path(asked.corpora).is_dir():
        parser.error("say where the corpora are: an argument, or COMPLAINTMAIL_CORPORA")
    corpora = Path(asked.corpora)
    tally = run(corpora)
    page = report(tally)
    if not asked.reading_only:
        page += "\n" + sections(corpora)
    print(page)
    if asked.failed:
        for mail, check in tally.failed:
            print(f"{mail.name}\t{check.aspect}\texpected {check.expected[:120]!r}")
    if asked.output:
        asked.output.write_text(page, encoding="utf-8")
    best = max(tally.met_in_all(name) for name in READERS)
    well = not tally.stopped[OURS] and tally.slowest[OURS][0] < LONGEST and tally.met_in_all(OURS) == best
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

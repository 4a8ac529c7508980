"""`policy check`: whether policy files can be kept, each problem with its file, its line, and what would be right.

A failure is what cannot be kept as it stands: a file that does not load, promises that contradict each other, a letter
that is missing or does not render, a step that nobody is there for. A warning is for the policy's owner. Exit 1 on a
failure. Where there are settings, the people of the policies that a mailbox names are looked at too.

A table of all policies is for somebody to read: of those that nobody here uses it says how many warnings there are, and
of the others it draws those of a sort together. By its name a policy is told whole, and as JSON all are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.policy_files import directory_option, named, own_directory
from complaintmail.cli.tables import format_option, show
from complaintmail.errors import PolicyError
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from datetime import date

    from complaintmail.config import Config
    from complaintmail.policy.policy import Policy

OK, WARNING, FAILURE = "ok", "warning", "failure"
READING, LACKING = "reading", "lacking"
LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    policy: str
    verdict: str
    what: str
    file: str = ""
    line: int | None = None
    sort: str = ""  # of many alike: READING, LACKING

    def as_line(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else ""
        said_already = self.what.startswith(f"{self.policy}: ") or (place and self.policy == self.file)
        return f"{self.verdict:<8} {'' if said_already else f'{self.policy}: '}{place}{self.what}"


@click.command("check")
@click.argument("names", metavar="[NAME|PATH]...", nargs=-1)
@directory_option
@format_option()
@pass_context
def check_policies(context: Context, names: tuple[str, ...], directory: Path | None, format: str) -> None:
    """Whether policy files can be kept: a line for each problem, with its place and what would be right.

    Without a name: every policy there is, with the warnings of those that you use; of each other one their number. Exit
    1 when one cannot be kept; warnings are for its owner.
    """
    from complaintmail.clock import SystemClock
    from complaintmail.policy import load

    place = own_directory(context, directory)
    config = context.config_if_any()
    today = SystemClock().now().astimezone().date()
    found: list[Verdict] = []
    own = load.own(place)
    used = {*own, *(box.policy for box in (config.mailboxes if config is not None else ()))}
    for name in names or sorted({*own, *load.packaged()}):
        of_it = list(verdicts(name, place, today, config))
        found += of_it
        if format == "table":
            for verdict in of_it if names else _in_short(name, of_it, name in used):
                click.echo(printable(verdict.as_line()))
    if format == "json":
        rows = [
            {"policy": one.policy, "verdict": one.verdict, "what": one.what, "file": one.file, "line": one.line}
            for one in found
        ]
        show(rows, ("policy", "verdict", "file", "line", "what"), format)
    if any(one.verdict == FAILURE for one in found):
        sys.exit(1)


def verdicts(name: str, directory: Path | None, today: date, config: Config | None) -> Iterator[Verdict]:
    """The lines on one policy: what keeps it from loading; else a line with its version, and what is found in it."""
    from complaintmail.policy.concerns import findings
    from complaintmail.policy.places import line_of

    try:
        policy = named(name, directory)
    except PolicyError as unfit:
        yield from (_unfit(name, problem) for problem in unfit.problems)
        return
    counts = f"{len(policy.clauses)} clauses, {len(policy.duties)} duties, {len(policy.readings)} readings"
    yield Verdict(name, OK, f"version {policy.version}: {counts} ({policy.source})", policy.source)
    for finding in findings(policy, today):
        verdict = FAILURE if finding.grave else WARNING
        sort = READING if finding.place.startswith("reading ") else ""
        yield Verdict(name, verdict, str(finding), policy.source, line_of(policy.text, finding.place), sort)
    yield from _not_yet(name, policy)
    yield from _letters(name, policy, config)
    yield from _people(name, policy, config)


def _in_short(name: str, found: Sequence[Verdict], used: bool) -> Iterator[Verdict]:
    """As somebody reads it who asked for all policies."""
    warnings = [one for one in found if one.verdict == WARNING]
    whole = f"complaintmail policy check {name}"
    if not used:
        yield from (one for one in found if one.verdict != WARNING)
        if warnings:
            things = "1 thing" if len(warnings) == 1 else f"{len(warnings)} things"
            yield Verdict(name, WARNING, f"{things} for its owner to look at: {whole}")
        return
    many = {sort: sum(one.sort == sort for one in warnings) for sort in (READING, LACKING)}
    yield from (one for one in found if one.verdict != WARNING or many.get(one.sort, 0) <= 1)
    if many[READING] > 1:
        words = f"{many[READING]} readings of its words are not agreed to by the owner yet"
        yield Verdict(name, WARNING, f"{words}: {whole} has each with its line")
    if many[LACKING] > 1:
        words = (
            f"{many[LACKING]} things in it are not, or not wholly, in this version: until they are, keep them by hand"
        )
        yield Verdict(name, WARNING, f"{words}: {whole} has each with its line")


def _unfit(name: str, problem: str) -> Verdict:
    """A problem of loading: "FILE: place: what", or "FILE: line 3: what"."""
    from complaintmail.policy.places import line_of

    file, _, what = problem.partition(": ")
    path = Path(file)
    if path.suffix != ".toml" or not path.is_file():
        return Verdict(name, FAILURE, problem)
    told = LINE.search(what)
    line = int(told[1]) if told else line_of(path.read_text(encoding="utf-8", errors="replace"), what.split(": ")[0])
    return Verdict(name, FAILURE, what, file, line)


def _not_yet(name: str, policy: Policy) -> Iterator[Verdict]:
    """Clauses that are kept by what this version of the program does not have."""
    from complaintmail.cli.policy_mechanisms import missing
    from complaintmail.policy.places import line_of

    lacking = missing()
    for number, clause in enumerate(policy.clauses, start=1):
        for mechanism in clause.kept_by:
            if mechanism in lacking:
                place = f"clause {number} ({clause.id}).by"
                words = f'{place}: "{mechanism}" is not, or not wholly, in this version: until it is, keep it by hand'
                yield Verdict(name, WARNING, words, policy.source, line_of(policy.text, place), LACKING)


def _letters(name: str, policy: Policy, config: Config | None) -> Iterator[Verdict]:
    from complaintmail.letters.check import problems
    from complaintmail.letters.render import Letters

    own = config.templates.directory if config is not None and config.templates.directory.is_dir() else None
    for problem in problems(Letters(own), [policy]):
        yield Verdict(name, FAILURE, f"letters: {problem}")


def _people(name: str, policy: Policy, config: Config | None) -> Iterator[Verdict]:
    """Roles that nobody holds, where this is a policy that a mailbox of these settings keeps."""
    from complaintmail.config.staffing import gaps
    from complaintmail.policy.places import line_of

    if config is None or policy.name not in {box.policy for box in config.mailboxes}:
        return
    for gap in gaps(config.people, policy):
        line = line_of(policy.text, f"role {gap.role}")
        asked = _asked_of(policy, gap.role)
        words = f"role {gap.role}: {gap.words}{asked}"
        yield Verdict(name, FAILURE if gap.grave else WARNING, words, policy.source, line)


def _asked_of(policy: Policy, role: str) -> str:
    """What the policy sends to this role after the answer, which nobody would look for among the duties."""
    named = [
        "a summary of each outcome" if role in policy.outcome.copies else "",
        "every appeal" if policy.appeal is not None and policy.appeal.role == role else "",
        "each failed assessment" if policy.assessment is not None and role in policy.assessment.copies else "",
        "every serious case" if policy.serious == role else "",
    ]
    told = [words for words in named if words]
    return f" ({', '.join(told)} is meant for it)" if told else ""

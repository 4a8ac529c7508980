"""The kill sweep: the real program killed at every point there is, started again, and looked at from outside.

    python -m bench.kill_sweep                      every point on SQLite
    python -m bench.kill_sweep --postgres           and on PostgreSQL
    python -m bench.kill_sweep --scene staff        a command and an answer by staff, #stop
    python -m bench.kill_sweep --scene outcome      findings, #send, the letter, the case closed
    python -m bench.kill_sweep --scene reminder     a duty reminded of, late, met; or all
    python -m bench.kill_sweep --sample 60          so many of the calls to the kernel, chosen by --seed
    python -m bench.kill_sweep --moments 4          so many of the moments of SMTP and of IMAP
    python -m bench.kill_sweep --report docs/crash.md

Starts a Dovecot, a Postfix and a PostgreSQL of its own (root, strace). Exit 1 when an invariant was broken anywhere;
the state that shows it is kept, and its folder named.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import logging
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from bench.crash.blows import (
    Blow,
    DaemonBlow,
    SyscallBlow,
    TwiceBlow,
    Verdict,
    daemon_blows,
    double_blows,
    imap_blows,
    smtp_blows,
    syscall_blows,
)
from bench.crash.figures import Sweep, into_report, section
from bench.crash.outcome_scene import OUTCOME_SCENES
from bench.crash.reminder_scene import REMINDER_SCENES
from bench.crash.scene import Ground, Scene
from bench.crash.staff_scene import STAFF_SCENES
from complaintmail.clock import SystemClock
from tests.support.mailstack import MailStack
from tests.support.postgres import PostgresServer

AT_ONCE = 2
SCENES: dict[str, tuple[type[Scene], ...]] = {
    "complaint": (Scene,),
    "staff": STAFF_SCENES,
    "outcome": OUTCOME_SCENES,
    "reminder": REMINDER_SCENES,
}
B = TypeVar("B", bound=Blow)
KINDS = ("syscalls", "twice", "daemon", "smtp", "imap")


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    logging.getLogger("complaintmail").addHandler(logging.NullHandler())  # passes in this process log to nobody
    chance = random.Random(asked.seed)
    clock = SystemClock()
    began = clock.monotonic()
    sweeps, failing = [Sweep(scene) for scene in SCENES if asked.scene in (scene, "all")], list[Path]()
    folder = Path(tempfile.mkdtemp(prefix="kill-sweep-", dir="/tmp"))

    def told(ending: str = "") -> None:
        minutes = (clock.monotonic() - began) / 60
        made = f"Made on {clock.now():%d %B %Y} in {minutes:.0f} minutes (seed {asked.seed}){ending}."
        words = "\n".join(section(each) for each in sweeps if each.lines) + f"\n{made}\n"
        print(f"\n{words}", flush=True)
        if asked.report:
            asked.report.write_text(into_report(asked.report.read_text(), words))

    with contextlib.ExitStack() as servers:
        stack = servers.enter_context(MailStack())
        databases: list[PostgresServer | None] = [None]
        if asked.postgres:
            databases.append(servers.enter_context(PostgresServer()))
        try:
            for sweep in sweeps:
                for play, postgres in itertools.product(SCENES[sweep.scene], databases):
                    ground = Ground(folder, stack, postgres, play=play)
                    strike_all(ground, chosen(ground, asked, chance), sweep, at_once=asked.at_once, failing=failing)
                    told()
        except KeyboardInterrupt:
            told("; interrupted")
    for kept in failing:
        print(f"look at {kept}", file=sys.stderr)
    if not failing:
        with contextlib.suppress(OSError):
            (folder / "prepared.db").unlink()
            folder.rmdir()
    return 1 if failing else 0


def chosen(ground: Ground, asked: argparse.Namespace, chance: random.Random) -> list[Blow]:
    """The points of the kinds asked for on this ground, found by recording runs."""
    kinds, times = asked.kinds, asked.times
    blows: list[Blow] = []
    if not {"syscalls", "twice", "daemon"}.isdisjoint(kinds):
        found = syscall_blows(ground)
        if "syscalls" in kinds:
            blows += some(found, asked.sample, chance)
        if "twice" in kinds:
            blows += double_blows(found, times, chance)
        if "daemon" in kinds:
            blows += daemon_blows(found, times, chance)
    if "smtp" in kinds:
        blows += some(smtp_blows(ground), asked.moments, chance)
    if "imap" in kinds:
        blows += some(imap_blows(ground), asked.moments, chance)
    return blows


def some(blows: Sequence[B], most: int | None, chance: random.Random) -> Sequence[B]:
    return chance.sample(blows, most) if most is not None and most < len(blows) else blows


def strike_all(
    ground: Ground, blows: Sequence[Blow], sweep: Sweep, *, at_once: int = AT_ONCE, failing: list[Path] | None = None
) -> list[Path]:
    """Play them, some at once; the folders of those that broke something are kept (added to `failing`, where given)."""
    failing = failing if failing is not None else []
    pool = ThreadPoolExecutor(at_once)
    try:
        playing = {pool.submit(blow.play, ground): blow for blow in blows}
        for number, done in enumerate(as_completed(playing), 1):
            blow, verdict = playing.pop(done), done.result()
            moment = verdict.scene.moment
            sweep.line(ground.database, moment or blow.kind).count(verdict.judgement)
            if verdict.judgement is not None and isinstance(blow, SyscallBlow):
                sweep.struck(ground.database, blow.point.call)
            elif verdict.judgement is not None and moment:
                sweep.struck(ground.database, blow.kind)
            if _put_away(ground, blow, verdict):
                failing.append(verdict.scene.folder)
            _progress(ground.database, number, len(blows), sweep, blow)
    finally:
        pool.shutdown(cancel_futures=True)  # interrupted: those that are being played end, the others never begin
    return failing


def _put_away(ground: Ground, blow: Blow, verdict: Verdict) -> bool:
    """Was anything broken? Then the state is kept, and told."""
    judgement, scene = verdict.judgement, verdict.scene
    if judgement is None and not isinstance(blow, SyscallBlow | TwiceBlow | DaemonBlow):
        print(f"\n{ground.database}, {blow}: the run was over before it", file=sys.stderr)
    if judgement is None or not judgement.broken:
        ground.clear_away(scene)
        return False
    scene.keep_for_a_look([str(blow), *judgement.broken])
    print(f"\n{ground.database}, {blow}: {scene.folder}", file=sys.stderr)
    for line in judgement.broken:
        print(f"    {line}", file=sys.stderr)
    return True


def _progress(database: str, number: int, of: int, sweep: Sweep, blow: Blow) -> None:
    total = sweep.total
    words = f"{database} {number}/{of}: {total.points} struck, {total.broken} broken, last: {blow}"
    if sys.stdout.isatty():
        print(f"\r\x1b[K{words[:110]}", end="", flush=True)
    elif number % 25 == 0 or number == of:
        print(words, flush=True)


def _asked(arguments: Iterable[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.kill_sweep", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL as well")
    parser.add_argument("--scene", choices=(*SCENES, "all"), default="complaint", help="which story (complaint)")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of the calls to the kernel, instead of all")
    parser.add_argument("--moments", type=int, metavar="N", help="so many of the moments of SMTP, and of IMAP")
    parser.add_argument("--seed", type=int, default=1, help="chooses samples and double crashes (1)")
    parser.add_argument(
        "--times", type=int, default=60, metavar="N", help="how many double crashes, and daemons (60 each)"
    )
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="only these kinds of points")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help=f"points played at once ({AT_ONCE})")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures into this file")
    return parser.parse_args(list(arguments) if arguments is not None else None)


if __name__ == "__main__":
    sys.exit(main())

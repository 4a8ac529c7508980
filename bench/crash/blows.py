"""One blow: where the program is killed. Each kind knows how to play itself in a scene, and says whether it struck.

SyscallBlow   before a call to the kernel
TwiceBlow     so, and once more in the run after it
SmtpBlow      at a named moment of SMTP, in the first life or while a letter in doubt is sent again
ImapBlow      at a named moment of IMAP
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Protocol

from bench.crash.checks import Judgement, Look, judge
from bench.crash.moments import (
    ABOUT_THE_DOT,
    BEFORE_THE_DOT,
    Executioner,
    ImapGate,
    ImapMoment,
    SmtpMoment,
    imap_moments,
    smtp_moments,
    smtp_that_kills,
)
from bench.crash.outcome_checks import ended
from bench.crash.outcome_scene import OutcomeScene
from bench.crash.reminder_checks import reminded
from bench.crash.reminder_scene import ReminderScene
from bench.crash.scene import DOUBT_WAIT, Ground, Scene
from bench.crash.staff_checks import STAFF_LOOKS
from bench.crash.staff_scene import StaffScene
from bench.crash.syscalls import CALLS, CALLS_WITH_A_SERVER, Point, record

RUNS_TO_A_RESEND = 4
DAEMON_SECONDS = 8.0  # by then it has done all there is to do


@dataclass(frozen=True)
class Verdict:
    """What came of one blow; `judgement` is None when the run was over before the point was reached."""

    judgement: Judgement | None
    scene: Scene


class Blow(Protocol):
    @property
    def kind(self) -> str: ...

    def play(self, ground: Ground) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class SyscallBlow:
    point: Point

    kind = "a call to the kernel"

    def __str__(self) -> str:
        return str(self.point)

    def play(self, ground: Ground) -> Verdict:
        scene = ground.scene()
        if not scene.run(self.point.wrapper).was_killed:
            return Verdict(None, scene)
        return _judged(scene)


@dataclass(frozen=True, slots=True)
class TwiceBlow:
    first: Point
    second: Point
    rest: bool  # so long between them that a doubt is resolved in the second life

    kind = "a call, and another in the run after it"

    def __str__(self) -> str:
        return f"{self.first}, then {self.second}{' after a while' if self.rest else ''}"

    def play(self, ground: Ground) -> Verdict:
        scene = ground.scene()
        if not scene.run(self.first.wrapper).was_killed:
            return Verdict(None, scene)
        if self.rest:
            time.sleep(DOUBT_WAIT + 0.1)
        if not scene.run(self.second.wrapper).was_killed:
            return Verdict(None, scene)
        return _judged(scene)


@dataclass(frozen=True, slots=True)
class DaemonBlow:
    """Its threads count their calls each by itself: the first to come to its nth is where the daemon dies."""

    point: Point

    kind = "a call to the kernel, in the daemon"

    def __str__(self) -> str:
        return f"daemon, {self.point}"

    def play(self, ground: Ground) -> Verdict:
        scene = ground.scene()
        return _judged(scene) if scene.run_daemon(self.point.daemon_wrapper, DAEMON_SECONDS) else Verdict(None, scene)


@dataclass(frozen=True, slots=True)
class SmtpBlow:
    moment: SmtpMoment
    resend: bool = False

    kind = "a moment of SMTP"

    def __str__(self) -> str:
        return f"{self.moment}{', sent again' if self.resend else ''}"

    def play(self, ground: Ground) -> Verdict:
        before = SmtpMoment("data", 1, False) if self.resend else None
        first = Executioner()
        if before is not None:
            with smtp_that_kills(ground.stack, before, first) as server:
                scene = ground.scene(smtp_port=server.port)
                _run_under(scene, first)
            last = Executioner()
            with smtp_that_kills(ground.stack, self.moment, last) as server:
                scene.point_smtp_at(server.port)
                for _ in range(RUNS_TO_A_RESEND):
                    time.sleep(DOUBT_WAIT / 2 + 0.1)
                    _run_under(scene, last)
                    if last.struck:
                        return _judged(scene)
            return Verdict(None, scene)
        with smtp_that_kills(ground.stack, self.moment, first) as server:
            scene = ground.scene(smtp_port=server.port)
            _run_under(scene, first)
            return _judged(scene) if first.struck else Verdict(None, scene)


@dataclass(frozen=True, slots=True)
class ImapBlow:
    moment: ImapMoment

    kind = "a moment of IMAP"

    def __str__(self) -> str:
        return str(self.moment)

    def play(self, ground: Ground) -> Verdict:
        executioner = Executioner()
        with ImapGate(ground.stack.imap_port, self.moment, executioner.strike) as gate:
            scene = ground.scene(imap_port=gate.port)
            _run_under(scene, executioner)
            return _judged(scene) if executioner.struck else Verdict(None, scene)


def _run_under(scene: Scene, executioner: Executioner) -> None:
    program = scene.begin()
    executioner.program = program
    scene.end(program)


def _judged(scene: Scene) -> Verdict:
    scene.goes_on()
    quiet = scene.run_until_quiet() and scene.ends()
    return Verdict(judge(scene, quiet=quiet, looks=_looks_at(scene)), scene)


def _looks_at(scene: Scene) -> tuple[Look, ...] | None:
    """What this story is held to."""
    match scene:
        case OutcomeScene():
            return (*STAFF_LOOKS, ended)
        case ReminderScene():
            return (*STAFF_LOOKS, reminded)
        case StaffScene():
            return STAFF_LOOKS
    return None


# Which there are


def syscall_blows(ground: Ground) -> list[SyscallBlow]:
    scene = ground.scene()
    recording = record(scene, CALLS_WITH_A_SERVER if ground.postgres else CALLS)
    ground.clear_away(scene)
    return [SyscallBlow(point) for point in recording.points()]


def double_blows(blows: list[SyscallBlow], times: int, chance: random.Random) -> list[TwiceBlow]:
    """Pairs at random; the second early enough in its run that it mostly strikes."""
    points, early = [blow.point for blow in blows], _early(blows)
    return [TwiceBlow(chance.choice(points), chance.choice(early), chance.random() < 0.5) for _ in range(times)]


def _early(blows: list[SyscallBlow]) -> list[Point]:
    """The first half of each call's points."""
    points = [blow.point for blow in blows]
    first, last = ({p.call: p.nth for p in some} for some in (reversed(points), points))
    return [p for p in points if p.nth <= first[p.call] + (last[p.call] - first[p.call]) // 2]


def daemon_blows(blows: list[SyscallBlow], times: int, chance: random.Random) -> list[DaemonBlow]:
    """A choice of the same points; no thread makes as many calls as one pass does in all."""
    early = _early(blows)
    return [DaemonBlow(point) for point in chance.sample(early, min(times, len(early)))]


def smtp_blows(ground: Ground) -> list[SmtpBlow]:
    moments = smtp_moments(ground.play.letters, ground.play.copied)
    again = [m for m in moments if m.event in (*BEFORE_THE_DOT, *ABOUT_THE_DOT, "after-250") and m.nth == 1]
    return [*map(SmtpBlow, moments), *(SmtpBlow(moment, resend=True) for moment in again if ground.play.resends)]


def imap_blows(ground: Ground) -> list[ImapBlow]:
    with ImapGate(ground.stack.imap_port) as gate:
        scene = ground.scene(imap_port=gate.port)
        scene.run()
        heard = gate.heard
    ground.clear_away(scene)
    return [ImapBlow(moment) for moment in imap_moments(heard)]

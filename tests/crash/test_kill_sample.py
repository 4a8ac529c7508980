"""A sample of the kill sweep in every test run; the whole is `python -m bench.kill_sweep`.

Which points is a matter of SEED: change it to see others. A failing point names the folder that shows it.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.crash.blows import Blow, SyscallBlow, double_blows, imap_blows, smtp_blows, syscall_blows
from bench.crash.figures import Sweep
from bench.crash.outcome_scene import Sent
from bench.crash.reminder_scene import Reminded
from bench.crash.scene import Ground
from bench.crash.staff_scene import STAFF_SCENES, Answered, StaffScene
from bench.crash.syscalls import Point
from bench.kill_sweep import strike_all
from tests.support.mailstack import MailStack
from tests.support.postgres import PostgresServer

SEED = 20261120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path


def struck_well(ground: Ground, blows: list[Blow], capfd: pytest.CaptureFixture[str]) -> None:
    sweep = Sweep()
    failing = strike_all(ground, blows, sweep)
    all_was_well(sweep, failing, len(blows), capfd)


def all_was_well(sweep: Sweep, failing: list[Path], blows: int, capfd: pytest.CaptureFixture[str]) -> None:
    total = sweep.total
    assert not failing, capfd.readouterr().err
    assert (total.broken, total.lost, total.twice) == (0, 0, 0)
    # The last calls of a recorded run may not come again in another; most have to.
    assert total.points >= (blows + 1) // 2


@pytest.mark.stack
def test_killed_anywhere_nothing_is_lost_and_nothing_comes_twice(
    folder: Path, mailstack: MailStack, capfd: pytest.CaptureFixture[str]
) -> None:
    ground, chance = Ground(folder, mailstack), random.Random(SEED)
    calls = syscall_blows(ground)
    blows: list[Blow] = [
        *chance.sample(calls, 3),
        *double_blows(calls, 1, chance),
        *chance.sample(smtp_blows(ground), 2),
        *chance.sample(imap_blows(ground), 1),
    ]
    struck_well(ground, blows, capfd)


@pytest.mark.stack
@pytest.mark.parametrize("play", STAFF_SCENES)
def test_killed_while_staff_write_a_command_is_done_once_and_an_answer_goes_once(
    folder: Path, mailstack: MailStack, capfd: pytest.CaptureFixture[str], play: type[StaffScene]
) -> None:
    ground, chance = Ground(folder, mailstack, play=play), random.Random(SEED)
    blows: list[Blow] = [chance.choice(smtp_blows(ground))]
    if play is Answered:
        blows.append(SyscallBlow(Point("fdatasync", chance.randrange(4, 9))))
    struck_well(ground, blows, capfd)


@pytest.mark.stack
@pytest.mark.postgres
def test_killed_while_staff_write_on_postgresql_as_well(
    folder: Path, mailstack: MailStack, postgres_server: PostgresServer, capfd: pytest.CaptureFixture[str]
) -> None:
    ground, chance = Ground(folder, mailstack, postgres_server, play=Answered), random.Random(SEED)
    struck_well(ground, chance.sample(smtp_blows(ground), 1), capfd)


@pytest.mark.stack
@pytest.mark.postgres
def test_killed_anywhere_on_postgresql_as_well(
    folder: Path, mailstack: MailStack, postgres_server: PostgresServer, capfd: pytest.CaptureFixture[str]
) -> None:
    ground, chance = Ground(folder, mailstack, postgres_server), random.Random(SEED)
    struck_well(ground, [*chance.sample(syscall_blows(ground), 2)], capfd)


@pytest.mark.stack
def test_killed_while_an_outcome_or_a_reminder_goes_each_goes_once_and_the_case_is_closed_with_its_letter(
    folder: Path, mailstack: MailStack, capfd: pytest.CaptureFixture[str]
) -> None:
    chance, sweep = random.Random(SEED), Sweep()
    grounds = [Ground(folder, mailstack, play=play) for play in (Sent, Reminded)]
    blows = [chance.choice(smtp_blows(ground)) for ground in grounds]
    with ThreadPoolExecutor(len(grounds)) as side_by_side:
        failing = list(side_by_side.map(lambda ground, blow: strike_all(ground, [blow], sweep), grounds, blows))
    all_was_well(sweep, [kept for each in failing for kept in each], len(blows), capfd)

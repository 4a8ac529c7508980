"""Mails per second to acknowledgement, and CPU per mail, beside the bare loop over the same mails, by turns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Line, about
from bench.ground import Ground
from bench.mails import Posted, mails
from bench.stopwatch import Measured

WARM = 100
RATE, CPU, AIM = 0.6, 2.0, 3.0
TOLD = 1.8  # a complaint of which a person is told as well: so many times the CPU, at the most
PATIENCE = 300  # seconds


@dataclass(frozen=True, slots=True)
class Pass:
    """One round's figures, for each mail: milliseconds on the wall and of CPU."""

    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        return 1000 / self.wall


def measure(ground: Ground, *, count: int, rounds: int, seed: int) -> list[Line]:
    bare: list[Pass] = []
    ours: list[Pass] = []
    told: list[Pass] = []
    for number in range(rounds):
        for one in ((bare, ours, told), (told, ours, bare))[number % 2]:
            one.append(_bare(ground, count, seed) if one is bare else _ours(ground, count, seed, people=one is told))
    rates = [mine.rate / theirs.rate for mine, theirs in zip(ours, bare, strict=True)]
    costs = [mine.cpu / theirs.cpu for mine, theirs in zip(ours, bare, strict=True)]
    more = [mine.cpu / without.cpu for mine, without in zip(told, ours, strict=True)]
    return [
        Line("mails a second to acknowledgement", about([one.rate for one in ours], "{:.0f}")),
        Line("the same, bare loop", about([one.rate for one in bare], "{:.0f}")),
        Line.at_least("their ratio", rates, RATE, "{:.2f}"),
        Line.at_most("CPU for a mail, ms", [one.cpu for one in ours], AIM, "{:.2f}"),
        Line("the same, bare loop", about([one.cpu for one in bare], "{:.2f}")),
        Line.at_most("their ratio", costs, CPU, "{:.2f}"),
        Line("mails a second, with a notice to staff for each complaint", about([one.rate for one in told], "{:.0f}")),
        Line("CPU for a mail, with a notice to staff for each complaint, ms", about([x.cpu for x in told], "{:.2f}")),
        Line.at_most("the same, beside without notices", more, TOLD, "{:.2f}"),
    ]


def through_postfix(ground: Ground, *, count: int, seed: int) -> list[Line]:
    """The same with a real Postfix: each letter delivered, its evidence copy read, recognised and filed to Sent."""
    address, folder = ground.mailbox(), ground.own_folder()
    warm, measured = posts(address, count, seed)
    for mail in (*warm, *measured):
        ground.stack.add_user(mail.sender)
    ground.put(address, warm)
    ground.put(address, measured, "Waiting")
    config = ground.settings(folder, address, smtp=ground.stack.smtp_port)
    settings = {"config": str(config), "answers": humans(warm), "filed": True}
    with Measured("bench.whole_program", settings, log=folder / "log") as daemon:
        daemon.hear()
        ground.let_in(address)
        daemon.tell(answers=humans(measured))
        said = daemon.hear()
        daemon.tell(answers=0)
    return [
        Line(f"mails a second until each of {humans(measured)} copies is filed", f"{count / said['seconds']:.0f}"),
        Line("CPU for a mail and its copy, ms", f"{1000 * said['cpu'] / count:.2f}"),
    ]


def posts(address: str, count: int, seed: int, warm: int = WARM) -> tuple[list[Posted], list[Posted]]:
    return list(mails(warm, seed + 1, address)), list(mails(count, seed, address))


def _bare(ground: Ground, count: int, seed: int) -> Pass:
    address, folder = ground.mailbox(), ground.own_folder()
    warm, measured = posts(address, count, seed)
    ground.put(address, warm)
    ground.put(address, measured, "Waiting")
    where = {"imap": ground.stack.imap_port, "smtp": ground.sink_port, "address": address}
    with Measured("bench.bare_loop", {**where, "database": str(folder / "bare.db")}, log=folder / "log") as loop:
        loop.hear()
        ground.let_in(address)
        loop.tell()
        said = loop.hear()
    ground.forget(address)
    if said["done"] != count:
        raise RuntimeError(f"the bare loop answered {said['done']} of {count} mails")
    return Pass(1000 * said["seconds"] / count, 1000 * said["cpu"] / count)


def _ours(ground: Ground, count: int, seed: int, *, people: bool = False) -> Pass:
    """With `people` it is over when each complaint is acknowledged and a person told of it."""
    address, folder = ground.mailbox(), ground.own_folder()
    config = ground.settings(folder, address, people=people)
    found = timed(ground, config, address, *posts(address, count, seed), letters=2 if people else 1)
    if (left := unsettled(folder / "complaintmail.db")) != 0:
        raise RuntimeError(f"{left} mails were not settled")
    ground.forget(address)
    return found


def timed(
    ground: Ground,
    config: Path,
    address: str,
    warm: Sequence[Posted],
    measured: Sequence[Posted],
    *,
    letters: int = 1,
) -> Pass:
    """The whole program over these mails, once it has worked off the warm ones. `letters`: so many for each human's
    mail are waited for."""
    ground.put(address, warm)
    ground.put(address, measured, "Waiting")
    settings = {"config": str(config), "answers": letters * humans(warm)}
    with Measured("bench.whole_program", settings, log=config.with_name("log")) as daemon:
        daemon.hear()
        ground.let_in(address)
        daemon.tell(answers=letters * humans(measured))
        said = daemon.hear()
        daemon.tell(answers=0)
    return Pass(1000 * said["seconds"] / len(measured), 1000 * said["cpu"] / len(measured))


def humans(posted: Sequence[Posted]) -> int:
    return sum(mail.human for mail in posted)


def unsettled(database: Path) -> int:
    """How many mails in this casebook have not been understood yet."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as book:
        return int(book.execute("SELECT count(*) FROM journal WHERE state = 'collected'").fetchone()[0])


def sent(database: Path) -> int:
    """How many letters of this casebook were taken by a server."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as book:
            return int(book.execute("SELECT count(*) FROM letter WHERE state = 'sent'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # it is being made


def wait_until_sent(database: Path, count: int, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while sent(database) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{sent(database)} letters went out in {seconds:g} s, not {count}")
        time.sleep(0.25)

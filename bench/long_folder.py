"""A folder of half a million mails: the first start on it, and a poll. The server is scripted, its mails made up."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bench.figures import Line
from bench.ground import Ground
from bench.stopwatch import wait_for
from tests.support.scripted_folder import Folder
from tests.support.scripted_imap import ScriptedImap

SECONDS, KILOBYTES, MEGABYTES = 2.0, 10.0, 150.0
BODY = (
    "From: Writer {0} <writer{0}@complainants.test>\r\nTo: info@example.test\r\nSubject: Complaint {0}\r\n"
    "Message-ID: <{0}@complainants.test>\r\n\r\nI waited for an hour, nobody came, and that is bad. ({0})\r\n"
)


class Long(Folder):
    """Each mail another one, made when it is asked for."""

    def body(self, uid: int) -> bytes:
        return BODY.format(uid).encode()


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    megabytes: float
    kilobytes: float


def measure(ground: Ground, *, mails: int) -> list[Line]:
    folder = ground.own_folder()
    with ScriptedImap(Long(uids=range(1, mails + 1))) as server:
        config = ground.settings(folder, "info@example.test", imap=server.port, since="now")
        program = [sys.executable, "-m", "complaintmail", "--config", str(config), "run", "--once"]

        def run() -> Run:
            before = server.sent_bytes
            code, seconds, _, megabytes = wait_for(program)
            if code:
                raise RuntimeError(f"run --once ended with {code}")
            return Run(seconds, megabytes, (server.sent_bytes - before) / 1000)

        first, poll = run(), run()
    return [
        Line("first start, which reads 2,000 for their history, s", f"{first.seconds:.1f}"),
        Line("first start, kB read", f"{first.kilobytes:.0f}"),
        Line.at_most("first start, MB of memory", [first.megabytes], MEGABYTES, "{:.0f}"),
        Line.at_most("a poll, whole program, s", [poll.seconds], SECONDS, "{:.2f}"),
        Line.at_most("a poll, kB read", [poll.kilobytes], KILOBYTES, "{:.1f}"),
        Line.at_most("a poll, MB of memory", [poll.megabytes], MEGABYTES, "{:.0f}"),
    ]

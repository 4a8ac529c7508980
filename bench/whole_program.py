"""The daemon, as it runs, with a stopwatch: what bench.rate and bench.growth measure.

    python -m bench.whole_program '{"config": "config.toml", "answers": 50}'

It starts on what is in its mailbox, says when so many answers have been taken by the server and written down, waits
for a line with the number of the next, and measures from there until the last of those is written down; with `filed`,
until the evidence copy of each lies in the Sent folder.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import text

from bench.stopwatch import Stopwatch, say, wait_for_word
from complaintmail.config import load
from complaintmail.config.model import Mailbox
from complaintmail.daemon import Daemon
from complaintmail.gateways.ports import Outcome, Outgoing, Postbox, Result
from complaintmail.store.engine import Store
from complaintmail.wiring import build, smtp_postbox


class CountingPostbox:
    """The real one; it counts what the server took."""

    def __init__(self, box: Mailbox) -> None:
        self._postbox: Postbox = smtp_postbox(box)
        self.taken, self.wanted = 0, 0
        self.reached = threading.Event()

    def want(self, more: int) -> None:
        self.reached.clear()
        self.wanted += more
        if self.taken >= self.wanted:
            self.reached.set()

    def send(
        self, letters: Sequence[Outgoing], *, may_send: Callable[[str], bool], done: Callable[[Outcome], None]
    ) -> None:
        def counted(outcome: Outcome) -> None:
            done(outcome)
            self.taken += outcome.result is Result.SENT
            if self.taken == self.wanted:
                self.reached.set()

        self._postbox.send(letters, may_send=may_send, done=counted)

    def check(self) -> str:
        return self._postbox.check()

    def close(self) -> None:
        self._postbox.close()


def main(config: str, answers: int, filed: bool = False, seconds: float = 300) -> None:
    boxes: list[CountingPostbox] = []

    def counting(box: Mailbox) -> Postbox:
        boxes.append(CountingPostbox(box))
        return boxes[-1]

    stop = threading.Event()
    office = build(load(Path(config)), postbox=counting, stopping=stop.is_set)
    [box], [work] = boxes, office.works
    box.want(answers)
    daemon = threading.Thread(target=Daemon(office, stop).run)
    daemon.start()

    def written_down() -> None:
        if not box.reached.wait(seconds):
            raise TimeoutError(f"{box.taken} answers were taken, not {box.wanted}")
        while work.dispatcher.unsettled:
            time.sleep(0.0005)
        if filed:
            _wait_for_copies(office.store, box.wanted, seconds)

    try:
        written_down()
        say(ready=box.taken)
        while (more := int(wait_for_word()["answers"])) > 0:
            before = box.taken
            box.want(more)
            watch = Stopwatch()
            work.inbox.interrupt()  # how soon the server tells of new mail is bench.latency's to measure
            written_down()
            say(done=box.taken - before, **watch.read())
    finally:
        stop.set()
        daemon.join(30)
        office.close()


def _wait_for_copies(store: Store, wanted: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    asked = text("SELECT count(*) FROM journal WHERE filing = 'done'")
    while True:
        with store.reading() as connection:
            found = connection.scalar(asked)
        if found >= wanted:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{found} copies were filed, not {wanted}")
        time.sleep(0.1)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))

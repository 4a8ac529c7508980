"""The daemon: threads, ticks, signals, heartbeat. It decides nothing about mail.

    a watcher for each mailbox   settles doubts, files copies, collects; then IDLEs until something comes
    one intake thread            understands what was collected, as soon as it is there
    a sender for each mailbox    sends what is due, as soon as it is owed or its retry has come
    APScheduler                  only ticks: looks that nothing was forgotten, reminds, notices what is late, beats

A thread that fails tries again with growing pauses; a thread that is gone, or a database that cannot be trusted, ends
the daemon with exit code 1, so that the service manager starts it afresh. SIGTERM finishes what is in the middle.
"""

from __future__ import annotations

import contextlib
import random
import signal
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from complaintmail.clock import Pace
from complaintmail.errors import ComplaintmailError, LoginRefused, StoreError, TemporaryFailure
from complaintmail.log import Log
from complaintmail.memory import give_back
from complaintmail.passes.audit import ask_of_let_go
from complaintmail.passes.chase import notice_missed, notice_unproved
from complaintmail.passes.digests import send_digests
from complaintmail.passes.learn import AT_NIGHT, learn_if_due
from complaintmail.passes.notify import tell_people
from complaintmail.passes.office import Office, Work
from complaintmail.passes.recounting import ask_to_recount
from complaintmail.passes.reminders import remind
from complaintmail.passes.reviewing import owe_reviews
from complaintmail.passes.turn import Turn
from complaintmail.store import journal, outbox
from complaintmail.systemd import notify, watchdog_seconds

log = Log("daemon")

LONGEST_PAUSE = 900.0
LOGIN_PAUSE = 60.0
FINISH_WITHIN = 30.0
IDLE_AT_MOST = 540.0
RUSH = 50  # mails at once, after which memory is given back
ASK_AGAIN = 5.0  # seconds between looks whether another daemon's mailbox has become free


class Daemon:
    """Runs an office until it is told to stop."""

    def __init__(self, office: Office, stop: threading.Event) -> None:
        self._office = office
        self._stop = stop
        self._intake_wanted = threading.Event()
        self._send_wanted = {work.address: threading.Event() for work in office.works}
        self._may_send = {
            work.address: threading.Event() for work in office.works
        }  # clear: the brake has to look first
        self._intake_turn = threading.Lock()
        self._fatal: list[str] = []
        self._rushed = False  # much mail came at once, and its memory was not given back yet
        self._braked: set[str] = set()  # mailboxes whose first pass came to its end
        self._pace = Pace(office.clock)
        self._reviews_on: date | None = None  # when we last looked what policies owe themselves
        self._looked_over: set[str] = set()  # mailboxes of which we asked whether their policy's file has changed
        self._threads: list[threading.Thread] = []
        for work in office.works:
            work.collector.on_anew = self._may_send[work.address].clear
            work.dispatcher.may_send = partial(self._goes_on, work.address, work.dispatcher.may_send)

    def run(self) -> int:
        """Work until stopped; the exit code."""
        self._catch_signals()
        for work in self._office.works:
            self._start(f"watch {work.address}", partial(self._watch, work))
            self._start(f"send {work.address}", partial(self._send, work))
        self._start("intake", self._take_in)
        scheduler = self._ticks()
        scheduler.start()
        notify("READY=1\nSTATUS=watching " + ", ".join(work.address for work in self._office.works))
        log.event("started", mailboxes=len(self._office.works))
        self._stop.wait()
        notify("STOPPING=1")
        scheduler.shutdown(wait=False)
        for work in self._office.works:
            with contextlib.suppress(OSError, ComplaintmailError):
                work.inbox.interrupt()
            self._send_wanted[work.address].set()
            self._may_send[work.address].set()
        self._intake_wanted.set()
        deadline = self._office.clock.monotonic() + FINISH_WITHIN
        for thread in self._threads:
            thread.join(max(0.1, deadline - self._office.clock.monotonic()))
        log.event("stopped", why="; ".join(self._fatal) or "asked to")
        return 1 if self._fatal else 0

    def _catch_signals(self) -> None:
        def asked(number: int, _frame: FrameType | None) -> None:
            log.event("signal", name=signal.Signals(number).name)
            self._stop.set()

        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, asked)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except BaseException as failure:  # a thread that dies unseen is a mailbox unwatched: it ends the daemon
                log.failure("thread_ended", failure, thread=name)
                self._fatal.append(f"{name}: {failure}")
                self._stop.set()

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _ticks(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        scheduler.add_job(self._look_again, "interval", seconds=5)
        scheduler.add_job(self._chase, "interval", seconds=60)
        scheduler.add_job(self._learn, "interval", seconds=600)
        beat = watchdog_seconds()
        if beat:
            scheduler.add_job(self._heartbeat, "interval", seconds=max(1.0, beat / 3))
        return scheduler

    def _goes_on(self, address: str, ours: Callable[[], bool]) -> bool:
        """May letters of this mailbox go? Also a run that has begun stops when the brake has to look first."""
        return self._may_send[address].is_set() and ours()

    # Watching

    def _watch(self, work: Work) -> None:
        turn = Turn(work, self._office.clock.now)
        failures = 0
        while not self._stop.is_set():
            pause = self._one_turn(turn, work)
            if pause is None:
                failures = 0
                self._wait_for_mail(work)
                continue
            failures += 1
            self._stop.wait(max(pause, min(LONGEST_PAUSE, 2.0 ** min(failures, 10))) * random.uniform(0.8, 1.2))

    def _one_turn(self, turn: Turn, work: Work) -> float | None:
        """One turn at the server; how long to pause after it at the least, or None when it went well."""
        try:
            if not self._taken(work):
                return None
            work.doubts.note_lost()
            turn.settle()
            self._before_collecting(work)
            turn.collect(self._intake_wanted.set)
            if turn.collect_sent():
                self._intake_wanted.set()
            self._look_for_the_brake(work)
            self._braked.add(work.address)
            turn.ended(None)
            return None
        except StoreError:
            raise
        except Exception as failure:  # whatever this server did costs this mailbox its turn, not the daemon
            work.inbox.close()
            turn.ended(failure)
            with contextlib.suppress(TemporaryFailure):  # the next turn looks again
                self._look_for_the_brake(work)  # a server that cannot be read keeps back no letter owed before
            return LOGIN_PAUSE if isinstance(failure, LoginRefused) else 0.0

    def _taken(self, work: Work) -> bool:
        """Is this mailbox ours? While another daemon has it we ask again and again: that one may be gone any time."""
        if self._office.ownership.take(work.address):
            return True
        self._may_send[work.address].clear()
        self._braked.discard(work.address)  # what we find when it is ours is a start
        return False

    def _before_collecting(self, work: Work) -> None:
        """Until a pass after a start or a rescan came to its end, what each one brings is looked at before it goes."""
        if work.collector.began_anew:
            self._braked.discard(work.address)
        if work.address not in self._braked:
            self._may_send[work.address].clear()

    def _look_for_the_brake(self, work: Work) -> None:
        """Letters may go once the brake has seen what a start or a rescan brought."""
        ready = self._may_send[work.address]
        if work.collector.began_anew:
            self._braked.discard(work.address)
            ready.clear()
        if ready.is_set() or not self._office.ownership.holds(work.address):
            return
        with self._intake_turn:
            while not self._stop.is_set() and self._office.intake.run([work.address]):
                pass
        held = outbox.brake(
            self._office.store, work.address, self._office.intake.limits.brake, self._office.clock.now()
        )
        if held:
            log.warning("brake", mailbox=work.address, letters=held)
        work.collector.began_anew = False
        ready.set()
        self._send_wanted[work.address].set()

    def _wait_for_mail(self, work: Work) -> None:
        seconds = min(work.box.poll.total_seconds(), IDLE_AT_MOST)
        if not self._office.ownership.holds(work.address):
            self._stop.wait(min(seconds, ASK_AGAIN))
            return
        try:
            work.inbox.wait(seconds)
        except ComplaintmailError as failure:
            log.event("idle_ended", mailbox=work.address, why=str(failure))
            work.inbox.close()

    # Understanding and sending

    def _take_in(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._intake_wanted.wait()
            self._intake_wanted.clear()
            try:
                taken = 0
                with self._intake_turn:
                    while not self._stop.is_set() and (some := self._office.intake.run(self._held())):
                        taken += some
                        self._wake_senders()
                failures = 0
                self._rushed = self._rushed or taken >= RUSH
            except StoreError:
                raise
            except (ComplaintmailError, OSError, MemoryError) as failure:
                failures += 1
                log.failure("intake_failed", failure)
                self._stop.wait(min(60.0, 2.0**failures))
                self._intake_wanted.set()

    def _held(self) -> list[str]:
        return [work.address for work in self._office.works if self._office.ownership.holds(work.address)]

    def _wake_senders(self) -> None:
        for event in self._send_wanted.values():
            event.set()

    def _send(self, work: Work) -> None:
        wanted, ready = self._send_wanted[work.address], self._may_send[work.address]
        while not self._stop.is_set():
            wanted.wait()
            wanted.clear()
            ready.wait()
            if self._stop.is_set():
                break
            try:
                work.dispatcher.run()
                if work.dispatcher.login_refused:  # some servers lock an account after a few tries
                    self._stop.wait(LOGIN_PAUSE)
            except StoreError:
                raise
            except ComplaintmailError as failure:
                log.warning("send_failed", mailbox=work.address, why=str(failure))
                self._stop.wait(5.0)
                wanted.set()
        work.dispatcher.finish()

    # Ticks

    def _look_again(self) -> None:
        """Nothing is forgotten if a wake-up was lost: entries waiting, letters due, copies to file."""
        with contextlib.suppress(ComplaintmailError):
            now = self._office.clock.now()
            with self._office.store.reading() as connection:
                waiting = journal.backlog(connection)
                due = outbox.due_now(connection, now)
                copies = {work.address for work in self._office.works if journal.copies_wait(connection, work.address)}
            if waiting:
                self._intake_wanted.set()
            elif self._rushed and not due:
                self._rushed = False
                give_back()
            if tell_people(self._office.store, self._office.papers, self._held(), now):
                self._wake_senders()
            for work in self._office.works:
                if work.address in due:
                    self._send_wanted[work.address].set()
                if work.address in copies or work.dispatcher.unsettled:
                    self._send_wanted[work.address].set()
                    work.inbox.interrupt()

    def _chase(self) -> None:
        if (by := self._pace.jumped()) is not None:
            log.warning("clock_was_set", seconds=round(by), then="what is timed waits until it is steady")
        if not self._pace.steady:
            return
        with contextlib.suppress(ComplaintmailError):
            for notice in (notice_missed, notice_unproved):
                notice(self._office.store, self._held(), self._office.clock.now())
            fresh = [address for address in self._held() if address not in self._looked_over]
            owed = ask_to_recount(self._office.store, self._office.papers, fresh, self._office.clock.now())
            self._looked_over.update(fresh)
            if (today := self._office.clock.now().date()) != self._reviews_on:
                owe_reviews(self._office.store, self._office.papers, self._held(), self._office.clock.now())
                self._reviews_on = today
            for tell in (remind, send_digests, ask_of_let_go):
                owed += tell(self._office.store, self._office.papers, self._held(), self._office.clock.now())
            if owed:
                self._wake_senders()

    def _learn(self) -> None:
        if self._pace.steady and self._held():
            with contextlib.suppress(ComplaintmailError):
                office = self._office
                learn_if_due(office.store, office.clock.now(), office.config.timezone, office.rules, from_hour=AT_NIGHT)

    def _heartbeat(self) -> None:
        if all(thread.is_alive() for thread in self._threads):
            notify("WATCHDOG=1")

"""One pass over everything, then an end (`run --once`).

First whoever's day has begun gets their list. Then, in this order, until nothing more is due now: settle what was in
doubt, file evidence, collect, intake, chase, dispatch. It waits for no retry. Mailboxes take their turns side by side,
so a dead one delays nobody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from complaintmail.errors import ComplaintmailError, StoreError
from complaintmail.log import Log
from complaintmail.passes.audit import ask_of_let_go
from complaintmail.passes.chase import notice_missed, notice_unproved
from complaintmail.passes.digests import send_digests
from complaintmail.passes.learn import learn_if_due
from complaintmail.passes.notify import tell_people
from complaintmail.passes.office import Office, Work
from complaintmail.passes.recounting import ask_to_recount
from complaintmail.passes.reminders import remind
from complaintmail.passes.reviewing import owe_reviews
from complaintmail.passes.turn import Turn
from complaintmail.store import doubted, outbox

log = Log("once")


def run_once(office: Office) -> list[str]:
    """Make one pass; the mailboxes that failed, each with why."""
    failed: dict[str, str] = {}
    mine = [work for work in office.works if office.ownership.take(work.address)]
    for work in office.works:
        if work not in mine:
            log.event("mailbox_held_elsewhere", mailbox=work.address)
    turns = {work.address: Turn(work, office.clock.now) for work in mine}
    for work in mine:
        work.doubts.note_lost()
    try:
        _until_nothing_moves(office, mine, turns, failed)
    finally:
        for work in mine:
            work.dispatcher.finish()
    if mine:
        learn_if_due(office.store, office.clock.now(), office.config.timezone, office.rules)
    for work in mine:
        if work.address not in failed:
            turns[work.address].ended(None, always=True)
            if unfiled := turns[work.address].unfiled:
                failed[work.address] = unfiled
    return [f"{address}: {why}" for address, why in failed.items()]


def _until_nothing_moves(office: Office, mine: list[Work], turns: dict[str, Turn], failed: dict[str, str]) -> None:
    addresses = [work.address for work in mine]
    first = True
    send_digests(office.store, office.papers, addresses, office.clock.now())  # as things stand before this pass
    ask_to_recount(office.store, office.papers, addresses, office.clock.now())
    ask_of_let_go(office.store, office.papers, addresses, office.clock.now())
    owe_reviews(office.store, office.papers, addresses, office.clock.now())
    with _side_by_side(len(mine)) as each:
        while True:
            working = [work for work in mine if work.address not in failed]
            moved = sum(each(lambda work: _at_the_server(turns[work.address], failed), working))
            while taken := office.intake.run(addresses):
                moved += taken
            moved += tell_people(office.store, office.papers, addresses, office.clock.now())
            moved += remind(office.store, office.papers, addresses, office.clock.now())
            moved += notice_missed(office.store, addresses, office.clock.now())
            moved += notice_unproved(office.store, addresses, office.clock.now())
            for work in mine:
                _brake(office, work, first=first)
            moved += sum(each(lambda work: _send(work, failed), mine))
            if not moved and not (first and _in_doubt(office, addresses)):
                return
            first = False


Each = Callable[[Callable[[Work], int], list[Work]], Iterable[int]]


@contextlib.contextmanager
def _side_by_side(mailboxes: int) -> Iterator[Each]:
    """A thread for each mailbox; a single one takes its turns in this thread, and no other is begun."""
    if mailboxes <= 1:
        yield map
        return
    with ThreadPoolExecutor(max_workers=mailboxes, thread_name_prefix="mailbox") as pool:
        yield pool.map


def _at_the_server(turn: Turn, failed: dict[str, str]) -> int:
    try:
        moved = turn.settle() + turn.collect(lambda: None) + turn.collect_sent()
        turn.ended(None)
        return moved
    except StoreError:
        raise
    except Exception as failure:  # whatever this server did costs this mailbox its turn, not the others
        turn.ended(failure)
        failed[turn.work.address] = str(failure)
        return 0


def _send(work: Work, failed: dict[str, str]) -> int:
    try:
        tried = work.dispatcher.run()
    except StoreError:
        raise
    except ComplaintmailError as failure:
        failed.setdefault(work.address, str(failure))
        return 0
    if work.dispatcher.failure:
        failed.setdefault(work.address, work.dispatcher.failure)
    return tried


def _in_doubt(office: Office, addresses: list[str]) -> bool:
    """A doubt is resolved only by a turn that comes after the mailbox was read to its end: it needs a second one."""
    with office.store.reading() as connection:
        return bool(doubted.doubtful(connection, addresses))


def _brake(office: Office, work: Work, *, first: bool) -> None:
    """After a start or a rescan, a sudden mass of answers waits for the admin's word."""
    if not (first or work.collector.began_anew):
        return
    work.collector.began_anew = False
    held = outbox.brake(office.store, work.address, office.intake.limits.brake, office.clock.now())
    if held:
        log.warning("brake", mailbox=work.address, letters=held)

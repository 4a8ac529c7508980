"""Is it healthy? What `status` prints and the daemon serves: mailboxes, letters, what is overdue, and every problem in
a sentence that says what to do. Reckoned from the database and the settings alone, whether a daemon runs or not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.config.model import Config, Mailbox
from complaintmail.config.staffing import gaps
from complaintmail.errors import PolicyError
from complaintmail.gateways.ports import NoSuchFolder
from complaintmail.store.instants import instant_of
from complaintmail.store.late import how_many_late
from complaintmail.store.lines import Told
from complaintmail.store.reading import NoCasebook, Reader, local_times, open_casebook

STATES = ("queued", "sending", "doubt", "held", "refused")
LOOKED_AT_WITHIN = timedelta(minutes=5)
UNDERSTOOD_WITHIN = timedelta(minutes=5)
SENT_WITHIN = timedelta(hours=1)
SENT_FOLDER_WITHIN = timedelta(days=1)
SOON = timedelta(days=30)
ROOM = 256 * 1024 * 1024
LATEST_EVENTS = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """`grave`: something that was promised is at risk, and somebody has to look."""

    words: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    mailboxes: tuple[Mapping[str, Any], ...]
    outbox: Mapping[str, int]
    overdue: int
    problems: tuple[Problem, ...]

    @property
    def healthy(self) -> bool:
        return not any(problem.grave for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        grave_first = sorted(self.problems, key=lambda problem: not problem.grave)
        return {
            "healthy": self.healthy,
            "mailboxes": list(self.mailboxes),
            "outbox": dict(self.outbox),
            "overdue": self.overdue,
            "problems": [problem.words for problem in grave_first],
        }

    def also(self, problems: Sequence[Problem]) -> Health:
        return replace(self, problems=(*self.problems, *problems))


def look(config: Config, now: datetime) -> Health:
    """How things stand now. Where there is no database yet, that is the problem; a broken one is a `StoreError`."""
    told = local_times(ZoneInfo(config.timezone))
    around = (*_staff(config), *_machine(config, now))
    try:
        with open_casebook(config.storage.database.reveal()) as reader:
            return health(reader, told, config, now).also(around)
    except NoCasebook as none_yet:
        unread = tuple(_mailbox(box, None, 0, told) for box in config.mailboxes)
        return Health(unread, dict.fromkeys(STATES, 0), 0, (Problem(str(none_yet)), *around))


def health(reader: Reader, told: Told, config: Config, now: datetime) -> Health:
    """What the database says."""
    waiting = {row[0]: row[1:] for row in reader.rows(_WAITING)}
    rows = {(row[0], row[1]): row[2:] for row in reader.rows(_MAILBOXES)}
    mailboxes: list[Mapping[str, Any]] = []
    problems: list[Problem] = []
    for box in config.mailboxes:
        row = rows.get((box.address, box.imap.folders.inbox))
        backlog, oldest = waiting.get(box.address, (0, None))
        mailboxes.append(_mailbox(box, row, backlog, told))
        problems += _mailbox_problems(box, row, told, now)
        problems += _sent_problems(box, rows.get((box.address, box.imap.folders.sent)), now)
        collected = instant_of(oldest)
        if collected is not None and now - collected > UNDERSTOOD_WITHIN:
            problems.append(
                Problem(
                    f"{box.address}: {_count(backlog, 'mail')} taken in since {_at(told(oldest))} not understood yet"
                )
            )
    counts: dict[str, int] = dict(
        reader.rows("SELECT state, COUNT(*) FROM letter WHERE state <> 'sent' GROUP BY state")
    )
    overdue = how_many_late(reader, now)
    problems += _letter_problems(reader, told, config, now)
    problems += _work_for_people(reader, overdue)
    problems += _template_problems(reader, now)
    return Health(tuple(mailboxes), {state: counts.get(state, 0) for state in STATES}, overdue, tuple(problems))


_WAITING = "SELECT mailbox, COUNT(*), MIN(collected_at) FROM journal WHERE state = 'collected' GROUP BY mailbox"
_MAILBOXES = (
    "SELECT address, folder, last_pass_at, last_good_at, failing_since, failure, uidvalidity, last_uid "
    "FROM mailbox_state"
)


def _mailbox(box: Mailbox, row: Sequence[Any] | None, backlog: int, told: Told) -> dict[str, Any]:
    last_pass, last_good, failing, failure, uidvalidity, last_uid = row if row is not None else (None,) * 6
    return {
        "address": box.address,
        "policy": box.policy,
        "last_pass_at": told(last_pass),
        "last_good_at": told(last_good),
        "failing_since": told(failing),
        "failure": failure,
        "backlog": backlog,
        "uidvalidity": uidvalidity or None,
        "last_uid": last_uid,
    }


def _mailbox_problems(box: Mailbox, row: Sequence[Any] | None, told: Told, now: datetime) -> Iterator[Problem]:
    if row is None or row[0] is None:
        yield Problem(f"{box.address}: never looked at yet; is complaintmail run running?")
        return
    last_pass, _, failing, failure = row[:4]
    if failing is not None:
        yield Problem(f"{box.address}: failing since {_at(told(failing))}: {failure}")
    looked = instant_of(last_pass)
    if looked is not None and now - looked > max(LOOKED_AT_WITHIN, 3 * box.poll):
        yield Problem(f"{box.address}: not looked at since {_at(told(last_pass))}; is complaintmail run running?")


def _sent_problems(box: Mailbox, row: Sequence[Any] | None, now: datetime) -> Iterator[Problem]:
    """What staff send by hand from the shared mailbox is seen only where its folder can be read."""
    sent, inbox = box.imap.folders.sent, box.imap.folders.inbox
    unseen = f"{box.address}: answers that staff send from this mailbox by hand are not seen"
    if sent == "none":
        yield Problem(f'{unseen}, since [mailbox.imap.folders] has sent = "none"', grave=False)
    elif sent != inbox and row is not None and row[3] is not None:
        since = instant_of(row[2])
        if NoSuchFolder.WORDS in row[3] and since is not None and now - since < SENT_FOLDER_WITHIN:
            return  # a mailbox that has sent nothing yet may have none
        yield Problem(
            f"{unseen}: {row[3]}; name the folder where they lie as sent under [mailbox.imap.folders]", grave=False
        )


def _letter_problems(reader: Reader, told: Told, config: Config, now: datetime) -> Iterator[Problem]:
    held = reader.value("SELECT COUNT(*) FROM letter WHERE state = 'held' AND reason LIKE ?", ("the brake:%",))
    if held:
        yield Problem(
            f"{_count(held, 'letter')} held by the brake after a start or a rescan: look at them with complaintmail "
            "outbox, then let them go with complaintmail outbox release --all --reason brake"
        )
    refused = reader.rows("SELECT id, reason FROM letter WHERE state = 'refused' ORDER BY created_at DESC")
    if refused:
        letter, reason = refused[0]
        yield Problem(
            f"{_count(len(refused), 'letter')} refused, the latest {letter} ({reason}): reach them another way, then "
            "complaintmail outbox retry ID, or cancel ID"
        )
    longest = max((box.smtp.doubt_wait + box.smtp.settle for box in config.mailboxes), default=timedelta())
    doubts = reader.rows("SELECT id, doubt_at FROM letter WHERE state = 'doubt' ORDER BY doubt_at")
    if doubts:
        since = instant_of(doubts[0][1])
        stuck = since is None or now - since > longest + LOOKED_AT_WITHIN
        yield Problem(
            f"{_count(len(doubts), 'letter')} in doubt since {_at(told(doubts[0][1]))}: nobody knows yet whether the "
            "server took them; evidence is looked for",
            grave=stuck,
        )
    slow = reader.rows(
        "SELECT COUNT(*), MIN(created_at), MAX(reason) FROM letter WHERE state IN ('queued', 'sending') "
        "AND created_at < ? AND COALESCE(released_at, created_at) < ?",
        (reader.moment(now - SENT_WITHIN),) * 2,
    )[0]
    if slow[0]:
        why = f": {slow[2]}" if slow[2] else ""
        yield Problem(f"{_count(slow[0], 'letter')} waiting to be sent since {_at(told(slow[1]))}{why}")


def _work_for_people(reader: Reader, overdue: int) -> Iterator[Problem]:
    if overdue:
        yield Problem(f"{_count(overdue, 'duty', 'duties')} overdue; complaintmail due lists them")
    aside = reader.value(
        "SELECT COUNT(DISTINCT j.id) FROM journal j JOIN obligation o ON o.message_id = j.id "
        "WHERE j.state = 'set aside' AND o.state = 'open' AND o.kind = 'attend'"
    )
    if aside:
        yield Problem(
            f"{_count(aside, 'mail')} set aside because this program failed on them; complaintmail due says which"
        )
    unseen = reader.value(
        "SELECT COUNT(*) FROM obligation WHERE state = 'open' AND kind = 'attend' AND message_id IS NULL "
        "AND case_id IS NULL AND role = ''"  # as `journal.owe_a_look` writes it; a letter to staff is no mail unseen
    )
    if unseen:
        yield Problem(
            f"{_count(unseen, 'mail')} that the server cannot hand over: look in the mailbox; see complaintmail due"
        )


def _template_problems(reader: Reader, now: datetime) -> Iterator[Problem]:
    rows = reader.rows(
        "SELECT detail FROM (SELECT id, at, what, detail FROM event ORDER BY id DESC LIMIT ?) latest "
        "WHERE what = 'letter_template_failed' AND at > ? ORDER BY id DESC",
        (LATEST_EVENTS, reader.moment(now - timedelta(days=1))),
    )
    if rows:
        import json

        why = json.loads(rows[0][0]).get("why", "")
        yield Problem(
            f"{_count(len(rows), 'letter')} sent in plain words within a day, its own failed: {why}", grave=False
        )


def _staff(config: Config) -> Iterator[Problem]:
    from complaintmail.policy.load import find

    for name in dict.fromkeys(box.policy for box in config.mailboxes):
        try:
            policy = find(name, config.policies.directory)
        except PolicyError as wrong:
            yield from (Problem(words) for words in wrong.problems)
            continue
        yield from (Problem(f"{name}: {gap.words}") for gap in gaps(config.people, policy) if gap.grave)


def _machine(config: Config, now: datetime) -> Iterator[Problem]:
    file = config.storage.database.file
    for folder in dict.fromkeys(filter(None, (file.parent if file else None, config.storage.raw_files))):
        room = free_bytes(folder)
        if room is not None and room < ROOM:
            yield Problem(f"{folder}: the disk is nearly full: {room // 1_000_000} MB are left")
    today = now.astimezone(ZoneInfo(config.timezone)).date()
    for box in config.mailboxes:
        for name, server in (("imap", box.imap), ("smtp", box.smtp)):
            ends = server.oauth2.secret_expires if server.oauth2 else None
            if ends is not None and ends - today <= SOON:
                words = f"{box.address}: the secret of [mailbox.{name}.oauth2] ends on {ends}: get a new one"
                yield Problem(words, grave=ends <= today)
    from complaintmail.policy.calendar import holiday_table

    until = holiday_table().announced_until
    if today.year >= until:
        words = f"public holidays are announced here until the end of {until} only: add new ones, or upgrade"
        yield Problem(words, grave=today.year > until)


def free_bytes(folder: Path) -> int | None:
    """Room on the disk that this folder is on (or will be); None where nobody can say."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize


def _count(number: int, what: str, plural: str = "") -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {plural or what + 's'} are"


def _at(moment: str | None) -> str:
    return f"{moment[:10]} {moment[11:16]}" if moment else "it is not known when"

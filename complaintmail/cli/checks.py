"""The single checks that `check` makes, each a line or several: ok, warning or failure, and what would be right."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from complaintmail.config.model import Config, Mailbox
from complaintmail.config.staffing import gaps
from complaintmail.errors import ComplaintmailError, ConfigError, PolicyError
from complaintmail.policy.policy import Policy

OK, WARNING, FAILURE = "ok", "warning", "failure"
A_YEAR = timedelta(days=366)
NOWHERE = "<looked-for-by-check@complaintmail.invalid>"  # a Message-ID that no mail has


@dataclass(frozen=True, slots=True)
class Line:
    verdict: str
    what: str
    says: str


def settings(config: Config) -> Iterator[Line]:
    what = str(config.path)
    problems = [problem for secret in config.secrets() if (problem := secret.problem()) is not None]
    for problem in problems:
        file, _, rest = problem.partition(": ")  # the file is named already
        yield Line(FAILURE, what, rest if file.endswith(config.path.name) else problem)
    if not config.mailboxes:
        yield Line(FAILURE, what, "there is no [[mailbox]]; add the inbox that is to be watched")
    mode = stat.S_IMODE(config.path.stat().st_mode) if config.path.exists() else 0
    if mode & 0o022:
        yield Line(FAILURE, what, f"others can change it (mode {mode:o}): chmod 600 {config.path}")
    elif not problems:
        readers = f"others can read it (mode {mode:o}), and no secret is in it" if mode & 0o044 else "its owner's alone"
        secrets = len(list(config.secrets()))
        yield Line(OK, what, f"usable; {readers}; {secrets} secrets can be read by this program")


def policies(config: Config, now: datetime) -> Iterator[tuple[list[Line], Policy | None]]:
    """Each policy that a mailbox names, with what is said of it."""
    from complaintmail.policy.concerns import findings, in_short
    from complaintmail.policy.load import find

    today = now.astimezone(ZoneInfo(config.timezone)).date()
    for name in dict.fromkeys(box.policy for box in config.mailboxes):
        what = f"policy {name}"
        try:
            policy = find(name, config.policies.directory)
        except PolicyError as wrong:
            yield [Line(FAILURE, what, problem) for problem in wrong.problems], None
            continue
        fine = Line(OK, what, f"version {policy.version} from {policy.source}")
        found = in_short(findings(policy, today))
        yield [fine, *(Line(FAILURE if one.grave else WARNING, what, str(one)) for one in found)], policy


def rules(config: Config) -> Iterator[Line]:
    """The words of one's own by which mail is told apart, where there are any."""
    from complaintmail.config.judging import judges_of

    if config.classify.rules is None:
        return
    what = f"rules {config.classify.rules.name}"
    try:
        judges_of(config)
    except ConfigError as wrong:
        yield from (Line(FAILURE, what, problem) for problem in wrong.problems)
    else:
        yield Line(OK, what, "read, beside the shipped ones")


def people(config: Config, policies: Sequence[Policy], now: datetime) -> Iterator[Line]:
    from complaintmail.config.deputies import concerns
    from complaintmail.wiring import people_of

    for policy in policies:
        what = f"people for {policy.name}"
        found = list(gaps(config.people, policy))
        yield from (Line(FAILURE if gap.grave else WARNING, what, gap.words) for gap in found)
        if not found:
            yield Line(OK, what, "somebody is there for every role")
    today = now.astimezone(ZoneInfo(config.timezone)).date()
    for concern in concerns(people_of(config), policies, today):
        yield Line(FAILURE if concern.grave else WARNING, concern.about, concern.words)


def welcomes(config: Config, now: datetime) -> Iterator[Line]:
    """Who has not shown yet that letters reach them, and their answers us; within the last year."""
    from complaintmail.store.instants import instant_of
    from complaintmail.store.reading import open_casebook

    try:
        with open_casebook(config.storage.database.reveal()) as reader:
            rows = reader.rows("SELECT email, welcomed_at, welcome_answered_at FROM person_state")
    except ComplaintmailError:
        return  # nothing yet, or the database has a line of its own
    known = {email.lower(): (instant_of(sent), instant_of(answered)) for email, sent, answered in rows}
    never = [p.email for p in config.people if known.get(p.email.lower(), (None, None)) == (None, None)]
    if never:
        yield Line(WARNING, "welcome letters", f"never sent to {', '.join(never)}: complaintmail people welcome")
    for person in config.people:
        sent, answered = known.get(person.email.lower(), (None, None))
        if sent is not None and (answered is None or answered < sent):
            words = f"the welcome letter of {sent.astimezone(ZoneInfo(config.timezone)):%Y-%m-%d} was not answered yet"
            yield Line(WARNING, person.email, f"{words}; ask them whether it reached them")
        elif answered is not None and now - answered > A_YEAR:
            words = "last answered the welcome letter more than a year ago: complaintmail people welcome --to"
            yield Line(WARNING, person.email, f"{words} {person.email}")


def doors(config: Config) -> Iterator[Line]:
    """What others can open all the same: no rule of this program keeps from them what lies there."""
    from complaintmail.cli.access import open_doors

    yield from (Line(WARNING, what, words) for what, words in open_doors(config))


def letters(config: Config, policies: Sequence[Policy]) -> Iterator[Line]:
    from complaintmail.letters.check import problems
    from complaintmail.letters.render import Letters

    own = config.templates.directory if config.templates.directory.is_dir() else None
    found = problems(Letters(own), policies)
    yield from (Line(FAILURE, "letters", problem) for problem in found)
    if not found and policies:
        where = f"yours in {own} and the packaged ones" if own else "the packaged ones"
        yield Line(OK, "letters", f"every letter renders for every kind of case ({where})")


def storage(config: Config) -> Iterator[Line]:
    from complaintmail.cli.access import readers

    database = config.storage.database
    file = database.file
    if file is not None:
        yield from _place(file.parent, "database")
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            whom = readers(file)
            known = f" ({whom})" if whom else ""
            yield Line(WARNING, "database", f"others can read every complaint{known}: chmod 600 {file}")
    yield _database(config)
    yield from _place(config.storage.raw_files, "raw mails", quiet=True)
    yield from _room(config)


def _place(folder: Path, what: str, *, quiet: bool = False) -> Iterator[Line]:
    """Can this folder be written, or made?"""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        words = f"{there} is no folder that this user can write into; run as another user, or name another place"
        yield Line(FAILURE, what, words)
    elif not quiet and there != folder:
        yield Line(OK, what, f"{folder} is not there yet; run makes it")


def _database(config: Config) -> Line:
    from complaintmail.store.migrate import HEAD
    from complaintmail.store.reading import NoCasebook, open_casebook

    shown = str(config.storage.database)
    try:
        with open_casebook(config.storage.database.reveal()) as reader:
            version = reader.value("SELECT version_num FROM alembic_version")
            durable = reader.is_sqlite or reader.value("SHOW fsync") == "on"
            cases = reader.value("SELECT COUNT(*) FROM cases")
    except NoCasebook:
        return Line(OK, "database", f"{shown}: nothing in it yet; run prepares it")
    except ComplaintmailError as failed:
        return Line(FAILURE, "database", f"{shown}: {failed}")
    if str(version) > HEAD:
        return Line(FAILURE, "database", f"{shown}: written by a newer complaintmail ({version}); upgrade this program")
    if version != HEAD:
        return Line(WARNING, "database", f"{shown}: of an older version ({version}); run migrates it: back it up first")
    if not durable:
        return Line(WARNING, "database", f"{shown}: the server has fsync off and may lose what it confirmed; set it on")
    return Line(OK, "database", f"{shown}: {cases} cases, tables of version {version}")


def _room(config: Config) -> Iterator[Line]:
    from complaintmail.store.health import ROOM, free_bytes

    file = config.storage.database.file
    for folder in dict.fromkeys(place for place in (file and file.parent, config.storage.raw_files) if place):
        room = free_bytes(folder)
        if room is not None and room < ROOM:
            yield Line(FAILURE, str(folder), f"the disk is nearly full: {room // 1_000_000} MB are left")


def servers(config: Config) -> Iterator[Line]:
    """A login to each mailbox and to each way out, all side by side; what each says comes in their order."""
    from concurrent.futures import ThreadPoolExecutor

    jobs = [(look, box) for box in config.mailboxes for look in (_imap, _smtp)]
    if not jobs:
        return
    with ThreadPoolExecutor(max_workers=min(16, len(jobs))) as pool:
        for lines in pool.map(lambda job: job[0](job[1], config), jobs):
            yield from lines


def _imap(box: Mailbox, config: Config) -> list[Line]:
    from complaintmail.wiring import imap_inbox

    what = f"{box.address} IMAP"
    folder, sent = box.imap.folders.inbox, box.imap.folders.sent
    at = f"{box.imap.host}:{box.imap.port}"
    try:
        inbox = imap_inbox(box, config)
    except (ComplaintmailError, OSError) as failed:
        return [_failed(what, failed)]
    try:
        mark = inbox.mark()
        lines = [Line(OK, what, f"logged in to {at} as {box.imap.username}; {folder} holds {mark.exists} mails")]
        try:
            inbox.find(NOWHERE, sent)
        except ComplaintmailError as failed:
            words = f"the folder for sent mail, {sent}: {failed}; name one that is there, or auto"
            lines.append(Line(FAILURE, what, words))
        return lines
    except (ComplaintmailError, OSError) as failed:
        return [_failed(what, failed)]
    finally:
        inbox.close()


def _smtp(box: Mailbox, _: Config) -> list[Line]:
    from complaintmail.wiring import smtp_postbox

    what = f"{box.address} SMTP"
    try:
        postbox = smtp_postbox(box)
        try:
            return [Line(OK, what, postbox.check())]
        finally:
            postbox.close()
    except (ComplaintmailError, OSError) as failed:
        return [_failed(what, failed)]


def _failed(what: str, failed: Exception) -> Line:
    words = "; ".join(failed.problems) if isinstance(failed, ConfigError) else str(failed)
    return Line(FAILURE, what, words or type(failed).__name__)

"""The one place that builds everything from the settings: store, policies, letters, gateways, passes."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from complaintmail.cases.arrival import House
from complaintmail.cases.budget import Limits
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import RelayRules
from complaintmail.clock import Clock, SystemClock
from complaintmail.config.judging import judges_of
from complaintmail.config.model import Config, Imap, Mailbox, Smtp
from complaintmail.errors import ConfigError, PolicyError, StoreError
from complaintmail.gateways.ports import Inbox, Postbox
from complaintmail.letters.render import Letters
from complaintmail.log import Log
from complaintmail.passes.collect import Collector
from complaintmail.passes.dispatch import Dispatcher
from complaintmail.passes.doubts import Doubts
from complaintmail.passes.instruction import Instruction
from complaintmail.passes.intake import Desk, Intake
from complaintmail.passes.lettering import Lettering
from complaintmail.passes.noticing import Noticing
from complaintmail.passes.office import Office, Work
from complaintmail.passes.staff_papers import Papers
from complaintmail.passes.telling import Telling
from complaintmail.policy.load import find
from complaintmail.policy.policy import Policy
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles
from complaintmail.store.migrate import is_current, is_empty, upgrade
from complaintmail.store.ownership import Ownership, ownership_of

log = Log("wiring")


def people_of(config: Config) -> People:
    return People(
        tuple(
            Person(
                name=person.name,
                email=person.email,
                roles=person.roles,
                areas=person.areas,
                policies=person.policies,
                deputy=person.deputy,
                away=tuple((away.first, away.last) for away in person.away),
                hours=person.hours.spans,
            )
            for person in config.people
        )
    )


def policies_of(config: Config) -> dict[str, Policy]:
    """The policies that the mailboxes name; every problem at once."""
    problems: list[str] = []
    found: dict[str, Policy] = {}
    for name in dict.fromkeys(box.policy for box in config.mailboxes):
        try:
            found[name] = find(name, config.policies.directory)
        except PolicyError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return found


def prefixes_of(policies: dict[str, Policy]) -> frozenset[str]:
    return frozenset(policy.prefix for policy in policies.values())


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    postbox: Callable[[Mailbox], Postbox] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Office:
    """Open the database, take its lock, and put everything together. Nothing is connected to yet."""
    config.require_runnable()
    clock = clock or SystemClock()
    policies = policies_of(config)
    judges_of(config)  # a mistake in the rules is said before anything is opened
    store = Store(config.storage.database.reveal())
    ownership = ownership_of(store)
    try:
        if upgrade(store):
            log.event("database_prepared")
        return _office(config, clock, store, ownership, policies, postbox or smtp_postbox, stopping)
    except BaseException:
        ownership.close()
        store.close()
        raise


def _office(
    config: Config,
    clock: Clock,
    store: Store,
    ownership: Ownership,
    policies: dict[str, Policy],
    postbox: Callable[[Mailbox], Postbox],
    stopping: Callable[[], bool],
) -> Office:
    people = people_of(config)
    files = RawFiles(config.storage.raw_files, config.storage.large)
    files.tidy(clock.now())
    owner = uuid.uuid4().hex
    intake = _intake(config, clock, store, files, people, policies)
    works = tuple(
        _work(
            *(box, policies[box.policy], config, clock, store, files, people, ownership, owner, postbox(box)), stopping
        )
        for box in config.mailboxes
    )
    return Office(config, clock, store, ownership, intake, works, owner)


@contextlib.contextmanager
def at_the_desks(config: Config, *, clock: Clock | None = None, begin: bool = False) -> Iterator[Intake]:
    """Every mailbox's desk, for a command that acts as staff do: no lock is taken, no server spoken to, and whatever
    is to be sent waits for the daemon, which may run meanwhile. `begin`: a database that is not there yet is made."""
    policies = policies_of(config)
    store = Store(config.storage.database.reveal())
    try:
        if begin and (is_empty(store) or is_current(store)):
            upgrade(store)  # and where it was made, but its keys were not yet, they are made now
        if not is_current(store):
            raise StoreError("the database is of another version of complaintmail; complaintmail run migrates it")
        files = RawFiles(config.storage.raw_files, config.storage.large)
        yield _intake(config, clock or SystemClock(), store, files, people_of(config), policies)
    finally:
        store.close()


def _intake(
    config: Config, clock: Clock, store: Store, files: RawFiles, people: People, policies: dict[str, Policy]
) -> Intake:
    """What understands mail, with a desk for each mailbox."""
    letters = Letters(config.templates.directory if config.templates.directory.is_dir() else None)
    own = frozenset(box.address.lower() for box in config.mailboxes)
    judges = judges_of(config)
    desks: dict[str, Desk] = {}
    intake = Intake(
        store=store,
        files=files,
        desks=desks,
        people=people,
        limits=_limits(config),
        prefixes=prefixes_of(policies),
        clock=clock,
        problem=lambda why: log.error("letter_template_failed", why=why),
    )
    for box in config.mailboxes:
        house = House(
            people=people,
            own=own,
            forms=frozenset(form.lower() for form in box.forms),
            purpose=box.purpose,
            authserv_id=box.imap.authserv_id,
            key=store.key,
            judge=judges[box.address],
        )
        lettering = Lettering(letters, store.key, box.address, os.urandom)
        desks[box.address] = _desk(box, house, policies[box.policy], config, intake, lettering)
    return intake


def _limits(config: Config) -> Limits:
    return Limits(
        per_address_per_day=config.limits.per_address_per_day,
        per_domain_per_hour=config.limits.per_domain_per_hour,
        per_hour=config.limits.per_hour,
        brake=config.limits.brake,
    )


def _desk(box: Mailbox, house: House, policy: Policy, config: Config, intake: Intake, lettering: Lettering) -> Desk:
    """Everything that one mailbox's mail is answered with."""
    noticing = Noticing(
        house.key, box.address, policy.organisation, ZoneInfo(policy.timezone), box.plus_addressing, os.urandom
    )
    telling = Telling(noticing, house.people, policy)
    papers = Papers(
        policy=policy,
        people=house.people,
        mailbox=box.address,
        noticing=noticing,
        telling=telling,
        lettering=lettering,
        keep_policy=intake.keep_policy,
        raw=intake.held,
        desks=lambda mailbox: at.instruction.papers if (at := intake.desks.get(mailbox)) is not None else None,
    )
    instruction = Instruction(
        key=house.key,
        people=house.people,
        rules=RelayRules(config.relay.hold, config.relay.confirm),
        own=house.own,
        authserv_id=house.authserv_id,
        prefixes=intake.prefixes,
        papers=papers,
    )
    return Desk(house, policy, lettering, telling, instruction)


def _work(
    box: Mailbox,
    policy: Policy,
    config: Config,
    clock: Clock,
    store: Store,
    files: RawFiles,
    people: People,
    ownership: Ownership,
    owner: str,
    postbox: Postbox,
    stopping: Callable[[], bool],
) -> Work:
    def ours() -> bool:
        return not stopping() and ownership.holds(box.address)

    inbox = imap_inbox(box, config)
    collector = Collector(
        store=store,
        files=files,
        inbox=inbox,
        address=box.address,
        folder=box.imap.folders.inbox,
        since=_since(box, config),
        history=box.history,
        now=clock.now,
        may_work=ours,
    )
    dispatcher = Dispatcher(
        store=store,
        postbox=postbox,
        address=box.address,
        owner=owner,
        evidence=box.smtp.evidence,
        policy=policy,
        people=people,
        now=clock.now,
        may_send=ours,
        unsettled=[],
    )
    doubts = Doubts(
        store=store,
        address=box.address,
        owner=owner,
        policy=policy,
        people=people,
        sent_folder=box.imap.folders.sent,
        settle=box.smtp.settle,
        doubt_wait=box.smtp.doubt_wait,
        now=clock.now,
    )
    return Work(box, policy, inbox, postbox, collector, dispatcher, doubts, _sent(box, config, collector))


def _sent(box: Mailbox, config: Config, collector: Collector) -> Collector | None:
    """What reads the folder for sent mail, over a connection of its own, so that it never stands in the inbox's way."""
    folders = box.imap.folders
    if folders.sent in ("none", folders.inbox):
        return None
    inbox = imap_inbox(box, config, folders.sent)
    return Collector(
        store=collector.store,
        files=collector.files,
        inbox=inbox,
        address=box.address,
        folder=folders.sent,
        since=None,
        history=0,
        now=collector.now,
        sent=True,
        may_work=collector.may_work,
    )


def _since(box: Mailbox, config: Config) -> datetime | None:
    """The first moment of the configured day, where the office is; None: the first start."""
    if box.since is None:
        return None
    day = box.since
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(config.timezone)).astimezone(UTC)


def _secrets(server: Imap | Smtp) -> tuple[Callable[[], str] | None, Callable[[], str] | None]:
    """How this server is told who we are: a password, or a token."""
    if server.oauth2 is not None:
        from complaintmail.gateways.oauth import token_source

        return None, token_source(server.oauth2)
    return (server.password.reveal if server.password else None), None


def imap_inbox(box: Mailbox, config: Config, folder: str | None = None) -> Inbox:
    """One folder of the mailbox: its inbox, if no other is named."""
    from complaintmail.gateways.imap import ImapInbox, ImapTimeouts

    password, token = _secrets(box.imap)
    seconds = box.imap.timeout.total_seconds()
    return ImapInbox(
        box.imap.host,
        box.imap.port,
        box.imap.security,
        box.imap.username,
        password,
        folder or box.imap.folders.inbox,
        token=token,
        ca_file=box.imap.ca_file,
        timeouts=ImapTimeouts(connect=min(seconds, 30), read=seconds),
        spool=config.storage.raw_files,
    )


def smtp_postbox(box: Mailbox) -> Postbox:
    from complaintmail.gateways.smtp import SmtpPostbox
    from complaintmail.gateways.smtp_account import SmtpTimeouts

    password, token = _secrets(box.smtp)
    seconds = box.smtp.timeout.total_seconds()
    return SmtpPostbox(
        box.smtp.host,
        box.smtp.port,
        box.smtp.security,
        box.smtp.username or None,
        password,
        token=token,
        ca_file=box.smtp.ca_file,
        connections=box.smtp.connections,
        timeouts=SmtpTimeouts(
            connect=seconds,
            command=seconds,
            data=seconds,
            block=seconds,
            dot=box.smtp.reply_timeout.total_seconds(),
        ),
        helo=_helo(box.address),
    )


def _helo(address: str) -> str:
    return address.rpartition("@")[2].encode("idna").decode("ascii")

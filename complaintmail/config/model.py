"""Every key of config.toml: its type, its default, what it is for, and what must hold between keys.

`config.example.toml` shows all of it, and a test holds the two equal. Defaults suit a small organisation with a hosted
mailbox.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from complaintmail.config import amounts
from complaintmail.config.amounts import Away, DatabaseUrl, Hours
from complaintmail.config.read import Model
from complaintmail.config.secret import Secret
from complaintmail.errors import ConfigError

T = TypeVar("T")
Security = Literal["tls", "starttls", "none"]
OFFICE_HOURS = amounts.hours("Mon-Fri 08:30-17:30")
_SECURITY = amounts.one_of("tls", "starttls", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage(Model):
    database: Annotated[
        DatabaseUrl, amounts.database, "where everything is kept: an SQLite file or a PostgreSQL database"
    ] = field(default=DatabaseUrl("sqlite:///var/complaintmail.db"))
    case_files: Annotated[Path, amounts.path, "the folder-per-case copy for people; may be a network share"] = Path(
        "var/cases"
    )
    large: Annotated[int, amounts.size, "mails over this size are kept as files beside the database"] = 2_000_000
    raw_files: Annotated[Path, amounts.path, "where those files go; by default raw/ beside the database"] = Path()

    def completed(self) -> Storage:
        beside = self.database.file or self.case_files
        return self if self.raw_files != Path() else replace(self, raw_files=beside.parent / "raw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates(Model):
    directory: Annotated[Path, amounts.path, "your letters; a file here wins over the packaged one"] = Path("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies(Model):
    directory: Annotated[Path, amounts.path, "your policy files; the packaged ones are there too"] = Path("policies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify(Model):
    rules: Annotated[Path | None, amounts.path, "your own words and their weights, beside or over the shipped ones"] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2(Model):
    provider: Annotated[
        Literal["microsoft", "google", "custom"],
        amounts.one_of("microsoft", "google", "custom"),
        "who gives out the access token",
    ]
    client_id: Annotated[str, amounts.text, "the application's id at the provider"]
    client_secret: Annotated[Secret | None, "the application's secret"] = None
    tenant: Annotated[str | None, amounts.text, "the organisation at Microsoft"] = None
    token_url: Annotated[str | None, amounts.text, "where tokens are asked for; needed for a custom provider"] = None
    scope: Annotated[str | None, amounts.text, "what is asked for; by default mail at that provider"] = None
    secret_expires: Annotated[date | None, amounts.day, "when the secret ends; said in good time before"] = None

    def wrongs(self) -> Iterator[tuple[str, str]]:
        if self.provider == "custom" and self.token_url is None:
            yield "token_url", "missing; a custom provider needs one"
        if self.provider == "microsoft" and self.tenant is None:
            yield "tenant", "missing; Microsoft needs one"
        if self.client_secret is None:
            yield "client_secret_file", "missing; or client_secret_env, client_secret_credential, client_secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders(Model):
    inbox: Annotated[str, amounts.text, "the folder that is watched"] = "INBOX"
    sent: Annotated[str, amounts.text, 'where sent mail is kept; "auto": the one the server names'] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap(Model):
    host: Annotated[str, amounts.host, 'the name of the IMAP server, such as "imap.example.test"']
    port: Annotated[int, amounts.whole(1, 65535), "by default 993 for tls, 143 otherwise"] = 0
    security: Annotated[Security, _SECURITY, "tls, starttls, or none (to this machine only)"] = "tls"
    username: Annotated[str, amounts.text, "by default the mailbox's address"] = ""
    password: Annotated[Secret | None, "one of password_file, password_env, password_credential, password"] = None
    oauth2: Annotated[OAuth2 | None, "in place of a password"] = None
    folders: Annotated[Folders, "the folders that are used"] = Folders()
    authserv_id: Annotated[
        str | None,
        amounts.text,
        "the name by which this server signs the Authentication-Results that it can be trusted on",
    ] = None
    ca_file: Annotated[Path | None, amounts.path, "certificates to trust in place of the system's"] = None
    timeout: Annotated[timedelta, amounts.some_time, "how long to wait for any one answer"] = timedelta(seconds=60)

    def completed(self) -> Imap:
        return replace(self, port=self.port or (993 if self.security == "tls" else 143))

    def wrongs(self) -> Iterator[tuple[str, str]]:
        yield from _transport_wrongs(self.host, self.security)
        if self.password is None and self.oauth2 is None:
            yield "password_file", "missing; one of password_file, password_env, password_credential or password"
        yield from _twice(self.password, self.oauth2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp(Model):
    host: Annotated[str, amounts.host, 'the name of the SMTP server, such as "smtp.example.test"']
    port: Annotated[int, amounts.whole(1, 65535), "by default 465 for tls, 587 for starttls, 25 for none"] = 0
    security: Annotated[Security, _SECURITY, "tls, starttls, or none (to this machine only)"] = "tls"
    username: Annotated[str, amounts.text, "by default the mailbox's address; no password, no login"] = ""
    password: Annotated[Secret | None, "one of password_file, password_env, password_credential, password"] = None
    oauth2: Annotated[OAuth2 | None, "in place of a password"] = None
    evidence: Annotated[
        Literal["bcc", "dsn", "sent", "none"],
        amounts.one_of("bcc", "dsn", "sent", "none"),
        "how a send that a crash cut off is settled",
    ] = "bcc"
    settle: Annotated[timedelta, amounts.duration, "after a crash: wait for evidence to arrive"] = timedelta(seconds=60)
    doubt_wait: Annotated[timedelta, amounts.duration, "then resend or hold"] = timedelta(minutes=15)
    ca_file: Annotated[Path | None, amounts.path, "certificates to trust in place of the system's"] = None
    connections: Annotated[int, amounts.whole(1, 50), "how many are kept open while there is much to send"] = 4
    timeout: Annotated[timedelta, amounts.some_time, "how long to wait for any one answer"] = timedelta(seconds=60)
    reply_timeout: Annotated[
        timedelta,
        amounts.some_time,
        "how long to wait for the word that a letter was taken; shorter risks sending twice",
    ] = timedelta(minutes=10)

    def completed(self) -> Smtp:
        return replace(self, port=self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security])

    def wrongs(self) -> Iterator[tuple[str, str]]:
        yield from _transport_wrongs(self.host, self.security)
        if self.username and self.password is None and self.oauth2 is None:
            yield "password_file", "missing; a username needs one (without either there is no login)"
        yield from _twice(self.password, self.oauth2)


def _transport_wrongs(host: str, security: str) -> Iterator[tuple[str, str]]:
    if security == "none" and not is_loopback(host):
        yield "security", f'"none" is for a server on this machine only, and {host} is not; use "tls" or "starttls"'


def _twice(password: Secret | None, oauth2: OAuth2 | None) -> Iterator[tuple[str, str]]:
    if password is not None and oauth2 is not None:
        yield "oauth2", "is there beside a password; keep one of them"


def is_loopback(host: str) -> bool:
    """By its name alone: what a name server says can change."""
    if host.lower().rstrip(".") == "localhost" or host == "::1":
        return True
    parts = host.split(".")
    return len(parts) == 4 and parts[0] == "127" and all(part.isdigit() and int(part) < 256 for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(Model):
    address: Annotated[str, amounts.address, 'the mailbox\'s own address, such as "info@example.test"']
    policy: Annotated[str, amounts.policy, 'the name of the policy that its complaints fall under, such as "cms"']
    imap: Annotated[Imap, "a table [mailbox.imap] with at least host and a password"]
    smtp: Annotated[Smtp, "a table [mailbox.smtp] with at least host"]
    forms: Annotated[
        tuple[str, ...], amounts.addresses, "senders (a website's form) whose Reply-To is the person who writes"
    ] = ()
    plus_addressing: Annotated[bool, amounts.yes_no, "bounces and staff replies come back to info+token@"] = False
    since: Annotated[date | None, amounts.since, "mail before this day (or the first start) is never answered"] = None
    purpose: Annotated[
        Literal["general", "complaints"],
        amounts.one_of("general", "complaints"),
        "general: anything may come; complaints: what a human writes is one unless surely not",
    ] = "general"
    poll: Annotated[timedelta, amounts.some_time, "how often to look when the server does not tell"] = timedelta(
        seconds=60
    )
    history: Annotated[
        int, amounts.whole(0, 10_000_000), "how many mails from before `since` are read for what they say of old cases"
    ] = 2000

    def completed(self) -> Mailbox:
        imap = replace(self.imap, username=self.imap.username or self.address)
        login = self.smtp.password is not None or self.smtp.oauth2 is not None
        smtp = replace(self.smtp, username=self.smtp.username or (self.address if login else ""))
        return replace(self, imap=imap, smtp=smtp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Model):
    name: Annotated[str, amounts.text, "as it stands in letters"]
    email: Annotated[str, amounts.address, "where notices go and commands come from"]
    roles: Annotated[tuple[str, ...], amounts.roles, "roles that the policy names"] = ()
    areas: Annotated[tuple[str, ...], amounts.texts, "areas of work, for roles held by area"] = ()
    policies: Annotated[tuple[str, ...], amounts.policies, "the policies this person serves; by default all"] = ()
    deputy: Annotated[str | None, amounts.address, "who is asked when this person is away, or silent"] = None
    away: Annotated[tuple[Away, ...], amounts.aways, 'days away: "2026-12-21..2027-01-02"'] = ()
    hours: Annotated[Hours, amounts.hours, "reminders and digests only then"] = OFFICE_HOURS

    def wrongs(self) -> Iterator[tuple[str, str]]:
        if self.deputy is not None and self.deputy.lower() == self.email.lower():
            yield "deputy", "is the same person; name somebody else, or nobody"

    def serves(self, policy: str) -> bool:
        return not self.policies or policy in self.policies

    def is_away(self, on: date) -> bool:
        return any(away.covers(on) for away in self.away)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay(Model):
    hold: Annotated[timedelta, amounts.duration, "time in which #stop takes a staff answer back"] = timedelta(
        minutes=10
    )
    confirm: Annotated[
        Literal["first", "always", "never"],
        amounts.one_of("first", "always", "never"),
        "first: a person's first answer is shown back and waits for #yes",
    ] = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Model):
    command: Annotated[tuple[str, ...], amounts.texts, "a program and its arguments; the alarm comes on its stdin"] = ()
    url: Annotated[Secret | None, "a webhook; it is kept secret, and may be url_file, url_env or url_credential"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Model):
    per_address_per_day: Annotated[int, amounts.whole(0, 10**9), "automatic answers to one address"] = 5
    per_domain_per_hour: Annotated[
        int, amounts.whole(0, 10**9), "to one domain; big mail providers count by address only"
    ] = 200
    per_hour: Annotated[int, amounts.whole(0, 10**9), "in all"] = 1000
    brake: Annotated[
        int, amounts.whole(0, 10**9), "so many at once after a start or a rescan wait for the admin's word"
    ] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor(Model):
    listen: Annotated[
        tuple[str, int] | None, amounts.listen, "where /healthz and /metrics are served; nowhere by default"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Model):
    """All of config.toml. Paths are absolute; secrets are read when they are needed."""

    timezone: Annotated[str, amounts.timezone, "for times that are shown, and for hours"] = "Europe/London"
    storage: Annotated[Storage, "where things are kept"] = Storage()
    templates: Annotated[Templates, "letters"] = Templates()
    policies: Annotated[Policies, "policy files"] = Policies()
    classify: Annotated[Classify, "how mail is told apart"] = Classify()
    mailboxes: Annotated[tuple[Mailbox, ...], "the inboxes that are watched", "mailbox"] = ()
    people: Annotated[tuple[Person, ...], "staff", "person"] = ()
    relay: Annotated[Relay, "staff answers on their way to the complainant"] = Relay()
    alarm: Annotated[Alarm, "a second way to reach a human when mail itself fails"] = Alarm()
    limits: Annotated[Limits, "on automatic answers; what is over them waits for a person, same deadline"] = Limits()
    monitor: Annotated[Monitor, "health and figures over HTTP"] = Monitor()
    path: Path = Path("config.toml")  # no key: where all this was read from

    def wrongs(self) -> Iterator[tuple[str, str]]:
        for address in _repeated(mailbox.address.lower() for mailbox in self.mailboxes):
            yield (
                "[[mailbox]]",
                f"{address} is there more than once; each mailbox stands once, with all of its settings",
            )
        folders = ((m.imap.host.lower(), m.imap.port, m.imap.username, m.imap.folders.inbox) for m in self.mailboxes)
        for host, _, username, inbox in _repeated(folders):
            yield "[[mailbox]]", f"two of them read the same folder ({inbox} of {username} on {host}); keep one"
        for email in _repeated(person.email.lower() for person in self.people):
            yield "[[person]]", f"{email} is there more than once; give one person all of the roles"
        for email in sorted(self.own_addresses & {person.email.lower() for person in self.people}):
            yield "[[person]]", f"{email} is a mailbox that is watched; staff need an address of their own"

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address of our own, in small letters."""
        return frozenset(mailbox.address.lower() for mailbox in self.mailboxes)

    def mailbox(self, address: str) -> Mailbox | None:
        return next((m for m in self.mailboxes if m.address.lower() == address.lower()), None)

    def secrets(self) -> Iterator[Secret]:
        for mailbox in self.mailboxes:
            for server in (mailbox.imap, mailbox.smtp):
                if server.password is not None:
                    yield server.password
                if server.oauth2 is not None and server.oauth2.client_secret is not None:
                    yield server.oauth2.client_secret
        if self.alarm.url is not None:
            yield self.alarm.url

    def require_runnable(self) -> None:
        """What `run` needs beyond what every command needs: a mailbox, and secrets that can be read. Raises
        `ConfigError` with all that is missing."""
        problems = [problem for secret in self.secrets() if (problem := secret.problem()) is not None]
        if not self.mailboxes:
            problems.insert(0, f"{self.path}: [[mailbox]]: there is none; add the inbox that is to be watched")
        if problems:
            raise ConfigError(problems)


def _repeated(values: Iterator[T]) -> list[T]:
    return [value for value, times in Counter(values).items() if times > 1]

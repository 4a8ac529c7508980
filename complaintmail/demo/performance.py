"""The demonstration from its first line to its last: who is on, the mails one by one, a letter to read, what is left.

On failure (a mail whose fate does not come, a daemon that stops) it says so, names the folder with the log, and its
exit code is 1. Ctrl-C ends it wherever it is; either way everything it started is stopped.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from complaintmail.clock import SystemClock
from complaintmail.demo.mail_server import HOST
from complaintmail.demo.papers import PASSWORD
from complaintmail.demo.staff_story import StaffStory
from complaintmail.demo.stage import Played, Stage
from complaintmail.demo.story import YOU, Scene, Written, complainants, mailbox_of, scenes, write
from complaintmail.demo.telling import Teller, tell, tell_told
from complaintmail.errors import ComplaintmailError, TemporaryFailure
from complaintmail.log import set_up
from complaintmail.policy.load import find

PAUSE = 0.7  # seconds between two mails, where a person watches
STEP = 0.3  # and between two of staff's, which follow from one another
PORTS = (1143, 1025)  # wished for where a mail program is to log in


def perform(directory: Path | None, policies: Sequence[str], keep_running: bool, verbose: int) -> int:
    """Play it all; the exit code."""
    teller = Teller()
    folder = _folder(directory)
    imap_port, smtp_port = PORTS if keep_running else (0, 0)
    with (folder / "daemon.log").open("w", encoding="utf-8") as log, _quit_on_sigterm():
        set_up(verbose, log)
        try:
            with Stage(folder, policies, imap_port=imap_port, smtp_port=smtp_port) as stage:
                _introduce(teller, policies)
                stage.ready()
                story = _Story(stage, teller)
                story.play()
                _staff_at_work(stage, teller, story)
                if keep_running:
                    _stay(stage, teller, story)
                written = stage.write_out()
        except ComplaintmailError as failed:
            teller.heading(f"The demonstration broke off: {failed}.")
            teller.say(f"What the program did until then is in {folder / 'daemon.log'}.")
            return 1
    _read_a_letter(teller, story)
    _say_what_is_left(teller, folder, written, story)
    return 1 if stage.failed else 0


def _folder(directory: Path | None) -> Path:
    if directory is None:
        return Path(tempfile.mkdtemp(prefix="complaints-"))
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory.absolute()


@contextmanager
def _quit_on_sigterm() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: everything is put away first."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _introduce(teller: Teller, policies: Sequence[str]) -> None:
    teller.say(
        "Complaints come in by mail, among much else. Below, mail arrives at "
        + ("these inboxes" if len(policies) > 1 else "this inbox")
        + ", and complaintmail does what each one's policy promises. The mail server and the people are made up; "
        "all else is the real program at work, and every line is read from its database."
    )
    teller.say()
    found = [find(name) for name in policies]
    teller.facts((mailbox_of(policy.name), f"{policy.organisation}: {policy.title}") for policy in found)


class _Story:
    """The scenes, played one after another; remembers what was said to whom."""

    def __init__(self, stage: Stage, teller: Teller) -> None:
        self._stage, self._teller = stage, teller
        self._clock = SystemClock()
        self._pause = threading.Event()  # never set
        self.complaints: dict[str, tuple[Written, Played]] = {}

    def play(self) -> None:
        for scene in scenes(self._stage.policies):
            if self.complaints:
                self._wait(PAUSE)
            self._one(scene)

    def step(self) -> None:
        self._wait(STEP)

    def _wait(self, seconds: float) -> None:
        if self._teller.watched:
            self._pause.wait(seconds)

    def _one(self, scene: Scene) -> None:
        now = self.now()
        if scene.file is None:
            self.tell(now, scene.what, self._stage.bounced(scene.mailbox))
            return
        mail = self._written(scene)
        played = self._stage.send(mail, scene.mailbox)
        if scene.file.startswith("complaint-") and not scene.again:
            self.complaints[scene.policy] = (mail, played)
        self.tell(now, scene.what, played)

    def _written(self, scene: Scene) -> Written:
        if not (scene.again or scene.answers_a_letter):
            return write(scene, self._clock.now())
        mail, played = self.complaints[scene.policy]
        if scene.again:
            return mail
        letter = played.fate.letter
        if letter is None:
            raise TemporaryFailure(f"the complaint of {mail.name} was not answered")
        writer = f"{mail.name} <{mail.address}>"
        return write(scene, self._clock.now(), answers=letter.message_id, subject=letter.subject, writer=writer)

    def tell(self, at: datetime, what: str, played: Played) -> None:
        tell(self._teller, at, what, played)

    def now(self) -> datetime:
        return self._clock.now().astimezone()

    def to_read(self) -> tuple[Written, Played] | None:
        """A complaint whose answer has a date, else the first one."""
        answered = [one for one in self.complaints.values() if one[1].answer is not None]
        dated = [one for one in answered if any(o.kind == "respond" and o.due_at for o in one[1].fate.owed)]
        return next(iter([*dated, *answered]), None)


def _staff_at_work(stage: Stage, teller: Teller, story: _Story) -> None:
    found = story.to_read()
    if found is None:
        return
    mail, played = found
    policy = next(name for name, each in story.complaints.items() if each is found)
    director, handler = stage.staff[policy]
    teller.heading(f"Now people: {director.name} decides, {handler.name} deals with it. They only ever use mail.")
    StaffStory(stage, teller, story.now, story.step).play(policy, mail, played)


def _stay(stage: Stage, teller: Teller, story: _Story) -> None:
    """Until Ctrl-C: a mail program can log in, and what it sends is told as it comes."""
    try:
        told = len(stage.server.room.arrivals)
        teller.heading("It goes on until you press Ctrl-C. A mail program on this machine can log in:")
        teller.facts(
            [
                ("IMAP", f"{HOST}, port {stage.server.imap_port}, no encryption"),
                ("SMTP", f"{HOST}, port {stage.server.smtp_port}, no encryption, with log-in"),
                ("write as", f"{YOU}, password {PASSWORD}"),
                ("write to", ", ".join(stage.mailboxes)),
                *_staff_to_be(stage, story),
                ("also there", f"{', '.join(complainants()[:-1])} and the inboxes themselves, password {PASSWORD}"),
            ]
        )
        while not stage.failed:
            arrival = stage.server.room.wait_for(lambda one: one.address in stage.mailboxes, 1.0, told)
            if arrival is None:
                continue
            told = stage.server.room.arrivals.index(arrival) + 1
            if not stage.is_copy(arrival):
                played = stage.follow(arrival)
                story.tell(story.now(), "", played)
                tell_told(teller, played.fate.told)
    except KeyboardInterrupt:
        teller.heading("That was it.")


def _staff_to_be(stage: Stage, story: _Story) -> Iterator[tuple[str, str]]:
    """Whom among staff one can be."""
    found = story.to_read()
    for policy, (director, handler) in stage.staff.items():
        if found is not None and story.complaints[policy] is found:
            yield "decides", f"{director.email} ({director.name}) gets each new complaint; password {PASSWORD}"
            yield "deals", f"{handler.email} ({handler.name}): a plain reply goes to {found[0].name}"
            yield "complains", f"{found[0].address} ({found[0].name}) has the answer"


def _read_a_letter(teller: Teller, story: _Story) -> None:
    found = story.to_read()
    if found is None:
        return
    mail, played = found
    assert played.answer is not None
    teller.heading(f"The letter that {mail.name} got:")
    teller.say()
    teller.mail(played.answer)


def _say_what_is_left(teller: Teller, folder: Path, written: Mapping[str, int], story: _Story) -> None:
    teller.heading(f"All of it is in {folder}")
    teller.facts(
        [
            ("config.toml", "the settings, with made-up staff"),
            ("var/", "the database: mails, cases, dates, letters, the record of all that happened"),
            ("letters/", f"the {written['letters']} letters to complainants, as they went over the wire"),
            ("notices/", f"the {written['notices']} notices to staff"),
            ("mails/", f"the {written['mails']} mails that came in, staff's replies among them"),
            ("daemon.log", "what the program wrote while it worked"),
        ]
    )
    teller.heading("Look around in it:")
    found = story.to_read()
    program = f"{called()} --config {shlex.quote(str(folder / 'config.toml'))}"
    for command in ("log", f"show {found[1].fate.reference}" if found else None, "due", "messages", "verify"):
        if command:
            teller.command(f"{program} {command}")
    teller.heading("When you have seen enough, and for an inbox of your own:")
    teller.command(f"rm -r {shlex.quote(str(folder))}")
    teller.command(f"{called()} init --directory our-complaints")


def called() -> str:
    """How the program was called, so that it can be called so again."""
    word = sys.argv[0]
    if Path(word).name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m complaintmail"
    there = shutil.which(Path(word).name)
    if there is not None and Path(there).resolve() == Path(word).resolve():
        return Path(word).name
    return shlex.quote(word)

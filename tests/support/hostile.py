"""The hostile mails put before the real program, each in a mailbox and among people of its own.

Everybody in a mail gets a domain of their own (jane@complainants.test becomes jane@NAME.complainants.test), so that
many mails can go through one run of the program without bearing on each other; otherwise the bytes stay as they are.
`{MID_A}` and the like are filled in from what the running program gave; `{TOK_S1_A}` is the address to which staff1's
reply to their notice about case A goes. In some trials staff1 deals with case A, so that a reply goes to its writer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.support import wire
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, a_mail
from tests.support.story import Letter, Story

CORPUS = Path(__file__).parents[1] / "corpus" / "hostile"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expectations.json").read_text())

STAFF = """
[[person]]
name = "Dana Director"
email = "staff1@example.test"
roles = ["operations-director", "policy-owner"]

[[person]]
name = "Ira Investigator"
email = "staff2@example.test"
roles = ["investigator", "directors", "board"]

[relay]
hold = "0s"
confirm = "never"
"""
STAFF1 = "staff1@example.test"
HANDLED = ("T35b-staff-ooo-noheader", "T36-token-in-quote")  # in these staff1 deals with case A
COMPLAINT_A = (
    "Since March the boiler in Alder House has been cold for three days of every week. My daughter has asthma, and the "
    "caretaker put the telephone down on me twice. I want to complain about him and about the landlord's office."
)
SECRET_B = "SECRET-OF-BOB-77"
COMPLAINT_B = f"The examiner of my diploma fell asleep during the oral. I complain. My candidate number is {SECRET_B}."
# A process begins with the peak of the one that it was forked from, and a test run is big: a small one stands between.
MEASURED = """
import json, os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
program = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)])
_, status, used = os.wait4(program, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_PEOPLE = ("complainants.test", "third.test", "bank.test")


@dataclass
class Trial:
    """One hostile mail, its mailbox, and the cases that it was written against."""

    name: str
    canary: int
    facts: dict[str, Any] = field(init=False)
    reference_a: str = ""
    reference_b: str = ""
    letter_a: str = ""
    message_id_a: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)  # letters made before it came, to complainants and to staff
    mails_of_staff: int = 0  # that came to its mailbox before it
    raw: bytes = b""

    def __post_init__(self) -> None:
        self.facts = EXPECTED[self.name]
        # Letters only: no number that must not be sent out stands in an address by chance.
        self.label = "".join(sign for sign in self.name.lower().translate(_LETTERS) if sign.isalpha())
        self.box = f"info@{self.label}.example.test"
        self.token = ""

    def needs(self, what: str) -> bool:
        return what in self.facts["needs"]

    def moved(self, words: str) -> str:
        """The same, with this trial's people and mailbox."""
        for domain in _PEOPLE:
            words = words.replace(domain, f"{self.label}.{domain}")
        words = words.replace("info@example.test", self.box).replace("bounces@example.test", self.box)
        return words.replace("{TOK_S1_A}", self.token)

    def person(self, name: str) -> str:
        return f"{name}@{self.label}.complainants.test"

    def filled(self) -> bytes:
        """The mail as it comes, with what the running program gave."""
        text = self.moved((CORPUS / f"{self.name}.eml").read_bytes().decode("latin-1"))
        given = {
            "{MID_A}": self.message_id_a,
            "{ENVID_A}": self.letter_a,
            "{CANARY}": str(self.canary),
            "CM-2026-000123": self.reference_a,
            "CM-2026-000124": self.reference_a,
            "CM-2026-000125": self.reference_b,
        }
        for placeholder, value in given.items():
            if value:
                text = text.replace(placeholder, value)
        return text.encode("latin-1")

    @property
    def forbidden(self) -> list[str]:
        words = [self.moved(word) for word in self.facts["expect"].get("not_in_any_outgoing", ())]
        return [w.replace("{SECRET_B}", SECRET_B).replace("{CANARY}", str(self.canary)) for w in words]


@dataclass
class Trials:
    """Several mails put before one run of the program, and what is known afterwards."""

    story: Story
    trials: dict[str, Trial]
    seconds: float = 0.0  # of processor time, for all of them together, reading in child processes included
    megabytes: float = 0.0  # the most memory that the program or a child of it had
    exit_code: int = -1
    mails: list[dict[str, Any]] = field(default_factory=list)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    duties: list[dict[str, Any]] = field(default_factory=list)

    def to_staff(self, trial: Trial) -> list[tuple[str, str, bytes]]:
        """The letters to staff from a trial's mailbox: id, recipient, bytes."""
        rows = self.story.rows(
            "SELECT id, recipient, data FROM letter WHERE audience = 'staff' AND mailbox = ?", trial.box
        )
        return [(letter, recipient, zlib.decompress(data)) for letter, recipient, data in rows]


def put(names: list[str], folder: Path, stack: MailStack, canary: int) -> Trials:
    """Open the cases that these mails are written against, let the mails come, and make one pass."""
    trials = {name: Trial(name, canary) for name in names}
    boxes = {trial.box: "cms" for trial in trials.values()}
    setup = Setup(folder, stack, boxes, box="plus_addressing = true", extra=STAFF)
    put = Trials(Story(setup, stack), trials)
    people = [trial.moved(trial.facts["from"]) for trial in trials.values()]
    for trial in trials.values():
        people += [trial.person(name) for name in ("jane", "bob", "spouse")]
    for address in {*people, STAFF1, "staff2@example.test"} - {""}:
        stack.add_user(address)
    _open_cases(put)
    for trial in trials.values():
        trial.raw = trial.filled()
        _inject(trial, stack)
    measured = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, str(folder / "run.log"), *setup.command("run", "--once")],
        capture_output=True,
        text=True,
        check=True,
    )
    put.exit_code, put.seconds, put.megabytes = json.loads(measured.stdout)
    put.mails, put.letters, put.duties = put.story.mails(), put.story.outbox(), put.story.duties()
    put.cases = {case["reference"]: case for case in put.story.cases()}
    return put


def _open_cases(put: Trials) -> None:
    stack, story = put.story.stack, put.story
    for trial in put.trials.values():
        if trial.needs("CASE_A"):
            story.drops(a_mail(trial.box, sender=trial.person("jane"), body=COMPLAINT_A), trial.box)
        if trial.needs("CASE_B"):
            story.drops(a_mail(trial.box, sender=trial.person("bob"), body=COMPLAINT_B), trial.box)
        if trial.needs("T37-dup-a"):
            text = (CORPUS / "T37-dup-a.eml").read_bytes().decode("latin-1")
            story.drops(trial.moved(text).encode("latin-1"), trial.box)
    story.goes_on()
    for trial in put.trials.values():
        letters = [
            letter for letter in story.outbox("sent") if letter.recipient.endswith(f"@{trial.label}.complainants.test")
        ]
        trial.known = {letter.id for letter in letters}
        if trial.needs("CASE_A"):
            trial.token = _reply_address(story, trial)
        if trial.name in HANDLED:
            raw = a_mail(trial.token, sender=STAFF1, subject="Re: it", body="#assign me")
            story.drops(raw, trial.box)
            trial.mails_of_staff = 1
        expected = len(trial.facts["needs"]) + trial.mails_of_staff + len(letters)
        until(partial(_all_there, stack, trial.box, expected), 10, f"the copies to come to {trial.box}")
    story.goes_on()
    cases = story.cases()
    letters = story.outbox("sent")
    for trial in put.trials.values():
        for case in cases:
            if case["complainant"]["email"] == trial.person("bob") and trial.needs("CASE_B"):
                trial.reference_b = case["reference"]
            if case["complainant"]["email"] == trial.person("jane") and trial.needs("CASE_A"):
                trial.reference_a = case["reference"]
                theirs = [letter for letter in letters if letter.case == case["reference"]]
                [letter] = [letter for letter in theirs if letter.kind == "acknowledgement"]
                trial.letter_a = letter.id
                [trial.message_id_a] = story.rows("SELECT message_id FROM letter WHERE id = ?", letter.id)[0]
                trial.before = state(story.show(case["reference"]))
                if trial.mails_of_staff:
                    assert case["handler"]["email"] == STAFF1
                    trial.token = _reply_address(story, trial)
        trial.known |= {letter for letter, _, _ in put.to_staff(trial)}


def _reply_address(story: Story, trial: Trial) -> str:
    """Where staff1's reply to their newest notice about the trial's case A goes."""
    [[data], *_] = story.rows(
        "SELECT data FROM letter WHERE recipient = ? AND mailbox = ? AND kind IN ('decide', 'handler') AND case_id = "
        "(SELECT id FROM cases WHERE mailbox = ? AND complainant_email = ?) ORDER BY created_at DESC, kind DESC",
        *(STAFF1, trial.box, trial.box, trial.person("jane")),
    )
    return str(wire.parsed(zlib.decompress(data))["Reply-To"].addresses[0].addr_spec)


def _all_there(stack: MailStack, box: str, number: int) -> bool:
    return stack.count(box) + _filed(stack, box) == number


def _filed(stack: MailStack, box: str) -> int:
    with stack.imap(box) as client:
        return int(client.folder_status("Sent", ["MESSAGES"])[b"MESSAGES"]) if client.folder_exists("Sent") else 0


def _inject(trial: Trial, stack: MailStack) -> None:
    if trial.facts["inject"] == "imap":
        stack.append(trial.box, trial.raw)
        return
    before = stack.count(trial.box)
    stack.deliver(trial.moved(trial.facts["from"]), trial.moved(trial.facts["to"]), trial.raw)
    until(lambda: stack.count(trial.box) > before, 10, f"{trial.name} to come")


def state(case: dict[str, Any]) -> dict[str, Any]:
    """What a mail that may change nothing must leave as it is: the case and what is owed on it by the policy."""
    kept = {name: value for name, value in case.items() if name not in ("messages", "obligations", "events", "overdue")}
    duties = [duty for duty in case["obligations"] if duty["kind"] != "attend"]
    return {**kept, "obligations": duties}


def everything_of(raw: bytes) -> str:
    """All that anybody could find in a letter: its bytes, and every header and part of it decoded, mails within too."""
    said = [raw.decode("latin-1")]
    for part in wire.parsed(raw).walk():
        said += [f"{name}: {value}" for name, value in part.items()]
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            said += [content.decode("utf-8", "replace"), content.decode("latin-1")]
    return "\n".join(said)

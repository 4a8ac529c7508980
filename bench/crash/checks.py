"""The invariants, looked at from outside once all is quiet: own SQL, own IMAP sessions, the `verify` command.

`judge` gives one line for each that is broken, beginning with its number, and a tally of what became of the letters:

    I1  every mail in the inbox is kept exactly once, byte for byte      I5  a letter goes to its writer, and to us
    I2  every mail has exactly one disposition                           I7  another run changes nothing
    I3  every complaint: one case, one acknowledgement delivered         I8  the record of events is whole
    I4  nobody else is answered                                          I10 database whole, no file left over
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.crash.books import Row, unpacked
from bench.crash.scene import Scene


@dataclass
class Judgement:
    """What came of one crash."""

    broken: list[str] = field(default_factory=list)
    lost: int = 0  # acknowledgements owed, not delivered, and no person told
    twice: int = 0  # deliveries beyond the first
    doubt: int = 0  # left to a person, with a duty
    resent: int = 0
    notices_resent: int = 0  # mail to staff that was in doubt, sent once more
    notices_twice: int = 0  # of these, how many had arrived the first time as well


Look = Callable[[Scene, Judgement], None]


def judge(scene: Scene, *, quiet: bool, looks: Sequence[Look] | None = None) -> Judgement:
    """Everything at rest: is all as promised? Runs the program once more. `looks`: what this scene alone is held to."""
    found = Judgement()
    if not quiet:
        found.broken.append("I7 it did not come to rest")
    before = scene.photograph()
    ending = scene.run()
    time.sleep(0.05)
    after = scene.photograph()
    if ending.code != 0:
        found.broken.append(f"I7 the last run ended with {ending.code}: {ending.words[-300:]}")
    found.broken.extend(f"I7 another run changed {what}" for what in _changes(before, after))
    _mails_kept(scene, found)
    for look in looks if looks is not None else (dispositions, _out_of_office, _acknowledgements):
        look(scene, found)
    _left_over(scene, found)
    _verified(scene, found)
    return found


def _changes(before: dict[str, object], after: dict[str, object]) -> list[str]:
    changed: list[str] = []
    for part, was in before.items():
        now = after[part]
        if was != now and isinstance(was, dict) and isinstance(now, dict):
            changed.extend(f"{part}: {key}" for key in was if was[key] != now.get(key))
        elif was != now:
            changed.append(f"{part}: {was} → {now}")
    return changed


def _mails_kept(scene: Scene, found: Judgement) -> None:
    kept: dict[str, bytes] = {}
    for row in scene.books.rows("SELECT sha256, size, body, path FROM raw_mail"):
        file = scene.folder / "var" / "raw" / str(row["path"])
        raw = unpacked(row["body"]) if row["body"] is not None else file.read_bytes() if file.exists() else b""
        kept[row["sha256"]] = raw
        if hashlib.sha256(raw).hexdigest() != row["sha256"] or len(raw) != row["size"]:
            found.broken.append(f"I1 the raw mail {row['sha256'][:12]} is not what its hash says")
    found.broken.extend(
        f"I1 the mail {sha[:12]} is not kept as it came" for sha, raw in scene.mails.items() if kept.get(sha) != raw
    )
    there = scene.stack.mails(scene.inbox)
    gone = [sha for sha, raw in scene.mails.items() if there.count(raw) != 1]
    found.broken.extend(f"I1 the mail {sha[:12]} is no longer once in the inbox" for sha in gone)
    if any(b"\\Seen" in flags for flags in scene.stack.flags(scene.inbox).values()):
        found.broken.append("I1 a mail was marked read")


def dispositions(scene: Scene, found: Judgement) -> None:
    journal = scene.books.rows("SELECT id, sha256, state, evidence_of, filing, rule FROM journal")
    messages = scene.books.rows("SELECT id FROM message")
    by_entry: dict[int, list[Row]] = {}
    for message in messages:
        by_entry.setdefault(message["id"], []).append(message)
    for sha in scene.mails:
        entries = [entry for entry in journal if entry["sha256"] == sha]
        if len(entries) != 1 or entries[0]["state"] != "settled":
            found.broken.append(f"I2 the mail {sha[:12]} has entries {[entry['state'] for entry in entries]}")
        elif len(by_entry.get(entries[0]["id"], ())) != 1:
            found.broken.append(f"I2 the mail {sha[:12]} has {len(by_entry.get(entries[0]['id'], ()))} dispositions")
    ours = [entry for entry in journal if entry["sha256"] not in scene.mails]
    strange = [e for e in ours if not e["evidence_of"] or (e["filing"] != "done" and e["rule"] != "sent")]
    found.broken.extend(f"I2 entry {entry['id']} is neither a mail of theirs nor a filed copy" for entry in strange)


def _out_of_office(scene: Scene, found: Judgement) -> None:
    messages = scene.books.rows("SELECT id, case_id, not_answered, from_address FROM message")
    absent = [message for message in messages if message["from_address"] == scene.absent]
    if len(absent) != 1 or not absent[0]["not_answered"] or absent[0]["case_id"] is not None:
        found.broken.append(f"I2 the out-of-office became {absent}")


def _acknowledgements(scene: Scene, found: Judgement) -> None:
    cases = scene.books.rows("SELECT id, reference, complainant_email FROM cases ORDER BY id")
    letters = scene.books.rows("SELECT * FROM letter")
    numbers = [int(case["reference"].rpartition("-")[2]) for case in cases]
    if numbers != list(range(1, len(cases) + 1)):
        found.broken.append(f"I3 the references have gaps: {[case['reference'] for case in cases]}")
    for complainant in scene.complainants:
        theirs = [case for case in cases if case["complainant_email"] == complainant]
        if len(theirs) != 1:
            found.broken.append(f"I3 {len(theirs)} cases for one complaint")
            continue
        mine = [letter for letter in letters if letter["case_id"] == theirs[0]["id"]]
        _one_letter(scene, complainant, theirs[0]["id"], mine, found)
    if len(cases) != len(scene.complainants):
        found.broken.append(f"I4 {len(cases)} cases for {len(scene.complainants)} complaints")
    answered = len(scene.stack.mails(scene.absent))
    if answered:
        found.broken.append(f"I4 the out-of-office was answered {answered} times")
    strays = {letter["recipient"] for letter in letters} - set(scene.complainants)
    if strays:
        found.broken.append(f"I5 letters to {sorted(strays)}")
    copies_filed(scene, letters, found)


def _one_letter(scene: Scene, complainant: str, case_id: int, letters: list[Row], found: Judgement) -> None:
    delivered = scene.stack.mails(complainant)
    found.twice += max(0, len(delivered) - 1)
    if len(delivered) > 1:
        found.broken.append(f"I3 {len(delivered)} acknowledgements delivered for one complaint")
    if len(letters) != 1:
        found.broken.append(f"I3 {len(letters)} letters for one complaint")
        return
    letter = letters[0]
    found.resent += letter["resends"]
    if not all(same_bytes(raw, letter) for raw in delivered):
        found.broken.append("I3 what was delivered is not, byte for byte, the letter that is kept")
    duties = scene.books.rows(f"SELECT kind, state FROM obligation WHERE case_id = {case_id}")
    met = {"kind": "acknowledge", "state": "met"} in duties
    if letter["state"] == "held" and {"kind": "attend", "state": "open"} in duties:
        found.doubt += 1
    elif not delivered:
        found.lost += 1
        found.broken.append(f"I3 a complaint without its acknowledgement; the letter is {letter['state']}")
    elif letter["state"] != "sent" or not met:
        found.broken.append(
            f"I3 delivered, but the letter is {letter['state']} and its duty {'met' if met else 'open'}"
        )


def same_bytes(raw: bytes, letter: Row) -> bool:
    """Is this what was kept, under the lines that servers put on top?"""
    sent = unpacked(letter["data"]).rstrip()
    return raw.replace(b"\r\n", b"\n").rstrip().endswith(sent.replace(b"\r\n", b"\n"))


def copies_filed(scene: Scene, letters: list[Row], found: Judgement) -> None:
    """Each letter that went out lies once in the Sent folder, read, and no more in the inbox."""
    sent = [
        email.message_from_bytes(raw, policy=email.policy.compat32) for raw in scene.stack.mails(scene.inbox, "Sent")
    ]
    ids = sorted(str(mail["Message-ID"]).strip() for mail in sent)
    gone = sorted(letter["message_id"] for letter in letters if letter["state"] == "sent")
    if ids != gone:
        found.broken.append(f"I5 {len(ids)} copies in the Sent folder for {len(gone)} letters sent")
    inbox = len(scene.stack.mails(scene.inbox))
    if inbox != len(scene.mails):
        found.broken.append(f"I5 {inbox} mails in the inbox, {len(scene.mails)} belong there")


def _left_over(scene: Scene, found: Judgement) -> None:
    damage = scene.books.damage()
    if damage:
        found.broken.append(f"I10 the database is damaged: {damage}")
    kept = {row["path"] for row in scene.books.rows("SELECT path FROM raw_mail WHERE path IS NOT NULL")}
    for name in scene.files():
        path = Path(name)
        if path.name not in kept and path.suffix not in (".tmp", ".part"):  # those are tidied away after an hour
            found.broken.append(f"I10 {name} was left over")


def _verified(scene: Scene, found: Judgement) -> None:
    done = scene.setup.run("verify", check=False)
    if done.returncode != 0:
        found.broken.append(f"I8 verify: exit {done.returncode}: {(done.stdout + done.stderr)[-500:]}")

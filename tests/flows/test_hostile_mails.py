"""Hostile and awkward mails, end to end: each comes to a mailbox of its own, and what must come of it does."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import wire
from tests.support.hostile import CORPUS, EXPECTED, Trial, Trials, everything_of, put, state
from tests.support.mailstack import MailStack
from tests.support.story import Letter

pytestmark = pytest.mark.stack

# The words by which a person sees that a mail is odd: on a duty, or among the mail's reasons.
SEEN_AS = {
    "loop-suspect": ("loop-suspect",),
    "unparseable-or-no-sender": ("no sender's address that could be answered",),
    "unknown-participant": ("is not on it: may they?",),
    "conflicting-references": ("it also names",),
    "malformed-from": ("it names several senders",),
    "command-refused": ("it changed nothing, and they are asked",),
    "token-of-another-person": ("a letter that was sent to somebody else", "did they pass it on?"),
    "looks-like-auto-reply": ("absence note",),
}

# Not even staff are sent these: what would run or call home, and a token that somebody quoted.
NOT_TO_STAFF_EITHER = ("T27-eicar", "T28-pixel", "T36-token-in-quote")

HEAVY = [name for name in EXPECTED if name[:3] in ("T22", "T23", "T25", "T26")]


def _groups() -> list[list[str]]:
    """Mails that go through one run together. Many have the same words, and the eleventh of those would be held as one
    machine's: so they are dealt out over several runs. The heavy ones go apart, so that each is measured."""
    same = [n for n in EXPECTED if n not in HEAVY and b"The boiler was never" in (CORPUS / f"{n}.eml").read_bytes()]
    rest = [n for n in EXPECTED if n not in HEAVY and n not in same]
    runs = -(-len(same) // 10)
    return [HEAVY, *(same[run::runs] + rest[run::runs] for run in range(runs))]


GROUPS = _groups()
AROUND = 15.0  # seconds of processor time: the program's start, a score of letters and as many notices to staff
RUN_OF = {name: number for number, names in enumerate(GROUPS) for name in names}


class Canary:
    """A web server that nobody may ask anything."""

    def __init__(self) -> None:
        self.hits = 0
        canary = self

        class Hit(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                canary.hits += 1

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hit)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture(scope="module")
def run_of(tmp_path_factory: pytest.TempPathFactory, mailstack: MailStack, canary: Canary) -> Callable[[int], Trials]:
    """The run with this number, made when it is first asked for."""
    runs: dict[int, Trials | Exception] = {}

    def run(number: int) -> Trials:
        if number not in runs:
            try:
                runs[number] = put(GROUPS[number], tmp_path_factory.mktemp(f"run{number}"), mailstack, canary.port)
            except Exception as failure:  # told by each of its mails, and not tried again for each
                runs[number] = failure
        made = runs[number]
        if isinstance(made, Exception):
            raise made
        return made

    return run


def test_every_mail_has_its_expectations() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(EXPECTED) == set(RUN_OF)


@pytest.mark.parametrize("name", [name for names in GROUPS for name in names])
def test_what_must_come_of_each_mail_does(
    name: str, run_of: Callable[[int], Trials], mailstack: MailStack, canary: Canary
) -> None:
    run = run_of(RUN_OF[name])
    trial = run.trials[name]
    expect = dict(trial.facts["expect"])
    assert run.exit_code == 0
    mail = _kept(trial, run, mailstack)
    letters = [
        letter for letter in run.letters if letter.id not in trial.known and letter.answers == _stored(trial, mailstack)
    ]
    assert expect.pop("stored_raw")
    sent = [letter for letter in letters if letter.state == "sent"]
    for letter in letters:
        wire.check(letter.data, answers=trial.raw)

    _case(expect.pop("case", None), trial, mail, run)
    _state(expect.pop("state_of_case_A", None), trial, run)
    if "acks" in expect:
        assert len(sent) == expect.pop("acks")
    for person in {letter.recipient for letter in sent}:
        before = sum(letter.recipient == person for letter in run.letters if letter.id in trial.known)
        mailstack.wait_for(person, before + 1, seconds=10)
        assert mailstack.count(person) == before + sum(letter.recipient == person for letter in sent)
    if "sent_to_only" in expect:
        assert {letter.recipient for letter in letters} <= {trial.moved(one) for one in expect.pop("sent_to_only")}
    assert len(sent) <= expect.pop("sent_total_max", 1)
    _words(expect.pop("not_in_any_outgoing", None), trial, letters, run)
    _flag(expect.pop("flag", None), trial, mail, run)
    if "file_must_not_exist" in expect:
        assert not Path(expect.pop("file_must_not_exist")).exists()
    assert canary.hits == expect.pop("canary_hits", 0)
    assert all(len(letter.data) <= expect.get("ack_max_bytes", wire.LARGEST) for letter in letters)
    expect.pop("ack_max_bytes", None)
    # All mails of a run together took less than each of them may, but for what the program needs around them.
    assert run.seconds <= expect.pop("max_s", 30) + AROUND
    assert run.megabytes <= expect.pop("max_rss_mb", 400)
    assert expect == {}, "an expectation that nobody looked at"
    _unforgotten(trial, mail, sent, run)


def _stored(trial: Trial, stack: MailStack) -> bytes:
    """The mail as the mailbox has it: the last that is no letter of ours."""
    theirs = [raw for raw in stack.mails(trial.box) if b"Complaint-Letter:" not in raw]
    assert len(theirs) == len(trial.facts["needs"]) + trial.mails_of_staff + 1
    return theirs[-1]


def _kept(trial: Trial, run: Trials, stack: MailStack) -> dict[str, Any]:
    """What `messages` says of it; its bytes are kept as the mailbox has them."""
    import hashlib
    import zlib

    raw = _stored(trial, stack)
    assert raw.endswith(trial.raw.replace(b"\x00", b"\x80")[-40:].lstrip()) or len(raw) > 200_000
    [mail] = [
        mail for mail in run.mails if mail["mailbox"] == trial.box and mail["sha256"] == hashlib.sha256(raw).hexdigest()
    ]
    [[body]] = run.story.rows("SELECT body FROM raw_mail WHERE sha256 = ?", mail["sha256"])
    assert zlib.decompress(body) == raw
    assert mail["reasons"] and (mail["answered_with"] or mail["not_answered_because"])
    return mail


def _case(expected: str | None, trial: Trial, mail: dict[str, Any], run: Trials) -> None:
    if expected == "new":
        assert mail["case"] is not None
        assert mail["case"] not in (trial.reference_a, trial.reference_b)
        case = run.cases[mail["case"]]
        assert case["status"] == "new" and case["acknowledge_by"] is not None
    elif expected == "same:A":
        assert mail["case"] == trial.reference_a
    elif expected == "none":
        assert mail["case"] is None
    else:
        assert expected is None


def _state(expected: str | None, trial: Trial, run: Trials) -> None:
    if expected is None:
        return
    now = state(run.story.show(trial.reference_a))
    if expected == "unchanged":
        assert now == trial.before
        return
    assert expected == "ack_bounced"
    assert trial.before["acknowledged_at"] is not None and now["acknowledged_at"] is None
    [ask] = [duty for duty in run.duties if duty["case"] == trial.reference_a and duty["kind"] == "attend"]
    assert "came back undeliverable" in ask["why"] and ask["due_at"] is not None


def _words(forbidden: list[str] | None, trial: Trial, letters: list[Letter], run: Trials) -> None:
    """Nothing of it leaves, in whatever part and however it is encoded."""
    if forbidden is None:
        return
    leaving = [letter.data for letter in letters]
    leaving += [
        letter.data
        for letter in run.letters
        if letter.case in (trial.reference_a, mail_case(trial, run)) and letter.id not in trial.known
    ]
    if trial.name in NOT_TO_STAFF_EITHER:
        leaving += [data for letter, _, data in run.to_staff(trial) if letter not in trial.known]
    for data in leaving:
        mail = wire.parsed(data)
        del mail["Date"]  # the minute may well be one of the numbers
        said = everything_of(mail.as_bytes())
        for words in trial.forbidden:
            assert words not in said and words.replace("\r\n", "\n") not in said

    for letter, _, data in run.to_staff(trial):
        part = wire.parsed(data).get_body(("html",))
        assert part is not None
        page = str(part.get_content()) if letter not in trial.known else ""
        assert not any(words in page for words in trial.forbidden if words.startswith("<"))


def mail_case(trial: Trial, run: Trials) -> str | None:
    return next((mail["case"] for mail in run.mails if mail["mailbox"] == trial.box and mail["case"]), None)


def _flag(flag: str | None, trial: Trial, mail: dict[str, Any], run: Trials) -> None:
    if flag is None:
        return
    asked = [duty["why"] for duty in run.duties if duty["kind"] == "attend" and duty["mailbox"] == trial.box]
    seen = [*asked, *mail["reasons"], mail["not_answered_because"] or ""]
    assert any(said in words for words in seen for said in SEEN_AS[flag]), seen


def _unforgotten(trial: Trial, mail: dict[str, Any], sent: list[Letter], run: Trials) -> None:
    """A complaint that got no answer by itself is somebody's to answer, by the same date."""
    if mail["kind"] not in ("complaint", "unreadable") or sent:
        return
    asked = [duty for duty in run.duties if duty["kind"] == "attend" and duty["case"] == mail["case"]]
    assert asked and all(duty["due_at"] is not None for duty in asked)


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_after_hostile_mail_the_record_is_whole_and_nothing_more_happens(
    number: int, run_of: Callable[[int], Trials]
) -> None:
    run = run_of(number)
    run.story.is_whole()
    letters = {letter.id: letter.state for letter in run.story.outbox()}
    cases = run.story.cases()

    run.story.goes_on()

    assert {letter.id: letter.state for letter in run.story.outbox()} == letters
    assert run.story.cases() == cases

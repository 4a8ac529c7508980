"""`inspect` where there is an installation: its rules, what it has learnt, its mailboxes; and which of them judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.clock import SystemClock
from complaintmail.store import learnt
from complaintmail.store.engine import Store
from complaintmail.triage.judge import Learnt, shipped
from tests.support.casebooks import BOXES
from tests.support.office import a_mail
from tests.support.shells import Shell, shell_in

CEME, CMS = (next(box for box, policy in BOXES.items() if policy == name) for name in ("ceme", "cms"))
RULE = '[[rule]]\nname = "our own"\nsays = "complaint"\nweight = 4\nany = ["marmalising"]\n'
WORDS = "The tutor sat marmalising all the way through, as before."


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An installation whose own rule holds for one policy alone."""
    shell = shell_in(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text() + '\n[classify]\nrules = "words.toml"\n')
    (tmp_path / "words.toml").write_text(RULE + 'policies = ["ceme"]\n')
    return shell


def only(done: Result) -> Any:
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def inspected(shell: Shell, raw: bytes) -> dict[str, Any]:
    (shell.folder / "a.eml").write_bytes(raw)
    (mail,) = shell.json("inspect", str(shell.folder / "a.eml"))
    found: dict[str, Any] = mail
    return found


def in_nobodys_place(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.delenv("COMPLAINTMAIL_CONFIG", raising=False)
    monkeypatch.chdir(folder)


def test_the_rules_of_the_mailbox_that_it_was_sent_to_judge_it(shell: Shell) -> None:
    own, other = (inspected(shell, a_mail(box, subject="Our lesson", body=WORDS)) for box in (CEME, CMS))

    assert (own["kind"], own["sure"], other["sure"]) == ("complaint", True, False)
    assert "marmalising" in " ".join(own["reasons"])
    assert own["judged_by"] != other["judged_by"]


def test_what_was_learnt_here_judges_it_and_is_named(shell: Shell) -> None:
    raw = a_mail(CEME, subject="Hello", body="Could you tell me when the course begins? Grozzled, all of it.")
    before = inspected(shell, raw)
    store = Store(f"sqlite:///{shell.folder / 'casebook.db'}")
    with store.writing(SystemClock().now()) as writer:
        learnt.keep(writer, Learnt("1", 2.0, {"w:grozzled": 2.0}), {}, "complaintmail")
    store.close()

    after = inspected(shell, raw)

    assert after["complaint_score"] > before["complaint_score"]
    assert after["judged_by"] == f"{before['judged_by']}+learnt 1"
    assert after["judged_by"] in shell("inspect", str(shell.folder / "a.eml")).stdout


def test_the_mailboxs_purpose_holds_unless_another_is_named(tmp_path: Path) -> None:
    shell = shell_in(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace(f'"{CEME}"\n', f'"{CEME}"\npurpose = "complaints"\n'))
    asks = a_mail(CEME, subject="Hello", body="When are you open on Monday? Thank you, Jane")

    assert inspected(shell, asks)["kind"] == "complaint"
    assert shell.json("inspect", str(tmp_path / "a.eml"), "--purpose", "general")[0]["kind"] == "enquiry"


def test_a_robots_mail_is_judged_by_nobody(shell: Shell) -> None:
    assert inspected(shell, b"From: a@x.test\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.")["judged_by"] is None


def test_where_there_are_no_settings_what_is_shipped_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_nobodys_place(monkeypatch, tmp_path)
    raw = a_mail(CEME, subject="Our lesson", body=WORDS)
    (mail,) = only(CliRunner().invoke(main, ["inspect", "-", "--format", "json"], input=raw))

    assert (mail["sure"], mail["judged_by"]) == (False, shipped().version)


def test_settings_before_the_first_run_have_rules_and_no_lessons(shell: Shell) -> None:
    (shell.folder / "casebook.db").unlink()

    mail = inspected(shell, a_mail(CEME, subject="Our lesson", body=WORDS))

    assert mail["sure"] is True and "learnt" not in mail["judged_by"]


def test_settings_that_were_named_and_cannot_be_used_are_said_and_nothing_is_judged(shell: Shell) -> None:
    (shell.folder / "words.toml").write_text("[[rule]")
    done = shell("inspect", "-", stdin="From: a@x.test\n\nHello")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "words.toml" in done.stderr


@pytest.mark.parametrize(
    ("broken", "said"),
    [("config.toml", "config.toml"), ("words.toml", "words.toml"), ("casebook.db", "the database cannot be read")],
)
def test_settings_that_only_lie_there_and_cannot_be_used_are_said_and_what_is_shipped_judges(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, broken: str, said: str
) -> None:
    in_nobodys_place(monkeypatch, shell.folder)
    (shell.folder / broken).write_text("[[rule]")
    done = CliRunner().invoke(main, ["inspect", "-", "--format", "json"], input=a_mail(CEME, body=WORDS))

    (mail,) = only(done)
    assert mail["judged_by"] == shipped().version
    assert said in done.stderr and "judged by what is shipped" in done.stderr

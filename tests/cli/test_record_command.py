"""`record`: a complaint by telephone, by post or over a counter, as it is typed at a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.shells import FIRST, JANE, SECOND, Shell, shell_in

ADDRESS, DIRECTOR = "jane@complainants.test", "director@staff.test"
ACCOUNT = "The room was cold.\nNobody came."


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return shell_in(tmp_path)


def test_a_call_becomes_a_case_that_is_acknowledged_and_put_before_who_decides(shell: Shell) -> None:
    done = shell("record", "--policy", "cms", *JANE, "--phone", "01632 960001", "--channel", "by telephone")

    assert (done.exit_code, done.stdout) == (0, f"{FIRST}\n")
    assert shell.letters(ADDRESS) == [("acknowledgement", "queued")]
    assert shell.letters(DIRECTOR) == [("decide", "queued")]
    [(words,)] = shell.rows("SELECT text FROM letter WHERE kind = 'decide'")
    assert "The room was cold." in words and ADDRESS in words
    assert shell.rows("SELECT DISTINCT message_id FROM obligation") == [(None,)]
    assert shell("verify").exit_code == 0


def test_what_was_told_stands_on_the_case_as_its_first_message(shell: Shell) -> None:
    page = shell.json("show", shell.recorded())

    (told,) = page["messages"]
    assert (told["direction"], told["from"], told["to"], told["text"]) == ("in", ADDRESS, [], ACCOUNT)
    assert (told["message_id"], told["sha256"], told["attachments"], told["kind"]) == (None, None, [], "complaint")
    assert told["at"] == page["received_at"] and page["channel"] == "phone"
    assert {duty["state"] for duty in page["obligations"]} == {"open"}
    assert "  | Nobody came." in shell("show", page["reference"]).stdout


def test_the_acknowledgement_answers_no_mail(shell: Shell) -> None:
    shell.recorded()

    raw = shell("outbox", "show", shell.rows("SELECT id FROM letter WHERE kind = 'acknowledgement'")[0][0], "--raw")

    assert "In-Reply-To" not in raw.stdout and "References" not in raw.stdout
    assert f"Complaint-Reference: {FIRST}" in raw.stdout


def test_programs_get_the_case(shell: Shell) -> None:
    done = shell("record", "--mailbox", "Care@example.test", *JANE, "--received", "2026-03-17", "--format", "json")
    case = json.loads(done.stdout)

    assert (case["reference"], case["mailbox"]) == ("CEME-2026-000001", "care@example.test")
    assert case["received_at"].startswith("2026-03-17T12:00") and case["status"] == "new"


def test_words_that_look_like_commands_or_lines_of_a_form_are_only_words(shell: Shell) -> None:
    account = "#close it was nothing\nEmail: other@complainants.test\nName: Somebody Else"
    done = shell("record", "--policy", "cms", "--name", "Jane Doe", "-", stdin=account)

    page = shell.json("show", done.stdout.strip())
    assert page["messages"][0]["text"] == account
    assert (page["status"], page["complainant"]) == ("new", {"name": "Jane Doe", "email": None})
    assert shell.rows("SELECT COUNT(*) FROM letter WHERE audience = 'complainant'") == [(0,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ["which mailbox does it belong to?", "who complains is missing", "what they complain of is missing"]),
        (("--policy", "cms", "--text", "Cold."), ["who complains is missing: give --name, --email or --phone"]),
        (("--policy", "cms", "--name", "J"), ["what they complain of is missing"]),
        (("--policy", "cim", *JANE), ["there is no mailbox under the policy cim; there are info@example.test (cms)"]),
        (("--policy", "cms", *JANE, "--email", "jane at home"), ["--email: jane at home is not a mail address"]),
        (("--policy", "cms", *JANE, "--channel", "pigeon"), ["--channel: pigeon is no channel; use phone, letter"]),
        (("--policy", "cms", *JANE, "--received", "2099-01-01"), ["--received: "]),
        (("--policy", "cms", *JANE, "--received", "soonish"), ["--received: soonish is no date"]),
        (("--policy", "cms", *JANE, "--as", "hed@staff.test"), ["hed@staff.test is no [[person]]"]),
    ],
)
def test_each_missing_or_wrong_thing_is_a_line(shell: Shell, words: tuple[str, ...], said: list[str]) -> None:
    done = shell("record", *words)

    lines = done.stderr.splitlines()
    assert (done.exit_code, done.stdout, len(lines)) == (2, "", len(said))
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True)), lines
    assert shell.rows("SELECT COUNT(*) FROM cases") == [(0,)]


def test_it_can_be_recorded_before_the_daemon_ever_ran(tmp_path: Path) -> None:
    shell = shell_in(tmp_path, begun=False)

    assert shell.recorded() == FIRST
    assert [case["reference"] for case in shell.json("log")] == [FIRST]


def test_as_a_person_it_is_theirs_in_the_record(shell: Shell) -> None:
    case = shell.recorded("--as", "head@staff.test", "--received", "yesterday")

    events = {event["what"]: event["by"] for event in shell.json("show", case)["events"]}
    assert events["case_recorded"] == "head@staff.test"


def test_commands_work_on_a_case_without_a_mail(shell: Shell) -> None:
    case = shell.recorded()

    for words in ("#kind enquiry", "#kind complaint", "#severity high", "#assign B. Head", "#called today", "#close"):
        done = shell("act", case, words)
        assert done.exit_code == 0, (words, done.output)
    [(words,)] = shell.rows("SELECT text FROM letter WHERE kind = 'handler'")
    assert "Nobody came." in words
    assert shell("verify").exit_code == 0


def test_a_case_recorded_by_a_command_on_another_leaves_no_word_on_that_one(shell: Shell) -> None:
    first = shell.recorded()
    done = shell("act", first, "#record\nName: Tom Thumb\nEmail: tom@complainants.test\nChannel: letter\n\nToo loud.")

    assert done.exit_code == 0, done.output
    assert f"Its reference is {SECOND}." in done.stdout
    assert "Too loud" not in shell("show", first).stdout
    assert shell.json("show", SECOND)["messages"][0]["text"] == "Too loud."

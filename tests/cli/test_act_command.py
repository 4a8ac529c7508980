"""`act`: the staff commands as they are typed at a shell, while nothing or the daemon runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaintmail.store.engine import Store
from complaintmail.store.ownership import ownership_of
from tests.support.shells import Shell, shell_in

HEAD, DIRECTOR, JANE = "head@staff.test", "director@staff.test", "jane@complainants.test"
RELAY = '[relay]\nhold = "10m"\nconfirm = "first"\n'


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return shell_in(tmp_path)


@pytest.fixture
def case(shell: Shell) -> str:
    return shell.recorded()


def test_the_administrator_gives_a_case_away_and_sees_what_came_of_it(shell: Shell, case: str) -> None:
    done = shell("act", case.lower(), "#assign B. Head")

    assert done.exit_code == 0
    assert done.stdout.startswith(f"Done.     #assign B. Head: {case} is now with B. Head.")
    assert "  handler                  B. Head\n" in done.stdout and "WHAT HAPPENED" not in done.stdout
    assert shell.letters(HEAD) == [("handler", "queued")]


def test_programs_read_what_was_done_and_the_case_as_it_stands(shell: Shell, case: str) -> None:
    told = shell.json("act", case, f"#assign {HEAD}\n#severity high")

    assert [one["command"] for one in told["done"]] == ["assign", "severity"]
    assert (told["troubles"], told["offers"]) == ([], [])
    assert told["case"]["handler"] == {"name": "B. Head", "email": HEAD, "role": told["case"]["handler"]["role"]}
    assert (told["case"]["status"], told["case"]["severity"]) == ("open", "high")
    assert shell.rows("SELECT DISTINCT \"by\" FROM event WHERE what LIKE 'staff_%'") == [("administrator",)]


def test_all_is_done_or_nothing_and_the_right_forms_are_said(shell: Shell, case: str) -> None:
    done = shell("act", case, "#assign B. Head\n#severity enormous")

    assert done.exit_code == 1
    assert "Not done. A severity is low, medium or high." in done.stdout
    assert "right: #severity high" in done.stdout
    assert shell.rows("SELECT handler, severity FROM cases") == [(None, "medium")]
    assert shell.letters(HEAD) == []


def test_a_slip_is_no_command_and_the_nearest_is_named(shell: Shell, case: str) -> None:
    told = shell.json("act", case, "#asign B. Head")

    assert told["done"] == [] and len(told["troubles"]) == 1
    assert any(line.startswith("#assign") for line in told["troubles"][0]["right"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("CMS-2020-000099", "#status"), "There is no case CMS-2020-000099. The nearest is "),
        (
            ("{case}", "#status", "--as", "hed@staff.test"),
            "hed@staff.test is no [[person]] in the settings; did you me",
        ),
        (("{case}", "  "), "There is nothing to do"),
    ],
)
def test_what_cannot_be_meant_is_one_clear_line(shell: Shell, case: str, words: tuple[str, ...], said: str) -> None:
    done = shell("act", *(word.format(case=case) for word in words))

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(said) and done.stderr.count("\n") == 1


def test_before_the_first_start_there_is_no_case_to_act_on(tmp_path: Path) -> None:
    done = shell_in(tmp_path, begun=False)("act", "CMS-2026-000001", "#status")

    assert done.exit_code == 2 and "There is no case at all yet." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_an_answer_of_the_administrators_waits_its_hold_and_can_be_stopped(shell: Shell, case: str) -> None:
    given = shell("act", case, "#reply\nDear Jane,\n\nThe room is warm now.\n\nThe office")
    before = shell.rows("SELECT author, state, not_before IS NULL, text FROM letter WHERE kind = 'answer'")
    stopped = shell("act", case, "#stop")

    assert (given.exit_code, stopped.exit_code) == (0, 0)
    assert before == [("administrator", "queued", 0, "Dear Jane,\n\nThe room is warm now.\n\nThe office")]
    assert shell.letters(JANE) == [("acknowledgement", "queued"), ("answer", "cancelled")]
    assert shell.rows("SELECT COUNT(*) FROM letter WHERE recipient = 'administrator'") == [(0,)]


def test_two_answers_one_after_the_other_both_go(shell: Shell, case: str) -> None:
    for words in ("The first.", "The second."):
        assert shell("act", case, f"#reply\nDear Jane, we have looked at it. {words}", "--yes").exit_code == 0

    assert [kind for kind, _ in shell.letters(JANE)] == ["acknowledgement", "answer", "answer"]


def test_the_same_command_twice_is_done_once(shell: Shell, case: str) -> None:
    thrice = f"#assign B. Head\n#assign {HEAD}\n#assign b. head\n"
    done = shell("act", case, f"{thrice}#reply\n#reply\n\nDear Jane, it is being looked into.")

    assert done.exit_code == 0, done.output
    assert shell.letters(HEAD) == [("handler", "queued")]
    going = [kind for kind, state in shell.letters(JANE) if state == "queued"]
    assert going == ["acknowledgement", "decided", "answer"]


def test_a_persons_first_answer_is_shown_and_goes_on_their_yes(tmp_path: Path) -> None:
    shell = shell_in(tmp_path, RELAY)
    case = shell.recorded()

    shown = shell.json("act", case, "#reply\nDear Jane, it is mended.", "--as", HEAD)
    others = shell("act", case, "#yes", "--as", DIRECTOR)
    own = shell("act", case, "#yes", "--as", HEAD)

    assert shown["done"] == [] and shown["offers"][0]["text"] == "Dear Jane, it is mended."
    assert (others.exit_code, own.exit_code) == (1, 0)
    assert shell.rows("SELECT author FROM letter WHERE kind = 'answer'") == [(HEAD,)]
    assert ("shown", "queued") in shell.letters(HEAD)


def test_a_yes_given_along_shows_nothing_first(tmp_path: Path) -> None:
    shell = shell_in(tmp_path, RELAY)
    case = shell.recorded()

    done = shell("act", case, "-", "--as", HEAD, "--yes", stdin="#reply\nDear Jane, it is mended.\n")

    assert done.exit_code == 0 and "Your answer goes now." in done.stdout
    assert [kind for kind, _ in shell.letters(JANE)] == ["acknowledgement", "answer"]
    assert shell.letters(HEAD) == [("shown", "cancelled")]


def test_a_plain_order_is_kept_as_a_note_and_offered_back(shell: Shell, case: str) -> None:
    first = shell("act", case, "please give it to B. Head")
    handler = shell.rows("SELECT handler FROM cases")
    agreed = shell("act", case, "#yes")

    assert first.exit_code == 1 and f"act {case} '#yes'" in first.stdout and handler == [(None,)]
    assert agreed.exit_code == 0 and "is now with B. Head" in agreed.stdout


def test_whom_a_case_is_about_can_do_nothing_on_it_and_sees_nothing_of_it(shell: Shell, case: str) -> None:
    assert shell("act", case, "#about B. Head").exit_code == 0
    done = shell("act", case, "#assign me", "--as", HEAD)

    assert done.exit_code == 1 and "Somebody else deals with it." in done.stdout
    assert "cold" not in done.stdout and shell.json("act", case, "#status", "--as", HEAD)["case"] is None


def test_whoever_complains_themselves_can_do_nothing_on_it_and_sees_nothing_of_it(shell: Shell) -> None:
    case = shell.recorded("--email", HEAD)
    done = shell("act", case, "#assign me", "--as", HEAD)

    assert done.exit_code == 1 and "Somebody else deals with it." in done.stdout
    assert shell.json("act", case, "#status", "--as", HEAD)["case"] is None
    assert all(HEAD not in owner for (owner,) in shell.rows("SELECT owner FROM obligation"))


def test_the_list_of_commands_is_to_be_had(shell: Shell, case: str) -> None:
    done = shell("act", case, "#help")

    assert done.exit_code == 0 and "#severity low/medium/high" in done.stdout


def test_it_works_while_a_daemon_holds_the_database(shell: Shell, case: str) -> None:
    store = Store(f"sqlite:///{shell.folder}/casebook.db")
    daemon = ownership_of(store)

    try:
        done = shell("act", case, "#note\nShe rang again.")
    finally:
        daemon.close()
        store.close()

    assert done.exit_code == 0 and shell("verify").exit_code == 0


def test_the_draft_of_an_outcome_is_printed_and_sent_by_a_second_word(shell: Shell, case: str) -> None:
    drafted = shell("act", case, "#outcome upheld\n\nThe room was cold for a week. We are sorry.")
    told = shell.json("act", case, "#outcome upheld\n\nThe room was cold for a week. We are sorry.")
    waiting = shell.rows("SELECT count(*) FROM letter WHERE kind = 'outcome'")
    sent = shell("act", case, "#send")

    assert drafted.exit_code == 0 and "  | The room was cold for a week." in drafted.stdout
    assert f"complaintmail act {case} '#send'" in drafted.stdout
    assert "We uphold your complaint." in told["drafts"][0]["text"] and told["drafts"][0]["missing"] == []
    assert waiting == [(0,)]
    assert sent.exit_code == 0
    assert shell.rows("SELECT state FROM letter WHERE kind = 'outcome'") == [("queued",)]

"""`complaintmail template …`, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from complaintmail.letters.letter import LetterKind
from complaintmail.letters.render import Letters
from complaintmail.letters.sample import ordinary
from complaintmail.policy import load


@pytest.fixture(autouse=True)
def _nowhere_near_a_config(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.delenv("COMPLAINTMAIL_CONFIG", raising=False)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["template", *map(str, words)])


def test_list_names_the_file_of_every_letter_of_every_policy(tmp_path: Path):
    (tmp_path / "thanks.md").write_text("Subject: Ta\nDescription: short\n\nTa.\n", encoding="utf-8")

    result = run("list", "--directory", tmp_path, "--format", "json")

    rows = {(row["letter"], row["policy"]): row for row in json.loads(result.stdout)}
    assert result.exit_code == 0
    names = [*map(str, LetterKind), "unsure.cy"]  # one has a Welsh half
    assert set(rows) == {(name, policy) for name in names for policy in load.packaged()}
    assert rows["thanks", "cms"] == {
        "letter": "thanks",
        "policy": "cms",
        "packaged": False,
        "file": str(tmp_path / "thanks.md"),
        "description": "short",
    }
    assert rows["acknowledgement", "cms"]["packaged"] is True
    assert rows["acknowledgement", "cms"]["file"].endswith("templates/cms/acknowledgement.md")
    assert "acknowledgement  cms" in run("list").stdout


def test_check_is_content_with_the_packaged_letters():
    result = run("check")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "ace, ceme, cim, cms, sek" in result.stderr


def test_check_says_each_problem_once_in_one_line(tmp_path: Path):
    (tmp_path / "acknowledgement.md").write_text("Subject: x\n\n{{ case.refrence }}\n", encoding="utf-8")
    (tmp_path / "recieved.md").write_text("Subject: x\n\nx\n", encoding="utf-8")

    result = run("check", "--directory", tmp_path)

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f'{tmp_path}/recieved.md: no letter has this name, so it is never used; did you mean "received.md"?',
        f"{tmp_path}/acknowledgement.md:3: there is no fact case.refrence; did you mean case.reference?",
    ]
    assert json.loads(run("check", "--directory", tmp_path, "--format", "json").stdout)[1]["problem"].endswith(
        "case.reference?"
    )


def test_check_finds_the_kind_of_case_that_a_letter_forgot(tmp_path: Path):
    words = "{{ case.reference }} {{ case.received_on }} {{ person.name }} {{ mailbox }} {{ policy.organisation }}"
    (tmp_path / "acknowledgement.md").write_text(
        f"Subject: x\n\n{words} {{{{ policy.if_unhappy }}}} by {{{{ case.respond_by }}}}\n", encoding="utf-8"
    )

    result = run("check", "--directory", tmp_path, "--policy", "cms")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{tmp_path}/acknowledgement.md:3: prints a fact that has no value here; put it inside {{% if … %}} "
        "(cms: no date for the answer)"
    ]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("{{ case.received_on }}", "when the complaint was received"),
        ("{{ case.respond_by or '' }}", "by which date the answer comes"),
        ("{{ case.decide_by or '' }}", "by when the date of the answer will come"),
        ("{{ person.name }}", "who is dealing with it"),
        ("{{ mailbox }}", "how to reach a person"),
        ("{{ policy.if_unhappy }}", "where the policy says to go next"),
        ("{{ policy.organisation }}", "who writes"),
    ],
)
def test_check_finds_what_an_acknowledgement_does_not_say(tmp_path: Path, missing: str, said: str):
    words = (
        "{{ case.reference }} {{ case.received_on }} {{ case.respond_by or '' }} {{ case.decide_by or '' }} "
        "{{ person.name }} {{ mailbox }} {{ policy.if_unhappy }} {{ policy.organisation }}"
    )
    (tmp_path / "acknowledgement.md").write_text(f"Subject: x\n\n{words}\n", encoding="utf-8")
    assert run("check", "--directory", tmp_path, "--policy", "ace").exit_code == 0

    (tmp_path / "acknowledgement.md").write_text(f"Subject: x\n\n{words.replace(missing, '')}\n", encoding="utf-8")
    result = run("check", "--directory", tmp_path, "--policy", "ace")

    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert f"does not say {said}" in result.stdout


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("999", "whom to call in danger"),
        ("{{ person.name }}", "who sees it"),
        ("{{ mailbox }}", "how to reach a person"),
        ("{{ policy.organisation }}", "who writes"),
    ],
)
def test_check_finds_what_a_letter_to_somebody_at_risk_does_not_say(tmp_path: Path, missing: str, said: str):
    words = "{{ case.reference }} 999 {{ person.name }} {{ mailbox }} {{ policy.organisation }}"
    (tmp_path / "concern.md").write_text(f"Subject: x\n\n{words}\n", encoding="utf-8")
    assert run("check", "--directory", tmp_path, "--policy", "ace").exit_code == 0

    (tmp_path / "concern.md").write_text(f"Subject: x\n\n{words.replace(missing, '')}\n", encoding="utf-8")
    result = run("check", "--directory", tmp_path, "--policy", "ace")

    assert result.exit_code == 1
    assert [line.partition("does not say ")[2].startswith(said) for line in result.stdout.splitlines()] == [True]


@pytest.mark.parametrize("kind", LetterKind)
def test_preview_prints_exactly_the_letter(kind: LetterKind):
    letter = Letters(None).render(kind, "cms", ordinary(load.find("cms")))

    text, html = run("preview", kind, "--policy", "cms"), run("preview", kind, "--policy", "cms", "--html")

    assert (text.exit_code, text.stdout) == (0, letter.text)
    assert (html.exit_code, html.stdout) == (0, letter.html)
    assert f"Subject: {letter.subject}\n" in text.stderr


def test_preview_makes_a_pdf_of_the_letter(tmp_path: Path):
    result = run("preview", "acknowledgement", "--policy", "cms", "--format", "pdf", "--output", tmp_path / "a.pdf")
    large = run("preview", "acknowledgement", "--policy", "cms", "--format", "pdf", "--large-print")

    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert large.stdout_bytes.startswith(b"%PDF-1.7")
    assert large.stdout_bytes != (tmp_path / "a.pdf").read_bytes()


def test_preview_shows_a_half_in_another_language_with_the_english_below_it():
    shown = run("preview", "unsure.cy", "--policy", "cms").stdout

    assert shown.index("Diolch am eich neges") < shown.index("Thank you for your email")
    assert run("preview", "outcome.cy", "--policy", "cms").exit_code == 2


def test_preview_writes_what_it_shows_to_a_file(tmp_path: Path):
    run("preview", "thanks", "--policy", "cms", "--format", "html", "--output", tmp_path / "a.html")

    shown = run("preview", "thanks", "--policy", "cms", "--html").stdout
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == shown


def test_preview_of_a_broken_letter_shows_what_would_go_and_says_why(tmp_path: Path):
    (tmp_path / "thanks.md").write_text("Subject: x\n\n{{ nobody }}\n", encoding="utf-8")

    result = run("preview", "thanks", "--policy", "cms", "--directory", tmp_path)

    assert result.exit_code == 1
    assert result.stdout.startswith("Hello,\n")
    assert f"{tmp_path}/thanks.md:3: there is no fact nobody" in result.stderr


def test_show_prints_the_file():
    packaged = Letters(None).catalogue.packaged

    assert run("show", "acknowledgement", "--policy", "sek").stdout == (
        packaged / "sek" / "acknowledgement.md"
    ).read_text(encoding="utf-8")
    assert run("show", "_layout").stdout == (packaged / "_layout.html").read_text(encoding="utf-8")
    assert run("show", "_closing").stdout == (packaged / "_closing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words", [("show", "acknowlegement"), ("show", "../pyproject.toml"), ("eject", "x", "--to", "y")]
)
def test_a_letter_that_is_none_is_wrong_usage(words: tuple[str, ...]):
    result = run(*words)

    assert result.exit_code == 2
    assert "acknowledgement, unsure, received, added, thanks" in result.stderr


def test_eject_copies_a_letter_that_then_wins_and_never_overwrites_it(tmp_path: Path):
    first = run("eject", "acknowledgement", "--policy", "sek", "--to", tmp_path)
    copy = tmp_path / "sek" / "acknowledgement.md"
    assert (first.exit_code, first.stdout) == (0, f"{copy}\n")
    assert run("check", "--directory", tmp_path).exit_code == 0

    copy.write_text("Subject: mine\n\nmine\n", encoding="utf-8")
    again = run("eject", "acknowledgement", "--policy", "sek", "--to", tmp_path)
    assert again.exit_code == 1
    assert "is there already; nothing was written" in again.stderr
    assert copy.read_text(encoding="utf-8").startswith("Subject: mine")

    assert run("eject", "acknowledgement", "--policy", "sek", "--to", tmp_path, "--force").exit_code == 0
    assert copy.read_text(encoding="utf-8").startswith("Subject: We have received")


def test_eject_of_a_general_letter_says_for_whom_it_holds(tmp_path: Path):
    result = run("eject", "acknowledgement", "--to", tmp_path)

    assert result.exit_code == 0
    assert (tmp_path / "acknowledgement.md").is_file()
    assert "also for ace, ceme, cim, cms, sek" in result.stderr


def test_eject_without_a_place_is_wrong_usage():
    assert run("eject", "thanks").exit_code == 2


def test_eject_goes_where_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[templates]\ndirectory = "ours"\n', encoding="utf-8")
    (tmp_path / "config.toml").chmod(0o600)

    result = run("eject", "thanks")

    assert (result.exit_code, result.stdout) == (0, f"{tmp_path}/ours/thanks.md\n")
    assert run("eject", "thanks").exit_code == 1
    assert run("eject", "thanks", "--force").exit_code == 0
    assert run("eject", "thanks", "--policy", "nobody").exit_code == 2

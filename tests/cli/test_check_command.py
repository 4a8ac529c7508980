"""`check`: a line for each thing that run needs, with what would be right; exit 1 when one of them fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from complaintmail.cli import main
from complaintmail.config.model import Person
from complaintmail.config.staffing import gaps
from complaintmail.policy.load import find
from complaintmail.store.engine import Store
from complaintmail.store.journal import RawFiles
from tests.support.casebooks import casebook, settings_for
from tests.support.mailstack import MailStack
from tests.support.office import Setup

CMS = find("cms")


def checked(path: Path, *words: str) -> tuple[int, list[tuple[str, str, str]]]:
    done = CliRunner().invoke(main, ["--config", str(path), "check", "--format", "json", *words])
    return done.exit_code, [(line["verdict"], line["what"], line["says"]) for line in json.loads(done.stdout)]


def says(lines: list[tuple[str, str, str]], verdict: str, what: str) -> list[str]:
    return [words for found, where, words in lines if (found, where) == (verdict, what)]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(settings_for("sqlite:///var/casebook.db"))
    path.chmod(0o600)
    return path


def test_offline_all_is_well_before_the_first_start(config: Path, tmp_path: Path) -> None:
    code, lines = checked(config, "--offline")

    assert code == 0 and {verdict for verdict, _, _ in lines} <= {"ok", "warning"}
    for what in (str(config), "policy cms", "policy ceme", "people for cms", "letters", "database"):
        assert says(lines, "ok", what), what
    assert "nothing in it yet" in says(lines, "ok", "database")[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_servers_that_are_not_there_are_failures(config: Path) -> None:
    code, lines = checked(config)

    assert code == 1
    for what in (
        "info@example.test IMAP",
        "info@example.test SMTP",
        "care@example.test IMAP",
        "care@example.test SMTP",
    ):
        (words,) = says(lines, "failure", what)
        assert "127.0.0.1:1" in words


def test_every_problem_is_told_not_only_the_first(config: Path, tmp_path: Path) -> None:
    words = config.read_text().replace("HOME", "NOT_SET_ANYWHERE").replace('policy = "ceme"', 'policy = "cemme"')
    config.write_text(words.replace("operations-director", "caretaker"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "acknowledgement.md").write_text("subject: x\n\n{{ case.nothing }}\n")

    code, lines = checked(config, "--offline")

    assert code == 1
    assert "NOT_SET_ANYWHERE" in says(lines, "failure", str(config))[0]
    assert "there is no policy of that name" in says(lines, "failure", "policy cemme")[0]
    assert "nobody is operations-director" in says(lines, "failure", "people for cms")[0]
    assert says(lines, "failure", "letters")


def test_others_who_can_change_the_settings_are_a_failure(config: Path) -> None:
    config.chmod(0o666)
    code, lines = checked(config, "--offline")

    assert code == 1 and "chmod 600" in says(lines, "failure", str(config))[0]


def test_a_database_of_another_version_is_told(config: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    url = f"sqlite:///{tmp_path}/var/casebook.db"
    with casebook(url, RawFiles(tmp_path / "raw", 2_000_000), 2):
        pass
    _, lines = checked(config, "--offline")
    assert says(lines, "ok", "database")[0].endswith("2 cases, tables of version 0001")

    for version, verdict, words in (("9999", "failure", "newer complaintmail"), ("0000", "warning", "run migrates it")):
        store = Store(url)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (version,))
        store.close()
        _, lines = checked(config, "--offline")
        assert words in says(lines, verdict, "database")[0]


def test_what_is_no_database_is_a_failure(config: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "casebook.db").write_text("no database " * 100)
    (tmp_path / "var" / "casebook.db").chmod(0o644)
    code, lines = checked(config, "--offline")

    assert code == 1 and "cannot be read" in says(lines, "failure", "database")[0]
    assert "others can read every complaint" in says(lines, "warning", "database")[0]


def person(*roles: str, **more: object) -> Person:
    return Person(name="P", email=f"{'-'.join(roles)}@staff.test", roles=roles, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("staff", "grave", "others"),
    [
        ((), ["operations-director", "policy-owner"], {"investigator", "directors", "board", "safeguarding"}),
        ((person("operations-director"),), [], {"investigator", "directors", "board"}),
        ((person("policy-owner"),), ["operations-director"], {"investigator", "directors", "board", "safeguarding"}),
        ((person("operations-director", "investigator", "directors", "board"),), [], set()),
        (
            (person("operations-director", policies=("sek",)), person("investigator", "directors", "board")),
            ["operations-director", "policy-owner"],
            {"safeguarding"},
        ),
    ],
)
def test_roles_that_nobody_holds(staff: tuple[Person, ...], grave: list[str], others: set[str]) -> None:
    found = list(gaps(staff, CMS))

    assert [gap.role for gap in found if gap.grave] == grave
    assert {gap.role for gap in found if not gap.grave} == others
    assert all("[[person]]" in gap.words for gap in found)


def test_an_area_without_its_person_is_a_warning() -> None:
    staff = (
        person("policy-owner", "complaints-manager", "awarding-body"),
        person("department-manager", areas=("assessment",)),
    )

    (gap,) = gaps(staff, find("cim"))

    assert (gap.role, gap.grave) == ("department-manager", False)
    assert "study-centres, business-centre" in gap.words


@pytest.mark.stack
def test_a_login_to_every_server_and_its_folders(mailstack: MailStack, tmp_path: Path) -> None:
    office = Setup(tmp_path, mailstack)
    code, lines = checked(office.path)

    assert code == 0, lines
    assert "logged in" in says(lines, "ok", f"{office.address} IMAP")[0]
    assert says(lines, "ok", f"{office.address} SMTP")

    office.write(imap='[mailbox.imap.folders]\nsent = "No Such Folder"\n')
    code, lines = checked(office.path)
    assert code == 1 and "No Such Folder" in says(lines, "failure", f"{office.address} IMAP")[0]

    office.path.write_text(office.path.read_text().replace('password = "secret"', 'password = "wrong"'))
    code, lines = checked(office.path)
    assert code == 1
    (words,) = says(lines, "failure", f"{office.address} IMAP")
    assert "wrong" not in words.replace("wrong password", "")

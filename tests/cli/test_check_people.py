"""What `check` says of deputies, of people who are away, and of who can read everything all the same."""

from __future__ import annotations

import grp
import os
import pwd
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from complaintmail.cases.people import People, Person
from complaintmail.cli.access import open_doors, readers
from complaintmail.cli.checks import welcomes
from complaintmail.config import load
from complaintmail.config.deputies import concerns
from complaintmail.policy.load import find
from complaintmail.store import schema
from complaintmail.store.engine import Store
from complaintmail.store.migrate import upgrade
from tests.cli.test_check_command import checked, says
from tests.support.casebooks import settings_for
from tests.support.postgres import PostgresServer

CMS, SEK = find("cms"), find("sek")
TODAY = date(2026, 12, 24)
AWAY = ((date(2026, 12, 21), date(2027, 1, 2)),)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(settings_for("sqlite:///var/casebook.db"))
    path.chmod(0o600)
    return path


def someone(who: str, *roles: str, **more: object) -> Person:
    return Person(who, f"{who.lower()}@staff.test", roles, **more)  # type: ignore[arg-type]


def said(*persons: Person, policies: tuple[object, ...] = (CMS,)) -> list[tuple[str, bool, str]]:
    return [(c.about, c.grave, c.words) for c in concerns(People(persons), policies, TODAY)]  # type: ignore[arg-type]


def test_a_deputy_who_is_no_person_is_a_failure_that_names_the_nearest(config: Path) -> None:
    config.write_text(config.read_text().replace('name = "C. Chief"', 'name = "C. Chief"\ndeputy = "haed@staff.test"'))
    code, lines = checked(config, "--offline")

    assert code == 1
    assert says(lines, "failure", "chief@staff.test") == [
        'the deputy haed@staff.test is no [[person]] and cannot answer; did you mean "head@staff.test"? '
        "Or add them as a [[person]]"
    ]


@pytest.mark.parametrize(
    ("deputies", "names"),
    [
        ({"Ann": "ben", "Ben": "ann", "Cat": "ann"}, ["Ann and Ben stand in for each other"]),
        ({"Ann": "ben", "Ben": "cat", "Cat": "ann"}, ["Ann, Ben and Cat stand in for one another in a ring"]),
        ({"Cat": "ann", "Ann": "ben", "Ben": "ann"}, ["Ann and Ben stand in for each other"]),
        ({"Ann": "ben", "Ben": "cat", "Cat": None}, []),
    ],
)
def test_deputies_in_a_ring_are_told_once(deputies: dict[str, str | None], names: list[str]) -> None:
    persons = [someone(who, deputy=f"{other}@staff.test" if other else None) for who, other in deputies.items()]

    assert [(grave, words.partition(":")[0]) for _, grave, words in said(*persons)] == [(False, name) for name in names]


def test_a_deputy_who_serves_another_policy_alone_cannot_stand_in() -> None:
    boss = someone("Boss", "operations-director", deputy="other@staff.test")
    ((about, grave, words),) = said(boss, someone("Other", policies=("sek",)), policies=(CMS, SEK))

    assert (about, grave) == ("boss@staff.test", False)
    assert words.startswith("the deputy Other does not serve cms")


def test_a_holder_away_today_without_a_deputy_is_told_with_who_gets_it() -> None:
    director = someone("Dana", "operations-director", away=AWAY)

    assert said(director, someone("Owner", "policy-owner")) == [
        (
            "cms",
            False,
            "today nobody is there as Operations Director: Dana is away until 2 January, so its mail goes to Owner "
            "(Policy Owner); name a `deputy`",
        )
    ]


def test_mail_that_reaches_nobody_today_is_grave() -> None:
    ((_, grave, words),) = said(someone("Dana", "operations-director", away=AWAY))

    assert grave and "its mail reaches nobody" in words


@pytest.mark.parametrize(
    "staff",
    [
        (someone("Dana", "operations-director"),),
        (someone("Dana", "operations-director", away=AWAY, deputy="ben@staff.test"), someone("Ben")),
        (someone("Dana", "operations-director", away=AWAY), someone("Ben", "operations-director")),
        (someone("Dana", "operations-director", away=((date(2026, 12, 1), date(2026, 12, 23)),)),),
    ],
)
def test_where_somebody_is_there_nothing_is_said(staff: tuple[Person, ...]) -> None:
    assert said(*staff) == []


def test_who_has_not_answered_the_welcome_letter_is_told(config: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/var/casebook.db")
    upgrade(store)
    sent = datetime(2026, 11, 20, 9, tzinfo=UTC)
    answers = {"director@staff.test": sent + timedelta(hours=1), "Head@staff.test": None}
    with store.engine.begin() as connection:
        for email, answered in answers.items():
            row = {"email": email, "welcomed_at": sent, "welcome_answered_at": answered}
            connection.execute(schema.person_state.insert().values(row))
    store.close()
    settings = load(config)
    first = [(line.what, line.says) for line in welcomes(settings, sent + timedelta(days=1))]
    later = [line.what for line in welcomes(settings, sent + timedelta(days=400))]

    assert first == [
        ("welcome letters", "never sent to chief@staff.test: complaintmail people welcome"),
        (
            "head@staff.test",
            "the welcome letter of 2026-11-20 was not answered yet; ask them whether it reached them",
        ),
    ]
    assert later == ["welcome letters", "director@staff.test", "head@staff.test"]


def test_before_the_first_start_nobody_is_late_with_an_answer(config: Path) -> None:
    assert list(welcomes(load(config), datetime(2026, 11, 20, 9, tzinfo=UTC))) == []


def test_whoever_has_the_mailbox_s_password_is_told_of(config: Path) -> None:
    _, lines = checked(config, "--offline")
    (words,) = says(lines, "warning", "who can read")

    assert "info@example.test and care@example.test" in words and "themselves" in words


def test_a_folder_that_every_user_can_read_is_told(config: Path, tmp_path: Path) -> None:
    # pytest's own folder is closed to others: what lies in it is out of reach whatever its mode.
    settings = load(config)
    settings.storage.case_files.mkdir(parents=True, mode=0o755)
    inside = dict(open_doors(settings))

    assert "case folders" not in inside
    assert readers(Path("/usr")) == "every user of this machine"
    assert readers(tmp_path / "not there") == ""


def test_a_folder_open_to_a_group_names_who_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() != 0:
        pytest.skip("only the administrator can give a folder to another group")
    group = next((g for g in grp.getgrall() if _members(g)), None)
    assert group is not None, "every machine has a system user with a group of its own"
    folder = Path("/var/tmp") / f"open-to-a-group-{os.getpid()}"
    folder.mkdir(mode=0o750)
    try:
        os.chown(folder, -1, group.gr_gid)

        assert readers(folder).startswith(f"the group {group.gr_name} (")
        assert all(member in readers(folder) for member in _members(group)[:3])
        folder.chmod(0o700)
        assert readers(folder) == ""
    finally:
        folder.rmdir()


def _members(group: grp.struct_group) -> list[str]:
    own = {user.pw_name for user in pwd.getpwall() if user.pw_gid == group.gr_gid and user.pw_uid != 0}
    return sorted(own | {name for name in group.gr_mem if name != "root"})


@pytest.mark.postgres
def test_logins_of_the_database_server_that_can_read_the_cases_are_named(
    config: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.fresh_database()
    config.write_text(settings_for(url))
    store = Store(url)
    upgrade(store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE curious LOGIN")
        connection.exec_driver_sql("CREATE ROLE blind LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON cases TO curious")
    try:
        words = dict(open_doors(load(config)))["database"]
    finally:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP OWNED BY curious")
            connection.exec_driver_sql("DROP ROLE curious")
            connection.exec_driver_sql("DROP ROLE blind")
        store.close()

    assert "curious" in words and "blind" not in words

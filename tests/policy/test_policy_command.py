"""`policy list | show | check`, as somebody at a shell meets them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from complaintmail.cli import main
from tests.support.policies import HARBOUR, written

PACKAGED = ("ace", "ceme", "cim", "cms", "sek")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["policy", *map(str, words)])


def test_list_has_the_five_and_your_own(tmp_path: Path) -> None:
    written(tmp_path)

    rows = json.loads(run("list", "--directory", tmp_path, "--format", "json").stdout)

    assert [row["name"] for row in rows] == ["ace", "ceme", "cim", "cms", "harbour", "sek"]
    assert [row["name"] for row in rows if not row["packaged"]] == ["harbour"]


def test_list_as_a_table_has_a_line_each() -> None:
    result = run("list")

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["NAME", "ace", "ceme", "cim", "cms", "sek"]


def test_show_as_a_table_has_clauses_windows_roles_and_readings() -> None:
    result = run("show", "ceme")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line for line in lines if line in ("Clauses", "Duties", "Roles", "Readings")] == [
        "Clauses",
        "Duties",
        "Roles",
        "Readings",
    ]
    assert "low 7 days, medium 5 days, high 3 days" in result.stdout
    assert "our setting" not in result.stdout
    assert "our setting" in run("show", "ace").stdout


def test_show_as_json_has_everything() -> None:
    shown = json.loads(run("show", "cms", "--format", "json").stdout)

    assert len(shown["clauses"]) == 20
    assert shown["duties"][0] == {
        "kind": "acknowledge",
        "clause": "CMS-1.3a",
        "role": "operations-director",
        "within": "2 working days",
        "by_severity": {},
        "starts": "receipt",
        "needs_writing": False,
        "ours": True,
        "rolls_forward": False,
        "repeats": None,
        "alternate": None,
    }
    assert shown["bodies"][0]["checked_on"] == "2026-11-20"
    assert shown["text"].startswith("# CMS Vocational Training")
    assert shown["outcome"]["copies"] == ["board"] and shown["outcome"]["clauses"] == {"copies": "CMS-2.1a"}
    assert shown["appeal"]["within"] == "10 working days" and shown["appeal"]["alternate"] == "directors"
    assert shown["referrals"][0]["staff"] is True and shown["praise"] is None


def test_show_as_a_table_has_the_stages_after_the_first_letter() -> None:
    lines = [" ".join(line.split()) for line in run("show", "sek").stdout.splitlines()]

    start = lines.index("Stages")
    assert lines[start + 2 : start + 9] == [
        "outcome asks for learning, meeting",
        "outcome tells the complainant actions, learning",
        "appeal heard by director",
        "appeal else by policy-owner",
        "appeal within no window",
        "closing needs meeting",
        "praise passed on by manager",
    ]


def test_show_reads_a_file_by_its_path(tmp_path: Path) -> None:
    result = run("show", written(tmp_path))

    assert result.exit_code == 0
    assert "The Harbour Ferry" in result.stdout and "no sailings" in result.stdout


def test_check_of_the_packaged_ones_is_well_and_says_what_their_owners_should_look_at() -> None:
    result = run("check", "--format", "json")

    rows = json.loads(result.stdout)
    assert [row["policy"] for row in rows if row["verdict"] == "ok"] == ["ace", "ceme", "cim", "cms", "sek"]
    warnings = [row["what"] for row in rows if row["verdict"] == "warning"]
    assert any(what.startswith("body Education and Skills Funding Agency: closed on 2025-03-31") for what in warnings)
    assert any(what.startswith("reading 1 (ACE-contact): ") for what in warnings)
    assert result.exit_code == 0


def test_check_of_all_has_two_lines_for_each_that_nobody_uses_and_says_how_to_see_the_rest() -> None:
    shown, rows = run("check"), json.loads(run("check", "--format", "json").stdout)

    lines = shown.stdout.splitlines()
    warned = {name: [row for row in rows if (row["policy"], row["verdict"]) == (name, "warning")] for name in PACKAGED}
    assert shown.exit_code == 0
    assert [line.split()[:2] for line in lines[::2]] == [["ok", f"{name}:"] for name in PACKAGED]
    assert lines[1::2] == [
        f"warning  {name}: {len(warned[name])} things for its owner to look at: complaintmail policy check {name}"
        for name in PACKAGED
    ]


def test_check_of_one_by_its_name_has_each_thing_with_its_line() -> None:
    lines = run("check", "ace").stdout.splitlines()
    rows = json.loads(run("check", "ace", "--format", "json").stdout)

    assert len(lines) == len(rows)
    assert sum("reading " in line and "ace.toml:" in line for line in lines) == 8


def test_check_of_all_shows_what_is_to_be_looked_at_in_your_own_files(tmp_path: Path) -> None:
    written(tmp_path, text=HARBOUR.replace('severity = "low"\n', 'severity = "low"\nreview_on = 2021-01-01\n', 1))

    lines = [line for line in run("check", "--directory", tmp_path).stdout.splitlines() if " harbour: " in line]

    assert any("the review was due on 2021" in line and "harbour.toml:" in line for line in lines)
    assert not any("things for its owner" in line for line in lines)


def test_a_failure_is_said_in_full_whoever_uses_the_policy(tmp_path: Path) -> None:
    written(tmp_path, "cms", HARBOUR.replace("HF", "hf"))

    assert f"failure  cms: {tmp_path / 'cms.toml'}:5: prefix: " in run("check", "--directory", tmp_path).stdout


def test_check_says_each_problem_with_file_line_and_key_and_ends_with_1(tmp_path: Path) -> None:
    path = written(tmp_path, text=HARBOUR.replace('"3 working days"', '"3 wd"').replace('"scotland"', '"wales"'))

    result = run("check", "cms", path, "--format", "json")

    failures = [row for row in json.loads(result.stdout) if row["verdict"] == "failure"]
    assert result.exit_code == 1
    assert {row["file"] for row in failures} == {str(path)}
    lines = path.read_text().splitlines()
    assert {row["what"].split(": ")[0]: lines[row["line"] - 1] for row in failures} == {
        "duty 1 (acknowledge).within": 'within = "3 wd"',
        "nation": 'nation = "wales"',
    }


def test_check_reads_your_own_files_too(tmp_path: Path) -> None:
    written(tmp_path, "cms", HARBOUR.replace("HF", "hf"))

    result = run("check", "--directory", tmp_path)

    assert result.exit_code == 1
    assert f"failure  cms: {tmp_path / 'cms.toml'}:5: prefix: " in result.stdout


def test_an_unknown_name_is_one_line_and_no_traceback() -> None:
    result = run("show", "cmz")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip() == (
        'cmz: there is no policy of that name among the packaged ones; did you mean "cms"?'
    )


def test_check_names_the_line_of_what_is_no_toml_or_no_utf_8(tmp_path: Path) -> None:
    broken = written(tmp_path, "broken", 'title = "x"\nprefix = HF\n')
    latin = tmp_path / "latin.toml"
    latin.write_bytes('version = "1"\ntitle = "Café"\n'.encode("latin-1"))

    rows = json.loads(run("check", broken, latin, "--format", "json").stdout)

    assert [(row["file"], row["line"]) for row in rows] == [(str(broken), 2), (str(latin), 2)]
    assert all(row["verdict"] == "failure" for row in rows)


def test_a_sixth_policy_like_none_of_the_five_is_checked_with_its_letters() -> None:
    result = run("check", Path(__file__).with_name("lochside.toml"), "--format", "json")

    rows = json.loads(result.stdout)
    assert result.exit_code == 0
    # What this version does not have yet is said of clauses, and goes as it comes.
    said = [row["what"].split(": ")[0] for row in rows if row["verdict"] != "ok"]
    assert [place for place in said if not place.startswith("clause")] == ["reading 2 (LH-how-far)"]

"""Policy files: a sixth one needs no code, and a bad one is told in one clear line for each thing that is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from complaintmail.errors import PolicyError
from complaintmail.policy import load
from complaintmail.policy.entries import parse_span
from complaintmail.policy.policy import Nation, Span, Unit
from tests.support.policies import HARBOUR, written


def problems(directory: Path, text: str, name: str = "harbour") -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load.read(written(directory, name, text))
    assert all("\n" not in line for line in caught.value.problems)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [line.removeprefix(f"{directory / name}.toml: ") for line in caught.value.problems]


# --- a sixth policy ----------------------------------------------------------------------------------------------


def test_an_invented_policy_needs_no_code(tmp_path: Path) -> None:
    policy = load.read(written(tmp_path))

    assert (policy.name, policy.prefix, policy.nation, policy.severity) == ("harbour", "HF", Nation.SCOTLAND, "low")
    assert policy.timezone == "Europe/London"
    assert (policy.first, policy.owner) == ("harbour-master", "policy-owner")
    assert [(role.name, role.falls_to) for role in policy.roles] == [
        ("harbour-master", None),
        ("purser", "harbour-master"),
        ("policy-owner", "harbour-master"),
        ("safeguarding", "harbour-master"),
    ]
    assert policy.deals == "Your letter lies with {person}."
    assert policy.next_step == "You hear from us again within 3 working days."


def test_the_version_is_the_declared_one_and_a_digest_of_the_file(tmp_path: Path) -> None:
    one = load.read(written(tmp_path))
    other = load.read(written(tmp_path, text=HARBOUR + "# a remark\n"))

    assert re.fullmatch(r"2026-03/[0-9a-f]{8}", one.version)
    assert other.version.startswith("2026-03/") and other.version != one.version


def test_a_file_in_the_own_directory_wins_over_the_packaged_one(tmp_path: Path) -> None:
    written(tmp_path, "cms")

    assert load.find("cms", tmp_path).title == "How to grumble"
    assert load.find("sek", tmp_path) is load.find("sek")
    assert load.find("cms").prefix == "CMS"


def test_a_file_is_read_once_as_long_as_it_stays_the_same(tmp_path: Path) -> None:
    path = written(tmp_path)
    first = load.read(path)

    assert load.read(path) is first
    written(tmp_path, text=HARBOUR.replace("How to grumble", "How to grumble better"))
    assert load.read(path).title == "How to grumble better"


def test_a_file_from_a_windows_editor_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HARBOUR.replace("\n", "\r\n").encode())

    assert load.read(path).clauses == load.parse(HARBOUR, "harbour", "").clauses


def test_long_words_may_be_written_over_several_lines(tmp_path: Path) -> None:
    text = HARBOUR.replace('"We write back within three working days."', '"""\nWe write back\n  within three days."""')

    assert load.read(written(tmp_path, text=text)).clauses[0].says == "We write back within three days."


def test_the_packaged_policies_are_the_five() -> None:
    assert load.packaged() == ("ace", "ceme", "cim", "cms", "sek")


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("5 working days", Span(5, Unit.WORKING_DAYS)),
        ("1 Working Day", Span(1, Unit.WORKING_DAYS)),
        ("2 days", Span(2, Unit.DAYS)),
        ("1 month", Span(1, Unit.MONTHS)),
        ("6 years", Span(6, Unit.YEARS)),
        ("0 working days", Span(0, Unit.WORKING_DAYS)),
        ("ten days", None),
        ("5", None),
        ("-5 days", None),
        ("5 workdays", None),
        ("99999 days", None),
        ("100 years", Span(100, Unit.YEARS)),
        ("101 years", None),
        ("1201 months", None),
    ],
)
def test_a_length_of_time_is_written_in_words(words: str, span: Span | None) -> None:
    assert parse_span(words) == span
    assert span is None or parse_span(str(span)) == span


# --- bad files ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    right: str
    wrong: str
    line: str

    def __str__(self) -> str:
        if self.right == "end":
            return " ".join(self.wrong.splitlines())
        return self.wrong.splitlines()[-1] if self.wrong else f"no {self.right}"

    @property
    def file(self) -> str:
        """The good file with this mistake in it."""
        if self.right == "end":
            return f"{HARBOUR}\n{self.wrong}\n"
        assert self.right in HARBOUR
        return HARBOUR.replace(self.right, self.wrong, 1)


def mistakes() -> list[Mistake]:
    """bad_policies.txt: what stands in a good file => what stands there instead, and the line said about it."""
    lines = Path(__file__).with_name("bad_policies.txt").read_text(encoding="utf-8").splitlines()
    read = [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]
    found = []
    for change, said in zip(read[::2], read[1::2], strict=True):
        right, _, wrong = change.partition(" =>")
        found.append(Mistake(right, wrong.removeprefix(" "), said.strip()))
    return found


BAD = [mistake for mistake in mistakes() if mistake.right != "file"]
WRONG_SHAPES = [mistake for mistake in mistakes() if mistake.right == "file"]


@pytest.mark.parametrize("mistake", BAD, ids=str)
def test_what_is_wrong_is_said_in_one_line_with_its_key_and_what_would_be_right(
    mistake: Mistake, tmp_path: Path
) -> None:
    assert mistake.line in problems(tmp_path, mistake.file)


def test_one_mistake_is_one_line(tmp_path: Path) -> None:
    said = {str(mistake): problems(tmp_path, mistake.file) for mistake in BAD}

    # What goes by another name is missing under its own: these have a second line for that.
    assert {len(lines) for lines in said.values()} == {1, 2}
    assert {mistake for mistake, lines in said.items() if len(lines) > 1} == {
        'id = "HF-1"',
        'no within = "3 working days"',
        "until = 2026-12-31",
    }


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    said = problems(tmp_path, 'titel = "x"\nnation = "wales"\n[[clause]]\nid = "A-1"\n[[duty]]\nkind = "reply"\n')

    keys = {line.partition(": ")[0] for line in said}
    assert {"titel", "nation", "version", "title", "organisation", "prefix", "role", "duty"} <= keys
    assert {"clause 1 (A-1).heading", "clause 1 (A-1).says", "duty 1 (reply).kind", "duty 1 (reply).role"} <= keys


@pytest.mark.parametrize("mistake", WRONG_SHAPES, ids=str)
def test_a_file_of_quite_the_wrong_shape_is_told_so(mistake: Mistake, tmp_path: Path) -> None:
    assert mistake.line in problems(tmp_path, mistake.wrong)


def test_a_file_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, 'title = "x"\nprefix = HF\n')

    assert line.startswith("not TOML: ") and "line 2" in line


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_bytes('version = "1"\ntitle = "Café"\n'.encode("latin-1"))

    with pytest.raises(PolicyError, match=r"harbour\.toml: line 2: not in UTF-8: save the file as UTF-8"):
        load.read(path)


def test_a_file_name_that_no_mailbox_could_name_is_refused(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, HARBOUR, name="My Policy")

    assert line == (
        "the file's name \"My Policy\" is the policy's name: small letters, figures and hyphens, as in acme.toml"
    )


def test_an_unknown_policy_names_the_nearest_one(tmp_path: Path) -> None:
    written(tmp_path)

    with pytest.raises(PolicyError, match=r'harbor: there is no policy of that name .* did you mean "harbour"\?'):
        load.find("harbor", tmp_path)
    with pytest.raises(PolicyError, match=r"\.\./harbour: there is no policy"):
        load.find("../harbour", tmp_path / "below")


def test_a_file_that_is_not_there_or_is_a_directory_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()

    for name, why in (("nothing", "No such file or directory"), ("folder", "Is a directory")):
        with pytest.raises(PolicyError, match=f"{name}.toml: cannot be read: {why}"):
            load.read(tmp_path / f"{name}.toml")


def test_the_page_on_policy_files_has_every_key_that_one_can_hold() -> None:
    root = Path(load.__file__).parents[2]
    code = "".join((root / "complaintmail" / "policy" / f"{name}.py").read_text() for name in ("contents", "stages"))
    page = (root / "docs" / "policy-files.md").read_text(encoding="utf-8")

    keys = set(re.findall(r'(?:entry|file|letters)\.\w+\(\s*"(\w+)"', code))
    tables = set(re.findall(r'tables\("(\w+)"', code))

    assert {"within", "consider", "checked_on", "letterhead", "from_staff"} <= keys
    assert sorted(key for key in keys - tables if f"`{key}`" not in page and f"`[{key}]`" not in page) == []
    assert sorted(table for table in tables if f"`[[{table}]]`" not in page) == []

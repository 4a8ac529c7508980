"""Which file a letter comes from, and how soon an edited one is used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from complaintmail.letters.catalogue import Catalogue
from complaintmail.letters.letter import LetterKind
from complaintmail.letters.render import Letters
from tests.support.letter_words import FACTS


class Seconds:
    """A monotonic clock that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def write(path: Path, subject: str, words: str = "{{ case.reference }}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Subject: {subject}\n\n{words}\n", encoding="utf-8")


def subject_of(letters: Letters, policy: str = "cms", kind: LetterKind = LetterKind.ACKNOWLEDGEMENT) -> str:
    rendered = letters.render(kind, policy, FACTS)
    return rendered.problem or rendered.subject.partition(" [")[0]


def test_a_policy_has_its_own_letter_before_the_general_one():
    letters = Letters(None)

    assert letters.render(LetterKind.ACKNOWLEDGEMENT, "cms", FACTS).template == "packaged cms/acknowledgement.md"
    assert letters.render(LetterKind.ACKNOWLEDGEMENT, "other", FACTS).template == "packaged acknowledgement.md"
    assert letters.render(LetterKind.THANKS, "cms", FACTS).template == "packaged thanks.md"


def test_a_file_of_the_organisation_wins_over_every_packaged_one(tmp_path: Path):
    write(tmp_path / "acknowledgement.md", "Ours")
    write(tmp_path / "sek" / "acknowledgement.md", "Ours for one")
    letters = Letters(tmp_path)

    assert subject_of(letters, "cms") == "Ours"
    assert subject_of(letters, "sek") == "Ours for one"
    assert subject_of(letters, "other") == "Ours"
    assert letters.render(LetterKind.ACKNOWLEDGEMENT, "cms", FACTS).template == f"{tmp_path}/acknowledgement.md"


def test_a_piece_of_the_organisation_is_used_in_packaged_letters(tmp_path: Path):
    (tmp_path / "_closing.md").write_text("With kind regards,\\\n{{ policy.organisation }}\n", encoding="utf-8")

    rendered = Letters(tmp_path).render(LetterKind.ACKNOWLEDGEMENT, "cms", FACTS)

    assert rendered.text.endswith("With kind regards,\nExample Training Ltd\n")


def test_a_page_of_the_organisation_goes_round_packaged_letters(tmp_path: Path):
    page = '<!doctype html>\n<html lang="{{ language }}"><title>{{ policy.organisation }}</title>{{ content }}</html>\n'
    (tmp_path / "_layout.html").write_text(page, encoding="utf-8")

    html = Letters(tmp_path).render(LetterKind.THANKS, "cms", FACTS).html

    assert html.startswith('<!doctype html>\n<html lang="en-GB"><title>Example Training Ltd</title><p')


def test_an_edited_letter_is_used_within_a_second(tmp_path: Path):
    clock = Seconds()
    letters = Letters(tmp_path, monotonic=clock)
    write(tmp_path / "acknowledgement.md", "First")
    assert subject_of(letters) == "First"

    write(tmp_path / "acknowledgement.md", "Second, longer")
    clock.now += 0.5
    assert subject_of(letters) == "First"
    clock.now += 0.6
    assert subject_of(letters) == "Second, longer"


def test_refresh_uses_an_edited_letter_at_once(tmp_path: Path):
    letters = Letters(tmp_path, monotonic=Seconds())
    write(tmp_path / "acknowledgement.md", "First")
    assert subject_of(letters) == "First"

    write(tmp_path / "acknowledgement.md", "Second, longer")
    letters.refresh()
    assert subject_of(letters) == "Second, longer"


def test_an_override_created_later_is_used_and_one_taken_away_is_not(tmp_path: Path):
    clock = Seconds()
    letters = Letters(tmp_path, monotonic=clock)
    assert subject_of(letters) == "We have received your complaint"

    for directory, subject in ((tmp_path, "General"), (tmp_path / "cms", "For cms")):
        write(directory / "acknowledgement.md", subject)
        clock.now += 1.1
        assert subject_of(letters) == subject
    (tmp_path / "cms" / "acknowledgement.md").unlink()
    (tmp_path / "acknowledgement.md").unlink()
    clock.now += 1.1
    assert subject_of(letters) == "We have received your complaint"


def test_a_mended_letter_is_used_again(tmp_path: Path):
    clock = Seconds()
    letters = Letters(tmp_path, monotonic=clock)
    write(tmp_path / "acknowledgement.md", "x", "{{ case.refrence }}")
    assert "did you mean case.reference?" in subject_of(letters)

    write(tmp_path / "acknowledgement.md", "Mended")
    clock.now += 1.1
    assert subject_of(letters) == "Mended"


def test_a_changed_piece_changes_its_letters(tmp_path: Path):
    clock = Seconds()
    letters = Letters(tmp_path, monotonic=clock)
    letters.render(LetterKind.THANKS, "cms", FACTS)

    (tmp_path / "_closing.md").write_text("Bye\n", encoding="utf-8")
    clock.now += 1.1
    assert letters.render(LetterKind.THANKS, "cms", FACTS).text.endswith("\nBye\n")


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_seen(tmp_path: Path):
    clock = Seconds()
    letters = Letters(tmp_path, monotonic=clock)
    write(tmp_path / "acknowledgement.md", "One")
    assert subject_of(letters) == "One"
    before = (tmp_path / "acknowledgement.md").stat()

    write(tmp_path / "new", "Two")
    os.utime(tmp_path / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / "new").rename(tmp_path / "acknowledgement.md")
    clock.now += 1.1
    assert subject_of(letters) == "Two"


@pytest.mark.parametrize("policy", ["../../etc", "..", "", ".", "a/b", "/etc", "x\x00y", "a" * 5000])
def test_a_name_that_is_no_policy_leads_nowhere(tmp_path: Path, policy: str):
    for place in Catalogue(tmp_path).places("acknowledgement.md", policy):
        assert place.path.parent in (tmp_path, Catalogue(None).packaged)
    assert subject_of(Letters(tmp_path), policy) == "We have received your complaint"


def test_files_that_no_letter_uses_are_named(tmp_path: Path):
    for name in ("acknowledgment.md", "cms/acknowledgement.md", "_own-piece.md", "thanks.md", "cms/recieved.md"):
        write(tmp_path / name, "x")

    assert [path.name for path in Catalogue(tmp_path).strays()] == ["acknowledgment.md", "recieved.md"]


def test_a_directory_that_is_not_there_is_no_obstacle(tmp_path: Path):
    assert subject_of(Letters(tmp_path / "none")) == "We have received your complaint"


def test_letters_written_on_windows_are_read(tmp_path: Path):
    (tmp_path / "acknowledgement.md").write_bytes(b"\xef\xbb\xbfSubject: Ours\r\n\r\n{{ case.reference }}\r\n")

    assert subject_of(Letters(tmp_path)) == "Ours"

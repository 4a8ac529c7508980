"""The first letter names nobody of whom the complaint speaks: it is with whoever was asked in their place."""

from __future__ import annotations

from pathlib import Path

from tests.support.bureau import JANE, a_bureau
from tests.support.doors import STAFF

FULL = STAFF.replace('name = "Dana"', 'name = "Dana Director"')
RUDE = "I want to complain about Dana Director. She was rude and shouted at me, it was a disgrace."


def test_a_complaint_that_names_who_decides_is_not_said_to_be_with_them(tmp_path: Path) -> None:
    bureau = a_bureau(tmp_path, staff=FULL)

    bureau.complains(RUDE)

    [letter] = bureau.gets(JANE)
    said = " ".join(letter.words.split())
    bureau.office.close()
    assert "Your complaint is with Bea Board" in said and "Dana" not in said

"""Weeks of mail from both sides, with the program stopped and killed on the way: the books balance.

The whole year of every policy is `python -m bench.year`, and the campaign below.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.life.books import Books
from bench.life.cast import ROLES
from bench.life.firm import Firm
from bench.life.story import Life
from bench.year import MAILS, live


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Eight weeks at a training provider, played once."""
    life = Life(Firm("cms", tmp_path_factory.mktemp("firm")), seed=3, mails=16, weeks=8)
    life.goes_by()
    return life


@pytest.fixture
def books(life: Life) -> Books:
    return Books(life.firm, life.outside, life.firm.clock.moment)


def test_weeks_of_mail_from_both_sides_leave_books_that_balance(life: Life, books: Books) -> None:
    assert books.all() == []
    assert life.firm.starts > 2 and life.firm.kills > 0
    sent = dict(life.firm.rows("SELECT kind, COUNT(*) FROM letter WHERE state = 'sent' GROUP BY kind"))
    assert sent.keys() >= {"acknowledgement", "decided", "outcome", "reminder", "overdue", "digest", "draft"}


def test_a_mail_that_is_in_no_book_is_found_by_them(life: Life, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life.firm, "delivered", life.firm.delivered + 1)

    [wrong] = books.all()
    assert wrong.endswith(f"{life.firm.delivered} mails were sent to us, {life.firm.delivered - 1} are in the journal")


@pytest.mark.campaign
@pytest.mark.parametrize("policy", ROLES)
def test_a_whole_year_leaves_books_that_balance(policy: str, tmp_path: Path) -> None:
    assert live(policy, seed=2, mails=MAILS, weeks=52, where=tmp_path).broken == ()

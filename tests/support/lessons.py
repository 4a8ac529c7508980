"""A place where people complain in words that no model knows: reviews of such mails, as many as a test wants."""

from __future__ import annotations

# ruff: noqa: SIM905 - a word list is read as running text
import random
from collections.abc import Sequence

from complaintmail.triage.learning import Review

PLAIN = (
    "the of a on at we they it morning week group form letter room desk after before with again there Tuesday today"
).split()  # fmt: skip
GRIEVES = "grozzled unfettled wambled snorped begrimmeled".split()
PLEASES = "marvent upliffed zestled kindlesome brightoned".split()


def a_text(chance: random.Random, complaint: bool, clear: float = 0.85) -> str:
    """Twenty words, among them two that tell; some texts have one of the other sort as well."""
    words = chance.choices(PLAIN, k=18)
    own, other = (GRIEVES, PLEASES) if complaint else (PLEASES, GRIEVES)
    words += chance.choices(own, k=2)
    if chance.random() > clear:
        words.append(chance.choice(other))
    chance.shuffle(words)
    return " ".join(words)


def reviews(count: int, *, seed: int = 1, wrong: float = 0.0, complaints: float = 0.4) -> list[Review]:
    """So many reviewed mails, each of another sender; of these a part with the wrong answer."""
    chance = random.Random(seed)
    found = []
    for nth in range(count):
        complaint = chance.random() < complaints
        text = f"{a_text(chance, complaint)} {nth}"
        said = complaint != (chance.random() < wrong)
        found.append(Review(f"{seed} {nth}", f"p{nth}@{seed}.test", "", text, said))
    return found


def complaints_of(found: Sequence[Review]) -> int:
    return sum(review.complaint for review in found)

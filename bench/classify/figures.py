"""How well two classes are told apart, and how well five kinds are named: the arithmetic alone."""

from __future__ import annotations

from collections.abc import Sequence


def told_apart(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The area under the curve: how often a complaint scores above something else."""
    ordered = sorted(zip(scores, right, strict=True))
    ranks, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ranks += (at + end + 1) / 2 * sum(yes for _, yes in ordered[at:end])
        at = end
    yes = sum(map(bool, right))
    no = len(ordered) - yes
    return (ranks - yes * (yes + 1) / 2) / (yes * no) if yes and no else float("nan")


def named_right(truth: Sequence[str], said: Sequence[str], kinds: Sequence[str]) -> tuple[float, dict[str, float]]:
    """F1 of each kind, and their mean."""
    each: dict[str, float] = {}
    for kind in kinds:
        hit = sum(a == b == kind for a, b in zip(truth, said, strict=True))
        all_said, all_true = sum(b == kind for b in said), sum(a == kind for a in truth)
        each[kind] = 2 * hit / (all_said + all_true) if all_said + all_true else 0.0
    return sum(each.values()) / len(each), each


def bound_for(scores: Sequence[float], right: Sequence[bool], recall: float) -> float:
    """The highest score at which so large a part of the complaints is at or above it."""
    found = sorted((score for score, yes in zip(scores, right, strict=True) if yes), reverse=True)
    need = -(-len(found) * recall // 1)
    return found[int(need) - 1]


def precision_at(scores: Sequence[float], right: Sequence[bool], bound: float) -> float:
    above = [yes for score, yes in zip(scores, right, strict=True) if score >= bound]
    return sum(above) / len(above) if above else float("nan")

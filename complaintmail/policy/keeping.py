"""What keeps each clause of a policy: the duties, stages, readings and parts of the program that name it.

Derived from the file alone, so that no table of clauses has to be kept beside it. A clause that nothing names is
a promise that nobody keeps.
"""

from __future__ import annotations

from collections.abc import Iterator

from complaintmail.policy.policy import Policy


def kept_by(policy: Policy) -> dict[str, tuple[str, ...]]:
    """For each clause the places of this file that keep it, in the order of the file; () for a promise nobody keeps.

    A reading says how a clause is understood; it keeps none.
    """
    found: dict[str, list[str]] = {clause.id: [] for clause in policy.clauses}
    for clause_id, place in _places(policy):
        if clause_id in found and place not in found[clause_id]:
            found[clause_id].append(place)
    return {clause_id: tuple(places) for clause_id, places in found.items()}


def _places(policy: Policy) -> Iterator[tuple[str, str]]:
    for number, duty in enumerate(policy.duties, start=1):
        yield duty.clause, f"duty {number} ({duty.kind})"
    for key, clause_id in policy.outcome.clauses:
        yield clause_id, f"outcome.{key}"
    if policy.appeal is not None:
        yield policy.appeal.clause, "appeal"
    for key, clause_id in policy.closing.clauses:
        yield clause_id, f"closing.{key}"
    for number, referral in enumerate(policy.referrals, start=1):
        yield referral.clause, f"referral {number} ({referral.to})"
    stages = (
        ("end", policy.end),
        ("assessment", policy.assessment),
        ("praise", policy.praise),
        ("share", policy.share),
        ("log", policy.log if policy.log.columns else None),
    )
    for name, stage in stages:
        if stage is not None:
            yield stage.clause, name
    if policy.praise is not None:
        for key, clause_id in policy.praise.clauses:
            yield clause_id, f"praise.{key}"
    for clause in policy.clauses:
        for mechanism in clause.kept_by:
            yield clause.id, f"by {mechanism}"

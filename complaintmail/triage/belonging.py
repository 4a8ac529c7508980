"""Where a matter may belong besides here, by the words of the policy file. Only a proposal: a person says so. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from complaintmail.policy.policy import Policy, Referral

READ = 20_000  # characters in which its words are looked for


def may_belong(policy: Policy, text: str, *, staff: bool = False) -> tuple[Referral, ...]:
    """The places that this text may be for. `staff`: one of our own people wrote it."""
    if not policy.referrals:
        return ()
    read = " ".join(text[:READ].split())
    return tuple(
        each for each in policy.referrals if (each.staff and staff) or (each.words and _words(each.words).search(read))
    )


@lru_cache(maxsize=256)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Short ones in capitals are taken as they stand: ASC is none of "asc"."""
    parts = [
        re.escape(word) if word.isupper() and len(word) <= 5 else f"(?i:{re.escape(word)}s?)"
        for word in (" ".join(each.split()) for each in words) if word
    ]  # fmt: skip
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else re.compile(r"(?!)")

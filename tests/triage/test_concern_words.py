"""Words that show a concern, and were once passed over."""

from __future__ import annotations

import pytest

from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import concerns


@pytest.mark.parametrize(
    ("words", "concern"),
    [
        ("My daughter was left outside in the rain.", Concern.SAFETY),
        ("I am frightened for her life.", Concern.SAFETY),
        ("They keep losing my personal data.", Concern.DATA),
        ("This is now the 13th letter that I have sent.", Concern.REPEATED),
        ("He is going to hang himself.", Concern.SELF_HARM),
        ("There is no reason to live.", Concern.SELF_HARM),
        ("By the time you read this I'll be gone.", Concern.SELF_HARM),
        ("She tried to jump under a train.", Concern.SELF_HARM),
        ("Mae wedi niweidio ei hun.", Concern.SELF_HARM),
        ("This is child exploitation.", Concern.SAFETY),
        ("He touched her between the legs.", Concern.SAFETY),
        ("My son was hurt by your member of staff.", Concern.SAFETY),
        ("You had better watch his back.", Concern.THREAT),
        ("I am going to the Financial Conduct Authority.", Concern.REGULATOR),
        ("It is a data protection failure.", Concern.DATA),
        ("You sent me other learners' details.", Concern.DATA),
        ("I want to see all my records.", Concern.ACCESS),
        ("I need it before my assessment.", Concern.DATE),
    ],
)
def test_the_concern_is_found(words: str, concern: Concern) -> None:
    assert concern in {one.concern for one in concerns(words)}

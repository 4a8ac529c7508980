"""Kinds of duties that are treated alike wherever they are met."""

from __future__ import annotations

# While an answer is waited for their days may stand still: never the acknowledgement's, nor what a law promises.
PAUSABLE = ("respond", "progress", "appeal-answer")
REVIEW, BODIES = "policy-review", "bodies"
OF_THE_POLICY = frozenset({REVIEW, BODIES})  # about the policy itself and about no case

"""The letters by which a question over words is asked at all: none of them keeps it from words that it would find."""

from __future__ import annotations

import re
from string import ascii_letters, digits

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaintmail.triage.concern_words import RULES
from complaintmail.triage.needs import _NEEDS
from complaintmail.triage.severity import _SIGNS

LETTERS = f"{ascii_letters}{digits} '-&/,£ôâêîŵŷ"
QUESTIONS = {
    **{f"{number}: {rule.concern}": (rule.needles, rule.pattern, rule.also) for number, rule in enumerate(RULES)},
    **{need: (needles, pattern, ()) for need, needles, pattern in _NEEDS},
    **{says: (needles, pattern, ()) for says, _, needles, pattern in _SIGNS},
}


@pytest.mark.parametrize("question", QUESTIONS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_question_would_find_has_its_letters(question: str, data: st.DataObject) -> None:
    needles, pattern, also = QUESTIONS[question]
    match = re.search(pattern, data.draw(st.from_regex(pattern, alphabet=LETTERS)))
    assert match is not None

    words = f" {match[0]} "
    assert any(needle in words for needle in needles)
    assert not also or any(more in words for more in also)

"""Thanks after an outcome, and everything that only begins like them."""

from __future__ import annotations

import pytest

from complaintmail.triage.thanks import only_thanks


@pytest.mark.parametrize(
    "words",
    [
        "Thank you.",
        "Thanks so much!\n\nJane",
        "Dear Ms Director,\n\nThank you for looking into this so quickly. Much appreciated.\n\nKind regards,\nJane Doe",
        "Thank you for dealing with my complaint. I am happy with the outcome.",
        "Many thanks for your letter, it was very helpful.",
    ],
)
def test_thanks_alone_are_thanks(words: str) -> None:
    assert only_thanks(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "OK.",
        "Thank you, but I am still not happy.",
        "Thank you. I want to appeal.",
        "Thanks for nothing.",
        "Thanks for wasting my time.",
        "Thank you??",
        "Thank you. Aber ich bin unzufrieden.",
        "Thank you. Could you send it to me in print?",
        "Thank you for your letter. The tutor was rude to me again on Monday.",
        "Disgraceful. Thank you.",
        "Thanks. My solicitor will write to you.",
        "Thanks, I have already told the Ombudsman about all of this and they will be in touch with you soon.",
        "Thank you " * 40,
    ],
)
def test_what_turns_asks_or_tells_something_is_for_a_person(words: str) -> None:
    assert not only_thanks(words)

"""A word in between is told from the answer, and in doubt it is the answer."""

from __future__ import annotations

import time

import pytest

from complaintmail.cases.relaying import is_holding
from tests.support.paces import MUCH

BETWEEN = (
    "We are looking into it and will write by Friday.",
    "Dear Mrs Smith,\n\nThank you for your mail. We are looking into this and will write to you by Friday.\n\n"
    "Kind regards\nJane Doe",
    "Hi Mary,\n\nCould you tell me which train it was?\n\nJane",
    "Dear Mary,\n\nI am sorry to hear this. Which room were you in? Do you remember the time?\n\nThanks\nJane",
    "I am currently investigating your complaint. You will hear from me by 12 May.",
    "Please send me a photo of the ticket.",
    "Thank you for your letter. I will get back to you next week.",
    "We’re looking into it. Please bear with us.",
    "I'm checking with the driver and will let you know tomorrow.",
    "Thank you for your complaint. It is being investigated. This may take up to ten days.",
    "We have received your complaint. You will have a full reply by 3 June.",
    "Sorry for the delay.\n\nI'm sorry that you had to chase us. I will reply on Monday.",
    "I am waiting to hear from the landlord.",
    "I need more time, and I apologise for the delay.\n\nI apologise for the delay.",
)

ANSWERS = (
    "",
    "Kind regards\nJane Doe",
    "The lift was repaired on Monday.",
    "We are looking into the lift. We have refunded your ticket.",
    "We have refunded your ticket. Is there anything else that I can help with?",
    "Would you accept a refund of £40?",
    "Your complaint is not upheld.",
    "I am sorry that the driver was rude. That should not have happened.",
    "Thank you for telling us. I have spoken to the driver.",
    "We will look into it, but the room was clean when we saw it.",
    "The office opens at nine.",
    "I will write to the driver and tell him off.",
    "Yes.",
    "No, we cannot do that. Please let me know if you have questions.",
    "We will replace the card and let you know.",
    "> Was it the 10.15?\n\nWe will let you know.",
    "Thank you. The matter is closed.",
    "Thank you.",
    "I'm sorry.",
    "Please send the form to 12 High Street.",
    "Mae'r lifft wedi ei drwsio.",
    "We are sorry we were late; the bus had broken down. We will let you know when it runs.",
    "We will let you know. " * 200,
)


@pytest.mark.parametrize("text", BETWEEN)
def test_a_word_in_between(text: str) -> None:
    assert is_holding(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_what_may_be_the_answer(text: str) -> None:
    assert not is_holding(text)


@pytest.mark.parametrize("piece", ["a ", "we will ", "Thank you ", ". ", "\n", "could you "])
def test_a_megabyte_takes_no_longer_than_it_must(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    began = time.process_time()
    assert not is_holding(text)

    assert time.process_time() - began < MUCH

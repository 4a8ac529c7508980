"""A yes with a signature below it, as real mail programs send it, is a yes; one with more to say is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from complaintmail.cases.instruct import instruct
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import OfferNow, RelayRules, Scene
from complaintmail.cases.signed import unsigned
from complaintmail.policy.load import find
from complaintmail.triage.authority import Proof, StaffLetter, Word

NAME = "Daniel Orchard"


@pytest.mark.parametrize(
    "foot",
    [
        "-- \nDaniel Orchard\nCMS Vocational Training",
        "Daniel Orchard\nCMS Vocational Training",
        "Daniel",
        "Kind regards\nDaniel",
        "Many thanks,\n\nDaniel Orchard\nHead of Training\nTel: 01632 960 123\nwww.cms.example",
        "Thanks",
        "Mr Daniel Orchard\n12 High Street, Exeter\ndaniel.orchard@staff.cms.example",
        "Daniel Orchard\n\nThis email is confidential. If it came to you by mistake, please tell us.",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n\n"])
def test_a_signature_is_taken_off(foot: str, between: str) -> None:
    assert unsigned(f"yes{between}{foot}", NAME) == "yes"
    assert unsigned(foot, NAME) == ""


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes\n\nbut change Tuesday to Wednesday first",
        "yes\n\nDaniel Orchard needs to see it first",
        "yes\n\nDaniel\n\nPS: change Tuesday to Wednesday",
        "yes\nDaniel\nbut not before Friday",
        "yes\n\nDaniel\n\nCan it wait until Friday?",
        "yes\n\nthanks\nfor waiting until Friday",
        "yes\n\nSian Whitlock\nCMS Vocational Training",
        "yes\n\nDaniel\n\nPlease take out the second line.",
        "yes\n\nDaniel\n#stop",
        "",
    ],
)
def test_whatever_may_be_more_to_say_stays(text: str) -> None:
    assert unsigned(text, NAME) == text


def test_a_long_text_is_left_as_it_is() -> None:
    text = "a line\n" * 150_000 + "Daniel Orchard"

    assert unsigned(text, NAME) == text


def test_nobodys_name_takes_nothing_off() -> None:
    assert unsigned("yes\n\nDaniel", "") == "yes\n\nDaniel"


SIGNED = "\n\n-- \nDaniel Orchard\nCMS Vocational Training"
UNMARKED = SIGNED.replace("-- \n", "")
DANIEL = Person(NAME, "daniel@staff.test", ("operations-director",))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def offered() -> Scene:
    """He was offered a command, and answers the mail that offers it."""
    letter = StaffLetter("abcdefghijklmnop", DANIEL.key, None, "answer-staff", {"offer": 7}, ("yes", "stop"))
    return Scene(
        person=DANIEL,
        word=Word(Proof.REPLY, "proved", letter),
        case=None,
        policy=find("cms", None),
        people=People((DANIEL,)),
        now=NOW,
        mailbox="info@example.test",
        own=frozenset({"info@example.test"}),
        rules=RelayRules(),
        offers=(OfferNow(7, None, DANIEL.key, "orders", None, {"lines": ["#help"]}, NOW),),
    )


@pytest.mark.parametrize("foot", ["", SIGNED, UNMARKED], ids=["bare", "marked", "unmarked"])
@pytest.mark.parametrize(("word", "command"), [("yes", "yes"), ("Yes please", "yes"), ("no", "stop"), ("#yes", "yes")])
def test_a_word_with_a_signature_below_it_does_what_the_word_alone_does(word: str, command: str, foot: str) -> None:
    ruling = instruct(word + foot, offered())

    assert (ruling.done[0].command, ruling.troubles) == (command, ())

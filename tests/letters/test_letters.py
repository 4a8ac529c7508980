"""Letters as complainants get them, each policy's own words among them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaintmail.letters.facts import LetterFacts, PersonFacts, PolicyFacts
from complaintmail.letters.letter import LetterKind
from complaintmail.letters.render import Letters
from complaintmail.letters.sample import ordinary, undated
from complaintmail.mail.compose import compose
from complaintmail.policy import load
from tests.support.letter_words import FACTS, facts, words_of_html, words_of_text

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
POLICIES = ("ace", "ceme", "cim", "cms", "sek")
LETTERS = Letters(None)
# Four letters have words of their policy's own; the others say the same under every policy but for its facts.
OWN = (LetterKind.ACKNOWLEDGEMENT, LetterKind.RECEIVED, LetterKind.ADDED, LetterKind.THANKS)
EACH = [(kind, policy) for kind in LetterKind for policy in (POLICIES if kind in OWN else ("cms",))]


def acknowledgement(policy: str, about: LetterFacts) -> str:
    rendered = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, policy, about)
    assert rendered.problem is None
    return rendered.text


def test_the_five_policies_are_the_packaged_ones():
    assert load.packaged() == POLICIES


@pytest.mark.parametrize(("kind", "policy"), EACH)
def test_every_letter_reads_as_it_was_approved(policy: str, kind: LetterKind):
    """Read these files as prose when they change. UPDATE_GOLDEN=1 writes them."""
    rendered = LETTERS.render(kind, policy, ordinary(load.find(policy)))
    words = f"Subject: {rendered.subject}\n\n{rendered.text}"
    golden = GOLDEN / f"{policy}-{kind}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(words, encoding="utf-8")

    assert rendered.problem is None
    assert words == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "policy"), EACH)
@pytest.mark.parametrize("about", [ordinary, undated])
def test_text_and_html_say_the_same_words(policy: str, kind: LetterKind, about):
    rendered = LETTERS.render(kind, policy, about(load.find(policy)))

    assert rendered.problem is None
    assert words_of_html(rendered.html) == words_of_text(rendered.text)
    assert len(words_of_text(rendered.text)) > 40


@pytest.mark.parametrize("policy", POLICIES)
def test_a_whole_acknowledgement_is_small(policy: str):
    about = ordinary(load.find(policy))
    rendered = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, policy, about)
    raw = compose(
        mail_from=about.mailbox,
        mail_from_name=about.policy.organisation,
        to="jane@complainants.test",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=datetime(2026, 3, 17, tzinfo=UTC),
        message_id="<cm.aaaabbbbccccdddd.abcdefghijklmnopqrstuvwxyz@example.test>",
        in_reply_to="<theirs@complainants.test>",
        reference=about.case.reference,
    )

    assert len(raw) <= 6600


def test_lines_are_short_and_a_date_is_never_broken_over_two():
    for extra in range(40):
        about = replace(FACTS, person=PersonFacts("x" * (extra + 1), "Director"))
        text = LETTERS.render(LetterKind.ACKNOWLEDGEMENT, "example", about).text

        assert max(map(len, text.split("\n"))) <= 72
        assert text.count("31 March 2026") == 2
        assert text.count("17 March 2026") == 1


@pytest.mark.parametrize("policy", [*POLICIES, "example"])
def test_an_acknowledgement_says_all_that_it_must(policy: str):
    text = " ".join(acknowledgement(policy, FACTS).split())

    for said in (
        "EX-2026-000123",
        "Received on: 17 March 2026",
        "31 March 2026",
        "Alex Example",
        "Operations Director",
        "complaints@example.test",
        "01234 567890",
        "You can appeal to our board within 10 working days of our answer.",
        "Example Training Ltd",
    ):
        assert said in text


@pytest.mark.parametrize("policy", [*POLICIES, "example"])
def test_while_nobody_is_known_by_name_the_role_is_said(policy: str):
    text = " ".join(acknowledgement(policy, replace(FACTS, person=PersonFacts("", "Operations Director"))).split())

    assert "with our Operations Director" in text
    assert "()" not in text


@pytest.mark.parametrize("policy", [*POLICIES, "example"])
def test_while_there_is_no_date_the_letter_says_when_the_date_comes(policy: str):
    text = acknowledgement(policy, facts(respond_by=None, respond_within=""))

    assert "18 March 2026" in text
    assert "31 March" not in text
    assert "None" not in text


def test_ace_promises_a_specific_date():
    text = " ".join(acknowledgement("ace", undated(load.find("ace"))).split())

    assert "we will give you a specific date for our answer" in text


def test_cim_promises_no_appeal():
    text = acknowledgement("cim", ordinary(load.find("cim")))

    assert "appeal" not in text
    assert "20 working days" in text


def test_sek_offers_a_meeting_and_help():
    text = " ".join(acknowledgement("sek", ordinary(load.find("sek"))).split())

    for said in ("28 working days", "meet you", "interpreter", "advocate", "named person", "our Director"):
        assert said in text


def test_cms_says_within_how_many_days_and_who_decides():
    text = " ".join(acknowledgement("cms", ordinary(load.find("cms"))).split())

    for said in ("investigated", "10 working days", "our Operations Director", "decides who will investigate"):
        assert said in text


def test_the_name_is_used_only_when_it_is_known_to_be_theirs():
    assert acknowledgement("cms", facts(complainant="Jane Example")).startswith("Dear Jane Example,\n")
    assert acknowledgement("cms", FACTS).startswith("Hello,\n")


@pytest.mark.parametrize("kind", LetterKind)
def test_no_packaged_letter_repeats_what_the_complainant_wrote(kind: LetterKind):
    rendered = LETTERS.render(kind, "cms", facts(subject="BUY MY PILLS"))

    assert "PILLS" not in rendered.subject + rendered.text + rendered.html


def test_the_neutral_letter_discloses_nothing():
    rendered = LETTERS.render(LetterKind.RECEIVED, "cms", facts(reference=""))

    assert rendered.problem is None
    assert rendered.subject == "We have received your email"
    for word in ("complaint ", "Alex", "31 March", "[]"):
        assert word not in rendered.text


def test_facts_of_a_policy_come_from_its_file():
    policy = load.find("cms")

    said = PolicyFacts.of(policy)

    assert (said.organisation, said.contact, said.if_unhappy) == (
        policy.organisation,
        policy.contact,
        policy.if_unhappy,
    )


def test_the_same_facts_give_the_same_letter():
    first = Letters(None).render(LetterKind.ACKNOWLEDGEMENT, "sek", FACTS)

    assert first == LETTERS.render(LetterKind.ACKNOWLEDGEMENT, "sek", FACTS)

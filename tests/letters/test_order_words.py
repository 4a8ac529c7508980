"""Commands in plain words: what a yes would do, and what the links to what would have been right are called."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaintmail.letters.notices import CaseTold, facts, sentence, to_know
from complaintmail.letters.order_words import in_words, label_for
from complaintmail.letters.transcripts import answer, offered

CASE = CaseTold(
    "CMS-2026-000001", "Example Training", ZoneInfo("Europe/London"), datetime(2026, 3, 9, 9, tzinfo=UTC), "email",
    "Jane Doe", "jane@x.test", "It is cold", "So cold.",
)  # fmt: skip
NAMES = {"hal@staff.test": "Hal Handler"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("#assign hal@staff.test", "gives the case to Hal Handler"),
        ("#assign HAL@staff.test", "gives the case to Hal Handler"),
        ("#assign me", "gives the case to you"),
        ("#about hal@staff.test", "says that the case is about Hal Handler, who then gets nothing of it"),
        ("#kind spam", "says that it is spam"),
        ("#kind whatever", "does this: #kind whatever"),
        ("#severity high", "sets its severity to high"),
        ("#close settled with the complainant", "closes the case (settled with the complainant)"),
        ("#close", "closes the case"),
        ("#called", "notes that you have spoken with them (today)"),
        ("#called 3 March 2026", "notes that you have spoken with them (3 March 2026)"),
        ("#answered today by e-mail", "notes that they were answered (today by e-mail)"),
        ("#due 20 March 2026 agreed", "sets a new date for the answer (20 March 2026 agreed)"),
        ("#split", "does this: #split"),
    ],
)
def test_a_command_is_said_in_plain_words(line: str, words: str) -> None:
    assert in_words(line, NAMES) == words


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("#status", "How does it stand?"),
        ("#record", "Fill in what is missing"),
        ("#assign hal@staff.test", "Gives the case to Hal Handler"),
        ("#link CMS-2026-000002", "Do: #link CMS-2026-000002"),
    ],
)
def test_a_link_is_called_by_what_it_does(line: str, label: str) -> None:
    assert label_for(line, NAMES) == label


def test_an_offer_says_in_its_first_line_what_a_yes_does() -> None:
    paper = offered(CASE, ["#assign hal@staff.test"], "give it to Hal", NAMES)

    assert paper.first_line == (
        "A plain reply with the one word yes gives the case to Hal Handler. Nothing was done yet."
    )


def test_what_is_kept_goes_into_the_link_that_takes_text_alone() -> None:
    paper = answer(CASE, [], [("No.", ("#close", "#reply"))], "Dear Jane,")

    assert [(click.line, click.more) for click in paper.clicks] == [("#close", ""), ("#reply", "Dear Jane,")]


def test_a_form_holds_its_text_once() -> None:
    paper = answer(None, [], [("Name?", ("#record\nName:\n\nShe rang.",))], "She rang.")

    assert [(click.line, click.more) for click in paper.clicks] == [("#record", "Name:\n\nShe rang.")]


@pytest.mark.parametrize("back", [True, False])
def test_taking_it_back_is_offered_only_where_it_can_be(back: bool) -> None:
    paper = answer(CASE, [("#severity high", "It is high now.")], [], "", back=back)

    assert ("#undo" in [click.line for click in paper.clicks]) is back


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ("CMS-2026-000001 is closed: is this the same matter, or a new complaint?", "#split"),
        ("bob@x.test writes about this case and is not on it: may they?", "#consent bob@x.test"),
        ("It names CMS-2026-000007 from an address that is not on it: does it belong?", "#merge CMS-2026-000007"),
        ("Its answer waits for a person: too many", "#kind complaint"),
    ],
)
def test_a_question_can_be_answered_by_a_click(why: str, line: str) -> None:
    assert line in [click.line for click in to_know(CASE, why, "Please look at this").clicks]


def test_an_address_at_the_beginning_keeps_its_small_letter() -> None:
    assert sentence("bob@x.test writes.") == "bob@x.test writes."
    assert sentence("it waits.") == "It waits."


@pytest.mark.parametrize(
    ("name", "email", "said"),
    [
        ("Jane Doe", "jane@x.test", "Jane Doe <jane@x.test>"),
        ("Jane Doe", "", "Jane Doe"),
        ("", "jane@x.test", "jane@x.test"),
        ("", "", "not known"),
    ],
)
def test_who_it_is_from_is_said_as_far_as_it_is_known(name: str, email: str, said: str) -> None:
    case = CaseTold(
        CASE.reference, CASE.organisation, CASE.zone, CASE.received_at, "phone", name, email, "It is cold", "So cold."
    )  # fmt: skip

    assert dict(facts(case).facts)["From"] == said

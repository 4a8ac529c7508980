"""A call, a letter or a visit is recorded from a few lines and the account, whatever dress they come in."""

from __future__ import annotations

import time
from datetime import date

import pytest

from complaintmail.triage.record_form import Recorded, channel_of, read_record
from tests.support.paces import MUCH

TODAY = date(2026, 3, 18)  # a Wednesday
FULL = """Name: Mary Smith
Email: mary@home.test
Phone: 0113 496 0000
Address: 12 High Street
Leeds
LS1 1AA
Channel: letter
Received: 17/03/2026

The heating has been off for a week.

Nobody came."""
WHOLE = Recorded(
    name="Mary Smith",
    email="mary@home.test",
    phone="0113 496 0000",
    address="12 High Street\nLeeds\nLS1 1AA",
    channel="letter",
    received=date(2026, 3, 17),
    account="The heating has been off for a week.\n\nNobody came.",
)


@pytest.mark.parametrize(
    "body",
    [
        FULL,
        FULL.replace("\n", "\r\n"),
        FULL.replace("Name: ", "Name - ").replace("Phone: ", "Phone – "),
        FULL.replace("Name:", "*Name:*").replace("Email:", "*EMAIL*:").replace("Phone:", "**Phone:**"),
        FULL.replace("Name:", "- name:").replace("Email:", "• E-mail address :").replace("Phone:", "* Tel:"),
        "\n\n" + FULL.replace("\nEmail", "\n\nEmail").replace("\nChannel", "\n\nChannel"),
        FULL.replace("Received: 17/03/2026", "Date received: Tuesday 17 March 2026"),
        FULL.replace("Channel: letter", "How: by post").replace("@home.test", "@home.test<mailto:mary@home.test>"),
        FULL.replace("Received: 17/03/2026\n\n", "Received: yesterday\nAccount: "),
        "Received: 17 March\nChannel: Letter\nAddress:\n12 High Street,\nLeeds,\nLS1 1AA\n\nPhone: 0113 496 0000\n"
        "Email: mary@home.test\nName: Mary Smith\nWhat happened:\nThe heating has been off for a week.\n\nNobody came.",
    ],
)  # fmt: skip
def test_the_form_is_read_in_any_order_and_dress(body: str) -> None:
    assert read_record(body, TODAY) == WHOLE


def test_the_form_may_stand_below_the_account() -> None:
    found = read_record(
        "It was cold.\n\nName: Mary Smith\nEmail: mary@home.test\nPhone: 0113 496 0000\nChannel: letter\n"
        "Received: 17/3/2026",
        TODAY,
    )

    assert (found.name, found.email, found.phone) == ("Mary Smith", "mary@home.test", "0113 496 0000")
    assert (found.channel, found.received, found.account) == ("letter", date(2026, 3, 17), "It was cold.")


@pytest.mark.parametrize(
    ("body", "channel", "received", "name", "email", "phone"),
    [
        ("A customer rang today, unhappy about the room, happy with a refund", "phone", TODAY, "", "", ""),
        ("Mrs Khan phoned yesterday about the lift.", "phone", date(2026, 3, 17), "Mrs Khan", "", ""),
        ("A student came in this morning. Her email is ann@x.test.", "in person", TODAY, "", "ann@x.test", ""),
        ("Mrs Patel, of 12 High Street, rang today.", "phone", TODAY, "Mrs Patel", "", ""),
        ("Letter from Tom Brown about the bins.", "letter", None, "Tom Brown", "", ""),
        ("She complained on Facebook. Her number is 07700 900123.", "social media", None, "", "", "07700 900123"),
        ("He wrote through the website, call him on 0113 496 0000 please", "website", None, "", "", "0113 496 0000"),
        ("The room was cold and Mr Jones was rude.", "", None, "", "", ""),
        ("A man called Bob was rude to her on the train.", "", None, "", "", ""),
        ("The driver's email is d@x.test; the tram number is 12 345 67.", "", None, "", "", ""),
        ("A customer rang, and then a letter from him came by post.", "", None, "", "", ""),
        ("She rang yesterday and again today.", "phone", None, "", "", ""),
    ],
)
def test_prose_gives_what_it_surely_tells(
    body: str, channel: str, received: date | None, name: str, email: str, phone: str
) -> None:
    found = read_record(body, TODAY)

    assert (found.channel, found.received, found.name) == (channel, received, name)
    assert (found.email, found.phone) == (email, phone)
    assert found.account == body
    assert found.missing == (() if name or email or phone else ("Name:", "Email:", "Phone:"))


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("", ("Name:", "Email:", "Phone:", "Account:")),
        ("Name: Mary Smith", ("Account:",)),
        ("Name:\nEmail: n/a\nPhone: -\n\nIt was cold.", ("Name:", "Email:", "Phone:")),
        ("Name: [name]\nPhone: 0113 496 0000\n\nIt was cold.", ()),
        ("Email: mary@home.test\nIt was cold.", ()),
        ("Name: Mary\nEmail: mary at home\n\nIt was cold.", ("Email:",)),
        ("Name: Mary\nChannel: pigeon\n\nIt was cold.", ("Channel:",)),
        ("Name: Mary\nReceived: 31/02/2026\n\nIt was cold.", ("Received:",)),
        ("Name: Mary\nReceived: 1/4/2026\n\nIt was cold.", ("Received:",)),
        ("Name: Mary\nReceived: some time ago\n\nIt was cold.", ("Received:",)),
        ("Name: Mary\nPhone: later\n\nIt was cold.", ("Phone:",)),
    ],
)
def test_what_is_missing_or_cannot_be_read_is_asked_for(body: str, missing: tuple[str, ...]) -> None:
    found = read_record(body, TODAY)

    assert found.missing == missing
    assert len(found.problems) == sum(line in ("Channel:", "Received:") for line in missing) + (
        len(missing) == 1 and missing[0] in ("Email:", "Phone:")
    )
    assert all(problem.endswith((".", "?")) for problem in found.problems)


@pytest.mark.parametrize(
    "account",
    [
        "She said: the room was cold.\nReceived: nothing but excuses.\nPhone: never answered.",
        "Note: he is upset.\nName: and shame is what he wants to do with all of us in this office.",
        "First line.\nEmail: was never answered by anybody.\n\n  indented\n- a list\n- more",
    ],
)
def test_the_account_keeps_every_line_of_it(account: str) -> None:
    assert read_record("Name: Mary Smith\n\n" + account, TODAY).account == account


def test_the_account_may_follow_the_address_at_once() -> None:
    found = read_record("Name: Mary\nAddress: 12 High Street, Leeds\nShe rang about the bins.", TODAY)

    assert (found.address, found.account) == ("12 High Street, Leeds", "She rang about the bins.")


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        ("phone", "phone"), ("Telephone call", "phone"), ("she rang", "phone"), ("voicemail", "phone"),
        ("post", "letter"), ("by hand", "letter"), ("visit", "in person"), ("came in", "in person"),
        ("face to face", "in person"), ("Facebook", "social media"), ("Facebook post", "social media"),
        ("WhatsApp message", "social media"), ("web form", "website"), ("e-mail", "email"), ("by mail", "letter"),
        ("pigeon", None), ("", None), ("phone and letter", None),
    ],
)  # fmt: skip
def test_a_channel_by_its_many_names(words: str, channel: str | None) -> None:
    assert channel_of(words) == channel


@pytest.mark.parametrize(
    "piece", ["a", "Name:\n", "Address: x\n", "Mrs A ", "call from ", "her email ", "1 ", ": ", "* \n", "a@"]
)
def test_a_megabyte_takes_no_longer_than_it_must(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    began = time.process_time()
    read_record(text, TODAY)

    assert time.process_time() - began < MUCH

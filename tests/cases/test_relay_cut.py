"""What is taken out of an answer before it leaves, and what stays."""

from __future__ import annotations

import random
import re
import time

import pytest

from complaintmail.cases.relaying import Relayed, relayable
from tests.support.paces import MUCH

TOKEN = "cm-" + "abcdefghijklmnopqrstuvwxyz234567" + "abcdefgh2345abcdefgh"
STAFF = {"Jane.Doe@college.test": "Jane Doe", "bob@college.test": "Bob Jones", "complaints@college.test": "Desk"}
MAILBOX = "complaints@college.test"
SECRET = re.compile(r"cm-[a-z2-7]{20}|jane\.doe@|bob@college", re.IGNORECASE)


def relay(text: str) -> Relayed:
    return relayable(
        text,
        writer_name="Jane Doe",
        staff=STAFF,
        own=frozenset({MAILBOX, "appeals@college.test"}),
        mailbox=MAILBOX,
        complainant_name="Mary Smith",
    )


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        ("The lift works.\n\nJane Doe\nE: jane.doe@college.test", "The lift works.\n\nJane Doe\nE: " + MAILBOX),
        ("The lift works.\n\nJane Doe\nJANE.DOE@College.Test", "The lift works.\n\nJane Doe\n" + MAILBOX),
        ("It works.\n\nJane Doe <mailto:jane.doe@college.test>", f"It works.\n\nJane Doe <mailto:{MAILBOX}>"),
        ("It works.\njane.doe@college.test <mailto:jane.doe@college.test>", "It works.\n" + MAILBOX),
        ("It works.\njane.doe@college.test<mailto:Jane.Doe@college.test>", "It works.\n" + MAILBOX),
        (
            "It works.\nJane Doe | jane.doe@college.test | 0113 496 0000\ncomplaints@college.test",
            "It works.\nJane Doe | 0113 496 0000\ncomplaints@college.test",
        ),
        ("It works.\nT: 0113 496 0000\nE: jane.doe@college.test\nbob@college.test",
         f"It works.\nT: 0113 496 0000\nE: {MAILBOX}"),
        ("It works.\ncomplaints@college.test\nEmail: jane.doe@college.test\nW: www.college.test",
         "It works.\ncomplaints@college.test\nW: www.college.test"),
        ("Please write to Bob at bob@college.test about the key.", f"Please write to Bob at {MAILBOX} about the key."),
        ("Write to jane.doe+desk@college.test then.", f"Write to {MAILBOX} then."),
        ("Write to appeals@college.test or mary@home.test.", "Write to appeals@college.test or mary@home.test."),
        ("See notjane.doe@college.test", "See notjane.doe@college.test"),
        ("See jane.doe@college.test.example", "See jane.doe@college.test.example"),
    ],
)  # fmt: skip
def test_a_colleagues_address_becomes_the_mailboxs_once(written: str, goes: str) -> None:
    assert relay(written).text == goes


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        (f"Done.\n<mailto:complaints+{TOKEN}@college.test?subject=x>\nBye", "Done.\nBye"),
        (f"Done.\nAssign to me: mailto:complaints+{TOKEN}@college.test?subject=%23assign\nBye",
         "Done.\nAssign to me:\nBye"),
        (f"Done.\nhttps://college.test/do/{TOKEN}?a=1\nBye", "Done.\nBye"),
        (f"Done.\nmailto:complaints%2B{TOKEN}%40college.test\nBye", "Done.\nBye"),
        (f"Done.\nmailto:complaints@college.test?subject=cm%2D{TOKEN[3:]}\nBye", "Done.\nBye"),
        (f"Done.\ncomplaints+{TOKEN}@college.test\nBye", "Done.\nBye"),
        (f"Done.\ncomplaints+{TOKEN.upper()}@COLLEGE.TEST\nBye", "Done.\nBye"),
        (f"Done [{TOKEN}] and dusted.", "Done  and dusted."),
        (f"Done.\n{TOKEN[:25]}=\n{TOKEN[25:]}\nBye", "Done.\n\nBye"),
        (f"Done.\n{TOKEN[:25]}\n{TOKEN[25:]}\nBye", "Done.\n\nBye"),
        ("Done.\nMessage-ID: <cm.17.k3j4h5k2j3h4@college.test>\nBye", "Done.\nBye"),
        ("Done.\nIn-Reply-To: <cm.17.k3j4h5k2j3h4.x@college.test>\nBye", "Done.\nBye"),
        ("Our list is CM-2026 and cm-short; it is 40 cm-wide.", "Our list is CM-2026 and cm-short; it is 40 cm-wide."),
        ("Write to cm.brown@x.test or cm.a.brown@x.test.", "Write to cm.brown@x.test or cm.a.brown@x.test."),
    ],
)  # fmt: skip
def test_no_token_leaves(written: str, goes: str) -> None:
    found = relay(written)

    assert found.text == goes
    assert len(found.taken_out) == (0 if written == goes else 1)


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        ("Fixed.\n[image: College logo]\nJane Doe", "Fixed.\nJane Doe"),
        ("Fixed.\n[cid:image001.png@01DB]\nJane Doe", "Fixed.\nJane Doe"),
        ("Fixed. [https://college.test/logo.png]", "Fixed."),
        ("Fixed.\n<cid:a@b>\nhttps://t.mailer.test/wf/open?upn=abc\nJane", "Fixed.\nJane"),
        ("Fixed.\nhttps://x.test/pixel.gif?u=1", "Fixed."),
        ("Fixed.\nhttps://mailer.test/o.gif", "Fixed."),
        (
            "See https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcollege.test%2Fhelp&data=05%7C"
            "jane.doe%40college.test%7C0&reserved=0 for more.",
            "See https://college.test/help for more.",
        ),
        ("See https://urldefense.com/v3/__https://college.test/a__;!!Xy$ now", "See https://college.test/a now"),
    ],
)
def test_what_tracks_is_left_out(written: str, goes: str) -> None:
    found = relay(written)

    assert found.text == goes
    assert found.taken_out != ()


@pytest.mark.parametrize(
    "text",
    [
        "See https://college.test/opening-times?day=1 and www.college.test, or ring 0113 496 0000.",
        "Our open day: https://college.test/open/day\n\n\nTwo lines apart.",
        "Jane Doe\nHead of Quality\nM: +44 7700 900123\nhttps://college.test",
        "Items [1] and [see page 2]; a <b> b > c; 50 % @ noon; me@",
        "1. Yes\n   2. No\n\t- tab  kept",
        "This email is confidential. If you are not the intended recipient, delete it.",
        "",
    ],
)
def test_everything_else_goes_as_it_was_written(text: str) -> None:
    found = relay(text)

    assert (found.text, found.taken_out) == (text, ())


def test_the_receipt_tells_what_was_taken_out_each_once() -> None:
    text = f"Done.\njane.doe@college.test\nbob@college.test\nbob@college.test\n[image: x]\nhttps://c.test/{TOKEN}"

    assert relay(text).taken_out == (
        "your own address",
        "the address of Bob Jones",
        "a picture's place-holder",
        "a link of ours that was meant for you alone",
    )


def test_nothing_secret_leaves_wherever_it_stands() -> None:
    dice = random.Random(7)
    secrets = [TOKEN, TOKEN.upper(), f"complaints+{TOKEN}@college.test", f"<mailto:a+{TOKEN}@b.test?subject={TOKEN}>",
               f"https://x.test/{TOKEN}/{TOKEN}", "JANE.DOE@college.test", "<mailto:bob@college.test>",
               "bob%40college.test", "jane.doe+a.b@college.test", f"({TOKEN})", f"{TOKEN}{TOKEN}"]  # fmt: skip
    around = [" ", "\n", ", ", "> ", "(", ")", "<", ">", "[", "]", "|", "*", "'", '"', "word ", "https://a.test ", ":"]
    for _ in range(3000):
        text = "".join(dice.choice(around) + dice.choice(secrets) for _ in range(dice.randrange(1, 5)))

        assert not SECRET.search(relay(f"We did {text} it.").text), text


@pytest.mark.parametrize(
    "piece",
    [
        "@",
        "a@",
        "cm-",
        "cm.",
        "[cid:",
        "https://",
        "mailto:",
        "a.",
        "<cm.a",
        "cm-abcdefgh\n",
        "%40",
        "e: |",
        "a@b <",
        "[",
    ],
)
def test_a_megabyte_takes_no_longer_than_it_must(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    began = time.process_time()
    relay(text)

    assert time.process_time() - began < MUCH

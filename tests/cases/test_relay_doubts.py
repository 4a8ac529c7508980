"""Which answers go on at once, and which wait for their writer's word."""

from __future__ import annotations

import time

import pytest

from complaintmail.cases.relaying import Relayed, relayable
from tests.support.paces import MUCH

STAFF = {
    "jane.doe@college.test": "Jane Doe",
    "bob.jones@college.test": "Bob Jones",
    "priya.shah@college.test": "Priya Shah",
    "will.carter@college.test": "Will Carter",
}
MAILBOX = "complaints@college.test"


def relay(text: str, complainant: str = "Mary Smith") -> Relayed:
    return relayable(
        text,
        writer_name="Jane Doe",
        staff=STAFF,
        own=frozenset({MAILBOX}),
        mailbox=MAILBOX,
        complainant_name=complainant,
    )


GOOD = (
    "Dear Mrs Smith,\n\nI am sorry that the heating in your room failed. It was repaired on Monday.\n\n"
    "Kind regards,\nJane Doe\nFacilities Manager",
    "Hi Mary, thanks for letting us know. I've refunded the £40. Sorry about the damn lift!\n\nJane",
    "The bus was cancelled because the driver was ill. We have credited your account.",
    "Dear Mary\n\nI spoke to the driver. He says he did not see you at the stop, and he is sorry.\n\nBest wishes\nJane",
    "Dear Ms Smith,\nWe will send the form by post. Please do not send cash or original documents with it.\nJane",
    "Dear Mary,\n\nYou may ask for an internal review within ten working days. The complainant may also go to the "
    "Ombudsman.\n\nYours sincerely\nJane Doe",
    "Dear Mrs Smith\n\n1. The room: we moved you on 3 March.\n2. The noise: the works end on Friday.\n\n"
    "Please tell me if that suits you.\n\nJane Doe",
    "> The shower was cold.\n\nWe replaced the boiler on Tuesday.\n\n> Nobody answered the phone.\n\n"
    "That was our fault, and I am sorry.",
    "Yes, it is fixed. You can use the gym from tomorrow.",
    "Hello Mary,\n\nCould you please send me the number of your booking, so that I can check what was charged?\n\n"
    "Many thanks\nJane",
    "Dear Mary Smith,\n\nI have asked Bob Jones, our manager, to look at the tapes. He wants to be sure of the "
    "time: was it "
    "before noon?\n\nJane Doe",
    "Good morning Mary,\n\nI was on leave when your mail came, which is why nobody answered. I am back now, and the "
    "refund went out today.\n\nJane",
    "Dear Mrs Smith,\n\nFor your information, the next council meeting is on 12 May.\n\nJane Doe\n\n"
    "This email is confidential and for internal use only. If you are not the intended recipient, do not send it on.",
    "Annwyl Mrs Smith,\n\nMae'n ddrwg gen i am yr oedi. Byddwn yn trwsio'r drws ddydd Gwener.\n\nCofion gorau\nJane "
    "Doe",
    "Dear Mary,\n\nThe agreement between us and the landlord says that he repairs the roof. He was here today.\n\nJane",
    "Dear Mrs Smith,\n\nWe found the booking under the name Mary Smith and have cancelled it. No charge was "
    "made.\n\nJane",
    "Dear Mary,\n\nPlease send it back to us by post and we will replace it.\n\nRegards\nJane",
    "Dear Mrs Smith,\n\nYour complaint is partly upheld. The lesson started late on 2 March; the room was as "
    "booked.\n\n"
    "You can appeal to the Principal within ten working days.\n\nYours sincerely,\n\nJane Doe\nHead of Quality",
    "Sorry Mary, that was our mistake. A new card is in the post.",
    "Hi,\n\nI rang you twice today but the line was busy. When may I call again?\n\nJane",
    "Dear Mrs Smith,\n\nThank you, Mary, for your patience. Everybody who was on the 10.15 gets half the fare "
    "back.\n\nJane",
    "Dear Sir or Madam,\n\nThe lights on Mill Lane work again since last night.\n\nJane Doe",
    "Dear Mary and Tom,\n\nYour deposit has been paid back in full.\n\nJane Doe\nt: 0113 496 0000",
    "I can't do it before Friday, I'm afraid. Can you manage with the spare key until then?\n\nSent from my iPhone",
    "Dear Mrs Smith,\n\nThe engineer told us that she wants to check the pump once more. She will ring you first.\n\n"
    "Kind regards\n\nJane",
    "Dear Mary,\n\nOur internal procedure asks for two readings; both were taken on 9 March, and both were "
    "normal.\n\nJane",
    "Will do. The new card will be with you on Friday.",
    "Please ask for Bob at the desk when you come in.",
    "I spoke to the guard, and she is sorry that the door was shut.",
    "I have spoken to him, Mrs Smith, and your bag was found.",
    "Dear Will,\n\nYour parcel was found.\n\nJane",
)

WAIT = (
    ("", "no words"),
    ("\n\nSent from my iPhone", "no words"),
    ("Kind regards,\n\nJane Doe\nFacilities Manager\nCity College\nT: 0113 496 0000\nwww.college.test", "no words"),
    ("-- \nJane Doe\nCity College", "no words"),
    ("Hi Mary,\n\nThanks\nJane", "no words"),
    ("Jane Doe\nHead of Quality\n\nThis email is confidential and intended solely for the addressee.", "no words"),
    ("Thank you for your mail. I am out of the office until 4 May and will answer on my return.", "automatic"),
    ("I am on annual leave until Monday. For urgent matters write to the desk.", "automatic"),
    ("This is an automated response. Your message was received.", "automatic"),
    ("Ich bin bis zum 4. Mai nicht im Büro.", "automatic"),
    ("Hi Bob,\n\nThe heating is done. We may close this one.\n\nJane", "Bob Jones is a colleague"),
    ("Dear all,\n\nThe lift is out again. Please remind people.\n\nJane", "mail to colleagues"),
    ("Hello team, this one again. It was sorted last week.", "mail to colleagues"),
    ("Thanks Priya, I rang the landlord and he is coming on Friday.", "Priya"),
    ("Bob,\nthe key is in the drawer.", "Bob Jones"),
    ("Dear Mr Jones,\n\nThe room was cleaned on Tuesday.", "Bob Jones"),
    (
        "I have checked the tapes. She says that nobody helped, but there were two people at the desk.",
        "about the compl",
    ),
    ("Mrs Smith is always unhappy about something. The room was fine.", "about the compl"),
    ("I spoke to Mary Smith this morning and she will take the other room.", "about the compl"),
    ("The complainant wants her money back, but she used the ticket.", "about the compl"),
    ("This customer has written four times this month.", "about the compl"),
    ("FYI the bus was on time that day.", "colleagues"),
    ("Just between us, I think that the driver forgot the stop.", "colleagues"),
    ("Here is what I would say. Do not send this yet.\n\nWe are sorry for the delay.", "colleagues"),
    ("INTERNAL\n\nThe contractor has been warned twice.", "colleagues"),
    ("Can you deal with this? I am in meetings all day.", "colleagues"),
    ("What shall we tell her? The room is not ready.", "colleagues"),
    ("Please give it to the site manager.", "order"),
    ("Close this case.", "order"),
    ("Not upheld.", "reads like a word to us"),
    ("OK", "reads like a word to us"),
    ("#asign bob\nThe rest is clear.", "looks like a command"),
    ("Bob can you take a look at the lift please", "Bob Jones is a colleague"),
    ("@Priya the key is back.", "Priya Shah is a colleague"),
    ("Can you send this to Bob?", "order"),
    ("Please assign to Priya", "order"),
    ("No further action.", "reads like a word to us"),
    ("Yes please", "reads like a word to us"),
    ("Spoke to her this morning, all sorted.", "about the compl"),
    ("Left a voicemail for Mary Smith.", "about the compl"),
    ("I think we should just refund the ticket.", "colleagues"),
    ("Hello Jane, the lift works.", "your own name"),
    ("Jane Doe would like to recall the message, “Heating”.", "automatic"),
    ("Your reply goes to the complainant, Mary Smith.\n\nThe lift works again.", "our notice"),
)


@pytest.mark.parametrize("text", GOOD)
def test_a_good_answer_goes_at_once(text: str) -> None:
    found = relay(text, "Will Green" if text.startswith("Dear Will") else "Mary Smith")

    assert found.waits == ()
    assert found.text == text.strip("\n")


@pytest.mark.parametrize(("text", "why"), WAIT)
def test_what_was_not_meant_for_the_complainant_waits(text: str, why: str) -> None:
    waits = relay(text).waits

    assert any(why in reason for reason in waits)
    assert all(reason.endswith(".") for reason in waits)


@pytest.mark.parametrize("name", ["", "m.smith@x.test", "Bob Jones", "Dear", "Mary (and) [Smith", "玛丽", "M S"])
def test_any_name_of_a_complainant_will_do(name: str) -> None:
    assert relay("We repaired the window on Monday, and the glass is new.", name).waits == ()


def test_a_complainant_who_shares_a_colleagues_name_is_greeted_freely() -> None:
    assert relay("Dear Bob,\n\nYour room is ready.\n\nJane", "Bob Miller").waits == ()


def test_curly_quotes_are_read_like_straight_ones() -> None:
    assert relay("Don’t send this yet. We are sorry.").waits != ()


def test_a_wrong_address_of_the_third_person_is_no_reason_where_the_subject_is_somebody_else() -> None:
    text = "Our tutor has told me what happened. She wants to say sorry to you in person.\n\nJane"

    assert relay(text).waits == ()


@pytest.mark.parametrize(
    "piece",
    ["a", "Hi ", "Thanks\n", "Jane Doe\n", "she ",
     "#a\n", "can you please ", "T: ", "do not send ", "Mary Smith ", "> \n",
     "Mary.", "name of ", "i am ", "- "],
)  # fmt: skip
def test_a_megabyte_takes_no_longer_than_it_must(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    began = time.process_time()
    relay(text)

    assert time.process_time() - began < MUCH

"""Orders in plain English, and notes that are none."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest

from complaintmail.triage.plain_orders import offered
from tests.support.paces import MUCH


@dataclass(frozen=True)
class Somebody:
    name: str
    email: str
    roles: tuple[str, ...] = ()


PEOPLE = (
    Somebody("Bob Smith", "site@org.test", ("site-manager",)),
    Somebody("Jane Doe", "jane@org.test", ("operations-director",)),
    Somebody("Jane Roe", "roe@org.test", ("training-director",)),
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("please give it to the site manager", "#assign site@org.test"),
        ("Please give this to the Site Manager.", "#assign site@org.test"),
        (
            "Hi,\n\nPlease pass this on to Bob, thanks.\n\nKind regards\nJane\nDirector, Org\n01234 567890",
            "#assign site@org.test",
        ),
        ("can Bob deal with this", "#assign site@org.test"),
        ("Can Bob deal with this please?", "#assign site@org.test"),
        ("Could you give this to Bob please?", "#assign site@org.test"),
        ("Assign to Bob", "#assign site@org.test"),
        ("One for Bob I'd say. One for Bob.", "#assign site@org.test"),
        ("One for the operations director", "#assign jane@org.test"),
        ("over to @bob", "#assign site@org.test"),
        ("Bob should deal with this", "#assign site@org.test"),
        ("Let Bob handle it.", "#assign site@org.test"),
        ("Give Bob this one", "#assign site@org.test"),
        ("Send it to site@org.test", "#assign site@org.test"),
        ("Please give it to Bob. He knows the family.", "#assign site@org.test"),
        ("I'll take this one", "#assign me"),
        ("I’ll deal with this.\n\nSent from my iPhone", "#assign me"),
        ("Leave it with me", "#assign me"),
        ("OK, I will handle this one myself", "#assign me"),
        ("I'm on it", "#mine"),
        ("this is not a complaint", "#kind enquiry"),
        ("This isn't a complaint.", "#kind enquiry"),
        ("Not a complaint, just a question", "#kind enquiry"),
        ("it's spam", "#kind spam"),
        ("Spam", "#kind spam"),
        ("This is just a compliment", "#kind compliment"),
        ("This is a complaint.", "#kind complaint"),
        ("Please put it on the board", "#board"),
        ("Let's hang this up on our wall!", "#board"),
        ("Please take it off the board", "#board off"),
        ("this is serious", "#serious"),
        ("This is a very serious matter.", "#serious"),
        ("This is high priority", "#severity high"),
        ("I have rung her", "#called"),
        ("I've called Mrs Jones", "#called"),
        ("Just spoke to him on the phone. Nope, no more to say.", "#called"),
        ("I spoke to him on the phone", "#called"),
        ("I called him on Tuesday and it is sorted", "#called Tuesday"),
        ("I called her yesterday. It's all sorted.", "#called yesterday"),
        ("We rang Mrs Doyle last Friday", "#called last Friday"),
        ("I posted the letter on 3 April", "#posted 3 April"),
        ("Spoke to her this morning, all sorted", "#called this morning"),
        ("Rang her back yesterday.", "#called yesterday"),
        ("I think Bob should deal with this one.", "#assign site@org.test"),
        ("This needs to go to the site manager", "#assign site@org.test"),
        ("Please forward to Bob", "#assign site@org.test"),
        ("I'd like Bob to handle this", "#assign site@org.test"),
        ("this is spam, please close", "#kind spam"),
        ("Agreed 3 April with her", "#due 3 April agreed with the complainant"),
        ("We've agreed the 3rd of April", "#due 3rd of April agreed with the complainant"),
        ("I have emailed her", "#answered today by e-mail"),
        ("I wrote to her on 3 April", "#answered 3 April in writing"),
        ("she is happy now, please close", "#close"),
        ("Please close this.", "#close"),
        ("we agreed on 3 April", "#due 3 April agreed with the complainant"),
        ("It's sorted", "#settled"),
        ("All sorted now, thanks", "#settled"),
        ("This is about Bob", "#about site@org.test"),
    ],
)
def test_a_plain_order_is_offered_as_its_command(text: str, command: str) -> None:
    assert offered(text, PEOPLE) == command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks",
        "Thanks Bob",
        "OK",
        "should I give it to Bob?",
        "Shall I take this one?",
        "Is this a complaint?",
        "this is spam?",
        "Do you want me to close it?",
        "Don't give it to Bob",
        "Please do not close this",
        "I haven't called her",
        "I tried to call her",
        "I called her but there was no answer",
        "I called him, he is still unhappy",
        "If she rings again, give it to Bob",
        "Give it to Bob once he is back",
        "Maybe give it to Bob",
        "I will call her tomorrow",
        "She called me",
        "He rang on Tuesday",
        "Give it to Jane",
        "Give it to Peter",
        "Give it to her",
        "Give it to Bob. This is spam.",
        "It is not sorted",
        "we agreed on nothing much",
        "we agreed to mend it by 3 April",
        "I called her and please give it to Bob",
        "Please call her",
        "I called Bob about it",
        "I have emailed Bob Smith",
        "#assign bob",
        "> please close",
        "The boiler was mended on Tuesday and she was there.",
        "please give it to Bob " + "who knows the whole of it very well " * 8,
    ],
)
def test_other_notes_offer_nothing(text: str) -> None:
    assert offered(text, PEOPLE) is None


def test_with_today_known_the_day_is_written_out() -> None:
    today = date(2026, 3, 11)

    assert offered("I called her yesterday", PEOPLE, today) == "#called 10 March 2026"
    assert offered("I have posted the letter", PEOPLE, today) == "#posted 11 March 2026"
    assert offered("We agreed on 3 April", PEOPLE, today) == "#due 3 April 2026 agreed with the complainant"


@pytest.mark.parametrize(
    "hostile", ["please ", "I have ", "give it to ", "ok, ", ", ", " ", "\n", "Bob ", "it's all ", "a."]
)
@pytest.mark.parametrize("size", [1_900, 1_000_000])
def test_hostile_text_is_read_within_a_second(hostile: str, size: int) -> None:
    text = hostile * (size // len(hostile))
    start = time.process_time()

    offered(text, PEOPLE)

    assert time.process_time() - start < MUCH

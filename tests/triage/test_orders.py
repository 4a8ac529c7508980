"""Commands as people and their phones write them, and all that only looks like one."""

from __future__ import annotations

import time

import pytest

from complaintmail.triage.orders import Orders, Slip, read_orders
from tests.support.paces import MUCH

NAMES: dict[str, tuple[str, ...]] = {
    "reply": ("answer",),
    "yes": ("ok",),
    "stop": (),
    "undo": (),
    "note": (),
    "assign": ("give",),
    "kind": (),
    "severity": ("priority",),
    "due": (),
    "ask": (),
    "ask-in-writing": (),
    "action": (),
    "done": (),
    "outcome": (),
    "send": (),
    "called": ("phoned",),
    "serious": (),
    "assessment": (),
    "met": (),
    "close": (),
    "record": (),
    "status": (),
    "help": (),
}


def read(text: str) -> Orders:
    return read_orders(text, NAMES)


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("#assign me", "assign", "me"),
        ("  #assign me  ", "assign", "me"),
        ("\u00a0#assign\u00a0me", "assign", "me"),
        ("\u200b#assign me\ufeff", "assign", "me"),
        ("\t#assign\tme", "assign", "me"),
        ("# assign me", "assign", "me"),
        ("＃assign me", "assign", "me"),
        ("＃ａｓｓｉｇｎ me", "assign", "me"),
        ("♯assign me", "assign", "me"),
        ("\\#assign me", "assign", "me"),
        ("#ASSIGN Bob Smith", "assign", "Bob Smith"),
        ("#Assign: Bob", "assign", "Bob"),
        ("#Assign : Bob", "assign", "Bob"),
        ("#assign:Bob", "assign", "Bob"),
        ("#assign, Bob", "assign", "Bob"),
        ("#assign – Bob", "assign", "Bob"),
        ("#assign = Bob", "assign", "Bob"),
        ("#assign @bob", "assign", "@bob"),
        ("#assign@bob", "assign", "@bob"),
        ("#assign <bob@example.test>", "assign", "<bob@example.test>"),
        ("*#assign me*", "assign", "me"),
        ("**#assign me**", "assign", "me"),
        ("*#assign* me", "assign", "me"),
        ("*#assign:* me", "assign", "me"),
        ("_#assign me_", "assign", "me"),
        ("`#assign me`", "assign", "me"),
        ("- #assign me", "assign", "me"),
        ("• #assign me", "assign", "me"),
        ("·       #assign me", "assign", "me"),
        ("* #assign me", "assign", "me"),
        ("* *#assign me*", "assign", "me"),
        ("1. #assign me", "assign", "me"),
        ("a) #assign me", "assign", "me"),
        ("#give Bob", "assign", "Bob"),
        ("#send.", "send", ""),
        ("#Send!", "send", ""),
        ("#send anyway: she asked", "send", "anyway: she asked"),
        ("#note *very* odd", "note", "*very* odd"),
        ("#note *very odd*", "note", "*very odd*"),
        ("#done 2", "done", "2"),
        ("#done2", "done", "2"),
        ("#due17/3/2026 agreed", "due", "17/3/2026 agreed"),
        ("#due: 17 March - agreed", "due", "17 March - agreed"),
        ("#status?", "status", "?"),
        ("#ask-in-writing", "ask-in-writing", ""),
        ("#ask–in–writing", "ask-in-writing", ""),
        ("#ask\u2011in\u2011writing", "ask-in-writing", ""),
        ("#ask in writing", "ask-in-writing", ""),
        ("#Ask_in_writing: please", "ask-in-writing", "please"),
        ("#AskInWriting", "ask-in-writing", ""),
        ("#ask in what year it was", "ask", "in what year it was"),
        ("#outcome not upheld", "outcome", "not upheld"),
        ("#reply\x85now", "reply", "now"),
        ("#action ring Jane by 17/3 @bob", "action", "ring Jane by 17/3 @bob"),
    ],
)
def test_a_command_is_read_as_it_is_written(line: str, name: str, rest: str) -> None:
    orders = read(line)

    assert [(one.name, one.rest, one.line) for one in orders.written] == [(name, rest, line)]
    assert (orders.slips, orders.body) == ((), "")


@pytest.mark.parametrize(
    "text",
    [
        "Kind regards,\nBob\n#close",
        "Dear Jane,\n\nWe are sorry.\n\nYours sincerely\n\nBob Smith\nManager\n#close\n01234",
    ],
)
def test_what_stands_right_inside_a_signature_is_no_command(text: str) -> None:
    orders = read(text)

    assert orders.written == () and [slip.buried for slip in orders.slips] == [True]


@pytest.mark.parametrize(
    "text",
    ["Kind regards,\nBob\n\n#close", "Kind regards\n#close", "It is done. Kind regards to all.\nBob\n#close",
     "Best wishes were sent\nto her.\n#close"],
)  # fmt: skip
def test_a_command_set_off_below_the_name_is_meant(text: str) -> None:
    assert [one.name for one in read(text).written] == ["close"]


def test_several_commands_stand_above_within_and_below_the_text() -> None:
    orders = read("#assign me\r\n#severity high\r\n\r\nDear Jane,\r\n\r\nWe are sorry.\r\n\r\n#send\r\n\r\nYours\r\n")

    assert [one.name for one in orders.written] == ["assign", "severity", "send"]
    assert orders.body == "Dear Jane,\n\nWe are sorry.\n\nYours"


def test_two_commands_on_one_line_are_two() -> None:
    orders = read("#close #send anyway #now\n#note #nothing")

    assert [(one.name, one.rest) for one in orders.written] == [
        ("close", ""),
        ("send", "anyway #now"),
        ("note", "#nothing"),
    ]


def test_the_writers_own_earlier_words_end_nothing() -> None:
    assert [one.name for one in read("I wrote:\n#send").written] == ["send"]


def test_the_lines_that_a_command_needs_stay_in_the_text() -> None:
    orders = read("#record\nName: Jane Doe\nEmail: jane@example.test\nChannel: phone\n\nShe waited for an hour.")

    assert [one.name for one in orders.written] == ["record"]
    assert orders.body.startswith("Name: Jane Doe\nEmail:")
    assert orders.body.endswith("She waited for an hour.")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("#asign bob", "assign"),
        ("# asign bob", "assign"),
        ("#assigned bob", "assign"),
        ("#clsoe", "close"),
        ("#sned", "send"),
        ("#outcme upheld", "outcome"),
        ("#ask-in-wriiting", "ask-in-writing"),
        ("#ask in wriiting", "ask-in-writing"),
        ("#sever high", "severity"),
        ("#note-taking", "note"),
        ("#urgent please ring her", None),
        ("#answr\nDear Jane", "reply"),
        ("(#close)", "close"),
        ("“#close”", "close"),
        ("Dear Jane\n→ #close", "close"),
        ("[#assign me]", "assign"),
        ("Dear Jane, we are sorry.\n\n#sned\n", "send"),
    ],
)
def test_what_begins_like_a_command_is_asked_about(text: str, nearest: str | None) -> None:
    orders = read(text)

    assert [slip.nearest for slip in orders.slips] == [nearest]
    assert orders.written == ()
    assert "#" not in orders.body


@pytest.mark.parametrize(
    "text",
    [
        "#1",
        "#12 is the room",
        "# Heading of several words",
        "# Our findings",
        "## Note",
        "#",
        "#!",
        "Dear Jane,\n#customerservice is what we live by",
        "Dear Jane,\n# Summary of it all",
        "#people #care",
        "Please use #close then.",
        "See #assign",
        "C# note",
        "Dear Jane,\n#metoo",
    ],
)
def test_other_lines_with_the_sign_are_text(text: str) -> None:
    assert read(text) == Orders((), (), text)


@pytest.mark.parametrize(
    "mark",
    [
        "> boiler",
        ">boiler",
        "  > boiler",
        "| boiler",
        "\u200b> boiler",
        "-----Original Message-----",
        "________________________________\nFrom: Jane Doe\nSent: 17 March\nTo: info",
        "From: Jane Doe <jane@example.test>",
        "*From:* Jane Doe\n*Sent:* Friday\n*To:* info",
        "Von: Jane Doe\nGesendet: Freitag",
        "On Fri, 20 Nov 2026 at 09:00, Jane Doe wrote:",
        "On Fri, 20 Nov 2026 at 09:00, Jane Doe\n<jane@example.test> wrote:",
        "Begin forwarded message:",
        "---------- Forwarded message ---------",
    ],
)
def test_nothing_is_a_command_below_what_another_wrote(mark: str) -> None:
    orders = read(f"#note\nDear Jane, we look into it.\n\n{mark}\n#outcome upheld\n#close")

    assert [one.name for one in orders.written] == ["note"]
    assert orders.slips == ()


@pytest.mark.parametrize("quoted", ["> #close", ">#close", "| #close", ">> #close", "＞ #close", "\ufeff> #close"])
def test_a_quoted_command_is_none(quoted: str) -> None:
    assert read(quoted) == Orders((), (), quoted)


@pytest.mark.parametrize("mark", ["-- ", "--", "–", "—", "____________", "-- \r"])
def test_a_command_below_the_signature_is_not_done_but_told(mark: str) -> None:
    orders = read(f"#note\nShe rang.\n{mark}\nBob\n#close\n#asigned by Bob\n")

    if mark == "–":  # a dash alone is no signature
        assert [one.name for one in orders.written] == ["note", "close"]
    else:
        assert [one.name for one in orders.written] == ["note"]
        assert orders.slips == (Slip("#close", "close", buried=True),)


def test_a_hidden_line_end_starts_no_line() -> None:
    text = "Dear Jane\u2028#close\x0b#close\x0c#close\x1d#close\r#close"

    assert read(text).written == ()


def test_a_line_about_the_sender_in_prose_ends_nothing() -> None:
    orders = read("From: the director\nto all of us, thanks.\n#note")

    assert [one.name for one in orders.written] == ["note"]


@pytest.mark.parametrize(
    "hostile",
    [
        "#asign\n",
        "#a",
        "# ",
        "#ask in writing ",
        "#ask in wriitin\n",
        " ",
        "\n",
        "\u200b",
        "*#",
        "-",
        "--\n",
        "- #",
        "From: x\n",
        "wrote:",
        "#note\n",
        "#note\n\n",
        "1. ",
        "#n-",
        "\u00a0\n",
    ],
)
def test_a_megabyte_of_anything_is_read_within_a_second(hostile: str) -> None:
    text = hostile * (1_000_000 // len(hostile))
    start = time.process_time()

    read(text)

    assert time.process_time() - start < MUCH


def test_a_megabyte_of_different_mistakes_is_read_within_a_second() -> None:
    text = "\n".join(
        f"#asi{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676 % 26)}n" for n in range(110_000)
    )
    start = time.process_time()

    read(text)

    assert time.process_time() - start < MUCH

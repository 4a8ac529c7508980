"""Whoever is complained about, or has left, gets nothing of a case and can do nothing on it, whatever they have."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from tests.support import wire
from tests.support.bureau import ADDRESS, AT_ONCE, JANE, Bureau, a_letter, answering, click, reply
from tests.support.office import a_mail
from tests.support.staff import Got

ABOUT = "[CMS-2026-000001]"
VOUCHED = b"Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test\r\n"
SECRET = "PURPLE-HERON"


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


@pytest.fixture
def bureau(staffed: Staffed) -> Bureau:
    """Hal deals with a case, has written an answer that waits for his yes, and then it turns out to be about him."""
    bureau = staffed(imap='authserv_id = "mx.example.test"', extra='[relay]\nhold = "1h"\nconfirm = "always"\n')
    bureau.complains(f"The room was cold and nobody came. I want my money back. {SECRET}")
    return bureau


def handled(bureau: Bureau) -> tuple[Got, Got, Got]:
    """Dana's notice, Hal's, and the one that shows Hal his answer."""
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    bureau.takes(reply("hal", given, "Dear Jane,\n\nI am sorry, here is your money.", quotes=False))
    [shown] = bureau.gets("hal")
    return notice, given, shown


def vouched(who: str, subject: str, words: str) -> bytes:
    return VOUCHED + a_letter(who, subject, words).as_bytes()


def nothing_for(bureau: Bureau, who: str) -> None:
    """Nothing that came since they last looked tells of the case."""
    for got in bureau.gets(who):
        said = wire.words_of(got.raw)
        assert SECRET not in said and JANE not in said and "money back" not in said
        assert got.mail["Complaint-Reference"] is None


def test_who_is_complained_about_can_use_nothing_that_they_were_sent_before(bureau: Bureau) -> None:
    notice, given, shown = handled(bureau)
    bureau.takes(reply("dana", notice, "#about Hal", quotes=False))
    assert bureau.rows("SELECT email, standing FROM case_person") == [("hal@staff.test", "complained about")]
    before = bureau.state()
    bureau.gets("hal")

    bureau.takes(
        reply("hal", shown, "yes", quotes=False),
        click("hal", shown, "Yes, send it"),
        reply("hal", given, "Dear Jane, all is well.", quotes=False),
        reply("hal", given, "#close because I say so", quotes=False),
        reply("hal", given, "#about nobody", quotes=False),
        reply("hal", given, "#assign me", quotes=False),
        click("hal", given, "How does it stand?")
        if "How does it stand?" in given.links()
        else vouched("hal", "", "#help"),
        vouched("hal", ABOUT, "#status"),
        vouched("hal", ABOUT, "#yes"),
        vouched("hal", ABOUT, "#undo"),
        vouched("hal", "", "#status CMS-2026-000001"),
        VOUCHED + a_letter("hal", ABOUT, "Dear Jane, it was me.", to=f"{JANE}, {ADDRESS}").as_bytes(),
    )

    assert bureau.state() == before
    nothing_for(bureau, "hal")
    assert bureau.rows("SELECT id FROM letter WHERE kind = 'answer'") == []


def test_a_held_mail_of_theirs_is_not_obeyed_by_a_yes_after_it(bureau: Bureau) -> None:
    notice, _, _ = handled(bureau)
    bureau.takes(a_letter("hal", ABOUT, "#close because it is done").as_bytes())
    [asked] = [got for got in bureau.gets("hal") if got.subject == "Did you write this?"]
    bureau.takes(reply("dana", notice, "#about Hal", quotes=False))
    before = bureau.state()["cases"]
    bureau.gets("hal")

    bureau.takes(reply("hal", asked, "yes", quotes=False))

    assert bureau.state()["cases"] == before
    nothing_for(bureau, "hal")


def test_their_answer_that_has_not_left_is_taken_back(staffed: Staffed) -> None:
    bureau = staffed(extra='[relay]\nhold = "1h"\nconfirm = "never"\n')
    bureau.complains("The room was cold and nobody came. I want my money back.")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    bureau.takes(reply("hal", given, "Dear Jane,\n\nI am sorry, here is your money.", quotes=False))
    assert bureau.rows("SELECT state FROM letter WHERE kind = 'answer'") == [("queued",)]

    bureau.takes(reply("dana", notice, "#about Hal", quotes=False))

    assert bureau.rows("SELECT state FROM letter WHERE kind = 'answer'") == [("cancelled",)]


def test_they_cannot_find_out_that_there_is_a_case_about_them(staffed: Staffed) -> None:
    bureau = staffed(imap='authserv_id = "mx.example.test"')
    bureau.complains("I want to complain about Hal Handler, who shouted at me twice.")
    assert bureau.rows("SELECT email, standing FROM case_person") == [("hal@staff.test", "suspected")]
    assert bureau.gets("hal") == []

    answers = []
    for reference in ("CMS-2026-000001", "CMS-2026-000099"):
        for words in ("#status", "#close because", "#assign me", "#link CMS-2026-000001", "I know nothing of it."):
            bureau.takes(vouched("hal", f"[{reference}]", words))
            answers.append([got.words.replace(wire.TOKEN.search(got.words)[0], "") if wire.TOKEN.search(got.words)
                            else got.words for got in bureau.gets("hal")])  # fmt: skip

    half = len(answers) // 2
    assert [len(one) for one in answers[:half]] == [len(one) for one in answers[half:]]
    for one, other in zip(answers[:half], answers[half:], strict=True):
        assert [wire.TOKEN.sub("", words) for words in one] == [wire.TOKEN.sub("", words) for words in other]


def test_what_is_split_off_is_about_the_same_people(bureau: Bureau) -> None:
    notice, _, _ = handled(bureau)
    [acknowledged] = bureau.all_to(JANE)
    second = a_mail(ADDRESS, sender=JANE, body="And the roof leaks, another matter. I complain about that too.",
                    headers=[f"In-Reply-To: {acknowledged.message_id}"])  # fmt: skip
    bureau.takes(second)
    bureau.takes(reply("dana", notice, "#about Hal", quotes=False))
    bureau.gets("hal")

    bureau.takes(reply("dana", notice, "#split", quotes=False))

    assert bureau.rows("SELECT email, standing FROM case_person WHERE case_id = 2") == [
        ("hal@staff.test", "complained about")
    ]
    assert bureau.gets("hal") == []
    owners = bureau.rows("SELECT owner, handler FROM cases WHERE id = 2")
    assert "hal@staff.test" not in str(owners)


def test_a_case_about_somebody_is_not_merged_into_one_that_is_not(bureau: Bureau) -> None:
    notice, _, _ = handled(bureau)
    bureau.takes(reply("dana", notice, "#about Hal", quotes=False))
    bureau.clock.on(days=3)
    bureau.complains("Another thing: the lift in Ash House is stuck, and my mother cannot leave. I complain.")
    bureau.gets("dana")

    bureau.takes(reply("dana", notice, "#merge CMS-2026-000002", quotes=False))

    assert bureau.rows("SELECT status FROM cases ORDER BY id") == [("new",), ("new",)]
    assert "stay two cases" in bureau.gets("dana")[-1].words


@pytest.mark.parametrize("who", ["bea", "hal"])
def test_a_complaint_about_somebody_that_is_passed_on_is_kept_from_them(staffed: Staffed, who: str) -> None:
    bureau = staffed(imap='authserv_id = "mx.example.test"')
    words = (
        "Please see below.\n\n---------- Forwarded message ---------\nFrom: Jane Doe <jane@complainants.test>\n"
        f"Date: Mon, 16 Nov 2026 09:00:00 +0000\nSubject: Complaint\nTo: {who}@staff.test\n\n"
        f"I want to complain about Hal Handler, who shouted at me twice. {SECRET}\n"
    )

    bureau.takes(vouched(who, "Fwd: Complaint", words))

    assert bureau.rows("SELECT complainant_email FROM cases") == [(JANE,)]
    assert bureau.rows("SELECT email, standing FROM case_person") == [("hal@staff.test", "suspected")]
    nothing_for(bureau, "hal")
    assert any(SECRET in got.words for got in bureau.gets("dana"))


def test_who_has_left_is_a_stranger_and_their_tokens_are_worth_nothing(staffed: Staffed) -> None:
    bureau = staffed()
    bureau.complains(f"The room was cold and nobody came. I want my money back. {SECRET}")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    label = next(iter(given.links()))

    later = staffed(without=("hal",))
    before, letters = later.state(1), len(list(later.outgoing(staff=False)))
    later.takes(
        reply("hal", given, "Dear Jane,\n\nI have left, but here is your money.", quotes=False),
        reply("hal", given, "#close because I leave", quotes=False),
        click("hal", given, label),
        a_letter("hal", f"Re: {ABOUT}", "What became of it?", headers=answering(given)).as_bytes(),
        a_letter("hal", f"Re: {ABOUT}", "#status").as_bytes(),
    )

    assert later.state(1) == before
    told = list(later.outgoing(staff=False))[letters:]
    assert {recipient for recipient, _ in told} <= {"hal@staff.test"}
    for _, data in told:
        said = wire.words_of(data)
        assert SECRET not in said and "room was cold" not in said and "CMS-2026-000001" not in said
    asked = [why for [why] in later.rows("SELECT why FROM obligation WHERE kind = 'attend'")]
    assert any("is not on it: may they?" in why for why in asked)


def test_who_has_a_part_in_another_policy_alone_cannot_see_or_change_a_case(staffed: Staffed) -> None:
    other = '[[person]]\nname = "Ola Other"\nemail = "ola@staff.test"\nroles = ["manager"]\npolicies = ["ace"]\n'
    bureau = staffed(imap='authserv_id = "mx.example.test"', extra=f"{AT_ONCE}{other}")
    bureau.complains(f"The room was cold and nobody came. I want my money back. {SECRET}")
    before = bureau.state()

    bureau.takes(*(vouched("ola", ABOUT, words) for words in ("#status", "#assign me", "#kind spam", "I take it.")))

    assert bureau.state() == before
    nothing_for(bureau, "ola")


ANSWERING_NOTHING = ["#yes", "yes", "#close because it is settled", "#outcome upheld\n\nWe were wrong."]


def test_what_needs_a_token_is_not_done_on_a_servers_word_even_by_way_of_an_offer(staffed: Staffed) -> None:
    bureau = staffed(imap='authserv_id = "mx.example.test"')
    bureau.complains("The room was cold and nobody came. I want my money back.")
    bureau.gets("dana")
    before = bureau.state()

    bureau.takes(vouched("dana", ABOUT, "#close because it is settled"))
    [asked] = bureau.gets("dana")
    assert "Shall this be done?" in asked.subject
    bureau.takes(*(vouched("dana", ABOUT, words) for words in ANSWERING_NOTHING))

    after = bureau.state()
    assert (after["cases"], after["duties"], after["letters"]) == (before["cases"], before["duties"], before["letters"])
    bureau.takes(reply("dana", asked, "yes", quotes=False))
    assert bureau.rows("SELECT status FROM cases") == [("closed",)]

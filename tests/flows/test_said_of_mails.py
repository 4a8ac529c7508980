"""What staff say of a mail: who may say it of which, who has it on their list, and what taking it back brings back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from complaintmail.triage.verdicts import Kind
from tests.support.bureau import JANE, Bureau, click, reply
from tests.support.nonsense import always
from tests.support.staff import Got

UNSURE = "Booking 1234. Kindly ring."
QUESTION = "Could you please tell me when the next course starts, and how much it costs? What are the opening hours?"
HELD = ["X-Auto-Response-Suppress: All"]
DANA_AWAY = (
    '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["operations-director", "managing-director"]\n'
    'away = ["2026-11-19..2026-11-30"]\ndeputy = "hal@staff.test"\n'
)
OF_CIM = '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["policy-owner"]\n'


def lets_go(bureau: Bureau) -> Bureau:
    """Its judge is sure that whatever comes is an enquiry."""
    bureau.judges(always(Kind.ENQUIRY, 0.05))
    return bureau


def said(gots: list[Got]) -> str:
    return " ".join(" ".join(got.words.split()) for got in gots)


def letters(bureau: Bureau) -> list[tuple[Any, ...]]:
    return bureau.rows("SELECT kind, state FROM letter WHERE audience = 'complainant' ORDER BY created_at")


def test_a_letter_that_did_not_go_for_an_enquiry_waits_again_when_that_is_taken_back(bureau: Bureau) -> None:
    bureau.complains(UNSURE, subject="Booking", headers=HELD)
    asked = next(got for got in bureau.gets("dana") if "It is only an enquiry" in got.links())
    before = bureau.rows("SELECT state, reason FROM letter WHERE audience = 'complainant'")
    bureau.takes(click("dana", asked, "It is only an enquiry"))
    assert letters(bureau) == [("unsure", "cancelled")]

    bureau.takes(reply("dana", asked, "#undo"))

    assert before[0][0] == "held"
    assert bureau.rows("SELECT state, reason FROM letter WHERE audience = 'complainant'") == before
    assert bureau.rows("SELECT COUNT(*) FROM obligation WHERE kind = 'acknowledge' AND state = 'open'") == [(1,)]


def test_whoever_was_suspected_is_so_again_when_it_is_no_praise_after_all(bureau: Bureau) -> None:
    bureau.complains("Hal came to us on Monday, as he does each week, with the slides.\n\nJane", subject="Monday")
    asked = next(got for got in bureau.gets("dana") if "It is praise" in got.links())
    before = bureau.rows("SELECT email, standing FROM case_person")
    assert before == [("hal@staff.test", "suspected")]
    bureau.takes(click("dana", asked, "It is praise"))

    bureau.takes(reply("dana", asked, "#undo"))

    assert bureau.rows("SELECT email, standing FROM case_person") == before


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("Bea was lovely, but Hal Handler shouted at me. I want to complain.", ["hal@staff.test"]),
        (
            "Bea was lovely, but then shouted, as did Hal Handler. I want to complain.",
            ["bea@staff.test", "hal@staff.test"],
        ),
    ],
    ids=["only praised", "perhaps not"],
)
def test_only_whom_it_may_be_about_is_held_from_it(bureau: Bureau, words: str, held: list[str]) -> None:
    bureau.complains(words, subject="Monday")

    assert bureau.rows("SELECT email, standing FROM case_person ORDER BY 1") == [(one, "suspected") for one in held]
    asked = next(got for got in bureau.gets("dana") if "Yes, about Hal Handler" in got.links())
    assert ("Yes, about Bea Board" in asked.links()) is (len(held) > 1)


def test_a_colleagues_mail_on_the_list_becomes_a_case_by_its_click(bureau: Bureau) -> None:
    lets_go(bureau)
    bureau.complains(QUESTION, sender="bea@staff.test", subject="Courses")
    bureau.gets("bea")
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()
    [listed] = bureau.gets("dana")

    bureau.takes(click("dana", listed, next(label for label in listed.links() if label.startswith("Mail 1"))))

    assert bureau.rows("SELECT kind, complainant_email FROM cases") == [("complaint", "bea@staff.test")]
    assert [got.subject for got in bureau.gets("bea")] == ["We have received your complaint [CMS-2026-000001]"]


def test_of_a_case_that_is_about_them_nobody_says_what_its_mail_is_by_its_number(bureau: Bureau) -> None:
    bureau.complains("I complain about Hal Handler. He shouted at me, it was a disgrace.")
    asked = next(got for got in bureau.gets("dana") if any("is about" in label for label in got.links()))
    bureau.takes(reply("dana", asked, "#about Hal Handler"))
    bureau.complains("The room was cold again, and I am furious.", sender="joe@complainants.test")
    notice = next(got for got in bureau.gets("dana") if "CMS-2026-000002" in got.subject)
    bureau.takes(reply("dana", notice, "#assign Hal Handler"))
    [his] = [got for got in bureau.gets("hal") if "CMS-2026-000002" in got.subject]
    taught = bureau.rows("SELECT * FROM taught")

    bureau.takes(reply("hal", his, "#kind spam 1"), reply("hal", his, "#kind complaint 1"))

    answers = said(bureau.gets("hal"))
    assert bureau.rows("SELECT * FROM taught") == taught
    assert answers.count("There is no mail 1") == 2 and "CMS-2026-000001" not in answers


def test_who_stands_in_has_no_mail_on_their_list_that_names_them(staffed: Callable[..., Bureau]) -> None:
    bureau = lets_go(staffed(staff=DANA_AWAY))
    bureau.complains(f"{QUESTION} Is it Hal Handler who teaches?", subject="Courses")
    bureau.complains(QUESTION.replace("course", "class"), sender="joe@complainants.test", subject="Classes")
    assert bureau.rows("SELECT kind FROM message") == [("enquiry",), ("enquiry",)]
    for _ in range(9):
        bureau.clock.on(days=1, hours=-2 if not bureau.seen else 0)
        bureau.passes()

    everybody = {who: said(bureau.all_to(who)) for who in ("dana", "hal", "bea")}
    assert "“Classes” (mail 2)" in everybody["hal"]
    assert "“Courses”" not in everybody["hal"]
    assert "“Courses” (mail 1)" in everybody["dana"] + everybody["bea"]


def test_a_robot_whose_mail_becomes_a_case_is_sent_no_letter(bureau: Bureau) -> None:
    bureau.complains("I complain: the room was cold.", sender="joe@complainants.test")
    notice = bureau.gets("dana")[0]
    bureau.complains("I am away until Monday.", subject="Away", headers=["Auto-Submitted: auto-replied"])
    [(number,)] = bureau.rows("SELECT id FROM message WHERE kind = 'auto-reply'")

    bureau.takes(reply("dana", notice, f"#kind complaint {number}"))

    assert bureau.rows("SELECT reference FROM cases WHERE id = 2") == [("CMS-2026-000002",)]
    assert bureau.gets(JANE) == []
    assert "no letter went to them by itself" in said(bureau.gets("dana"))


def test_a_mail_whose_file_is_gone_becomes_a_case_and_keeps_no_other_waiting(bureau: Bureau) -> None:
    lets_go(bureau)
    bureau.complains("When does it begin? " * 120_000, subject="Courses")
    [kept] = (bureau.folder / "raw").iterdir()
    away = kept.rename(bureau.folder / "away")
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()
    [listed] = bureau.gets("dana")

    bureau.takes(reply("dana", listed, "#kind complaint 1"))

    assert bureau.rows("SELECT reference, complainant_email FROM cases") == [("CMS-2026-000001", JANE)]
    assert [got.subject for got in bureau.gets(JANE)] == ["We have received your complaint [CMS-2026-000001]"]
    away.rename(kept)


def test_an_area_that_is_taken_off_says_nothing_of_the_mail(staffed: Callable[..., Bureau]) -> None:
    bureau = staffed(policy="cim", staff=OF_CIM, without=("hal", "bea"))
    bureau.complains("The room was cold, and I am furious.")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#area assessment"))

    bureau.takes(reply("dana", notice, "#area none"))

    assert bureau.rows("SELECT area FROM cases") == [(None,)]
    assert bureau.rows("SELECT area FROM taught") == [(None,)]


def test_what_is_owed_again_is_owed_by_nobody_whom_it_is_about(bureau: Bureau) -> None:
    bureau.complains("Dana of your office was rude to me on the telephone, and I am furious.")
    who, asked = next((who, got) for who in ("hal", "bea") for got in bureau.gets(who))
    bureau.takes(reply(who, asked, "#about Dana"))
    bureau.takes(reply(who, asked, "#kind enquiry"))

    bureau.takes(reply(who, asked, "#kind complaint"))

    owed = bureau.rows("SELECT kind, owner FROM obligation WHERE state = 'open'")
    assert owed and all("dana@staff.test" not in owner for _, owner in owed), owed


def test_whom_praise_names_has_nothing_of_it_once_it_is_a_complaint(bureau: Bureau) -> None:
    bureau.judges(always(Kind.COMPLIMENT, 0.05))
    bureau.complains(
        "Hal Handler taught us on Monday, as he does each week, with the slides.\n\nJane", subject="Monday"
    )
    assert "Praise for you [CMS-2026-000001]" in [got.subject for got in bureau.gets("hal")]
    [handed] = bureau.gets("dana")

    bureau.takes(reply("dana", handed, "#kind complaint"))

    assert bureau.rows("SELECT email, standing FROM case_person") == [("hal@staff.test", "suspected")]
    asked = [got for got in bureau.gets("dana") if "Yes, about Hal Handler" in got.links()]
    assert len(asked) == 1 and bureau.gets("hal") == []
    owed = bureau.rows("SELECT owner FROM obligation WHERE state = 'open'")
    assert owed and all("hal@staff.test" not in owner for (owner,) in owed)


def test_a_forms_mail_that_becomes_a_case_is_its_writers_and_puts_no_words_of_theirs_into_the_letter(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = lets_go(staffed(box='plus_addressing = true\nforms = ["web@example.test"]'))
    kim = "kim@complainants.test"
    bureau.complains(QUESTION, sender="web@example.test", subject="Form", headers=[f"Reply-To: Kim Form <{kim}>"])
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()

    bureau.takes(reply("dana", bureau.gets("dana")[0], "#kind complaint 1"))

    assert bureau.rows("SELECT complainant_email, complainant_name, channel FROM cases") == [
        (kim, "Kim Form", "website")
    ]
    [letter] = bureau.gets(kim)
    assert letter.words.startswith("Hello,") and letter.mail["In-Reply-To"] is not None


def test_who_stands_in_later_in_the_week_is_not_asked_again_of_what_was_let_go(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = lets_go(staffed(staff=DANA_AWAY.replace("2026-11-19", "2026-11-25")))
    bureau.complains(QUESTION, subject="Courses")
    for _ in range(9):
        bureau.clock.on(days=1)
        bureau.passes()

    asked = [who for who in ("dana", "hal") for got in bureau.all_to(who) if "rightly no complaints" in got.subject]
    assert asked == ["dana"]


def test_what_is_said_of_a_mail_in_answer_to_another_cases_notice_is_nothing_of_that_case(bureau: Bureau) -> None:
    bureau.complains("I am furious: the room was cold, it was a disgrace.")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#severity high"))
    lets_go(bureau)
    bureau.complains(QUESTION, sender="joe@complainants.test", subject="Courses")
    [(number,)] = bureau.rows("SELECT id FROM message WHERE subject = 'Courses'")

    bureau.takes(reply("dana", notice, f"#kind complaint {number}"))

    assert bureau.rows("SELECT case_id FROM event WHERE what = 'staff_kind'") == [(None,)]
    bureau.takes(reply("dana", notice, "#undo"))
    assert bureau.rows("SELECT severity FROM cases ORDER BY id") == [("medium",), ("medium",)]

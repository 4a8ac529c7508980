"""Appeals: in time and late, heard by somebody who had no part in the first answer, who gets everything in one mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from complaintmail.store.reading import open_casebook
from complaintmail.store.verify import verify
from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, a_letter, answering, click, reply
from tests.support.staff import Got

MORE = (
    '\n[[person]]\nname = "Cleo Chair"\nemail = "cleo@staff.test"\nroles = ["board"]\n'
    '[[person]]\nname = "Dora Director"\nemail = "dora@staff.test"\nroles = ["directors"]\n'
)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    office = a_bureau(tmp_path, extra=AT_ONCE + MORE)
    yield office
    office.office.close()


def said(got: Got) -> str:
    return " ".join(got.words.replace("\r\n", "\n").replace("\n> ", "\n").split())


def titled(got: list[Got], words: str) -> Got:
    return next(each for each in reversed(got) if words in each.subject)


def answered(bureau: Bureau, by: str = "hal") -> Got:
    """A complaint with its outcome: the letter that the complainant has."""
    bureau.complains("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], f"#assign {by}"))
    notice = titled(bureau.gets(by), "Yours to deal with")
    bureau.takes(reply(by, notice, "#outcome not upheld\n\nThe tutor was on time by the register."))
    bureau.takes(click(by, titled(bureau.gets(by), "Look at the letter"), "Send it as it is"))
    return titled(bureau.all_to(JANE), "The outcome")


def writes(bureau: Bureau, outcome: Got, words: str) -> None:
    bureau.takes(a_letter(JANE, f"Re: {outcome.subject}", words, headers=answering(outcome)).as_bytes())


def status(bureau: Bureau) -> str:
    return str(bureau.rows("SELECT status FROM cases WHERE id = 1")[0][0])


APPEAL = "I do not accept this. The register is wrong, and three others will say so. I want to appeal."


def test_cms_2_2a_a_reply_in_time_that_disputes_the_outcome_is_an_appeal(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), APPEAL)

    assert status(bureau) == "appealed"
    letter = titled(bureau.all_to(JANE), "We have received your appeal")
    assert "Wednesday 2 December 2026" in said(letter)
    kinds = dict(bureau.rows("SELECT kind, state FROM obligation WHERE kind LIKE 'appeal-%'"))
    assert kinds == {"appeal-acknowledge": "met", "appeal-answer": "open"}


def test_cms_2_2b_a_board_member_is_asked_whether_they_were_involved_before_they_get_the_file(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), APPEAL)

    asked = titled(bureau.gets("cleo"), "Were you involved?")
    assert "register is wrong" not in said(asked) and "tutor" not in said(asked)

    bureau.takes(click("cleo", asked, "I was not involved: I hear the appeal"))
    whole = titled(bureau.gets("cleo"), "An appeal for you to hear")
    for words in ("The register is wrong", "The tutor was on time by the register", "forty minutes late"):
        assert words in said(whole)


def test_cms_2_2b_who_was_involved_says_so_and_the_next_is_asked(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), APPEAL)
    bureau.takes(click("cleo", titled(bureau.gets("cleo"), "Were you involved?"), "I was involved: ask somebody else"))

    assert titled(bureau.gets("bea"), "Were you involved?")


def test_94_who_answered_first_cannot_hear_the_appeal(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), APPEAL)
    asked = titled(bureau.gets("cleo"), "Were you involved?")
    bureau.takes(reply("cleo", asked, "#assign Hal"))

    trouble = bureau.gets("cleo")[-1]
    assert "had a part in the first answer" in said(trouble) and "#assign Bea Board" in said(trouble)


def test_a_board_member_who_answered_first_is_not_asked(bureau: Bureau) -> None:
    writes(bureau, answered(bureau, "cleo"), APPEAL)

    assert not [got for got in bureau.gets("cleo") if "Were you involved?" in got.subject]
    assert titled(bureau.gets("bea"), "Were you involved?")


def test_cms_3_1_the_appeal_letter_says_where_to_go_next_and_closes_the_case(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), APPEAL)
    bureau.takes(
        click("cleo", titled(bureau.gets("cleo"), "Were you involved?"), "I was not involved: I hear the appeal")
    )
    whole = titled(bureau.gets("cleo"), "An appeal for you to hear")
    bureau.takes(reply("cleo", whole, "#outcome upheld\n\nThe register was filled in afterwards. You were right."))
    bureau.takes(click("cleo", titled(bureau.gets("cleo"), "Look at the letter"), "Send it as it is"))

    letter = titled(bureau.all_to(JANE), "The outcome of your appeal")
    assert "We uphold your appeal." in said(letter) and "the awarding organisation" in said(letter)
    assert status(bureau) == "closed"
    assert bureau.rows("SELECT state FROM obligation WHERE kind = 'appeal-answer'") == [("met",)]


def test_93_a_late_appeal_is_put_before_a_person_with_its_dates(bureau: Bureau) -> None:
    outcome = answered(bureau)
    bureau.clock.on(days=30)
    bureau.gets("hal"), bureau.gets("dana")
    writes(bureau, outcome, APPEAL)

    assert status(bureau) == "closed"
    asked = titled([*bureau.gets("hal"), *bureau.gets("dana")], "[CMS-2026-000001]")
    assert "2 December 2026" in said(asked) and "Take up the appeal" in said(asked)

    bureau.takes(reply("dana", titled(bureau.all_to("dana"), "[CMS-2026-000001]"), "#appeal accept"))
    assert status(bureau) == "appealed"


def test_42_thanks_after_an_outcome_change_nothing(bureau: Bureau) -> None:
    writes(bureau, answered(bureau), "Thank you very much.")

    assert status(bureau) == "closed"
    assert not bureau.rows("SELECT 1 FROM obligation WHERE kind = 'attend' AND state = 'open'")


def heard(bureau: Bureau) -> Got:
    """An appeal that was heard: the letter that ends it."""
    writes(bureau, answered(bureau), APPEAL)
    asked = titled(bureau.gets("cleo"), "Were you involved?")
    bureau.takes(click("cleo", asked, "I was not involved: I hear the appeal"))
    whole = titled(bureau.gets("cleo"), "An appeal for you to hear")
    bureau.takes(reply("cleo", whole, "#outcome not upheld\n\nThe register is right."))
    bureau.takes(click("cleo", titled(bureau.gets("cleo"), "Look at the letter"), "Send it as it is"))
    return titled(bureau.all_to(JANE), "The outcome of your appeal")


def test_96_after_the_answer_to_an_appeal_there_is_no_second_one(bureau: Bureau) -> None:
    final = heard(bureau)
    before = len(bureau.all_to(JANE))
    writes(bureau, final, APPEAL)

    assert status(bureau) == "closed"
    assert len(bureau.all_to(JANE)) == before
    assert bureau.rows("SELECT COUNT(*) FROM obligation WHERE kind = 'attend' AND state = 'open'") == [(1,)]


def test_a_case_with_an_appeal_is_whole(bureau: Bureau) -> None:
    heard(bureau)

    reader = open_casebook(f"sqlite:///{bureau.folder}/cm.db")
    found = list(verify(reader, bureau.folder / "raw"))
    reader.close()
    assert [str(one) for one in found if not one.note] == []

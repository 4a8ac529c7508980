"""What each policy wants of an outcome: who is told, what is asked for, when a case may close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

FINDINGS = "The centre marked the wrong paper. You were right to tell us."
Opens = Callable[[str], Bureau]


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    opened: list[Bureau] = []

    def begin(policy: str) -> Bureau:
        opened.append(a_bureau(tmp_path, policy=policy, extra=AT_ONCE))
        return opened[-1]

    yield begin
    for bureau in opened:
        bureau.office.close()


def said(got: Got) -> str:
    return " ".join(got.words.replace("\r\n", "\n").replace("\n> ", "\n").split())


def titled(got: list[Got], words: str) -> Got:
    return next(each for each in reversed(got) if words in each.subject)


def drafted(bureau: Bureau, words: str) -> Got:
    """A complaint that Hal has, and the draft of his outcome."""
    bureau.complains("The wrong paper was marked and nobody answers. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    notice = titled(bureau.gets("hal"), "Yours to deal with")
    bureau.takes(reply("hal", notice, f"#outcome upheld\n\n{FINDINGS}\n\n{words}"))
    return titled(bureau.gets("hal"), "Look at the letter")


def send(bureau: Bureau, draft: Got) -> Got:
    bureau.takes(click("hal", draft, "Send it as it is"))
    return titled(bureau.all_to(JANE), "The outcome")


def status(bureau: Bureau) -> str:
    return str(bureau.rows("SELECT status FROM cases WHERE id = 1")[0][0])


def test_cim_result_both_the_result_and_what_is_done_against_it(opens: Opens) -> None:
    bureau = opens("cim")
    letter = send(bureau, drafted(bureau, "Prevention: two people check each paper"))

    assert FINDINGS.split(".")[0] in said(letter)
    assert "So that it does not happen again two people check each paper" in said(letter)
    assert "You can appeal" not in said(letter)
    assert "Ofqual (for England)" in said(letter)


def test_cim_result_the_second_may_be_left_out_with_a_reason(opens: Opens) -> None:
    bureau = opens("cim")
    letter = send(bureau, drafted(bureau, "Prevention: none, because it was a single slip"))

    assert "single slip" not in said(letter) and "does not happen again" not in said(letter)
    assert status(bureau) == "closed"


def test_ace_four_its_four_questions_are_asked_and_the_operations_director_has_a_copy(opens: Opens) -> None:
    bureau = opens("ace")
    draft = drafted(bureau, "Actions: mark it again @Hal\nResolution: marked again, with the right result")
    for question in ("stay dissatisfied?", "support or training?", "resources be moved?", "procedure be changed?"):
        assert question in said(draft)

    answers = "\n".join(f"{line} No." for line in ASKS_OF_ACE)
    bureau.takes(reply("hal", draft, f"#send\n{answers}"))
    bureau.gets("dana")
    letter = send(bureau, titled(bureau.gets("hal"), "Look at the letter"))

    assert "marked again, with the right result" in said(letter)
    assert "The outcome of a complaint" in titled(bureau.gets("dana"), "The outcome of a complaint").subject
    [(course,)] = bureau.rows("SELECT course FROM cases WHERE id = 1")
    assert "Should a procedure be changed?" in course


ASKS_OF_ACE = (
    "Might the customer stay dissatisfied?",
    "Do staff need more support or training?",
    "Should resources be moved?",
    "Should a procedure be changed?",
)


def test_sek_meet_a_case_is_not_closed_without_the_meeting_or_the_reason(opens: Opens) -> None:
    bureau = opens("sek")
    draft = drafted(bureau, "Learning: read the number of the paper")
    assert "Meeting" in said(draft)
    bureau.takes(reply("hal", draft, "#send anyway we could not reach her"))

    assert status(bureau) == "closed"


def test_sek_learn_what_was_learnt_is_in_the_letter_and_on_the_case(opens: Opens) -> None:
    bureau = opens("sek")
    letter = send(
        bureau, drafted(bureau, "Learning: read the number of the paper\nMeeting: we spoke on 17 November 2026")
    )

    assert "What we learnt read the number of the paper" in said(letter)
    assert status(bureau) == "closed"
    assert "read the number" in bureau.rows("SELECT course FROM cases WHERE id = 1")[0][0]
    assert bureau.rows("SELECT text, who, kind FROM case_action") == [
        ("read the number of the paper", "hal@staff.test", "learning")
    ]


def test_sek_learn_what_was_learnt_has_an_owner_and_a_day_and_reminds_them(opens: Opens) -> None:
    bureau = opens("sek")
    learnt = "Learning:\n- Read the number of the paper by 30 November 2026 @Dana\n- Ring\n  back the same day\n"
    letter = send(bureau, drafted(bureau, f"{learnt}Meeting: we spoke on 17 November 2026"))
    assert "Read the number of the paper by 30 November 2026" in said(letter) and "@Dana" not in said(letter)
    assert bureau.rows('SELECT text, "by", who, kind FROM case_action ORDER BY n') == [
        ("Read the number of the paper", "2026-11-30", "dana@staff.test", "learning"),
        ("Ring back the same day", "2027-02-18", "hal@staff.test", "learning"),
    ]
    assert bureau.rows("SELECT DISTINCT clause, state FROM obligation WHERE kind = 'action'") == [("SEK-learn", "open")]

    for _ in range(14):
        bureau.clock.moment += timedelta(days=1)
        bureau.passes()

    told = [got for got in bureau.all_to("dana") if "action" in got.subject]
    assert told[0].subject.startswith("Reminder: action due by Monday 30 November")
    assert told[-1].subject.startswith("Late since Monday 30 November: action")
    bureau.takes(click("dana", told[-1], "It is done already"))
    assert [row[0] is not None for row in bureau.rows("SELECT done_at FROM case_action ORDER BY n")] == [True, False]


def test_sek_report_the_written_report_goes_as_pdf_and_names_the_appeal(opens: Opens) -> None:
    bureau = opens("sek")
    letter = send(bureau, drafted(bureau, "Learning: none, nothing new\nMeeting: on 17 November 2026"))

    assert "You can appeal to our Director" in said(letter)
    assert [part.get_content_type() for part in letter.mail.walk()].count("application/pdf") == 1


FOUR = "\n".join(f"{line} No." for line in ASKS_OF_ACE)


def test_ace_6_the_case_is_complete_once_what_was_done_and_how_it_was_resolved_is_there(opens: Opens) -> None:
    bureau = opens("ace")
    draft = drafted(bureau, FOUR)
    assert "- Actions" in draft.words and "- Resolution" in draft.words
    bureau.takes(reply("hal", draft, "#send\nActions: mark it again @Hal\nResolution: marked again"))
    send(bureau, titled(bureau.gets("hal"), "Look at the letter"))

    assert status(bureau) == "closed"


def test_ace_5_what_is_to_be_done_is_kept_and_its_record_goes_to_the_operations_director(opens: Opens) -> None:
    bureau = opens("ace")
    send(bureau, drafted(bureau, f"{FOUR}\nActions: mark it again by 1 December 2026 @Hal\nResolution: marked again"))

    assert bureau.rows('SELECT text, "by", who FROM case_action') == [("mark it again", "2026-12-01", "hal@staff.test")]
    assert "mark it again" in said(titled(bureau.gets("dana"), "The outcome of a complaint"))


def test_cms_1_3b_an_agreed_day_and_an_agreed_action_are_kept_with_who_agreed_and_why(opens: Opens) -> None:
    bureau = opens("cms")
    bureau.complains("The wrong paper was marked and nobody answers. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    notice = titled(bureau.gets("hal"), "Yours to deal with")
    bureau.takes(reply("hal", notice, "#due 14 December 2026 she is abroad until then"))
    bureau.takes(reply("hal", notice, "#action send her the marking scheme by 1 December 2026 @Hal"))

    [(by, agreed)] = bureau.rows("SELECT respond_by, agreed FROM cases WHERE id = 1")
    assert by.startswith("2026-12-14") and "hal@staff.test" in agreed and "she is abroad until then" in agreed
    [(why, due)] = bureau.rows("SELECT why, due_at FROM obligation WHERE kind = 'respond'")
    assert "agreed with the complainant" in why and due.startswith("2026-12-14")
    assert bureau.rows("SELECT text FROM case_action") == [("send her the marking scheme",)]

"""Outcome letters: drafted from a reply, looked at, sent once as they were seen; what the policy wants is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, click, reply
from tests.support.matters import unquoted
from tests.support.staff import Got

FINDINGS = "We listened to the recording. The tutor was forty minutes late, and nobody told you.\n\nWe are sorry."


def investigated(bureau: Bureau) -> Got:
    return bureau.given_to_hal("Your tutor came forty minutes late and I missed my exam. I want to complain.")


def drafted(bureau: Bureau, words: str) -> Got:
    bureau.takes(reply("hal", investigated(bureau), words))
    return next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)


def case(bureau: Bureau, *columns: str) -> tuple[object, ...]:
    return bureau.rows(f"SELECT {', '.join(columns)} FROM cases WHERE id = 1")[0]


def pdfs(got: Got) -> list[tuple[str, bytes]]:
    return [
        (part.get_filename() or "", part.get_payload(decode=True))  # type: ignore[misc]
        for part in got.mail.walk()
        if part.get_content_type() == "application/pdf"
    ]


def test_cms_1_3d_the_outcome_is_looked_at_and_then_goes_by_mail_with_a_pdf(bureau: Bureau) -> None:
    draft = drafted(bureau, f"#outcome upheld\n\n{FINDINGS}")

    assert FINDINGS.split("\n")[0] in unquoted(draft) and "NOT sent" in unquoted(draft)
    assert pdfs(draft)[0][1].startswith(b"%PDF-")
    assert case(bureau, "status", "outcome") == ("open", None)

    bureau.takes(click("hal", draft, "Send it as it is"))

    letter = bureau.all_to(JANE)[-1]
    assert letter.subject.startswith("The outcome of your complaint")
    assert "We uphold your complaint." in unquoted(letter) and "The tutor was forty minutes late" in unquoted(letter)
    assert pdfs(letter) == pdfs(draft)
    assert case(bureau, "status", "outcome") == ("closed", "upheld")
    assert bureau.rows("SELECT state FROM obligation WHERE kind = 'respond'") == [("met",)]


def test_cms_2_2a_the_letter_says_until_when_and_to_whom_to_appeal(bureau: Bureau) -> None:
    draft = drafted(bureau, f"#outcome not upheld\n\n{FINDINGS}")

    assert "You can appeal to our Board. Please write to us by" in unquoted(draft)
    bureau.takes(click("hal", draft, "Send it as it is"))

    [(appeal_by, outcome_at)] = bureau.rows("SELECT appeal_by, outcome_at FROM cases")
    assert appeal_by is not None and outcome_at is not None and appeal_by > outcome_at


def test_cms_2_1a_the_board_hears_of_the_outcome_without_a_name(bureau: Bureau) -> None:
    draft = drafted(bureau, f"#outcome upheld\n\n{FINDINGS}\n\nCause: two calendars")
    bureau.takes(click("hal", draft, "Send it as it is"))

    [copy] = [got for got in bureau.gets("bea") if got.subject.startswith("The outcome of a complaint")]
    assert "upheld" in copy.words and "two calendars" in copy.words
    assert "jane" not in copy.words.lower()


def test_a_send_twice_sends_once(bureau: Bureau) -> None:
    draft = drafted(bureau, f"#outcome upheld\n\n{FINDINGS}")
    bureau.takes(click("hal", draft, "Send it as it is"))
    bureau.takes(click("hal", draft, "Send it as it is"), reply("hal", draft, "#send"))

    sent = [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]
    assert len(sent) == 1


def test_of_two_drafts_by_two_people_one_is_sent(bureau: Bureau) -> None:
    first = drafted(bureau, f"#outcome not upheld\n\n{FINDINGS}")
    bureau.takes(reply("dana", bureau.all_to("dana")[0], "#assign me"))
    notice = next(got for got in bureau.gets("dana") if "Yours to deal with" in got.subject)
    bureau.takes(reply("dana", notice, f"#outcome upheld\n\n{FINDINGS}"))
    second = next(got for got in bureau.gets("dana") if "Look at the letter" in got.subject)
    bureau.takes(click("dana", second, "Send it as it is"))

    bureau.takes(click("hal", first, "Send it as it is"))

    sent = [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]
    assert len(sent) == 1 and case(bureau, "status", "outcome") == ("closed", "upheld")
    assert "Not sent" in unquoted(bureau.gets("hal")[-1])


def test_an_outcome_without_findings_is_asked_for(bureau: Bureau) -> None:
    bureau.takes(reply("hal", investigated(bureau), "#outcome upheld"))

    assert "There are no findings" in bureau.gets("hal")[-1].words


def test_a_letter_looked_at_on_another_day_is_looked_at_again(bureau: Bureau) -> None:
    draft = drafted(bureau, f"#outcome upheld\n\n{FINDINGS}")
    bureau.clock.on(days=3)
    bureau.takes(click("hal", draft, "Send it as it is"))

    assert not [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]
    again = next(got for got in reversed(bureau.gets("hal")) if "Look at the letter" in got.subject)
    bureau.takes(click("hal", again, "Send it as it is"))
    assert [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]


@pytest.fixture
def ceme(tmp_path: Path) -> Iterator[Bureau]:
    office = a_bureau(tmp_path, policy="ceme", extra=AT_ONCE)
    yield office
    office.office.close()


def test_ceme_4_an_outcome_waits_for_a_consultation_or_the_reason_for_none(ceme: Bureau) -> None:
    draft = drafted(ceme, f"#outcome upheld\n\n{FINDINGS}\n\nActions: give back the fee by 1 December 2026 @Hal")

    for line in ("Cause", "Legislation", "Consultation", "Prevention"):
        assert line in draft.words
    ceme.takes(reply("hal", draft, "#send"))
    assert "Not sent" in ceme.gets("hal")[-1].words
    assert case(ceme, "outcome") == (None,)

    filled = (
        "#send\nCause: two calendars\nLegislation: none applies\nConsultation: we rang her\nPrevention: one calendar"
    )
    ceme.takes(reply("hal", draft, filled))
    again = next(got for got in reversed(ceme.gets("hal")) if "Look at the letter" in got.subject)
    assert "Still asked for" not in again.words
    ceme.takes(click("hal", again, "Send it as it is"))

    assert case(ceme, "status", "outcome", "cause") == ("closed", "upheld", "two calendars")
    assert ceme.rows('SELECT text, "by", who FROM case_action') == [
        ("give back the fee", "2026-12-01", "hal@staff.test")
    ]
    assert ceme.rows("SELECT state, due_at FROM obligation WHERE kind = 'action'")[0][0] == "open"
    letter = ceme.all_to(JANE)[-1].words
    assert "give back the fee" in letter and "hal@" not in letter and "@Hal" not in letter


def test_90_send_anyway_is_obeyed_and_recorded(ceme: Bureau) -> None:
    draft = drafted(ceme, f"#outcome upheld\n\n{FINDINGS}")
    ceme.takes(reply("hal", draft, "#send anyway she wants it today"))

    assert case(ceme, "outcome") == ("upheld",)
    assert ceme.told("staff_outcome_sent")[0]["anyway"] == "she wants it today"


def test_ceme_9_the_complainant_is_asked_some_days_later_whether_it_is_settled(ceme: Bureau) -> None:
    draft = drafted(ceme, f"#outcome upheld\n\n{FINDINGS}")
    ceme.takes(reply("hal", draft, "#send anyway she wants it today"))
    assert not [got for got in ceme.all_to(JANE) if "settle it" in got.subject]

    ceme.clock.on(days=8)
    ceme.passes()
    assert [got for got in ceme.all_to(JANE) if "Did our answer settle it?" in got.subject]


def test_92_by_post_the_pdf_is_printed_and_the_day_of_posting_counts(bureau: Bureau) -> None:
    notice = investigated(bureau)
    bureau.takes(reply("hal", notice, "#contact post"))
    bureau.takes(reply("hal", notice, f"#outcome upheld\n\n{FINDINGS}"))
    draft = next(got for got in reversed(bureau.gets("hal")) if "Look at the letter" in got.subject)
    bureau.takes(click("hal", draft, "It is right: give it to me to print"))

    post = next(got for got in reversed(bureau.gets("hal")) if "print and post" in got.subject)
    assert pdfs(post) and case(bureau, "status") == ("open",)
    assert not [got for got in bureau.all_to(JANE) if got.subject.startswith("The outcome")]

    bureau.takes(click("hal", post, "It was posted today"))
    status, outcome, posted_at, outcome_at = bureau.rows(
        "SELECT status, outcome, closed_at, outcome_at FROM cases WHERE id = 1"
    )[0]
    assert (status, outcome) == ("closed", "upheld")
    assert outcome_at > posted_at


ALL_OF_CEME = "Legislation: the Equality Act 2010\nConsultation: we rang her\nPrevention: one calendar\nActions: none"


def test_ceme_5_the_cause_is_asked_for_and_kept_with_the_case(ceme: Bureau) -> None:
    draft = drafted(ceme, f"#outcome upheld\n\n{FINDINGS}\n\n{ALL_OF_CEME}")
    assert "- Cause" in draft.words and "- Legislation" not in draft.words

    ceme.takes(click("hal", draft, "Fill in what is missing", body="#send\nCause: two calendars"))
    again = next(got for got in reversed(ceme.gets("hal")) if "Look at the letter" in got.subject)
    ceme.takes(reply("hal", again, "#send"))

    assert case(ceme, "cause") == ("two calendars",)


def test_ceme_6_which_law_was_taken_into_account_is_asked_for_and_kept(ceme: Bureau) -> None:
    draft = drafted(ceme, f"#outcome upheld\n\n{FINDINGS}\n\n{ALL_OF_CEME}\nCause: two calendars")
    ceme.takes(reply("hal", draft, "#send"))

    [(course,)] = ceme.rows("SELECT course FROM cases WHERE id = 1")
    assert '"legislation":"the Equality Act 2010"' in str(course)

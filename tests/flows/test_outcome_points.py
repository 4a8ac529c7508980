"""An outcome with several points: a finding on each, asked for where it is missing, in the letter and on the case."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from complaintmail.cli.page import page_lines
from complaintmail.store.page import case_page
from complaintmail.store.reading import local_times, open_casebook
from tests.support.bureau import JANE, Bureau, a_letter, answering, click, reply
from tests.support.matters import unquoted
from tests.support.staff import Got

FINDINGS = "We spoke with everybody who was there."


def investigated(bureau: Bureau) -> Got:
    return bureau.given_to_hal("The room was cold and the tutor was late. I want to complain.")


def draft_of(bureau: Bureau) -> Got:
    return next(got for got in reversed(bureau.gets("hal")) if "Look at the letter" in got.subject)


def course(bureau: Bureau) -> dict[str, object]:
    return dict(json.loads(bureau.rows("SELECT course FROM cases WHERE id = 1")[0][0]))


def test_91_each_point_has_its_decision_asked_for_told_and_kept(bureau: Bureau) -> None:
    outcome = f"#outcome\n\n{FINDINGS}\n\nPoints:\n1. The room: upheld. The heating had failed.\n2. The tutor\n"
    notice = investigated(bureau)
    bureau.takes(reply("hal", notice, outcome.replace("#outcome", "#outcome partly upheld")))
    first = draft_of(bureau)
    assert "Point 2 (The tutor)" in unquoted(first)

    bureau.takes(reply("hal", first, "#send"))
    assert "Not sent" in unquoted(bureau.gets("hal")[-1])
    bureau.takes(reply("hal", first, "#send\nPoint 2 (The tutor): not upheld. He was there at nine."))
    bureau.takes(click("hal", draft_of(bureau), "Send it as it is"))

    letter = unquoted(bureau.all_to(JANE)[-1])
    assert "We uphold your complaint in part." in letter and FINDINGS in letter
    assert "Point 1: The room Our finding: upheld. The heating had failed." in letter
    assert "Point 2: The tutor Our finding: not upheld. He was there at nine." in letter
    assert course(bureau)["points"] == [
        {"n": 1, "text": "The room", "finding": "upheld", "why": "The heating had failed."},
        {"n": 2, "text": "The tutor", "finding": "not upheld", "why": "He was there at nine."},
    ]
    assert bureau.told("went_outcome")[-1]["points"] == {"1": "upheld", "2": "not upheld"}
    [copy] = [got for got in bureau.gets("bea") if got.subject.startswith("The outcome of a complaint")]
    assert "Point by point: 1 upheld, 2 not upheld." in unquoted(copy) and "tutor" not in unquoted(copy)


def test_what_the_points_come_to_is_the_outcome_where_none_is_named(bureau: Bureau) -> None:
    notice = investigated(bureau)
    bureau.takes(reply("hal", notice, f"#outcome\n\n{FINDINGS}\n\nPoint 1: the room: upheld\nPoint 2: him: upheld"))

    assert "We uphold your complaint." in unquoted(draft_of(bureau))


def test_a_whole_that_is_at_odds_with_its_points_is_said_before_it_goes(bureau: Bureau) -> None:
    notice = investigated(bureau)
    bureau.takes(reply("hal", notice, f"#outcome not upheld\n\n{FINDINGS}\n\nPoint 1: the room: upheld"))

    assert "The complaint is not upheld as a whole, and its points are: 1 upheld" in unquoted(draft_of(bureau))


def test_a_case_shows_its_points(bureau: Bureau) -> None:
    notice = investigated(bureau)
    bureau.takes(reply("hal", notice, f"#outcome\n\n{FINDINGS}\n\nPoint 1: the room: not upheld\nIt was warm."))
    bureau.takes(click("hal", draft_of(bureau), "Send it as it is"))
    with open_casebook(f"sqlite:///{bureau.folder / 'cm.db'}") as reader:
        page = case_page(reader, local_times(ZoneInfo("UTC")), "CMS-2026-000001", bureau.clock.now())

    assert page is not None
    assert page["points"] == [{"n": 1, "text": "the room", "finding": "not upheld", "why": "It was warm."}]
    lines = list(page_lines(page))
    assert any(line.split() == ["1.", "not", "upheld", "the", "room"] for line in lines)
    assert any("back (handler none, status new)" in line for line in lines)
    assert not any(code in line for line in lines for code in ("None", "True", "False", "{"))


def test_a_letter_that_hangs_on_the_mail_stays_when_what_is_missing_is_filled_in(bureau: Bureau) -> None:
    notice = investigated(bureau)
    said = "#outcome upheld\n\nPoint 1: the room"
    mail = a_letter("hal", f"Re: {notice.subject}", said, headers=answering(notice))
    mail.add_attachment(b"%PDF-1.4 ours", maintype="application", subtype="pdf", filename="answer.pdf")
    bureau.takes(mail.as_bytes())
    bureau.takes(reply("hal", draft_of(bureau), "#send\nPoint 1 (the room): upheld"))
    bureau.takes(click("hal", draft_of(bureau), "Send it as it is"))

    names = [part.get_filename() for part in bureau.all_to(JANE)[-1].mail.walk() if part.get_filename()]
    assert names == ["answer.pdf"]

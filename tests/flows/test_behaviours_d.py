"""Behaviours 42, 43 and 53: what comes after an outcome, a complaint that is taken back, and every automatic decision
shown with its reason, put right by mail, and on record."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from complaintmail.cli import main
from tests.support.bureau import JANE, Bureau, a_letter, answering, click, reply
from tests.support.matters import said
from tests.support.staff import Got

SENT = "SELECT count(*) FROM letter WHERE audience <> 'staff'"


def writes_back(bureau: Bureau, words: str) -> None:
    letter = bureau.all_to(JANE)[-1]
    bureau.takes(a_letter(JANE, f"Re: {letter.subject}", words, headers=answering(letter)).as_bytes())


def shown(bureau: Bureau, *words: str) -> Any:
    done = CliRunner().invoke(main, ["--config", str(bureau.folder / "config.toml"), *words, "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def newest(bureau: Bureau, label: str, who: str = "dana") -> Got:
    return next(got for got in reversed(bureau.all_to(who)) if label in got.links())


def test_behaviour_42_thanks_after_an_outcome_are_filed_and_thanks_with_a_but_are_an_appeal(bureau: Bureau) -> None:
    bureau.complains("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#assign Hal"))
    yours = next(got for got in bureau.gets("hal") if "Yours to deal with" in got.subject)
    bureau.takes(reply("hal", yours, "#outcome not upheld\n\nWe looked into it with care and found nothing amiss."))
    bureau.takes(
        click("hal", next(got for got in bureau.gets("hal") if "Send it as it is" in got.links()), "Send it as it is")
    )
    before, letters = bureau.state(), bureau.rows(SENT)
    for who in ("dana", "hal", "bea"):
        bureau.gets(who)

    writes_back(bureau, "Thank you very much for your help.\n\nJane")

    assert bureau.rows(SENT) == letters and bureau.state() == before, "filed, and nothing else"
    assert bureau.rows("SELECT status FROM cases") == [("closed",)]
    assert bureau.rows("SELECT count(*) FROM obligation WHERE kind = 'attend' AND state = 'open'") == [(0,)]

    writes_back(bureau, "Thank you, but I am still not happy with your answer: nobody asked the other students.")

    assert bureau.rows("SELECT status FROM cases") == [("appealed",)]
    assert any("appeal" in got.subject.lower() for got in bureau.gets("bea"))


def test_behaviour_43_a_complaint_that_is_taken_back_is_proposed_and_its_dates_run_until_that_is_confirmed(
    bureau: Bureau,
) -> None:
    bureau.complains("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    duties = bureau.rows("SELECT kind, due_at, state FROM obligation WHERE kind <> 'attend' ORDER BY id")

    writes_back(bureau, "It was sorted out this morning. I withdraw my complaint.")

    assert bureau.rows("SELECT kind, due_at, state FROM obligation WHERE kind <> 'attend' ORDER BY id") == duties
    assert bureau.rows("SELECT status FROM cases") == [("new",)]

    bureau.takes(
        click("dana", newest(bureau, "Yes, confirm it to them and close it"), "Yes, confirm it to them and close it")
    )

    assert bureau.gets(JANE)[-1].subject.startswith("You have withdrawn your complaint")
    assert bureau.rows("SELECT status, outcome FROM cases") == [("closed", "withdrawn")]
    assert bureau.rows("SELECT count(*) FROM obligation WHERE kind = 'respond' AND state = 'open'") == [(0,)]


def test_behaviour_53_what_a_mail_is_stands_with_its_reasons_everywhere_and_is_put_right_by_mail(
    bureau: Bureau,
) -> None:
    bureau.complains("Booking 1234. Kindly ring. I am dyslexic.", subject="Booking")
    asked = newest(bureau, "It is a complaint")

    [mail] = shown(bureau, "messages")
    case = shown(bureau, "show", "CMS-2026-000001")
    raw = bureau.folder / "mail.eml"
    raw.write_bytes(next(iter(bureau.inbox.mails.values()))[0])
    seen = json.loads(CliRunner().invoke(main, ["inspect", str(raw), "--format", "jsonl"]).stdout)

    assert mail["kind"] == "complaint" and not mail["sure"] and mail["reasons"]
    assert case["messages"][0]["reasons"] == mail["reasons"] == seen["reasons"]
    assert all(" ".join(reason.split()) in said(asked) for reason in mail["reasons"])
    [need] = [one for one in case["messages"][0]["suggestions"] if one["what"] == "need"]
    assert need in seen["suggestions"] and need["says"] in said(asked)
    assert seen["language"] == case["messages"][0]["language"] == "en"

    bureau.takes(click("dana", asked, "It is only an enquiry"))
    assert bureau.rows("SELECT kind FROM cases") == [("enquiry",)]
    bureau.takes(reply("dana", asked, "#undo", quotes=False))
    assert bureau.rows("SELECT kind, status, closed_at FROM cases") == [("complaint", "new", None)]

    [changed] = bureau.told("staff_kind")
    assert changed["kind"] == "enquiry" and changed["back"]["kind"] == "complaint"
    assert [event["undoes"] for event in bureau.told("staff_undone")] != []


def test_behaviour_53_severity_area_need_and_restriction_are_put_right_by_mail_and_on_record(bureau: Bureau) -> None:
    bureau.complains(
        "My son was hit by the tutor on Monday and he is afraid of him. I am pregnant. I want to complain."
    )
    [row] = bureau.rows("SELECT restricted, serious, severity FROM cases")
    assert row == (1, 1, "high")
    asked = newest(bureau, "Nobody is at risk: take that back")

    bureau.takes(click("dana", asked, "Nobody is at risk: take that back"))

    assert bureau.rows("SELECT restricted, serious, severity FROM cases") == [(0, 0, "medium")]
    [event] = bureau.told("staff_concern")
    assert event["back"]["restricted"] is True and event["back"]["severity"] == "high"

    bureau.takes(reply("dana", asked, "#severity low", quotes=False))
    assert bureau.rows("SELECT severity FROM cases") == [("low",)]
    bureau.takes(reply("dana", asked, "#undo", quotes=False))
    assert bureau.rows("SELECT severity FROM cases") == [("medium",)]
    assert [event["back"]["severity"] for event in bureau.told("staff_severity")] == ["medium"]


def test_behaviour_53_which_case_a_mail_belongs_to_is_put_right_by_one_click(bureau: Bureau) -> None:
    bureau.complains("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    writes_back(bureau, "And in the canteen a week later I was sold stale bread, which made me ill. A disgrace.")
    assert bureau.rows("SELECT count(*) FROM cases") == [(1,)]

    bureau.takes(reply("dana", bureau.all_to("dana")[0], "#split", quotes=False))

    assert bureau.rows("SELECT reference FROM cases ORDER BY id") == [("CMS-2026-000001",), ("CMS-2026-000002",)]
    assert bureau.rows("SELECT case_id FROM message WHERE kind <> 'staff' ORDER BY id") == [(1,), (2,)]
    assert bureau.told("staff_split") != []

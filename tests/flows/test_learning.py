"""Staff say by mail what mails are; the night learns from it; the next mail is judged by that; undo takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from tests.support.bureau import ADDRESS, AT_ONCE, Bureau, a_letter, click, reply
from tests.support.lessons import GRIEVES, reviews
from tests.support.office import a_mail

LATER = (
    "The desk was grozzled and the room was unfettled on Tuesday, and we were wambled at the desk before the letter."
)


def at_the_shell(bureau: Bureau, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(bureau.folder / "config.toml"), *words])


def says_what_they_are(bureau: Bureau, count: int) -> None:
    """So many mails come, and dana says of each what it is, in reply to its notice."""
    truth = {}
    for review in reviews(count, complaints=0.5):
        truth[review.sender] = review.complaint
        bureau.comes(a_mail(ADDRESS, sender=review.sender, subject="Hello", body=review.text))
    bureau.passes()
    notices = {got.subject.partition("[")[2].partition("]")[0]: got for got in bureau.gets("dana")}
    for reference, sender in bureau.rows("SELECT reference, complainant_email FROM cases ORDER BY id"):
        if sender not in truth:
            continue
        kind = "complaint" if truth[sender] else "enquiry"
        bureau.comes(reply("dana", notices[reference], f"#kind {kind}", quotes=False))
    bureau.passes()


def score_of(bureau: Bureau, words: str, sender: str) -> tuple[float, str]:
    """How much such a mail reads like a complaint now, and by whose judgement."""
    bureau.complains(words, sender=sender, subject="Hello")
    [(score, judged_by)] = bureau.rows("SELECT score, judged_by FROM message WHERE from_address = ?", sender)
    return score, judged_by


def test_what_staff_say_changes_the_next_verdict_and_undo_takes_it_back(bureau: Bureau) -> None:
    before, shipped = score_of(bureau, LATER, "first@x.test")
    bureau.gets("dana")
    says_what_they_are(bureau, 44)
    assert "learnt" not in shipped
    assert bureau.rows("SELECT COUNT(*) FROM learnt") == [(0,)], "not on the day itself"

    bureau.clock.on(hours=20)
    bureau.passes()
    bureau.gets("dana")
    after, taught = score_of(bureau, LATER, "second@x.test")
    [learnt] = bureau.told("learnt")
    assert after > before + 0.05
    assert taught == f"{shipped}+learnt 1"
    assert learnt["figures"]["reviews"] >= 30
    report = json.loads(at_the_shell(bureau, "classify", "report", "--format", "json").stdout)
    words = {one["word"] for one in report["learnt"]["complaint"]}
    assert words & {"grozzled", "unfettled", "wambled", "snorped", "begrimmeled"}

    undone = at_the_shell(bureau, "classify", "undo", "--as", "dana@staff.test")
    assert (undone.exit_code, undone.stdout.partition("\n")[0]) == (0, "The shipped weights alone are in force.")
    assert score_of(bureau, LATER, "third@x.test") == (before, shipped), "with the same office, that was not restarted"
    assert at_the_shell(bureau, "verify").exit_code == 0


def test_the_night_and_the_command_reckon_by_the_rules_that_judge(
    staffed: Callable[..., Bureau], tmp_path: Path
) -> None:
    own = ", ".join(f'"{word}"' for word in GRIEVES)
    (tmp_path / "words.toml").write_text(f'[[rule]]\nname = "our own"\nsays = "complaint"\nweight = 4\nany = [{own}]\n')
    bureau = staffed(extra=f'{AT_ONCE}[classify]\nrules = "words.toml"\n')
    says_what_they_are(bureau, 44)
    [(wrong,)] = bureau.rows(
        "SELECT COUNT(*) FROM taught t JOIN message m ON m.id = t.message_id WHERE (m.score > 0.5) <> (t.kind = ?)",
        "complaint",
    )

    bureau.clock.on(hours=20)
    bureau.passes()
    again = at_the_shell(bureau, "classify", "learn")

    assert again.exit_code == 0, again.output
    assert [one["figures"]["corrections"] for one in bureau.told("learnt")] == [wrong, wrong]


def test_whoever_writes_in_the_name_of_staff_teaches_nothing(bureau: Bureau) -> None:
    bureau.complains("The room was cold, and I complain.")
    [notice] = bureau.gets("dana")
    for nth in range(200):
        forged = a_letter("dana", f"Re: {notice.subject}", f"#kind {'spam' if nth % 2 else 'enquiry'}\n{nth}")
        bureau.comes(forged.as_bytes())
    bureau.passes()
    bureau.clock.on(hours=20)
    bureau.passes()

    assert bureau.rows("SELECT COUNT(*) FROM taught") == [(0,)]
    assert bureau.rows("SELECT COUNT(*) FROM learnt") == [(0,)]
    assert bureau.rows("SELECT kind, sure FROM cases")[0][0] == "complaint"
    bureau.takes(reply("dana", notice, "#kind enquiry"))
    assert bureau.rows("SELECT by, kind FROM taught") == [("dana@staff.test", "enquiry")]
    bureau.takes(reply("dana", notice, "#undo"))
    assert bureau.rows("SELECT kind FROM taught") == [(None,)]


@pytest.mark.parametrize(
    ("first", "then", "stands"),
    [
        ("#kind enquiry", "#kind compliment", ("dana@staff.test", "enquiry", None)),
        ("#severity high", "#severity low", ("dana@staff.test", None, "high")),
        ("#severity high", "#kind enquiry", ("dana@staff.test", None, "high")),
        ("#kind complaint", "#severity high", ("dana@staff.test", "complaint", None)),
    ],
)
def test_what_is_taken_back_leaves_the_word_that_stood_before(
    bureau: Bureau, first: str, then: str, stands: tuple[str | None, ...]
) -> None:
    bureau.complains("The room was cold, and I complain.")
    [notice] = bureau.gets("dana")
    for words in (first, then):
        bureau.takes(reply("dana", notice, words))
    assert bureau.rows("SELECT by, kind, severity FROM taught") != [stands]

    bureau.takes(reply("dana", notice, "#undo"))

    assert bureau.rows("SELECT by, kind, severity FROM taught") == [stands]


def test_a_severity_and_an_area_are_a_word_on_the_mail_as_well(bureau: Bureau) -> None:
    bureau.complains("The room was cold, and I complain.")
    [notice] = bureau.gets("dana")
    bureau.takes(click("dana", notice, "It is serious"))

    assert bureau.rows("SELECT message_id, kind, severity, area FROM taught") == [(1, None, "high", None)]
    report = json.loads(at_the_shell(bureau, "classify", "report", "--format", "json").stdout)
    assert report["reviewed"] == 1 and report["severity"] == {"raised": 1, "lowered": 0, "set": 1}


def test_some_mails_that_were_let_go_are_put_to_who_decides_once_a_week(bureau: Bureau) -> None:
    for nth in range(7):
        asks = f"Could you tell me when the course number {nth} begins? Do you have the fees? Many thanks in advance."
        bureau.comes(a_mail(ADDRESS, sender=f"p{nth}@x.test", subject="Question about dates", body=asks))
    bureau.passes()
    let_go = bureau.rows("SELECT COUNT(*) FROM message WHERE sure AND kind = 'enquiry' AND case_id IS NULL")
    bureau.gets("dana")
    assert let_go == [(7,)]

    bureau.clock.on(days=7)
    bureau.passes()
    bureau.passes()
    [asked] = [got for got in bureau.gets("dana") if "rightly no complaints" in got.subject]
    rightly = [label for label in asked.links() if "rightly no complaint" in label]
    numbers = [int(label.split()[1]) for label in rightly]
    assert len(numbers) == 5

    bureau.takes(click("dana", asked, rightly[0]), click("dana", asked, f"Mail {numbers[1]} is a complaint"))
    assert bureau.rows("SELECT message_id, kind FROM taught ORDER BY kind DESC") == [
        (numbers[0], "enquiry"),
        (numbers[1], "complaint"),
    ]
    [(received, came)] = bureau.rows(
        "SELECT c.received_at, m.received_at FROM cases c JOIN message m ON m.case_id = c.id WHERE m.id = ?", numbers[1]
    )
    assert received == came

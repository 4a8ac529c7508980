"""Praise, from the mail to the wall: SEK-comp-1 to -3, and behaviours 44, 45 and 101."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from complaintmail.cli import main
from complaintmail.store.reading import open_casebook
from complaintmail.store.reckoning import Reckoned, follow_record
from complaintmail.store.verify import verify
from tests.support.bureau import AT_ONCE, JANE, Bureau, click, reply
from tests.support.matters import said

KIND = "I just wanted to say that Hal was brilliant, helpful and kind. Thank you, an excellent course!\n\nJane Doe\n"
RECEPTION = "Reception was brilliant, so helpful and kind. Thank you for an excellent visit!"
MORE = """
[[person]]
name = "Kim Keeper"
email = "kim@staff.test"
roles = ["board-keeper"]

[[person]]
name = "Rae Reception"
email = "rae@staff.test"
roles = ["investigator"]
areas = ["reception"]

[[person]]
name = "Ray Reception"
email = "ray@staff.test"
roles = ["investigator"]
areas = ["reception"]
"""
MANAGER = '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["manager", "policy-owner"]\n'


@pytest.fixture
def bureau(staffed: Callable[..., Bureau]) -> Bureau:
    """An office under a policy with a board; Dana hands praise on, Kim keeps the board."""
    return staffed(policy="sek", staff=MANAGER, extra=AT_ONCE + MORE)


def page(bureau: Bureau) -> str:
    done = CliRunner().invoke(main, ["--config", str(bureau.folder / "config.toml"), "board"])
    assert done.exit_code == 0, done.output
    return done.stdout


def log(bureau: Bureau) -> list[dict[str, object]]:
    words = ["--config", str(bureau.folder / "config.toml"), "log", "--kind", "compliment", "--format", "json"]
    found = json.loads(CliRunner().invoke(main, words).stdout)
    assert isinstance(found, list)
    return found


def test_sek_comp_1_praise_is_logged_thanked_and_kept_without_any_clock(bureau: Bureau) -> None:
    bureau.complains(KIND, subject="Thank you")

    [case] = log(bureau)
    [thanks] = bureau.gets(JANE)
    assert (case["reference"], case["kind"], case["respond_by"]) == ("SEK-2026-000001", "compliment", None)
    assert "Thank you for taking the time to write" in said(thanks)
    assert bureau.rows("SELECT count(*) FROM obligation") == [(0,)]


def test_sek_comp_2_praise_goes_to_the_one_whom_it_names_and_nobody_suspects_them(bureau: Bureau) -> None:
    bureau.complains(KIND, subject="Thank you")

    [praised] = bureau.gets("hal")
    [told] = bureau.gets("dana")
    assert praised.subject == "Praise for you [SEK-2026-000001]"
    assert "Hal was brilliant" in said(praised) and "Praise for you" in praised.subject
    assert "It was passed on to Hal Handler." in said(told)
    assert bureau.rows("SELECT * FROM case_person") == []
    assert bureau.rows("SELECT passed_to, board FROM praise") == [('["hal@staff.test"]', "no")]


def test_sek_comp_2_praise_that_names_nobody_is_handed_on_with_a_click_or_to_a_whole_area(bureau: Bureau) -> None:
    bureau.complains(RECEPTION, subject="Thank you")
    [told] = bureau.gets("dana")
    assert bureau.gets("rae") == []

    bureau.takes(click("dana", told, "Pass it on to Rae Reception"))
    bureau.takes(reply("dana", bureau.gets("dana")[-1], "#praise all of reception"))

    [first] = bureau.gets("rae")
    [second] = bureau.gets("ray")
    assert first.subject == second.subject == "Praise for you [SEK-2026-000001]"
    assert "Dana passed it on to you." in said(first) and "Reception was brilliant" in said(second)
    assert bureau.rows("SELECT passed_to FROM praise") == [('["rae@staff.test","ray@staff.test"]',)]
    assert [one["to"] for one in bureau.told("staff_praise_passed")] == [["rae@staff.test"], ["ray@staff.test"]]


def test_two_of_one_name_get_nothing_until_somebody_says_which(staffed: Callable[..., Bureau]) -> None:
    two = '\n[[person]]\nname = "Hal Other"\nemail = "hal.other@staff.test"\nroles = ["investigator"]\n'
    bureau = staffed(policy="sek", staff=MANAGER, extra=AT_ONCE + two)

    bureau.complains(KIND, subject="Thank you")

    [told] = bureau.gets("dana")
    assert bureau.gets("hal") == [] and bureau.gets("hal.other@staff.test") == []
    assert {"Pass it on to Hal Handler", "Pass it on to Hal Other"} <= set(told.links())


def test_sek_comp_3_words_hang_without_any_name_once_their_keeper_says_yes(bureau: Bureau) -> None:
    bureau.complains(KIND, subject="Thank you")
    [told] = bureau.gets("dana")

    bureau.takes(click("dana", told, "Put it on the board"))

    [asked] = bureau.gets("kim")
    assert asked.subject == "For the board? [SEK-2026-000001]"
    assert "I just wanted to say that your colleague was brilliant" in said(asked)
    assert "Dana asks whether these words may hang on the board." in said(asked)
    assert "The first kind words will hang here." in page(bureau)

    bureau.takes(click("kim", asked, "Yes, hang it"))

    hanging = page(bureau)
    assert "I just wanted to say that your colleague was brilliant, helpful and kind." in hanging
    assert not any(name in hanging for name in ("Hal", "Jane", "Doe", "complainants.test", "SEK-2026"))
    assert bureau.rows("SELECT board, by, named FROM praise") == [("shown", "kim@staff.test", "")]

    bureau.takes(reply("dana", told, "#board off"))

    assert "The first kind words will hang here." in page(bureau)
    _is_whole(bureau)


def _is_whole(bureau: Bureau) -> None:
    reckoned = Reckoned()
    with open_casebook(f"sqlite:///{bureau.folder / 'cm.db'}") as reader:
        assert list(follow_record(reader, reckoned)) == []
    [(_, said)] = list(reckoned.rows("praise"))
    assert said["board"] == "off"
    reckoned.close()


def test_behaviour_101_the_giver_is_asked_by_letter_and_their_answer_goes_to_who_keeps_the_board(
    bureau: Bureau,
) -> None:
    bureau.complains(KIND, subject="Thank you")
    [told] = bureau.gets("dana")
    bureau.takes(reply("dana", told, "#board ask"))
    [first] = bureau.gets("dana")
    bureau.takes(reply("dana", first, "#board"))
    [shown] = bureau.gets("kim")
    bureau.gets(JANE)

    bureau.takes(reply("dana", first, "#board ask"))
    [asked] = bureau.gets(JANE)
    bureau.takes(reply(JANE, asked, "Yes, please do put my name there!"))
    [answered] = bureau.gets("kim")
    bureau.takes(click("kim", answered, "Yes, with their name"))
    [again] = [got for got in bureau.gets("kim") if got.subject.startswith("For the board?")]
    bureau.takes(click("kim", again, "Yes, hang it"))

    assert "First say which words would hang" in said(first)
    assert "your colleague was brilliant" in said(shown) and "your colleague was brilliant" in said(asked)
    assert asked.subject == "May your name stand with your kind words? [SEK-2026-000001]"
    assert "Without a clear yes, no name hangs." in said(answered)
    assert '<bdi class="name">Jane Doe</bdi>' in page(bureau)
    assert bureau.rows("SELECT consent FROM praise") == [("Yes, please do put my name there!",)]


def test_a_yes_is_good_for_the_words_that_were_shown_and_for_no_others(bureau: Bureau) -> None:
    bureau.complains(KIND, subject="Thank you")
    [told] = bureau.gets("dana")
    bureau.takes(reply("dana", told, "#board"))
    [first] = bureau.gets("kim")
    bureau.takes(reply("dana", told, "#board\nHal and the team were lovely to us."))
    [second] = bureau.gets("kim")

    bureau.takes(click("kim", first, "Yes, hang it"))
    assert "The first kind words will hang here." in page(bureau)

    bureau.takes(click("kim", second, "Yes, hang it"))
    assert "Your colleague and the team were lovely to us." in page(bureau)


def test_what_turns_out_to_be_a_complaint_no_longer_hangs(bureau: Bureau) -> None:
    bureau.complains(KIND, subject="Thank you")
    [told] = bureau.gets("dana")
    bureau.takes(reply("dana", told, "#board"))
    bureau.takes(reply("kim", bureau.gets("kim")[-1], "#yes"))
    assert "brilliant" in page(bureau)

    bureau.takes(reply("dana", told, "#kind complaint"))

    assert "brilliant" not in page(bureau)


def test_what_turns_out_to_be_praise_after_it_was_acknowledged_is_thanked_and_the_books_are_whole(
    bureau: Bureau,
) -> None:
    bureau.complains("The room was cold and nobody came. I want to complain.")
    bureau.takes(reply("dana", bureau.gets("dana")[0], "#kind compliment"))
    subjects = [got.subject for got in bureau.all_to(JANE)]
    assert ["received your complaint" in subjects[0], "Thank you for your kind words" in subjects[1]] == [True, True]

    with open_casebook(f"sqlite:///{bureau.folder / 'cm.db'}") as reader:
        found = [str(one) for one in verify(reader, bureau.folder / "raw") if not one.note]

    assert found == []


def test_behaviour_44_praise_has_no_deadline_and_is_in_the_register(staffed: Callable[..., Bureau]) -> None:
    bureau = staffed()  # under a policy that has no board

    bureau.complains(KIND, subject="Thank you")
    [told] = bureau.gets("dana")
    bureau.takes(reply("dana", told, "#board"))

    [praised] = bureau.gets("hal")
    [none] = bureau.gets("dana")
    assert praised.subject.startswith("Praise for you")
    assert "Put it on the board" not in told.links()
    assert "Under this policy there is no board" in said(none)
    assert bureau.rows("SELECT count(*) FROM obligation") == [(0,)]
    assert [one["kind"] for one in log(bureau)] == ["compliment"]


def test_behaviour_45_praise_with_a_complaint_is_a_complaint_whose_kind_words_are_passed_on_alone(
    bureau: Bureau,
) -> None:
    bureau.complains(
        "I want to complain: the room was freezing, filthy and the heating was broken, it was unacceptable. Ray "
        "Reception was brilliant, wonderful and kind, an excellent colleague."
    )

    [(kind,)] = bureau.rows("SELECT kind FROM cases")
    told = bureau.gets("dana")[-1]
    assert kind == "complaint"
    assert bureau.gets("ray") == [] and "It praises as well" in said(told)
    assert "Pass their kind words on" in told.links()

    bureau.takes(reply("dana", told, "#praise hal"))
    [asked] = bureau.gets("dana")
    bureau.takes(reply("dana", asked, "#praise hal\nAn excellent colleague."))

    [praised] = bureau.gets("hal")
    assert "is not praise alone" in said(asked)
    assert "An excellent colleague." in said(praised) and "freezing" not in said(praised)


CALL = (
    "#record\nName: Jane Doe\nEmail: jane@complainants.test\nChannel: phone\n\n"
    "She rang to say that Hal Handler was brilliant, helpful and kind. Thank you, an excellent course!"
)


def test_sek_comp_2_praise_told_over_the_telephone_is_thanked_and_passed_on_as_well(bureau: Bureau) -> None:
    bureau.complains(RECEPTION, sender="eve@third.test", subject="Thank you")
    [notice] = bureau.gets("dana")

    bureau.takes(reply("dana", notice, CALL, quotes=False))

    [thanks] = bureau.gets(JANE)
    [praised] = bureau.gets("hal")
    told = bureau.gets("dana")
    assert "Thank you for taking the time to write" in said(thanks)
    assert praised.subject == "Praise for you [SEK-2026-000002]" and "Hal Handler was brilliant" in said(praised)
    assert "#record" not in said(praised)
    assert "Praise [SEK-2026-000002]" in [got.subject for got in told]
    assert any("It reads like praise, so it is recorded as that and passed on" in said(got) for got in told)
    assert [one["reference"] for one in log(bureau)] == ["SEK-2026-000001", "SEK-2026-000002"]
    assert bureau.rows("SELECT count(*) FROM obligation") == [(0,)]
    assert bureau.rows("SELECT * FROM case_person") == []


def test_a_recorded_call_that_only_a_person_knows_for_praise_is_passed_on_by_one_word(bureau: Bureau) -> None:
    bureau.complains(RECEPTION, sender="eve@third.test", subject="Thank you")
    [notice] = bureau.gets("dana")
    call = CALL.partition("\n\n")[0] + "\n\nShe rang about Hal Handler, who had come on Monday as he does each week."
    bureau.takes(reply("dana", notice, call, quotes=False))
    asked = next(got for got in bureau.gets("dana") if got.subject.startswith("Yours to deal with"))

    bureau.takes(reply("dana", asked, "#kind compliment"))

    assert [got.subject for got in bureau.gets("hal")] == ["Praise for you [SEK-2026-000002]"]
    assert "Thank you for taking the time to write" in said(bureau.gets(JANE)[-1])
    assert bureau.rows("SELECT standing FROM case_person") == [("cleared",)]


def test_behaviour_45_the_kind_words_in_a_complaint_are_kept_and_passed_on_when_staff_say_so(bureau: Bureau) -> None:
    bureau.complains(
        "I want to complain: the room was freezing and the heating was broken, it was unacceptable. Ray Reception was "
        "brilliant, wonderful and kind."
    )
    told = bureau.gets("dana")[-1]
    bureau.takes(reply("dana", told, "#about nobody", quotes=False))  # the complaint is not about whom it praises

    _, _, body = told.links()["Pass their kind words on"]
    bureau.takes(click("dana", told, "Pass their kind words on", body=body.replace("NAME", "ray@staff.test")))

    [praised] = bureau.gets("ray")
    assert "brilliant, wonderful and kind" in said(praised) and "freezing" not in said(praised)
    [(suggested,)] = bureau.rows("SELECT suggestions FROM message WHERE kind = 'complaint'")
    assert "Ray Reception was brilliant, wonderful and kind." in [
        one["more"] for one in json.loads(suggested) if one["what"] == "praise"
    ]

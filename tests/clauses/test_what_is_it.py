"""What a mail is about and how serious it is: CIM-route, CEME-7 and the behaviours around them, in a small office."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.bureau import AT_ONCE, JANE, Bureau, click, reply
from tests.support.matters import said
from tests.support.staff import Got

DANA = '\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = ["policy-owner", "operations-director"]\n'
MANAGERS = """
[[person]]
name = "Mo Marker"
email = "mo@staff.test"
roles = ["department-manager"]
areas = ["assessment"]

[[person]]
name = "Vi Venue"
email = "vi@staff.test"
roles = ["department-manager"]
areas = ["Business Centre"]
"""


def to_decide(bureau: Bureau, who: str = "dana") -> Got:
    return next(got for got in reversed(bureau.gets(who)) if "Give it to somebody else" in got.links())


def test_cim_route_the_owner_chooses_among_the_likely_areas_and_that_departments_manager_has_it(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed(policy="cim", staff=DANA, extra=AT_ONCE + MANAGERS)
    bureau.complains(
        "The grade of my exam is wrong, the marking was a disgrace, and the conference room was freezing.",
        subject="My exam",
    )
    asked = to_decide(bureau)
    assert "It may be about Assessment (“exam”, “grade”, “marking”)." in said(asked)
    assert "It may be about Business Centre (“conference room”)." in said(asked)
    assert bureau.gets("mo") == bureau.gets("vi") == [], "nobody has it because of a guess"

    bureau.takes(click("dana", asked, "It is about Assessment"))

    [yours] = bureau.gets("mo")
    assert yours.subject.startswith("Yours to deal with [CIM-2026-000001]") and bureau.gets("vi") == []
    assert bureau.rows("SELECT area, json_extract(handler, '$.email') FROM cases") == [("assessment", "mo@staff.test")]
    owners = bureau.rows("SELECT kind, json_extract(owner, '$.email') FROM obligation WHERE state = 'open'")
    assert ("respond", "mo@staff.test") in owners
    [event] = bureau.told("staff_area")
    assert event["back"] == {"area": None, "handler": None, "status": "new"}

    bureau.takes(reply("dana", asked, "#undo", quotes=False))

    assert bureau.rows("SELECT area, handler FROM cases")[0][0] is None


def test_cim_route_an_area_without_a_manager_stays_with_the_policys_owner(staffed: Callable[..., Bureau]) -> None:
    bureau = staffed(policy="cim", staff=DANA, extra=AT_ONCE + MANAGERS)
    bureau.complains("The study centre lost my papers and nobody answers. It is a disgrace.")

    bureau.takes(click("dana", to_decide(bureau), "It is about Accredited Study Centres"))

    assert bureau.rows("SELECT area, handler FROM cases") == [("study-centres", None)]
    owners = bureau.rows("SELECT DISTINCT json_extract(owner, '$.email') FROM obligation WHERE state = 'open'")
    assert owners == [("dana@staff.test",)]

    bureau.takes(reply("dana", bureau.gets("dana")[-1], "#area none", quotes=False))

    assert bureau.rows("SELECT area FROM cases") == [(None,)]
    assert [event["back"]["area"] for event in bureau.told("staff_area")] == [None, "study-centres"]


def test_ceme_7_a_change_of_severity_moves_the_date_from_receipt_and_the_handler_hears_of_it(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed(policy="ceme", staff=DANA)
    bureau.complains("The room was freezing and the heating broken, and I am pregnant. It is unacceptable.")
    asked = to_decide(bureau)
    assert "Its writer, or whom it is about, may be vulnerable (“pregnant”)" in said(asked)
    assert bureau.rows("SELECT severity FROM cases") == [("medium",)], "rules only suggest"
    bureau.takes(reply("dana", asked, "#assign Hal", quotes=False))
    bureau.gets("hal")
    bureau.clock.on(days=1)

    bureau.takes(click("dana", asked, "Its severity is high"))

    [moved] = [got for got in bureau.gets("hal") if "has moved" in got.subject]
    assert moved.subject == "The date of the answer has moved [CEME-2026-000001]"
    assert "now high (it was medium)" in said(moved) and "21 November 2026" in said(moved)
    [(due,)] = bureau.rows("SELECT due_at FROM obligation WHERE kind = 'respond'")
    assert due.startswith("2026-11-21"), "three days from receipt, not from the change"


def test_behaviour_34_a_complaint_about_an_absence_is_acknowledged(staffed: Callable[..., Bureau]) -> None:
    bureau = staffed()

    bureau.complains(
        "I rang you on Saturday and nobody came to the door all day.",
        subject="Out of office hours service was dreadful",
    )

    [letter] = bureau.gets(JANE)
    assert "[CMS-2026-000001]" in letter.subject
    assert bureau.rows("SELECT kind FROM message") == [("complaint",)]


def test_behaviour_47_a_colleagues_grievance_is_flagged_and_not_refused_by_itself(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed()
    bureau.complains("The rota is unfair, I am very unhappy and want to complain about it.", sender="hal@staff.test")

    [letter] = bureau.gets("hal")
    told = " ".join(said(got) for got in bureau.gets("dana"))
    assert letter.subject == "We have received your email [CMS-2026-000001]" and "grievance" not in said(letter)
    assert "does it belong to the grievance procedure?" in told
    assert bureau.rows("SELECT status FROM cases") == [("new",)]


def test_behaviour_48_a_study_centres_matter_is_proposed_for_the_centre_and_logged(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed(policy="cim", staff=DANA)
    bureau.complains("The study centre lost my papers and nobody answers. It is a disgrace.")

    asked = to_decide(bureau)
    assert "It may belong to the study centre's own complaints procedure." in said(asked)
    assert [letter.subject for letter in bureau.gets(JANE)] == ["We have received your complaint [CIM-2026-000001]"]
    label = next(label for label in asked.links() if label.startswith("It belongs to the study centre"))

    bureau.takes(click("dana", asked, label))

    assert bureau.rows("SELECT status FROM cases") == [("referred",)]
    [referred] = bureau.gets(JANE)
    assert "Please use that centre's own complaints procedure first." in said(referred)


def test_behaviour_51_who_is_complained_about_has_no_notice_no_list_and_no_command(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed()
    bureau.complains(
        "Dana was rude to me and shouted. I want to complain about Dana, who is your director. Disgraceful."
    )
    bureau.clock.on(days=1, hours=-2)
    bureau.passes()

    assert [got for got in bureau.gets("dana") if "CMS-2026-000001" in got.words + got.subject] == []
    others = [got for who in ("hal", "bea") for got in bureau.gets(who) if "CMS-2026-000001" in got.subject]
    assert others, "somebody else has it"


def test_behaviour_52_who_writes_for_another_is_acknowledged_and_asked_for_their_permission(
    staffed: Callable[..., Bureau],
) -> None:
    bureau = staffed()
    bureau.complains("I write on behalf of my daughter, who was left alone in the cold. It is a disgrace.")

    subjects = [letter.subject for letter in bureau.gets(JANE)]
    asked = to_decide(bureau)
    assert any("[CMS-2026-000001]" in subject for subject in subjects)
    assert "Whose complaint is it? [CMS-2026-000001]" in subjects
    assert "nothing personal goes to its writer until that person has given permission" in said(asked)
    assert "They have given permission" in asked.links()


def test_several_points_stand_in_the_notice_as_points_and_one_click_notes_them(staffed: Callable[..., Bureau]) -> None:
    bureau = staffed()
    bureau.complains(
        "I complain about three things:\n1. The room was freezing.\n2. The tutor was rude.\n"
        "3. Nobody ever called back.\n"
    )
    asked = to_decide(bureau)
    lines = [" ".join(line.split()) for line in asked.words.splitlines()]
    assert {"- Point 1: The room was freezing.", "- Point 3: Nobody ever called back."} <= set(lines)

    bureau.takes(click("dana", asked, "Keep these points, corrected if need be"))

    [note] = bureau.told("staff_note")
    assert note["text"].splitlines() == [
        "Point 1: The room was freezing.", "Point 2: The tutor was rude.", "Point 3: Nobody ever called back.",
    ]  # fmt: skip

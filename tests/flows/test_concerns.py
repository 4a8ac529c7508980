"""What cannot wait, and what has a law's clock of its own: through the program between two doors, at any hour.

Dana decides, Sia is named for safeguarding, Hal investigates, Bea and Dee are the directors and the board.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from complaintmail.gateways.ports import Outgoing, Result
from tests.support.bureau import JANE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

SIA = '\n[[person]]\nname = "Sia Safe"\nemail = "sia@staff.test"\nroles = ["safeguarding"]\n'
ROLES = '["operations-director", "manager", "policy-owner"]'
DANA = f'\n[[person]]\nname = "Dana"\nemail = "dana@staff.test"\nroles = {ROLES}\n'
NIGHT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)  # a Sunday
DESPAIR = "Since your tutor threw me off the course I want to kill myself. Nobody answers."
CHEERFUL = re.compile(
    r"\b(?:thank|thanks|pleased|happy|glad|delighted|welcome|great|feedback|wonderful|enjoy)\w*\b", re.I
)

Opens = Callable[..., Bureau]


def refusing(letter: Outgoing) -> Result:
    """Their mail server takes nothing for now."""
    return Result.LATER if letter.recipient == JANE else Result.SENT


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    """An office under one of the packaged policies."""
    opened: list[Bureau] = []

    def office(policy: str = "cms", at: datetime | None = None, staff: str = DANA + SIA) -> Bureau:
        bureau = a_bureau(tmp_path, policy=policy, staff=staff)
        if at is not None:
            bureau.clock.moment = at
        opened.append(bureau)
        return bureau

    yield office
    for bureau in opened:
        bureau.office.close()


def only(mails: list[Got], subject: str) -> Got:
    [mail] = [mail for mail in mails if mail.subject.startswith(subject) or mail.about == subject]
    return mail


def case(bureau: Bureau) -> tuple[Any, ...]:
    [row] = bureau.rows("SELECT severity, restricted, serious, status FROM cases")
    return row


def duties(bureau: Bureau, kind: str) -> list[tuple[Any, ...]]:
    return bureau.rows("SELECT state, clause, role, due_at FROM obligation WHERE kind = ? ORDER BY id", kind)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """Somebody in despair has written, on a Sunday at two in the morning."""
    bureau = a_bureau(tmp_path_factory.mktemp("night"), staff=DANA + SIA)
    bureau.clock.moment = NIGHT
    bureau.complains(DESPAIR)
    yield bureau
    bureau.office.close()


def test_behaviour_50_at_night_a_named_person_and_who_decides_have_it_at_once(night: Bureau) -> None:
    alarm = only(night.all_to("sia"), "At once, please: somebody may be at risk [CMS-2026-000001]")
    decide = only(night.all_to("dana"), "to decide")

    assert "Since your tutor threw me off the course" in alarm.words
    assert "Somebody may mean to harm or to kill themselves (“kill myself”)." in " ".join(alarm.words.split())
    assert "Somebody may mean to harm or to kill themselves (“kill myself”)." in " ".join(decide.words.split())
    assert case(night) == ("high", 1, 1, "new")


def test_behaviour_50_the_letter_is_sober_has_the_reference_and_counts_as_the_acknowledgement(night: Bureau) -> None:
    [letter] = night.all_to(JANE)

    assert letter.subject == "We have received what you wrote [CMS-2026-000001]"
    assert CHEERFUL.search(f"{letter.subject} {letter.words}") is None
    for said in ("CMS-2026-000001", "999", "116 123", "Sia Safe, our Safeguarding Lead", "A person reads every reply"):
        assert said in " ".join(letter.words.split())
    assert [row[0] for row in duties(night, "acknowledge")] == ["met"]
    assert night.rows("SELECT kind, state FROM letter WHERE recipient = ?", JANE) == [("concern", "sent")]
    [(acknowledged,)] = night.rows("SELECT acknowledged_at FROM cases")
    assert acknowledged is not None


def test_behaviour_53_each_reason_stands_with_the_mail_and_with_the_case(night: Bureau) -> None:
    [(reasons,)] = night.rows("SELECT reasons FROM message")

    assert "Somebody may mean to harm or to kill themselves" in reasons
    assert any("kill themselves" in reason for reason in night.told("case_opened")[0]["reasons"])


def test_cms_2_1c_the_directors_hear_at_once_that_a_case_is_serious_and_no_more_of_a_restricted_one(
    night: Bureau,
) -> None:
    told = only(night.all_to("bea"), "A serious complaint [CMS-2026-000001]")

    assert "kill" not in told.words
    assert "Jane" not in told.words
    assert "The Safeguarding Lead was told of it at once." in " ".join(told.words.split())


def test_behaviour_50_every_hour_again_until_somebody_sees_to_it(opens: Opens) -> None:
    bureau = opens(at=NIGHT)
    bureau.complains(DESPAIR)
    alarm = only(bureau.gets("sia"), "At once")

    bureau.clock.on(minutes=59)
    bureau.passes()
    assert bureau.gets("sia") == []
    bureau.clock.on(minutes=1)
    bureau.passes()
    [first] = bureau.gets("sia")
    assert first.subject.startswith("Reminder: ")
    assert first.subject.endswith("[CMS-2026-000001]")
    assert "kill" not in first.words
    assert "Jane" not in first.words
    bureau.clock.on(hours=1)
    bureau.passes()
    assert len(bureau.gets("sia")) == 1
    bureau.comes(click("sia", alarm, "I am seeing to it"))
    bureau.passes()
    bureau.gets("sia")
    bureau.clock.on(hours=3)
    bureau.passes()

    assert [mail for mail in bureau.gets("sia") if "Reminder" in mail.subject] == []
    assert ("met", "", "safeguarding") in [row[:3] for row in duties(bureau, "attend")]


def test_behaviour_50_whoever_it_is_about_hears_nothing_and_the_next_does(opens: Opens) -> None:
    bureau = opens(at=NIGHT)
    bureau.complains("Your tutor Sia Safe hit my son in the workshop. This is child abuse.")

    assert bureau.gets("sia") == []
    only(bureau.gets("dana"), "At once, please")
    letter = only(bureau.gets(JANE), "We have received what you wrote")
    assert "Sia" not in letter.words
    assert "116 123" not in letter.words
    assert "999" in letter.words


def test_behaviour_53_taken_back_by_one_click_and_that_too(opens: Opens) -> None:
    bureau = opens()
    bureau.complains("The play that we rehearsed made me want to kill myself, as the hero says. The room was cold.")
    alarm = only(bureau.gets("sia"), "At once")
    bureau.comes(click("sia", alarm, "Nobody is at risk: take that back"))
    bureau.passes()

    assert case(bureau) == ("medium", 0, 0, "new")
    assert [row[0] for row in duties(bureau, "attend") if row[2] == "safeguarding"] == ["void"]
    assert "says that it is not so" in bureau.told("staff_concern")[0]["said"]
    bureau.gets("sia")
    bureau.clock.on(hours=3)
    bureau.passes()
    assert bureau.gets("sia") == []
    bureau.comes(reply("sia", alarm, "#undo"))
    bureau.passes()
    assert case(bureau) == ("high", 1, 1, "new")
    assert [row[0] for row in duties(bureau, "attend") if row[2] == "safeguarding"] == ["open"]


def test_cms_2_1c_a_threat_is_proposed_to_who_decides_and_one_click_tells_the_directors(opens: Opens) -> None:
    bureau = opens()
    bureau.complains("I was ignored. You will hear from my solicitor, and I am going to the press.")

    decide = only(bureau.gets("dana"), "to decide")
    assert "Please look at this" in decide.words
    assert "It speaks of lawyers or a court (“hear from my solicitor”)." in " ".join(decide.words.split())
    assert only(bureau.gets(JANE), "We have received your complaint")
    assert case(bureau) == ("medium", 0, 0, "new")
    assert bureau.gets("bea") == []
    assert duties(bureau, "attend") == []

    bureau.comes(click("dana", decide, "Mark it as serious, and tell whom the policy names"))
    bureau.comes(click("dana", decide, "Its severity is high"))
    bureau.passes()

    assert case(bureau)[:3] == ("high", 0, 1)
    only(bureau.gets("bea"), "A serious complaint")


def test_behaviour_49_a_complaint_about_personal_data_has_the_laws_thirty_days_beside_the_policys(opens: Opens) -> None:
    bureau = opens(at=datetime(2026, 11, 27, 12, 0, tzinfo=UTC))  # the thirtieth day is a Sunday, then a holiday
    bureau.postbox.answer = refusing
    bureau.complains("You shared my details with another learner without my consent. I am very unhappy.")

    [(state, clause, role, due)] = duties(bureau, "data-acknowledge")
    assert (state, clause, role) == ("open", "CMS-law", "policy-owner")
    assert str(due).startswith("2026-12-29")
    [(why,)] = bureau.rows("SELECT why FROM obligation WHERE kind = 'data-acknowledge'")
    assert "30 days" in why
    assert len(duties(bureau, "respond")) == 1
    decide = only(bureau.gets("dana"), "to decide")
    assert "It complains about how personal data was handled" in " ".join(decide.words.split())

    bureau.comes(click("dana", decide, "It is not about personal data"))
    bureau.passes()
    assert [row[0] for row in duties(bureau, "data-acknowledge")] == ["void"]
    assert [row[0] for row in duties(bureau, "acknowledge")] == ["open"]


def test_behaviour_49_the_acknowledgement_meets_it_with_its_own_evidence(opens: Opens) -> None:
    bureau = opens()
    bureau.complains("This is a data breach: you sent my medical records to the wrong person.")

    [(state, evidence)] = bureau.rows("SELECT state, evidence FROM obligation WHERE kind = 'data-acknowledge'")
    assert state == "met"
    assert evidence.startswith("letter ")
    assert [row[0] for row in duties(bureau, "acknowledge")] == ["met"]


def test_sek_access_a_request_opens_a_month_of_its_own_whatever_the_mail_was_taken_for(opens: Opens) -> None:
    bureau = opens("sek", at=datetime(2026, 11, 18, 12, 0, tzinfo=UTC))
    bureau.complains("Could you please send me a copy of all the data you hold about me?", subject="A question")
    [(state, clause, role, due)] = duties(bureau, "access")

    assert (state, clause, role) == ("open", "SEK-access", "policy-owner")
    assert str(due).startswith("2026-12-18")
    assert only(bureau.gets(JANE), "We have received your email")
    notice = only(bureau.gets("dana"), "Yours to deal with")
    assert "It asks for what is recorded about its writer" in " ".join(notice.words.split())

    for command in ("#kind enquiry", "#kind complaint", "#close they wrote twice"):
        bureau.comes(reply("dana", notice, command))
        bureau.passes()
        assert [row[0] for row in duties(bureau, "access")] == ["open"]
    assert case(bureau)[3] == "closed"


def test_sek_access_where_the_policy_promises_none_it_is_put_to_a_person_with_one_click(opens: Opens) -> None:
    bureau = opens("cms")
    bureau.complains("I am unhappy with you. This is a subject access request.")
    notice = only(bureau.gets("dana"), "to decide")
    bureau.comes(click("dana", notice, "See that they get it"))
    bureau.passes()

    assert duties(bureau, "access") == []
    assert bureau.rows('SELECT text, "by" FROM case_action') == [
        ("Give them what is recorded about them", "2026-12-18")
    ]


def test_on_a_case_that_is_there_the_same_is_told_and_owed(opens: Opens) -> None:
    bureau = opens()
    bureau.complains("The room was cold. I am very unhappy.")
    [letter] = bureau.gets(JANE)
    bureau.gets("sia")
    more = [("In-Reply-To", letter.message_id), ("References", letter.message_id)]
    bureau.complains(
        f"{DESPAIR} You also leaked my personal data.",
        subject=f"Re: {letter.subject}",
        headers=[f"{name}: {value}" for name, value in more],
    )

    only(bureau.gets("sia"), "At once, please")
    assert case(bureau)[:3] == ("high", 1, 1)
    assert [row[0] for row in duties(bureau, "data-acknowledge")] == ["open"]
    assert len(bureau.rows("SELECT id FROM cases")) == 1


def test_what_a_quotation_says_is_nobodys_new_word(opens: Opens) -> None:
    bureau = opens()
    bureau.complains(f"The room was cold, I am unhappy.\n\nOn 18/11/2026 12:00, someone wrote:\n> {DESPAIR}\n")

    assert bureau.gets("sia") == []
    assert case(bureau) == ("medium", 0, 0, "new")


def test_what_staff_record_of_a_call_is_read_as_well(opens: Opens) -> None:
    bureau = opens("sek", at=NIGHT)
    form = "#record\nName: Jo Caller\nEmail: jo@complainants.test\nChannel: phone\nReceived: today\n"
    words = "She says that a carer hit her mother. She wants a copy of all the data you hold about her."
    bureau.complains("The room was cold. I am unhappy.")
    notice = only(bureau.gets("dana"), "Yours to deal with")
    bureau.gets("sia")
    bureau.comes(reply("dana", notice, f"{form}\n{words}"))
    bureau.passes()

    assert only(bureau.gets("jo@complainants.test"), "We have received what you wrote")
    only(bureau.gets("sia"), "At once, please: somebody may be at risk [SEK-2026-000002]")
    assert bureau.rows("SELECT severity, restricted, serious FROM cases WHERE id = 2") == [("high", 1, 1)]
    assert [row[0] for row in duties(bureau, "access")] == ["open"]

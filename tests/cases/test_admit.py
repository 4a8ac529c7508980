"""A mail has come: what follows? One decision for each kind of arrival, and never a person's mail merely dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.admissions import (
    FORM,
    PRAISE,
    QUESTION,
    VERDICT,
    Row,
    bounce,
    dated,
    follows,
)
from tests.support.arrivals import (
    AT,
    BOX,
    EVE,
    JANE,
    a_message,
    arrival,
    house,
)

TABLE = {
    "a complaint": Row(a_message, "complaint", opens="complaint", answer="acknowledgement"),
    "what leaves a doubt": Row(
        lambda: a_message("My booking is 1234. Please call.", subject="Booking 1234"),
        "complaint",
        opens="complaint",
        sure=False,
        answer="unsure",
    ),
    "a mail without a word": Row(
        lambda: a_message("", subject=""), "complaint", opens="complaint", sure=False, answer="unsure"
    ),
    "praise": Row(lambda: a_message(PRAISE, subject="Thank you"), "compliment", opens="compliment", answer="thanks"),
    "an enquiry": Row(lambda: a_message(QUESTION, subject="A question"), "enquiry", unanswered="an enquiry"),
    "spam": Row(
        lambda: a_message("Buy cheap watches now.", subject="Offer", headers=["X-Spam-Flag: YES"]),
        "spam",
        unanswered="marked it as spam",
    ),
    "a complaint that the server calls spam, whose sender it vouches for": Row(
        lambda: a_message(headers=["X-Spam-Flag: YES", VERDICT.format("pass")]),
        "complaint",
        opens="complaint",
        sure=False,
        answer="unsure",
        at=house(authserv_id="mx.example.test"),
    ),
    "older than since": Row(
        a_message, "complaint", unanswered="before the day from which mail is answered", into=arrival("history")
    ),
    "a robot older than since": Row(
        lambda: a_message("I am away until Monday.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        unanswered="read for its history only",
        into=arrival("history"),
    ),
    "an out-of-office": Row(
        lambda: a_message("I am away until Monday.", subject="Out of office", headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        unanswered="machines are never answered",
    ),
    "a machine that sounds dissatisfied": Row(
        lambda: a_message(headers=["Auto-Submitted: auto-replied"]),
        "auto-reply",
        sure=False,
        unanswered="machines are never answered",
        attend=("it looks automatic, but a person's complaint may be in it",),
    ),
    "a newsletter": Row(
        lambda: a_message(
            "Our spring offers.", subject="News", headers=["List-Id: <news.shop.test>", "Precedence: bulk"]
        ),
        "bulk",
        unanswered="machines are never answered",
    ),
    "a bounce of nothing of ours": Row(
        lambda: bounce(id="<their-own@mx.complainants.test>"), "bounce", unanswered="machines are never answered"
    ),
    "nobody's": Row(
        lambda: a_message(sender=""),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
    ),
    "from several": Row(
        lambda: a_message(sender=f"{JANE}, {EVE}"),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="several senders",
        attend=("find out who wrote it",),
    ),
    "unreadable": Row(
        lambda: a_message("", sender="", subject=""),
        "unreadable",
        opens="unreadable",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
    ),
    "from our own mailbox": Row(
        lambda: a_message(sender=BOX),
        "staff",
        sure=False,
        unanswered="we never answer ourselves",
        attend=("list that sender under `forms`",),
    ),
    "staff, who complain on their own behalf": Row(
        lambda: a_message(sender="Dana <dana@staff.test>"),
        "complaint",
        sure=False,
        opens="complaint",
        answer="received",
        attend=("does it belong to the grievance procedure",),
    ),
    "staff, about no case and no grievance": Row(
        lambda: a_message(QUESTION, sender="dana@staff.test", subject="Courses"),
        "staff",
        unanswered="about no case",
    ),
    "a website's form": Row(
        lambda: a_message(
            sender=FORM, headers=[f"Reply-To: {JANE}", "Auto-Submitted: auto-generated"], forms=frozenset({FORM})
        ),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        at=house(forms=[FORM]),
    ),
    "a website's form that names nobody": Row(
        lambda: a_message(sender=FORM, forms=frozenset({FORM})),
        "complaint",
        opens="complaint",
        sure=False,
        unanswered="no sender's address",
        attend=("find out who wrote it",),
        at=house(forms=[FORM]),
    ),
    "a form that a member of staff filled in": Row(
        lambda: a_message(sender=FORM, headers=["Reply-To: dana@staff.test"], forms=frozenset({FORM})),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        at=house(forms=[FORM]),
    ),
    "a Reply-To that is no form's": Row(
        lambda: a_message(headers=[f"Reply-To: {EVE}"]), "complaint", opens="complaint", answer="acknowledgement"
    ),
    "the same where nobody configured whom to believe": Row(
        lambda: a_message(headers=[VERDICT.format("fail")]), "complaint", opens="complaint", answer="acknowledgement"
    ),
    "found within 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        into=arrival("careful", now=AT + timedelta(hours=48)),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from(name: str) -> None:
    follows(TABLE[name])


@pytest.mark.parametrize("name", TABLE)
def test_what_a_person_has_to_see_to_has_the_acknowledgement_s_last_moment(name: str) -> None:
    dated(TABLE[name])

"""A mail has come: what follows? One decision for each kind of arrival, and never a person's mail merely dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.admissions import (
    ACKNOWLEDGE_BY,
    FORM,
    PRAISE,
    QUESTION,
    VERDICT,
    Row,
    again,
    bounce,
    decide,
    one_case,
    reply_to,
    spent,
    two_cases,
)
from tests.support.arrivals import (
    AT,
    BOX,
    EVE,
    JANE,
    a_case,
    a_message,
    arrival,
    house,
    known,
    our_id,
)

WAITS = "its answer waits for a person: "
OLD = arrival("careful", now=AT + timedelta(hours=48, seconds=1))
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
    "a complaint that the server calls spam": Row(
        lambda: a_message(headers=["X-Spam-Flag: YES"]),
        "complaint",
        opens="complaint",
        sure=False,
        answer="unsure",
        hold="marked it as spam (X-Spam-Flag)",
        attend=(WAITS,),
    ),
    "a complaint that the server calls spam, whose sender it vouches for": Row(
        lambda: a_message(headers=["X-Spam-Flag: YES", VERDICT.format("pass")]),
        "complaint",
        opens="complaint",
        sure=False,
        answer="unsure",
        at=house(authserv_id="mx.example.test"),
    ),
    "the same mail again": Row(
        a_message,
        "complaint",
        joins=1,
        unanswered="what followed from it stands",
        knowing=lambda: again(one_case()),
    ),
    "older than since": Row(
        a_message, "complaint", unanswered="before the day from which mail is answered", into=arrival("history")
    ),
    "older than since, on a case": Row(
        lambda: a_message(headers=reply_to(our_id())),
        "complaint",
        joins=1,
        unanswered="read for its history only",
        into=arrival("history"),
        knowing=one_case,
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
    "an out-of-office on a case": Row(
        lambda: a_message(
            "I am away until Monday.",
            subject="Out of office",
            headers=["Auto-Submitted: auto-replied", *reply_to(our_id())],
        ),
        "auto-reply",
        joins=1,
        unanswered="machines are never answered",
        knowing=one_case,
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
    "a bounce of our letter": Row(
        bounce, "bounce", joins=1, unanswered="machines are never answered", knowing=one_case
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
    "staff, who complain from an address that failed its checks": Row(
        lambda: a_message(sender="DANA@staff.test", headers=[VERDICT.format("fail").replace("complainants", "staff")]),
        "complaint",
        sure=False,
        opens="complaint",
        answer="received",
        hold="dmarc=fail",
        attend=(WAITS, "does it belong to the grievance procedure"),
        at=house(authserv_id="mx.example.test"),
    ),
    "staff, who answer the letter about their own complaint": Row(
        lambda: a_message("#close", sender="Dana <dana@staff.test>", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="it is part of CMS-2026-000001",
        knowing=lambda: known(a_case(addresses=("dana@staff.test",))),
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
    "an answer to our letter": Row(
        lambda: a_message("Thank you.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        knowing=one_case,
    ),
    "an answer to our letter that names another case": Row(
        lambda: a_message("Not CMS-2026-000002.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        attend=("it also names CMS-2026-000002",),
        knowing=two_cases,
    ),
    "an answer on a closed case": Row(
        lambda: a_message("It is not settled.", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="acknowledged when it was opened",
        attend=("CMS-2026-000001 is closed",),
        knowing=lambda: known(a_case(status="closed")),
    ),
    "somebody else answers our letter": Row(
        lambda: a_message("I am her spouse.", sender=EVE, headers=reply_to(our_id())),
        "reply",
        sure=False,
        joins=1,
        unanswered="was told nothing",
        attend=(f"{EVE} writes about this case and is not on it",),
        knowing=one_case,
    ),
    "the forgotten photo": Row(
        lambda: a_message(
            "--b\nContent-Type: text/plain\n\nThe photo.\n--b\nContent-Type: image/jpeg; name=mould.jpg\n"
            "Content-Disposition: attachment; filename=mould.jpg\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n",
            subject="Photo",
            kind="multipart/mixed; boundary=b",
        ),
        "reply",
        sure=False,
        joins=1,
        answer="added",
        knowing=one_case,
    ),
    "a case named by somebody who is not on it": Row(
        lambda: a_message("About CMS-2026-000001: the boiler was never repaired.", sender=EVE),
        "complaint",
        opens="complaint",
        sure=False,
        answer="received",
        attend=("it names CMS-2026-000001 from an address that is not on it",),
        knowing=one_case,
    ),
    "praise that names a case its writer is not on": Row(
        lambda: a_message(f"{PRAISE} CMS-2026-000001", sender=EVE, subject="Thank you"),
        "complaint",
        opens="complaint",
        sure=False,
        answer="received",
        attend=("it names CMS-2026-000001",),
        knowing=one_case,
    ),
    "no automatic reply is wanted": Row(
        lambda: a_message(headers=["X-Auto-Response-Suppress: All"]),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="X-Auto-Response-Suppress",
        attend=(WAITS,),
    ),
    "a loop suspect": Row(
        lambda: a_message(headers=["Received: from a.test by b.test; Tue, 17 Mar 2026 09:29:00 +0000"] * 101),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="loop",
        attend=(WAITS,),
    ),
    "a sender who failed authentication": Row(
        lambda: a_message(headers=[VERDICT.format("fail")]),
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="dmarc=fail",
        attend=(WAITS,),
        at=house(authserv_id="mx.example.test"),
    ),
    "the same where nobody configured whom to believe": Row(
        lambda: a_message(headers=[VERDICT.format("fail")]), "complaint", opens="complaint", answer="acknowledgement"
    ),
    "found after 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="older than 48 hours",
        attend=(WAITS,),
        into=OLD,
    ),
    "found within 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        into=arrival("careful", now=AT + timedelta(hours=48)),
    ),
    "after three days down": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        into=arrival(now=AT + timedelta(days=3)),
    ),
    "the sixth mail of a day": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="5 automatic answers went to this address",
        attend=(WAITS,),
        budget=spent(address=5),
    ),
    "a domain that writes too much": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="200 automatic answers went to complainants.test",
        attend=(WAITS,),
        budget=spent(domain=200),
    ),
    "too much in all": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="1000 automatic answers",
        attend=(WAITS,),
        budget=spent(in_all=1000),
    ),
    "the eleventh of the same words": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="word for word the same text",
        attend=(WAITS,),
        budget=spent(alike=10),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from(name: str) -> None:
    row = TABLE[name]

    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    assert str(decision.kind) == row.kind
    assert decision.sure == row.sure
    assert (str(decision.opens.kind) if decision.opens else None) == row.opens
    assert decision.joins == row.joins
    assert (str(decision.answer.kind) if decision.answer else None) == row.answer
    held = decision.answer.hold if decision.answer else None
    assert held is None if row.hold is None else held is not None and row.hold in held
    assert (
        row.unanswered in decision.not_answered
        if row.unanswered and decision.not_answered
        else (row.unanswered is decision.not_answered)
    )
    assert len(decision.attend) == len(row.attend)
    assert all(words in attend.why for words, attend in zip(row.attend, decision.attend, strict=True))
    assert decision.reasons
    assert (decision.answer is None) == bool(decision.not_answered), "it is answered, or says why not"
    assert decision.opens is None or decision.joins is None


@pytest.mark.parametrize("name", TABLE)
def test_what_a_person_has_to_see_to_has_the_acknowledgement_s_last_moment(name: str) -> None:
    row = TABLE[name]
    decision = decide(row.mail(), into=row.into, at=row.at, knowing=row.knowing(), budget=row.budget())

    dates = [attend.counted.due_at.isoformat() if attend.counted else None for attend in decision.attend]
    assert dates == [ACKNOWLEDGE_BY] * len(dates)
    if decision.answer is not None and str(decision.answer.kind) != "thanks":
        assert decision.answer.due_at is not None and decision.answer.due_at.isoformat() == ACKNOWLEDGE_BY

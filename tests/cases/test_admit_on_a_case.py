"""A mail has come that has to do with a case, or says so: what follows? Nothing of it is disclosed to others."""

from __future__ import annotations

import pytest

from tests.support.admissions import (
    PRAISE,
    Row,
    again,
    bounce,
    dated,
    follows,
    one_case,
    reply_to,
    two_cases,
)
from tests.support.arrivals import (
    EVE,
    a_case,
    a_message,
    arrival,
    known,
    our_id,
)

TABLE = {
    "the same mail again": Row(
        a_message,
        "complaint",
        joins=1,
        unanswered="what followed from it stands",
        knowing=lambda: again(one_case()),
    ),
    "older than since, on a case": Row(
        lambda: a_message(headers=reply_to(our_id())),
        "complaint",
        joins=1,
        unanswered="read for its history only",
        into=arrival("history"),
        knowing=one_case,
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
    "a bounce of our letter": Row(
        bounce, "bounce", joins=1, unanswered="machines are never answered", knowing=one_case
    ),
    "staff, who answer the letter about their own complaint": Row(
        lambda: a_message("#close", sender="Dana <dana@staff.test>", headers=reply_to(our_id())),
        "reply",
        joins=1,
        unanswered="it is part of CMS-2026-000001",
        knowing=lambda: known(a_case(addresses=("dana@staff.test",))),
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
}


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from(name: str) -> None:
    follows(TABLE[name])


@pytest.mark.parametrize("name", TABLE)
def test_what_a_person_has_to_see_to_has_the_acknowledgement_s_last_moment(name: str) -> None:
    dated(TABLE[name])

"""When the answer to a mail goes by itself, and when it waits for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.admissions import (
    VERDICT,
    WAITS,
    Row,
    dated,
    follows,
    spent,
)
from tests.support.arrivals import (
    AT,
    a_message,
    arrival,
    house,
)

OLD = arrival("careful", now=AT + timedelta(hours=48, seconds=1))
TABLE = {
    "a complaint that the server calls spam": Row(
        lambda: a_message(headers=["X-Spam-Flag: YES"]),
        "complaint",
        opens="complaint",
        sure=False,
        answer="unsure",
        hold="marked it as spam (X-Spam-Flag)",
        attend=(WAITS,),
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
    "found after 48 hours on a first start": Row(
        a_message,
        "complaint",
        opens="complaint",
        answer="acknowledgement",
        hold="older than 48 hours",
        attend=(WAITS,),
        into=OLD,
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
    follows(TABLE[name])


@pytest.mark.parametrize("name", TABLE)
def test_what_a_person_has_to_see_to_has_the_acknowledgement_s_last_moment(name: str) -> None:
    dated(TABLE[name])

"""Where a matter may belong: only words of the policy's own file say so, and a megabyte is read in no time."""

from __future__ import annotations

import pytest

from complaintmail.policy.load import find
from complaintmail.triage.belonging import may_belong

CIM, CMS, SEK = (find(name, None) for name in ("cim", "cms", "sek"))
CENTRE, BUSINESS = "the study centre's own complaints procedure", "the CIM Business Centre"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("My study centre lost my papers.", (CENTRE,)),
        ("Two study centres\nhave lost them.", (CENTRE,)),
        ("The ASC in Leeds does not answer.", (CENTRE,)),
        ("I asked, asc or not.", ()),
        ("The lunch at moor hall was cold.", (BUSINESS,)),
        ("My study centre sent me to Moor Hall.", (CENTRE, BUSINESS)),
        ("My studycentre is in a basement.", ()),
        ("My exam was marked twice.", ()),
        ("", ()),
    ],
)
def test_the_words_of_the_file_propose_a_place(text: str, places: tuple[str, ...]) -> None:
    assert tuple(each.to for each in may_belong(CIM, text)) == places


def test_what_our_own_people_write_may_belong_elsewhere_whatever_it_says() -> None:
    assert [each.clause for each in may_belong(CMS, "My manager shouts.", staff=True)] == ["CMS-scope"]
    assert may_belong(CMS, "The tutor shouts.") == ()
    assert may_belong(SEK, "The study centre shouts.", staff=True) == ()


def test_a_megabyte_is_read_in_no_time() -> None:
    assert may_belong(CIM, "study " * 200_000) == ()

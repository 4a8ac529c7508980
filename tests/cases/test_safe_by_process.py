"""Whatever the judge of mails answers, nobody's mail is left both unanswered and unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from complaintmail.cases.arrival import House
from complaintmail.cases.changes import Decision
from complaintmail.cases.digest import Released, digest
from complaintmail.cases.people import People, Person
from complaintmail.mail.message import Message
from complaintmail.store.digesting import SURELY_OTHER
from tests.support.admissions import FORM, VERDICT, decide, one_case, reply_to
from tests.support.arrivals import AT, CMS, EVE, STAFF, a_message, house, our_id
from tests.support.nonsense import JUDGES, always, of_people

NOBODY = People((Person("Bo Board", "bo@staff.test", ("board",), policies=("sek",)),))
DANA = STAFF.persons[0]


def mails() -> Iterator[tuple[str, Message, House]]:
    """Who writes what, and at what house it arrives."""
    for number, (subject, words) in enumerate(of_people()):
        who = f"Writer {number} <w{number}@d{number}.test>"
        yield f"{number}: {words!r}", a_message(words, subject=subject, sender=who), house()
    for number, (subject, words) in enumerate(list(of_people())[::11]):
        marked = a_message(words, subject=subject, headers=["X-Spam-Flag: YES"])
        yield f"marked {number}: {words!r}", marked, house()
        yield (
            f"failed {number}",
            a_message(words, headers=[VERDICT.format("fail")]),
            house(authserv_id="mx.example.test"),
        )
        yield f"colleague {number}", a_message(words, subject=subject, sender="ina@staff.test"), house()
        yield f"form {number}", a_message(words, sender=FORM, headers=[f"Reply-To: {EVE}"]), house(forms=[FORM])
        yield f"nobody {number}", a_message(words, sender=""), house()
        yield f"complaints {number}: {words!r}", a_message(words, subject=subject), house(purpose="complaints")
        yield f"on a case {number}", a_message(words, subject=subject, headers=reply_to(our_id())), house()
        yield f"stranger {number}", a_message(words, sender=EVE, headers=reply_to(our_id())), house()
        yield f"unstaffed {number}: {words!r}", a_message(words, subject=subject), replace(house(), people=NOBODY)
        yield f"no staff {number}: {words!r}", a_message(words, subject=subject), replace(house(), people=People(()))


@cache
def all_mails() -> list[tuple[str, Message, House]]:
    return list(mails())


def on_a_list(message: Message, decision: Decision, at: House) -> bool:
    """Does it really stand on somebody's list?"""
    other = str(decision.kind) in SURELY_OTHER or (str(decision.kind) == "staff" and decision.score is not None)
    reader = at.people.officer(CMS, CMS.first).email
    if not other or not decision.sure or decision.score is None or reader is None:
        return False
    return listed_among_many(str(decision.kind), message.subject[:20])


@cache
def listed_among_many(kind: str, subject: str) -> bool:
    mail = Released(AT, "w@d.test", subject, kind, ("so I say",), 17, True)
    told = digest(DANA, AT, (), (), released=[*[replace(mail, number=n) for n in range(1000, 1300)], mail])
    return told is not None and any("(mail 17)" in line for _, lines in told.sections for line in lines)


def is_seen_to(message: Message, decision: Decision, at: House) -> bool:
    acknowledged = decision.answer is not None and decision.answer.hold is None
    before_a_person = bool(decision.attend) or decision.joins is not None  # what comes on a case is told to who has it
    return acknowledged or before_a_person or on_a_list(message, decision, at)


@pytest.mark.parametrize("judge", JUDGES)
def test_behaviour_34_no_mail_of_a_person_is_left_both_unanswered_and_unseen(judge: str) -> None:
    ask = JUDGES[judge]()

    lost = [
        what
        for what, message, at in all_mails()
        if not is_seen_to(message, decide(message, at=replace(at, ask=ask), knowing=one_case()), at)
    ]

    assert lost == []


@pytest.mark.parametrize("judge", ["surely spam", "surely an enquiry", "surely a mailing", "at random", "fails"])
def test_nothing_is_let_go_where_nobody_would_have_the_list(judge: str) -> None:
    at = replace(house(), people=People(()), ask=JUDGES[judge]())

    for subject, words in of_people():
        decision = decide(a_message(words, subject=subject), at=at)
        assert decision.answer is not None and decision.opens is not None


@pytest.mark.parametrize(
    "words",
    [
        "I want to complain about the invigilator.",
        "The service was dreadful.",
        "My complaint is from May: still waiting.",
        "Rwyf am wneud cwyn am y cwrs.",
    ],
)
@pytest.mark.parametrize("judge", ["surely spam", "surely an enquiry", "surely a mailing", "surely praise"])
def test_words_that_complain_are_never_let_go(judge: str, words: str) -> None:
    decision = decide(a_message(words, subject="Hello"), at=replace(house(), ask=JUDGES[judge]()))

    assert (str(decision.kind), decision.sure) == ("complaint", False)
    assert decision.answer is not None and str(decision.answer.kind) == "unsure"
    assert any("so it is not let go" in reason for reason in decision.reasons)


def test_what_names_the_reader_of_the_list_is_not_let_go_to_them() -> None:
    message = a_message("When did Dana Director say that the course would start?", subject="Hello")

    decision = decide(message, at=replace(house(), ask=always("enquiry", 0.1)))

    assert decision.opens is not None and not decision.sure


def test_a_judge_that_fails_is_named_in_the_reason() -> None:
    decision = decide(a_message(), at=replace(house(), ask=JUDGES["fails badly"]()))

    assert any("could not judge it (RecursionError)" in reason for reason in decision.reasons)
    assert (decision.score, decision.sure, decision.language) == (0.5, False, "en")


def test_a_colleagues_mail_that_names_the_reader_of_the_list_does_not_stand_on_it() -> None:
    message = a_message("Dana Director said that I should hand in my keys.", sender="ina@staff.test", subject="Keys")

    decision = decide(message, at=replace(house(), ask=always("enquiry", 0.1)))

    assert decision.opens is not None and decision.answer is not None
    assert str(decision.answer.kind) == "received"


@pytest.mark.parametrize(("marked", "kind"), [(["X-Spam-Flag: YES"], "spam"), ([], "complaint")])
def test_nothing_is_let_go_as_spam_that_our_own_server_does_not_call_so(marked: list[str], kind: str) -> None:
    message = a_message("Buy cheap watches now.", subject="Offer", headers=marked)

    decision = decide(message, at=replace(house(), ask=always("spam", 0.0)))

    assert str(decision.kind) == kind


def test_a_mark_among_the_senders_own_headers_lets_nothing_go_where_the_server_is_named() -> None:
    ours = "Received: from a.test (a.test [192.0.2.1]) by mx.example.test; Tue, 17 Mar 2026 09:29:00 +0000"
    theirs = "Received: from b.test (b.test [192.0.2.2]) by a.test; Tue, 17 Mar 2026 09:28:00 +0000"
    message = a_message("Please look at this.", subject="Hello", headers=[ours, theirs, "X-Spam-Flag: YES"])

    decision = decide(message, at=house(authserv_id="mx.example.test"))

    assert decision.opens is not None and decision.answer is not None and decision.answer.hold is None

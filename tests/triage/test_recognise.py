"""Which mail is this, and on which case? Each way there is to thread, and each that there is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from complaintmail.mail.message import Message
from complaintmail.triage.known import Known, KnownMail
from complaintmail.triage.recognise import Recognition, Thread, recognise
from tests.support.arrivals import (
    AT,
    EVE,
    JANE,
    KEY,
    LETTER,
    OTHER_LETTER,
    PREFIXES,
    WORDS,
    a_case,
    a_message,
    known,
    our_id,
)

BOB = "bob@complainants.test"
PHOTO = (
    "--b\nContent-Type: text/plain\n\n{words}\n--b\nContent-Type: image/jpeg; name=mould.jpg\n"
    "Content-Disposition: attachment; filename=mould.jpg\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
)


def mail(
    body: str = "Something new.",
    *,
    sender: str = JANE,
    cites: Sequence[str] = (),
    references: Sequence[str] = (),
    subject: str = "hello",
    kind: str = "text/plain",
    message_id: str = "<later@complainants.test>",
) -> Message:
    headers = [f"In-Reply-To: {' '.join(cites)}"] if cites else []
    headers += [f"References: {' '.join(references)}"] if references else []
    return a_message(body, sender=sender, subject=subject, headers=headers, kind=kind, message_id=message_id)


def photo(words: str = "") -> Message:
    return mail(PHOTO.format(words=words), kind="multipart/mixed; boundary=b", subject="photo")


def found(
    message: Message, into: Known, *, after: timedelta = timedelta(minutes=2), policy: str = "cms"
) -> Recognition:
    writer = message.writer
    return recognise(message, writer.key if writer else None, AT + after, policy, into, KEY, PREFIXES)


def janes_and_bobs() -> Known:
    return known(a_case(), a_case(2, addresses=(BOB,), words="The boiler was never repaired and nobody came."))


# Our own letters


def test_an_answer_to_our_letter_joins_its_case() -> None:
    recognised = found(mail(cites=[our_id()]), known(a_case()))

    assert (recognised.thread, recognised.case_id, recognised.letters) == (Thread.JOINS, 1, (LETTER,))


@pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda mid: mid.replace("@example.test", "@relay.test")])
def test_our_mark_survives_a_change_of_case_and_of_domain(change: object) -> None:
    assert callable(change)

    assert found(mail(cites=[change(our_id())]), known(a_case())).thread is Thread.JOINS


def test_our_letter_may_stand_anywhere_in_the_references() -> None:
    ids = ["<a@x.test>", our_id(), "<b@x.test>"]

    assert found(mail(references=ids), known(a_case())).case_id == 1


def test_the_letter_that_is_answered_wins_over_those_that_are_only_referred_to() -> None:
    both = known(a_case(), a_case(2))

    recognised = found(mail(cites=[our_id(OTHER_LETTER)], references=[our_id(), our_id(OTHER_LETTER)]), both)

    assert recognised.case_id == 2
    assert recognised.suggested == ("CMS-2026-000001",)


def test_the_id_that_a_server_gave_our_letter_threads_too() -> None:
    cases = known(a_case())
    cases.aliases["<0102018-ses@eu.provider.test>"] = LETTER

    assert found(mail(cites=["<0102018-ses@eu.provider.test>"]), cases).thread is Thread.JOINS


@pytest.mark.parametrize(
    "guess",
    [
        "<CM-2026-000123@example.test>",
        "<ack-123@example.test>",
        "<123@example.test>",
        f"<cm.{LETTER}.{'a' * 26}@example.test>",
        our_id(key=b"another installation"),
        our_id()[:-15] + "@example.test>",
        our_id().replace(LETTER, OTHER_LETTER),
    ],
)
def test_a_guessed_message_id_opens_nothing(guess: str) -> None:
    recognised = found(mail(sender=EVE, cites=[guess], references=[guess]), janes_and_bobs())

    assert (recognised.thread, recognised.case_id, recognised.suggested) == (Thread.NEW, None, ())


def test_a_mark_that_is_right_for_a_letter_that_is_not_there_opens_nothing() -> None:
    assert found(mail(cites=[our_id("zzzzzzzzzzzzzzzz")]), known(a_case())).thread is Thread.NEW


def test_whoever_has_our_letter_but_is_not_on_the_case_is_a_stranger() -> None:
    recognised = found(mail("I am her spouse", sender=EVE, cites=[our_id()]), known(a_case()))

    assert (recognised.thread, recognised.case_id) == (Thread.STRANGER, 1)


def test_a_reference_beside_our_letter_is_a_conflict_that_the_letter_decides() -> None:
    recognised = found(mail(cites=[our_id()], subject="Re: [CMS-2026-000001] and [CMS-2026-000002]"), janes_and_bobs())

    assert (recognised.thread, recognised.case_id) == (Thread.JOINS, 1)
    assert recognised.suggested == ("CMS-2026-000002",)
    assert "a person should look" in recognised.reasons[1]


def test_of_two_letters_the_one_whose_case_the_writer_is_on_decides() -> None:
    recognised = found(mail(sender=BOB, cites=[our_id(), our_id(OTHER_LETTER)]), janes_and_bobs())

    assert (recognised.thread, recognised.case_id, recognised.suggested) == (Thread.JOINS, 2, ("CMS-2026-000001",))


def test_a_stranger_who_names_another_case_too_gets_neither() -> None:
    recognised = found(mail("CMS-2026-000002", sender=EVE, cites=[our_id()]), janes_and_bobs())

    assert (recognised.thread, recognised.suggested) == (Thread.STRANGER, ("CMS-2026-000002",))


# Other ids of the case, and the reference


def test_another_mail_of_the_case_threads_for_who_is_on_it() -> None:
    recognised = found(mail(cites=["<mail-1@complainants.test>"]), known(a_case()))

    assert (recognised.thread, recognised.case_id) == (Thread.JOINS, 1)


def test_another_mail_of_the_case_only_suggests_to_who_is_not() -> None:
    recognised = found(mail(sender=EVE, cites=["<mail-1@complainants.test>"]), known(a_case()))

    assert (recognised.thread, recognised.case_id, recognised.suggested) == (
        Thread.SUGGESTS,
        None,
        ("CMS-2026-000001",),
    )


@pytest.mark.parametrize("written", ["CMS-2026-000001", "cms-2026-000001", "(ref. CMS-2026-000001)"])
@pytest.mark.parametrize("where", ["subject", "body"])
def test_the_reference_threads_for_who_is_on_the_case(written: str, where: str) -> None:
    message = mail(written) if where == "body" else mail(subject=f"Re: {written}")

    assert found(message, known(a_case())).case_id == 1


@pytest.mark.parametrize("where", ["subject", "body"])
def test_the_reference_only_suggests_to_who_is_not(where: str) -> None:
    message = mail("CMS-2026-000001", sender=EVE) if where == "body" else mail(sender=EVE, subject="[CMS-2026-000001]")

    assert found(message, known(a_case())).thread is Thread.SUGGESTS


def test_a_reference_in_what_is_quoted_is_not_the_writer_s() -> None:
    message = mail("Something new.\n\nOn Monday somebody wrote:\n> CMS-2026-000001\n", sender=EVE)

    assert found(message, known(a_case())).thread is Thread.NEW


@pytest.mark.parametrize(
    "no", ["CMS-2026-000099", "XYZ-2026-000001", "CMS-2026-1", "CMS-2026-0000011", "ACMS-2026-000001"]
)
def test_what_is_no_reference_of_a_case_here_suggests_nothing(no: str) -> None:
    assert found(mail(no, sender=EVE), known(a_case())).thread is Thread.NEW


def test_of_two_references_the_one_that_the_writer_is_on_is_joined_and_the_other_shown() -> None:
    recognised = found(mail("CMS-2026-000001 or CMS-2026-000002?", sender=BOB), janes_and_bobs())

    assert (recognised.thread, recognised.case_id, recognised.suggested) == (Thread.JOINS, 2, ("CMS-2026-000001",))


def test_a_third_party_that_nobody_vouched_for_stays_one() -> None:
    """Being noted on a case as unverified puts nobody on it: `addresses` are the complainant's alone."""
    assert EVE not in a_case().addresses
    assert found(mail(sender=EVE, cites=["<mail-1@complainants.test>"]), known(a_case())).thread is Thread.SUGGESTS


# The same mail again


def test_the_same_mail_again_is_known_by_all_of_it() -> None:
    cases = known(a_case())
    first = a_message()
    cases.by_identity[first.identity] = KnownMail(7, 1, "complaint", AT, JANE)

    twice = found(
        a_message(headers=["Received: from elsewhere.test by mx.test; Tue, 17 Mar 2026 09:31:00 +0000"]), cases
    )

    assert (twice.thread, twice.case_id) == (Thread.AGAIN, 1)
    assert twice.again is not None and twice.again.id == 7
    assert "17 March 2026" in twice.reasons[0]


@pytest.mark.parametrize("other", ["body", "sender", "id"])
def test_a_message_id_used_again_hides_nobody_s_complaint(other: str) -> None:
    cases = known(a_case())
    cases.by_identity[a_message().identity] = KnownMail(7, 1, "complaint", AT, JANE)
    later = {
        "body": a_message("The lift is broken and I am angry about how I was treated at reception."),
        "sender": a_message(sender=f"Eve <{EVE}>"),
        "id": a_message(message_id="<another@complainants.test>", sender=f"Eve <{EVE}>"),
    }[other]

    assert found(later, cases).thread is Thread.NEW


# Alike


def test_attachments_with_hardly_a_word_join_provisionally() -> None:
    recognised = found(photo("Sorry, here is the photo that I forgot."), known(a_case()))

    assert (recognised.thread, recognised.case_id) == (Thread.ALIKE, 1)
    assert "attachments" in recognised.reasons[0]


def test_attachments_with_much_to_say_are_a_mail_of_their_own() -> None:
    said = " ".join(f"word{n}" for n in range(40))

    assert found(photo(said), known(a_case())).thread is Thread.NEW


def test_much_the_same_words_join_provisionally() -> None:
    assert found(mail(WORDS + " Please answer."), known(a_case())).thread is Thread.ALIKE


def test_other_words_are_another_grievance() -> None:
    another = "The invoice for my second booking was charged to my old card, and the bank took a fee for that."

    assert found(mail(another), known(a_case())).thread is Thread.NEW


def test_nothing_but_a_subject_joins_provisionally() -> None:
    assert found(mail("", subject="Complaint"), known(a_case())).thread is Thread.ALIKE


@pytest.mark.parametrize(("after", "thread"), [(24 * 60, Thread.ALIKE), (24 * 60 + 1, Thread.NEW), (-60, Thread.ALIKE)])
def test_alike_counts_within_a_day(after: int, thread: Thread) -> None:
    assert found(photo(), known(a_case()), after=timedelta(minutes=after)).thread is thread


@pytest.mark.parametrize(
    "case",
    [
        a_case(status="closed"),
        a_case(kind="compliment"),
        a_case(kind="unreadable"),
        a_case(policy="sek"),
        a_case(addresses=(BOB,)),
    ],
    ids=["closed", "praise", "unreadable", "another policy", "another writer"],
)
def test_alike_joins_only_an_open_complaint_of_the_same_writer_and_policy(case: object) -> None:
    assert found(photo(), known(case)).thread is Thread.NEW  # type: ignore[arg-type]


def test_of_two_open_cases_the_latest_is_meant() -> None:
    later = a_case(2, received_at=AT + timedelta(hours=1))

    assert found(photo(), known(a_case(), later), after=timedelta(hours=2)).case_id == 2


def test_an_appeal_may_have_its_photo_too() -> None:
    assert found(photo(), known(a_case(kind="appeal"))).thread is Thread.ALIKE


def test_a_mail_without_a_writer_is_like_nobody_s() -> None:
    nobody = replace(photo(), from_=())

    assert found(nobody, known(a_case(addresses=()))).thread is Thread.NEW


def test_what_is_alike_and_names_a_case_of_somebody_else_s_joins_the_writer_s_own() -> None:
    message = mail(PHOTO.format(words="As in CMS-2026-000002."), kind="multipart/mixed; boundary=b")

    recognised = found(message, janes_and_bobs())

    assert (recognised.thread, recognised.case_id) == (Thread.ALIKE, 1)

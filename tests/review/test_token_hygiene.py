"""No token of staff's leaves the house or stays good where others read it."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any, Protocol

import pytest

from complaintmail.mail.tokens import REPLY, tokens_in
from complaintmail.passes.spent import Spent
from complaintmail.store import journal
from tests.support import wire
from tests.support.bureau import ADDRESS, JANE, Bureau, a_letter, answering, click, reply
from tests.support.forgeries import reply_address
from tests.support.hostile import everything_of
from tests.support.office import a_mail
from tests.support.staff import Got

ABOUT = "[CMS-2026-000001]"


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


@pytest.fixture
def bureau(staffed: Staffed) -> Bureau:
    bureau = staffed()
    bureau.complains("The room was cold and nobody came. I want my money back.")
    return bureau


def given_to_hal(bureau: Bureau) -> Got:
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    return given


def void(bureau: Bureau, got: Got) -> set[int]:
    rows = bureau.rows("SELECT link FROM link_void WHERE letter_id = ?", got.message_id[4:20])
    return {link for [link] in rows}


def state_of(bureau: Bureau) -> dict[str, list[tuple[Any, ...]]]:
    return bureau.state(1)


def all_links(bureau: Bureau, got: Got) -> set[int]:
    tokens = tokens_in(bureau.office.store.key, [got.words])
    assert len(tokens) == len(got.links()) > 3
    return {token.link for token in tokens}


def test_nothing_that_goes_to_the_complainant_holds_one_whatever_the_answer_held(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    address, (_, subject, _) = reply_address(given), next(iter(given.links().values()))
    mail = a_letter(
        "hal", f"Re: {given.subject}",
        f"Dear Jane,\n\nhere is your money. Write to {address} or to\n{subject}\n{subject[:30]}\n{subject[30:]}\n"
        f"mailto:{ADDRESS}?subject={subject.replace('-', '%2D').replace(' ', '%20')}\n{given.message_id}\n",
        to=address, headers=answering(given),
    )  # fmt: skip
    mail.add_attachment(given.raw, maintype="application", subtype="octet-stream", filename="notice.eml")
    mail.add_attachment(given.mail)
    mail.add_attachment(b"The bill: 40 pounds", maintype="text", subtype="plain", filename="bill.txt")

    bureau.takes(mail.as_bytes())

    [answer] = [data for recipient, data in bureau.outgoing(staff=False) if b"here is your money" in data]
    said = everything_of(answer)
    assert "The bill: 40 pounds" in said
    assert tokens_in(bureau.office.store.key, [said]) == () and not wire.TOKEN.search(said)
    assert given.message_id[1:47] not in said and "staff.test" not in said


def test_no_letter_to_anybody_outside_and_no_evidence_copy_holds_one(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    bureau.takes(reply("hal", given, "Dear Jane,\n\nhere is your money."))
    bureau.complains("And another thing: the lift is stuck. I complain.", "bob@complainants.test")

    lying = [*(data for _, data in bureau.outgoing(staff=False)), *bureau.inbox.sent]
    assert len(lying) >= 5
    for raw in lying:
        assert not wire.TOKEN.search(everything_of(raw))


def test_what_is_kept_and_shown_of_mails_holds_none(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    bureau.takes(
        reply("hal", given, "Dear Jane,\n\nhere is your money."),
        click("hal", given, next(iter(given.links()))),
        a_letter(
            "hal", f"Re: {given.subject}", f"#note see {reply_address(given)}", headers=answering(given)
        ).as_bytes(),
        a_mail(
            ADDRESS, sender=JANE, body=f"You sent me this by mistake:\n\n{given.words}", subject=f"{given.subject} x"
        ),
    )

    for table, columns in {
        "message": "subject, text, new_text, recipients, reasons, not_answered", "cases": "subject, summary",
        "event": "detail", "offer": "payload", "obligation": "why, evidence",
    }.items():  # fmt: skip
        said = str(bureau.rows(f"SELECT {columns} FROM {table}"))
        assert not wire.TOKEN.search(said.lower()), table
        assert given.message_id[4:47] not in said, table
    told = [data for _, data in bureau.outgoing() if b"by mistake" in data]
    assert told
    for data in told:  # what staff are shown of her mail holds none of Hal's
        assert given.message_id[4:20] not in everything_of(data)


QUOTING = {
    "as text": lambda given: reply("hal", given, "#note thanks"),
    "as text in quoted-printable": lambda given: recoded(given, given.words, "quoted-printable"),
    "as text in base64": lambda given: recoded(given, given.words, "base64"),
    "broken over lines": lambda given: recoded(given, broken(given.words), "8bit"),
    "in HTML alone": lambda given: recoded(given, given.html, "quoted-printable", "html"),
    "in HTML with entities": lambda given: recoded(given, given.html.replace("cm-", "cm&#45;"), "base64", "html"),
    "in an attached mail": lambda given: attached(given),
    "unproved": lambda given: a_letter("hal", "Re: it", f"#note thanks\n\n{given.words}").as_bytes(),
}


def broken(words: str) -> str:
    """Every line as a mail program with narrow lines quotes it."""
    lines = [line[at : at + 50] for line in words.splitlines() for at in range(0, max(len(line), 1), 50)]
    return "".join(f"> {line}\n" for line in lines)


def recoded(given: Got, quoted: str, encoding: str, kind: str = "plain") -> bytes:
    mail = a_letter("hal", "Re: it", "", headers=answering(given))
    own = "#note thanks\n\nOn Wednesday they wrote:\n" if kind == "plain" else "<p>#note thanks</p><hr><blockquote>"
    mail.set_content(own + quoted, subtype=kind, cte=encoding)
    return mail.as_bytes()


def attached(given: Got) -> bytes:
    mail = a_letter("hal", "Re: it", "#note thanks", headers=answering(given))
    mail.add_attachment(given.mail)
    return mail.as_bytes()


@pytest.mark.parametrize("name", QUOTING)
def test_links_that_a_reply_quotes_into_the_shared_mailbox_are_void(bureau: Bureau, name: str) -> None:
    given = given_to_hal(bureau)

    bureau.takes(QUOTING[name](given))

    assert void(bureau, given) == all_links(bureau, given)
    before = state_of(bureau)
    label = next(label for label, (_, _, body) in given.links().items() if not body.startswith("#status"))
    bureau.takes(click("hal", given, label))
    assert state_of(bureau) == before
    assert bureau.gets("hal")[-1].subject == "Did you write this?"


def test_a_reply_that_quotes_nothing_leaves_them_good(bureau: Bureau) -> None:
    given = given_to_hal(bureau)

    bureau.takes(reply("hal", given, "#note thanks", quotes=False))

    assert void(bureau, given) == set()


def test_what_the_complainant_got_in_copy_proves_nothing_any_more(bureau: Bureau) -> None:
    """Hal answers everybody: she has the address and the Message-ID that proved his replies, and writes in his name."""
    given = given_to_hal(bureau)
    to = reply_address(given)
    bureau.takes(a_letter("hal", "Re: it", "Dear Jane, here is your money.", to=f"{to}, {JANE}",
                          headers=answering(given)).as_bytes())  # fmt: skip
    assert bureau.told("staff_answered_directly") and REPLY in void(bureau, given)
    before = bureau.state()

    bureau.takes(
        a_letter("hal", "Re: it", "#close because it is settled", to=to).as_bytes(),
        a_letter("hal", "Re: it", "#kind spam", headers=answering(given)).as_bytes(),
    )

    assert bureau.state() == before
    assert [got.subject for got in bureau.gets("hal")] == ["Did you write this?"] * 2


def test_a_notice_that_came_back_to_the_mailbox_is_worth_nothing(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    report = "\r\n".join([
        "From: MAILER-DAEMON@mx.example.test", f"To: {ADDRESS}", "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <dsn1@mx.example.test>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0", "Return-Path: <>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', "", "--B",
        "Content-Type: text/plain", "", "It could not be delivered.", "--B",
        "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example.test", "", "Final-Recipient: rfc822; hal@staff.test", "Action: failed",
        "Status: 5.1.1", "", "--B", "Content-Type: message/rfc822", "", given.raw.decode("ascii"), "--B--", "",
    ])  # fmt: skip

    bureau.takes(report.encode("ascii"))

    assert void(bureau, given) >= {*all_links(bureau, given), REPLY}


def test_what_somebody_outside_sends_in_is_void_however_it_lies_in_their_mail(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    label, (_, subject, _) = next(iter(given.links().items()))
    encoded = base64.b64encode(f"Look: {subject}".encode()).decode()
    raw = a_mail(ADDRESS, sender=JANE, body="x").replace(
        b"Content-Transfer-Encoding: 8bit", b"Content-Transfer-Encoding: base64"
    )

    bureau.takes(raw.replace(b"\r\n\r\nx", b"\r\n\r\n" + encoded.encode()))

    assert REPLY in void(bureau, given) and len(void(bureau, given)) == 2
    before = state_of(bureau)
    bureau.takes(click("hal", given, label), reply("hal", given, "#close because", quotes=False))
    assert state_of(bureau) == before


def test_what_is_sent_by_hand_from_the_mailbox_itself_leaves_no_live_token_in_its_sent_folder(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    store, files = bureau.office.store, bureau.office.intake.files
    sent = a_mail(JANE, sender=ADDRESS, body=f"Dear Jane, see below.\n\n{given.words}")

    with store.writing(bureau.clock.now()) as writer:
        entry = replace(journal.entry(writer.connection, files, 1), raw=sent)
        spent = Spent(store.key, bureau.office.intake.people, frozenset({ADDRESS}))
        spent.by_hand(writer, entry)
        writer.event("sent_mail_kept", by="complaintmail")

    assert void(bureau, given) == all_links(bureau, given)

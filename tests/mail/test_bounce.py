"""Bounces: who did not get the letter, by reports and by the words of servers of many kinds."""

from __future__ import annotations

import pytest

from complaintmail.mail.automatic import origin
from complaintmail.mail.bounce import address_of, from_report, from_words
from complaintmail.mail.message import Address, Automatic, Bounce, Message
from complaintmail.mail.report import Fields, Report, ReportPart

OURS = "<ack.1@example.test>"
RETURNED = (("message-id", OURS), ("subject", "We have your complaint"))


def report(
    *blocks: Fields, kind: str = "message/delivery-status", returned: Fields = RETURNED, text: str = ""
) -> Report:
    return Report("delivery-status", blocks, returned, text, (ReportPart(kind, blocks),))


def block(recipient: str, action: str, status: str, **more: str) -> Fields:
    fields = [("final-recipient", recipient), ("action", action), ("status", status)]
    return (*fields, *((name.replace("_", "-"), value) for name, value in more.items()))


def note(
    text: str, subject: str = "Undelivered Mail Returned to Sender", sender: str = "MAILER-DAEMON@x.test"
) -> Message:
    return Message(
        "0" * 64,
        len(text),
        from_=(Address("", sender),),
        to=(Address("", "info@example.test"),),
        subject=subject,
        text=text,
        new_text=text,
    )


def test_a_report_tells_recipient_status_action_and_which_letter() -> None:
    about = (("reporting-mta", "dns; mx.x.test"), ("original-envelope-id", "CMS-1"))
    diagnostic = "smtp; 550 5.1.1 no such user"
    found = from_report(report(about, block("rfc822; jane@x.test", "failed", "5.1.1", diagnostic_code=diagnostic)))
    assert found == (Bounce("jane@x.test", "5.1.1", "failed", diagnostic, OURS, "CMS-1"),)


@pytest.mark.parametrize("action", ["failed", "delayed", "delivered", "relayed", "expanded"])
def test_only_failed_is_failed(action: str) -> None:
    (found,) = from_report(report(block("rfc822;jane@x.test", f"{action.title()} (x)", "4.4.7")))
    assert found.action == action


@pytest.mark.parametrize(("status", "action"), [("5.1.1", "failed"), ("4.4.7", "delayed"), ("2.0.0", "delivered")])
def test_without_an_action_the_status_says_it(status: str, action: str) -> None:
    (found,) = from_report(report((("final-recipient", "rfc822;jane@x.test"), ("status", status))))
    assert found.action == action


def test_several_recipients_have_each_their_own_fate() -> None:
    found = from_report(
        report(
            (("reporting-mta", "dns;x"),),
            block("rfc822;a@x.test", "failed", "5.1.1"),
            block("rfc822;b@x.test", "delayed", "4.4.1"),
            block("rfc822;c@x.test", "relayed", "2.0.0"),
        )
    )
    assert [(b.recipient, b.action) for b in found] == [
        ("a@x.test", "failed"),
        ("b@x.test", "delayed"),
        ("c@x.test", "relayed"),
    ]


def test_the_address_that_we_wrote_to_is_the_one_told() -> None:
    (found,) = from_report(
        report((("original-recipient", "rfc822;jane@x.test"), *block("rfc822;j@in.x.test", "failed", "5.1.1")))
    )
    assert found.recipient == "jane@x.test"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("rfc822; jane@x.test", "jane@x.test"),
        ("RFC822;<jane@x.test>", "jane@x.test"),
        ("jane@x.test", "jane@x.test"),
        ("utf-8; josé@x.test", "josé@x.test"),
        (r"utf-8; jos\x{E9}@x.test", "josé@x.test"),
        (r"UTF-8;jos\x{110000}@x.test", "jos@x.test"),
        ("rfc822;jane+40x.test", "jane@x.test"),
        ("rfc822;jane+tag@x.test", "jane+tag@x.test"),
        ("x400; /G=Jane/S=Doe/", None),
        ("rfc822;", None),
    ],
)
def test_addresses_of_every_type(written: str, address: str | None) -> None:
    assert address_of(written) == address


def test_global_reports_are_read_like_the_others() -> None:
    blocks = (block("utf-8; josé@x.test", "failed", "5.1.1"),)
    (found,) = from_report(report(*blocks, kind="message/global-delivery-status"))
    assert found.recipient == "josé@x.test"


def test_a_vague_status_gives_way_to_the_exact_one_of_the_diagnostic() -> None:
    (found,) = from_report(
        report(block("rfc822;a@x.test", "failed", "5.0.0", diagnostic_code="smtp; 550 5.1.1 unknown"))
    )
    assert found.status == "5.1.1"
    (found,) = from_report(report(block("rfc822;a@x.test", "failed", "5.4.7", diagnostic_code="smtp; 421 4.4.1 slow")))
    assert found.status == "5.4.7"


def test_the_letter_is_found_by_the_field_where_no_headers_came_back() -> None:
    about = (("reporting-mta", "dns;x"), ("original-message-id", OURS))
    (found,) = from_report(report(about, block("rfc822;a@x.test", "failed", "5.1.1"), returned=()))
    assert found.original_message_id == OURS


NOTES = {
    "qmail": (
        "Hi. This is the qmail-send program at x.test.\nI'm afraid I wasn't able to deliver your message to the "
        "following "
        "addresses.\nThis is a permanent error; I've given up.\n\n<jane@y.test>:\nSorry, no mailbox here by that "
        "name. "
        "(#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <info@example.test>\n"
        f"Message-ID: {OURS}\nTo: jane@y.test, other@y.test\n"
    ),
    "exim": (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not "
        "be delivered "
        "to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  "
        "jane@y.test\n"
        "    SMTP error from remote mail server after RCPT TO:<jane@y.test>:\n    host mx.y.test [192.0.2.1]: 550 "
        "5.1.1 "
        "unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        f"Return-path: <info@example.test>\nMessage-ID: {OURS}\n"
    ),
    "postfix": (
        "This is the mail system at host mx.x.test.\n\nI'm sorry to have to inform you that your message could "
        "not\nbe "
        "delivered. For further assistance, please send mail to postmaster.\n\n                   The mail system\n\n"
        "<jane@y.test>: host mx.y.test[192.0.2.1] said: 550 5.1.1 <jane@y.test>: Recipient\n    address rejected "
        "(in reply "
        f"to RCPT TO command)\n\nReceived: from x by y\nMessage-ID: {OURS}\n"
    ),
    "sendmail": (
        "The original message was received at Fri, 20 Nov 2026\nfrom [192.0.2.2]\n\n   ----- The following "
        "addresses had "
        "permanent fatal errors -----\n<jane@y.test>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript "
        "of session "
        "follows -----\n... while talking to mx.y.test.:\n>>> RCPT To:<jane@y.test>\n<<< 550 5.1.1 User unknown\n\n"
        f"   ----- Original message follows -----\n\nMessage-ID: {OURS}\n"
    ),
    "exchange": (
        "Your message\n\n  To:      Jane\n  Subject: We have your complaint\n  Sent:    Fri, 20 Nov 2026\n\ndid "
        "not reach the "
        "following recipient(s):\n\njane@y.test on Fri, 20 Nov 2026 09:00:00 -0000\n    The e-mail account does "
        "not exist at "
        f"the organization this message was sent to.\n    <mx.y.test #5.1.1>\n\nMessage-ID: {OURS}\n"
    ),
    "gmail": (
        "Delivery to the following recipient failed permanently:\n\n     jane@y.test\n\nTechnical details of "
        "permanent failure:"
        "\nThe error that the other server returned was:\n550 5.1.1 User unknown\n\n----- Original message -----\n\n"
        f"Received: by 10.0.0.1\nMessage-ID: {OURS}\n"
    ),
    "named": (
        "Your mail could not be delivered.\nRecipient: jane@y.test\nReason: 550 5.1.1 user unknown\nQuestions? "
        "Write to "
        f"helpdesk@x.test.\n\nOriginal message:\nMessage-ID: {OURS}\n"
    ),
    "german": (
        "Ihre Nachricht konnte nicht zugestellt werden.\n\nEmpfänger: <jane@y.test>\nGrund: 550 5.1.1 Unbekannt\n\n"
        f"--- Ursprüngliche Nachricht ---\nMessage-ID: {OURS}\n"
    ),
}


@pytest.mark.parametrize("kind", NOTES)
def test_notes_for_people_tell_the_same(kind: str) -> None:
    (found,) = from_words(note(NOTES[kind]), None, None)
    assert (found.recipient, found.status, found.action) == ("jane@y.test", "5.1.1", "failed")
    assert found.original_message_id == OURS


def test_a_fields_block_that_lost_its_wrapping_is_still_read() -> None:
    text = (
        "It failed.\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; jane@y.test\nAction: delayed\nStatus: 4.4.7\n"
    )
    (found,) = from_words(note(text), None, None)
    assert (found.recipient, found.status, found.action) == ("jane@y.test", "4.4.7", "delayed")


def test_a_note_that_will_try_again_is_a_delay() -> None:
    text = (
        "This message was created automatically.\nA message that you sent has not yet been delivered to:\n\n  "
        "jane@y.test\n\n"
        "No action is required on your part. Delivery attempts will continue for some time.\n"
    )
    (found,) = from_words(note(text, "Warning: message delayed 24 hours"), None, None)
    assert (found.recipient, found.action) == ("jane@y.test", "delayed")


def test_a_header_that_names_them_is_believed() -> None:
    message = Message(
        "0" * 64,
        0,
        from_=(Address("", "x@y.test"),),
        headers=(("x-failed-recipients", "a@y.test, b@y.test"),),
        text="failed",
    )
    verdict = origin(message, None)
    assert verdict.automatic is Automatic.BOUNCE
    assert [b.recipient for b in verdict.bounces] == ["a@y.test", "b@y.test"]


@pytest.mark.parametrize("kind", NOTES)
def test_the_verdict_on_such_a_note_is_a_bounce(kind: str) -> None:
    verdict = origin(note(NOTES[kind]), None)
    assert (verdict.automatic, verdict.sure) == (Automatic.BOUNCE, True)
    assert [b.recipient for b in verdict.bounces] == ["jane@y.test"]


def test_a_bounce_that_names_nobody_is_a_bounce_of_nobody() -> None:
    verdict = origin(note("Something went wrong with a message."), None)
    assert verdict.automatic is Automatic.BOUNCE
    assert [b.recipient for b in verdict.bounces] == [None]


def test_a_report_without_recipients_is_a_bounce_of_nobody() -> None:
    message = note("It failed.", "My letter", "x@y.test")
    verdict = origin(message, Report("delivery-status", (), (), "It failed.", ()))
    assert verdict.automatic is Automatic.NO  # nothing but a claim: no multipart/report, no server, no null path
    returned = Message("0" * 64, 0, from_=(Address("", "x@y.test"),), return_path="", subject="Undeliverable: x")
    verdict = origin(returned, Report("delivery-status", (), (), "It failed.", ()))
    assert [b.recipient for b in verdict.bounces] == [None]


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered Mail Returned to Sender", "Delivery Status Notification (Failure)",
        "Mail delivery failed: returning x",
        "failure notice", "Undeliverable: We have your complaint", "Returned mail: see transcript for details",
        "Unzustellbar: Ihre Beschwerde", "Non remis : x", "Échec de la remise du message",
        "Impossibile recapitare: x",
        "No se puede entregar: x", "Onbestelbaar: x", "Kan ikke leveres: x", "Niedostarczalne: x",
    ],
)  # fmt: skip
def test_a_bare_notice_is_a_bounce_in_many_languages(subject: str) -> None:
    assert origin(note("x", subject, "seller@y.test"), None).automatic is Automatic.BOUNCE


def test_our_own_addresses_and_helpdesks_are_no_recipients() -> None:
    text = "Your mail to jane@y.test failed: 550 5.1.1 unknown.\nSent by info@example.test. Contact help@x.test."
    assert [b.recipient for b in from_words(note(text), None, None)] == ["jane@y.test"]


def test_a_mail_providers_notice_in_json() -> None:
    text = (
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"jane@y.test","status":"5.1.1"}]}}'
    )
    verdict = origin(note(text, "Notification", "no-reply@sns.amazonaws.com"), None)
    assert [(b.recipient, b.status) for b in verdict.bounces] == [("jane@y.test", "5.1.1")]


def test_a_refusal_in_the_form_of_a_receipt_is_a_bounce() -> None:
    fields = (
        (("final-recipient", "rfc822; jane@y.test"), ("original-message-id", OURS), ("disposition", "x; deleted")),
    )
    refusal = Report("disposition-notification", fields, (), "Your message was automatically rejected: Quota exceeded")
    message = Message(
        "0" * 64,
        0,
        from_=(Address("", "postmaster@y.test"),),
        headers=(("auto-submitted", "auto-replied (rejected)"), ("content-type", "multipart/report")),
        subject="Automatically rejected mail",
    )
    verdict = origin(message, refusal)
    assert verdict.automatic is Automatic.BOUNCE
    assert (verdict.bounces[0].recipient, verdict.bounces[0].original_message_id) == ("jane@y.test", OURS)

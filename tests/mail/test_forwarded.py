"""The mail that somebody passed on is found: its writer, its date, its words, whatever program passed it on."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from complaintmail.mail.forwarded import Original, original, original_in
from complaintmail.mail.read import read
from tests.support.paces import MUCH

BODY = "The boiler is broken.\n\nNobody came.\nMary"
FORMS = {
    "outlook": "See what she says.\n\nBob\n\nFrom: Mary Smith <mary@home.test>\nSent: 17 March 2026 10:31\n"
    "To: Bob Jones <bob@college.test>\nCc: x@y.test\nSubject: No heating\n\n" + BODY,
    "outlook with a rule": "See what she says.\n\nBob\n\n________________________________\nFrom: Mary Smith "
    "<mary@home.test>\nSent: Tuesday, March 17, 2026 10:31 AM\nTo: Bob Jones\nSubject: No heating\n\n" + BODY,
    "outlook in bold": "See what she says.\n\nBob\n\n*From:* Mary Smith <mary@home.test>\n*Sent:* 17 March 2026 10:31\n"
    "*To:* Bob Jones <bob@college.test>\n*Subject:* No heating\n\n" + BODY,
    "outlook with mailto": "See what she says.\n\nBob\n\nFrom: Mary Smith [mailto:mary@home.test]\n"
    "Sent: 17 March 2026 10:31\nTo: Bob Jones\nSubject: No heating\n\n" + BODY,
    "outlook, old": "See what she says.\n\nBob\n\n-----Original Message-----\nFrom: Mary Smith <mary@home.test>\n"
    "Sent: 17 March 2026 10:31\nTo: Bob\nSubject: No heating\n\n" + BODY,
    "german": "See what she says.\n\nBob\n\nVon: Mary Smith <mary@home.test>\nGesendet: Dienstag, 17. März 2026 10:31\n"
    "An: Bob Jones <bob@college.test>\nBetreff: No heating\n\n" + BODY,
    "french": "See what she says.\n\nBob\n\nDe : Mary Smith <mary@home.test>\nEnvoyé : mardi 17 mars 2026 10:31\n"
    "À : Bob Jones <bob@college.test>\nObjet : No heating\n\n" + BODY,
    "welsh": "See what she says.\n\nBob\n\nOddi wrth: Mary Smith <mary@home.test>\nAnfonwyd: 17 Mawrth 2026 10:31\n"
    "At: Bob Jones <bob@college.test>\nPwnc: No heating\n\n" + BODY,
    "gmail": "See what she says.\n\nBob\n\n---------- Forwarded message ---------\nFrom: Mary Smith <mary@home.test>\n"
    "Date: Tue, 17 Mar 2026 at 10:31\nSubject: No heating\nTo: <bob@college.test>\n\n\n" + BODY,
    "gmail in bold": "See what she says.\n\nBob\n\n---------- Forwarded message ---------\nFrom: *Mary Smith* "
    "<mary@home.test>\nDate: Tue, 17 Mar 2026 at 10:31\nSubject: No heating\nTo: <bob@college.test>\n\n" + BODY,
    "apple": "See what she says.\n\nBob\n\nBegin forwarded message:\n\n> From: Mary Smith <mary@home.test>\n"
    "> Date: 17 March 2026 at 10:31\n> To: bob@college.test\n> Subject: No heating\n> \n"
    "> The boiler is broken.\n> \n> Nobody came.\n> Mary",
    "apple, subject first": "See what she says.\n\nBob\n\nBegin forwarded message:\n\nFrom: Mary Smith "
    "<mary@home.test>\n"
    "Subject: No heating\nDate: 17 March 2026 at 10:31\nTo: bob@college.test\n\n" + BODY,
    "thunderbird": "See what she says.\n\nBob\n\n-------- Forwarded Message --------\nSubject: No heating\n"
    "Date: 17 Mar 2026 10:31\nFrom: Mary Smith <mary@home.test>\nTo: bob@college.test\n\n" + BODY,
    "thunderbird, spaced": "See what she says.\n\nBob\n\n-------- Weitergeleitete Nachricht --------\n"
    "Betreff: \tNo heating\nDatum: \t17 Mar 2026 10:31\nVon: \tMary Smith <mary@home.test>\nAn: \tbob@college.test\n\n"
    + BODY,
    "mutt": "See what she says.\n\nBob\n\n----- Forwarded message from Mary Smith <mary@home.test> -----\n\n"
    "Date: 17 Mar 2026 10:31\nFrom: Mary Smith <mary@home.test>\nTo: bob@college.test\nSubject: No heating\n\n"
    + BODY + "\n\n----- End forwarded message -----\n",
    "mutt, headers off": "See what she says.\n\nBob\n\n----- Forwarded message from Mary Smith <mary@home.test> -----\n"
    "Date: 17 Mar 2026 10:31\nSubject: No heating\n\n" + BODY,
    "yahoo": "See what she says.\n\nBob\n\n----- Forwarded Message -----\nFrom: Mary Smith <mary@home.test>\n"
    "To: Bob Jones <bob@college.test>\nSent: Tuesday, 17 March 2026 at 10:31\nSubject: No heating\n\n" + BODY,
}  # fmt: skip


def mail(text: str, subject: str = "Fw: No heating") -> bytes:
    made = EmailMessage()
    made["From"] = "Bob Jones <bob@college.test>"
    made["To"] = "complaints@college.test"
    made["Subject"] = subject
    made["Date"] = "Wed, 18 Mar 2026 09:00:00 +0000"
    made.set_content(text)
    return bytes(made)


def found(raw: bytes) -> Original | None:
    return original(read(raw), raw)


@pytest.mark.parametrize("form", FORMS)
def test_a_forward_is_read_whatever_program_made_it(form: str) -> None:
    seen = found(mail(FORMS[form]))

    assert seen is not None
    assert (seen.name, seen.address, seen.subject) == ("Mary Smith", "mary@home.test", "No heating")
    assert seen.sent_at is not None
    assert seen.sent_at.isoformat() == "2026-03-17T10:31:00"
    assert seen.is_wall_time
    assert seen.text == BODY
    assert seen.note == "See what she says.\n\nBob"


def test_an_attached_mail_is_read_as_any_mail() -> None:
    inner = EmailMessage()
    inner["From"] = "Mary Smith <mary@home.test>"
    inner["Subject"] = "No heating"
    inner["Date"] = "Tue, 17 Mar 2026 10:31:00 +0100"
    inner.set_content(BODY)
    outer = EmailMessage()
    outer["From"] = "bob@college.test"
    outer["Subject"] = "one for you"
    outer.set_content("Please record this.")
    outer.add_attachment(inner)
    other = EmailMessage()
    other["From"] = "later@home.test"
    other.set_content("Second")
    outer.add_attachment(other)

    seen = found(bytes(outer))

    assert seen is not None
    assert (seen.name, seen.address, seen.subject, seen.how) == (
        "Mary Smith",
        "mary@home.test",
        "No heating",
        "attached",
    )
    assert seen.sent_at is not None
    assert seen.sent_at.isoformat() == "2026-03-17T10:31:00+01:00"
    assert not seen.is_wall_time
    assert seen.text.strip() == BODY
    assert seen.note == "Please record this."


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Mary Smith", "Mary Smith", None),
        ("Smith, Mary", "Smith, Mary", None),
        ("mary@home.test", "", "mary@home.test"),
        ("mary@home.test <mary@home.test>", "", "mary@home.test"),
        ("mary@home.test <mailto:mary@home.test>", "", "mary@home.test"),
        ('"Smith, Mary" <mary@home.test>', "Smith, Mary", "mary@home.test"),
        ("Mary Smith <mary@home.test<mailto:mary@home.test>>", "Mary Smith", "mary@home.test"),
        ("Mary Smith (mary@home.test)", "Mary Smith", "mary@home.test"),
        ("'Mary Smith' <o'mary@home.test>", "Mary Smith", "o'mary@home.test"),
        ("/O=COLLEGE/OU=X/CN=MARY", "", None),
    ],
)
def test_the_sender_as_programs_write_it(sender: str, name: str, address: str | None) -> None:
    text = f"From: {sender}\nSent: 17 March 2026 10:31\nTo: Bob\nSubject: No heating\n\n{BODY}"

    seen = original_in(text, "FW: No heating")

    assert seen is not None
    assert (seen.name, seen.address, seen.how) == (name, address, "headers")


def test_a_forward_in_html_alone_is_read() -> None:
    made = EmailMessage()
    made["From"] = "bob@college.test"
    made["Subject"] = "FW: No heating"
    made.set_content(
        "<p>Look</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Mary Smith "
        "&lt;mary@home.test&gt;<br><b>Sent:</b> 17 March 2026 10:31<br><b>To:</b> Bob<br><b>Subject:</b> No heating</p>"
        "</div><p>The boiler is broken.</p>",
        subtype="html",
    )

    seen = found(bytes(made))

    assert seen is not None
    assert (seen.address, seen.text, seen.note) == ("mary@home.test", "The boiler is broken.", "Look")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("We will look.\n\nFrom: Mary <m@x.test>\nSent: 17 March 2026\nTo: Bob\nSubject: Heat\n\nOld", "RE: Heat"),
        ("We will look.\n\nOn 17 March 2026 at 10:31, Mary <m@x.test> wrote:\n> Old", "Re: Heat"),
        ("Just a note, with nothing below.", "FW: Heat"),
        ("I wrote: forward it.\nFrom: the desk\nand that was all.", "Fwd: x"),
        ("---------- Forwarded message ---------\n\nno headers here", "x"),
        ("", ""),
    ],
)
def test_what_passes_nothing_on(text: str, subject: str) -> None:
    assert original_in(text, subject) is None


def test_of_a_chain_of_forwards_the_outer_one_is_given_and_the_inner_one_is_in_its_text() -> None:
    inner = FORMS["outlook"].partition("From:")[2]
    text = "Look\n\n---------- Forwarded message ---------\nFrom: Bob <bob@college.test>\nDate: 18 Mar 2026 09:00\n" \
        "Subject: Fwd: No heating\n\nLook!\n\nFrom:" + inner  # fmt: skip

    outer = original_in(text)

    assert outer is not None
    again = original_in(outer.text, outer.subject)
    assert again is not None
    assert (outer.address, again.address) == ("bob@college.test", "mary@home.test")


def test_a_block_of_headers_at_the_top_needs_no_subject() -> None:
    text = f"From: Mary Smith <mary@home.test>\nDate: 2026-03-17 10:31\nTo: Bob\nSubject: No heating\n\n{BODY}"

    seen = original_in(text, "one for you")

    assert seen is not None
    assert (seen.text, seen.note) == (BODY, "")


@pytest.mark.parametrize(
    "piece",
    [
        "From: a\n",
        "Date: 1\nSubject: x\n",
        "> " * 20 + "\n",
        ">" * 50,
        "-",
        "----- forwarded by \n",
        "To: x\n\n",
        ":\n",
        "a\n",
    ],
)
@pytest.mark.parametrize("start", ["", "Begin forwarded message:\n", "x\n"])
def test_a_megabyte_takes_no_longer_than_it_must(piece: str, start: str) -> None:
    text = start + piece * (1_000_000 // len(piece))

    began = time.process_time()
    original_in(text, "FW: x")

    assert time.process_time() - began < MUCH

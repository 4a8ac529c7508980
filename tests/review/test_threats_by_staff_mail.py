"""Threats that staff's part makes possible, each with a mail through the program; numbers as in the threat list."""

from __future__ import annotations

import re
from typing import Any, Protocol

import pytest

from tests.support import wire
from tests.support.bureau import ADDRESS, JANE, Bureau, a_letter, answering, reply
from tests.support.forgeries import reply_address
from tests.support.hostile import everything_of
from tests.support.office import a_mail
from tests.support.staff import Got

ABOUT = "[CMS-2026-000001]"
SECRET = "GREEN-OTTER"


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


@pytest.fixture
def bureau(staffed: Staffed) -> Bureau:
    bureau = staffed()
    bureau.complains(f"The room was cold and nobody came. I want my money back. {SECRET}")
    return bureau


def given_to_hal(bureau: Bureau) -> Got:
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    return given


def answers(bureau: Bureau) -> list[tuple[str, bytes]]:
    rows = {id_ for [id_] in bureau.rows("SELECT id FROM letter WHERE kind = 'answer'")}
    return [(to, data) for to, data in bureau.outgoing(staff=False) if any(one.encode() in data for one in rows)]


def told_only_staff_and_jane(bureau: Bureau) -> None:
    for recipient, data in bureau.outgoing():
        if SECRET in everything_of(data):
            assert recipient in (JANE, "dana@staff.test", "hal@staff.test", "bea@staff.test")


def test_1_a_services_code_to_our_address_answers_nobody_and_opens_nothing_of_a_case(bureau: Bureau) -> None:
    codes = [
        a_mail(
            ADDRESS, sender="no-reply@service.test", subject=f"Your code {ABOUT}", body="Your sign-in code is 482913."
        ),
        a_mail(ADDRESS, sender="noreply@service.test", subject="Confirm", body="Confirm: https://service.test/x?y"),
    ]

    bureau.takes(*codes)

    assert {to for to, _ in bureau.outgoing(staff=False)} == {JANE}


@pytest.mark.parametrize("way", ["reference", "cites the acknowledgement", "cites the complaint", "both"])
def test_4_5_6_a_stranger_on_a_case_hears_nothing_and_never_becomes_a_recipient(bureau: Bureau, way: str) -> None:
    given = given_to_hal(bureau)
    acknowledged = bureau.all_to(JANE)[0]
    [[complaint]] = bureau.rows("SELECT message_id FROM message WHERE id = 1")
    heads = {"reference": [], "cites the acknowledgement": [f"In-Reply-To: {acknowledged.message_id}"],
             "cites the complaint": [f"In-Reply-To: {complaint}"],
             "both": [f"References: {complaint} {acknowledged.message_id}"]}[way]  # fmt: skip
    before = bureau.state(1)

    bureau.takes(
        a_mail(ADDRESS, sender="spouse@third.test", subject=f"Re: {ABOUT}", body="I am her spouse, send it to me.",
               headers=[*heads, f"Cc: {JANE}", "Reply-To: spouse@third.test"])
    )  # fmt: skip
    assert bureau.state(1) == before
    bureau.takes(reply("hal", given, "Dear Jane,\n\nhere is your money.", quotes=False))

    assert [to for to, _ in answers(bureau)] == [JANE]
    told_only_staff_and_jane(bureau)
    for _, data in answers(bureau):
        assert b"third.test" not in data and b"Cc:" not in data


def test_7_8_nothing_that_staff_write_breaks_out_of_a_header_or_a_line(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    mail = a_letter("hal", "Re: it", "x", to=reply_address(given), headers=answering(given))
    mail.set_content(
        "Dear Jane,\r\rhere is\x0byour\x0c money\u2028Bcc: eve@third.test\u2029\n.\nMAIL FROM:<eve@third.test>\n"
    )
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="a\u202e\u2028Bcc_ eve.pdf")
    raw = mail.as_bytes().replace(b"Subject: Re: it", b"Subject: =?utf-8?q?Re:_it=0D=0ABcc:_eve@third.test?=")

    bureau.takes(raw)

    [(to, data)] = answers(bureau)
    assert to == JANE
    wire.check_written(data)
    parsed = wire.parsed(data)
    assert "Bcc" not in parsed and "eve" not in str(parsed["Subject"])
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert not any(sign in str(part.get_filename()) for part in parsed.walk() for sign in "\u202e\u2028\r\n")


def test_12_the_html_of_a_staff_mail_does_not_travel(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    page = ('<p>Dear Jane,</p><p>here is your money.</p><script>alert(1)</script><img src="http://third.test/o.gif">'
            '<form action="http://third.test"><input></form><svg onload="x()"></svg>'
            '<style>@import "http://t.test"</style>')  # fmt: skip
    mail = a_letter("hal", "Re: it", "x", to=reply_address(given), headers=answering(given))
    mail.set_content(page, subtype="html")

    bureau.takes(mail.as_bytes())

    [(_, data)] = answers(bureau)
    said = everything_of(data)
    assert "here is your money" in said
    for word in ("<script", "alert(1)", "<img", "third.test", "<form", "<svg", "onload", "@import"):
        assert word not in said


ACTIVE = {
    "page.html": b"<script>alert(1)</script>", "drawing.svg": b"<svg onload='x()'/>", "run.js": b"alert(1)",
    "all.zip": b"PK\x03\x04" + b"0" * 40, "sheet.xlsm": b"PK\x03\x04" + b"0" * 40, "go.lnk": b"L\x00\x00\x00",
    "disk.iso": b"CD001" * 20, "prog.exe": b"MZ" + b"0" * 40,
}  # fmt: skip


def test_20_22_what_could_act_by_itself_is_named_to_staff_and_not_sent_on(bureau: Bureau) -> None:
    mail = a_letter("bob@complainants.test", "A complaint", "The lift is stuck, and nobody comes. I complain.")
    for name, data in ACTIVE.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    mail.add_attachment(b"\xff\xd8\xff\xe0" + b"0" * 40, maintype="image", subtype="jpeg", filename="lift.jpg")
    bureau.gets("dana")

    bureau.takes(mail.as_bytes())

    [notice] = [got for got in bureau.gets("dana") if "The lift is stuck" in got.words]
    hung = {part.get_filename() for part in notice.mail.iter_attachments()}
    assert hung == {"lift.jpg"}
    assert all(name in notice.words for name in ACTIVE)


def test_28_no_staff_mail_writes_a_line_of_its_own_into_the_log(
    bureau: Bureau, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()

    bureau.takes(
        a_letter("dana", ABOUT, "#close\x1b[2J \x07 because\x85level=error event=forged\u2028event=forged").as_bytes()
        .replace(b"Subject: ", b"Subject: =?utf-8?q?a=0D=0Aevent=3Dforged_=1B[2J?= "),
    )  # fmt: skip

    said = "".join(capfd.readouterr())
    assert "\x1b" not in said and "\x07" not in said
    assert not any(line.startswith(("event=forged", "level=error")) for line in said.splitlines())


@pytest.mark.parametrize(
    "mark", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "X-Autorespond: on", "by its words"]
)
def test_32_an_absence_note_of_staff_is_no_order_no_answer_and_no_note(bureau: Bureau, mark: str) -> None:
    given = given_to_hal(bureau)
    subject = f"Automatic reply: {given.subject}"
    words = "I am out of the office until Monday. INTERNAL-PHONE-555\n#close because I am away\n"
    note = a_letter("hal", subject, words, to=reply_address(given), headers=answering(given))
    if ":" in mark:
        note[mark.partition(":")[0]] = mark.partition(": ")[2]
    before = bureau.state()

    bureau.takes(note.as_bytes())

    after = bureau.state()
    assert [what for _, what, _ in after.pop("deeds")] == ["staff_assign", "staff_away"]
    assert after == {name: was for name, was in before.items() if name != "deeds"}
    assert bureau.told("staff_note") == []
    assert all("INTERNAL-PHONE" not in everything_of(data) for _, data in bureau.outgoing(staff=False))


def test_33_a_mail_with_the_id_of_a_reply_to_come_does_not_keep_it_from_being_obeyed(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    genuine = reply("hal", given, "#note the genuine one", quotes=False)
    known = re.search(rb"Message-ID: (\S+)", genuine)
    assert known is not None
    poison = a_mail(
        ADDRESS, sender="eve@third.test", body="The lift is stuck. I complain.", message_id=known[1].decode()
    )

    bureau.takes(poison, genuine)

    assert [detail["text"] for detail in bureau.told("staff_note")] == ["the genuine one"]


def test_34_a_forged_bounce_voids_nothing_and_opens_no_duty_again(bureau: Bureau) -> None:
    given = given_to_hal(bureau)
    bureau.takes(reply("hal", given, "Dear Jane,\n\nhere is your money.", quotes=False))
    before = bureau.state()
    forged = "\r\n".join([
        "From: MAILER-DAEMON@third.test", f"To: {ADDRESS}", f"Subject: Undelivered {ABOUT}", "Return-Path: <>",
        "Message-ID: <dsn2@third.test>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', "", "--B",
        "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; third.test", "",
        f"Final-Recipient: rfc822; {JANE}", "Action: failed", "Status: 5.1.1", "", "--B",
        "Content-Type: message/rfc822", "",
        "Message-ID: <cm.aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.test>", f"Subject: {ABOUT}", "", "x",
        "--B--", "",
    ])  # fmt: skip

    bureau.takes(forged.encode("ascii"))

    assert bureau.state() == before
    assert bureau.rows("SELECT * FROM link_void") == []


def test_11_35_our_own_marks_on_a_mail_from_outside_say_nothing(bureau: Bureau) -> None:
    marks = [
        "Complaint-Letter: aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaa", "Complaint-Reference: CMS-2026-000001",
        "X-Complaintmail-Case: CMS-2026-000001", "X-Complaintmail-Staff: hal@staff.test", "X-Loop: complaintmail",
        "X-Complaintmail-Command: close",
    ]  # fmt: skip
    before = bureau.state(1)

    bureau.complains("The lift has been stuck for a week. I complain.", "bob@complainants.test", headers=marks)

    assert bureau.state(1) == before
    assert bureau.rows("SELECT kind, status FROM cases WHERE id = 2") == [("complaint", "new")]
    assert "bob@complainants.test" in {to for to, _ in bureau.outgoing(staff=False)}


@pytest.mark.parametrize(
    ("charset", "words"),
    [("utf-8", b"#note a\x00b\x00c"), ("utf-8", b"#note \xed\xa0\x80 \xff\xfe"), ("x-nope", b"#note caf\xe9"),
     ("utf-16", b"#note x"), ("idna", b"#note x"), ("utf-7", b"#note +AGE-"), ("hex", b"#note 23"),
     ("utf-8", b"#cause a\x00\xed\xb0\x80z"), ("utf-8", b"#need \x00\xf4\x90\x80\x80")],
)  # fmt: skip
def test_36_what_no_database_takes_is_taken_in_staff_mail_too(bureau: Bureau, charset: str, words: bytes) -> None:
    given = given_to_hal(bureau)
    head = a_letter("hal", "Re: it", "x", to=reply_address(given), headers=answering(given)).as_bytes()
    head = head.replace(b'charset="utf-8"', f'charset="{charset}"'.encode()).replace(b"7bit", b"8bit")

    bureau.takes(head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + words + b"\r\n")

    assert bureau.told("mail_set_aside") == []
    said = str(bureau.rows("SELECT text, new_text FROM message")) + str(bureau.rows("SELECT detail FROM event"))
    assert "\\x00" not in said and "\\ud8" not in said.lower()
    assert bureau.gets("hal")

"""`inspect`: every field for every mail, streamed, whatever the bytes are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from complaintmail.cli import main
from tests.support.office import a_mail

FIELDS = [
    *("path", "from", "reply_to", "to", "subject", "date", "text", "new_text", "attachments", "kind"),
    *("complaint_score", "sure", "reasons", "severity", "acknowledge", "not_because", "bounce", "defects", "error"),
    *("language", "concerns", "suggestions", "weighed", "judged_by"),
]

DSN = b"""From: MAILER-DAEMON@mx.test (Mail Delivery System)\r
To: info@example.test\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.test\r
\r
Final-Recipient: rfc822; jane@complainants.test\r
Action: failed\r
Status: 5.1.1\r
\r
--b--\r
"""


def run(*words: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["inspect", *words], input=given)


def lines(*words: str, given: bytes = b"", code: int = 0) -> list[dict[str, Any]]:
    done = run(*words, "--format", "jsonl", given=given)
    assert done.exit_code == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_complaint_from_a_pipe_has_every_field() -> None:
    (mail,) = lines("-", given=a_mail("info@example.test"))

    assert list(mail) == FIELDS
    assert (mail["path"], mail["from"], mail["to"]) == ("-", "jane@complainants.test", ["info@example.test"])
    assert (mail["kind"], mail["acknowledge"], mail["not_because"]) == ("complaint", True, None)
    assert mail["date"] == "2026-11-18T10:00:00+00:00"
    assert mail["text"].startswith("I am very unhappy") and mail["reasons"]
    assert mail["weighed"] and all(one["word"] and one["weight"] for one in mail["weighed"])
    assert (mail["bounce"], mail["error"], mail["attachments"], mail["reply_to"]) == (None, None, [], None)


def test_a_bounce_names_the_recipient_and_is_never_answered() -> None:
    (mail,) = lines("-", given=DSN)

    assert mail["kind"] == "bounce" and mail["complaint_score"] is None
    assert mail["bounce"] == {"recipient": "jane@complainants.test", "status": "5.1.1", "action": "failed"}
    assert mail["acknowledge"] is False and "machines are never answered" in mail["not_because"]


def test_an_attachment_has_name_type_and_size() -> None:
    raw = (
        b"From: a@x.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        b"See the photo\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=photo.png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n"
    )
    (mail,) = lines("-", given=raw)

    assert mail["attachments"] == [{"name": "photo.png", "type": "image/png", "size": 3}]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe" * 100, b"\r\n\r\n", b"no header at all"])
def test_any_bytes_are_a_line_and_never_a_crash(raw: bytes) -> None:
    (mail,) = lines("-", given=raw)

    assert list(mail) == FIELDS and mail["acknowledge"] is False and mail["not_because"]
    assert "this program failed" not in mail["not_because"]


def test_one_bad_file_never_stops_the_rest_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(a_mail("info@example.test"))
    mails = lines(str(tmp_path / "none.eml"), str(tmp_path / "a.eml"), code=1)

    assert [(mail["error"], mail["kind"]) for mail in mails] == [
        ("cannot be read: No such file or directory", "unreadable"),
        (None, "complaint"),
    ]
    assert list(mails[0]) == FIELDS


def test_the_mails_of_an_mbox_are_numbered_and_json_csv_and_table_tell_the_same(tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    one = a_mail("info@example.test").replace(b"\r\n", b"\n")
    path.write_bytes(b"".join(b"From a@x.test Mon Mar  2 09:00:00 2026\n" + one + b"\n" for _ in range(3)))
    paths = [f"{path}:1", f"{path}:2", f"{path}:3"]

    assert [mail["path"] for mail in lines(str(path))] == paths
    assert [mail["path"] for mail in json.loads(run(str(path), "--format", "json").stdout)] == paths
    assert len(run(str(path)).stdout.splitlines()) == 4
    assert len(run(str(path), "--format", "csv").stdout.splitlines()) > 4


def test_a_single_mail_is_shown_whole_and_cannot_steer_the_terminal() -> None:
    shown = run("-", given=a_mail("info@example.test", subject="a\x1b[2Jb", body="so\x1b[2J\nbad")).stdout

    assert "\x1b" not in shown and "  | bad" in shown and "KIND              complaint" in shown


def test_a_mailbox_for_complaints_takes_an_enquiry_for_one() -> None:
    asks = a_mail("info@example.test", subject="Hello", body="When are you open on Monday? Thank you, Jane")
    (general,), (complaints,) = lines("-", given=asks), lines("-", "--purpose", "complaints", given=asks)

    assert general["kind"] == "enquiry" and "enquiry" in general["not_because"]
    assert complaints["kind"] == "complaint" and complaints["acknowledge"] is True


def test_lines_come_while_mails_are_still_coming() -> None:
    """A pipe of a million mails is answered from the first one on."""
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", "complaintmail", "inspect", "-", "--format", "jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    mail = b"From a@x.test Mon Mar  2 09:00:00 2026\nFrom: a@x.test\nSubject: late\n\nIt was late.\n\n"
    try:
        child.stdin.write(mail * 3)
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["path"] == "-:1"
    finally:
        child.stdin.close()
        child.stdout.read()
        assert child.wait(90) == 0
        child.stdout.close()

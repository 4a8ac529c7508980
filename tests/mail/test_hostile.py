"""What reading makes of mail that is made to stop it, to deceive it, or to hide in it."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from complaintmail.gateways.reader_wire import from_json, to_json
from complaintmail.mail.attachments import attachment_bytes
from complaintmail.mail.message import Address, Message
from complaintmail.mail.read import read
from tests.support.paces import MUCH

HOSTILE = Path(__file__).parents[1] / "corpus" / "hostile"
MAILS = sorted(HOSTILE.glob("*.eml"))


def _read(name: str) -> Message:
    return read((HOSTILE / f"{name}.eml").read_bytes())


def _lines(message: Message) -> list[str]:
    """Everything in a message that is one line of text."""
    people = (
        *message.from_,
        *message.to,
        *message.cc,
        *message.reply_to,
        *([message.sender] if message.sender else []),
    )
    return [
        message.subject,
        message.message_id or "",
        message.return_path or "",
        *message.in_reply_to,
        *message.references,
        *message.delivered_to,
        *(value for header in message.headers for value in header),
        *(value for person in people for value in (person.name, person.address)),
        *(value for one in message.attachments for value in (one.name, one.type)),
        *message.defects,
    ]


def test_the_corpus_is_there() -> None:
    assert len(MAILS) == 100


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_hostile_mail_is_read_in_time_and_leaves_nothing_dangerous(path: Path) -> None:
    raw = path.read_bytes()
    began = time.process_time()
    message = read(raw)
    took = time.process_time() - began

    assert message.error is None
    assert took < MUCH
    for line in _lines(message):
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line), line
        assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    for text in (message.text, message.new_text):
        assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text)
        text.encode("utf-8")
    assert from_json(to_json(message)) == message


@pytest.mark.parametrize(
    "name",
    ["P-mid-lt", "P-mid-bad", "P-mid-at", "P-ct-nope", "P-ct-rot13", "P-ct-hex", "P-ct-idna", "P-cte-x", "P-date-9999",
     "P-date-tz", "P-from-lt", "P-from-at", "P-from-empty", "P-from-paren"],
)  # fmt: skip
def test_one_poisoned_header_costs_nothing_of_the_rest(name: str) -> None:
    message = _read(name)

    assert "The boiler was never repaired. I complain." in message.text
    assert "poison" in message.subject


@pytest.mark.parametrize("name", ["P-mid-lt", "P-mid-bad", "P-mid-at", "T12b-mid-crlf", "C22-nomid"])
def test_an_unusable_message_id_is_none(name: str) -> None:
    assert _read(name).message_id is None


@pytest.mark.parametrize(
    "name", ["P-from-lt", "P-from-at", "P-from-empty", "P-from-paren", "P-raw-binary", "P-raw-nohdr"]
)
def test_a_mail_without_a_usable_sender_has_no_writer(name: str) -> None:
    message = _read(name)

    assert message.writer is None
    assert "no-sender" in message.defects


@pytest.mark.parametrize("name", ["P-date-9999", "P-date-tz"])
def test_an_impossible_date_is_none(name: str) -> None:
    message = _read(name)

    assert message.date is None
    assert "date-unreadable" in message.defects


def test_two_from_fields_are_two_senders_and_no_writer() -> None:
    message = _read("T07-multifrom")

    assert [one.address for one in message.from_] == ["staff1@example.test", "evil@third.test"]
    assert message.writer is None
    assert {"several-from-fields", "several-senders"} <= set(message.defects)


def test_an_encoded_word_is_a_name_and_never_an_address() -> None:
    message = _read("T08b-encoded-addr")

    assert message.from_ == (Address("staff1@example.test", "evil@third.test"),)
    assert "name-looks-like-another-address" in message.defects


def test_an_open_comment_does_not_hide_the_sender() -> None:
    message = _read("T08c-parseaddr")

    assert [one.address for one in message.from_] == ["evil@third.test"]


def test_a_homograph_stays_what_it_is() -> None:
    writer = _read("T09-homograph").writer

    assert writer is not None
    assert writer.address != "staff1@example.test"
    assert not writer.address.isascii()


def test_line_breaks_in_an_encoded_subject_are_a_space() -> None:
    message = _read("T11-subject-crlf")

    assert message.subject == "Hello Bcc: victim@bank.test BODY"


def test_a_bare_carriage_return_begins_no_header() -> None:
    message = _read("T13-barecr")

    assert message.header("bcc") is None
    assert message.header("x") is None
    assert message.subject.startswith("a")


def test_eight_bit_headers_without_a_charset_are_read() -> None:
    message = _read("P-8bit-headers")

    assert message.subject.startswith("café")
    assert message.from_[0].name == "café"


def test_a_nul_and_a_lone_surrogate_never_come_through() -> None:
    assert _read("P-subj-nul").subject == "a b"
    assert "\0" not in _read("P-body-nul").text
    _read("P-subj-sur").subject.encode("utf-8")


def test_text_without_headers_is_all_text() -> None:
    message = _read("P-raw-nohdr")

    assert message.text == "just text, no header\n"


@pytest.mark.parametrize("name", ["T23-nest300", "T23-nest3000"])
def test_what_is_nested_too_deeply_is_left_in_one_piece_and_said(name: str) -> None:
    message = _read(name)

    assert {"nested-too-deep", "not-fully-read"} <= set(message.defects)
    assert message.writer is not None


def test_attached_mails_are_never_opened_however_many_lie_in_each_other() -> None:
    message = _read("T23b-rfc822x3000")

    assert message.text == ""
    assert [one.type for one in message.attachments] == ["message/rfc822"]


def test_forty_thousand_headers_do_not_hide_who_writes() -> None:
    message = _read("T25c-headers40k")

    assert "too-many-headers" in message.defects
    assert message.writer is not None
    assert len(message.headers) < 5000


@pytest.mark.parametrize(
    ("name", "shown"),
    [("T21-fname00", "cm_trav"), ("T21-fname05", "htaccess"), ("T21-fname06", "fdp.exe"),
     ("T21-fname07", "a X-Evil_ y.txt"), ("T21-fname14", "=1+1.csv")],
)  # fmt: skip
def test_the_name_of_an_attachment_is_for_display_only(name: str, shown: str) -> None:
    assert [one.name for one in _read(name).attachments] == [shown]


@pytest.mark.parametrize("path", sorted(HOSTILE.glob("T21-*.eml")), ids=lambda path: path.stem)
def test_no_attachment_name_is_a_path_or_too_long(path: Path) -> None:
    for one in read(path.read_bytes()).attachments:
        assert 0 < len(one.name) <= 120
        assert not set(one.name) & set("/\\")
        assert not one.name.startswith(".")


def test_archives_are_listed_and_not_unpacked() -> None:
    message = _read("T22-zipbomb")

    assert len(message.attachments) == 1
    assert message.attachments[0].size < 400_000


def test_script_and_pictures_in_html_are_not_text() -> None:
    for name in ("T17-html", "T28-pixel"):
        text = _read(name).text
        assert "boiler" in text
        assert "<" not in text
        assert "script" not in text


def test_quoted_words_are_not_the_writers_own() -> None:
    assert "#outcome" not in _read("T33-quoted-command").new_text
    assert "INTERNAL-NOTE" not in _read("T36-token-in-quote").new_text


def test_an_attached_command_is_no_text() -> None:
    message = _read("T34b-attached-command")

    assert "#" not in message.text
    assert b"#" in attachment_bytes((HOSTILE / "T34b-attached-command.eml").read_bytes(), message.attachments[0].index)


def test_one_message_id_on_two_complaints_is_two_identities() -> None:
    first, second = _read("T37-dup-a"), _read("T38-mid-poison")

    assert first.message_id == second.message_id
    assert first.identity != second.identity


def test_the_same_mail_by_another_way_is_the_same_identity() -> None:
    raw = (HOSTILE / "T37-dup-a.eml").read_bytes()
    again = b"Received: from elsewhere by here; Fri, 20 Nov 2026 10:00:00 +0000\r\n" + raw

    assert read(again).identity == read(raw).identity
    assert read(again).sha256 != read(raw).sha256


def test_all_of_them_together_stay_within_memory() -> None:
    """In a process of its own. Its ru_maxrss would begin with what this one had when it was forked from it."""
    program = (
        "import re; from pathlib import Path; from complaintmail.mail.read import read\n"
        f"for path in sorted(Path({str(HOSTILE)!r}).glob('*.eml')): read(path.read_bytes())\n"
        "print(re.search(r'VmHWM:\\s*(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert int(done.stdout) < 200 * 1024

"""What is sent on to staff as it came, and what is only listed with the reason."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.safe_attachments import LARGEST, cloud_links, judge
from tests.support.paces import MUCH

PDF = b"%PDF-1.7\n"
JPG = b"\xff\xd8\xff\xe0"
ZIP = b"PK\x03\x04\x14\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
EXE = b"MZ\x90\x00\x03\x00\x00\x00"


@pytest.mark.parametrize(
    ("name", "type", "head"),
    [
        ("ticket.pdf", "application/pdf", PDF),
        ("IMG_0001.JPG", "image/jpeg", JPG),
        ("really-a-jpeg.png", "image/png", JPG),
        ("photo.heic", "image/heic", b"\x00\x00\x00\x18ftypheic"),
        ("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
        ("letter.doc", "application/msword", OLE),
        ("table.xlsx", "application/octet-stream", ZIP),
        ("note.txt", "text/plain", b"MZ is how my name begins"),
        ("v1.2 final.pdf", "application/pdf", PDF),
        ("voice.amr", "audio/amr", b"#!AMR\n"[2:]),
        ("unknown.xyz", "application/octet-stream", b"hello"),
        ("no name", "image/jpeg", JPG),
        ("", "", b""),
        ("scan.pdf", "application/pdf", b""),
    ],
)
def test_what_staff_may_get_as_it_came(name: str, type: str, head: bytes) -> None:
    assert judge(name, type, 1000, head) is None


@pytest.mark.parametrize(
    ("name", "type", "head", "why"),
    [
        ("page.html", "text/html", b"<p>", "web page"),
        ("page", "text/html; charset=utf-8", b"hi", "web page"),
        ("page.txt", "text/plain", b" <!DOCTYPE html><script>", "web page"),
        ("picture.svg", "image/svg+xml", b"<svg>", "SVG"),
        ("run.js", "text/plain", b"x", "script"),
        ("run.VBS", "", b"x", "script"),
        ("setup.exe", "application/octet-stream", EXE, "program"),
        ("screen.scr ", "", b"", "program"),
        ("screen.scr.", "", b"", "program"),
        ("link.lnk", "", b"", "shortcut"),
        ("disk.iso", "", b"", "disk image"),
        ("letter.docm", "", ZIP, "macros"),
        ("table.xlsm", "", ZIP, "macros"),
        ("table.xlsx", "", ZIP + b"xl/vbaProject.bin", "macros"),
        ("all.zip", "application/zip", ZIP, "archive"),
        ("all.rar", "", b"Rar!\x1a\x07\x00", "archive"),
        ("all.7z", "", b"", "archive"),
        ("all", "application/octet-stream", ZIP, "archive"),
        ("mail.eml", "message/rfc822", b"From: x", "mail with possible attachments"),
        ("invoice.pdf.exe", "application/pdf", b"", "looks like a PDF"),
        ("invoice.pdf.html", "application/pdf", b"", "looks like a PDF"),
        ("invoice.pdf", "application/pdf", EXE, "a program"),
        ("invoice.pdf", "application/pdf", b"\x7fELF\x02", "a program"),
        ("photo.jpg", "image/jpeg", PDF, "says JPG"),
        ("photo.jpg", "image/jpeg", ZIP, "says JPG"),
        ("note.txt", "text/plain", ZIP, "says TXT"),
        ("invoice\u202efdp.pdf", "application/pdf", PDF, "nobody sees"),
        ("test.txt", "text/plain", EICAR, "test virus"),
        ("run.php", "", b"", "script"),
        ("run.pht", "", b"", "script"),
    ],
)
def test_what_is_only_listed(name: str, type: str, head: bytes, why: str) -> None:
    reason = judge(name, type, 1000, head)

    assert reason is not None
    assert why in reason
    assert reason.endswith(".")


def test_what_is_too_large_is_only_listed() -> None:
    assert judge("film.mp4", "video/mp4", LARGEST, b"") is None
    assert judge("film.mp4", "video/mp4", LARGEST + 1, b"") == "It is large (10 MB; at most 10 MB are sent on)."
    assert judge("film.mp4", "video/mp4", 2000, b"", limit=1000) is not None


@pytest.mark.parametrize(
    ("link", "service"),
    [
        ("https://we.tl/t-AbC123", "WeTransfer"),
        ("https://college.wetransfer.com/downloads/abc", "WeTransfer"),
        ("https://drive.google.com/file/d/1/view?usp=sharing", "Google Drive"),
        ("https://photos.app.goo.gl/abc", "Google Photos"),
        ("https://www.icloud.com/attachment/?u=https%3A%2F%2Fcvws.icloud-content.com", "iCloud Mail Drop"),
        ("https://share.icloud.com/photos/0abc", "iCloud"),
        ("https://www.dropbox.com/s/abc/video.mp4?dl=0", "Dropbox"),
        ("https://1drv.ms/v/s!abc", "OneDrive"),
        ("https://college-my.sharepoint.com/:v:/g/personal/x", "SharePoint"),
    ],
)
def test_links_to_files_kept_elsewhere_are_told(link: str, service: str) -> None:
    assert cloud_links(f"Click to Download <{link}>, video.mov. Again: {link}.") == ((link, service),)


@pytest.mark.parametrize(
    "text",
    ["", "https://college.test/drive.google.com/", "https://notdropbox.com/x", "I use Dropbox", "https://we.tld.test/t",
     "https://drive.google.com.evil.test/x"],
)  # fmt: skip
def test_other_links_are_not(text: str) -> None:
    assert cloud_links(text) == ()


@pytest.mark.parametrize("piece", ["https://", "https://a.", "https://we.tl/", "a-", "https://a-b.c-d. "])
def test_a_megabyte_takes_no_longer_than_it_must(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    began = time.process_time()
    cloud_links(text)
    judge(text, text, 1, text.encode())

    assert time.process_time() - began < MUCH

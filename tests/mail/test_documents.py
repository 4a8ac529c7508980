"""The words of a letter that somebody wrote in a word processor and attached."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from complaintmail.mail import documents
from complaintmail.mail.documents import document_text, tidy
from tests.support.paces import MUCH

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(*files: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def docx(body: str, *, before: str = "", main: str = "word/document.xml", word: str = WORD) -> bytes:
    names = f'xmlns:w="{word}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {names}><w:body>{body}</w:body></w:document>'
    return zipped(("[Content_Types].xml", "<Types/>"), (main, xml))


def odt(body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "text", "style", "table"))
    inside = f"<office:body>{body}</office:body>"
    xml = f'<?xml version="1.0"?><office:document-content {names}>{inside}</office:document-content>'
    return zipped(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", xml))


def read(data: bytes, name: str = "letter.docx", type: str = "application/octet-stream") -> str | None:
    return document_text(name, type, data)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<w:p><w:r><w:t>Dear </w:t></w:r><w:r><w:t>Robin,</w:t></w:r></w:p>", "Dear Robin,"),
        ("<w:p><w:r><w:t>One</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>two</w:t></w:r></w:p>", "One\n\ntwo"),
        ("<w:p><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:p>", "a\nb c-d"),
        ("<w:p><w:del><w:delText>old</w:delText><w:t>old</w:t></w:del><w:r><w:t>new</w:t></w:r></w:p>", "new"),
        ("<w:p><w:r><w:instrText>DATE</w:instrText><w:t>1 May</w:t></w:r></w:p>", "1 May"),
        (
            "<w:p><mc:AlternateContent><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:p>",
            "box",
        ),
        (
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>by</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1 May</w:t></w:r></w:p>"
            "</w:tc></w:tr></w:tbl>",
            "by\n1 May",
        ),
        ("<w:p><w:r><w:t>fish &amp; ŵ &#x1F600;&#x202E;</w:t></w:r></w:p>", "fish & ŵ 😀"),
        ("<w:p/>", None),
    ],
)  # fmt: skip
def test_a_docx_says_what_its_reader_sees(body: str, words: str | None) -> None:
    assert read(docx(body)) == words
    assert read(docx(body, word=STRICT, main="word/document2.xml"), "letter", "") == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<text:h>Outcome</text:h><text:p>Dear<text:s/>Robin</text:p>", "Outcome\nDear Robin"),
        ("<text:p>a<text:line-break/>b<text:tab/><text:span>c</text:span></text:p>", "a\nb c"),
        (
            "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:p>kept"
            "<office:annotation><text:p>a note</text:p></office:annotation></text:p>",
            "kept",
        ),
        ("<text:p>an <text:span>appeal</text:span><text:note-citation>1</text:note-citation></text:p>", "an appeal"),
    ],
)  # fmt: skip
def test_an_odt_says_what_its_reader_sees(body: str, words: str) -> None:
    assert read(odt(body), "letter.odt") == words


@pytest.mark.parametrize(
    ("data", "name", "type", "words"),
    [
        ("Dear Robin,\r\n\r\n\r\n\r\nŵ\x00"[:-1].encode(), "a.txt", "", "Dear Robin,\n\nŵ"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "a", "text/plain; charset=utf-8", "café"),
        (b"caf\xe9", "a.TXT", "", "café"),
        (b"a\x00b", "a.txt", "text/plain", None),
        (b"", "a.txt", "text/plain", None),
        (b"words", "a.rtf", "application/rtf", None),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.doc", "application/msword", None),
        (b"%PDF-1.7\n", "a.pdf", "application/pdf", None),
    ],
)
def test_other_files_are_text_or_nothing_to_read(data: bytes, name: str, type: str, words: str | None) -> None:
    assert document_text(name, type, data) == words


P = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
WHOLE = docx(P)


BROKEN = {
    "entities": docx("<w:p><w:r><w:t>&c;</w:t></w:r></w:p>", before=ENTITIES),
    "outside": docx("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", before=OUTSIDE),
    "a definition elsewhere": docx(P, before="<!DOCTYPE d SYSTEM 'http://127.0.0.1/x.dtd'>"),
    "nested deep": docx("<w:p>" * 5000 + "</w:p>" * 5000),
    "not closed": docx(P[:-3]),
    "unpacks large": zipped(("word/document.xml", b" " * (9 * 1024 * 1024))),
    "another zip": zipped(("other.xml", "x")),
    "very many files": zipped(*((f"word/{number}.xml", "") for number in range(2500)), ("word/document.xml", "x")),
    "no XML": zipped(("word/document.xml", b"\xff\xfe\x00")),
    "no contents": b"PK\x03\x04" + bytes(100),
    "many ends": b"PK\x03\x04" + b"PK\x05\x06" * 100_000,
    "cut": WHOLE[:-30],
    "holed": WHOLE[:200] + bytes(50) + WHOLE[250:],
    "locked": WHOLE.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
    "two ends": WHOLE + b"PK\x05\x06" + b"\xff" * 18,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_no_word_processor_writes_is_not_read(data: bytes) -> None:
    assert read(data) is None


def test_a_file_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = zipped(("word/document.xml", b" " * (9 * 1024 * 1024)))
    size = (9 * 1024 * 1024).to_bytes(4, "little")
    lying = bomb.replace(size, (1000).to_bytes(4, "little"))

    assert lying != bomb
    assert read(lying) is None


def test_a_file_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", len(WHOLE) - 1)

    assert read(WHOLE) is None


@pytest.mark.parametrize(
    "body",
    [
        P * 30_000,
        "<w:p><w:r><w:t>" + "x" * 3_000_000 + "</w:t></w:r></w:p>",
        "<w:p " + " ".join(f'w:a{number}="1"' for number in range(60_000)) + "/>" + P,
        f'<w:p w:a="{"y" * 3_000_000}"/>' + P,
        "<w:p><w:r><w:t>" + "&amp;" * 600_000 + "</w:t></w:r></w:p>",
        P + "<w:br/>" * 400_000,
        "<!--" + "-x" * 1_500_000 + "-->" + P,
    ],
    ids=["paragraphs", "one word", "attributes", "one attribute", "ampersands", "breaks", "a comment"],
)
def test_a_large_document_is_read_in_time_and_cut(body: str) -> None:
    data = docx(body)
    started = time.process_time()

    words = read(data)

    assert time.process_time() - started < MUCH
    assert words is not None
    assert len(words) <= documents.LONGEST


@pytest.mark.parametrize("hostile", [" " * 1_000_000, "\n" * 1_000_000, "\x00\u202e" * 500_000, " \n" * 500_000])
def test_text_without_words_is_none(hostile: str) -> None:
    assert tidy(hostile) is None

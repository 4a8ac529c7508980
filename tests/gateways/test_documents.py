"""The words of an attached PDF, read apart; and of what needs no guard."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from pypdf import PdfReader, PdfWriter

from complaintmail.gateways.documents import document_text
from complaintmail.gateways.press import ChildPress

PAGE = '#set document(title: "x", date: datetime(year: 2026, month: 3, day: 17))\n#json(bytes(sys.inputs.letter))'


@pytest.fixture(scope="module")
def pdf() -> Iterator[bytes]:
    with ChildPress(seconds=90) as press:
        yield press.pdf(PAGE, '"You can appeal by 1 May, Llanfair ŵŷ."', 0)


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(("name", "type"), [("a.pdf", "application/pdf"), ("scan", "application/octet-stream")])
def test_a_pdf_says_its_words(pdf: bytes, name: str, type: str) -> None:
    assert document_text(name, type, pdf, seconds=90) == "You can appeal by 1 May, Llanfair ŵŷ."


def test_a_pdf_without_words_could_not_be_read() -> None:
    scanned = PdfWriter()
    scanned.add_blank_page(300, 300)

    assert document_text("a.pdf", "application/pdf", written(scanned)) is None


def test_a_locked_pdf_could_not_be_read(pdf: bytes) -> None:
    locked = PdfWriter(PdfReader(io.BytesIO(pdf)))
    locked.encrypt("secret", algorithm="RC4-128")

    assert document_text("a.pdf", "application/pdf", written(locked)) is None


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"1 0 obj<<" * 50_000, b"%PDF-" + b"(" * 500_000])
def test_a_broken_pdf_could_not_be_read(data: bytes) -> None:
    assert document_text("a.pdf", "application/pdf", data) is None


def test_a_pdf_that_takes_more_time_or_memory_than_it_may_could_not_be_read(pdf: bytes) -> None:
    assert document_text("a.pdf", "application/pdf", pdf, seconds=0.05) is None
    assert document_text("a.pdf", "application/pdf", pdf, memory_mb=20) is None


def test_a_word_processors_letter_is_read_where_it_is() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        archive.writestr("word/document.xml", f"<w:document {word}><w:p><w:t>Dear Robin</w:t></w:p></w:document>")

    assert document_text("a.docx", "", file.getvalue(), seconds=0) == "Dear Robin"

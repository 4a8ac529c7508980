"""The words of a document that came with a mail, also of a PDF.

Owns the guard around reading PDFs: a library reads them in a process of its own, with limits on memory and time, which
holds nothing of ours and reaches nothing; .docx, .odt and text are read here, where mail/documents.py keeps its own
bounds. Promises: `document_text` returns within a little more than `seconds` and never raises for what a document
holds; None when its words could not be read: it is scanned, locked, broken or no document.
"""

from __future__ import annotations

import math

from complaintmail.gateways.child import answer_of
from complaintmail.mail import documents

LARGEST_ANSWER = 4 * 1024 * 1024


def document_text(name: str, type: str, data: bytes, *, seconds: float = 15, memory_mb: int = 400) -> str | None:
    """Its words, a line for each of its paragraphs (in a PDF: for each of its lines)."""
    if b"%PDF-" not in data[:1024]:
        return documents.document_text(name, type, data)
    if len(data) > documents.LARGEST:
        return None
    asked = (str(memory_mb), str(math.ceil(seconds)))
    words = answer_of("complaintmail.gateways.documents_child", asked, data, seconds)
    if words is None or len(words) > LARGEST_ANSWER:
        return None
    return documents.tidy(words.decode("utf-8", "replace"))

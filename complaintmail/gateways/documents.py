"""The words of a document that came with a mail, also of a PDF.

Owns the guard around reading PDFs: a library reads them in a process of its own, with limits on memory and time, which
holds nothing of ours and reaches nothing; .docx, .odt and text are read here, where mail/documents.py keeps its own
bounds. Promises: `document_text` returns within a little more than `seconds` and never raises for what a document
holds; None when its words could not be read: it is scanned, locked, broken or no document.
"""

from __future__ import annotations

import contextlib
import math
import os
import subprocess
import sys
from pathlib import Path

from complaintmail.mail import documents

LARGEST_ANSWER = 4 * 1024 * 1024


def document_text(name: str, type: str, data: bytes, *, seconds: float = 15, memory_mb: int = 400) -> str | None:
    """Its words, a line for each of its paragraphs (in a PDF: for each of its lines)."""
    if b"%PDF-" not in data[:1024]:
        return documents.document_text(name, type, data)
    if len(data) > documents.LARGEST:
        return None
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "complaintmail.gateways.documents_child", str(memory_mb), str(math.ceil(seconds))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )
    try:
        words, _ = child.communicate(data, timeout=seconds)
    except (subprocess.TimeoutExpired, OSError):
        return None
    finally:
        with contextlib.suppress(OSError):
            child.kill()
        child.communicate()
    if child.returncode or len(words) > LARGEST_ANSWER:
        return None
    return documents.tidy(words.decode("utf-8", "replace"))


def _environment() -> dict[str, str]:
    """Nothing of ours but where Python finds its modules: no secrets in reach of what reads a stranger's document."""
    found = [str(Path(entry).resolve()) for entry in sys.path if entry]
    return {"PYTHONPATH": os.pathsep.join(found), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}

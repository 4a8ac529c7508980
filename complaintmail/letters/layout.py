"""The page around the words of a letter: `_layout.html`.

An HTML page with four blanks: {{ content }}, {{ subject }}, {{ language }}, {{ policy.organisation }}; nothing else
of the template language. What it shows to readers must be in the words, so that text and HTML say the same. A page
that would load anything from elsewhere, or run anything, is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

from complaintmail.errors import LetterError
from complaintmail.letters.form import BLANKS, BODY
from complaintmail.letters.source import read_text

LANGUAGE = "en-GB"

# The numbers are the first places of a letter's ledger of facts; render.py fills them.
_BLANKS = {"content": BODY, "subject": BLANKS[0], "language": BLANKS[1], "policy.organisation": BLANKS[2]}
_BLANK = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}|\{%.*?%\}")
_NOTE = re.compile(r"\{#.*?#\}[ \t]*\n?|<!--.*?-->[ \t]*\n?", re.DOTALL)
_ELSEWHERE = re.compile(
    r"<\s*(?:script|iframe|object|embed|form|link|base|svg|img|video|audio)\b|\bsrc\s*=|\burl\(|@import|\son[a-z]+\s*=",
    re.IGNORECASE,
)


def read_layout(path: Path, name: str) -> str:
    """The page, with its blanks as form.py reads them."""
    page = read_text(path, name)
    elsewhere = _ELSEWHERE.search(page)
    if elsewhere:
        line = page.count("\n", 0, elsewhere.start()) + 1
        raise LetterError(f"{name}:{line}: {elsewhere.group().strip()} has no place in a letter's page")

    def blank(found: re.Match[str]) -> str:
        if found[1] not in _BLANKS:
            line = page.count("\n", 0, found.start()) + 1
            raise LetterError(f"{name}:{line}: {found.group()[:40]} is none of its blanks: {', '.join(_BLANKS)}")
        return _BLANKS[found[1]]

    for found in _BLANK.finditer(page):
        blank(found)  # with the line as it is in the file, before notes are taken out
    bare = _NOTE.sub("", page)
    if len(re.findall(r"\{\{-?\s*content\s*-?\}\}", bare)) != 1:
        raise LetterError(f"{name}: needs {{{{ content }}}} exactly once")
    return "\n".join(line.strip() for line in _BLANK.sub(blank, bare).strip().split("\n")) + "\n"

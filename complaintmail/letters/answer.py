"""A member of staff's words as the organisation's answer: the subject, and HTML that says what the text says."""

from __future__ import annotations

import re

from complaintmail.letters.values import escaped, runs_right_to_left

_BEFORE = re.compile(r"^(?:(?:re|aw|sv|antw|fwd?|fw)\s*:\s*)+", re.IGNORECASE)
LONGEST = 150


def answer_subject(subject: str, reference: str) -> str:
    """Theirs, with the reference: so that it threads, and so that a later mail finds its case."""
    said = " ".join(_BEFORE.sub("", subject.strip()).replace(f"[{reference}]", "").split())
    if len(said) > LONGEST:
        said = said[:LONGEST].rsplit(" ", 1)[0] + " …"
    return f"Re: {said or 'your complaint'} [{reference}]"


def answer_html(text: str) -> str:
    """Paragraph by paragraph and line by line, nothing added."""
    paragraphs = (part for part in re.split(r"\n[ \t]*\n", text.strip("\n")) if part.strip())
    body = "\n".join(f'<p style="margin:0 0 1em">{_lines(part)}</p>' for part in paragraphs)
    direction = "rtl" if runs_right_to_left(text) else "ltr"
    return (
        f'<!doctype html>\n<html lang="en-GB" dir="{direction}">\n<head><meta charset="utf-8"></head>\n'
        f'<body style="font:16px/1.5 system-ui,Arial,sans-serif">\n{body}\n</body>\n</html>\n'
    )


def _lines(part: str) -> str:
    return "<br>\n".join(
        "\u00a0" * (len(line) - len(line.lstrip(" "))) + escaped(line.strip()) for line in part.split("\n")
    )

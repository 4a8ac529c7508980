"""Our own notice inside a reply: where it begins, so that none of it is read as the reader's words.

A notice to staff holds what a complainant wrote, and some mail programs quote it without any mark. So every notice
begins with where a reply goes and, below that, a line that nobody else writes; from there on all is ours, whatever it
looks like, and so is what the mail program put above it: an attribution, quoted headers, a rule. A notice marked with
'>' is an ordinary quotation and is left to `mail.reply`, once the lines that lost their mark have it again. Promises:
linear time, no failure; without both of the lines nothing is found, so a complainant who writes one of them loses
nothing.
"""

from __future__ import annotations

import re

from complaintmail.mail.languages import FORWARD, ORIGINAL, WROTE
from complaintmail.mail.quotation import BLOCK, LONGEST_MARK, header_block, header_role, is_attribution, opens

WRITE_ABOVE = "--- Please write above this line ---"
LONG = 60  # a marked line that was broken is no shorter
FIRST_LINES = 14  # a mail program breaks our first line into at most so many
WRAPPED = 4  # and its own attribution into so many

_DRESS = "-_=*~|\u2013\u2014 \t\u00a0\u200b"  # what programs put around a line of ours
_BARE = WRITE_ABOVE.strip(_DRESS).lower()
_FIRST_WORDS = re.compile(r"(?:(?:your|a plain|a|plain|the) )?repl(?:y|ies|ying)\b")
_WROTE = re.compile("|".join(re.escape(word) for word in WROTE))


def says_where(first_line: str) -> bool:
    """Does the first line of a notice begin as it must to be known again?"""
    return _FIRST_WORDS.match(first_line.strip(_DRESS).lower()) is not None


def marked_again(lines: list[str]) -> list[str]:
    """Of a notice quoted with '>', the lines that a program broke without marking what ran over.

    Gmail does so in plain text, and what runs over may begin like a command. Only lines between two marked ones count,
    the upper of them long and nothing empty between: that is how nobody answers.
    """
    mark = next((at for at, line in enumerate(lines) if _is_quoted(line) and _is_mark(line)), len(lines))
    if mark == len(lines):
        return lines
    marked = list(lines)
    at = max(mark - FIRST_LINES, 1)  # our first line may run over too
    while at < len(lines):
        if lines[at].strip() and not _is_quoted(lines[at]):
            end = at
            while end < len(lines) and lines[end].strip() and not _is_quoted(lines[end]):
                end += 1
            if _is_quoted(lines[at - 1]) and len(lines[at - 1]) >= LONG and end < len(lines) and _is_quoted(lines[end]):
                marked[at:end] = [f"> {line}" for line in lines[at:end]]
            at = end
        at += 1
    return marked


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">"


def _is_mark(line: str) -> bool:
    return len(line) <= LONGEST_MARK and line.strip(f"> {_DRESS}").lower() == _BARE


def notice_start(lines: list[str]) -> int:
    """The line at which a quoted notice, with what a mail program put above it, begins; `len(lines)` for none."""
    for at, line in enumerate(lines):
        if _is_mark(line) and not _is_quoted(line):
            begin = _first_line(lines, at)
            if begin < at:
                return _above(lines, begin)
    return len(lines)


def _first_line(lines: list[str], mark: int) -> int:
    """Where the line that says where a reply goes begins; `mark` when it is not there."""
    end = _last_word(lines, mark)
    if mark - end > FIRST_LINES:
        return mark
    for at in range(end - 1, max(end - 1 - FIRST_LINES, -1), -1):
        words = lines[at].strip(_DRESS).lower()
        if not words or words[0] == ">":
            break
        if _FIRST_WORDS.match(words):
            return at
    return mark


def _above(lines: list[str], begin: int) -> int:
    """Where what a mail program put above the notice begins."""
    for _ in range(4):  # a rule, a separator, headers, an attribution: no program writes more
        end = _last_word(lines, begin)
        start = _headers(lines, end)
        if start == end:
            start = _attribution(lines, end)
        if start == end:
            start = _separator(lines, end)
        if start == end:
            return end
        begin = start
    return _last_word(lines, begin)


def _last_word(lines: list[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip(" \t\u00a0\u200b"):
        end -= 1
    return end


def _headers(lines: list[str], end: int) -> int:
    window = lines[max(0, end - BLOCK) : end]
    last = len(window)
    for start in range(last - 2, -1, -1):
        size, _ = header_block(window, start)
        if size and start + size >= last - 2:  # a long subject may run on over two lines
            while start > 0 and header_role(window[start - 1]) not in ("", "?"):
                start -= 1
            return end - last + start
    return end


def _attribution(lines: list[str], end: int) -> int:
    if (
        not end
        or len(lines[end - 1]) > LONGEST_MARK
        or lines[end - 1].rstrip(" \t\u00a0*_-")[-1:] not in (":", "：", ">")
    ):
        return end
    words = ""
    for start in range(end - 1, max(end - 1 - WRAPPED, -1), -1):
        line = lines[start].strip().lower()
        if not line or line[0] == ">" or len(line) > LONGEST_MARK:
            break
        words = f"{line} {words}".strip()
        if opens(words) and (_WROTE.search(words) or "@" in words) and is_attribution(words, quoted=True):
            return start
    words = lines[end - 1].strip().lower()
    return end - 1 if "@" in words and _WROTE.search(words) and is_attribution(words, quoted=True) else end


def _separator(lines: list[str], end: int) -> int:
    """A rule, "Original Message" or "Forwarded message"."""
    if not end or len(lines[end - 1]) > LONGEST_MARK:
        return end
    line = lines[end - 1].strip().lower()
    bare = line.strip("-_=*~: ")
    return end - 1 if (len(line) > 4 and not bare) or bare in ORIGINAL or bare in FORWARD else end

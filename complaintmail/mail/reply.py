"""What a mail's writer added: the new words apart from quotation and signature.

Owns the cutting of plain text (quotes marked by '>'). Promises: linear time whatever the text; nothing a writer added
is lost where that can be known, so in doubt it is kept and `sure` is False; forwarded mail is content; answers between
quotes stay; a notice of our own goes whole. Never fails: text in, text out. The case keeps the whole text beside it in
any event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from complaintmail.mail.languages import (
    FORWARD,
    FORWARD_BY,
    FORWARD_SUBJECTS,
    ORIGINAL,
    REPLY_ABOVE,
    SEE_BELOW,
    WROTE,
)
from complaintmail.mail.own_notice import marked_again, notice_start
from complaintmail.mail.quotation import LONGEST_MARK, header_block, is_attribution, opens
from complaintmail.mail.signature import signature_start

WRAPPED = 4  # an attribution is wrapped over at most this many lines

_ENDS = frozenset(":：>-*_")
_WROTE = re.compile("|".join(re.escape(word) for word in WROTE))


@dataclass(frozen=True, slots=True)
class Split:
    """One text taken apart. `new` is the writer's; `sure` is False where something that may be quotation was kept."""

    new: str
    quoted: str = ""
    signature: str = ""
    forwarded: bool = False
    sure: bool = True


def new_text(text: str, subject: str = "") -> str:
    """What its writer added to this text."""
    return split(text, subject).new


def split(text: str, subject: str = "") -> Split:
    """Take a text apart. The subject tells a forward that has no separator of its own ("FW: …")."""
    lines = marked_again(text.split("\n"))
    end = notice_start(lines)
    reading = _Reading(lines[:end], subject.lstrip().lower().startswith(FORWARD_SUBJECTS))
    reading.read()
    found = reading.split()
    if end == len(lines):
        return found
    return replace(found, quoted="\n".join([found.quoted, *lines[end:]]).strip("\n"))


class _Reading:
    """One pass over the lines; each line ends as new, quoted or signature."""

    def __init__(self, lines: list[str], forward: bool) -> None:
        self.lines = lines
        self.forward = forward
        self.quoted: list[tuple[int, int]] = []  # half-open runs of lines, ascending
        self.signature: list[tuple[int, int]] = []
        self.forwarded = False
        self.sure = True
        self.first_new = len(lines)  # the first line that is the writer's, as far as was read
        self.no_block = 0  # above this line no block of headers can begin: it was looked for
        self.keep_from = len(lines)  # from here on all is content: a forward

    def read(self) -> None:
        lines, count = self.lines, len(self.lines)
        at = 0
        while at < count:
            line = lines[at].strip()
            if not line:
                at += 1
                continue
            if line[0] == ">":
                at = self._quote(at)
                continue
            if len(line) <= LONGEST_MARK:
                step = self._mark(at, line)
                if step < 0:
                    break
                if step:
                    at += step
                    continue
            self.first_new = min(self.first_new, at)
            at += 1
        self._signatures()

    def _quote(self, at: int) -> int:
        """A run of '>' lines, with the empty lines between them; of a forward marked so, they are content."""
        lines, count = self.lines, len(self.lines)
        if _is_prose_arrow(lines[at].strip()) and not (at + 1 < count and lines[at + 1].lstrip()[:1] == ">"):
            self.first_new = min(self.first_new, at)
            return at + 1
        end = last = at + 1
        while end < count:
            start = lines[end].lstrip()[:1]
            if start == ">":
                last = end + 1
            elif start:
                break
            end += 1
        if lines[at].strip("> \t").lower().strip(": -_*=~") in FORWARD:
            self.forwarded = True
            self.first_new = min(self.first_new, at)
        else:
            self.quoted.append((at, last))
        return end

    def _mark(self, at: int, line: str) -> int:
        """Is this line a boundary? 0: no. Negative: all below is settled. Positive: so many lines are dealt with."""
        if (line[0] in "-_=*~#" or line[-1] in ":-") and (settled := self._separator(at, line)):
            return settled
        if ":" in line or "：" in line:
            if (found := self._block(at)) and self._below(at, found):
                return -1
            if line[-1] in _ENDS:
                return self._attribution(at, line)
        elif line[-1] == ">" and "@" in line:
            return self._attribution(at, line)
        return 0

    def _block(self, at: int) -> int:
        """The size of the block of headers that begins here, or 0; no line is looked at twice for it."""
        if at < self.no_block:
            return 0
        size, self.no_block = header_block(self.lines, at)
        return size

    def _separator(self, at: int, line: str) -> int:
        """A forward keeps all below; "Original Message" cuts it; a rule above quoted headers belongs to them."""
        if not line.strip("-_=*~ "):
            follows = self._next(at + 1)
            if follows < len(self.lines) and (size := self._block(follows)):
                return -1 if self._below(at, follows - at + size) else 0
            return 0
        words = line.lower().strip(": -_*=~")
        if words in FORWARD or (line[0] in "-_=*" and words.startswith(FORWARD_BY)):
            self.forwarded = True
            self.keep_from = at
            return -1
        if line[0] in "-_=*~" and line[-1] in "-_=*~:":
            if words in ORIGINAL:
                return -1 if self._below(at, 1) else 0
            if line[0] == "-" and line[-1] in "-:" and (wrote := _WROTE.search(words)) and wrote.end() == len(words):
                return self._quoted_below(at, 1)
        if len(words) > 20 and any(mark in words for mark in REPLY_ABOVE):
            return -1 if self._below(at, 1) else 0
        return 0

    def _below(self, at: int, size: int) -> bool:
        """Cut from here to the end, unless that is what the writer wants read. True: settled, either way."""
        if self.first_new >= at:
            self.forwarded = self.forward  # nothing above it: whoever sent this sent the rest
            self.sure = False
            self.keep_from = at
            return True
        above = "\n".join(self._kept(0, at)).strip().lower()
        if self.forward or (len(above) < 300 and any(word in above for word in SEE_BELOW)):
            self.forwarded = True
            self.sure = False
            self.keep_from = at
            return True
        if self._next(at + size) >= len(self.lines) and size == 1:
            return False  # a separator with nothing below it separates nothing
        self.quoted.append((at, len(self.lines)))
        return True

    def _attribution(self, at: int, line: str) -> int:
        """ "On … wrote:", perhaps wrapped over lines above; needs evidence, and a quote after it or strong evidence."""
        start, end, words = at, at + 1, line.lower()
        ends_open = words[-1] == ">" or bool(words[-1] in "-*_")
        if not (_WROTE.search(words) or (words.rstrip(":： ")[-1:] in ">)" and "@" in words)):
            return 0
        while not opens(words) and at - start < WRAPPED - 1 and start > 0:
            above = self.lines[start - 1].strip().lower()
            if not above or above[0] == ">" or len(above) > 200:
                break
            start -= 1
            words = above + " " + words
        if not opens(words):
            start, words = at, line.lower()
            if "@" not in words or not _WROTE.search(words):
                return 0
        follows = self._next(end)
        quote = follows < len(self.lines) and self.lines[follows].lstrip()[:1] == ">"
        if ends_open and not quote:
            return 0
        if not is_attribution(words, quoted=quote):
            return 0
        if quote:
            self.quoted.append((start, end))
            return 1
        return self._quoted_below(start, end - start)

    def _quoted_below(self, start: int, size: int) -> int:
        """An attribution whose quotation is not marked: all below it, when something new stands above."""
        follows = self._next(start + size)
        if follows < len(self.lines) and self.lines[follows].lstrip()[:1] == ">":
            self.quoted.append((start, start + size))
            return size
        if self.first_new >= start:
            self.sure = False
            return 0
        self.quoted.append((start, len(self.lines)))
        return -1

    def _next(self, at: int) -> int:
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at

    def _kept(self, start: int, stop: int) -> list[str]:
        """The lines of this range that are not quoted."""
        kept: list[str] = []
        for begin, end in self.quoted:
            if begin >= stop:
                break
            kept += self.lines[start:begin]
            start = max(start, end)
        return kept + self.lines[start:stop]

    def _signatures(self) -> None:
        """At the foot of the new text, above the first quote, and at the foot of the mail."""
        stops = {begin for begin, _ in self.quoted[:1]} | {
            begin for begin, end in self.quoted if end == len(self.lines)
        }
        stops.add(min(len(self.lines), self.keep_from))
        for stop in sorted(stops):
            begin = signature_start(self.lines, self._floor(stop), stop)
            if begin < stop:
                self.signature.append((begin, stop))

    def _floor(self, stop: int) -> int:
        """Where the last run of new lines before `stop` begins."""
        return max((end for _, end in self.quoted if end <= stop), default=0)

    def split(self) -> Split:
        if not self.quoted and not self.signature:
            return Split("\n".join(self.lines).strip("\n").rstrip(), forwarded=self.forwarded, sure=self.sure)
        cuts = sorted([(*run, True) for run in self.quoted] + [(*run, False) for run in self.signature])
        new: list[str] = []
        quoted: list[str] = []
        signature: list[str] = []
        at = 0
        for begin, end, is_quote in cuts:
            if begin > at:
                _add(new, self.lines[at:begin])
            (quoted if is_quote else signature).extend(self.lines[max(begin, at) : end])
            at = max(at, end)
        _add(new, self.lines[at:])
        return Split(
            "\n".join(new).strip("\n").rstrip(),
            "\n".join(quoted).strip("\n"),
            "\n".join(signature).strip("\n"),
            self.forwarded,
            self.sure,
        )


def _add(new: list[str], lines: list[str]) -> None:
    """Append a run, so that a cut leaves one empty line and not a gap."""
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    if start < stop:
        if new:
            new.append("")
        new += lines[start:stop]


def _is_prose_arrow(line: str) -> bool:
    """'>50 people', '> 3 weeks', '>From the day' (as mailbox files mark it): prose, where no quote stands beside it."""
    rest = line[1:].lstrip()
    if line.startswith(">From "):
        return True
    return bool(rest[:1].isdigit()) and len(line) < LONGEST_MARK and rest[:1] != ">"

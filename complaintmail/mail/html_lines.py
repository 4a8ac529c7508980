"""Lines of text as they come out of HTML: white space collapsed, blocks apart, quotation and list marks in front."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t\r\n\f]+")
_RULE = "_" * 32  # what Outlook writes for a rule, which other readers of our text know


class Lines:
    """Takes text and block boundaries in the order of the document and gives the text."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._empty = True  # nothing but marks stands on the line
        self._space = False  # a space is owed before the next word
        self._gap = False  # a blank line is owed before the next line
        self._quotes = 0
        self._lists: list[int] = []  # the last number of each open list; -1 for one without numbers
        self._mark = ""  # '- ' or '1. ' owed before the next word
        self._link = 0

    def add(self, text: str, pre: bool) -> None:
        if pre:
            self._add_as_is(text)
            return
        collapsed = _SPACE.sub(" ", text)
        if collapsed == " " or not collapsed:
            self._space = self._space or bool(collapsed)
            return
        if collapsed[0] == " " or self._space:
            collapsed = ("" if self._empty else " ") + collapsed.lstrip(" ")
        self._space = collapsed[-1] == " "
        self._write(collapsed.rstrip(" "))

    def _add_as_is(self, text: str) -> None:
        first = True
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            if not first:
                self.end_line()
            first = False
            if line:
                self._write(line)

    def _write(self, text: str) -> None:
        if self._empty:
            self._start()
        self._line.append(text)

    def _start(self) -> None:
        if self._gap and self._done:
            self._blank()
        self._gap = False
        self._empty = False
        indent = "  " * (len(self._lists) - 1) if self._lists else ""
        if self._mark:
            self._line.append(indent + self._mark)
            self._mark = ""
        elif self._lists:
            self._line.append(indent + "  ")

    def _blank(self) -> None:
        if self._done and self._done[-1].strip("> "):
            self._done.append(("> " * self._quotes).rstrip())

    def end_line(self) -> None:
        """A <br>, or the end of a line in preformatted text: an empty line stays one."""
        if self._empty:
            if self._gap:
                self._gap = False
            self._blank()
        else:
            self._flush()
        self._space = False

    def begin_block(self) -> None:
        if not self._empty:
            self._flush()
        self._space = False

    def _flush(self) -> None:
        line = "".join(self._line).replace("\xa0", " ").rstrip()
        if line:
            self._done.append("> " * self._quotes + line)
        else:
            self._blank()  # a paragraph of one no-break space is an empty line
        self._line = []
        self._empty = True
        self._link = 0

    def begin_paragraph(self) -> None:
        self.begin_block()
        self._gap = True

    end_paragraph = begin_paragraph

    def begin_quotation(self) -> None:
        self.begin_paragraph()
        if self._done:
            self._blank()
        self._gap = False
        self._quotes += 1

    def end_quotation(self) -> None:
        self.begin_block()
        self._quotes -= 1
        self._gap = True

    def begin_list(self, numbered: bool) -> None:
        self._lists.append(0 if numbered else -1)
        if len(self._lists) > 1:
            self._gap = False

    def end_list(self) -> None:
        self.begin_block()
        if self._lists:
            self._lists.pop()
        self._mark = ""

    def begin_item(self) -> None:
        self.begin_block()
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self._mark = f"{self._lists[-1]}. "
        else:
            self._mark = "- "

    def begin_cell(self) -> None:
        if not self._empty:
            self._line.append(" |")
            self._space = True

    def rule(self) -> None:
        self.begin_block()
        self._write(_RULE)
        self._flush()

    def mark_link(self) -> None:
        self._link = len(self._line)

    def linked(self) -> str:
        return "".join(self._line[self._link :])

    def end_link(self, shown: str) -> None:
        if shown:
            self._line.append(shown)

    def text(self) -> str:
        if not self._empty:
            self._flush()
        return "\n".join(self._done).strip("\n")

"""Who a header says: its mailboxes, taken apart before anything in it is decoded.

Promises: linear, no recursion, never raises. Only what stands as an addr-spec in the header itself becomes an address;
what an encoded word, a comment or a quoted name says never does. Every mailbox found is reported, in order, so that a
header naming several (openly, or by a trick such as 'a@x>, b@y') is seen to name several. Groups are opened; their
names are dropped. Homographs and full-width letters stay as they are; an address with a control, zero-width or
bidirectional character in it is none.
"""

from __future__ import annotations

import re

from complaintmail.mail.charsets import clean_line, decode_undeclared
from complaintmail.mail.message import Address
from complaintmail.mail.words import decode_words

MOST = 1000  # mailboxes of one header that are looked at
LONGEST = 320

_ATEXT = r"A-Za-z0-9.!#$%&'*+/=?^_`{|}~-"
_PLAIN = re.compile(
    rf'(?:"([^"\\]*)"[ \t]*|([^"<>()\[\],:;@\\]*))<([{_ATEXT}]{{1,100}}@[A-Za-z0-9.-]{{1,200}})>', re.ASCII
)
_SPECIAL = re.compile(r'["(<>,;:\\)]')
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.){1,100}"')


def read_addresses(raw: bytes) -> tuple[Address, ...]:
    """The mailboxes of one header value."""
    text = decode_undeclared(raw).strip()
    if len(text) < LONGEST and (plain := _PLAIN.fullmatch(text)) and "=?" not in plain[3] and plain[3][-1] != ".":
        return (Address(_name(plain[2] if plain[1] is None else plain[1]), plain[3]),)
    return _List(text).read()


class _Element:
    """What has been gathered of one mailbox between two commas."""

    __slots__ = ("angles", "at_sign", "comments", "quoted", "words")

    def __init__(self) -> None:
        self.words: list[str] = []  # phrase, or the bare addr-spec, as written
        self.quoted = False  # some of the words were quoted: they are a name, whatever they look like
        self.at_sign = False  # one stands in the words, outside quotes
        self.angles: list[str] = []
        self.comments: list[str] = []

    def mailboxes(self) -> list[Address]:
        phrase = "".join(self.words)
        if self.angles:
            name = _name(phrase) or _name(" ".join(self.comments))
            found = [Address(name, _addr_spec(angle)) for angle in self.angles]
            named = zip(found, self.angles, strict=True)
            return [a if a.address or a.name else Address(_name(angle), "") for a, angle in named if angle or a.name]
        spec = "" if self.quoted else _addr_spec(phrase.strip())
        if spec:
            return [Address(_name(" ".join(self.comments)), spec)]
        return self._loose(phrase)

    def _loose(self, phrase: str) -> list[Address]:
        """No angle brackets and no bare addr-spec: 'Jane Doe jane@x.test', or only words."""
        if not self.quoted and not self.comments and "@" in phrase:
            words = phrase.split()
            specs = [(word, spec) for word in words if "@" in word and (spec := _addr_spec(word.strip("'\"[]")))]
            if specs:
                name = _name(" ".join(w for w in words if all(w != word for word, _ in specs)))
                return [Address(name, spec) for _, spec in specs]
        name = _name(phrase) or _name(" ".join(self.comments))
        return [Address(name, "")] if name else []


class _List:
    """One pass over a header value; each character is looked at a bounded number of times."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.quotes_end = True  # no further look for a closing quote once one was missing
        self.comments_end = True
        self.angles_end = True
        self.open_name = ""  # the words before the last comma, if they were only words
        self.found: list[Address] = []
        self.element = _Element()

    def read(self) -> tuple[Address, ...]:
        """All of it."""
        text, length = self.text, len(self.text)
        while self.at < length and len(self.found) < MOST:
            special = _SPECIAL.search(text, self.at)
            stop = special.start() if special else length
            if stop > self.at:
                words = text[self.at : stop]
                self.element.words.append(words)
                self.element.at_sign = self.element.at_sign or "@" in words
                self.at = stop
            if special:
                self._special(text[stop])
        self._close()
        return tuple(self.found[:MOST])

    def _special(self, char: str) -> None:
        self.at += 1
        if char in ",;":
            self._close(char)
        elif char == '"':
            self._quote()
        elif char == "(":
            self._comment()
        elif char == "<":
            self._angle()
        elif char == ":":
            self._colon()
        elif char == "\\":
            self.element.words.append(self.text[self.at - 1 : self.at + 1])
            self.at += 1
        elif char == ">" and self.element.at_sign:
            # A stray one ends an address: what follows it belongs to no mailbox before it.
            self._close()
        elif char == ")":
            self.element.words.append(char)  # dropping it would make one word of two

    def _close(self, between: str = "") -> None:
        element, self.element = self.element, _Element()
        mailboxes = element.mailboxes()
        if self.open_name and len(mailboxes) == 1 and element.angles:
            # 'Doe, Jane <jane@x.test>' without the quotes it needs: one mailbox, not two.
            self.found.pop()
            mailboxes = [Address(f"{self.open_name}, {mailboxes[0].name}"[:500], mailboxes[0].address)]
        self.found += mailboxes
        words_only = between == "," and not element.at_sign and not element.quoted and not element.angles
        self.open_name = mailboxes[0].name if words_only and len(mailboxes) == 1 else ""

    def _quote(self) -> None:
        content, end = _quoted(self.text, self.at) if self.quotes_end else ("", -1)
        if end < 0:
            self.quotes_end = False
            if "".join(self.element.words[-1:]).strip():
                self.element.words.append('"')  # inside a word it is part of it, and the word is no address
            return
        self.at = end
        if self.text.startswith("@", end):
            # "john doe"@example.test: the quotes are part of the address.
            self.element.words.append('"' + content.replace("\\", "\\\\").replace('"', '\\"') + '"')
            return
        self.element.quoted = True
        self.element.words.append(content)

    def _comment(self) -> None:
        end = _comment_end(self.text, self.at) if self.comments_end else -1
        if end < 0:
            # Never closed: readers disagree on what such a header says. It is a character of the name here.
            self.comments_end = False
            self.element.words.append("(")
            return
        if len(self.element.comments) < 5:
            self.element.comments.append(self.text[self.at : end - 1])
        self.element.words.append(" ")
        self.at = end

    def _angle(self) -> None:
        if not self.angles_end:
            self.element.words.append("<")
            return
        end = self.text.find(">", self.at)
        if end < 0:
            self.angles_end = False
            rest = self.text[self.at :].partition(",")[0].strip()
            if not _addr_spec(rest):
                self.element.words.append("<")
                return
            end = self.at + len(self.text[self.at :].partition(",")[0]) - 1
            self.element.angles.append(rest)
            self.at = end + 1
            return
        inner = self.text[self.at : end]
        if "<" in inner:
            # 'Doe <jane <jane@x.test>': the innermost pair is the address.
            self.element.words.append(inner[: inner.rindex("<")])
            inner = inner[inner.rindex("<") + 1 :]
        self.element.angles.append(inner)
        self.at = end + 1

    def _colon(self) -> None:
        if not self.element.at_sign and not self.element.angles:
            self.element = _Element()  # the name of a group, or 'mailto'
        else:
            self.element.words.append(":")


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The content of a quoted string whose opening quote was just read, and where it ends; -1 when it does not."""
    end = text.find('"', at)
    if end >= 0 and "\\" not in text[at:end]:
        return text[at:end], end + 1
    content: list[str] = []
    while at < len(text):
        char = text[at]
        if char == '"':
            return "".join(content), at + 1
        if char == "\\" and at + 1 < len(text):
            at += 1
            char = text[at]
        content.append(char)
        at += 1
    return "", -1


def _comment_end(text: str, at: int) -> int:
    depth = 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return -1


def _name(words: str) -> str:
    name = decode_words(" ".join(words.split()))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return clean_line(name)[:500]


def _without_comments(spec: str) -> str:
    kept: list[str] = []
    at = 0
    while (begin := spec.find("(", at)) >= 0:
        end = _comment_end(spec, begin + 1)
        if end < 0:
            break
        kept.append(spec[at:begin])
        at = end
    return " ".join((*kept, spec[at:])).strip()


def _addr_spec(written: str) -> str:
    """The addr-spec if this is one and nothing else, else ''."""
    spec = written.strip(" \t")
    if "@" not in spec or len(spec) > LONGEST:
        return ""
    if spec[:7].lower() == "mailto:":
        spec = spec[7:]
    if "(" in spec:
        spec = _without_comments(spec)
    if spec.startswith("@") and ":" in spec:
        spec = spec.rpartition(":")[2].strip()  # a source route of old
    local, _, domain = spec.rpartition("@")
    local, domain = local.strip(" \t"), domain.strip(" \t").rstrip(".")
    if not local or not domain or not spec.isprintable():
        return ""
    if any(char in ' <>(),;:\\"@' for char in local) and not _QUOTED_LOCAL.fullmatch(local):
        return ""
    literal = domain.startswith("[") and domain.endswith("]")
    if any(char in ' <>(),;\\"@' for char in domain) or (not literal and any(char in ":[]" for char in domain)):
        return ""
    if "=?" in spec and "?=" in spec:
        return ""  # an encoded word is never an address
    return f"{local}@{domain}"

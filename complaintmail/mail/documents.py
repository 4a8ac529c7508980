"""The words of a document that came with a mail: a letter somebody wrote in a word processor.

Owns the reading of .docx and .odt, which are XML in a zip, and of plain text. Promises: linear time, bounded memory, no
exception for whatever the bytes hold, nothing fetched and no entity resolved; None when the words cannot be had. What a
document hides (deleted passages, comments, fields' code) is not among its words. A PDF needs a guard of its own:
gateways/documents.py.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

LARGEST = 20 * 1024 * 1024
LARGEST_XML = 8 * 1024 * 1024  # unpacked
LONGEST = 200_000  # characters; what comes after them is left out
MOST_ENTRIES = 2000
DEEPEST = 200

_DOCX = re.compile(r"word/document\d{0,2}\.xml")
_END = b"PK\x05\x06"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TEXT = _ODF + "office:1.0 ", _ODF + "text:1.0 "
_DRAWING = _ODF + "drawing:1.0 "
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\xa0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def document_text(name: str, type: str, data: bytes) -> str | None:
    """Its words, a line for each of its paragraphs; None when they could not be read, or it is nothing to read."""
    if len(data) > LARGEST:
        return None
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if type.partition(";")[0].strip().lower() == "text/plain" or name.lower().endswith(".txt"):
        return _plain(data)
    return None


def tidy(text: str) -> str | None:
    """Words as lines without what does not print; None when there are none."""
    lines = _UNPRINTABLE.sub("", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    tidied = _EMPTY_LINES.sub("\n\n", "\n".join(_SPACES.sub(" ", line).strip() for line in lines.split("\n")))
    return tidied.strip("\n") or None


def _plain(data: bytes) -> str | None:
    head = data[: 4 * LONGEST]
    if b"\x00" in head:
        return None
    try:
        return tidy(head.decode("utf-8-sig", "strict" if len(head) == len(data) else "ignore"))
    except UnicodeDecodeError:
        return tidy(head.decode("cp1252", "replace"))


def _zipped(data: bytes) -> str | None:
    try:
        if not _modest(data):
            return None
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            names = opened.namelist()
            main = next((each for each in names if _DOCX.fullmatch(each)), None)
            if main is not None:
                reader: _Reader = _Docx()
            elif "content.xml" in names:
                main, reader = "content.xml", _Odt()
            else:
                return None
            if opened.getinfo(main).file_size > LARGEST_XML:
                return None
            with opened.open(main) as packed:
                xml = packed.read(LARGEST_XML + 1)  # whatever size it claims to have
        return reader.words(xml) if len(xml) <= LARGEST_XML else None
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, _Refused):
        return None
    except (ValueError, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, struct.error):
        return None  # a password, a method of packing that is not known, a name that is none


def _modest(data: bytes) -> bool:
    """Is its table of contents small? It is read as a whole before anything else can be asked."""
    end = data.rfind(_END, -(65_536 + 22))
    if end < 0 or end + 22 > len(data):
        return False
    entries, size = struct.unpack_from("<HI", data, end + 10)
    return bool(entries <= MOST_ENTRIES and size <= MOST_ENTRIES * 200)


class _Refused(Exception):
    """It holds what no word processor writes."""


class _Reader:
    """Collects the words of one XML file as it is read. `skipped` elements hold no words of the document."""

    skipped: frozenset[str] = frozenset()
    ends_line: frozenset[str] = frozenset()
    stands_for: dict[str, str] = {}  # noqa: RUF012 - never written to

    def __init__(self) -> None:
        self.said: list[str] = []
        self.length = self.depth = self.hidden = 0

    def words(self, xml: bytes) -> str | None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self.refuse  # and with it every entity
        parser.EntityDeclHandler = self.refuse
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(xml, True)  # at once: in pieces a very long token would be read again with each of them
        return tidy("".join(self.said))

    def refuse(self, *_: object) -> None:
        raise _Refused

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused
        if self.hidden or name in self.skipped:
            self.hidden += 1
        elif name in self.stands_for:
            self.say(self.stands_for[name])

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.hidden:
            self.hidden -= 1
        elif name in self.ends_line:
            self.say("\n")

    def text(self, words: str) -> None:
        raise NotImplementedError

    def say(self, words: str) -> None:
        if self.length < LONGEST:
            self.said.append(words)
            self.length += len(words)


class _Docx(_Reader):
    skipped = frozenset({_FALLBACK, *(word + name for word in _WORD for name in ("del", "moveFrom"))})
    ends_line = frozenset(word + name for word in _WORD for name in ("p", "tr"))
    stands_for = {  # noqa: RUF012
        word + name: said
        for word in _WORD
        for name, said in (("tab", " "), ("br", "\n"), ("cr", "\n"), ("noBreakHyphen", "-"), ("tc", " "))
    }
    shown = frozenset(word + "t" for word in _WORD)

    def __init__(self) -> None:
        super().__init__()
        self.showing = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        self.showing = name in self.shown and not self.hidden

    def end(self, name: str) -> None:
        super().end(name)
        self.showing = False

    def text(self, words: str) -> None:
        if self.showing:
            self.say(words)


class _Odt(_Reader):
    skipped = frozenset(
        {
            *(_TEXT + name for name in ("tracked-changes", "note-citation", "sequence-decls", "variable-decls")),
            *(_OFFICE + name for name in ("annotation", "scripts", "font-face-decls")),
            _ODF + "style:1.0 style",
            _DRAWING + "object",
        }
    )
    ends_line = frozenset((_TEXT + "p", _TEXT + "h"))
    stands_for = {_TEXT + "tab": " ", _TEXT + "s": " ", _TEXT + "line-break": "\n"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        self.inside += name in self.ends_line

    def end(self, name: str) -> None:
        super().end(name)
        self.inside -= name in self.ends_line

    def text(self, words: str) -> None:
        if self.inside and not self.hidden:
            self.say(words)

"""Content-Type and Content-Disposition: the value and its parameters, in every spelling that is sent.

Promises: linear, never raises. Reads RFC 2231 (charset, language, continuations), encoded words in and out of quotes,
raw 8-bit, missing quotes, missing semicolons before a known name. Names are lower case; of two parameters with one
name the first counts.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from complaintmail.mail.charsets import clean_line, decode, decode_undeclared
from complaintmail.mail.words import decode_words

MOST = 200  # parameters of one header that are looked at

_TOKEN_VALUE = re.compile(r"([^;]*?)\s*(?:;|$|(?=\s(?:name|charset|boundary|filename|format)\s*=))", re.I)
_SIMPLE = re.compile(r'([a-zA-Z0-9.+-]+/[a-zA-Z0-9.+-]+)(?:;[ \t]*([a-zA-Z-]+)=(?:"([^"\\%?]*)"|([^\s";()\\%?]+)))?;?')
_SECTION = re.compile(r"([^*]+)\*(\d{1,3})(\*?)")


def read_parameters(raw: bytes | None) -> tuple[str, dict[str, str]]:
    """The leading value in lower case, and the parameters with their decoded values."""
    if not raw:
        return "", {}
    text = decode_undeclared(raw[:20000])
    simple = _SIMPLE.fullmatch(text)
    if simple:
        value = simple[1].lower()
        if simple[2] is None:
            return value, {}
        return value, {simple[2].lower(): simple[3] if simple[4] is None else simple[4]}
    head, _, rest = text.partition(";")
    if "=" in head and "/" not in head:
        head, rest = "", text  # 'Content-Disposition: filename=x'
    value = clean_line(_without_comments(head)).lower()
    words = value.split()
    if not rest and len(words) > 1 and "=" in head:
        rest = head.strip().partition(" ")[2]  # 'text/plain charset=utf-8'
    return (words[0] if words else ""), _decoded(_pairs(rest))


def _pairs(text: str) -> list[tuple[str, str, bool]]:
    """Name, value as written, and whether it was quoted."""
    pairs: list[tuple[str, str, bool]] = []
    at, length = 0, len(text)
    while at < length and len(pairs) < MOST:
        equals = text.find("=", at)
        if equals < 0:
            break
        name = text[at:equals].replace(";", " ").split()
        at = equals + 1
        while at < length and text[at] in " \t":
            at += 1
        if text.startswith('"', at):
            value, at = _quoted(text, at + 1)
            quoted = True
        else:
            token = _TOKEN_VALUE.match(text[at : at + 1000])
            assert token is not None
            value, quoted = token[1].strip(), False
            at += max(token.end(), 1)
        if name:
            pairs.append((name[-1].lower(), value, quoted))
    return pairs


def _quoted(text: str, at: int) -> tuple[str, int]:
    content: list[str] = []
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            at += 1
            char = text[at]
        elif char == '"':
            return "".join(content), at + 1
        content.append(char)
        at += 1
    return "".join(content), at


def _decoded(pairs: list[tuple[str, str, bool]]) -> dict[str, str]:
    found: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, value, _ in pairs:
        section = _SECTION.fullmatch(name) if "*" in name else None
        if section:
            sections.setdefault(section[1], []).append((int(section[2]), bool(section[3]), value))
        elif name.endswith("*"):
            found[name[:-1]] = clean_line(_extended(value))  # wins over the plain spelling beside it
        elif name not in found:
            found[name] = decode_words(value)
    for name, pieces in sections.items():
        found[name] = clean_line(_continued(sorted(pieces)))
    return found


def _extended(value: str) -> str:
    """RFC 2231: charset'language'percent-encoded."""
    label, first, rest = value.partition("'")
    _, second, escaped = rest.partition("'")
    if not first or not second:
        return decode(unquote_to_bytes(value), None)[0]
    return decode(unquote_to_bytes(escaped), label or None)[0]


def _continued(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231 continuations: the charset stands in the first piece; pieces without '*' are literal."""
    label: str | None = None
    raw = b""
    for number, escaped, value in pieces:
        if number == 0 and escaped and value.count("'") >= 2:
            label, _, rest = value.partition("'")
            value = rest.partition("'")[2]
        raw += unquote_to_bytes(value) if escaped else value.encode("utf-8", "replace")
    text = decode(raw, label or None)[0]
    return decode_words(text) if "=?" in text else text


def _without_comments(text: str) -> str:
    return text.partition("(")[0] if "(" in text else text

"""Encoded words (RFC 2047) as real mail writes them: adjacent, cut inside a character, glued to text, badly padded.

Promises: `decode_words` is linear in the length of the header and never raises; a word that cannot be read stays as it
was written. Decoding comes last, after any structure has been taken apart, so that no word can become structure.
"""

from __future__ import annotations

import binascii
import re

from complaintmail.mail.charsets import clean_line, codec_for, decode, decode_undeclared

_HEAD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_Word = tuple[str, str, str]  # charset label, encoding in lower case, encoded text


def decode_header(raw: bytes) -> str:
    """A whole unstructured header value: undeclared 8-bit read, words decoded, clean."""
    return decode_words(decode_undeclared(raw))


def decode_words(text: str) -> str:
    """The text with its encoded words decoded, on one clean line."""
    if "=?" not in text:
        return clean_line(text)
    return clean_line("".join(_pieces(text)))


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    words: list[_Word] = []
    at = 0
    while True:
        head = _HEAD.search(text, at) if at < len(text) else None
        end = text.find("?=", head.end()) if head else -1
        if head and end == head.end() and text.startswith("?==", end) and head[2] in "qQ":
            # '=?utf-8?Q?=C3=A9?=': the text begins with '=', and what looked like the end is none.
            end = text.find("?=", end + 2)
        if head is None or end < 0:
            # No further word can be complete: what is left is text.
            rest = text[at:]
            if words:
                pieces.append(_decode_run(words))
            pieces.append(rest)
            return pieces
        between = text[at : head.start()]
        if words and between.strip(" \t\r\n"):
            pieces.append(_decode_run(words))
            words = []
        if not words:
            pieces.append(between)
        words.append((head[1], head[2].lower(), text[head.end() : end]))
        at = end + 2


def _decode_run(words: list[_Word]) -> str:
    """Adjacent words as one: those of one charset are joined as bytes first, for words cut inside a character."""
    decoded: list[str] = []
    run = b""
    label = words[0][0]
    held = ""  # base64 whose last group goes on in the next word
    for index, (charset, encoding, text) in enumerate(words):
        if charset.lower() != label.lower():
            decoded.append(_decode_bytes(run, label))
            run, label = b"", charset
        if encoding == "q":
            run += _decode_q(text)
            continue
        text = held + text
        held = ""
        follows = index + 1 < len(words) and words[index + 1][1] == "b"
        if follows and "=" not in text and len(text) % 4 and words[index + 1][0].lower() == label.lower():
            held = text
            continue
        run += _decode_b(text)
    decoded.append(_decode_bytes(run, label))
    return "".join(decoded)


def _decode_bytes(raw: bytes, label: str) -> str:
    if codec_for(label) is None and raw.isascii():
        return raw.decode("ascii")
    return decode(raw, label)[0]


def _decode_q(text: str) -> bytes:
    return binascii.a2b_qp(_bytes_of(text), header=True)


def _decode_b(text: str) -> bytes:
    raw = _bytes_of(text).rstrip(b"=")
    try:
        return binascii.a2b_base64(raw + b"===")
    except binascii.Error:
        try:
            return binascii.a2b_base64(raw[:-1])
        except binascii.Error:
            return raw


def _bytes_of(text: str) -> bytes:
    """Raw 8-bit inside a word was read as utf-8 or cp1252 before; give the bytes back as utf-8."""
    return text.encode("utf-8", "replace")

"""The mail inside an opaquely signed one (S/MIME signed-data), so that a signed complaint can be read.

Promises: a few fields of the CMS envelope are stepped over, nothing is verified and nothing decrypted; linear, without
recursion, None for anything that is not such an envelope. The signed original is in the raw mail.
"""

from __future__ import annotations

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_MOST_PIECES = 100_000


def signed_content(envelope: bytes) -> bytes | None:
    """The content that was signed, or None."""
    try:
        return _content(envelope)
    except IndexError:
        return None


def _content(raw: bytes) -> bytes | None:
    at = _enter(raw, 0, 0x30)  # ContentInfo
    at = _oid(raw, at, _SIGNED)
    at = _enter(raw, at, 0xA0)
    at = _enter(raw, at, 0x30)  # SignedData
    at = _skip(raw, at, 0x02)  # its version
    at = _skip(raw, at, 0x31)  # digest algorithms
    at = _enter(raw, at, 0x30)  # what is encapsulated
    at = _oid(raw, at, _DATA)
    at = _enter(raw, at, 0xA0)
    return _octets(raw, at)


def _header(raw: bytes, at: int) -> tuple[int, int, int]:
    """Tag, where the value begins, and its length: -1 when it is told by an end mark only."""
    tag, length = raw[at], raw[at + 1]
    at += 2
    if length == 0x80:
        return tag, at, -1
    if length & 0x80:
        count = length & 0x7F
        if count > 4:
            raise IndexError
        length = int.from_bytes(raw[at : at + count], "big")
        at += count
    if at + length > len(raw):
        raise IndexError
    return tag, at, length


def _enter(raw: bytes, at: int, wanted: int) -> int:
    tag, value, _ = _header(raw, at)
    if tag != wanted:
        raise IndexError
    return value


def _skip(raw: bytes, at: int, wanted: int) -> int:
    tag, value, length = _header(raw, at)
    if tag != wanted or length < 0:
        raise IndexError
    return value + length


def _oid(raw: bytes, at: int, wanted: bytes) -> int:
    tag, value, length = _header(raw, at)
    if tag != 0x06 or raw[value : value + length] != wanted:
        raise IndexError
    return value + length


def _octets(raw: bytes, at: int) -> bytes:
    """An octet string, in one piece or in many."""
    tag, value, length = _header(raw, at)
    if tag == 0x04 and length >= 0:
        return raw[value : value + length]
    if tag != 0x24:
        raise IndexError
    end = len(raw) if length < 0 else value + length
    pieces: list[bytes] = []
    at = value
    while at < end and len(pieces) < _MOST_PIECES and raw[at : at + 2] != b"\0\0":
        tag, value, length = _header(raw, at)
        if tag != 0x04 or length < 0:
            raise IndexError
        pieces.append(raw[value : value + length])
        at = value + length
    return b"".join(pieces)

"""Words beyond ASCII in a header: RFC 2047.

Promises: each encoded word is ≤ 75 characters, the first ≤ `first`, and none is cut inside a character; the shorter of
the two encodings is taken. Knows nothing of which header it writes for.
"""

from __future__ import annotations

from binascii import b2a_base64

_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = tuple("_" if byte == 0x20 else chr(byte) if byte in _Q_SAFE else f"={byte:02X}" for byte in range(256))


def encoded_words(value: str, first: int) -> list[str]:
    """RFC 2047 words of ≤ 75 characters, the first of ≤ `first`; cut between characters, never inside one."""
    if not value:
        return []
    quoted = [[_Q[byte] for byte in character.encode("utf-8")] for character in value]
    pieces = ["".join(parts) for parts in quoted]
    size = len(value.encode("utf-8"))
    if sum(map(len, pieces)) <= (size + 2) // 3 * 4:
        return [f"=?utf-8?q?{''.join(run)}?=" for run in _runs(pieces, [len(piece) for piece in pieces], first)]
    characters = _runs(list(value), [len(parts) for parts in quoted], first, per=3)
    return [
        f"=?utf-8?b?{b2a_base64(''.join(run).encode('utf-8'), newline=False).decode('ascii')}?=" for run in characters
    ]


def _runs(pieces: list[str], sizes: list[int], first: int, per: int = 0) -> list[list[str]]:
    """Pieces in runs that fit a word; `per` 3: sizes are bytes, three of which become four characters."""
    room = min(first, 75) - 12
    limit = room // 4 * 3 if per else room
    runs: list[list[str]] = [[]]
    used = 0
    for piece, size in zip(pieces, sizes, strict=True):
        if used + size > limit and runs[-1]:
            runs.append([])
            used, limit = 0, (63 // 4 * 3 if per else 63)
        runs[-1].append(piece)
        used += size
    return runs

"""Message-IDs as they stand in headers, found tolerantly and in linear time.

Promises: every id given is '<' printable characters without spaces or angle brackets '>', at most 998 bytes long;
anything else ('<', '<a@', '<@>', an encoded word) is none.
"""

from __future__ import annotations

MOST = 200  # of one mail; the first and the latest are kept, as threads are cut in practice


def read_ids(values: list[bytes]) -> tuple[str, ...]:
    """All ids in these header values, in order, each once."""
    found: dict[str, None] = {}
    for value in values:
        for one in _ids(value.decode("utf-8", "replace")):
            found.setdefault(one)
    if len(found) > MOST:
        every = list(found)
        return (*every[: MOST // 10], *every[len(every) - (MOST - MOST // 10) :])
    return tuple(found)


def read_message_id(values: list[bytes]) -> str | None:
    """The id of a mail: the first usable one, also when its brackets are missing."""
    ids = read_ids(values)
    if ids:
        return ids[0]
    for value in values:
        bare = value.decode("utf-8", "replace").strip().strip("<>")
        if "@" in bare[1:-1] and _usable(bare):
            return f"<{bare}>"
    return None


def _ids(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while (begin := text.find("<", at)) >= 0:
        end = text.find(">", begin + 1)
        if end < 0:
            break
        again = text.rfind("<", begin + 1, end)
        if again > 0:
            begin = again
        inner = "".join(text[begin + 1 : end].split()) if end - begin < 2000 else ""
        if _usable(inner):
            found.append(f"<{inner}>")
        at = end + 1
    return found


def _usable(inner: str) -> bool:
    if (
        not 1 < len(inner) <= 996
        or len(inner.encode("utf-8", "replace")) > 996
        or not inner.isprintable()
        or " " in inner
        or "<" in inner
        or ">" in inner
    ):
        return False
    return inner[0] != "@" and inner[-1] != "@" and "=?" not in inner

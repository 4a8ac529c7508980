"""The signature at the foot of a text: what stands below "-- ", a list's footer, a device line.

Owns finding where it begins. Promises to separate only what is surely one: a line of dashes with prose below it, a
postscript, a name alone are the writer's words.
"""

from __future__ import annotations

import re

from complaintmail.mail.languages import DEVICES, SENT_FROM

_REACH = re.compile(r"@|www\.|https?:|\+?\d[\d ()./-]{5,}")


def signature_start(lines: list[str], start: int, stop: int) -> int:
    """Where the signature at the foot of lines[start:stop] begins; `stop` when there is surely none."""
    end = stop
    while end > start and not lines[end - 1].strip():
        end -= 1
    begin = end
    if end > start and is_device_line(lines[end - 1]):
        begin = end - 1
        while begin > start and not lines[begin - 1].strip():
            begin -= 1
    for here in range(begin - 1, max(start - 1, begin - 16), -1):
        line = lines[here].rstrip("\r\t\u00a0")
        if line in ("-- ", "--", "—") or (len(line) > 1 and not line.strip("_")):
            if _is_signature(lines[here], lines[here + 1 : begin]):
                begin = here
            break
    return begin if begin < end else stop


def _is_signature(mark: str, below: list[str]) -> bool:
    """`-- ` says so by itself; a bare `--` needs lines that look like one, as people draw lines in prose too."""
    lines = [line.strip() for line in below if line.strip()]
    if not lines or len(lines) > 12 or any(len(line) > 200 for line in lines):
        return False
    first = lines[0].lower()
    if first.startswith(("ps", "p.s", "p.p.s", "nb:", "edit", "also", "update")):
        return False
    whole = "\n".join(lines)
    if not mark.strip("_\r\t "):
        return "mailing list" in whole.lower() or "unsubscribe" in whole.lower()
    if mark.rstrip("\r\n") == "-- ":
        return True
    sentences = sum(line[-1] in ".!?" and line.count(" ") >= 3 for line in lines)
    return not sentences and (bool(_REACH.search(whole)) or (len(lines) <= 5 and all(len(line) < 60 for line in lines)))


def is_device_line(line: str) -> bool:
    """ "Sent from my iPhone", in many languages: the whole line, short, the device named and nothing told."""
    words = line.strip().strip("*_[]<>- ").lower()
    if not 8 < len(words) < 120:
        return False
    told = words.partition("<")[0].partition("http")[0].rstrip(" .[(")
    if "," in told or "!" in told or "?" in told or ". " in told or told.count(" ") > 8:
        return False
    if told.startswith("sent from my ") and told.count(" ") <= 7 and " is " not in told:
        return True
    return told.startswith(SENT_FROM) and ("<http" in words or any(device in told + " " for device in DEVICES))

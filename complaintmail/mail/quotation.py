"""The lines that stand above a quotation: attributions ("On … wrote:") and blocks of quoted headers.

Owns their recognition, in many languages. Promises to look at a bounded number of short lines and to want evidence:
prose that happens to begin with "From:" or to end with "wrote:" is none. Never fails.
"""

from __future__ import annotations

import re

from complaintmail.mail.languages import FIRST_PERSON, HEADER_ROLES, OPENERS

LONGEST_MARK = 400  # no line that marks a boundary is longer; longer ones are prose and are not looked at
BLOCK = 24  # a block of quoted headers, its wrapped lines included, ends within this many
_TIME = re.compile(r"\d{1,2}\s?[:.h]\s?\d\d(?!\d)|\d\s?[ap]\.?m\b")
_DATE_START = re.compile(r"[\"'*(\[]?\d{1,4}(?:[./-]\d{1,2}[./-]\d{1,4}|\.?\s+[^\W\d_]{2,12}\.?,?\s+\d{2,4}|年)")
_WORD = re.compile(r"[^\W\d_][\w'’.]*|\d+")


def opens(words: str) -> bool:
    first = words.split(None, 1)[0].lstrip("-*\"'_(").rstrip(",") if words.strip("-*_ ") else ""
    if first == "" and words[:1] in "-*_":
        rest = words.lstrip("-*_ ")
        return bool(rest) and (rest.split(None, 1)[0].rstrip(",") in OPENERS or bool(_DATE_START.match(rest)))
    return first in OPENERS or first[:1] in "在于於" or bool(_DATE_START.match(words) or _TIME.match(words))


def is_attribution(words: str, *, quoted: bool) -> bool:
    """Does this read as a mail program's line above a quotation? `words` in lower case, its lines joined.

    With a marked quotation below it a digit or an address is evidence enough. Without one, a person may be telling
    what somebody wrote: an address or a time of day must be there, few words, and nobody speaking for himself.
    """
    if len(words) > LONGEST_MARK:
        return False
    address = "@" in words
    if not address and not any(char.isdigit() for char in words):
        return False
    said = _WORD.findall(words.partition("<")[0] if address else words)
    if len(said) > (24 if quoted else 18):
        return False
    if quoted:
        return True
    if FIRST_PERSON.intersection(said) or ("you" in said and not address):
        return False
    return address or bool(_TIME.search(words))


def header_block(lines: list[str], at: int) -> tuple[int, int]:
    """How many lines of quoted headers begin here (0: none), and above which line none can begin any more.

    Three of them at least, From and To among them, with an address or a date. A label that no mail has ("Phone:",
    "Message:") makes it a form that somebody filled in, and a form is content.
    """
    roles: set[str] = set()
    evidence = False
    last, here = at, at
    for here in range(at, min(len(lines), at + BLOCK)):
        line = lines[here].strip()
        if not line:
            if len(roles) < 4 and here + 1 < len(lines) and header_role(lines[here + 1]) not in ("", "?"):
                continue  # some programs leave an empty line between headers
            break
        role = header_role(line)
        if here == at and role in ("", "?"):
            return 0, at
        if role == "?" and here <= last + 1:
            return 0, here
        if role in roles and role in ("from", "date", "subject"):
            break
        if role and role != "?":
            roles.add(role)
            last = here
        elif here > last + 2 or len(line) > 200:
            break
        evidence = evidence or "@" in line or any(char.isdigit() for char in line)
    if len(roles - {"other"}) >= 3 and {"from", "to"} <= roles and evidence:
        return last - at + 1, here
    return 0, here


def header_role(line: str) -> str:
    """The header this line is: its role, '?' for a label no mail has, '' for a line without one."""
    name, colon, _ = (line[:60] if line.isascii() else line[:60].replace("：", ":")).partition(":")
    name = name.strip(" *\t\u00a0\u200b").lower()
    if not colon or not name or len(name) > 24:
        return ""
    role = HEADER_ROLES.get(name)
    if role:
        return role
    known = name.count(" ") <= 1 and name.replace(" ", "").replace("-", "").isalpha() and name not in ("http", "https")
    return "?" if known and name != "mailto" else ""

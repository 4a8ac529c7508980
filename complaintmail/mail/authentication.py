"""What our own mail server said about who sent a mail (RFC 8601), and nobody else's word for it.

Only results of the configured authserv-id count, and only where that server writes them: above the Received line by
which the mail came into its house. Whatever lies below that line was in the mail when it arrived and may be forged
(TRUST rules 46–47, threat D7). When it cannot be told, the answer is that nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from complaintmail.mail.message import Message


class Standing(StrEnum):
    UNKNOWN = "unknown"  # nothing configured, or nothing said
    PASSED = "passed"  # dmarc=pass, aligned with the From domain
    FAILED = "failed"  # dmarc=fail


# Two big providers write otherwise than the rest, and take out what others wrote in their name.
_BELOW = frozenset({"mx.google.com"})  # under the line by which the mail came in
_NAMELESS = ("outlook.com", "office365.com", "exchangelabs.com")  # without an authserv-id

_FROM = re.compile(r"\s*from\s+(\S+)(?:\s+\(((?:[^()]|\([^()]*\))*)\))?", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([A-Za-z0-9.-]+)", re.IGNORECASE)
_WITHIN = re.compile(r"\bwith\s+(?:LMTP|local)", re.IGNORECASE)  # the last step of a delivery
_SEEN = re.compile(r"([A-Za-z0-9.-]+)\s+\[")  # a name that the server looked up by itself, not the greeting
_THIS_MACHINE = re.compile(r"\[?(?:127\.\d+\.\d+\.\d+|(?:IPv6:)?::1)\]?(?:\s|$)")
_RESULT = re.compile(r"\s*([A-Za-z0-9-]+)\s*(?:/\s*([0-9]+)\s*)?=\s*([A-Za-z]+)(.*)", re.DOTALL)
_ABOUT = re.compile(r"\bheader\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_TOKEN = re.compile(r"\\.|[();\"]|[^\\();\"]+|\\", re.DOTALL)
_HARMLESS = re.compile(r'[=;"\\]')
_LONGEST = 4000


def standing(message: Message, authserv_id: str | None) -> Standing:
    """Did our own server find the sender authentic?"""
    if not authserv_id or message.writer is None:
        return Standing.UNKNOWN
    trusted, domain = authserv_id.lower(), message.writer.domain
    verdicts = [_dmarc(results, domain) for results in _ours(message, trusted)]
    return next((one for one in (Standing.FAILED, Standing.PASSED) if one in verdicts), Standing.UNKNOWN)


def came_in_at(message: Message, authserv_id: str | None) -> int | None:
    """Where among the headers the line stands by which the mail came into our house; None where there is none. With
    no name configured, the house is that of the server that wrote the topmost line."""
    trusted = (authserv_id or "").lower()
    for at, (name, value) in enumerate(message.headers):
        if name == "received":
            trusted = trusted or _by(value)
            if not trusted or not _passed_on(value, trusted):
                return at
    return None


def _ours(message: Message, trusted: str) -> Iterator[list[str]]:
    """The results that our server wrote, a list for each of its headers."""
    nameless = _under(trusted, _NAMELESS)
    waiting: list[str] | None = None  # results without a name: ours if the next Received line is
    found = below = False
    for name, value in message.headers:
        if name == "received":
            if waiting and _house(_by(value), trusted):
                yield waiting
            if found or waiting or below:
                return
            if not _passed_on(value, trusted):
                below = trusted in _BELOW and _by(value) == trusted
                if not below:
                    return
        elif name == "authentication-results":
            said, *results = _split(value[:_LONGEST])
            if _says(said, trusted):
                found = True
                yield results
            elif nameless and "=" in said and waiting is None:
                waiting = [said, *results]
            if found and below:
                return


def _says(said: str, trusted: str) -> bool:
    """Is this the name that we trust, in the version that we know?"""
    words = said.split()
    return bool(words) and words[0].lower() == trusted and words[1:] in ([], ["1"])


def _passed_on(received: str, trusted: str) -> bool:
    """Did this line's server get the mail from another of its own house? A greeting (HELO) proves nothing."""
    began = _FROM.match(received)
    if began is None or _WITHIN.search(received, began.end()):
        return True
    seen = began.group(2) or ""
    if _THIS_MACHINE.search(seen):
        return True
    if _under(trusted, _NAMELESS):
        return _house(began.group(1).lower(), trusted)  # they write results over each line by which a mail comes in
    looked_up = _SEEN.match(seen)
    return looked_up is not None and _house(looked_up.group(1).lower(), trusted)


def _by(received: str) -> str:
    began = _FROM.match(received)
    found = _BY.search(received, began.end() if began else 0)
    return found.group(1).lower() if found else ""


def _house(host: str, trusted: str) -> bool:
    """Is this a server of the same house? Sharing `.co.uk` or `.com` makes no house."""
    host = host.rstrip(".")
    if _under(trusted, _NAMELESS):
        return _under(host, _NAMELESS)
    if _under(host, (trusted,)):
        return True
    parent = trusted.partition(".")[2]
    labels = parent.split(".")
    return (len(labels) > 2 or (len(labels) == 2 and len(labels[0]) > 3)) and host.endswith(f".{parent}")


def _under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _split(value: str) -> list[str]:
    """The parts between semicolons, without comments; what stands in quotes divides nothing and says nothing."""
    parts = [""]
    depth, quoted = 0, False
    for token in _TOKEN.findall(value):
        if quoted:
            quoted = token != '"'
            parts[-1] += _HARMLESS.sub(" ", token)
        elif token == "(":
            depth += 1
            parts[-1] += " "
        elif depth:
            depth -= token == ")"
        elif token == ";":
            parts.append("")
        else:
            quoted = token == '"'
            parts[-1] += token.strip('"')
    return parts


def _dmarc(results: list[str], domain: str) -> Standing:
    verdicts = set()
    for result in results:
        found = _RESULT.fullmatch(result)
        if found is None or found.group(1).lower() != "dmarc" or found.group(2) not in (None, "1"):
            continue
        about = _ABOUT.search(found.group(4))
        if about is None or about.group(1).lower().rpartition("@")[2] == domain:
            verdicts.add(found.group(3).lower())
    if "fail" in verdicts:
        return Standing.FAILED
    return Standing.PASSED if verdicts == {"pass"} else Standing.UNKNOWN

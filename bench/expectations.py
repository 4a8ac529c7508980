"""What the makers of the corpora expect of a mail, as checks that any reader's view can be put to.

White space is never what is compared, nor the case of addresses; names of files are compared as they may be shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.losses import SET_ASIDE
from bench.readers import Seen
from complaintmail.mail.attachments import display_name
from complaintmail.mail.charsets import clean_line

ASPECTS = (
    "subject",
    "sender",
    "sender name",
    "date",
    "text",
    "attachments",
    "names",
    "contents",
    "message-id",
    "parts",
)


@dataclass(frozen=True, slots=True)
class Check:
    aspect: str
    expected: str
    holds: Callable[[Seen], bool]


@dataclass(frozen=True, slots=True)
class Mail:
    corpus: str
    path: Path
    checks: tuple[Check, ...]

    @property
    def name(self) -> str:
        return f"{self.corpus}/{self.path.name}"


def mails(corpora: Path) -> Iterator[Mail]:
    """Every mail of every corpus, with what is expected of it."""
    for manifest in sorted(corpora.glob("*/manifest.jsonl")):
        for line in manifest.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            path = manifest.parent / row["path"]
            if row["kind"] not in ("eml", "mbox") or not path.is_file():
                continue
            checks = _checks(manifest.parent.name, row) if row["kind"] == "eml" else ()
            name = f"{manifest.parent.name}/{path.name}"
            yield Mail(manifest.parent.name, path, tuple(one for one in checks if (name, one.aspect) not in SET_ASIDE))


def _checks(corpus: str, row: dict[str, Any]) -> list[Check]:
    expected = dict(row["expected"])
    for disputed in row.get("disputed_fields") or ():
        expected.pop(disputed, None)
        if disputed == "from_email":
            expected.pop("from_display_name", None)
    if row.get("disputed") and not row.get("disputed_fields"):
        expected.pop("subject", None)
        expected.pop("body", None)
        expected.pop("text", None)
    found = list(_heads(expected))
    if corpus == "imap_tools":
        found += _imap_tools(expected)
    elif corpus == "zammad":
        found += _zammad(expected)
    elif corpus == "redmine":
        found += _redmine(expected)
    elif corpus == "mime4j":
        found += _mime4j(expected)
    return found


def _heads(expected: dict[str, Any]) -> Iterator[Check]:
    if "subject" in expected:
        yield _same("subject", expected["subject"] or "", lambda seen: seen.subject)
    if expected.get("message_id") and "gen-" not in str(expected["message_id"]):
        yield _same("message-id", expected["message_id"].strip("<>"), lambda seen: seen.message_id)
    if "date" in expected:
        yield _date(expected["date"])


def _same(aspect: str, wanted: str, of: Callable[[Seen], str]) -> Check:
    return Check(aspect, wanted, lambda seen: _bare(of(seen)) == _bare(wanted))


def _bare(text: str) -> str:
    return "".join(clean_line(text.replace("\ufeff", "")).split())


def _date(wanted: str | None) -> Check:
    moment = datetime.fromisoformat(wanted) if wanted else None
    if moment is None or moment.year == 1900:
        return Check("date", "none", lambda seen: seen.date is None)
    if moment.tzinfo is None:
        return Check(
            "date", str(wanted), lambda seen: seen.date is not None and seen.date.replace(tzinfo=None) == moment
        )
    return Check("date", str(wanted), lambda seen: seen.date is not None and seen.date.tzinfo is not None
                 and seen.date == moment)  # fmt: skip


def _sender(address: str) -> Check:
    return Check(
        "sender",
        address,
        lambda seen: address.lower() in [a.lower() for _, a in seen.senders if a] if address else
        not any("@" in a for _, a in seen.senders),
    )  # fmt: skip


def _contents(wanted: list[dict[str, Any]]) -> Iterator[Check]:
    named = [one for one in wanted if one.get("filename")]
    if named:
        names = sorted(_bare(display_name(one["filename"])) for one in named)
        yield Check("names", ", ".join(names), lambda seen: _all_in(names, [_bare(display_name(a.name)) for a in
                    seen.attachments]))  # fmt: skip
    digests = sorted(one["sha256"] for one in wanted if one.get("sha256") and one.get("filename"))
    if digests:
        yield Check("contents", f"{len(digests)} files", lambda seen: _all_in(digests, [a.sha256 for a in
                    seen.attachments]))  # fmt: skip
    sizes = sorted(str(one["size"]) for one in named if not one.get("sha256"))
    if sizes:
        yield Check("contents", ", ".join(sizes), lambda seen: _all_in(sizes, [str(a.size) for a in seen.attachments]))


def _all_in(wanted: list[str], found: list[str]) -> bool:
    left = list(found)
    for one in wanted:
        if one not in left:
            return False
        left.remove(one)
    return True


def _imap_tools(expected: dict[str, Any]) -> Iterator[Check]:
    if "from" in expected and expected["from"] is not None:
        yield _sender(expected["from"])
        values = expected.get("from_values")
        if values and values[0]:
            yield Check("sender name", values[0], lambda seen: any(_bare(n) == _bare(values[0]) for n, _ in
                        seen.senders))  # fmt: skip
    if expected.get("text"):
        yield _same("text", expected["text"], lambda seen: seen.text)
    yield from _contents(expected.get("attachments") or [])


def _zammad(expected: dict[str, Any]) -> Iterator[Check]:
    if "from_email" in expected:
        yield _sender(expected["from_email"])
    name = expected.get("from_display_name")
    if name:
        yield Check("sender name", name, lambda seen: any(_bare(n) == _bare(name) for n, _ in seen.senders))
    if expected.get("content_type") == "text/plain" and "body" in expected:
        yield _same("text", expected["body"], lambda seen: seen.text)
    elif "body_zammad" in expected:
        yield _same("text", expected["body_zammad"], lambda seen: seen.text)
    if expected.get("body_is_empty"):
        yield Check("text", "empty", lambda seen: not _bare(seen.text))
    yield from _contents([one for one in expected.get("attachments") or [] if not one["is_html_alternative"]])


def _redmine(expected: dict[str, Any]) -> Iterator[Check]:
    if "body" in expected:
        body = expected["body"].replace("\\r", "").replace("\\n", "\n")
        yield _same("text", body, lambda seen: seen.text)
    for piece in expected.get("body_contains") or ():
        yield Check("text", piece, lambda seen, piece=piece: _bare(piece) in _bare(seen.text))  # type: ignore[misc]
    if "n_attachments" in expected:
        count = expected["n_attachments"]
        yield Check("attachments", str(count), lambda seen: len([a for a in seen.attachments if a.size]) == count)
    if "attachment_filename" in expected:
        yield from _contents([{"filename": expected["attachment_filename"], "size": expected["attachment_filesize"]}])
    if "attachment_sha256" in expected:
        digest = expected["attachment_sha256"]
        yield Check("contents", digest, lambda seen: digest in [a.sha256 for a in seen.attachments])


def _mime4j(expected: dict[str, Any]) -> Iterator[Check]:
    texts = [one for one in expected["decoded_parts"] if one["kind"] == "text" and one.get("md5_ws_collapsed")]
    others = [one["sha256"] for one in expected["decoded_parts"] if one not in texts]
    bare = sorted(one["md5_ws_collapsed"] for one in texts)
    yield Check(
        "parts",
        f"{len(bare)} texts, {len(others)} others",
        lambda seen: (
            _all_in(bare, [_collapsed(leaf) for leaf in seen.leaves])
            and _all_in(sorted(others), [hashlib.sha256(leaf).hexdigest() for leaf in seen.leaves])
        ),
    )


def _collapsed(leaf: bytes) -> str:
    return hashlib.md5(b"".join(leaf.split()), usedforsecurity=False).hexdigest()

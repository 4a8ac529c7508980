"""New text: `mail.reply` beside email-reply-parser and mail-parser-reply, on the expected values of their own tests.

Owns one section of the report over the corpora. The two peers are for this figure only and no dependency: where they
are not installed, put them into a folder and name it in COMPLAINTMAIL_BENCH_LIBS:

    pip install --target /tmp/benchlibs email-reply-parser mail-parser-reply

Without them their columns say "not installed". Run alone: python bench/corpora_replies.py CORPORA
"""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from complaintmail.mail.quotation import header_role
from complaintmail.mail.reply import split

SOURCES = ("alfonsrv_mpr", "crisp_erp", "github_erp", "quotequail", "talon", "willdurand_erp", "zapier_erp")
ALL_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
OURS = "complaintmail"

# Where an expected value and our rule "what a writer may have added is kept" disagree: the value asks for a cut that
# would cost a complainant words in another mail of the same form. Keyed by words that the reason applies to.
ARGUED = {
    "forward": "a forward is content: the expected value cuts what was passed on",
    "unmarked": "nothing in the text marks it as quotation, so it is kept",
    "greeting": "a greeting or name is not cut as signature without a signature mark",
    "rule": "a rule above quoted headers belongs to them; the expected value keeps it",
    "wrapped": "a line without a mark between quoted ones may be an answer",
    "after": "what stands below a device line may be the writer's",
    "headers": "headers that have no forward mark above them are read as a reply's",
}

Reader = Callable[[str, list[str]], str]


@dataclass
class Sample:
    name: str
    text: str
    expected: dict[str, object]
    lost: dict[str, str] = field(default_factory=dict)  # reader -> what was wrong


def readers() -> dict[str, Reader | None]:
    """Ours and the peers; None for one that is not installed."""
    folder = os.environ.get("COMPLAINTMAIL_BENCH_LIBS")
    if folder and folder not in sys.path:
        sys.path.append(folder)
    found: dict[str, Reader | None] = {OURS: lambda text, languages: split(text).new}
    try:
        erp = importlib.import_module("email_reply_parser").EmailReplyParser
        found["email-reply-parser"] = lambda text, languages: str(erp.parse_reply(text))
    except ImportError:
        found["email-reply-parser"] = None
    try:
        mpr = importlib.import_module("mailparser_reply").EmailReplyParser
        found["mail-parser-reply"] = lambda text, languages: str(mpr(languages=list(languages)).parse_reply(text) or "")
    except ImportError:
        found["mail-parser-reply"] = None
    return found


def samples(corpora: pathlib.Path) -> Iterator[Sample]:
    """Every plain-text body with something expected of its new text."""
    for source in SOURCES:
        manifest = corpora / source / "manifest.jsonl"
        if not manifest.exists():
            continue
        for line in manifest.read_text("utf-8").splitlines():
            row = json.loads(line)
            expected = {k: v for k, v in row.get("expected", {}).items() if k.startswith(("reply", "unwrap"))}
            if row["kind"] == "body" and (expected := usable(expected)):
                raw = (corpora / source / row["path"]).read_bytes()
                expected["languages"] = row["expected"].get("languages", ALL_LANGUAGES)
                yield Sample(f"{source}/{pathlib.Path(row['path']).name}", decoded(raw), expected)


def usable(expected: dict[str, object]) -> dict[str, object]:
    """What can be asked of a new text; quotequail's unwrapping says it for replies as the text on top."""
    unwrap = expected.pop("unwrap", None)
    if isinstance(unwrap, dict) and unwrap.get("type") == "reply" and "text_top" in unwrap:
        expected["reply"] = unwrap["text_top"]
    if isinstance(unwrap, dict) and unwrap.get("type") == "forward" and "text" in unwrap:
        expected["reply_contains"] = [unwrap["text"]]
    if not expected.get("reply_not_contains"):
        expected.pop("reply_not_contains", None)
    return expected


def decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def squeezed(text: object) -> str:
    return " ".join(str(text).split())


def wrong(sample: Sample, reply: str) -> str:
    """What is not as expected: '' when all is."""
    expected, got = sample.expected, squeezed(reply)
    if "reply" in expected and got != squeezed(expected["reply"]):
        wanted = squeezed(expected["reply"])
        return f"kept more: {got[len(wanted) :]!r:.90}" if got.startswith(wanted) else f"other text: {got[:70]!r}"
    if expected.get("reply_is_whole_body") and got != squeezed(sample.text):
        return "cut something of a text that is new as a whole"
    for part in expected.get("reply_contains", ()):  # type: ignore[attr-defined]
        if squeezed(part) not in squeezed(re.sub(r"(?m)^>+ ?", "", reply)) and squeezed(part) not in got:
            return f"lost: {squeezed(part)[:70]!r}"
    for part in expected.get("reply_not_contains", ()):  # type: ignore[attr-defined]
        if squeezed(part) in got:
            return f"kept: {squeezed(part)[:70]!r}"
    patterns = expected.get("reply_matches", ())
    for pattern in [patterns] if isinstance(patterns, str) else patterns:  # type: ignore[attr-defined]
        if not re.search(pattern, reply):
            return f"does not match {pattern[:60]!r}"
    return ""


def argued(sample: Sample) -> str:
    """Why a miss of ours is meant, or ''."""
    if not sample.lost.get(OURS):
        return ""
    result = split(sample.text)
    what = sample.lost[OURS]
    if result.forwarded:
        return ARGUED["forward"]
    if squeezed(str(sample.expected.get("reply", "")).rstrip("-_ \n")) == squeezed(result.new):
        return ARGUED["rule"]
    if what.startswith("lost"):
        return ARGUED["headers"] if header_role(result.quoted.split("\n")[0]) or "Original" in result.quoted else ""
    if what.startswith("kept more"):
        kept = squeezed(result.new)[len(squeezed(sample.expected["reply"])) :].strip()
        if kept.lower().startswith("sent from"):
            return ARGUED["after"] if len(kept) > 80 else ""
        if result.quoted:
            return ARGUED["wrapped"]
        return ARGUED["unmarked"] if len(kept) > 25 or "\n" in kept else ARGUED["greeting"]
    return ARGUED["greeting"] if what.startswith("kept") else ""


def measure(corpora: pathlib.Path) -> tuple[list[Sample], dict[str, Reader | None]]:
    known = readers()
    found = list(samples(corpora))
    for sample in found:
        languages = [str(name) for name in sample.expected["languages"]]  # type: ignore[attr-defined]
        for name, reader in known.items():
            if reader is not None:
                try:
                    sample.lost[name] = wrong(sample, reader(sample.text, languages))
                except Exception as problem:
                    sample.lost[name] = f"raised {type(problem).__name__}"
    return found, known


def section(corpora: pathlib.Path) -> str:
    """The figures and every mail lost to a peer, as Markdown."""
    found, known = measure(corpora)
    names = list(known)
    lines = ["## New text", "", f"{len(found)} texts with an expected new text.", ""]
    lines += ["| source | texts | " + " | ".join(names) + " |", "|---|---|" + "---|" * len(names)]
    for source in (*SOURCES, ""):
        rows = [sample for sample in found if sample.name.startswith(source)]
        right = [
            "not installed" if known[name] is None else str(sum(not sample.lost[name] for sample in rows))
            for name in names
        ]
        lines.append(f"| {source or '**all**'} | {len(rows)} | " + " | ".join(right) + " |")
    lines += ["", "Not as expected from ours:", ""]
    for sample in found:
        if what := sample.lost[OURS]:
            better = [name for name in names[1:] if sample.lost.get(name) == ""]
            lines.append(
                f"- `{sample.name}`: {what}"
                + (f" (right: {', '.join(better)})" if better else "")
                + (f"; meant: {argued(sample)}" if argued(sample) else "")
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(section(pathlib.Path(sys.argv[1])))

"""Bounces and automatic replies: `mail.read` with `mail.automatic` beside flufl.bounce, on mails with expected values.

Owns one section of the report over the corpora. An expected status beginning 5.0.9 is its source's own code and not
asked for. flufl.bounce is a dependency of ours and always there; it tells recipients only, and of what it tells only
what can be an address counts. Run alone: python bench/corpora_bounces.py CORPORA
"""

from __future__ import annotations

import email
import json
import logging
import pathlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flufl.bounce import all_failures

from complaintmail.mail.message import Automatic, Message
from complaintmail.mail.read import read

SOURCES = (
    "flufl_bounce",
    "sisimai",
    "spamassassin_rules",
    "spamassassin_public",
    "peer_auto_tables",
    "zammad",
    "rt",
    "redmine",
)
OURS, FLUFL = "complaintmail", "flufl.bounce"

# Misses that are meant, by the mail's name: why our verdict stands against the expected one.
ARGUED = {
    "lhost-sendmail-14": "a person forwarded a bounce: a person's mail",
    "lhost-fml-02": "a list program's refusal, not a letter returned; never answered",
    "lhost-fml-03": "a list program's alarm, not a letter returned; never answered",
    "rfc3464-28": "a report of success: read as a report, with the action 'delivered', which fails nothing",
    "rb-issue-368": "its text says that a letter was rejected, and for whom",
    "fp-bug5900-1": "a bounce of a letter that is not ours is a bounce all the same",
    "kerbango": "a virus scanner's notice from a noreply address; never answered",
    "auto_5": "auto-forwarded: a person's mail, but answered by a person only",
    "lhost-postfix-64": "the report says that it is unavailable, and names nobody",
    "simple_42": "the report itself gives a shortened address, which is told as it stands",
}


@dataclass
class Tally:
    """How many were asked, who had them right, and what ours said where it had not."""

    asked: int = 0
    right: dict[str, int] = field(default_factory=lambda: {OURS: 0, FLUFL: 0})
    missed: list[str] = field(default_factory=list)
    compared: bool = False


class Report:
    """The tallies, by question and source."""

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, str], Tally] = {}

    def count(self, question: str, source: str, name: str, ours: bool, said: object, flufl: bool | None = None) -> None:
        tally = self.tallies.setdefault((question, source), Tally())
        tally.asked += 1
        tally.right[OURS] += ours
        if flufl is not None:
            tally.compared = True
            tally.right[FLUFL] += flufl
        if not ours:
            better = " (right: flufl.bounce)" if flufl else ""
            why = next((reason for key, reason in ARGUED.items() if key in name), "")
            if question == "status" and not why:
                why = "the Status field says otherwise; the expected value follows other words"
            tally.missed.append(f"- {question}, `{source}/{name}`: {said}{better}" + (f"; meant: {why}" if why else ""))


def mails(corpora: pathlib.Path) -> Iterator[tuple[str, str, bytes, dict[str, object]]]:
    for source in SOURCES:
        manifest = corpora / source / "manifest.jsonl"
        if not manifest.exists():
            continue
        for line in manifest.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == "eml" and row.get("expected"):
                path = corpora / source / row["path"]
                yield source, path.name, path.read_bytes(), row["expected"]


def by_flufl(raw: bytes) -> tuple[set[str], set[str]]:
    """Permanent and temporary recipients as flufl.bounce tells them; what is no address is left out."""
    try:
        temporary, permanent = all_failures(email.message_from_bytes(raw))
    except Exception:
        return set(), set()
    return _addresses(permanent), _addresses(temporary)


def _addresses(found: object) -> set[str]:
    texts = (text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text) for text in found)  # type: ignore[attr-defined]
    return {text.lower() for text in texts if re.fullmatch(r"[^\s@{\[(<]+@[\w.-]+", text)}


def _strings(value: object) -> set[str]:
    return {str(item).lower() for item in value} if isinstance(value, list) else set()


def ask(report: Report, source: str, name: str, raw: bytes, expected: dict[str, object]) -> None:
    message = read(raw)
    kind = message.origin.automatic
    failed = {str(b.recipient).lower() for b in message.origin.bounces if b.recipient and b.action == "failed"}
    late = {str(b.recipient).lower() for b in message.origin.bounces if b.recipient and b.action == "delayed"}
    told = {str(b.recipient).lower() for b in message.origin.bounces if b.recipient}
    permanent, temporary = (
        by_flufl(raw) if {"is_bounce", "permanent", "n_recipients"} & set(expected) else (set(), set())
    )
    flufl = permanent | temporary
    tell: Callable[..., None] = lambda question, *more: report.count(question, source, name, *more)  # noqa: E731
    if "is_bounce" in expected:
        wanted = bool(expected["is_bounce"])
        tell("is it a bounce", (kind is Automatic.BOUNCE) == wanted, kind.value, bool(flufl) == wanted)
    if "permanent" in expected:
        both = (_strings(expected["permanent"]), _strings(expected["temporary"]))
        tell("recipients", (failed, late) == both, sorted(failed | late), (permanent, temporary) == both)
    elif "dsn_recipients" in expected:
        named = _strings(expected["dsn_recipients"])  # the original and the final address of each: either will do
        tell("recipients", bool(told) and told <= named, sorted(told), bool(flufl) and flufl <= named)
    elif "n_recipients" in expected and expected.get("is_bounce"):
        count = expected["n_recipients"]
        tell("recipients", len(told) == count, sorted(told), len(flufl) == count)
    if statuses := {s for s in _strings(expected.get("statuses")) if not s.startswith(("5.0.9", "4.0.9"))}:
        got = {b.status for b in message.origin.bounces}
        tell("status", statuses <= got, [*sorted(map(str, got)), "expected", *sorted(statuses)])
    if expected.get("auto_reply") or expected.get("out_of_office"):
        tell("is it an automatic reply", kind is Automatic.AUTO_REPLY, kind.value)
    if "auto_response" in expected:
        tell("may it be answered by itself", answerable(message) == expected["auto_response"], kind.value)
    if expected.get("class") == "human" or expected.get("out_of_office") is False:
        tell("is it a person's", kind is not Automatic.AUTO_REPLY, kind.value)


def answerable(message: Message) -> bool:
    return message.origin.automatic is Automatic.NO and message.origin.hold_answer is None


def section(corpora: pathlib.Path) -> str:
    """The figures and every mail not read as expected, as Markdown."""
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    report = Report()
    for source, name, raw, expected in mails(corpora):
        ask(report, source, name, raw, expected)
    lines = [
        "## Bounces and automatic replies",
        "",
        f"| question | source | mails | {OURS} | {FLUFL} |",
        "|---|---|---|---|---|",
    ]
    for (question, source), tally in sorted(report.tallies.items()):
        other = str(tally.right[FLUFL]) if tally.compared else ""
        lines.append(f"| {question} | {source} | {tally.asked} | {tally.right[OURS]} | {other} |")
    lines += ["", "Not as expected from ours:", ""]
    lines += [line for _, tally in sorted(report.tallies.items()) for line in tally.missed]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(section(pathlib.Path(sys.argv[1])))

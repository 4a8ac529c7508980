"""One case as a page that a person reads: what it is, what is owed, who wrote what, what happened.

Everything from outside is made printable, line by line: no mail can steer a terminal or pass for another line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import IO, Any

from complaintmail.cli.reading import name_of, short
from complaintmail.terminal import printable

FACTS = (
    *("policy", "kind", "status", "channel", "mailbox", "area", "severity"),
    *("outcome", "cause"),
)
TIMES = (
    ("received_at", "received"),
    ("acknowledge_by", "acknowledge by"),
    ("acknowledged_at", "acknowledged"),
    ("respond_by", "respond by"),
    ("responded_at", "responded"),
    ("first_human_at", "first word from a person"),
    ("closed_at", "closed"),
)
MARKS = {"missed": "MISSED", "late": "late", "open": "open", "met": "met", "void": "void"}


def write_page(page: Mapping[str, Any], out: IO[str]) -> None:
    for line in page_lines(page):
        out.write(line.rstrip() + "\n")


def page_lines(page: Mapping[str, Any]) -> Iterator[str]:
    overdue = "   OVERDUE" if page["overdue"] else ""
    yield f"{page['reference']}  {printable(page['subject'])}{overdue}"
    yield ""
    who = page["complainant"]
    yield _fact("complainant", " ".join(filter(None, (who["name"], f"<{who['email']}>" if who["email"] else ""))))
    yield _fact("owner", name_of(page["owner"]))
    yield _fact("handler", name_of(page["handler"]))
    for name in FACTS:
        yield _fact(name, page[name])
    for name, words in TIMES:
        yield _fact(words, short(page[name]))
    yield from _points(page["points"])
    yield from _duties(page["obligations"])
    yield from _actions(page["actions"])
    for mail in page["messages"]:
        yield from _mail(mail)
    yield from _events(page["events"])


def _fact(name: str, value: object) -> str:
    return f"  {name:<25}{'—' if value in (None, '') else printable(str(value))}"


def _points(points: list[Mapping[str, Any]]) -> Iterator[str]:
    if points:
        yield from ("", "POINT BY POINT")
    for point in points:
        yield f"  {point['n']}. {point['finding'] or 'open':<16}{printable(point['text'])}"


def _duties(duties: list[Mapping[str, Any]]) -> Iterator[str]:
    if duties:
        yield from ("", "OWED")
    for duty in duties:
        by = short(duty["due_at"]) or "no date yet"
        yield f"  {MARKS.get(duty['state'], duty['state']):<8}{by:<18}{duty['kind']}  {printable(duty['clause'])}"
        met = f"met {short(duty['met_at'])}: {duty['evidence'] or ''}" if duty["met_at"] else ""
        for words in filter(None, (duty["why"], met)):
            yield from textwrap.wrap(
                printable(words), 100, initial_indent=" " * 10, subsequent_indent=" " * 10, break_long_words=False
            )


def _actions(actions: list[Mapping[str, Any]]) -> Iterator[str]:
    if actions:
        yield from ("", "TO BE DONE")
    for action in actions:
        done = f"done {short(action['done_at'])}" if action["done_at"] else "open"
        by = action["by"] or "no date yet"
        who = f" ({printable(action['who'])})" if action["who"] else ""
        words = f"{action['n']}. {printable(action['text'])}{who}"
        yield f"  {done:<23}{by:<13}{words}"


def _mail(mail: Mapping[str, Any]) -> Iterator[str]:
    way = "WROTE" if mail["direction"] == "in" else "WAS SENT"
    whom = mail["from"] if mail["direction"] == "in" else ", ".join(mail["to"])
    yield ""
    yield f"{short(mail['at'])}  {printable(whom or 'somebody')} {way}  ({mail['kind']})"
    yield f"  Subject: {printable(mail['subject'])}"
    for attachment in mail["attachments"]:
        what = f"{attachment['name']} ({attachment['type']}, {attachment['size']} bytes)"
        yield f"  Attached: {printable(what)}"
    for reason in mail.get("reasons") or ():
        yield f"  Because: {printable(reason)}"
    for one in mail.get("suggestions") or ():
        command = f"  {one['command']}" if one["command"] else ""
        yield f"  Suggested: {printable(one['says'])}{printable(command)}"
    for line in mail["new_text"].split("\n"):
        yield f"  | {printable(line)}"


def _events(events: list[Mapping[str, Any]]) -> Iterator[str]:
    if events:
        yield from ("", "WHAT HAPPENED")
    for event in events:
        detail = ", ".join(
            f"{name} {_said(value)}" for name, value in event["detail"].items() if value not in (None, [], {}, "")
        )
        yield f"  {short(event['at'])}  {printable(event['what']).replace('_', ' ')}  by {printable(event['by'])}"
        yield from textwrap.wrap(printable(detail), 100, initial_indent=" " * 20, subsequent_indent=" " * 20)


def _said(value: object) -> str:
    """A value as words, and never as the program writes it."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_said(each)}" for name, each in value.items()) + ")"
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)

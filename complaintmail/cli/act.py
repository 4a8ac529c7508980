"""`act`: the staff commands from the shell, as the administrator or as one person, while the daemon runs.

Nothing is sent from here: letters wait in the outbox, and the daemon takes them up at its next look. All of the
commands are done or none. Exit code 0 when all was done, 1 when something was not, 2 for a case or person there is not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli import desk, reading
from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.tables import format_option, show_one
from complaintmail.terminal import printable

if TYPE_CHECKING:
    from complaintmail.cases.people import Person
    from complaintmail.passes.at_the_shell import Came
    from complaintmail.store.lines import Told
    from complaintmail.store.reading import Reader

_SHA = re.compile(r"[0-9a-fA-F]{8,64}")
Found = tuple[int, str, str, frozenset[str]]  # id, reference, mailbox, who may have nothing of it


@click.command(short_help="The staff commands from the shell: act REF '#assign me'.")
@click.argument("reference", metavar="REF")
@click.argument("text", metavar="'#COMMAND …'")
@desk.as_option
@click.option("--yes", "at_once", is_flag=True, help="Do at once what would be shown back and wait for #yes.")
@format_option()
@pass_context
def act(context: Context, reference: str, text: str, who: str | None, at_once: bool, format: str) -> None:
    """Do what a mail of staff with these words would do to the case REF. Text that a command needs stands on the lines
    below it; - reads all of it from the standard input.

    In place of a case, REF may be the first letters of the sha256 of a mail that is on none (`messages` shows it):
    '#kind complaint' makes it a case, from the day it came."""
    person = desk.person_of(context, who)
    if (mail := _a_mail(context, reference)) is not None:
        _say_what_it_is(context, desk.given(text), person, mail, format)
        return
    case_id, name, mailbox, kept_out = _the_case(context, reference)
    words = desk.given(text)
    if not words.strip():
        desk.stop("There is nothing to do: give a command, as in '#status'; #help lists them all.")
    came = _do(context, words, person, case_id, mailbox, at_once)
    case = desk.standing(context, name, reading.now()) if person is None or person.key not in kept_out else None
    if format == "json":
        show_one(_as_json(came, case), format)
    else:
        for line in _for_people(came, case, name, who):
            click.echo(line)
    sys.exit(0 if came.all_done else 1)


def _a_mail(context: Context, reference: str) -> tuple[int, str] | None:
    """The mail on no case whose sha256 begins so, and its mailbox; None where this is no such beginning."""
    if not _SHA.fullmatch(reference.strip()):
        return None

    def ask(reader: Reader, _: Told) -> list[Any]:
        asked = "SELECT id, mailbox FROM message WHERE sha256 LIKE ? AND case_id IS NULL AND duplicate_of IS NULL"
        return list(reader.rows(asked, (f"{reference.strip().lower()}%",)))

    from complaintmail.store.reading import NoCasebook

    try:
        found = reading.read(context, ask)
    except NoCasebook:
        return None
    return (found[0][0], found[0][1]) if len(found) == 1 else None


def _say_what_it_is(context: Context, words: str, person: Person | None, mail: tuple[int, str], format: str) -> None:
    from complaintmail.passes.at_the_shell import act_on_a_mail
    from complaintmail.wiring import at_the_desks

    with at_the_desks(context.config()) as intake:
        at = intake.desks.get(mail[1])
        if at is None:
            desk.stop(f"The mail came to {mail[1]}, which is no [[mailbox]] of the settings any more.")
        with intake.store.writing(reading.now()) as writer:
            came = act_on_a_mail(at.instruction, writer, words, person, mail[0])
    if format == "json":
        show_one(_as_json(came, None), format)
    else:
        for line in _for_people(came, None, "", None):
            click.echo(line)
    sys.exit(0 if came.all_done else 1)


def _the_case(context: Context, reference: str) -> Found:
    from complaintmail.store.page import nearest_reference, plain_reference
    from complaintmail.store.reading import NoCasebook

    def ask(reader: Reader, _: Told) -> Found | str | None:
        asked = "SELECT id, reference, mailbox, complainant_email FROM cases WHERE reference = ?"
        found = reader.rows(asked, (plain_reference(reference),))
        if not found:
            return nearest_reference(reader, reference)
        case_id, name, mailbox, complainant = found[0]
        out = reader.rows("SELECT email FROM case_person WHERE case_id = ? AND standing <> 'cleared'", (case_id,))
        return case_id, name, mailbox, frozenset((*(row[0] for row in out), (complainant or "").lower()))

    try:
        found = reading.read(context, ask)
    except NoCasebook:
        found = None
    if not isinstance(found, tuple):
        meant = f"The nearest is {found}." if found else "There is no case at all yet."
        desk.stop(f"There is no case {reference.strip()}. {meant}")
    return found


def _do(context: Context, words: str, person: Person | None, case_id: int, mailbox: str, at_once: bool) -> Came:
    from complaintmail.passes.at_the_shell import act as do
    from complaintmail.passes.pressing import with_paper
    from complaintmail.wiring import at_the_desks

    with at_the_desks(context.config()) as intake:
        at = intake.desks.get(mailbox)
        if at is None:
            desk.stop(f"The case came to {mailbox}, which is no [[mailbox]] of the settings any more.")
        instruction = at.instruction

        def once() -> Came:
            with intake.store.writing(reading.now()) as writer:
                return do(instruction, writer, words, person, case_id, at_once=at_once)

        return with_paper(once)


def _as_json(came: Came, case: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "done": [{"command": one.command, "line": one.line, "said": one.said} for one in came.done],
        "troubles": [{"problem": one.words, "right": list(one.right)} for one in came.troubles],
        "offers": [{"lines": list(one.lines), "text": one.text, "why": list(one.why)} for one in came.waits],
        "drafts": [{"text": one.text, "missing": list(one.missing)} for one in came.drafts],
        "case": case,
    }


def _for_people(came: Came, case: Mapping[str, Any] | None, name: str, who: str | None) -> Iterator[str]:
    for one in came.done:
        if one.said:
            said = f"{one.line}: {one.said}" if one.line else one.said
            yield f"Done.     {printable(said)}"
    for trouble in came.troubles:
        yield f"Not done. {printable(trouble.words)}"
        yield from (f"          right: {printable(line)}" for line in trouble.right)
    for wait in came.waits:
        yield from _wait(wait.lines, wait.text, wait.why, f"act {name} '#yes'" + (f" --as {who}" if who else ""))
    for draft in came.drafts:
        yield ""
        yield from (f"  | {printable(line)}" for line in draft.text.splitlines())
        yield ""
        yield f"It was not sent. To send it: complaintmail act {name} '#send'" + (f" --as {who}" if who else "")
        if draft.missing:
            yield "The policy asks for these first, or for a reason: #send anyway REASON"
            yield from (f"  {printable(line)}" for line in draft.missing)
    for usage, says in came.helped:
        yield f"{usage:<45} {says}"
    if case is not None:
        from complaintmail.cli.page import page_lines

        yield ""
        yield from page_lines({**case, "messages": [], "events": []})


def _wait(lines: tuple[str, ...], text: str, why: tuple[str, ...], yes: str) -> Iterator[str]:
    yield f"Not done yet: {printable(', '.join(lines) or 'your answer')}. It waits for: complaintmail {printable(yes)}"
    yield from (f"          {printable(reason)}" for reason in why)
    yield from (f"  | {printable(line)}" for line in text.splitlines())

"""`policy list | show`: the policies as data. Needs no settings; reads their directory where there are any."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from complaintmail.cli.context import Context, pass_context
from complaintmail.cli.policy_check import check_policies
from complaintmail.cli.policy_explain import explain_policy
from complaintmail.cli.policy_files import directory_option, named, own_directory
from complaintmail.cli.policy_leaflet import leaflet_of_policy
from complaintmail.cli.tables import cell, format_option, show, show_one
from complaintmail.errors import PolicyError

if TYPE_CHECKING:
    from complaintmail.policy.policy import Duty, Policy, Span


@click.group()
def policy() -> None:
    """Policies as data: what each one promises, and whether its file can be kept."""


policy.add_command(check_policies)
policy.add_command(explain_policy)
policy.add_command(leaflet_of_policy)


@policy.command("list")
@directory_option
@format_option()
@pass_context
def list_policies(context: Context, directory: Path | None, format: str) -> None:
    """Every policy there is: yours, and the packaged ones."""
    from complaintmail.policy import load

    place = own_directory(context, directory)
    rows: list[dict[str, object]] = []
    problems: list[str] = []
    for name in sorted({*load.own(place), *load.packaged()}):
        try:
            found = load.find(name, place)
        except PolicyError as unfit:
            problems += unfit.problems
            continue
        rows.append(
            {
                "name": found.name,
                "prefix": found.prefix,
                "organisation": found.organisation,
                "title": found.title,
                "version": found.version,
                "nation": found.nation,
                "packaged": Path(found.source).parent == load.PACKAGED,
                "source": found.source,
                "review_on": found.review_on,
            }
        )
    show(rows, ("name", "prefix", "organisation", "version", "nation", "packaged", "review_on"), format)
    if problems:
        raise PolicyError(problems)


@policy.command("show")
@click.argument("name", metavar="NAME|PATH")
@directory_option
@format_option()
@pass_context
def show_policy(context: Context, name: str, directory: Path | None, format: str) -> None:
    """One policy: its clauses, what is owed by when, who does what, and how unclear words are read."""
    found = named(name, own_directory(context, directory))
    if format == "json":
        show_one(everything(found), format)
        return
    show_one({key: value for key, value in facts(found).items() if value not in (None, "", ())})
    section("clauses", [asdict(clause) for clause in found.clauses], ("id", "heading", "says"))
    section("duties", [duty_row(one) for one in found.duties], ("kind", "clause", "role", "within", "from", "notes"))
    section("stages", stage_rows(found), ("stage", "what", "how"))
    section("roles", [asdict(role) for role in found.roles], ("name", "title", "by_area", "falls_to"))
    readings = [asdict(reading) for reading in found.readings]
    section("readings", readings, ("clause", "words", "chosen", "consequence", "approved_by"))
    section("areas", [asdict(area) for area in found.areas], ("name", "title", "words"))
    section("bodies", [asdict(body) for body in found.bodies], ("name", "contact", "checked_on", "closed_on", "note"))
    closures = [{"from": first, "to": last, "why": why} for first, last, why in found.closures]
    section("closures", closures, ("from", "to", "why"))
    holidays = [{"on": day, "name": what} for day, what in found.extra_holidays]
    section("extra_holidays", holidays, ("on", "name"))


def facts(found: Policy) -> dict[str, object]:
    return {
        "name": found.name,
        "title": found.title,
        "organisation": found.organisation,
        "version": found.version,
        "source": found.source,
        "prefix": found.prefix,
        "nation": found.nation,
        "timezone": found.timezone,
        "owner": found.owner,
        "first": found.first,
        "severity": found.severity,
        "retention": found.retention,
        "review_on": found.review_on,
        "review_every": found.review_every,
        "post_takes": found.post_takes,
        "pauses": found.pauses,
        "ladder": found.ladder,
        "deals": found.deals,
        "next_step": found.next_step,
        "if_unhappy": found.if_unhappy,
        "contact": tuple(f"{label}: {words}" for label, words in found.contact),
    }


def duty_row(duty: Duty) -> dict[str, object]:
    within = cell(", ".join(f"{level} {span}" for level, span in duty.by_severity) or duty.within or "a person sets it")
    notes = (
        "our setting" if duty.ours else "",
        "written complaints only" if duty.needs_writing else "",
        f"again every {duty.repeats}" if duty.repeats else "",
        f"else {duty.alternate}" if duty.alternate else "",
        "an end on a day off moves to the next working day" if duty.rolls_forward else "",
    )
    return {
        "kind": duty.kind,
        "clause": duty.clause,
        "role": duty.role,
        "within": within,
        "from": duty.starts,
        "notes": "; ".join(note for note in notes if note),
    }


def everything(found: Policy) -> dict[str, Any]:
    """The whole policy for programs; lengths of time as the file writes them."""
    duties = []
    for duty in found.duties:
        whole = asdict(duty)
        whole["within"] = span(duty.within)
        whole["by_severity"] = {level: str(span) for level, span in duty.by_severity}
        whole["repeats"] = span(duty.repeats)
        whole["alternate"] = duty.alternate or None
        duties.append(whole)
    return {
        **facts(found),
        "contact": dict(found.contact),
        "clauses": [asdict(clause) for clause in found.clauses],
        "readings": [asdict(reading) for reading in found.readings],
        "roles": [asdict(role) for role in found.roles],
        "duties": duties,
        "areas": [asdict(area) for area in found.areas],
        "bodies": [asdict(body) for body in found.bodies],
        "letterhead": list(found.letterhead),
        "outcome": {**asdict(found.outcome), "clauses": dict(found.outcome.clauses)},
        "appeal": {**asdict(found.appeal), "within": span(found.appeal.within)} if found.appeal else None,
        "closing": {"needs": list(found.closing.needs), "clauses": dict(found.closing.clauses)},
        "referrals": [asdict(referral) for referral in found.referrals],
        "end": asdict(found.end) if found.end else None,
        "assessment": asdict(found.assessment) if found.assessment else None,
        "praise": {**asdict(found.praise), "clauses": dict(found.praise.clauses)} if found.praise else None,
        "share": asdict(found.share) if found.share else None,
        "leaflet": asdict(found.public),
        "closures": [{"from": first, "to": last, "why": why} for first, last, why in found.closures],
        "extra_holidays": [{"on": day, "name": what} for day, what in found.extra_holidays],
        "text": found.text,
    }


def span(found: Span | None) -> str | None:
    return str(found) if found else None


def stage_rows(found: Policy) -> list[dict[str, object]]:
    """What comes after the first letter, a line each."""
    outcome = found.outcome
    appeal = found.appeal
    rows: list[tuple[str, str, tuple[str, ...] | str]] = [
        ("outcome", "asks for", outcome.asks),
        ("outcome", "tells the complainant", outcome.tells),
        ("outcome", "has considered", outcome.consider),
        ("outcome", "goes in short to", outcome.copies),
        ("outcome", "asks afterwards", "whether it settled the matter" if outcome.satisfied else ""),
        ("appeal", "heard by", appeal.role if appeal else ""),
        ("appeal", "else by", appeal.alternate if appeal else ""),
        ("appeal", "within", (span(appeal.within) or "no window") if appeal else ""),
        ("appeal", "after it", appeal.next if appeal else ""),
        ("closing", "needs", found.closing.needs),
        *(("referral", one.to, one.address or "the sender is told") for one in found.referrals),
        ("end", "further mail is answered", f"{found.end.answers} times at most" if found.end else ""),
        ("assessment", "brings", found.assessment.actions if found.assessment else ""),
        ("assessment", "is told to", found.assessment.copies if found.assessment else ""),
        ("praise", "passed on by", found.praise.passes_to if found.praise else ""),
        ("praise", "board kept by", found.praise.keeper if found.praise else ""),
        ("share", "with", found.share.whom if found.share else ""),
    ]
    return [{"stage": stage, "what": what, "how": how} for stage, what, how in rows if how]


def section(name: str, rows: list[dict[str, object]], columns: tuple[str, ...]) -> None:
    """One part of `show`, its name above; nothing where there is nothing."""
    if rows:
        click.echo(f"\n{name.replace('_', ' ').capitalize()}")
        show(rows, columns)

"""Commands that speak with the complainant, or with somebody about the case: ask, progress, confirm, ask-in-writing,
consult. Each is one letter; what follows from it holds once it has gone (`cases.afterwards`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import letter
from complaintmail.cases.deeds import Change, Deed, Effect, Trouble, Vouch
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import Scene
from complaintmail.mail.compose import address as written_address
from complaintmail.policy.duties import owed_again
from complaintmail.policy.wording import long_date


def words_of(order: Order) -> str:
    """What stands on the command's own line, and the text of the mail."""
    return "\n\n".join(part for part in (order.rest.strip(), order.body.strip()) if part)


def ask(order: Order, scene: Scene) -> Deed | Trouble:
    return letter(
        order, scene, LetterKind.ASK, "your question", text=words_of(order), what="asked",
        needs_text="There is no question in your mail, so nothing was sent. Write it below the command.",
    )  # fmt: skip


def progress(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed.", ("#reopen REASON",))
    again = owed_again(scene.policy, "progress", scene.now) if case.row["responded_at"] is None else None
    day = long_date(again.counted.due_on) if again is not None and again.counted is not None else ""
    return letter(
        order, scene, LetterKind.PROGRESS, "the progress letter", text=words_of(order), what="progress_written",
        extra={"day": day},
        needs_text="A progress letter needs a line of yours: how far is it? Write it below the command.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """How the complainant is reached from now on, and what was said besides."""

    scene: Scene
    more: tuple[Effect, ...] = ()
    rest: str = ""


def reached(order: Order, scene: Scene) -> Reached | Trouble:
    """The complainant's address, asked of staff where none is known: `#confirm name@example.org`, or by post."""
    case = the_case(scene)
    if case.row["complainant_email"] or case.row["contact"] in ("post", "never"):
        return Reached(scene, (), order.rest.strip())
    first, _, rest = order.rest.strip().partition(" ")
    if (said := f"{first} {rest}".lower().strip(" .!")) in ("post", "by post", "by letter"):
        return Reached(_with(scene, {"contact": "post"}), (Change({"contact": "post"}),))
    try:
        theirs = written_address(first.strip("<>,;:")).lower()
    except ValueError:
        theirs = ""
    if not theirs or theirs in scene.own or scene.people.at(theirs) is not None:
        wrong = f'"{said}" is no address of theirs. ' if "@" in first else ""
        return Trouble(
            f"{wrong}No address of the complainant's is known on {case.reference}. Where can it be sent?",
            (f"#{order.name} name@example.org", f"#{order.name} by post"),
        )
    values = {"complainant_email": theirs}
    return Reached(_with(scene, values), (Change(values), Vouch(theirs, "complainant")), rest.strip())


def _with(scene: Scene, values: dict[str, str]) -> Scene:
    case = the_case(scene)
    return replace(scene, case=replace(case, row={**case.row, **values}))


def confirm(order: Order, scene: Scene) -> Deed | Trouble:
    """The course of action that the complainant accepted, in writing."""
    at = reached(order, scene)
    if isinstance(at, Trouble):
        return at
    return letter(
        order, at.scene, LetterKind.CONFIRM, "the confirmation", text=words_of(replace(order, rest=at.rest)),
        more=at.more, what="confirmed_in_writing",
        needs_text="What was agreed? Write it below the command, as the complainant is to read it.",
    )  # fmt: skip


def ask_in_writing(order: Order, scene: Scene) -> Deed | Trouble:
    """The complainant is asked to put a spoken complaint in writing."""
    case = the_case(scene)
    if case.row["channel"] in ("email", "letter", "website"):
        return Trouble(f"{case.reference} came in writing already.", ("#ask",))
    at = reached(order, scene)
    if isinstance(at, Trouble):
        return at
    return letter(
        order, at.scene, LetterKind.ASK_IN_WRITING, "the letter that asks for it in writing",
        text=words_of(replace(order, rest=at.rest)), more=at.more, what="asked_for_writing",
    )  # fmt: skip


def consult(order: Order, scene: Scene) -> Deed | Trouble:
    """Somebody is asked what they know or think; the complainant too, where the resolution is put to them."""
    case = the_case(scene)
    first, _, rest = order.rest.strip().partition(" ")
    said = replace(order, rest=rest)
    asks = "There is no question in your mail, so nothing was sent. Write it below the command."
    try:
        third = written_address(first.strip("<>,;:")).lower()
    except ValueError:
        return Trouble("Whom do you want to ask? Please give the address.", ("#consult name@example.org",))
    if third == case.complainant or case.addresses.get(third) == "complainant":
        return letter(
            said, scene, LetterKind.ASK, "your question", text=words_of(said), needs_text=asks,
            after={"consulted": third}, what="consulted",
        )  # fmt: skip
    if third in scene.own or (colleague := scene.people.at(third)) is not None:
        who = "one of our own mailboxes" if third in scene.own else colleague.name if colleague else third
        return Trouble(
            f"{third} is {who}. Ask a colleague yourself, with the complaints mailbox in copy, or keep what they said "
            "as a note.",
            ("#note", "#consult name@example.org"),
        )
    return letter(
        said, scene, LetterKind.CONSULT, "your question", text=words_of(said), needs_text=asks, to=third,
        after={"consulted": third}, what="consulted",
    )  # fmt: skip


COMMANDS = (
    Command("ask", "#ask", "sends a question to the complainant; the case waits for the answer", ask, takes_text=True),
    Command("progress", "#progress", "tells the complainant how far it is, in your words", progress, takes_text=True),
    Command("confirm", "#confirm", "confirms in writing what was agreed with the complainant", confirm,
            takes_text=True),
    Command("ask-in-writing", "#ask-in-writing", "asks the complainant to put a spoken complaint in writing",
            ask_in_writing, takes_text=True),
    Command("consult", "#consult ADDRESS", "asks somebody else; the answer joins the case", consult, takes_text=True),
)  # fmt: skip

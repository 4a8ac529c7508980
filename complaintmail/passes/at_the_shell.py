"""The staff commands from the shell: what is asked for is done as if a proved mail had asked for it.

Without a person it is the administrator's word, whose answers go out like anybody's and who gets no receipts by mail:
what came of it stands on the screen. What a person is shown first waits for their #yes here too, unless it is given
along. Nothing is sent: letters wait in the outbox for the daemon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from complaintmail.cases.budget import counted_as
from complaintmail.cases.commands.keeping import recorded
from complaintmail.cases.deeds import Draft, ShowBack, Trouble
from complaintmail.cases.instruct import Done, Ruling, help_text, instruct, permitted
from complaintmail.cases.people import Person
from complaintmail.cases.scene import Scene
from complaintmail.mail.references import case_references
from complaintmail.passes.instruction import Instruction
from complaintmail.store import instructed, scenes, schema
from complaintmail.store.by_hand import by_hand
from complaintmail.store.record import Writer
from complaintmail.triage.authority import Proof, Word
from complaintmail.triage.record_form import Recorded

WORD = Word(Proof.REPLY, "given at the shell")


@dataclass(frozen=True, slots=True)
class Said:
    """One command that was done: its name, its line, what came of it."""

    command: str
    line: str
    said: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was not done yet and waits for a #yes: an answer as it would go, or commands that were meant."""

    lines: tuple[str, ...]
    text: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter that waits for #send, as it would go. `missing`: lines that the policy asks for."""

    text: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it. `kept`: the text of commands that were not done."""

    done: tuple[Said, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    waits: tuple[Waiting, ...] = ()
    kept: str = ""
    helped: tuple[tuple[str, str], ...] = ()
    drafts: tuple[Drafted, ...] = ()

    @property
    def all_done(self) -> bool:
        return not self.troubles and not self.waits


def act(
    desk: Instruction, writer: Writer, text: str, person: Person | None, case_id: int, *, at_once: bool = False
) -> Came:
    """Do what these commands ask for on this case. `at_once`: what would wait for a #yes has it already."""
    came = _act(desk, writer, text, person, case_id)
    if not (at_once and came.waits):
        return came
    agreed = _act(desk, writer, "#yes", person, case_id)
    if person is not None:
        _shows_nothing(writer, case_id, person)
    return replace(agreed, done=(*came.done, *agreed.done), troubles=(*came.troubles, *agreed.troubles))


def act_on_a_mail(desk: Instruction, writer: Writer, text: str, person: Person | None, mail: int) -> Came:
    """Do what these commands ask for on a mail that is on no case: what it is can be said of it, and no more."""
    writer.so_far()
    scene = replace(desk.scene(writer, person, WORD, None, None, None), mail=mail)
    ruling = instruct(text, scene)
    told = desk.write(writer, scene, ruling, None)
    said = [Said(done.command, line, words) for done, (line, words) in zip(ruling.done, told, strict=True)]
    return Came(done=tuple(said), troubles=ruling.troubles, kept=ruling.kept if ruling.troubles else "")


def _shows_nothing(writer: Writer, case_id: int, person: Person) -> None:
    """What was agreed to at once needs no mail that asks whether to go on."""
    writer.so_far()
    letter = schema.letter
    shown = select(letter.c.id).where(
        letter.c.case_id == case_id,
        letter.c.kind == "shown",
        letter.c.state == "queued",
        letter.c.created_at == writer.now,
        letter.c.recipient_key == counted_as(person.email),
    )
    for letter_id in writer.connection.scalars(shown).all():
        by_hand(writer, letter_id, "cancel", person.email)


def _act(desk: Instruction, writer: Writer, text: str, person: Person | None, case_id: int) -> Came:
    writer.so_far()
    case = scenes.case_now(writer.connection, case_id)
    scene = desk.scene(writer, person, WORD, case, None, None)
    named = scenes.by_reference(writer.connection, case_references(text, prefixes=desk.prefixes)[:5])
    scene = replace(scene, others=named)
    ruling = instruct(text, scene)
    told = desk.write(writer, scene, ruling, None)
    said = [
        Said(done.command, line, words)
        for done, (line, words) in zip(ruling.done, told, strict=True)
        if not _shown(done)
    ]
    return Came(
        done=tuple(said),
        troubles=ruling.troubles,
        waits=(*(wait for done in ruling.done for wait in _shown(done)), *_offered(writer, scene, ruling)),
        kept=ruling.kept if ruling.troubles else "",
        helped=help_text() if ruling.help else (),
        drafts=_drafts(writer, scene, ruling),
    )


def _drafts(writer: Writer, scene: Scene, ruling: Ruling) -> tuple[Drafted, ...]:
    """The letter that was drafted just now: whoever is at the shell reads it there."""
    drafted = [effect for deed in ruling.deeds for effect in deed.effects if isinstance(effect, Draft)]
    if not drafted or scene.case is None:
        return ()
    writer.so_far()
    offer = schema.offer
    asked = select(offer.c.payload).where(offer.c.case_id == scene.case.id, offer.c.kind == "draft")
    payload = writer.connection.scalar(asked.order_by(offer.c.id.desc()).limit(1))
    return (Drafted(str(payload["text"]), drafted[-1].missing),) if payload else ()


def _shown(done: Done) -> tuple[Waiting, ...]:
    backs = [effect for effect in done.deed.effects if isinstance(effect, ShowBack)]
    return tuple(Waiting((done.line,) if done.line else (), str(each.payload["text"]), each.why) for each in backs)


def _offered(writer: Writer, scene: Scene, ruling: Ruling) -> tuple[Waiting, ...]:
    """A plain order is offered back as the command that it seems to mean."""
    if not ruling.offers or scene.case is None:
        return ()
    offer = instructed.make_offer(
        writer, case_id=scene.case.id, mailbox=scene.mailbox, person=scene.key, kind="orders", message_id=None,
        payload={"lines": list(ruling.offers)},
    )  # fmt: skip
    writer.event("offered", by="complaintmail", case_id=scene.case.id, offer=offer)
    return (Waiting(ruling.offers),)


def record(desk: Instruction, writer: Writer, found: Recorded, person: Person | None) -> str | Trouble:
    """A complaint that came by telephone, by post or over a counter becomes a case: its reference."""
    scene = desk.scene(writer, person, WORD, None, None, None)
    if refusal := permitted(scene):
        return Trouble(refusal)
    done = Done("record", "#record", recorded(found, scene))
    ((_, said),) = desk.write(writer, scene, Ruling(done=(done,)), None)
    return case_references(said, prefixes=desk.prefixes)[0]

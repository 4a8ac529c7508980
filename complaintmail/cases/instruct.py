"""A member of staff has written, and it is proved theirs: what follows? One `Ruling` for every such mail.

All of a mail's commands are done, or none. Without commands, a reply to the handler's notice goes to the complainant;
a reply to any other notice is a note, and where it reads like an order the command is offered back for #yes. Whoever
the case is about gets nothing done on it and learns nothing of it. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from complaintmail.cases.commands import ALL, BY_NAME, NAMES
from complaintmail.cases.commands.answering import reply
from complaintmail.cases.commands.table import Order
from complaintmail.cases.deeds import Act, Change, Deed, Meet, Trouble, Waive
from complaintmail.cases.relaying import is_holding
from complaintmail.cases.scene import ActionNow, Scene
from complaintmail.cases.signed import unsigned
from complaintmail.mail.forwarded import original_in
from complaintmail.triage.authority import Proof
from complaintmail.triage.orders import Orders, Slip, read_orders
from complaintmail.triage.plain_orders import offered

_YES = re.compile(
    r"(?:#?\s*)(?:yes|y|yep|yeah|ok|okay|agreed|confirmed?|correct|go ahead|send it|please do|do it|that was me)"
    r"(?:[\s,]+(?:please|thanks?|thank you|do|send it|go ahead|it was me|that was me|i did|this was me))*[\s.!,]*",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no|nope|stop|don'?t|do not|that was not me|not me)\b[\s\w.!,']{0,60}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Done:
    command: str  # its name; 'note' and 'reply' also where no command was written
    line: str  # as it was written
    deed: Deed


@dataclass(frozen=True, slots=True)
class Ruling:
    """What follows from a mail of staff. `kept`: the text of commands that were not done."""

    done: tuple[Done, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    kept: str = ""
    offers: tuple[str, ...] = ()  # command lines that are offered back for #yes
    silent: bool = False  # nothing has to be said back
    help: bool = False

    @property
    def deeds(self) -> tuple[Deed, ...]:
        return tuple(one.deed for one in self.done)


_ARRIVED = Done("welcome", "", Deed("Thank you. Your answer has arrived.", what="welcomed"))


def permitted(scene: Scene) -> str | None:
    """Why this person may do nothing here; None when they may. Says nothing of the case."""
    person = scene.person
    if person is None:
        return None
    under = {scene.policy.name, str(scene.case.row["policy"]) if scene.case else scene.policy.name}
    if person.policies and not under <= set(person.policies):
        return f"You have no role under this mailbox's policy ({scene.policy.title})."
    if scene.case is not None and scene.key in scene.case.excluded:
        return "You cannot see or change this case. Somebody else deals with it."
    deputised = any((one.deputy or "").lower() == scene.key for one in scene.people.persons)
    handles = scene.case is not None and scene.case.handler == scene.key
    if not person.roles and not deputised and not handles:
        return "You have no role here, so nothing was changed. Please ask whoever looks after complaints."
    return None


def instruct(new_text: str, scene: Scene) -> Ruling:
    """What this mail asks for, and what comes of it."""
    orders = read_orders(new_text, NAMES)
    if _welcomed(new_text, orders, scene):
        return Ruling(done=(_ARRIVED,))
    if refusal := permitted(scene):
        return Ruling(troubles=(Trouble(refusal),), kept=new_text.strip())
    if not orders.written and all(slip.buried for slip in orders.slips):
        return _plain(orders.body if orders.slips else new_text, scene)
    return _commanded(orders, scene)


def _welcomed(new_text: str, orders: Orders, scene: Scene) -> bool:
    """Is it the yes to the letter that asks for a test reply? It is about nothing else, whatever waits for them."""
    if not (scene.word.letter and scene.word.letter.about.get("welcome")):
        return False
    only_yes = not orders.slips and all(written.name == "yes" for written in orders.written)
    return only_yes and _YES.match(new_text.strip()) is not None


def _commanded(orders: Orders, scene: Scene, *, agreed: bool = False) -> Ruling:
    """`agreed`: these commands were offered, and are done by a yes."""
    troubles = [_slip(slip) for slip in orders.slips if not slip.buried]  # below a signature no command is meant
    letter, link = scene.word.letter, scene.word.link
    if scene.word.proof is Proof.LINK and letter is not None and link is not None and not agreed:
        only = letter.links[link]
        if any(written.name != only for written in orders.written):
            troubles.append(
                Trouble(
                    f"The link that you used is good for #{only} alone, so nothing was done. To do something else, "
                    "answer this mail with it.",
                    tuple(written.line for written in orders.written),
                )
            )
    done: list[Done] = []
    unproved: list[str] = []
    given: set[tuple[str, str]] = set()
    recorded = any(written.name == "record" for written in orders.written)
    at_once = next((written.rest.strip() for written in orders.written if written.name == "settled"), None)
    for written in orders.written:
        command = BY_NAME[written.name]
        once = (written.name, "" if written.name == "reply" else written.rest.strip().lower())
        if once in given:
            continue  # said twice, meant once
        given.add(once)
        if command.needs_case and scene.case is None and not (written.name == "settled" and recorded):
            troubles.append(
                Trouble(
                    f"#{command.name} needs a case. Please answer a mail about it, or put its reference into the "
                    "subject.",
                    (written.line,),
                )
            )
            continue
        if command.needs_token and scene.person is not None and not scene.word.by_token:
            unproved.append(written.line)
            continue
        if written.name == "settled" and recorded:
            done.append(Done(written.name, written.line, Deed("Done with the record.")))
            continue
        settled = at_once if written.name == "record" else None
        outcome = command.act(Order(written.name, written.rest, orders.body, settled), scene)
        if isinstance(outcome, Trouble):
            troubles.append(outcome)
        elif outcome.what == "taken" and (lines := outcome.detail.get("orders")):
            later = _commanded(read_orders("\n".join(map(str, lines)), NAMES), scene, agreed=True)
            troubles += later.troubles
            if later.offers:
                troubles.append(Trouble("This needs a yes that answers the mail which asked you.", ("#yes",)))
            done += [Done(written.name, written.line, outcome), *later.done]
        else:
            done.append(Done(written.name, written.line, outcome))
            scene = _after(scene, outcome)
    if troubles:
        if right := tuple(one.line.strip() for one in done if one.line):
            said = "All the commands of a mail are done, or none. So this was not done either"
            troubles.append(Trouble(f"{said}: {', '.join(right)}", right))
        return Ruling(troubles=tuple(troubles), kept=orders.body)
    if unproved:
        return Ruling(offers=tuple(written.line for written in orders.written), kept=orders.body)
    asked = any(one.deed.detail.get("help") for one in done)
    return Ruling(done=tuple(done), help=asked)


def _after(scene: Scene, deed: Deed) -> Scene:
    """What the next command of the same mail finds: the facts and the open duties as this one leaves them."""
    if scene.case is None:
        return scene
    over = {n for effect in deed.effects if isinstance(effect, (Meet, Waive)) for n in effect.duties}
    row = dict(scene.case.row)
    for effect in deed.effects:
        if isinstance(effect, Change):
            row |= effect.values
    duties = tuple(duty for duty in scene.case.duties if duty.id not in over)
    actions = scene.case.actions
    for effect in deed.effects:
        if isinstance(effect, Act) and effect.n is None:
            n = max((each.n for each in actions), default=0) + 1
            values = effect.values
            actions = (*actions, ActionNow(n, values["text"], values.get("by"), values.get("who"), "action", None))
    return replace(scene, case=replace(scene.case, row=row, duties=duties, actions=actions))


def _slip(slip: Slip) -> Trouble:
    line = slip.line.strip()[:80]
    if slip.nearest is None:
        return Trouble(f'"{line}" was not understood. #help gives the list.', ("#help",))
    rest = slip.line.partition("#")[2].partition(" ")[2].strip(" )]}\"'”»*_")[:200]
    usage = BY_NAME[slip.nearest].usage.partition(", or ")[0]
    right = f"#{slip.nearest} {rest}" if rest and " " in usage else usage
    if slip.buried:
        words = f'"{line}" stands below your signature, where no commands are read. If you mean it, put it at the top.'
        return Trouble(words, (right,))
    return Trouble(f'"{line}" was not understood. Did you mean {right}?', (right,))


def _plain(text: str, scene: Scene) -> Ruling:
    """A mail without commands."""
    words = text.strip()
    letter = scene.word.letter
    about = letter.about if letter else {}
    if about.get("offer") is not None:
        bare = unsigned(words, scene.person.name) if scene.person else words
        if _YES.fullmatch(bare):
            return _commanded(read_orders("#yes", NAMES), scene)
        if _NO.fullmatch(bare):
            return _commanded(read_orders("#stop", NAMES), scene)
    if scene.case is None:
        if not words:
            return Ruling(silent=True)
        if scene.word.proof is Proof.SERVER:
            return Ruling(silent=True)
        return Ruling(
            troubles=(Trouble("Your mail belongs to no case, so it was only kept.", ("#record", "#help")),), kept=words
        )
    link = scene.word.link if letter is not None else None
    if about.get("relays") and scene.case.handler == scene.key and link is None:
        return _answer(text, scene)
    if not words:
        return Ruling(
            troubles=(Trouble("There was no text in your mail, so nothing was done.", ("#status",)),),
        )
    order = None
    if original_in(words, "") is None:  # the orders in a mail that they pass on are not theirs
        today = scene.now.astimezone(ZoneInfo(scene.policy.timezone)).date()
        order = _known(_of_praise(offered(words, scene.people.persons, today), scene))
    note = Done("note", "", Deed("Your mail is kept as a note on the case. It was sent to nobody.", what="note",
                                 detail={"text": words}))  # fmt: skip
    if about.get("relays") and link is None:
        lost = Trouble(
            "You no longer deal with this case, so your answer was not sent. It is kept as a note.", ("#assign me",)
        )
        return Ruling(done=(note,), troubles=(lost,), kept=words)
    return Ruling(done=(note,), offers=(order,) if order else ())


def _of_praise(order: str | None, scene: Scene) -> str | None:
    """Praise is not dealt with but passed on; and only praise hangs on the board."""
    praise = scene.case is not None and scene.case.row["kind"] == "compliment"
    if order is not None and praise and order.startswith("#assign ") and order != "#assign me":
        return order.replace("#assign ", "#praise ", 1)
    return None if order is not None and order.startswith("#board") and not praise else order


def _known(order: str | None) -> str | None:
    """Only what can be done is offered."""
    return order if order is not None and order.split()[0].lstrip("#") in BY_NAME else None


def _answer(text: str, scene: Scene) -> Ruling:
    outcome = reply(Order("reply", "", text), scene)
    if isinstance(outcome, Trouble):
        return Ruling(troubles=(outcome,), kept=text.strip())
    return Ruling(done=(Done("reply", "", outcome),))


def answer_counts(text: str) -> bool:
    """Is this the answer that the policy promises, or a word in between that leaves it owed?"""
    return not is_holding(text)


def help_text() -> tuple[tuple[str, str], ...]:
    """Every command and what it does, for the answer to #help and the guide."""
    return tuple((command.usage, command.says) for command in ALL)

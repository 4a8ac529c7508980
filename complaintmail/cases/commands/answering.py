"""Commands about answers: reply, yes, stop, note, answered, called, posted, contact, not-yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import (
    Answer,
    Change,
    Deed,
    Effect,
    Meet,
    Posted,
    Recall,
    Reopen,
    Settle,
    ShowBack,
    TakeAsTheirs,
    Trouble,
    Write,
)
from complaintmail.cases.post import LetterKind
from complaintmail.cases.relaying import relayable
from complaintmail.cases.scene import OfferNow, Scene
from complaintmail.cases.signed import unsigned
from complaintmail.triage.dates import day_in

ANSWERS = ("acknowledge", "contact", "respond", "attend", "appeal-acknowledge", "appeal-answer")
# Letters that follow from a command and answer nothing, or that go to somebody else: they cross no answer.
NO_ANSWERS = frozenset(
    {LetterKind.DECIDED, LetterKind.DATED, LetterKind.CONSULT, LetterKind.SHARE, LetterKind.PASSED_ON}
)
CLOSE_TOGETHER = 600  # seconds: two of staff who answer within this are asked


def reply(order: Order, scene: Scene) -> Deed | Trouble:
    """The text goes to the complainant, or is shown back first; why is said."""
    case = the_case(scene)
    row = case.row
    if not row["complainant_email"]:
        return Trouble(
            f"There is no mail address of the complainant's on {case.reference}. Please reach them another way, and "
            "then say so.",
            ("#called", "#answered today by letter"),
        )
    if row["contact"] == "never":
        return Trouble(f"The complainant of {case.reference} asked not to be written to.", ("#contact email",))
    names = {person.email: person.name for person in scene.people.persons}
    writer = scene.person.name if scene.person else ""
    ready = relayable(
        order.body, writer_name=writer, staff=names, own=scene.own, mailbox=scene.mailbox,
        complainant_name=str(row["complainant_name"]),
    )  # fmt: skip
    why = (*ready.waits, *crossing(scene), *first_time(scene))
    payload = {"text": ready.text, "entry": scene.entry}
    if not ready.text.strip():
        return Trouble(
            "There is no text in your mail, so nothing was sent to the complainant. Please reply again with the words.",
            ("#reply",),
        )
    if why:
        return Deed("Your answer was not sent yet.", (ShowBack("answer", payload, why),), what="answer_shown")
    taken = f" Taken out: {', '.join(ready.taken_out)}." if ready.taken_out else ""
    return Deed(f"{_goes(scene)}{taken}", (Answer(ready.text, scene.entry),), what="answer_given")


def _goes(scene: Scene) -> str:
    to = scene.case.row["complainant_name"] if scene.case else ""
    to = to or (scene.case.row["complainant_email"] if scene.case else "")
    if not scene.rules.hold:
        return f"Your answer goes to {to} now."
    at = (scene.now + scene.rules.hold).astimezone(ZoneInfo(scene.policy.timezone))
    return f"Your answer goes to {to} at {at:%H:%M}. Until then #stop takes it back."


def crossing(scene: Scene) -> tuple[str, ...]:
    """Something came while this was written: a newer mail of theirs, or a colleague's answer."""
    case, letter = the_case(scene), scene.word.letter
    out: list[str] = []
    theirs = [mail for mail in case.mails if mail.from_address and mail.from_address in case.addresses]
    newest = max((mail.received_at for mail in theirs), default=None)
    written = letter.about.get("at") if letter else None
    if newest is not None and written and newest > datetime.fromisoformat(str(written)):
        out.append("The complainant has written again since the mail that you answer was sent to you.")
    for going in case.going:
        if going.author.lower() == scene.key or going.state == "cancelled" or going.kind in NO_ANSWERS:
            continue
        recent = (scene.now - going.created_at).total_seconds() <= CLOSE_TOGETHER
        if going.state == "queued" or recent:
            name = next((p.name for p in scene.people.persons if p.email.lower() == going.author.lower()), going.author)
            out.append(f"{name} has answered the complainant too, only just now.")
    return tuple(out)


def first_time(scene: Scene) -> tuple[str, ...]:
    if scene.person is None or scene.rules.confirm == "never":
        return ()
    if scene.rules.confirm == "always":
        return ("Every answer is shown to its writer first.",)
    return () if scene.answered_before else ("This is your first answer by mail, so you see it before it goes.",)


def _meant(scene: Scene) -> OfferNow | None:
    """The offer that a yes or a stop is about: the one in the mail that is answered, else the newest that is open.
    Whether a mail was theirs is told by answering that question, and in no other way."""
    mine = [offer for offer in scene.offers if offer.person.lower() == scene.key or scene.person is None]
    named = scene.word.letter.about.get("offer") if scene.word.letter else None
    if named is not None:
        return next((offer for offer in mine if offer.id == named), None)
    here = [offer for offer in mine if offer.kind != "confirm" and (not scene.case or offer.case_id == scene.case.id)]
    own = [offer for offer in here if offer.person.lower() == scene.key]  # before what waits for others, at the shell
    return own[-1] if own else here[-1] if here else None


def yes(order: Order, scene: Scene) -> Deed | Trouble:
    offer = _meant(scene)
    if offer is None:
        right = ("#status",) if scene.case is not None else ()
        return Trouble("Nothing waits for a yes of yours any more. It was done, or taken back.", right)
    done = Settle(offer.id, "taken")
    if offer.kind == "answer":
        text, entry = str(offer.payload["text"]), offer.payload.get("entry")
        if len(unsigned(order.body, scene.person.name if scene.person else "").split()) > 3:
            return Trouble(
                "You wrote more than a yes. To send the answer as it was shown, reply with #yes alone; to send other "
                "words in its place, put #reply above them.",
                ("#yes", "#reply"),
            )
        return Deed("Your answer goes now.", (done, Answer(text, entry, at_once=True)), what="answer_given")
    if offer.kind == "letter":
        given = offer.payload
        letters = tuple(
            Write(
                LetterKind(given["kind"]), given["text"], given["entry"], to, True, given["extra"],
                given["after"], given["calendar"],
            )
            for to in (given["to"], *given.get("also", ()))
        )  # fmt: skip
        return Deed("Your letter goes now.", (done, *letters), what=str(given["what"]))
    if offer.kind == "confirm":
        assert offer.message_id is not None
        return Deed("Thank you. Your mail is taken as yours.", (done, TakeAsTheirs(offer.message_id)), what="confirmed")
    return Deed("", (done,), what="taken", detail={"orders": offer.payload.get("lines", [])})


def stop(order: Order, scene: Scene) -> Deed | Trouble:
    """Takes back what has not left yet: an answer in its hold, an offer that waits."""
    case = scene.case
    waiting = [g for g in (case.going if case else ()) if g.state == "queued"]
    own = [g for g in waiting if g.author.lower() == scene.key] or waiting
    offer = _meant(scene)
    effects: list[Effect] = []
    said: list[str] = []
    if own:
        effects.append(Recall(tuple(g.id for g in own)))
        said.append("The answer was taken back. It did not go to the complainant.")
    if offer is not None:
        effects.append(Settle(offer.id, "withdrawn"))
        said.append("What waited for your yes is withdrawn.")
    if not effects:
        gone = [g for g in (case.going if case else ()) if g.state in ("sent", "sending", "doubt", "held")]
        if gone and gone[-1].state in ("doubt", "held"):
            return Trouble(
                "It may be too late: the sending of the answer broke off, and it is not known whether it arrived. It "
                "is not sent a second time unless somebody says so.",
                ("#status",),
            )
        if gone:
            return Trouble("It is too late: the answer has left. You can write to the complainant again.", ("#reply",))
        return Trouble("Nothing waits that could be stopped.", ("#status",))
    return Deed(" ".join(said), tuple(effects), what="stopped")


def note(order: Order, scene: Scene) -> Deed | Trouble:
    words = "\n".join(part for part in (order.rest.strip(), order.body.strip()) if part)
    if not words:
        return Trouble("There is no text to keep.", ("#note",))
    return Deed("Your note is kept on the case. It was sent to nobody.", (), what="note", detail={"text": words})


def when(order: Order, scene: Scene, *, past: bool) -> tuple[date, str] | Trouble:
    today = scene.now.astimezone(ZoneInfo(scene.policy.timezone)).date()
    day, rest, problem = day_in(order.rest, today, past=past)
    if problem:
        return Trouble(problem, (f"#{order.name} 17 March",))
    return (day or today, rest)


def _moment(day: date, scene: Scene) -> datetime:
    """A day as a moment: now when it is today, else its noon."""
    zone = ZoneInfo(scene.policy.timezone)
    if day == scene.now.astimezone(zone).date():
        return scene.now
    return datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)


def answered(order: Order, scene: Scene) -> Deed | Trouble:
    """It was done elsewhere: the duty is credited with the day it was done and how."""
    if scene.case is None:
        return _seen_to(order, scene)
    case = scene.case
    found = when(order, scene, past=True)
    if isinstance(found, Trouble):
        return found
    day, how = found
    at = _moment(day, scene)
    if at > scene.now:
        return Trouble(f"{day.day} {day:%B %Y} has not come yet.", (f"#{order.name} today {how}".rstrip(),))
    if at < case.row["received_at"] and day != case.row["received_at"].date():
        return Trouble(f"{day.day} {day:%B %Y} is before the complaint came.", (f"#{order.name} today",))
    how = how or ("by telephone" if order.name == "called" else "by post" if order.name == "posted" else "elsewhere")
    named = scene.word.letter.about.get("duty") if scene.word.letter else None
    duties = [d for d in case.duties if d.id == named] or list(case.duty(*ANSWERS))
    if any(duty.kind == "decide" for duty in duties):  # who has answered has dealt with it
        duties += [duty for duty in case.duty(*ANSWERS) if duty.kind != "attend"]
    if any(duty.kind == "respond" for duty in duties):
        duties += [duty for duty in case.duty("decide", "set-date", "confirm") if duty not in duties]
    values: dict[str, object] = {name: at for name in ("first_human_at",) if case.row[name] is None}
    if any(duty.kind == "acknowledge" for duty in duties) and case.row["acknowledged_at"] is None:
        values["acknowledged_at"] = at
    if any(duty.kind == "respond" for duty in duties) and case.row["responded_at"] is None:
        values["responded_at"] = at
    if case.row["status"] == "new":
        values["status"] = "open"
    evidence = f"{scene.by} says: {order.name} on {day.day} {day:%B %Y}, {how}"
    effects: list[Effect] = [Change(values)] if values else []
    if duties:
        effects.append(Meet(tuple(duty.id for duty in duties), at, evidence))
    met = ", ".join(dict.fromkeys(DUTIES.get(duty.kind, duty.kind) for duty in duties)) or "nothing was open"
    words = order.body.strip()
    yet = " If it was not yet the answer, write #not-yet." if any(duty.kind == "respond" for duty in duties) else ""
    return Deed(
        f"Noted: {how}, on {day.day} {day:%B %Y}. Credited: {met}.{yet}",
        tuple(effects), back=True, what="answered_elsewhere", detail={"how": how, "text": words},
    )  # fmt: skip


def posted(order: Order, scene: Scene) -> Deed | Trouble:
    """A letter was posted: the one that waited for it, else what was done elsewhere."""
    waiting = [offer for offer in scene.offers if offer.kind == "letter" and offer.payload.get("posted")]
    if scene.case is None or not waiting:
        return answered(order, scene)
    found = when(order, scene, past=True)
    if isinstance(found, Trouble):
        return found
    day, _ = found
    at = _moment(day, scene)
    if at > scene.now:
        return Trouble(f"{day.day} {day:%B %Y} has not come yet.", ("#posted today",))
    offer = waiting[-1]
    return Deed(
        f"Noted: the letter was posted on {day.day} {day:%B %Y}.",
        (Settle(offer.id, "taken"), Posted(LetterKind(offer.payload["kind"]), offer.payload["after"], at)),
        what="posted", detail={"day": day.isoformat()},
    )  # fmt: skip


DUTIES = {
    "acknowledge": "the acknowledgement",
    "respond": "the answer",
    "contact": "the first contact",
    "attend": "what was put to you",
    "decide": "the decision on who deals with it",
    "set-date": "the date of the answer",
}


def _seen_to(order: Order, scene: Scene) -> Deed | Trouble:
    """Of a mail that belongs to no case: what was put before them is done."""
    duty = scene.word.letter.about.get("duty") if scene.word.letter else None
    if not isinstance(duty, int):
        return Trouble(
            f"#{order.name} needs a case. Please answer a mail about it, or put its reference into the subject.",
            (f"#{order.name} today",),
        )
    how = " ".join((order.rest.strip() or "today").split())[:200]
    done = Meet((duty,), scene.now, f"{scene.by} says that it was seen to: {how}")
    return Deed("Thank you. It is noted that you have seen to it.", (done,), what="seen_to")


def not_yet(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    if case.row["responded_at"] is None:
        return Trouble(f"The answer on {case.reference} is still owed.", ("#status",))
    return Deed(
        f"Thank you. The answer on {case.reference} is still owed.",
        (Change({"responded_at": None}), Reopen("respond")),
    )


def contact(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    how = {"mail": "email", "e-mail": "email", "telephone": "phone", "letter": "post"}.get(
        order.rest.strip().lower(), order.rest.strip().lower()
    )
    if how not in ("email", "phone", "post", "never"):
        return Trouble(
            "They can be reached by email, phone or post, or never.",
            tuple(f"#contact {one}" for one in ("email", "phone", "post", "never")),
        )
    return Deed(f"{case.reference}: the complainant is reached by {how}.", (Change({"contact": how}),), back=True)


COMMANDS = (
    Command("reply", "#reply", "sends the text to the complainant", reply, takes_text=True),
    Command("yes", "#yes", "does what was offered or shown", yes, needs_case=False),
    Command("stop", "#stop", "takes back what has not left yet", stop, also=("cancel",), needs_case=False),
    Command("note", "#note", "keeps the text on the case, sends it to nobody", note, takes_text=True),
    Command("answered", "#answered DATE HOW", "it was done elsewhere: the duty is credited", answered, needs_case=False,
            takes_text=True),
    Command("called", "#called, or #called DATE", "you spoke with the complainant: the duty is credited", answered,
            also=("phoned", "rang"), takes_text=True),
    Command("posted", "#posted DATE", "a letter was posted: the duty is credited", posted, takes_text=True),
    Command("not-yet", "#not-yet", "what you sent was not yet the answer: it is still owed", not_yet),
    Command("contact", "#contact email/phone/post/never", "how the complainant wants to be reached", contact),
)  # fmt: skip

"""What else may be in a mail, besides its kind: each with its reason, put to a person as something one click does.

Owns the list. Promises: nothing here is done by itself, and nothing here delays or replaces the acknowledgement; what
the words do not say is not suggested. A fault in one question costs that one suggestion. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from complaintmail.mail.message import Message
from complaintmail.policy.policy import Policy
from complaintmail.triage import needs as needed
from complaintmail.triage import severity as severe
from complaintmail.triage.areas import areas_of
from complaintmail.triage.concerns import NEEDLES, Found
from complaintmail.triage.named import Named, named_in
from complaintmail.triage.needles import Needles, Said
from complaintmail.triage.points import points
from complaintmail.triage.wishes import appeals, kind_words, praising, withdraws, writes_for

READ = 20_000  # characters
UNREAD = Said("", frozenset())
LEVELS = ("low", "medium", "high")
LANGUAGES = {"cy": "Welsh", "other": "a language that is neither English nor Welsh"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that a person may want to do about a mail. `says`: what was seen, with the words that weighed;
    `command`: what one click would do, '' where there is nothing to do but to know it."""

    what: str  # severity, area, about, appeal, withdrawal, third-party, need, points, praise, language
    says: str
    label: str = ""
    command: str = ""
    more: str = ""  # lines to fill in below the command


@dataclass(frozen=True, slots=True)
class Read:
    """A mail as these questions see it."""

    subject: str
    text: str  # what its writer newly wrote
    policy: Policy | None = None  # None: its areas are not asked for
    people: Sequence[Named] = ()
    writer: str = ""
    seen: tuple[Found, ...] = ()
    language: str | None = None
    on_a_case: bool = False  # what it is for that case is asked by `continuing`
    said: Said = UNREAD  # as `looked_through` gives it

    @property
    def whole(self) -> str:
        return f"{self.subject}\n{self.text}"


def looked_through(message: Message) -> Said | None:
    """The words of a mail with all that concerns and suggestions look for, found at once; None for a long one, of which
    they do not read the same."""
    whole = f"{message.subject}\n{message.new_text}"
    return _needles().said(whole) if len(whole) <= READ else None


def suggestions(mail: Read) -> tuple[Suggestion, ...]:
    """All that is suggested of it, in the order in which it is shown. A question whose words are not there is not
    asked: most mails need few."""
    mail = mail if mail.said is not UNREAD else replace(mail, said=_needles().said(mail.whole[:READ]))
    found: list[Suggestion] = []
    for question, needles in QUESTIONS:
        if needles is not None and needles.isdisjoint(mail.said.there) and not (question is _severity and mail.seen):
            continue
        try:
            found += question(mail)
        except Exception:  # what is only suggested stops no mail
            continue
    return tuple(found)


def _severity(mail: Read) -> Iterator[Suggestion]:
    found = severe.severity(mail.whole, mail.seen, mail.said)
    if not found.signs:
        return
    usual = mail.policy.severity if mail.policy is not None else "medium"
    why = "; ".join(sign.in_words for sign in found.signs)
    if LEVELS.index(found.level) > LEVELS.index(usual):
        says = f"It may be more serious than most. {why}."
        yield Suggestion("severity", says, f"Its severity is {found.level}", f"#severity {found.level}")
    else:
        yield Suggestion("severity", f"How serious it is may depend on this: {why[:1].lower()}{why[1:]}.")


def _area(mail: Read) -> Iterator[Suggestion]:
    if mail.policy is None:
        return
    for found in areas_of(mail.policy, mail.subject, mail.text):
        says = f"It may be about {found.area.title} ({_quoted(found.words)})."
        yield Suggestion("area", says, f"It is about {found.area.title}", f"#area {found.area.name}")


def _about(mail: Read) -> Iterator[Suggestion]:
    if not mail.people:
        return
    for mention in named_in(mail.text, mail.people)[:3]:
        name = next((one.name for one in mail.people if one.email == mention.email), mention.email)
        who = "" if mention.words == name else f", who may be {name}"
        says = f"It names “{mention.words}”{who}. If it is about them, they get nothing of it."
        yield Suggestion("about", says, f"It is about {name}", f"#about {mention.email}")


def _appeal(mail: Read) -> Iterator[Suggestion]:
    found = None if mail.on_a_case else appeals(mail.whole)
    if found is None:
        return
    words, assessed = found
    what = "an appeal about how something was marked" if assessed else "an appeal against an earlier answer"
    label = "It belongs to an earlier case"
    yield Suggestion("appeal", f"It may be {what} (“{words}”).", label, "#link REF")


def _withdrawal(mail: Read) -> Iterator[Suggestion]:
    words = withdraws(mail.whole) if not mail.on_a_case and "complaint" in mail.whole.lower() else None
    if words:
        says = f"They may withdraw a complaint (“{words}”). Its dates run until that is confirmed to them in writing."
        yield Suggestion("withdrawal", says, "Yes, confirm it to them and close it", "#outcome withdrawn")


def _third_party(mail: Read) -> Iterator[Suggestion]:
    words = None if mail.on_a_case else writes_for(mail.whole)
    if words:
        says = f"It may be written for somebody else (“{words}”): nothing personal goes to its writer until that "
        says += "person has given permission."
        command = f"#consent {mail.writer}" if mail.writer else ""
        yield Suggestion("third-party", says, "They have given permission", command, "How it was given.")


def _needs(mail: Read) -> Iterator[Suggestion]:
    for found in needed.needs(mail.whole, mail.said):
        says = f"They may need {found.need} (“{found.words}”)."
        yield Suggestion("need", says, f"They need {found.need}", f"#need {found.need}")


def _points(mail: Read) -> Iterator[Suggestion]:
    found = points(mail.text)
    if found:
        said = "; ".join(f"({n}) {point}" for n, point in enumerate(found, 1))
        lines = "\n".join(f"Point {n}: {point}" for n, point in enumerate(found, 1))
        says = f"It makes {len(found)} points, each of which should be answered: {said}"
        yield Suggestion("points", says, "Keep these points, corrected if need be", "#note", lines)


def _praise(mail: Read) -> Iterator[Suggestion]:
    words = kind_words(mail.text, mail.said)
    if words:
        says = f"It has kind words as well, which are kept: “{words}”"
        yield Suggestion("praise", says, "Pass their kind words on", "#praise NAME", words)


def _language(mail: Read) -> Iterator[Suggestion]:
    if mail.language in LANGUAGES:
        says = f"It seems to be in {LANGUAGES[mail.language]}. Please have somebody who reads it say what it is."
        yield Suggestion("language", says, "It is in English", "#language english")


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _words(needles: str) -> frozenset[str]:
    return frozenset(needles.split("|"))


# Each question, and letters of which some must be there before it is worth asking (None: always)
QUESTIONS: tuple[tuple[Callable[[Read], Iterator[Suggestion]], frozenset[str] | None], ...] = (
    (_severity, severe.NEEDLES),
    (_third_party, _words("behalf|carer|guardian|advocate|representative|solicitor|lawyer|acting for|writing for|"
                          "speaking for")),
    (_needs, needed.NEEDLES),
    (_area, None),
    (_about, None),
    (_points, None),
    (_appeal, _words("appeal|review the|review of|review your|review this|reconsider|look again|disagree|not accept|"
                     "not satisfied|not happy|unhappy|dissatisfied|it further|this further|matter further|"
                     "complaint further|escalat")),
    (_withdrawal, _words("withdraw|drop|retract|cancel|take back|go on with|pursue|continue with|to take")),
    (_praise, None),
    (_language, None),
)  # fmt: skip


@cache
def _needles() -> Needles:
    """Those of concerns and of every question. The words of praise are read from the rules when first needed."""
    return Needles(NEEDLES.union(praising(), *(needles for _, needles in QUESTIONS if needles is not None)))


def still_fits(one: Suggestion, row: Mapping[str, Any]) -> bool:
    """Is it still to be said of this case, or has somebody done or settled it? `row`: the columns of the case."""
    value = one.command.partition(" ")[2]
    match one.what:
        case "severity":
            return not value or LEVELS.index(value) > LEVELS.index(str(row["severity"]))
        case "area":
            return not row["area"]
        case "need":
            return value not in (row["needs"] or ())
        case "language":
            return "language_said" not in (row.get("course") or {})
        case _:
            return row["kind"] in ("complaint", "appeal", "unreadable")

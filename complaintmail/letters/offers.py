"""What a notice offers to click: the answer to a question, what was seen in their words, what else it may be.

Each function gives the clicks that fit the case, or none. Nothing here reads a case or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from complaintmail.cases.suggesting import Suggestion
from complaintmail.letters.notice import Section
from complaintmail.letters.told import CaseTold, Click
from complaintmail.policy.windows import add_months
from complaintmail.policy.wording import long_date
from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, SERIOUS

_NOT_ON_IT = re.compile(r"(\S{1,250}@\S{1,250}) writes about this case and is not on it")
_ALLOWED = re.compile(r"answers yes: (\S{1,250}@\S{1,250}) may speak for them")
_NAMES_CASE = re.compile(r"it names ([A-Z0-9-]{1,40}) from an address that is not on it", re.IGNORECASE)


MOST = 10  # links of a notice, where something was found in their words: from these on, only what must be there
MOST_SEEN = 9  # for what was found: hardly any mail has more, and each can be corrected with one click
WEIGHTIEST = (
    "about",
    "severity",
    "third-party",
    "withdrawal",
    "appeal",
    "language",
    "need",
    "area",
    "points",
    "praise",
)

NO_COMPLAINT = (
    Click("It is praise", "#kind compliment"),
    Click("It is only an enquiry", "#kind enquiry"),
    Click("It is spam", "#kind spam"),
)


def is_open_question(case: CaseTold) -> bool:
    """Does a person still have to say whether this is a complaint?"""
    return not case.sure and case.kind in ("complaint", "unreadable") and case.status != "closed"


def which_kind(case: CaseTold) -> tuple[Click, ...]:
    """Is it a complaint? Each answer sends what is then due."""
    if not is_open_question(case):
        return ()
    return (Click("It is a complaint", "#kind complaint"), *NO_COMPLAINT)


def question(case: CaseTold) -> tuple[Section, ...]:
    """The question what it is, which stands above all else; it says what was done meanwhile."""
    if not is_open_question(case):
        return ()
    asks = (
        "The program is not sure. Please read the mail and click on what it is; a letter that is then due goes by "
        "itself. Until you say otherwise it is treated as a complaint, from the day it came."
    )
    return (Section("Is it a complaint?", paragraphs=(asks,)),)


def besides(case: CaseTold, clicks: Sequence[Click]) -> tuple[Section, ...]:
    """What else may be in it. Nothing of this was done. What has no link among these says what to write."""
    if not case.suggested:
        return ()
    linked = {(click.line, click.more) for click in clicks}
    unlinked = [one for one in case.suggested if one.command and (one.command, one.more) not in linked]
    items = tuple(line for one in case.suggested for line in _lines(one, one not in unlinked))
    many = sum(bool(one.command) for one in case.suggested)
    does = "use its link below" if len(unlinked) < many else "reply as it says"
    says = "None of this has been done." + (f" For what is right, {does}; leave what is wrong." if many else "")
    if 0 < len(unlinked) < many:
        says += " Only the weightiest have a link: for the others, and for all else, reply. #help tells what there is."
    return (Section("What else may be in it", paragraphs=(says,), items=items),)


def _lines(one: Suggestion, linked: bool) -> tuple[str, ...]:
    """A suggestion in words; points are listed as points."""
    write = ""
    if not linked:
        below = {"points": " and write the points below it", "": ""}.get(
            one.what if one.more else "", " and fill it in"
        )
        write = f" To say so, begin a reply with: {one.command}{below}"
    if one.what != "points":
        return (f"{one.says}{write}",)
    return (f"{one.says.partition(': (1)')[0]}:{write}", *one.more.splitlines())


def of_suggestions(case: CaseTold, most: int = MOST) -> tuple[Click, ...]:
    """One click for each suggestion that something can be done with, the weightiest first."""
    seen = {click.line for click in of_concerns(case)}
    ordered = sorted((one for one in case.suggested if one.command), key=_weight)
    clicks = (Click(one.label, one.command, one.more) for one in ordered)
    return tuple(click for click in clicks if click.line not in seen)[:most]


def _weight(one: Suggestion) -> int:
    return WEIGHTIEST.index(one.what) if one.what in WEIGHTIEST else len(WEIGHTIEST)


def fitting(
    case: CaseTold, first: Sequence[Click], people: Sequence[Click], rest: Sequence[Click]
) -> tuple[Click, ...]:
    """What a notice offers of all that could be: no more than a person reads, where much was found in their words.
    Always there are the first, what cannot wait, and the first and the last of `people`."""
    urgent, found = (*of_concerns(case), *elsewhere(case)), of_suggestions(case)
    if not found:
        return (*first, *people, *urgent, *rest)
    firm = len(first) + len(urgent)
    seen = found[:MOST_SEEN]
    some = (*people[: max(1, MOST - firm - len(seen) - 2)], *people[-1:]) if len(people) > 2 else tuple(people)
    shown = (*first, *some, *urgent, *seen)
    lines = {(click.line, click.more) for click in shown}
    left = [click for click in rest if (click.line, click.more) not in lines]
    return (*shown, *left[: max(0, MOST - len(shown))])


def kind_words(case: CaseTold) -> tuple[Click, ...]:
    """A complaint that praises somebody as well: those words are passed on alone."""
    if any(one.what == "praise" for one in case.suggested):
        return ()  # that suggestion has them written out
    too = any("praises as well" in reason for reason in case.reasons)
    return (Click("Pass their kind words on", "#praise NAME", "Their kind words here."),) if too else ()


def of_concerns(case: CaseTold) -> tuple[Click, ...]:
    """What was seen in their words: acted on, or taken back."""
    seen = {one.concern for one in case.concerns}
    clicks: list[Click] = []
    if seen & SERIOUS:
        clicks.append(Click("Mark it as serious, and tell whom the policy names", "#serious"))
        clicks.append(Click("Its severity is high", "#severity high"))
    if Concern.ACCESS in seen and not any(each.what == "access" for each in case.promises):
        by = long_date(add_months(case.received_at.astimezone(case.zone).date(), 1))
        clicks.append(Click("See that they get it", f"#action Give them what is recorded about them by {by}"))
    elif Concern.ACCESS in seen:
        clicks.append(Click("They do not ask for their data", "#concern off access"))
    if Concern.DATA in seen:
        clicks.append(Click("It is not about personal data", "#concern off data"))
    if seen & GRAVE:
        clicks.append(Click("Nobody is at risk: take that back", "#concern off safety"))
    return tuple(clicks)


def elsewhere(case: CaseTold) -> tuple[Click, ...]:
    """It may belong to somebody else: that is for a person to say."""
    return tuple(Click(f"It belongs to {where}: refer it", f"#refer {where}") for where in case.elsewhere)


def choices(why: str) -> tuple[Click, ...]:
    """What a question is answered with, by the words in which `cases.admit` asks it."""
    if "the same matter, or a new complaint" in why:
        return (
            Click("It is the same matter: take it up again", "#reopen they wrote again about the same matter"),
            Click("It is a new complaint", "#split"),
        )
    if "withdraw their complaint" in why:
        return (Click("Yes, confirm it to them and close it", "#outcome withdrawn"),)
    if (allowed := _ALLOWED.search(why)) is not None:
        return (Click(f"Yes, {allowed[1]} may speak for them", f"#consent {allowed[1]}"),)
    if "was referred to" in why:
        return (Click("Take it up again", "#reopen they came back with it"),)
    if "were asked, and say" in why:
        take_up = "#appeal accept" if "is the appeal" in why else "#reopen our answer did not settle it"
        return (Click("Take it up", take_up),)
    if "Where can it be confirmed" in why:
        return (Click("Give their address, and confirm it", "#confirm ADDRESS", "What was agreed, as they read it."),)
    if "Is the appeal taken up?" in why:
        return (
            Click("Take up the appeal", "#appeal accept"),
            Click("Do not take it up, and tell them why", "#appeal decline", "Why, as they are to read it."),
        )
    if (asks := _NOT_ON_IT.search(why)) is not None:
        may = (
            f"{asks[1]} has written to us about your complaint. May they speak for you, and may we tell them about it?"
        )
        return (
            Click("The complainant allows it", f"#consent {asks[1]}"),
            Click("Ask the complainant", "#ask", may),
        )
    if (names := _NAMES_CASE.search(why)) is not None:
        return (Click(f"It belongs to {names[1]}", f"#merge {names[1]}"),)
    if "its answer waits for a person" in why.lower():
        return (Click("It is a complaint: send the answer", "#kind complaint"),)
    return ()

"""The one page for everybody who works there: what to do when somebody complains, and what happens then, by whom.

Made from the policy's file, like the page for the public, so that it is always in step with it. It names roles and no
people, and nothing that a complainant should not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from complaintmail.policy.explaining import sentence_of
from complaintmail.policy.leaflet import Leaflet, Part, Way, working_days
from complaintmail.policy.policy import Policy
from complaintmail.policy.wording import joined


def staff_page(policy: Policy, addresses: Sequence[str], today: date) -> Leaflet:
    parts = (
        _when_somebody_complains(policy, addresses),
        _by_word_of_mouth(policy),
        Part("What happens then, who does it, and by when", steps=tuple(_duties(policy)), after=_days(policy, today)),
        _afterwards(policy),
        _always(policy),
    )
    return Leaflet(
        title=f"When somebody complains: for everybody at {policy.organisation}",
        organisation=policy.organisation,
        parts=tuple(part for part in parts if part is not None),
        foot=f"This page follows our {policy.title}, version {policy.version.partition('/')[0]}.",
    )


def _title(policy: Policy, role_name: str) -> str:
    role = policy.role(role_name)
    return role.title if role else role_name


def _when_somebody_complains(policy: Policy, addresses: Sequence[str]) -> Part:
    said = [
        "Whoever tells us that they are unhappy with something has complained, whether they call it that or not, and "
        "whether they are right or not. Listen, thank them, and do not argue.",
        "If it came to you by mail, forward it the same day to the address below: its days count from when it came, "
        "not from when you forward it. You need not acknowledge it; that is done at once.",
        f"A new complaint goes to: {_title(policy, policy.first)}.",
    ]
    if policy.public.first:
        said.append(
            "Somebody may wish to speak first with the person concerned. Nobody has to, and no complaint is turned "
            "away because they did not."
        )
    ways = tuple(Way("Forward it to", address, f"mailto:{address}") for address in addresses)
    return Part("When somebody complains", tuple(said), ways)


def _by_word_of_mouth(policy: Policy) -> Part:
    first = _title(policy, policy.first)
    said = (
        "Try to put it right there and then, if you can.",
        "Write down who they are and how to reach them, what happened and when, what would put it right for them, and "
        "what you have promised them. Ask whether something would help them, such as large print or an interpreter.",
        "Send that to the same address, the same day, with #record as its first line; if something is missing, you are "
        f"asked for it. If you have never had a letter from the complaints mailbox, give it to: {first}.",
    )
    return Part("When they tell you in person or by telephone", steps=said)


def _duties(policy: Policy) -> Iterator[str]:
    for duty in policy.duties:
        if duty.starts != "data-complaint" and duty.kind != "appeal":
            yield sentence_of(policy, duty)


def _days(policy: Policy, today: date) -> tuple[str, ...]:
    return (
        "The day of receipt is not counted. Each time runs to the end of its last day.",
        *working_days(policy, today),
    )


def _afterwards(policy: Policy) -> Part | None:
    said = []
    if policy.outcome.copies:
        copies = joined([_title(policy, role) for role in policy.outcome.copies])
        said.append(f"Once the outcome has gone, a summary without names goes to: {copies}.")
    if policy.appeal is not None:
        within = f"within {policy.appeal.within} of receiving the outcome" if policy.appeal.within else "at any time"
        alternate = f"; where they had a part in the answer: {_title(policy, policy.appeal.alternate)}"
        heard = f"{_title(policy, policy.appeal.role)}{alternate if policy.appeal.alternate else ''}"
        said.append(f"The complainant may appeal {within}. An appeal is heard by: {heard}.")
    else:
        said.append("There is no appeal under this policy: do not promise one.")
    if policy.praise is not None:
        said.append("Praise is kept and passed on too: forward it to the same address.")
    return Part("Afterwards", tuple(said))


def _always(policy: Policy) -> Part:
    said = [
        f"If somebody may be in danger, tell the {_title(policy, 'safeguarding')} at once, whatever else you do.",
        "Speak of a complaint only with those who deal with it. Whoever it is about has no part in it.",
        "If somebody complains about how we use their personal data, forward it in the same way: the law gives us a "
        "time of its own to answer that.",
    ]
    if policy.serious:
        said.insert(1, f"Of a serious complaint these are told at once: {_title(policy, policy.serious)}.")
    return Part("Always", tuple(said))

"""Does every letter render for every case that it can meet? Asked before a complainant is.

Renders each letter for each policy and each kind of case in sample.py, and looks for what an acknowledgement, and
the letter to somebody at risk, must say. A line for each problem, nothing else; no problem: nothing.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from itertools import product

from complaintmail.letters.catalogue import OTHERS
from complaintmail.letters.facts import LetterFacts
from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.render import Letters
from complaintmail.letters.sample import dated, every_kind, undated
from complaintmail.letters.values import written_date
from complaintmail.policy.entries import nearest
from complaintmail.policy.policy import Policy

HEADERS = 1500  # bytes that the headers of an answer in a long conversation come to
EMERGENCY = "999"  # throughout the nations that a policy can name
LONGEST = 8192  # bytes of a whole acknowledgement: an answer anybody can cause stays small


def problems(letters: Letters, policies: Iterable[Policy]) -> list[str]:
    """A line for each thing wrong with the letters of these policies, each said once."""
    found: dict[str, None] = {}
    for stray in letters.catalogue.strays():
        right = nearest(stray.name, [f"{kind}.md" for kind in LetterKind])
        found[f"{stray}: no letter has this name, so it is never used; {right}"] = None
    for policy in policies:
        for kind in LetterKind:
            found.update(dict.fromkeys(_problems_of(letters, kind, policy)))
    return list(found)


def _problems_of(letters: Letters, kind: LetterKind, policy: Policy) -> Iterator[str]:
    unusable = letters.problems(kind, policy.name)
    yield from unusable
    if unusable:
        return
    seen: set[str] = set()
    others = [each for each in OTHERS if letters.catalogue.find(f"{kind}.{each}.md", policy.name) is not None]
    for (what, facts), language in product(every_kind(policy), ("en", *others)):
        rendered = letters.render(kind, policy.name, facts, language=language)
        if rendered.problem is None:
            size = len(b2a_qp(rendered.text.encode())) + len(b2a_qp(rendered.html.encode())) + HEADERS
            if size > LONGEST:
                yield f"{rendered.template}: comes to about {size} bytes ({what}); {LONGEST} is the most"
        elif rendered.problem not in seen:
            seen.add(rendered.problem)
            yield f"{rendered.problem} ({policy.name}: {what})"
    if kind is LetterKind.ACKNOWLEDGEMENT and not seen:
        yield from _unsaid(letters, policy)
    if kind is LetterKind.CONCERN and not seen:
        yield from _unsaid_to_whoever_is_in_danger(letters, policy)


def _unsaid(letters: Letters, policy: Policy) -> Iterator[str]:
    """What an acknowledgement must say, and this one does not."""
    facts = dated(policy)
    said = letters.render(LetterKind.ACKNOWLEDGEMENT, policy.name, facts)
    for what, words in _must_say(facts):
        if words and words not in _words(said):
            yield f"{said.template}: does not say {what}, as an acknowledgement must ({policy.name})"
    facts = undated(policy)
    said = letters.render(LetterKind.ACKNOWLEDGEMENT, policy.name, facts)
    decide_by = facts.case.decide_by
    # Where the policy gives the date itself, it is always there.
    if policy.duty("set-date") is not None and decide_by and written_date(decide_by) not in _words(said):
        yield (
            f"{said.template}: does not say by when the date of the answer will come (case.decide_by), "
            f"where a person still has to set it ({policy.name})"
        )


def _unsaid_to_whoever_is_in_danger(letters: Letters, policy: Policy) -> Iterator[str]:
    """What the letter where somebody may be at risk must say, and this one does not."""
    facts = dated(policy)
    said = letters.render(LetterKind.CONCERN, policy.name, facts)
    must = (
        ("the reference (case.reference)", facts.case.reference),
        ("whom to call in danger (999)", EMERGENCY),
        ("who sees it (person.name)", facts.person.name),
        ("how to reach a person (mailbox)", facts.mailbox),
        ("who writes (policy.organisation)", facts.policy.organisation),
    )
    for what, words in must:
        if words not in _words(said):
            yield f"{said.template}: does not say {what}, as a letter to somebody at risk must ({policy.name})"


def _must_say(facts: LetterFacts) -> Iterator[tuple[str, str]]:
    case = facts.case
    yield "the reference (case.reference)", case.reference
    yield "when the complaint was received (case.received_on)", written_date(case.received_on)
    if case.respond_by:
        yield "by which date the answer comes (case.respond_by)", written_date(case.respond_by)
    yield "who is dealing with it (person.name)", facts.person.name
    yield "how to reach a person (mailbox)", facts.mailbox
    yield "where the policy says to go next (policy.if_unhappy)", " ".join(facts.policy.if_unhappy.split())
    yield "who writes (policy.organisation)", facts.policy.organisation


def _words(rendered: Rendered) -> str:
    return " ".join(rendered.text.split())

"""Whom a complaint names only to praise them, while it complains of somebody else by name.

Owns that finding. Promises: whoever may be meant otherwise is not among them. Each clause that names them is plain
praise with no other word in it; the next one names somebody else, or there is none; and nowhere in the mail is a word
that may mean them as well: "she", "who", "both", "your staff", "the tutor". Whatever is not understood speaks against
it: to be asked about wrongly costs a question, and to be passed over wrongly shows a complaint to whom it is about.
Pure, in linear time.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read and reviewed as running text
import re
from collections.abc import Sequence
from dataclasses import dataclass

from complaintmail.triage.named import Mention, Named, named_in, telling, words_of
from complaintmail.triage.names import TITLES
from complaintmail.triage.rules import shipped_rules

LONGEST = 3000  # characters; what is told at length is told of several people
NEAR = 3  # words at the beginning of a clause, among which somebody is named

_PARTS = re.compile(
    r"[.,;:()\n]+|\s[-–—]+\s|\b(?:but|however|although|though|whereas|while|yet|unlike)\b", re.IGNORECASE
)
_TITLE = re.compile(r"\b(mrs?|ms|miss|dr|prof)\.", re.IGNORECASE)
_BARE = re.compile(r"[\w\s'’!-]*")
_MEANS_THEM_TOO = frozenset(
    """she he her him his hers they them their theirs herself himself themselves who whom whose which both each either
    neither everyone everybody anyone anybody someone somebody nobody none all others same former latter these those
    you your yours staff team crew colleague colleagues employee employees people person lot tutor tutors trainer
    teacher instructor lecturer coach assessor examiner marker manager supervisor director officer clerk secretary
    receptionist reception nurse doctor carer worker keyworker adviser advisor assistant agent operator driver lady
    woman girl man boy guy bloke gentleman individual office department desk service""".split()
)
_PLAIN = frozenset("is was are were has have been a an the and very really truly extremely to me us with".split())


@dataclass(frozen=True, slots=True)
class _Clause:
    words: tuple[str, ...]
    bare: bool  # words and blanks alone: no mark that may turn it


def suspects(subject: str, text: str, people: Sequence[Named]) -> tuple[str, ...]:
    """The addresses, in small letters, of those whom a complaint may be about: all whom its text names, but those."""
    mentions = named_in(text, people)
    spared = only_praised(f"{subject}\n{text}", people, mentions)
    return tuple(dict.fromkeys(one.email.lower() for one in mentions if one.email not in spared))


def only_praised(text: str, people: Sequence[Named], mentions: Sequence[Mention]) -> frozenset[str]:
    """The addresses of those among the mentioned who are only praised."""
    if not mentions or len(text) > LONGEST:
        return frozenset()
    told = "\n".join(telling(text))
    all_words = words_of(text)
    if not _MEANS_THEM_TOO.isdisjoint(words_of(told)) or "@" in text:
        return frozenset()
    clauses = [_clause(part) for part in _PARTS.split(_TITLE.sub(r"\1", told)) if part.strip()]
    named = {mention.email for mention in mentions}
    names = {one.email: _names(one) for one in people if one.email in named}
    every = frozenset().union(*names.values())
    found = set()
    for email, own in names.items():
        at = [n for n, clause in enumerate(clauses) if not own.isdisjoint(clause.words)]
        everywhere = sum(word in own for clause in clauses for word in clause.words)
        if not at or everywhere != sum(word in own for word in all_words):  # a greeting or a signature has it too
            continue
        others = [n for n, one in enumerate(clauses) if _names_another(one, own, every) and not _praises(one, every)]
        if others and all(_praises(clauses[n], every) and _is_left(clauses, n, own, every) for n in at):
            found.add(email)
    return frozenset(found)


def _clause(part: str) -> _Clause:
    return _Clause(tuple(words_of(part)), _BARE.fullmatch(part) is not None)


def _names(person: Named) -> frozenset[str]:
    return frozenset(words_of(person.name.replace("-", " "))) - TITLES


def _praises(clause: _Clause, names: frozenset[str]) -> bool:
    """ "Anna was lovely", "Anna and Tom were very kind to me", and no word more than such a clause has."""
    known = names | TITLES
    begins = next((n for n, word in enumerate(clause.words) if word not in known and word != "and"), 0)
    praise, rest = shipped_rules().tables["praise"], [word for word in clause.words[begins:] if word not in _PLAIN]
    return begins > 0 and clause.bare and bool(rest) and all(praise.get(word, 0) >= 1 for word in rest)


def _names_another(clause: _Clause, own: frozenset[str], names: frozenset[str]) -> bool:
    """Does it begin with somebody else, one of ours or a stranger with a title?"""
    if not own.isdisjoint(clause.words):
        return False
    return any(word in names or word in TITLES for word in clause.words[:NEAR])


def _is_left(clauses: Sequence[_Clause], at: int, own: frozenset[str], names: frozenset[str]) -> bool:
    """Does the mail go on to somebody else, or end?"""
    if at + 1 == len(clauses):
        return True
    after = clauses[at + 1]
    return _names_another(after, own, names) or _praises(after, names)

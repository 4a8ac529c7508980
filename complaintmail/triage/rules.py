"""The rules by which words weigh, as an administrator can read and change them (`packaged/rules.toml`).

Owns the file's form, `parse` and `weigh`. Promises: a mistake in a file is a `ValueError` that names the rule in plain
words, and never half a set of rules; `weigh` is linear, costs one look-up for a word of no interest, and minds
negation ("not happy" counts against, "no problems" does not count) and politeness ("best wishes" praises nobody).
`version` changes with any word of the rules.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain
from typing import Any

from complaintmail.triage.kept import Kept

VETO = 3.0  # a rule of this weight that speaks of dissatisfaction is never overruled
SURE = 2.0  # this weight of dissatisfaction leaves no doubt
REACH = 3  # words after a negation that it turns
LONGEST = 3  # words of a phrase
LONGEST_FORM = 8  # words of a polite form

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SAYS = ("complaint", "praise", "enquiry", "harm", "law", "doubt", "negation", "courtesy")
_WEIGHED = ("complaint", "praise", "enquiry")
Forms = tuple[tuple[int, list[str]], ...]  # where a word stands in a polite form, and that form
_ENDS, _WEIGHS, _HARM, _DOUBT, _NEGATES = (1 << bit for bit in range(5))


@dataclass(slots=True)
class Weights:
    """What the words of one mail add up to."""

    complaint: float = 0.0
    praise: float = 0.0
    enquiry: float = 0.0
    complaint_words: list[str] = field(default_factory=list)
    praise_words: list[str] = field(default_factory=list)
    enquiry_words: list[str] = field(default_factory=list)
    strongest: float = 0.0  # the weight of the strongest word of dissatisfaction
    doubt: str = ""
    harm: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def features(self) -> dict[str, float]:
        """What the trained model takes from the rules."""
        against, praise, asks = self.complaint, self.praise, self.enquiry
        return {
            "r:complaint": min(against, 6.0) / 6,
            "r:praise": min(praise, 6.0) / 6,
            "r:enquiry": min(asks, 6.0) / 6,
            "r:doubt": float(bool(self.doubt)),
            "r:harm": float(bool(self.harm)),
            "r:some complaint": float(against >= 1),
            "r:clear complaint": float(against >= 2),
            "r:strong complaint": float(against >= 3),
            "r:some praise": float(praise >= 1),
        }


@dataclass(frozen=True, slots=True)
class Rules:
    """`tables`: for each thing that a rule can say, its words and phrases with their weight."""

    version: str
    tables: Mapping[str, Mapping[str, float]]
    senders: frozenset[str] = frozenset()
    flags: Mapping[str, int] = field(default_factory=dict, repr=False)
    before: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    polite: Mapping[str, Forms] = field(default_factory=dict, repr=False)

    def keeps(self, address: str) -> bool:
        """Is mail from this address always put to a person?"""
        address = address.lower()
        return bool(self.senders) and (address in self.senders or address.rpartition("@")[2] in self.senders)


def parse(text: str, own: str = "", policy: str = "") -> Rules:
    """The rules in a file, with those of this installation's `own` file in their places or beside them."""
    first = tomllib.loads(text)
    found = {rule["name"]: rule for rule in _read(first)}
    more = tomllib.loads(own) if own else {}
    found |= {rule["name"]: rule for rule in _read(more)}
    tables: dict[str, dict[str, float]] = {says: {} for says in _SAYS}
    for rule in found.values():
        if not rule.get("policies") or policy in rule["policies"]:
            tables[rule["says"]] |= dict.fromkeys(rule["any"], float(rule.get("weight", 1.0)))
    senders = frozenset(sender.lower() for said in (first, more) for sender in _senders(said))
    version = sha256(f"{text}\0{own}\0{policy}".encode()).hexdigest()[:8]
    return Rules(version, tables, senders, _flags(tables), _before(tables), _polite(tables))


def _senders(said: Mapping[str, Any]) -> Sequence[str]:
    senders = said.get("never_release", {}).get("senders", [])
    if not isinstance(senders, list) or not all(isinstance(sender, str) for sender in senders):
        raise ValueError("never_release.senders is a list of addresses or domains.")
    return senders


def _read(said: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    unknown = set(said) - {"rule", "never_release"}
    if unknown:
        raise ValueError(f"Rules hold [[rule]] and [never_release]; not known here: {', '.join(sorted(unknown))}.")
    rules = said.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ValueError("A rule begins with a line [[rule]].")
    for at, rule in enumerate(rules, 1):
        name = rule.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError(f"Rule {at} has no name.")
        _check(name, rule)
    return rules


def _check(name: str, rule: Mapping[str, Any]) -> None:
    unknown = set(rule) - {"name", "says", "weight", "any", "policies"}
    if unknown:
        raise ValueError(f"Rule “{name}”: not known: {', '.join(sorted(unknown))}.")
    if rule.get("says") not in _SAYS:
        raise ValueError(f"Rule “{name}”: `says` is one of {', '.join(_SAYS)}.")
    weight = rule.get("weight", 1.0 if rule["says"] not in _WEIGHED else None)
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 < weight <= 10:
        raise ValueError(f"Rule “{name}”: `weight` is a number above 0 and at most 10.")
    some = rule.get("any")
    if not isinstance(some, list) or not some or not all(isinstance(word, str) for word in some):
        raise ValueError(f"Rule “{name}”: `any` is a list of words and phrases.")
    for word in some:
        words = word.split(" ")
        most, many = (LONGEST_FORM, "eight") if rule["says"] == "courtesy" else (LONGEST, "three")
        if len(words) > most or not all(WORD.fullmatch(one) and one == one.lower() for one in words):
            raise ValueError(f"Rule “{name}”: “{word}” is not one to {many} words in lower case.")
        if len(words) > 1 and rule["says"] in ("doubt", "negation"):
            raise ValueError(f"Rule “{name}”: “{word}”: here each is a single word.")
    policies = rule.get("policies", [])
    if not isinstance(policies, list) or not all(isinstance(policy, str) for policy in policies):
        raise ValueError(f"Rule “{name}”: `policies` is a list of policies' names.")


def shipped_text() -> str:
    return (files("complaintmail.triage") / "packaged" / "rules.toml").read_text("utf-8")


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    return parse(shipped_text())


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, as rules and the guess at its language read them."""
    return list(chain.from_iterable(map(_in_piece.__getitem__, text.lower().replace("’", "'").split())))


_in_piece = Kept(WORD.findall, 12_000)


def weigh(text: str, rules: Rules | None = None) -> Weights:
    """Add up the words of a text."""
    return weigh_words(words_of(text), rules or shipped_rules())


def weigh_words(words: Sequence[str], rules: Rules) -> Weights:
    weights = Weights(count=len(words))
    interesting, before = rules.flags, rules.before
    denied = dealt = -9  # where the last negation stood, and the last word that a phrase took with it
    for at in [at for at, word in enumerate(words) if word in interesting]:
        word = words[at]
        flags = interesting[word]
        if flags & _ENDS and at and words[at - 1] in before[word]:
            if _phrase(weights, rules, f"{words[at - 1]} {word}"):
                dealt = at
            if at > 1 and _phrase(weights, rules, f"{words[at - 2]} {words[at - 1]} {word}"):
                dealt = at
        if flags & _WEIGHS and dealt != at:
            _word(weights, rules, words, at, at - denied <= REACH)
        if flags & _HARM:
            weights.harm[word] = "harm" if word in rules.tables["harm"] else "law"
        if flags & _DOUBT and not weights.doubt:
            weights.doubt = word
        if flags & _NEGATES:
            denied = at
    return weights


def _word(weights: Weights, rules: Rules, words: Sequence[str], at: int, denied: bool) -> None:
    word = words[at]
    weight = rules.tables["complaint"].get(word)
    if weight is not None:
        if not denied or (weight > SURE and not word.startswith("complain")):  # "without heating, unacceptable"
            _against(weights, word, weight)
        return
    weight = rules.tables["praise"].get(word)
    if weight is None:
        weights.enquiry += rules.tables["enquiry"][word]
        weights.enquiry_words.append(word)
    elif not denied:
        if any(words[at - of : at - of + len(form)] == form for of, form in rules.polite.get(word, ()) if of <= at):
            return
        weights.praise += weight
        weights.praise_words.append(word)
    elif weight >= 1:
        _against(weights, f"not {word}", 1.0)


def _against(weights: Weights, said: str, weight: float) -> None:
    weights.complaint += weight
    weights.complaint_words.append(said)
    weights.strongest = max(weights.strongest, weight)


def _phrase(weights: Weights, rules: Rules, phrase: str) -> bool:
    """Count a phrase; True when its last word is thereby dealt with."""
    tables = rules.tables
    if (weight := tables["complaint"].get(phrase)) is not None:
        _against(weights, phrase, weight)
        return True
    if (weight := tables["praise"].get(phrase)) is not None:
        weights.praise += weight
        weights.praise_words.append(phrase)
        return True
    if (weight := tables["enquiry"].get(phrase)) is not None:
        weights.enquiry += weight
        weights.enquiry_words.append(phrase)
    elif phrase in tables["harm"] or phrase in tables["law"]:
        weights.harm[phrase] = "harm" if phrase in tables["harm"] else "law"
    return False


def _polite(tables: Mapping[str, Mapping[str, float]]) -> dict[str, Forms]:
    """For each word of praise, the polite forms that it stands in, and where in them."""
    found: dict[str, list[tuple[int, list[str]]]] = {}
    for form in tables["courtesy"]:
        words = form.split(" ")
        for at, word in enumerate(words):
            if word in tables["praise"]:
                found.setdefault(word, []).append((at, words))
    return {word: tuple(forms) for word, forms in found.items()}


def _before(tables: Mapping[str, Mapping[str, float]]) -> dict[str, frozenset[str]]:
    """For each word that ends a phrase, the words that stand before it in one."""
    before: dict[str, set[str]] = {}
    for phrase in chain.from_iterable(table for says, table in tables.items() if says != "courtesy"):
        if " " in phrase:
            *_, last_but_one, last = phrase.split(" ")
            before.setdefault(last, set()).add(last_but_one)
    return {last: frozenset(words) for last, words in before.items()}


def _flags(tables: Mapping[str, Mapping[str, float]]) -> dict[str, int]:
    """What to look for at each word, so that the many words of no interest cost one look-up."""
    flags: dict[str, int] = {}
    of = dict.fromkeys(_WEIGHED, _WEIGHS) | {"harm": _HARM, "law": _HARM, "doubt": _DOUBT, "negation": _NEGATES}
    for says, table in tables.items():
        for phrase in table if says != "courtesy" else ():
            last = phrase.rpartition(" ")[2]
            flags[last] = flags.get(last, 0) | (of[says] if last == phrase else _ENDS)
    return flags

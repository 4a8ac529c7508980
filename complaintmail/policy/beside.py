"""An organisation's own policy text, set beside the clauses of its file: which sentence is which clause's.

A sentence is matched by the heading or number under which it stands and by the words that it shares with a clause's
summary and readings, rare words counting more than common ones. It is a help for whoever signs the file, not a
judgement: a sentence without a clause may be an aim that asks for nothing, or a promise that was forgotten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from complaintmail.policy.policy import Clause, Policy

ENOUGH = 0.2  # of agreement, to say that a sentence is a clause's
NEAR = 0.75  # of the best one's agreement, to be named beside it
WITHIN = 0.4  # what a clause that stands whole within a longer sentence counts
SHORTEST = 2  # words; what is shorter than FULL is named only where every word of it is a clause's
FULL = 4
MOST = 3  # clauses to a sentence
LONGEST_HEADING = 70
LONGEST = 2_000_000  # characters of a text that is looked at
NUMBER = re.compile(r"^\s*(?:step\s+)?(\d{1,2}(?:\.\d{1,2})*)[.)]?[\s\t]+", re.IGNORECASE)
BULLET = re.compile(r"^\s*(?:[-*•–]|[a-z]\)|\([a-z]\))\s+")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z\"“(])")
WORD = re.compile(r"[a-z]+|\d+")
UP_TO_TWELVE = "zero one two three four five six seven eight nine ten eleven twelve"
FIGURES = {word: str(n) for n, word in enumerate(UP_TO_TWELVE.split())}
FIGURES |= {"fifteen": "15", "twenty": "20", "thirty": "30", "twentyeight": "28"}
NOTHING_SAID = (
    "a an the and or of to in on at by for with from as is are was were be been being it its this that these those "
    "all any each every will would shall should may can could must not no we our us you your they their them he she "
    "who whom whoever whose which what when where how there here if then than so such also about into out up has have "
    "had do does did ensure aim aims policy procedure complaint complain organisation company"
)
EMPTY = frozenset(NOTHING_SAID.split())
# Words that complaints policies use for one thing.
SAME = {
    word: words.split()[0]
    for words in (
        "answer respond response reply",
        "customer client complainant",
        "write written writing letter",
        "mail email",
        "law legislation legal act statutory",
        "receive receipt received arrive",
        "log record",
        "settle resolve resolution resolve",
        "put action actioned done",
        "phone telephone call caller verbal spoken speak talk",
        "praise compliment",
        "learn learning learnt",
        "look review revise monitor watch",
        "investigate investigation research",
        "consult ask",
        "know aware",
        "advocacy advocate",
        "interpreter interpretation interpretative",
        "equal equality equally alike",
        "satisfied satisfaction satisfy content",
        "deal dealt dealing handle handled",
        "outcome finding result",
        "unhappy dissatisfied unsatisfactory dissatisfaction",
        "tell inform notify advise told",
        "often recur reoccur reoccurence reoccurrence occurrence occurence again",
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Sentence:
    line: int
    heading: str
    number: str  # "1.3": the one it stands under, '' where there is none
    text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One sentence of the text, and the ids of the clauses that it seems to be; () where none covers it."""

    sentence: Sentence
    clauses: tuple[str, ...]


def beside(policy: Policy, text: str) -> tuple[Beside, ...]:
    sentences = list(sentences_of(text[:LONGEST]))
    clauses = [clause for clause in policy.clauses if not clause.law]
    # An organisation's own name stands in every sentence and says nothing.
    names = _stems(f"{policy.organisation} {policy.prefix}")
    said = [_stems(sentence.text) - names for sentence in sentences]
    ours = {clause.id: _stems(_words_of(policy, clause)) - names for clause in clauses}
    seen = Counter(word for words in (*said, *ours.values()) for word in words)
    rare = {word: log(1 + (len(said) + len(ours)) / times) for word, times in seen.items()}
    quotes = {clause.id: [_stems(r.words) for r in policy.readings if r.clause == clause.id] for clause in clauses}
    found = []
    for sentence, words in zip(sentences, said, strict=True):
        agreement = {
            clause.id: _agreement(words, ours[clause.id], rare)
            + _place(sentence, clause)
            + _quoted(words, quotes[clause.id])
            for clause in clauses
            if any(word.isalpha() for word in words & ours[clause.id])
        }
        best = max(agreement.values(), default=0.0)
        near = [clause for clause, much in agreement.items() if much >= max(ENOUGH, best * NEAR)]
        if len(sentence.text.split()) < FULL:
            near = [clause for clause in near if words <= ours[clause]]
            if not near:
                continue
        found.append(Beside(sentence, tuple(sorted(near, key=lambda clause: -agreement[clause])[:MOST])))
    return tuple(found)


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a text, each with the heading and the number that it stands under."""
    heading = number = ""
    told: set[str] = set()
    for at, line in enumerate(text.splitlines(), start=1):
        words = re.sub(r"[*_#]{1,6}", "", line).strip()
        bullet = BULLET.match(words)
        numbered = NUMBER.match(words)
        if words and not bullet and not numbered and _is_heading(line, words):
            heading, number = words.rstrip(": "), ""
            continue
        if numbered is not None:
            number, words = numbered[1], words[numbered.end() :]
        elif bullet is not None:
            words = words[bullet.end() :]
        for part in (part for cell in words.split("\t") for part in SENTENCE.split(cell)):
            sentence = " ".join(part.split())
            # A page's foot comes again on every page.
            if len(sentence.split()) >= SHORTEST and sentence.casefold() not in told:
                told.add(sentence.casefold())
                yield Sentence(at, heading, number, sentence)


def _is_heading(line: str, words: str) -> bool:
    if line.lstrip().startswith("#"):
        return True
    return (
        len(words) <= LONGEST_HEADING
        and "\t" not in line
        and words[-1] not in ".,;!"
        and ":" not in words
        and len(words.split()) <= 9
    )


def _words_of(policy: Policy, clause: Clause) -> str:
    read = " ".join(reading.words for reading in policy.readings if reading.clause == clause.id)
    return f"{clause.says} {read}"


def _stems(text: str) -> frozenset[str]:
    joined = text.lower().replace("-", "").replace("’", "'").replace("'s", "")
    found = (FIGURES.get(word, word) for word in WORD.findall(joined) if word not in EMPTY)
    return frozenset(stem for word in found if (stem := _stem(word)) not in EMPTY)


def _stem(word: str) -> str:
    if word in SAME:
        return SAME[word]
    for end in ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            root = word.removesuffix(end)
            return next((SAME[near] for near in (root, f"{root}e", f"{root}y") if near in SAME), root)
    return word.removesuffix("e")


def _agreement(words: frozenset[str], ours: frozenset[str], rare: dict[str, float]) -> float:
    """How much two sets of words have in common, 0 to 1."""
    shared = sum(rare[word] for word in words & ours)
    theirs, whole = sum(rare[word] for word in words), sum(rare[word] for word in ours)
    if not shared:
        return 0.0
    # A long sentence may hold the whole of a short clause beside much else.
    return max(2 * shared / (theirs + whole), WITHIN * shared / whole)


def _place(sentence: Sentence, clause: Clause) -> float:
    """Whether the sentence stands where the clause says that it does."""
    numbers = re.findall(r"\d+(?:\.\d+)*", clause.heading)
    if numbers:
        return 0.25 if sentence.number in numbers else -0.1
    if not sentence.heading:
        return 0.0
    mine, theirs = sentence.heading.casefold(), clause.heading.casefold()
    return 0.1 if mine == theirs or mine in theirs or theirs in mine else 0.0


def _quoted(words: frozenset[str], quotes: Sequence[frozenset[str]]) -> float:
    """Whether the sentence holds the words of a reading."""
    return 0.2 if any(quote and quote <= words for quote in quotes) else 0.0

"""Which of the people in the settings are meant by a few words of a colleague: an address, a name, a role.

Owns that question (who a complaint's text names is `named.py`'s). Promises: the surest way of naming decides, and all
who fit it equally well are given, so that the caller can ask which; nobody is guessed from a misspelling that two could
mean. Words that name nobody give nobody. Pure.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - a word list is read as running text
import re
from collections.abc import Callable, Sequence

from complaintmail.triage.named import Mention, Named, named_in, words_of
from complaintmail.triage.names import SHORT_FORMS, TITLES
from complaintmail.triage.spelling import near

__all__ = ["Mention", "Named", "named_in", "who"]

LONGEST = 300  # characters; no name and no role is longer
MOST = 8  # words

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_AROUND = frozenset(
    "a an the our my your to for with at please pls thanks thank you kindly ok over is this that one by only "
    "colleague".split()
)
_AND = re.compile(r"\s*(?:,|;|&|\+|\band\b)\s*", re.IGNORECASE)
_SAID_SHORT = {
    "ops": "operations", "mgr": "manager", "dir": "director", "exec": "executive", "dept": "department",
    "snr": "senior", "boss": "manager", "i.t": "it",
}  # fmt: skip
_CEO = ["chief", "executive"]


def who(words: str, people: Sequence[Named]) -> tuple[Named, ...]:
    """Everybody whom these words may mean: one when they are clear, several when the caller must ask."""
    said = words[:LONGEST]
    found = _one(said, people)
    if found or not _AND.search(said):
        return found
    several = [_one(part, people) for part in _AND.split(said) if part.strip()]
    if all(len(each) == 1 for each in several):
        return tuple({id(person): person for each in several for person in each}.values())
    return next((each for each in several if each), ()) if len(_AND.split(said)) == 2 and not all(several) else ()


def _one(said: str, people: Sequence[Named]) -> tuple[Named, ...]:
    addresses = {address.lower().removeprefix("mailto:").rstrip(".") for address in _ADDRESS.findall(said)}
    if addresses:
        return tuple(person for person in people if person.email.lower() in addresses)
    exactly = tuple(person for person in people if words_of(said) == words_of(person.name))
    if exactly:
        return exactly  # before the "A" of "A. Director" is taken for the article
    tokens = [token for token in words_of(said) if token not in _AROUND]
    while tokens and tokens[0] in TITLES and len(tokens) > 1:
        tokens = tokens[1:]
    if not tokens or len(tokens) > MOST:
        return ()
    for fits in _WAYS:
        found = tuple(person for person in people if fits(tokens, person))
        if found:
            return found
    misspelt = tuple(person for person in people if _misspelt(tokens, person))
    return misspelt if len(misspelt) == 1 else ()


def _names(person: Named) -> list[str]:
    return [word for word in words_of(person.name) if word not in TITLES]


def _role(words: list[str]) -> list[str]:
    if words in (["ceo"], ["chief", "exec"], ["chief"]):
        return _CEO
    singular = [_SAID_SHORT.get(word, word) for word in words]
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in singular
    ]


def _whole_name(tokens: list[str], person: Named) -> bool:
    names = _names(person)
    return len(tokens) > 1 and (tokens == names or sorted(tokens) == sorted(names))


def _whole_role(tokens: list[str], person: Named) -> bool:
    said = _role(tokens)
    return any(
        said == _role(words_of(role)) or (len(tokens) == 1 and tokens[0] == _initials(role)) for role in person.roles
    )


def _initials(role: str) -> str:
    words = words_of(role)
    return "".join(word[0] for word in words) if len(words) > 1 else role


def _every_word(tokens: list[str], person: Named) -> bool:
    names = _names(person)
    return all(token in names for token in tokens)


def _account(tokens: list[str], person: Named) -> bool:
    return words_of(person.email.partition("@")[0]) == tokens


def _part_of_role(tokens: list[str], person: Named) -> bool:
    """ "the director", "site manager" for the area's: the last word of a role, and the others if there are any."""
    said = _role(tokens)
    for role in person.roles:
        words = _role(words_of(role))
        if said[-1:] == words[-1:] and all(word in words for word in said):
            return True
    return False


def _begins(tokens: list[str], person: Named) -> bool:
    """ "Jane D", "J. Doe", "Rob" for Robert, "Bob" for Robert."""
    names = _names(person)
    if len(tokens) > len(names) or not any(len(token) > 2 for token in tokens):
        return False
    if len(tokens) == 1:
        return any(_short(tokens[0], name) for name in names)
    return all(
        _short(token, name) or (len(token) == 1 and name.startswith(token))
        for token, name in zip(tokens, [names[0], *names[1 - len(tokens) :]], strict=True)
    )


def _short(token: str, name: str) -> bool:
    if token == name or (len(token) >= 3 and name.startswith(token)):
        return True
    return any(token in forms and name in forms for forms in SHORT_FORMS)


def _some_of_role(tokens: list[str], person: Named) -> bool:
    """ "operations" for the operations director; "safeguarding lead" for the one who has safeguarding."""
    said = [word for word in _role(tokens) if word not in ("team", "lead", "officer", "person", "department")]
    return any(bool(said) and all(len(w) > 3 and w in _role(words_of(role)) for w in said) for role in person.roles)


def _misspelt(tokens: list[str], person: Named) -> bool:
    names = _names(person)
    if len(tokens) > 1:
        return len(tokens) == len(names) and all(_nearly(t, n) or t == n for t, n in zip(tokens, names, strict=True))
    return any(_nearly(tokens[0], name) for name in names)


def _nearly(token: str, name: str) -> bool:
    allowed = 0 if min(len(token), len(name)) < 4 else 1 if len(name) < 7 else 2
    return 0 < near(token, name) <= allowed


_WAYS: tuple[Callable[[list[str], Named], bool], ...] = (
    _whole_name, _whole_role, _every_word, _account, _part_of_role, _begins, _some_of_role,
)  # fmt: skip

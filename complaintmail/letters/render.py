"""A letter's file and the facts → subject, text and HTML.

`Letters.render` never raises and never returns nothing: whatever is wrong with a template (missing, misspelt,
refused by the sandbox, too long, an acknowledgement without its reference) the built-in letter stands in, and
`problem` says what to mend. An edited or newly created file is seen within a second; `refresh` sees it at once.

How a fact travels is told in form.py; what a template may do, in lint.py and reading.py.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from complaintmail.cases.post import AUTOMATIC
from complaintmail.clock import SystemClock
from complaintmail.errors import LetterError
from complaintmail.letters.catalogue import ACKNOWLEDGES, OTHERS, Catalogue
from complaintmail.letters.facts import LetterFacts
from complaintmail.letters.form import Form, form_of
from complaintmail.letters.layout import LANGUAGE
from complaintmail.letters.letter import LetterKind, Rendered
from complaintmail.letters.plain import plain_letter
from complaintmail.letters.reading import Failed, Ledger, Reading, Ready, environment, run
from complaintmail.letters.values import in_words, written

if TYPE_CHECKING:
    from complaintmail.letters.sheet import Block

LONGEST_SUBJECT = 180
LONGEST_NAME = 80  # of a complainant, in a letter
LONGEST_BODY = 6500  # bytes of text and HTML as they travel: with its headers an acknowledgement stays under 8 KiB
SURELY_SHORT = 5000  # characters below which that need not be counted
FORMS_KEPT = 64
RECHECK = 1.0  # seconds


class Letters:
    """The letters of one installation. `directory` is the organisation's own, or None."""

    def __init__(self, directory: Path | None, monotonic: Callable[[], float] | None = None) -> None:
        self.catalogue = Catalogue(directory)
        self._monotonic = monotonic or SystemClock().monotonic
        self._environment = environment()
        self._kept: dict[tuple[str, str], tuple[Ready | Failed, float]] = {}

    def render(
        self, kind: LetterKind, policy: str, facts: LetterFacts, *, paper: bool = False, language: str = "en"
    ) -> Rendered:
        """The letter. With `paper` it has its words as blocks too, for a PDF that says the same. In another language
        where there is such a letter, with the English below it; where there is none, or it is no good, in English."""
        try:
            letter = self._letter(kind, policy)
            if isinstance(letter, Failed):
                return plain_letter(kind, facts, letter.problem.partition("\n")[0])
            above = self._other(kind, policy, language)
            if isinstance(above, Ready):
                try:
                    return self._rendered(letter, kind, facts, paper, above)
                except LetterError as failed:
                    said = self._rendered(letter, kind, facts, paper)
                    return replace(said, problem=str(failed).partition("\n")[0])
            said = self._rendered(letter, kind, facts, paper)
            return said if above is None else replace(said, problem=above.problem.partition("\n")[0])
        except LetterError as failed:
            return plain_letter(kind, facts, str(failed).partition("\n")[0])
        except Exception as failed:  # whatever a template does, its complainant is answered
            return plain_letter(kind, facts, f"{kind}.md: {type(failed).__name__}: {failed}".partition("\n")[0])

    def problems(self, kind: LetterKind, policy: str) -> list[str]:
        """What keeps this letter from being used at all, a line each."""
        letter = self._letter(kind, policy)
        return letter.problem.split("\n") if isinstance(letter, Failed) else []

    def refresh(self) -> None:
        """Look at the files again before the next letter."""
        self._kept = {key: (letter, float("-inf")) for key, (letter, _) in self._kept.items()}

    def _other(self, kind: LetterKind, policy: str, language: str) -> Ready | Failed | None:
        """The half of the letter that is in another language; None where there is no such file."""
        if language not in OTHERS or self.catalogue.find(f"{kind}.{language}.md", policy) is None:
            return None
        return self._letter(f"{kind}.{language}", policy)

    def _letter(self, kind: str, policy: str) -> Ready | Failed:
        now, key = self._monotonic(), (str(kind), policy)
        letter, checked = self._kept.get(key, (None, 0.0))
        if letter is None or (now - checked >= RECHECK and any(place.stamp() != stamp for place, stamp in letter.seen)):
            letter, checked = self._read(kind, policy), now
        elif now - checked >= RECHECK:
            checked = now
        self._kept[key] = letter, checked
        return letter

    def _read(self, kind: str, policy: str) -> Ready | Failed:
        reading = Reading(self.catalogue, self._environment, policy)
        try:
            return reading.letter(f"{kind}.md")
        except LetterError as failed:
            return Failed(str(failed), tuple(reading.seen))

    def _rendered(
        self, letter: Ready, kind: LetterKind, facts: LetterFacts, paper: bool, above: Ready | None = None
    ) -> Rendered:
        reference = written(facts.case.reference)
        names = _names(facts)
        subject = " ".join(run(letter.subject, names, None, letter.name).split())
        if above is not None:
            subject = f"{' '.join(run(above.subject, names, None, above.name).split())} / {subject}"
        if not subject or len(subject) > LONGEST_SUBJECT:
            raise LetterError(
                f"{letter.name}: the subject has {len(subject)} characters; 1 to {LONGEST_SUBJECT} are good"
            )
        if reference and reference not in subject:
            subject += f" [{reference}]"
        ledger = Ledger(subject, LANGUAGE, written(facts.policy.organisation))
        words = run(letter.words, names, ledger, letter.name)
        if above is not None:
            words = f"{run(above.words, names, ledger, above.name).rstrip()}\n\n---\n\n{words}"
        form = _form(words, letter)
        text, html = form.text(ledger.values), form.html(ledger.values)
        if kind in ACKNOWLEDGES and (not reference or reference not in text):
            raise LetterError(
                f"{letter.name}: does not say the reference; {{{{ case.reference }}}} must be in its words"
            )
        if kind in AUTOMATIC and len(text) + len(html) > SURELY_SHORT:
            size = len(b2a_qp(text.encode())) + len(b2a_qp(html.encode()))
            if size > LONGEST_BODY:
                raise LetterError(f"{letter.name}: is {size} bytes long; an automatic letter may have {LONGEST_BODY}")
        name = letter.name if above is None else f"{above.name}, {letter.name}"
        return Rendered(subject, text, html, name, blocks=_blocks(words, ledger.values) if paper else ())


def _form(words: str, letter: Ready) -> Form:
    """The form of these words; Markdown is read once for all letters that leave the same blanks."""
    form = letter.forms.get(words)
    if form is None:
        try:
            form = form_of(words, letter.layout)
        except LetterError as failed:
            form = LetterError(f"{letter.name}: {failed}")
        if len(letter.forms) >= FORMS_KEPT:
            letter.forms.clear()
        letter.forms[words] = form
    if isinstance(form, LetterError):
        raise LetterError(str(form))
    return form


def _blocks(words: str, values: list[str]) -> tuple[Block, ...]:
    from complaintmail.letters.blocks import blocks_of  # most letters are never printed

    return blocks_of(words, values)


def _names(facts: LetterFacts) -> dict[str, object]:
    """What the names in a letter stand for."""
    case, policy = facts.case, facts.policy
    if len(case.complainant) > LONGEST_NAME:
        case = replace(case, complainant=case.complainant[:LONGEST_NAME].rstrip() + "…")
    if "{person}" in policy.deals:
        said = policy.deals.replace("{person}", in_words(facts.person))
        policy = replace(policy, deals=said[:1].upper() + said[1:])
    return {
        "case": case,
        "policy": policy,
        "person": facts.person,
        "mailbox": facts.mailbox,
        "today": facts.today,
        "words": facts.words,
        "extra": facts.extra,
    }

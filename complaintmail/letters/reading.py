"""A letter's files, read and compiled, ready for facts.

Three walls stand round the template language: lint.py refuses whatever is not on its list, the sandbox refuses what
reaches into the program, and sizes are bounded (file, facts, letter). Pieces are put into their letter when it is
read, so nothing is looked up while a letter is written. What is wrong is a LetterError with a line for each problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from complaintmail.errors import LetterError
from complaintmail.letters import lint
from complaintmail.letters.catalogue import LAYOUT, PIECE, Catalogue, Place, Stamp
from complaintmail.letters.facts import CaseFacts, ExtraFacts, PersonFacts, PolicyFacts
from complaintmail.letters.form import BLANKS, Form
from complaintmail.letters.layout import read_layout
from complaintmail.letters.source import LetterFile, read_letter, read_piece
from complaintmail.letters.values import written

_LEDGER = "__ledger__"  # not a name a letter can write: lint knows every fact


class Ledger:
    """The facts one letter used, in the order in which it did; each leaves its blank."""

    __slots__ = ("_known", "values")

    def __init__(self, *values: str) -> None:
        self.values = list(values)
        self._known: dict[str | date, str] = {}

    def blank(self, value: str | date) -> str:
        blank = self._known.get(value)
        if blank is None:
            if len(self.values) == len(BLANKS):
                raise LetterError("uses too many facts")
            self.values.append(written(value))
            blank = self._known[value] = BLANKS[len(self.values) - 1]
        return blank


@pass_context  # also keeps Jinja from printing constants past us when it compiles
def _leave_blank(context: Context, value: object) -> str:
    ledger = context.parent[_LEDGER]
    if ledger is None:
        return written(value)
    return str(ledger.blank(value if isinstance(value, str | date) else written(value)))


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, with a short way to the facts: lint has checked their names already."""

    def getattr(self, obj: object, attribute: str) -> object:
        if type(obj) in _GROUPS and attribute in _GROUPS[type(obj)]:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


_GROUPS: Mapping[type, frozenset[str]] = {
    group: frozenset(each.name for each in fields(group)) for group in (CaseFacts, PolicyFacts, PersonFacts, ExtraFacts)
}


def environment() -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        undefined=StrictUndefined, finalize=_leave_blank, trim_blocks=True, lstrip_blocks=True, cache_size=0
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in lint.FILTERS}
    environment.tests = {name: environment.tests[name] for name in lint.TESTS}
    return environment


@dataclass(slots=True)
class Ready:
    """A letter read and compiled. `seen`: every place looked at, with what was there."""

    name: str
    subject: Template
    words: Template
    layout: str
    seen: tuple[tuple[Place, Stamp], ...]
    forms: dict[str, Form | LetterError] = field(default_factory=dict)


@dataclass(slots=True)
class Failed:
    problem: str
    seen: tuple[tuple[Place, Stamp], ...]


def run(template: Template, names: dict[str, object], ledger: Ledger | None, name: str) -> str:
    try:
        context = template.new_context({**names, _LEDGER: ledger})
        return "".join(template.root_render_func(context))
    except (LetterError, UndefinedError) as failed:
        raise LetterError(f"{name}:{_line(template, failed)}: {failed}") from failed
    except Exception as failed:  # whatever an expression does, it is the letter's failure and says where
        raise LetterError(f"{name}:{_line(template, failed)}: {type(failed).__name__}: {failed}") from failed


def _line(template: Template, failed: BaseException) -> int:
    """The line of the letter on which it went wrong."""
    trace, line = failed.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


class Reading:
    """Reads one letter with its pieces and layout, noting every place it looked at."""

    def __init__(self, catalogue: Catalogue, environment: ImmutableSandboxedEnvironment, policy: str) -> None:
        self.catalogue, self.environment, self.policy = catalogue, environment, policy
        self.seen: list[tuple[Place, Stamp]] = []
        self.problems: list[str] = []

    def letter(self, file: str) -> Ready:
        letter = read_letter(*self.place(file))
        subject = self.parsed(letter.subject, letter, letter.subject_at)
        words = self.parsed(letter.words, letter, letter.words_at)
        words.body = self.with_pieces(words.body, letter)
        layout = read_layout(*self.place(LAYOUT))
        if self.problems:
            raise LetterError("\n".join(self.problems))
        return Ready(
            letter.name,
            self.compiled(subject, letter.name, letter.subject_at),
            self.compiled(words, letter.name, letter.words_at),
            layout,
            tuple(self.seen),
        )

    def place(self, file: str) -> tuple[Path, str]:
        for place in self.catalogue.places(file, self.policy):
            stamp = place.stamp()
            self.seen.append((place, stamp))
            if stamp is not None:
                return place.path, place.name
        raise LetterError(f"{file}: there is no such letter")

    def parsed(self, words: str, letter: LetterFile, first_line: int) -> nodes.Template:
        try:
            tree = self.environment.parse(words)
        except TemplateSyntaxError as failed:
            raise LetterError(f"{letter.name}:{failed.lineno + first_line - 1}: {failed.message}") from failed
        except RecursionError:
            raise LetterError(f"{letter.name}: is nested too deep") from None
        self.problems += lint.problems(tree, letter.name, first_line)
        for node in tree.find_all(nodes.Node):
            node.lineno = (node.lineno or 1) + first_line - 1  # autoescape blocks have none
        return tree

    def with_pieces(self, body: list[nodes.Node], letter: LetterFile) -> list[nodes.Node]:
        """Pieces stand in their letter as if written there: read once, checked, and watched like the letter."""
        whole: list[nodes.Node] = []
        for node in body:
            if isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
                whole += self.piece(str(node.template.value), f"{letter.name}:{node.lineno}")
                continue
            if isinstance(node, nodes.If):
                for branch in node.elif_:
                    branch.body = self.with_pieces(branch.body, letter)
            if isinstance(node, nodes.If | nodes.For):
                node.body = self.with_pieces(node.body, letter)
                node.else_ = self.with_pieces(node.else_, letter)
            whole.append(node)
        return whole

    def piece(self, file: str, wanted_at: str) -> list[nodes.Node]:
        if not PIECE.fullmatch(file):
            return []  # lint has said so
        try:
            piece = read_piece(*self.place(file))
        except LetterError as failed:
            self.problems.append(f"{wanted_at}: {failed}")
            return []
        tree = self.parsed(piece.words, piece, 1)
        for node in tree.find_all(nodes.Include):
            self.problems.append(f"{piece.name}:{node.lineno}: is a piece and cannot include another")
        return tree.body

    def compiled(self, tree: nodes.Template, name: str, first_line: int) -> Template:
        code = self.environment.compile(tree, filename=name)
        return Template.from_code(self.environment, code, self.environment.make_globals(None))

"""What the expressions of a letter may say, checked before one of them runs.

A list of what is allowed, so that what nobody thought of is refused: facts by their names, conditions, loops over
facts, a few filters, pieces of letters. No calls, no arithmetic, no assignments, no nested loops: what is left can
neither reach into the program nor run for long. Each problem is one line: file, line, what, and the nearest right name.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from typing import Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

from complaintmail.letters.catalogue import PIECE
from complaintmail.letters.facts import LetterFacts

FILTERS = frozenset({"upper", "lower", "capitalize", "title", "trim", "length", "default", "d"})
TESTS = frozenset({"none", "defined"})
LOOP = frozenset({"loop.first", "loop.last", "loop.index"})

TEXT, DATE, PAIRS, GROUP = "text", "date", "pairs", "group"

_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "calls a function",
    nodes.Assign: "sets a name; letters only use facts",
    nodes.AssignBlock: "sets a name; letters only use facts",
    nodes.Getitem: "uses […]; write group.fact",
    nodes.Macro: "defines a macro",
    nodes.CallBlock: "calls a macro",
    nodes.FilterBlock: "uses a filter block",
    nodes.Extends: "extends another file",
    nodes.Import: "imports another file",
    nodes.FromImport: "imports another file",
    nodes.Block: "defines a block",
}


def _kinds(group: type, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each fact by its path, and what it is."""
    hints = get_type_hints(group)
    for field in fields(group):
        path, hint = prefix + field.name, hints[field.name]
        if get_origin(hint) in (Union, types.UnionType):
            hint = next(arg for arg in get_args(hint) if arg is not type(None))
        if is_dataclass(hint) and isinstance(hint, type):
            yield path, GROUP
            yield from _kinds(hint, path + ".")
        else:
            yield path, PAIRS if get_origin(hint) is tuple else DATE if hint is date else TEXT


FACTS: Mapping[str, str] = dict(_kinds(LetterFacts))


def problems(tree: nodes.Template, name: str, first_line: int) -> list[str]:
    """Everything in this letter that is not allowed; `first_line` is where its words begin in the file."""
    found: list[str] = []
    for node, what in _Reader().of(tree.body):
        found.append(f"{name}:{(node.lineno or 1) + first_line - 1}: {what}")
    return list(dict.fromkeys(found))


class _Reader:
    """Walks a letter; `names` are the loop's own."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.looping = False

    def of(self, body: list[nodes.Node]) -> Iterator[tuple[nodes.Node, str]]:
        for node in body:
            yield from self.statement(node)

    def statement(self, node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    yield from self.printed(part)
        elif isinstance(node, nodes.If):
            yield from self.expression(node.test)
            yield from self.of(node.body)
            yield from self.of(list(node.elif_))
            yield from self.of(node.else_)
        elif isinstance(node, nodes.For):
            yield from self.loop(node)
        elif isinstance(node, nodes.Include):
            if not isinstance(node.template, nodes.Const) or not PIECE.fullmatch(str(node.template.value)):
                yield node, 'includes something that is no piece of a letter (a name like "_reaching-us.md")'
        else:
            yield node, _refusal(node)

    def loop(self, node: nodes.For) -> Iterator[tuple[nodes.Node, str]]:
        names = _pair(node.target)
        if self.looping:
            yield node, "has a loop inside a loop"
        elif FACTS.get(_path(node.iter) or "") != PAIRS:
            pairs = ", ".join(path for path, kind in FACTS.items() if kind == PAIRS)
            yield node, f"loops over something else than {pairs}"
        elif len(names) != 2 or set(names) & (set(FACTS) | {"loop"}) or node.recursive:
            yield node, "needs two new names for its loop: {% for way, where in policy.contact %}"
        else:
            self.looping, self.names = True, LOOP.union(names)
            if node.test is not None:
                yield from self.expression(node.test)
            yield from self.of(node.body)
            self.looping, self.names = False, frozenset()
            yield from self.of(node.else_)

    def printed(self, node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
        kind = FACTS.get(_path(node) or "")
        if kind in (GROUP, PAIRS):
            path = _path(node) or ""
            example = next((each for each in FACTS if each.startswith(path + ".")), None)
            yield node, f"prints {path}, a group of facts" + (f"; one of them is {example}" if example else "")
        else:
            yield from self.expression(node)

    def expression(self, node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
        if isinstance(node, nodes.Name | nodes.Getattr):
            yield from self.fact(node)
        elif isinstance(node, nodes.Const | nodes.TemplateData):
            return
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield node, f"uses the filter {node.name}; letters have {', '.join(sorted(FILTERS))}"
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield node, f'uses the test "is {node.name}"; letters have {", ".join(sorted(TESTS))}'
        elif isinstance(node, _EXPRESSIONS):
            for child in node.iter_child_nodes():
                yield from self.expression(child)
        else:
            yield node, _refusal(node)

    def fact(self, node: nodes.Name | nodes.Getattr) -> Iterator[tuple[nodes.Node, str]]:
        path = _path(node)
        if path is None:
            yield node, "looks inside something that is no fact"
        elif path not in FACTS and path not in self.names:
            yield node, f"there is no fact {path}{_nearest(path)}"


_EXPRESSIONS = (
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
)


def _pair(target: nodes.Node) -> list[str]:
    """The two names of `for way, where in …`; nothing where it is not that."""
    if not isinstance(target, nodes.Tuple) or len(target.items) != 2:
        return []
    return [part.name for part in target.items if isinstance(part, nodes.Name)]


def _path(node: nodes.Node) -> str | None:
    """case.reference, as it is written; None where it is not a path of names."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node)
        return None if inner is None else f"{inner}.{node.attr}"
    return None


def _nearest(path: str) -> str:
    near = get_close_matches(path, FACTS, n=1, cutoff=0.6)
    if not near:  # the right name in the wrong group
        near = [each for each in FACTS if each.rpartition(".")[2] == path.rpartition(".")[2]]
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(e for e in FACTS if '.' not in e)}"


def _refusal(node: nodes.Node) -> str:
    if isinstance(node, nodes.BinExpr):
        return f"uses {node.operator}; letters do not calculate"
    return _REFUSED.get(type(node), f"uses {type(node).__name__.lower()}, which letters do not have")

"""Which way the imports go, and what the tree may hold: read from the sources, nothing is run.

    cli → daemon → wiring → passes → store | gateways | letters → config → cases → triage → policy | mail → ground

A module may import what stands to its right, in its own part, and nothing of a part joined to its own by `|`.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "complaintmail"

LAYERS = (
    ("__main__",),
    ("cli",),
    ("demo",),
    ("daemon", "monitor"),
    ("wiring",),
    ("passes", "reports"),
    ("store", "gateways", "letters"),
    ("config",),
    ("cases",),
    ("triage",),
    ("policy", "mail"),
    ("clock", "errors", "log", "terminal", "systemd", "memory"),
)
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
PURE = ("policy", "mail", "triage", "cases")
# Only to silence a library whose warnings are told as defects of the mail.
QUIETENS = {("complaintmail.mail.second_reading", "logging")}
# What passes may see of the outside; `reader` guards the reading of one mail, `pictures` the turning of one photograph
# into another format, `documents` the reading of one document, `press` the setting of letters. Each does it in a child
# process with limits, and reaches no server.
DOORS = {f"complaintmail.gateways.{door}" for door in ("ports", "reader", "pictures", "documents", "press")}
NET = "complaintmail.passes.item"  # the one net of the passes; its own page says why
# What the middle may not touch: no time, no log, no database, no network, no template, no settings.
OUTSIDE = {"complaintmail.clock", "complaintmail.log", "complaintmail.config"} | {
    "sqlalchemy", "alembic", "sqlite3", "psycopg", "jinja2", "click", "logging", "time", "asyncio", "threading",
    "imapclient", "imaplib", "aiosmtplib", "smtplib", "socket", "ssl", "http", "urllib.request", "subprocess",
    "apscheduler", "random", "secrets",
}  # fmt: skip


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(PACKAGE.rglob("*.py"))
        if "versions" not in path.parts  # a migration is a script of its time and is never imported
    }


def imports(name: str) -> Iterator[tuple[str, int, bool]]:
    """Each module that `name` imports, its line, and whether at its first import (and not when called)."""
    tree = modules()[name]
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, id(node) not in late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: a relative import hides where it points"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in modules() else node.module or ""), node.lineno, id(node) not in late


def part(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def ours() -> list[str]:
    return [name for name in modules() if "." in name]


def test_every_part_of_the_program_has_its_place() -> None:
    assert {part(name) for name in ours()} - set(RANK) == set()


def test_imports_go_one_way() -> None:
    wrong = []
    for name in ours():
        for target, line, _ in imports(name):
            if not target.startswith("complaintmail."):
                continue
            here, there = part(name), part(target)
            if target == "complaintmail.gateways.ports" and RANK[here] == RANK[there]:
                continue  # the doors are values and promises; what is behind them stays out of reach
            if here != there and RANK[there] <= RANK[here] and RANK[here] != RANK["clock"]:
                wrong.append(f"{name}:{line} imports {target}")

    assert wrong == []


def test_the_middle_is_pure() -> None:
    wrong = [
        f"{name}:{line} imports {target}"
        for name in ours()
        if part(name) in PURE
        for target, line, _ in imports(name)
        if (name, target) not in QUIETENS
        and any(target == banned or target.startswith(banned + ".") for banned in OUTSIDE)
    ]

    assert wrong == []


def test_passes_see_the_doors_and_never_what_is_behind_them() -> None:
    wrong = [
        f"{name}:{line} imports {target}"
        for name in ours()
        if part(name) in ("passes", "cases", "reports")
        for target, line, _ in imports(name)
        if target.startswith("complaintmail.gateways.") and target not in DOORS
    ]

    assert wrong == []


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {
        name: {target for target, _, first in imports(name) if first and target in modules() and target != name}
        for name in modules()
    }
    rings = []
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            rings.append(" → ".join([*path[path.index(name) :], name]))
        elif name not in done:
            for target in sorted(graph[name]):
                walk(target, [*path, name])
            done.add(name)

    for name in graph:
        walk(name, [])
    assert rings == []


def test_only_the_clock_reads_the_time() -> None:
    calls = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))\(")
    wrong = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name in ours()
        if name != "complaintmail.clock"
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Call) and calls.match(ast.unparse(node.func) + "(")
    ]

    assert wrong == []


def test_no_organisation_is_named_in_code() -> None:
    """What one policy does differently from another is in its file; `cms` and its like are only shown to people."""
    named = re.compile(r"\b(cms|ceme|cim|sek|ace)\b", re.IGNORECASE)
    wrong = [
        f"{name}:{node.lineno} {node.value!r}"
        for name in ours()
        if part(name) in (*PURE, "passes", "store", "letters", "gateways", "daemon", "wiring")
        for node in ast.walk(without_docstrings(modules()[name]))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and named.search(node.value)
    ]

    assert wrong == []


def without_docstrings(tree: ast.Module) -> ast.Module:
    class Bare(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
            return None if isinstance(node.value, ast.Constant) else node

    return Bare().visit(copy.deepcopy(tree))  # type: ignore[no-any-return]


def test_every_module_says_what_it_owns() -> None:
    assert [name for name in modules() if not ast.get_docstring(modules()[name])] == []


@pytest.mark.parametrize("banned", ["utils", "helpers", "common", "manager", "misc"])
def test_no_drawer_for_odds_and_ends(banned: str) -> None:
    assert [name for name in modules() if banned in name.split(".")] == []


def test_no_file_grows_past_what_can_be_read_at_a_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if "versions" not in path.parts  # a migration is written once, by a program, and never changed after
        and (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }

    assert long == {}


def test_a_net_for_everything_gives_its_reason() -> None:
    """Swallowing whatever comes is right where one item's failure must not be another's, and needs saying why."""
    wrong = []
    for name in set(ours()) - {NET}:
        path = ROOT / Path(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        lines = file.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(modules()[name]):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            ):
                raises_again = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
                near = lines[node.lineno - 1] + lines[node.lineno]
                if "#" not in near and not raises_again:
                    wrong.append(f"{name}:{node.lineno}")

    assert wrong == []

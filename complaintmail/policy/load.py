"""A policy file → `Policy`.

Owns where policies are found (a file in the organisation's own directory wins over the packaged one), how one is
read, and what makes it unfit: every problem is said at once, as a `PolicyError` with a line for each. A policy
that loads can be kept: every duty names a clause and a role that exist, and every length of time is one.

A file is read once as long as it does not change. `parse` reads one from its text, so that a case keeps the
policy it was opened under.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from complaintmail.errors import PolicyError
from complaintmail.policy.contents import read_policy
from complaintmail.policy.entries import Entries, nearest
from complaintmail.policy.policy import Policy

PACKAGED = Path(__file__).with_name("packaged")
NAME = re.compile(r"[a-z][a-z0-9-]*")
BYTE_ORDER_MARK = "\ufeff"


@lru_cache(maxsize=1)
def packaged() -> tuple[str, ...]:
    """The names of the policies that come with the program."""
    return tuple(sorted(path.stem for path in PACKAGED.glob("*.toml")))


def own(directory: Path | None) -> tuple[str, ...]:
    """The names of the organisation's own policy files."""
    if directory is None or not directory.is_dir():
        return ()
    return tuple(sorted(path.stem for path in directory.glob("*.toml")))


def find(name: str, directory: Path | None = None) -> Policy:
    """The policy of that name: from the organisation's directory, else the packaged one."""
    if NAME.fullmatch(name):
        for place in (directory, PACKAGED):
            path = place / f"{name}.toml" if place is not None else None
            if path is not None and path.is_file():
                return read(path)
    known = sorted({*own(directory), *packaged()})
    looked = f" in {directory} or" if directory is not None else ""
    raise PolicyError(
        f"{name}: there is no policy of that name{looked} among the packaged ones; {nearest(name, known)}"
    )


def read(path: Path) -> Policy:
    """The policy in that file; read again only when the file has changed."""
    try:
        seen = path.stat()
        return _read(path, seen.st_mtime_ns, seen.st_size)
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror or error}") from None


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _size: int) -> Policy:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PolicyError(f"{path}: line {line}: not in UTF-8: save the file as UTF-8") from None
    return parse(text, path.stem, str(path))


@lru_cache(maxsize=256)
def parse(text: str, name: str, source: str) -> Policy:
    """A policy from the words of its file, as they were kept with a case."""
    try:
        # Editors on Windows write a mark in front and carriage returns; neither is the writer's mistake.
        table = tomllib.loads(text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{source}: not TOML: {error}") from None
    problems: list[str] = []
    if not NAME.fullmatch(name):
        what = f"the file's name \"{name}\" is the policy's name: small letters, figures and hyphens, as in acme.toml"
        problems.append(f"{source}: {what}")
    digest = sha256(text.encode("utf-8")).hexdigest()[:8]
    policy = read_policy(Entries(table, source, "", problems), name=name, digest=digest, source=source, text=text)
    if problems:
        raise PolicyError(problems)
    return policy

"""Which file a letter comes from.

    the organisation's own directory    <policy>/<letter>.md, then <letter>.md
    the packaged letters                <policy>/<letter>.md, then <letter>.md

The organisation's directory wins as a whole: whoever writes an acknowledgement.md there gets it used for every
policy. Pieces (`_reaching-us.md`) and the page around a letter (`_layout.html`) are found the same way.
A name is looked up, never joined from what a mail said; what is no plain name is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import complaintmail
from complaintmail.letters.letter import LetterKind

LAYOUT = "_layout.html"
OTHERS = ("cy",)  # languages in which a letter may have a first half: `acknowledgement.cy.md`, with the English below
PIECE = re.compile(r"_[a-z0-9][a-z0-9-]{0,40}\.md")
POLICY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

# Every letter by its name, and as the first half in another language.
NAMES = tuple(f"{kind}{ending}" for kind in LetterKind for ending in ("", *(f".{each}" for each in OTHERS)))

# What each letter must say to be sent at all, and what `template check` wants to find in it.
# The reference is in them, or they do not go.
ACKNOWLEDGES = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.UNSURE, LetterKind.ADDED, LetterKind.CONCERN})

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Place:
    """A file that a letter may come from."""

    path: Path
    name: str  # for people: "packaged cms/acknowledgement.md", or its path
    packaged: bool

    def stamp(self) -> Stamp:
        """What changes when the file does; None while there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def packaged_directory() -> Path:
    """In an installed package the letters lie inside it; in a checkout, beside it."""
    package = Path(complaintmail.__file__).resolve().parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Catalogue:
    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory
        self.packaged = packaged_directory()

    def places(self, file: str, policy: str = "") -> Iterator[Place]:
        """Where this file may be, the first that exists wins."""
        files = [f"{policy}/{file}", file] if POLICY.fullmatch(policy) else [file]
        if self.directory is not None:
            for each in files:
                yield Place(self.directory / each, str(self.directory / each), False)
        for each in files:
            yield Place(self.packaged / each, f"packaged {each}", True)

    def find(self, file: str, policy: str = "") -> Place | None:
        return next((place for place in self.places(file, policy) if place.path.is_file()), None)

    def strays(self) -> list[Path]:
        """Files in the organisation's directory that no letter will ever use: a misspelt name, mostly."""
        if self.directory is None or not self.directory.is_dir():
            return []
        known = {f"{name}.md" for name in NAMES}
        return sorted(
            path
            for pattern in ("*.md", "*/*.md")
            for path in self.directory.glob(pattern)
            if path.name not in known and not path.name.startswith("_")
        )

"""Words of more than one line, as a fact of a letter: what a member of staff wrote, kept paragraph by paragraph."""

from __future__ import annotations


class Words(str):
    """Text whose lines and empty lines stay as they are when a letter prints it."""

    __slots__ = ()


NONE = Words()

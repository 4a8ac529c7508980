"""Which parts of the program, of those that a clause can be kept by, this version has.

Looked up and never written down, so that what a policy is told of can be neither ahead of the program nor behind it.
"""

from __future__ import annotations

from importlib.util import find_spec

from complaintmail.policy.mechanisms import MECHANISMS


def missing() -> frozenset[str]:
    """The names of the mechanisms of which a part is not there."""
    return frozenset(name for name, one in MECHANISMS.items() if not all(there(part) for part in one.where))


def there(part: str) -> bool:
    """A module, a command of staff (#need), or a command at a shell (complaintmail review)."""
    from complaintmail.cases.commands import BY_NAME
    from complaintmail.cli import COMMANDS

    if part.startswith("#"):
        return part[1:] in BY_NAME
    program, _, command = part.partition(" ")
    return command in COMMANDS if command else find_spec(program) is not None

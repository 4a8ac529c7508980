"""Which policy is meant: by its name, or a file by its path.

Needs no settings; where there are some, the directory of policies that they name is looked into first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaintmail.cli.context import Context

if TYPE_CHECKING:
    from complaintmail.policy.policy import Policy

directory_option = click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your own policy files; else the directory that config.toml names.",
)


def own_directory(context: Context, given: Path | None) -> Path | None:
    if given is not None:
        return given
    config = context.config_if_any()
    return None if config is None else config.policies.directory


def named(name: str, directory: Path | None) -> Policy:
    """A policy by its name, or a file by its path."""
    from complaintmail.policy import load

    path = Path(name)
    return load.read(path) if path.suffix == ".toml" or len(path.parts) > 1 else load.find(name, directory)

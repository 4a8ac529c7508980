"""What every command is handed: where the settings are, how much to say, and the settings themselves once asked for.

Nothing is read before a command asks: `inspect`, `policy`, `init` and `demo` work with no settings at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from complaintmail.config import Config


class Context:
    """One call of the program. `config()` reads the settings on its first call; what is wrong with them is a
    `ConfigError`, which the frame tells line by line (exit 2)."""

    def __init__(self, config_path: Path | None = None, verbose: int = 0) -> None:
        self.config_path = config_path
        self.verbose = verbose
        self._config: Config | None = None

    def config(self) -> Config:
        if self._config is None:
            from complaintmail.config import load

            self._config = load(self.config_path)
        return self._config

    def config_if_any(self) -> Config | None:
        """The settings where there are some; None when nobody named a file and none is in the usual places."""
        from complaintmail.config import find

        return None if self.config_path is None and find(None) is None else self.config()


pass_context = click.make_pass_decorator(Context, ensure=True)

"""A secret of the settings: known to be there, read only when it is needed, and never shown.

`str()` and `repr()` are `***`, so that no log line, traceback or printed model can carry it; it cannot be pickled or
copied into a child. Where it comes from is one of: the settings themselves, a file, a variable of the environment,
a systemd credential. What is wrong with it is a `ConfigError` that names the key and never the value.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NoReturn

from complaintmail.errors import ConfigError

SOURCES = ("", "_file", "_env", "_credential")  # what follows the key's name: password, password_file …


class Secret:
    __slots__ = ("_source", "_value", "key")

    def __init__(self, key: str, source: str, value: str | Path) -> None:
        self.key = key  # for messages: where in the settings this stands
        self._source = source
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        match self._source:
            case "_file":
                return self._from_file(self._file())
            case "_env":
                return os.environ.get(str(self._value)) or self._fail(
                    f"the environment has no {self._value}; set it, or use password_file"
                )
            case "_credential":
                return self._from_file(self._credential())
            case _:
                return str(self._value)

    def problem(self) -> str | None:
        """Why it cannot be used, in one line; None when it can."""
        try:
            self.reveal()
        except ConfigError as wrong:
            return str(wrong)
        return None

    def exposed(self) -> str | None:
        """Why others can read it, in one line; None when they cannot or there is no file to look at yet."""
        if self._source != "_file":
            return None
        try:
            mode = self._file().stat().st_mode
        except OSError:
            return None
        return f"{self.key}: {self._file()} {open_to_others(self._file(), mode)}" if readable_by_others(mode) else None

    def _file(self) -> Path:
        """As written, from the folder of the settings; else by that name among the systemd credentials."""
        path = Path(self._value)
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        if given and not path.exists() and (Path(given) / path.name).exists():
            return Path(given) / path.name
        return path

    def _credential(self) -> Path:
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        if not given:
            self._fail("no systemd credentials here ($CREDENTIALS_DIRECTORY is not set); use LoadCredential=")
        return Path(given) / str(self._value)

    def _from_file(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                held = file.read(65536)
        except OSError as failed:
            self._fail(f"{path} cannot be read: {failed.strerror}")
        if self._source == "_file" and readable_by_others(mode):
            self._fail(f"{path} {open_to_others(path, mode)}")
        try:
            found = held.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            self._fail(f"{path} is not text in UTF-8")
        return found or self._fail(f"{path} is empty")

    def _fail(self, why: str) -> NoReturn:
        raise ConfigError(f"{self.key}: {why}") from None

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self._source, self._value) == (other._source, other._value)

    def __hash__(self) -> int:
        return hash(self._source)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied, pickled or sent to another process")


def readable_by_others(mode: int) -> bool:
    return os.name == "posix" and bool(mode & 0o077)


def open_to_others(path: Path, mode: int) -> str:
    return f"holds a secret and others can read it (mode {stat.S_IMODE(mode):o}); make it yours alone: chmod 600 {path}"

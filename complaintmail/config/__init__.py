"""config.toml as frozen models.

Owns the settings: `load` finds the file, reads it and says everything that is wrong with it at once, a line each:
file, key, what is wrong, what would be right. It promises that what it returns can be used as it is: paths are
absolute, keys that depend on others are filled in, no secret is ever shown. It reads no secret's file: those are read
when a password is needed, so that the reading commands work for people who may not see it.
On failure: `ConfigError`, which the command line turns into exit code 2.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

from complaintmail.config.amounts import Away, DatabaseUrl, Hours
from complaintmail.config.model import (
    Alarm,
    Config,
    Folders,
    Imap,
    Limits,
    Mailbox,
    Monitor,
    OAuth2,
    Person,
    Policies,
    Relay,
    Smtp,
    Storage,
    Templates,
)
from complaintmail.config.read import Reader
from complaintmail.config.secret import Secret, open_to_others, readable_by_others
from complaintmail.errors import ConfigError

__all__ = [
    "Alarm",
    "Away",
    "Config",
    "ConfigError",
    "DatabaseUrl",
    "Folders",
    "Hours",
    "Imap",
    "Limits",
    "Mailbox",
    "Monitor",
    "OAuth2",
    "Person",
    "Policies",
    "Relay",
    "Secret",
    "Smtp",
    "Storage",
    "Templates",
    "find",
    "load",
]

VARIABLE = "COMPLAINTMAIL_CONFIG"
USUAL_PLACES = (Path("config.toml"), Path("/etc/complaintmail/config.toml"))


def find(path: Path | None) -> Path | None:
    """The file to read: the one named, else $COMPLAINTMAIL_CONFIG's, else the first there is in the usual places."""
    if path is not None:
        return path
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    return next((place for place in USUAL_PLACES if place.exists()), None)


def load(path: Path | None = None) -> Config:
    """The settings, whole and usable; `ConfigError` with every problem otherwise."""
    found = find(path)
    if found is None:
        raise ConfigError(
            "config.toml: there is none here and none in /etc/complaintmail; name one with --config FILE or "
            f"${VARIABLE}, or write one with: complaintmail init"
        )
    words, mode = _read(found)
    return parse(words, found, mode)


def parse(words: str, path: Path, mode: int = 0o600) -> Config:
    """The settings from the text of a file that is (or would be) at `path`, with these permissions."""
    try:
        given = tomllib.loads(words)
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"{path}: is not valid TOML: {wrong}") from None
    absolute = Path.cwd() / path  # symbolic links stay: paths are relative to where the file was named
    reader = Reader(str(path), absolute.parent)
    config = reader.top(Config, given)
    if reader.holds_secret and readable_by_others(mode):
        reader.problems.append(
            f"{path}: {open_to_others(path, mode)}, or move the secret to a file of its own (password_file)"
        )
    reader.problems.extend(exposed for secret in reader.secrets if (exposed := secret.exposed()) is not None)
    if reader.problems or config is None:
        raise ConfigError(list(dict.fromkeys(reader.problems)))
    return replace(config, path=absolute)


def _read(path: Path) -> tuple[str, int]:
    """The file's text and permissions; a byte order mark, as some Windows editors leave one, is no part of it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            return file.read().decode("utf-8-sig"), mode
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; write one with: complaintmail init") from None
    except OSError as failed:
        raise ConfigError(f"{path}: cannot be read: {failed.strerror}") from None
    except UnicodeDecodeError as wrong:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {wrong.start + 1}); save it as UTF-8") from None

"""Who can open mailboxes, folders and the database all the same, whatever this program keeps from them.

Whoever is complained about gets nothing from this program; where they hold a password or an account on this machine
they can look for themselves. What can be known of that is told as warnings. Nothing here fails: what cannot be found
out is left out.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from complaintmail.errors import ComplaintmailError
from complaintmail.policy.wording import joined

if TYPE_CHECKING:
    from complaintmail.config.model import Config
    from complaintmail.store.reading import Reader

MOST = 12  # names in one line
LOGINS = (
    "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname <> current_user "
    "AND (rolsuper OR has_table_privilege(rolname, 'cases', 'SELECT')) ORDER BY rolname"
)


def open_doors(config: Config) -> Iterator[tuple[str, str]]:
    """What is open to others, and to whom; the database's own file is looked at with the database."""
    if config.mailboxes:
        boxes = joined([box.address for box in config.mailboxes])
        yield (
            "who can read",
            f"everybody who has the password of {boxes}, or to whom it is shared, can read there what is said of "
            "themselves; let as few as possible have it, and nobody who may be complained about",
        )
    for what, folder in (("raw mails", config.storage.raw_files), ("case folders", config.storage.case_files)):
        if folder.is_dir() and (whom := readers(folder)):
            yield what, f"{whom} can open every case in {folder}, those about themselves too: chmod 700 {folder}"
    database = config.storage.database
    if database.file is None and (logins := _logins(database.reveal())):
        yield (
            "database",
            f"{_few(logins)} can log in to the server and read every case, those about themselves too; "
            "take the right from whoever does not need it",
        )


def readers(path: Path) -> str:
    """Who besides its owner and the administrators can read this file or folder: '' for nobody."""
    try:
        there = path.resolve()
        found = there.stat()
        above = [parent.stat() for parent in there.parents]
    except OSError:
        return ""
    if found.st_mode & stat.S_IROTH and all(parent.st_mode & stat.S_IXOTH for parent in above):
        return "every user of this machine"
    if not found.st_mode & stat.S_IRGRP:
        return ""
    group = found.st_gid
    if all(p.st_mode & stat.S_IXOTH or (p.st_gid == group and p.st_mode & stat.S_IXGRP) for p in above):
        name, members = _group(group, found.st_uid)
        return f"the group {name} ({_few(members)})" if members else ""
    return ""


def _group(number: int, owner: int) -> tuple[str, list[str]]:
    """A group's name and the users in it besides the owner and the administrator."""
    import grp
    import pwd

    try:
        group = grp.getgrgid(number)
        name, members = group.gr_name, set(group.gr_mem)
    except KeyError:
        name, members = str(number), set()
    for user in pwd.getpwall():
        if user.pw_gid == number:
            members.add(user.pw_name)
        if user.pw_uid in (0, owner, os.getuid()):
            members.discard(user.pw_name)
    return name, sorted(members)


def _logins(url: str) -> list[str]:
    """The server's users who can read the cases, besides this program's own."""
    from complaintmail.store.reading import open_casebook

    try:
        with open_casebook(url) as reader:
            return _asked(reader)
    except ComplaintmailError:
        return []  # the database has its own line


def _asked(reader: Reader) -> list[str]:
    return [row[0] for row in reader.rows(LOGINS)]


def _few(names: list[str]) -> str:
    return joined(names) if len(names) <= MOST else f"{', '.join(names[:MOST])} and {len(names) - MOST} more"

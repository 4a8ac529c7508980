"""Moving our own evidence out of the inbox, and nothing else: never a plain EXPUNGE, which would take others' mail.

With MOVE the server does it in one step. Without it: COPY, see from COPYUID what was copied, and only then delete
those by UID EXPUNGE; a server that lacks that too keeps the mail in the inbox, marked deleted, for its own clean-up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from imapclient import DELETED, SEEN, IMAPClient
from imapclient.imapclient import SENT

from complaintmail.gateways.imap_wire import FolderClient

_COPYUID = re.compile(rb"\d+ ([\d:,]+) [\d:,]+")


def file(client: FolderClient, uids: Sequence[int], target: str | None) -> None:
    """Mark these read and move them to `target`, if there is one. UIDs already gone are passed over."""
    client.add_flags(uids, [SEEN], silent=True)
    if target is None:
        return
    try:
        _move(client, uids, target)
    except IMAPClient.Error as refused:
        if "TRYCREATE" not in str(refused):
            raise
        client.create_folder(target)
        _move(client, uids, target)


def sent_folder(client: FolderClient) -> str | None:
    """Where this mailbox keeps what it sent: by special use, else by the usual names."""
    name: str | None = client.find_special_folder(SENT)
    return name


def make_sent_folder(client: FolderClient) -> str:
    prefix = ""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        prefix = personal[0][0] if personal else ""
    client.create_folder(f"{prefix}Sent")
    client.subscribe_folder(f"{prefix}Sent")
    return f"{prefix}Sent"


def _move(client: FolderClient, uids: Sequence[int], target: str) -> None:
    if client.has_capability("MOVE"):
        client.move(uids, target)
        return
    client.take_untagged()
    client.copy(uids, target)
    copied = set(uids)
    if client.has_capability("UIDPLUS"):
        copied &= _sources(client.take_untagged().get("COPYUID", []))
    if not copied:
        return
    client.add_flags(sorted(copied), [DELETED], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(sorted(copied))


def _sources(copyuid: list[bytes]) -> set[int]:
    """The UIDs that COPYUID says were copied."""
    found: set[int] = set()
    for words in copyuid:
        match = _COPYUID.match(words)
        for part in match[1].split(b",") if match else ():
            first, _, last = part.partition(b":")
            found.update(range(int(first), int(last or first) + 1))
    return found

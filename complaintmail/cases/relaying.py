"""What of a staff member's reply goes on to the complainant, and what waits for the writer's word.

Owns the verdict on one mail, whose new words it is given (signature included, commands and quotations cut). Promises:
no token, no staff address and nothing that tracks is in what goes; the rest is whole, links, names and titles too.
Linear time, and what is longer than any letter waits. Never fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from complaintmail.cases.holding import is_holding
from complaintmail.cases.relay_cut import cut
from complaintmail.cases.relay_doubts import READ, doubts

__all__ = ["Relayed", "is_holding", "relayable"]


@dataclass(frozen=True, slots=True)
class Relayed:
    """What goes; why to ask the writer first (empty: it goes); what was taken out, for the writer's receipt."""

    text: str
    waits: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()


def relayable(
    text: str, *, writer_name: str, staff: Mapping[str, str], own: frozenset[str], mailbox: str, complainant_name: str
) -> Relayed:
    """What of this mail goes on. `staff`: address to name; `own`: our mailboxes, whose addresses anybody may see."""
    inside = {address: name for address, name in staff.items() if address.lower() not in own}
    kept, taken_out = cut(text, writer_name, inside, mailbox)
    waits = doubts(kept, writer_name=writer_name, staff=staff, complainant_name=complainant_name)
    if len(kept) > READ:
        waits = (*waits, "It is much longer than a letter: please look at it before it goes.")
    return Relayed(kept, waits, taken_out)

"""Which rows of a list are wanted, and how that is asked of either database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaintmail.store.reading import Reader, folded


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of them; nothing chosen is all of them."""

    policies: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None  # the first moment that counts
    until: datetime | None = None  # the first one that no longer does
    text: str | None = None
    mailbox: str | None = None
    case: str | None = None


class Where:
    """The conditions of one query, with their parameters in order."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.conditions: list[str] = []
        self.params: list[object] = []

    def among(self, column: str, values: Iterable[str]) -> None:
        wanted = list(values)
        if wanted:
            self.conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            self.params += wanted

    def between(self, column: str, chosen: Chosen) -> None:
        for sign, moment in ((">=", chosen.since), ("<", chosen.until)):
            if moment is not None:
                self.conditions.append(f"{column} {sign} ?")
                self.params.append(self._reader.moment(moment))

    def holding(self, columns: Iterable[str], words: str | None, template: str = "{}") -> None:
        """One of these columns holds these words; the last one within `template`, which looks in another table."""
        if not words:
            return
        *plain, last = [self._reader.holds(column) for column in columns]
        self.conditions.append("(" + " OR ".join((*plain, template.format(last))) + ")")
        self.params += [folded(words)] * (len(plain) + 1)

    def __str__(self) -> str:
        return " WHERE " + " AND ".join(self.conditions) if self.conditions else ""

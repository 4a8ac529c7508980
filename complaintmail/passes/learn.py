"""Once a night what staff said of mails is learnt from, if anything was said; each week a few mails that were let go
are put to a person.

A night with nothing new costs one look at an index. The work is done outside any transaction, and what comes of it is
one row and one event: new weights, or the reason why there are none. Killed in the middle, nothing has changed and the
next look tries again. Several daemons on one database may try at once; one of them writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaintmail.log import Log
from complaintmail.passes.item import net
from complaintmail.store import learnt, taught
from complaintmail.store.engine import Store
from complaintmail.triage.judge import shipped
from complaintmail.triage.learning import NO_RULES, Refused, refit
from complaintmail.triage.rules import Rules

log = Log("learn")
AT_NIGHT = 3  # o'clock: the daemon learns from then on, when the day's mails are done


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of it: a version, or why there is none."""

    version: int | None
    why: str
    figures: dict[str, Any]


def learn_if_due(
    store: Store, now: datetime, timezone: str, rules: Mapping[str, Rules] = NO_RULES, *, from_hour: int = 0
) -> Lesson | None:
    """Learn, once a day, where something was said on a day before that was not learnt from yet; None where not.
    `rules`: those by which each mailbox's mail is judged."""
    here = now.astimezone(ZoneInfo(timezone))
    if here.hour < from_hour:
        return None
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    with store.reading() as connection:
        said = taught.latest(connection, midnight)
        if said is None:
            return None
        looked = learnt.looked_at(connection)
        if (looked is not None and (looked >= midnight or said <= looked)) or learnt.last(connection).stays:
            return None
    return learn(store, now, rules)


def learn(store: Store, now: datetime, rules: Mapping[str, Rules] = NO_RULES, *, by: str = "complaintmail") -> Lesson:
    """Learn from all that was said until now, whenever that was tried last."""
    with store.reading() as connection:
        before, looked = learnt.last(connection), learnt.looked_at(connection)
        present = learnt.judge_now(connection, shipped(), before)
        reviews = taught.reviews(connection, now)
    found, failure = net(lambda: refit(reviews, present, str(before.id + 1), rules))
    if found is None:
        log.error("learning_failed", why=failure)
        found = Refused(f"The program failed over it ({failure}).")
    with store.writing(now) as writer:
        if learnt.last(writer.connection) != before or learnt.looked_at(writer.connection) != looked:
            return Lesson(None, "Somebody else has just learnt, or taken something back.", {})
        learnt.looked(writer, found.why if isinstance(found, Refused) else "")
        if isinstance(found, Refused):
            writer.event("nothing_learnt", by=by, why=found.why, figures=dict(found.figures))
            log.event("nothing_learnt", why=found.why)
            return Lesson(None, found.why, dict(found.figures))
        version = learnt.keep(writer, found.learnt, found.figures, by)
    log.event("learnt", version=version, reviews=found.figures["reviews"])
    return Lesson(version, "", dict(found.figures))

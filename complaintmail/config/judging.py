"""Who judges the mail of each mailbox, as the settings say: what is shipped, or with rules of this installation's own.

What was learnt here is no setting and is added by whoever has the database. A rules file that cannot be read, or has a
mistake in it, is a `ConfigError` that names it.
"""

from __future__ import annotations

from complaintmail.config.model import Config
from complaintmail.errors import ConfigError
from complaintmail.triage.judge import Judge, with_rules


def judges_of(config: Config) -> dict[str, Judge | None]:
    """By the mailbox's address; None is whoever is shipped, who is read from his file when first asked. Mailboxes of
    one policy have one judge."""
    path = config.classify.rules
    if path is None:
        return dict.fromkeys(box.address for box in config.mailboxes)
    try:
        own = path.read_text("utf-8")
        judges = {name: with_rules(own, name) for name in dict.fromkeys(box.policy for box in config.mailboxes)}
    except OSError as wrong:
        raise ConfigError([f"{path}: cannot be read ({wrong.strerror}); [classify] rules names it"]) from None
    except ValueError as wrong:
        raise ConfigError([f"{path}: {wrong}"]) from None
    return {box.address: judges[box.policy] for box in config.mailboxes}

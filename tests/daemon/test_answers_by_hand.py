"""The daemon looks into the folder for sent mail whenever it looks at the inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.daemons import MANY, SOON, Daemons
from tests.support.mailstack import MailStack, until
from tests.support.office import Setup, a_mail

pytestmark = pytest.mark.stack


def test_an_answer_from_the_shared_mailbox_is_credited_at_the_next_look(tmp_path: Path, mailstack: MailStack) -> None:
    with Daemons(Setup(tmp_path, mailstack, box=SOON, extra=MANY)) as daemons:
        box = daemons.setup.address
        one = daemons.start()
        jane = daemons.complain()
        daemons.wait_until_answered(20)
        until(lambda: _has_sent(mailstack, box), 20, "the copy to be filed")
        mailstack.append(box, a_mail(jane, sender=box, body="I am sorry. We repeat the course."), folder="Sent")

        until(lambda: daemons.rows("SELECT responded_at FROM cases") != [(None,)], 20, "the answer to be credited")

        assert daemons.rows("SELECT status FROM cases") == [("open",)]
        assert daemons.rows("SELECT kind FROM letter WHERE recipient = ?", jane) == [("acknowledgement",)]
        assert one.stop() == 0


def _has_sent(stack: MailStack, box: str) -> bool:
    with stack.imap(box) as client:
        return bool(client.folder_exists("Sent")) and client.folder_status("Sent", ["MESSAGES"])[b"MESSAGES"] == 1

"""From the inbox to the acknowledgement, over a real Dovecot and Postfix."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from tests.support.mailstack import MailStack
from tests.support.office import Setup, a_mail, own_address


@pytest.mark.stack
def test_a_complaint_is_logged_and_acknowledged_once(tmp_path: Path, mailstack: MailStack) -> None:
    jane = own_address("complainants.test")
    mailstack.add_user(jane)
    office = Setup(tmp_path, mailstack)
    mailstack.deliver(jane, office.address, a_mail(office.address, sender=jane))
    mailstack.wait_for(office.address, 1, seconds=10)

    assert office.once() == []
    mailstack.wait_for(jane, 1, seconds=10)
    assert office.once() == []

    (answer,) = (email.message_from_bytes(raw, policy=email.policy.default) for raw in mailstack.mails(jane))
    (case,) = office.json("log")
    assert case["reference"].startswith("CMS-")
    assert answer["Complaint-Reference"] == case["reference"]
    assert answer["Auto-Submitted"] == "auto-replied"
    assert case["acknowledged_at"] is not None
    assert case["complainant"]["email"] == jane
    (mail,) = office.json("messages")
    assert mail["answered_with"] == answer["Message-ID"]
    assert mailstack.count(office.address, "Sent") == 1
    assert office.says("verify")[0] == 0

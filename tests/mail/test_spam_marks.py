"""What our own mail server says of a mail: several vendors' marks, and nobody else's."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.message import Message
from complaintmail.mail.spam_marks import spam_mark

OURS = "from mx.far.test (mx.far.test [192.0.2.1]) by mx.example.test (Postfix) with ESMTPS; Wed, 18 Nov 2026 12:00:00"
INSIDE = "from localhost (localhost [127.0.0.1]) by mx.example.test (amavis) with ESMTP; Wed, 18 Nov 2026 12:00:01"
THEIRS = "from laptop (client [198.51.100.7]) by mx.far.test (Postfix) with ESMTPSA; Wed, 18 Nov 2026 11:59:59"
FLAG = ("x-spam-flag", "YES")


def mail(*headers: tuple[str, str]) -> Message:
    return Message(sha256="", size=0, headers=headers)


@pytest.mark.parametrize(
    ("name", "spam", "ham"),
    [
        ("x-spam-flag", "YES", "NO"),
        ("x-spam-status", "Yes, score=9.1 required=5.0", "No, score=1.0 required=5.0"),
        ("x-spam", "Yes", "no"),
        ("x-rspamd-action", "add header", "no action"),
        ("x-ms-exchange-organization-scl", "6", "1"),
        ("x-ms-exchange-organization-scl", "9", "-1"),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;SCL:5;SFV:SPM;CAT:SPM", "CIP:1.2.3.4;SCL:1;SFV:NSPM;CAT:NONE"),
        ("x-forefront-antispam-report", "SCL:9;SFV:SPM;CAT:PHSH", "SCL:-1;SFV:SKN;"),
        ("x-barracuda-spam-status", "Yes, SCORE=5", "No, SCORE=0"),
        (
            "x-proofpoint-spam-details",
            "rule=inbound_spam policy=inbound score=99",
            "rule=notspam policy=inbound score=0",
        ),
        ("x-spamexperts-class", "spam", "ham"),
        ("x-recommended-action", "reject", "accept"),
        ("x-example-mailscanner-spamcheck", "spam, SpamAssassin (score=9)", "not spam, SpamAssassin (score=1)"),
        ("x-bogosity", "Spam, tests=bogofilter", "Ham, tests=bogofilter"),
        ("x-dspam-result", "Spam", "Innocent"),
        ("x-cmae-verdict", "spam", "clean"),
        ("x-vr-spamstate", "SPAM", "OK"),
        ("x-ui-filterresults", "junk:10;V03:", "notjunk:1;V03:"),
        ("x-gmx-antispam", "6 (mail looks like spam)", "0 (Mail was not recognized as spam)"),
    ],
)
def test_each_vendors_mark_counts_and_its_all_clear_does_not(name: str, spam: str, ham: str) -> None:
    assert spam_mark(mail((name, spam), ("received", OURS))) == name.title()
    assert spam_mark(mail((name, ham), ("received", OURS))) is None


def test_a_mark_counts_where_our_own_servers_write() -> None:
    above = mail(FLAG, ("received", OURS), ("received", THEIRS), ("from", "a@far.test"))
    beside = mail(("received", OURS), FLAG, ("received", THEIRS), ("from", "a@far.test"))
    within = mail(("received", INSIDE), FLAG, ("received", OURS), ("received", THEIRS))

    for one in (above, beside, within):
        assert spam_mark(one) == "X-Spam-Flag"
        assert spam_mark(one, "mx.example.test") == "X-Spam-Flag"


def test_what_another_server_wrote_does_not_count() -> None:
    below = mail(("received", OURS), ("received", THEIRS), FLAG, ("from", "a@far.test"))

    assert spam_mark(below) is None
    assert spam_mark(below, "mx.example.test") is None


def test_among_the_senders_own_headers_it_counts_only_where_nobody_named_the_server() -> None:
    sent = mail(("received", OURS), ("from", "a@far.test"), ("subject", "x"), FLAG)

    assert spam_mark(sent, "mx.example.test") is None
    assert spam_mark(sent) == "X-Spam-Flag", (
        "a filter may add its mark at the end, and a forged one harms its sender alone"
    )


def test_without_a_line_of_any_server_nothing_can_be_told_and_every_mark_counts() -> None:
    assert spam_mark(mail(("from", "a@far.test"), FLAG)) == "X-Spam-Flag"


@pytest.mark.parametrize("value", ["a" * 500_000, "rule=" * 100_000, "policy=;" * 60_000, "action=" * 70_000])
def test_a_monstrous_header_costs_no_time(value: str) -> None:
    names = ("x-proofpoint-spam-details", "x-forefront-antispam-report", "x-spam")
    began = time.process_time()

    for name in names:
        spam_mark(mail((name, value), *[("received", OURS)] * 200))

    assert time.process_time() - began < 1

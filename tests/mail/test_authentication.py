"""What our own mail server said about who sent a mail, and nobody else's word for it."""

from __future__ import annotations

import pytest

from complaintmail.mail.authentication import Standing, standing
from tests.support.arrivals import EVE, JANE, a_message

OURS = "mx.example.test"
PASS = "dmarc=pass header.from=complainants.test"
FAIL = "dmarc=fail header.from=complainants.test"
AR = "Authentication-Results: "
LMTP = "Received: from mx.example.test by imap.example.test with LMTP id 1; Tue, 17 Mar 2026 09:30:01 +0000"
ENTRY = (
    "Received: from mail.complainants.test (mail.complainants.test [192.0.2.7]) by mx.example.test (Postfix) "
    "with ESMTPS id 2; Tue, 17 Mar 2026 09:30:00 +0000"
)
THEIRS = "Received: from laptop (unknown [192.0.2.9]) by mail.complainants.test with ESMTPSA id 3; Tue, 17 Mar 2026"
GMAIL = [
    "Delivered-To: info@example.test",
    "Received: by 2002:a05:6a10:1234:b0:5aa:1:2 with SMTP id abc; Tue, 17 Mar 2026 02:30:01 -0700 (PDT)",
    "X-Received: by 2002:adf:f4c1:0:b0:33d:1:2 with SMTP id xyz; Tue, 17 Mar 2026 02:30:01 -0700 (PDT)",
    "Return-Path: <jane@complainants.test>",
    "Received: from mail.complainants.test (mail.complainants.test. [192.0.2.7]) by mx.google.com with ESMTPS id q1",
    "Received-SPF: pass (google.com: domain of jane@complainants.test designates 192.0.2.7 as permitted sender)",
]
MICROSOFT = [
    "Received: from DB9PR05MB1.eurprd05.prod.outlook.com (2603:10a6:10:1d9::17) by "
    "AM0PR05MB2.eurprd05.prod.outlook.com with HTTPS; Tue, 17 Mar 2026 09:30:03 +0000",
    "Received: from DUZPR01CA3.eurprd01.prod.exchangelabs.com (2603:10a6:10:46b::1) by "
    "DB9PR05MB1.eurprd05.prod.outlook.com (2603:10a6:10:1d9::17) with Microsoft SMTP Server (version=TLS1_2)",
    "Received: from DU2PEPF1.eurprd04.prod.outlook.com (2603:10a6:10:46b:cafe::1) by "
    "DUZPR01CA3.outlook.office365.com (2603:10a6:10:46b::1) with Microsoft SMTP Server (version=TLS1_3)",
]
MICROSOFT_SAYS = (
    AR + "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=complainants.test; dkim=pass (signature was verified) "
    "header.d=complainants.test;dmarc={} action=none header.from=complainants.test;compauth=pass reason=100"
)
MICROSOFT_ENTRY = (
    "Received: from mail.complainants.test (192.0.2.7) by DU2PEPF1.mail.protection.outlook.com (10.167.8.38) "
    "with Microsoft SMTP Server (version=TLS1_3); Tue, 17 Mar 2026 09:30:00 +0000"
)


def said(*headers: str, by: str | None = OURS, sender: str = JANE) -> str:
    """What is made of a mail that begins with these headers."""
    return str(standing(a_message(headers=headers, sender=sender), by))


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (PASS, "passed"),
        (FAIL, "failed"),
        ("dmarc=none header.from=complainants.test", "unknown"),
        ("dmarc=temperror header.from=complainants.test", "unknown"),
        ("dmarc=bestguesspass header.from=complainants.test", "unknown"),
        ("dkim=pass header.d=complainants.test; spf=pass smtp.mailfrom=complainants.test", "unknown"),
        ("none", "unknown"),
        (f"x-new=pass; {PASS}; y.z=1", "passed"),
        ("dmarc/1=pass header.from=complainants.test", "passed"),
        ("dmarc/2=pass header.from=complainants.test", "unknown"),
        ("DMARC=Pass header.From=Complainants.Test", "passed"),
        ("dmarc = pass header.from = complainants.test", "passed"),
        ("dmarc=pass policy.dmarc=none header.from=complainants.test", "passed"),
        ("dmarc=pass (p=none dis=none) header.from=complainants.test", "passed"),
        ("dmarc=pass header.from=third.test", "unknown"),
        ("dmarc=pass header.from=mail.complainants.test", "unknown"),
        ("xdmarc=pass header.from=complainants.test", "unknown"),
        ("dmarc-x=pass header.from=complainants.test", "unknown"),
        ('dmarc=pass header.from="complainants.test"', "passed"),
        ('dmarc=pass header.from="third.test"', "unknown"),
        ('dmarc=pass reason="header.from=complainants.test" header.from=third.test', "unknown"),
        (f"{PASS}; {FAIL}", "failed"),
        (f"{FAIL}; {PASS}", "failed"),
    ],
)
def test_what_our_server_s_results_say(result: str, verdict: str) -> None:
    assert said(LMTP, f"{AR}{OURS}; {result}", ENTRY, THEIRS) == verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (OURS, "passed"),
        ("MX.Example.Test", "passed"),
        (f"{OURS} 1", "passed"),
        (f"(our own) {OURS} (a comment; with a semicolon) 1", "passed"),
        (f"((nested) deep) {OURS}", "passed"),
        (f'"{OURS}"', "passed"),
        (f"{OURS} 2", "unknown"),
        (f"{OURS} 11", "unknown"),
        ("mx.third.test", "unknown"),
        (f"{OURS}.third.test", "unknown"),
        ("example.test", "unknown"),
        ("", "unknown"),
    ],
)
def test_only_the_configured_name_in_the_version_that_we_know_counts(name: str, verdict: str) -> None:
    assert said(LMTP, f"{AR}{name}; {PASS}", ENTRY) == verdict


def test_nothing_is_believed_where_nothing_is_configured() -> None:
    assert said(LMTP, f"{AR}{OURS}; {PASS}", ENTRY, by=None) == "unknown"
    assert said(LMTP, f"{AR}{OURS}; {FAIL}", ENTRY, by="") == "unknown"


@pytest.mark.parametrize(
    "trick",
    [
        f"spf=fail (domain of x; {PASS}) smtp.mailfrom=x",
        f"spf=fail ((nested; {PASS}) ; {PASS}) smtp.mailfrom=x",
        f'spf=fail smtp.mailfrom="x; {PASS}"',
        f'spf=fail smtp.mailfrom="a\\"; {PASS}; b=\\""',
        f"spf=fail (never closed; {PASS}",
    ],
)
def test_what_stands_in_a_comment_or_in_quotes_is_no_result(trick: str) -> None:
    assert said(LMTP, f"{AR}{OURS}; {trick}", ENTRY) == "unknown"


# Where it stands


@pytest.mark.parametrize(
    "above",
    [
        [LMTP],
        [],
        ["Received: from localhost (localhost [127.0.0.1]) by mx.example.test (Postfix) with ESMTP id 9"],
        ["Received: from mx.example.test (mx.example.test [198.51.100.1]) by imap.example.test (Postfix) with ESMTPS"],
        ["Received: by imap.example.test (Postfix, from userid 8) id 4"],
    ],
    ids=["LMTP", "nothing", "a filter on the same machine", "a server of the same house", "handed on"],
)
def test_results_above_the_line_by_which_a_mail_came_in_are_ours(above: list[str]) -> None:
    assert said(*above, f"{AR}{OURS}; {PASS}", ENTRY, THEIRS) == "passed"


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        "Received: from mx.example.test (mail.third.test [192.0.2.66]) by mx.example.test (Postfix) with ESMTP id 2",
        "Received: from mx.example.test (unknown [192.0.2.66]) by mx.example.test (Postfix) with ESMTP id 2",
        "Received: from mx.example.test ([192.0.2.66]) by mx.example.test with ESMTP id 2",
        "Received: from mx.example.test (192.0.2.66) by mx.example.test with SMTP id 2",
        "Received: from [192.0.2.66] (helo=mx.example.test) by mx.example.test with esmtp id 2",
        "Received: from mx.example.test (unknown [172.17.0.1]) by mx.example.test (Postfix) with ESMTP id 2",
        "Received: from mail.third.test by somewhere.third.test with ESMTP id 2",
    ],
    ids=["plain", "lying greeting", "no name", "bare", "old style", "Exim", "through a proxy", "elsewhere"],
)
def test_results_that_a_mail_brought_with_it_are_nobody_s(entry: str) -> None:
    """The mail came in by `entry`; whatever lies below it was in the mail, whoever it says that it is by."""
    forged = f"{AR}{OURS}; {PASS}"

    assert said(LMTP, entry, forged) == "unknown"
    assert said(LMTP, entry, forged, ENTRY) == "unknown"
    assert said(LMTP, f"{AR}{OURS}; {FAIL}", entry, forged) == "failed"
    assert said(LMTP, f"{AR}{OURS}; dmarc=none header.from=complainants.test", entry, forged) == "unknown"


def test_two_programs_of_ours_may_each_say_their_part() -> None:
    spf = f"{AR}{OURS}; spf=pass smtp.mailfrom=complainants.test"

    assert said(LMTP, spf, f"{AR}{OURS}; {PASS}", ENTRY) == "passed"
    assert said(LMTP, f"{AR}{OURS}; {PASS}", spf, ENTRY) == "passed"
    assert said(LMTP, f"{AR}{OURS}; {PASS}", f"{AR}{OURS}; {FAIL}", ENTRY) == "failed"


@pytest.mark.parametrize("ours", ["example.test", "mx.acme.co.uk", "acme.co.uk", "mx.ibm.com"])
def test_a_neighbour_under_the_same_suffix_is_not_of_our_house(ours: str) -> None:
    """Whoever shares nothing but `.test`, `.co.uk` or `.com` with us passes nothing on for us."""
    neighbour = f"mail.{ours.partition('.')[2]}" if ours != "mx.ibm.com" else "mail.com"
    entry = f"Received: from {neighbour} ({neighbour} [192.0.2.66]) by {ours} (Postfix) with ESMTP id 2"
    if ours == "mx.acme.co.uk":
        entry = entry.replace(neighbour, "mail.other.co.uk")

    assert said(entry, f"{AR}{ours}; {PASS}", by=ours) == "unknown"


def test_what_lies_in_an_attached_mail_is_not_read() -> None:
    inner = f"--b\nContent-Type: message/rfc822\n\n{AR}{OURS}; {PASS}\nFrom: x@y.test\n\nHello\n--b--\n"
    message = a_message(inner, headers=[LMTP, ENTRY], kind="multipart/mixed; boundary=b")

    assert standing(message, OURS) is Standing.UNKNOWN


def test_several_senders_are_never_authentic() -> None:
    assert said(LMTP, f"{AR}{OURS}; dmarc=pass", ENTRY, sender=f"{JANE}, {EVE}") == "unknown"


# As the big providers write it


@pytest.mark.parametrize(("result", "verdict"), [("pass", "passed"), ("fail", "failed")])
def test_gmail_writes_below_its_own_line(result: str, verdict: str) -> None:
    says = (
        f"{AR}mx.google.com; dkim=pass header.i=@complainants.test header.b=Ab; spf=pass (google.com: domain "
        "of jane@complainants.test designates 192.0.2.7 as permitted sender) smtp.mailfrom=jane@complainants.test; "
        f"dmarc={result} (p=REJECT sp=REJECT dis=NONE) header.from=complainants.test"
    )
    forged = f"{AR}mx.google.com; {PASS}"

    assert said(*GMAIL, says, THEIRS, by="mx.google.com") == verdict
    assert said(*GMAIL, says, forged, by="mx.google.com") == verdict
    assert said(*GMAIL, says.partition("; dmarc")[0], forged, by="mx.google.com") == "unknown"
    assert said(*GMAIL, says, THEIRS, by=OURS) == "unknown"


@pytest.mark.parametrize(("result", "verdict"), [("pass", "passed"), ("fail", "failed"), ("none", "unknown")])
def test_microsoft_365_names_no_server(result: str, verdict: str) -> None:
    says = MICROSOFT_SAYS.format(result)
    forged = MICROSOFT_SAYS.format("pass")

    assert said(*MICROSOFT, says, MICROSOFT_ENTRY, THEIRS, by="outlook.com") == verdict
    assert said(*MICROSOFT, says, MICROSOFT_ENTRY, forged, by="outlook.com") == verdict
    assert said(*MICROSOFT, MICROSOFT_ENTRY, forged, MICROSOFT_ENTRY, by="outlook.com") == "unknown"


def test_results_without_a_name_count_nowhere_else() -> None:
    says = MICROSOFT_SAYS.format("pass")

    assert said(LMTP, says, ENTRY) == "unknown"
    assert said(*MICROSOFT, says, MICROSOFT_ENTRY) == "unknown"
    assert said(says, by="outlook.com") == "unknown"

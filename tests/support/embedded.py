"""Two people on the embedded mail server, two mails, and ways to send and to read them."""

from __future__ import annotations

import smtplib

from complaintmail.demo.mail_server import HOST, MailServer
from complaintmail.gateways.imap import ImapInbox

ANN, BOB = "ann@post.example", "bob@post.example"
PLAIN = b"""\
From: Ann <ann@post.example>\r
To: Bob <bob@post.example>\r
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r
Date: Mon, 02 Nov 2026 10:00:00 +0000\r
Message-ID: <one@post.example>\r
\r
Hello Bob,\r
.a line that begins with a dot\r
"""
MIXED = b"""\
From: Ann <ann@post.example>\r
To: Bob <bob@post.example>\r
Subject: two parts\r
Date: Tue, 03 Nov 2026 10:00:00 +0000\r
Message-ID: <two@post.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="b1"\r
\r
nobody reads this\r
--b1\r
Content-Type: text/plain; charset=utf-8\r
\r
the words\r
--b1\r
Content-Type: message/rfc822\r
\r
Subject: inside\r
Content-Type: text/html\r
\r
<p>inner</p>\r
--b1\r
Content-Type: image/png; name="a b.png"\r
Content-Disposition: attachment; filename="a b.png"\r
Content-Transfer-Encoding: base64\r
\r
AAAA\r
--b1--\r
"""


def send(server: MailServer, raw: bytes, to: str = BOB, user: str | None = ANN) -> None:
    with smtplib.SMTP(HOST, server.smtp_port, local_hostname="post.example") as smtp:
        if user:
            smtp.login(user, "secret")
        smtp.sendmail(user or "stranger@else.example", [to], raw)


def inbox(server: MailServer, address: str = BOB) -> ImapInbox:
    return ImapInbox(HOST, server.imap_port, "none", address, lambda: "secret")

"""The loop that anybody could write in an hour, as the measure: fetch, parse, keep, answer, and nothing more.

imapclient fetches fifty mails at a time (BODY.PEEK[]), mail-parser parses each, the raw bytes go into SQLite with one
commit for the fifty, and each sender gets one short answer over a connection that is kept. No identity, no case, no
dates, no letter, no record: and when it stops in the middle, nobody knows what was answered.

    python -m bench.bare_loop '{"imap": 143, "smtp": 25, "address": "info@example.test", "database": "bare.db"}'

It answers what is in the mailbox, says so, and waits for a line on standard input before it goes on: what is measured
is the part after that.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from typing import Any

import mailparser
from aiosmtplib import SMTP
from imapclient import IMAPClient

from bench.stopwatch import Stopwatch, say, wait_for_word

FIFTY = 50
ANSWER = (
    "From: Office <{0}>\r\nTo: <{1}>\r\nSubject: We have your mail\r\nIn-Reply-To: {2}\r\n"
    "Auto-Submitted: auto-replied\r\n\r\nThank you. We have your mail and will write within ten working days.\r\n"
)


class BareLoop:
    def __init__(self, imap: int, smtp: int, address: str, database: str) -> None:
        self.address = address
        self.client: Any = IMAPClient("127.0.0.1", imap, ssl=False, timeout=30)
        self.client._imap.debug = 0
        self.client.login(address, "secret")
        self.smtp = SMTP(hostname="127.0.0.1", port=smtp, start_tls=False, use_tls=False)
        self.database = sqlite3.connect(database, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=DELETE")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute("CREATE TABLE mail (uid INTEGER PRIMARY KEY, sender TEXT, subject TEXT, raw BLOB)")
        self.last = 0
        self.answered = 0

    async def work_off(self) -> None:
        self.client.select_folder("INBOX", readonly=True)
        uids = [uid for uid in self.client.search(["UID", f"{self.last + 1}:*"]) if uid > self.last]
        for start in range(0, len(uids), FIFTY):
            await self._fifty(uids[start : start + FIFTY])

    async def _fifty(self, uids: list[int]) -> None:
        found = self.client.fetch(uids, ["BODY.PEEK[]"])
        rows, answers = [], []
        for uid in uids:
            raw = found[uid][b"BODY[]"]
            mail = mailparser.parse_from_bytes(raw)
            sender = mail.from_[0][1]
            rows.append((uid, sender, mail.subject, raw))
            answers.append((sender, ANSWER.format(self.address, sender, mail.message_id).encode()))
        self.database.execute("BEGIN")
        self.database.executemany("INSERT INTO mail VALUES (?, ?, ?, ?)", rows)
        self.database.execute("COMMIT")
        for sender, answer in answers:
            await self.smtp.sendmail(self.address, [sender], answer)
        self.last = uids[-1]
        self.answered += len(uids)

    async def run(self) -> None:
        await self.smtp.connect()
        await self.work_off()
        say(ready=self.answered)
        wait_for_word()
        before, watch = self.answered, Stopwatch()
        await self.work_off()
        say(done=self.answered - before, **watch.read())
        self.smtp.close()


if __name__ == "__main__":
    asyncio.run(BareLoop(**json.loads(sys.argv[1])).run())

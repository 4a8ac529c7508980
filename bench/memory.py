"""How much memory the daemon holds: idle, after many mails, and at most while a very big one comes."""

from __future__ import annotations

import base64
import random

from bench.daemon import Peak, RunningDaemon
from bench.figures import Line
from bench.ground import Ground
from bench.mails import mails
from bench.rate import humans, sent, wait_until_sent

IDLE, MORE = 120.0, 60.0
BIG = 50_000_000
AT_ONCE = 2500


def measure(ground: Ground, *, count: int, seed: int) -> list[Line]:
    address, folder = ground.mailbox(), ground.own_folder()
    database = folder / "complaintmail.db"
    first = mails(1, seed + 1, address)
    with RunningDaemon(ground.settings(folder, address)) as daemon:
        ground.put(address, list(first))
        wait_until_sent(database, 1)  # it is up, and has done all that it does once
        idle = daemon.settled()
        with Peak(daemon.pid) as big:
            ground.stack.append(address, big_mail(address, seed))
            wait_until_sent(database, 2)
            daemon.settled(1)
        expected = sent(database)
        with Peak(daemon.pid) as many:
            for number in range(0, count, AT_ONCE):
                some = list(mails(min(AT_ONCE, count - number), seed + 2 + number, address, attachments=0.03))
                expected += humans(some)
                ground.put(address, some)
            wait_until_sent(database, expected, 600)
        after = daemon.settled()
    ground.forget(address)
    return [
        Line.at_most("idle, MB", [idle], IDLE, "{:.0f}"),
        Line.at_most(f"more while a mail of {BIG // 1_000_000} MB comes, MB", [big.megabytes - idle], MORE, "{:.0f}"),
        Line(f"at most while {count:,} mails come, MB", f"{many.megabytes:.0f}"),
        Line.at_most(f"idle after {count:,} mails, MB", [after], IDLE, "{:.0f}"),
    ]


def big_mail(to: str, seed: int) -> bytes:
    """A complaint with a film."""
    [complaint] = [mail for mail in mails(40, seed, to, attachments=0) if b"text/plain" in mail.raw and mail.human][:1]
    head, _, body = complaint.raw.partition(b"\r\n\r\n")
    kind = head[head.rindex(b"Content-Type:") :]
    head = head[: head.rindex(b"Content-Type:")] + b'Content-Type: multipart/mixed; boundary="film"\r\n\r\n'
    film = base64.encodebytes(random.Random(seed).randbytes(BIG * 57 // 78)).replace(b"\n", b"\r\n")
    named = b'Content-Type: video/mp4; name="film.mp4"\r\nContent-Disposition: attachment; filename="film.mp4"\r\n'
    coded = b"Content-Transfer-Encoding: base64\r\n\r\n"
    return b"".join(
        (head, b"--film\r\n", kind, b"\r\n\r\n", body, b"\r\n--film\r\n", named, coded, film, b"\r\n--film--\r\n")
    )

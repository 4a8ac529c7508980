"""Health and figures over HTTP while the daemon runs: /healthz (200 or 503, what `status --format json` prints) and
/metrics (Prometheus text). Nowhere unless `[monitor] listen` is set.

It reads the database as any command does and holds nothing of the daemon's: a daemon that hangs shows as mailboxes not
looked at. No page shows a name, an address of a complainant or a word of a mail. A port that is taken ends the start
with one clear line; a request that fails is answered 503, and the next one is served.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from complaintmail import __version__
from complaintmail.clock import SystemClock
from complaintmail.config.model import Config
from complaintmail.errors import ComplaintmailError
from complaintmail.log import Log
from complaintmail.store.health import look
from complaintmail.store.instants import instant_of
from complaintmail.store.late import how_many_late
from complaintmail.store.reading import Reader, open_casebook

log = Log("monitor")

SECONDS_TO_ASK = 10.0
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@contextlib.contextmanager
def serve(config: Config) -> Iterator[tuple[str, int] | None]:
    """Serve for as long as the block lasts; where, or None when nothing is to be served."""
    if config.monitor.listen is None:
        yield None
        return
    server = _listening(config, *config.monitor.listen)
    thread = threading.Thread(target=server.serve_forever, name="monitor", daemon=True)
    thread.start()
    host, port = server.server_address[:2]
    log.event("monitor_serves", host=host, port=port)
    try:
        yield str(host), int(port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(SECONDS_TO_ASK)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


def _listening(config: Config, host: str, port: int) -> _Server:
    class Here(_Server):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    class Answers(_Page):
        settings = config

    try:
        return Here((host, port), Answers)
    except OSError as failed:
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise ComplaintmailError(
            f"[monitor] listen: cannot serve on {where}: {failed.strerror or failed}; name another port, or stop what "
            "listens there"
        ) from None


class _Page(BaseHTTPRequestHandler):
    settings: Config
    server_version = "complaintmail"
    sys_version = ""
    protocol_version = "HTTP/1.0"  # one question, one answer
    timeout = SECONDS_TO_ASK

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/healthz":
            self._answer(*healthz(self.settings), "application/json")
        elif path == "/metrics":
            self._answer(*metrics(self.settings), METRICS_TYPE)
        else:
            self._answer(404, "There is /healthz and there is /metrics.\n", "text/plain; charset=utf-8")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, code: int, words: str, kind: str) -> None:
        body = words.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug("asked", line=format % args)


def healthz(config: Config) -> tuple[int, str]:
    """The answer and its code: 503 when somebody has to look."""
    import json

    try:
        found = look(config, SystemClock().now())
    except ComplaintmailError as failed:
        told = {"healthy": False, "mailboxes": [], "outbox": {}, "overdue": None, "problems": [str(failed)]}
        return 503, json.dumps(told) + "\n"
    return (200 if found.healthy else 503), json.dumps(found.as_json(), ensure_ascii=False) + "\n"


def metrics(config: Config) -> tuple[int, str]:
    try:
        with open_casebook(config.storage.database.reveal()) as reader:
            lines = [*_figures(reader)]
    except ComplaintmailError as failed:
        log.warning("metrics_failed", why=str(failed))
        lines = [*_metric("up", "gauge", "Can the casebook be read?", {(): 0})]
    return 200, "\n".join(lines) + "\n"


Values = Mapping[tuple[tuple[str, str], ...], float]


def _figures(reader: Reader) -> Iterator[str]:
    yield from _metric("up", "gauge", "Can the casebook be read?", {(): 1})
    yield from _metric("build_info", "gauge", "The program's version.", {(("version", __version__),): 1})
    counted = {
        "mails_total": ("counter", "Mails taken in.", "SELECT kind, COUNT(*) FROM message GROUP BY 1", ("kind",)),
        "cases": (
            "gauge",
            "Cases.",
            "SELECT policy, status, COUNT(*) FROM cases GROUP BY 1, 2",
            ("policy", "status"),
        ),
        "letters": ("gauge", "Letters to complainants.", "SELECT state, COUNT(*) FROM letter GROUP BY 1", ("state",)),
        "backlog": (
            "gauge",
            "Mails collected and not understood yet.",
            "SELECT s.address, COUNT(j.id) FROM (SELECT DISTINCT address FROM mailbox_state) s LEFT JOIN journal j "
            "ON j.mailbox = s.address AND j.state = 'collected' GROUP BY 1",
            ("mailbox",),
        ),
    }
    for name, (kind, says, asked, labels) in counted.items():
        rows = reader.rows(asked)
        yield from _metric(name, kind, says, {tuple(zip(labels, row[:-1], strict=True)): row[-1] for row in rows})
    overdue = how_many_late(reader, SystemClock().now())
    yield from _metric("duties_overdue", "gauge", "Open duties past their last moment.", {(): overdue})
    good: dict[tuple[tuple[str, str], ...], float] = {
        (("mailbox", address),): moment.timestamp()
        for address, at in reader.rows("SELECT address, last_good_at FROM mailbox_state")
        if (moment := instant_of(at)) is not None
    }
    yield from _metric("mailbox_last_good_timestamp_seconds", "gauge", "When a pass last went well.", good)


def _metric(name: str, kind: str, says: str, values: Values) -> Iterator[str]:
    yield f"# HELP complaintmail_{name} {says}"
    yield f"# TYPE complaintmail_{name} {kind}"
    for labels, value in sorted(values.items()):
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        yield f"complaintmail_{name}{{{said}}} {value}" if said else f"complaintmail_{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

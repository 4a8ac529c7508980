"""Letters that came back, and receipts: what another machine tells of a mail of ours.

Owns the question whether a mail is a report of delivery, a receipt, a provider's report, or a bounce without any of
these. Promises: a person who attaches a report, or complains about a delivery that failed, is not taken for a server.
"""

from __future__ import annotations

from complaintmail.mail import bounce, bounce_words, robots
from complaintmail.mail.absence import absence
from complaintmail.mail.grievance import grievance
from complaintmail.mail.marks import Marks, said
from complaintmail.mail.message import Automatic, Bounce, Origin
from complaintmail.mail.report import Report


class Returned(Marks):
    """The questions that bear on returned mail, the surest first."""

    def returned(self) -> Origin | None:
        return self._reported() or self._unreported() or self._noticed()

    def _reported(self) -> Origin | None:
        report = self.report
        if report is None or not (report.report_type or report.parts):
            return None
        whole = self.told.get("content-type", "").lower().startswith("multipart/report")
        marked = whole or self.null_path or self.daemon() or "auto-submitted" in self.told
        if not marked and not robots.BOUNCE_SUBJECT.match(self.message.subject):
            return None  # a person may have attached a report that he got
        kinds = {part.type for part in report.parts}
        if report.report_type == "delivery-status" or kinds & {
            "message/delivery-status",
            "message/global-delivery-status",
        }:
            return self._delivery(report)
        if report.report_type == "disposition-notification" or "message/disposition-notification" in kinds:
            return self._receipt(report)
        if report.report_type == "feedback-report" or "message/feedback-report" in kinds:
            return said(Automatic.BULK, "It is a mail provider's report that somebody marked a mail as unwanted.")
        return None

    def _receipt(self, report: Report) -> Origin:
        """A receipt; but one that says "rejected" is how some servers return a letter that they will not keep."""
        submitted = self.told.get("auto-submitted", "").lower()
        returned = "rejected" in submitted or robots.BOUNCE_SUBJECT.match(self.message.subject)
        if returned and robots.REJECTED.search(f"{self.message.subject}\n{report.human_text or self.message.text}"):
            found = bounce.from_receipt(report)
            return said(
                Automatic.BOUNCE, "It says that a letter was rejected by the recipient's server.", bounces=found
            )
        return said(Automatic.AUTO_REPLY, "It is a receipt that says what became of a mail (read, deleted).")

    def _delivery(self, report: Report) -> Origin:
        found = bounce.from_report(report)
        if not found:
            found = bounce.from_words(self.message, report, self.tree) or (bounce.of_nobody(self.message, report),)
        fates = sorted({b.action for b in found})
        return said(
            Automatic.BOUNCE,
            f"It is a mail server's report about a delivery ({', '.join(fates)}).",
            bounces=found,
        )

    def _noticed(self) -> Origin | None:
        if self.address.endswith("amazonaws.com") and (found := bounce.of_notification(self.message.text)):
            return said(Automatic.BOUNCE, "It is a mail provider's notice about a delivery that failed.", bounces=found)
        return None

    def _unreported(self) -> Origin | None:
        """A bounce without a report: by its sender, its subject, a header, the words of its text."""
        message = self.message
        failed = "x-failed-recipients" in self.told
        titled = robots.BOUNCE_SUBJECT.match(message.subject)
        daemon = self.daemon()
        if not (failed or daemon or titled or (self.null_path and "auto-submitted" not in self.told)):
            return None
        found = bounce.from_words(message, self.report, self.tree if daemon or failed or titled else None)
        telling = self._telling(found)
        reason = self._why_returned(failed=failed, daemon=daemon, titled=titled[0] if titled else "")
        server = daemon and not robots.POSTMASTER.match(self.local)
        if failed or (daemon and (titled or telling)) or (titled and (telling or self.null_path)):
            return said(Automatic.BOUNCE, reason, bounces=found or (bounce.of_nobody(message, self.report),))
        if server or (daemon and len(message.text.strip()) < 20):
            return said(
                Automatic.BOUNCE, reason, sure=False, bounces=found or (bounce.of_nobody(message, self.report),)
            )
        if titled and len(message.text.strip()) < 20:
            return said(Automatic.BOUNCE, reason, sure=False, bounces=(bounce.of_nobody(message, self.report),))
        if self.null_path and telling and not absence(message.subject, message.text, answers=True):
            return said(Automatic.BOUNCE, reason, sure=False, bounces=found)
        return None

    def _telling(self, found: tuple[Bounce, ...]) -> bool:
        """Does the note name somebody and a reason, and does nobody complain in it?"""
        if not any(b.recipient for b in found):
            return False
        server = self.null_path or self.daemon()
        if not server and grievance(self.new()):
            return False
        note = bounce_words.read(self.message.text, self.message.subject, frozenset(), ())
        return any(b.status for b in found) or note.telling

    def _why_returned(self, *, failed: bool, daemon: bool, titled: str) -> str:
        if failed:
            return "Its header X-Failed-Recipients names who a mail could not be delivered to."
        if daemon:
            return f"Its sender {self.address or self.name} is a mail server that returns mail."
        if titled:
            return f"Its subject begins like a mail server's notice (“{titled.strip()}”)."
        return "It has no return address (Return-Path: <>) and speaks of a delivery that failed."

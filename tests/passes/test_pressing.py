"""A batch that is undone for a PDF and taken again leaves what it would have left at once."""

from __future__ import annotations

from contextlib import nullcontext

from click.testing import CliRunner

from complaintmail.cli import main
from tests.support.bureau import JANE, Bureau, click, reply
from tests.support.doors import ADDRESS
from tests.support.office import a_mail


class APress:
    asked = 0

    def pdf(self, page: str, data: str, at: int) -> bytes:
        self.asked += 1
        return b"%PDF-1.7 as the test has it"


def test_what_came_in_the_same_batch_is_taken_in_once_and_whom_it_names_is_still_suspected(bureau: Bureau) -> None:
    press = APress()
    bureau.office.papers[ADDRESS].presses = lambda: nullcontext(press)
    notice = bureau.given_to_hal("Your tutor came forty minutes late and I missed my exam. I want to complain.")
    bureau.takes(reply("hal", notice, "#outcome upheld\n\nWe listened to the recording."))
    draft = next(got for got in bureau.gets("hal") if "Look at the letter" in got.subject)
    bureau.gets("dana")

    kim = "kim@complainants.test"
    bureau.takes(
        a_mail(ADDRESS, sender=kim, body="Hal Handler shouted at me, it was a disgrace."),
        click("hal", draft, "Send it as it is"),
        a_mail(ADDRESS, sender="joe@complainants.test", body="The room was cold, and I am furious."),
    )

    assert press.asked == 2
    assert bureau.rows("SELECT case_id, email, standing FROM case_person") == [(2, "hal@staff.test", "suspected")]
    assert [len(bureau.all_to(who)) for who in (kim, "joe@complainants.test")] == [1, 1]
    assert [got.subject for got in bureau.all_to(JANE) if "outcome" in got.subject] == [
        "The outcome of your complaint [CMS-2026-000001]"
    ]
    assert not any("CMS-2026-000002" in got.subject for got in bureau.all_to("hal"))
    assert bureau.rows("SELECT reference FROM cases ORDER BY id") == [
        ("CMS-2026-000001",), ("CMS-2026-000002",), ("CMS-2026-000003",),
    ]  # fmt: skip
    verified = CliRunner().invoke(main, ["--config", str(bureau.folder / "config.toml"), "verify"])
    assert verified.exit_code == 0, verified.output

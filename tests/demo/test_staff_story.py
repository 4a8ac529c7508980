"""The second half of the demonstration: staff decide and answer by mail, told from what lies in the mailboxes."""

from __future__ import annotations

import email
import email.policy
import json
import shlex
import subprocess
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from complaintmail.demo.staff_story import first_words, link_names, reply
from complaintmail.letters.notice import written
from complaintmail.mail.reply import new_text
from tests.support.demo import Seen, see, too_wide
from tests.support.notices import MAILBOX, TRAPS, a_notice

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


def a_mail(text: str, html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Example <{MAILBOX}>", "sam@staff.example", "New complaint"
    mail["Message-ID"] = "<one@example.test>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def staff_part(seen: Seen) -> str:
    return " ".join(seen.out.partition("Now people:")[2].partition("The letter that")[0].split())


@pytest.fixture(scope="module")
def from_the_start(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Under a policy that names who deals with a complaint, so that nobody has to decide it."""
    return see(tmp_path_factory.mktemp("sek"), "--policy", "sek")


def held(seen: Seen, *turns: str) -> None:
    told = staff_part(seen)
    places = [told.find(turn) for turn in turns]

    assert seen.code == 0, seen.out
    assert -1 not in places, (turns[places.index(-1)], told)
    assert places == sorted(places)
    assert too_wide(seen.out, 80, str(seen.folder)) == []


ANSWERED = (
    "Yours to deal with [",
    "it says Your reply to this mail goes to ",
    "comes back Look at your answer before it goes [",
    "It was NOT sent yet.",
    "writes yes",
    ": the answer",
    "the answer is credited",
    "They have written again [",
)


def test_a_complaint_is_given_away_by_a_plain_word_answered_and_talked_over(seen: Seen) -> None:
    held(
        seen,
        "New complaint [",
        "it says A plain reply to this mail is kept as a note",
        "links “Deal with it yourself”",
        "comes back Shall this be done? [",
        "comes back Done [",
        "is open; ",
        "Yours to deal with [",
    )
    held(seen, *(turn for turn in ANSWERED if turn != "writes yes"))


def test_who_is_named_from_the_start_gives_it_on_by_a_command(from_the_start: Seen) -> None:
    told = staff_part(from_the_start)

    assert told.index("writes #assign ") < told.index("comes back Done [") < told.rindex("Yours to deal with [")
    held(from_the_start, *ANSWERED)


def test_what_was_told_of_the_answer_is_what_the_case_shows(seen: Seen) -> None:
    line = next(line for line in seen.commands() if " show " in line)
    said = subprocess.run([*shlex.split(line), "--format", "json"], capture_output=True, check=True).stdout
    case = json.loads(said)
    handler = case["handler"]["name"]

    assert f"{handler} deals with it; the answer is credited" in staff_part(seen)
    assert case["responded_at"] is not None
    assert [mail["kind"] for mail in case["messages"] if mail["direction"] == "in"].count("staff") >= 3


def test_a_reply_quotes_the_notice_as_mail_programs_do_and_only_its_words_are_the_writers() -> None:
    text, _ = written(a_notice(TRAPS), MAILBOX)
    mail = reply("Sam", "sam@staff.example", a_mail(text).as_bytes(), "Please give this to Kofi.", AT)
    sent = email.message_from_bytes(mail.raw, policy=email.policy.default)

    assert new_text(sent.get_content(), str(sent["Subject"])) == "Please give this to Kofi."
    assert (sent["Subject"], sent["In-Reply-To"]) == ("Re: New complaint", "<one@example.test>")


def test_a_notice_is_shown_by_its_first_line_and_the_names_of_its_links() -> None:
    notice = a_notice(TRAPS)
    text, html = written(notice, MAILBOX)
    mail = a_mail(text, html)
    names = [link.label for section in notice.sections for link in section.links]

    assert first_words(mail) == notice.first_line
    assert link_names(mail) == names
    assert names


def test_notices_lie_there_as_files_for_who_wants_to_look(seen: Seen) -> None:
    notices = [email.message_from_bytes(path.read_bytes()) for path in Path(seen.folder / "notices").iterdir()]

    assert notices
    assert all(".example" in notice["To"] and notice["Auto-Submitted"] == "auto-generated" for notice in notices)

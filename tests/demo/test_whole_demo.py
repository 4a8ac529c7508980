"""One whole demonstration looked at: each mail's fate, and the second half, in which staff decide and answer by mail,
told from what lies in the mailboxes."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shlex
import socket
import subprocess
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from complaintmail.demo.staff_story import first_words, link_names, reply
from complaintmail.demo.story import mailbox_of, scenes, write
from complaintmail.letters.notice import written
from complaintmail.mail.reply import new_text
from complaintmail.policy.load import packaged
from tests.support.demo import Seen, see, too_wide
from tests.support.notices import MAILBOX, TRAPS, a_notice

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
ESCAPE = "\x1b"
STAFF_STORY = 7  # mails that staff and the complainant write in it, the outcome and its sending among them
AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_it_ends_by_itself_well_and_in_plain_text(seen: Seen) -> None:
    assert seen.code == 0
    assert seen.err == ""
    assert ESCAPE not in seen.out


def test_no_line_is_wider_than_a_small_terminal_but_for_commands_to_copy(seen: Seen) -> None:
    assert too_wide(seen.out, 80, str(seen.folder)) == []


@pytest.mark.parametrize("policy", packaged())
def test_a_complaint_under_each_policy_is_answered_and_dated(seen: Seen, policy: str) -> None:
    told = seen.told(f"to {mailbox_of(policy)}: a complaint subject")

    assert "seen as complaint. It sounds dissatisfied" in told
    assert re.search(r"case [A-Z]+-\d{4}-000001 opened; it goes to [A-Z]", told)
    assert re.search(r"answered after \d+\.\d\d s: We have received your complaint \[[A-Z]+-\d{4}-000001\]", told)
    assert re.search(r"(answer|date set) by \w+day \d+ \w+ \d{4} \([A-Z]", told)
    assert "(the day of receipt" in told


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("an out-of-office note", "seen as auto-reply"),
        ("a second mail, with a picture", "open already"),
        ("the same mail again", "not answered The same mail came before"),
        ("a newsletter", "seen as bulk"),
        ("praise", "seen as compliment"),
        ("from a mistyped address", "answered after"),
        ("a bounce of our answer", "for a person"),
    ],
)
def test_the_fate_of_every_other_mail_is_told(seen: Seen, heading: str, said: str) -> None:
    assert said in seen.told(heading)


@pytest.mark.parametrize("heading", ["out-of-office", "a newsletter", "a bounce of our answer"])
def test_what_a_machine_wrote_is_not_answered_and_says_why(seen: Seen, heading: str) -> None:
    assert "machines are never answered." in seen.told(heading)


def test_one_letter_is_there_to_read_in_full(seen: Seen) -> None:
    letter = seen.out[seen.out.index("The letter that") :]

    assert re.search(r"\| Subject: We have received your complaint \[", letter)
    assert re.search(r"\| Dear [A-Z]\w+ [A-Z]\w+,", letter)
    assert "| Yours sincerely," in letter


def test_letters_and_mails_lie_there_as_files(seen: Seen) -> None:
    letters = [email.message_from_bytes(path.read_bytes()) for path in sorted((seen.folder / "letters").iterdir())]
    mails = sorted((seen.folder / "mails").iterdir())

    sent = Counter(letter["Auto-Submitted"] for letter in letters)
    who_deals, by_people = 1, 2  # the answer and the outcome
    assert sent == {"auto-replied": len(packaged()) + 2, "auto-generated": who_deals, None: by_people}
    assert len(list((seen.folder / "notices").iterdir())) > len(packaged())
    assert len(mails) == len(scenes(packaged())) + STAFF_STORY
    assert {path.suffix for path in mails} == {".eml"}


def test_the_commands_that_it_names_work_as_they_stand(seen: Seen) -> None:
    commands = seen.commands()
    done = {
        line.split("config.toml ")[1].split()[0]: subprocess.run(
            line, shell=True, capture_output=True, text=True, check=False
        )
        for line in commands
    }

    assert list(done) == ["log", "show", "due", "messages", "verify"]
    assert {name: (ran.returncode, ran.stderr) for name, ran in done.items()} == dict.fromkeys(done, (0, ""))
    assert all(ran.stdout.strip() for ran in done.values())


def test_what_was_told_is_what_the_commands_say(seen: Seen) -> None:
    line = seen.commands()[0]
    log = json.loads(subprocess.run([*shlex.split(line), "--format", "json"], capture_output=True, check=True).stdout)

    assert len(log) == len(packaged()) + 1
    assert [case["reference"] for case in log if f"{case['reference']} opened" not in seen.out] == []
    # Whose answer came back is not acknowledged until a person has reached them.
    (bounced,) = [case["complainant"]["email"] for case in log if case["acknowledged_at"] is None]
    assert bounced in str(write(next(s for s in scenes(packaged()) if s.file == "wrong-address"), NOW).raw)


def test_nothing_is_left_running(seen: Seen) -> None:
    ports = {box[kind]["port"] for box in seen.config()["mailbox"] for kind in ("imap", "smtp")}

    assert len(ports) == 2
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=90).close()


def test_its_settings_are_for_its_owner_alone(seen: Seen) -> None:
    assert (seen.folder / "config.toml").stat().st_mode & 0o077 == 0
    assert seen.folder.stat().st_mode & 0o077 == 0


# The second half


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

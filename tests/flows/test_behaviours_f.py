"""Acknowledgements and the letters they are made of: each test is one row of what an expert would try."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.header import Header
from pathlib import Path

import pytest

from tests.support import wire
from tests.support.letter_words import tags_of_html
from tests.support.scripted_smtp import ScriptedSmtp
from tests.support.story import Story, Tell, boxes

pytestmark = pytest.mark.stack

NOW = datetime(2026, 8, 28, 16, 45, tzinfo=UTC)  # a Friday, 17:45 in London, before a bank holiday
PASS = b"Authentication-Results: mx.example.test; dmarc=pass header.from=complainants.test\r\n"

STAFF = """
[[person]]
name = "Rosa Clerk"
email = "rosa@staff.test"
roles = ["operations-director", "policy-owner", "manager", "director", "senior-management", "chief-executive"]
"""

# What each policy has its complainants told, in its own words: by when, the next stage, whom to turn to outside.
TOLD = {
    "cms": ["14 September 2026", "10 working days", "appeal", "awarding organisation"],
    "ceme": ["Chief Executive"],
    "cim": ["28 September 2026", "20 working days", "Ofqual", "+44 (0)1628 427120"],
    "sek": ["8 October 2026", "28 working days", "appeal to our Director"],
    "ace": ["Managing Director", "Department for Education"],
}


def text_of(raw: bytes) -> str:
    part = wire.parsed(raw).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def letters_in(story: Story, name: str, words: str) -> Path:
    """A letter of the organisation's own."""
    folder = story.setup.folder / "templates"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(words, encoding="utf-8")
    return path


def test_each_policys_acknowledgement_says_all_that_its_complainant_has_to_know(tell: Tell) -> None:
    """Row 70: reference, what happens next and by which date, who, how to reach a person, where to go next."""
    names = boxes(*TOLD)
    story = tell(dict(zip(names, TOLD, strict=True)), clock=NOW, extra=STAFF)
    people = {policy: story.person(policy) for policy in TOLD}
    for box, (policy, person) in zip(names, people.items(), strict=True):
        story.drops(story.letter(person, box, body=f"I want to complain about the {policy} course of mine."), box)

    story.goes_on()

    cases = {case["policy"]: case for case in story.cases()}
    for box, (policy, expected) in zip(names, TOLD.items(), strict=True):
        [raw] = story.received(people[policy], 1)
        said = " ".join(text_of(raw).split())
        case = cases[policy]
        for words in (case["reference"], "28 August 2026", "Rosa Clerk", box, *expected):
            assert words in said, (policy, words)
        assert "A person reads every reply" in said
        if case["respond_by"] is None:
            assert policy == "ace"
        else:
            due = datetime.fromisoformat(case["respond_by"])
            assert f"{due.day} {due:%B %Y}" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{{ case.nonsense }} {{ case.reference }}", "nonsense"),
        ("{{ ''.__class__.__mro__ }} {{ case.reference }}", "acknowledgement.md"),
        ("{% include '/etc/passwd' %} {{ case.reference }}", "no piece of a letter"),
        ("{{ 'a' * 10**9 }} {{ case.reference }}", "acknowledgement.md"),
        ("{% for a in range(10**9) %}{% for b in range(10**9) %}x{% endfor %}{% endfor %}", "acknowledgement.md"),
        ("Dear all, we have it.", "reference"),
        ("{% if %}", "acknowledgement.md"),
    ],
)
def test_a_letter_that_cannot_be_made_stops_no_acknowledgement(tell: Tell, words: str, why: str) -> None:
    """Rows 71 and 72: the built-in letter goes at once, and the administrator is told what to mend."""
    story = tell()
    letters_in(story, "acknowledgement", f"Subject: Received [{{{{ case.reference }}}}]\nDescription: x\n\n{words}\n")
    (story.setup.folder / "templates" / "cms").mkdir()
    letters_in(story, "cms/acknowledgement", (story.setup.folder / "templates" / "acknowledgement.md").read_text())
    jane = story.person("jane")
    story.complains(jane)

    story.goes_on()

    [raw] = story.received(jane, 1)
    [case] = story.cases()
    assert case["reference"] in text_of(raw) and case["acknowledged_at"] is not None
    assert "root:" not in raw.decode() and "class" not in text_of(raw) and "aaaa" not in raw.decode()
    [told] = story.events("letter_template_failed")
    assert why in told["why"]
    assert any(why in problem for problem in story.asks("status")["problems"])
    code, said = story.says("template", "check")
    assert code == 1 and "acknowledgement" in said


def test_a_mended_letter_is_used_again_and_the_admin_is_told_no_more(tell: Tell) -> None:
    """Row 71, afterwards."""
    story = tell()
    (story.setup.folder / "templates" / "cms").mkdir(parents=True)
    head = "Subject: Received [{{ case.reference }}]\nDescription: x\n\n"
    letters_in(story, "cms/acknowledgement", head + "{{ case.nonsense }}")
    jane, bob = story.person("jane"), story.person("bob")
    story.complains(jane)
    story.goes_on()
    letters_in(
        story, "cms/acknowledgement", head + "We have it: {{ case.reference }}, and write by {{ case.respond_by }}."
    )
    story.complains(bob, body="The lights in the hall have been off since Monday. I complain.")

    story.goes_on()

    [raw] = story.received(bob, 1)
    assert text_of(raw).startswith("We have it: CMS-")
    assert len(story.events("letter_template_failed")) == 1


NAMES = {
    "{{ 7*7 }}": "{{ 7*7 }}",
    '"<script>alert(1)</script>"': "<script>alert(1)</script>",
    '"Jane\r\n Bcc: all@evil.test"': "Jane Bcc: all@evil.test",
    "=?utf-8?q?Jane=0D=0ABcc=3A_all=40evil.test?=": "Jane Bcc: all@evil.test",
    "=?utf-8?b?U2nDoG4gxbR5biDwn5GpIMW3?=": "Siàn Ŵyn 👩 ŷ",
    "=?utf-8?b?2YXYrdmF2K8=?=": "محمد",
    "O'Brien “Smart” – Quote": "O'Brien “Smart” – Quote",
}


def test_what_a_name_is_made_of_appears_as_it_is_and_breaks_out_of_nothing(tell: Tell) -> None:
    """Rows 73 and 75: template signs, tags, line ends, quotation marks, Welsh, emoji, Arabic, in all of a letter."""
    story = tell(imap='authserv_id = "mx.example.test"', authentic=True)
    people = {}
    for n, name in enumerate(NAMES):
        people[name] = story.person(f"p{n}")
        raw = story.letter(people[name], body=f"Course number {n * 5} was a disgrace. I complain.")
        written = f"From: {name} <{people[name]}>".encode()
        story.drops(PASS + re.sub(rb"(?m)^From:.*$", written.replace(b"\\", rb"\\") + b"\r", raw, count=1))

    story.goes_on()

    plain_tags = None
    for name, shown in NAMES.items():
        [raw] = story.received(people[name], 1)
        letter = wire.parsed(raw)
        assert f"Dear {shown}," in " ".join(text_of(raw).split())
        assert [address.addr_spec for address in letter["To"].addresses] == [people[name]]
        assert "Bcc" not in letter and "all@evil.test" not in str(letter["To"])
        part = letter.get_body(("html",))
        assert part is not None
        tags = [tag for tag in tags_of_html(str(part.get_content())) if tag != "bdi"]
        plain_tags = plain_tags or tags
        assert tags == plain_tags
    kept = {case["complainant"]["email"]: case["complainant"]["name"] for case in story.cases()}
    assert kept == {people[name]: shown for name, shown in NAMES.items()}


def test_without_proof_of_the_sender_nothing_that_they_wrote_comes_back(tell: Tell) -> None:
    """Row 73 for everybody else: no name, no subject, no word of theirs."""
    story = tell()
    jane = story.person("jane")
    raw = story.complains(
        jane, subject="Buy now at https://evil.test/offer", body="Click https://evil.test/offer, I complain."
    )

    story.goes_on()

    [answer] = story.received(jane, 1)
    said = wire.words_of(answer)
    assert "evil.test" not in said and "Jane Doe" not in said and "Buy now" not in said
    wire.check(story.outbox()[0].data, answers=raw)


def test_what_is_shown_beforehand_is_what_leaves(tell: Tell) -> None:
    """Row 74, as far as a letter that waits: `outbox show --raw` gives the bytes that will be sent, to the byte; and
    every letter renders (`template check`)."""
    story = tell()
    jane = story.person("jane")
    story.complains(jane, headers=["X-Auto-Response-Suppress: All"])
    story.goes_on()
    [held] = story.outbox("held")
    shown = story.setup.run("outbox", "show", held.id, "--raw").stdout.encode()
    story.says("outbox", "release", held.id)

    story.goes_on()

    [raw] = story.received(jane, 1)
    assert raw.endswith(held.data)
    assert shown.replace(b"\r\n", b"\n") == held.data.replace(b"\r\n", b"\n")
    assert story.says("template", "check")[0] == 0
    code, words = story.says("template", "preview", "acknowledgement", "--policy", "cms")
    assert code == 0 and "your complaint" in words


def test_every_script_survives_in_the_log(tell: Tell) -> None:
    """Row 75: subject and text as they were written, whatever they were encoded in."""
    story = tell()
    texts = {
        "“Smart” quotes – and an ellipsis…": "I’m unhappy with “support”.",
        "Cwyn am y tŷ a’r dŵr": "Rwyf am gwyno am y gwasanaeth. Nid yw’n dderbyniol.",
        "😡 Broken 🚰": "The tap drips 💧 all night. I complain.",
        "شكوى": "أريد تقديم شكوى بشأن الدورة.",
        "苦情です": "講座が二回も中止になりました。苦情を申し立てます。",
    }
    for n, (subject, body) in enumerate(texts.items()):
        raw = story.letter(story.person(f"p{n}"), subject="SUBJECT", body=body)
        story.drops(raw.replace(b"SUBJECT", Header(subject, "utf-8").encode(linesep="\r\n").encode()))

    story.goes_on()

    for case in story.cases():
        body = texts[case["subject"]]
        [mail] = [m for m in story.show(case["reference"])["messages"] if m["direction"] == "in"]
        assert body in mail["text"]
        assert case["acknowledged_at"] is not None
    assert len(story.cases()) == len(texts)


def test_a_server_that_says_later_is_asked_again_and_only_250_counts(tell: Tell) -> None:
    """Row 76, 4xx: again after a while, and longer the next time; the duty is met when it is taken, not before."""
    with ScriptedSmtp({"450_rcpt1": 2}) as server:
        story = tell(clock=NOW, smtp_port=server.port, extra="")  # no staff: the server's two refusals are the letter's
        jane = story.person("jane")
        story.drops(story.letter(jane))
        assert story.clock is not None
        tries: list[timedelta] = []
        for _ in range(2):
            story.goes_on()
            [letter] = story.outbox()
            assert letter.state == "queued"
            assert story.cases()[0]["acknowledged_at"] is None
            assert "acknowledge" in {duty["kind"] for duty in story.duties()}
            [[again]] = story.rows("SELECT next_try_at FROM letter")
            due = datetime.fromisoformat(again.replace("Z", "+00:00"))
            tries.append(due - story.clock.moment)
            story.clock.moment = due - timedelta(seconds=1)
            story.goes_on()
            assert len(server.accepted) == 0
            story.clock.moment = due
        assert timedelta(minutes=1) <= tries[0] < tries[1]
        story.goes_on()

        [taken] = server.accepted
    [letter] = story.outbox()
    assert letter.state == "sent" and taken.data == letter.data
    [case] = story.cases()
    assert datetime.fromisoformat(case["acknowledged_at"]) == story.clock.moment
    assert [duty["kind"] for duty in story.duties()] == ["decide", "respond"]


def test_a_refused_acknowledgement_is_a_persons_to_make_another_way(tell: Tell) -> None:
    """Row 76, 5xx: the address does not exist; by the same date, and nothing reached anybody else."""
    story = tell()
    raw = story.letter("gone@complainants.test")
    story.drops(raw)

    story.goes_on()
    story.goes_on()

    [letter] = story.outbox()
    assert letter.state == "refused"
    case = story.case_of(raw)
    assert case["acknowledged_at"] is None
    [ask] = story.duties("attend")
    [acknowledge] = story.duties("acknowledge")
    assert "could not be delivered" in ask["why"] and "5.1.1" in ask["why"]
    assert ask["due_at"] == acknowledge["due_at"] is not None
    assert story.stack.count(story.inbox) == 1, "no copy of a letter that nobody got"


def test_a_bounce_that_comes_later_opens_the_duty_again(tell: Tell) -> None:
    """Row 76, a report of non-delivery after the server had taken it; and one that is forged opens nothing."""
    story = tell()
    jane = story.person("jane")
    raw = story.complains(jane)
    story.goes_on()
    [answer] = story.gets(jane, 1)
    reference = answer["Complaint-Reference"]
    forged = str(answer["Message-ID"]).replace("<cm.", "<cm.a", 1)
    story.posts(_report(story, jane, forged, "forged"), "")
    story.goes_on()
    assert story.show(reference)["acknowledged_at"] is not None
    assert story.duties("attend") == []

    story.posts(_report(story, jane, str(answer["Message-ID"]), "real"), "")
    story.goes_on()

    assert story.case_of(raw)["acknowledged_at"] is None
    [ask] = story.duties("attend")
    assert ask["case"] == reference and "5.1.1" in ask["why"] and ask["due_at"] is not None
    story.gets(jane, 1)


def _report(story: Story, person: str, message_id: str, mark: str) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.complainants.test\r\nTo: {story.inbox}\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: <{mark}.{person}>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n"
        "Content-Type: text/plain\r\n\r\nThe mailbox does not exist.\r\n--B\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.complainants.test\r\n\r\n"
        f"Final-Recipient: rfc822; {person}\r\nAction: failed\r\nStatus: 5.1.1\r\n--B\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: ack\r\n--B--\r\n"
    ).encode()

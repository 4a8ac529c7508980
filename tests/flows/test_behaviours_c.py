"""Which case a mail belongs to, and what nobody else may learn of it: each test is one row of what an expert would
try. Those that ask most of the database are told on both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import wire
from tests.support.story import Story, Tell, boxes

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # Dovecot gives no mail a date that is still to come
pytestmark = pytest.mark.stack
SECRET = "the caretaker shouted at my daughter"
PHOTO = "Content-Type: image/jpeg; name=room.jpg\r\nContent-Transfer-Encoding: base64"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """SQLite in a file, or where a test asks for both, a real PostgreSQL as well."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgres_server")
    url = server.shaped_database()
    yield url
    server.drop_database(url)


on_both = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def opened(tell: Tell, **settings: Any) -> tuple[Story, str, Any]:
    """Jane has complained and was acknowledged."""
    story = tell(clock=NOW, **settings)
    jane = story.person("jane")
    story.drops(story.letter(jane, body=f"I am unhappy: {SECRET}, twice, in the corridor."))
    story.goes_on()
    [answer] = story.gets(jane, 1)
    return story, jane, answer


def later(story: Story, **time: float) -> None:
    assert story.clock is not None
    story.clock.moment += timedelta(**time)


def says(story: Story, sender: str, body: str, **words: Any) -> bytes:
    """They write, and a pass is made; the mail."""
    raw = story.letter(sender, body=body, **words)
    story.drops(raw)
    story.goes_on()
    return raw


def nothing_of_it_went_to(story: Story, person: str, *secrets: str) -> None:
    for letter in [one for one in story.outbox() if one.recipient == person]:
        assert not any(secret in wire.words_of(letter.data) for secret in secrets)


@on_both
def test_a_reply_joins_by_its_references_when_the_subject_was_cut(tell: Tell) -> None:
    """Row 35."""
    story, jane, answer = opened(tell)
    later(story, days=3)
    reply = says(story, jane, "It was on Tuesday the third.", subject="Re:", headers=wire.in_reply_to(answer))

    assert story.mail(reply)["case"] == answer["Complaint-Reference"]
    assert story.mail(reply)["kind"] == "reply"
    assert len(story.cases()) == 1
    story.gets(jane, 1)


def test_a_reply_joins_by_the_complainants_own_message_ids(tell: Tell) -> None:
    """Row 35: cited is their own first mail, not ours."""
    story, jane, _ = opened(tell)
    [[theirs]] = story.rows("SELECT message_id FROM message")
    later(story, days=3)
    reply = says(story, jane, "I forgot the room: it was 4b.", subject="More", headers=[f"References: {theirs}"])

    assert story.mail(reply)["kind"] == "reply"
    assert len(story.cases()) == 1


def test_the_reference_alone_joins_for_the_complainant(tell: Tell) -> None:
    """Row 36, the complainant: whatever the client made of the subject."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    for n, subject in enumerate([f"Re: [{reference}]", f"AW: {reference.lower()}", f"about case {reference}, room"]):
        later(story, days=2)
        reply = says(story, jane, f"More about it, number {n}.", subject=subject)
        assert story.mail(reply)["case"] == reference
    assert len(story.cases()) == 1
    story.gets(jane, 1)


@on_both
def test_the_reference_from_a_stranger_opens_nothing_and_tells_neither_side(tell: Tell) -> None:
    """Row 36, a stranger: a question to a person; the stranger hears nothing of the case, the complainant nothing."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    eve = story.person("eve", domain="elsewhere.test")
    raw = says(story, eve, "Please send me everything you have on this.", subject=f"Re: [{reference}]")

    mail = story.mail(raw)
    assert mail["case"] != reference
    [letter] = story.gets(eve, 1)
    said = wire.words_of(letter.as_bytes())
    assert reference not in said and SECRET not in said and jane not in said
    assert letter["Complaint-Reference"] == mail["case"]
    story.gets(jane, 1)
    [ask] = story.duties("attend")
    assert reference in ask["why"] and ask["due_at"] is not None
    assert {m["from"] for m in story.show(reference)["messages"] if m["direction"] == "in"} == {jane}


def test_a_guessed_message_id_opens_nothing(tell: Tell) -> None:
    """Row 36, by Message-ID: one of ours with a mark that is not right, and the complainant's own."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    eve = story.person("eve", domain="elsewhere.test")
    forged = str(answer["Message-ID"])
    forged = forged.replace(forged[25], "a" if forged[25] != "a" else "b", 1)
    [[theirs]] = story.rows("SELECT message_id FROM message")
    for n, cited in enumerate((forged, theirs)):
        words = f"Guess number {n} by somebody who was never here at all."
        raw = says(story, eve, words, subject="hello", headers=[f"In-Reply-To: {cited}"])
        assert story.mail(raw)["case"] != reference
    nothing_of_it_went_to(story, eve, reference, SECRET, jane)
    assert {m["from"] for m in story.show(reference)["messages"] if m["direction"] == "in"} == {jane}
    story.gets(jane, 1)


@on_both
def test_from_a_second_address_it_is_held_until_a_person_confirms(tell: Tell) -> None:
    """Row 37, as far as the question: our own letter is answered from an address that nobody knows yet."""
    story, jane, answer = opened(tell)
    second = story.person("jane.at.work", domain="work.test")
    raw = says(story, second, "Writing from work now. Any news?", headers=wire.in_reply_to(answer))

    mail = story.mail(raw)
    assert mail["case"] == answer["Complaint-Reference"] and mail["answered_with"] is None
    [ask] = story.asked_of_a_person()
    assert second in ask and "may they" in ask
    story.gets(second, 0)
    story.gets(jane, 1)
    [[standing]] = story.rows("SELECT standing FROM case_address WHERE address = ?", second)
    assert standing == "unverified"

    later(story, days=2)
    again = says(story, second, "Still no news?", subject=f"Re: [{answer['Complaint-Reference']}]")
    assert story.mail(again)["case"] != answer["Complaint-Reference"]
    nothing_of_it_went_to(story, second, answer["Complaint-Reference"], SECRET, jane)


def test_a_mistyped_reference_does_not_join_somebody_elses_case(tell: Tell) -> None:
    """Row 38: one digit off, and it is Bob's."""
    story, jane, _ = opened(tell)
    bob = story.person("bob")
    his = says(story, bob, "My certificate has the wrong name on it. I complain.")
    bobs = story.mail(his)["case"]
    later(story, days=2)
    raw = says(story, jane, "Any news about my matter?", subject=f"Re: [{bobs}]")

    assert story.mail(raw)["case"] not in (bobs, None)
    assert {m["from"] for m in story.show(bobs)["messages"] if m["direction"] == "in"} == {bob}
    story.gets(bob, 1)
    nothing_of_it_went_to(story, jane, "certificate", bob, bobs)
    assert any(bobs in why for why in story.asked_of_a_person())


@on_both
def test_a_letter_of_ours_decides_over_a_reference_of_another_case(tell: Tell) -> None:
    """Row 38, in one mail: the letter that it answers wins, and a person is shown the contradiction."""
    story, jane, answer = opened(tell)
    bob = story.person("bob")
    bobs = story.mail(says(story, bob, "My certificate has the wrong name on it. I complain."))["case"]
    raw = says(story, jane, "It is worse now.", subject=f"Re: [{bobs}]", headers=wire.in_reply_to(answer))

    assert story.mail(raw)["case"] == answer["Complaint-Reference"]
    assert any(bobs in why for why in story.asked_of_a_person())
    story.gets(bob, 1)


@on_both
def test_a_new_grievance_on_a_case_closed_long_ago_asks_whether_it_is_new(tell: Tell) -> None:
    """Row 39: a person is asked by the date on which a new complaint would have to be acknowledged."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    story.closes(reference, NOW + timedelta(days=10))
    assert story.clock is not None
    story.clock.moment = datetime(2026, 7, 13, 9, 0, tzinfo=UTC)
    raw = says(story, jane, "Now the new tutor is rude as well. I complain again.", headers=wire.in_reply_to(answer))

    assert story.mail(raw)["kind"] == "reply"
    [ask] = story.duties("attend")
    assert "same matter, or a new complaint" in ask["why"] and ask["case"] == reference
    assert _moment(ask["due_at"]) == datetime(2026, 7, 15, 22, 59, 59, tzinfo=UTC)
    assert story.show(reference)["status"] == "closed"
    story.gets(jane, 1)


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value.replace("Z", "+00:00"))
    return found.astimezone(UTC).replace(microsecond=0)


@on_both
def test_one_complaint_to_two_inboxes_is_one_case_with_one_acknowledgement(tell: Tell) -> None:
    """Row 40: in copy to both; sent to each by itself; and delivered twice by the way."""
    info, comments = boxes("info", "comments")
    story = tell({info: "cms", comments: "cms"})
    jane, bob, eve = story.person("jane"), story.person("bob"), story.person("eve")
    both = story.letter(jane, f"{info}, {comments}", body="The lift has been broken since May. I complain.")
    story.posts(both, jane, [info, comments])
    words = "I was charged twice for the spring course and nobody gives me my money back. I want to complain."
    for box in (info, comments):
        story.posts(story.letter(bob, box, body=words), bob, box)
    twice = story.letter(eve, info, body="The bursar hung up on me twice. That is unacceptable.")
    story.posts(twice, eve, info)
    story.posts(twice, eve, info)

    story.goes_on()

    cases = {case["complainant"]["email"]: case for case in story.cases()}
    assert set(cases) == {jane, bob, eve} and len(story.cases()) == 3
    assert _kinds(story, jane) == ["acknowledgement"]
    assert sorted(_kinds(story, bob)) == ["acknowledgement", "added"]
    assert _kinds(story, eve) == ["acknowledgement"]
    story.gets(jane, 1)
    story.gets(eve, 1)
    for letter in story.gets(bob, 2):
        assert letter["Complaint-Reference"] == cases[bob]["reference"]


def _kinds(story: Story, person: str) -> list[str]:
    return [letter.kind for letter in story.outbox() if letter.recipient == person]


def test_one_mail_to_two_inboxes_of_different_policies_is_one_case(tell: Tell) -> None:
    """Row 40: whichever inbox is read first has the case; the other knows the mail again."""
    one, other = boxes("one", "other")
    story = tell({one: "cms", other: "cim"})
    jane = story.person("jane")
    raw = story.letter(jane, f"{one}, {other}", body="The lift has been broken since May. I complain.")
    story.posts(raw, jane, [one, other])

    story.goes_on()
    story.goes_on()

    assert len(story.cases()) == 1
    story.gets(jane, 1)


def test_two_mailboxes_keep_their_own_policies(tell: Tell) -> None:
    """Each inbox promises what its policy does, by its own dates and references."""
    cms, cim = boxes("cms", "cim")
    story = tell({cms: "cms", cim: "cim"}, clock=datetime(2026, 8, 28, 16, 45, tzinfo=UTC))
    jane, bob = story.person("jane"), story.person("bob")
    story.drops(story.letter(jane, cms), cms)
    story.drops(story.letter(bob, cim, body="Nobody marks my assignment. I complain."), cim)

    story.goes_on()

    by_policy = {case["policy"]: case for case in story.cases()}
    assert by_policy["cms"]["reference"] == "CMS-2026-000001" and by_policy["cim"]["reference"] == "CIM-2026-000001"
    assert by_policy["cms"]["acknowledge_by"].startswith("2026-09-02")
    assert by_policy["cim"]["acknowledge_by"].startswith("2026-09-07")
    [to_jane] = story.gets(jane, 1)
    [to_bob] = story.gets(bob, 1)
    assert to_jane["From"].addresses[0].addr_spec == cms and to_bob["From"].addresses[0].addr_spec == cim


@on_both
def test_a_mail_moved_away_and_back_is_known_again(tell: Tell) -> None:
    """Row 40's neighbour: a colleague sorts the inbox; UIDs change, the mail does not."""
    story, jane, _ = opened(tell)
    with story.stack.imap(story.inbox) as client:
        client.create_folder("Sorted")
        client.select_folder("INBOX")
        client.move([min(client.search())], "Sorted")
        client.select_folder("Sorted")
        client.move(client.search(), "INBOX")

    story.goes_on()

    assert len(story.cases()) == 1 and len(story.mails()) == 1
    story.gets(jane, 1)


def test_two_people_about_one_event_are_two_cases(tell: Tell) -> None:
    """Row 41, without the link that staff may make: each has a case, a date and an acknowledgement of their own."""
    story = tell()
    words = "The fire door of the hall was chained shut on Friday evening. This is dangerous, and I complain about it."
    people = [story.person("jane"), story.person("john")]
    for person in people:
        story.drops(story.letter(person, body=words))

    story.goes_on()

    assert [case["complainant"]["email"] for case in story.cases()] == people
    for person in people:
        story.gets(person, 1)


def test_a_thank_you_after_the_outcome_is_filed_and_asks_nobody_anything(tell: Tell) -> None:
    """Row 42: no re-opening, no acknowledgement, no reminder of it."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    story.closes(reference, NOW + timedelta(days=2))
    later(story, days=3)
    thanks = says(
        story, jane, "Thank you very much for your help.\nThat was excellent, much appreciated.",
        subject=f"Re: [{reference}]", headers=wire.in_reply_to(answer),
    )  # fmt: skip

    assert story.mail(thanks)["case"] == reference
    assert story.duties() == []
    assert story.show(reference)["status"] == "closed"
    story.gets(jane, 1)


@pytest.mark.parametrize(
    ("words", "appeals"),
    [("Thank you, but I am still not happy.", True), ("Thanks. I do not accept this and want to appeal.", True),
     ("Thank you??", False)],
)  # fmt: skip
def test_thanks_with_a_but_are_a_persons_to_read(tell: Tell, words: str, appeals: bool) -> None:
    """Row 42, the other half: nobody's appeal is filed away as thanks."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    story.closes(reference, NOW + timedelta(days=2))
    later(story, days=3)
    says(story, jane, words, subject=f"Re: [{reference}]", headers=wire.in_reply_to(answer))

    assert [ask["case"] for ask in story.duties("attend")] == ([] if appeals else [reference])
    assert story.show(reference)["status"] == ("appealed" if appeals else "closed")
    story.gets(jane, 2 if appeals else 1)


def test_a_withdrawal_stops_no_clock_by_itself(tell: Tell) -> None:
    """Row 43, as far as the program may go alone: it is on the case, and every date stands."""
    story, jane, answer = opened(tell)
    reference = answer["Complaint-Reference"]
    before = [duty for duty in story.duties() if duty["case"] == reference]
    raw = says(story, jane, "I withdraw my complaint.", headers=wire.in_reply_to(answer))

    assert story.mail(raw)["case"] == reference
    assert [duty for duty in story.duties() if duty["kind"] != "attend"] == before
    assert story.show(reference)["status"] == "new"
    story.gets(jane, 1)


@on_both
def test_a_photo_two_minutes_later_joins_and_its_sender_is_told_so(tell: Tell) -> None:
    """A fresh mail, no reference in it: one acknowledgement and one letter that says "added"."""
    story, jane, answer = opened(tell)
    later(story, minutes=2)
    photo = f"From: Jane <{jane}>\r\nTo: {story.inbox}\r\nSubject: the photo\r\nMessage-ID: <photo@x.test>\r\n{PHOTO}"
    story.drops(f"{photo}\r\n\r\n/9j/4AAQSkZJRgABAQEASABIAAD/2wBD\r\n".encode())

    story.goes_on()

    assert len(story.cases()) == 1
    letters = story.gets(jane, 2)
    assert sorted(_kinds(story, jane)) == ["acknowledgement", "added"]
    assert {letter["Complaint-Reference"] for letter in letters} == {answer["Complaint-Reference"]}
    [joined] = [mail for mail in story.mails() if mail["message_id"] == "<photo@x.test>"]
    assert joined["case"] == answer["Complaint-Reference"] and joined["sure"] is False
    assert "provisionally" in " ".join(joined["reasons"])


def test_a_second_grievance_the_same_day_is_a_case_of_its_own(tell: Tell) -> None:
    """Not alike in words, and not attachments alone: it does not vanish in the first one."""
    story, jane, answer = opened(tell)
    later(story, hours=1)
    other = says(story, jane, "My invoice for May is wrong: I was charged for parking I never used. Please refund it.")

    assert story.mail(other)["case"] not in (None, answer["Complaint-Reference"])
    assert len(story.cases()) == 2
    assert _kinds(story, jane) == ["acknowledgement", "acknowledgement"]


def test_the_same_words_after_a_day_or_to_a_closed_case_are_a_case_of_their_own(tell: Tell) -> None:
    """Joining is for a day, while the case is open: afterwards it happened again."""
    story, jane, answer = opened(tell)
    body = f"I am unhappy: {SECRET}, twice, in the corridor."
    later(story, hours=1)
    story.closes(answer["Complaint-Reference"], NOW + timedelta(minutes=30))
    says(story, jane, body, subject="It happened again")
    later(story, days=2)
    says(story, jane, body, subject="And again")

    assert len(story.cases()) == 3
    assert len(story.gets(jane, 3)) == 3

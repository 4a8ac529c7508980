"""Whose word a mail is: every way to prove it, and every way to pretend."""

from __future__ import annotations

import base64
import hmac
import time
from email.message import EmailMessage
from typing import Any

import pytest

from complaintmail.mail.authentication import Standing, standing
from complaintmail.mail.message import Message
from complaintmail.mail.read import read
from complaintmail.mail.references import message_id_for
from complaintmail.mail.tokens import REPLY, Token, token_for, tokens_in, without_tokens
from complaintmail.triage.authority import Proof, StaffLetter, Word, named_letters, whose_word
from tests.support.paces import MUCH

KEY = b"the key of this office" * 2
OTHER_KEY = b"the key of another office"
DANA, HAL, BOX = "dana@staff.test", "hal@staff.test", "info@example.test"
TO_DANA, TO_HAL, UNKNOWN = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"
LETTERS = {
    TO_DANA: StaffLetter(TO_DANA, DANA, 1, "decide", links=("assign", "close", "note")),
    TO_HAL: StaffLetter(TO_HAL, HAL, 1, "handler", links=("reply", "note")),
}
LINK = token_for(KEY, TO_DANA, 0)
HALS = token_for(KEY, TO_HAL, 0)
AT = f"info+{token_for(KEY, TO_DANA, REPLY)}@example.test"
AT_HAL = f"info+{token_for(KEY, TO_HAL, REPLY)}@example.test"
MID = message_id_for(KEY, TO_DANA, "example.test")
MID_HAL = message_id_for(KEY, TO_HAL, "example.test")


def altered(words: str, at: int) -> str:
    return words[:at] + ("b" if words[at] != "b" else "d") + words[at + 1 :]


def mail(*lines: str, sender: str = f"From: Dana <{DANA}>", words: str = "#assign me") -> bytes:
    heads = [sender, *lines]
    heads += [] if any(line.startswith("To:") for line in lines) else [f"To: {BOX}"]
    heads += [] if any(line.startswith("Subject:") for line in lines) else ["Subject: about it"]
    return "\r\n".join([*heads, "Message-ID: <1@staff.test>", "", words, ""]).encode()


def word(raw: bytes | Message, writer: str = DANA, void: dict[str, set[int]] | None = None, **how: Any) -> Word:
    message = read(raw) if isinstance(raw, bytes) else raw
    there = {
        name: StaffLetter(
            *(one.id, one.recipient, one.case_id, one.kind, one.about, one.links),
            frozenset((void or {}).get(name, ())),
        )
        for name, one in LETTERS.items()
        if name in named_letters(message, KEY)
    }
    return whose_word(message, writer, there, how.get("standing", Standing.UNKNOWN), KEY)


PROVED = {
    "a link's subject": (mail(f"Subject: {LINK} Deal with it [CMS-2026-000001]"), Proof.LINK),
    "a link's subject in capitals": (mail(f"Subject: {LINK.upper()} DEAL WITH IT"), Proof.LINK),
    "a link's subject below Re:": (mail(f"Subject: Re: Re: {LINK} Deal with it"), Proof.LINK),
    "a token broken by a fold": (mail(f"Subject: {LINK[:30]}\r\n {LINK[30:]} Deal with it"), Proof.LINK),
    "a token folded from its label": (mail(f"Subject: {LINK}\r\n\tDeal with it"), Proof.LINK),
    "one encoded word": (mail(f"Subject: =?utf-8?q?{LINK}_d=C3=A9j=C3=A0?="), Proof.LINK),
    "an encoded word in base64": (
        mail(f"Subject: =?utf-8?b?{base64.b64encode(f'{LINK} déjà'.encode()).decode()}?="),
        Proof.LINK,
    ),
    "two encoded words, cut in the token": (
        mail(f"Subject: =?utf-8?q?{LINK[:25]}?=\r\n =?utf-8?q?{LINK[25:]}_d=C3=A9j=C3=A0?="),
        Proof.LINK,
    ),
    "the address of a reply": (mail(f"To: {AT}"), Proof.REPLY),
    "the address of a reply, in capitals": (mail(f"To: Info <{AT.upper()}>"), Proof.REPLY),
    "the address of a reply in Cc": (mail(f"Cc: {AT}"), Proof.REPLY),
    "the address of a reply in Delivered-To": (mail(f"Delivered-To: {AT}"), Proof.REPLY),
    "In-Reply-To": (mail(f"In-Reply-To: {MID}"), Proof.REPLY),
    "In-Reply-To in capitals": (mail(f"In-Reply-To: {MID.upper()}"), Proof.REPLY),
    "References, deep down": (mail(f"References: {MID} <2@staff.test> <3@staff.test>"), Proof.REPLY),
    "the sender in capitals": (mail(f"In-Reply-To: {MID}", sender=f"From: <{DANA.upper()}>"), Proof.REPLY),
    "the same sender twice": (mail(f"In-Reply-To: {MID}", f"From: Dana <{DANA}>"), Proof.REPLY),
    "a letter of Hal's cited too": (mail(f"References: {MID_HAL} {MID}"), Proof.REPLY),
    "Hal's link in the subject of her own reply": (
        mail(f"Subject: {HALS} look", f"In-Reply-To: {MID}"),
        Proof.REPLY,
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_who_was_sent_it_and_writes_from_there_is_believed(name: str) -> None:
    raw, proof = PROVED[name]

    found = word(raw)

    assert (found.proof, found.by_token) == (proof, True)
    assert found.letter is not None and found.letter.id == TO_DANA
    assert found.link == (0 if proof is Proof.LINK else None)


UNPROVED = {
    "nothing at all": mail(),
    "a mark that is wrong": mail(f"Subject: {altered(LINK, len(LINK) - 1)} Deal with it"),
    "a mark cut short": mail(f"Subject: {LINK[:-1]} Deal with it"),
    "the mark of another link": mail(f"Subject: {altered(LINK, 19)} Deal with it"),
    "the mark of another letter": mail(f"Subject: cm-{UNKNOWN}{LINK[19:]}"),
    "another office's key": mail(f"Subject: {token_for(OTHER_KEY, TO_DANA, 0)}"),
    "a link that the letter does not have": mail(f"Subject: {token_for(KEY, TO_DANA, 7)}"),
    "a letter that nobody was sent": mail(f"Subject: {token_for(KEY, UNKNOWN, 0)}"),
    "a colleague's link": mail(f"Subject: {HALS} Deal with it"),
    "a colleague's address": mail(f"To: {AT_HAL}"),
    "a colleague's letter": mail(f"In-Reply-To: {MID_HAL}"),
    "a Message-ID that was guessed": mail("In-Reply-To: <cm.aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.test>"),
    "a Message-ID with a wrong mark": mail(f"In-Reply-To: {altered(MID, 25)}"),
    "the mark of a link as a Message-ID": mail(f"In-Reply-To: <cm.{TO_DANA}.{LINK[20:]}@example.test>"),
    "the mark of a Message-ID as a link": mail(f"Subject: cm-{TO_DANA}a{MID[21:47]}"),
    "the token of an address in the subject": mail(f"Subject: {token_for(KEY, TO_DANA, REPLY)}"),
    "the token of a link in an address": mail(f"To: info+{LINK}@example.test"),
    "the token in a name beside an address": mail(f'To: "{AT}" <info@example.test>'),
    "the token in the body": mail(words=f"{LINK}\n{AT}\n{MID}\n#assign me"),
    "the token in the sender's name": mail(sender=f'From: "{LINK}" <{DANA}>'),
    "the token in Reply-To": mail(f"Reply-To: {AT}"),
    "the token in a header of its own": mail(f"X-Token: {LINK}", f"Complaint-Letter: {MID[4:47]}"),
    "the Message-ID as its own": mail(f"Message-ID: {MID}"),
}


@pytest.mark.parametrize("name", UNPROVED)
def test_what_only_looks_like_proof_proves_nothing(name: str) -> None:
    found = word(UNPROVED[name])

    assert found.proof is None and found.why
    assert not found.by_token


SENDERS = {
    "somebody else": "From: Eve <eve@third.test>",
    "somebody else with her name": f'From: "Dana <{DANA}>" <eve@third.test>',
    "her address in an encoded name": "From: =?utf-8?q?dana=40staff=2Etest?= <eve@third.test>",
    "her address in a comment": f"From: eve@third.test ({DANA})",
    "two addresses": f"From: {DANA}, eve@third.test",
    "two From lines": f"From: {DANA}\r\nFrom: eve@third.test",
    "two From lines, the other way round": f"From: eve@third.test\r\nFrom: {DANA}",
    "a group": f"From: staff: {DANA}, eve@third.test;",
    "an address cut by a bracket": f"From: {DANA}(<eve@third.test>",
    "an address and what follows it": f"From: <{DANA}>, b <eve@third.test>",
    "a sub-address": "From: dana+me@staff.test",
    "a domain below hers": "From: dana@staff.test.third.test",
    "a domain above hers": "From: dana@test",
    "a letter that looks alike": "From: dаna@staff.test",
    "full-width letters": "From: ｄａｎａ@staff.test",
    "a full-width at": "From: dana＠staff.test",
    "an address of digits and dots": "From: dana@[127.0.0.1]",
    "a soft hyphen within": "From: da\u00adna@staff.test",
    "a right-to-left mark within": "From: da\u200fna@staff.test",
    "no From line": "X-From: nobody",
    "an empty From line": "From: ",
}


@pytest.mark.parametrize("name", SENDERS)
def test_a_token_of_hers_is_worth_nothing_from_anywhere_else(name: str) -> None:
    raw = mail(f"Subject: {LINK}", f"To: {AT}", f"In-Reply-To: {MID}", sender=SENDERS[name])

    assert word(raw).proof is None
    assert word(raw, standing=Standing.PASSED).proof is None


def test_a_sign_that_becomes_her_letter_in_small_is_not_her() -> None:
    """The sign for kelvin is a k in small letters."""
    letters = {TO_DANA: StaffLetter(TO_DANA, "kim@staff.test", 1, "decide", links=("assign",))}
    message = read(mail(f"In-Reply-To: {MID}", sender="From: \u212aim@staff.test"))

    assert whose_word(message, "kim@staff.test", letters, Standing.PASSED, KEY).proof is None


@pytest.mark.parametrize("header", ["Reply-To", "Sender", "Return-Path", "Resent-From", "X-Original-From"])
def test_no_other_header_makes_it_hers(header: str) -> None:
    raw = mail(f"{header}: <{DANA}>", f"In-Reply-To: {MID}", sender=f"From: Website <{BOX}>")

    assert word(raw).proof is None
    assert word(raw, standing=Standing.PASSED).proof is None


STANDINGS = [
    # what carries it, what the server says → what it is worth
    ((f"Subject: {LINK}",), Standing.FAILED, None),
    ((f"To: {AT}",), Standing.FAILED, None),
    ((f"In-Reply-To: {MID}",), Standing.FAILED, None),
    ((), Standing.FAILED, None),
    ((), Standing.UNKNOWN, None),
    ((), Standing.PASSED, Proof.SERVER),
    ((f"Subject: {LINK}",), Standing.PASSED, Proof.LINK),
    ((f"In-Reply-To: {MID}",), Standing.PASSED, Proof.REPLY),
    ((f"In-Reply-To: {MID}",), Standing.UNKNOWN, Proof.REPLY),
    ((f"In-Reply-To: {MID_HAL}",), Standing.PASSED, Proof.SERVER),
    ((f"Subject: {HALS}",), Standing.PASSED, Proof.SERVER),
]


@pytest.mark.parametrize(("lines", "said", "proof"), STANDINGS)
def test_the_servers_word_and_tokens_together(lines: tuple[str, ...], said: Standing, proof: Proof | None) -> None:
    found = word(mail(*lines), standing=said)

    assert found.proof is proof
    assert found.by_token is (proof in (Proof.LINK, Proof.REPLY))


def test_a_servers_word_below_the_line_that_it_wrote_is_nobodys() -> None:
    received = "Received: from evil.third.test (evil.third.test [192.0.2.1]) by mx.example.test with ESMTP id 1; today"
    said = "Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test"
    forged = read("\r\n".join([received, said, f"From: {DANA}", f"To: {BOX}", "", "#close"]).encode())
    true = read("\r\n".join([said, received, f"From: {DANA}", f"To: {BOX}", "", "#close"]).encode())

    assert word(true, standing=standing(true, "mx.example.test")).proof is Proof.SERVER
    assert word(forged, standing=standing(forged, "mx.example.test")).proof is None
    assert word(true, standing=standing(true, None)).proof is None


VOID = [
    # what carries it, what is void of her letter, what the server says → worth
    ((f"Subject: {LINK}",), {0}, Standing.UNKNOWN, None),
    ((f"Subject: {LINK}",), {1, 2}, Standing.UNKNOWN, Proof.LINK),
    ((f"Subject: {LINK}",), {0}, Standing.PASSED, Proof.SERVER),
    ((f"Subject: {LINK}", f"In-Reply-To: {MID}"), {0}, Standing.UNKNOWN, Proof.REPLY),
    ((f"Subject: {LINK} {token_for(KEY, TO_DANA, 1)}",), {0}, Standing.UNKNOWN, Proof.LINK),
    ((f"In-Reply-To: {MID}",), {0, 1, 2}, Standing.UNKNOWN, Proof.REPLY),
    ((f"In-Reply-To: {MID}",), {REPLY}, Standing.UNKNOWN, None),
    ((f"To: {AT}",), {REPLY}, Standing.UNKNOWN, None),
    ((f"Subject: {LINK}",), {REPLY}, Standing.UNKNOWN, Proof.LINK),
    ((f"In-Reply-To: {MID}",), {REPLY}, Standing.PASSED, Proof.SERVER),
]


@pytest.mark.parametrize(("lines", "void", "said", "proof"), VOID)
def test_what_was_used_or_seen_is_worth_nothing_more(
    lines: tuple[str, ...], void: set[int], said: Standing, proof: Proof | None
) -> None:
    found = word(mail(*lines), void={TO_DANA: void}, standing=said)

    assert found.proof is proof
    assert proof is not None or "seen" in found.why


def test_tokens_in_attached_mails_and_in_html_prove_nothing() -> None:
    carrier = EmailMessage()
    carrier["From"], carrier["To"], carrier["Subject"] = DANA, BOX, "see below"
    carrier.set_content("#close")
    carrier.add_alternative(f'<a href="mailto:{BOX}?subject={LINK}">x</a><!-- {AT} -->#close', subtype="html")
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"], inner["In-Reply-To"] = DANA, AT, LINK, MID
    inner.set_content("#close")
    carrier.add_attachment(inner)

    assert named_letters(read(carrier.as_bytes()), KEY) == ()
    assert word(carrier.as_bytes()).proof is None


def test_why_it_is_not_believed_is_said_in_plain_words() -> None:
    assert "somebody else" in word(mail(f"In-Reply-To: {MID_HAL}")).why
    assert "used before" in word(mail(f"Subject: {LINK}"), void={TO_DANA: {0}}).why
    assert "dmarc=fail" in word(mail(), standing=Standing.FAILED).why
    assert word(mail()).why == "nothing in it shows that it is theirs"


# --- The tokens themselves -------------------------------------------------------------------------------------------

WRITTEN = [
    LINK, LINK.upper(), f"x{LINK}.", f"({LINK})", f"mailto:{BOX}?subject={LINK}%20Deal", LINK.replace("-", "%2D"),
    LINK.replace("-", "&#45;"), f"{LINK[:40]}=\r\n{LINK[40:]}", f"> {LINK[:9]}\n> {LINK[9:]}",
    f"> > {LINK[:20]}\n> > {LINK[20:]}", f"{LINK[:30]} {LINK[30:]}", f"cm-cm-cm-{LINK}", f"cm-some words {LINK}",
]  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_a_token_is_found_however_it_is_written(written: str) -> None:
    assert tokens_in(KEY, [written]) == (Token(TO_DANA, 0),)


@pytest.mark.parametrize("at", range(3, len(LINK)))
def test_one_character_altered_makes_it_nobodys(at: int) -> None:
    assert tokens_in(KEY, [altered(LINK, at)]) == ()
    assert tokens_in(OTHER_KEY, [LINK]) == ()


@pytest.mark.parametrize("written", [each for each in WRITTEN if f"{LINK[:30]} " not in each])
def test_what_is_kept_holds_no_token(written: str) -> None:
    kept = without_tokens(f"before {written} after")

    assert "…" in kept and kept.startswith("before ") and kept.endswith(" after")
    assert tokens_in(KEY, [kept]) == ()


@pytest.mark.parametrize("written", [MID, MID.strip("<>"), f"Complaint-Letter: {MID[4:47]}"])
def test_what_is_kept_holds_no_message_id_of_a_letter(written: str) -> None:
    assert TO_DANA not in without_tokens(f"before {written} after")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "30 cm-wide shelves are what we ordered, and it took them three months",
        "cm-",
        "cm. cm- cm-abc",
        "cm-\n" * 50,
    ],
)
def test_other_words_stay_as_they_are(words: str) -> None:
    assert without_tokens(words) == words
    assert tokens_in(KEY, [words]) == ()


HEAVY = {
    "beginnings": "cm-" * 350_000,
    "blanks": "cm-a" + " " * 1_000_000,
    "blanks again and again": ("cm-a" + " " * 100) * 10_000,
    "letters with blanks between": "cm-" + "a " * 500_000,
    "nearly tokens": ("cm-" + "a" * 42) * 22_000,
    "broken over lines": ("cm-" + "a\n> " * 42) * 6_000,
    "long letters": "cm." + "a" * 1_000_000,
    "tokens": f"{LINK} " * 20_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_megabyte_takes_no_long_time(name: str) -> None:
    began = time.process_time()

    tokens_in(KEY, [HEAVY[name]])
    without_tokens(HEAVY[name])

    assert time.process_time() - began < MUCH


def test_marks_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    true = hmac.compare_digest

    def watched(ours: str, theirs: str) -> bool:
        compared.append((ours, theirs))
        return true(ours, theirs)

    monkeypatch.setattr(hmac, "compare_digest", watched)

    tokens_in(KEY, [LINK, altered(LINK, -2)])
    word(mail(f"In-Reply-To: {MID}"))

    assert {len(ours) for ours, _ in compared} == {26}
    assert (LINK[20:], LINK[20:]) in compared and (LINK[20:], altered(LINK, -2)[20:]) in compared
    assert any(theirs == MID[21:47] for _, theirs in compared)

"""Mails that pretend to be staff's, or that carry orders which are not their writer's: mutations of genuine replies.

`Forger` is given what somebody outside could have got hold of: notices that leaked (whole, with their links, addresses
and Message-IDs), links that were used, the references of cases, everybody's addresses. Each mutation gives one mail
that must change nothing. Seeded: the same seed makes the same mails.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from complaintmail.mail.references import message_id_for
from complaintmail.mail.tokens import REPLY, token_for
from tests.support.bureau import a_letter, answering, click
from tests.support.doors import ADDRESS
from tests.support.staff import Got

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ORDERS = ("#close because it is settled", "#kind spam", "#assign Bea", "#severity high", "#outcome upheld\n\nWe agree.",
          "#reply\n\nYou are right, and we pay.", "#send anyway it is urgent", "#about Hal",
          "#due 1 March agreed with them",
          "#consent eve@third.test", "#answered today by telephone", "#serious", "yes", "#yes", "#stop", "#undo",
          "#merge CMS-2026-000002", "#contact never", "please give this to Bea",
          "Dear Jane,\n\nWe were wrong.")  # fmt: skip
WORDS = ("Thank you, I have seen it.", "Good, that is all for now.", "I have read it, many thanks to you all.")
STRANGERS = (
    "From: Eve <eve@third.test>",
    'From: "Dana <dana@staff.test>" <eve@third.test>',
    "From: =?utf-8?q?dana=40staff=2Etest?= <eve@third.test>",
    "From: =?utf-8?b?ZGFuYUBzdGFmZi50ZXN0?= <eve@third.test>",
    "From: eve@third.test (dana@staff.test)",
    "From: dana@staff.test, eve@third.test",
    "From: dana@staff.test\r\nFrom: eve@third.test",
    "From: eve@third.test\r\nFrom: dana@staff.test",
    "From: staff: dana@staff.test, eve@third.test;",
    "From: dana@staff.test(<eve@third.test>",
    "From: <dana@staff.test>, b <eve@third.test>",
    "From: dana+cm@staff.test",
    "From: dana@staff.test.third.test",
    "From: d\u0430na@staff.test",
    "From: \uff44ana@staff.test",
    "From: dana\u200b@staff.test",
    "From: Jane Doe <jane@complainants.test>",
    "From: ",
    "From: undisclosed:;",
)


@dataclass
class Forger:
    """What somebody outside has, and what they make of it."""

    key: bytes  # of this office; only to make marks that are wrong by one character
    leaked: dict[str, list[Got]]  # whose → notices that others have seen
    theirs: dict[str, list[Got]]  # whose → notices that nobody else has: for mails that are proved, and order nothing
    used: list[tuple[str, Got, str]]  # who, notice, label of a link that was clicked
    mailed: Sequence[bytes]  # genuine mails that came before, to be sent again
    chance: random.Random

    def make(self, number: int) -> tuple[str, bytes]:
        """The name of the mutation and the mail; the first so many are each mutation once."""
        kind = KINDS[number % len(KINDS)] if number < len(KINDS) else self.chance.choice(KINDS)
        return kind.__name__, kind(self)

    def who(self) -> str:
        return self.chance.choice(("dana", "hal"))

    def order(self) -> str:
        return self.chance.choice(ORDERS)

    def notice(self, who: str) -> Got:
        return self.chance.choice(self.leaked[who])

    def own(self) -> Got:
        return self.chance.choice(self.theirs["dana"])

    def about(self) -> str:
        return self.chance.choice(("Re: New complaint [CMS-2026-000001]", "[CMS-2026-000002]", "Your mail"))

    def wrong(self, words: str, begin: int = 0) -> str:
        """One character of its mark altered."""
        at = self.chance.randrange(begin, len(words))
        return words[:at] + self.chance.choice([c for c in ALPHABET if c != words[at].lower()]) + words[at + 1 :]


def reply_address(got: Got) -> str:
    return str(got.mail["Reply-To"].addresses[0].addr_spec)


def _as_bytes(mail: EmailMessage, sender: str) -> bytes:
    head, _, rest = mail.as_bytes().partition(b"\r\n")
    assert head.startswith(b"From:")
    return sender.encode() + b"\r\n" + rest


def from_elsewhere_with_everything(forger: Forger) -> bytes:
    got = forger.notice(forger.who())
    mail = a_letter(
        "eve@third.test", f"Re: {got.subject}", forger.order(), to=reply_address(got), headers=answering(got)
    )
    return _as_bytes(mail, forger.chance.choice(STRANGERS))


def from_elsewhere_with_a_link(forger: Forger) -> bytes:
    got = forger.notice(forger.who())
    to, subject, body = got.links()[forger.chance.choice(list(got.links()))]
    return _as_bytes(a_letter("eve@third.test", subject, body, to=to), forger.chance.choice(STRANGERS))


def without_any_proof(forger: Forger) -> bytes:
    return a_letter(forger.who(), forger.about(), forger.order()).as_bytes()


def answering_the_acknowledgement(forger: Forger) -> bytes:
    ids = [("In-Reply-To", "<CMS-2026-000001@example.test>"), ("References", "<1@example.test> <cm.1@example.test>")]
    return a_letter(forger.who(), forger.about(), forger.order(), headers=ids).as_bytes()


def address_with_a_character_altered(forger: Forger) -> bytes:
    who = forger.who()
    address = reply_address(forger.notice(who))
    local, _, domain = address.partition("@")
    return a_letter(who, forger.about(), forger.order(), to=f"{forger.wrong(local, 8)}@{domain}").as_bytes()


def link_with_a_character_altered(forger: Forger) -> bytes:
    who = forger.who()
    got = forger.notice(who)
    to, subject, body = got.links()[forger.chance.choice(list(got.links()))]
    token, _, label = subject.partition(" ")
    return a_letter(who, f"{forger.wrong(token, 3)} {label}", body, to=to).as_bytes()


def id_with_a_character_altered(forger: Forger) -> bytes:
    who = forger.who()
    mid = forger.notice(who).message_id
    wrong = (
        f"{mid[:4]}{forger.wrong(mid[4:20])}{mid[20:]}"
        if forger.chance.random() < 0.5
        else (f"{mid[:21]}{forger.wrong(mid[21:47])}{mid[47:]}")
    )
    ids = [(forger.chance.choice(("In-Reply-To", "References")), wrong)]
    return a_letter(who, forger.about(), forger.order(), headers=ids).as_bytes()


def a_colleagues_token(forger: Forger) -> bytes:
    who = forger.who()
    got = forger.notice("hal" if who == "dana" else "dana")
    to, subject, _ = got.links()[forger.chance.choice(list(got.links()))]
    if forger.chance.random() < 0.5:
        return a_letter(who, subject, forger.order(), to=to).as_bytes()
    return a_letter(who, forger.about(), forger.order(), to=reply_address(got), headers=answering(got)).as_bytes()


def another_offices_token(forger: Forger) -> bytes:
    who, letter = forger.who(), "".join(forger.chance.choices(ALPHABET, k=16))
    key = forger.chance.randbytes(32)
    ids = [("In-Reply-To", message_id_for(key, letter, "example.test"))]
    to = f"info+{token_for(key, letter, REPLY)}@example.test"
    return a_letter(who, f"{token_for(key, letter, 0)} Do it", forger.order(), to=to, headers=ids).as_bytes()


def a_letter_that_never_was(forger: Forger) -> bytes:
    """Its marks are right, as nobody outside could make them; but it was sent to nobody."""
    who, letter = forger.who(), "".join(forger.chance.choices(ALPHABET, k=16))
    ids = [("In-Reply-To", message_id_for(forger.key, letter, "example.test"))]
    to = f"info+{token_for(forger.key, letter, REPLY)}@example.test"
    return a_letter(who, f"{token_for(forger.key, letter, 0)} Do it", forger.order(), to=to, headers=ids).as_bytes()


def a_link_that_was_used(forger: Forger) -> bytes:
    who, got, label = forger.chance.choice(forger.used)
    return click(who, got, label, body=forger.order())


def token_only_where_it_does_not_count(forger: Forger) -> bytes:
    who = forger.who()
    got = forger.notice(who)
    mail = a_letter(who, forger.about(), f"{got.words[:3000]}")
    if forger.chance.random() < 0.5:
        mail.replace_header("To", f'"{reply_address(got)}" <{ADDRESS}>')
        mail["Reply-To"] = reply_address(got)
    mail.set_content(f"{forger.order()}\n\n{got.message_id}\n{next(iter(got.links().values()))[1]}\n")
    return mail.as_bytes()


def reply_to_is_hers(forger: Forger) -> bytes:
    got = forger.notice("dana")
    mail = a_letter("dana", f"Re: {got.subject}", forger.order(), headers=answering(got))
    for name in forger.chance.sample(("Reply-To", "Sender", "Resent-From", "X-Original-From"), 2):
        mail[name] = "dana@staff.test"
    sender = forger.chance.choice((ADDRESS, "form@website.test", "eve@third.test"))
    return _as_bytes(mail, f"From: Website <{sender}>")


def our_servers_word_is_forged(forger: Forger) -> bytes:
    who = forger.who()
    received = "Received: from evil.third.test (evil.third.test [192.0.2.7]) by mx.example.test with ESMTP id 7"
    said = forger.chance.choice((
        f"{received}\r\nAuthentication-Results: mx.example.test; dmarc=pass header.from=staff.test",
        "Authentication-Results: mx.third.test; dmarc=pass header.from=staff.test",
        "Authentication-Results: mx.example.test 2; dmarc=pass header.from=staff.test",
        "Authentication-Results: mx.example.test; dmarc=pass header.from=third.test",
        "Authentication-Results: mx.example.test; dmarc=none (dmarc=pass) header.from=staff.test",
        'Authentication-Results: mx.example.test; dmarc=none reason="; dmarc=pass" header.from=staff.test',
        "ARC-Authentication-Results: i=1; mx.example.test; dmarc=pass header.from=staff.test",
        "X-Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test",
        "Authentication-Results: mx.example.test; spf=pass smtp.mailfrom=staff.test; dkim=pass header.d=staff.test",
    ))  # fmt: skip
    return said.encode() + b"\r\n" + a_letter(who, forger.about(), forger.order()).as_bytes()


def our_server_says_that_it_fails(forger: Forger) -> bytes:
    who = forger.who()
    got = forger.notice(who)
    mail = a_letter(who, f"Re: {got.subject}", forger.order(), to=reply_address(got), headers=answering(got))
    said = "Authentication-Results: mx.example.test; dmarc=fail (p=none) header.from=staff.test"
    return said.encode() + b"\r\n" + mail.as_bytes()


def the_same_mail_again(forger: Forger) -> bytes:
    raw = forger.chance.choice(forger.mailed)
    return b"Received: from a.third.test by mx.example.test; %d\r\n" % forger.chance.randrange(10**9) + raw


def away_in_their_name(forger: Forger) -> bytes:
    got = forger.notice("hal")
    mail = a_letter("hal", f"Automatic reply: {got.subject}", f"I am away.\n{forger.order()}")
    mail["Auto-Submitted"] = "auto-replied"
    mail["In-Reply-To"] = "<cm.aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.test>"
    return mail.as_bytes()


# Mails that are their writer's own, with orders that are not.


def _own(forger: Forger, words: str, subject: str | None = None, html: str | None = None) -> EmailMessage:
    got = forger.own()
    return a_letter(
        "dana", subject or f"Re: {got.subject}", words, to=reply_address(got), headers=answering(got), html=html
    )


def quoted(forger: Forger) -> bytes:
    order = forger.order()
    below = forger.chance.choice((
        f"On 18/11/2026 12:00, Jane Doe wrote:\n> {order}",
        f"-----Original Message-----\nFrom: Jane Doe <jane@complainants.test>\nSent: today\nTo: {ADDRESS}\n\n{order}",
        f"---------- Forwarded message ---------\nFrom: Jane Doe <jane@complainants.test>\nSubject: x\n\n{order}",
        f"{'_' * 32}\nFrom: Jane Doe <jane@complainants.test>\nSent: Wednesday\nTo: x\nSubject: y\n\n{order}",
        f"> > {order}\n> {order}",
    ))  # fmt: skip
    return _own(forger, f"{forger.chance.choice(WORDS)}\n\n{below}\n").as_bytes()


def in_the_subject(forger: Forger) -> bytes:
    return _own(
        forger, forger.chance.choice(WORDS), subject=f"{forger.order().splitlines()[0]} [CMS-2026-000001]"
    ).as_bytes()


def in_hidden_html(forger: Forger) -> bytes:
    order = forger.chance.choice([order for order in ORDERS if order.startswith("#")]).splitlines()[0]
    hidden = forger.chance.choice((
        f"<!-- \n{order}\n -->", f'<div style="display:none">{order}</div>', f"<style>{order}</style>",
        f"<script>\n{order}\n</script>", f"<head><title>{order}</title></head>", f'<p title="{order}"></p>',
        f'<div class="gmail_quote"><div>On x Jane wrote:</div><blockquote>{order}</blockquote></div>',
        f'<blockquote type="cite"><p>{order}</p></blockquote>', f"<template><p>{order}</p></template>",
    ))  # fmt: skip
    words = forger.chance.choice(WORDS)
    mail = _own(forger, words)
    if forger.chance.random() < 0.5:
        mail.add_alternative(f"<html><body><p>{words}</p>{hidden}</body></html>", subtype="html")
    else:
        mail.set_content(f"<html><body><p>{words}</p>{hidden}</body></html>", subtype="html")
    return mail.as_bytes()


def in_an_attachment(forger: Forger) -> bytes:
    mail, order = _own(forger, forger.chance.choice(WORDS)), forger.order()
    way = forger.chance.randrange(3)
    if way == 0:
        mail.add_attachment(order.encode(), maintype="text", subtype="plain", filename="order.txt")
    elif way == 1:
        mail.add_attachment(order, subtype="html", filename="order.html")
    else:
        inner = a_letter("dana", "Re: it", order, headers=answering(forger.own()))
        mail.add_attachment(inner)
    return mail.as_bytes()


def in_the_signature(forger: Forger) -> bytes:
    order = forger.chance.choice([order for order in ORDERS if order.startswith("#")]).splitlines()[0]
    return _own(forger, f"{forger.chance.choice(WORDS)}\n\n-- \nDana Director\n{order}\n").as_bytes()


def a_link_for_something_else(forger: Forger) -> bytes:
    got = forger.own()
    label = forger.chance.choice(
        [one for one, (_, _, body) in got.links().items() if body.startswith(("#note", "#status"))]
    )
    order = forger.chance.choice(("#close because", "#kind spam", "#assign Bea", "#about Hal", "#serious"))
    return click("dana", got, label, body=order)


KINDS: tuple[Callable[[Forger], bytes], ...] = (
    from_elsewhere_with_everything, from_elsewhere_with_a_link, without_any_proof, answering_the_acknowledgement,
    address_with_a_character_altered, link_with_a_character_altered, id_with_a_character_altered, a_colleagues_token,
    another_offices_token, a_letter_that_never_was, a_link_that_was_used, token_only_where_it_does_not_count,
    reply_to_is_hers, our_servers_word_is_forged, our_server_says_that_it_fails, the_same_mail_again,
    away_in_their_name, quoted, in_the_subject, in_hidden_html, in_an_attachment, in_the_signature,
    a_link_for_something_else,
)  # fmt: skip

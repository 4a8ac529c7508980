"""Forged staff mail by the hundred: none of it is obeyed, and the genuine mails between it are."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.support import wire
from tests.support.bureau import JANE, Bureau, a_bureau, a_letter, answering, click, reply
from tests.support.forgeries import KINDS, WORDS, Forger, reply_address
from tests.support.staff import Got

CONTROLS = 20
SECRET = "candidate number 77-SECRET"
OWN_WORDS = (*WORDS, "control-", "clicked")
TRUSTED = 'authserv_id = "mx.example.test"'


def _office(folder: Path) -> Bureau:
    """Two cases, one of them Hal's with an answer that waits for his yes."""
    bureau = a_bureau(folder, imap=TRUSTED, extra='[relay]\nhold = "0s"\nconfirm = "first"\n')
    bureau.complains("The boiler in Alder House has been cold since March, and nobody came. I complain.")
    bureau.complains(f"The examiner fell asleep during my oral. I complain. My {SECRET}.", "bob@complainants.test")
    notice = bureau.gets("dana")[0]
    bureau.takes(reply("dana", notice, "#assign Hal", quotes=False))
    [given] = bureau.gets("hal")
    bureau.takes(reply("hal", given, "Dear Jane,\n\nwe have looked at it, and the boiler is mended.", quotes=False))
    assert "Look at your answer" in bureau.gets("hal")[0].subject
    return bureau


def _notices(bureau: Bureau, who: str, number: int) -> list[Got]:
    """So many more notices to them: what they hear when they ask how a case stands."""
    bureau.gets(who)
    asked = [a_letter(who, "[CMS-2026-000001] how?", f"#status\n\n{n}") for n in range(number)]
    said = b"Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test\r\n"
    bureau.takes(*(said + mail.as_bytes() for mail in asked))
    got = bureau.gets(who)
    assert len(got) == number
    return got


def _forger(bureau: Bureau, seed: int) -> Forger:
    leaked = {"dana": bureau.all_to("dana") + _notices(bureau, "dana", 12), "hal": bureau.all_to("hal")}
    used = []
    mailed = []
    for got in _notices(bureau, "dana", 4):
        mailed.append(click("dana", got, "Keep a note", body="#note clicked"))
        used.append(("dana", got, "Keep a note"))
    bureau.takes(*mailed)
    bureau.gets("dana")
    theirs = {"dana": _notices(bureau, "dana", 12)}
    return Forger(bureau.office.store.key, leaked, theirs, used, mailed, random.Random(seed))


def _genuine(number: int, got: Got) -> bytes:
    """A mail of Dana's own, proved in one of the ways there are."""
    words = f"#note control-{number}-end"
    match number % 5:
        case 0:
            return a_letter("dana", "Re: it", words, to=reply_address(got)).as_bytes()
        case 1:
            return a_letter("dana", "Re: é [CMS-2026-000001]", words, headers=answering(got)).as_bytes()
        case 2:
            return click("dana", got, "Keep a note", body=words)
        case 3:
            return a_letter("dana", "Re: it", words, to=reply_address(got).upper(), html=f"<p>{words}</p>").as_bytes()
        case _:
            said = b"Authentication-Results: mx.example.test; dmarc=pass header.from=staff.test\r\n"
            return said + a_letter("dana", "[CMS-2026-000001]", words).as_bytes()


def _tried(folder: Path, number: int, seed: int) -> tuple[Bureau, Counter[str], list[str]]:
    """Put so many forgeries before the office, the controls among them; the office, what was tried, what was wrong."""
    bureau = _office(folder)
    forger = _forger(bureau, seed)
    own = _notices(bureau, "dana", CONTROLS)
    before, mails_before = bureau.state(2), len(bureau.rows("SELECT id FROM message"))
    made = [forger.make(n) for n in range(number)]
    mails = [raw for _, raw in made]
    for n, got in enumerate(own):
        mails.insert(forger.chance.randrange(len(mails)), _genuine(n, got))

    bureau.takes(*mails)

    wrong = [f"{name} changed" for name, was in before.items() if bureau.state(2)[name] != was]
    if len(bureau.rows("SELECT id FROM message")) != mails_before + len(mails):
        wrong.append("mails are missing")
    wrong += [f"set aside: {said}" for said in bureau.told("mail_set_aside")]
    noted = [str(detail.get("text", "")) for detail in bureau.told("staff_note")]
    for n in range(CONTROLS):
        if (times := sum(f"control-{n}-end" in text for text in noted)) != 1:
            wrong.append(f"control {n} was obeyed {times} times")
    wrong += [f"noted as somebody else says: {text!r}" for text in noted if not text.startswith(OWN_WORDS)]
    return bureau, Counter(name for name, _ in made), wrong


def _disclosed(bureau: Bureau) -> list[str]:
    """What went out to anybody but staff, and should not have."""
    wrong = []
    for recipient, data in bureau.outgoing(staff=False):
        said = wire.words_of(data)
        if wire.TOKEN.search(said) or ("staff.test" in said and "staff.test" not in recipient):
            wrong.append(f"a token or a colleague's address went to {recipient}")
        if SECRET in said or ("boiler" in said and recipient != JANE):
            wrong.append(f"a case was told to {recipient}")
    return wrong


ABOUT_THEIR_OWN_MAIL = ("Did you write this?", "Not done: please write from your address here")


def test_of_a_thousand_forgeries_none_is_obeyed_and_every_genuine_mail_is(tmp_path: Path) -> None:
    bureau, tried, wrong = _tried(tmp_path, 1000, seed=20261121)
    bureau.office.close()

    assert set(tried) == {kind.__name__ for kind in KINDS}
    assert wrong == []
    assert _disclosed(bureau) == []
    asked = [got for got in bureau.all_to("dana") if got.subject in ABOUT_THEIR_OWN_MAIL]
    assert len(asked) == 5, "no more in a day, of both together"
    looks = bureau.rows("SELECT why FROM obligation WHERE why LIKE 'More than 5 mails in %'")
    assert len(looks) == 2, "one for each whose name was used"


@pytest.mark.campaign
def test_of_many_more_none_is_obeyed(tmp_path: Path) -> None:
    """As many as COMPLAINTMAIL_FORGERIES says, a thousand to an office."""
    number = int(os.environ.get("COMPLAINTMAIL_FORGERIES", "10000"))
    for nth in range(-(-number // 1000)):
        folder = tmp_path / str(nth)
        folder.mkdir()

        bureau, _, wrong = _tried(folder, min(1000, number - nth * 1000), seed=nth)

        assert wrong == [], f"seed {nth}"
        assert _disclosed(bureau) == [], f"seed {nth}"
        bureau.office.close()

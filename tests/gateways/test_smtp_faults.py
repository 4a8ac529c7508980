"""Every way a submission server can go wrong, and what we then say of the letter."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from complaintmail.gateways.ports import Outcome, Outgoing, Result
from complaintmail.gateways.smtp import SmtpPostbox, SmtpTimeouts
from tests.support.paces import HUNG, PATIENCE, met
from tests.support.scripted_smtp import ScriptedSmtp

LETTER = b"From: info@example.test\r\nTo: bob@complainants.test\r\nSubject: it\r\n\r\nDear Bob,\r\n.\r\n.. so\r\n"


def within(seconds: float) -> SmtpTimeouts:
    return SmtpTimeouts(connect=seconds, command=seconds, data=seconds, block=seconds, dot=seconds, goodbye=0.5)


def a_letter(name: str = "L1", **changes: Any) -> Outgoing:
    told: dict[str, Any] = {
        "letter_id": name,
        "mail_from": "info@example.test",
        "recipient": "bob@complainants.test",
        "data": LETTER,
        "evidence": "info@example.test",
    }
    return Outgoing(**(told | changes))


@contextmanager
def a_postbox(server: ScriptedSmtp, pace: float = PATIENCE, **settings: Any) -> Iterator[SmtpPostbox]:
    box = SmtpPostbox("127.0.0.1", server.port, "none", timeouts=within(pace), **settings)
    try:
        yield box
    finally:
        box.close()


def outcomes(box: SmtpPostbox, *letters: Outgoing) -> list[Outcome]:
    got: list[Outcome] = []
    box.send(letters, may_send=lambda _: True, done=got.append)
    assert sorted(one.letter_id for one in got) == sorted(one.letter_id for one in letters)
    return got


def fate(faults: Mapping[str, int], pace: float = PATIENCE, **changes: Any) -> tuple[Outcome, ScriptedSmtp]:
    """One letter to a server with these faults."""
    with ScriptedSmtp(faults, gap=pace / 3) as server, a_postbox(server, pace) as box:
        return outcomes(box, a_letter(**changes))[0], server


def test_a_letter_arrives_as_stored_with_both_recipients_in_one_transaction() -> None:
    outcome, server = fate({})
    assert outcome == Outcome("L1", Result.SENT, "reply", 250, "2.0.0 taken as Q1", "bcc")
    [mail] = server.accepted
    assert (mail.mail_from, mail.rcpts) == ("info@example.test", ["bob@complainants.test", "info@example.test"])
    assert mail.data == LETTER


# F05, F06, F09, F15: after the dot, only a code is certain. "two_replies" and what follows are taken by the server.
AFTER_THE_DOT = {
    "drop_after_dot_accepted": Result.DOUBT,
    "drop_after_dot_rejected": Result.DOUBT,
    "silence_after_dot": Result.DOUBT,
    "garbage_after_dot": Result.DOUBT,
    "garbage_after_dot_accepted": Result.DOUBT,
    "421_after_dot": Result.LATER,
    "451_after_dot": Result.LATER,
    "452_after_dot": Result.LATER,
    "550_after_dot": Result.REFUSED,
    "552_after_dot": Result.REFUSED,
    "two_replies": Result.SENT,
    "huge_reply": Result.SENT,
    "eight_bit_reply": Result.SENT,
}


@pytest.mark.parametrize(("fault", "result"), AFTER_THE_DOT.items(), ids=AFTER_THE_DOT)
def test_after_the_dot_only_the_servers_word_decides(fault: str, result: Result) -> None:
    """F05, F06, F09, F10, F14, F15."""

    def decided(pace: float) -> None:
        outcome, server = fate({fault: 1}, pace)
        assert (outcome.result, outcome.phase, outcome.evidence) == (result, "reply", "bcc")
        assert len(outcome.reply) <= 500 and outcome.reply.isprintable()
        assert len(server.envelopes) == 1

    met(fault, decided)


BEFORE_THE_DOT = {
    "421_mail": (Result.LATER, "mail"),
    "450_mail": (Result.LATER, "mail"),
    "550_mail": (Result.REFUSED, "mail"),
    "drop_mail": (Result.LATER, "mail"),
    "silence_mail": (Result.LATER, "mail"),
    "421_rcpt1": (Result.LATER, "rcpt"),
    "450_rcpt1": (Result.LATER, "rcpt"),
    "452_rcpt1": (Result.LATER, "rcpt"),
    "550_rcpt1": (Result.REFUSED, "rcpt"),
    "552_rcpt1": (Result.LATER, "rcpt"),
    "drop_rcpt1": (Result.LATER, "rcpt"),
    "421_rcpt2": (Result.LATER, "rcpt"),
    "421_data": (Result.LATER, "data"),
    "451_data": (Result.LATER, "data"),
    "554_data": (Result.REFUSED, "data"),
    "drop_data": (Result.LATER, "data"),
    "silence_data": (Result.LATER, "data"),
    "early_reply": (Result.LATER, "body"),
}


@pytest.mark.parametrize("offers", [("PIPELINING", "8BITMIME"), ("8BITMIME",)], ids=["pipelining", "one by one"])
@pytest.mark.parametrize(("fault", "expected"), BEFORE_THE_DOT.items(), ids=BEFORE_THE_DOT)
def test_before_the_dot_nothing_can_have_been_accepted(
    fault: str, expected: tuple[Result, str], offers: tuple[str, ...]
) -> None:
    """F10, F11, F12, F14: never doubt, and no data was taken."""

    def not_accepted(pace: float) -> None:
        with ScriptedSmtp({fault: 1}, offers=offers) as server, a_postbox(server, pace) as box:
            [outcome] = outcomes(box, a_letter())
        assert (outcome.result, outcome.phase, outcome.evidence) == (*expected, None)
        assert server.accepted == [] and [one.data for one in server.envelopes if one.data is not None] == []

    met(fault, not_accepted)


@pytest.mark.parametrize("fault", ["drop_mid_data", "421_mid_data", "552_mid_data"])
def test_a_long_body_cut_off_before_the_dot_was_certainly_not_accepted(fault: str) -> None:
    """F10: a connection that ends in W2 cancels the transaction; a 552 said meanwhile is a refusal."""
    outcome, server = fate({fault: 1}, data=b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 400_000)
    assert outcome.result is (Result.REFUSED if fault.startswith("552") and outcome.code else Result.LATER)
    assert outcome.phase == "body" and server.accepted == []


def test_a_server_that_stops_reading_costs_the_block_timeout_and_is_no_doubt() -> None:
    """F17."""

    def given_up(pace: float) -> None:
        outcome, server = fate({"never_reads": 1}, pace, data=(b"y" * 70 + b"\r\n") * 400_000)
        assert (outcome.result, outcome.phase, server.accepted) == (Result.LATER, "body", [])

    met("never_reads", given_up)


@pytest.mark.parametrize("code", [450, 550])
def test_a_refused_complainant_is_never_sent_data_and_the_next_letter_is_clean(code: int) -> None:
    """F12: 550 for the complainant, 250 for the evidence: RSET, and an empty evidence mailbox."""
    with ScriptedSmtp({f"{code}_rcpt1": 1}) as server, a_postbox(server, connections=1) as box:
        first, second = outcomes(box, a_letter("L1"), a_letter("L2"))
    assert (first.result, first.code) == (Result.REFUSED if code == 550 else Result.LATER, code)
    assert second.result is Result.SENT and server.connections == 1
    assert "DATA" not in server.commands[: server.commands.index("RSET")]
    assert [mail.rcpts for mail in server.accepted] == [["bob@complainants.test", "info@example.test"]]


@pytest.mark.parametrize("fault", ["450_rcpt2", "550_rcpt2"])
def test_refused_evidence_does_not_keep_the_letter_back(fault: str) -> None:
    """F13: the letter goes; that no evidence was taken is said."""
    outcome, server = fate({fault: 1})
    assert (outcome.result, outcome.evidence) == (Result.SENT, None)
    assert server.accepted[0].rcpts == ["bob@complainants.test"]


@pytest.mark.parametrize("fault", ["drop_quit", "silence_quit", "421_quit", "550_quit"])
def test_what_goes_wrong_in_quit_is_nothing(fault: str) -> None:
    outcome, _ = fate({fault: 1})
    assert outcome.result is Result.SENT


@pytest.mark.parametrize("fault", ["drop_rset", "silence_rset", "500_rset"])
def test_what_goes_wrong_in_rset_costs_the_connection_only(fault: str) -> None:

    def costs_it(pace: float) -> None:
        with ScriptedSmtp({"550_rcpt1": 1, fault: 1}) as server, a_postbox(server, pace, connections=1) as box:
            first, second = outcomes(box, a_letter("L1"), a_letter("L2"))
        assert (first.result, second.result) == (Result.REFUSED, Result.SENT)
        assert server.connections == 2

    met(fault, costs_it)


def test_two_replies_never_shift_the_answers_of_the_next_letter() -> None:
    """F15: after a reply too many the connection is not used again."""
    with ScriptedSmtp({"two_replies": 1}) as server, a_postbox(server, connections=1) as box:
        first, second = outcomes(box, a_letter("L1"), a_letter("L2"))
    assert (first.result, second.result) == (Result.SENT, Result.SENT)
    assert len(server.accepted) == 2


@pytest.mark.parametrize("fault", ["hang_connect", "slow_banner", "421_connect", "554_ehlo"])
def test_a_server_that_cannot_be_reached_leaves_every_letter_untried(fault: str) -> None:
    """F10, F16, F50: a banner that drips has one deadline; nothing was begun, and the reason is said once for each."""

    def untried(pace: float) -> None:
        with ScriptedSmtp({fault: 99}, gap=pace / 3) as server, a_postbox(server, pace) as box:
            began = time.monotonic()
            got = outcomes(box, a_letter("L1"), a_letter("L2"), a_letter("L3"))
            assert time.monotonic() - began < max(HUNG, 3 * pace)
        assert {(one.result, one.phase) for one in got} == {(Result.UNTRIED, "connect")}
        assert all(f"127.0.0.1:{server.port}" in one.reply for one in got)
        assert server.envelopes == [] and server.connections == 1

    met(fault, untried)


def test_a_port_where_nobody_listens_says_so() -> None:
    """F50."""
    box = SmtpPostbox("127.0.0.1", 1, "none", timeouts=within(PATIENCE))
    [outcome] = outcomes(box, a_letter())
    box.close()
    assert (outcome.result, outcome.phase) == (Result.UNTRIED, "connect")
    assert outcome.reply == "SMTP 127.0.0.1:1: connection refused (is the port right? is the server up?)"


def test_a_reply_that_drips_after_the_dot_has_one_deadline() -> None:
    """F16."""

    def in_doubt(pace: float) -> None:
        outcome, _ = fate({"slow_reply": 1}, pace)
        assert outcome.result is Result.DOUBT

    met("slow_reply", in_doubt)


def test_a_silent_server_keeps_only_its_own_letter_waiting() -> None:
    """F09: the others go out over another connection meanwhile."""

    def alone(pace: float) -> None:
        order: list[str] = []
        with ScriptedSmtp({"silence_after_dot": 1}) as server, a_postbox(server, pace) as box:
            letters = [a_letter(f"L{n}") for n in range(20)]
            box.send(letters, may_send=lambda _: True, done=lambda one: order.append(f"{one.letter_id} {one.result}"))
        assert order[-1] == "L0 doubt" and sorted(order[:-1]) == sorted(f"L{n} sent" for n in range(1, 20))

    met("silence_after_dot", alone)


def test_an_ill_server_does_not_put_every_letter_in_doubt() -> None:
    """Three lost connections in a row, and the rest is not begun."""
    with ScriptedSmtp({"drop_after_dot_rejected": 99}) as server, a_postbox(server, connections=1) as box:
        got = outcomes(box, *(a_letter(f"L{n}") for n in range(10)))
    assert [one.result for one in got] == [Result.DOUBT] * 3 + [Result.UNTRIED] * 7
    assert len(server.envelopes) == 3


def test_a_kept_connection_that_died_meanwhile_costs_nothing() -> None:
    """The letter goes over a new connection, once."""
    with ScriptedSmtp() as server, a_postbox(server) as box:
        assert outcomes(box, a_letter("L1"))[0].result is Result.SENT
        for fault in ("421_mail", "drop_mail"):
            server.faults[fault] = 1
            assert outcomes(box, a_letter(fault))[0].result is Result.SENT
    assert len(server.accepted) == 3 and server.connections == 3


def test_a_connection_rested_for_a_minute_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaintmail.gateways.smtp.REST", 0.0)
    with ScriptedSmtp() as server, a_postbox(server) as box:
        outcomes(box, a_letter("L1"))
        outcomes(box, a_letter("L2"))
        assert server.commands.count("NOOP") == 1 and server.connections == 1
        server.faults["421_noop"] = 1
        assert outcomes(box, a_letter("L3"))[0].result is Result.SENT
        assert server.connections == 2


def test_a_letter_told_not_to_go_is_untried_and_never_reaches_data() -> None:
    with ScriptedSmtp() as server, a_postbox(server, connections=1) as box:
        got: list[Outcome] = []
        box.send([a_letter("no"), a_letter("yes")], may_send=lambda one: one == "yes", done=got.append)
    assert [(one.letter_id, one.result) for one in got] == [("no", Result.UNTRIED), ("yes", Result.SENT)]
    assert len(server.accepted) == 1


def test_callbacks_run_in_the_senders_thread_and_their_errors_reach_the_sender() -> None:
    threads: set[int] = set()
    with ScriptedSmtp() as server, a_postbox(server) as box:

        def may_send(_: str) -> bool:
            threads.add(threading.get_ident())
            return True

        def done(outcome: Outcome) -> None:
            threads.add(threading.get_ident())
            if outcome.letter_id == "L2":
                raise RuntimeError("the database is full")

        with pytest.raises(RuntimeError, match="the database is full"):
            box.send([a_letter(f"L{n}") for n in range(1, 6)], may_send=may_send, done=done)
        assert threads == {threading.get_ident()}
        assert outcomes(box, a_letter("L9"))[0].result is Result.SENT


def test_several_threads_send_at_once_over_connections_of_their_own() -> None:
    with ScriptedSmtp() as server, a_postbox(server) as box:
        results: list[Result] = []
        threads = [
            threading.Thread(
                target=lambda n=n: results.extend(
                    one.result for one in outcomes(box, *(a_letter(f"{n}-{m}") for m in range(20)))
                )
            )
            for n in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [Result.SENT] * 60 and len(server.accepted) == 60


@pytest.mark.parametrize(
    "address",
    ["", "bob", "bob@", "@complainants.test", "a b@c.test",
     "bob@c.test>\r\nRCPT TO:<x@y.test", "bob@c.test> NOTIFY=NEVER",
     "<bob@c.test>", "a@b@c.test", "bob\x00@c.test", "bob\u2028@c.test", "a@x.test, b@x.test"],
)  # fmt: skip
def test_an_address_that_could_carry_a_command_is_refused_before_a_byte_leaves(address: str) -> None:
    outcome, server = fate({}, recipient=address)
    assert (outcome.result, outcome.phase) == (Result.REFUSED, "mail") and "address" in outcome.reply
    assert server.envelopes == []


def test_a_null_sender_is_said_as_such() -> None:
    outcome, server = fate({}, mail_from="")
    assert outcome.result is Result.SENT and server.envelopes[0].mail_from == ""


@pytest.mark.parametrize(
    ("offers", "changes", "words"),
    [
        (("PIPELINING", "8BITMIME"), {"recipient": "b\u00f6b@complainants.test"}, "SMTPUTF8"),
        (("PIPELINING",), {"data": "Subject: x\r\n\r\nGr\u00fc\u00dfe\r\n".encode()}, "8BITMIME"),
        (("SIZE 50",), {}, "takes 50"),
    ],
)
def test_what_the_server_cannot_carry_is_refused_in_clear_words(
    offers: tuple[str, ...], changes: dict[str, Any], words: str
) -> None:
    with ScriptedSmtp(offers=offers) as server, a_postbox(server) as box:
        [outcome] = outcomes(box, a_letter(**changes))
    assert outcome.result is Result.REFUSED and words in outcome.reply and server.envelopes == []


def test_a_utf8_address_and_8_bit_text_go_where_they_are_offered() -> None:
    data = "Subject: x\r\n\r\nGr\u00fc\u00dfe\r\n".encode()
    outcome, server = fate({}, recipient="b\u00f6b@complainants.test", data=data)
    assert outcome.result is Result.SENT
    assert server.accepted[0].rcpts[0] == "b\u00f6b@complainants.test" and server.accepted[0].data == data
    assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(server.accepted[0].options.split())


def test_a_success_notice_is_asked_for_only_where_dsn_is_offered() -> None:
    outcome, server = fate({}, envid="CM+1=a", evidence=None)
    assert outcome.evidence == "dsn"
    assert {"RET=HDRS", "ENVID=CM+2B1+3Da"} <= set(server.accepted[0].options.split())
    assert server.accepted[0].rcpt_options == ["NOTIFY=SUCCESS,FAILURE,DELAY"]
    with ScriptedSmtp(offers=()) as plain, a_postbox(plain) as box:
        [outcome] = outcomes(box, a_letter(envid="CM1", evidence=None))
    assert (outcome.result, outcome.evidence) == (Result.SENT, None)
    assert plain.accepted[0].options == "" and plain.accepted[0].rcpt_options == [""]


def test_the_evidence_recipient_asks_for_no_notices() -> None:
    _, server = fate({})
    assert server.accepted[0].rcpt_options == ["NOTIFY=FAILURE,DELAY", "NOTIFY=NEVER"]


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: x\n\nbare line feeds\n.\n..\n",
        b"Subject: x\r\rbare returns\r",
        b".first line\r\n.",
        b"no end of line",
        b"a\r\n.\r\n.\r\nb\r\n",
    ],
)
def test_no_bare_line_end_and_no_early_dot_ever_reaches_the_wire(data: bytes) -> None:
    """R31, and SMTP smuggling outward: the sink sees CRLF only, and one mail."""
    outcome, server = fate({}, data=data)
    got = server.accepted[0].data or b""
    assert outcome.result is Result.SENT and len(server.accepted) == 1
    assert got.count(b"\n") == got.count(b"\r") == got.count(b"\r\n")
    assert got.replace(b"\r\n", b"\n").rstrip(b"\n") == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")

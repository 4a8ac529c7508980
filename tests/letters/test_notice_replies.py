"""What staff write in reply to a notice is read as theirs, and nothing of the notice is, whatever program they use."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from dataclasses import replace

import pytest

from complaintmail.letters.notice import written
from complaintmail.mail.read import read
from tests.support.notices import MAILBOX, TRAPS, a_notice

NOTICE = a_notice(TRAPS)
TEXT, HTML = written(NOTICE, MAILBOX)
INNER = HTML.partition('<body style="margin:0">')[2].partition("</body>")[0]
QUOTED = "\n".join(f"> {line}" if line and line[0] != ">" else f">{line}" for line in TEXT.split("\n"))
TITLE = NOTICE.subject
HEAD = f"""\
From: Example Training Ltd <{MAILBOX}>
Sent: Tuesday, 17 March 2026 09:05
To: Alex Example <alex@example.test>
Subject: {TITLE}"""
WROTE = f"On Tue, 17 Mar 2026 at 09:05, Example Training Ltd <{MAILBOX}> wrote:"

# Each takes what was typed and gives what the program puts into the mail, below and above it.


def outlook_text(typed: str) -> str:
    return f"{typed}\n\n{HEAD}\n\n{TEXT}"


def outlook_german(typed: str) -> str:
    head = (
        HEAD.replace("From:", "Von:").replace("Sent:", "Gesendet:").replace("To:", "An:").replace("Subject", "Betreff")
    )
    return f"{typed}\n\n{head}\n\n{TEXT}"


def outlook_older(typed: str) -> str:
    return f"{typed}\n\n-----Original Message-----\n{HEAD}\n\n{TEXT}"


def outlook_phone(typed: str) -> str:
    return f"{typed}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n{HEAD}\n\n{TEXT}"


def outlook_mac(typed: str) -> str:
    indented = "\n".join(f"    {line}" for line in TEXT.split("\n"))
    return f'{typed}\n\nOn 17/03/2026, 09:05, "Example Training Ltd" <{MAILBOX}> wrote:\n\n{indented}'


def samsung(typed: str) -> str:
    head = HEAD.replace("Sent: Tuesday, 17 March 2026 09:05", "Date: 17/03/2026 09:05 (GMT+00:00)")
    return f"{typed}\n\nSent from my Galaxy\n\n-------- Original message --------\n{head}\n\n{TEXT}"


def gmail_text(typed: str) -> str:
    return f"{typed}\n\n{WROTE.replace(' <', chr(10) + '<')}\n\n{QUOTED}"


def gmail_phone(typed: str) -> str:
    return f"{typed}\n\n{WROTE}\n\n{QUOTED}"


def apple_text(typed: str) -> str:
    return f"{typed}\n\nSent from my iPhone\n\n> {WROTE.replace(' at ', ', at ')}\n> \n{QUOTED}"


def apple_desk(typed: str) -> str:
    return f"{typed}\n\n\n> {WROTE.replace(' at ', ', at ')}\n> \n{QUOTED}\n"


def thunderbird(typed: str) -> str:
    return f"{typed}\n\nOn 17/03/2026 09:05, Example Training Ltd wrote:\n{QUOTED}"


def thunderbird_below(typed: str) -> str:
    return f"On 17/03/2026 09:05, Example Training Ltd wrote:\n{QUOTED}\n\n{typed}\n"


def mutt(typed: str) -> str:
    return f"On Tue, Mar 17, 2026 at 09:05:07AM +0000, Example Training Ltd wrote:\n{QUOTED}\n\n{typed}\n"


def mutt_between(typed: str) -> str:
    first, _, rest = QUOTED.partition("\n")
    return f"On Tue, Mar 17, 2026 at 09:05:07AM +0000, Example Training Ltd wrote:\n{first}\n\n{typed}\n\n{rest}\n"


def gmail_plain(typed: str) -> str:
    """It breaks long quoted lines at 78, and what runs over is not marked."""
    spilled = "\n> > word word word word word word word word word word word word word word\n#close\n#undo it\n> > end"
    return f"{typed}\n\n{WROTE}\n\n{QUOTED.rstrip()}{spilled}\n"


def unmarked(typed: str) -> str:
    return f"{typed}\n\n{TEXT}"


def forwarded_to_us(typed: str) -> str:
    return f"{typed}\n\n---------- Forwarded message ---------\n{HEAD}\n\n\n{TEXT}"


def lines_html(typed: str, tag: str = "div") -> str:
    return "".join(f"<{tag}>{html.escape(line) or '<br>'}</{tag}>" for line in typed.split("\n"))


def head_html(joint: str = "<br>") -> str:
    lines = [line.partition(": ") for line in HEAD.split("\n")]
    return joint.join(f"<b>{label}:</b> {html.escape(value)}" for label, _, value in lines)


def outlook_html(typed: str) -> str:
    words = "".join(
        f'<p class="MsoNormal">{html.escape(line) or "<o:p>&nbsp;</o:p>"}</p>' for line in typed.split("\n")
    )
    return (
        f'<html><body lang="EN-GB"><div class="WordSection1">{words}<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{head_html()}<o:p></o:p></p></div></div>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{INNER}</div></body></html>'
    )


def outlook_web(typed: str) -> str:
    return (
        f'<html><body><div class="elementToProof">{lines_html(typed)}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        f'<font face="Calibri">{head_html()}</font><div>&nbsp;</div></div>{INNER}</body></html>'
    )


def outlook_plain_html(typed: str) -> str:
    """As some gateways rewrite it: nothing is left that marks the quotation."""
    return f"<html><body>{lines_html(typed)}<br><div>{head_html()}</div><br>{INNER}</body></html>"


def gmail_html(typed: str) -> str:
    return (
        f'<div dir="ltr">{lines_html(typed)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(WROTE)}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{INNER}</blockquote></div>"
    )


def apple_html(typed: str) -> str:
    return (
        f'<html><body>{lines_html(typed)}<br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote '
        f'type="cite">{html.escape(WROTE)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{INNER}'
        "</div></blockquote></body></html>"
    )


def thunderbird_html(typed: str) -> str:
    return (
        f'<html><body>{lines_html(typed, "p")}<div class="moz-cite-prefix">On 17/03/2026 09:05, Example Training Ltd '
        f'wrote:<br></div><blockquote type="cite" cite="mid:a@example.test">{INNER}</blockquote></body></html>'
    )


AS_TEXT = (
    outlook_text, outlook_german, outlook_older, outlook_phone, outlook_mac, samsung, gmail_text, gmail_phone,
    gmail_plain, apple_text, apple_desk, thunderbird, thunderbird_below, mutt, mutt_between, unmarked, forwarded_to_us,
)  # fmt: skip
AS_HTML = (outlook_html, outlook_web, outlook_plain_html, gmail_html, apple_html, thunderbird_html)
BOTH = (
    (outlook_text, outlook_html), (outlook_phone, outlook_web), (gmail_text, gmail_html), (apple_text, apple_html),
    (thunderbird, thunderbird_html),
)  # fmt: skip
TYPED = (
    "#assign me",
    "#outcome upheld\nThe lift was broken.\n\nWe are sorry.",
    "Please see the answer below, Allan.\n#note\nI forward it all.",
    "I spoke to the site manager. From: what she said, it was the lift.",
)


def part(kind: str, words: str) -> str:
    coded = base64.encodebytes(words.encode()).decode()
    return f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n{coded}'


def mail(body: str, subject: str = f"Re: {TITLE}") -> bytes:
    head = (
        f"From: Alex Example <alex@example.test>\nTo: {MAILBOX}\nSubject: {subject}\n"
        "Date: Tue, 17 Mar 2026 10:00:00 +0000\nMessage-ID: <reply@example.test>\nMIME-Version: 1.0\n"
    )
    return (head + body).replace("\n", "\r\n").encode()


def both(text: str, marked_up: str) -> bytes:
    return mail(
        f'Content-Type: multipart/alternative; boundary="b"\n\n--b\n{part("plain", text)}\n--b\n'
        f"{part('html', marked_up)}\n--b--\n"
    )


def without_gaps(words: str) -> list[str]:
    return [line.strip() for line in words.split("\n") if line.strip()]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("program", AS_TEXT, ids=lambda program: program.__name__)
def test_a_reply_in_text_is_read_as_what_was_typed(program: Callable[[str], str], typed: str) -> None:
    assert without_gaps(read(mail(part("plain", program(typed)))).new_text) == without_gaps(typed)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("program", AS_HTML, ids=lambda program: program.__name__)
def test_a_reply_in_html_alone_is_read_as_what_was_typed(program: Callable[[str], str], typed: str) -> None:
    kept = [
        line for line in without_gaps(read(mail(part("html", program(typed)))).new_text) if "Sent from my" not in line
    ]

    assert kept == without_gaps(typed)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("programs", BOTH, ids=lambda programs: programs[1].__name__)
def test_a_reply_in_text_and_html_is_read_as_what_was_typed(
    programs: tuple[Callable[[str], str], Callable[[str], str]], typed: str
) -> None:
    raw = both(programs[0](typed), programs[1](typed))

    assert without_gaps(read(raw).new_text) == without_gaps(typed)


@pytest.mark.parametrize("subject", [f"Re: {TITLE}", f"FW: {TITLE}", f"Fwd: {TITLE}", ""])
@pytest.mark.parametrize("program", [*AS_TEXT, *AS_HTML], ids=lambda program: program.__name__)
def test_a_reply_or_forward_in_which_nothing_was_typed_says_nothing(
    program: Callable[[str], str], subject: str
) -> None:
    kind = "html" if program in AS_HTML else "plain"
    new = read(mail(part(kind, program("")), subject)).new_text

    assert [line for line in without_gaps(new) if "Sent from my" not in line] == []


@pytest.mark.parametrize("subject", [f"Re: {TITLE}", f"FW: {TITLE}"])
@pytest.mark.parametrize("program", [*AS_TEXT, *AS_HTML], ids=lambda program: program.__name__)
def test_no_command_of_the_complainants_ever_begins_a_line_of_the_readers_words(
    program: Callable[[str], str], subject: str
) -> None:
    kind = "html" if program in AS_HTML else "plain"
    new = read(mail(part(kind, program("#note\nI see below what I forward.")), subject)).new_text

    assert [line for line in new.split("\n") if line.lstrip().startswith("#")] == ["#note"]


NAMES = (
    "word " * 300,
    "x" * 600,
    f"{'x' * 60} --- Please write above this line --- {'y' * 60}",
    f"{'x' * 35} ---------- Forwarded message --------- {'y' * 60}",
    f"{'x' * 35} #close {'y' * 68} #close",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("html_only", [False, True])
def test_no_name_of_a_complainant_hides_where_the_notice_begins(name: str, html_only: bool) -> None:
    notice = replace(NOTICE, first_line=f"Your reply to this mail goes to {name} as our answer.")
    text, page = written(notice, MAILBOX)
    marked_up = f"<div>#note</div><div>See below.</div><br><div>{head_html()}</div><br>{page}"
    raw = mail(part("html", marked_up)) if html_only else mail(part("plain", f"#note\nSee below.\n\n{HEAD}\n\n{text}"))

    assert without_gaps(read(raw).new_text) == ["#note", "See below."]


def test_what_is_quoted_is_told_apart_and_the_whole_stays_beside_it() -> None:
    message = read(mail(part("plain", outlook_text("#assign me"))))

    assert message.new_text == "#assign me"
    assert "#send anyway because I say so" in message.text


def test_the_writers_own_signature_is_no_part_of_what_they_say() -> None:
    message = read(mail(part("plain", outlook_text("#assign me\n\n-- \nAlex Example\nOperations Director"))))

    assert message.new_text == "#assign me"

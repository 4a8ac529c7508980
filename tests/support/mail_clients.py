"""Replies and forwards as the mail programs of staff write them, whole: text and HTML, heads, quotations, headers.

    raw = APPLE_PHONE.reply(original, typed="yes", sender=("Hal Handler", "hal@staff.test"), to=[inbox])
    raw = OUTLOOK.forward(original, typed="", sender=dana, to=[inbox])

Words, marks and headers were looked at in real mails of each program; the mails themselves are invented.
"""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

Who = tuple[str, str]  # name, address
Attached = tuple[str, str, bytes]  # name, type, data

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Original:
    """The mail that is answered or passed on, as the program shows it."""

    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")

    @property
    def writer(self) -> Who:
        one = self.mail["From"].addresses[0]
        return one.display_name or one.addr_spec, one.addr_spec

    @property
    def to(self) -> str:
        return str(self.mail["To"].addresses[0].addr_spec)

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))
        return str(part.get_content()).replace("\r\n", "\n").rstrip("\n") if part else ""

    @property
    def inner(self) -> str:
        """Its HTML without the page around it."""
        part = self.mail.get_body(("html",))
        if part is None:
            return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in self.text.split("\n"))
        page = str(part.get_content())
        found = _BODY.search(page)
        return found[1] if found else page

    def sent(self, form: str) -> str:
        return parsedate_to_datetime(str(self.mail["Date"])).strftime(form)

    @property
    def head(self) -> list[tuple[str, str]]:
        name, address = self.writer
        return [
            ("From", f"{name} <{address}>"),
            ("Sent", self.sent("%A, %d %B %Y %H:%M")),
            ("To", f"{self.to} <{self.to}>"),
            ("Subject", self.subject),
        ]

    @property
    def wrote(self) -> str:
        name, address = self.writer
        return f"On {self.sent('%a, %d %b %Y')} at {self.sent('%H:%M')}, {name} <{address}> wrote:"

    @property
    def marked(self) -> str:
        """Its text, each line marked as quoted."""
        return "\n".join(f"> {line}" if line and line[0] != ">" else f">{line}" for line in self.text.split("\n"))


def paragraphs(typed: str, tag: str = "div", empty: str = "<br>") -> str:
    return "".join(f"<{tag}>{html.escape(line, quote=False) or empty}</{tag}>" for line in typed.split("\n"))


def _head_text(of: Original) -> str:
    return "\n".join(f"{label}: {value}" for label, value in of.head)


def _head_html(of: Original) -> str:
    return "<br>".join(f"<b>{label}:</b> {html.escape(value)}" for label, value in of.head)


# Outlook


def outlook_text(typed: str, of: Original) -> str:
    return f"{typed}\n\n{_head_text(of)}\n\n{of.text}\n"


def outlook_html(typed: str, of: Original) -> str:
    words = "".join(
        f'<p class="MsoNormal">{html.escape(line, quote=False) or "<o:p>&nbsp;</o:p>"}</p>'
        for line in typed.split("\n")
    )
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} -->'
        f'</style></head><body lang="EN-GB"><div class="WordSection1">{words}<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{_head_html(of)}<o:p></o:p></p></div></div>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{of.inner}</div></body></html>'
    )


def outlook_phone_text(typed: str, of: Original) -> str:
    mark = "Get Outlook for iOS<https://aka.ms/o0ukef>"
    return f"{typed}\n\n{mark}\n________________________________\n{_head_text(of)}\n\n{of.text}\n"


def outlook_phone_html(typed: str, of: Original) -> str:
    return (
        f'<html><body><div dir="auto">{paragraphs(typed)}</div><div id="ms-outlook-mobile-signature" dir="auto">Get '
        '<a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr style="display:inline-block;width:98%" '
        f'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{_head_html(of)}</font>'
        f"<div>&nbsp;</div></div>{of.inner}</body></html>"
    )


# Gmail


def gmail_text(typed: str, of: Original) -> str:
    return f"{typed}\n\n{of.wrote.replace(' <', chr(10) + '<', 1)}\n\n{of.marked}\n"


def gmail_html(typed: str, of: Original) -> str:
    return (
        f'<div dir="ltr">{paragraphs(typed)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(of.wrote)}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{of.inner}</blockquote></div>"
    )


def gmail_phone_text(typed: str, of: Original) -> str:
    return f"{typed}\n\n{of.wrote}\n\n{of.marked}\n"


def gmail_phone_html(typed: str, of: Original) -> str:
    return (
        f'<div dir="auto">{paragraphs(typed)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{html.escape(of.wrote)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px '
        f'#ccc solid;padding-left:1ex">{of.inner}</blockquote></div>'
    )


# Apple Mail, on the phone and on the desk


def apple_phone_text(typed: str, of: Original) -> str:
    return f"{typed}\n\nSent from my iPhone\n\n> {of.wrote}\n> \n{of.marked}\n"


def apple_phone_html(typed: str, of: Original) -> str:
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{paragraphs(typed)}<div><br></div><div id="AppleMailSignature" dir="ltr">Sent from my iPhone</div>'
        f'<div dir="ltr"><br><blockquote type="cite">{html.escape(of.wrote)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{of.inner}</div></blockquote></body></html>'
    )


def apple_desk_text(typed: str, of: Original) -> str:
    return f"{typed}\n\n> {of.wrote}\n> \n{of.marked}\n"


def apple_desk_html(typed: str, of: Original) -> str:
    return (
        '<html><body style="overflow-wrap: break-word; line-break: after-white-space;">'
        f'{paragraphs(typed)}<div><br><blockquote type="cite"><div>{html.escape(of.wrote)}</div><br '
        f'class="Apple-interchange-newline"><div>{of.inner}</div></blockquote></div></body></html>'
    )


# Thunderbird and mutt


def thunderbird_text(typed: str, of: Original) -> str:
    return f"{typed}\n\nOn {of.sent('%d/%m/%Y %H:%M')}, {of.writer[0]} wrote:\n{of.marked}\n"


def thunderbird_html(typed: str, of: Original) -> str:
    return (
        f'<!DOCTYPE html><html><body>{paragraphs(typed, "p")}<div class="moz-cite-prefix">On '
        f"{of.sent('%d/%m/%Y %H:%M')}, {html.escape(of.writer[0])} wrote:<br></div>"
        f'<blockquote type="cite" cite="mid:{html.escape(str(of.mail["Message-ID"]).strip("<>"))}">{of.inner}'
        "</blockquote></body></html>"
    )


def mutt_text(typed: str, of: Original) -> str:
    name, _ = of.writer
    return f"On {of.sent('%a, %b %d, %Y at %I:%M:%S%p +0000')}, {name} wrote:\n{of.marked}\n\n{typed}\n"


# Passing on


def outlook_forward_text(typed: str, of: Original) -> str:
    return f"{typed}\n\n{_head_text(of)}\n\n{of.text}\n" if typed else f"\n{_head_text(of)}\n\n{of.text}\n"


def gmail_forward_text(typed: str, of: Original) -> str:
    name, address = of.writer
    head = (
        f"---------- Forwarded message ---------\nFrom: {name} <{address}>\nDate: {of.sent('%a, %d %b %Y at %H:%M')}\n"
        f"Subject: {of.subject}\nTo: <{of.to}>"
    )
    return f"{typed}\n\n{head}\n\n\n{of.text}\n"


def gmail_forward_html(typed: str, of: Original) -> str:
    name, address = of.writer
    return (
        f'<div dir="ltr">{paragraphs(typed)}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        'class="gmail_attr">---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" '
        f'dir="auto">{html.escape(name)}</strong> <span dir="auto">&lt;<a href="mailto:{address}">{address}</a>&gt;'
        f"</span><br>Date: {of.sent('%a, %d %b %Y at %H:%M')}<br>Subject: {html.escape(of.subject)}<br>To:  &lt;"
        f'<a href="mailto:{of.to}">{of.to}</a>&gt;<br></div><br><br>{of.inner}</div></div>'
    )


Body = Callable[[str, Original], str]


@dataclass(frozen=True)
class Client:
    """One program: how it puts what was typed and what it quotes into a mail."""

    name: str
    text: Body
    page: Body | None = None
    forward_text: Body = outlook_forward_text
    forward_page: Body | None = None
    re: str = "Re: "
    fwd: str = "Fwd: "
    headers: dict[str, str] = field(default_factory=dict)

    def reply(
        self,
        original: EmailMessage,
        typed: str,
        *,
        sender: Who,
        to: Sequence[str],
        cc: Sequence[str] = (),
        attachments: Sequence[Attached] = (),
        headers: dict[str, str] | None = None,
        subject: str | None = None,
    ) -> bytes:
        of = Original(original)
        said = of.subject if of.subject.lower().startswith("re:") else f"{self.re}{of.subject}"
        threads = {"In-Reply-To": str(original["Message-ID"])}
        earlier = str(original["References"] or "").split()
        threads["References"] = " ".join([*earlier, threads["In-Reply-To"]])
        mail = self._mail(said if subject is None else subject, sender, to, cc, threads | (headers or {}))
        self._fill(mail, self.text(typed, of), self.page(typed, of) if self.page else None, attachments)
        return mail.as_bytes()

    def forward(
        self,
        original: EmailMessage,
        typed: str,
        *,
        sender: Who,
        to: Sequence[str],
        headers: dict[str, str] | None = None,
    ) -> bytes:
        of = Original(original)
        threads = {"References": str(original["Message-ID"])}
        mail = self._mail(f"{self.fwd}{of.subject}", sender, to, (), threads | (headers or {}))
        page = self.forward_page or (self.page if self.forward_text is outlook_forward_text else None)
        self._fill(mail, self.forward_text(typed, of), page(typed, of) if page else None, ())
        return mail.as_bytes()

    def writes(
        self,
        typed: str,
        *,
        sender: Who,
        to: Sequence[str],
        subject: str,
        cc: Sequence[str] = (),
        attachments: Sequence[Attached] = (),
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """A new mail: no thread, nothing quoted; also what a one-click link opens."""
        mail = self._mail(subject, sender, to, cc, headers or {})
        page = f'<html><body><div dir="auto">{paragraphs(typed)}</div></body></html>' if self.page else None
        self._fill(mail, typed, page, attachments)
        return mail.as_bytes()

    def _mail(
        self, subject: str, sender: Who, to: Sequence[str], cc: Sequence[str], headers: dict[str, str]
    ) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = f"{sender[0]} <{sender[1]}>"
        mail["To"] = ", ".join(to)
        if cc:
            mail["Cc"] = ", ".join(cc)
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{uuid.uuid4().hex}@{self.name}.staff.test>"
        mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
        for name, value in (self.headers | headers).items():
            mail[name] = value
        return mail

    def _fill(self, mail: EmailMessage, text: str, page: str | None, attachments: Sequence[Attached]) -> None:
        mail.set_content(text, cte="quoted-printable" if page else None)
        if page is not None:
            mail.add_alternative(page, subtype="html", cte="quoted-printable")
        for name, kind, data in attachments:
            maintype, _, subtype = kind.partition("/")
            mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)


OUTLOOK = Client(
    "outlook", outlook_text, outlook_html, re="RE: ", fwd="FW: ",
    headers={"Thread-Index": "AdpYk3Q2J3kZ1b0hQqGZ0w==", "X-MS-Has-Attach": "", "Accept-Language": "en-GB"},
)  # fmt: skip
OUTLOOK_PHONE = Client("outlook-phone", outlook_phone_text, outlook_phone_html, re="Re: ", fwd="Fw: ")
GMAIL = Client(
    "gmail", gmail_text, gmail_html, forward_text=gmail_forward_text, forward_page=gmail_forward_html
)  # fmt: skip
GMAIL_PHONE = Client(
    "gmail-phone", gmail_phone_text, gmail_phone_html, forward_text=gmail_forward_text, forward_page=gmail_forward_html
)
APPLE_PHONE = Client(
    "apple-phone",
    apple_phone_text,
    apple_phone_html,
    headers={"X-Mailer": "iPhone Mail (21G93)", "Mime-Version": "1.0"},
)
APPLE_DESK = Client("apple-desk", apple_desk_text, apple_desk_html, headers={"X-Mailer": "Apple Mail (2.3774)"})
THUNDERBIRD = Client("thunderbird", thunderbird_text, thunderbird_html, headers={"User-Agent": "Mozilla Thunderbird"})
MUTT = Client("mutt", mutt_text, None, headers={"User-Agent": "Mutt/2.2.12"})

ALL = (OUTLOOK, OUTLOOK_PHONE, GMAIL, GMAIL_PHONE, APPLE_PHONE, APPLE_DESK, THUNDERBIRD, MUTT)

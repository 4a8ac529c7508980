"""Characters: under the right label, a wrong one or none, in bodies and in encoded words."""

from __future__ import annotations

import time

import pytest

from complaintmail.mail.charsets import clean_line, clean_text, decode, decode_undeclared
from complaintmail.mail.parameters import read_parameters
from complaintmail.mail.words import decode_header
from tests.support.paces import MUCH


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        ("Café".encode(), "utf-8", "Café"),
        ("Café".encode(), None, "Café"),
        ("Café".encode("latin-1"), None, "Café"),
        ("“smart”".encode("cp1252"), "iso-8859-1", "“smart”"),
        ("“smart”".encode("cp1252"), "us-ascii", "“smart”"),
        ("Café".encode(), "iso-8859-1", "Café"),
        ("Café".encode("latin-1"), "utf-8", "Café"),
        ("一丁镕".encode("gb18030"), "gb2312", "一丁镕"),
        ("고맙습니다".encode("cp949"), "ks_c_5601-1987", "고맙습니다"),
        ("テスト".encode("iso2022_jp"), "ISO-2022-JP", "テスト"),
        ("ツール名".encode("cp932"), "iso-2022-jp", "ツール名"),
        ("Привет".encode("koi8-r"), "KOI8-R", "Привет"),
        ("ŵŷ ☺ شكوى".encode(), "UTF8", "ŵŷ ☺ شكوى"),
        ("Über".encode("utf-7"), "unicode-1-1-utf-7", "Über"),
        (b"plain", "x-nope", "plain"),
        (b"uryyb", "rot13", "uryyb"),
        (b"6865", "hex", "6865"),
        (b"caf\xe9", "idna", "café"),
        (b"caf\xe9", "undefined", "café"),
        (b"caf\xe9", "utf-8\0", "café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "utf-8", "café"),
    ],
)
def test_bytes_are_read_as_they_were_meant(raw: bytes, label: str | None, text: str) -> None:
    assert decode(raw, label)[0] == text


def test_no_byte_is_without_a_character() -> None:
    assert len(decode_undeclared(bytes(range(256)))) == 256


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?Caf=C3=A9?=", "Café"),
        (b"=?utf-8?B?Q2Fmw6k=?= au lait", "Café au lait"),
        (b"=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?=", "Café"),
        (b"=?utf-8?B?Q2Fmw?= =?utf-8?B?6k=?=", "Café"),
        (b"=?utf-8?B?Q2Fmw6k?=", "Café"),
        (b"Re:=?iso-8859-1?Q?_=E9t=E9?=!", "Re: été!"),
        (b"=?x-nope?Q?caf=E9?=", "café"),
        (b"=?utf-8*en?Q?word?=", "word"),
        (b"=?gb2312?B?1MY=?=", "云"),
        (b"caf\xe9", "café"),
        (b"caf\xc3\xa9", "café"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"),
        (b"=?utf-8?X?what?=", "=?utf-8?X?what?="),
        (b"=?rot13?Q?uryyb?=", "uryyb"),
        (b"=?utf-8?Q?a_=3D=3F_b?=", "a =? b"),
        ("=?utf-8?Q?Grüße?=".encode(), "Grüße"),
    ],
)
def test_encoded_words_are_read_as_real_mail_writes_them(raw: bytes, text: str) -> None:
    assert decode_header(raw) == text


@pytest.mark.parametrize(
    "raw",
    [b"=?utf-8?q?" * 10_000, b"=?utf-8?q?a?= " * 8_000, b"=?" * 50_000, b"=?utf-8?b?YQ?= " * 7_000, b"=?q?q?" * 17_000],
)
def test_many_words_take_no_long_time(raw: bytes) -> None:
    began = time.process_time()
    decode_header(raw)

    assert time.process_time() - began < MUCH


def test_one_line_holds_nothing_that_could_end_or_turn_it() -> None:
    assert clean_line("a\r\n\r\nb\0c\u2028d\u202ee\ud800f\x85g") == "a b c d e f g"


def test_texts_keep_line_feeds_and_tabs_alone() -> None:
    assert clean_text("a\r\nb\rc\td\0e\u202ef\ud800") == "a\nb\nc\td e f "


@pytest.mark.parametrize(
    ("raw", "value", "parameters"),
    [
        (b"text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b'TEXT/Plain; Charset="utf-8" ; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        (b"text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"a/b; name*=UTF-8''%e2%82%ac.pdf; name=x", "a/b", {"name": "€.pdf"}),
        (b"a/b; name*0*=utf-8''a%20; name*1=b; name*2*=%2Epdf", "a/b", {"name": "a b.pdf"}),
        (b'a/b; name="=?utf-8?Q?=C3=A9.pdf?="', "a/b", {"name": "é.pdf"}),
        (b'a/b; name="a\\"b.pdf"', "a/b", {"name": 'a"b.pdf'}),
        (b"attachment; filename=my file.pdf", "attachment", {"filename": "my file.pdf"}),
        ('attachment; filename="Grüße.pdf"'.encode("latin-1"), "attachment", {"filename": "Grüße.pdf"}),
        (b'multipart/mixed; boundary="a=b;c"', "multipart/mixed", {"boundary": "a=b;c"}),
        (b"", "", {}),
    ],
)
def test_parameters_are_read_in_every_spelling(raw: bytes, value: str, parameters: dict[str, str]) -> None:
    assert read_parameters(raw) == (value, parameters)

"""Bytes to characters, as real mail labels them: wrongly, half, or not at all.

Promises: `decode` and `decode_undeclared` give text for any bytes under any label and never raise; only codecs on the
list below are ever used, so that a label such as `rot13`, `hex`, `idna` or `undefined` is no way in. What was odd is
told as the name of a defect. `clean_line` and `clean_text` leave nothing in a text that could end a header, hide a
character or be refused by a database.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Label as written (lower case, '-' for '_') to the codec that reads what is really sent under it: the wider one, as
# mail clients and browsers do. latin-1 and ascii are cp1252 because what Windows sends is.
_WIDER = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi-x3.4-1968": "cp1252",
    "ansi-x3.4-1986": "cp1252",
    "iso646-us": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-1-windows-3.1-latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-ir-100": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "windows-1252": "cp1252",
    "cp-1252": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb2312-80": "gb18030",
    "gb-2312-80": "gb18030",
    "euc-cn": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "cn-gb": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks-c-5601": "cp949",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601-1989": "cp949",
    "ksc5601": "cp949",
    "ksc-5601": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms-kanji": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "iso-2022-jp": "iso2022-jp-ext",
    "csiso2022jp": "iso2022-jp-ext",
    "iso-2022-jp-ms": "iso2022-jp-ext",
    "cp50220": "iso2022-jp-ext",
    "cp50221": "iso2022-jp-ext",
    "x-euc-jp": "euc-jp",
    "eucjp": "euc-jp",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "windows-874": "cp874",
    "cp-850": "cp850",
    "ibm-850": "cp850",
    "koi8": "koi8-r",
}
_TAKEN = frozenset(
    """ascii utf-8 utf-7 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le cp1250 cp1251 cp1252 cp1253 cp1254
    cp1255 cp1256 cp1257 cp1258 cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863
    cp864 cp865 cp866 cp869 cp874 cp932 cp949 cp950 cp1006 cp1026 cp1125 cp1140 iso8859-1 iso8859-2 iso8859-3
    iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14
    iso8859-15 iso8859-16 koi8-r koi8-u koi8-t kz1048 ptcp154 tis-620 mac-roman mac-cyrillic mac-greek mac-
    latin2 mac-iceland mac-turkish gb18030 gbk gb2312 hz big5 big5hkscs euc_jp euc_jis_2004 euc_jisx0213 euc_kr
    johab shift_jis shift_jis_2004 shift_jisx0213 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004
    iso2022_jp_3 iso2022_jp_ext iso2022_kr hp-roman8""".split()  # noqa: SIM905
)
# Labels under which utf-8 is often sent all the same: text that is valid utf-8 beyond ascii is almost never these.
_WESTERN = frozenset(("cp1252", "iso8859-15", "cp1254", "cp850", "mac-roman", "iso8859-2", "cp1250"))
_UNSAID = frozenset(("", "unknown", "unknown-8bit", "x-unknown", "8bit", "7bit", "none", "default", "utf", "us-ascii"))


def _as_cp1252(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read the bytes that the declared charset cannot hold as Windows would have meant them."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("complaintmail-cp1252", _as_cp1252)


@lru_cache(maxsize=256)
def codec_for(label: str) -> str | None:
    """The Python codec for a charset label, or None for a label that is unknown or not a charset."""
    asked = label.strip(" \t\"'<>").lower().partition("*")[0].replace("_", "-")
    if len(asked) > 60 or not asked.isascii():
        return None
    asked = _WIDER.get(asked, asked)
    for spelling in (asked, asked.removeprefix("x-"), asked.removeprefix("cs"), asked.replace("windows-", "cp")):
        try:
            found = codecs.lookup(spelling).name
        except (LookupError, ValueError):
            continue
        return found if found in _TAKEN else None
    return None


def decode(raw: bytes, label: str | None) -> tuple[str, str | None]:
    """Text of these bytes under this declared charset, and the defect to tell of it, if any."""
    if raw.isascii() and b"\x1b" not in raw and b"~" not in raw and b"+" not in raw and b"\x00" not in raw:
        return raw.decode("ascii"), None
    if label is None or label.lower().strip() in _UNSAID:
        text = decode_undeclared(raw)
        return text, None if raw.isascii() else "charset-undeclared"
    codec = codec_for(label)
    if codec is None:
        return decode_undeclared(raw), "charset-unknown"
    if codec in _WESTERN and not raw.isascii():
        try:
            return raw.decode("utf-8"), "charset-wrong"
        except UnicodeDecodeError:
            pass
    if codec == "utf-8" and raw.startswith(codecs.BOM_UTF8):
        raw = raw[3:]
    try:
        return raw.decode(codec), None
    except (UnicodeError, ValueError, LookupError):
        return _decode_broken(raw, codec)


def _decode_broken(raw: bytes, codec: str) -> tuple[str, str]:
    """The declared charset does not hold all of it: utf-8 if that does, else what can be had."""
    if codec != "utf-8":
        if codec == "cp1252":
            return raw.decode("cp1252", "complaintmail-latin1"), "charset-wrong"
        for other in ("utf-8", "cp932", "euc_jp") if codec.startswith("iso2022_jp") else ("utf-8",):
            try:
                text = raw.decode(other)
            except UnicodeDecodeError:
                continue
            if other == "utf-8" or sum(not char.isascii() for char in text) > 2:  # one or two prove nothing
                return text, "charset-wrong"
        try:
            return raw.decode(codec, "replace"), "charset-broken"
        except (UnicodeError, ValueError, LookupError):
            return decode_undeclared(raw), "charset-broken"
    return raw.decode("utf-8", "complaintmail-cp1252"), "charset-broken"


def _as_latin1(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("complaintmail-latin1", _as_latin1)


def decode_undeclared(raw: bytes) -> str:
    """Text of bytes that nobody labelled: utf-8, else what Windows sends, else latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "complaintmail-latin1")


# C0, C1, line and paragraph separators, bidirectional controls, lone surrogates, noncharacters: none of them may
# stand in one line of text that goes into a header, a log or a table.
_NOT_IN_LINES = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
# In texts LF and TAB stay, and the marks that right-to-left writing needs; overrides, which only deceive, do not.
_NOT_IN_TEXTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean_line(text: str) -> str:
    """One printable line: every run of control characters is one space, and none at the ends."""
    if text.isprintable():
        return text.strip()
    return _NOT_IN_LINES.sub(" ", text).strip()


def clean_text(text: str) -> str:
    """Printable text with LF line ends; control characters other than LF and TAB are spaces."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\ufeff", "")
    return _NOT_IN_TEXTS.sub(" ", text)

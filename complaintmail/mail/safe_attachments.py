"""Which attachments may be sent on to staff as they are, and which links in a text lead to files that will not last.

Owns the reasons, in plain words. Promises to look at names, types, sizes and first bytes only; nothing is opened or
fetched. What can act by itself, hides others, or is not what its name says is not sent on. It is no virus scanner.
Linear time, never fails.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read and reviewed as running text
import re

LARGEST = 10 * 1024 * 1024
HEAD = 4096  # bytes of the beginning that `judge` wants to see

_ACTIVE = {
    extension: what
    for extensions, what in (
        ("html htm xhtml shtml mht mhtml hta xht", "It is a web page, which can run programs when it is opened."),
        ("svg svgz", "It is a picture of a kind (SVG) that can run programs when it is opened."),
        (
            "exe com scr pif cpl msi msp msix appx dll sys drv bat cmd sh bash run bin app dmg pkg deb rpm apk jar "
            "jnlp "
            "gadget xll ocx",
            "It is a program.",
        ),
        (
            "js jse mjs vbs vbe wsf wsh wsc sct ps1 psm1 psd1 ps1xml py pyw pl rb php phtml pht phar asp aspx jsp cgi "
            "htc "
            "reg inf ade adp mde scf application hlp chm msc xsl xslt swf",
            "It is a script, which can run when it is opened.",
        ),
        ("lnk url website webloc desktop library-ms searchconnector-ms settingcontent-ms theme",
         "It is a shortcut, which can start something else."),
        ("iso img vhd vhdx udf toast", "It is a disk image, which hides what it holds."),
        (
            "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm accdb accde mdb one onepkg slk iqy oqy rqy odc",
            "It is an office document that can hold macros, which are programs.",
        ),
        (
            "zip rar 7z gz tgz bz2 tbz xz txz tar cab arj lzh lha z zst lz br zipx s7z r00 001 uue",
            "It is an archive: what is inside cannot be seen from outside.",
        ),
        ("eml msg mht oft emlx", "It is a mail with possible attachments of its own."),
    )
    for extension in extensions.split()
}  # fmt: skip
_ACTIVE_TYPES = {
    "text/html": "html", "application/xhtml+xml": "html", "image/svg+xml": "svg", "application/javascript": "js",
    "text/javascript": "js", "application/x-javascript": "js", "application/x-msdownload": "exe",
    "application/x-msdos-program": "exe",
    "application/x-dosexec": "exe",
    "application/vnd.microsoft.portable-executable": "exe", "application/x-sh": "sh",
    "application/hta": "hta", "application/x-ms-shortcut": "lnk",
    "application/x-iso9660-image": "iso", "application/zip": "zip", "application/x-zip-compressed": "zip",
    "application/x-rar-compressed": "rar", "application/vnd.rar": "rar", "application/x-7z-compressed": "7z",
    "application/gzip": "gz", "application/x-tar": "tar", "message/rfc822": "eml", "message/global": "eml",
    "application/vnd.ms-outlook": "msg", "application/java-archive": "jar", "application/x-shockwave-flash": "swf",
    "application/vnd.android.package-archive": "apk", "application/vnd.ms-word.document.macroenabled.12": "docm",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": "pptm",
}  # fmt: skip
_HARMLESS = frozenset(
    "pdf jpg jpeg png gif bmp tif tiff heic heif webp txt csv rtf doc docx odt xls xlsx ods ppt pptx odp vcf ics "
    "mp3 m4a "
    "wav ogg mp4 mov avi mpg mpeg 3gp webm amr pages numbers key xml json log md asc p7s sig pgp".split()
)
# The first bytes of a file, and the family that they tell.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "exe"), (b"\x7fELF", "exe"), (b"\xca\xfe\xba\xbe", "exe"), (b"\xcf\xfa\xed\xfe", "exe"), (b"#!", "sh"),
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"), (b"MSCF", "cab"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    (b"%PDF", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n", "png"), (b"GIF8", "gif"), (b"RIFF", "riff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"{\\rtf", "rtf"), (b"II*\x00", "tif"), (b"MM\x00*", "tif"),
    (b"ID3", "mp3"), (b"OggS", "ogg"), (b"BEGIN:VC", "text"), (b"FWS", "swf"), (b"CWS", "swf"),
)  # fmt: skip
_FAMILY = {
    "pdf": {"pdf"}, "jpg": {"jpg"}, "jpeg": {"jpg"}, "png": {"png"}, "gif": {"gif"}, "tif": {"tif"}, "tiff": {"tif"},
    "docx": {"zip", "ole"}, "xlsx": {"zip", "ole"}, "pptx": {"zip", "ole"}, "odt": {"zip"}, "ods": {"zip"},
    "odp": {"zip"}, "doc": {"ole", "rtf", "zip"}, "xls": {"ole", "zip"}, "ppt": {"ole", "zip"}, "rtf": {"rtf"},
    "pages": {"zip"}, "numbers": {"zip"}, "key": {"zip"}, "webp": {"riff"}, "wav": {"riff"}, "avi": {"riff"},
    "mp3": {"mp3"}, "ogg": {"ogg"},
}  # fmt: skip
_PICTURES = frozenset("jpg jpeg png gif tif tiff webp heic heif bmp".split())
_ARCHIVES = frozenset(("zip", "rar", "7z", "gz", "bz2", "xz", "cab"))
_SAID = {
    "exe": "a program", "sh": "a script", "lnk": "a shortcut", "swf": "a program", "html": "a web page", "pdf": "a PDF",
    "ole": "an old office document",
} | dict.fromkeys(_ARCHIVES, "an archive")  # fmt: skip
_RUNS = frozenset(("exe", "sh", "lnk", "swf", "html"))
_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s{0,200}(?:<!--.{0,200}?-->\s{0,20})?"
    rb"<(?:!doctype html|html|script|svg|body|head|iframe)\b",
    re.I | re.S,
)
_MACROS = (b"vbaProject.bin", b"VBA_PROJECT", b"_VBA_PROJECT", b"V\x00B\x00A\x00_\x00P\x00R\x00O\x00J\x00E\x00C\x00T")
_TEST_VIRUS = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f]")
_LINK = re.compile(r"https?://[^\s<>\"'\]()]+", re.I)
_SERVICES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"https?://(?:[\w-]+\.){{0,4}}(?:{host})", re.I))
    for name, host in (
        ("WeTransfer", r"wetransfer\.com/|we\.tl/"),
        ("Google Photos", r"photos\.google\.com/|photos\.app\.goo\.gl/"),
        ("Google Drive", r"(?:drive|docs)\.google\.com/"),
        ("iCloud Mail Drop", r"icloud\.com/attachment"),
        (
            "iCloud",
            r"icloud\.com/(?:iclouddrive|photos|sharedalbum|share|[a-z-]{0,10}/?photos|.{0,3}#)|"
            r"share\.icloud\.com/",
        ),
        ("Dropbox", r"(?:dropbox\.com|db\.tt|dropboxusercontent\.com)/"),
        ("OneDrive", r"1drv\.ms/|onedrive\.live\.com/"),
        ("SharePoint", r"sharepoint\.com/"),
        ("Box", r"box\.com/(?:s|v|shared)/"),
        ("MEGA", r"mega\.nz/"),
        ("Smash", r"fromsmash\.com/"),
        ("pCloud", r"pcloud\.(?:link|com)/"),
        ("MediaFire", r"mediafire\.com/"),
        ("SwissTransfer", r"swisstransfer\.com/d/"),
        ("TransferNow", r"transfernow\.net/"),
        ("Amazon Photos", r"amazon\.[a-z.]{2,6}/photos/"),
        ("a store of files", r"s3[\w.-]{0,30}\.amazonaws\.com/[^\s]{0,300}x-amz-expires"),
    )
)
_MOST_LINKS = 100


def judge(name: str, type: str, size: int, head: bytes, *, limit: int = LARGEST) -> str | None:
    """Why this attachment is not sent on to staff; None when it may be. `head`: its first bytes, up to 4 KB."""
    kind = type.partition(";")[0].strip().lower()
    extensions = _extensions(name)
    last = extensions[-1] if extensions else ""
    if _TEST_VIRUS in head:
        return "It carries a test virus."
    if _INVISIBLE.search(name):
        return "Its name holds characters that nobody sees, which hide what it is."
    if last in _ACTIVE:
        if len(extensions) > 1 and extensions[-2] in _HARMLESS and _ACTIVE[last] is not _ACTIVE["zip"]:
            return f"Its name looks like a {extensions[-2].upper()}, but ends in “.{last}”. {_ACTIVE[last]}"
        return _ACTIVE[last]
    if kind in _ACTIVE_TYPES:
        return _ACTIVE[_ACTIVE_TYPES[kind]]
    if (reason := _not_what_it_says(last, kind, head)) is not None:
        return reason
    if any(mark in head for mark in _MACROS):
        return _ACTIVE["docm"]
    if size > limit:
        return f"It is large ({_megabytes(size)}; at most {_megabytes(limit)} are sent on)."
    return None


def cloud_links(text: str) -> tuple[tuple[str, str], ...]:
    """Each link to a file kept elsewhere, with the name of the service: it may expire, or ask for a login."""
    found: dict[str, str] = {}
    for match in _LINK.finditer(text):
        link = match[0].rstrip(".,;:!?*_”’")
        if link in found:
            continue
        for service, pattern in _SERVICES:
            if pattern.match(link[:2000]):
                found[link] = service
                break
        if len(found) >= _MOST_LINKS:
            break
    return tuple(found.items())


def _extensions(name: str) -> list[str]:
    """What stands behind the dots of a name, in lower case, blanks and dots at its end aside."""
    bare = name.strip().rstrip(". \u00a0").lower()
    return [part.strip() for part in bare.split(".")[1:][-4:]]


def _not_what_it_says(last: str, kind: str, head: bytes) -> str | None:
    """Do the first bytes tell something that runs, or another kind than the name does?"""
    found = _told_by_bytes(head)
    if not found:
        return None
    if found in _RUNS and not (found == "sh" and last in ("txt", "log", "md", "csv")):
        return f"It is {_SAID[found]}, whatever its name says."
    expected = _FAMILY.get(last)
    if expected is None:
        if not last or last not in _HARMLESS:
            return _ACTIVE["zip"] if found in _ARCHIVES else None
        if found in _ARCHIVES or found == "ole":
            return f"Its name says {last.upper()}, but it is {_SAID[found]}."
        return None
    if found in expected or (last in _PICTURES and found in ("jpg", "png", "gif", "tif", "riff")):
        return None
    return f"Its name says {last.upper()}, but it is {_SAID.get(found, 'something else')}."


def _told_by_bytes(head: bytes) -> str:
    if _HTML.match(head[:1000]):
        return "html"
    family = next((family for magic, family in _MAGIC if head.startswith(magic)), "")
    if family == "exe" and head[:2] == b"MZ" and not (b"\x00" in head[:64] or b"PE\x00\x00" in head):
        return ""  # a text that begins with these two letters
    return family


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"

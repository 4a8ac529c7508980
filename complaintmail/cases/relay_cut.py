"""What must not leave with a staff member's answer: tokens, colleagues' addresses, tracking.

Owns the cutting, line by line. Promises: whatever it is given, no token and no staff address is left in what it gives
back; ordinary links, phone numbers, names and titles stay; text without any of these comes back as it was. Linear time.
It tells what it took out in the writer's words. Never fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = re.compile(r"cm(?:-|%2d)[a-z2-7]{40,}", re.I)
_WRAPPED = re.compile(r"(cm(?:-|%2d)[a-z2-7]{6,39})=?[ \t]*\n[> \t]*([a-z2-7]{1,60})", re.I)
_AFTER_HYPHEN = re.compile(r"(cm(?:-|%2d))(?: |=?[ \t]{0,8}\r?\n[> \t]{0,40})(?=[a-z2-7]{40})", re.I)
_ID = re.compile(r"<cm\.[^\s<>]{3,900}>|(?<![\w.])cm\.[a-z0-9_-]+\.[a-z0-9_-]{12,}[^\s<>@]{0,100}@[\w.-]{1,200}", re.I)
_ID_LABEL = re.compile(r"^[>\s]*(?:message-id|in-reply-to|references)\s*:\s*$", re.I)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"\]]+", re.I)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)*", re.I)
_GLUED = re.compile(r"((?:@|%40)[\w.-]+?)(?=https?:|www\.|mailto:|(?:Tel|Mob|[TMW])\s?:)")
_GLUED_WORD = re.compile(r"[^\W\d_]{2,}")
_QUOTE = "'"
_PICTURE = re.compile(r"\[(?:image|inline image|cid|bild|delwedd|logo)\s?[:#][^\]\n]{0,300}\]|<cid:[^>\n]{0,300}>|"
                      r"\[image removed[^\]\n]{0,200}\]|"
                      r"\[https?://[^\]\s]{1,1000}\.(?:png|gif|jpe?g|bmp|"
                      r"svg)(?:\?[^\]\s]{0,500})?\]", re.I)  # fmt: skip
_PIXEL = re.compile(
    r"pixel|beacon|1x1\.|spacer\.gif|blank\.gif|/o\.gif|\.gif\?|/wf/open|/e2t/o/|/track(?:ing)?/(?:open|o)\b|"
    r"/open\.(?:php|aspx?|gif)|/open[/?][^\s]{16,}|//(?:track|trk|t|open|o)\.[^/\s]+/(?:open|o|p|track)\b|mailtrack|"
    r"read-?receipt",
    re.I,
)
_LABEL_ONLY = re.compile(
    r"^[\s>*|•·-]*(?:(?:e-?mail|e-?bost|mail|e|email address|courriel|correo)\s?[:.]?\s*)?[\s*|•·<>()\[\].,:-]*$", re.I
)
_LOOSE_END = re.compile(r"(?:[|•·]\s*)?\b(?:e-?mail|e-?bost|mail|e)\s?:\s*(?=[|•·]|$)|[|•·]\s*(?=[|•·]|$)", re.I)
_OWN_WRAP = re.compile(r"(?P<shown>[^\s<>\[\]()]+@[^\s<>\[\]()]+)\s?[<\[(]\s?(?:mailto:)?(?P=shown)\s?[>\])]", re.I)
_INK = re.compile(r"[^\s>*|•·<>()\[\].,:-]")
_PROSE = 5  # as many other words make a line a sentence, which must stay one


def cut(text: str, writer_name: str, staff: Mapping[str, str], mailbox: str) -> tuple[str, tuple[str, ...]]:
    """The text as it may leave, and what was taken out of it."""
    cutting = _Cutting(writer_name, staff, mailbox)
    return cutting.done(text), tuple(cutting.told)


class _Cutting:
    """One text. `told` holds, each once and in order, what was taken out."""

    def __init__(self, writer_name: str, staff: Mapping[str, str], mailbox: str) -> None:
        self.writer = writer_name.strip().lower()
        self.staff = {address.strip().lower(): name for address, name in staff.items()}
        self.domains = {address.partition("@")[2] for address in self.staff} - {""}
        self.mailbox = mailbox
        self.stands = False
        self.told: dict[str, None] = {}

    def done(self, text: str) -> str:
        text = _WRAPPED.sub(self._joined, _AFTER_HYPHEN.sub(r"\1", text))
        self.staff.pop(self.mailbox.lower(), None)
        self.stands = self.mailbox.lower() in text.lower()
        kept: list[str] = []
        for line in text.split("\n"):
            now = self._line(line)
            if now is None or (now != line and not _INK.search(now)):
                continue
            if not now.strip() and kept[-1:] == [""] and line.strip() != "":
                continue
            kept.append(now.rstrip() if now != line else line)
        return "\n".join(kept).strip("\n").rstrip()

    def _joined(self, found: re.Match[str]) -> str:
        """A token that a mail program wrapped is put together again, to be found."""
        whole = found[1] + found[2]
        return whole + "\n" if TOKEN.fullmatch(whole) else found[0]

    def _line(self, line: str) -> str | None:
        """This line without what must stay here; None when nothing of it is left."""
        low = line.lower()
        now = line
        if "[" in low or "<cid:" in low:
            now = self._without(_PICTURE, now, "a picture's place-holder")
        if "http" in low or "mailto:" in low:
            now = _LINK.sub(self._link, now)
        if "cm-" in low or "cm%2d" in low or "cm." in low:
            now = self._tokens(now)
        if "@" in now or "%40" in now:
            now = self._addresses(now)
        if now == line:
            return line
        now = re.sub(r"<\s{0,9}>|\(\s{0,9}\)|\[\s{0,9}\]", "", now)
        if _ID_LABEL.match(now) or (len(now) < 500 and _LABEL_ONLY.match(now)):
            return None
        return _LOOSE_END.sub("", now) if len(now) < 500 else now

    def _without(self, pattern: re.Pattern[str], line: str, what: str) -> str:
        now = pattern.sub("", line)
        if now != line:
            self.told.setdefault(what)
        return now

    def _link(self, found: re.Match[str]) -> str:
        link = found[0]
        if TOKEN.search(unquote(link)):
            self.told.setdefault("a link of ours that was meant for you alone")
            return ""
        if link[:7].lower() == "mailto:":
            return link
        bare = unwrapped(link)
        if bare != link:
            self.told.setdefault("a mail filter's wrapping of a link, which can name its reader")
            if TOKEN.search(unquote(bare)):
                return ""
        if _PIXEL.search(bare[:2000]):
            self.told.setdefault("a link that tells when a mail is opened")
            return ""
        return bare

    def _tokens(self, line: str) -> str:
        """Whole words that hold a token; and a line that was a link to act on, but for its label."""
        now = self._without(_ID, line, "the number of a notice to you")
        if not TOKEN.search(now):
            return now
        self.told.setdefault("a link of ours that was meant for you alone")
        return " ".join("" if TOKEN.search(word) else word for word in now.split(" "))

    def _addresses(self, line: str) -> str:
        apart = _GLUED.sub(r"\1 ", line)
        if not any(self._whose(found[0]) is not None for found in _ADDRESS.finditer(apart)):
            return line
        line = apart
        line = _OWN_WRAP.sub(lambda found: found["shown"], line) if len(line) < 2000 else line
        others = len(re.findall(r"[^\W\d_]{2,}", _ADDRESS.sub("", line[:2000])))
        prose = others >= _PROSE and "|" not in line and not re.match(r"\W*e-?(?:mail)?\s?:", line, re.I)

        def instead(found: re.Match[str]) -> str:
            whose = self._whose(found[0])
            if whose is None:
                return found[0]
            name, rest = whose
            own = bool(self.writer) and name.strip().lower() == self.writer
            self.told.setdefault("your own address" if own else f"the address of {name.strip() or 'a colleague'}")
            if self.stands and not prose:
                return rest
            self.stands = True
            return f"{self.mailbox} {rest}".rstrip()

        now = _ADDRESS.sub(instead, line)
        return re.sub(r"<?mailto:(?=[\s>]|$)>?", "", now, flags=re.I)

    def _whose(self, address: str) -> tuple[str, str] | None:
        """The name of the staff member with this address, its tag (jane+x@…) aside, and a word that a mail program
        glued to it; None: nobody's."""
        local, _, domain = address.replace("%40", "@").partition("@")
        ends = [domain.lower()]
        ends += [one for one in self.domains if domain.lower().startswith(one) and _GLUED_WORD.match(domain, len(one))]
        for end in ends:
            for one in (local, local.partition("+")[0]):
                if (name := self.staff.get(f"{one.lower().strip(_QUOTE)}@{end}")) is not None:
                    return name, domain[len(end) :]
        return None


def unwrapped(link: str) -> str:
    """The link that a mail filter hid behind its own; else the link itself."""
    low = link[:300].lower()
    try:
        if "safelinks.protection.outlook.com" in low:
            target = parse_qs(urlsplit(link.replace("&amp;", "&")).query).get("url", [""])[0]
            return target if target[:4].lower() == "http" else link
        if "urldefense.com/v3/__" in low:
            target = link.partition("/v3/__")[2].partition("__;")[0]
            return target if target[:4].lower() == "http" else link
    except ValueError:
        return link
    return link

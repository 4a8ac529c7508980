"""HTML to readable text: blocks, lists, table rows, quotations as '> ' lines, what is hidden left out.

Promises: takes any string, never raises, never fetches anything, and stays near linear: at most 1 MB is looked at, and
HTML nested so deeply that a parser would crawl is stripped of its tags by simpler means. `texts` gives the whole and,
where a client marked a quotation, what is left without it.
"""

from __future__ import annotations

import html as entities
import re
from typing import Any

from complaintmail.mail.charsets import clean_text
from complaintmail.mail.html_lines import Lines
from complaintmail.mail.html_quotes import cut_quotations, may_hold_quotation

LARGEST = 1024 * 1024
DEEPEST = 800
LONGEST_LINK = 120

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
_NO_DEPTH = frozenset(
    """p li td th tr tbody thead tfoot option optgroup dd dt br hr img meta link input base col area wbr source track
    embed param body html head o:p""".split()  # noqa: SIM905
)
_DROPPED = frozenset(
    """script style head title template noframes noembed object embed iframe applet svg math video audio canvas select
    datalist button -comment""".split()  # noqa: SIM905
)
_LINES = frozenset(
    """div section article header footer main nav aside address center form fieldset figure figcaption details summary
    dl dt dd tr caption thead tbody tfoot legend body html""".split()  # noqa: SIM905
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 table ul ol menu dir pre listing xmp".split())  # noqa: SIM905
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0\s*(?:;|$)")
_FONT_SIZE = re.compile(r"font-size\s*:\s*([0-9.]+)")
_SCHEME = re.compile(r"(?:https?://)?(?:www\.)?", re.I)


def html_to_text(html: str) -> str:
    """The text a reader would see."""
    return texts(html, quotations=False)[0]


def new_html(html: str, forwarded: bool = False) -> str | None:
    """The HTML without what a mail client marked as quotation; None when nothing was cut.

    `forwarded`: the mail is passed on to us (by its subject), so the block under 'From: Sent: To:' is its content.
    """
    html = html[:LARGEST]
    if not may_hold_quotation(html) or _too_deep(html):
        return None
    tree = _parsed(html)
    if tree is None or not cut_quotations(tree, forwarded):
        return None
    return str(tree.html)


def texts(html: str, quotations: bool = True, forwarded: bool = False) -> tuple[str, str | None]:
    """The whole as text and, if `quotations` are to be looked for and one is marked, the text without it."""
    html = html[:LARGEST]
    if _too_deep(html):
        return _stripped(html), None
    tree = _parsed(html)
    if tree is None:
        return _stripped(html), None
    whole = _text_of(tree)
    if not quotations or not may_hold_quotation(html) or not cut_quotations(tree, forwarded):
        return whole, None
    return whole, _text_of(tree)


def _parsed(html: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser  # 10 ms to load, and most mail has a plain text

    try:
        return LexborHTMLParser(html.replace("\x00", " "))
    except Exception:  # the library raises its own and ValueError; the text is had by other means
        return None


def _too_deep(html: str) -> bool:
    if html.count("<") < DEEPEST:
        return False
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() in _NO_DEPTH:
            continue
        if tag[1]:
            depth = max(depth - 1, 0)
        else:
            depth += 1
            if depth > DEEPEST:
                return True
    return False


def _text_of(tree: Any) -> str:
    """Walk the tree without recursion: each open element waits on the stack with what is to be done at its end."""
    root = tree.root if tree.body is None else tree.body
    lines = Lines()
    if root is None:
        return ""
    stack: list[tuple[Any, str, bool, bool, str]] = []  # node, tag, preformatted, invisible, href
    root_id = root.mem_id
    node, pre, unseen = root, False, False
    while True:
        tag = node.tag
        if tag == "-text":
            if not unseen:
                lines.add(node.text_content or "", pre)
        elif tag and tag not in _DROPPED:
            if tag == "p" and "Mso" in (node.attributes.get("class") or ""):
                tag = "div"  # in Outlook a paragraph is a line
            inner_pre, inner_unseen, href, hidden = _open(node, tag, pre, unseen, lines)
            child = None if hidden else node.child
            if not hidden:
                if child is not None:
                    stack.append((node, tag, pre, unseen, href))
                    node, pre, unseen = child, inner_pre, inner_unseen
                    continue
                _close(tag, href, lines, False)
        following = node.next
        while following is None:
            if not stack:
                return clean_text(lines.text())
            node, tag, pre, unseen, href = stack.pop()
            _close(tag, href, lines, unseen)
            if node.mem_id == root_id:
                return clean_text(lines.text())
            following = node.next
        node = following


def _open(node: Any, tag: str, pre: bool, unseen: bool, lines: Lines) -> tuple[bool, bool, str, bool]:
    """Begin an element: whether its text is preformatted, unseen, where it links to, and whether it is hidden."""
    if tag == "br":
        lines.end_line()
        return pre, unseen, "", True
    attributes = node.attributes
    style = (attributes.get("style") or "").lower() if attributes else ""
    if (style and _HIDDEN.search(style)) or (attributes and "hidden" in attributes):
        return pre, unseen, "", True
    if style and (size := _FONT_SIZE.search(style)):
        unseen = not float("0" + size[1].partition(".")[0] or "0") and not size[1].strip("0.")
    href = ""
    if tag == "a":
        href = attributes.get("href") or ""
        lines.mark_link()
    elif tag in _LINES:
        lines.begin_block()
    elif tag in _PARAGRAPHS:
        lines.begin_paragraph()
        if tag in ("ul", "ol", "menu", "dir"):
            lines.begin_list(tag == "ol")
    elif tag == "li":
        lines.begin_item()
    elif tag in ("td", "th"):
        lines.begin_cell()
    elif tag == "blockquote":
        lines.begin_quotation()
    elif tag == "hr":
        lines.rule()
    elif tag == "img":
        alt = attributes.get("alt") or ""
        if alt and len(alt) <= 8 and not alt.isascii():
            lines.add(alt, False)  # an emoji drawn as a picture
    pre = pre or tag in ("pre", "listing", "xmp", "textarea") or "white-space:pre" in style.replace(" ", "")
    return pre, unseen, href, False


def _close(tag: str, href: str, lines: Lines, unseen: bool) -> None:
    if tag == "a":
        if href and not unseen:
            lines.end_link(_worth_showing(href, lines.linked()))
    elif tag in _PARAGRAPHS:
        if tag in ("ul", "ol", "menu", "dir"):
            lines.end_list()
        lines.end_paragraph()
    elif tag in _LINES or tag == "li":
        lines.begin_block()
    elif tag == "blockquote":
        lines.end_quotation()


def _worth_showing(href: str, text: str) -> str:
    """The address of a link, when it is short and says more than its text does."""
    href = href.strip()
    shown = text.strip()
    if len(href) > LONGEST_LINK or not shown:
        return ""
    if href[:7].lower() == "mailto:":
        address = entities.unescape(href[7:].partition("?")[0])
        return "" if not address or address.lower() in shown.lower() else f" <{address}>"
    if href[:4].lower() != "http":
        return ""
    bare = _SCHEME.sub("", href, count=1).rstrip("/").lower()
    if not bare or bare in shown.lower() or _SCHEME.sub("", shown, count=1).rstrip("/").lower() in (bare, ""):
        return ""
    return f" <{href}>"


def _stripped(html: str) -> str:
    """Text of HTML that no parser should be given: tags out, some of them as line breaks, in one pass."""
    pieces: list[str] = []
    at, length = 0, len(html)
    while at < length:
        begin = html.find("<", at)
        if begin < 0:
            pieces.append(html[at:])
            break
        pieces.append(html[at:begin])
        if html.startswith("<!--", begin):
            end = html.find("-->", begin + 4)
            at = length if end < 0 else end + 3
            continue
        tag = _TAG.match(html, begin)
        if tag is None:
            pieces.append("<")
            at = begin + 1
            continue
        end = html.find(">", tag.end())
        at = length if end < 0 else end + 1
        name = tag[2].lower()
        if name in ("script", "style", "head", "title") and not tag[1]:
            close = re.compile(f"</{name}", re.I).search(html, at)
            if close:
                end = html.find(">", close.end())
                at = length if end < 0 else end + 1
            elif name != "head":
                at = length
        elif name == "br" or name in _LINES or name in _PARAGRAPHS or name == "blockquote":
            pieces.append("\n")
        elif name in ("td", "th"):
            pieces.append(" ")
    text = clean_text(entities.unescape("".join(pieces)))
    kept: list[str] = []
    for line in text.split("\n"):
        bare = " ".join(line.split())
        if bare or (kept and kept[-1]):
            kept.append(bare)
    return "\n".join(kept).strip()

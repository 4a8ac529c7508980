"""What mail clients mark as quotation in HTML, cut out of a parsed tree.

Promises: conservative. Cuts only what a client itself marked; keeps what is forwarded, what was written between or
below quotations, and everything when little or nothing would be left or when the writer points into the quotation
("see my answers below").
"""

from __future__ import annotations

import re
from typing import Any

# Looked for one by one: several times faster than one pattern of them all, and most HTML has none.
_MARKS = (
    "gmail_quote", "cite", "divrplyfwdmsg", "appendonsend", "yahoo_quoted", "border-top", "olk_src_body_section",
    "protonmail_quote", "tutanota_quote", "mail-editor-reference-message", "ms-outlook-mobile-reference",
    "outlookmessageheader", "quote", "zwchr", "reply-intro",
)  # fmt: skip
# Whole elements that hold nothing but what is quoted.
_QUOTATIONS = (
    'blockquote[type="cite"], blockquote.gmail_quote, .gmail_quote blockquote, .gmail_attr, .yahoo_quoted, '
    ".moz-cite-prefix, #OLK_SRC_BODY_SECTION, .protonmail_quote, .tutanota_quote, #reply-intro, "
    '#mail-editor-reference-message-container, .ms-outlook-mobile-reference-message, div[name="quote"], '
    ".front-blockquote"
)
# Elements after which the quotation follows, to the end of their parent.
_HEADERS = '#divRplyFwdMsg, #zwchr, .OutlookMessageHeader, div[style*="border-top"]'
_FORWARDED = re.compile(
    r"(?:-{3,}\s*|^\W*)(?:begin )?(?:forwarded (?:message|by)|weitergeleitete nachricht|message transf[eé]r|"
    r"mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|fwd message)",
    re.I,
)
_LABELS = re.compile(
    r"(?:^|[\n\r>*])[ \t\xa0]*(?:from|von|de|da|van|fra|från|od|sent|date|gesendet|datum|envoy[ée]|inviato|data|"
    r"verzonden|enviado|fecha|dato|skickat|sendt|wys[łl]ano|to|an|[àa]|aan|para|till|til|do|cc|subject|betreff|objet|oggetto|"
    r"asunto|assunto|onderwerp|emne|[äa]mne|temat)[ \t\xa0]*:",
    re.I,
)
_POINTS_BELOW = re.compile(
    r"\b(?:below|inline|in[- ]?line|in (?:red|blue|green|bold|capitals|caps)|between the lines|underneath|"
    r"unten|ci-dessous|en rouge|abajo|sotto|hieronder)\b",
    re.I,
)
_LEAST = 2


def may_hold_quotation(html: str) -> bool:
    small = html.lower()
    return any(mark in small for mark in _MARKS)


def cut_quotations(tree: Any, forwarded: bool = False) -> bool:
    """Cut marked quotations out of the tree. False when there are none, or when it is better to keep them."""
    body = tree.body
    if body is None:
        return False
    doomed = [node for node in body.css(_QUOTATIONS) if not _is_forward(node)]
    starts = [] if forwarded else [node for node in body.css(_HEADERS) if _is_header(node)]
    if not doomed and not starts:
        return False
    left = _left_without(body, doomed, starts)
    if len(left) < _LEAST or (len(left) < 400 and _POINTS_BELOW.search(left)):
        return False
    for node in doomed:
        if _attached(node, body):
            node.decompose()
    for node in starts:
        if _attached(node, body):
            _cut_from(node)
    return True


def _left_without(body: Any, doomed: list[Any], starts: list[Any]) -> str:
    """The text that would be left, found on the tree before anything is cut."""
    gone = {node.mem_id for node in doomed}
    for start in starts:
        node = _outermost(start)
        while node is not None:
            gone.add(node.mem_id)
            node = node.next
    pieces: list[str] = []
    stack = [body]
    while stack:
        node = stack.pop()
        if node.mem_id in gone or node.tag in ("script", "style", "head", "title"):
            continue
        if node.tag == "-text":
            pieces.append(node.text_content or "")
            continue
        children = []
        child = node.child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))
    return " ".join(" ".join(pieces).replace("\xa0", " ").split())


def _is_forward(node: Any) -> bool:
    """A quotation that begins as a forwarded mail, or stands under the line that says so, is content."""
    if _FORWARDED.search((node.text() or "")[:300].strip()):
        return True
    holder = node.parent
    for _ in range(3):
        if holder is None or holder.tag == "body":
            break
        if "gmail_quote" in (holder.attributes.get("class") or "") and _FORWARDED.search((holder.text() or "")[:300]):
            return True
        holder = holder.parent
    before = node.prev
    for _ in range(4):
        if before is None:
            return False
        text = (before.text() if before.tag != "-text" else before.text_content or "").strip()
        if text:
            return _FORWARDED.search(text[-300:]) is not None
        before = before.prev
    return False


def _is_header(node: Any) -> bool:
    """Is this the 'From: Sent: To: Subject:' block that Outlook puts over what is quoted?"""
    style = (node.attributes.get("style") or "").lower()
    if "border-top" in style and "solid" not in style:
        return False
    text = node.text(separator="\n") or ""
    if len(text) > 4000:
        return False
    return node.attributes.get("id") == "zwchr" or len(_LABELS.findall("\n" + text)) >= 3


def _outermost(node: Any) -> Any:
    """The element itself, or the wrapper of which it is the only content."""
    parent = node.parent
    while parent is not None and parent.tag == "div" and (parent.text() or "").strip() == (node.text() or "").strip():
        node, parent = parent, parent.parent
    return node


def _cut_from(node: Any) -> None:
    node = _outermost(node)
    before = node.prev
    while before is not None and (before.tag == "hr" or (before.tag == "-text" and not before.text_content.strip())):
        earlier = before.prev
        if before.tag == "hr":
            before.decompose()
            break
        before = earlier
    while node is not None:
        following = node.next
        node.decompose()
        node = following


def _attached(node: Any, body: Any) -> bool:
    """Is this node still in the tree? One inside a quotation already cut is not."""
    body_id = body.mem_id
    while node is not None:
        if node.mem_id == body_id:
            return True
        node = node.parent
    return False

"""The machine-readable parts of a mail, read into a `Report`.

Promises: never raises; blocks and headers are clean, at most 100 KB of each part is looked at. `report_of` is None for
a mail without such parts, which is nearly all of them, and costs nothing then.
"""

from __future__ import annotations

from complaintmail.mail import headers
from complaintmail.mail.parts import Part, Walk
from complaintmail.mail.report import Fields, Report, ReportPart
from complaintmail.mail.words import decode_header

_BLOCKS = frozenset(
    """message/delivery-status message/global-delivery-status message/disposition-notification
    message/global-disposition-notification message/feedback-report""".split()  # noqa: SIM905
)
_RETURNED = frozenset(
    "message/rfc822 message/global message/rfc822-headers text/rfc822-headers message/global-headers".split()  # noqa: SIM905
)
_MOST = 100 * 1024
_MOST_BLOCKS = 500


def report_of(walk: Walk, human_text: str) -> Report | None:
    """What the machine-readable parts say."""
    declared = walk.root.params.get("report-type", "").lower() if walk.root.type == "multipart/report" else ""
    parts = [ReportPart(leaf.type, _blocks(leaf)) for leaf in walk.leaves if leaf.type in _BLOCKS]
    if not declared and not parts and walk.root.type != "multipart/report":
        return None
    kind = declared or next((part.type.partition("/")[2].removeprefix("global-") for part in parts), "")
    return Report(
        report_type=kind,
        fields=tuple(block for part in parts for block in part.fields),
        returned_headers=_returned(walk.leaves),
        human_text=human_text,
        parts=tuple(parts),
    )


def _blocks(leaf: Part) -> tuple[Fields, ...]:
    """Blocks of fields, apart by blank lines."""
    raw = leaf.content()[:_MOST].replace(b"\r\n", b"\n").strip(b"\n")
    blocks: list[Fields] = []
    for piece in raw.split(b"\n\n")[:_MOST_BLOCKS]:
        fields = headers.split(piece.strip(b"\n")).fields
        if fields:
            blocks.append(tuple((name, decode_header(value)) for name, value in fields))
    return tuple(blocks)


def _returned(leaves: list[Part]) -> Fields:
    for leaf in leaves:
        if leaf.type in _RETURNED:
            block = headers.split(leaf.content()[:_MOST].lstrip(b"\r\n"))
            if block.fields:
                return tuple((name, decode_header(value)) for name, value in block.fields)
    return ()

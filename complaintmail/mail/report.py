"""What a mail's machine-readable parts say, as values.

Owns `Report`: the field blocks of message/delivery-status, message/disposition-notification and
message/feedback-report parts, the headers of the mail that was returned, and the words for people beside them. It is
also made for a mail that is no multipart/report but carries such parts. Nothing here reads bytes, and nothing here
judges: `mail.automatic` does.
"""

from __future__ import annotations

from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One machine-readable part: its type as declared (lower case) and its blocks of fields, in order.

    A block is what stands between two blank lines: for a delivery status the first is about the message, each later
    one about a recipient. Field names are lower case; values are unfolded and clean.
    """

    type: str
    fields: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything machine-readable that a mail carries.

    `report_type` is the parameter of multipart/report in lower case ('delivery-status', 'disposition-notification',
    'feedback-report'), else what its parts are, else ''. `fields` holds the blocks of all parts one after another,
    `parts` the same by part. `returned_headers` are those of the first returned mail (message/rfc822, message/global,
    text/rfc822-headers), names in lower case. `human_text` is the text beside the machine-readable parts.
    """

    report_type: str = ""
    fields: tuple[Fields, ...] = ()
    returned_headers: Fields = ()
    human_text: str = ""
    parts: tuple[ReportPart, ...] = ()

    def blocks(self, part_type: str) -> tuple[Fields, ...]:
        """The field blocks of all parts of this type; 'delivery-status' stands for the global one as well."""
        wanted = (f"message/{part_type}", f"message/global-{part_type}")
        return tuple(block for part in self.parts if part.type in wanted for block in part.fields)

    def returned(self, name: str) -> str | None:
        """The first header of that name (lower case) of the returned mail, or None."""
        for key, value in self.returned_headers:
            if key == name:
                return value
        return None

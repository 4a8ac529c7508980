"""Rows as a spreadsheet (XLSX), written with the standard library alone: every cell is text, so none is a formula.

One sheet, its heading bold and always in view. What XML cannot hold is left out. The same rows give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import IO

from complaintmail.cli.tables import harmless

LONGEST = 32_000  # characters that a cell may hold, near enough
LONG_AGO = (1980, 1, 1, 0, 0, 0)
NARROW, WIDE = 12, 48
_CANNOT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="1" fillId="0" '
        'borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top" '
        'wrapText="1"/></xf></cellXfs></styleSheet>'
    ),
}


def write_xlsx(rows: Iterable[Mapping[str, object]], columns: Sequence[str], out: IO[bytes]) -> None:
    """The rows as a workbook with one sheet, these columns in this order."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            _put(book, name, _DECLARED + text)
        _put(book, "xl/worksheets/sheet1.xml", "".join(_sheet(rows, columns)))
    out.write(whole.getvalue())


def _put(book: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    book.writestr(entry, text.encode())


def _sheet(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Iterator[str]:
    yield f'{_DECLARED}<worksheet xmlns="{_MAIN}">'
    yield '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    yield 'state="frozen"/></sheetView></sheetViews><cols>'
    for n, column in enumerate(columns, 1):
        wide = min(WIDE, max(NARROW, len(column) + 2))
        yield f'<col min="{n}" max="{n}" width="{wide}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row(1, columns, 1)
    for number, row in enumerate(rows, 2):
        yield _row(number, [_text(row.get(column)) for column in columns], 0)
    yield "</sheetData></worksheet>"


def _text(value: object) -> str:
    """As CSV has it, without the mark before what would be a formula there."""
    said = harmless(value)
    return said[1:] if said.startswith("'") and not str(value).startswith("'") else said


def _row(number: int, values: Sequence[str], style: int) -> str:
    cells = "".join(
        f'<c r="{_letters(at)}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{_escaped(value)}</t></is></c>'
        for at, value in enumerate(values)
        if value
    )
    return f'<row r="{number}">{cells}</row>'


def _escaped(value: str) -> str:
    kept = _CANNOT.sub("", value[:LONGEST])
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _letters(at: int) -> str:
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name

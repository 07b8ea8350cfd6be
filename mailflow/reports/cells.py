"""Cells: values of their real types, headers, and widths that fit Chinese, for every workbook."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

_HEAD = PatternFill("solid", fgColor="FF1F4E79")
_LINE = Border(*(Side(style="thin", color="FFD8DEE6"),) * 4)


def put(sheet: Worksheet, row: int, column: int, value: object, number_format: str = "") -> Cell:
    """A cell with a value of its real type; text is text whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
        if cell.data_type == "f":
            cell.data_type = "s"
            cell.quotePrefix = True
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
    elif isinstance(value, Decimal):
        cell.value = float(value)
    else:
        cell.value = value
    if number_format:
        cell.number_format = number_format
    cell.border = _LINE
    return cell


def formula(sheet: Worksheet, row: int, column: int, text: str, number_format: str = "") -> None:
    """A live formula."""
    cell = sheet.cell(row, column, text)
    cell.border = _LINE
    if number_format:
        cell.number_format = number_format


def head(sheet: Worksheet, names: Sequence[str]) -> None:
    """The header row."""
    for column, name in enumerate(names, start=1):
        cell = put(sheet, 1, column, name)
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def width(text: str) -> int:
    """The width of the text's longest line, where a Chinese character is two wide."""
    return max(
        sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line) for line in text.split("\n")
    )


def saved(book: Workbook) -> bytes:
    """The workbook's bytes. The same workbook gives the same bytes: the archive bears no clock of its own."""
    created = book.properties.created
    buffer = io.BytesIO()
    book.save(buffer)
    fixed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "docProps/core.xml" and created:
                stamp = created.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            target.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()

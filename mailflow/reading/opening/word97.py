"""Word 97-2003 (.doc, and WPS's .wps) → text: the piece table of [MS-DOC] §2.8.35, tables with tabs between cells.

The documents' own library reads such files in Chinese as Latin characters; a plan in them must be read right.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

_IDENT = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_AT_FLAGS, _AT_MAIN_LENGTH, _AT_CLX = 0x0A, 0x4C, 0x01A2
_COMPRESSED = 0x40000000
_MOST_PIECES = 100_000
# A field is its instruction, a separator, and the result that is shown.
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_MARK = "\x07"


class NotWord97(ValueError):
    """The file is something else, or damaged; `encrypted` where that is why."""

    def __init__(self, *, encrypted: bool = False) -> None:
        super().__init__("encrypted" if encrypted else "not a Word 97 document")
        self.encrypted = encrypted


def text_of(content: bytes) -> str:
    """The document's main text; NotWord97 where there is none to be had."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return _shown(_raw_text(file))
    except NotWord97:
        raise
    except (OSError, struct.error, ValueError, IndexError, KeyError, TypeError, RecursionError):
        raise NotWord97 from None


def _raw_text(file: olefile.OleFileIO) -> str:
    if not file.exists("WordDocument"):
        raise NotWord97(encrypted=file.exists("EncryptedPackage"))
    document = file.openstream("WordDocument").read()
    (ident,) = struct.unpack_from("<H", document, 0)
    (flags,) = struct.unpack_from("<H", document, _AT_FLAGS)
    if ident != _IDENT or flags & _ENCRYPTED:
        raise NotWord97(encrypted=bool(flags & _ENCRYPTED))
    (length,) = struct.unpack_from("<i", document, _AT_MAIN_LENGTH)
    start, size = struct.unpack_from("<II", document, _AT_CLX)
    table = file.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    return "".join(_pieces(document, _piece_table(table[start : start + size])))[: max(length, 0)]


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd, after any property runs before it."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise NotWord97
    (size,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + size]


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    count = min((len(table) - 4) // 12, _MOST_PIECES)
    ends = struct.unpack_from(f"<{count + 1}i", table, 0)
    for n in range(count):
        (place,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * n + 2)
        characters = max(ends[n + 1] - ends[n], 0)
        if place & _COMPRESSED:
            at = (place & ~_COMPRESSED) // 2
            yield document[at : at + characters].decode("cp1252", errors="replace")
        else:
            yield document[place : place + 2 * characters].decode("utf-16-le", errors="replace")


def _shown(raw: str) -> str:
    """The text as a reader sees it: fields as their results, a table row a line."""
    while (text := _FIELD.sub(lambda field: field[1] or "", raw)) != raw:
        raw = text
    text = text.replace("\x0b", "\n").replace("\x0c", "\n").replace("\x1e", "-").replace("\x1f", "")
    blocks = re.split(rf"((?:[^\r{_MARK}]*{_MARK})(?:[^{_MARK}]*{_MARK})*)", text)
    shown = ("\n" + _table(block) + "\n" if _MARK in block else block.replace("\r", "\n") for block in blocks)
    joined = re.sub(r"[\x00-\x08\x0e-\x1f]", "", "".join(shown))
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _table(cells: str) -> str:
    """Rows of cells. Each cell ends with a mark and each row with one more, so that the number of columns shows."""
    parts = [" ".join(cell.split()) for cell in cells.split(_MARK)[:-1]]
    for columns in range(1, len(parts)):
        width = columns + 1
        if len(parts) % width == 0 and not any(parts[columns::width]):
            rows = [parts[at : at + columns] for at in range(0, len(parts), width)]
            return "\n".join("\t".join(row) for row in rows)
    return re.sub(r"\t\t+", "\n", "\t".join(parts))

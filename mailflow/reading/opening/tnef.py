"""TNEF (`winmail.dat`): what Outlook wraps a message in when it takes the other side for an Exchange (MS-OXTNEF).

Only what a submission needs: the plain or HTML body, and the attached files with their names. The library for this
format is LGPL, and this much of it is short.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.reading.opening.charsets import decode

_SIGNATURE = 0x223E9F78
_BODY, _TITLE, _DATA, _BEGIN, _MESSAGE_PROPS, _FILE_PROPS = 0x800C, 0x8010, 0x800F, 0x9002, 0x9003, 0x9005
_LONG_NAME, _TEXT_BODY, _HTML_BODY = 0x3707, 0x1000, 0x1013
_FIXED = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_UNICODE = 0x001F
_MAX_ATTRIBUTES = 5000


@dataclass
class _File:
    """A file within, as far as it is known."""

    title: str = ""
    data: bytes = b""


@dataclass
class Unwrapped:
    """What was inside: a body in text and in HTML, and files by name."""

    text: str = ""
    html: str = ""
    parts: list[_File] = field(default_factory=list)

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """The files that have content, by name."""
        return [(part.title or "attachment", part.data) for part in self.parts if part.data]


def unwrap(content: bytes) -> Unwrapped | None:
    """What a TNEF stream holds, None where it is none; a stream that breaks off gives what came before."""
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return None
    found = Unwrapped()
    file: _File | None = None
    for kind, value in _attributes(content):
        if kind == _BEGIN:
            file = _File()
            found.parts.append(file)
        elif kind == _TITLE and file:
            file.title = file.title or decode(value.rstrip(b"\0"))
        elif kind == _DATA and file:
            file.data = value
        elif kind == _BODY:
            found.text = decode(value.rstrip(b"\0"))
        elif kind in (_FILE_PROPS, _MESSAGE_PROPS):
            _take(found, file if kind == _FILE_PROPS else None, value)
    return found


def _take(into: Unwrapped, file: _File | None, properties: bytes) -> None:
    for tag, text in _properties(properties):
        if tag == _LONG_NAME and file:
            file.title = text
        elif tag == _TEXT_BODY:
            into.text = into.text or text
        elif tag == _HTML_BODY:
            into.html = into.html or text


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MAX_ATTRIBUTES):
        if at + 9 > len(content):
            return
        kind, length = struct.unpack_from("<xHxxI", content, at)
        yield kind, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(content: bytes) -> Iterator[tuple[int, str]]:
    """The text properties of a MAPI property list; whatever doesn't parse ends it."""
    try:
        (count,) = struct.unpack_from("<I", content)
        at = 4
        for _ in range(min(count, _MAX_ATTRIBUTES)):
            kind, tag = struct.unpack_from("<HH", content, at)
            at += 4
            if tag >= 0x8000:
                (named,) = struct.unpack_from("<I", content, at + 16)
                (size,) = struct.unpack_from("<I", content, at + 20)
                at += 24 + (_padded(size) if named else 0)
            if kind in _FIXED:
                at += _FIXED[kind]
                continue
            (values,) = struct.unpack_from("<I", content, at)
            at += 4
            for _ in range(min(values, _MAX_ATTRIBUTES)):
                (size,) = struct.unpack_from("<I", content, at)
                raw = content[at + 4 : at + 4 + size]
                at += 4 + _padded(size)
                wide = raw.decode("utf-16-le", errors="replace") if kind == _UNICODE else decode(raw)
                yield tag, wide.rstrip("\0")
    except struct.error:
        return


def _padded(size: int) -> int:
    return (size + 3) & ~3

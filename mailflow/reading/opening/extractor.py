"""The process that opens one document: bytes on standard input, text on standard output, then it ends.

Run as `python -m mailflow.reading.opening.extractor ENDING`. Memory and processor time are bounded before the file is
opened, and so are the unpacked size, the number and the depth of files within files. 1 with the reason on standard
error when the document can't be read.
"""

from __future__ import annotations

import contextlib
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

from mailflow.reading.opening.charsets import decode
from mailflow.reading.opening.kinds import DOCUMENTS, PLAIN, WORD_97
from mailflow.reading.opening.letter import open_letter

_MEMORY = 2 * 1024**3
_DATA = 300 * 1024**2
_CPU_SECONDS = 40
_UNPACKED = 60 * 1024 * 1024
_MARKUP, _PIECE = 12 * 1024 * 1024, 1024 * 1024
_FILES = 30
_DEPTH = 3
_OLE = b"\xd0\xcf\x11\xe0"
_ZIPPED = (".docx", ".xlsx", ".pptx")


class Unreadable(Exception):
    """The reason why there is no text: encrypted, too large, or damaged."""


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_DATA, (_DATA, _DATA))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text_of(ending: str, content: bytes, depth: int = 0) -> str:
    """The text of a document, of a message with its files, or of all documents in an archive."""
    if ending in PLAIN:
        return decode(content)
    if ending not in DOCUMENTS or depth > _DEPTH:
        return ""
    if ending == ".zip":
        return "\n\n".join(_named(name, part, depth) for name, part in _members(content))
    if ending == ".eml":
        letter = open_letter(content)
        inside = (_named(part.filename, part.content, depth) for part in letter.parts)
        return "\n\n".join(text for text in (letter.subject, letter.text, *inside) if text)
    return _document(ending, content)


def _named(name: str, content: bytes, depth: int) -> str:
    """One file of several, under its name."""
    text = text_of(PurePath(name).suffix.lower(), content, depth + 1)
    return f"【{name}】\n{text}" if text.strip() else f"【{name}】"


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, within the limits whatever their headers claim."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unreadable("damaged") from None
    left = _UNPACKED
    for info in [i for i in archive.infolist() if not i.is_dir()][:_FILES]:
        if info.flag_bits & 1:
            raise Unreadable("encrypted")
        # Chinese Windows writes names in GBK and says nothing; the library reads them as CP437.
        raw = info.filename if info.flag_bits & 0x800 else decode(info.filename.encode("cp437", errors="replace"))
        try:
            with archive.open(info) as file:
                part = file.read(left + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
            raise Unreadable("damaged") from None
        if len(part) > left:
            raise Unreadable("too large")
        left -= len(part)
        yield PurePath(raw).name, part


def _measure(content: bytes) -> None:
    """A document's own text, unpacked whatever its headers claim, without keeping it: what is larger than anybody
    writes would take the library hundreds of megabytes. Pictures in it are not opened."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        left = _MARKUP
        for info in archive.infolist():
            if PurePath(info.filename).suffix.lower() not in (".xml", ".rels", ".vml"):
                continue
            if info.flag_bits & 1:
                raise Unreadable("encrypted")
            with archive.open(info) as file:
                while piece := file.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable("too large")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise Unreadable("damaged") from None


def _kind(ending: str, content: bytes) -> str:
    """The ending that the content deserves: many programs write something else under .doc and .xls."""
    if ending in (".doc", ".wps", ".xls", ".et") and not content.startswith(_OLE):
        if content.startswith(b"{\\rtf"):
            return ".rtf"
        if content.startswith(b"PK"):
            return ".docx" if ending in (".doc", ".wps") else ".xlsx"
        if content.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] == b"<":
            return ".html"
    return ending


def _document(ending: str, content: bytes) -> str:
    ending = _kind(ending, content)
    if ending in _ZIPPED:
        # Office encrypts by wrapping the document into an OLE file.
        if content.startswith(_OLE):
            raise Unreadable("encrypted")
        _measure(content)
    if DOCUMENTS[ending] == WORD_97 and content.startswith(_OLE):
        from mailflow.reading.opening import word97

        try:
            return word97.text_of(content)
        except word97.NotWord97 as reason:
            raise Unreadable("encrypted" if reason.encrypted else "damaged") from None
    if ending == ".pdf" and b"/Encrypt" in content:
        raise Unreadable("encrypted")
    from kreuzberg import KreuzbergError, extract_bytes_sync

    try:
        result = extract_bytes_sync(content, DOCUMENTS[ending])
    except (KreuzbergError, ValueError, OSError, MemoryError) as fault:
        locked = "password" in str(fault).lower() or "encrypt" in str(fault).lower()
        raise Unreadable("encrypted" if locked else "damaged") from None
    text = result.content
    for table in result.tables:
        # The library writes a row with blanks between its cells; with tabs the digest can draw the table again.
        rows = [[" ".join(cell.split()) for cell in row] for row in table.cells]
        drawn = "\n".join(" ".join(row) for row in table.cells)
        text = text.replace(drawn, "\n".join("\t".join(row) for row in rows), 1)
    return text


def main() -> int:
    """Extract what standard input holds."""
    _bound()
    try:
        text = text_of(sys.argv[1], sys.stdin.buffer.read())
    except Unreadable as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

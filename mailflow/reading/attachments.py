"""Attachments → text. Documents are opened by a library in a process of its own, so that none can take us down."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from mailflow.reading.charsets import decode, tidy
from mailflow.reading.letter import Part

MAX_BYTES = 25 * 1024 * 1024
MAX_CHARACTERS = 200_000
_SECONDS = 30
_PLAIN = {".txt", ".md", ".csv", ".log"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
# The library's name for each kind of document; WPS writes the same formats under its own endings.
_DOCUMENTS = {
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".doc": "application/msword",
    ".wps": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".et": "application/vnd.ms-excel",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".eml": "message/rfc822",
    ".html": "text/html",
    ".htm": "text/html",
}
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".heic", ".tif", ".tiff"}


@dataclass(frozen=True)
class Attachment:
    """An attached file, read. `problem` says why its text is empty; a picture has none that a machine can read."""

    filename: str
    size: int
    text: str = ""
    problem: str = ""
    picture: bool = False

    @property
    def has_content(self) -> bool:
        """Whether it counts as content: readable text, or a picture that a person can read (a photographed plan)."""
        return bool(self.text.strip()) or self.picture


def read_attachment(part: Part) -> Attachment:
    """The attachment's text, or the reason why it has none. Never raises, never runs anything in it."""
    ending = PurePath(part.filename).suffix.lower()
    size = len(part.content)
    if size > MAX_BYTES:
        return Attachment(part.filename, size, problem="too large")
    if ending in _PICTURES or part.content_type.startswith("image/"):
        # Logos and tracking dots in signatures are pictures too: only a real picture can be a plan.
        return Attachment(part.filename, size, picture=size >= 10_000 and not part.inline)
    if ending in _PLAIN or part.content_type.startswith("text/plain"):
        return Attachment(part.filename, size, tidy(decode(part.content))[:MAX_CHARACTERS])
    kind = _DOCUMENTS.get(ending)
    if kind is None:
        return Attachment(part.filename, size, problem="a kind of file that mailflow doesn't read")
    text, problem = _extract(kind, part.content)
    return Attachment(part.filename, size, tidy(text)[:MAX_CHARACTERS], problem)


@lru_cache(maxsize=64)
def _extract(kind: str, content: bytes) -> tuple[str, str]:
    command = [sys.executable, "-m", "mailflow.reading.extractor", kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "", "took too long to open"
    if done.returncode:
        return "", done.stderr.decode("utf-8", errors="replace").strip()[:200] or "could not be opened"
    text = done.stdout.decode("utf-8", errors="replace").strip()
    return text, "" if text else "no text in it"

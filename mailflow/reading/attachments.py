"""Attachments → text. Documents are opened by a library in a process of its own, so that none can take us down."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from mailflow.reading.charsets import decode, tidy
from mailflow.reading.kinds import DOCUMENTS, PICTURES, PLAIN
from mailflow.reading.letter import Part

MAX_BYTES = 25 * 1024 * 1024
MAX_CHARACTERS = 200_000
_SECONDS = 60
TOO_LARGE, ENCRYPTED, DAMAGED, TOO_SLOW = (
    "too large", "encrypted", "damaged or not what its name says", "took too long to open",
)  # fmt: skip


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
        """Whether it counts as content: readable text, a picture that a person can read (a photographed plan), or a
        document that only we can't open: the director is shown its name with the reason."""
        return bool(self.text.strip()) or self.picture or self.problem in (TOO_LARGE, ENCRYPTED, DAMAGED, TOO_SLOW)


def is_picture(part: Part) -> bool:
    """Whether an attached file is a picture that somebody can read, and no logo or tracking dot."""
    return bool(read_attachment(part).picture)


def read_attachment(part: Part) -> Attachment:
    """The attachment's text, or the reason why it has none. Never raises, never runs anything in it."""
    ending = PurePath(part.filename).suffix.lower()
    size = len(part.content)
    if ending in PICTURES or part.content_type.startswith("image/"):
        # Logos and tracking dots in signatures are pictures too: only a real picture can be a plan.
        return Attachment(part.filename, size, picture=size >= 10_000 and not part.inline)
    if ending in PLAIN or (part.content_type.startswith("text/plain") and ending not in DOCUMENTS):
        return Attachment(part.filename, size, tidy(decode(part.content[:MAX_BYTES]))[:MAX_CHARACTERS])
    if ending not in DOCUMENTS:
        return Attachment(part.filename, size, problem="a kind of file that mailflow doesn't read")
    if size > MAX_BYTES:
        return Attachment(part.filename, size, problem=TOO_LARGE)
    text, problem = _extract(ending, part.content)
    return Attachment(part.filename, size, tidy(text)[:MAX_CHARACTERS], problem)


@lru_cache(maxsize=32)
def _extract(ending: str, content: bytes) -> tuple[str, str]:
    """The text of a document or the reason why there is none, found out in a process with limits."""
    command = [sys.executable, "-m", "mailflow.reading.extractor", ending]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "", TOO_SLOW
    if done.returncode < 0:
        return "", TOO_SLOW
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        return "", said[-1] if said and said[-1] in (ENCRYPTED, TOO_LARGE) else DAMAGED
    text = done.stdout.decode("utf-8", errors="replace").strip()
    return text, "" if text else "no text in it"

"""Attachments → text. Documents are opened by a library in a process of its own, so that none can take us down."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from mailflow.reading.opening.charsets import decode, decode_header, tidy
from mailflow.reading.opening.kinds import DOCUMENTS, PICTURES, PLAIN
from mailflow.reading.opening.letter import Part

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 200_000
_SECONDS = 60
_PICTURE_OCTETS = 12 * 1024 * 1024
UNKNOWN = "a kind of file that mailflow doesn't read"
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


def worth_fetching(filename: str, content_type: str, octets: int) -> bool:
    """Whether the content of an attached file is needed, or only its name. `octets` are those on the wire, in base64.

    The name is as it stands in the headers: of an encoded one the ending is what is asked.
    """
    ending = PurePath(decode_header(filename)).suffix.lower()
    if ending in PICTURES or content_type.startswith("image/"):
        return octets <= _PICTURE_OCTETS
    readable = ending in PLAIN or ending in DOCUMENTS or content_type.startswith(("text/", "message/"))
    wrapped = filename.lower() == "winmail.dat" or content_type in ("application/ms-tnef", "application/vnd.ms-tnef")
    return (readable or wrapped or not filename) and octets <= MAX_BYTES * 1.4


def is_picture(part: Part) -> bool:
    """Whether an attached file is a picture that somebody can read, and no logo or tracking dot."""
    return bool(read_attachment(part).picture)


def read_attachment(part: Part) -> Attachment:
    """The attachment's text, or the reason why it has none. Never raises, never runs anything in it."""
    ending = PurePath(part.filename).suffix.lower()
    size = part.left_out or len(part.content)
    if ending in PICTURES or part.content_type.startswith("image/"):
        # Logos and tracking dots in signatures are pictures too: only a real picture can be a plan.
        return Attachment(part.filename, size, picture=size >= 10_000 and not part.inline)
    if part.left_out:
        known = ending in PLAIN or ending in DOCUMENTS or not part.filename
        return Attachment(part.filename, size, problem=TOO_LARGE if known else UNKNOWN)
    if ending in PLAIN or (part.content_type.startswith("text/plain") and ending not in DOCUMENTS):
        return Attachment(part.filename, size, tidy(decode(part.content[:MAX_BYTES]))[:MAX_CHARACTERS])
    if ending not in DOCUMENTS:
        return Attachment(part.filename, size, problem=UNKNOWN)
    if size > MAX_BYTES:
        return Attachment(part.filename, size, problem=TOO_LARGE)
    text, problem = _extract(ending, part.content)
    return Attachment(part.filename, size, tidy(text)[:MAX_CHARACTERS], problem)


@lru_cache(maxsize=32)
def _extract(ending: str, content: bytes) -> tuple[str, str]:
    """The text of a document or the reason why there is none, found out in a process with limits."""
    command = [sys.executable, "-m", "mailflow.reading.opening.extractor", ending]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "", TOO_SLOW
    if done.returncode < 0:
        # Ended by a limit: of processor time, or (it aborts itself) of memory.
        return "", TOO_SLOW if -done.returncode in (signal.SIGXCPU, signal.SIGKILL) else TOO_LARGE
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        return "", said[-1] if said and said[-1] in (ENCRYPTED, TOO_LARGE) else DAMAGED
    text = done.stdout.decode("utf-8", errors="replace").strip()
    return text, "" if text else "no text in it"

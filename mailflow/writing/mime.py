"""A worded letter → MIME bytes with all headers, the Message-ID among them, before the first try to send."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from typing import cast

from mailflow.writing.wording import Worded

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


@dataclass(frozen=True)
class Thread:
    """What a letter answers: the Message-ID, and those of the thread before it, oldest first."""

    in_reply_to: str = ""
    references: Sequence[str] = ()


@dataclass(frozen=True)
class Envelope:
    """From whom, to whom, and when a letter is written."""

    sender: str
    recipients: Sequence[tuple[str, str]]
    reply_to: str
    written_at: datetime


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter. One with a `content_id` is a picture that the HTML shows where it names it.

    File names are ASCII: some mail programs show RFC 2231 names as rubbish.
    """

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


def new_message_id(sender: str) -> str:
    """A Message-ID that nobody can guess, under the sender's own domain."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<mailflow.{uuid.uuid4().hex}@{domain}>"


def build(
    worded: Worded,
    kind: str,
    envelope: Envelope,
    message_id: str,
    thread: Thread,
    *,
    answers: bool,
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    """The message's bytes: multipart/alternative in UTF-8 with the headers that every letter bears.

    With enclosures the alternatives are the first part of a multipart/mixed, and pictures are related to the HTML.
    """
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(envelope.sender)
    message["From"] = formataddr((name, address)) if name.isascii() else _address(name, address)
    message["To"] = ", ".join(_address(who, where) for who, where in envelope.recipients)
    if envelope.reply_to and envelope.reply_to != address.lower():
        message["Reply-To"] = envelope.reply_to
    message["Subject"] = _one_line(worded.subject)
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Mailflow"] = kind
    message.set_content(worded.text, charset="utf-8", cte="base64")
    message.add_alternative(worded.html, subtype="html", charset="utf-8", cte="base64")
    html = cast("EmailMessage", list(message.iter_parts())[1])
    for enclosure in enclosures:
        maintype, _, subtype = enclosure.content_type.partition("/")
        if enclosure.content_id:
            html.add_related(
                enclosure.content, maintype, subtype, cid=f"<{enclosure.content_id}>", filename=enclosure.filename,
                disposition="inline",
            )  # fmt: skip
        else:
            message.add_attachment(enclosure.content, maintype, subtype, filename=enclosure.filename)
    return _threading(thread) + message.as_bytes()


def _threading(thread: Thread) -> bytes:
    """In-Reply-To and References, one Message-ID a line: the library would encode those that are long."""
    if not _MESSAGE_ID.fullmatch(thread.in_reply_to):
        return b""
    before = [r for r in thread.references if _MESSAGE_ID.fullmatch(r) and r != thread.in_reply_to]
    references = "\r\n ".join([*before[-20:], thread.in_reply_to])
    return f"In-Reply-To: {thread.in_reply_to}\r\nReferences: {references}\r\n".encode("ascii")


def _address(name: str, address: str) -> str:
    quoted = _one_line(name).replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>' if quoted else address


def _one_line(text: str) -> str:
    """No header injection: whatever came from mail stands on one line, without control characters."""
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()

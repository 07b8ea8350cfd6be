"""Bounces (RFC 3464): which letters of ours a mail server sent back, for whom, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from mailflow.reading.opening.charsets import decode
from mailflow.reading.opening.letter import content_of, parse

# What a server's own address looks like, and how our letters' Message-IDs begin (writing.mime makes them).
_SERVER = re.compile(r"^(mailer-daemon|postmaster|microsoftexchange[0-9a-f]+)@", re.I)
_OURS = re.compile(rb"<mailflow\.[0-9a-f]{32}@[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
_CODE = re.compile(r"\b[45]\d\d[ -][^\r\n]{0,200}")
_MAX_REASON = 300


@dataclass(frozen=True)
class Returned:
    """Letters that came back. `recipients` are those who did not get them, as far as the report names them."""

    message_ids: tuple[str, ...]
    recipients: tuple[str, ...]
    reason: str


def is_server(address: str) -> bool:
    """Whether a mail server writes under this address."""
    return bool(_SERVER.match(address))


def returned(raw: bytes) -> Returned | None:
    """The letters of ours that a bounce says were not delivered; None where it names none, or says it goes on trying.

    A report's fields are believed where it has any; some providers write prose only, and then the letter's own
    recipient is meant. Whoever writes such a report knows the letter's unguessable Message-ID.
    """
    message = parse(raw)
    texts = [content_of(part) for part in message.walk() if not part.is_multipart()]
    ours = dict.fromkeys(found.decode() for text in [raw, *texts] for found in _OURS.findall(text))
    if not ours:
        return None
    failed = []
    reasons = []
    actions = set()
    for fields in _recipient_fields(message):
        action = str(fields.get("action", "")).strip().lower()
        actions.add(action)
        if action == "failed":
            recipient = str(fields.get("final-recipient", "")) or str(fields.get("original-recipient", ""))
            failed += [found.lower() for found in _ADDRESS.findall(recipient)]
            reasons.append(str(fields.get("diagnostic-code", "")) or str(fields.get("status", "")))
    if actions and "failed" not in actions:
        return None
    if not reasons:
        prose = "\n".join(decode(text) for text in texts[:2])
        reasons = _CODE.findall(prose)[:1]
    reason = " ".join("; ".join(reasons).split()) or "returned without a reason"
    return Returned(tuple(ours), tuple(dict.fromkeys(failed)), reason[:_MAX_REASON])


def _recipient_fields(message: Message) -> list[Message]:
    """The blocks of a delivery-status part that are about one recipient each."""
    found = []
    for part in message.walk():
        payload = part._payload if hasattr(part, "_payload") else None
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            found += [block for block in payload if isinstance(block, Message) and "action" in block]
    return found

"""The types that cross the wires: what IMAP hands in, and what SMTP takes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The header of a part that was left out when a large message was fetched, with how many octets it has on the server.
LEFT_OUT = "X-Mailflow-Left-Out"
# The kinds of letters that only those who decide get.
TO_DECIDERS = ("digest", "clarify", "nudge")


_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")


def ascii_host(host: str) -> str:
    """A domain as it is asked for (RFC 5890: `xn--` for what is beyond ASCII), lower-case; empty where it is none."""
    try:
        found = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    # Wide spaces and punctuation become narrow ones, which part words where nobody wrote them.
    return found if _HOST.fullmatch(found) else ""


def bare_address(address: str) -> str:
    """An address as we compare and write it: lower-case, its domain in ASCII. Its local part stays what it is."""
    local, at, host = address.strip().rpartition("@")
    return f"{local}@{ascii_host(host) or host}".lower() if at else address.strip().lower()


class Folder(StrEnum):
    """What the folders of the director's mailbox are to us, whatever the server calls them. `aside` is where mail to
    him lies beside INBOX, such as Junk."""

    INBOX = "inbox"
    SENT = "sent"
    ASIDE = "aside"


@dataclass(frozen=True)
class Place:
    """Where a message lies: the first of its two keys. `uidvalidity` 0 means that the server gave none."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True)
class Envelope:
    """What may be looked at of anybody's mail. Addresses are bare and lower-case; `received_at` is aware."""

    place: Place
    role: Folder
    message_id: str
    in_reply_to: tuple[str, ...]
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str
    received_at: datetime
    size: int


@dataclass(frozen=True)
class RawMail:
    """A message: its bytes as they lay on the server, when the server took it, and where it lies.

    `size` is its size there, where that is known: of a large one not every attachment was fetched.
    """

    raw: bytes
    received_at: datetime
    role: Folder
    place: Place
    size: int = 0


@dataclass(frozen=True)
class Outgoing:
    """A letter ready for SMTP: its bytes hold all headers, Message-ID and Date among them."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


class SendResult(StrEnum):
    """What became of one try to send. `sent`: the server took it for one recipient at least."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Delivery:
    """One try to send, with what the server said. Of several recipients it may take the letter for some only: `later`
    are those to be tried again, `refused` those that it refused for good."""

    result: SendResult
    said: str = ""
    later: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

"""Secrecy: which of our Message-IDs and tokens others have seen. In INBOX they are all that tells who decides."""

from __future__ import annotations

from datetime import datetime

from mailflow.reading import Letter
from mailflow.reading.keys import ours_in, tokens_shown
from mailflow.store import secrets
from mailflow.store.session import Book
from mailflow.wire import RawMail, bare_address
from mailflow.workflow.desk import Desk


def note_shown(desk: Desk, book: Book, letter: Letter, mail: RawMail, now: datetime) -> None:
    """Remember which of ours this message shows to anybody but the one they were made for, or whose sender knows what
    was not made for him.

    A mail that names no recipient went to nobody knows whom. A blind copy that its sender's program doesn't keep can't
    be seen.
    """
    roster = desk.office.roster
    ours = {*roster.director.addresses, bare_address(desk.office.sender)}
    recipients = set(letter.to + letter.cc) - ours if letter.to or letter.cc else {""}
    senders = {address for _, address in letter.senders} - ours
    ids = ours_in(letter.thread)
    tokens = tokens_shown(letter, mail.raw) if recipients else ()
    if not (recipients or senders) or not (ids or tokens):
        return
    shown = []
    for secret, owner in secrets.owners(book, ids, tokens).items():
        person = roster.get(owner)
        if (recipients | senders) - set(person.addresses if person else ()):
            shown.append(secret)
    secrets.show(book, shown, letter.message_id, now)

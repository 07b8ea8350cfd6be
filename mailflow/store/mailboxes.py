"""Mailboxes, known by what they say of themselves and not by how the configuration spells their host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mailflow.store.schema import MailboxRow, MarkRow, MessageRow
from mailflow.store.session import Book
from mailflow.wire import Folder


@dataclass(frozen=True)
class Known:
    """A mailbox that was read before: what marks and messages call it, how it was spelled, whose and which it is."""

    account: str
    spelled: str
    username: str
    uidvalidity: int


def known(book: Book, inbox: str = "INBOX") -> list[Known]:
    """Every mailbox that was read; those of before they were written down are found by their marks."""
    found = [Known(r.account, r.spelled, r.username, r.uidvalidity) for r in book.scalars(select(MailboxRow))]
    there = {mailbox.account for mailbox in found}
    for mark in book.scalars(select(MarkRow).where(MarkRow.folder == inbox)):
        if mark.account not in there:
            user = mark.account.rpartition("@")[0]
            found.append(Known(mark.account, mark.account, user, mark.uidvalidity))
    return found


def account_of(book: Book, spelled: str, username: str) -> str:
    """What the mailbox that is spelled so is called in this store: by the same spelling, else by the same user."""
    mailboxes = known(book)
    for mailbox in mailboxes:
        if mailbox.spelled == spelled:
            return mailbox.account
    mine = [mailbox.account for mailbox in mailboxes if mailbox.username.casefold() == username.casefold()]
    return mine[-1] if mine else spelled


def evidence(book: Book, account: str, folder: str, uidvalidity: int, limit: int = 10) -> dict[int, str]:
    """The newest messages that were read there: UID → Message-ID, by which a mailbox is known again."""
    rows = book.execute(
        select(MessageRow.uid, MessageRow.message_id)
        .where(
            MessageRow.account == account,
            MessageRow.role == Folder.INBOX.value,
            MessageRow.folder == folder,
            MessageRow.uidvalidity == uidvalidity,
            MessageRow.uid.is_not(None),
            MessageRow.message_id != "",
        )
        .order_by(MessageRow.uid.desc())
        .limit(limit)
    )
    return {int(uid): message_id for uid, message_id in rows if uid is not None}


def remember(book: Book, account: str, spelled: str, username: str, uidvalidity: int, now: datetime) -> None:
    """Write down which mailbox this is now."""
    row = book.get(MailboxRow, account)
    if row is None:
        row = MailboxRow(account=account, since=now)
        book.add(row)
    row.spelled, row.username, row.uidvalidity = spelled, username, uidvalidity


def note_sent(book: Book, account: str, *, has_sent: bool) -> None:
    """Whether there is a folder for what was sent."""
    row = book.get(MailboxRow, account)
    if row is not None:
        row.has_sent = has_sent


def has_sent(book: Book, account: str) -> bool:
    """Whether the mailbox had a folder for what was sent when it was last read."""
    row = book.get(MailboxRow, account)
    return row is None or row.has_sent

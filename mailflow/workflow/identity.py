"""Identity: which mailbox this is, by what it says of itself. A host that is spelled otherwise now is the same one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from mailflow.mail.imap import Mailbox, Opened
from mailflow.store import mailboxes
from mailflow.store.lock import MailboxLock
from mailflow.store.mailboxes import Known
from mailflow.store.session import Book
from mailflow.wire import Folder
from mailflow.workflow.desk import Desk

log = structlog.get_logger()


def identify(desk: Desk, mailbox: Mailbox, lock: MailboxLock, now: datetime) -> Desk:
    """Hold the mailbox that was connected to, and give the desk with the name that the store has for it.

    Known again is the same user's, or one in which the newest messages that were read lie where they lay.
    """
    account = mailbox.account
    opened = mailbox.open(account.inbox, Folder.INBOX)
    user = (account.username or "").casefold()
    lock.take(f"{user}/{opened.uidvalidity or account.address}", account.name, desk.store)
    with desk.store.snapshot() as book:
        known = mailboxes.known(book, account.inbox)
        found = _known_again(book, known, mailbox, opened)
    name = found.account if found else account.name
    if found and found.spelled != account.name:
        log.warning("mailbox adopted", spelled=account.name, before=found.spelled, known_as=name)
    mailbox.name = name
    if found != Known(name, account.name, account.username or "", opened.uidvalidity):
        with desk.store.transaction() as book:
            mailboxes.remember(book, name, account.name, account.username or "", opened.uidvalidity, now)
    return replace(desk, account=name)


def _known_again(book: Book, known: list[Known], mailbox: Mailbox, opened: Opened) -> Known | None:
    user = (mailbox.account.username or "").casefold()
    for same in (
        [one for one in known if one.spelled == mailbox.account.name],
        [one for one in known if one.username.casefold() == user],
        [one for one in known if one.uidvalidity == opened.uidvalidity and _lie_there(book, one, mailbox, opened)],
    ):
        if same:
            return same[-1]
    return None


def _lie_there(book: Book, one: Known, mailbox: Mailbox, opened: Opened) -> bool:
    """Whether messages that were read in that mailbox lie at their places here, and none of them is another."""
    remembered = mailboxes.evidence(book, one.account, opened.name, opened.uidvalidity)
    there = {envelope.place.uid: envelope.message_id for envelope in mailbox.envelopes(opened, sorted(remembered))}
    return bool(there) and all(remembered[uid] == message_id for uid, message_id in there.items())

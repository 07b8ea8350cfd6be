"""The one place that joins settings, store, templates and accounts into an office that can work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailflow import shipped
from mailflow.settings import Settings
from mailflow.store import mailboxes
from mailflow.store.lock import MailboxLock
from mailflow.store.session import Book, Store, open_store
from mailflow.workflow.desk import Desk, Letters
from mailflow.workflow.watch import Wires
from mailflow.writing.wording import Wording


def wording(settings: Settings) -> Wording:
    """The office's own templates before the shipped ones."""
    folders: list[Path] = [settings.templates] if settings.templates else []
    return Wording([*folders, shipped.templates()], settings.office.zone)


def wires(settings: Settings) -> Wires:
    """The accounts, ready to connect."""
    return Wires(settings.imap, settings.smtp, settings.per_minute, settings.alarm_after)


@contextmanager
def open_desk(settings: Settings, letters: Letters = Letters.SEND) -> Iterator[Desk]:
    """A desk on a store that is up to date; the store is made where there is none."""
    store = open_store(settings.store_url)
    try:
        store.migrate()
        with store.snapshot() as book:
            account = account_of(book, settings)
        yield Desk(
            settings.office,
            store,
            wording(settings),
            account,
            settings.smtp.sender,
            letters,
            settings.per_person_hour,
        )
    finally:
        store.close()


def account_of(book: Book, settings: Settings) -> str:
    """What the configured mailbox is called in the store."""
    return mailboxes.account_of(book, settings.imap.name, settings.imap.username or "")


@contextmanager
def mailbox_lock(settings: Settings) -> Iterator[MailboxLock]:
    """The lock on the mailbox, across all configurations of this machine; given back at the end."""
    lock = MailboxLock(settings.state_folders)
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def open_existing(settings: Settings) -> Iterator[Store]:
    """The store as it is, for commands that only look: brought up to date, or made empty where there is none."""
    with open_desk(settings) as desk:
        yield desk.store

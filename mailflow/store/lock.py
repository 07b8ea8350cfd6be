"""One mailflow a store and a mailbox at a time.

The store is held by a file lock beside SQLite or an advisory lock on PostgreSQL, and fenced: each holder raises a
number in the store, and every transaction of his that writes compares it first. Who finds another number, or his lock
gone, has lost the store and writes nothing more. The mailbox is held, across all configurations of this machine, by a
file lock that is named for what the mailbox says of itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from mailflow.errors import AlreadyRunning, LockLost, StoreError
from mailflow.store.schema import FenceRow
from mailflow.store.session import Book, Store, explained

_ROW = 1


class _Lock(Protocol):
    """What keeps others out as long as it is held."""

    def take(self) -> bool:
        """Take it; False when somebody else has it."""

    def release(self) -> None:
        """Give it back; nothing raises."""

    def still_there(self, book: Book) -> bool:
        """Whether it is held, as this transaction sees it."""


class _File:
    """A file lock beside an SQLite store."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, mode=0o600)

    def take(self) -> bool:
        return _locked(self._lock)

    def release(self) -> None:
        self._lock.release()

    def still_there(self, book: Book) -> bool:
        return self._lock.is_locked


class _Advisory:
    """An advisory lock on PostgreSQL, which is lost with its connection: also when a server or a person ends that."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: Connection | None = None
        self._pid = 0

    def take(self) -> bool:
        self.release()
        with explained(self._store.where):
            connection = self._store.connect()
            # Offices in schemas of their own share a database, and advisory locks are the database's.
            schema = connection.execute(text("select current_schema()")).scalar_one()
            number = int.from_bytes(hashlib.sha256(f"mailflow/{schema}".encode()).digest()[:8], "big", signed=True)
            taken = connection.execute(text("select pg_try_advisory_lock(:n), pg_backend_pid()"), {"n": number}).one()
            connection.commit()
        if not taken[0]:
            connection.close()
            return False
        self._connection, self._pid = connection, int(taken[1])
        return True

    def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not handed back to the pool: a connection that is gone for good must not be used again.
            with suppress(DBAPIError):
                connection.execute(text("select pg_advisory_unlock_all()"))
                connection.commit()
            with suppress(DBAPIError):
                connection.invalidate()
            connection.close()

    def still_there(self, book: Book) -> bool:
        held = text("select exists(select 1 from pg_locks where locktype = 'advisory' and granted and pid = :pid)")
        return bool(book.execute(held, {"pid": self._pid}).scalar_one())


class Hold:
    """The store, held by us. `check` begins every transaction that writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        file = store.sqlite_file
        self._lock: _Lock = _File(file.with_name(f"{file.name}.lock")) if file else _Advisory(store)
        self._number = 0

    def take(self) -> None:
        """Take the store, or take it anew; AlreadyRunning when another mailflow has it."""
        self._store.hold = None
        if not self._lock.take():
            raise AlreadyRunning(
                f"another mailflow works with the store {self._store.where}; stop it first, or leave this to it"
            )
        with self._store.transaction() as book:
            # Waits for what the former holder has begun to write.
            row = book.get(FenceRow, _ROW, with_for_update=True)
            if row is None:
                row = FenceRow(id=_ROW, number=0)
                book.add(row)
            row.number, row.holder = row.number + 1, f"{os.uname().nodename} {os.getpid()}"
            self._number = row.number
        self._store.hold = self

    def release(self) -> None:
        """Give the store back."""
        self._store.hold = None
        self._lock.release()

    def check(self, book: Book) -> None:
        """LockLost unless the store is still ours; until this transaction ends nobody else can take it."""
        row = book.scalar(select(FenceRow.number).where(FenceRow.id == _ROW).with_for_update(read=True))
        if row != self._number or not self._lock.still_there(book):
            raise LockLost(
                f"the lock on the store {self._store.where} is lost: its connection was cut, or another mailflow took "
                "it; nothing more is written until it is taken anew"
            )


@contextmanager
def sole(store: Store) -> Iterator[Hold]:
    """Hold the store for as long as the block runs; AlreadyRunning when another mailflow holds it."""
    hold = Hold(store)
    hold.take()
    try:
        yield hold
    finally:
        hold.release()


class MailboxLock:
    """Holds one mailbox on this machine, whatever configuration names it; kept until `release`."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._held: dict[str, FileLock] = {}

    def take(self, identity: str, spelled: str, store: Store) -> None:
        """Hold the mailbox that says this of itself; AlreadyRunning when another configuration's mailflow does, or
        worked on it last with a store of its own that is still there: two books of one mailbox answer everything twice.
        """
        name = hashlib.sha256(identity.encode()).hexdigest()[:16]
        if name in self._held:
            return
        lock = FileLock(_writable(self._folders) / f"{name}.lock", mode=0o600)
        if not _locked(lock):
            raise AlreadyRunning(
                f"another mailflow on this machine works on the mailbox {spelled}, perhaps with another configuration; "
                "stop it first, or leave this to it"
            )
        self._held[name] = lock
        owner = Path(lock.lock_file).with_suffix(".store")
        known = owner.read_text(encoding="utf-8").strip() if owner.exists() else ""
        if known and known != store.where and not _gone(known):
            self.release()
            raise AlreadyRunning(
                f"the mailbox {spelled} is kept in the store {known} on this machine, and this configuration has "
                f"another ({store.where}): both would answer everybody. Use that one; if it is given up, remove {owner}"
            )
        if known != store.where:
            owner.write_text(store.where + "\n", encoding="utf-8")

    def release(self) -> None:
        """Let go of it."""
        for lock in self._held.values():
            lock.release()
        self._held.clear()


def _gone(where: str) -> bool:
    """Whether an SQLite store is not there any more."""
    path = where.partition("sqlite:///")[2]
    return bool(path) and not Path(path).exists()


def _locked(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    except OSError as fault:
        where = Path(lock.lock_file).parent
        raise StoreError(f"no lock can be made in {where}: {fault.strerror}; make it writable") from None
    return True


def _writable(folders: Sequence[Path]) -> Path:
    """The first of these folders in which a file can be made."""
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    tried = ", ".join(map(str, folders))
    raise StoreError(f"none of {tried} is writable; set MAILFLOW_STATE to a folder that is")

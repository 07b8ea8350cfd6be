"""One mailflow a mailbox at a time: a file lock beside SQLite, an advisory lock on PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import text

from mailflow.errors import AlreadyRunning, StoreError
from mailflow.store.session import Store


@contextmanager
def sole(store: Store, account: str) -> Iterator[None]:
    """Hold the mailbox for as long as the block runs; AlreadyRunning when another mailflow holds it."""
    taken = AlreadyRunning(f"another mailflow works on {account}; stop it first, or leave this to it")
    digest = hashlib.sha256(account.encode()).digest()
    if store.sqlite_file is not None:
        lock = FileLock(store.sqlite_file.with_name(f"{store.sqlite_file.name}.{digest.hex()[:8]}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise taken from None
        except OSError as fault:
            where = store.sqlite_file.parent
            raise StoreError(f"no lock can be made in {where}: {fault.strerror}; make it writable") from None
        try:
            yield
        finally:
            lock.release()
        return
    number = int.from_bytes(digest[:8], "big", signed=True)
    with store.connection() as connection:
        if not connection.execute(text("select pg_try_advisory_lock(:n)"), {"n": number}).scalar_one():
            raise taken
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(:n)"), {"n": number})
            connection.commit()

"""Opening the store: SQLite or PostgreSQL by URL, migrated, and one transaction at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from mailflow.errors import Inconsistent, StoreError
from mailflow.store.migrations import HEAD

Book = Session
_BUSY_MILLISECONDS = 10_000
_MIGRATIONS = Path(__file__).with_name("migrations")


class Fence(Protocol):
    """What stands before every transaction that writes, once the store is held."""

    def check(self, book: Book) -> None:
        """Raises when the store is not ours any more."""


class Store:
    """The database behind a URL. `transaction` writes, `snapshot` only reads. `hold` is our lock on it (store.lock)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.hold: Fence | None = None
        # What a pass found that the next one need not look for again; lost with the process, and then found anew.
        self.unchanged: object = None
        self.where = engine.url.render_as_string(hide_password=True)

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an SQLite store, None for a server."""
        url = self._engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @contextmanager
    def transaction(self) -> Iterator[Book]:
        """A unit of work: all of it is committed at the end, or none of it."""
        with explained(self.where), Session(self._engine) as book, book.begin():
            if self.hold is not None:
                self.hold.check(book)
            yield book

    @contextmanager
    def snapshot(self) -> Iterator[Book]:
        """A consistent view that changes nothing and holds nobody up."""
        reading = self._engine.execution_options(mailflow_reads=True)
        with explained(self.where), Session(reading) as book:
            yield book

    def connect(self) -> Connection:
        """A bare connection, the caller's to close: for the lock of a server's store."""
        with explained(self.where):
            return self._engine.connect()

    def migrate(self) -> None:
        """Bring the tables to this version's shape (Alembic); a store of a newer version is refused."""
        if self.sqlite_file is not None:
            try:
                self.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
                # Nobody else's business: SQLite gives its -wal and -shm files the same mode.
                self.sqlite_file.touch(mode=0o600, exist_ok=True)
            except OSError as fault:
                reason = f"the store's folder {self.sqlite_file.parent} can't be made: {fault.strerror}"
                raise StoreError(f"{reason}; give another in store.url") from None
        with explained(self.where), self._engine.connect() as connection:
            if inspect(connection).has_table("alembic_version"):
                found = connection.execute(text("select version_num from alembic_version")).scalars().all()
                if found == [HEAD]:
                    return
        # Alembic takes longer to load than most commands take to run, so only when there is work for it.
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with explained(self.where), self._engine.begin() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as fault:
                advice = "it was written by a newer mailflow; install that one, or restore a backup"
                raise StoreError(f"the store {self.where} can't be brought up to date: {fault}; {advice}") from None

    @property
    def exists(self) -> bool:
        """Whether there is a migrated store; reads nothing into being."""
        if self.sqlite_file is not None and not self.sqlite_file.exists():
            return False
        with explained(self.where), self._engine.connect() as connection:
            return inspect(connection).has_table("submissions")

    def backup(self, target: Path, now: datetime) -> None:
        """A consistent copy of an SQLite store while it is in use, which bears the instant at which it was made."""
        source = self.sqlite_file
        if source is None:
            raise StoreError(f"the store {self.where} is a server's; back it up with its own tool, pg_dump")
        if target.exists():
            raise StoreError(f"{target} exists already; a backup overwrites nothing, so give another name")
        try:
            target.touch(mode=0o600)
        except OSError as fault:
            raise StoreError(f"the backup to {target} failed: {fault.strerror}; check the folder") from None
        try:
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
                live.backup(copy)
                copy.execute("delete from copies")
                copy.execute("insert into copies (copied_at) values (?)", (_sqlite_instant(now),))
                copy.commit()
                sound = copy.execute("pragma integrity_check").fetchone()[0]
        except sqlite3.Error as fault:
            raise StoreError(f"the backup to {target} failed: {fault}; check the folder and the free space") from None
        if sound != "ok":
            raise StoreError(f"the backup {target} is not sound: {sound}; keep the former one and check the disk")

    def restore(self, source: Path, now: datetime) -> Path | None:
        """Put a copy in the place of an SQLite store; gives where the former one is kept, None where there was none."""
        here = self.sqlite_file
        if here is None:
            raise StoreError(f"the store {self.where} is a server's; put it back with its own tool, pg_restore")
        if not source.is_file():
            raise StoreError(f"there is no file {source}; give one that `mailflow backup` wrote")
        _sound_copy(source)
        self._engine.dispose()
        kept = here.with_name(f"{here.name}.before-{now:%Y%m%dT%H%M%S}") if here.exists() else None
        fresh = here.with_name(f"{here.name}.restoring")
        try:
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=0o600)
            with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(fresh)) as new:
                copy.backup(new)
            if kept:
                with closing(sqlite3.connect(here)) as former:
                    former.execute("pragma wal_checkpoint(truncate)")
                here.rename(kept)
            for ending in ("-wal", "-shm"):
                here.with_name(here.name + ending).unlink(missing_ok=True)
            fresh.rename(here)
        except (sqlite3.Error, OSError) as fault:
            raise StoreError(f"{source} can't be put back: {fault}; check the folder and the free space") from None
        return kept

    def compact(self) -> None:
        """Write an SQLite store anew, so that nothing of what was erased stays in its file; a server does it itself."""
        if self.sqlite_file is None:
            return
        self._engine.dispose()
        try:
            with closing(sqlite3.connect(self.sqlite_file, isolation_level=None)) as connection:
                connection.execute("vacuum")
                connection.execute("pragma wal_checkpoint(truncate)")
        except sqlite3.Error as fault:
            advice = "what was erased may still be found in its file: make room, then erase once more"
            raise StoreError(f"the store {self.where} can't be written anew: {fault}; {advice}") from None

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _sqlite_instant(value: datetime) -> str:
    """An instant as the driver writes it into an SQLite file."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _sound_copy(source: Path) -> None:
    """StoreError unless the file is a whole store of ours."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as copy:
            sound = copy.execute("pragma integrity_check").fetchone()[0]
            ours = copy.execute("select count(*) from sqlite_master where name = 'alembic_version'").fetchone()[0]
    except sqlite3.Error as fault:
        raise StoreError(f"{source} can't be read: {fault}; give a file that `mailflow backup` wrote") from None
    if sound != "ok" or not ours:
        raise StoreError(f"{source} is no sound store of mailflow's; give a file that `mailflow backup` wrote")


def open_store(url: str) -> Store:
    """The store behind this URL; nothing is connected or created yet."""
    try:
        parsed = make_url(url)
        # What was in a mail never reaches a log: no parameters in errors.
        engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (ArgumentError, NoSuchModuleError):
        raise StoreError(f"{url!r} is no store's URL; write sqlite:///FILE or postgresql+psycopg://…") from None
    except ModuleNotFoundError as fault:
        need = f"the store's driver {fault.name} is not installed; do: pip install 'mailflow[postgresql]'"
        raise StoreError(need) from None
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return Store(engine)


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, and too late; _on_begin does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("mailflow_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turns the driver's trouble into one line that says what to do."""
    try:
        yield
    except DBAPIError as fault:
        if fault.__class__.__name__ == "IntegrityError":
            # The driver's words hold the row's values; only what was broken is said.
            raise Inconsistent(str(fault.orig).strip().splitlines()[0]) from None
        reason = str(fault.orig).strip().splitlines()[0]
        raise StoreError(f"the store {where} refused: {reason}; {_remedy(reason)}") from fault


def _remedy(reason: str) -> str:
    words = reason.lower()
    for sign, remedy in (
        ("disk is full", "make room on the disk; nothing is lost, the work goes on from here"),
        ("readonly", "make the file and its folder writable for the user that runs mailflow"),
        ("unable to open", "check that the folder exists and is writable"),
        ("locked", "another program holds it; close that, or wait"),
        ("malformed", "the file is damaged; restore a backup"),
        ("not a database", "the file is damaged or something else; restore a backup"),
        ("password", "check the user and the password in store.url"),
        ("no such table", "run `mailflow run --once` once, which makes the tables"),
    ):
        if sign in words:
            return remedy
    return "check that the database server runs and that store.url is right"


def ping(book: Book) -> None:
    """Ask the database for nothing, to see that it answers."""
    book.execute(text("select 1"))

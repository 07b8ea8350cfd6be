"""The store on SQLite and on PostgreSQL: migrations, one unit of work, the lock, and what is remembered exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from mailflow.errors import AlreadyRunning, StoreError
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.submission import Key, State
from mailflow.store import events, inbox, outbox, records, threads
from mailflow.store.events import Event
from mailflow.store.inbox import Fetched, Mark
from mailflow.store.lock import sole
from mailflow.store.migrations import HEAD
from mailflow.store.outbox import PAUSES, LetterState, NewLetter
from mailflow.store.schema import Base
from mailflow.store.session import Book, Store, open_store
from mailflow.wire import Folder, Place, RawMail

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
KEY = Key("zhangsan", "weekly-plan", Period.parse("2026-W48"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    opened.migrate()
    yield opened
    opened.close()


def a_message(book: Book, number: int = 1, uidvalidity: int = 4_294_967_295) -> int:
    mail = RawMail(b"raw\x00bytes", NOW, Folder.INBOX, Place("a", "INBOX", uidvalidity, number))
    return inbox.remember(
        book, Fetched(mail, f"<{number}@x>", f"{number:064}", None, "zhangsan", "s", (), "submission", ("r",), True)
    )


def a_letter(key: str = "k") -> NewLetter:
    return NewLetter(key, "receipt", "zhangsan", ("z@x",), False, "s", f"<{key}@x>", "", b"m", {KEY: None})


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
        )


def test_head_is_the_newest_migration_and_migrating_again_does_nothing(store: Store) -> None:
    import mailflow.store.migrations as migrations

    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [HEAD]
    store.migrate()


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with store.transaction() as book:
        book.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match="newer mailflow"):
        store.migrate()


def test_a_unit_of_work_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction() as book:
        inbox.move_mark(book, "a", Mark("INBOX", 1, 7))
        outbox.put(book, a_letter(), NOW)
        raise RuntimeError("the power fails here")
    with store.snapshot() as book:
        assert inbox.mark_of(book, "a", "INBOX") is None
        assert outbox.letters(book) == []


def test_a_letter_s_key_makes_it_once_only(store: Store) -> None:
    with store.transaction() as book:
        assert outbox.put(book, a_letter(), NOW)
        assert not outbox.put(book, a_letter(), NOW)
        assert len(outbox.letters(book)) == 1


def test_pauses_grow_and_the_last_one_is_repeated(store: Store) -> None:
    with store.transaction() as book:
        outbox.put(book, a_letter(), NOW)
        number = outbox.letters(book)[0].id
        pauses = [outbox.mark_later(book, number, "421", NOW) - NOW for _ in range(len(PAUSES) + 2)]
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert pauses == sorted(pauses)


def test_versions_decisions_and_scores_come_back_exactly(store: Store) -> None:
    with store.transaction() as book:
        first, second = a_message(book), a_message(book, 2)
        before, number = records.add_version(book, KEY, first, NOW, "正文", [{"filename": "计划.docx", "text": "x"}])
        assert (before.version, number) == (0, 1)
        _, number = records.add_version(book, KEY, second, NOW + timedelta(seconds=1), "正文二", [])
        assert number == 2
        decision = Decision(Verdict.SCORE, Decimal("88.50"), "好")
        records.add_decision(book, before.id, 2, decision, NOW, by="wang", message_ref=second)
        records.set_state(book, before.id, State.SCORED)
    with store.snapshot() as book:
        found = records.submission(book, KEY)
        assert found is not None
        assert (found.score, found.comment, found.decided_at) == (Decimal("88.50"), "好", NOW)
        assert found.arrivals == (NOW, NOW + timedelta(seconds=1))
        assert [f.answered for f in threads.by_thread(book, ["<unknown@x>", "<1@x>"])] == [1]
        assert threads.by_code(book, found.code)[0].submission == found
        assert inbox.raw_of(book, first).raw == b"raw\x00bytes"


def test_an_occasion_is_done_once(store: Store) -> None:
    with store.transaction() as book:
        assert records.first_time(book, "cutoff/1", NOW)
        assert not records.first_time(book, "cutoff/1", NOW)


def test_events_keep_their_order_and_their_evidence(store: Store) -> None:
    with store.transaction() as book:
        for kind in ("received", "decided"):
            events.append(book, Event.about(KEY, NOW, kind, "<1@x>", received_at=NOW, reasons=["因为"]))
    with store.snapshot() as book:
        found = events.history(book, "zhangsan")
    assert [event.kind for event in found] == ["received", "decided"]
    assert (found[0].message_id, found[0].received_at, found[0].data) == ("<1@x>", NOW, {"reasons": ["因为"]})


def test_one_mailflow_a_store_at_a_time(store_url: str, store: Store) -> None:
    other = open_store(store_url)
    with sole(store), pytest.raises(AlreadyRunning), sole(other):
        pass
    with sole(other):
        pass
    other.close()


def test_a_naive_instant_is_a_fault() -> None:
    from mailflow.store.schema import Instant

    with pytest.raises(ValueError, match="naive"):
        Instant().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]


def test_a_letter_state_is_counted(store: Store) -> None:
    with store.transaction() as book:
        for key in "abc":
            outbox.put(book, a_letter(key), NOW)
        ids = [letter.id for letter in outbox.letters(book)]
        outbox.mark_sent(book, ids[0], NOW)
        outbox.mark_failed(book, ids[1], "550")
        assert outbox.counts(book) == {
            LetterState.WAITING: 1, LetterState.SENT: 1, LetterState.FAILED: 1, LetterState.CANCELLED: 0,
            LetterState.HELD: 0, LetterState.RETURNED: 0,
        }  # fmt: skip
        assert outbox.sent_since(book, NOW - timedelta(seconds=1)) == 1


@pytest.mark.parametrize("url", ["nonsense", "mysql+nosuch://x/y"])
def test_a_url_that_is_none_says_which_there_are(url: str) -> None:
    with pytest.raises(StoreError):
        open_store(url)


@pytest.mark.parametrize(
    ("pragma", "remedy"), [("max_page_count = 1", "make room on the disk"), ("query_only = 1", "writable")]
)
def test_a_full_disk_and_a_read_only_file_say_what_to_do(tmp_path: Path, pragma: str, remedy: str) -> None:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    opened.migrate()
    with pytest.raises(StoreError, match=remedy), opened.transaction() as book:
        book.execute(text(f"pragma {pragma}"))
        outbox.put(book, replace(a_letter(), message=b"x" * 10_000_000), NOW)
    opened.close()

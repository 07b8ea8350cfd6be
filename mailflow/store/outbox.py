"""The outbox: letters are written in the transaction of the change that causes them, and sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from mailflow.rules.submission import Key
from mailflow.store.schema import LetterDueRow, LetterRow
from mailflow.store.session import Book


class LetterState(StrEnum):
    """waiting: to be sent at its time · sent: the server took it · failed: refused for good · cancelled: by hand."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


# How long to wait after each try that failed for now; the last one is repeated until a person steps in.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))


@dataclass(frozen=True)
class NewLetter:
    """A letter to be put into the outbox. `key` makes it once only.

    `about` is what it is about; in a letter to a reviewer each with its row's number and the version it shows.
    """

    key: str
    kind: str
    person: str | None
    recipients: tuple[str, ...]
    to_director_alone: bool
    subject: str
    message_id: str
    in_reply_to: str
    message: bytes
    about: Mapping[Key, tuple[int, int] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredLetter:
    """A letter as the outbox has it."""

    id: int
    kind: str
    person: str | None
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    message: bytes
    state: LetterState
    attempts: int
    last_error: str
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    dues: tuple[Key, ...] = ()


def put(book: Book, letter: NewLetter, now: datetime, not_before: datetime | None = None) -> bool:
    """Put a letter into the outbox; False when its key is there already, so that nothing is written twice."""
    if book.scalar(select(LetterRow.id).where(LetterRow.key == letter.key)) is not None:
        return False
    row = LetterRow(
        key=letter.key,
        kind=letter.kind,
        person_id=letter.person,
        recipients=list(letter.recipients),
        to_director_alone=letter.to_director_alone,
        subject=letter.subject,
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        message=letter.message,
        state=LetterState.WAITING.value,
        created_at=now,
        next_try_at=not_before or now,
    )
    book.add(row)
    book.flush()
    for due, place in letter.about.items():
        number, version = place or (None, None)
        book.add(
            LetterDueRow(
                letter_id=row.id, person_id=due.person, duty_id=due.duty, period=due.period.label,
                number=number, version=version,
            )
        )  # fmt: skip
    return True


def keys(book: Book) -> list[str]:
    """The keys of all letters, in the order in which they were written."""
    return list(book.scalars(select(LetterRow.key).order_by(LetterRow.id)))


def count_of(book: Book, prefix: str) -> int:
    """How many letters there are whose keys begin so."""
    return book.scalar(select(func.count()).where(LetterRow.key.startswith(prefix, autoescape=True))) or 0


def withdraw_held(book: Book, key: Key, kinds: Iterable[str], now: datetime) -> int:
    """Cancel the letters about a decision that are still held back, because another decision replaces it."""
    rows = book.scalars(
        select(LetterRow)
        .join(LetterDueRow, LetterDueRow.letter_id == LetterRow.id)
        .where(
            LetterRow.state == LetterState.WAITING.value,
            LetterRow.kind.in_(list(kinds)),
            LetterRow.attempts == 0,
            LetterRow.next_try_at > now,
            LetterDueRow.person_id == key.person,
            LetterDueRow.duty_id == key.duty,
            LetterDueRow.period == key.period.label,
        )
    ).all()
    for row in rows:
        row.state, row.last_error = LetterState.CANCELLED.value, "replaced by another decision before it was sent"
    return len(rows)


def _stored(row: LetterRow, dues: tuple[Key, ...] = ()) -> StoredLetter:
    return StoredLetter(
        row.id,
        row.kind,
        row.person_id,
        tuple(row.recipients),
        row.subject,
        row.message_id,
        row.message,
        LetterState(row.state),
        row.attempts,
        row.last_error,
        row.created_at,
        row.next_try_at,
        row.sent_at,
        dues,
    )


def due_letters(book: Book, now: datetime, limit: int | None = None) -> list[StoredLetter]:
    """The letters whose time has come, oldest first."""
    query = select(LetterRow).where(LetterRow.state == LetterState.WAITING.value, LetterRow.next_try_at <= now)
    return [_stored(row) for row in book.scalars(query.order_by(LetterRow.id).limit(limit))]


def letters(book: Book, states: Iterable[LetterState] | None = None) -> list[StoredLetter]:
    """The letters in these states, or all, oldest first."""
    query = select(LetterRow).order_by(LetterRow.id)
    if states is not None:
        query = query.where(LetterRow.state.in_([state.value for state in states]))
    return [_stored(row) for row in book.scalars(query)]


def get(book: Book, letter_id: int) -> StoredLetter | None:
    """The letter with this number."""
    row = book.get(LetterRow, letter_id)
    return _stored(row) if row else None


def mark_sent(book: Book, letter_id: int, now: datetime) -> None:
    """The server took it."""
    row = book.get_one(LetterRow, letter_id)
    row.state, row.sent_at, row.attempts, row.last_error = LetterState.SENT.value, now, row.attempts + 1, ""


def mark_later(book: Book, letter_id: int, error: str, now: datetime) -> datetime:
    """The server is away or says later: the next try, after a pause that grows."""
    row = book.get_one(LetterRow, letter_id)
    row.next_try_at = now + PAUSES[min(row.attempts, len(PAUSES) - 1)]
    row.attempts, row.last_error = row.attempts + 1, error
    return row.next_try_at


def mark_failed(book: Book, letter_id: int, error: str) -> None:
    """The server refused it for good: it is parked until a person retries or cancels it."""
    row = book.get_one(LetterRow, letter_id)
    row.state, row.attempts, row.last_error = LetterState.FAILED.value, row.attempts + 1, error


def retry(book: Book, letter_id: int, now: datetime) -> bool:
    """Let a waiting or failed letter be tried at once; False where there is none such."""
    row = book.get(LetterRow, letter_id)
    if row is None or row.state not in (LetterState.WAITING.value, LetterState.FAILED.value):
        return False
    row.state, row.next_try_at = LetterState.WAITING.value, now
    return True


def cancel(book: Book, letter_id: int, why: str) -> bool:
    """Never send a waiting or failed letter; False where there is none such."""
    row = book.get(LetterRow, letter_id)
    if row is None or row.state not in (LetterState.WAITING.value, LetterState.FAILED.value):
        return False
    row.state, row.last_error = LetterState.CANCELLED.value, why
    return True


def counts(book: Book) -> dict[LetterState, int]:
    """How many letters are in each state."""
    rows = book.execute(select(LetterRow.state, func.count()).group_by(LetterRow.state)).all()
    found = {LetterState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in LetterState}


def sent_since(book: Book, since: datetime) -> int:
    """How many letters left after that instant: what a provider's limit counts."""
    query = select(func.count()).where(LetterRow.sent_at > since)
    return book.scalar(query) or 0

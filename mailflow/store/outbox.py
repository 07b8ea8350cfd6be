"""The outbox: letters are written in the transaction of the change that causes them, and sent afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Likely, Rest, Verdict
from mailflow.rules.submission import Key
from mailflow.store.schema import LetterDueRow, LetterRow
from mailflow.store.session import Book
from mailflow.wire import TO_DECIDERS


class LetterState(StrEnum):
    """waiting: to be sent at its time · held: until a person lets it go · sent: the server took it · failed: refused
    for good · returned: sent, and bounced · cancelled: by hand, or replaced before it was sent."""

    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


# What a person may send again or drop.
STUCK = (LetterState.WAITING, LetterState.HELD, LetterState.FAILED, LetterState.RETURNED)


# How long to wait after each try that failed for now; the last one is repeated until a person steps in.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))


# A decision that a letter proposes, and the words with which a tap says it.
Tap = tuple[str, Decision]


@dataclass(frozen=True)
class NewLetter:
    """A letter to be put into the outbox. `key` makes it once only.

    `about` is what it is about; in a letter to a reviewer each with its row's number and the version it shows.
    `taps` are what it proposes of one thing, each with the words that a tap sends; `likely` what it proposes of many.
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
    taps: tuple[Tap, ...] = ()
    likely: Likely | None = None


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


def put(
    book: Book, letter: NewLetter, now: datetime, not_before: datetime | None = None, *, held: bool = False
) -> bool:
    """Put a letter into the outbox; False when its key is there already, so that nothing is written twice."""
    if has(book, letter.key):
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
        proposal=_kept(letter),
        state=(LetterState.HELD if held else LetterState.WAITING).value,
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


def _kept(letter: NewLetter) -> dict[str, Any] | None:
    if letter.taps:
        return {"taps": [[words, proposal_json(decision)] for words, decision in letter.taps]}
    if letter.likely is None:
        return None
    rows = [[number, review.value, proposal_json(decision)] for number, review, decision in letter.likely.rows]
    rest = [[each.words, each.why, list(each.numbers)] for each in letter.likely.rest]
    return {"words": letter.likely.words, "rows": rows, "rest": rest}


def likely_of(kept: Mapping[str, Any] | None) -> Likely | None:
    """What a letter proposes of many, from what is kept of it."""
    if not kept or "rows" not in kept:
        return None
    rows = [(number, Review(review), proposal_of(decision)) for number, review, decision in kept["rows"]]
    known = tuple((number, review, found) for number, review, found in rows if found)
    rest = tuple(Rest(words, why, tuple(numbers)) for words, why, numbers in kept.get("rest", ()))
    return Likely(kept["words"], known, rest)


def taps_of(kept: Mapping[str, Any] | None) -> tuple[Tap, ...]:
    """What a letter proposes of one thing, from what is kept of it. Letters of old have one without words."""
    rows = (kept or {}).get("taps") or [["", kept]]
    return tuple((words, found) for words, decision in rows if (found := proposal_of(decision)))


def proposal_json(decision: Decision) -> dict[str, str | None]:
    """A proposal as it is kept."""
    score = None if decision.score is None else str(decision.score)
    return {"verdict": decision.verdict.value, "score": score, "comment": decision.comment}


def proposal_of(kept: Mapping[str, Any] | None) -> Decision | None:
    """A proposal from what is kept of it."""
    if not kept or "verdict" not in kept:
        return None
    score = Decimal(kept["score"]) if kept["score"] is not None else None
    return Decision(Verdict(kept["verdict"]), score, str(kept["comment"]))


def has(book: Book, key: str) -> bool:
    """Whether a letter with this key was written."""
    return book.scalar(select(LetterRow.id).where(LetterRow.key == key)) is not None


def newest_key(book: Book, person: str, kind: str) -> str:
    """The key of the newest letter of a kind to a person, an empty word where there is none."""
    query = select(LetterRow.key).where(LetterRow.person_id == person, LetterRow.kind == kind)
    return book.scalar(query.order_by(LetterRow.id.desc()).limit(1)) or ""


def newest_at(book: Book, person: str, key_begins: str) -> datetime | None:
    """When the newest letter to a person was written whose key begins so."""
    return _newest(book, person, LetterRow.key.startswith(key_begins, autoescape=True))


def newest_to_decider(book: Book, person: str) -> datetime | None:
    """When the newest letter was written that lists to this decider what mail in INBOX decided."""
    return _newest(book, person, or_(LetterRow.kind.in_(TO_DECIDERS), LetterRow.key.startswith("receipt/settled/")))


def _newest(book: Book, person: str, wanted: ColumnElement[bool]) -> datetime | None:
    found: datetime | None = book.scalar(
        select(func.max(LetterRow.created_at)).where(LetterRow.person_id == person, wanted)
    )
    return found


def by_key(book: Book, key: str) -> str:
    """The Message-ID of the letter with this key, an empty word where there is none."""
    return book.scalar(select(LetterRow.message_id).where(LetterRow.key == key)) or ""


def written_since(book: Book, person: str, since: datetime) -> int:
    """How many letters to a person were written after that instant and not dropped."""
    query = select(func.count()).where(
        LetterRow.person_id == person, LetterRow.created_at > since, LetterRow.state != LetterState.CANCELLED.value
    )
    return book.scalar(query) or 0


def leave_times(book: Book, key: Key, kind: str, since: datetime) -> list[datetime]:
    """When the letters of a kind about one submission left, or will, after that instant; earliest first."""
    query = (
        select(LetterRow.next_try_at)
        .join(LetterDueRow, LetterDueRow.letter_id == LetterRow.id)
        .where(
            LetterRow.kind == kind,
            LetterRow.state != LetterState.CANCELLED.value,
            LetterRow.next_try_at > since,
            *_about(key),
        )
    )
    return list(book.scalars(query.order_by(LetterRow.next_try_at)))


def _about(key: Key) -> tuple[ColumnElement[bool], ...]:
    return (
        LetterDueRow.person_id == key.person,
        LetterDueRow.duty_id == key.duty,
        LetterDueRow.period == key.period.label,
    )


def keys(book: Book) -> list[str]:
    """The keys of all letters, in the order in which they were written."""
    return list(book.scalars(select(LetterRow.key).order_by(LetterRow.id)))


def count_of(book: Book, prefix: str) -> int:
    """How many letters there are whose keys begin so."""
    return book.scalar(select(func.count()).where(LetterRow.key.startswith(prefix, autoescape=True))) or 0


def withdraw_held(book: Book, keys: Collection[Key], kinds: Iterable[str], now: datetime) -> int:
    """Cancel the letters still held back that are about these submissions and no others: a newer one replaces them."""
    about = or_(*(and_(*_about(key)) for key in keys))
    dues = select(LetterDueRow.letter_id).where(LetterDueRow.letter_id == LetterRow.id).correlate(LetterRow)
    rows = book.scalars(
        select(LetterRow).where(
            LetterRow.kind.in_(list(kinds)),
            or_(
                LetterRow.state == LetterState.HELD.value,
                and_(
                    LetterRow.state == LetterState.WAITING.value, LetterRow.attempts == 0, LetterRow.next_try_at > now
                ),
            ),
            dues.where(about).exists(),
            ~dues.where(not_(about)).exists(),
        )
    ).all()
    for row in rows:
        row.state, row.last_error = LetterState.CANCELLED.value, "replaced by a newer letter before it was sent"
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


def narrow(book: Book, letter_id: int, recipients: Iterable[str]) -> None:
    """Only these are still to get the letter: the server took it for the others, or the address is another now."""
    book.get_one(LetterRow, letter_id).recipients = list(recipients)


def mark_returned(book: Book, message_ids: Iterable[str], said: str) -> list[StoredLetter]:
    """A mail server sent these letters back; gives those that were sent and are known as returned now."""
    rows = book.scalars(
        select(LetterRow).where(LetterRow.message_id.in_(list(message_ids)), LetterRow.state == LetterState.SENT.value)
    ).all()
    for row in rows:
        row.state, row.last_error = LetterState.RETURNED.value, said
    return [_stored(row) for row in rows]


def mark_failed(book: Book, letter_id: int, error: str) -> None:
    """The server refused it for good: it is parked until a person retries or cancels it."""
    row = book.get_one(LetterRow, letter_id)
    row.state, row.attempts, row.last_error = LetterState.FAILED.value, row.attempts + 1, error


def retry(book: Book, letter_id: int, now: datetime) -> bool:
    """Let a letter that is stuck be tried at once; False where there is none such."""
    row = book.get(LetterRow, letter_id)
    if row is None or LetterState(row.state) not in STUCK:
        return False
    row.state, row.next_try_at, row.sent_at = LetterState.WAITING.value, now, None
    return True


def cancel(book: Book, letter_id: int, why: str) -> bool:
    """Never send a letter that is stuck; False where there is none such. One that came back stays sent, and settled."""
    row = book.get(LetterRow, letter_id)
    if row is None or LetterState(row.state) not in STUCK:
        return False
    returned = row.state == LetterState.RETURNED.value
    row.state, row.last_error = (LetterState.SENT if returned else LetterState.CANCELLED).value, why
    return True


def counts(book: Book) -> dict[LetterState, int]:
    """How many letters are in each state."""
    rows = book.execute(select(LetterRow.state, func.count()).group_by(LetterRow.state)).all()
    found = {LetterState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in LetterState}


def oldest_due(book: Book, now: datetime) -> datetime | None:
    """Since when the oldest letter that should have left by now has been written, None where none waits."""
    # One that was not tried yet may have been held back on purpose, until its first try.
    due = case((LetterRow.attempts == 0, LetterRow.next_try_at), else_=LetterRow.created_at)
    oldest: datetime | None = book.scalar(
        select(func.min(due)).where(LetterRow.state == LetterState.WAITING.value, due <= now)
    )
    return oldest


def sent_since(book: Book, since: datetime) -> int:
    """How many letters left after that instant: what a provider's limit counts."""
    query = select(func.count()).where(LetterRow.sent_at > since)
    return book.scalar(query) or 0

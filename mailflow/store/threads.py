"""Threads: what a message answers. A version's mail, a letter of ours, an answer of his that was a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from mailflow.rules.periods import Period
from mailflow.rules.review import Likely
from mailflow.rules.submission import Key, Target
from mailflow.store import outbox
from mailflow.store.records import of_periods, submissions_by_id, submissions_of
from mailflow.store.schema import DecisionRow, LetterDueRow, LetterRow, MessageRow, SubmissionRow, VersionRow
from mailflow.store.session import Book
from mailflow.wire import TO_DECIDERS

# How the keys of letters begin that ask whether a mail is the decider's own.
PROOF = "clarify/proof/"


@dataclass(frozen=True)
class Place:
    """A row of a letter to a reviewer: its number and the version that it shows, 0 for none."""

    number: int
    key: Key
    version: int


@dataclass(frozen=True)
class FoundLetter:
    """A letter of ours that a message answers. `to` is the one person it went to, `rows` those of a reviewer's;
    `proof` says that it asks whether an earlier mail was his; `proposed_at` is when the mail arrived
    that it asks about, or when it was written itself."""

    message_id: str
    kind: str
    to: str
    proposed_at: datetime
    dues: tuple[Key, ...]
    in_reply_to: str = ""
    rows: tuple[Place, ...] = ()
    proof: bool = False
    taps: tuple[outbox.Tap, ...] = ()
    likely: Likely | None = None
    message: bytes = b""


def by_thread(book: Book, thread: Sequence[str]) -> list[Target]:
    """The submissions that the nearest known Message-ID of a thread is about: a version's mail, our letter, or
    an answer of his that was a decision."""
    for message_id in thread:
        if found := _of_message(book, message_id):
            return found
        decided = book.scalars(
            select(DecisionRow.submission_id)
            .join(MessageRow, MessageRow.id == DecisionRow.message_ref)
            .where(MessageRow.message_id == message_id)
        ).all()
        if decided:
            return [Target(found) for found in submissions_by_id(book, decided).values()]
    return []


def answered(book: Book, in_reply_to: Sequence[str]) -> list[Target]:
    """What the one message in In-Reply-To is about, if that very message is a submission or a letter of ours."""
    return _of_message(book, in_reply_to[0]) if len(in_reply_to) == 1 else []


def _of_message(book: Book, message_id: str) -> list[Target]:
    versions = book.execute(
        select(VersionRow.submission_id, VersionRow.number)
        .join(MessageRow, MessageRow.id == VersionRow.message_ref)
        .where(MessageRow.message_id == message_id, VersionRow.withdrawn.is_(False))
    ).all()
    if versions:
        known = submissions_by_id(book, [row[0] for row in versions])
        return [Target(known[submission_id], number) for submission_id, number in versions]
    letter_dues = book.scalars(
        select(LetterDueRow)
        .join(LetterRow, LetterRow.id == LetterDueRow.letter_id)
        .where(LetterRow.message_id == message_id, LetterDueRow.number.is_(None))
    ).all()
    keys = [Key(row.person_id, row.duty_id, Period.parse(row.period)) for row in letter_dues]
    books = of_periods(book, {key.period for key in keys}) if keys else {}
    return [Target(books[key]) for key in keys if key in books]


def by_code(book: Book, code: str) -> list[Target]:
    """The submission with this code."""
    rows = book.scalars(select(SubmissionRow).where(SubmissionRow.code == code)).all() if code else []
    return [Target(found) for found in submissions_of(book, rows)]


def own_message_ids(book: Book, message_ids: Iterable[str]) -> frozenset[str]:
    """Those of these Message-IDs that are letters of ours."""
    wanted = [message_id for message_id in message_ids if message_id]
    return frozenset(book.scalars(select(LetterRow.message_id).where(LetterRow.message_id.in_(wanted))))


def answered_letter(book: Book, thread: Sequence[str]) -> FoundLetter | None:
    """The letter of ours that a message answers directly (the nearest Message-ID of its thread)."""
    row = book.scalar(select(LetterRow).where(LetterRow.message_id == thread[0])) if thread else None
    if row is None:
        return None
    dues = book.scalars(select(LetterDueRow).where(LetterDueRow.letter_id == row.id)).all()
    keys = {due: Key(due.person_id, due.duty_id, Period.parse(due.period)) for due in dues}
    rows = [Place(due.number, key, due.version or 0) for due, key in keys.items() if due.number is not None]
    rows.sort(key=lambda place: (place.number, place.key.duty))
    plain = tuple(key for due, key in keys.items() if due.number is None)
    return FoundLetter(
        row.message_id,
        row.kind,
        row.person_id or "",
        (arrived_at(book, row.in_reply_to) if row.kind == "clarify" else None) or row.created_at,
        plain,
        row.in_reply_to,
        tuple(rows),
        row.key.startswith(PROOF),
        outbox.taps_of(row.proposal),
        outbox.likely_of(row.proposal),
        row.message,
    )


def numbers_in_digest(book: Book, reviewer: str) -> dict[str, int]:
    """The number of each person in the newest digest of this reviewer."""
    newest = book.scalar(
        select(func.max(LetterRow.id)).where(LetterRow.kind == "digest", LetterRow.person_id == reviewer)
    )
    rows = book.scalars(select(LetterDueRow).where(LetterDueRow.letter_id == newest)) if newest else ()
    return {row.person_id: row.number for row in rows if row.number is not None}


def arrived_at(book: Book, message_id: str) -> datetime | None:
    """When the mail with that Message-ID arrived, None where none is remembered."""
    query = select(MessageRow.received_at).where(MessageRow.message_id == message_id)
    return book.scalars(query.order_by(MessageRow.received_at)).first() if message_id else None


def letters_to_deciders(book: Book, message_ids: Sequence[str]) -> frozenset[str]:
    """Those of these Message-IDs that are letters which only deciders get."""
    if not message_ids:
        return frozenset()
    with_rows = select(LetterDueRow.letter_id).where(LetterDueRow.number.is_not(None))
    query = select(LetterRow.message_id).where(
        LetterRow.message_id.in_(list(message_ids)),
        or_(LetterRow.kind.in_(TO_DECIDERS), LetterRow.id.in_(with_rows)),
    )
    return frozenset(book.scalars(query))


def borne_twice(book: Book, in_reply_to: Sequence[str]) -> bool:
    """Whether several mails bear the Message-ID that is answered, so that it doesn't say which is meant."""
    if len(in_reply_to) != 1:
        return False
    contents = select(func.count(MessageRow.content_hash.distinct())).where(MessageRow.message_id == in_reply_to[0])
    return (book.scalar(contents) or 0) > 1


def answered_text(book: Book, thread: Sequence[str]) -> str:
    """The text of the submission that a message answers directly; an empty word where it answers none."""
    if not thread:
        return ""
    found = book.scalars(
        select(VersionRow.text)
        .join(MessageRow, MessageRow.id == VersionRow.message_ref)
        .where(MessageRow.message_id == thread[0])
    ).first()
    return found or ""

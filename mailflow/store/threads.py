"""Threads: what a message answers. A version's mail, a letter of ours, an answer of his that was a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mailflow.rules.periods import Period
from mailflow.rules.submission import Key, Target
from mailflow.store.records import of_periods, submissions_by_id, submissions_of
from mailflow.store.schema import DecisionRow, LetterDueRow, LetterRow, MessageRow, SubmissionRow, VersionRow
from mailflow.store.session import Book


@dataclass(frozen=True)
class Place:
    """A row of a letter to a reviewer: its number and the version that it shows, 0 for none."""

    number: int
    key: Key
    version: int


@dataclass(frozen=True)
class FoundLetter:
    """A letter of ours that a message answers. `to` is the one person it went to, `rows` those of a reviewer's."""

    kind: str
    to: str
    dues: tuple[Key, ...]
    in_reply_to: str = ""
    rows: tuple[Place, ...] = ()


def by_thread(book: Book, thread: Sequence[str]) -> list[Target]:
    """The submissions that the nearest known Message-ID of a thread is about: a version's mail, our letter, or
    an answer of his that was a decision."""
    for message_id in thread:
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
        if letter_dues:
            keys = [Key(row.person_id, row.duty_id, Period.parse(row.period)) for row in letter_dues]
            books = of_periods(book, {key.period for key in keys})
            return [Target(books[key]) for key in keys if key in books]
        decided = book.scalars(
            select(DecisionRow.submission_id)
            .join(MessageRow, MessageRow.id == DecisionRow.message_ref)
            .where(MessageRow.message_id == message_id)
        ).all()
        if decided:
            return [Target(found) for found in submissions_by_id(book, decided).values()]
    return []


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
    return FoundLetter(row.kind, row.person_id or "", plain, row.in_reply_to, tuple(rows))


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


def is_chat(book: Book, thread: Sequence[str], director: str) -> bool:
    """Whether the mail that is answered directly is known, from somebody else than the director, and no submission."""
    if not thread:
        return False
    found = book.execute(
        select(MessageRow.disposition, MessageRow.person_id).where(MessageRow.message_id == thread[0])
    ).all()
    return bool(found) and all(disposition == "other" and person != director for disposition, person in found)

"""Erasure: one person's rows are taken out of the book, and what must stay keeps nothing of him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from mailflow.store import closings
from mailflow.store.outbox import LetterState
from mailflow.store.schema import (
    DecisionRow,
    DeputyRow,
    ErasureRow,
    EventRow,
    ExcuseRow,
    LetterDueRow,
    LetterRow,
    MessageRow,
    PersonRow,
    QuarantineRow,
    SubmissionRow,
    TokenRow,
    VersionRow,
)
from mailflow.store.session import Book

# A message whose content was erased is still known, so that it is not booked again when the mailbox is read anew.
ERASED = "erased"


@dataclass(frozen=True)
class Erased:
    """How much was taken out."""

    messages: int = 0
    submissions: int = 0
    letters: int = 0
    events: int = 0


def of_person(book: Book, person: str) -> Erased:
    """Take out everything that is about this person alone.

    A decision's message goes with it where it decided on nobody else. Letters to him keep nothing but the fact that
    they left.
    """
    submissions = list(book.scalars(select(SubmissionRow.id).where(SubmissionRow.person_id == person)))
    evidence = set(
        book.scalars(
            select(DecisionRow.message_ref).where(
                DecisionRow.submission_id.in_(submissions), DecisionRow.message_ref.is_not(None)
            )
        )
    )
    book.execute(delete(DecisionRow).where(DecisionRow.submission_id.in_(submissions)))
    shared = set(book.scalars(select(DecisionRow.message_ref).where(DecisionRow.message_ref.in_(evidence))))
    mine = set(book.scalars(select(MessageRow.id).where(MessageRow.person_id == person))) | (evidence - shared)
    book.execute(delete(VersionRow).where(VersionRow.submission_id.in_(submissions)))
    book.execute(delete(TokenRow).where(or_(TokenRow.submission_id.in_(submissions), TokenRow.reviewer == person)))
    book.execute(delete(SubmissionRow).where(SubmissionRow.id.in_(submissions)))
    book.execute(delete(ExcuseRow).where(ExcuseRow.person_id == person))
    book.execute(delete(DeputyRow).where(DeputyRow.person_id == person))
    book.execute(delete(PersonRow).where(PersonRow.id == person))
    closings.rename(book, person, None)
    book.execute(delete(LetterDueRow).where(LetterDueRow.person_id == person))
    events = book.execute(delete(EventRow).where(EventRow.person_id == person)).rowcount  # type: ignore[attr-defined]
    blank_messages(book, (number for number in mine if number is not None))
    book.execute(update(MessageRow).where(MessageRow.id.in_(shared)).values(raw=None, subject="", reasons=[]))
    letters = list(book.scalars(select(LetterRow).where(LetterRow.person_id == person)))
    for row in letters:
        row.key, row.person_id, row.recipients = f"{ERASED}/{row.id}", None, []
        if LetterState(row.state) not in (LetterState.SENT, LetterState.RETURNED):
            row.state = LetterState.CANCELLED.value
    blank_letters(book, [row.id for row in letters])
    return Erased(len(mine), len(submissions), len(letters), events)


def blank_messages(book: Book, numbers: Iterable[int]) -> None:
    """Messages lose their content and leave quarantine; by their keys they are still known."""
    wanted = list(numbers)
    book.execute(delete(QuarantineRow).where(QuarantineRow.message_ref.in_(wanted)))
    book.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(wanted))
        .values(person_id=None, subject="", subject_key="", references=[], reasons=[], raw=None, disposition=ERASED)
    )


def messages_of_nobody(book: Book) -> list[tuple[int, bytes]]:
    """The kept messages of which nobody knows who wrote them: number and bytes."""
    rows = book.execute(
        select(MessageRow.id, MessageRow.raw).where(MessageRow.person_id.is_(None), MessageRow.raw.is_not(None))
    )
    return [(number, raw or b"") for number, raw in rows]


def letters_to_others(book: Book, person: str) -> list[tuple[int, bytes]]:
    """The letters that went to somebody else: number and bytes, to be looked through for his name."""
    rows = book.execute(select(LetterRow.id, LetterRow.message).where(LetterRow.person_id.is_distinct_from(person)))
    return [(number, message) for number, message in rows]


def events_of_others(book: Book, names: Iterable[str]) -> int:
    """Take his name out of what is told of nobody in particular; gives how many events lost their words."""
    wanted = tuple(names)
    rows = [row for row in book.scalars(select(EventRow)) if any(name in str(row.data) for name in wanted)]
    for row in rows:
        row.data = {ERASED: True}
    return len(rows)


def blank_letters(book: Book, numbers: Iterable[int]) -> None:
    """Letters lose their words and keep their Message-IDs, by which answers are still known."""
    for number in numbers:
        row = book.get_one(LetterRow, number)
        row.message = f"Message-ID: {row.message_id}\r\n\r\n".encode()
        row.subject, row.last_error = "", ""


def remember(book: Book, person: str, at: datetime) -> None:
    """That a person was erased, and when: nothing is owed from before it."""
    book.merge(ErasureRow(person_id=person, at=at))

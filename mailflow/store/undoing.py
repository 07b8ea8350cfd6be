"""Undoing what a wrong clock has done: occasions of a time still to come, and letters of them that never left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from mailflow.store import outbox
from mailflow.store.outbox import LetterState
from mailflow.store.schema import LetterRow, MonthRow, OccasionRow
from mailflow.store.session import Book


def of_the_future(book: Book, after: datetime) -> int:
    """Let every occasion and month that was done after that instant come again at its time; gives how many letters are
    dropped. Letters that left keep their keys, so that none is written twice."""
    stuck = (LetterState.HELD.value, LetterState.CANCELLED.value)
    letters = book.scalars(
        select(LetterRow).where(LetterRow.created_at > after, LetterRow.sent_at.is_(None), LetterRow.state.in_(stuck))
    ).all()
    for row in letters:
        row.key, row.state = f"undone/{row.id}", LetterState.CANCELLED.value
        row.last_error = row.last_error or "written by a clock that was wrong"
    book.flush()
    for month in book.scalars(select(MonthRow).where(MonthRow.made_at > after)).all():
        kind = "correction" if month.number else "monthly"
        if not outbox.has(book, f"{kind}/{month.month}/{month.number}"):
            book.delete(month)
    book.execute(delete(OccasionRow).where(OccasionRow.done_at > after))
    book.flush()
    return len(letters)

"""Months as HR was sent them: frozen bytes with their checksum, and what their figures rested on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mailflow.rules.periods import Period
from mailflow.store.schema import EventRow, MonthRow
from mailflow.store.session import Book

# Events that change no figure.
_QUIET = (
    "letter-sent",
    "letter-failed",
    "letter-returned",
    "letter-cancelled",
    "reminder",
    "missing",
    "asked",
    "said",
    "quarantined",
    "deputy-named",
)


@dataclass(frozen=True)
class Frozen:
    """A month as it was sent. `mark` is what it was last compared with and found unchanged."""

    number: int
    made_at: datetime
    checksum: str
    workbook: bytes
    figures: dict[str, str]
    mark: str


def newest(book: Book, month: Period) -> Frozen | None:
    """The month as it was last sent to HR."""
    row = book.scalars(select(MonthRow).where(MonthRow.month == month.label).order_by(MonthRow.number.desc())).first()
    if row is None:
        return None
    return Frozen(row.number, row.made_at, row.checksum, row.workbook, dict(row.figures), row.mark)


def freeze(book: Book, month: Period, frozen: Frozen) -> bool:
    """Keep a month as it is sent; False where this number was sent already."""
    if book.get(MonthRow, (month.label, frozen.number)) is not None:
        return False
    book.add(
        MonthRow(
            month=month.label, number=frozen.number, made_at=frozen.made_at, checksum=frozen.checksum,
            workbook=frozen.workbook, figures=frozen.figures, mark=frozen.mark,
        )
    )  # fmt: skip
    book.flush()
    return True


def checked(book: Book, month: Period, number: int, mark: str) -> None:
    """The month was compared again and is unchanged."""
    book.get_one(MonthRow, (month.label, number)).mark = mark


def sent(book: Book) -> list[Period]:
    """The months that HR was sent."""
    return [Period.parse(label) for label in book.scalars(select(MonthRow.month).distinct())]


def compared(book: Book, month: Period, figures: dict[str, str], mark: str) -> None:
    """From here on the month is compared with these figures."""
    row = book.scalars(select(MonthRow).where(MonthRow.month == month.label).order_by(MonthRow.number.desc())).first()
    if row is not None:
        row.figures, row.mark = figures, mark


def newest_event(book: Book, weeks: Iterable[Period] | None = None) -> int:
    """The number of the newest event that can change a figure, of these weeks or of all."""
    query = select(func.max(EventRow.id)).where(EventRow.kind.not_in(_QUIET))
    if weeks is not None:
        query = query.where(EventRow.period.in_([week.label for week in weeks]))
    return book.scalar(query) or 0

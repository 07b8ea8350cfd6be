"""Months as HR was sent them: frozen bytes with their checksum, and what their figures rested on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from mailflow.rules.periods import Period
from mailflow.rules.scores import ScoreRules
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
    """A month as it was sent. `mark` is what it was last compared with and found unchanged; `rules` are those of
    scoring by which it was made, None in one of the first versions, whose figures are by name and not by id."""

    number: int
    made_at: datetime
    checksum: str
    workbook: bytes
    figures: dict[str, str]
    mark: str
    rules: ScoreRules | None = None


def newest(book: Book, month: Period) -> Frozen | None:
    """The month as it was last sent to HR."""
    row = book.scalars(select(MonthRow).where(MonthRow.month == month.label).order_by(MonthRow.number.desc())).first()
    if row is None:
        return None
    return Frozen(row.number, row.made_at, row.checksum, row.workbook, dict(row.figures), row.mark, _rules(row.rules))


def freeze(book: Book, month: Period, frozen: Frozen) -> bool:
    """Keep a month as it is sent; False where this number was sent already."""
    if book.get(MonthRow, (month.label, frozen.number)) is not None:
        return False
    book.add(
        MonthRow(
            month=month.label, number=frozen.number, made_at=frozen.made_at, checksum=frozen.checksum,
            workbook=frozen.workbook, figures=frozen.figures, mark=frozen.mark, rules=_kept(frozen.rules),
        )
    )  # fmt: skip
    book.flush()
    return True


def _kept(rules: ScoreRules | None) -> dict[str, Any] | None:
    if rules is None:
        return None
    numbers = {name: getattr(rules, name) for name in _NUMBERS}
    words = {name: None if number is None else str(number) for name, number in numbers.items()}
    bands = [[name, str(bound)] for name, bound in rules.bands]
    return {**words, "month_of_week": rules.month_of_week, "bands": bands}


def _rules(kept: Mapping[str, Any] | None) -> ScoreRules | None:
    if kept is None:
        return None
    numbers: dict[str, Any] = {name: None if kept[name] is None else Decimal(kept[name]) for name in _NUMBERS}
    bands = tuple((name, Decimal(bound)) for name, bound in kept["bands"])
    return ScoreRules(**numbers, month_of_week=kept["month_of_week"], bands=bands)


_NUMBERS = ("low", "high", "missing_counts_as", "late_deduction", "missing_deduction")


def sent(book: Book) -> list[Period]:
    """The months that HR was sent."""
    return [Period.parse(label) for label in book.scalars(select(MonthRow.month).distinct())]


def compared(book: Book, month: Period, figures: dict[str, str], mark: str, rules: ScoreRules) -> None:
    """From here on the month is compared with these figures."""
    row = book.scalars(select(MonthRow).where(MonthRow.month == month.label).order_by(MonthRow.number.desc())).first()
    if row is not None:
        row.figures, row.mark, row.rules = figures, mark, _kept(rules)


def newest_event(book: Book, weeks: Iterable[Period] | None = None) -> int:
    """The number of the newest event that can change a figure, of these weeks or of all."""
    query = select(func.max(EventRow.id)).where(EventRow.kind.not_in(_QUIET))
    if weeks is not None:
        query = query.where(EventRow.period.in_([week.label for week in weeks]))
    return book.scalar(query) or 0

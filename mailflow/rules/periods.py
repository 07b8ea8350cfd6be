"""Periods: a day, an ISO week, a fortnight, a month or a quarter, in the office's own calendar. A kind is a row of
KINDS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Fortnights are counted from here on, so that every year's run on from the last one's.
_FIRST_FORTNIGHT = date(2024, 1, 1)


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, order=True)
class Period:
    """A day, an ISO week (Monday to Sunday), two of them, a month or a quarter, named by its first day.

    >>> Period.parse("2026-W48").first
    datetime.date(2026, 11, 23)
    >>> Period.of(PeriodKind.WEEK, date(2027, 1, 2)).label
    '2026-W53'
    >>> Period.parse("2026-Q4").last
    datetime.date(2026, 12, 31)
    """

    first: date
    kind: PeriodKind

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> Period:
        """The period of this kind in which the day lies."""
        return cls(KINDS[kind].begins(day), kind)

    @classmethod
    def parse(cls, label: str) -> Period:
        """The period that bears this label, such as `2026-11-23`, `2026-W48` or `2026-11`; ValueError for anything
        else."""
        for kind, row in KINDS.items():
            if found := re.fullmatch(row.pattern, label):
                period = cls.of(kind, row.named(found))
                if period.label == label:
                    return period
        examples = ", ".join(f"a {kind} {row.example}" for kind, row in KINDS.items())
        raise ValueError(f"{label!r} is no period; write {examples}")

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.shift(1).first - timedelta(days=1)

    @property
    def label(self) -> str:
        """Its name in files, commands and JSON."""
        return KINDS[self.kind].label(self.first)

    def shift(self, count: int) -> Period:
        """The period `count` after this one (before it, when negative)."""
        row = KINDS[self.kind]
        if row.days:
            return Period(self.first + timedelta(days=count * row.days), self.kind)
        months = self.first.year * 12 + self.first.month - 1 + count * row.months
        return Period(date(months // 12, months % 12 + 1, 1), self.kind)

    def days(self) -> list[date]:
        """Every day of it, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class _Kind:
    """A kind of period: the first day of the one in which a day lies, how many days or months it has, its label, and
    a day of the one that a label names."""

    begins: Callable[[date], date]
    label: Callable[[date], str]
    pattern: str
    named: Callable[[re.Match[str]], date]
    example: str
    days: int = 0
    months: int = 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _fortnight(day: date) -> date:
    return day - timedelta(days=(day - _FIRST_FORTNIGHT).days % 14)


def _week(first: date) -> str:
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02d}"


def _of_week(found: re.Match[str]) -> date:
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


KINDS: dict[PeriodKind, _Kind] = {
    PeriodKind.DAY: _Kind(
        lambda day: day,
        lambda first: first.strftime("%Y-%m-%d"),
        r"\d{4}-\d{2}-\d{2}",
        lambda found: date.fromisoformat(found[0]),
        "2026-11-23",
        days=1,
    ),
    PeriodKind.WEEK: _Kind(_monday, _week, r"(\d{4})-W(\d{2})", _of_week, "2026-W48", days=7),
    PeriodKind.FORTNIGHT: _Kind(
        _fortnight,
        lambda first: f"{_week(first)}-{(first + timedelta(days=7)).isocalendar()[1]:02d}",
        r"(\d{4})-W(\d{2})-\d{2}",
        _of_week,
        "2026-W47-48",
        days=14,
    ),
    PeriodKind.MONTH: _Kind(
        lambda day: day.replace(day=1),
        lambda first: first.strftime("%Y-%m"),
        r"(\d{4})-(\d{2})",
        lambda found: date(int(found[1]), int(found[2]), 1),
        "2026-11",
        months=1,
    ),
    PeriodKind.QUARTER: _Kind(
        lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        lambda first: f"{first.year}-Q{first.month // 3 + 1}",
        r"(\d{4})-Q([1-4])",
        lambda found: date(int(found[1]), int(found[2]) * 3 - 2, 1),
        "2026-Q4",
        months=3,
    ),
}


def month_of(period: Period, deciding_weekday: str) -> Period:
    """The month in which a period counts (clause R7): that of a week's deciding weekday, Saturday by default, of a
    fortnight's in its second week; of anything else the one in which it ends."""
    weeks = {PeriodKind.WEEK: 0, PeriodKind.FORTNIGHT: 7}
    if period.kind in weeks:
        day = period.first + timedelta(days=WEEKDAYS.index(deciding_weekday) + weeks[period.kind])
        return Period.of(PeriodKind.MONTH, day)
    return Period.of(PeriodKind.MONTH, period.last)


@lru_cache(maxsize=1024)
def of_month(kind: PeriodKind, month: Period, deciding_weekday: str) -> tuple[Period, ...]:
    """The periods of a kind that count in a month, in order."""
    period, found = Period.of(kind, month.first - timedelta(days=31)), []
    while period.first <= month.last:
        if month_of(period, deciding_weekday) == month:
            found.append(period)
        period = period.shift(1)
    return tuple(found)


def weeks_of(month: Period, deciding_weekday: str) -> list[Period]:
    """The weeks that count in a month, in order."""
    return [*of_month(PeriodKind.WEEK, month, deciding_weekday)]

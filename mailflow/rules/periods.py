"""Periods: a day, an ISO week or a month, in the office's own calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, order=True)
class Period:
    """A day, an ISO week (Monday to Sunday) or a month, named by its first day.

    >>> Period.parse("2026-W48").first
    datetime.date(2026, 11, 23)
    >>> Period.of(PeriodKind.WEEK, date(2027, 1, 2)).label
    '2026-W53'
    """

    first: date
    kind: PeriodKind

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> Period:
        """The period of this kind in which the day lies."""
        if kind is PeriodKind.WEEK:
            return cls(day - timedelta(days=day.weekday()), kind)
        if kind is PeriodKind.MONTH:
            return cls(day.replace(day=1), kind)
        return cls(day, kind)

    @classmethod
    def parse(cls, label: str) -> Period:
        """The period that bears this label: `2026-11-23`, `2026-W48` or `2026-11`; ValueError for anything else."""
        if week := re.fullmatch(r"(\d{4})-W(\d{2})", label):
            return cls(date.fromisocalendar(int(week[1]), int(week[2]), 1), PeriodKind.WEEK)
        if month := re.fullmatch(r"(\d{4})-(\d{2})", label):
            return cls(date(int(month[1]), int(month[2]), 1), PeriodKind.MONTH)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", label):
            return cls(date.fromisoformat(label), PeriodKind.DAY)
        raise ValueError(f"{label!r} is no period; write a day 2026-11-23, a week 2026-W48 or a month 2026-11")

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        if self.kind is PeriodKind.WEEK:
            return self.first + timedelta(days=6)
        if self.kind is PeriodKind.MONTH:
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        return self.first

    @property
    def label(self) -> str:
        """Its name in files, commands and JSON."""
        if self.kind is PeriodKind.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        return self.first.strftime("%Y-%m" if self.kind is PeriodKind.MONTH else "%Y-%m-%d")

    def shift(self, count: int) -> Period:
        """The period `count` after this one (before it, when negative)."""
        if self.kind is PeriodKind.MONTH:
            months = self.first.year * 12 + self.first.month - 1 + count
            return Period(date(months // 12, months % 12 + 1, 1), self.kind)
        return Period(self.first + timedelta(days=count * (7 if self.kind is PeriodKind.WEEK else 1)), self.kind)

    def days(self) -> list[date]:
        """Every day of it, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def __str__(self) -> str:
        return self.label


def month_of(week: Period, deciding_weekday: str) -> Period:
    """The month in which the week counts: the one its deciding weekday lies in (clause R7; Saturday by default)."""
    day = week.first + timedelta(days=WEEKDAYS.index(deciding_weekday)) if week.kind is PeriodKind.WEEK else week.first
    return Period.of(PeriodKind.MONTH, day)


def weeks_of(month: Period, deciding_weekday: str) -> list[Period]:
    """The weeks that count in a month, in order."""
    first = Period.of(PeriodKind.WEEK, month.first)
    candidates = [first.shift(n) for n in range(-1, 7)]
    return [week for week in candidates if month_of(week, deciding_weekday) == month]

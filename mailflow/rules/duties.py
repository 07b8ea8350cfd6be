"""Duties: what is owed, for which period, by when, and how it is reviewed. A duty is data, not code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailflow.rules.people import Person, Role
from mailflow.rules.periods import WEEKDAYS, Period, PeriodKind

MOMENT_FORMS = {
    PeriodKind.WEEK: "[previous|next] WEEKDAY HH:MM, such as `previous saturday 21:00`",
    PeriodKind.DAY: "[previous|next] HH:MM, such as `18:30`",
    PeriodKind.FORTNIGHT: "[previous|next] [first] WEEKDAY HH:MM, such as `saturday 21:00`, of its second week",
    PeriodKind.MONTH: "[previous|next] day N HH:MM or last day HH:MM, such as `previous day 28 18:00`",
    PeriodKind.QUARTER: "[previous|next] day N HH:MM or last day HH:MM, such as `next day 10 18:00`",
}
_SHIFTS = {"previous": -1, "next": 1}


class Review(StrEnum):
    """How a submission is reviewed: a plan is approved or revised, a summary is scored, some things only arrive."""

    APPROVE = "approve"
    SCORE = "score"
    NONE = "none"


class Reviewer(StrEnum):
    """Who reviews a duty."""

    DIRECTOR = "director"
    SUPERVISOR = "supervisor"


class Receipts(StrEnum):
    """Whether the staff get a receipt for each submission, or only hear of what is missing."""

    EACH = "each"
    QUIET = "quiet"


@dataclass(frozen=True)
class Whose:
    """Whose a duty is: everybody's of the staff, one department's, or that of those who are named by id."""

    department: str | None = None
    people: frozenset[str] | None = None

    def has(self, person: Person) -> bool:
        """Whether the duty is this person's; only the staff owe anything."""
        if person.role is not Role.STAFF:
            return False
        if self.people is not None:
            return person.id in self.people
        return self.department is None or person.department == self.department


_EVENING = time(20)
# How long before the review deadline the last nudge comes.
_SHORTLY = {Review.APPROVE: timedelta(hours=1), Review.SCORE: timedelta(hours=2), Review.NONE: timedelta(hours=1)}


@dataclass(frozen=True)
class Moment:
    """An instant relative to a period, as `previous saturday 21:00` says it. `day` 0 is a month's last day."""

    text: str
    shift: int
    day: int
    at: time

    @classmethod
    def parse(cls, text: str, kind: PeriodKind) -> Moment:
        """The moment that the words name; ValueError says which forms there are for this kind of period."""
        words = text.lower().split()
        shift = _SHIFTS.get(words[0], 0) if words else 0
        rest = " ".join(words[1:] if shift else words)
        found = re.fullmatch(_FORMS[kind], rest)
        if not found:
            raise ValueError(f"{text!r} is no moment of a {kind}; write {MOMENT_FORMS[kind]}")
        groups = found.groupdict()
        day = int(groups.get("day") or 0)
        if groups.get("weekday"):
            second = kind is PeriodKind.FORTNIGHT and not groups.get("first")
            day = WEEKDAYS.index(groups["weekday"]) + 7 * second
        return cls(text, shift, day, time.fromisoformat(groups["time"]))

    def of(self, period: Period, zone: ZoneInfo) -> datetime:
        """The instant for this period, in the office's zone."""
        base = period.shift(self.shift)
        if period.kind in (PeriodKind.WEEK, PeriodKind.FORTNIGHT):
            day = base.first + timedelta(days=self.day)
        else:
            # Of a month and of a quarter the N-th day, or the last one.
            day = min(base.first + timedelta(days=self.day - 1), base.last) if self.day else base.last
        return datetime.combine(day, self.at, zone)


_TIME = r"(?P<time>\d\d:\d\d)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}) {_TIME}"
_DAY = rf"(?:day (?P<day>\d{{1,2}})|last day) {_TIME}"
_FORMS = {
    PeriodKind.DAY: _TIME,
    PeriodKind.WEEK: _WEEKDAY,
    PeriodKind.FORTNIGHT: rf"(?P<first>first )?{_WEEKDAY}",
    PeriodKind.MONTH: _DAY,
    PeriodKind.QUARTER: _DAY,
}


@dataclass(frozen=True)
class Duty:
    """What a person owes. `names` is its title by language, `words` what an office adds to recognise it by.

    `reminders` are how long before the cutoff whoever is behind is reminded; `nudges` the moments at which the
    reviewer is told what is open, None for the usual ones. `reviewer` is the director or each person's supervisor.
    `counts` says whether it counts in the month (clause R7), a score of it with this `weight`. `against` is the id of
    the duty that it is assessed against, as a summary is against the plan of its period (clause R4).
    """

    id: str
    period: PeriodKind
    due: Moment
    review: Review
    review_due: Moment | None
    words: tuple[str, ...] = ()
    reminders: tuple[timedelta, ...] = (timedelta(hours=3),)
    nudges: tuple[Moment, ...] | None = None
    reviewer: Reviewer = Reviewer.DIRECTOR
    names: dict[str, str] = field(default_factory=dict, compare=False)
    whose: Whose = Whose()
    counts: bool = True
    weight: Decimal = Decimal(1)
    receipts: Receipts = Receipts.EACH
    against: str | None = None

    def nudges_at(self, period: Period, zone: ZoneInfo) -> list[datetime]:
        """When the reviewer is told what is open: by default the evening before the deadline, and shortly before it."""
        if self.review_due is None:
            return []
        if self.nudges is not None:
            return [moment.of(period, zone) for moment in self.nudges]
        deadline = self.review_due.of(period, zone)
        evening = datetime.combine(deadline.date() - timedelta(days=1), _EVENING, zone)
        return [evening, deadline - _SHORTLY[self.review]]

    def name(self, language: str) -> str:
        """Its title in a language, falling back on zh-CN and then on its id."""
        return self.names.get(language) or self.names.get("zh-CN") or self.id

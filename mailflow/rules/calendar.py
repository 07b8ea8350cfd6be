"""The office's calendar: leave, holidays with their make-up days, and moved cutoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period


class Excuse(StrEnum):
    """Why nothing is owed for a period."""

    LEAVE = "leave"
    REST = "rest"
    NOT_YET_JOINED = "not yet joined"
    LEFT = "left"
    NOT_NEEDED = "not needed"
    GRANTED = "granted"


@dataclass(frozen=True)
class Leave:
    """A person's leave, both days included."""

    person: str
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True)
class Calendar:
    """When the office works and what is owed when.

    `working` names days apart from the ordinary five: True for a make-up day, False for a holiday.
    `moved` holds cutoffs that the office moved, by duty id and period label. Nothing is owed whose cutoff
    lies before `start`. `granted` holds who was excused from what by name, by person, duty id and period label, with
    the reason. `known_until` is the last year whose public holidays are known, where that is known.
    """

    zone: ZoneInfo
    leaves: tuple[Leave, ...] = ()
    working: Mapping[date, bool] = field(default_factory=dict)
    moved: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    start: date | None = None
    granted: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    known_until: int | None = None

    def unknown_year(self, day: date) -> int | None:
        """The year whose public holidays will be needed within a month of `day` and are not known, or None."""
        ahead = (day + timedelta(days=31)).year
        return ahead if self.known_until is not None and ahead > self.known_until else None

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return self.working.get(day, day.weekday() < 5)

    def cutoff(self, duty: Duty, period: Period) -> datetime:
        """When the submission is due: strictly before this instant is on time (clauses R1, R4)."""
        return self.moved.get((duty.id, period.label)) or duty.due.of(period, self.zone)

    def review_deadline(self, duty: Duty, period: Period) -> datetime | None:
        """When the decision must have reached the person (clauses R3, R5)."""
        return duty.review_due.of(period, self.zone) if duty.review_due else None

    def excuse(self, person: Person, duty: Duty, period: Period) -> Excuse | None:
        """Why this person owes nothing for the period, or None when it is owed.

        Leave excuses when it covers every working day that the person would have worked in the period.
        """
        if person.role is not Role.STAFF:
            return Excuse.NOT_NEEDED
        if (person.id, duty.id, period.label) in self.granted:
            return Excuse.GRANTED
        if self.start and period.last < self.start:
            return Excuse.NOT_NEEDED
        if person.joined and period.last < person.joined:
            return Excuse.NOT_YET_JOINED
        if person.left and period.first > person.left:
            return Excuse.LEFT
        working = [day for day in period.days() if self.works(day)]
        if not working:
            return Excuse.REST
        employed = [
            day
            for day in working
            if (not person.joined or day >= person.joined) and (not person.left or day <= person.left)
        ]
        if not employed:
            return Excuse.LEFT if person.left and working[0] > person.left else Excuse.NOT_YET_JOINED
        mine = [leave for leave in self.leaves if leave.person == person.id]
        if all(any(leave.first <= day <= leave.last for leave in mine) for day in employed):
            return Excuse.LEAVE
        return None

"""The office's calendar: leave, holidays with their make-up days, and moved cutoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mailflow.rules.duties import Duty
from mailflow.rules.owing import IN_FORCE, Closing, Excuse, Leave, Terms, before_start, excuse_of
from mailflow.rules.people import Person
from mailflow.rules.periods import Period


@dataclass(frozen=True)
class Calendar:
    """When the office works and what is owed when.

    `working` names days apart from the ordinary five: True for a make-up day, False for a holiday.
    `moved` holds cutoffs that the office moved, by duty id and period label. Nothing is owed that begins or falls due
    before `start`. `granted` holds who was excused from what by name, by person, duty id and period label, with
    the reason. `known_until` is the last year whose public holidays are known, where that is known. `closings` holds
    what is fixed of periods whose cutoff has passed; one that isn't there and fell due no later than `old_until` goes
    by the first rule and `old_start`.
    """

    zone: ZoneInfo
    leaves: tuple[Leave, ...] = ()
    working: Mapping[date, bool] = field(default_factory=dict)
    moved: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    start: date | None = None
    granted: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    known_until: int | None = None
    closings: Mapping[tuple[str, str], Closing] = field(default_factory=dict)
    old_until: datetime | None = None
    old_start: date | None = None

    def unknown_year(self, day: date) -> int | None:
        """The year whose public holidays will be needed within a month of `day` and are not known, or None."""
        ahead = (day + timedelta(days=31)).year
        return ahead if self.known_until is not None and ahead > self.known_until else None

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return self.working.get(day, day.weekday() < 5)

    def working_days(self, period: Period) -> tuple[date, ...]:
        """The days of the period on which the office works."""
        return tuple(day for day in period.days() if self.works(day))

    def closing(self, duty: Duty, period: Period) -> Closing | None:
        """What was fixed of the duty and period at the cutoff, once it has passed."""
        return self.closings.get((duty.id, period.label))

    def cutoff(self, duty: Duty, period: Period) -> datetime:
        """When the submission is due: strictly before this instant is on time (clauses R1, R4)."""
        closing = self.closing(duty, period)
        if closing:
            return closing.cutoff
        return self.moved.get((duty.id, period.label)) or duty.due.of(period, self.zone)

    def review_deadline(self, duty: Duty, period: Period) -> datetime | None:
        """When the decision must have reached the person (clauses R3, R5)."""
        return duty.review_due.of(period, self.zone) if duty.review_due else None

    def begun(self, duty: Duty, period: Period) -> bool:
        """Whether anything is owed of the duty for this period yet, from the office's first day on."""
        cutoff, rule, start = self.rule(duty, period)
        return not before_start(period, cutoff.astimezone(self.zone).date(), start, rule)

    def excuse(self, person: Person, duty: Duty, period: Period) -> Excuse | None:
        """Why this person owes nothing for the period, or None when it is owed.

        What was fixed at the cutoff holds; only joining, leaving, leave and what was granted still change it.
        """
        closing = self.closing(duty, period)
        if not (person.id in closing.whose if closing else duty.whose.has(person)):
            return Excuse.NOT_THEIRS
        if (person.id, duty.id, period.label) in self.granted:
            return Excuse.GRANTED
        cutoff, rule, start = self.rule(duty, period)
        working = closing.working if closing else self.working_days(period)
        mine = [leave for leave in self.leaves if leave.person == person.id]
        return excuse_of(person, Terms(period, cutoff.astimezone(self.zone).date(), working, start, mine), rule)

    def rule(self, duty: Duty, period: Period) -> tuple[datetime, int, date | None]:
        """The cutoff, the number of the rule by which the period goes, and the office's first day under it."""
        closing, cutoff = self.closing(duty, period), self.cutoff(duty, period)
        if closing:
            return cutoff, closing.rule, closing.start
        if self.old_until is not None and cutoff <= self.old_until:
            return cutoff, 1, self.old_start
        return cutoff, IN_FORCE, self.start

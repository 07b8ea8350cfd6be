"""The ledger: who stands where, as rows that status, workbook and digest share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.rules.duties import Duty, Review
from mailflow.rules.office import Office
from mailflow.rules.owing import Excuse
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period, PeriodKind, of_month, weeks_of
from mailflow.rules.scores import MonthScore, Weighed, month_score
from mailflow.rules.submission import Judged, Key, Standing, State, Submission, state_of


@dataclass(frozen=True)
class Row:
    """One person, duty and period, as it stands at an instant."""

    person: Person
    duty: Duty
    period: Period
    cutoff: datetime
    judged: Judged
    state: State
    held: Submission | None

    @property
    def key(self) -> Key:
        """What makes it the one it is."""
        return Key(self.person.id, self.duty.id, self.period)

    @property
    def received_at(self) -> datetime | None:
        """When the first version arrived, from which the standing comes."""
        return min(self.held.arrivals) if self.held and self.held.arrivals else None


def situation(row: Row) -> str:
    """The one state of a person and period with its reason: owed, submitted, late, missing, or why nothing is owed."""
    if row.judged.standing is Standing.EXCUSED and row.judged.excuse:
        return row.judged.excuse.value
    words = {Standing.EXPECTED: "owed", Standing.ON_TIME: "submitted", Standing.LATE: "late"}
    return words.get(row.judged.standing, "missing")


def overdue(office: Office, row: Row, now: datetime) -> bool:
    """Whether the reviewer is behind: the submission still waits for him after the review deadline."""
    deadline = office.calendar.review_deadline(row.duty, row.period)
    return bool(row.held and row.held.is_open and deadline and now >= deadline)


def rows(
    office: Office, dues: Sequence[tuple[Duty, Period]], held: Mapping[Key, Submission], now: datetime
) -> list[Row]:
    """A row for each person, duty and period where something is owed, excused or held, in the roster's order.

    Whose a duty isn't has no row, nor has whoever is gone and neither owed nor did anything.
    """
    result = []
    for person in office.roster.people:
        for duty, period in dues:
            submission = held.get(Key(person.id, duty.id, period))
            found = row(office, person, (duty, period), submission, now)
            excuse = found.judged.excuse if submission is None else None
            if not (excuse and (person.former or excuse is Excuse.NOT_THEIRS)):
                result.append(found)
    return result


def row(office: Office, person: Person, due: tuple[Duty, Period], submission: Submission | None, now: datetime) -> Row:
    """Where one person stands in one duty and period."""
    judged = office.judge(person, *due, submission.arrivals if submission else (), now)
    return Row(person, *due, office.calendar.cutoff(*due), judged, state_of(submission, judged), submission)


def weekly_dues(office: Office, weeks: Iterable[Period]) -> list[tuple[Duty, Period]]:
    """Every weekly duty for each of these weeks, in order."""
    return office.dues(PeriodKind.WEEK, weeks)


def weekly_scored(office: Office) -> list[Duty]:
    """The weekly duties that are scored: those that have score sheets."""
    return [duty for duty in office.duties if duty.review is Review.SCORE and duty.period is PeriodKind.WEEK]


def month_weeks(office: Office, month: Period) -> list[Period]:
    """The weeks that count in a month, from the first one on for which anything is owed."""
    weeks = weeks_of(month, office.scores.month_of_week)
    return [week for week in weeks if any(office.calendar.begun(*due) for due in weekly_dues(office, [week]))]


def month_dues(office: Office, month: Period) -> list[tuple[Duty, Period]]:
    """Every duty that counts in a month, with each of its periods that does, from the office's first day on."""
    dues = [
        due
        for kind in PeriodKind
        for due in office.dues(kind, of_month(kind, month, office.scores.month_of_week))
        if office.counts(*due) and office.calendar.begun(*due)
    ]
    return sorted(dues, key=lambda due: (due[1].last, due[1].first))


def people_of(office: Office, all_rows: Sequence[Row]) -> list[Person]:
    """The staff in the roster's order, and whoever else these rows are about: who is gone, who is no staff any more."""
    there = {row.person.id for row in all_rows}
    return [p for p in office.roster.people if p.id in there or (p.role is Role.STAFF and not p.former)]


@dataclass(frozen=True)
class PersonMonth:
    """A person's month: how often on time, late and missing, and what it comes to."""

    person: Person
    on_time: int
    late: int
    missing: int
    result: MonthScore


def person_months(office: Office, all_rows: Sequence[Row]) -> list[PersonMonth]:
    """What the rows of one month come to for each person (clause R7)."""
    result = []
    for person in people_of(office, all_rows):
        mine = [row for row in all_rows if row.person.id == person.id]
        standings = [row.judged.standing for row in mine]
        scored = [row for row in mine if row.duty.review is Review.SCORE]
        scores = [
            Weighed(row.held.score if row.held else None, office.weight(row.duty, row.period))
            for row in scored
            if row.judged.standing is Standing.MISSING or (row.held and row.held.score is not None)
        ]
        late, all_missing = standings.count(Standing.LATE), standings.count(Standing.MISSING)
        result.append(
            PersonMonth(
                person,
                standings.count(Standing.ON_TIME),
                late,
                all_missing,
                month_score(scores, late, all_missing, office.scores),
            )
        )
    return result

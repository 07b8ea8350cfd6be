"""What was fixed at cutoffs: whose a duty was and by which rule, kept apart from what the configuration says today."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from mailflow.rules.duties import Duty, Moment, Review, Reviewer
from mailflow.rules.office import Office
from mailflow.rules.owing import Closing
from mailflow.rules.periods import Period, PeriodKind
from mailflow.store.schema import ClosingRow, DutyRow, OldRuleRow, PassRow
from mailflow.store.session import Book


def laid_over(book: Book, office: Office, since: datetime | None) -> Office:
    """The office with what was fixed (from an instant on, where only that is needed), the duties of old, and its first
    day where the configuration names none: the Monday after the first run."""
    calendar = office.calendar
    calendar = replace(
        calendar,
        closings=_closings(book, since),
        start=calendar.start or _monday_after_first_run(book, office),
        old_until=book.scalar(select(OldRuleRow.until)),
        old_start=calendar.start,
    )
    known = {duty.id for duty in office.duties}
    retired = [_duty(row) for row in book.scalars(select(DutyRow).order_by(DutyRow.id)) if row.id not in known]
    return replace(office, calendar=calendar, retired=tuple(retired))


def _closings(book: Book, since: datetime | None) -> dict[tuple[str, str], Closing]:
    wanted = select(ClosingRow) if since is None else select(ClosingRow).where(ClosingRow.cutoff >= since)
    return {
        (row.duty_id, row.period): Closing(
            row.cutoff,
            timedelta(seconds=row.grace_seconds),
            frozenset(row.whose),
            row.rule,
            row.start,
            tuple(date.fromisoformat(day) for day in row.working),
            row.counts,
            row.weight,
        )
        for row in book.scalars(wanted)
    }


def _monday_after_first_run(book: Book, office: Office) -> date | None:
    first = book.scalar(select(func.min(PassRow.first_at)))
    return monday_after(first.astimezone(office.zone).date()) if first else None


def monday_after(day: date) -> date:
    """The Monday after a day; after a Monday it is that of the next week."""
    return day + timedelta(days=7 - day.weekday())


def close(book: Book, duty: Duty, period: Period, closing: Closing, now: datetime) -> None:
    """Fix what was owed of the duty for this period."""
    book.add(
        ClosingRow(
            duty_id=duty.id,
            period=period.label,
            cutoff=closing.cutoff,
            grace_seconds=int(closing.grace.total_seconds()),
            whose=sorted(closing.whose),
            rule=closing.rule,
            start=closing.start,
            working=[day.isoformat() for day in closing.working],
            counts=closing.counts,
            weight=closing.weight,
            closed_at=now,
        )
    )


def known_since(book: Book) -> dict[str, datetime]:
    """Since when each duty is known."""
    return {row.id: row.since for row in book.scalars(select(DutyRow))}


def remember(book: Book, duties: Iterable[Duty], now: datetime) -> None:
    """Keep every duty as it is configured now. Those of the first pass were there from the beginning."""
    rows = {row.id: row for row in book.scalars(select(DutyRow))}
    first = None if rows else book.scalar(select(func.min(PassRow.first_at)))
    for duty in duties:
        definition = _definition(duty)
        row = rows.get(duty.id)
        if row is None:
            book.add(DutyRow(id=duty.id, definition=definition, since=first or now))
        elif row.definition != definition:
            row.definition = definition


def rename(book: Book, old: str, new: str | None) -> None:
    """What was one id's is another's from here on, or nobody's."""
    for row in book.scalars(select(ClosingRow)):
        if old in row.whose:
            others: Collection[str] = {person for person in row.whose if person != old}
            row.whose = sorted({*others, new} if new else others)
    book.flush()


def _definition(duty: Duty) -> dict[str, Any]:
    return {
        "period": duty.period.value,
        "due": duty.due.text,
        "review": duty.review.value,
        "review_due": duty.review_due.text if duty.review_due else None,
        "reviewer": duty.reviewer.value,
        "names": dict(duty.names),
        "counts": duty.counts,
        "weight": str(duty.weight),
        "against": duty.against,
    }


def _duty(row: DutyRow) -> Duty:
    said = row.definition
    kind = PeriodKind(said["period"])
    return Duty(
        id=row.id,
        period=kind,
        due=Moment.parse(said["due"], kind),
        review=Review(said["review"]),
        review_due=Moment.parse(said["review_due"], kind) if said["review_due"] else None,
        reviewer=Reviewer(said["reviewer"]),
        names=dict(said["names"]),
        counts=said["counts"],
        weight=Decimal(said["weight"]),
        against=said["against"],
    )

"""What the director granted by name: excuses and deputies, laid over the office that the configuration describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from mailflow.rules.office import Deputy, Office
from mailflow.rules.people import Person, Roster
from mailflow.rules.submission import Key
from mailflow.store import closings, people
from mailflow.store.schema import DeputyRow, ErasureRow, ExcuseRow
from mailflow.store.session import Book


def office_as_of(book: Book, office: Office, since: datetime | None = None) -> Office:
    """The office with what was granted so far, and whoever has history and no row in the roster any more; of several
    excuses for one thing the newest holds. Of what was fixed at cutoffs all, or what fell due `since` an instant."""
    granted: dict[tuple[str, str, str], str] = {}
    for row in book.scalars(select(ExcuseRow).order_by(ExcuseRow.id)):
        key = (row.person_id, row.duty_id, row.period)
        granted.pop(key, None)
        if row.granted:
            granted[key] = row.reason
    deputies = [Deputy(row.person_id, row.first, row.last) for row in book.scalars(select(DeputyRow))]
    roster = office.roster
    office = closings.laid_over(book, office, since)
    owed = {person for closing in office.calendar.closings.values() for person in closing.whose}
    former = people.former(book, roster, owed)
    known = people.with_earlier(book, roster.people)
    if former or known != roster.people:
        office = replace(office, roster=Roster((*known, *former), roster.director_id))
    office = _without_the_past(office, {row.person_id: row.at for row in book.scalars(select(ErasureRow))})
    if not granted and not deputies:
        return office
    calendar = replace(office.calendar, granted=granted)
    return replace(office, calendar=calendar, deputies=(*office.deputies, *deputies))


def _without_the_past(office: Office, erased: Mapping[str, datetime]) -> Office:
    """Whoever was erased from the book joined on that day, as far as it knows."""
    if not erased:
        return office
    days = {person: at.astimezone(office.zone).date() for person, at in erased.items()}
    staff = [_joined_on(p, days[p.id]) if p.id in days else p for p in office.roster.people]
    return replace(office, roster=Roster(tuple(staff), office.roster.director_id))


def _joined_on(person: Person, day: date) -> Person:
    return replace(person, joined=max(day, person.joined or day), earlier=())


def excuse(
    book: Book, key: Key, reason: str, by: str, at: datetime, *, granted: bool = True, message_ref: int | None = None
) -> None:
    """Excuse somebody from one thing, or take that back."""
    book.add(
        ExcuseRow(
            person_id=key.person, duty_id=key.duty, period=key.period.label, reason=reason,
            granted=granted, by=by, at=at, message_ref=message_ref,
        )
    )  # fmt: skip
    book.flush()


def name_deputy(book: Book, person: str, first: date, last: date, at: datetime, message_ref: int | None) -> None:
    """Let somebody decide for the director on these days."""
    book.add(DeputyRow(person_id=person, first=first, last=last, at=at, message_ref=message_ref))
    book.flush()

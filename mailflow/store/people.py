"""People: everybody who was ever in the roster. Whoever has history and no row any more stays in every figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from mailflow.errors import StoreError
from mailflow.rules.office import Office
from mailflow.rules.people import Person, Role, Roster, Span
from mailflow.store import closings, events
from mailflow.store.events import Event
from mailflow.store.schema import (
    DecisionRow,
    DeputyRow,
    EventRow,
    ExcuseRow,
    LetterDueRow,
    LetterRow,
    MessageRow,
    PersonRow,
    SubmissionRow,
    TokenRow,
    VersionRow,
)
from mailflow.store.session import Book


def addresses(book: Book) -> set[str]:
    """Every address that a roster had when the mailbox was last read."""
    return {address for row in book.scalars(select(PersonRow.addresses)) for address in row}


def replaced(book: Book, roster: Roster) -> list[tuple[Person, str]]:
    """Whoever has the id of somebody with another name and no address in common, and that name: perhaps he is another
    person."""
    rows = {row.id: row for row in book.scalars(select(PersonRow).where(PersonRow.gone.is_(None)))}
    return [
        (person, row.name)
        for person in roster.people
        if (row := rows.get(person.id)) and row.name != person.name and not set(row.addresses) & set(person.addresses)
    ]


def with_earlier(book: Book, staff: Sequence[Person]) -> tuple[Person, ...]:
    """These people with the earlier times of employment that the roster doesn't say any more."""
    rows = {row.id: row for row in book.scalars(select(PersonRow).where(PersonRow.id.in_([p.id for p in staff])))}
    return tuple(replace(p, earlier=_earlier(rows[p.id], p)) if p.id in rows else p for p in staff)


def _earlier(row: PersonRow, person: Person) -> tuple[Span, ...]:
    """The times before the one that the roster says: those that it says itself, and the last one where somebody who
    had left has joined anew."""
    known = [*person.earlier, *(_span(pair) for pair in row.earlier or ())]
    if row.left and person.joined and person.joined > row.left:
        known.append(Span(row.joined, row.left))
    spans = sorted({span for span in known if span.last}, key=lambda span: span.last or date.max)
    return tuple(span for span in spans if person.joined is None or (span.last and span.last < person.joined))


def _span(pair: Sequence[str | None]) -> Span:
    first, last = (date.fromisoformat(day) if day else None for day in pair)
    return Span(first, last)


def remember(book: Book, office: Office, now: datetime) -> None:
    """Keep everybody as he stands in the roster now; whoever isn't there any more is gone since today.

    When somebody's employment or leave is another than it was, that is an event: closed periods change with it.
    """
    today = now.astimezone(office.zone).date()
    rows = {row.id: row for row in book.scalars(select(PersonRow))}
    for person in office.roster.people:
        if person.former:
            continue
        leaves = [leave for leave in office.calendar.leaves if leave.person == person.id]
        values: dict[str, Any] = {
            "name": person.name,
            "addresses": list(person.addresses),
            "department": person.department,
            "role": person.role.value,
            "supervisor": person.supervisor,
            "joined": person.joined,
            "left": person.left,
            "language": person.language,
            "gone": None,
            "leaves": [[leave.first.isoformat(), leave.last.isoformat()] for leave in leaves],
        }
        row = rows.pop(person.id, None)
        if row is None:
            book.add(PersonRow(id=person.id, earlier=_pairs(person.earlier), **values))
            continue
        values["earlier"] = _pairs(_earlier(row, person))
        for kind, names in (("employment-changed", ("joined", "left")), ("leave-changed", ("leaves",))):
            before = {name: getattr(row, name) for name in names}
            if before != {name: values[name] for name in names} and before.get("leaves", 0) is not None:
                said = {name: [str(before[name] or ""), str(values[name] or "")] for name in names}
                events.append(book, Event(now, kind, person.id, data=said))
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for row in rows.values():
        row.gone = row.gone or today
        row.addresses = []


def _pairs(spans: Iterable[Span]) -> list[list[str | None]]:
    return [[day.isoformat() if day else None for day in (span.first, span.last)] for span in spans]


def former(book: Book, roster: Roster, owed: Collection[str] = ()) -> list[Person]:
    """Whoever has submissions or `owed` some and has no row in the roster: by his id, with what was last known of him.

    He has no address, so that nobody writes to him, and left on the day on which his row was missed, at the latest.
    """
    ids = set(book.scalars(select(SubmissionRow.person_id).distinct())) | set(owed)
    ids -= {person.id for person in roster.people}
    if not ids:
        return []
    rows = {row.id: row for row in book.scalars(select(PersonRow).where(PersonRow.id.in_(ids)))}
    newest = dict(
        book.execute(
            select(SubmissionRow.person_id, func.max(VersionRow.received_at))
            .join(VersionRow, VersionRow.submission_id == SubmissionRow.id)
            .where(SubmissionRow.person_id.in_(ids))
            .group_by(SubmissionRow.person_id)
        ).all()
    )
    found = []
    for person_id in sorted(ids):
        row = rows.get(person_id)
        last = newest[person_id].date() if person_id in newest else date.min
        person = Person(person_id, person_id, "", left=last, former=True)
        if row is not None:
            left = min(day for day in (row.left, row.gone or date.max, date.max) if day is not None)
            person = replace(
                person,
                name=row.name,
                department=row.department,
                role=Role(row.role),
                supervisor=row.supervisor,
                joined=row.joined,
                left=left if left < date.max else last,
                language=row.language,
                earlier=tuple(_span(pair) for pair in row.earlier or ()),
            )
        found.append(person)
    return found


def has_history(book: Book, person: str) -> bool:
    """Whether anything in the book is this person's."""
    return any(
        book.scalar(select(column).where(column == person).limit(1)) is not None
        for column in (SubmissionRow.person_id, EventRow.person_id, MessageRow.person_id)
    )


def rename(book: Book, old: str, new: str) -> None:
    """Everything that is one id's becomes another's; StoreError where both have a submission for the same thing."""
    theirs = select(SubmissionRow.duty_id, SubmissionRow.period)
    both = set(book.execute(theirs.where(SubmissionRow.person_id == old)).all()) & set(
        book.execute(theirs.where(SubmissionRow.person_id == new)).all()
    )
    if both:
        named = ", ".join(f"{duty} {period}" for duty, period in sorted(both))
        raise StoreError(f"{old} and {new} both have a submission for {named}, so they can't become one person")
    shared = select(LetterDueRow.letter_id).where(LetterDueRow.person_id == new)
    book.execute(delete(LetterDueRow).where(LetterDueRow.person_id == old, LetterDueRow.letter_id.in_(shared)))
    for row, column in _COLUMNS:
        book.execute(update(row).where(getattr(row, column) == old).values({column: new}))
    book.execute(delete(PersonRow).where(PersonRow.id == old))
    closings.rename(book, old, new)
    book.flush()


_COLUMNS: tuple[tuple[type, str], ...] = (
    (SubmissionRow, "person_id"),
    (MessageRow, "person_id"),
    (LetterRow, "person_id"),
    (LetterDueRow, "person_id"),
    (ExcuseRow, "person_id"),
    (DeputyRow, "person_id"),
    (EventRow, "person_id"),
    (DecisionRow, "by"),
    (TokenRow, "reviewer"),
)

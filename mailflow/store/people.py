"""People: everybody who was ever in the roster. Whoever has history and no row any more stays in every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import delete, func, select, update

from mailflow.errors import StoreError
from mailflow.rules.people import Person, Role, Roster
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


def remember(book: Book, roster: Roster, today: date) -> None:
    """Keep everybody as he stands in the roster now; whoever isn't there any more is gone since today."""
    rows = {row.id: row for row in book.scalars(select(PersonRow))}
    for person in roster.people:
        if person.former:
            continue
        values = {
            "name": person.name,
            "addresses": list(person.addresses),
            "department": person.department,
            "role": person.role.value,
            "supervisor": person.supervisor,
            "joined": person.joined,
            "left": person.left,
            "language": person.language,
            "gone": None,
        }
        row = rows.pop(person.id, None)
        if row is None:
            book.add(PersonRow(id=person.id, **values))
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for row in rows.values():
        row.gone = row.gone or today
        row.addresses = []


def former(book: Book, roster: Roster) -> list[Person]:
    """Whoever has submissions and no row in the roster: known by his id, with what was last known of him.

    He has no address, so that nobody writes to him, and left on the day on which his row was missed, at the latest.
    """
    ids = set(book.scalars(select(SubmissionRow.person_id).distinct())) - {person.id for person in roster.people}
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

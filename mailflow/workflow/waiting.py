"""Waiting: what is open for a reviewer, and by which numbers he knows the rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from mailflow.rules.ledger import Row, overdue
from mailflow.rules.people import Person
from mailflow.rules.submission import Key
from mailflow.store import records, threads, tokens
from mailflow.store.session import Book
from mailflow.workflow.desk import Desk
from mailflow.writing.to_deciders import OpenItem


def overdue_for(
    desk: Desk, book: Book, reviewer: Person, letter_key: str, now: datetime, shown: Collection[Key]
) -> list[OpenItem]:
    """What still waits for this reviewer past its deadline and isn't `shown` already, each with a token of its own."""
    late = [row for row in _open_rows(desk, book, reviewer, now) if overdue(desk.office, row, now)]
    return _tapped(desk, book, [row for row in late if row.key not in shown], reviewer, letter_key, now)


def still_open_for(desk: Desk, book: Book, reviewer: Person, letter_key: str, now: datetime) -> list[OpenItem]:
    """Everything that waits for this reviewer, each with a token of its own."""
    return _tapped(desk, book, _open_rows(desk, book, reviewer, now), reviewer, letter_key, now)


def open_item(
    desk: Desk, row: Row, said: tuple[str, datetime] | None = None, number: int = 0, token: str = ""
) -> OpenItem:
    """A row as a letter shows it that waits for its reviewer; `said` is what he wrote of it last and when."""
    deadline = desk.office.calendar.review_deadline(row.duty, row.period)
    assert row.held is not None
    arrived = row.held.arrivals[-1]
    of_this = said if said and said[1] >= arrived else None
    version = row.held.version
    return OpenItem(row.person, row.duty, row.period, version, arrived, row.judged, deadline, of_this, number, token)


def numbered(book: Book, reviewer: Person, people: Collection[str]) -> Mapping[str, int]:
    """A number for each of these people: the one that he has in this reviewer's newest digest, or a new one."""
    known = threads.numbers_in_digest(book, reviewer.id)
    numbers = {person: known[person] for person in people if person in known}
    new = max(known.values(), default=0)
    for person in people:
        if person not in numbers:
            new += 1
            numbers[person] = new
    return numbers


def _open_rows(desk: Desk, book: Book, reviewer: Person, now: datetime) -> list[Row]:
    office = desk.office
    today = now.astimezone(office.zone).date()
    rows = records.open_rows(book, office, now)
    return [row for row in rows if office.may_decide(reviewer, row.person, row.duty, today)]


def _tapped(
    desk: Desk, book: Book, rows: Sequence[Row], reviewer: Person, letter_key: str, now: datetime
) -> list[OpenItem]:
    return [
        open_item(desk, row, token=tokens.make(book, row.held.id, row.held.version, reviewer.id, letter_key, now))
        for row in rows
        if row.held
    ]

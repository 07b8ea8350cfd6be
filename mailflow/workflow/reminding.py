"""Reminding: whoever is behind before the cutoff, whoever is missing after it, and the reviewer of what is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mailflow.rules.due import Occasion
from mailflow.rules.ledger import Row
from mailflow.rules.people import Person
from mailflow.rules.submission import Standing
from mailflow.store import events, records
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.workflow.desk import Desk
from mailflow.writing.notice import Item, Notice
from mailflow.writing.notices import Missing, Reminder
from mailflow.writing.to_deciders import Nudge, OpenItem


def remind(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """One letter to each person who has not submitted yet, naming all that is due at this cutoff."""
    _to_the_behind(desk, book, occasion, now, Standing.EXPECTED, Reminder)


def tell_the_missing(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """One letter to each person who has not submitted, naming all that is missing at this cutoff."""
    _to_the_behind(desk, book, occasion, now, Standing.MISSING, Missing)


def _to_the_behind(
    desk: Desk,
    book: Book,
    occasion: Occasion,
    now: datetime,
    standing: Standing,
    letter: Callable[[str, Person, Person, Sequence[Item]], Notice],
) -> None:
    office = desk.office
    rows = [row for row in records.due_rows(book, office, occasion.dues, now) if row.judged.standing is standing]
    for person in office.roster.staff:
        mine = [row for row in rows if row.person.id == person.id]
        if not mine:
            continue
        items = [Item(row.duty, row.period, row.cutoff, standing=standing) for row in mine]
        notice = letter(office.name, office.roster.director, person, items)
        for row in mine:
            events.append(book, Event.about(row.key, now, notice.kind, cutoff=row.cutoff.isoformat()))
        key = f"{notice.kind}/{occasion.key}/{person.id}"
        desk.write(book, notice, person, key, now, dues=[row.key for row in mine])


def nudge(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """One letter to each reviewer, naming what still waits for him and by when."""
    office = desk.office
    today = now.astimezone(office.zone).date()
    open_rows = [row for row in records.due_rows(book, office, occasion.dues, now) if row.held and row.held.is_open]
    for reviewer in office.reviewers(today):
        mine = [row for row in open_rows if office.may_decide(reviewer, row.person, row.duty, today)]
        if not mine:
            continue
        oldest = min(row.held.arrivals[-1] for row in mine if row.held)
        said = events.said_by(book, reviewer.id, oldest)
        notice = Nudge(office.name, reviewer, [_open_item(desk, row, said.get(row.key)) for row in mine])
        numbers = {row.key: (n, row.held.version if row.held else 0) for n, row in enumerate(mine, start=1)}
        desk.write(book, notice, reviewer, f"nudge/{occasion.key}/{reviewer.id}", now, numbers=numbers)


def _open_item(desk: Desk, row: Row, said: tuple[str, datetime] | None) -> OpenItem:
    deadline = desk.office.calendar.review_deadline(row.duty, row.period)
    assert row.held is not None
    arrived = row.held.arrivals[-1]
    of_this = said if said and said[1] >= arrived else None
    return OpenItem(row.person, row.duty, row.period, row.held.version, arrived, row.judged, deadline, of_this)

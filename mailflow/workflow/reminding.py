"""Reminding: whoever is behind before the cutoff, whoever is missing after it, and the reviewer of what is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mailflow.rules.due import Occasion
from mailflow.rules.people import Person
from mailflow.rules.submission import Standing
from mailflow.store import events, records
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.workflow.desk import Desk
from mailflow.workflow.waiting import numbered, open_item, overdue_for
from mailflow.writing.notice import Item, Notice
from mailflow.writing.notices import Missing, Reminder
from mailflow.writing.to_deciders import Nudge


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
    """One letter to each reviewer, naming what still waits for him and by when, what is overdue with it."""
    office = desk.office
    today = now.astimezone(office.zone).date()
    open_rows = [row for row in records.due_rows(book, office, occasion.dues, now) if row.held and row.held.is_open]
    for reviewer in office.reviewers(today):
        mine = [row for row in open_rows if office.may_decide(reviewer, row.person, row.duty, today)]
        if not mine:
            continue
        key = f"nudge/{occasion.key}/{reviewer.id}"
        said = events.said_by(book, reviewer.id, min(row.held.arrivals[-1] for row in mine if row.held))
        known = numbered(book, reviewer, dict.fromkeys(row.person.id for row in mine))
        items = [open_item(desk, row, said.get(row.key), known[row.person.id]) for row in mine]
        overdue = overdue_for(desk, book, reviewer, key, now, [row.key for row in mine])
        items.sort(key=lambda item: item.number)
        notice = Nudge(office.name, reviewer, items, overdue, office.roster.director.email)
        numbers = {row.key: (known[row.person.id], row.held.version if row.held else 0) for row in mine}
        desk.write(book, notice, reviewer, key, now, numbers=numbers)

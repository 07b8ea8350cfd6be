"""Erasing one person who asks to be forgotten: his rows, and his name in what was written to others."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from mailflow.reading.opening.letter import open_letter
from mailflow.reports.figures import figures
from mailflow.rules.people import Person
from mailflow.store import erasure, events, grants, months, records
from mailflow.store.erasure import Erased
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.workflow.closing import mark_of
from mailflow.workflow.desk import Desk


def erase(desk: Desk, book: Book, person: Person, now: datetime) -> Erased:
    """Take a person out of the book. That he was erased, and when, is all that stays; nothing is owed from before it.

    A letter to others that names him, or bears a file that can, loses its words. The workbooks that HR was sent are
    HR's records and stay; no correction follows from the erasure.
    """
    done = erasure.of_person(book, person.id)
    names = [name for name in (person.name, *person.addresses) if name]
    named = re.compile("|".join([*(re.escape(name) for name in names), rf"(?<!\w){re.escape(person.id)}(?!\w)"]))
    doubtful = [number for number, raw in erasure.messages_of_nobody(book) if _is_from(raw, person)]
    erasure.blank_messages(book, doubtful)
    blanked = []
    for number, raw in erasure.letters_to_others(book, person.id):
        letter = open_letter(raw)
        if letter.parts or named.search(f"{letter.subject}\n{letter.text}"):
            blanked.append(number)
    erasure.blank_letters(book, blanked)
    erasure.events_of_others(book, names)
    erasure.remember(book, person.id, now)
    events.append(book, Event(now, "erased", person.id))
    book.flush()
    _settle_months(desk, book, now)
    return replace(done, letters=done.letters + len(blanked), messages=done.messages + len(doubtful))


def _is_from(raw: bytes, person: Person) -> bool:
    return any(address in person.addresses for _, address in open_letter(raw).senders)


def _settle_months(desk: Desk, book: Book, now: datetime) -> None:
    """The months that HR was sent are compared with what stands in the book now from here on."""
    office = grants.office_as_of(book, desk.office)
    for month in months.sent(book):
        shown = figures(office, records.month_rows(book, office, month, now))
        months.compared(book, month, shown, mark_of(book, office, month), office.scores)

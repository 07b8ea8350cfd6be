"""Events: append-only, each with its evidence. `history` and the export's notes are read from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from mailflow.rules.periods import Period
from mailflow.rules.submission import Key
from mailflow.store.schema import EventRow
from mailflow.store.session import Book


@dataclass(frozen=True)
class Event:
    """Something that happened. `message_id` and `received_at` are the mail that shows it, where there is one."""

    at: datetime
    kind: str
    person: str | None = None
    duty: str | None = None
    period: Period | None = None
    message_id: str = ""
    received_at: datetime | None = None
    data: Mapping[str, Any] | None = None

    @classmethod
    def about(cls, key: Key, at: datetime, kind: str, message_id: str = "", **more: Any) -> Event:
        """An event of one submission."""
        received_at = more.pop("received_at", None)
        return cls(at, kind, key.person, key.duty, key.period, message_id, received_at, more)


def append(book: Book, event: Event) -> None:
    """Write it down; nothing ever changes or removes it."""
    book.add(
        EventRow(
            at=event.at,
            kind=event.kind,
            person_id=event.person,
            duty_id=event.duty,
            period=event.period.label if event.period else None,
            message_id=event.message_id,
            received_at=event.received_at,
            data=dict(event.data or {}),
        )
    )


def of_kind(book: Book, kind: str, since: datetime) -> list[Event]:
    """What happened of a kind since that instant, oldest first."""
    return _events(book, select(EventRow).where(EventRow.kind == kind, EventRow.at >= since).order_by(EventRow.id))


def remember_said(
    book: Book, key: Key, words: str, by: str, message_id: str, received_at: datetime, now: datetime
) -> None:
    """What a reviewer wrote of a submission without deciding on it stands beside it in the next letter to him."""
    append(book, Event.about(key, now, "said", message_id, received_at=received_at, words=words, by=by))


def said_by(book: Book, reviewer: str, since: datetime) -> dict[Key, tuple[str, datetime]]:
    """What a reviewer wrote last of each submission since that instant without deciding on it, and when."""
    query = (
        select(EventRow)
        .where(EventRow.kind.in_(("said", "asked")), EventRow.received_at >= since, EventRow.person_id.is_not(None))
        .order_by(EventRow.id)
    )
    found: dict[Key, tuple[str, datetime]] = {}
    for event in _events(book, query):
        his = event.data and event.data.get("by") == reviewer
        if his and event.data and event.person and event.duty and event.period and event.received_at:
            key = Key(event.person, event.duty, event.period)
            found[key] = str(event.data["words"]), event.received_at
    return found


def history(book: Book, person_id: str) -> list[Event]:
    """Everything that happened for a person, oldest first."""
    return _events(book, select(EventRow).where(EventRow.person_id == person_id).order_by(EventRow.at, EventRow.id))


def _events(book: Book, query: Select[EventRow]) -> list[Event]:
    return [
        Event(
            row.at,
            row.kind,
            row.person_id,
            row.duty_id,
            Period.parse(row.period) if row.period else None,
            row.message_id,
            row.received_at,
            row.data,
        )
        for row in book.scalars(query)
    ]

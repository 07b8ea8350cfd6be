"""Booking: a submission's mail becomes versions, and the sender gets his receipt (clauses R1, R3, R4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailflow.reading import Reading
from mailflow.reading.staff.purpose import Purpose
from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.review import AFTER_VERSION
from mailflow.rules.submission import Key, State, Submission
from mailflow.store import events, outbox, records
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.wire import Folder, RawMail
from mailflow.workflow.desk import Desk, code_mark
from mailflow.writing.mime import Thread
from mailflow.writing.notice import Item
from mailflow.writing.notices import Receipt, Unreadable
from mailflow.writing.to_deciders import Reopened

_RECEIPTS_A_WHILE, _A_WHILE = 2, timedelta(minutes=10)


@dataclass(frozen=True)
class Arrived:
    """What a message brings to a submission: the remembered message, when the server took it, and what is in it."""

    message_ref: int
    message_id: str
    received_at: datetime
    text: str
    attachments: Sequence[Mapping[str, str]]


def book_versions(
    desk: Desk, book: Book, mail: RawMail, found: Reading, ref: int, now: datetime, *, same_id: bool
) -> int:
    """Book one version for each purpose of the mail; gives how many. An empty mail books none."""
    person = found.person
    assert person is not None
    if found.empty:
        _refuse(desk, book, mail, found, person, ref, now)
        return 0
    attachments = [
        {"filename": a.filename, "text": a.text, "problem": a.problem, "picture": "yes" if a.picture else ""}
        for a in found.attachments
    ]
    arrived = Arrived(ref, found.letter.message_id, mail.received_at, found.text, attachments)
    items, codes, keys = [], [], []
    for purpose in found.purposes:
        item, code = book_one(desk, book, arrived, person, purpose, now)
        items.append(item)
        codes.append(code)
        keys.append(Key(person.id, purpose.duty.id, purpose.period))
    first = items[0]
    receipt = Receipt(
        office=desk.office.name,
        director=desk.office.roster.director,
        person=person,
        items=items,
        received_at=mail.received_at,
        codes=code_mark(*codes),
        example=f"{first.duty.name(person.language)} {first.period.label}",
        contradiction=_contradiction(found, mail, [item.cutoff for item in items]),
        same_id=same_id,
        problems=_problems(found),
        lay_in=mail.place.folder if mail.role is Folder.ASIDE else "",
    )
    hold = _while_more_come(book, keys, now)
    desk.write(book, receipt, person, f"receipt/{ref}", now, thread=_thread(found), dues=keys, hold=hold)
    return len(items)


def _while_more_come(book: Book, keys: Sequence[Key], now: datetime) -> timedelta:
    """How long to keep a receipt back: who mails version upon version gets one receipt a while, of the newest."""
    lately = [outbox.leave_times(book, key, "receipt", now - _A_WHILE) for key in keys]
    if any(left > now for times in lately for left in times):
        outbox.withdraw_held(book, keys, ["receipt"], now)
    gone = [[left for left in times if left <= now] for times in lately]
    return max((times[-1] + _A_WHILE - now for times in gone if len(times) >= _RECEIPTS_A_WHILE), default=timedelta(0))


def book_one(
    desk: Desk, book: Book, arrived: Arrived, person: Person, purpose: Purpose, now: datetime
) -> tuple[Item, str]:
    """One version of one submission: its line in the receipt, and the submission's code."""
    office = desk.office
    duty, period = purpose.duty, purpose.period
    key = Key(person.id, duty.id, period)
    before, number = records.add_version(
        book, key, arrived.message_ref, arrived.received_at, arrived.text, arrived.attachments
    )
    records.set_state(book, before.id, AFTER_VERSION[before.state])
    cutoff = office.calendar.cutoff(duty, period)
    judged = office.judge(person, duty, period, [*before.arrivals, arrived.received_at], now)
    events.append(
        book,
        Event.about(
            key,
            now,
            "received",
            arrived.message_id,
            received_at=arrived.received_at,
            version=number,
            standing=judged.standing.value,
            late_by_seconds=int(judged.late_by.total_seconds()),
            reasons=list(purpose.reasons),
        ),
    )
    if before.version and before.state is State.APPROVED:
        _reopen(desk, book, arrived, person, before, duty, number, now)
    return Item(duty, period, cutoff, number, judged.standing, judged.late_by, purpose.other), before.code


def _reopen(
    desk: Desk,
    book: Book,
    arrived: Arrived,
    person: Person,
    before: Submission,
    duty: Duty,
    number: int,
    now: datetime,
) -> None:
    """A new version of an approved plan: it is open again and the director is told."""
    director = desk.office.roster.director
    events.append(book, Event.about(before.key, now, "reopened", arrived.message_id, version=number))
    reopened = Reopened(
        desk.office.name, director, person, duty, before.key.period, number, arrived.received_at,
        arrived.text[:5000], code_mark(before.code),
    )  # fmt: skip
    desk.write(book, reopened, director, f"nudge/reopened/{before.id}/{number}", now, dues=[before.key])


def _refuse(desk: Desk, book: Book, mail: RawMail, found: Reading, person: Person, ref: int, now: datetime) -> None:
    """An empty mail is no submission: the sender is told and the clock goes on."""
    office = desk.office
    items = [Item(p.duty, p.period, office.calendar.cutoff(p.duty, p.period)) for p in found.purposes]
    keys = [Key(person.id, p.duty.id, p.period) for p in found.purposes]
    for key in keys:
        events.append(book, Event.about(key, now, "unreadable", found.letter.message_id, received_at=mail.received_at))
    letter = Unreadable(
        office.name,
        office.roster.director,
        person,
        items,
        mail.received_at,
        found.letter.subject,
        _problems(found),
    )
    desk.write(book, letter, person, f"unreadable/{ref}", now, thread=_thread(found), dues=keys)


def _problems(found: Reading) -> list[tuple[str, str]]:
    return [(a.filename, a.problem) for a in found.attachments if a.problem]


def _contradiction(found: Reading, mail: RawMail, cutoffs: list[datetime]) -> datetime | None:
    """The Date: header, where it claims before the cutoff what arrived after it."""
    date = found.letter.date
    claims = date is not None and any(date < cutoff <= mail.received_at for cutoff in cutoffs)
    return date if claims else None


def _thread(found: Reading) -> Thread:
    return Thread(found.letter.message_id, found.letter.references)

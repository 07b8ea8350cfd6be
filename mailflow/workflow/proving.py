"""Proving: what decides and isn't proved is put to the one it names, alone, under a new Message-ID and without a link.

The director's own mail in INBOX first waits for its copy in Sent, which proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailflow import reading
from mailflow.reading import Disposition, Reading
from mailflow.reading.opening.quoting import own_words
from mailflow.reading.trusting.refusals import ASKED, LOST_LETTER, UNPROVED, WAITS
from mailflow.rules.people import Person
from mailflow.rules.submission import Key
from mailflow.store import events, grants, inbox, outbox, records
from mailflow.store.events import Event
from mailflow.store.inbox import Quarantined
from mailflow.store.session import Book
from mailflow.store.threads import PROOF
from mailflow.wire import Folder, RawMail
from mailflow.workflow.desk import Desk
from mailflow.workflow.handling import read_again, settle
from mailflow.writing.to_deciders import OpenRow, Unproved, UnprovedMail

# A storm of forged mail gives its victim one letter an hour, which is about all of it.
_ONCE = timedelta(hours=1)
_QUOTED, _WORDS = 20, 1000
_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class _Doubtful:
    """A mail that its decider is to be asked about, as it was read."""

    entry: Quarantined
    mail: RawMail
    found: Reading


def ask_for_proof(desk: Desk, now: datetime) -> int:
    """Believe what is proved by now, and ask about the rest; gives how many decisions were taken.

    Call it after the whole mailbox was read, so that what lies in Sent is known.
    """
    with desk.store.snapshot() as book:
        waiting = [q for q in inbox.quarantine(book) if q.reason in ASKED and not q.asked]
    if not waiting:
        return 0
    decided = 0
    with desk.store.transaction() as book:
        desk = replace(desk, office=grants.office_as_of(book, desk.office))
        doubtful: dict[Person, list[_Doubtful]] = {}
        for entry in waiting:
            if entry.reason == WAITS and entry.received_at + desk.office.twin_wait > now:
                continue
            mail, found, digest = read_again(desk, book, entry.message_ref, waited=True)
            if mail.role is not Folder.SENT and _lies_in_sent(desk, book, entry, found):
                inbox.close_quarantine(book, entry.message_ref, "settled", "the same message lies in Sent", now)
            elif found.disposition is Disposition.DECISION:
                decided += settle(desk, book, mail, found, digest, now).decisions
                inbox.close_quarantine(book, entry.message_ref, "settled", "proved by its answer to a question", now)
            elif found.why in (UNPROVED, LOST_LETTER) and found.person:
                inbox.set_aside(book, entry.message_ref, found.why, now)
                doubtful.setdefault(found.person, []).append(_Doubtful(entry, mail, found))
        today = now.astimezone(desk.office.zone).date()
        for person, mails in doubtful.items():
            if person in desk.office.reviewers(today):
                _ask(desk, book, person, mails, now)
    return decided


def _lies_in_sent(desk: Desk, book: Book, entry: Quarantined, found: Reading) -> bool:
    """Whether a message with the same Message-ID and the same own words lies in Sent: some servers change a copy."""
    if not found.person or found.person.id != desk.office.roster.director_id:
        return False
    return any(
        own_words(letter.text, letter.quoted).text == found.words.text
        for raw in inbox.lies_in_sent(book, desk.account, entry.message_id)
        for letter in [reading.open_letter(raw)]
    )


def _ask(desk: Desk, book: Book, person: Person, mails: Sequence[_Doubtful], now: datetime) -> None:
    """One letter to one decider about all these mails, unless he was asked a short while ago."""
    last = outbox.newest_at(book, person.id, PROOF)
    if last is not None and last + _ONCE > now:
        return
    rows = _rows(desk, book, person, mails, now)
    notice = Unproved(
        office=desk.office.name,
        director=person,
        mails=[
            UnprovedMail(m.entry.received_at, _words_of(m.found)[:_WORDS], m.found.why == LOST_LETTER)
            for m in mails[:_QUOTED]
        ],
        more=len(mails[_QUOTED:]),
        rows=[row for _, row in rows],
        lowest=desk.office.scores.low,
        highest=desk.office.scores.high,
    )
    key = f"{PROOF}{mails[-1].entry.message_ref}"
    one = rows[0][0] if len(rows) == 1 else None
    numbers = {each: (row.number, row.version) for each, row in rows} if one is None else None
    desk.write(book, notice, person, key, now, dues=[one] if one else [], numbers=numbers)
    message_id = outbox.by_key(book, key)
    for m in mails:
        inbox.asked_about(book, m.entry.id, message_id)
        data = {"words": m.found.words.text[:_WORDS], "reason": m.found.why}
        events.append(book, Event(now, "asked", None, None, None, m.entry.message_id, m.entry.received_at, data))


def _words_of(found: Reading) -> str:
    """What the mail says, the rows of a workbook that it brings among it."""
    said = found.words.text
    rows = [r.words for r in found.rulings if r.words and r.words not in said]
    return "\n".join([said, *rows, *(u.words for u in found.unsettled if u.words not in said)]).strip()


def _rows(
    desk: Desk, book: Book, person: Person, mails: Sequence[_Doubtful], now: datetime
) -> list[tuple[Key, OpenRow]]:
    """The submissions that these mails are about, with the numbers of the letter that was answered; where that can't
    be told, everything that is open for him."""
    office = desk.office
    today = now.astimezone(office.zone).date()
    keys: dict[Key, int] = {}
    for m in mails:
        numbered = {item.target.submission.key: item.number for item in m.found.items if item.target}
        named = [r.target.submission.key for r in m.found.rulings if r.target]
        keys |= {key: numbered.get(key, 0) for key in named} if named else numbered
    if not keys:
        people = [p.id for p in office.roster.staff]
        held = records.held(book, people, now - _MONTH)
        keys = {s.key: 0 for p in people for s in held.get(p, ()) if s.is_open}
    books = records.of_periods(book, {key.period for key in keys})
    rows: list[tuple[Key, OpenRow]] = []
    taken = {number for number in keys.values() if number}
    fresh: dict[str, int] = {}
    for key, number in keys.items():
        whose, duty, submission = office.roster.get(key.person), office.duty(key.duty), books.get(key)
        if whose is None or duty is None or submission is None or not office.may_decide(person, whose, duty, today):
            continue
        if not number:
            number = fresh.setdefault(key.person, max([0, *taken, *fresh.values()]) + 1)
        rows.append((key, OpenRow(number, whose.name, duty, key.period, submission.version)))
    return sorted(rows, key=lambda pair: (pair[1].number, pair[1].duty.id))

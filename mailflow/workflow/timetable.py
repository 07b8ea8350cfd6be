"""The timetable: occasions that are due → the letters they call for, each once only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from mailflow.rules.due import Occasion, occasions
from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import Key, Standing, Submission, state_of
from mailflow.store import events, inbox, records
from mailflow.store.events import Event
from mailflow.store.records import VersionText
from mailflow.store.session import Book
from mailflow.workflow.desk import Desk
from mailflow.writing.notices import Digest, DigestDue, DigestRow, Item, Missing, SetAside

log = structlog.get_logger()
# The first start is quiet: of the cutoffs before it only one of the last day is told.
_FIRST_START = timedelta(days=1)
_SHOWN_CHARACTERS = 20_000


def keep_time(desk: Desk, now: datetime) -> int:
    """Do what the clock asks for; gives how many occasions were new. Call it only after the mailbox was read."""
    office = desk.office
    done = 0
    with desk.store.snapshot() as book:
        first = inbox.first_pass(book, desk.account) or now
    since = max(office.since, first - _FIRST_START)
    for due in occasions(now, office.duties, office.calendar, since=since, settle=office.settle):
        with desk.store.transaction() as book:
            if not records.first_time(book, due.key, now):
                continue
            occasion = _owed(desk, due)
            if not occasion.dues:
                continue
            _tell_the_missing(desk, book, occasion, now)
            _digest(desk, book, occasion, now)
            done += 1
            log.info("cutoff", cutoff=occasion.cutoff.isoformat())
    return done


def _owed(desk: Desk, occasion: Occasion) -> Occasion:
    """The occasion without the duties that nobody owes: a week without a working day calls for no letter."""
    excuse = desk.office.calendar.excuse
    owed = [
        (duty, period)
        for duty, period in occasion.dues
        if any(excuse(person, duty, period) is None for person in desk.office.roster.staff)
    ]
    return replace(occasion, dues=tuple(owed))


def _tell_the_missing(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """One letter to each person who has not submitted, naming all that is missing at this cutoff."""
    office = desk.office
    held = records.of_periods(book, [period for _, period in occasion.dues])
    for person in office.roster.staff:
        lacking = [
            (duty, period)
            for duty, period in occasion.dues
            if office.judge(person, duty, period, held.get(Key(person.id, duty.id, period)), now).standing
            is Standing.MISSING
        ]
        if not lacking:
            continue
        items = [Item(duty, period, occasion.cutoff, standing=Standing.MISSING) for duty, period in lacking]
        keys = [Key(person.id, duty.id, period) for duty, period in lacking]
        for key in keys:
            events.append(book, Event.about(key, now, "missing", cutoff=occasion.cutoff.isoformat()))
        notice = Missing(office.name, office.roster.director, person, items)
        desk.write(book, notice, person, f"missing/{occasion.key}/{person.id}", now, dues=keys)


@dataclass(frozen=True)
class _Held:
    submissions: Mapping[Key, Submission]
    newest: Mapping[int, VersionText]


def _digest(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """One letter to the director with everybody's standing and every submission in full."""
    office = desk.office
    submissions = records.of_periods(book, [period for _, period in occasion.dues])
    texts = records.versions(book, [submission.id for submission in submissions.values()])
    held = _Held(submissions, {number: versions[-1] for number, versions in texts.items()})
    dues = [_digest_due(desk, duty, period, held, now) for duty, period in occasion.dues]
    quarantined = [SetAside(q.received_at, q.person or "", q.subject, q.reason) for q in inbox.quarantine(book)]
    totals = {standing.value: sum(due.totals[standing.value] for due in dues) for standing in Standing}
    notice = Digest(office.name, office.roster.director, occasion.cutoff, dues, totals, quarantined)
    desk.write(book, notice, office.roster.director, f"digest/{occasion.key}", now)


def _digest_due(desk: Desk, duty: Duty, period: Period, held: _Held, now: datetime) -> DigestDue:
    rows = [_digest_row(desk, person, duty, period, held, now) for person in desk.office.roster.staff]
    counted = Counter(row.standing.value for row in rows)
    deadline = desk.office.calendar.review_deadline(duty, period)
    return DigestDue(duty, period, deadline, rows, {standing.value: counted[standing.value] for standing in Standing})


def _digest_row(desk: Desk, person: Person, duty: Duty, period: Period, held: _Held, now: datetime) -> DigestRow:
    office = desk.office
    submission = held.submissions.get(Key(person.id, duty.id, period))
    judged = office.judge(person, duty, period, submission, now)
    newest = held.newest.get(submission.id) if submission else None
    if submission is None or newest is None:
        return DigestRow(person, judged.standing, judged.late_by, state_of(submission, judged).value)
    cutoff = office.calendar.cutoff(duty, period)
    claims = newest.header_date is not None and newest.header_date < cutoff <= newest.received_at
    return DigestRow(
        person=person,
        standing=judged.standing,
        late_by=judged.late_by,
        state=submission.state.value,
        version=submission.version,
        received_at=newest.received_at,
        text=newest.text[:_SHOWN_CHARACTERS],
        attachments=[{**a, "text": a["text"][:_SHOWN_CHARACTERS]} for a in newest.attachments],
        contradiction=newest.header_date if claims else None,
    )

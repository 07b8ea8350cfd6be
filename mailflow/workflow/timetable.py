"""The timetable: occasions that are due → the letters they call for, each once only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from mailflow.rules import due
from mailflow.rules.due import Kind, Occasion
from mailflow.rules.duties import Review
from mailflow.rules.office import Office
from mailflow.rules.periods import Period
from mailflow.store import inbox, records
from mailflow.store.session import Book
from mailflow.workflow import alarm
from mailflow.workflow.closing import approve_by_silence, close
from mailflow.workflow.desk import Desk
from mailflow.workflow.digesting import send_digests
from mailflow.workflow.fixing import with_what_was_owed
from mailflow.workflow.reminding import nudge, remind, tell_the_missing

log = structlog.get_logger()
# The first start is quiet: of what fell due before it only that of the last day is told.
_FIRST_START = timedelta(days=1)


def keep_time(desk: Desk, now: datetime) -> int:
    """Do what the clock asks for; gives how many occasions were new. Call it only after the mailbox was read."""
    desk = with_what_was_owed(desk, now)
    with desk.store.snapshot() as book:
        first = inbox.first_pass(book, desk.account) or now
        since = max(desk.office.since, first - _FIRST_START)
        found = due.occasions(
            now,
            desk.office.duties,
            desk.office.calendar,
            since=since,
            settle=desk.office.patience,
            silence=desk.office.on_silence == "approve",
        )
        known = records.done(book, [occasion.key for occasion in found])
        waiting = [occasion for occasion in found if occasion.key not in known]
    done = 0
    for occasion in waiting:
        with desk.store.transaction() as book:
            if not records.first_time(book, occasion.key, now):
                continue
            owed = _owed(desk.office, occasion, records.open_dues(book))
            if owed.dues:
                _carry_out(desk, book, owed, now)
                done += 1
                log.info("occasion", kind=occasion.kind.value, at=occasion.at.isoformat())
    alarm.show_refused(desk, now)
    return done + close(desk, since, now)


def _carry_out(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    match occasion.kind:
        case Kind.REMINDER:
            remind(desk, book, occasion, now)
        case Kind.CUTOFF:
            tell_the_missing(desk, book, occasion, now)
            if any(duty.review is not Review.NONE for duty, _ in occasion.dues):
                send_digests(desk, book, occasion, now)  # Of a log nobody decides anything.
        case Kind.NUDGE:
            nudge(desk, book, occasion, now)
        case Kind.SILENCE:
            approve_by_silence(desk, book, occasion, now)


def _owed(office: Office, occasion: Occasion, held: Collection[tuple[str, Period]]) -> Occasion:
    """The occasion without the duties that nobody owes and of which nothing is open: a week without a working day calls
    for no letter."""
    owed = [
        (duty, period)
        for duty, period in occasion.dues
        if any(office.calendar.excuse(person, duty, period) is None for person in office.roster.staff)
        or (duty.id, period) in held
    ]
    return replace(occasion, dues=tuple(owed))

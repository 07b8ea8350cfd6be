"""Fixing: what was owed of a duty for a period is written down once its cutoff has passed, and holds from there on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from mailflow.rules.duties import Duty
from mailflow.rules.office import Office
from mailflow.rules.owing import Closing
from mailflow.rules.periods import Period
from mailflow.store import closings, grants, inbox
from mailflow.workflow.desk import Desk

log = structlog.get_logger()
# How far back of the first run what fell due is fixed, and how many periods a moved cutoff can put out of order.
_BACK, _DISORDER = timedelta(days=62), 6
# What fell due longer ago than this calls for nothing any more: no reminder, no sheets, no month.
_MATTERS = timedelta(days=200)


def with_what_was_owed(desk: Desk, now: datetime) -> Desk:
    """The desk with its office as of now, after every period was fixed whose cutoff has passed since the last time.

    Of a duty that was configured later only what falls due from then on is owed.
    """
    with desk.store.snapshot() as book:
        office = grants.office_as_of(book, desk.office, now - _MATTERS)
        first = inbox.first_pass(book, desk.account) or now
        since = closings.known_since(book)
    due = [pair for duty in office.duties for pair in _passed(office, duty, first - _BACK, now)]
    if not due:
        return replace(desk, office=office)
    with desk.store.transaction() as book:
        for duty, period in due:
            known = since.get(duty.id, first)
            closings.close(book, duty, period, _closing(office, duty, period, known if known > first else None), now)
        book.flush()
        office = grants.office_as_of(book, desk.office, now - _MATTERS)
    log.info("fixed", periods=len(due))
    return replace(desk, office=office)


def _passed(office: Office, duty: Duty, since: datetime, now: datetime) -> Iterator[tuple[Duty, Period]]:
    """The periods of a duty that fell due between these instants and aren't fixed yet."""
    calendar = office.calendar
    fixed = [Period.parse(label) for duty_id, label in calendar.closings if duty_id == duty.id]
    fixed = [period for period in fixed if period.kind is duty.period]
    start = max(fixed).shift(-_DISORDER) if fixed else Period.of(duty.period, since.astimezone(office.zone).date())
    end = Period.of(duty.period, now.astimezone(office.zone).date()).shift(_DISORDER)
    period = start
    while period <= end:
        if calendar.closing(duty, period) is None and since <= calendar.cutoff(duty, period) + office.grace <= now:
            yield duty, period
        period = period.shift(1)


def _closing(office: Office, duty: Duty, period: Period, known: datetime | None) -> Closing:
    """What is owed of it as things stand; nothing where the duty was not `known` yet when it fell due."""
    calendar = office.calendar
    cutoff, rule, start = calendar.rule(duty, period)
    whose = [p.id for p in office.roster.people if duty.whose.has(p) and (known is None or cutoff > known)]
    working = calendar.working_days(period)
    return Closing(cutoff, office.grace, frozenset(whose), rule, start, working, duty.counts, duty.weight)

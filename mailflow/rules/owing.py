"""Owing: who owes a duty for a period, and what of it is fixed when its cutoff has passed (clauses R1, R4, R7, R9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from mailflow.rules.people import Person
from mailflow.rules.periods import Period


class Excuse(StrEnum):
    """Why nothing is owed for a period."""

    LEAVE = "leave"
    REST = "rest"
    NOT_YET_JOINED = "not yet joined"
    LEFT = "left"
    NOT_NEEDED = "not needed"
    NOT_THEIRS = "not theirs"
    GRANTED = "granted"


@dataclass(frozen=True)
class Leave:
    """A person's leave, both days included."""

    person: str
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True)
class Closing:
    """What was owed of one duty for one period, fixed at its cutoff: later edits of the configuration change nothing
    of it. `whose` are the ids of those whose duty it was then, `rule` the number of the rule it goes by, `start` the
    office's first day, `working` the days of the period on which the office worked."""

    cutoff: datetime
    grace: timedelta
    whose: frozenset[str]
    rule: int
    start: date | None
    working: tuple[date, ...]
    counts: bool = True
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Terms:
    """What the rule looks at besides the person: the days of the cutoff and of the period, those of them on which the
    office works, its first day, and the person's leave."""

    period: Period
    cutoff: date
    working: Sequence[date]
    start: date | None
    leaves: Sequence[Leave]

    def on_leave(self, days: Sequence[date]) -> bool:
        """Whether leave covers all of these days."""
        return all(any(leave.first <= day <= leave.last for leave in self.leaves) for day in days)


def before_start(period: Period, cutoff: date, start: date | None, rule: int) -> bool:
    """Whether the period or its cutoff lies before the office's first day (of old: whether it ends before it)."""
    if start is None:
        return False
    return period.last < start if rule == 1 else min(cutoff, period.first) < start


def excuse_of(person: Person, terms: Terms, rule: int) -> Excuse | None:
    """Why this person owes nothing under these terms, by the rule with this number; None when it is owed."""
    if before_start(terms.period, terms.cutoff, terms.start, rule):
        return Excuse.NOT_NEEDED
    return _RULES[rule](person, terms)


def _at_both_ends(person: Person, terms: Terms) -> Excuse | None:
    """Whoever is employed both at the cutoff and on the period's first working day owes it; leave excuses when it
    covers every working day of the period that he is employed on."""
    begins = terms.working[0] if terms.working else terms.period.first
    for day in (begins, terms.cutoff):
        if not person.employed_on(day):
            return _absence(person, day)
    if not terms.working:
        return Excuse.REST
    if terms.on_leave([day for day in terms.working if person.employed_on(day)]):
        return Excuse.LEAVE
    return None


def _absence(person: Person, day: date) -> Excuse:
    first = person.spans[0].first
    return Excuse.NOT_YET_JOINED if first is not None and day < first else Excuse.LEFT


def _on_any_day(person: Person, terms: Terms) -> Excuse | None:
    """The rule of the first versions, by which old periods stay: whoever worked on any day of the period owed it."""
    if person.joined and terms.period.last < person.joined:
        return Excuse.NOT_YET_JOINED
    if person.left and terms.period.first > person.left:
        return Excuse.LEFT
    if not terms.working:
        return Excuse.REST
    employed = [day for day in terms.working if person.employed_on(day)]
    if not employed:
        return Excuse.LEFT if person.left and terms.working[0] > person.left else Excuse.NOT_YET_JOINED
    return Excuse.LEAVE if terms.on_leave(employed) else None


_RULES: dict[int, Callable[[Person, Terms], Excuse | None]] = {1: _on_any_day, 2: _at_both_ends}
IN_FORCE = max(_RULES)

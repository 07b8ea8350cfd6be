"""What is due: (instant, duties, calendar) → the occasions that call for letters now. No state in timers.

An occasion is due from its own instant until it helps nobody any more; its key makes it once only. After a stop of
any length the newest of each kind is found again, and what no longer helps (a reminder after the cutoff, a nudge
after the deadline) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty, Review
from mailflow.rules.ledger import Row
from mailflow.rules.periods import Period
from mailflow.rules.submission import State

_PERIODS_BACK, _PERIODS_AHEAD = -6, 3


class Kind(StrEnum):
    """What the clock calls for."""

    REMINDER = "reminder"  # before the cutoff: whoever has not submitted is reminded
    CUTOFF = "cutoff"  # after it: the missing are told, and the director gets his digest
    NUDGE = "nudge"  # before the review deadline: the director is told what is still open
    SILENCE = "silence"  # at the review deadline, where silence approves


@dataclass(frozen=True)
class Occasion:
    """Something that falls due at an instant for these duties and periods; duties with the same instant share one."""

    kind: Kind
    at: datetime
    dues: tuple[tuple[Duty, Period], ...]

    @property
    def key(self) -> str:
        """What makes it once only."""
        return f"{self.kind}/{self.at.isoformat()}"


def occasions(
    now: datetime,
    duties: Iterable[Duty],
    calendar: Calendar,
    *,
    since: datetime,
    settle: timedelta,
    silence: bool = False,
) -> list[Occasion]:
    """The occasions that are due at `now`, oldest first. Nothing before `since` is ours.

    A cutoff counts `settle` after it passed, because slow mail is still on its way, and until the next cutoff of the
    same duty: of several only the newest is told.
    """
    due: dict[tuple[datetime, Kind], list[tuple[Duty, Period]]] = {}
    for duty in duties:
        for kind, at, period in _of_duty(now, duty, calendar, settle):
            if at >= since and (silence or kind is not Kind.SILENCE):
                due.setdefault((at, kind), []).append((duty, period))
    return [Occasion(kind, at, tuple(dues)) for (at, kind), dues in sorted(due.items(), key=lambda pair: pair[0])]


def _of_duty(
    now: datetime, duty: Duty, calendar: Calendar, settle: timedelta
) -> Iterator[tuple[Kind, datetime, Period]]:
    here = Period.of(duty.period, now.astimezone(calendar.zone).date())
    periods = [here.shift(n) for n in range(_PERIODS_BACK, _PERIODS_AHEAD + 1)]
    cutoffs = [(calendar.cutoff(duty, period), period) for period in periods]
    passed = [pair for pair in cutoffs if pair[0] + settle <= now]
    if passed and not any(max(passed)[0] < cutoff <= now for cutoff, _ in cutoffs):
        yield Kind.CUTOFF, *max(passed)
    for cutoff, period in cutoffs:
        if cutoff > now:
            begun = [cutoff - before for before in duty.reminders if cutoff - before <= now]
            if begun:
                yield Kind.REMINDER, max(begun), period
    for period in periods:
        deadline = calendar.review_deadline(duty, period)
        if deadline is None:
            continue
        if deadline <= now:
            if duty.review is Review.APPROVE:
                yield Kind.SILENCE, deadline, period
            continue
        begun = [at for at in duty.nudges_at(period, calendar.zone) if at <= now]
        if begun:
            yield Kind.NUDGE, max(begun), period


# What a scored submission can be when nothing more is to come of it.
_CLOSED = (State.SCORED, State.MISSING, State.EXCUSED)


def is_settled(rows: Sequence[Row]) -> bool:
    """Whether every summary among these rows is scored, missing or excused: nothing waits for the director."""
    return all(row.state in _CLOSED for row in rows if row.duty.review is Review.SCORE)


def is_fully_scored(rows: Sequence[Row]) -> bool:
    """Whether the week's sheets can be printed: settled, and somebody has a score (clause R6)."""
    return is_settled(rows) and any(row.state is State.SCORED for row in rows)

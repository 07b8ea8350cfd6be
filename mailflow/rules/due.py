"""What is due: (instant, duties, calendar) → the occasions that call for letters now. No state in timers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period


@dataclass(frozen=True)
class Occasion:
    """A cutoff that has passed: the missing are told and the director gets his digest, once only (by `key`)."""

    cutoff: datetime
    dues: tuple[tuple[Duty, Period], ...]

    @property
    def key(self) -> str:
        """What makes it once only."""
        return f"cutoff/{self.cutoff.isoformat()}"


def occasions(
    now: datetime, duties: Iterable[Duty], calendar: Calendar, *, since: datetime, settle: timedelta
) -> list[Occasion]:
    """The cutoffs whose letters are due at `now`, oldest first; duties with the same cutoff share one.

    A cutoff counts `settle` after it passed, because slow mail is still on its way, and until the next cutoff of
    the same duty: after a stop of any length only the newest one is told. Cutoffs before `since` are not ours.
    """
    due: dict[datetime, list[tuple[Duty, Period]]] = {}
    for duty in duties:
        here = Period.of(duty.period, now.astimezone(calendar.zone).date())
        cutoffs = [(calendar.cutoff(duty, here.shift(n)), here.shift(n)) for n in range(-3, 4)]
        passed = [(cutoff, period) for cutoff, period in cutoffs if cutoff + settle <= now]
        if not passed:
            continue
        cutoff, period = max(passed)
        told_too_late = any(cutoff < other <= now for other, _ in cutoffs)
        if cutoff >= since and not told_too_late:
            due.setdefault(cutoff, []).append((duty, period))
    return [Occasion(cutoff, tuple(due[cutoff])) for cutoff in sorted(due)]

"""Submissions, their versions and their standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from mailflow.rules.owing import Excuse
from mailflow.rules.periods import Period


class Standing(StrEnum):
    """How a submission stands against its cutoff."""

    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    EXCUSED = "excused"
    EXPECTED = "expected"


class State(StrEnum):
    """Where a submission is. The first four are remembered, the others follow from the clock and the calendar."""

    RECEIVED = "received"
    REVISING = "revising"
    APPROVED = "approved"
    SCORED = "scored"
    MISSING = "missing"
    EXCUSED = "excused"
    EXPECTED = "expected"


@dataclass(frozen=True)
class Key:
    """One person, one duty, one period: what makes a submission the one it is."""

    person: str
    duty: str
    period: Period


@dataclass(frozen=True)
class Submission:
    """What is remembered of a submission. `arrivals` are the versions' instants, oldest first, `newest` its number."""

    id: int
    key: Key
    code: str
    state: State
    arrivals: tuple[datetime, ...]
    score: Decimal | None = None
    comment: str = ""
    decided_at: datetime | None = None
    newest: int = 0

    @property
    def version(self) -> int:
        """The number of the newest version."""
        return self.newest or len(self.arrivals)

    @property
    def is_open(self) -> bool:
        """Whether it waits for the director."""
        return self.state is State.RECEIVED and bool(self.arrivals)


@dataclass(frozen=True)
class Target:
    """A submission that an answer may be about. `answered` is the version whose very mail is answered."""

    submission: Submission
    answered: int | None = None


@dataclass(frozen=True)
class Judged:
    """A standing with what it rests on. `late_by` is zero unless late."""

    standing: Standing
    late_by: timedelta = timedelta(0)
    excuse: Excuse | None = None


def standing_of(
    arrivals: Sequence[datetime], cutoff: datetime, excuse: Excuse | None, now: datetime, grace: timedelta
) -> Judged:
    """The standing, from the first version that had content (clauses R1, R4).

    Strictly before the cutoff (plus grace) is on time: 20:59:59 is on time and 21:00:00 is late. Lateness is
    measured from the cutoff itself, in whole seconds. What the director granted excuses a late one as well.
    """
    if excuse is Excuse.GRANTED and (not arrivals or min(arrivals) >= cutoff + grace):
        return Judged(Standing.EXCUSED, excuse=excuse)
    if arrivals:
        first = min(arrivals)
        if first < cutoff + grace:
            return Judged(Standing.ON_TIME)
        return Judged(Standing.LATE, late_by=timedelta(seconds=int((first - cutoff).total_seconds())))
    if excuse:
        return Judged(Standing.EXCUSED, excuse=excuse)
    return Judged(Standing.MISSING if now >= cutoff + grace else Standing.EXPECTED)


def state_of(submission: Submission | None, judged: Judged) -> State:
    """The state to show: what is remembered, or what the clock and the calendar say where nothing arrived."""
    return submission.state if submission and submission.arrivals else State(judged.standing.value)

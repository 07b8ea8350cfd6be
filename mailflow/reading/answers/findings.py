"""Findings: what an answer about many decides, row by row, and what of it is not sure, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision
from mailflow.rules.submission import Target


class Why(StrEnum):
    """Why a line was not acted on."""

    UNKNOWN = "unknown"
    NAMESAKES = "namesakes"
    NOTHING_THERE = "nothing-there"
    NO_VERDICT = "no-verdict"
    UNCLEAR = "unclear"
    TWICE = "twice"
    REST_UNSURE = "rest-unsure"
    OFF_SCALE = "off-scale"
    NEWER_VERSION = "newer-version"
    NOT_HIS = "not-his"
    KEY = "key"
    DEPUTY = "deputy"
    INDIRECT = "indirect"
    NOT_ALONE = "not-alone"
    DENIED = "denied"
    QUOTED = "quoted"
    NAMED_BESIDES = "named-besides"
    STILL_OPEN = "still-open"


@dataclass(frozen=True)
class Item:
    """One duty in a row of the letter that is answered; a person's duties share the row's number.

    `target` is None where nothing was submitted.
    """

    number: int
    person: Person
    duty: Duty
    period: Period
    target: Target | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.target is not None and self.target.submission.is_open


@dataclass(frozen=True)
class Ruled:
    """A decision on one row, the words that it comes from, and how many people those were said of."""

    item: Item
    decision: Decision
    words: str
    breadth: int = 1


@dataclass(frozen=True)
class Unsettled:
    """Words that were not acted on, and why. `numbers` are the rows that they may be about, none where that is not
    known; `likely` is what they most likely mean of which rows; `subject` that of a mail that would say it surely."""

    words: str
    why: Why
    numbers: tuple[int, ...] = ()
    likely: tuple[tuple[Item, Decision], ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Excused:
    """A row that is excused by name, and why."""

    item: Item
    reason: str
    words: str


@dataclass(frozen=True)
class Lines:
    """What an answer about many decides, and what is not sure."""

    ruled: tuple[Ruled, ...] = ()
    excused: tuple[Excused, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()

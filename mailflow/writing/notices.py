"""Notices: a dataclass for each kind of letter, holding all that its template may say. The kind is its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.writing.notice import Item, Notice
from mailflow.writing.to_deciders import (
    Clarify,
    ClarifyLines,
    Digest,
    Nudge,
    Refused,
    Reopened,
    Settled,
    Unproved,
)


@dataclass(frozen=True)
class Receipt(Notice):
    """To the sender: what was understood (clauses R1, R4).

    `corrects` is what the version was booked as before its sender corrected it; without items it stays there,
    because it is decided on already. `lay_in` is the folder where the mail lay, if that is not the inbox.
    """

    kind: ClassVar[str] = "receipt"
    person: Person
    items: Sequence[Item]
    received_at: datetime
    codes: str
    example: str
    contradiction: datetime | None = None
    same_id: bool = False
    corrects: tuple[Duty, Period] | None = None
    problems: Sequence[tuple[str, str]] = ()
    lay_in: str = ""


@dataclass(frozen=True)
class Unreadable(Notice):
    """To the sender: nothing readable came, the clock goes on."""

    kind: ClassVar[str] = "unreadable"
    person: Person
    items: Sequence[Item]
    received_at: datetime
    original: str
    problems: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Missing(Notice):
    """To whoever has not submitted, after the cutoff."""

    kind: ClassVar[str] = "missing"
    automatic: ClassVar[bool] = False
    person: Person
    items: Sequence[Item]


@dataclass(frozen=True)
class Approval(Notice):
    """To the person: the plan is approved (clause R2). `silent`: nobody said so, the deadline passed in silence."""

    kind: ClassVar[str] = "approval"
    person: Person
    duty: Duty
    period: Period
    version: int
    comment: str
    decided_at: datetime
    codes: str
    silent: bool = False


@dataclass(frozen=True)
class Revision(Notice):
    """To the person: what to change (clause R3)."""

    kind: ClassVar[str] = "revision"
    person: Person
    duty: Duty
    period: Period
    version: int
    comment: str
    decided_at: datetime
    deadline: datetime | None
    codes: str


@dataclass(frozen=True)
class Score(Notice):
    """To the person: the assessment (clause R5). `before` is the score that a correction replaces."""

    kind: ClassVar[str] = "score"
    person: Person
    duty: Duty
    period: Period
    version: int
    score: Decimal
    highest: Decimal
    band: str
    comment: str
    decided_at: datetime
    month: Period
    before: Decimal | None
    codes: str


@dataclass(frozen=True)
class Reminder(Notice):
    """To whoever has not submitted yet, before the cutoff."""

    kind: ClassVar[str] = "reminder"
    automatic: ClassVar[bool] = False
    person: Person
    items: Sequence[Item]


@dataclass(frozen=True)
class Sheets(Notice):
    """To the director: the week's score sheets to print and sign (clause R6)."""

    kind: ClassVar[str] = "sheets"
    automatic: ClassVar[bool] = False
    period: Period
    count: int
    again: bool
    files: Sequence[str]


@dataclass(frozen=True)
class Monthly(Notice):
    """To HR: the month's workbook (clause R7). `open_items` is what was still open on the latest day."""

    kind: ClassVar[str] = "monthly"
    automatic: ClassVar[bool] = False
    month: Period
    people: int
    weeks: Sequence[Period]
    open_items: int
    checksum: str
    files: Sequence[str]


@dataclass(frozen=True)
class Change:
    """One figure that is another now."""

    name: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction(Notice):
    """To HR: a month that was sent has changed; what, from and to."""

    kind: ClassVar[str] = "correction"
    automatic: ClassVar[bool] = False
    month: Period
    number: int
    changes: Sequence[Change]
    checksum: str
    files: Sequence[str]


# What an operator is told of; `templates/LANGUAGE/alert/topics.j2` has the words.
ALERTS = (
    "quarantine", "failed", "returned", "ceiling", "unread", "unfetched", "login", "recovered", "undecided", "away",
    "no-sent", "no-folder", "former", "reused", "clock",
)  # fmt: skip


@dataclass(frozen=True)
class Alert(Notice):
    """To the operator: something that a person must look at. `topic` is one of ALERTS."""

    kind: ClassVar[str] = "alert"
    automatic: ClassVar[bool] = False
    topic: str
    details: Sequence[str] = field(default_factory=tuple)


KINDS: tuple[type[Notice], ...] = (
    Receipt, Settled, Unreadable, Reminder, Missing, Approval, Revision, Score, Clarify, ClarifyLines, Unproved, Nudge,
    Reopened, Digest, Sheets, Monthly, Correction, Refused, Alert,
)  # fmt: skip

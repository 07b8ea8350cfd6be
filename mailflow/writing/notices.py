"""Notices: a dataclass for each kind of letter, holding all that its template may say. The kind is its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import Standing


@dataclass(frozen=True)
class Item:
    """One duty and period in a letter. `other` is another period that the mail names, less clearly."""

    duty: Duty
    period: Period
    cutoff: datetime
    version: int = 0
    standing: Standing = Standing.EXPECTED
    late_by: timedelta = timedelta(0)
    other: Period | None = None


@dataclass(frozen=True)
class Notice:
    """What every letter knows: the office and the director."""

    kind: ClassVar[str]
    automatic: ClassVar[bool] = True
    office: str
    director: Person


@dataclass(frozen=True)
class Receipt(Notice):
    """To the sender: what was understood (clauses R1, R4).

    `corrects` is what the version was booked as before its sender corrected it; without items it stays there,
    because it is decided on already.
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
    """To the person: the plan is approved (clause R2)."""

    kind: ClassVar[str] = "approval"
    person: Person
    duty: Duty
    period: Period
    version: int
    comment: str
    decided_at: datetime
    codes: str


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
class Candidate:
    """A submission that the director's answer could be about."""

    name: str
    duty: Duty
    period: Period
    version: int
    received_at: datetime


@dataclass(frozen=True)
class Clarify(Notice):
    """To the director: his words, and how to answer. `doubt` says why they were not acted on."""

    kind: ClassVar[str] = "clarify"
    person: Person | None
    duty: Duty | None
    period: Period | None
    doubt: str
    words: str
    answered_at: datetime
    candidates: Sequence[Candidate]
    wants_approval: bool
    wants_score: bool
    lowest: Decimal
    highest: Decimal
    codes: str


@dataclass(frozen=True)
class Nudge(Notice):
    """To the director: a plan that he had approved is open again."""

    kind: ClassVar[str] = "nudge"
    automatic: ClassVar[bool] = False
    person: Person
    duty: Duty
    period: Period
    version: int
    received_at: datetime
    text: str
    codes: str


@dataclass(frozen=True)
class DigestRow:
    """One person in the digest. `contradiction` is a Date: header that claims before the cutoff what came after."""

    person: Person
    standing: Standing
    late_by: timedelta
    state: str
    version: int = 0
    received_at: datetime | None = None
    text: str = ""
    attachments: Sequence[Mapping[str, str]] = ()
    contradiction: datetime | None = None


@dataclass(frozen=True)
class DigestDue:
    """One duty and period in the digest."""

    duty: Duty
    period: Period
    deadline: datetime | None
    rows: Sequence[DigestRow]
    totals: Mapping[str, int]


@dataclass(frozen=True)
class SetAside:
    """A message in quarantine, as the director is shown it."""

    received_at: datetime
    sender: str
    subject: str
    reason: str


@dataclass(frozen=True)
class Digest(Notice):
    """To the director: who is on time, late, missing, excused, and what they wrote."""

    kind: ClassVar[str] = "digest"
    automatic: ClassVar[bool] = False
    cutoff: datetime
    dues: Sequence[DigestDue]
    totals: Mapping[str, int]
    quarantined: Sequence[SetAside] = ()


@dataclass(frozen=True)
class Alert(Notice):
    """To the operator: something that a person must look at. `topic` is quarantine, failed or undecided."""

    kind: ClassVar[str] = "alert"
    automatic: ClassVar[bool] = False
    topic: str
    details: Sequence[str] = field(default_factory=tuple)


KINDS: tuple[type[Notice], ...] = (
    Receipt, Unreadable, Missing, Approval, Revision, Score, Clarify, Nudge, Digest, Alert,
)  # fmt: skip

"""Notices: a dataclass for each kind of letter, holding all that its template may say. The kind is its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import Judged, Standing


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
    """What every letter knows: the office and the director, or in a letter to another reviewer that reviewer.

    `template` is the folder of its files where it isn't named like the kind.
    """

    kind: ClassVar[str]
    template: ClassVar[str] = ""
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
class Reminder(Notice):
    """To whoever has not submitted yet, before the cutoff."""

    kind: ClassVar[str] = "reminder"
    automatic: ClassVar[bool] = False
    person: Person
    items: Sequence[Item]


@dataclass(frozen=True)
class OpenItem:
    """A submission that waits for its reviewer, and by when he has to decide."""

    person: Person
    duty: Duty
    period: Period
    version: int
    received_at: datetime
    judged: Judged
    deadline: datetime | None


@dataclass(frozen=True)
class Nudge(Notice):
    """To a reviewer: what still waits for him."""

    kind: ClassVar[str] = "nudge"
    automatic: ClassVar[bool] = False
    items: Sequence[OpenItem]


@dataclass(frozen=True)
class Settled(Notice):
    """To a reviewer: what his answer of many lines settled, and what not."""

    kind: ClassVar[str] = "receipt"
    template: ClassVar[str] = "settled"
    answered_at: datetime
    rows: Sequence[SettledRow]
    unsettled: Sequence[tuple[str, str]] = ()
    deputy: tuple[str, date, date] | None = None


@dataclass(frozen=True)
class SettledRow:
    """One thing that was settled; `before` is the decision that it replaces."""

    name: str
    duty: Duty
    period: Period
    verdict: str
    score: Decimal | None
    comment: str
    before: str = ""


@dataclass(frozen=True)
class ClarifyLines(Notice):
    """To a reviewer: the lines of his answer that were not sure, each with the reason, and how to write them."""

    kind: ClassVar[str] = "clarify"
    template: ClassVar[str] = "clarify-lines"
    answered_at: datetime
    lines: Sequence[tuple[str, str]]
    settled: int
    namesakes: Sequence[tuple[str, str, str]]
    lowest: Decimal
    highest: Decimal


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


@dataclass(frozen=True)
class Reopened(Notice):
    """To the director: a plan that he had approved is open again."""

    kind: ClassVar[str] = "nudge"
    template: ClassVar[str] = "reopened"
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
    """One duty of one person in the digest.

    `contradiction` is a Date: header that claims before the cutoff what came after; `plan` what a summary is scored
    against; `trend` the last scores, oldest first; `pictures` (content id, file name); `token` where he can decide.
    """

    duty: Duty
    period: Period
    standing: Standing
    late_by: timedelta
    state: str
    excuse: str = ""
    version: int = 0
    received_at: datetime | None = None
    text: str = ""
    attachments: Sequence[Mapping[str, str]] = ()
    pictures: Sequence[tuple[str, str]] = ()
    contradiction: datetime | None = None
    plan: str = ""
    trend: Sequence[str] = ()
    token: str = ""


@dataclass(frozen=True)
class DigestPerson:
    """One row of the digest: a person, by the number that answers can use, and each duty."""

    number: int
    person: Person
    rows: Sequence[DigestRow]


@dataclass(frozen=True)
class DigestDue:
    """One duty and period in the digest."""

    duty: Duty
    period: Period
    deadline: datetime | None
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
    people: Sequence[DigestPerson]
    totals: Mapping[str, int]
    mailbox: str
    open: int
    lowest: Decimal
    highest: Decimal
    quarantined: Sequence[SetAside] = ()
    unknown_year: int | None = None


@dataclass(frozen=True)
class Refused(Notice):
    """To the director: mail that says it is from him or his staff, is not proved, and was not obeyed."""

    kind: ClassVar[str] = "alert"
    template: ClassVar[str] = "refused"
    automatic: ClassVar[bool] = False
    items: Sequence[SetAside]


# What an operator is told of; `templates/LANGUAGE/alert/topics.j2` has the words.
ALERTS = (
    "quarantine", "failed", "returned", "ceiling", "unread", "unfetched", "login", "recovered", "undecided", "away",
)  # fmt: skip


@dataclass(frozen=True)
class Alert(Notice):
    """To the operator: something that a person must look at. `topic` is one of ALERTS."""

    kind: ClassVar[str] = "alert"
    automatic: ClassVar[bool] = False
    topic: str
    details: Sequence[str] = field(default_factory=tuple)


KINDS: tuple[type[Notice], ...] = (
    Receipt, Settled, Unreadable, Reminder, Missing, Approval, Revision, Score, Clarify, ClarifyLines, Nudge, Reopened,
    Digest, Sheets, Monthly, Correction, Refused, Alert,
)  # fmt: skip

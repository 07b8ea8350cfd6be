"""Notices to those who decide: a dataclass for each kind of letter to the director, a deputy or a supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import Judged, Standing
from mailflow.writing.notice import Notice


@dataclass(frozen=True)
class Candidate:
    """A submission that the director's answer could be about."""

    name: str
    duty: Duty
    period: Period
    version: int
    received_at: datetime


@dataclass(frozen=True)
class Proposal:
    """What we understood, and the `words` with which a tap says it; none where they are too many for a link."""

    verdict: str
    score: Decimal | None
    comment: str
    words: str = ""


@dataclass(frozen=True)
class Clarify(Notice):
    """To the director: his words, and how to answer. `doubt` says why they were not acted on, `proposals` how we
    understand them, to be confirmed by a tap or, where there is one, by a yes; `about` how the submission begins, and
    `token` that of the links."""

    kind: ClassVar[str] = "clarify"
    to_decider: ClassVar[bool] = True
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
    proposals: Sequence[Proposal] = ()
    token: str = ""
    about: str = ""
    mailbox: str = ""


@dataclass(frozen=True)
class OpenItem:
    """A submission that waits for its reviewer, by when he has to decide, and what he wrote of it last and when."""

    person: Person
    duty: Duty
    period: Period
    version: int
    received_at: datetime
    judged: Judged
    deadline: datetime | None
    said: tuple[str, datetime] | None = None
    number: int = 0
    token: str = ""


@dataclass(frozen=True)
class Nudge(Notice):
    """To a reviewer: what still waits for him, by the numbers of his digest, and what is overdue besides."""

    kind: ClassVar[str] = "nudge"
    to_decider: ClassVar[bool] = True
    automatic: ClassVar[bool] = False
    items: Sequence[OpenItem]
    overdue: Sequence[OpenItem] = ()
    mailbox: str = ""


@dataclass(frozen=True)
class Settled(Notice):
    """To a reviewer: what his answer of many lines settled, what not, and what stands as he had decided it since."""

    kind: ClassVar[str] = "receipt"
    to_decider: ClassVar[bool] = True
    template: ClassVar[str] = "settled"
    answered_at: datetime
    rows: Sequence[SettledRow]
    unsettled: Sequence[tuple[str, str]] = ()
    deputy: tuple[str, date, date] | None = None
    kept: Sequence[SettledRow] = ()
    overdue: Sequence[OpenItem] = ()
    mailbox: str = ""


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
    """To a reviewer: the words of his answer that were not sure, each with the reason, what we take them for and
    whom they may be about.

    `likely` says all of that plainly, and a mail with it and the `token` settles it: one tap. `proposals` are subjects
    of mails of his own, to `mailbox`, that excuse somebody.
    """

    kind: ClassVar[str] = "clarify"
    to_decider: ClassVar[bool] = True
    template: ClassVar[str] = "clarify-lines"
    answered_at: datetime
    lines: Sequence[tuple[str, str, Sequence[str], Sequence[str]]]
    settled: int
    namesakes: Sequence[tuple[str, str, str]]
    lowest: Decimal
    highest: Decimal
    mailbox: str = ""
    proposals: Sequence[str] = ()
    likely: str = ""
    token: str = ""


@dataclass(frozen=True)
class UnprovedMail:
    """A mail that decides and isn't proved: when it arrived and what it says. `lost`: it answers a letter that the
    store no longer knows."""

    received_at: datetime
    words: str
    lost: bool


@dataclass(frozen=True)
class OpenRow:
    """A submission that can be decided on by its row's number."""

    number: int
    name: str
    duty: Duty
    period: Period
    version: int


@dataclass(frozen=True)
class Unproved(Notice):
    """To a decider, alone: mail that decides in his name and isn't proved; his own verdict settles it."""

    kind: ClassVar[str] = "clarify"
    template: ClassVar[str] = "unproved"
    to_decider: ClassVar[bool] = True
    mails: Sequence[UnprovedMail]
    more: int
    rows: Sequence[OpenRow]
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class Reopened(Notice):
    """To the director: a plan that he had approved is open again."""

    kind: ClassVar[str] = "nudge"
    to_decider: ClassVar[bool] = True
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
    against; `trend` the last scores, oldest first; `pictures` (content id, file name); `token` where he can decide;
    `lay_in` the folder where it lay, if that is not the inbox; `said` what the reader wrote of it without deciding.
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
    lay_in: str = ""
    said: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class DigestPerson:
    """One row of the digest: a person, by the number that answers can use, and each duty that is his. `cells` are his
    rows in the order of the digest's dues, None where one isn't his."""

    number: int
    person: Person
    rows: Sequence[DigestRow]
    cells: Sequence[DigestRow | None]


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
    to_decider: ClassVar[bool] = True
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
    no_sent: bool = False
    overdue: Sequence[OpenItem] = ()


@dataclass(frozen=True)
class Refused(Notice):
    """To the director: mail that says it is from him or his staff, is not proved, and was not obeyed."""

    kind: ClassVar[str] = "alert"
    template: ClassVar[str] = "refused"
    automatic: ClassVar[bool] = False
    items: Sequence[SetAside]

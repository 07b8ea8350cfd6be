"""A notice: what every kind of letter knows, and a duty and period as letters name them."""

from __future__ import annotations

from collections.abc import Sequence
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
class TakenFromInbox:
    """A decision that a mail in INBOX led to: on whom and what, which, by whom and when."""

    name: str
    duty: Duty
    period: Period
    verdict: str
    score: Decimal | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Notice:
    """What every letter knows: the office and the director, or in a letter to another reviewer that reviewer.

    `template` is the folder of its files where it isn't named like the kind. `from_inbox` is what was decided by mail
    in INBOX since the last letter to this decider: he notices what isn't his.
    """

    kind: ClassVar[str]
    template: ClassVar[str] = ""
    automatic: ClassVar[bool] = True
    to_decider: ClassVar[bool] = False
    office: str
    director: Person
    from_inbox: Sequence[TakenFromInbox] = field(default=(), kw_only=True)

"""The office: everything that the configuration says about people and rules, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty, Reviewer
from mailflow.rules.people import Person, Roster
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.review import VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Judged, standing_of


@dataclass(frozen=True)
class Deputy:
    """Who decides in the director's absence, both days included."""

    person: str
    first: date
    last: date


@dataclass(frozen=True)
class Office:
    """Who, what, by when, and how it counts. `since` is the instant before which mail is never touched.

    `hold` keeps the letters of a decision back for so long. A month goes to HR at the latest on its `month_latest`,
    a day of the month after it, whatever is still open; 0 waits. `sender` is the address of our letters. The director's
    mail in INBOX waits `twin_wait` for its copy in Sent; with `require_pass` a mail about which the mail server says
    nothing is not believed either. `retired` are the duties of old that something is still known of.
    """

    name: str
    language: str
    roster: Roster
    duties: tuple[Duty, ...]
    calendar: Calendar
    scores: ScoreRules
    since: datetime
    hr: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    grace: timedelta = timedelta(0)
    settle: timedelta = timedelta(minutes=15)
    on_silence: str = "remind"
    trusted_authserv: tuple[str, ...] = ()
    verdict_words: VerdictWords = field(default_factory=VerdictWords)
    deputies: tuple[Deputy, ...] = ()
    hold: timedelta = timedelta(0)
    sender: str = ""
    require_pass: bool = False
    twin_wait: timedelta = timedelta(minutes=5)
    month_latest: int = 10
    retired: tuple[Duty, ...] = ()

    @property
    def patience(self) -> timedelta:
        """How long after a cutoff it is told who is missing: when slow mail is there and nobody has grace any more."""
        return max(self.settle, self.grace)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.calendar.zone

    def duty(self, duty_id: str) -> Duty | None:
        """The duty with this id, one that the configuration has no more among them."""
        return next((duty for duty in (*self.duties, *self.retired) if duty.id == duty_id), None)

    def dues(self, kind: PeriodKind, periods: Iterable[Period]) -> list[tuple[Duty, Period]]:
        """Every duty of this kind of period for each of these periods, in order; of those of old what was fixed."""
        mine = [duty for duty in self.duties if duty.period is kind]
        old = [duty for duty in self.retired if duty.period is kind]
        return [
            (duty, period)
            for period in periods
            for duty in (*mine, *(duty for duty in old if self.calendar.closing(duty, period)))
        ]

    def deputies_on(self, day: date) -> list[Person]:
        """Who decides for the director on that day."""
        found = (self.roster.get(deputy.person) for deputy in self.deputies if deputy.first <= day <= deputy.last)
        return list(dict.fromkeys(person for person in found if person))

    def reviewers(self, day: date) -> list[Person]:
        """Everybody who reviews something on that day: the director first, his deputies, and supervisors."""
        found = [self.roster.director, *self.deputies_on(day)]
        if any(duty.reviewer is Reviewer.SUPERVISOR for duty in self.duties):
            found += [boss for p in self.roster.staff if (boss := self.roster.get(p.supervisor or ""))]
        return list(dict.fromkeys(found))

    def may_decide(self, reviewer: Person, person: Person, duty: Duty, day: date) -> bool:
        """Whether a reviewer may decide on that person's submission: the director always, nobody on his own."""
        if reviewer.id == person.id:
            return False
        if reviewer.id == self.roster.director_id or reviewer in self.deputies_on(day):
            return True
        return duty.reviewer is Reviewer.SUPERVISOR and person.supervisor == reviewer.id

    def judge(self, person: Person, duty: Duty, period: Period, arrivals: Sequence[datetime], now: datetime) -> Judged:
        """The standing at `now` of a person's submission that arrived at these instants, or never."""
        return standing_of(
            arrivals,
            self.calendar.cutoff(duty, period),
            self.calendar.excuse(person, duty, period),
            now,
            self.grace_of(duty, period),
        )

    def grace_of(self, duty: Duty, period: Period) -> timedelta:
        """How long after the cutoff what arrives is still on time."""
        closing = self.calendar.closing(duty, period)
        return closing.grace if closing else self.grace

    def counts(self, duty: Duty, period: Period) -> bool:
        """Whether the duty counts in the month of this period (clause R7)."""
        closing = self.calendar.closing(duty, period)
        return closing.counts if closing else duty.counts

    def weight(self, duty: Duty, period: Period) -> Decimal:
        """With which weight a score of it counts in the month."""
        closing = self.calendar.closing(duty, period)
        return closing.weight if closing else duty.weight

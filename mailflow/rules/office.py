"""The office: everything that the configuration says about people and rules, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty
from mailflow.rules.people import Person, Roster
from mailflow.rules.periods import Period
from mailflow.rules.review import VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Judged, Submission, standing_of


@dataclass(frozen=True)
class Office:
    """Who, what, by when, and how it counts. `since` is the instant before which mail is never touched."""

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

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.calendar.zone

    def duty(self, duty_id: str) -> Duty | None:
        """The duty with this id."""
        return next((duty for duty in self.duties if duty.id == duty_id), None)

    def judge(self, person: Person, duty: Duty, period: Period, held: Submission | None, now: datetime) -> Judged:
        """The standing of a person's submission at `now`, held or not."""
        return standing_of(
            held.arrivals if held else (),
            self.calendar.cutoff(duty, period),
            self.calendar.excuse(person, duty, period),
            now,
            self.grace,
        )

"""Purpose: which duties a mail of the staff is for, and for which period (the rules of clause R1 and R4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from mailflow.reading.charsets import fold
from mailflow.reading.periods import Hint, week_hints
from mailflow.reading.words import BOTH, DUTY_PATTERNS, NOT_A_SUBMISSION, bare_subject
from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period, PeriodKind

_EARLY_WEEKDAYS = (0, 1, 2)
_FIRST_LINES = 5


@dataclass(frozen=True)
class Purpose:
    """One submission that a mail is meant as, with what said so. `other` is a period that a weaker source names.

    `assumed`: the period is by arrival, nothing names it.
    """

    duty: Duty
    period: Period
    reasons: tuple[str, ...]
    other: Period | None = None
    assumed: bool = False


@dataclass(frozen=True)
class Source:
    """A text that may name duty and period: the subject is stronger than an attachment's name, that than the body."""

    name: str
    text: str


def sources(subject: str, filenames: Sequence[str], words: str) -> list[Source]:
    """The three sources in the order of their strength, folded."""
    bare, _ = bare_subject(subject)
    lines = (line.strip() for line in words[:2000].split("\n"))
    heads = list(islice(filter(None, lines), _FIRST_LINES))
    return [
        Source("subject", fold(bare)),
        *(Source("attachment name", fold(name)) for name in filenames),
        Source("first lines", fold("\n".join(line for line in heads if len(line) <= 40))),
    ]


def named_duties(text: str, duties: Sequence[Duty]) -> dict[str, int]:
    """The duties that a folded text names, with where their words end."""
    if BOTH.search(text):
        weekly = [duty.id for duty in duties if duty.id in ("weekly-plan", "weekly-summary")]
        if len(weekly) == 2:
            return {duty_id: _end(text, duty_id) for duty_id in weekly}
    found = {}
    for duty in duties:
        ends = [m.end() for p in DUTY_PATTERNS.get(duty.id, ()) for m in p.finditer(text)]
        own = [duty.name(language) for language in ("zh-CN", "zh-TW", "en")] if duty.names else []
        for word in map(_folded_word, [*duty.words, *own]):
            ends += [m.end() for m in re.finditer(re.escape(word), text)]
        if ends:
            found[duty.id] = min(ends)
    return found


@lru_cache(maxsize=1024)
def _folded_word(word: str) -> str:
    """A duty's own word; every mail is held against the same few."""
    return fold(word)


def _end(text: str, duty_id: str) -> int:
    word = "计划" if duty_id == "weekly-plan" else "总结"
    return text.find(word) + len(word) if word in text else -1


def purposes(
    found_in: Sequence[Source],
    duties: Sequence[Duty],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
) -> list[Purpose]:
    """The submissions that the sources name, by the strongest source that names any."""
    for source in found_in:
        named = named_duties(source.text, duties)
        if not named:
            continue
        if NOT_A_SUBMISSION.search(source.text) and source.name != "first lines":
            return []
        ordered = sorted(named, key=lambda duty_id: (named[duty_id], duty_id))
        result = []
        for duty in (duty for duty_id in ordered for duty in duties if duty.id == duty_id):
            period, why, assumed = _period(duty, source, named, found_in, arrival, is_missing)
            other = _contradiction(period, found_in, arrival) if len(named) == 1 else None
            reasons = [f"{source.name} says {duty.name('zh-CN')}: {source.text[:60]}", why]
            if other:
                reasons.append(f"{other} is named too, by a weaker source")
            result.append(Purpose(duty, period, tuple(reasons), other, assumed))
        return result
    return []


def _period(
    duty: Duty,
    source: Source,
    named: dict[str, int],
    found_in: Sequence[Source],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
) -> tuple[Period, str, bool]:
    """The period, what says so, and whether it is only assumed."""
    if duty.period is not PeriodKind.WEEK:
        return _other_period(duty, source.text, arrival)
    for place in [source, *(other for other in found_in if other is not source)]:
        hints = week_hints(place.text, arrival)
        if place.name == "first lines":
            hints = [hint for hint in hints if hint.strength > 2]
        if not hints:
            continue
        mine = _mine(duty.id, hints, named if place is source else named_duties(place.text, [duty]), len(named) > 1)
        if mine:
            return mine[0], f"{place.name} names the period: {mine[1]}", False
    return (*default_week(duty.id, arrival, is_missing), True)


def _contradiction(period: Period, found_in: Sequence[Source], arrival: date) -> Period | None:
    """Another week that the subject or an attachment's name gives as a date or a number."""
    if period.kind is not PeriodKind.WEEK:
        return None
    named = [h for s in found_in if s.name != "first lines" for h in week_hints(s.text, arrival) if h.strength > 2]
    return next((hint.period for hint in named if hint.period != period), None)


def _mine(duty_id: str, hints: list[Hint], named: dict[str, int], both: bool) -> tuple[Period, str] | None:
    """The hint that belongs to this duty: the strongest that stands before its word and after the other's."""
    if not both:
        best = max(hints, key=lambda hint: hint.strength)
        return best.period, best.words
    end = named.get(duty_id, -1)
    before = max((other for key, other in named.items() if key != duty_id and other < end), default=0)
    own = [hint for hint in hints if end > 0 and before <= hint.start < end]
    if own:
        best = max(own, key=lambda hint: hint.strength)
        return best.period, best.words
    # One week for a mail that holds both: it is the week summed up, and the plan is for the one after it.
    strong = [hint for hint in hints if hint.strength > 1]
    if strong:
        shift = 1 if duty_id == "weekly-plan" else 0
        return strong[0].period.shift(shift), strong[0].words
    if duty_id == "weekly-summary":
        return hints[0].period, hints[0].words
    return None


def default_week(duty_id: str, arrival: date, is_missing: Callable[[str, Period], bool]) -> tuple[Period, str]:
    """Without a hint: a plan is for the coming week and a summary for this one, save for the late ones.

    From Monday to Wednesday a plan is the late one of this week, and a summary that of the week before, if
    those are still missing.
    """
    this = Period.of(PeriodKind.WEEK, arrival)
    ordinary, late = (this.shift(1), this) if duty_id.endswith("plan") else (this, this.shift(-1))
    if arrival.weekday() in _EARLY_WEEKDAYS and is_missing(duty_id, late):
        return late, f"no period named, and that of {late} was still missing"
    return ordinary, f"no period named: by arrival it is {ordinary}"


def _other_period(duty: Duty, text: str, arrival: date) -> tuple[Period, str, bool]:
    """The period of a daily or monthly duty: a month's number or the arrival."""
    here = Period.of(duty.period, arrival)
    if duty.period is PeriodKind.DAY:
        return here, f"by arrival it is {here}", True
    if month := re.search(r"(?:(20\d{2})\s*年\s*)?(\d{1,2})\s*月", text):
        number = int(month[2])
        if 1 <= number <= 12:
            years = [int(month[1])] if month[1] else [arrival.year - 1, arrival.year, arrival.year + 1]
            firsts = [date(year, number, 1) for year in years]
            first = min(firsts, key=lambda day: abs(day - arrival))
            return Period(first, PeriodKind.MONTH), f"the month is named: {month[0]}", False
    shift = (1 if arrival.day > 15 else 0) if duty.id.endswith("plan") else (-1 if arrival.day <= 5 else 0)
    return here.shift(shift), f"no month named: by arrival it is {here.shift(shift)}", True

"""Purpose: which duties a mail of the staff is for, and for which period (the rules of clause R1 and R4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from mailflow.reading.opening.charsets import fold
from mailflow.reading.staff.naming import Form, form_of, named_duties
from mailflow.reading.staff.periods import Hint, named_period, week_hints
from mailflow.reading.words import NOT_A_SUBMISSION, SPEAKS_OF_ONE, bare_subject
from mailflow.rules.duties import Duty, Review
from mailflow.rules.periods import Period, PeriodKind

# From here on a mail is what its wording says, and what the name of an attached file says besides.
_MEANT, _LIKELY, _BEYOND_DOUBT = 0.6, 0.15, 0.9
_BEFORE_HOLIDAY = re.compile(r"节前|节后|放假前|元旦后|假期后|提前交")
_THIS_WEEK, _NEXT_WEEK = (
    re.compile(r"[本这]\s*(?:周|星期|礼拜)|this week"),
    re.compile(r"下\s*个?(?:周|星期)|next week"),
)
_EARLY_WEEKDAYS = (0, 1, 2)
_FIRST_LINES = 5
# Where nothing names the period: from how many days after its beginning a plan is for the next one, and until how many
# anything else is of the one before.
_EDGES = {
    PeriodKind.DAY: (1, 0),
    PeriodKind.FORTNIGHT: (9, 0),
    PeriodKind.MONTH: (15, 5),
    PeriodKind.QUARTER: (66, 15),
}
_FAR_DAYS, _FAR_NUMBER_DAYS = 42, 120


@dataclass(frozen=True)
class Purpose:
    """One submission that a mail is meant as, with what said so. `other` is a period that a weaker source names.

    `assumed`: the period is by arrival, nothing names it; `by_file`: the duty is named by an attached file.
    """

    duty: Duty
    period: Period
    reasons: tuple[str, ...]
    other: Period | None = None
    assumed: bool = False
    by_file: bool = False


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


def purposes(
    found_in: Sequence[Source],
    duties: Sequence[Duty],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
    is_reply: bool = False,
) -> list[Purpose]:
    """The submissions that the sources name, by the strongest source that names any.

    The subject of a reply is another's: that it asks for something says nothing of what this mail is.
    """
    subject = found_in[0].text
    speaks_only = not is_reply and bool(SPEAKS_OF_ONE.search(subject))
    for source in found_in:
        if source.name == "first lines" and (speaks_only or NOT_A_SUBMISSION.search(subject)):
            return []
        named = named_duties(source.text, duties)
        if not named or (speaks_only and source.name == "subject"):
            continue
        if NOT_A_SUBMISSION.search(source.text) and source.name != "first lines":
            return []
        ordered = sorted(named, key=lambda duty_id: (named[duty_id], duty_id))
        result = []
        for duty in (duty for duty_id in ordered for duty in duties if duty.id == duty_id):
            period, why, assumed = _period(duty, source, named, duties, found_in, arrival, is_missing)
            other = _contradiction(period, found_in, arrival) if len(named) == 1 else None
            reasons = [f"{source.name} says {duty.name('zh-CN')}: {source.text[:60]}", why]
            if other:
                reasons.append(f"{other} is named too, by a weaker source")
            by_file = source.name == "attachment name"
            result.append(Purpose(duty, period, tuple(reasons), other, assumed, by_file))
        return result
    return []


def by_wording(
    told: Sequence[Purpose],
    likely: Mapping[str, float],
    found_in: Sequence[Source],
    duties: Sequence[Duty],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
) -> list[Purpose]:
    """What a mail is meant as, after the learned reader has been heard on the week's plan and summary.

    It knows how people write who name nothing, and what only speaks of a plan. Other duties are what their words say.
    """
    pair = weekly_pair(duties)
    others = [purpose for purpose in told if purpose.duty not in pair.values()]
    if others or not pair:
        return [*told]
    said = {purpose.duty.id: purpose for purpose in told}
    by_file = {purpose.duty.id for purpose in told if purpose.by_file}
    # What the subject or a file's name puts off, asks about or only speaks of must be a submission beyond doubt.
    heads = "\n".join(source.text for source in found_in if source.name != "first lines")
    speaks = not told and bool(NOT_A_SUBMISSION.search(heads) or SPEAKS_OF_ONE.search(heads))
    enough = _BEYOND_DOUBT if speaks else _MEANT
    meant = [duty for name, duty in pair.items() if likely[name] >= (_LIKELY if duty.id in by_file else enough)]
    found = []
    for duty in meant:
        sure = next(likely[outcome] for outcome, each in pair.items() if each is duty)
        why = f"its wording is that of {duty.name('zh-CN')} ({sure:.0%})"
        if duty.id in said and (len(meant) == 1) == (len(told) == 1):
            found.append(replace(said[duty.id], reasons=(*said[duty.id].reasons, why)))
            continue
        period, told_by, assumed = _week_meant(duty, meant, found_in, arrival, is_missing)
        found.append(Purpose(duty, period, (why, told_by), assumed=assumed))
    return found


def weekly_pair(duties: Sequence[Duty]) -> dict[str, Duty]:
    """The office's one weekly plan and its one weekly summary, by the outcomes of the learned reader."""
    pair = {}
    for outcome, form in (("plan", Form.PLAN), ("summary", Form.SUMMARY)):
        mine = [duty for duty in duties if duty.period is PeriodKind.WEEK and form_of(duty) is form]
        if len(mine) == 1:
            pair[outcome] = mine[0]
    return pair


def _week_meant(
    duty: Duty,
    meant: Sequence[Duty],
    found_in: Sequence[Source],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
) -> tuple[Period, str, bool]:
    """The week of a duty that no words name: by a date or a number of a week; where two stand there, a plan is for the
    later one; else by arrival."""
    for place in found_in:
        hints = [h for h in week_hints(place.text, arrival) if h.strength > 2 and not _far(h, arrival)]
        weeks = sorted({hint.period for hint in hints}, key=lambda period: period.first)
        if len(weeks) == 1 and len(meant) > 1:
            return (*default_week(duty.id, arrival, is_missing, duty.review, found_in), True)
        if weeks:
            week = weeks[-1] if duty.review is Review.APPROVE else weeks[0]
            return week, f"{place.name} names the week {week}", False
    return (*default_week(duty.id, arrival, is_missing, duty.review, found_in), True)


def _period(
    duty: Duty,
    source: Source,
    named: dict[str, int],
    duties: Sequence[Duty],
    found_in: Sequence[Source],
    arrival: date,
    is_missing: Callable[[str, Period], bool],
) -> tuple[Period, str, bool]:
    """The period, what says so, and whether it is only assumed."""
    if duty.period is not PeriodKind.WEEK:
        return _other_period(duty, source.text, arrival)
    both = [each for each in duties if each.id in named]
    for place in [source, *(other for other in found_in if other is not source)]:
        hints = [hint for hint in week_hints(place.text, arrival) if not _far(hint, arrival)]
        if place.name == "first lines":
            hints = [hint for hint in hints if hint.strength > 2]
        if not hints:
            continue
        ends = named if place is source else named_duties(place.text, both)
        if mine := _mine(duty, hints, [(each, ends[each.id]) for each in both if each.id in ends], len(named) > 1):
            return mine[0], f"{place.name} names the period: {mine[1]}", False
    return (*default_week(duty.id, arrival, is_missing, duty.review, found_in), True)


def _far(hint: Hint, arrival: date) -> bool:
    """Whether a date names no week because it is far away: an old template's, a slip in the year."""
    return abs((hint.period.first - arrival).days) > (_FAR_NUMBER_DAYS if hint.strength == 3 else _FAR_DAYS)


def _contradiction(period: Period, found_in: Sequence[Source], arrival: date) -> Period | None:
    """Another week that the subject or an attachment's name gives as a date or a number."""
    if period.kind is not PeriodKind.WEEK:
        return None
    named = [h for s in found_in if s.name != "first lines" for h in week_hints(s.text, arrival) if h.strength > 2]
    return next((hint.period for hint in named if hint.period != period), None)


def _mine(duty: Duty, hints: list[Hint], named: Sequence[tuple[Duty, int]], both: bool) -> tuple[Period, str] | None:
    """The hint that belongs to this duty; where only the other's is known, the week beside it.

    A plan is for the week after the one that is summed up, and the reverse. `named`: the duties with where their
    words end.
    """
    if not both:
        best = max(hints, key=lambda hint: hint.strength)
        return best.period, best.words
    owned = _owned(hints, named)
    if mine := owned.get(duty.id):
        return mine.period, mine.words
    other = next(iter(owned.values()), None)
    return (other.period.shift(1 if form_of(duty) is Form.PLAN else -1), other.words) if other else None


def _owned(hints: list[Hint], named: Sequence[tuple[Duty, int]]) -> dict[str, Hint]:
    """Which duty each hint is about: the one whose word comes next (下周 in 本周总结及下周计划), or the one before it
    where numbers and dates follow their word (总结 51周 + 计划 52周)."""
    ends = sorted((end, duty.id) for duty, end in named if end > 0)
    looks_back = next((duty.id for duty, _ in named if form_of(duty) is Form.SUMMARY), "")
    if not ends:
        return {looks_back: max(hints, key=lambda hint: hint.strength)} if looks_back else {}
    exact = [hint for hint in hints if hint.strength > 1]
    follow = bool(exact) and all(hint.start >= ends[0][0] for hint in exact)
    # One week after all words is the week summed up.
    if len(exact) == 1 and exact[0].start >= ends[-1][0] and looks_back:
        return {looks_back: exact[0]}
    owned: dict[str, Hint] = {}
    for hint in hints:
        before = [duty_id for end, duty_id in ends if end <= hint.start]
        after = [duty_id for end, duty_id in ends if end > hint.start]
        owner = before[-1] if before and (not after or (follow and hint.strength > 1)) else after[0]
        if owner not in owned or hint.strength > owned[owner].strength:
            owned[owner] = hint
    return owned


def default_week(
    duty_id: str,
    arrival: date,
    is_missing: Callable[[str, Period], bool],
    review: Review,
    found_in: Sequence[Source] = (),
) -> tuple[Period, str]:
    """Without a hint: a plan is for the coming week and a summary for this one, save for the late ones.

    From Monday to Wednesday a plan is the late one of this week, and a summary that of the week before, if
    those are still missing. Dates in the text that agree on a week name it, and who writes before a holiday is early.
    """
    this = Period.of(PeriodKind.WEEK, arrival)
    text = "\n".join(source.text for source in found_in)
    early = arrival.weekday() in _EARLY_WEEKDAYS
    if early and review is Review.APPROVE and _THIS_WEEK.search(text) and not _NEXT_WEEK.search(text):
        return this, f"written of this week at its beginning: {this}"
    dated = {h.period for h in week_hints(text, arrival) if h.strength > 1 and not _far(h, arrival)}
    if len(dated) == 1 and (
        dated <= {this, this.shift(1)} if review is Review.APPROVE else dated <= {this, this.shift(-1)}
    ):
        return (week := dated.pop()), f"the dates in it are of {week}"
    if _BEFORE_HOLIDAY.search(text):
        week = this.shift(1) if review is Review.APPROVE else this
        return week, f"written before a holiday: {week}"
    ordinary, late = (this.shift(1), this) if review is Review.APPROVE else (this, this.shift(-1))
    if early and is_missing(duty_id, late):
        return late, f"no period named, and that of {late} was still missing"
    return ordinary, f"no period named: by arrival it is {ordinary}"


def _other_period(duty: Duty, text: str, arrival: date) -> tuple[Period, str, bool]:
    """The period of a duty that isn't weekly: what the text names, or the arrival."""
    if named := named_period(duty.period, text, arrival):
        return named, f"the {duty.period} is named: {named}", False
    here = Period.of(duty.period, arrival)
    ahead, before = _EDGES[duty.period]
    gone = (arrival - here.first).days
    shift = int(gone >= ahead) if form_of(duty) is Form.PLAN else -int(gone < before)
    return here.shift(shift), f"no {duty.period} named: by arrival it is {here.shift(shift)}", True

"""Which period the words name: dates, ranges, week numbers, weeks of a month, and words relative to the arrival."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from mailflow.reading.numerals import DIGITS
from mailflow.rules.periods import Period, PeriodKind, weeks_of

_D = r"(?:(?P<{0}y>\d{{4}}|\d{{2}})\s*[年./-]\s*)?(?P<{0}m>\d{{1,2}})\s*[月./-]\s*(?P<{0}d>\d{{1,2}})\s*[日号]?"
_RANGE = re.compile(
    r"(?<![\d.])"
    + _D.format("a")
    + r"\s*(?:[-—–~至到]+|to)\s*(?:"
    + _D.format("b")
    + r"|(?P<only>\d{1,2})\s*[日号]?)(?!\d|\.\d)"
)
_COMPACT_RANGE = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})\s*[-—–~至到]+\s*(?:\d{4})?(\d{2})(\d{2})(?!\d)")
_SINGLE = re.compile(r"(?<![\d.])" + _D.format("a") + r"(?!\d|\.\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)")
_WEEK = re.compile(
    r"(?:(?P<y>20\d{2})\s*[年\-_ ]*\s*)?(?:(?<![前后数])第\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s*周|(?<![a-z])w(?:eek\s*|k\s*)?(?P<w>\d{1,2})(?!\d)|(?<![\d第月.])(?P<b>\d{1,2})\s*周(?![一二三四五六日年边岁末围期]))"
)
_WEEK_OF_MONTH = re.compile(
    r"(?:(?P<y>20\d{2})\s*年\s*)?(?P<m>\d{1,2}|[一二三四五六七八九十元]{1,2})\s*月(?:份)?\s*(?:第\s*(?P<n>[1-6一二三四五六])|(?P<first>首)|(?P<last>最后一))\s*周"
)
_RELATIVE = (
    (re.compile(r"下\s*下\s*个?\s*(?:周|星期|礼拜)"), 2),
    (re.compile(r"上\s*上\s*个?\s*(?:周|星期|礼拜)|week before last"), -2),
    (re.compile(r"下\s*(?:一|个|1)?\s*(?:周|星期|礼拜)|(?:next|coming) week"), 1),
    (re.compile(r"上\s*(?:一|个|1)?\s*(?:周|星期|礼拜)|last week"), -1),
    (re.compile(r"(?:本|这|这一|当)\s*个?\s*(?:周|星期|礼拜)|this week"), 0),
)


@dataclass(frozen=True)
class Hint:
    """A period that the words name: where they stand, how strong they are (4 ranges, 3 numbers of weeks, 2 dates, 1 words)."""

    period: Period
    start: int
    end: int
    strength: int
    words: str


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return DIGITS.get(tens, 1) * 10 + (DIGITS.get(ones, 0) if ones else 0)
    return DIGITS.get(text, 0)


def _near(arrival: date, year: str | None, month: int, day: int) -> date | None:
    """The date with this month and day; without a year, the one nearest to the arrival."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [arrival.year + n for n in (-1, 0, 1)]
    candidates = []
    for each in years:
        with suppress(ValueError):
            candidates.append(date(each, month, day))
    return min(candidates, key=lambda d: abs(d - arrival), default=None)


def week_hints(text: str, arrival: date) -> list[Hint]:
    """Every week that the folded text names, in the order of the text; overlaps go to the stronger."""
    found = sorted(_all(text, arrival), key=lambda hint: (-hint.strength, hint.start))
    kept: list[Hint] = []
    for hint in found:
        if all(hint.end <= other.start or hint.start >= other.end for other in kept):
            kept.append(hint)
    return sorted(kept, key=lambda hint: hint.start)


# What finds hints of one kind: the day that the words mean (any of the week), and how strong it is; None for none.
_Finder = Callable[[re.Match[str], date], date | None]


def _all(text: str, arrival: date) -> Iterator[Hint]:
    for pattern, strength, day_of in _FINDERS:
        for match in pattern.finditer(text):
            if day := day_of(match, arrival):
                week = Period.of(PeriodKind.WEEK, day)
                yield Hint(week, match.start(), match.end(), strength, match[0].strip())
    for pattern, shift in _RELATIVE:
        for match in pattern.finditer(text):
            week = Period.of(PeriodKind.WEEK, arrival + timedelta(days=7 * shift))
            yield Hint(week, match.start(), match.end(), 1, match[0].strip())


def _week_of_month(match: re.Match[str], arrival: date) -> date | None:
    number = 1 if match["m"] == "元" else _number(match["m"])
    month = _near(arrival, match["y"], number, 1) if 1 <= number <= 12 else None
    weeks = weeks_of(Period.of(PeriodKind.MONTH, month), "saturday") if month else []
    place = 1 if match["first"] else len(weeks) if match["last"] else _number(match["n"])
    return weeks[place - 1].first if 1 <= place <= len(weeks) else None


def _range(match: re.Match[str], arrival: date) -> date | None:
    first = _near(arrival, match["ay"], int(match["am"]), int(match["ad"]))
    last_month = int(match["bm"] or match["am"])
    last = _near(first or arrival, match["by"], last_month, int(match["bd"] or match["only"]))
    if not first or not last or not timedelta(0) <= last - first <= timedelta(days=9):
        return None
    return first + (last - first) / 2


def _compact_range(match: re.Match[str], arrival: date) -> date | None:
    first = _near(arrival, match[1], int(match[2]), int(match[3]))
    return first + timedelta(days=2) if first else None


def _week_number(match: re.Match[str], arrival: date) -> date | None:
    return _week_near(arrival, match["y"], _number(match["n"] or match["w"] or match["b"]))


def _single(match: re.Match[str], arrival: date) -> date | None:
    year, month, day = match.groups()[:3]
    named = _near(arrival, year, int(month), int(day))
    # A date of these days is the day of writing, which says nothing of the week meant.
    return named if named and abs(named - arrival) > timedelta(days=1) else None


_FINDERS: tuple[tuple[re.Pattern[str], int, _Finder], ...] = (
    (_WEEK_OF_MONTH, 4, _week_of_month),
    (_RANGE, 4, _range),
    (_COMPACT_RANGE, 4, _compact_range),
    (_WEEK, 3, _week_number),
    (_SINGLE, 2, _single),
    (_COMPACT, 2, _single),
)


def _week_near(arrival: date, year: str | None, number: int) -> date | None:
    years = [int(year)] if year else [arrival.year - 1, arrival.year, arrival.year + 1]
    days = []
    for candidate in years:
        try:
            days.append(date.fromisocalendar(candidate, number, 1))
        except ValueError:
            continue
    return min(days, key=lambda d: abs(d - arrival)) if days else None


_DAY = re.compile(r"(?<!\d)(?:(?P<y>20\d{2})\s*[-/.年]\s*)?(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?(?!\d)")
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "yesterday": 1, "today": 0}
_MONTH = re.compile(r"(?:(?P<y>20\d{2})\s*年\s*)?(?P<m>\d{1,2})\s*月")
_QUARTER = re.compile(r"(?:(?P<y>20\d{2})\s*年?\s*)?(?:第?\s*(?P<c>[一二三四1-4])\s*季|q(?P<q>[1-4]))")
_NEAR_DAYS = 31


def named_period(kind: PeriodKind, folded: str, arrival: date) -> Period | None:
    """The period of this kind that a folded text names; None where it names none near the arrival, or several. Weeks
    have `week_hints`."""
    return _NAMED[kind](folded, arrival)


def _day(folded: str, arrival: date) -> Period | None:
    """11月23日工作日志 that arrives on the 24th is the 23rd's."""
    days = {arrival - timedelta(days=back) for word, back in _DAYS_BACK.items() if word in folded}
    dated = [_near(arrival, found["y"], int(found["m"]), int(found["d"])) for found in _DAY.finditer(folded)]
    days |= {day for day in dated if day and abs((day - arrival).days) <= _NEAR_DAYS}
    return Period(days.pop(), PeriodKind.DAY) if len(days) == 1 else None


def _fortnight(folded: str, arrival: date) -> Period | None:
    firsts = [hint.period.first for hint in week_hints(folded, arrival) if hint.strength > 1]
    named = {Period.of(PeriodKind.FORTNIGHT, first) for first in firsts}
    return named.pop() if len(named) == 1 else None


def _month_near(folded: str, arrival: date) -> Period | None:
    found = _MONTH.search(folded)
    first = _near(arrival, found["y"], int(found["m"]), 1) if found else None
    return Period(first, PeriodKind.MONTH) if first else None


def _quarter(folded: str, arrival: date) -> Period | None:
    found = _QUARTER.search(folded)
    if found is None:
        return None
    number = "一二三四".find(found["c"] or "-") + 1 or int(found["c"] or found["q"])
    first = _near(arrival, found["y"], number * 3 - 2, 1)
    return Period(first, PeriodKind.QUARTER) if first else None


_NAMED: dict[PeriodKind, Callable[[str, date], Period | None]] = {
    PeriodKind.DAY: _day,
    PeriodKind.FORTNIGHT: _fortnight,
    PeriodKind.MONTH: _month_near,
    PeriodKind.QUARTER: _quarter,
}

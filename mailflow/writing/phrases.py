"""Instants, periods, spans and standings in the words of each language: the filters that templates use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.submission import Standing
from mailflow.writing.reasons import DOUBTS, EXCUSES, PROBLEMS, VERDICTS, WHY, in_words

_WEEKDAYS = {"zh-CN": "一二三四五六日", "zh-TW": "一二三四五六日"}
_STANDINGS = {
    "zh-CN": ("准时", "迟交", "缺交", "免交", "未到期"),
    "zh-TW": ("準時", "遲交", "缺交", "免交", "未到期"),
    "en": ("on time", "late", "missing", "excused", "expected"),
}
_STATES = {
    "zh-CN": ("已批准", "待修改", "已评分", "待处理"),
    "zh-TW": ("已批准", "待修改", "已評分", "待處理"),
    "en": ("approved", "to be revised", "scored", "open"),
}
_STATE_NAMES = ("approved", "revising", "scored", "received")
_UNITS = {
    "zh-CN": ("天", "小时", "分钟", "秒"),
    "zh-TW": ("天", "小時", "分鐘", "秒"),
    "en": (" d", " h", " min", " s"),
}


@dataclass(frozen=True)
class Phrases:
    """The filters for one language and one zone."""

    language: str
    zone: ZoneInfo

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What templates can use, by name."""
        return {
            "instant": self.instant,
            "period": self.period,
            "period_short": self.period_short,
            "duty": lambda duty: duty.name(self.language),
            "standing": self.standing,
            "state": self.state,
            "number": number,
            "clock": self.clock,
            "day": self.day,
            "problem": self.words_of(PROBLEMS),
            "why": self.words_of(WHY),
            "doubt": self.words_of(DOUBTS),
            "excuse": self.words_of(EXCUSES),
            "verdict": self.words_of(VERDICTS),
            "mailto": mailto,
            "lines": lines,
            "rich": rich,
        }

    def instant(self, value: datetime) -> str:
        """2026年11月21日(周六)20:59:59, in the office's zone."""
        here = value.astimezone(self.zone)
        if self.language == "en":
            return f"{here:%a} {here.day} {here:%b %Y, %H:%M:%S}"
        week = "周" if self.language == "zh-CN" else "週"
        weekday = _WEEKDAYS[self.language][here.weekday()]
        return f"{here.year}年{here.month}月{here.day}日（{week}{weekday}）{here:%H:%M:%S}"

    def _day(self, day: date, *, year: bool) -> str:
        if self.language == "en":
            return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
        return (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"

    def period_short(self, period: Period) -> str:
        """2026年第48周."""
        if period.kind is PeriodKind.DAY:
            return self._day(period.first, year=True)
        if period.kind is PeriodKind.MONTH:
            return f"{period.first:%B %Y}" if self.language == "en" else f"{period.first.year}年{period.first.month}月"
        if period.kind is PeriodKind.QUARTER:
            number = period.first.month // 3 + 1
            return f"Q{number} {period.first.year}" if self.language == "en" else f"{period.first.year}年第{number}季度"
        year, week, _ = period.first.isocalendar()
        weeks = f"{week}–{period.last.isocalendar()[1]}" if period.kind is PeriodKind.FORTNIGHT else f"{week}"
        if self.language == "en":
            return f"week{'s' if '–' in weeks else ''} {weeks} of {year}"
        return f"{year}年第{weeks}{'周' if self.language == 'zh-CN' else '週'}"

    def period(self, period: Period) -> str:
        """2026年第48周(11月23日—11月29日)."""
        short = self.period_short(period)
        if period.kind not in (PeriodKind.WEEK, PeriodKind.FORTNIGHT):
            return short
        first, last = self._day(period.first, year=False), self._day(period.last, year=False)
        return f"{short} ({first} – {last})" if self.language == "en" else f"{short}（{first}—{last}）"

    def span(self, value: timedelta) -> str:
        """1天2小时3分钟, the two or three largest units that are not zero."""
        seconds = int(value.total_seconds())
        amounts = (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
        pairs = [f"{n}{unit}" for n, unit in zip(amounts, _UNITS[self.language], strict=True) if n]
        joined = (" " if self.language == "en" else "").join(pairs[:3])
        return joined or f"0{_UNITS[self.language][3]}"

    def standing(self, row: Any) -> str:
        """准时, or 迟交 with how late, of anything that has a standing and `late_by`."""
        names = dict(zip(Standing, _STANDINGS[self.language], strict=True))
        word = names[row.standing]
        if row.standing is not Standing.LATE or row.late_by < timedelta(seconds=1):
            return word
        by = self.span(row.late_by)
        return f"late by {by}" if self.language == "en" else f"{word} {by}"

    def state(self, value: str) -> str:
        """The state in words."""
        return dict(zip(_STATE_NAMES, _STATES[self.language], strict=True)).get(value, value)

    def clock(self, value: datetime) -> str:
        """周六21:00."""
        here = value.astimezone(self.zone)
        if self.language == "en":
            return f"{here:%a %H:%M}"
        week = "周" if self.language == "zh-CN" else "週"
        return f"{week}{_WEEKDAYS[self.language][here.weekday()]}{here:%H:%M}"

    def day(self, value: date) -> str:
        """2026年11月21日."""
        return self._day(value, year=True)

    def words_of(self, table: Mapping[str, tuple[str, ...]]) -> Callable[[str], str]:
        """A filter that says a reason in this language."""
        return lambda value: in_words(table, value, self.language)

    def duty(self, duty: Duty) -> str:
        """The duty's name."""
        return duty.name(self.language)


def number(value: Decimal) -> str:
    """92 for 92.0, 88.5 for 88.50."""
    return f"{value.normalize():f}"


def mailto(address: str, subject: str, body: str) -> str:
    """A link that opens a mail ready to be sent (RFC 6068)."""
    return f"mailto:{quote(address)}?subject={quote(subject)}&body={quote(body)}"


def lines(text: str) -> Markup:
    """Text with its line breaks, as HTML."""
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))


def rich(text: str) -> Markup:
    """Text as HTML, where lines with tabs become a table again."""
    out: list[Markup] = []
    table: list[Markup] = []
    for line in [*text.split("\n"), None]:
        if line is not None and "\t" in line:
            cells = Markup("").join(
                Markup("<td>{}</td>").format(cell.strip()) for cell in line.rstrip("\t").split("\t")
            )
            table.append(Markup("<tr>{}</tr>").format(cells))
            continue
        if table:
            grid = Markup('<table class="grid" cellpadding="0" cellspacing="0">{}</table>')
            out.append(grid.format(Markup("\n").join(table)))
            table = []
        if line is not None:
            out.append(Markup("{}<br>").format(line))
    return Markup("\n").join(out)

"""An office as a value, for tests of pure code."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty, Moment, Review
from mailflow.rules.office import Office
from mailflow.rules.owing import Leave
from mailflow.rules.people import Person, Role, Roster
from mailflow.rules.periods import PeriodKind
from mailflow.rules.scores import ScoreRules

ZONE = ZoneInfo("Asia/Shanghai")
BANDS = (("优秀", Decimal(90)), ("良好", Decimal(80)), ("合格", Decimal(60)), ("不合格", Decimal(0)))


def moment(text: str) -> Moment:
    """A moment of a week."""
    return Moment.parse(text, PeriodKind.WEEK)


PLAN = Duty(
    "weekly-plan", PeriodKind.WEEK, moment("previous saturday 21:00"), Review.APPROVE, moment("monday 09:00"),
    names={"zh-CN": "周工作计划", "zh-TW": "週工作計劃", "en": "weekly plan"},
)  # fmt: skip
SUMMARY = Duty(
    "weekly-summary", PeriodKind.WEEK, moment("saturday 21:00"), Review.SCORE, moment("next tuesday 12:00"),
    names={"zh-CN": "周工作总结", "zh-TW": "週工作總結", "en": "weekly summary"},
)  # fmt: skip
DIRECTOR = Person("wang", "王总", "wang@example.com", role=Role.DIRECTOR)
ZHANGSAN = Person("zhangsan", "张三", "zhangsan@example.com", department="运营部")
LISI = Person("lisi", "李四", "lisi@example.com", department="运营部", language="zh-TW")
SMITH = Person("smith", "Smith", "smith@example.com", department="Sales", language="en")


def an_office(
    *people: Person,
    leaves: tuple[Leave, ...] = (),
    working: dict[date, bool] | None = None,
    scores: ScoreRules | None = None,
    language: str = "zh-CN",
) -> Office:
    """An office with the two weekly duties."""
    return Office(
        name="运营部",
        language=language,
        roster=Roster((DIRECTOR, *(people or (ZHANGSAN, LISI, SMITH))), "wang"),
        duties=(PLAN, SUMMARY),
        calendar=Calendar(ZONE, leaves, working or {}),
        scores=scores or ScoreRules(bands=BANDS),
        since=datetime(2026, 1, 1, tzinfo=ZONE),
    )


def at(text: str) -> datetime:
    """An instant in the office's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)

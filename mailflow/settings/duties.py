"""The duties of `mailflow.toml`: their shape, their titles where none are given, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from mailflow.errors import Problem
from mailflow.rules.duties import Duty, Moment, Receipts, Review, Reviewer, Whose
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import PeriodKind
from mailflow.settings.kinds import LANGUAGES, Language, Number, Strict, Word

_TITLES = {
    "plan": ("周工作计划", "週工作計劃", "weekly plan"),
    "summary": ("周工作总结", "週工作總結", "weekly summary"),
    "log": ("工作日志", "工作日誌", "daily log"),
    "month's plan": ("月工作计划", "月工作計劃", "monthly plan"),
    "month's summary": ("月工作总结", "月工作總結", "monthly summary"),
    "fortnight's plan": ("双周工作计划", "雙週工作計劃", "fortnightly plan"),
    "fortnight's summary": ("双周工作总结", "雙週工作總結", "fortnightly summary"),
    "quarter's plan": ("季度工作计划", "季度工作計劃", "quarterly plan"),
    "quarter's summary": ("季度工作总结", "季度工作總結", "quarterly summary"),
}
# What a duty is called whose `name` isn't given: by what it is, and where that leaves it open, by a well-known id.
_TITLE_OF = {
    (PeriodKind.WEEK, Review.APPROVE): "plan",
    (PeriodKind.WEEK, Review.SCORE): "summary",
    (PeriodKind.DAY, Review.NONE): "log",
    (PeriodKind.MONTH, Review.APPROVE): "month's plan",
    (PeriodKind.MONTH, Review.SCORE): "month's summary",
    (PeriodKind.FORTNIGHT, Review.APPROVE): "fortnight's plan",
    (PeriodKind.FORTNIGHT, Review.SCORE): "fortnight's summary",
    (PeriodKind.QUARTER, Review.APPROVE): "quarter's plan",
    (PeriodKind.QUARTER, Review.SCORE): "quarter's summary",
}
_TITLE_OF_ID = {
    "weekly-plan": "plan",
    "weekly-summary": "summary",
    "daily-log": "log",
    "monthly-plan": "month's plan",
    "monthly-summary": "month's summary",
}


def duty_titles(duty_id: str, period: PeriodKind, review: Review) -> dict[str, str]:
    """The titles by language of a duty that was given none; empty where nothing says what it is."""
    title = _TITLE_OF_ID.get(duty_id) or _TITLE_OF.get((period, review))
    return dict(zip(LANGUAGES, _TITLES[title], strict=True)) if title else {}


class DutyModel(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str | dict[Language, str] | None = None
    period: Annotated[PeriodKind, Field(strict=False)]
    due: str
    review: Annotated[Review, Field(strict=False)] = Review.NONE
    review_due: str | None = None
    words: list[Word] = []
    remind_hours: list[Annotated[int, Field(ge=1, le=168)]] = [3]
    nudges: list[str] | None = None
    reviewer: Annotated[Reviewer, Field(strict=False)] = Reviewer.DIRECTOR
    who: Word | Annotated[list[Word], Field(min_length=1)] = "all"
    counts: bool | None = None
    weight: Annotated[Number, Field(gt=0)] = Decimal(1)
    receipts: Annotated[Receipts, Field(strict=False)] = Receipts.EACH
    against: Word | None = None

    @property
    def in_the_month(self) -> bool:
        """Whether it counts in the month: unless said otherwise, what is scored and what is owed by the week does."""
        if self.counts is not None:
            return self.counts
        return self.review is Review.SCORE or self.period in (PeriodKind.WEEK, PeriodKind.FORTNIGHT)

    @model_validator(mode="after")
    def _moments(self) -> DutyModel:
        for text in (self.due, self.review_due, *(self.nudges or ())):
            if text:
                Moment.parse(text, self.period)
        return self


DEFAULT_DUTIES = [
    DutyModel.model_validate(row)
    for row in (
        {
            "id": "weekly-plan",
            "period": "week",
            "due": "previous saturday 21:00",
            "review": "approve",
            "review_due": "monday 09:00",
        },
        {
            "id": "weekly-summary",
            "period": "week",
            "due": "saturday 21:00",
            "review": "score",
            "review_due": "next tuesday 12:00",
        },
    )
]


def whose(number: int, model: DutyModel, people: Sequence[Person], problems: list[Problem]) -> Whose:
    """Whose the duty is; a department or an id that the roster doesn't have is a mistake."""
    staff = {person.id for person in people if person.role is Role.STAFF}
    departments = {person.department for person in people if person.department}
    where, expected = f"duties[{number}].who", f'"all", one of {", ".join(sorted(departments)) or "the departments"}'
    if isinstance(model.who, list):
        strangers = [who for who in model.who if who not in staff]
        if strangers and people:
            problems.append(Problem("mailflow.toml", where, ", ".join(strangers), "ids of staff in the roster"))
        return Whose(people=frozenset(model.who))
    if model.who in ("all", Role.STAFF.value):
        return Whose()
    if model.who not in departments and people:
        problems.append(Problem("mailflow.toml", where, repr(model.who), f"{expected}, or a list of ids"))
    return Whose(department=model.who)


def duty_of(model: DutyModel, whose: Whose) -> Duty:
    names = model.name if isinstance(model.name, dict) else {"zh-CN": model.name} if model.name else {}
    return Duty(
        id=model.id,
        period=model.period,
        due=Moment.parse(model.due, model.period),
        review=model.review,
        review_due=Moment.parse(model.review_due, model.period) if model.review_due else None,
        words=tuple(model.words),
        reminders=tuple(timedelta(hours=hours) for hours in model.remind_hours),
        nudges=None if model.nudges is None else tuple(Moment.parse(text, model.period) for text in model.nudges),
        reviewer=model.reviewer,
        whose=whose,
        counts=model.in_the_month,
        weight=model.weight,
        receipts=model.receipts,
        against=model.against,
        names={str(k): v for k, v in names.items()} or duty_titles(model.id, model.period, model.review),
    )

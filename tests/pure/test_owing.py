"""Who owes what: employed at the cutoff and on the period's first working day, the duty his, nothing before the start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty, Whose
from mailflow.rules.owing import Closing, Excuse, Leave
from mailflow.rules.people import Person, Role, Span
from mailflow.rules.periods import Period
from tests.offices import DIRECTOR, PLAN, SUMMARY, ZHANGSAN, ZONE, at

W42, W43, W47, W48 = (Period.parse(f"2026-W{week}") for week in (42, 43, 47, 48))
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)
HOLIDAY_MONDAY = {MONDAY: False}
# The cutoff of W48's plan is Saturday 21 November, of its summary Saturday 28 November.
CASES: list[tuple[str, Duty, Period, Calendar, dict[str, date], Excuse | None]] = [
    ("joined on Thursday 15 October: the plan of W43 is owed", PLAN, W43, Calendar(ZONE), {"joined": date(2026, 10, 15)}, None),
    ("nor the summary of W42", SUMMARY, W42, Calendar(ZONE), {"joined": date(2026, 10, 15)}, Excuse.NOT_YET_JOINED),
    ("nor its plan", PLAN, W42, Calendar(ZONE), {"joined": date(2026, 10, 15)}, Excuse.NOT_YET_JOINED),
    ("left on Wednesday 21 October: the summary of W43 isn't", SUMMARY, W43, Calendar(ZONE), {"left": date(2026, 10, 21)}, Excuse.LEFT),
    ("but its plan was", PLAN, W43, Calendar(ZONE), {"left": date(2026, 10, 21)}, None),
    ("joined on the Monday: no plan, whose cutoff was before", PLAN, W48, Calendar(ZONE), {"joined": MONDAY}, Excuse.NOT_YET_JOINED),
    ("but the summary", SUMMARY, W48, Calendar(ZONE), {"joined": MONDAY}, None),
    ("joined on the Tuesday: nothing of the week", SUMMARY, W48, Calendar(ZONE), {"joined": MONDAY + timedelta(1)}, Excuse.NOT_YET_JOINED),
    ("joined on the first working day", SUMMARY, W48, Calendar(ZONE, working=HOLIDAY_MONDAY), {"joined": MONDAY + timedelta(1)}, None),
    ("left on the day of the cutoff", SUMMARY, W48, Calendar(ZONE), {"left": SATURDAY}, None),
    ("left the day before", SUMMARY, W48, Calendar(ZONE), {"left": SATURDAY - timedelta(1)}, Excuse.LEFT),
    ("begun on the Monday: no plan, whose cutoff was before", PLAN, W48, Calendar(ZONE, start=MONDAY), {}, Excuse.NOT_NEEDED),
    ("but the summary", SUMMARY, W48, Calendar(ZONE, start=MONDAY), {}, None),
    ("begun on the Tuesday: nothing of the week", SUMMARY, W48, Calendar(ZONE, start=MONDAY + timedelta(1)), {}, Excuse.NOT_NEEDED),
    ("granted by name", PLAN, W48, Calendar(ZONE, granted={("zhangsan", "weekly-plan", "2026-W48"): "x"}), {}, Excuse.GRANTED),
    ("another week was granted", PLAN, W48, Calendar(ZONE, granted={("zhangsan", "weekly-plan", "2026-W47"): "x"}), {}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("duty", "period", "calendar", "days", "why"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_rule(duty: Duty, period: Period, calendar: Calendar, days: dict[str, date], why: Excuse | None) -> None:
    assert calendar.excuse(replace(ZHANGSAN, **days), duty, period) is why


def test_whoever_came_back_owes_what_lies_in_each_of_his_times() -> None:
    back = replace(ZHANGSAN, joined=date(2026, 11, 16), earlier=(Span(None, date(2026, 10, 16)),))
    calendar = Calendar(ZONE)
    assert calendar.excuse(back, PLAN, W42) is None
    assert calendar.excuse(back, SUMMARY, W42) is Excuse.LEFT, "he left on the Friday"
    assert calendar.excuse(back, PLAN, W43) is Excuse.LEFT
    assert calendar.excuse(back, SUMMARY, W47) is None


def test_a_duty_is_whose_it_is() -> None:
    sales = replace(ZHANGSAN, id="sales", department="市场部")
    for whose, mine, hers in (
        (Whose(), None, None),
        (Whose(department="市场部"), Excuse.NOT_THEIRS, None),
        (Whose(people=frozenset({"zhangsan"})), None, Excuse.NOT_THEIRS),
    ):
        duty = replace(PLAN, whose=whose)
        assert Calendar(ZONE).excuse(ZHANGSAN, duty, W48) is mine
        assert Calendar(ZONE).excuse(sales, duty, W48) is hers
    assert not Whose(people=frozenset({"wang"})).has(DIRECTOR), "only the staff owe anything"
    assert Calendar(ZONE).excuse(DIRECTOR, PLAN, W48) is Excuse.NOT_THEIRS


def _fixed(**changes: object) -> Closing:
    days = tuple(MONDAY + timedelta(n) for n in range(5))
    closing = Closing(at("2026-11-28T21:00"), timedelta(0), frozenset({"zhangsan"}), 2, None, days)
    return replace(closing, **changes)  # type: ignore[arg-type]


def test_what_was_fixed_at_the_cutoff_holds_whatever_the_configuration_says_later() -> None:
    key = ("weekly-summary", "2026-W48")
    calendar = Calendar(
        ZONE,
        start=date(2026, 12, 7),
        working=dict.fromkeys((MONDAY + timedelta(n) for n in range(7)), False),
        moved={key: at("2026-11-29T21:00")},
        closings={key: _fixed()},
    )
    theirs = replace(SUMMARY, whose=Whose(department="市场部"))
    assert calendar.cutoff(theirs, W48) == at("2026-11-28T21:00")
    assert calendar.excuse(ZHANGSAN, theirs, W48) is None
    assert calendar.excuse(replace(ZHANGSAN, role=Role.OBSERVER), theirs, W48) is None, "he was staff then"
    assert calendar.excuse(replace(ZHANGSAN, id="new"), theirs, W48) is Excuse.NOT_THEIRS
    assert calendar.excuse(replace(ZHANGSAN, left=date(2026, 11, 27)), theirs, W48) is Excuse.LEFT
    on_leave = replace(calendar, leaves=(Leave("zhangsan", MONDAY, SATURDAY),))
    assert on_leave.excuse(ZHANGSAN, theirs, W48) is Excuse.LEAVE


@pytest.mark.parametrize(
    ("start", "days", "why"),
    [
        (date(2026, 11, 30), {}, Excuse.NOT_NEEDED),
        (SUNDAY, {}, None),
        (None, {"joined": SUNDAY}, Excuse.NOT_YET_JOINED),
        (None, {"joined": date(2026, 11, 27)}, None),
        (None, {"left": date(2026, 11, 22)}, Excuse.LEFT),
        (None, {"left": MONDAY}, None),
    ],
)
def test_what_fell_due_under_the_first_rule_stays_under_it(
    start: date | None, days: dict[str, date], why: Excuse | None
) -> None:
    old = Calendar(ZONE, start=date(2027, 1, 1), old_until=at("2026-12-01T00:00"), old_start=start)
    person: Person = replace(ZHANGSAN, **days)
    assert old.excuse(person, PLAN, W48) is why
    assert replace(old, closings={("weekly-plan", "2026-W48"): _fixed(rule=1, start=start)}).excuse(
        person, PLAN, W48
    ) is why  # fmt: skip


def test_an_old_holiday_can_leave_no_day_on_which_somebody_worked() -> None:
    gone = Calendar(ZONE, working=HOLIDAY_MONDAY, old_until=at("2026-12-01T00:00"))
    assert gone.excuse(replace(ZHANGSAN, left=MONDAY), PLAN, W48) is Excuse.LEFT
    friday = replace(gone, working={date(2026, 11, 27): False})
    assert friday.excuse(replace(ZHANGSAN, joined=date(2026, 11, 27)), PLAN, W48) is Excuse.NOT_YET_JOINED

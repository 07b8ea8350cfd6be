"""Money depends on it: a thousand random months, whose totals are worked out here anew and compared (clause R7)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from mailflow.rules import ledger
from mailflow.rules.owing import Leave
from mailflow.rules.people import Person
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Key, State, Submission
from tests.offices import BANDS, PLAN, SUMMARY, ZONE, Decimal, an_office, at

NOW = at("2030-01-01T00:00")


def half_up(value: Fraction) -> Fraction:
    """Rounded to two places, halves away from zero."""
    scaled = abs(value) * 100
    whole = scaled.numerator // scaled.denominator
    whole += (scaled - whole) >= Fraction(1, 2)
    return Fraction(whole, 100) * (1 if value >= 0 else -1)


def saturday_weeks(year: int, month: int) -> list[date]:
    """The Mondays of the weeks whose Saturday lies in the month, found day by day."""
    day = date(year, month, 1)
    found = []
    while day.month == month:
        if day.weekday() == 5:
            found.append(day - timedelta(days=5))
        day += timedelta(days=1)
    return found


def test_a_thousand_random_months_come_to_what_they_should() -> None:
    for seed in range(1000):
        dice = random.Random(seed)
        year, month = dice.randrange(2024, 2029), dice.randrange(1, 13)
        mondays = saturday_weeks(year, month)
        people = [
            Person(
                f"p{n}", f"人{n}", f"p{n}@example.com",
                joined=mondays[0] + timedelta(days=dice.randrange(20)) if dice.random() < 0.15 else None,
                left=mondays[0] + timedelta(days=dice.randrange(20)) if dice.random() < 0.15 else None,
            )
            for n in range(3)
        ]  # fmt: skip
        leaves = tuple(
            Leave(p.id, first, first + timedelta(days=dice.randrange(9)))
            for p in people
            if dice.random() < 0.4 and (first := mondays[0] + timedelta(days=dice.randrange(25)))
        )
        counts_as = dice.choice([None, Decimal(0), Decimal(60)])
        late_costs, missing_costs = Decimal(dice.randrange(0, 5)) / 2, Decimal(dice.randrange(0, 5))
        rules = ScoreRules(
            missing_counts_as=counts_as, late_deduction=late_costs, missing_deduction=missing_costs, bands=BANDS
        )
        office = an_office(*people, leaves=leaves, scores=rules)
        held: dict[Key, Submission] = {}
        truth: dict[str, list[tuple[str, Fraction | None]]] = {p.id: [] for p in people}
        for monday in mondays:
            for duty in (PLAN, SUMMARY):
                for person in people:
                    truth[person.id].append(_fate(dice, office.calendar.leaves, person, duty, monday, held))
        period = Period(date(year, month, 1), PeriodKind.MONTH)
        weeks = ledger.month_weeks(office, period)
        assert [week.first for week in weeks] == mondays
        rows = ledger.rows(office, ledger.weekly_dues(office, weeks), held, NOW)
        for found in ledger.person_months(office, rows):
            fates = truth[found.person.id]
            names = [name for name, _ in fates]
            late, missing = (
                names.count("late") + names.count("late summary"),
                names.count("missing") + names.count("missing summary"),
            )
            counted = [score for _, score in fates if score is not None]
            if counts_as is not None:
                counted += [Fraction(counts_as)] * names.count("missing summary")
            assert (found.on_time, found.late, found.missing) == (
                names.count("on time") + names.count("on time summary"),
                late,
                missing,
            ), seed
            deduction = Fraction(late_costs) * late + Fraction(missing_costs) * missing
            assert Fraction(found.result.deduction) == deduction
            if not counted:
                assert found.result.score is None
                continue
            average = sum(counted, Fraction(0)) / len(counted)
            assert abs(Fraction(found.result.average or 0) - average) <= Fraction(1, 200), seed
            expected = max(half_up(average - deduction), Fraction(0))
            assert abs(Fraction(found.result.score or 0) - expected) <= Fraction(0), seed
            band = next(name for name, bound in BANDS if expected >= bound)
            assert found.result.band == band


def _fate(
    dice: random.Random,
    leaves: tuple[Leave, ...],
    person: Person,
    duty: object,
    monday: date,
    held: dict[Key, Submission],
) -> tuple[str, Fraction | None]:
    """Let something happen to one submission: its standing, and the score that counts."""
    summary = duty is SUMMARY
    suffix = " summary" if summary else ""
    saturday = monday + timedelta(days=5 if summary else -2)
    cutoff = at(f"{saturday.isoformat()}T21:00")
    chance = dice.random()
    if chance < 0.2:
        days = [monday + timedelta(days=n) for n in range(5)]
        if any(
            (person.joined and day < person.joined) or (person.left and day > person.left) for day in (monday, saturday)
        ):
            return "excused", None
        days = [d for d in days if not person.left or d <= person.left]
        mine = [leave for leave in leaves if leave.person == person.id]
        excused = all(any(leave.first <= d <= leave.last for leave in mine) for d in days)
        return ("excused" if excused else f"missing{suffix}"), None
    arrived = cutoff + timedelta(seconds=dice.choice([-86400, -1, 0, 3600]))
    scored = summary and dice.random() < 0.8
    score = Decimal(dice.randrange(0, 1001)) / 10 if scored else None
    key = Key(person.id, (SUMMARY if summary else PLAN).id, Period(monday, PeriodKind.WEEK))
    state = State.SCORED if scored else State.RECEIVED
    held[key] = Submission(len(held), key, "", state, (arrived.astimezone(ZONE),), score)
    return (f"late{suffix}" if arrived >= cutoff else f"on time{suffix}"), Fraction(
        score
    ) if score is not None else None

"""The rule book: weeks, cutoffs, standing, review and scores."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.rules.calendar import Calendar
from mailflow.rules.due import Kind, occasions
from mailflow.rules.duties import Moment, Review
from mailflow.rules.owing import Excuse, Leave
from mailflow.rules.periods import Period, PeriodKind, month_of, weeks_of
from mailflow.rules.review import AFTER_DECISION, AFTER_VERSION, Decision, Doubt, Verdict, decide
from mailflow.rules.scores import ScoreRules, Weighed, month_score
from mailflow.rules.submission import Standing, State, standing_of
from tests.offices import BANDS, PLAN, SUMMARY, ZHANGSAN, ZONE, an_office, at

W48 = Period.parse("2026-W48")
NO_GRACE = timedelta(0)
MISSED = Weighed(None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(PeriodKind))
def test_a_period_holds_its_day_and_its_label_names_it(day: date, kind: PeriodKind) -> None:
    period = Period.of(kind, day)
    assert period.first <= day <= period.last
    assert Period.parse(period.label) == period
    assert period.shift(1).first == period.last + timedelta(days=1)
    assert period.shift(1).shift(-1) == period


@pytest.mark.parametrize("label", ["2026-W54", "2026-13", "W48", "2026-02-30", "", "2026-W5"])
def test_what_is_no_period_is_refused(label: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(label)


def test_a_week_counts_in_the_month_of_its_saturday() -> None:
    assert month_of(Period.parse("2026-W40"), "saturday").label == "2026-10"
    assert [week.label for week in weeks_of(Period.parse("2026-11"), "saturday")] == [
        "2026-W45", "2026-W46", "2026-W47", "2026-W48",
    ]  # fmt: skip


@given(st.integers(2000, 2060), st.integers(1, 12))
def test_every_week_counts_in_exactly_one_month(year: int, month: int) -> None:
    here = Period(date(year, month, 1), PeriodKind.MONTH)
    for week in weeks_of(here, "saturday"):
        assert month_of(week, "saturday") == here


def test_the_plan_is_due_on_the_saturday_before_its_week_and_the_summary_on_its_own() -> None:
    assert PLAN.due.of(W48, ZONE) == at("2026-11-21T21:00")
    assert SUMMARY.due.of(W48, ZONE) == at("2026-11-28T21:00")
    assert PLAN.review_due is not None
    assert PLAN.review_due.of(W48, ZONE) == at("2026-11-23T09:00")
    assert SUMMARY.review_due is not None
    assert SUMMARY.review_due.of(W48, ZONE) == at("2026-12-01T12:00")


@pytest.mark.parametrize(
    ("text", "kind", "period", "expected"),
    [
        ("18:30", PeriodKind.DAY, "2026-11-23", "2026-11-23T18:30"),
        ("next 09:00", PeriodKind.DAY, "2026-11-30", "2026-12-01T09:00"),
        ("previous day 28 18:00", PeriodKind.MONTH, "2026-12", "2026-11-28T18:00"),
        ("last day 18:00", PeriodKind.MONTH, "2028-02", "2028-02-29T18:00"),
        ("day 31 18:00", PeriodKind.MONTH, "2026-11", "2026-11-30T18:00"),
    ],
)
def test_daily_and_monthly_duties_are_only_configuration(
    text: str, kind: PeriodKind, period: str, expected: str
) -> None:
    assert Moment.parse(text, kind).of(Period.parse(period), ZONE) == at(expected)


@pytest.mark.parametrize("text", ["saturday", "saturday 9pm", "samstag 21:00", "", "next next saturday 21:00"])
def test_a_moment_that_is_none_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"previous saturday 21:00"):
        Moment.parse(text, PeriodKind.WEEK)


CUTOFF = at("2026-11-21T21:00")


@pytest.mark.parametrize(
    ("arrived", "standing", "late_by"),
    [
        ("2026-11-21T20:59:59", Standing.ON_TIME, 0),
        ("2026-11-21T21:00:00", Standing.LATE, 0),
        ("2026-11-21T21:00:01", Standing.LATE, 1),
        ("2026-11-22T22:30:05", Standing.LATE, 91805),
    ],
)
def test_strictly_before_the_cutoff_is_on_time(arrived: str, standing: Standing, late_by: int) -> None:
    judged = standing_of([at(arrived)], CUTOFF, None, CUTOFF, NO_GRACE)
    assert (judged.standing, judged.late_by.total_seconds()) == (standing, late_by)


def test_standing_comes_from_the_first_version_and_grace_moves_only_the_verdict() -> None:
    versions = [at("2026-11-22T10:00"), at("2026-11-21T20:00")]
    assert standing_of(versions, CUTOFF, None, CUTOFF, NO_GRACE).standing is Standing.ON_TIME
    late = [at("2026-11-21T21:04")]
    assert standing_of(late, CUTOFF, None, CUTOFF, timedelta(minutes=5)).standing is Standing.ON_TIME
    assert standing_of(late, CUTOFF, None, CUTOFF, timedelta(minutes=3)).late_by == timedelta(minutes=4)


@given(st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)), st.integers(0, 10**6))
def test_standing_never_improves_when_the_mail_arrives_later(arrived: datetime, seconds: int) -> None:
    order = [Standing.ON_TIME, Standing.LATE]
    first = arrived.replace(tzinfo=ZONE)
    early = standing_of([first], CUTOFF, None, CUTOFF, NO_GRACE)
    later = standing_of([first + timedelta(seconds=seconds)], CUTOFF, None, CUTOFF, NO_GRACE)
    assert order.index(early.standing) <= order.index(later.standing)
    assert early.late_by <= later.late_by


def test_nothing_arrived_is_expected_then_missing_or_excused() -> None:
    before, after = CUTOFF - timedelta(seconds=1), CUTOFF
    assert standing_of([], CUTOFF, None, before, NO_GRACE).standing is Standing.EXPECTED
    assert standing_of([], CUTOFF, None, after, NO_GRACE).standing is Standing.MISSING
    assert standing_of([], CUTOFF, Excuse.LEAVE, after, NO_GRACE).standing is Standing.EXCUSED


def test_leave_excuses_when_it_covers_every_working_day() -> None:
    whole = Calendar(ZONE, (Leave("zhangsan", date(2026, 11, 23), date(2026, 11, 27)),))
    part = Calendar(ZONE, (Leave("zhangsan", date(2026, 11, 23), date(2026, 11, 26)),))
    assert whole.excuse(ZHANGSAN, PLAN, W48) is Excuse.LEAVE
    assert part.excuse(ZHANGSAN, PLAN, W48) is None


def test_a_week_without_a_working_day_owes_nothing_and_a_make_up_day_brings_it_back() -> None:
    closed = {date(2026, 11, 23) + timedelta(days=n): False for n in range(5)}
    assert Calendar(ZONE, working=closed).excuse(ZHANGSAN, PLAN, W48) is Excuse.REST
    assert Calendar(ZONE, working=closed | {date(2026, 11, 28): True}).excuse(ZHANGSAN, PLAN, W48) is None


def test_the_review_tables_cover_every_state_and_name_nothing_that_does_not_act() -> None:
    assert set(AFTER_VERSION) == {State.RECEIVED, State.REVISING, State.APPROVED, State.SCORED}
    assert all(verdict.acts for _, verdict in AFTER_DECISION)
    assert AFTER_VERSION[State.APPROVED] is State.RECEIVED
    assert AFTER_VERSION[State.SCORED] is State.SCORED


@pytest.mark.parametrize(
    ("decision", "review", "expected"),
    [
        (Decision(Verdict.APPROVE), Review.APPROVE, State.APPROVED),
        (Decision(Verdict.REVISE), Review.APPROVE, State.REVISING),
        (Decision(Verdict.SCORE, Decimal(92)), Review.SCORE, State.SCORED),
        (Decision(Verdict.SCORE, Decimal(92)), Review.APPROVE, Doubt.WRONG_KIND),
        (Decision(Verdict.APPROVE), Review.SCORE, Doubt.WRONG_KIND),
        (Decision(Verdict.SCORE, Decimal("100.5")), Review.SCORE, Doubt.OFF_SCALE),
        (Decision(Verdict.UNCLEAR), Review.APPROVE, Doubt.UNCLEAR),
    ],
)
def test_a_decision_acts_only_where_it_fits(decision: Decision, review: Review, expected: State | Doubt) -> None:
    outcome = decide(decision, review, ScoreRules(), answered_version=1, newest_version=1)
    assert (outcome.state or outcome.doubt) is expected


def test_an_answer_to_a_replaced_version_is_doubted() -> None:
    outcome = decide(Decision(Verdict.APPROVE), Review.APPROVE, ScoreRules(), answered_version=1, newest_version=2)
    assert outcome.doubt is Doubt.NEWER_VERSION


def test_a_month_is_the_mean_less_the_deductions_rounded_half_up() -> None:
    rules = ScoreRules(late_deduction=Decimal(1), missing_deduction=Decimal("0.5"), bands=BANDS)
    result = month_score([Weighed(Decimal("92.5")), Weighed(Decimal(88)), MISSED], 2, 1, rules)
    assert (result.average, result.deduction, result.score, result.band) == (
        Decimal("60.17"), Decimal("2.5"), Decimal("57.67"), "不合格",
    )  # fmt: skip
    assert month_score([], 0, 0, rules).score is None
    assert month_score([Weighed(Decimal(1))], 9, 0, rules).score == 0
    assert month_score([Weighed(Decimal(80)), MISSED], 0, 1, ScoreRules(missing_counts_as=None)).score == 80
    weighed = [Weighed(Decimal(90), Decimal(2)), Weighed(Decimal(60))]
    assert month_score(weighed, 0, 0, ScoreRules()).score == 80, "a monthly summary may weigh as much as two weeks"


def test_a_cutoff_is_told_a_quarter_of_an_hour_later_and_until_the_next_one() -> None:
    office = an_office()

    def told(now: str) -> list[str]:
        found = occasions(
            at(now), office.duties, office.calendar, since=at("2026-11-01T00:00"), settle=timedelta(minutes=15)
        )
        cutoffs = [occasion for occasion in found if occasion.kind is Kind.CUTOFF]
        return [f"{occasion.at:%m-%d} {[p.label for _, p in occasion.dues]}" for occasion in cutoffs]

    assert told("2026-11-21T21:14:59") == []
    assert told("2026-11-21T21:15:00") == ["11-21 ['2026-W48', '2026-W47']"]
    assert told("2026-11-28T20:59:59") == ["11-21 ['2026-W48', '2026-W47']"]
    assert told("2026-11-28T21:00:00") == []


def test_a_cutoff_before_the_start_is_not_ours() -> None:
    office = an_office()
    settle = timedelta(minutes=15)
    assert (
        occasions(at("2026-11-22T00:00"), office.duties, office.calendar, since=at("2026-11-21T21:01"), settle=settle)
        == []
    )


def test_a_moved_cutoff_is_the_one_that_counts() -> None:
    moved = Calendar(ZONE, moved={("weekly-plan", "2026-W48"): at("2026-11-20T18:00")})
    assert moved.cutoff(PLAN, W48) == at("2026-11-20T18:00")
    assert moved.cutoff(PLAN, W48.shift(1)) == at("2026-11-28T21:00")


def test_a_year_whose_holidays_are_unknown_is_said_a_month_before() -> None:
    calendar = Calendar(ZONE, known_until=2026)
    assert calendar.unknown_year(date(2026, 11, 28)) is None
    assert calendar.unknown_year(date(2026, 12, 5)) == 2027
    assert Calendar(ZONE).unknown_year(date(2026, 12, 5)) is None


def test_what_was_granted_by_name_excuses_late_and_missing_but_not_what_was_in_time() -> None:
    cutoff = at("2026-11-21T21:00")
    for arrivals, standing in (
        ((), Standing.EXCUSED),
        ((cutoff,), Standing.EXCUSED),
        ((at("2026-11-20T10:00"),), Standing.ON_TIME),
    ):
        assert standing_of(arrivals, cutoff, Excuse.GRANTED, cutoff, NO_GRACE).standing is standing
    assert standing_of((cutoff,), cutoff, Excuse.LEAVE, cutoff, NO_GRACE).standing is Standing.LATE


def test_nudges_come_the_evening_before_and_shortly_before_the_deadline() -> None:
    assert PLAN.nudges_at(W48, ZONE) == [at("2026-11-22T20:00"), at("2026-11-23T08:00")]
    assert SUMMARY.nudges_at(W48, ZONE) == [at("2026-11-30T20:00"), at("2026-12-01T10:00")]

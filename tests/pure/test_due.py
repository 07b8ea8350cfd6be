"""What is due when: each occasion's first and last second, and who is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mailflow.rules.due import Kind, is_fully_scored, is_settled, occasions
from mailflow.rules.duties import Moment, Review
from mailflow.rules.ledger import Row, month_weeks, overdue, people_of, rows, situation, weekly_dues, weekly_scored
from mailflow.rules.owing import Excuse
from mailflow.rules.people import Person, Role, Roster
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.review import Verdict, after_withdrawal
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Judged, Key, Standing, State, Submission, state_of
from tests.offices import BANDS, DIRECTOR, LISI, PLAN, SUMMARY, ZHANGSAN, an_office, at

W48 = Period.parse("2026-W48")
W47 = W48.shift(-1)
# 'kind instant → dues' at the first second, and whether it is still told at the last second before the second instant.
TIMES = [
    # A reminder comes three hours before the cutoff, until the cutoff.
    (Kind.REMINDER, "2026-11-21T18:00:00", "2026-11-21T21:00:00", "weekly-plan 2026-W48, weekly-summary 2026-W47"),
    # A cutoff is told from a quarter of an hour after it until the next one.
    (Kind.CUTOFF, "2026-11-21T21:15:00", "2026-11-28T21:00:00", "weekly-plan 2026-W48, weekly-summary 2026-W47"),
    # The evening before the deadline of the plans, and an hour before it.
    (Kind.NUDGE, "2026-11-22T20:00:00", "2026-11-23T08:00:00", "weekly-plan 2026-W48"),
    (Kind.NUDGE, "2026-11-23T08:00:00", "2026-11-23T09:00:00", "weekly-plan 2026-W48"),
    # The evening before the deadline of the summaries, and two hours before it.
    (Kind.NUDGE, "2026-11-23T20:00:00", "2026-11-24T10:00:00", "weekly-summary 2026-W47"),
    (Kind.NUDGE, "2026-11-24T10:00:00", "2026-11-24T12:00:00", "weekly-summary 2026-W47"),
    # Silence is consent from the deadline on, to plans only.
    (Kind.SILENCE, "2026-11-23T09:00:00", "2026-11-30T08:59:59", "weekly-plan 2026-W48"),
]
SECOND = timedelta(seconds=1)


def told(now: str | object, kind: Kind, *, silence: bool = True, **more: object) -> list[tuple[str, str]]:
    office = an_office()
    moment = at(now) if isinstance(now, str) else now
    options = {"since": at("2026-11-15T00:00"), "settle": timedelta(minutes=15), "silence": silence, **more}
    found = occasions(moment, office.duties, office.calendar, **options)  # type: ignore[arg-type]
    assert [o.at for o in found] == sorted(o.at for o in found)
    return [
        (f"{o.at:%Y-%m-%dT%H:%M}", ", ".join(f"{duty.id} {period}" for duty, period in o.dues))
        for o in found
        if o.kind is kind
    ]


@pytest.mark.parametrize(("kind", "begins", "ends", "dues"), TIMES)
def test_an_occasion_is_due_from_its_own_second_until_it_helps_nobody(
    kind: Kind, begins: str, ends: str, dues: str
) -> None:
    def is_told(moment: object) -> bool:
        return any(
            what == dues and (kind is not Kind.NUDGE or when == begins[:16]) for when, what in told(moment, kind)
        )

    assert not is_told(at(begins) - SECOND)
    assert is_told(at(begins))
    assert is_told(at(ends) - SECOND)
    if kind is not Kind.SILENCE:
        assert not is_told(at(ends))


def test_an_occasion_s_key_is_its_kind_and_instant() -> None:
    office = an_office()
    [cutoff] = occasions(
        at("2026-11-21T21:15"), office.duties, office.calendar, since=at("2026-11-15T00:00"), settle=timedelta(0)
    )
    assert cutoff.key == "cutoff/2026-11-21T21:00:00+08:00"
    assert str(cutoff.kind) == "cutoff"


def test_silence_approves_only_where_the_office_says_so() -> None:
    assert told("2026-11-23T09:00", Kind.SILENCE, silence=False) == []
    assert told("2026-11-23T09:00", Kind.SILENCE)[-1] == ("2026-11-23T09:00", "weekly-plan 2026-W48")


def test_what_fell_due_before_the_first_start_is_not_ours() -> None:
    assert told("2026-11-21T22:00", Kind.CUTOFF, since=at("2026-11-21T21:00")) != []
    assert told("2026-11-21T22:00", Kind.CUTOFF, since=at("2026-11-21T21:00:01")) == []
    assert told("2026-11-21T19:00", Kind.REMINDER, since=at("2026-11-21T18:00")) != []
    assert told("2026-11-21T19:00", Kind.REMINDER, since=at("2026-11-21T18:00:01")) == []


def test_of_several_reminders_the_newest_is_told_and_a_duty_without_any_has_none() -> None:
    office = an_office()
    twice = replace(PLAN, reminders=(timedelta(hours=24), timedelta(hours=3)))
    for now, begun in (("2026-11-21T17:59", "2026-11-20T21:00"), ("2026-11-21T18:00", "2026-11-21T18:00")):
        found = occasions(at(now), [twice], office.calendar, since=at("2026-11-15T00:00"), settle=timedelta(0))
        assert [f"{o.at:%Y-%m-%dT%H:%M}" for o in found if o.kind is Kind.REMINDER] == [begun]
    none = replace(PLAN, reminders=(), nudges=(), review_due=None)
    found = occasions(
        at("2026-11-21T20:00"), [none], office.calendar, since=at("2026-11-15T00:00"), settle=timedelta(0)
    )
    assert [o.kind for o in found if o.at > at("2026-11-15T00:00")] == []


def test_nudges_of_its_own_and_none_without_a_deadline() -> None:
    zone = an_office().zone
    own = replace(PLAN, nudges=(Moment.parse("sunday 12:00", PeriodKind.WEEK),))
    assert own.nudges_at(W48, zone) == [at("2026-11-29T12:00")]
    assert replace(PLAN, review_due=None).nudges_at(W48, zone) == []
    assert replace(own, review_due=None).nudges_at(W48, zone) == []


@pytest.mark.parametrize(
    ("text", "kind", "period", "expected"),
    [
        ("monday 00:00", PeriodKind.WEEK, "2026-W48", "2026-11-23T00:00"),
        ("sunday 23:59", PeriodKind.WEEK, "2026-W48", "2026-11-29T23:59"),
        ("previous sunday 12:00", PeriodKind.WEEK, "2026-W48", "2026-11-22T12:00"),
        ("next monday 12:00", PeriodKind.WEEK, "2026-W48", "2026-11-30T12:00"),
        ("previous 18:30", PeriodKind.DAY, "2026-12-01", "2026-11-30T18:30"),
        ("day 1 08:00", PeriodKind.MONTH, "2026-11", "2026-11-01T08:00"),
        ("day 30 08:00", PeriodKind.MONTH, "2026-02", "2026-02-28T08:00"),
        ("next day 5 08:00", PeriodKind.MONTH, "2026-12", "2027-01-05T08:00"),
        ("previous last day 08:00", PeriodKind.MONTH, "2026-03", "2026-02-28T08:00"),
    ],
)
def test_a_moment_of_each_kind_of_period(text: str, kind: PeriodKind, period: str, expected: str) -> None:
    assert Moment.parse(text, kind).of(Period.parse(period), an_office().zone) == at(expected)


# The ledger.


def a_submission(
    who: str = "zhangsan", state: State = State.RECEIVED, duty: str = "weekly-summary", **more: object
) -> Submission:
    key = Key(who, duty, W47)
    return replace(Submission(1, key, "K7Q2MD", state, (at("2026-11-21T20:00"),)), **more)  # type: ignore[arg-type]


def row(
    state: State, review: Review = Review.SCORE, standing: Standing = Standing.ON_TIME, held: Submission | None = None
) -> Row:
    duty = SUMMARY if review is Review.SCORE else PLAN
    return Row(ZHANGSAN, duty, W47, at("2026-11-21T21:00"), Judged(standing), state, held)


def test_a_week_is_settled_when_every_summary_is_scored_missing_or_excused() -> None:
    closed = [row(State.SCORED), row(State.MISSING), row(State.EXCUSED)]
    assert is_settled(closed)
    assert is_settled([*closed, row(State.RECEIVED, Review.APPROVE)])
    for state in (State.RECEIVED, State.REVISING, State.EXPECTED):
        assert not is_settled([*closed, row(state)])
        assert not is_fully_scored([*closed, row(state)])
    assert is_fully_scored(closed)
    assert not is_fully_scored([row(State.MISSING), row(State.EXCUSED)])


def test_a_submission_that_waits_past_the_deadline_is_overdue() -> None:
    office = an_office()
    waiting = row(State.RECEIVED, held=a_submission())
    deadline = at("2026-11-24T12:00")
    assert not overdue(office, waiting, deadline - SECOND)
    assert overdue(office, waiting, deadline)
    assert not overdue(office, row(State.SCORED, held=a_submission(state=State.SCORED)), deadline)
    assert not overdue(office, row(State.MISSING), deadline)
    assert not overdue(office, replace(waiting, duty=replace(SUMMARY, review_due=None)), deadline)


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (Judged(Standing.EXPECTED), "owed"),
        (Judged(Standing.ON_TIME), "submitted"),
        (Judged(Standing.LATE), "late"),
        (Judged(Standing.MISSING), "missing"),
        (Judged(Standing.EXCUSED, excuse=Excuse.LEAVE), "leave"),
    ],
)
def test_the_situation_is_one_word(judged: Judged, expected: str) -> None:
    assert situation(replace(row(State.RECEIVED), judged=judged)) == expected


def test_a_row_s_arrival_is_its_first_and_a_submission_is_open_while_it_waits() -> None:
    twice = a_submission(arrivals=(at("2026-11-21T20:30"), at("2026-11-21T20:00")))
    assert row(State.RECEIVED, held=twice).received_at == at("2026-11-21T20:00")
    assert row(State.MISSING).received_at is None
    assert row(State.RECEIVED, held=twice).key == Key("zhangsan", "weekly-summary", W47)
    assert (twice.version, replace(twice, newest=7).version) == (2, 7)
    assert twice.is_open
    assert not replace(twice, arrivals=()).is_open
    assert not replace(twice, state=State.REVISING).is_open
    assert state_of(twice, Judged(Standing.ON_TIME)) is State.RECEIVED
    assert state_of(replace(twice, arrivals=()), Judged(Standing.MISSING)) is State.MISSING
    assert state_of(None, Judged(Standing.EXCUSED)) is State.EXCUSED


def test_rows_are_a_person_and_duty_each_and_one_who_is_gone_is_shown_where_he_did_something() -> None:
    gone = Person("gone", "走了", "", left=at("2026-11-20T00:00").date(), former=True)
    office = an_office(ZHANGSAN, gone)
    dues = weekly_dues(office, [W47, W48])
    assert [(duty.id, str(week)) for duty, week in dues] == [
        ("weekly-plan", "2026-W47"), ("weekly-summary", "2026-W47"), ("weekly-plan", "2026-W48"), ("weekly-summary", "2026-W48"),
    ]  # fmt: skip
    found = rows(office, dues, {}, at("2026-12-01T00:00"))
    assert [(r.person.id, str(r.period)) for r in found if r.person.former] == [
        ("gone", "2026-W47"),
    ], "he left before the summary was due"
    assert [p.id for p in people_of(office, found)] == ["zhangsan", "gone"]
    late = Submission(9, Key("gone", "weekly-plan", W48), "K7Q2MD", State.RECEIVED, (at("2026-11-20T10:00"),))
    found = rows(office, dues[2:], {late.key: late}, at("2026-12-01T00:00"))
    assert [(r.person.id, r.duty.id) for r in found] == [
        ("zhangsan", "weekly-plan"), ("zhangsan", "weekly-summary"), ("gone", "weekly-plan"),
    ]  # fmt: skip
    assert [p.id for p in people_of(office, found[:2])] == ["zhangsan"]


def test_a_month_counts_the_weeks_from_the_office_s_first_day_on() -> None:
    office = an_office()
    november = Period.parse("2026-11")
    assert [str(week) for week in month_weeks(office, november)] == ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]
    for start, first in (("2026-11-10", "2026-W47"), ("2026-11-16", "2026-W47")):
        begun = replace(office, calendar=replace(office.calendar, start=at(f"{start}T00:00").date()))
        assert str(month_weeks(begun, november)[0]) == first
    daily = replace(SUMMARY, id="log", period=PeriodKind.DAY)
    assert [d.id for d in weekly_scored(replace(office, duties=(PLAN, SUMMARY, daily)))] == ["weekly-summary"]


# People, scores, review.


def test_people_are_found_by_address_id_and_name_and_known_once() -> None:
    twin = replace(LISI, id="lisi2", email="lisi2@example.com")
    whole = replace(ZHANGSAN, aliases=("zs@example.org",))
    roster = Roster((DIRECTOR, whole, LISI, twin, Person("gone", "走了", "", former=True)), "wang")
    assert roster.director is DIRECTOR
    assert roster.by_address(" ZS@Example.org ") == whole
    assert roster.by_address("") is None
    assert roster.get("lisi") == LISI
    assert roster.find("lisi") == [LISI]
    assert roster.find("zs@example.org") == [whole]
    assert roster.find("李四") == [LISI, twin]
    assert roster.find("nobody") == []
    assert roster.known(["zs@example.org", "x@example.net", "zhangsan@example.com", LISI.email]) == [whole, LISI]
    assert [p.id for p in roster.staff] == ["zhangsan", "lisi", "lisi2", "gone"]
    assert Person("o", "o", "o@example.com", role=Role.OBSERVER) not in roster.staff
    assert whole.addresses == ("zhangsan@example.com", "zs@example.org")


def test_scores_on_the_scale_and_their_bands() -> None:
    rules = ScoreRules(bands=BANDS)
    assert [rules.on_scale(Decimal(n)) for n in ("-0.01", "0", "100", "100.01")] == [False, True, True, False]
    assert [rules.band(Decimal(n)) for n in ("90", "89.99", "60", "0", "-1")] == ["优秀", "良好", "合格", "不合格", ""]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.APPROVE, State.APPROVED),
        (Verdict.REVISE, State.REVISING),
        (Verdict.SCORE, State.SCORED),
        (None, State.RECEIVED),
    ],
)
def test_a_withdrawn_version_leaves_what_was_decided_before(verdict: Verdict | None, state: State) -> None:
    assert after_withdrawal(verdict) is state


def test_the_office_judges_by_its_calendar_and_grace_and_waits_for_the_later_of_two() -> None:
    office = replace(an_office(), grace=timedelta(minutes=30))
    late = a_submission(arrivals=(at("2026-11-21T21:29:59"),))
    assert office.judge(ZHANGSAN, SUMMARY, W47, late.arrivals, at("2026-11-22T00:00")).standing is Standing.ON_TIME
    assert office.judge(ZHANGSAN, SUMMARY, W47, (), at("2026-11-21T21:29")).standing is Standing.EXPECTED
    assert office.judge(ZHANGSAN, SUMMARY, W47, (), at("2026-11-21T21:30")).standing is Standing.MISSING
    assert office.patience == timedelta(minutes=30)
    assert replace(office, grace=timedelta(0)).patience == timedelta(minutes=15)
    assert office.duty("weekly-plan") == PLAN
    assert office.duty("none") is None


def test_a_duty_s_name_falls_back() -> None:
    assert PLAN.name("en") == "weekly plan"
    assert PLAN.name("fr") == "周工作计划"
    assert replace(PLAN, names={}).name("en") == "weekly-plan"

"""Closing: silence at the deadline, the week's score sheets (clause R6), and the month for HR (clause R7)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

import structlog

from mailflow import __version__
from mailflow.reports.figures import Figures, by_name, figures, in_words, named
from mailflow.reports.month import Stamp, month_workbook
from mailflow.reports.sheets import Sheet, score_sheets
from mailflow.rules import ledger
from mailflow.rules.due import Occasion, is_fully_scored, is_settled
from mailflow.rules.duties import Duty, Review
from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.submission import State
from mailflow.store import months, outbox, records
from mailflow.store.months import Frozen
from mailflow.store.session import Book
from mailflow.workflow.deciding import act
from mailflow.workflow.desk import XLSX, Desk
from mailflow.writing.mime import Enclosure
from mailflow.writing.notices import Change, Correction, Monthly, Sheets

log = structlog.get_logger()
_WEEKS_BACK, _MONTHS_BACK = 6, 3
_MORNING = time(9)


def approve_by_silence(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """Where silence approves: the plans that lay there before the deadline and on which nobody said anything."""
    for row in records.due_rows(book, desk.office, occasion.dues, now):
        held = row.held
        if held and held.is_open and row.duty.review is Review.APPROVE and held.arrivals[-1] < occasion.at:
            decision = Decision(Verdict.APPROVE)
            act(desk, book, held, row.duty, decision, State.APPROVED, occasion.at, now, by="")


def close(desk: Desk, since: datetime, now: datetime) -> int:
    """Print the sheets of weeks and send the months to HR that can be closed by now; gives how many of both.

    As long as nothing happened and the clock has passed no other end, there is nothing to look for.
    """
    office = desk.office
    weeks, months_over = _scored_weeks(office, since, now), _months_over(office, since, now)
    with desk.store.snapshot() as book:
        looked_at = (months.newest_event(book), weeks, months_over, [_latest(office, m, now) for m in months_over])
    if desk.store.unchanged == looked_at:
        return 0
    done = _print_sheets(desk, weeks, now) + sum(_close_month(desk, month, now) for month in months_over)
    desk.store.unchanged = looked_at
    return done


def _print_sheets(desk: Desk, weeks: Sequence[tuple[Period, list[Duty]]], now: datetime) -> int:
    """The `sheets` letter of each week that has just become fully scored; gives how many."""
    office = desk.office
    done = 0
    with desk.store.snapshot() as book:
        known = records.done(book, [f"sheets/{period}" for period, _ in weeks])
        wanted = [(period, duties) for period, duties in weeks if f"sheets/{period}" not in known]
        dues = [(duty, period) for period, duties in wanted for duty in duties]
        found = records.due_rows(book, office, dues, now) if dues else []
    for period, _ in wanted:
        key = f"sheets/{period}"
        rows = [row for row in found if row.period == period]
        if not is_fully_scored(rows):
            continue
        with desk.store.transaction() as book:
            if records.first_time(book, key, now):
                _send_sheets(desk, book, period, rows, now)
                done += 1
                log.info("sheets", week=period.label)
    return done


def _scored_weeks(office: Office, since: datetime, now: datetime) -> list[tuple[Period, list[Duty]]]:
    """The weeks of late whose summaries are all due by now, with the duties that are scored."""
    duties = ledger.weekly_scored(office)
    here = Period.of(PeriodKind.WEEK, now.astimezone(office.zone).date())
    found = []
    for n in range(-_WEEKS_BACK, 2):
        period = here.shift(n)
        cutoffs = [office.calendar.cutoff(duty, period) for duty in duties]
        if cutoffs and all(since <= cutoff and cutoff + office.patience <= now for cutoff in cutoffs):
            found.append((period, duties))
    return found


def _send_sheets(desk: Desk, book: Book, period: Period, rows: Sequence[Row], now: datetime) -> None:
    """The PDF to print and sign, to the director; numbered where a changed score makes it one more."""
    earlier = outbox.count_of(book, f"sheets/{period}/")
    again = str(earlier) if earlier else ""
    sheets = sheets_of(desk.office, book, rows)
    content = score_sheets(desk.office, period, sheets, now, desk.wording.file("_sheets/score-sheet.typ"))
    name = f"sheets-{period}{f'-{again}' if again else ''}.pdf"
    director = desk.office.roster.director
    notice = Sheets(desk.office.name, director, period, len(sheets), bool(again), [name])
    key = f"sheets/{period}/{again}"
    desk.write(book, notice, director, key, now, enclosures=[Enclosure(name, "application/pdf", content)])


def sheets_of(office: Office, book: Book, rows: Sequence[Row]) -> list[Sheet]:
    """A sheet for each scored row, with the plan of the same period beside its summary."""
    scored = [row for row in rows if row.state is State.SCORED and row.held]
    plans = records.plans(book, office, {row.period for row in scored})
    texts = records.versions(book, [row.held.id for row in scored if row.held])
    return [
        Sheet(row, plans.get((row.person.id, row.period), ""), texts[row.held.id][-1].whole)
        for row in scored
        if row.held
    ]


def _months_over(office: Office, since: datetime, now: datetime) -> list[Period]:
    """The months of late whose cutoffs have all passed, where there is anybody to tell."""
    here = Period.of(PeriodKind.MONTH, now.astimezone(office.zone).date())
    over = []
    for n in range(-_MONTHS_BACK, 1) if office.hr else ():
        month = here.shift(n)
        ends = [office.calendar.cutoff(duty, period) for duty, period in ledger.month_dues(office, month)]
        if ends and since <= max(ends) and max(ends) + office.patience <= now:
            over.append(month)
    return over


def _close_month(desk: Desk, month: Period, now: datetime) -> int:
    """`monthly` to HR when a month is settled or its latest day has come, `correction` when a sent one changes."""
    office = desk.office
    weeks = ledger.month_weeks(office, month)
    with desk.store.snapshot() as book:
        frozen = months.newest(book, month)
        mark = mark_of(book, office, month)
        if frozen and frozen.mark == mark:
            return 0
        rows = records.month_rows(book, office, month, now)
    return _close(desk, month, weeks, rows, frozen, mark, now)


def mark_of(book: Book, office: Office, month: Period) -> str:
    """What a month's figures rest on: as long as this is the same they are, too."""
    calendar = office.calendar
    rules = (office.roster.people, office.duties, calendar.leaves, calendar.granted, calendar.start, office.scores)
    digest = hashlib.sha256(repr((rules, calendar.moved, sorted(calendar.working.items()))).encode())
    newest = months.newest_event(book, {period for _, period in ledger.month_dues(office, month)})
    return f"{newest}/{digest.hexdigest()[:16]}"


def _close(
    desk: Desk,
    month: Period,
    weeks: Sequence[Period],
    rows: Sequence[Row],
    frozen: Frozen | None,
    mark: str,
    now: datetime,
) -> int:
    # A month that was sent stays under the rules of scoring by which it was.
    office = desk.office if frozen is None or frozen.rules is None else replace(desk.office, scores=frozen.rules)
    shown = figures(office, rows)
    if frozen:
        changes = _changes(office, frozen, shown)
        if not changes:
            with desk.store.transaction() as book:
                months.compared(book, month, shown, mark, office.scores)
            return 0
    elif not is_settled(rows) and not _latest(office, month, now):
        return 0
    number = frozen.number + 1 if frozen else 0
    content = month_workbook(office, month, weeks, rows, Stamp(now.astimezone(office.zone), __version__, number))
    checksum = hashlib.sha256(content).hexdigest()
    name = f"month-{month}{f'-correction-{number}' if number else ''}.xlsx"
    notice = (
        Correction(office.name, office.roster.director, month, number, changes, checksum, [name])
        if frozen
        else Monthly(
            office.name,
            office.roster.director,
            month,
            len(ledger.people_of(office, rows)),
            weeks,
            sum(row.held is not None and row.held.is_open for row in rows if row.duty.review is Review.SCORE),
            checksum,
            [name],
        )
    )
    with desk.store.transaction() as book:
        if not months.freeze(book, month, Frozen(number, now, checksum, content, shown, mark, office.scores)):
            return 0
        desk.to_hr(book, notice, f"{notice.kind}/{month}/{number}", now, [Enclosure(name, XLSX, content)])
    log.info(notice.kind, month=month.label, number=number)
    return 1


def _latest(office: Office, month: Period, now: datetime) -> bool:
    """Whether the month goes to HR now whatever is still open."""
    if not office.month_latest:
        return False
    day = month.shift(1).first.replace(day=office.month_latest)
    return now >= datetime.combine(day, _MORNING, office.zone)


def _changes(office: Office, frozen: Frozen, shown: Figures) -> list[Change]:
    """The figures that are others now."""
    before, after = frozen.figures, shown
    if frozen.rules is None:
        after = by_name(office, shown)
    changed = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    if frozen.rules is None:
        named_ = [(key, *key.split(" / ", 1)) for key in changed]
        return [Change(who, what, before.get(key, "—"), after.get(key, "—")) for key, who, what in named_]
    return [
        Change(*named(office, key), *(in_words(office, values.get(key, "")) for values in (before, after)))
        for key in changed
    ]

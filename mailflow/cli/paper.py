"""Commands that make files for people: export, sheets; and excuse, which changes what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mailflow import __version__, wiring
from mailflow.cli.look import period_of
from mailflow.cli.terminal import console, fail, parse_now, print_json, write_private
from mailflow.reading.context import Grant
from mailflow.reports.flat import Format, flat
from mailflow.reports.month import Stamp, month_workbook
from mailflow.reports.screen import clean
from mailflow.reports.sheets import score_sheets
from mailflow.rules import ledger
from mailflow.rules.office import Office
from mailflow.rules.periods import Period, PeriodKind
from mailflow.settings import load
from mailflow.store import grants, months, records
from mailflow.store.session import Book
from mailflow.workflow.closing import mark_of, sheets_of
from mailflow.workflow.deciding import excuse as grant_excuse
from mailflow.workflow.watch import clock

Now = Annotated[str | None, typer.Option(metavar="ISO", help="Judge as of this instant.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: mailflow export --month 2026-11 -o november.xlsx")(export)
    app.command(epilog="Example: mailflow sheets --week 2026-W47 -o sheets.pdf")(sheets)
    app.command(epilog='Example: mailflow excuse zhangsan 2026-W48 --why "medical note of 27 November"')(excuse)


def export(
    context: typer.Context,
    month: Annotated[str, typer.Option(metavar="2026-11", help="The month.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to.")] = None,
    form: Annotated[Format, typer.Option("--format", help="The workbook, or its detail as csv or json.")] = Format.XLSX,
    now: Now = None,
) -> None:
    """The month workbook for HR; a month that was sent and has not changed since is the same bytes again."""
    settings = load(context.obj)
    moment = parse_now(now, settings) or clock()
    period = period_of(month, PeriodKind.MONTH, "--month")
    assert period is not None
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        office = grants.office_as_of(book, settings.office)
        weeks = ledger.month_weeks(office, period)
        if form is Format.XLSX:
            content = workbook_of(book, office, period, weeks, moment)
        else:
            content = flat(office, records.month_rows(book, office, period, moment), form)
    target = output or Path(f"mailflow-{period.label}.{form.value}")
    write_private(target, content)
    console().print(f"{target}: {len(office.roster.staff)} people, {len(weeks)} weeks", markup=False)


def workbook_of(book: Book, office: Office, month: Period, weeks: Sequence[Period], now: datetime) -> bytes:
    """The workbook as HR was sent it; one of the book as it stands where it was not, or has changed since."""
    frozen = months.newest(book, month)
    if frozen and frozen.mark == mark_of(book, office, month):
        return frozen.workbook
    rows = records.month_rows(book, office, month, now)
    number = frozen.number + 1 if frozen else 0
    return month_workbook(office, month, weeks, rows, Stamp(now.astimezone(office.zone), __version__, number))


def sheets(
    context: typer.Context,
    week: Annotated[str, typer.Option(metavar="2026-W47", help="The ISO week.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where to.")] = None,
    now: Now = None,
) -> None:
    """The score sheets of a week to print and sign, one page a person who is scored."""
    settings = load(context.obj)
    moment = parse_now(now, settings) or clock()
    period = period_of(week, PeriodKind.WEEK, "--week")
    assert period is not None
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        office = grants.office_as_of(book, settings.office)
        duties = ledger.weekly_scored(office)
        rows = records.due_rows(book, office, [(duty, period) for duty in duties], moment)
        found = sheets_of(office, book, rows)
    if not found:
        fail(
            f"nobody is scored in {period} yet, so there is no sheet to print; see `mailflow status --week {period}`", 2
        )
    template = wiring.wording(settings).file("_sheets/score-sheet.typ")
    target = output or Path(f"sheets-{period.label}.pdf")
    write_private(target, score_sheets(office, period, found, moment, template))
    console().print(f"{target}: {len(found)} sheets", markup=False)


def excuse(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="An id, a name or an address.")],
    week: Annotated[str, typer.Argument(metavar="2026-W48")],
    why: Annotated[str, typer.Option("--why", help="The reason, which is kept.")],
    duty: Annotated[str | None, typer.Option(help="One duty only; else every weekly one.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take an excuse back.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON document.")] = False,
) -> None:
    """Excuse somebody from a week by name (a late medical note): every figure follows."""
    settings = load(context.obj)
    office = settings.office
    period = period_of(week, PeriodKind.WEEK, "WEEK")
    assert period is not None
    found = [p for p in office.roster.find(person) if p in office.roster.staff]
    if len(found) != 1:
        fail(f"{person!r} is not one of the staff by that name alone; give an id of the roster", 2)
    duties = [d for d in office.duties if d.period is PeriodKind.WEEK and duty in (None, d.id)]
    if not duties:
        fail(f"there is no weekly duty {duty!r}; the duties are {', '.join(d.id for d in office.duties)}", 2)
    with wiring.open_desk(settings) as desk, desk.store.transaction() as book:
        for each in duties:
            grant_excuse(desk, book, Grant(found[0], each, period, why), "operator", clock(), granted=not withdraw)
    done = [
        {"person": found[0].id, "duty": each.id, "period": period.label, "excused": not withdraw} for each in duties
    ]
    if as_json:
        print_json(done)
        return
    word = "no longer excused" if withdraw else "excused"
    for row in done:
        console().print(f"{row['person']} {row['duty']} {row['period']}: {word} ({clean(why)})", markup=False)

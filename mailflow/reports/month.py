"""The month workbook (clause R7): a summary of live formulas over the detail, and the rules in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.reports.cells import formula, head, put, saved, width
from mailflow.reports.dressing import chart_of_weeks, colour_bands, subtotals
from mailflow.reports.titles import Titles
from mailflow.rules.duties import Review
from mailflow.rules.ledger import Row, people_of
from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import State

_INSTANT = "yyyy-mm-dd hh:mm:ss"
_POINTS = "0.00"


@dataclass(frozen=True)
class Stamp:
    """When, and by which version of mailflow, a workbook was made; the number of a correction, 0 for none."""

    made_at: datetime
    version: str
    number: int = 0


def month_workbook(office: Office, month: Period, weeks: Sequence[Period], rows: Sequence[Row], stamp: Stamp) -> bytes:
    """The workbook's bytes (.xlsx). The same rows, rules and stamp give the same sheets."""
    titles = Titles.of(office.language)
    book = Workbook()
    book.properties.creator = "mailflow"
    book.properties.created = book.properties.modified = stamp.made_at.replace(tzinfo=None)
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = titles.sheets[0]
    detail = book.create_sheet(titles.sheets[1])
    notes = book.create_sheet(titles.sheets[2])
    cells = _notes(notes, office, month, weeks, titles, stamp)
    _detail(detail, office, rows, titles, cells)
    others = {row.period for row in rows if row.duty.review is Review.SCORE} - {*weeks}
    periods = [*weeks, *sorted(others, key=lambda period: (period.last, period.kind))]
    _summary(summary, notes, office, people_of(office, rows), periods, titles, cells, last=len(rows) + 1)
    return saved(book)


@dataclass(frozen=True)
class _Cells:
    """Where the rules stand on the notes sheet, for the formulas."""

    missing_counts_as: str
    late_deduction: str
    missing_deduction: str
    lowest: str
    bounds: str
    bands: str


def _finish(sheet: Worksheet, frozen: str, columns: int, last: int) -> None:
    """Widths that fit Chinese, frozen headers, filters and print set-up."""
    for column in range(1, columns + 1):
        texts = [str(sheet.cell(row, column).value or "") for row in range(1, min(last, 300) + 1)]
        plain = [width(text) for text in texts if not text.startswith("=")]
        sheet.column_dimensions[get_column_letter(column)].width = min(max([8, *plain]) + 2, 48)
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(last, 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&P / &N"


def _detail(sheet: Worksheet, office: Office, rows: Sequence[Row], titles: Titles, cells: _Cells) -> None:
    """One row a person and duty and week. `counted` is what a score or a missing summary counts as."""
    head(sheet, titles.detail)
    for number, row in enumerate(rows, start=2):
        held = row.held
        decided = held is not None and held.state is not State.RECEIVED
        here = row.received_at.astimezone(office.zone) if row.received_at else None
        late = int(row.judged.late_by.total_seconds())
        values: list[tuple[object, str]] = [
            (row.person.id, "@"),
            (row.person.name, ""),
            (row.person.department, ""),
            (row.duty.name(office.language), ""),
            (row.period.label, ""),
            (row.cutoff.astimezone(office.zone), _INSTANT),
            (here, _INSTANT),
            (titles.standings[row.judged.standing], ""),
            (late / 86400 if late else None, "[h]:mm:ss"),
            (held.version if held else 0, "0"),
            (titles.states[row.state], ""),
            (held.score if held else None, _POINTS),
        ]
        for column, (value, number_format) in enumerate(values, start=1):
            put(sheet, number, column, value, number_format)
        if row.duty.review is Review.SCORE:
            missing = titles.standings[row.judged.standing.MISSING]
            said = f'=IF(H{number}="{missing}",{cells.missing_counts_as},IF(L{number}="","",L{number}))'
            formula(sheet, number, 13, said, _POINTS)
        else:
            put(sheet, number, 13, None)
        decided_at = held.decided_at.astimezone(office.zone) if held and held.decided_at and decided else None
        put(sheet, number, 14, decided_at, _INSTANT)
        if row.duty.review is Review.SCORE:
            counted = f'=IF(M{number}="","",{office.weight(row.duty, row.period).normalize():f})'
            formula(sheet, number, 16, counted, "0.##")
            formula(sheet, number, 17, f'=IF(M{number}="","",M{number}*P{number})', _POINTS)
        comment = put(sheet, number, 15, held.comment if held and decided else "")
        comment.alignment = Alignment(wrap_text=True, vertical="top")
    _finish(sheet, "C2", len(titles.detail), len(rows) + 1)


def _summary(
    sheet: Worksheet,
    notes: Worksheet,
    office: Office,
    staff: Sequence[Person],
    periods: Sequence[Period],
    titles: Titles,
    cells: _Cells,
    *,
    last: int,
) -> None:
    """One row a person: each scored period's, the counts, and what the month comes to, all as formulas."""
    head(sheet, [*titles.summary[:3], *(period.label for period in periods), *titles.summary[3:]])
    detail = quote_sheetname(titles.sheets[1])

    def span(column: str) -> str:
        return f"{detail}!${column}$2:${column}${max(last, 2)}"

    first = 4
    average, on_time = first + len(periods), first + len(periods) + 1
    letter = get_column_letter
    for number, person in enumerate(staff, start=2):
        for column, value in enumerate((person.id, person.name, person.department), start=1):
            put(sheet, number, column, value, "@" if column == 1 else "")
        mine = f"{span('A')},$A{number}"
        for offset in range(len(periods)):
            column = letter(first + offset)
            said = f'=IFERROR(AVERAGEIFS({span("M")},{mine},{span("E")},{column}$1),"")'
            formula(sheet, number, first + offset, said, _POINTS)
        mean = f'=IFERROR(SUMIFS({span("Q")},{mine})/SUMIFS({span("P")},{mine}),"")'
        formula(sheet, number, average, mean, _POINTS)
        for offset, standing in enumerate(titles.counted):
            formula(sheet, number, on_time + offset, f'=COUNTIFS({mine},{span("H")},"{standing}")', "0")
        late, missing = f"{letter(on_time + 1)}{number}", f"{letter(on_time + 2)}{number}"
        cost = f"={late}*{cells.late_deduction}+{missing}*{cells.missing_deduction}"
        formula(sheet, number, on_time + 3, cost, _POINTS)
        mean, less = f"{letter(average)}{number}", f"{letter(on_time + 3)}{number}"
        score = f'=IF({mean}="","",MAX(ROUND({mean}-{less},2),{cells.lowest}))'
        formula(sheet, number, on_time + 4, score, _POINTS)
        total = f"{letter(on_time + 4)}{number}"
        band = f'=IF({total}="","",IFERROR(LOOKUP({total},{cells.bounds},{cells.bands}),""))' if cells.bounds else ""
        if band:
            formula(sheet, number, on_time + 5, band)
        else:
            put(sheet, number, on_time + 5, "")
    people = len(staff)
    _finish(sheet, "D2", on_time + 5, people + 1)
    scored = f"{letter(first)}2:{letter(average)}{people + 1} {letter(on_time + 4)}2:{letter(on_time + 4)}{people + 1}"
    colour_bands(sheet, scored, office.scores.bands)
    departments = [d for d in dict.fromkeys(person.department for person in staff) if d]
    if departments:
        names = [titles.summary[8], *titles.summary[4:7]]
        columns = list(zip(names, (on_time + 4, on_time, on_time + 1, on_time + 2), strict=True))
        start = (notes.max_row or 1) + 2
        subtotals(notes, start, quote_sheetname(sheet.title), people + 1, departments, columns)
        put(notes, start, 1, titles.subtotal).font = Font(bold=True)
        put(notes, start, 2, titles.people).font = Font(bold=True)
    chart_of_weeks(sheet, people + 3, people, len(periods), titles.chart, office.scores.high)


def _notes(
    sheet: Worksheet, office: Office, month: Period, weeks: Sequence[Period], titles: Titles, stamp: Stamp
) -> _Cells:
    """The rules in force, the weeks counted, the moment and the version of the export."""
    rules = office.scores
    counts_as: object = titles.not_counted if rules.missing_counts_as is None else rules.missing_counts_as
    lines: list[tuple[str, object, str]] = [
        (titles.notes["office"], office.name, ""),
        (titles.notes["month"], month.label, ""),
        (titles.notes["weeks"], ", ".join(week.label for week in weeks), ""),
        (titles.notes["week_rule"], titles.weekdays[rules.month_of_week], ""),
        (titles.notes["missing_counts_as"], counts_as, _POINTS),
        (titles.notes["late_deduction"], rules.late_deduction, _POINTS),
        (titles.notes["missing_deduction"], rules.missing_deduction, _POINTS),
        (titles.notes["lowest"], rules.low, _POINTS),
        (titles.notes["highest"], rules.high, _POINTS),
        (titles.notes["cutoff"], titles.cutoff_rule(int(office.grace.total_seconds() // 60)), ""),
        (titles.notes["formula"], titles.formula, ""),
        (titles.notes["made_at"], stamp.made_at.astimezone(office.zone), _INSTANT),
        (titles.notes["zone"], str(office.zone), ""),
        (titles.notes["version"], f"mailflow {stamp.version}", ""),
        *([(titles.correction, stamp.number, "0")] if stamp.number else []),
    ]
    head(sheet, titles.notes_head)
    for number, (name, value, number_format) in enumerate(lines, start=2):
        put(sheet, number, 1, name).font = Font(bold=True)
        cell = put(sheet, number, 2, value, number_format)
        cell.alignment = Alignment(wrap_text=True, horizontal="left", vertical="top")
    start = len(lines) + 3
    bands = sorted(rules.bands, key=lambda band: band[1])
    if bands:
        put(sheet, start - 1, 1, titles.notes["band"]).font = Font(bold=True)
        put(sheet, start - 1, 2, titles.notes["bound"]).font = Font(bold=True)
    for number, (name, bound) in enumerate(bands, start=start):
        put(sheet, number, 1, name)
        put(sheet, number, 2, bound, _POINTS).alignment = Alignment(horizontal="left")
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 70
    sheet.freeze_panes = "A2"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    name = quote_sheetname(titles.sheets[2])
    end = start + len(bands) - 1
    return _Cells(
        missing_counts_as=f"{name}!$B$6",
        late_deduction=f"{name}!$B$7",
        missing_deduction=f"{name}!$B$8",
        lowest=f"{name}!$B$9",
        bounds=f"{name}!$B${start}:$B${end}" if bands else "",
        bands=f"{name}!$A${start}:$A${end}" if bands else "",
    )

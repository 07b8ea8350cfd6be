"""What makes the month's summary quick to read: colours by band, subtotals by department, a chart of the weeks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.reports.cells import formula, put

# From the best band to the worst; a band more than there are colours takes the last.
_COLOURS = ("FFD5EFDC", "FFE6F2FB", "FFFFF4CE", "FFFBDAD7")
_SUBTOTAL = PatternFill("solid", fgColor="FFF4F7FA")
_POINTS = "0.00"


def colour_bands(sheet: Worksheet, area: str, bands: Sequence[tuple[str, Decimal]]) -> None:
    """Colour scores by the band that they reach; the highest band comes first and wins."""
    for rank, (_, bound) in enumerate(bands):
        fill = PatternFill("solid", bgColor=_COLOURS[min(rank, len(_COLOURS) - 1)])
        # An empty text counts as greater than any number, and is no score.
        rule = CellIsRule("between", [str(bound), "999999"], stopIfTrue=True, fill=fill)
        sheet.conditional_formatting.add(area, rule)


def subtotals(
    sheet: Worksheet,
    start: int,
    summary: str,
    last: int,
    departments: Sequence[str],
    columns: Sequence[tuple[str, int]],
) -> None:
    """A live row a department: how many people, the mean of the first of the columns and the sums of the others.

    They stand on the notes sheet: the summary has one row a person and nothing else that a program could trip over.
    """
    for offset, (name, _) in enumerate([("", 0), ("", 0), *columns], start=1):
        put(sheet, start, offset, name).font = Font(bold=True)
    for number, department in enumerate(departments, start=start + 1):
        put(sheet, number, 1, department)
        mine = f"{summary}!$C$2:$C${last},$A{number}"
        formula(sheet, number, 2, f"=COUNTIFS({mine})", "0")
        for offset, (_, column) in enumerate(columns, start=3):
            values = f"{summary}!${get_column_letter(column)}$2:${get_column_letter(column)}${last}"
            said = f'=IFERROR(AVERAGEIFS({values},{mine}),"")' if offset == 3 else f"=SUMIFS({values},{mine})"
            formula(sheet, number, offset, said, _POINTS if offset == 3 else "0")
        for column in range(1, len(columns) + 3):
            sheet.cell(number, column).fill = _SUBTOTAL


def chart_of_weeks(sheet: Worksheet, anchor_row: int, people: int, weeks: int, title: str, high: Decimal) -> None:
    """A bar a week for each person, below everything else."""
    if not people or not weeks:
        return
    chart = BarChart()
    chart.type, chart.grouping, chart.style = "bar", "clustered", 10
    chart.title = title
    chart.add_data(Reference(sheet, min_col=4, max_col=3 + weeks, min_row=1, max_row=people + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=2, min_row=2, max_row=people + 1))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, float(high)
    # The first person stands at the top, as in the table.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.height = max(6.0, 1.6 + people * (0.35 + 0.18 * weeks))
    chart.width = 24
    # The chart is printed whole, on a page of its own.
    sheet.row_breaks.append(Break(anchor_row - 1))
    sheet.add_chart(chart, f"B{anchor_row}")

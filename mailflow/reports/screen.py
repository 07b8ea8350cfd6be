"""What a terminal shows: tables of plain text, and a week as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from mailflow.rules.ledger import Row, people_of
from mailflow.rules.office import Office
from mailflow.rules.periods import Period
from mailflow.rules.submission import Standing

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOURS = {
    Standing.ON_TIME: "green",
    Standing.LATE: "yellow",
    Standing.MISSING: "red",
    Standing.EXCUSED: "blue",
    Standing.EXPECTED: "dim",
}


def clean(text: object) -> str:
    """Text from mail, safe to print: no control characters, no terminal escapes."""
    return _CONTROL.sub("", str(text))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A table of plain text; a cell that is a rich Text keeps its style."""
    drawn = Table(title=title or None, title_justify="left", header_style="bold", expand=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    return drawn


def standings(office: Office, period: Period, rows: Sequence[Row]) -> Table:
    """The week as a table: a row a person, a column a duty."""
    duties = list(dict.fromkeys(row.duty for row in rows))
    drawn: list[list[object]] = []
    for person in people_of(office, rows):
        mine = {row.duty: row for row in rows if row.person.id == person.id}
        drawn.append([person.id, person.name, *(_cell(mine[duty]) if duty in mine else "" for duty in duties)])
    return table(period.label, ["id", "name", *(duty.id for duty in duties)], drawn)


def _cell(row: Row) -> Text:
    text = Text(row.judged.standing.value, style=_COLOURS[row.judged.standing])
    if row.judged.late_by:
        text.append(f" by {row.judged.late_by}")
    if row.held:
        text.append(f"  {row.state.value} v{row.held.version}")
        if row.held.score is not None:
            text.append(f" {row.held.score}", style="bold")
    return text

"""roster.csv, roster.xlsx and leave.csv: rows with headers in English or Chinese → people and leaves."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from mailflow.errors import Problem
from mailflow.rules.owing import Leave
from mailflow.rules.people import Person, Role
from mailflow.settings.kinds import LANGUAGES, address, plain

_ROSTER_HEADERS = {
    "编号": "id", "姓名": "name", "邮箱": "email", "别名邮箱": "aliases", "部门": "department", "角色": "role",
    "主管": "supervisor", "入职": "joined", "离职": "left", "语言": "language",
}  # fmt: skip
_LEAVE_HEADERS = {
    "编号": "id",
    "开始": "from",
    "起": "from",
    "结束": "to",
    "止": "to",
    "事由": "reason",
    "原因": "reason",
}
_ROLES = {
    "": Role.STAFF,
    "员工": Role.STAFF,
    "總監": Role.DIRECTOR,
    "总监": Role.DIRECTOR,
    "观察": Role.OBSERVER,
}
_ROLES |= {role.value: role for role in Role}


@dataclass(frozen=True)
class Row:
    """One row of a table: where it stands, and its cells by English header, trimmed."""

    file: str
    number: int
    cells: Mapping[str, str]

    def problem(self, column: str, expected: str) -> Problem:
        """A mistake in one cell of this row."""
        found = repr(self.cells.get(column, "")) if self.cells.get(column) else "nothing"
        return Problem(self.file, f"row {self.number}, {column}", found, expected)


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _lines(path: Path) -> Iterator[list[str]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        yield from ([_text(cell) for cell in row] for row in book.active.iter_rows(values_only=True))
        book.close()
        return
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    yield from csv.reader(io.StringIO(text, newline=""))


def _rows(path: Path, headers: Mapping[str, str], required: set[str], problems: list[Problem]) -> list[Row]:
    """The table's rows; unknown or missing columns and unreadable files are problems."""
    try:
        lines = list(_lines(path))
    except (
        OSError,
        UnicodeDecodeError,
        csv.Error,
        InvalidFileException,
        BadZipFile,
        KeyError,
        ValueError,
    ) as fault:
        problems.append(Problem(path.name, "", str(fault), "a table in UTF-8, in GBK, or an .xlsx workbook"))
        return []
    known = {**headers, **{name: name for name in headers.values()}}
    names = [cell.strip() for cell in lines[0]] if lines else []
    columns = [known.get(name.lower(), known.get(name, "")) for name in names]
    for name, column in zip(names, columns, strict=True):
        if name and not column:
            problems.append(Problem(path.name, f"column {name!r}", "an unknown header", f"one of {', '.join(known)}"))
    expected = f"the headers {', '.join(sorted(required))}"
    problems += [Problem(path.name, "row 1", f"no column {name}", expected) for name in sorted(required - set(columns))]
    if required - set(columns):
        return []
    return [
        Row(path.name, number, {c: v.strip() for c, v in zip(columns, line, strict=False) if c})
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]


def _date(row: Row, column: str, problems: list[Problem]) -> date | None:
    text = row.cells.get(column, "").replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        problems.append(row.problem(column, "a date such as 2026-11-23"))
        return None


def read_roster(path: Path, director_id: str, language: str, problems: list[Problem]) -> tuple[Person, ...]:
    """Everybody in the roster; mistakes name the row."""
    people: list[Person] = []
    ids: dict[str, int] = {}
    owners: dict[str, int] = {}
    rows = _rows(path, _ROSTER_HEADERS, {"id", "name", "email"}, problems)
    for row in rows:
        _check_id(row, ids, problems)
        if not row.cells.get("name"):
            problems.append(row.problem("name", "a name"))
        theirs = _read_addresses(row, owners, problems)
        people.append(_person(row, theirs, director_id, language, problems))
    strangers = [row for row in rows if row.cells.get("supervisor") and row.cells["supervisor"] not in ids]
    problems += [row.problem("supervisor", "the id of somebody in the roster") for row in strangers]
    if people and director_id and director_id not in ids:
        expected = f"a row with the id {director_id!r}, which office.director names"
        problems.append(Problem(path.name, "", "no such row", expected))
    return tuple(people)


def _check_id(row: Row, ids: dict[str, int], problems: list[Problem]) -> None:
    person_id = row.cells.get("id", "")
    if not person_id:
        problems.append(row.problem("id", "an id that is this person's alone"))
    elif person_id in ids:
        problems.append(row.problem("id", f"an id of its own; row {ids[person_id]} has the same"))
    ids.setdefault(person_id, row.number)


def _read_addresses(row: Row, owners: dict[str, int], problems: list[Problem]) -> list[str]:
    """A person's addresses, the one that is written to first; `owners` are the rows that have one already."""
    given = [("email", row.cells.get("email", ""))]
    given += [("aliases", alias) for alias in plain(row.cells.get("aliases", "")).replace(";", " ").split()]
    theirs: list[str] = []
    for column, text in given:
        try:
            known = address(text)
        except ValueError as fault:
            problems.append(Problem(row.file, f"row {row.number}, {column}", repr(text), str(fault)))
            continue
        theirs.append(known)
        if owners.setdefault(known, row.number) != row.number:
            expected = f"an address of one person; row {owners[known]} has it too"
            problems.append(Problem(row.file, f"row {row.number}, {column}", repr(text), expected))
    return theirs


def _person(row: Row, theirs: list[str], director_id: str, language: str, problems: list[Problem]) -> Person:
    cells, person_id = row.cells, row.cells.get("id", "")
    role = _ROLES.get(cells.get("role", "").lower())
    if role is None:
        problems.append(row.problem("role", "staff, director or observer"))
    if role is Role.DIRECTOR and director_id and person_id != director_id:
        problems.append(row.problem("role", f"one director only: office.director is {director_id!r}"))
    spoken = cells.get("language") or language
    if spoken not in LANGUAGES:
        problems.append(row.problem("language", f"one of {', '.join(LANGUAGES)}"))
    return Person(
        id=person_id,
        name=cells.get("name", ""),
        email=next(iter(theirs), ""),
        aliases=tuple(dict.fromkeys(theirs[1:])),
        department=cells.get("department", ""),
        role=Role.DIRECTOR if person_id == director_id else role or Role.STAFF,
        supervisor=cells.get("supervisor") or None,
        joined=_date(row, "joined", problems),
        left=_date(row, "left", problems),
        language=spoken,
    )


def read_leaves(path: Path, known: set[str], problems: list[Problem]) -> tuple[Leave, ...]:
    """Everybody's leave; mistakes name the row."""
    leaves = []
    for row in _rows(path, _LEAVE_HEADERS, {"id", "from", "to"}, problems):
        first, last = _date(row, "from", problems), _date(row, "to", problems)
        if row.cells["id"] not in known:
            problems.append(row.problem("id", "the id of somebody in the roster"))
        if not row.cells.get("from") or not row.cells.get("to"):
            problems.append(row.problem("from" if not row.cells.get("from") else "to", "a date such as 2026-11-23"))
        elif first and last and last < first:
            problems.append(row.problem("to", f"a day not before {first}"))
        elif first and last:
            leaves.append(Leave(row.cells["id"], first, last, row.cells.get("reason", "")))
    return tuple(leaves)

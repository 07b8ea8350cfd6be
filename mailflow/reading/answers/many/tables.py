"""Tables: rows and columns in an answer about many (姓名|计划|总结), rewritten as the lines that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailflow.reading.opening.charsets import fold_in_place

_COLUMNS = {
    "number": re.compile(r"序号|编号|行号?|号|#|row|no\.?"),
    "name": re.compile(r"姓名|名字|人员|员工|name"),
    "plan": re.compile(r"(?:下周|工作|周)*(?:计[划画])(?:审批|结果|意见|结论)?|plan"),
    "mark": re.compile(
        r"(?:本周|工作|周)*(?:总结|小结|周报)?(?:得分|评分|分数|打分|成绩|分)|(?:周|本周)*(?:总结|小结)|周报"
        r"|summary|scores?|marks?"
    ),
    "remark": re.compile(r"备注|批语|评语|意见|说明|评价|comments?|remarks?|notes?|原因|理由"),
}  # fmt: skip
_SEPARATORS = (
    re.compile(r"\s*[|｜]\s*"),
    re.compile(r"\t+"),
    re.compile(r"\s{2,}"),
    re.compile(r"\s*[,，]\s*"),
    re.compile(r"\s*/\s*"),
    re.compile(r"\s+"),
)
_RULE = re.compile(r"[\s|:\-—+=]+")
_NOTHING = re.compile(r"[\s\-—–/\\无空]*")


def unrolled(text: str) -> str:
    """The text with each row of a table under a heading as a line: `张伟：计划同意，总结90，remark`."""
    out: list[str] = []
    heading: tuple[re.Pattern[str], list[str]] | None = None
    for line in text.split("\n"):
        if found := _heading(line):
            heading = found
            continue
        if heading and _RULE.fullmatch(line) and line.strip():
            continue
        row = _row(line, *heading) if heading else None
        if heading and row is None:
            heading = None
        out.append(line if row is None else row)
    return "\n".join(out)


def _cells(line: str, separator: re.Pattern[str]) -> list[str]:
    bare = line.strip().strip("|｜") if separator is _SEPARATORS[0] else line.strip(" \r")
    return [cell.strip() for cell in separator.split(bare.strip(" ") if separator is not _SEPARATORS[1] else bare)]


def _heading(line: str) -> tuple[re.Pattern[str], list[str]] | None:
    """How the columns of a table are parted and what they hold; None where the line is no heading."""
    for separator in _SEPARATORS:
        cells = _cells(line, separator)
        columns = [_column(cell) for cell in cells]
        if len(columns) > 1 and all(columns) and {"number", "name"} & {*columns} and {"plan", "mark"} & {*columns}:
            return (separator, columns) if len({*columns}) == len(columns) else None
    return None


def _column(cell: str) -> str:
    folded = fold_in_place(cell).strip()
    return next((name for name, words in _COLUMNS.items() if words.fullmatch(folded)), "")


def _row(line: str, separator: re.Pattern[str], columns: Sequence[str]) -> str | None:
    """A row as a line; None where the line has not so many cells."""
    cells = _cells(line, separator)
    if "remark" not in columns and len(cells) == len(columns) + 1:
        columns = [*columns, "remark"]
    if "remark" in columns:
        cells += [""] * (len(columns) - len(cells))
    if len(cells) != len(columns):
        return None
    cell = {name: "" if _NOTHING.fullmatch(value) else value for name, value in zip(columns, cells, strict=True)}
    number = cell.get("number", "")
    who = f"{number}号" if number.isdigit() else number
    who += cell.get("name", "")
    said = [word + cell[name] for name, word in (("plan", "计划"), ("mark", "总结")) if cell.get(name)]
    said += [cell["remark"]] if cell.get("remark") else []
    return f"{who}：{'，'.join(said)}" if who and said else None

"""The score workbook of a digest: a row an open item, a drop-down for the decision, a checked score, a comment.

It comes back by mail and is read by its key column, so that its rows may be moved, sorted and left empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.reports.cells import head, put, saved, width
from mailflow.rules.duties import Review
from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.submission import Standing

_TO_FILL = PatternFill("solid", fgColor="FFFFF8E1")
_WIDEST = 60


@dataclass(frozen=True)
class ScoreLine:
    """One open item: the digest's number, its key, how it stands, and what was submitted, cut short."""

    number: int
    token: str
    row: Row
    text: str


@dataclass(frozen=True)
class _Words:
    sheet: str
    titles: tuple[str, ...]
    approve: str
    revise: str
    standings: dict[Standing, str]
    score_error: str
    decision_error: str


_WORDS = {
    "zh-CN": _Words(
        "评审", ("序号", "姓名", "部门", "事项", "周期", "提交情况", "内容摘要", "决定", "得分", "意见", "校验码"),
        "同意", "修改", {Standing.ON_TIME: "准交", Standing.LATE: "迟交"},
        "请填写 {} 到 {} 之间的分数", "请选择：{}",
    ),
    "zh-TW": _Words(
        "評審", ("序號", "姓名", "部門", "事項", "週期", "提交情況", "內容摘要", "決定", "得分", "意見", "校驗碼"),
        "同意", "修改", {Standing.ON_TIME: "準交", Standing.LATE: "遲交"},
        "請填寫 {} 到 {} 之間的分數", "請選擇：{}",
    ),
    "en": _Words(
        "Review",
        ("no.", "name", "department", "duty", "period", "standing", "what it says",
         "decision", "score", "comment", "key"),
        "Approve", "Revise", {Standing.ON_TIME: "on time", Standing.LATE: "late"},
        "a score from {} to {}", "one of {}",
    ),
}  # fmt: skip
_DECISION, _SCORE, _COMMENT, _KEY = 8, 9, 10, 11


def score_workbook(office: Office, language: str, lines: Sequence[ScoreLine]) -> bytes:
    """The workbook's bytes (.xlsx): what is to be filled in is coloured, everything else is locked."""
    words = _WORDS[language]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = words.sheet
    head(sheet, words.titles)
    choices = f"{words.approve},{words.revise}"
    pick = DataValidation("list", formula1=f'"{choices}"', allow_blank=True, showErrorMessage=True)
    send_back = DataValidation("list", formula1=f'"{words.revise}"', allow_blank=True, showErrorMessage=True)
    pick.error, send_back.error = words.decision_error.format(choices), words.decision_error.format(words.revise)
    low, high = office.scores.low, office.scores.high
    points = DataValidation(
        "decimal", operator="between", formula1=str(low), formula2=str(high), allow_blank=True, showErrorMessage=True
    )
    points.error = words.score_error.format(f"{low.normalize():f}", f"{high.normalize():f}")
    for validation in (pick, send_back, points):
        sheet.add_data_validation(validation)
    for number, line in enumerate(lines, start=2):
        _line(sheet, number, line, words, language)
        decision, score = sheet.cell(number, _DECISION).coordinate, sheet.cell(number, _SCORE).coordinate
        if line.row.duty.review is Review.SCORE:
            send_back.add(decision)
            points.add(score)
        else:
            pick.add(decision)
    _finish(sheet, len(lines) + 1)
    return saved(book)


def _line(sheet: Worksheet, number: int, line: ScoreLine, words: _Words, language: str) -> None:
    row = line.row
    scored = row.duty.review is Review.SCORE
    standing = words.standings.get(row.judged.standing, row.judged.standing.value)
    values = (
        line.number, row.person.name, row.person.department, row.duty.name(language), row.period.label, standing,
        line.text, None, None, None, line.token,
    )  # fmt: skip
    for column, value in enumerate(values, start=1):
        cell = put(sheet, number, column, value)
        cell.alignment = Alignment(wrap_text=column in (7, _COMMENT), vertical="top")
    sheet.row_dimensions[number].height = 15 * min(max(line.text.count("\n") + 1, 1), 6)
    fill = (_DECISION, _SCORE, _COMMENT) if scored else (_DECISION, _COMMENT)
    for column in fill:
        cell = sheet.cell(number, column)
        cell.fill, cell.protection = _TO_FILL, Protection(locked=False)


def _finish(sheet: Worksheet, last: int) -> None:
    for column in range(1, _KEY + 1):
        widest = max(width(str(sheet.cell(row, column).value or "")) for row in range(1, last + 1))
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widest + 2, 8), _WIDEST)
    sheet.column_dimensions[get_column_letter(_COMMENT)].width = 40
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(_KEY)}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True

"""Score sheets (clause R6): one A4 page a person to print, sign and file. The fonts travel inside the PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.periods import Period
from mailflow.rules.submission import Standing

_LONGEST = 6000
_FIELDS = (
    "title", "number", "page", "name", "id", "department", "received", "standing", "version", "plan", "summary",
    "score", "band", "comment", "assessor", "person", "date", "late", "ontime", "nothing", "week", "cut",
)  # fmt: skip
_WORDS = {
    "zh-CN": "周工作考核表|文件编号|第|姓名|编号|部门|收到时间|提交情况|版本|本周工作计划|本周工作总结|得分|等级|评语|考核人签字：|"
    "本人签字：|日期：|迟交|准时|（无）|{}年第{}周（{}—{}）|……（全文见邮件）",
    "zh-TW": "週工作考核表|文件編號|第|姓名|編號|部門|收到時間|提交情況|版本|本週工作計劃|本週工作總結|得分|等級|評語|考核人簽字：|"
    "本人簽字：|日期：|遲交|準時|（無）|{}年第{}週（{}—{}）|……（全文見郵件）",
    "en": "Weekly assessment|Document|page|Name|Id|Department|Received|Standing|Version|Plan of the week|"
    "Summary of the week|Score|Band|Comment|Assessor:|Employee:|Date:|late|on time|(none)|{} week {} ({} – {})|"
    "… (cut short, see the mail)",
}


@dataclass(frozen=True)
class Sheet:
    """One person's week: the row of the scored duty, and the texts of plan and summary."""

    row: Row
    plan: str
    summary: str


def document_number(row: Row) -> str:
    """What finds the signed paper again: the week, the submission's code, and the version that was scored."""
    code = row.held.code if row.held else ""
    version = row.held.version if row.held else 0
    return f"{row.period.label}-{code}-{version}"


def score_sheets(office: Office, period: Period, sheets: Sequence[Sheet], made_at: datetime, template: Path) -> bytes:
    """The PDF's bytes: the same sheets, template and instant give the same bytes."""
    words = dict(zip(_FIELDS, _WORDS[office.language].split("|"), strict=True))
    year, week, _ = period.first.isocalendar()
    days = [f"{day.month}-{day.day}" for day in (period.first, period.last)]
    language, _, region = office.language.partition("-")
    data = {
        "title": words["title"],
        "office": office.name,
        "lang": language,
        "region": (region or "us").lower(),
        "made": made_at.astimezone(office.zone).strftime("%Y-%m-%d %H:%M"),
        "words": words,
        "sheets": [_sheet(office, sheet, words, words["week"].format(year, week, *days)) for sheet in sheets],
    }
    # Both are large, and most commands never print.
    import pylopdf_fonts_zh_cn
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(Path(pylopdf_fonts_zh_cn.__file__).parent)])
    return typst.compile(
        template.read_bytes(),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        timestamp=int(made_at.timestamp()),
    )


def _sheet(office: Office, sheet: Sheet, words: Mapping[str, str], week: str) -> dict[str, object]:
    row, held = sheet.row, sheet.row.held
    score = held.score if held else None
    received = row.received_at
    late = row.judged.standing is Standing.LATE
    return {
        "number": document_number(row),
        "period": week,
        "name": row.person.name,
        "id": row.person.id,
        "department": row.person.department or "—",
        "received": received.astimezone(office.zone).strftime("%Y-%m-%d %H:%M:%S") if received else "—",
        "standing": words["late"] if late else words["ontime"],
        "version": str(held.version if held else 0),
        "plan": _blocks(sheet.plan, words),
        "summary": _blocks(sheet.summary, words),
        "score": f"{score.normalize():f}" if score is not None else "—",
        "band": (office.scores.band(score) if score is not None else "") or "—",
        "comment": (held.comment if held else "").split("\n") or [""],
    }


def _blocks(text: str, words: Mapping[str, str]) -> list[object]:
    """Lines as paragraphs and runs of tabbed lines as tables, cut where no page could hold more."""
    if not text.strip():
        return [words["nothing"]]
    cut = text[:_LONGEST] + (words["cut"] if len(text) > _LONGEST else "")
    blocks: list[object] = []
    table: list[list[str]] = []
    for line in [*cut.split("\n"), ""]:
        if "\t" in line:
            table.append([cell.strip() for cell in line.rstrip("\t").split("\t")])
            continue
        if table:
            columns = max(map(len, table))
            blocks.append([row + [""] * (columns - len(row)) for row in table])
            table = []
        if line.strip():
            blocks.append(line)
    return blocks

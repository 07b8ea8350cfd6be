"""The month workbook: what HR's spreadsheet program works out is what the rule book says (clause R7)."""

from __future__ import annotations

import random
import subprocess
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mailflow.reports.month import Stamp, month_workbook
from mailflow.rules import ledger
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Key, State, Submission
from tests.office import Office as CommandOffice
from tests.office import mail, message_id
from tests.offices import BANDS, SUMMARY, ZONE, an_office, at
from tests.servers.process import find

NOVEMBER = Period.parse("2026-11")
NOW = at("2026-12-02T09:00")
STAMP = Stamp(NOW, "test")


def calculated(path: Path, folder: Path) -> list[list[Any]]:
    """The summary's values after LibreOffice opened the workbook and worked out every formula."""
    profile, out = f"-env:UserInstallation=file://{folder}/profile", folder / "calculated"
    command = [find("soffice"), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=110)
    assert b"Error" not in done.stderr, done.stderr
    sheet = openpyxl.load_workbook(out / path.name, data_only=True)["月度汇总"]
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_formulas_come_to_what_the_rule_book_says(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    people = [Person(f"p{n:02d}", f"人{n}", f"p{n}@example.com", department="甲") for n in range(40)]
    counts_as = dice.choice([Decimal(0), None, Decimal(60)])
    rules = ScoreRules(
        missing_counts_as=counts_as, late_deduction=Decimal("0.5"), missing_deduction=Decimal(2), bands=BANDS
    )
    office = an_office(*people, scores=rules)
    weeks = ledger.month_weeks(office, NOVEMBER)
    held: dict[Key, Submission] = {}
    for duty, week in ledger.weekly_dues(office, weeks):
        for person in people:
            if dice.random() < 0.2:
                continue
            cutoff = office.calendar.cutoff(duty, week)
            arrived = cutoff + timedelta(seconds=dice.choice([-9000, -1, 0, 1, 7200]))
            scored = duty is SUMMARY and dice.random() < 0.8
            score = Decimal(dice.randrange(0, 1001)) / 10 if scored else None
            state = State.SCORED if scored else State.RECEIVED
            key = Key(person.id, duty.id, week)
            held[key] = Submission(len(held), key, "", state, (arrived,), score, "=1+1", arrived if scored else None)
    rows = ledger.rows(office, ledger.weekly_dues(office, weeks), held, NOW)
    path = tmp_path / "month.xlsx"
    path.write_bytes(month_workbook(office, NOVEMBER, weeks, rows, STAMP))
    table = calculated(path, tmp_path)
    head = table[0]
    assert head == [
        "编号",
        "姓名",
        "部门",
        *(w.label for w in weeks),
        "平均分",
        "准交",
        "迟交",
        "缺交",
        "扣分",
        "月度得分",
        "等级",
    ]
    for line, month in zip(table[1:], ledger.person_months(office, rows), strict=True):
        cells = dict(zip(head, line, strict=True))
        result = month.result
        assert cells["编号"] == month.person.id
        assert (cells["准交"], cells["迟交"], cells["缺交"]) == (month.on_time, month.late, month.missing)
        assert Decimal(str(cells["扣分"])) == result.deduction
        if result.score is None or result.average is None:
            assert (cells["平均分"], cells["月度得分"], cells["等级"]) == ("", "", "")
            continue
        assert abs(Decimal(str(cells["平均分"])) - result.average) <= Decimal("0.01")
        assert abs(Decimal(str(cells["月度得分"])) - result.score) <= Decimal("0.01")
        assert cells["等级"] == result.band


def test_text_from_mail_never_begins_a_formula_and_cells_have_their_real_types(tmp_path: Path) -> None:
    office = an_office(Person("x", "=cmd|' /C calc'!A0", "x@example.com", department="+1"))
    weeks = ledger.month_weeks(office, NOVEMBER)
    key = Key("x", SUMMARY.id, weeks[0])
    arrived = at("2026-11-07T20:00")
    held = {key: Submission(1, key, "", State.SCORED, (arrived,), Decimal("92.5"), "=HYPERLINK(1)\x07", arrived)}
    rows = ledger.rows(office, ledger.weekly_dues(office, weeks), held, NOW)
    path = tmp_path / "month.xlsx"
    path.write_bytes(month_workbook(office, NOVEMBER, weeks, rows, STAMP))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["月度汇总", "周明细", "说明"]
    detail = book["周明细"]
    cells = {str(detail.cell(1, c).value): detail.cell(3, c) for c in range(1, 16)}
    assert (cells["姓名"].data_type, cells["部门"].data_type, cells["意见"].data_type) == ("s", "s", "s")
    assert cells["意见"].value == "=HYPERLINK(1)"
    assert cells["收到时间"].value == datetime(2026, 11, 7, 20)
    assert (cells["得分"].value, cells["得分"].data_type) == (92.5, "n")
    assert detail.freeze_panes == "C2"
    assert detail.auto_filter.ref == "A1:Q9"
    assert book["月度汇总"].print_title_rows == "$1:$1"
    assert str(ZONE) in [row[1].value for row in book["说明"].iter_rows()]


def test_export_writes_what_status_says(office: CommandOffice) -> None:
    summary = mail("zhangsan@example.com", "wang@example.com", "周工作总结", "1. 回访")
    office.staff_mail("11-21 12:00", summary)
    office.director_sends(
        "11-22 09:00",
        mail("wang@example.com", "zhangsan@example.com", "Re: 周工作总结", "92.5", reply_to=message_id(summary)),
    )
    office.once("11-22 09:05")
    target = office.folder / "november.xlsx"
    office.run("export", "--month", "2026-11", "-o", str(target), "--now", at("2026-11-24T12:00").isoformat())
    table = calculated(target, office.folder)
    line = next(line for line in table if line[0] == "zhangsan")
    assert line[table[0].index("2026-W47")] == 92.5
    office.run("export", "--month", "November", code=2)

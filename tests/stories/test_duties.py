"""Duties as data: whose they are, other periods than weeks, what stays in sight when it is overdue, and its numbers."""

from __future__ import annotations

import io
import json
import sqlite3

import openpyxl
import pytest

from tests.office import ROSTER, Office, html_of, mail, message_id, text_of

DIRECTOR = "wang@example.com"
DUTIES = """
[[duties]]
id = "weekly-plan"
period = "week"
due = "previous saturday 21:00"
review = "approve"
review_due = "monday 09:00"
[[duties]]
id = "weekly-summary"
period = "week"
due = "saturday 21:00"
review = "score"
review_due = "next tuesday 12:00"
"""
LOG = """
[[duties]]
id = "daily-log"
period = "day"
due = "18:30"
review = "none"
who = "市场部"
"""
MONTHLY = """
[[duties]]
id = "monthly-summary"
period = "month"
due = "last day 18:00"
review = "score"
review_due = "next day 3 18:00"
who = ["zhangsan"]
weight = 2
against = "weekly-plan"
"""
QUARTERLY = """
[[duties]]
id = "quarterly-plan"
period = "quarter"
due = "previous last day 18:00"
review = "approve"
[[duties]]
id = "fortnightly-summary"
period = "fortnight"
due = "saturday 21:00"
review = "score"
"""


def person(office: Office, label: str, who: str, now: str) -> dict[str, dict[str, object]]:
    people = office.json("status", label, "--now", now)["people"]
    return next((p["duties"] for p in people if p["id"] == who), {})


def test_a_log_is_one_department_s_and_makes_no_digest(office: Office) -> None:
    office.configure(tail=DUTIES + LOG)
    office.staff_mail("11-24 17:00", mail("wangwu@example.com", DIRECTOR, "工作日志", "拜访客户两家"))
    office.staff_mail("11-25 09:00", mail("wangwu@example.com", DIRECTOR, "11月24日工作日志补充", "另收款一笔"))
    office.once("11-25 09:01")
    office.once("11-25 18:50")
    now = "2026-11-25T19:00:00+08:00"
    assert person(office, "2026-11-24", "wangwu", now)["daily-log"]["version"] == 2
    assert person(office, "2026-11-25", "wangwu", now)["daily-log"]["standing"] == "missing"
    assert person(office, "2026-11-25", "zhangsan", now) == {}, "it isn't his"
    assert len(office.letters("missing")) == 1
    assert not office.letters("digest")


def test_a_monthly_summary_enters_the_month_by_its_weight(office: Office) -> None:
    office.configure(tail=DUTIES + MONTHLY, office="start = 2026-10-01\n")
    path = office.folder / "mailflow.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("since = 2026-11-01", "since = 2026-10-01"), "utf-8")
    office.once("10-02 09:00")
    for hour, subject, mark in ((10, "本周工作总结", "60"), (12, "10月工作总结", "90")):
        summary = mail("zhangsan@example.com", DIRECTOR, subject, "1. 回访客户 20 家\n2. 完成月报")
        office.staff_mail(f"10-30 {hour}:00", summary)
        answer = mail(DIRECTOR, "zhangsan@example.com", f"Re: {subject}", mark, reply_to=message_id(summary))
        office.director_sends(f"10-30 {hour + 1}:00", answer)
        office.once(f"10-30 {hour + 1}:01")
    monthly = person(office, "2026-10", "zhangsan", "2026-11-01T12:00:00+08:00")["monthly-summary"]
    assert (monthly["standing"], monthly["score"]) == ("on-time", 90.0)
    office.once("11-10 09:05")
    [letter] = office.letters("monthly")
    book = openpyxl.load_workbook(io.BytesIO(next(letter.iter_attachments()).get_content()))
    assert "2026-10" in [cell.value for cell in book["月度汇总"][1]], "a column of its own"
    with sqlite3.connect(office.folder / "mailflow.db") as store:
        [(figures,)] = store.execute("select figures from months").fetchall()
    # Three weeks without a summary, one of 60, and the month's 90 that weighs two weeks.
    assert json.loads(figures)["zhangsan|month|"] == "40"


def test_a_quarter_and_a_fortnight_cost_a_row_each(office: Office) -> None:
    office.configure(tail=DUTIES + QUARTERLY)
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "2026年第四季度工作计划", "1. 开拓两省"))
    office.staff_mail("11-20 10:01", mail("zhangsan@example.com", DIRECTOR, "双周工作总结", "1. 回访客户"))
    office.once("11-20 10:02")
    now = "2026-11-20T12:00:00+08:00"
    assert person(office, "2026-Q4", "zhangsan", now)["quarterly-plan"]["standing"] == "late"
    assert person(office, "2026-W47-48", "zhangsan", now)["fortnightly-summary"]["standing"] == "on-time"


@pytest.mark.parametrize("who", ['"财务部"', '["zhangsan", "nobody"]', '["wang"]'])
def test_a_duty_of_nobody_in_the_roster_is_a_mistake_that_is_named(office: Office, who: str) -> None:
    office.configure(tail=DUTIES + f'[[duties]]\nid = "x"\nperiod = "day"\ndue = "18:30"\nwho = {who}\n')
    assert "duties[3].who" in office.run("status", code=2).stderr


def test_what_is_overdue_stays_in_sight_and_rows_keep_their_numbers(office: Office) -> None:
    for who in ("lisi", "wangwu"):
        office.staff_mail("11-20 10:00", mail(f"{who}@example.com", DIRECTOR, "下周工作计划", f"{who}：回访客户 20 家"))
    office.once("11-21 21:20")
    assert len(office.letters("digest")) == 1
    office.once("11-22 20:05")
    [nudge] = office.letters("nudge", DIRECTOR)
    assert "2. 李四" in text_of(nudge)
    assert "3. 王五" in text_of(nudge)
    answer = mail(DIRECTOR, DIRECTOR, "Re: 待您处理", "2 同意", reply_to=str(nudge["Message-ID"]))
    office.director_sends("11-22 20:30", answer)
    assert office.once("11-22 20:31")["decisions"] == 1
    assert office.duty("2026-W48", "lisi", "weekly-plan")["state"] == "approved"
    receipt = next(letter for letter in office.letters("receipt", DIRECTOR))
    assert "仍待您处理" in text_of(receipt)
    assert "王五 周工作计划 2026年第48周" in text_of(receipt)
    # A week later it is still there, with a link that decides it.
    office.once("11-28 21:20")
    later = office.letters("digest")[-1]
    assert "王五 周工作计划 2026年第48周" in text_of(later).split("仍待您处理")[1]
    assert "t%3A" in html_of(later) or "[t:" in html_of(later)
    assert ROSTER.index("lisi") < ROSTER.index("wangwu")

"""What was owed is fixed at the cutoff: later edits change no closed week or month, and an old store stays as it is."""

from __future__ import annotations

import json
import sqlite3

import pytest

from mailflow.reports.titles import Titles
from tests.office import ROSTER, Office, mail, message_id, text_of

DIRECTOR = "wang@example.com"
NAMESAKES = """id,name,email,department,joined,left
wang,王总,wang@example.com,,,
cw1,陈伟,cw1@example.com,运营部,,
cw2,陈伟,cw2@example.com,市场部,,
late,新人,late@example.com,运营部,2026-11-19,
gone,老张,gone@example.com,运营部,,2026-11-18
"""


def score(office: Office, who: str, mark: str, arrived: str, answered: str) -> bytes:
    """Somebody's summary of week 47 and the mark for it."""
    summary = mail(f"{who}@example.com", DIRECTOR, "本周工作总结", f"{who} 完成客户回访 20 家")
    office.staff_mail(arrived, summary)
    answer = mail(DIRECTOR, f"{who}@example.com", "Re: 本周工作总结", mark, reply_to=message_id(summary))
    office.director_sends(answered, answer)
    return summary


def a_closed_november(office: Office, start: str = "start = 2026-11-16\n") -> None:
    """Weeks 47 and 48 of four people, of whom two sent a summary, and the month as HR got it."""
    office.configure(roster=NAMESAKES, office=start)
    office.once("11-17 09:00")
    score(office, "cw1", "80", "11-20 10:00", "11-20 11:00")
    score(office, "cw2", "80", "11-20 10:01", "11-20 11:01")
    office.once("11-21 21:20")
    office.once("11-28 21:20")
    office.once("12-10 09:05")
    assert len(office.letters("monthly")) == 1


def situations(office: Office, week: str) -> dict[str, dict[str, str]]:
    people = office.json("status", "--week", week, "--now", "2026-12-10T10:00:00+08:00")["people"]
    return {p["id"]: {duty: cell["situation"] for duty, cell in p["duties"].items()} for p in people}


def test_of_two_people_of_one_name_the_one_who_was_corrected_is_named(office: Office) -> None:
    a_closed_november(office)
    summary = next(m for m in office.letters("score", "cw2@example.com"))
    office.director_sends(
        "12-10 10:00", mail(DIRECTOR, "cw2@example.com", "Re: 总结", "60", reply_to=str(summary["Message-ID"]))
    )
    office.once("12-10 10:01")
    [correction] = office.letters("correction")
    assert "陈伟（cw2），2026-W47 周工作总结：准交 80 → 准交 60" in text_of(correction)
    assert "cw1" not in text_of(correction)


def test_a_joiner_owes_what_begins_after_him_and_a_leaver_nothing_that_falls_due_after(office: Office) -> None:
    a_closed_november(office)
    seen = situations(office, "2026-W47")
    assert seen["late"] == {"weekly-plan": "not needed", "weekly-summary": "not yet joined"}
    assert seen["gone"] == {"weekly-plan": "not needed", "weekly-summary": "left"}
    seen = situations(office, "2026-W48")
    assert seen["late"] == {"weekly-plan": "missing", "weekly-summary": "missing"}
    assert seen["gone"] == {"weekly-plan": "left", "weekly-summary": "left"}
    assert not office.letters("missing", "gone@example.com")
    assert len(office.letters("missing", "late@example.com")) == 3, "of the weeks 48, 49 and 50"


EDITS = {
    "the first day": {"office": "start = 2026-11-23\ngrace_minutes = 30\n"},
    "the rules of scoring": {"office": "start = 2026-11-16\n", "tail": '[score]\nmissing_counts_as = "nothing"\nlate_deduction = 5\n'},
    "the duties": {
        "office": "start = 2026-11-16\n",
        "tail": '[[duties]]\nid = "weekly-summary"\nperiod = "week"\ndue = "friday 12:00"\nreview = "score"\nreview_due = "next tuesday 12:00"\n'
        '[[duties]]\nid = "report"\nperiod = "week"\ndue = "friday 12:00"\nreview = "none"\nname = "周报表"\n',
    },
    "a role": {"office": "start = 2026-11-16\n", "roster": NAMESAKES.replace("department,", "department,role,").replace(",运营部,,\n", ",运营部,observer,,\n").replace("王总,wang@example.com,,", "王总,wang@example.com,,,").replace("市场部,", "市场部,,").replace("运营部,2026", "运营部,,2026").replace("运营部,,2026-11-18", "运营部,,,2026-11-18")},
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_configuration_says_later_changes_no_closed_week_or_month(office: Office, edit: str) -> None:
    a_closed_november(office)
    before = {week: situations(office, week) for week in ("2026-W47", "2026-W48")}
    parts = {"roster": NAMESAKES, **EDITS[edit]}
    office.configure(**parts)
    path = office.folder / "mailflow.toml"
    head, _, rest = path.read_text(encoding="utf-8").partition("[score]\nbands")
    if "[score]" in rest:  # Only one table of that name.
        path.write_text(head + rest.split("\n", 1)[1], encoding="utf-8")
    sent = len(office.sink.received)
    office.once("12-10 11:00")
    assert {week: situations(office, week) for week in before} == before
    assert not office.letters("correction")
    assert len(office.sink.received) == sent


def test_the_receipt_of_what_comes_late_goes_by_the_grace_of_its_own_week(office: Office) -> None:
    office.configure(roster=NAMESAKES, office="start = 2026-11-16\n")
    office.once("11-17 09:00")
    office.once("11-21 21:20")
    office.configure(roster=NAMESAKES, office="start = 2026-11-16\ngrace_minutes = 60\n")
    office.staff_mail("11-21 21:30", mail("cw1@example.com", DIRECTOR, "本周工作总结", "完成客户回访 20 家"))
    office.once("11-21 21:40")
    assert "迟交" in str(office.letters("receipt", "cw1@example.com")[0]["Subject"])
    assert office.duty("2026-W47", "cw1", "weekly-summary")["standing"] == "late"


def test_a_leave_that_is_entered_later_is_an_event_and_a_correction(office: Office) -> None:
    a_closed_november(office)
    (office.folder / "leave.csv").write_text("id,from,to\nlate,2026-11-23,2026-11-29\n", encoding="utf-8")
    office.once("12-10 11:00")
    assert situations(office, "2026-W48")["late"] == {"weekly-plan": "leave", "weekly-summary": "leave"}
    [correction] = office.letters("correction")
    assert "新人，2026-W48 周工作总结：缺交 → 免交" in text_of(correction)
    events = [e["event"] for e in office.json("history", "late")["events"]]
    assert events[-1] == "leave-changed"


def test_whoever_comes_back_keeps_his_former_time(office: Office) -> None:
    a_closed_november(office)
    office.configure(
        roster=NAMESAKES.replace("运营部,,2026-11-18", "运营部,2026-12-07,"), office="start = 2026-11-16\n"
    )
    before = situations(office, "2026-W47")
    office.once("12-10 11:00")
    assert situations(office, "2026-W47") == before
    assert situations(office, "2026-W48")["gone"]["weekly-summary"] == "left"
    assert not office.letters("correction")
    assert situations(office, "2026-W50")["gone"]["weekly-summary"] == "owed"
    assert office.json("history", "gone")["events"][-1]["event"] == "employment-changed"


def test_an_office_that_names_no_first_day_begins_on_the_monday_after_its_first_run(office: Office) -> None:
    office.configure(start="")
    office.once("11-19 09:00")
    office.once("11-21 21:20")
    assert not [letter for kind in ("reminder", "missing", "digest") for letter in office.letters(kind)]
    office.once("11-28 21:20")
    assert len(office.letters("missing")) == 4
    assert situations(office, "2026-W48")["lisi"] == {"weekly-plan": "not needed", "weekly-summary": "missing"}
    assert ROSTER.count("staff") == 4


def test_a_store_of_the_first_rule_with_a_closed_month_changes_no_figure_and_sends_nothing(office: Office) -> None:
    office.configure(roster=NAMESAKES, office="start = 2026-11-16\n")
    office.json("status")
    store = office.folder / "mailflow.db"
    with sqlite3.connect(store) as book:  # Everything up to here and to come goes by the first rule.
        book.execute("insert into old_rule (until) values ('2027-01-01 00:00:00.000000')")
    a_closed_november(office)
    before = {week: situations(office, week) for week in ("2026-W47", "2026-W48")}
    assert before["2026-W47"]["late"] == {"weekly-plan": "missing", "weekly-summary": "missing"}, "as it was told then"
    titles = Titles.of("zh-CN")
    words = {standing.value: said for standing, said in titles.standings.items()}
    names = {"cw1": "陈伟", "cw2": "陈伟", "late": "新人", "gone": "老张"}
    duties = {"weekly-plan": "周工作计划", "weekly-summary": "周工作总结"}
    with sqlite3.connect(store) as book:
        [(figures,)] = book.execute("select figures from months").fetchall()
        old = {}
        for key, value in json.loads(figures).items():
            person, duty, week = key.split("|")
            what = titles.summary[8] if duty == "month" else f"{week} {duties[duty]}"
            standing, _, mark = value.partition(" ")
            old[f"{names[person]} / {what}"] = " ".join(filter(None, (words.get(standing, standing), mark))) or "—"
        book.execute("update months set figures = ?, mark = ''", (json.dumps(old),))
        for table in ("closings", "duties", "old_rule"):
            book.execute(f"drop table {table}")
        for table, column in (("people", "earlier"), ("people", "leaves"), ("months", "rules")):
            book.execute(f"alter table {table} drop column {column}")
        book.execute("update alembic_version set version_num = '0005'")
    sent = len(office.sink.received)
    office.once("12-10 11:00")
    assert len(office.sink.received) == sent
    assert {week: situations(office, week) for week in before} == before
    # From here on it is kept by ids, and a correction of one of the namesakes is told.
    summary = next(m for m in office.letters("score", "cw2@example.com"))
    office.director_sends(
        "12-10 12:00", mail(DIRECTOR, "cw2@example.com", "Re: 总结", "60", reply_to=str(summary["Message-ID"]))
    )
    office.once("12-10 12:01")
    assert "陈伟（cw2），2026-W47" in text_of(office.letters("correction")[0])

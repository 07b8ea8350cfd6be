"""Clocks that jump, zones with summer time, and a machine that slept: every occasion once, no cutoff missed or doubled."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from tests.office import Office, mail
from tests.servers.proxy import line

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


def told(office: Office) -> Counter[str]:
    return Counter(str(letter["X-Mailflow"]) for letter in office.sink.letters)


def test_a_clock_that_jumps_back_and_forth_repeats_and_skips_nothing(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    for instant in (
        "11-21 18:30",
        "11-20 09:00",
        "11-21 21:30",
        "11-21 17:00",
        "11-21 21:16",
        "11-19 00:00",
        "11-21 21:40",
    ):
        office.once(instant)
    assert told(office) == {"receipt": 1, "reminder": 4, "missing": 4, "digest": 1}


def test_a_letter_that_waits_leaves_although_the_clock_went_back(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    office.sink.answer = lambda _: "451 later"
    office.once("11-20 12:00", code=3)
    office.sink.answer = lambda _: ""
    office.once("11-20 11:00")
    office.once("11-20 12:01")
    assert told(office) == {"receipt": 1}


def test_a_machine_that_slept_over_the_cutoff_does_what_it_missed_once_when_it_wakes(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    office.once("11-20 10:05")
    office.staff_mail("11-21 20:59:59", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    office.once("11-22 21:30")
    office.once("11-22 21:31")
    counted = told(office)
    assert (counted["digest"], counted["missing"], counted["receipt"]) == (1, 4, 2)
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "on-time", "its arrival counts, not our waking"


def test_summer_time_moves_no_cutoff(office: Office) -> None:
    """Berlin: clocks go back on Sunday 25 October 2026, a day after a cutoff, and went forward on 29 March."""
    office.configure()
    config = office.folder / "mailflow.toml"
    text = (
        config.read_text()
        .replace("Asia/Shanghai", "Europe/Berlin")
        .replace("2026-11-01T00:00:00+08:00", "2026-03-01T00:00:00+01:00")
    )
    config.write_text(text)
    cases = {
        "zhangsan": ("2026-03-28T20:59:59+01:00", "2026-W14", "on-time"),
        "lisi": ("2026-03-28T21:00:00+01:00", "2026-W14", "late"),
        "wangwu": ("2026-10-24T20:59:59+02:00", "2026-W44", "on-time"),
        "smith": ("2026-10-24T21:00:00+02:00", "2026-W44", "late"),
    }

    for who, (arrived, _, _) in cases.items():
        raw = mail(f"{who}@example.com", DIRECTOR, "下周工作计划", PLAN)
        office.dovecot.deliver(office.user, raw, datetime.fromisoformat(arrived))
    office.run("run", "--backfill", "2026-03-01")
    for who, (_, week, standing) in cases.items():
        status = office.json("status", "--week", week, "--now", "2026-11-01T00:00:00+01:00")
        found = next(p for p in status["people"] if p["id"] == who)["duties"]["weekly-plan"]
        assert found["standing"] == standing, who


def test_a_server_that_opens_nothing_before_id_is_told_who_we_are_first(office: Office) -> None:
    """NetEase: SELECT before ID is answered with `NO Unsafe Login`."""
    known = False

    def watch(said: bytes, passed_on: bool) -> bool:
        nonlocal known
        known = known or b" ID (" in said
        return b"EXAMINE" in said and not known

    with line(office.dovecot.imap) as wire:
        wire.cut = watch
        office.configure(imap=wire.port)
        office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
        assert office.once("11-20 10:05")["submissions"] == 1
    assert known

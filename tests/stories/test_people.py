"""People keep what they did: another id, a row that is gone, an address written otherwise."""

from __future__ import annotations

import io
import sqlite3
import stat

import openpyxl
import pytest

from tests.office import ROSTER, Office, at, mail, message_id, text_of

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
SUMMARY = "1. 本周回访客户 18 家\n2. 台账已整理"


def a_scored_week(office: Office, sender: str = "zhangsan@example.com") -> None:
    """张三's summary of week 47, scored 92, and his plan of week 48, still open."""
    summary = mail(sender, DIRECTOR, "本周工作总结", SUMMARY)
    office.staff_mail("11-20 10:00", summary)
    office.staff_mail("11-20 10:01", mail(sender, DIRECTOR, "下周工作计划", PLAN, message_id="<plan@example.com>"))
    office.director_sends("11-20 11:00", mail(DIRECTOR, sender, "Re: 总结", "92", reply_to=message_id(summary)))
    assert office.once("11-20 11:01")["decisions"] == 1


def without(who: str) -> str:
    return "".join(line + "\n" for line in ROSTER.splitlines() if not line.startswith(who))


def month(office: Office) -> dict[str, list[tuple[object, ...]]]:
    target = office.folder / "month.xlsx"
    target.unlink(missing_ok=True)
    office.run("export", "--month", "2026-11", "-o", str(target), "--now", at("12-01 12:00").isoformat())
    detail = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))["周明细"]
    rows: dict[str, list[tuple[object, ...]]] = {}
    for row in detail.iter_rows(min_row=2, values_only=True):
        rows.setdefault(str(row[0]), []).append(row)
    return rows


# 10. An id renamed, a row deleted.


def test_a_leaver_whose_row_was_deleted_keeps_his_history_and_is_named(office: Office) -> None:
    a_scored_week(office)
    office.once("11-21 21:20")
    before = month(office)["zhangsan"]
    office.configure(roster=without("zhangsan"))
    office.once("11-22 09:00")
    # The formulas of a row name the row, which is another now.
    assert [row[:12] for row in month(office)["zhangsan"]] == [row[:12] for row in before[:7]]
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["score"] == 92.0
    [told] = office.letters("alert", "it@example.com")
    assert "zhangsan 张三" in text_of(told)
    assert "mailflow person rename" in text_of(told)
    named = [f for f in office.json("doctor")["findings"] if f["check"] == "roster and history"]
    assert [f["detail"] for f in named] == ["zhangsan (张三) has history and no row in the roster"]
    assert "zhangsan" in office.json("verify", code=1)["breaches"][0]
    # The director's answer to his mail counts; to him nobody writes any more.
    sent = len(office.sink.received)
    office.director_sends(
        "11-22 10:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", "同意", reply_to="<plan@example.com>")
    )
    assert office.once("11-22 10:01")["decisions"] == 1
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"
    assert len(office.sink.received) == sent
    office.once("11-28 21:20")
    assert all("zhangsan@example.com" not in to for to in office.sink.recipients[sent:])
    status = office.json("status", "--week", "2026-W50", "--now", at("12-08 12:00").isoformat())
    assert "zhangsan" not in [p["id"] for p in status["people"]]
    # The row comes back with a leaving date: everything is as it was.
    office.configure(
        roster=ROSTER.replace(
            "张三,zhangsan@example.com,zs@example.org,运营部,staff,wang,,",
            "张三,zhangsan@example.com,zs@example.org,运营部,staff,wang,,2026-11-22",
        )
    )
    office.once("11-29 09:00")
    assert office.json("verify")["ok"]


def test_a_person_renamed_takes_everything_along(office: Office) -> None:
    a_scored_week(office)
    office.run("person", "rename", "zhangsan", "zs042", code=2)
    office.configure(roster=ROSTER.replace("zhangsan,张三", "zs042,张三"))
    office.run("person", "rename", "nobody", "zs042", code=2)
    office.run("person", "rename", "lisi", "zs042", code=2)
    assert office.json("person", "rename", "zhangsan", "zs042") == {"from": "zhangsan", "to": "zs042"}
    assert office.duty("2026-W47", "zs042", "weekly-summary")["score"] == 92.0
    assert "decided" in [e["event"] for e in office.json("history", "zs042")["events"]]
    assert office.json("verify")["ok"]
    office.director_sends(
        "11-20 12:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", "同意", reply_to="<plan@example.com>")
    )
    assert office.once("11-20 12:01")["decisions"] == 1
    assert len(office.letters("approval", "zhangsan@example.com")) == 1
    assert office.letters("alert") == []


def test_two_with_the_same_week_do_not_become_one(office: Office) -> None:
    a_scored_week(office)
    a_scored_week_of_lisi = mail("lisi@example.com", DIRECTOR, "下周工作计划", PLAN)
    office.staff_mail("11-20 12:00", a_scored_week_of_lisi)
    office.once("11-20 12:01")
    office.configure(roster=without("zhangsan"))
    assert "weekly-plan 2026-W48" in office.run("person", "rename", "zhangsan", "lisi", code=3).stderr


def test_an_address_that_another_person_has_now_brings_him_nothing_of_the_former(office: Office) -> None:
    a_scored_week(office)
    office.configure(roster=without("zhangsan") + "zhaoliu,赵六,zhangsan@example.com,,运营部,staff,wang,2026-11-23,,\n")
    office.staff_mail("11-27 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-27 10:01")
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["score"] == 92.0
    assert office.duty("2026-W47", "zhaoliu", "weekly-summary")["score"] is None
    assert office.duty("2026-W49", "zhaoliu", "weekly-plan")["version"] == 1


def test_an_id_that_gets_another_name_and_address_is_told(office: Office) -> None:
    a_scored_week(office)
    office.configure(roster=without("zhangsan") + "zhangsan,周八,zhouba@example.com,,运营部,staff,wang,2026-11-23,,\n")
    office.once("11-22 09:00")
    [told] = office.letters("alert", "it@example.com")
    assert "张三 → 周八" in text_of(told)


def test_what_is_not_his_to_decide_is_told_to_him_also_in_an_answer_about_one(office: Office) -> None:
    roster = ROSTER + "zhao,赵副总,zhao@example.com,,管理层,observer,,,,\n"
    deputies = '[[deputies]]\nperson = "zhao"\nfrom = 2026-11-01\nto = 2026-11-20\n'
    office.configure(roster=roster, tail=deputies)
    plan = mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN)
    office.staff_mail("11-19 10:00", plan)
    office.once("11-19 10:01")
    unclear = mail("zhao@example.com", DIRECTOR, "Re: 计划", "同意", reply_to=message_id(plan))
    office.staff_mail("11-20 10:00", unclear)
    office.once("11-20 10:01")
    [asked] = office.letters("clarify", "zhao@example.com")
    late = mail("zhao@example.com", DIRECTOR, "Re: 请确认", "同意", reply_to=asked["Message-ID"])
    office.staff_mail("11-22 10:00", late)
    assert office.once("11-22 10:01")["decisions"] == 0
    assert "不在您的审批范围内" in text_of(office.letters("clarify", "zhao@example.com")[1])


# 12. Grace above settle.


def test_the_digest_waits_for_the_later_of_grace_and_settle(office: Office) -> None:
    office.configure(office="grace_minutes = 30\nsettle_minutes = 15")
    office.staff_mail("11-21 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 21:15")
    assert office.letters("digest") == []
    office.staff_mail("11-21 21:20", mail("lisi@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 21:30")
    assert "准时2" in str(office.letters("digest")[0]["Subject"])
    assert "缺交6" in str(office.letters("digest")[0]["Subject"])
    assert len(office.letters("missing")) == 4


# 8. A store that is put back.


def test_a_store_put_back_reads_from_the_copys_time_and_asks_about_what_it_lost(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.staff_mail("11-20 10:01", mail("lisi@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-20 10:05")
    copy = office.folder.parent / "copy.db"
    office.run("backup", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    office.staff_mail("11-21 10:00", mail("wangwu@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 21:20")
    lost = office.letters("digest", DIRECTOR)[0]["Message-ID"]
    assert "former one is" in office.run("restore", str(copy)).stdout
    office.run("restore", str(office.folder / "mailflow.toml"), code=3)
    office.director_sends(
        "11-21 22:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意\n李四 同意\n1 90", reply_to=lost)
    )
    done = office.run("run", "--once", "--now", at("11-21 22:01").isoformat())
    assert "restored" in done.stderr
    assert office.duty("2026-W48", "wangwu", "weekly-plan")["standing"] == "on-time"
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    asked = office.letters("clarify", DIRECTOR)
    assert len(asked) == 1
    assert "张三 同意" in text_of(asked[0])
    assert "restored" not in office.run("run", "--once", "--now", at("11-21 22:02").isoformat()).stderr
    again = mail(DIRECTOR, DIRECTOR, "Re: 请确认", "张三 同意\n李四 同意", reply_to=asked[0]["Message-ID"])
    office.director_sends("11-21 22:10", again)
    assert office.once("11-21 22:11")["decisions"] == 2


def test_a_staff_members_answer_to_a_lost_letter_is_set_aside(office: Office) -> None:
    lost = "<mailflow.00112233445566778899aabbccddeeff@example.com>"
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "Re: 回执", "收到，谢谢", reply_to=lost))
    office.staff_mail("11-20 10:01", mail("lisi@example.com", DIRECTOR, "Re: 回执", "这是上周的总结", reply_to=lost))
    office.once("11-20 10:05")
    assert [q["person"] for q in office.json("quarantine", "list")] == ["lisi"]


# 16. Files and addresses.


def test_files_with_scores_are_their_owners_alone(office: Office) -> None:
    a_scored_week(office)
    for number, arguments in enumerate((["export", "--month", "2026-11"], ["sheets", "--week", "2026-W47"])):
        target = office.folder / f"{number}.out"
        target.touch(mode=0o644)
        office.run(*arguments, "-o", str(target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("ｎｅｗ＠ｅｘａｍｐｌｅ．ｃｏｍ", "new@example.com"),
        ("new@exam\u200bple.com\ufeff", "new@example.com"),
        ("new@例子.cn", "new@xn--fsqu00a.cn"),
        ("new@xn--fsqu00a.cn", "new@例子.cn"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(office: Office, written: str, sender: str) -> None:
    office.configure(roster=ROSTER + f"new,小新,{written},,运营部,staff,wang,,,\n")
    raw = mail("x@example.com", DIRECTOR, "下周工作计划", PLAN).replace(
        b"From: x@example.com", f"From: {sender}".encode()
    )
    office.staff_mail("11-20 10:00", raw)
    assert office.once("11-20 10:01")["submissions"] == 1
    twin = f"twin,小心,NEW@{sender.partition('@')[2]},,运营部,staff,wang,,,\n"
    office.configure(roster=ROSTER + f"new,小新,{written},,运营部,staff,wang,,,\n" + twin)
    assert "an address of one person" in office.run("run", "--once", code=2).stderr


def test_a_store_of_the_version_before_is_brought_up_to_date_and_sends_nothing(office: Office) -> None:
    a_scored_week(office)
    store = office.folder / "mailflow.db"
    with sqlite3.connect(store) as book:
        book.execute("drop index ix_messages_subject_key")
        for table in ("mailboxes", "fence", "copies", "people", "shown", "closings", "duties", "old_rule"):
            book.execute(f"drop table {table}")
        for table, column in (
            ("marks", "anchor_uid"), ("marks", "anchor"), ("passes", "sure_at"), ("passes", "played"),
            ("tokens", "letter_key"), ("quarantine", "asked"), ("messages", "subject_key"), ("letters", "proposal"),
            ("months", "rules"),
        ):  # fmt: skip
            book.execute(f"alter table {table} drop column {column}")
        book.execute("update alembic_version set version_num = '0004'")
    sent = len(office.sink.received)
    assert office.once("11-20 12:00") == {
        "read": 0, "submissions": 0, "decisions": 0, "ignored": 0, "quarantined": 0, "sent": 0, "waiting": 0,
    }  # fmt: skip
    assert len(office.sink.received) == sent
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["score"] == 92.0

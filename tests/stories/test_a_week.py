"""A whole week, driven through the command line on a real IMAP server: the rule book's R1 to R5."""

from __future__ import annotations

from tests.office import Office, html_of, mail, message_id, text_of
from tests.servers.postgres import Postgres

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账"
SUMMARY = "1. 本周回访客户 18 家\n2. 台账已整理"


def test_a_plan_at_20_59_59_is_on_time_and_at_21_00_00_is_late(office: Office) -> None:
    office.staff_mail("11-21 20:59:59", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    office.staff_mail("11-21 21:00:00", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    counts = office.once("11-21 21:05")
    assert counts == {
        "read": 2, "submissions": 2, "decisions": 0, "ignored": 0, "quarantined": 0, "sent": 2, "waiting": 0,
    }  # fmt: skip
    on_time = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (on_time["standing"], on_time["late_by_seconds"]) == ("on-time", 0)
    assert on_time["received_at"] == "2026-11-21T20:59:59+08:00"
    late = office.duty("2026-W48", "lisi", "weekly-plan")
    assert (late["standing"], late["late_by_seconds"], late["state"]) == ("late", 0, "received")
    receipt = office.letters("receipt", "zhangsan@example.com")[0]
    assert "2026年第48周（11月23日—11月29日）" in text_of(receipt)
    assert "准时" in receipt["Subject"]
    assert "第1版" in html_of(receipt)


def test_plan_revised_corrected_and_approved(office: Office) -> None:
    first = mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN)
    office.staff_mail("11-20 17:00", first)
    office.once("11-20 17:01")
    answer = mail(
        DIRECTOR,
        "zhangsan@example.com",
        "回复：下周工作计划",
        "修改：第二项补充完成时间\n\n------------------ 原始邮件 ------------------\n发件人: 张三\n发送时间: 2026\n同意",
        reply_to=message_id(first),
    )
    office.director_sends("11-20 18:00", answer)
    assert office.once("11-20 18:01")["decisions"] == 1
    plan = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (plan["state"], plan["comment"]) == ("revising", "第二项补充完成时间")
    revision = office.letters("revision", "zhangsan@example.com")[0]
    assert "第二项补充完成时间" in text_of(revision)
    assert revision["In-Reply-To"] == message_id(first)
    second = mail(
        "zhangsan@example.com", DIRECTOR, "回复: 修改", PLAN + "，周三前完成", reply_to=revision["Message-ID"]
    )
    office.staff_mail("11-22 09:00", second)
    office.once("11-22 09:01")
    plan = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (plan["state"], plan["version"], plan["standing"]) == ("received", 2, "on-time")
    office.director_sends(
        "11-22 10:00",
        mail(DIRECTOR, "zhangsan@example.com", "Re: 下周工作计划", "同意，注意成本", reply_to=message_id(second)),
    )
    office.once("11-22 10:01")
    plan = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (plan["state"], plan["comment"]) == ("approved", "注意成本")
    assert plan["decided_at"] == "2026-11-22T10:00:00+08:00"
    approval = office.letters("approval", "zhangsan@example.com")[0]
    assert "注意成本" in text_of(approval)
    assert approval["Auto-Submitted"] == "auto-replied"
    events = [event["event"] for event in office.json("history", "张三")["events"]]
    assert [kind for kind in events if kind in ("received", "decided")] == [
        "received",
        "decided",
        "received",
        "decided",
    ]


def test_the_same_week_runs_on_postgresql(office: Office, postgres: Postgres) -> None:
    office.configure(store=postgres.new_database())
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 17:00", plan)
    office.director_sends(
        "11-20 18:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(plan))
    )
    counts = office.once("11-21 21:20")
    assert (counts["submissions"], counts["decisions"]) == (1, 1)
    assert office.once("11-21 21:25")["sent"] == 0
    found = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (found["state"], found["received_at"]) == ("approved", "2026-11-20T17:00:00+08:00")
    assert len(office.letters("missing")) == 4
    assert len(office.letters("digest")) == 1
    assert "pg_dump" in office.run("backup", "copy.db", code=3).stderr


def test_a_summary_is_scored_and_the_score_corrected(office: Office) -> None:
    summary = mail("smith@example.com", DIRECTOR, "Weekly summary W47", SUMMARY)
    office.staff_mail("11-21 12:00", summary)
    office.once("11-21 12:01")
    office.director_sends(
        "11-23 09:00",
        mail(DIRECTOR, "smith@example.com", "Re: Weekly summary", "92分，客户回访做得好", reply_to=message_id(summary)),
    )
    office.once("11-23 09:01")
    scored = office.duty("2026-W47", "smith", "weekly-summary")
    assert (scored["state"], scored["score"], scored["comment"]) == ("scored", 92.0, "客户回访做得好")
    letter = office.letters("score", "smith@example.com")[0]
    assert "Score:     92 (优秀) of 100" in text_of(letter)
    office.director_sends(
        "11-23 10:00", mail(DIRECTOR, "smith@example.com", "Re: Weekly summary", "95", reply_to=message_id(summary))
    )
    office.once("11-23 10:01")
    assert office.duty("2026-W47", "smith", "weekly-summary")["score"] == 95.0
    assert "Before:    92" in text_of(office.letters("score", "smith@example.com")[1])


def test_after_the_cutoff_the_missing_are_told_and_the_director_gets_one_digest(office: Office) -> None:
    office.staff_mail("11-21 19:00", mail("zhangsan@example.com", DIRECTOR, "周报", SUMMARY + "\n下周计划\n" + PLAN))
    office.staff_mail("11-21 21:04", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN, date=None))
    office.once("11-21 21:10")
    assert office.letters("digest") == []
    office.once("11-21 21:15")
    office.once("11-21 21:30")
    digest = office.letters("digest")
    assert len(digest) == 1
    words = text_of(digest[0])
    assert "回访客户 20 家" in words
    assert "迟交 4分" in words
    assert digest[0]["To"].addresses[0].addr_spec == "wang@example.com"
    told = {letter["To"].addresses[0].addr_spec: text_of(letter) for letter in office.letters("missing")}
    assert set(told) == {"lisi@example.com", "wangwu@example.com", "smith@example.com"}
    assert "周工作总结" in told["lisi@example.com"]
    assert "周工作计划" not in told["lisi@example.com"].replace("工作计划与总结系统", "")
    assert "週工作計劃" in told["wangwu@example.com"]
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["standing"] == "on-time"
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["standing"] == "on-time"
    assert office.duty("2026-W47", "wangwu", "weekly-summary")["state"] == "missing"


def test_an_unclear_answer_is_asked_back_and_nothing_changes(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 17:00", plan)
    office.director_sends(
        "11-20 18:00",
        mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "原则上同意，周一正式回复", reply_to=message_id(plan)),
    )
    office.once("11-20 18:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    clarify = office.letters("clarify")[0]
    assert "原则上同意，周一正式回复" in text_of(clarify)
    office.director_sends("11-20 19:00", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "同意", reply_to=clarify["Message-ID"]))
    office.once("11-20 19:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"


def test_a_mail_that_names_two_weeks_is_booked_by_the_clearer_and_the_receipt_says_so(office: Office) -> None:
    raw = mail(
        "zhangsan@example.com", DIRECTOR, "第48周工作计划", PLAN, attachments=[("周工作计划11.30-12.4.txt", b"x")]
    )
    office.staff_mail("11-20 17:00", raw)
    office.once("11-20 17:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    assert "信中另写有2026年第49周" in text_of(office.letters("receipt")[0])


def test_an_empty_mail_is_no_submission(office: Office) -> None:
    office.staff_mail("11-20 17:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", "\n"))
    assert office.once("11-20 17:01")["submissions"] == 0
    assert len(office.letters("unreadable", "zhangsan@example.com")) == 1
    assert office.duty("2026-W48", "zhangsan", "weekly-plan", now="11-20 18:00")["state"] == "expected"


def test_a_forged_approval_in_inbox_is_set_aside_and_never_obeyed(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 17:00", plan)
    office.staff_mail("11-20 17:30", mail(DIRECTOR, DIRECTOR, "Re: 周工作计划", "同意", reply_to=message_id(plan)))
    assert office.once("11-20 17:31")["quarantined"] == 1
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    assert len(office.letters("alert", "it@example.com")) == 1
    assert office.letters("approval") == []

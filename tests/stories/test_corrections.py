"""Corrections: a period corrected by its sender, an answer whose quote nothing marks."""

from __future__ import annotations

from tests.office import Office, mail, message_id, text_of

DIRECTOR, ZHANG = "wang@example.com", "zhangsan@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账"


def receipt_id(office: Office, number: int = -1) -> str:
    return str(office.letters("receipt", ZHANG)[number]["Message-ID"])


def test_the_sender_corrects_the_week_by_answering_the_receipt(office: Office) -> None:
    office.staff_mail("11-20 17:00", mail(ZHANG, DIRECTOR, "周工作总结", PLAN))
    office.once("11-20 17:01")
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["standing"] == "on-time"
    office.staff_mail(
        "11-20 18:00", mail(ZHANG, DIRECTOR, "回复：已收到", "这是上周的总结", reply_to=receipt_id(office))
    )
    office.once("11-20 18:01")
    moved = office.duty("2026-W46", "zhangsan", "weekly-summary")
    assert (moved["standing"], moved["version"], moved["state"]) == ("late", 1, "received")
    assert moved["received_at"] == "2026-11-20T17:00:00+08:00"
    left = office.duty("2026-W47", "zhangsan", "weekly-summary", now="11-20 19:00")
    assert (left["standing"], left["state"], left["version"]) == ("expected", "expected", 0)
    said = text_of(office.letters("receipt", ZHANG)[-1])
    assert "原登记（周工作总结 2026年第47周（11月16日—11月22日））已撤销" in said
    assert "2026年第46周（11月9日—11月15日）" in said
    # Thought again: the second receipt is answered the same way, and the mail is back where it was.
    office.staff_mail(
        "11-20 18:30", mail(ZHANG, DIRECTOR, "回复：已更正", "不对，是第47周的", reply_to=receipt_id(office))
    )
    office.once("11-20 18:31")
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["standing"] == "on-time"
    assert office.duty("2026-W46", "zhangsan", "weekly-summary")["state"] == "missing"
    kinds = [event["event"] for event in office.json("history", "zhangsan")["events"]]
    assert kinds.count("refiled") == 2


def test_what_is_decided_is_not_moved_by_its_sender(office: Office) -> None:
    plan = mail(ZHANG, DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 17:00", plan)
    office.once("11-20 17:01")
    office.director_sends("11-20 17:30", mail(DIRECTOR, ZHANG, "Re: 周工作计划", "同意", reply_to=message_id(plan)))
    office.once("11-20 17:31")
    office.staff_mail("11-20 18:00", mail(ZHANG, DIRECTOR, "回复", "应该是第49周的计划", reply_to=receipt_id(office)))
    office.once("11-20 18:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"
    assert "已有处理结果，因此未作改动" in text_of(office.letters("receipt", ZHANG)[-1])


def test_a_moved_second_version_leaves_the_first_as_it_was_decided(office: Office) -> None:
    plan = mail(ZHANG, DIRECTOR, "第48周工作计划", PLAN)
    office.staff_mail("11-20 17:00", plan)
    office.director_sends("11-20 17:30", mail(DIRECTOR, ZHANG, "Re: 周工作计划", "同意", reply_to=message_id(plan)))
    office.once("11-20 17:31")
    office.staff_mail("11-21 10:00", mail(ZHANG, DIRECTOR, "第48周工作计划", PLAN + "\n3. 下下周的"))
    office.once("11-21 10:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    office.staff_mail("11-21 10:05", mail(ZHANG, DIRECTOR, "回复", "写错了，是第49周的", reply_to=receipt_id(office)))
    office.once("11-21 10:06")
    first = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (first["state"], first["version"]) == ("approved", 1)
    assert office.duty("2026-W49", "zhangsan", "weekly-plan")["state"] == "received"


def test_anything_else_said_to_a_receipt_moves_and_books_nothing(office: Office) -> None:
    office.staff_mail("11-20 17:00", mail(ZHANG, DIRECTOR, "周工作计划", PLAN))
    office.once("11-20 17:01")
    for number, words in enumerate(("谢谢，上周的总结周五再交", "这是上周的吗？", "收到")):
        answer = mail(ZHANG, DIRECTOR, "回复：已收到", words, reply_to=receipt_id(office, 0))
        office.staff_mail(f"11-20 18:0{number}", answer)
    assert office.once("11-20 18:10")["ignored"] == 3
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    assert len(office.letters("receipt")) == 1


def test_an_original_that_nothing_marks_is_told_apart_by_what_was_stored(office: Office) -> None:
    plan = mail(ZHANG, DIRECTOR, "周工作计划", "王总：\n同意请回复同意。\n1. 回访客户\n2. 整理台账")
    office.staff_mail("11-20 17:00", plan)
    words = "第二项写清负责人\n\n某邮件程序 2026-11-20 17:00 记：\n王总：\n同意请回复同意。\n1. 回访客户\n2. 整理台账"
    office.director_sends("11-20 18:00", mail(DIRECTOR, ZHANG, "Re: 周工作计划", words, reply_to=message_id(plan)))
    office.once("11-20 18:01")
    found = office.duty("2026-W48", "zhangsan", "weekly-plan")
    assert (found["state"], found["comment"]) == ("revising", "第二项写清负责人")

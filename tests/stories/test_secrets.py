"""Who is believed: what others have seen proves nothing, a mere copy decides nothing, and only typed words grant."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import unquote

import pytest

from tests.office import ROSTER, Office, html_of, mail, message_id, text_of
from tests.stories.test_forgery import DEPUTY, with_a_deputy

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
SUMMARY = "1. 本周回访客户 18 家\n2. 台账已整理"


def cell(office: Office, who: str, duty: str = "weekly-plan", week: str = "2026-W48") -> object:
    found = office.duty(week, who, duty)
    return found["score"] if found["score"] is not None else found["state"]


def plans(office: Office, *people: str) -> dict[str, str]:
    """A plan of each, in time; gives their Message-IDs."""
    return {
        who: office.staff_mail(f"11-20 10:0{n}", mail(f"{who}@example.com", DIRECTOR, "周工作计划", PLAN))
        for n, who in enumerate(people)
    }


def to(letter: EmailMessage) -> str:
    return str(letter["To"].addresses[0].addr_spec)


# 1. Somebody else's subject grants nothing.


@pytest.mark.parametrize("words", ["不行，不准假", "知道了", "不同意", "可以考虑，周一再说"])
def test_a_staff_members_subject_excuses_nobody(office: Office, words: str) -> None:
    asked = mail("zhangsan@example.com", DIRECTOR, "准假 张三 2026-W48", "王总，家里有事，想请假一周")
    office.staff_mail("11-20 10:00", asked)
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 准假 张三 2026-W48", words, reply_to=message_id(asked))
    office.director_sends("11-20 11:00", answer)
    office.once("11-20 11:01")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan", now="11-20 12:00")["standing"] == "expected"
    assert "excused" not in [e["event"] for e in office.json("history", "zhangsan")["events"]]


@pytest.mark.parametrize("prefix", ["Re: ", "回复：", ""])
def test_a_staff_members_subject_names_no_deputy(office: Office, prefix: str) -> None:
    subject = "建议：请王五11.20-12.31代为审批"
    asked = mail("wangwu@example.com", DIRECTOR, subject, "王总您看行吗")
    office.staff_mail("11-20 10:00", asked)
    answer = mail(DIRECTOR, "wangwu@example.com", prefix + subject, "不需要，谢谢", reply_to=message_id(asked))
    office.director_sends("11-20 11:00", answer)
    office.once("11-20 11:01")
    assert "deputy-named" not in [e["event"] for e in office.json("history", "wangwu")["events"]]


def test_an_approval_under_such_a_subject_is_not_swallowed(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划 免交 张三 2026-W48", PLAN)
    office.staff_mail("11-20 10:00", plan)
    answer = mail(
        DIRECTOR, "zhangsan@example.com", "Re: 周工作计划 免交 张三 2026-W48", "同意", reply_to=message_id(plan)
    )
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:01")["decisions"] == 1
    assert cell(office, "zhangsan") == "approved"


def test_a_grant_typed_in_an_answer_to_staff_is_asked_and_typed_again_it_grants(office: Office) -> None:
    [plan] = plans(office, "zhangsan").values()
    words = "同意\n准假 李四 2026-W48 家里有事"
    office.director_sends("11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", words, reply_to=plan))
    assert office.once("11-20 11:01")["decisions"] == 1
    assert cell(office, "zhangsan") == "approved"
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "missing"
    [asked] = office.letters("clarify", DIRECTOR)
    assert "准假 李四 2026-W48 家里有事" in text_of(asked)
    again = mail(DIRECTOR, DIRECTOR, "Re: 请确认", "准假 李四 2026-W48 家里有事", reply_to=asked["Message-ID"])
    office.director_sends("11-20 11:10", again)
    office.once("11-20 11:11")
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "excused"


@pytest.mark.parametrize("words", ["不要请王五 11.20-12.31 代为审批", "是否请王五 11.20-12.31 代为审批？"])
def test_a_denied_or_asked_deputy_is_asked_back(office: Office, words: str) -> None:
    office.director_sends("11-20 11:00", mail(DIRECTOR, "wangwu@example.com", "安排", words))
    office.once("11-20 11:01")
    assert "deputy-named" not in [e["event"] for e in office.json("history", "wangwu")["events"]]
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_the_directors_own_subject_grants_in_a_mail_that_he_began(office: Office) -> None:
    office.director_sends("11-20 11:00", mail(DIRECTOR, "lisi@example.com", "准假 李四 2026-W48 婚假", "好好休息"))
    office.once("11-20 11:01")
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "excused"


def test_a_subject_that_his_own_words_deny_is_asked_back(office: Office) -> None:
    office.director_sends("11-20 11:00", mail(DIRECTOR, "lisi@example.com", "准假 李四 2026-W48", "不行，我不同意"))
    office.once("11-20 11:01")
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "missing"
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_a_subject_that_a_staff_member_used_before_is_his_whatever_the_program_leaves_out(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("wangwu@example.com", DIRECTOR, "准假 王五 2026-W48", "请批准"))
    office.director_sends("11-20 11:00", mail(DIRECTOR, "wangwu@example.com", "准假 王五 2026-W48", "好的"))
    office.once("11-20 11:01")
    assert office.duty("2026-W48", "wangwu", "weekly-plan")["standing"] == "missing"


def test_a_yes_to_somebody_who_asks_for_leave_is_put_to_him_as_a_proposal(office: Office) -> None:
    asked = mail("lisi@example.com", DIRECTOR, "准假 李四 2026-W48 婚假", "请批准")
    office.staff_mail("11-20 10:00", asked)
    answer = mail(DIRECTOR, "lisi@example.com", "Re: 准假 李四 2026-W48 婚假", "同意", reply_to=message_id(asked))
    office.director_sends("11-20 11:00", answer)
    office.once("11-20 11:01")
    [question] = office.letters("clarify", DIRECTOR)
    link = re.search(r'href="mailto:wang%40example.com\?subject=([^&"]+)', html_of(question))
    assert link
    # One tap: the link opens a mail of his own.
    assert unquote(link[1]) == "准假 李四 2026-W48 婚假"
    again = mail(DIRECTOR, DIRECTOR, "Re: 请确认", "准假 李四 2026-W48 婚假", reply_to=question["Message-ID"])
    office.director_sends("11-20 11:10", again)
    office.once("11-20 11:11")
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "excused"


# 2. What others have seen proves nothing.


def test_copying_staff_on_an_answer_to_the_digest_lets_nobody_forge_the_next(office: Office) -> None:
    plans(office, "zhangsan", "lisi")
    office.staff_mail("11-20 10:05", mail("zhangsan@example.com", DIRECTOR, "本周工作总结", SUMMARY))
    office.once("11-21 21:20")
    digest = office.letters("digest", DIRECTOR)[0]["Message-ID"]
    copied = mail(DIRECTOR, "zhangsan@example.com", "Re: 汇总", "张三 80", reply_to=digest, headers=[("Cc", DIRECTOR)])
    office.director_sends("11-21 22:00", copied)
    forged = mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 100\n张三 同意\n李四 同意", reply_to=digest)
    office.staff_mail("11-21 22:30", forged)
    office.once("11-21 22:31")
    assert office.letters("clarify") == [], "for some minutes its copy may still come"
    office.once("11-21 22:40")
    assert cell(office, "zhangsan", "weekly-summary", "2026-W47") == 80.0
    assert (cell(office, "zhangsan"), cell(office, "lisi")) == ("received", "received")
    [asked] = office.letters("clarify")
    assert to(asked) == DIRECTOR
    assert "张三 100" in text_of(asked)
    assert "mailto:" not in html_of(asked)
    assert "[t:" not in text_of(asked)
    # More of it is told within an hour once, and his own verdict settles it.
    for minute in (45, 46, 47):
        again = mail(DIRECTOR, DIRECTOR, "Re: 汇总", f"张三 9{minute - 45}", reply_to=digest)
        office.staff_mail(f"11-21 22:{minute}", again)
    office.once("11-21 22:59")
    assert len(office.letters("clarify")) == 1
    office.director_sends(
        "11-21 23:10", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "张三 85", reply_to=asked["Message-ID"])
    )
    assert office.once("11-21 23:11")["decisions"] == 1
    assert cell(office, "zhangsan", "weekly-summary", "2026-W47") == 85.0
    office.once("11-21 23:50")
    assert len(office.letters("clarify")) == 2
    assert "3 封" in str(office.letters("clarify")[1]["Subject"])


def test_an_answer_to_a_question_that_was_copied_lets_nobody_forge_the_next(office: Office) -> None:
    plan = plans(office, "zhangsan", "lisi")["zhangsan"]
    unsure = mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", "原则上同意，周一正式回复", reply_to=plan)
    office.director_sends("11-20 11:00", unsure)
    office.once("11-20 11:01")
    asked = office.letters("clarify")[0]["Message-ID"]
    both = mail(
        DIRECTOR, DIRECTOR, "Re: 请确认", "修改：写清时间", reply_to=asked, headers=[("Cc", "zhangsan@example.com")]
    )
    office.director_sends("11-20 12:00", both)
    office.staff_mail("11-20 12:00", both)
    assert office.once("11-20 12:01")["decisions"] == 1
    office.staff_mail("11-20 13:00", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "同意", reply_to=asked))
    office.once("11-20 13:10")
    assert cell(office, "zhangsan") == "revising"
    assert len(office.letters("clarify")) == 2, "he is told"


def test_a_program_that_keeps_no_copy_in_sent_settles_it_by_answering_the_question(office: Office) -> None:
    plans(office, "zhangsan")
    office.once("11-21 21:20")
    digest = office.letters("digest", DIRECTOR)[0]["Message-ID"]
    office.staff_mail("11-21 22:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意", reply_to=digest))
    office.once("11-21 22:06")
    assert cell(office, "zhangsan") == "received"
    [asked] = office.letters("clarify", DIRECTOR)
    office.staff_mail("11-21 22:10", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "同意", reply_to=asked["Message-ID"]))
    office.once("11-21 22:11")
    assert office.once("11-21 22:16")["decisions"] == 1
    assert cell(office, "zhangsan") == "approved"
    assert office.json("quarantine", "list") == []
    # What mail in INBOX decided stands in his next letter.
    office.staff_mail("11-21 22:20", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    office.once("11-22 20:00")
    nudge = text_of(office.letters("nudge", DIRECTOR)[0])
    assert "收件箱" in nudge
    assert "王总  张三 周工作计划 2026年第48周  同意" in nudge


def test_a_deputys_ordinary_week_and_his_second_thoughts(office: Office) -> None:
    with_a_deputy(office)
    plans(office, "zhangsan", "lisi", "wangwu")
    office.once("11-21 21:20")
    digest = office.letters("digest", DEPUTY)[0]["Message-ID"]
    for minute, words in enumerate(["张三 同意\n李四 同意", "李四 修改：目标要量化"]):
        office.staff_mail(f"11-21 22:0{minute}", mail(DEPUTY, DIRECTOR, "Re: 汇总", words, reply_to=digest))
        office.once(f"11-21 22:0{minute}:30")
    assert (cell(office, "zhangsan"), cell(office, "lisi")) == ("approved", "revising")
    # He copies 王五: from then on nothing that cites this digest is his for sure, this very mail included.
    shown = mail(
        DEPUTY, DIRECTOR, "Re: 汇总", "王五 退回：太笼统", reply_to=digest, headers=[("Cc", "wangwu@example.com")]
    )
    office.staff_mail("11-21 22:10", shown)
    office.staff_mail("11-21 22:20", mail(DEPUTY, DIRECTOR, "Re: 汇总", "王五 同意", reply_to=digest))
    assert office.once("11-21 22:21")["decisions"] == 0
    [asked] = office.letters("clarify")
    assert to(asked) == DEPUTY
    assert "太笼统" in text_of(asked)
    office.staff_mail("11-21 22:30", mail(DEPUTY, DIRECTOR, "Re: 请确认", "退回：太笼统", reply_to=asked["Message-ID"]))
    assert office.once("11-21 22:31")["decisions"] == 1
    assert cell(office, "wangwu") == "revising"
    assert office.json("quarantine", "list") == []
    # The director's next letter lists what was decided from INBOX.
    office.staff_mail("11-21 22:40", mail("smith@example.com", DIRECTOR, "weekly plan", PLAN))
    office.once("11-22 20:00")
    listed = text_of(office.letters("nudge", DIRECTOR)[0])
    assert "赵副总  张三" in listed
    assert "赵副总  王五" in listed


def test_a_forwarded_digest_shows_its_links_to_others(office: Office) -> None:
    roster = ROSTER.replace("lisi@example.com,,运营部,staff,wang", "lisi@example.com,,运营部,staff,zhangsan")
    duty = (
        '[[duties]]\nid = "weekly-plan"\nperiod = "week"\ndue = "previous saturday 21:00"\nreview = "approve"\n'
        'review_due = "monday 09:00"\nreviewer = "supervisor"\n'
    )
    office.configure(roster=roster, tail=duty)
    plans(office, "zhangsan", "lisi")
    office.once("11-21 21:20")
    digest = office.letters("digest", "zhangsan@example.com")[0]
    subject = next(s for s in html_of(digest).split("subject=") if s.startswith("%E5%90%8C%E6%84%8F")).split("&")[0]
    # He sends it on to a colleague, the director on copy: everybody can read the tokens now.
    forwarded = mail(
        "zhangsan@example.com", "wangwu@example.com", "转发：汇总", "帮我看一下", headers=[("Cc", DIRECTOR)]
    )
    body = forwarded + b"\r\n" + f"mailto:{DIRECTOR}?subject={subject}".encode()
    office.staff_mail("11-21 22:00", body)
    office.staff_mail("11-21 22:10", mail("zhangsan@example.com", DIRECTOR, unquote(subject), "同意"))
    assert office.once("11-21 22:11")["decisions"] == 0
    assert cell(office, "lisi") == "received"
    assert [to(letter) for letter in office.letters("clarify")] == ["zhangsan@example.com"]


@pytest.mark.parametrize("words", ["是", "那封是我写的", "对的"])
def test_a_yes_to_the_question_is_asked_once_more_and_not_passed_over(office: Office, words: str) -> None:
    plans(office, "zhangsan")
    office.once("11-21 21:20")
    digest = office.letters("digest", DIRECTOR)[0]["Message-ID"]
    office.staff_mail("11-21 22:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意", reply_to=digest))
    office.once("11-21 22:06")
    [asked] = office.letters("clarify", DIRECTOR)
    office.director_sends("11-21 22:10", mail(DIRECTOR, DIRECTOR, "Re: 请确认", words, reply_to=asked["Message-ID"]))
    assert office.once("11-21 22:11")["decisions"] == 0
    assert len(office.letters("clarify", DIRECTOR)) == 2
    named = mail(DIRECTOR, DIRECTOR, "Re: 请确认", "张三 同意", reply_to=asked["Message-ID"])
    office.director_sends("11-21 22:20", named)
    assert office.once("11-21 22:21")["decisions"] == 1


@pytest.mark.parametrize("words", ["张三 90", "张三，90", "张三同志：90"])
def test_his_name_before_the_score_is_no_part_of_it(office: Office, words: str) -> None:
    summary = mail("zhangsan@example.com", DIRECTOR, "本周工作总结", SUMMARY)
    office.staff_mail("11-20 10:00", summary)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 总结", words, reply_to=message_id(summary))
    )
    assert office.once("11-20 11:01")["decisions"] == 1
    found = office.duty("2026-W47", "zhangsan", "weekly-summary")
    assert (found["score"], found["comment"]) == (90.0, "")


# 4. A mere copy decides nothing.


def test_a_colleagues_question_that_mentions_a_plan_approves_nothing(office: Office) -> None:
    plan = plans(office, "lisi")["lisi"]
    question = mail(
        "zhangsan@example.com", DIRECTOR, "问一下", "王总，下午可以早走一小时吗", headers=[("References", plan)]
    )
    office.staff_mail("11-20 10:30", question)
    answer = mail(
        DIRECTOR, "zhangsan@example.com", "Re: 问一下", "可以", reply_to=message_id(question), references=plan
    )
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:01")["decisions"] == 0
    assert cell(office, "lisi") == "received"


def test_a_private_request_within_the_plans_thread_answered_to_all_approves_nothing(office: Office) -> None:
    plan = plans(office, "zhangsan")["zhangsan"]
    office.once("11-20 10:10")
    answer = mail(
        DIRECTOR, "zhangsan.private@example.net", "Re: 周工作计划", "可以", reply_to="<leave@example.net>", references=plan,
        headers=[("Cc", "zhangsan@example.com")],
    )  # fmt: skip
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:01")["decisions"] == 0
    assert cell(office, "zhangsan") == "received"
    assert len(office.letters("clarify", DIRECTOR)) == 1


@pytest.mark.parametrize("first", ["plan", "talk"])
def test_a_message_id_that_two_mails_bear_decides_nothing(office: Office, first: str) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    talk = mail("lisi@example.com", DIRECTOR, "下午请半小时假可以吗", "去趟银行")
    talk = talk.replace(message_id(talk).encode(), message_id(plan).encode())
    for minute, raw in enumerate([plan, talk] if first == "plan" else [talk, plan]):
        office.staff_mail(f"11-20 10:0{minute}", raw)
    office.once("11-20 10:30")
    answer = mail(DIRECTOR, "lisi@example.com", "Re: 下午请半小时假可以吗", "可以", reply_to=message_id(plan))
    office.director_sends("11-20 11:00", answer)
    office.once("11-20 11:01")
    assert cell(office, "zhangsan") == "received"
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_a_mail_that_no_store_can_hold_stops_nobody_elses(office: Office) -> None:
    strange = mail("zhangsan@example.com", DIRECTOR, "2026-W48 weekly plan", PLAN)
    strange = re.sub(rb"Subject: ", b"Subject: =?utf-7?q?+2AA-?= ", strange, count=1)
    office.staff_mail("11-20 10:00", strange)
    plans(office, "lisi")
    office.once("11-20 10:30")
    assert (cell(office, "zhangsan"), cell(office, "lisi")) == ("received", "received")


def test_references_alone_are_asked_about(office: Office) -> None:
    plan = plans(office, "zhangsan")["zhangsan"]
    answer = mail(DIRECTOR, "zhangsan@example.com", "关于计划", "同意", headers=[("References", plan)])
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:01")["decisions"] == 0
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_a_code_in_a_subject_counts_for_its_own_person_alone(office: Office) -> None:
    plans(office, "zhangsan", "lisi")
    office.once("11-20 10:10")
    codes = {
        who: str(office.letters("receipt", f"{who}@example.com")[0]["Subject"]).rpartition("[")[2].rstrip("]")
        for who in ("zhangsan", "lisi")
    }
    stolen = mail(DIRECTOR, "lisi@example.com", f"Re: 问题 [{codes['zhangsan']}]", "可以")
    office.director_sends("11-20 11:00", stolen)
    assert office.once("11-20 11:01")["decisions"] == 0
    own = mail(DIRECTOR, "lisi@example.com", f"Re: 周工作计划 [{codes['lisi']}]", "可以")
    office.director_sends("11-20 11:10", own)
    assert office.once("11-20 11:11")["decisions"] == 1
    assert (cell(office, "zhangsan"), cell(office, "lisi")) == ("received", "approved")


def test_a_deputys_yes_to_a_colleagues_plan_is_neither_his_own_plan_nor_done(office: Office) -> None:
    deputies = '[[deputies]]\nperson = "lisi"\nfrom = 2026-11-01\nto = 2026-11-30\n'
    office.configure(tail=deputies)
    plan = plans(office, "zhangsan", "lisi")["zhangsan"]
    office.staff_mail("11-20 11:00", mail("lisi@example.com", DIRECTOR, "Re: 周工作计划", "同意", reply_to=plan))
    counts = office.once("11-20 11:01")
    assert (counts["decisions"], counts["submissions"]) == (0, 2)
    assert office.duty("2026-W48", "lisi", "weekly-plan")["version"] == 1
    [asked] = office.letters("clarify")
    assert to(asked) == "lisi@example.com"
    office.staff_mail(
        "11-20 11:10", mail("lisi@example.com", DIRECTOR, "Re: 请确认", "同意", reply_to=asked["Message-ID"])
    )
    assert office.once("11-20 11:11")["decisions"] == 1
    assert cell(office, "zhangsan") == "approved"


# 8. An answer to a letter that the store has lost.


def test_an_answer_to_a_letter_that_the_store_has_lost_is_asked_about(office: Office) -> None:
    plans(office, "zhangsan", "lisi")
    office.once("11-20 10:10")
    lost = "<mailflow.0123456789abcdef0123456789abcdef@example.com>"
    office.director_sends("11-20 12:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意\n李四 退回", reply_to=lost))
    office.director_sends("11-20 12:01", mail(DIRECTOR, DIRECTOR, "同意：张三 [t:ABCDEFGHIJKLMNOP]", "同意"))
    counts = office.once("11-20 12:02")
    assert (counts["decisions"], counts["quarantined"]) == (0, 2)
    [asked] = office.letters("clarify", DIRECTOR)
    assert "张三 同意" in text_of(asked)
    assert "1. 张三 周工作计划" in text_of(asked)
    office.director_sends(
        "11-20 12:10", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "1 同意\n李四 退回：太笼统", reply_to=asked["Message-ID"])
    )
    assert office.once("11-20 12:11")["decisions"] == 2
    assert (cell(office, "zhangsan"), cell(office, "lisi")) == ("approved", "revising")
    assert office.json("quarantine", "list") == []


# A question brings what was understood: a tap or a yes confirms it.


@pytest.mark.parametrize("how", ["是", "对的", "link"])
def test_a_question_is_confirmed_by_a_word_or_a_tap(office: Office, how: str) -> None:
    plan = plans(office, "zhangsan")["zhangsan"]
    words = "客户上门拜访改到周四，其他就这样"
    office.director_sends("11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", words, reply_to=plan))
    assert office.once("11-20 11:01")["decisions"] == 0
    [asked] = office.letters("clarify", DIRECTOR)
    assert "我们这样理解" in text_of(asked)
    if how == "link":
        link = re.search(r'href="mailto:wang%40example.com\?subject=([^&"]+)&amp;body=([^"]+)"', html_of(asked))
        assert link
        answer = mail(DIRECTOR, DIRECTOR, unquote(link[1]), unquote(link[2]))
    else:
        answer = mail(DIRECTOR, DIRECTOR, "Re: 请确认", how, reply_to=asked["Message-ID"])
    office.director_sends("11-20 11:10", answer)
    assert office.once("11-20 11:11")["decisions"] == 1
    assert cell(office, "zhangsan") == "revising"
    assert "改到周四" in text_of(office.letters("revision", "zhangsan@example.com")[0])

"""The director answers everyone at once: lines, links, the score workbook; deputies, supervisors, excuses, silence."""

from __future__ import annotations

import io
import re
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlparse

import openpyxl
import pytest

from mailflow.reading.opening.attachments import read_attachment
from mailflow.reading.opening.letter import Part
from tests.office import ROSTER, Office, at, html_of, mail, message_id, text_of

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账"
SUMMARY = "1. 本周回访客户 18 家\n2. 台账已整理"
STAFF = ("zhangsan", "lisi", "wangwu")


@pytest.fixture
def digest(office: Office) -> EmailMessage:
    """The digest of a week in which three of four mailed plan and summary."""
    for minute, who in enumerate(STAFF):
        for subject, text in (("下周工作计划", PLAN), ("本周工作总结", SUMMARY)):
            office.staff_mail(f"11-21 10:0{minute}", mail(f"{who}@example.com", DIRECTOR, subject, text))
    office.once("11-21 21:20")
    return office.letters("digest", DIRECTOR)[0]


def states(office: Office, duty: str = "weekly-plan", week: str = "2026-W48") -> dict[str, object]:
    status = office.json("status", "--week", week, "--now", at("11-24 13:00").isoformat())
    return {p["id"]: p["duties"][duty]["score"] or p["duties"][duty]["state"] for p in status["people"]}


def links(digest: EmailMessage) -> dict[str, tuple[str, str]]:
    """Each link of the digest: its subject → where to, and the body."""
    found = {}
    for link in re.findall(r'href="(mailto:[^"]+)"', html_of(digest)):
        parsed = urlparse(link.replace("&amp;", "&"))
        query = parse_qs(parsed.query)
        found[query["subject"][0]] = (unquote(parsed.path), query["body"][0])
    return found


def test_one_answer_settles_everyone_and_one_receipt_says_what(office: Office, digest: EmailMessage) -> None:
    words = "张三 同意\n李四 修改：第二项补充完成时间\n王五 同意 92 客户回访做得好\n张三 88.5\n李思 90\n其余同意"
    office.director_sends(
        "11-21 22:00", mail(DIRECTOR, DIRECTOR, "回复：" + str(digest["Subject"]), words, reply_to=digest["Message-ID"])
    )
    assert office.once("11-21 22:01")["decisions"] == 5
    assert states(office) == {"zhangsan": "approved", "lisi": "revising", "wangwu": "approved", "smith": "missing"}
    scores = states(office, "weekly-summary", "2026-W47")
    assert (scores["zhangsan"], scores["wangwu"], scores["lisi"]) == (88.5, 92.0, "received")
    assert {letter["X-Mailflow"] for letter in office.letters("approval")} == {"approval"}
    assert "第二项补充完成时间" in text_of(office.letters("revision", "lisi@example.com")[0])
    settled = office.letters("receipt", DIRECTOR)
    assert len(settled) == 1
    assert "李四 周工作计划 2026年第48周：退回修改" in text_of(settled[0])
    assert "张三 周工作总结 2026年第47周：评分 88.5" in text_of(settled[0])
    clarify = office.letters("clarify", DIRECTOR)
    assert len(clarify) == 1
    assert "李思 90" in text_of(clarify[0])
    assert "不知道指的是谁" in text_of(clarify[0])
    assert "其余同意" in text_of(clarify[0])
    # The question is answered with the digest's own row numbers; and a second answer is a correction.
    again = mail(DIRECTOR, DIRECTOR, "Re: 请确认", "2 90\n1 95", reply_to=clarify[0]["Message-ID"])
    office.director_sends("11-21 22:10", again)
    assert office.once("11-21 22:11")["decisions"] == 2
    scores = states(office, "weekly-summary", "2026-W47")
    assert (scores["zhangsan"], scores["lisi"]) == (95.0, 90.0)
    history = [e["data"] for e in office.json("history", "zhangsan")["events"] if e["event"] == "decided"]
    assert [d["score"] for d in history if d["verdict"] == "score"] == ["88.5", "95"]


def test_a_question_about_many_is_settled_by_one_yes_or_one_tap(office: Office, digest: EmailMessage) -> None:
    words = "张三 计划同意，跟李四的对调\n王五 90，哦不对，92"
    answer = mail(DIRECTOR, DIRECTOR, "回复：" + str(digest["Subject"]), words, reply_to=digest["Message-ID"])
    office.director_sends("11-21 22:00", answer)
    assert office.once("11-21 22:01")["decisions"] == 0
    [clarify] = office.letters("clarify", DIRECTOR)
    assert "我们这样理解：〔1号张三 计划同意" in text_of(clarify)
    [subject] = [s for s in links(clarify) if s.startswith("确认 [t:")]
    to, body = links(clarify)[subject]
    assert to == DIRECTOR
    assert "3号王五 总结92" in body
    # Somebody else's yes, and a second tap, change nothing.
    office.staff_mail(
        "11-21 22:05", mail("lisi@example.com", DIRECTOR, "Re: 请确认", "是", reply_to=clarify["Message-ID"])
    )
    assert office.once("11-21 22:06")["decisions"] == 0
    office.director_sends("11-21 22:10", mail(DIRECTOR, DIRECTOR, subject, body))
    assert office.once("11-21 22:11")["decisions"] == 2
    assert states(office)["zhangsan"] == "approved"
    assert states(office, "weekly-summary", "2026-W47")["wangwu"] == 92.0
    office.staff_mail("11-21 22:20", mail(DIRECTOR, DIRECTOR, subject, "1号 计划退回"))
    assert office.once("11-21 22:21")["decisions"] == 0
    assert states(office)["zhangsan"] == "approved"
    # A yes to what is settled changes nothing, and he is told so.
    office.director_sends("11-21 22:30", mail(DIRECTOR, DIRECTOR, "Re: 请确认", "对", reply_to=clarify["Message-ID"]))
    assert office.once("11-21 22:31")["decisions"] == 0
    assert "维持不变" in text_of(office.letters("receipt", DIRECTOR)[-1])


def test_a_link_opens_a_mail_that_settles_one_thing_and_its_token_works_once(
    office: Office, digest: EmailMessage
) -> None:
    found = links(digest)
    assert len(found) == 12
    subject = next(s for s in found if s.startswith("同意：张三 周工作计划 2026年第48周 [t:"))
    assert found[subject] == (DIRECTOR, "同意")
    # It comes back to his own INBOX, where it waits, and its copy in Sent proves it.
    answer = mail(DIRECTOR, DIRECTOR, subject, "同意\n\n发自我的iPhone")
    office.staff_mail("11-21 22:00", answer)
    assert office.once("11-21 22:01")["decisions"] == 0
    office.director_sends("11-21 22:00:10", answer)
    assert office.once("11-21 22:02")["decisions"] == 1
    assert states(office)["zhangsan"] == "approved"
    office.staff_mail("11-21 22:05", mail(DIRECTOR, DIRECTOR, subject, "退回"))
    assert office.once("11-21 22:06")["quarantined"] == 1
    assert states(office)["zhangsan"] == "approved"
    score = next(s for s in found if s.startswith("打分：李四"))
    office.director_sends("11-21 22:10", mail(DIRECTOR, DIRECTOR, score, found[score][1] + "92.5 数据清楚"))
    assert office.once("11-21 22:11")["decisions"] == 1
    assert states(office, "weekly-summary", "2026-W47")["lisi"] == 92.5
    # Somebody else who has seen the link, and a guessed token, decide nothing and book nothing.
    revise = next(s for s in found if s.startswith("修改：王五 周工作计划"))
    office.staff_mail("11-21 22:20", mail("wangwu@example.com", DIRECTOR, revise, "同意"))
    office.staff_mail("11-21 22:21", mail(DIRECTOR, DIRECTOR, "同意：王五 [t:AAAAAAAAAAAAAAAA]", "同意"))
    counts = office.once("11-21 22:22")
    assert (counts["decisions"], counts["submissions"]) == (0, 0)
    assert states(office)["wangwu"] == "received"


def test_the_score_workbook_comes_back_sorted_and_partly_filled(office: Office, digest: EmailMessage) -> None:
    attached = next(digest.iter_attachments())
    assert attached.get_filename() == "review-2026-11-21.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
    sheet = book.active
    titles = [cell.value for cell in sheet[1]]
    assert [v.type for v in sheet.data_validations.dataValidation] == ["list", "list", "decimal"]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(rows) == 6
    column = {name: n for n, name in enumerate(titles)}
    for row in rows:
        who, duty = row[column["姓名"]], row[column["事项"]]
        if duty == "周工作计划":
            row[column["决定"]] = {"张三": "同意", "李四": "修改", "王五": None}[who]
            row[column["意见"]] = {"李四": "目标要量化"}.get(who)
        else:
            row[column["得分"]] = {"张三": 92.5, "李四": 120, "王五": 88}[who]
        if (who, duty) == ("王五", "周工作总结"):
            row[column["校验码"]] = "B" * 16
    for number, row in enumerate(reversed(rows), start=2):
        for n, value in enumerate(row, start=1):
            sheet.cell(number, n, value)
    out = io.BytesIO()
    book.save(out)
    answer = mail(
        DIRECTOR, DIRECTOR, "评审结果", "见附件", attachments=[("评审.xlsx", out.getvalue())],
    )  # fmt: skip
    office.director_sends("11-22 10:00", answer)
    assert office.once("11-22 10:01")["decisions"] == 3
    assert states(office) == {"zhangsan": "approved", "lisi": "revising", "wangwu": "received", "smith": "missing"}
    scores = states(office, "weekly-summary", "2026-W47")
    assert (scores["zhangsan"], scores["lisi"], scores["wangwu"]) == (92.5, "received", "received")
    assert "目标要量化" in text_of(office.letters("revision", "lisi@example.com")[0])
    asked = text_of(office.letters("clarify", DIRECTOR)[0])
    assert "分数超出范围" in asked
    assert "校验码不对" in asked


def test_a_deputy_decides_in_the_director_s_absence_and_nobody_else(office: Office) -> None:
    roster = ROSTER + "zhao,赵副总,zhao@example.com,,管理层,observer,,,,\n"
    office.configure(roster=roster)
    office.director_sends(
        "11-19 09:00", mail(DIRECTOR, "zhao@example.com", "请假安排", "委托赵副总 11.20-11.21 代为审批，谢谢")
    )
    office.staff_mail("11-21 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.staff_mail("11-21 10:01", mail("lisi@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 21:20")
    assert "赵副总 将在 2026年11月20日 至 2026年11月21日 期间代您处理" in text_of(
        office.letters("receipt", DIRECTOR)[0]
    )
    digest = office.letters("digest", "zhao@example.com")[0]
    answer = mail("zhao@example.com", DIRECTOR, "Re: 汇总", "张三 同意", reply_to=digest["Message-ID"])
    office.staff_mail("11-21 22:00", answer)
    his = office.letters("digest", DIRECTOR)[0]
    stolen = mail("lisi@example.com", DIRECTOR, "Re: 汇总", "李四 同意", reply_to=his["Message-ID"])
    office.staff_mail("11-21 22:01", stolen)
    late = mail("zhao@example.com", DIRECTOR, "Re: 汇总", "李四 同意", reply_to=digest["Message-ID"])
    office.staff_mail("11-22 09:00", late)
    assert office.once("11-22 09:05")["decisions"] == 1
    plans = states(office)
    assert (plans["zhangsan"], plans["lisi"]) == ("approved", "received")
    decided = [e for e in office.json("history", "zhangsan")["events"] if e["event"] == "decided"]
    assert decided[0]["data"]["by"] == "zhao"
    assert "不在您的审批范围内" in text_of(office.letters("clarify", "zhao@example.com")[0])


def test_supervisors_review_their_own_people(office: Office) -> None:
    roster = ROSTER.replace("lisi@example.com,,运营部,staff,wang", "lisi@example.com,,运营部,staff,zhangsan")
    office.configure(
        roster=roster,
        tail='[[duties]]\nid = "weekly-plan"\nperiod = "week"\ndue = "previous saturday 21:00"\nreview = "approve"\n'
        'review_due = "monday 09:00"\nreviewer = "supervisor"\n',
    )
    for who in STAFF:
        office.staff_mail("11-21 10:00", mail(f"{who}@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 21:20")
    digest = office.letters("digest", "zhangsan@example.com")[0]
    assert "李四" in text_of(digest)
    assert "王五" not in text_of(digest)
    answer = mail("zhangsan@example.com", DIRECTOR, "Re: 汇总", "1 同意\n王五 同意", reply_to=digest["Message-ID"])
    office.staff_mail("11-21 22:00", answer)
    assert office.once("11-21 22:01")["decisions"] == 1
    assert states(office) == {"zhangsan": "received", "lisi": "approved", "wangwu": "received", "smith": "missing"}


def test_silence_approves_where_the_office_says_so_and_the_letter_says_it(office: Office) -> None:
    office.configure(tail='[review]\non_silence = "approve"\n')
    office.staff_mail("11-21 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    office.once("11-21 10:01")
    office.once("11-23 08:59")
    assert states(office)["zhangsan"] == "received"
    office.once("11-23 09:00")
    assert states(office)["zhangsan"] == "approved"
    letter = office.letters("approval", "zhangsan@example.com")[0]
    assert "未收到其他意见，按规定视为批准" in text_of(letter)
    decided = [e for e in office.json("history", "zhangsan")["events"] if e["event"] == "decided"]
    assert decided[0]["data"]["by"] == "silence"
    office.once("11-23 10:00")
    assert len(office.letters("approval")) == 1


def test_decisions_are_held_back_so_that_he_can_change_his_mind(office: Office, digest: EmailMessage) -> None:
    path = office.folder / "mailflow.toml"
    path.write_text(path.read_text(encoding="utf-8") + "[review]\nhold_minutes = 30\n", encoding="utf-8")
    for time, words in (("22:00", "张三 同意"), ("22:10", "张三 退回：太笼统")):
        answer = mail(DIRECTOR, DIRECTOR, "Re: 汇总", words, reply_to=digest["Message-ID"])
        office.director_sends(f"11-21 {time}", answer)
        office.once(f"11-21 {time[:-1]}5")
    office.once("11-21 22:50")
    assert office.letters("approval") == []
    assert "太笼统" in text_of(office.letters("revision", "zhangsan@example.com")[0])


def test_a_late_medical_note_excuses_by_mail_and_by_command(office: Office, digest: EmailMessage) -> None:
    smith = office.duty("2026-W48", "smith", "weekly-plan")
    assert (smith["standing"], smith["situation"]) == ("missing", "missing")
    office.director_sends("11-24 09:00", mail(DIRECTOR, DIRECTOR, "免交", "excuse Smith 2026-W48 病假，有医院证明"))
    office.once("11-24 09:01")
    smith = office.duty("2026-W48", "smith", "weekly-plan")
    assert (smith["standing"], smith["situation"]) == ("excused", "granted")
    assert office.duty("2026-W47", "smith", "weekly-summary")["standing"] == "missing"
    office.run("excuse", "smith", "2026-W47", "--why", "medical note", "--duty", "weekly-summary")
    assert office.duty("2026-W47", "smith", "weekly-summary")["standing"] == "excused"
    office.run("excuse", "smith", "2026-W47", "--why", "a mistake", "--withdraw")
    assert office.duty("2026-W47", "smith", "weekly-summary")["standing"] == "missing"
    events = [e["event"] for e in office.json("history", "smith")["events"]]
    assert events.count("excused") == 3
    office.run("excuse", "nobody", "2026-W47", "--why", "x", code=2)


def test_the_director_s_own_absence_notice_makes_the_operator_name_a_deputy(office: Office) -> None:
    away = mail(
        DIRECTOR, "zhangsan@example.com", "自动回复：我在休假", "休假", headers=[("Auto-Submitted", "auto-replied")]
    )
    office.director_sends("11-20 09:00", away)
    office.once("11-20 09:01")
    office.once("11-20 09:02")
    assert len(office.letters("alert", "it@example.com")) == 1
    assert "[[deputies]]" in text_of(office.letters("alert")[0])


def test_reminders_before_the_cutoff_and_nudges_before_the_deadline(office: Office) -> None:
    office.staff_mail("11-21 10:00", mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN))
    for now in ("11-21 17:59", "11-21 18:00", "11-21 18:30", "11-21 21:20"):
        office.once(now)
    told = sorted(str(letter["To"].addresses[0].addr_spec) for letter in office.letters("reminder"))
    assert told == ["lisi@example.com", "smith@example.com", "wangwu@example.com", "zhangsan@example.com"]
    mine = text_of(office.letters("reminder", "zhangsan@example.com")[0])
    assert "周工作总结" in mine
    assert "周工作计划 2026" not in mine
    for now in ("11-22 19:59", "11-22 20:00", "11-22 21:00", "11-23 08:00", "11-23 08:30", "11-23 09:30"):
        office.once(now)
    nudges = office.letters("nudge", DIRECTOR)
    assert len(nudges) == 2
    assert "1. 张三 周工作计划 2026年第48周" in text_of(nudges[0])
    answer = mail(DIRECTOR, DIRECTOR, "Re: 待您处理", "1 同意", reply_to=nudges[0]["Message-ID"])
    office.director_sends("11-23 09:40", answer)
    found = office.duty("2026-W48", "zhangsan", "weekly-plan", now="11-23 09:35")
    assert found["overdue"] is True
    office.once("11-23 09:41")
    assert states(office)["zhangsan"] == "approved"


def test_the_next_nudge_shows_what_he_wrote_without_deciding(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "下周工作计划", PLAN, message_id="<plan@example.com>")
    office.staff_mail("11-21 10:00", plan)
    office.once("11-21 21:20")
    thanks = mail(DIRECTOR, "zhangsan@example.com", "Re: 下周工作计划", "收到，辛苦了", reply_to="<plan@example.com>")
    office.director_sends("11-21 22:00", thanks)
    assert office.once("11-21 22:01")["decisions"] == 0
    office.once("11-22 20:00")
    [nudge] = office.letters("nudge", DIRECTOR)
    assert "\r\n   您在 2026年11月21日（周六）22:00:00 写过：〔收到，辛苦了〕" in text_of(nudge)
    # What we quote of him is not read as his when it comes back with an answer.
    quoted = "1 同意\n\n" + text_of(nudge)
    office.director_sends("11-22 20:10", mail(DIRECTOR, DIRECTOR, "Re: 待您处理", quoted, reply_to=nudge["Message-ID"]))
    office.once("11-22 20:11")
    assert states(office)["zhangsan"] in ("approved", "received")


def test_the_digest_shows_the_plan_beside_the_summary_the_trend_and_photographed_pages(office: Office) -> None:
    photo = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 80
    for week, score in ((45, "88"), (46, "91.5")):
        day = {45: "11-07", 46: "11-14"}[week]
        summary = mail("zhangsan@example.com", DIRECTOR, f"第{week}周工作总结", SUMMARY)
        office.staff_mail(f"{day} 10:00", summary)
        answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 总结", score, reply_to=str(message_id(summary)))
        office.director_sends(f"{day} 22:00", answer)
    office.staff_mail("11-14 11:00", mail("zhangsan@example.com", DIRECTOR, "第47周工作计划", "1. 第47周要做的事"))
    office.staff_mail("11-21 10:00", mail("zhangsan@example.com", DIRECTOR, "第47周工作总结", SUMMARY))
    photographed = mail("lisi@example.com", DIRECTOR, "第48周工作计划", "见照片", attachments=[("计划.png", photo)])
    office.staff_mail("11-21 10:05", photographed)
    office.once("11-21 21:20")
    digest = office.letters("digest", DIRECTOR)[-1]
    assert "1. 第47周要做的事" in text_of(digest)
    assert "近几周得分 88 → 91.5" in text_of(digest)
    page = html_of(digest)
    assert "1. 第47周要做的事" in page
    shown = re.findall(r'src="cid:([^"]+)"', page)
    assert len(shown) == 1
    pictures = [part for part in digest.walk() if part["Content-ID"] == f"<{shown[0]}>"]
    assert [part.get_content() for part in pictures] == [photo]
    assert "http" not in page.replace("http-equiv", "")


def test_a_workbook_of_an_earlier_week_still_works_for_what_is_open(office: Office) -> None:
    office.staff_mail("11-14 10:00", mail("zhangsan@example.com", DIRECTOR, "本周工作总结", SUMMARY))
    office.once("11-14 21:20")
    attached = next(office.letters("digest", DIRECTOR)[0].iter_attachments())
    office.staff_mail("11-21 10:00", mail("lisi@example.com", DIRECTOR, "本周工作总结", SUMMARY))
    office.once("11-21 21:20")
    book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
    sheet = book.active
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["得分"], 77)
    out = io.BytesIO()
    book.save(out)
    office.director_sends(
        "11-22 10:00", mail(DIRECTOR, DIRECTOR, "补上周", "", attachments=[("x.xlsx", out.getvalue())])
    )
    assert office.once("11-22 10:01")["decisions"] == 1
    assert states(office, "weekly-summary", "2026-W46")["zhangsan"] == 77.0


def test_sheets_on_the_command_line(office: Office) -> None:
    assert "nobody is scored" in office.run("sheets", "--week", "2026-W47", code=2).stderr
    summary = mail("zhangsan@example.com", DIRECTOR, "本周工作总结", SUMMARY)
    office.staff_mail("11-21 10:00", summary)
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 总结", "92 很好", reply_to=str(message_id(summary)))
    office.director_sends("11-21 11:00", answer)
    office.once("11-21 11:01")
    target = office.folder / "s.pdf"
    assert "1 sheets" in office.run("sheets", "--week", "2026-W47", "-o", str(target)).stdout
    found = read_attachment(Part("s.pdf", "application/pdf", target.read_bytes()))
    text = found.text.replace(" ", "")
    assert all(word in text for word in ("张三", "92", "优秀", "很好", "1.本周回访客户18家", "考核人签字"))


def test_asking_somebody_to_take_care_of_something_in_an_answer_names_no_deputy(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 10:00", plan)
    words = "同意\n客户投诉请李四 11.23-11.25 代为处理"
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", words, reply_to=str(message_id(plan)))
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:01")["decisions"] == 1
    assert states(office)["zhangsan"] == "approved"
    assert "deputy-named" not in [e["event"] for e in office.json("history", "lisi")["events"]]

"""Reading: charsets, MIME, own words, purpose and verdicts, on samples invented for the project."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailflow import reading
from mailflow.reading import Context, Disposition
from mailflow.reading.answers.verdict import read_verdicts
from mailflow.reading.opening import attachments
from mailflow.reading.opening.charsets import decode_header
from mailflow.reading.opening.markup import to_text
from mailflow.reading.opening.quoting import own_words
from mailflow.reading.opening.tnef import unwrap
from mailflow.reading.staff.purpose import purposes, sources
from mailflow.rules.duties import Review
from mailflow.rules.periods import Period
from mailflow.rules.review import Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.wire import Folder
from tests.offices import an_office, at

OFFICE = an_office()
FRIDAY, SUNDAY, MONDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 26)


def verdict(words: str, review: Review) -> tuple[str, Decimal | None, str]:
    found = read_verdicts(words, {review}, ScoreRules(), ["李四", "王五"]).by_review[review]
    return found.verdict.value, found.score, found.comment


@pytest.mark.parametrize(
    ("words", "comment"),
    [
        ("同意", ""), ("通过", ""), ("可以", ""), ("没问题", ""), ("好的，按计划执行", None), ("OK", ""), ("LGTM", ""),
        ("没有修改意见", None), ("无需调整", None), ("沒有意見", None), ("Approved, thanks", ""), ("同意。\n谢谢", ""),
        ("同意，注意成本", "注意成本"), ("同意（周五给我报表）", "周五给我报表"), ("已修改的计划同意", None), ("可以👍", None),
    ],
)  # fmt: skip
def test_these_approve(words: str, comment: str | None) -> None:
    found = verdict(words, Review.APPROVE)
    assert found[0] == "approve"
    if comment is not None:
        assert found[2] == comment


@pytest.mark.parametrize(
    ("words", "comment"),
    [
        ("修改：第二项补充完成时间", "第二项补充完成时间"), ("退回", ""), ("不同意", ""), ("没通过", ""), ("not approved", ""),
        ("同意，但第3条改成周三", "同意，但第3条改成周三"), ("基本同意，目标要量化", "基本同意，目标要量化"),
        ("退回：原因写清楚", "原因写清楚"), ("请把第二项细化", "请把第二项细化"), ("please revise item 2", "please revise item 2"),
        ("改完第二项就同意", "改完第二项就同意"), ("同意第一项，不同意第二项", "同意第一项，不同意第二项"),
    ],
)  # fmt: skip
def test_these_ask_for_a_revision_and_the_rest_is_the_comment(words: str, comment: str) -> None:
    assert verdict(words, Review.APPROVE) == ("revise", None, comment)


@pytest.mark.parametrize(
    "words",
    [
        "预算不超5000就同意", "原则上同意，周一正式回复", "同意吗？", "张总同意了吗？", "可以再具体一点吗", "不是不可以", "李四 同意",
        "王总已经同意了", "可以的话周五前给我", "好的", "92", "92分", "收到", "已阅", "谢谢", "写得不错，继续努力", "下午三点开会",
        "通过电话联系客户", "目标太低", "审批已通过", "",
    ],
)  # fmt: skip
def test_these_never_act_on_a_plan(words: str) -> None:
    assert verdict(words, Review.APPROVE)[0] in ("unclear", "none")


@pytest.mark.parametrize(
    ("words", "score", "comment"),
    [
        ("92", "92", ""), ("92分", "92", ""), ("９２分", "92", ""), ("评分:88.5", "88.5", ""), ("给95", "95", ""),
        ("九十二分", "92", ""), ("九十二", "92", ""), ("优秀(95)", "95", None), ("95/100", "95", ""), ("得分：92", "92", ""),
        ("评分 92", "92", ""), ("92 客户回访做得好", "92", "客户回访做得好"), ("客户回访做得好，92", "92", "客户回访做得好"),
        ("本周回访92家，不错，给90分", "90", None), ("第一项85分，第二项90分，最后85分", "85", None),
        ("1. 不错\n2. 继续\n得分 88", "88", "1. 不错\n2. 继续"), ("score: 90, good job", "90", "good job"),
    ],
)  # fmt: skip
def test_these_score_a_summary(words: str, score: str, comment: str | None) -> None:
    found = verdict(words, Review.SCORE)
    assert found[:2] == ("score", Decimal(score))
    if comment is not None:
        assert found[2] == comment


@pytest.mark.parametrize(
    "words",
    [
        "85或90",
        "90-95",
        "120分",
        "扣10分",
        "同意",
        "不错",
        "8.5/10",
        "回访92家",
        "第2项没完成",
        "85分钟的会",
        "88分可以吗",
        "-5",
        "上周88分，这周92分",
    ],
)
def test_these_never_score(words: str) -> None:
    assert verdict(words, Review.SCORE)[0] in ("unclear", "none")


def test_one_answer_settles_both_duties_of_one_mail() -> None:
    both = {Review.APPROVE, Review.SCORE}
    found = read_verdicts("计划同意，总结90分", both, ScoreRules()).by_review
    assert (found[Review.APPROVE].verdict, found[Review.SCORE].score) == (Verdict.APPROVE, Decimal(90))
    alone = read_verdicts("同意", both, ScoreRules()).by_review
    assert (alone[Review.APPROVE].verdict, alone[Review.SCORE].verdict) == (Verdict.APPROVE, Verdict.NONE)


ORIGINAL = "我的计划，请领导审批，如果同意请回复“同意”。"
QUOTES = {
    "QQ Mail": '------------------ 原始邮件 ------------------\n发件人: "张三" <zhangsan@example.com>;\n发送时间: 2026年11月21日\n主题: 计划\n\n',
    "QQ Mail with hard spaces": "------------------\u00a0原始邮件\u00a0------------------\n发件人: 张三\n\n",
    "QQ phone": '---原始邮件---\n发件人: "张三"<zhangsan@example.com>\n发送时间: 2026年11月21日(星期六) 晚上8:01\n',
    "NetEase web": '在 2026-11-21 20:01:02，"张三" <zhangsan@example.com> 写道：\n> ',
    "NetEase English": 'At 2026-11-21 20:01:02, "张三" <zhangsan@example.com> wrote:\n> ',
    "Mail Master": "---- 回复的原邮件 ----\n| 发件人 | 张三<zhangsan@example.com> |\n| 发送日期 | 2026年11月21日 20:01 |\n",
    "Coremail": '-----原始邮件-----\n发件人:"张三" <zhangsan@example.com>\n发送时间:2026-11-21 20:01:02 (星期六)\n抄送:\n',
    "Outlook": "-----邮件原件-----\n发件人: 张三\n发送时间: 2026年11月21日\n收件人: 王总\n主题: 计划\n\n",
    "Outlook header block": "发件人: 张三 <zhangsan@example.com>\n发送时间: 2026年11月21日 20:01\n收件人: 王总\n主题: 计划\n\n",
    "Outlook zh-TW": "寄件者: 張三\n寄件日期: 2026年11月21日 下午 08:01\n收件者: 王總\n主旨: 計劃\n\n",
    "Outlook phone": "获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: 张三\n发送时间: Saturday, November 21, 2026 8:01 PM\n",
    "iPhone": "发自我的 iPhone\n\n> 在 2026年11月21日，20:01，张三 <zhangsan@example.com> 写道：\n> \n> ",
    "Gmail": "张三 <zhangsan@example.com> 于2026年11月21日周六 20:01写道：\n> ",
    "Gmail zh-TW": "張三 <zhangsan@example.com> 於 2026年11月21日 週六 下午8:01寫道：\n> ",
    "Gmail English on two lines": "On Sat, Nov 21, 2026 at 8:01 PM 张三\n<zhangsan@example.com> wrote:\n> ",
    "Thunderbird": "在 2026/11/21 20:01, 张三 写道:\n> ",
    "Aliyun": "-" * 66
    + "\n发件人：张三 <zhangsan@example.com>\n发送时间：2026年11月21日(星期六) 20:01\n收件人：王总\n主　题：计划\n\n",
    "Huawei phone": "发自我的华为手机\n在 2026年11月21日 20:01，张三 写道：\n> ",
    "WeChat Work": "发自我的企业微信\n\n------------------ 原始邮件 ------------------\n发件人: 张三\n",
}


@pytest.mark.parametrize("program", QUOTES)
@pytest.mark.parametrize("own", ["修改：第二项补充完成时间", "92分，客户回访做得好\n继续保持"])
def test_own_words_end_where_the_program_begins_its_quote(program: str, own: str) -> None:
    assert own_words(f"{own}\n\n{QUOTES[program]}{ORIGINAL}").text == own


def test_answers_between_quoted_lines_are_kept_and_a_plan_that_speaks_of_originals_is_whole() -> None:
    inline = "王总，见下：\n\n在 2026/11/21 20:01, 王总 写道:\n> 第二项谁负责？\n李四负责\n> 何时完成？\n周三"
    assert "李四负责" in own_words(inline).text
    plan = "1. 修改原始邮件模板\n2. 发件人名单核对\n3. 回访"
    assert own_words(plan).text == plan


def test_a_forwarded_submission_is_read_as_the_submission() -> None:
    found = own_words(
        "请查收\n---------- Forwarded message ---------\n发件人: 张三\n主题: 周工作计划\n\n1. 回访客户\n2. 台账"
    )
    assert (found.text, found.forwarded) == ("请查收", "1. 回访客户\n2. 台账")


@pytest.mark.parametrize(
    ("subject", "names", "words", "day", "expected"),
    [
        ("周工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("下周计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("第48周工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("W48工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("工作计划(11.23-11.27)", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("2026年11月23日—11月29日工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("11月第4周工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("周报", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("本周总结及下周计划", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("本週工作總結", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("本周小结", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("周工作总结", [], "", SUNDAY, {"weekly-summary": "2026-W47"}),
        ("周工作计划", [], "", SUNDAY, {"weekly-plan": "2026-W48"}),
        ("周工作计划", [], "", MONDAY, {"weekly-plan": "2026-W48"}),
        ("周工作总结", [], "", MONDAY, {"weekly-summary": "2026-W47"}),
        ("周工作计划", [], "", THURSDAY, {"weekly-plan": "2026-W49"}),
        ("回复：答复: 第４８周工作计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("张三", ["周工作计划11.23-11.29.docx"], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("请查收", [], "下周工作计划：\n1. 回访", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("周计划12.28-1.3", [], "", date(2026, 12, 25), {"weekly-plan": "2026-W53"}),
        ("Weekly plan W48", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("周工作计划模板", [], "", FRIDAY, {}),
        ("周工作计划怎么写？", [], "", FRIDAY, {}),
        ("项目计划讨论", [], "", FRIDAY, {}),
        ("11月工作计划", [], "", FRIDAY, {}),
        ("发票", [], "请开发票", FRIDAY, {}),
        ("周报(本周总结+下周计划)", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("周报(第47周总结、第48周计划)", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("第47周周报&48周计划", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("周总结及下周计划", [], "", SUNDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("周总结(第47周)+周计划(第48周)", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("总结47周+计划48周", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("周总结及周计划(11.16-11.20)", [], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("计划与总结", ["47周总结及48周计划.docx"], "", FRIDAY, {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}),
        ("上上周的总结", [], "", THURSDAY, {"weekly-summary": "2026-W46"}),
        ("下礼拜的计划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("下周安排", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("下周工作记划", [], "", FRIDAY, {"weekly-plan": "2026-W48"}),
        ("本周回顾", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("本周工作计划完成情况总结", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("总结", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("十一月第三周小结", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("节后第一周小结", [], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("周总结", ["周总结2026.3.13.docx"], "", FRIDAY, {"weekly-summary": "2026-W47"}),
        ("试用期工作总结", [], "现提交试用期总结", FRIDAY, {}),
        ("第三季度工作汇报", ["Q3工作汇报.pptx"], "", FRIDAY, {}),
        ("十二月份工作总结暨一月份工作计划", [], "", FRIDAY, {}),
        ("展厅项目周报第6期", [], "", FRIDAY, {}),
        ("申请延期报送周总结", [], "第47周总结能否周一再交", FRIDAY, {}),
        ("撤回：周计划", [], "", FRIDAY, {}),
        ("周会改期", [], "周计划照常交", FRIDAY, {}),
        ("周总结发您，计划晚点", ["周总结.docx"], "", FRIDAY, {"weekly-summary": "2026-W47"}),
    ],
)  # fmt: skip
def test_duty_and_period(subject: str, names: list[str], words: str, day: date, expected: dict[str, str]) -> None:
    found = purposes(sources(subject, names, words), OFFICE.duties, day, lambda _duty, _period: True)
    assert {purpose.duty.id: purpose.period.label for purpose in found} == expected


def test_an_answer_to_a_reminder_is_a_submission_whatever_the_reminder_says() -> None:
    named = sources("Re: 提醒：W48周计划还没交", ["周计划.docx"], "补上")
    found = purposes(named, OFFICE.duties, FRIDAY, lambda _duty, _period: True, is_reply=True)
    assert [(purpose.duty.id, purpose.period.label) for purpose in found] == [("weekly-plan", "2026-W48")]


@pytest.mark.parametrize(
    ("subject", "body", "outcome"),
    [
        ("Re: W48周计划", "王总，收到，谢谢，一定改进", Disposition.OTHER),
        ("Re: W48周计划", "这个分是不是打低了", Disposition.OTHER),
        ("周总结", "今天太晚了，总结我明早一上班就发您", Disposition.OTHER),
        ("同意张三本周总结免交", "王总，和您口头说过的，谢谢。", Disposition.OTHER),
        ("领导已批准张三本周免交周总结", "王总，如题。", Disposition.OTHER),
        ("周总结（上周免交）", "1. 回访客户 18 家\n2. 台账已整理", Disposition.SUBMISSION),
        ("Re: 请提交周计划", "下周计划：1、拜访客户 2、盘点", Disposition.SUBMISSION),
        ("下周计划", "明天请假，先交下周计划：1、盘点 2、培训", Disposition.SUBMISSION),
    ],
)
def test_a_line_about_a_submission_is_none(subject: str, body: str, outcome: Disposition) -> None:
    raw = f"From: zhangsan@example.com\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    friday = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    found = reading.read(reading.open_letter(raw.encode()), friday, Folder.INBOX, OFFICE, Context())
    assert found.disposition is outcome


def test_from_monday_to_wednesday_the_late_one_only_if_it_is_still_missing() -> None:
    w48 = Period.parse("2026-W48")
    found = purposes(sources("周工作计划", [], ""), OFFICE.duties, MONDAY, lambda _duty, period: period != w48)
    assert found[0].period.label == "2026-W49"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?gb2312?B?1ty5pNf3vMa7rg==?=", "周工作计划"),
        (b"=?utf-8?B?5ZGo5bel?= =?utf-8?B?5L2c6K6h5YiS?=", "周工作计划"),
        (b"=?utf-8?B?5ZGo5bel5L0=?=\r\n =?utf-8?B?nOiuoeWIkg==?=", "周工作计划"),
        ("周工作计划".encode("gb18030"), "周工作计划"),
        ("周工作计划".encode(), "周工作计划"),
        (b"=?x-unknown?B?5ZGo?=", "周"),
        (b"=?gb2312?Q?=C9=F2=88=D2?=", "沈堃"),
        (b"plain", "plain"),
    ],
)
def test_headers_whose_charsets_lie_or_split_characters(raw: bytes, text: str) -> None:
    assert decode_header(raw) == text


def test_html_keeps_lists_tables_and_lines_and_marks_off_the_quote() -> None:
    flat = to_text(
        "<div>同意<br>谢谢</div><table><tr><td>序号</td><td>内容</td></tr><tr><td>1</td><td>回访</td></tr></table>"
        "<ul><li>甲</li></ul><ol><li>一</li><li>二</li></ol><p style='display: none'>hidden</p>"
        "<blockquote type='cite'>不同意</blockquote><script>alert(1)</script>"
    )
    assert flat.own == "同意\n谢谢\n序号\t内容\t\n1\t回访\t\n• 甲\n1. 一\n2. 二"
    assert flat.quoted == "不同意"


def read(raw: bytes, folder: Folder = Folder.INBOX) -> reading.Reading:
    return reading.read(reading.open_letter(raw), at("2026-11-20T10:00"), folder, OFFICE, Context())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
@example(b"Content-Type: text/plain; name*\n\nx")
@example(b"Content-Type: text/plain; charset=no-such\n\n\xff\xfe")
@example(
    b"From: zhangsan@example.com\nSubject: =?utf-8?B?5ZGo5bel5L2c6K6h5YiS?=\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\n--a--"
)
@example(b"From: a@b, c@d\nFrom: zhangsan@example.com\nDate: 99\n\n")
@example(
    b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 1500
)
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    for folder in Folder:
        assert isinstance(read(raw, folder).disposition, Disposition)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_words_give_a_verdict_without_an_error(words: str) -> None:
    found = read_verdicts(words, set(Review) - {Review.NONE}, ScoreRules(), ["李四"])
    assert set(found.by_review) == {Review.APPROVE, Review.SCORE}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From: zhangsan@example.com\nAuto-Submitted: auto-replied", Disposition.AUTO_REPLY),
        (b"From: zhangsan@example.com\nPrecedence: bulk", Disposition.AUTO_REPLY),
        (b"From: zhangsan@example.com\nX-Autoreply: yes", Disposition.AUTO_REPLY),
        (b"From: MAILER-DAEMON@example.com", Disposition.BOUNCE),
        (b"From: zhangsan@example.com\nContent-Type: multipart/report; boundary=x", Disposition.BOUNCE),
        (b"From: zhangsan@example.com, lisi@example.com", Disposition.QUARANTINE),
        (b"From: zhangsan@example.com\nFrom: lisi@example.com", Disposition.QUARANTINE),
        (b"From: wang@example.com\nX-Mailflow: receipt", Disposition.OWN_LETTER),
        (b"From: zhangsan@example.com\nX-Mailflow: receipt", Disposition.SUBMISSION),
        (b'From: "zhangsan@example.com" <evil@example.net>', Disposition.STRANGER),
    ],
)
def test_who_counts_and_who_does_not(head: bytes, expected: Disposition) -> None:
    subject = "Subject: 周工作计划\nMessage-ID: <a@b>\n\n1. 回访".encode()
    assert read(head + b"\n" + subject).disposition is expected


# More of the same kinds, kept apart from the corpus: what counts is that none of them is a wrong act.
MORE_APPROVALS = [
    "行，就这么办",
    "没啥问题",
    "嗯，可以",
    "OK的",
    "同意，请按计划推进",
    "同意该计划",
    "可以实施",
    "计划可以",
    "计划没问题",
    "好，同意",
    "👍",
    "Sure, go ahead",
    "Agree",
    "yes, approved",
    "计划批准",
    "没有异议",
    "可行",
    "就按这个做",
    "我没意见，照计划做",
    "同意实施。注意节点。",
    "同意~",
    "准予执行",
    "無異議",
    "核准",
    "同意，辛苦",
    "可以，去做吧",
    "OK, approved. Please watch the budget.",
    "同意（注意安全）",
    "请按计划执行",
    "同意你的安排",
    "Approved with thanks",
    "没问题，按这个执行",
    "通过！加油",
    "可以。客户拜访记得带上合同",
    "同意，费用控制在5000以内",
]
MORE_REVISIONS = [
    "计划太简单，重新写",
    "写得太粗了，补一下数字",
    "第二项去掉",
    "把第三项提前",
    "不妥，请调整",
    "需进一步完善",
    "再细化一下",
    "还要改",
    "时间不合理，改一下",
    "目标定高一点",
    "暂不通过",
    "先不批",
    "打回重做",
    "不批",
    "这个不行",
    "不能同意",
    "Please add deadlines",
    "Not OK",
    "needs work",
    "修改后再报",
    "退回去重新写",
    "第1项写明数量",
    "改：第二项周三完成",
    "请修改第三条",
    "计划不够具体，请重新提交",
    "不同意，理由见批注",
    "请改成下周三",
    "未批准",
    "建议增加客户回访",
    "第二项时间太晚，提前",
    "还需要补充预算",
]
NEVER_A_PLAN = [
    "应该可以吧",
    "看情况",
    "原则同意",
    "可以是可以，但人手够吗",
    "如果预算够就同意",
    "你觉得可以吗",
    "是否同意请李总定",
    "等李总同意",
    "老板说可以",
    "同意与否待定",
    "我同意你的看法，但计划还没看",
    "不确定是否可以",
    "可以考虑",
    "可以讨论一下",
    "什么时候能通过审批",
    "还没同意",
    "不太好说",
    "同意才怪",
    "周一告诉你同不同意",
    "能不能通过要看财务",
    "可以请假",
    "周五前发给我",
    "在开会",
    "转财务",
    "哈哈",
    "明天面谈",
    "电话联系",
    "资料已收到",
    "请查收附件",
    "生日快乐",
    "这周辛苦大家了",
    "附件打不开",
    "我在出差",
]
MORE_SCORES = [
    "92分，辛苦",
    "评92",
    "给个88",
    "88吧",
    "本周90分",
    "得90",
    "得90分",
    "总分95分",
    "95分！",
    "八十八分，继续加油",
    "得分90。扣分原因：迟交。",
    "综合评分：93",
    "按92分",
    "91.5分",
    "87分。客户投诉2起，需改进",
    "评定为85分",
    "打90",
    "90 分",
    "考核：90分",
    "優秀，96分",
    "Score 95/100",
    "95 out of 100",
    "我给90",
    "基础90分，加2分，最终92分",
    "优，95",
]
NEVER_A_SCORE = [
    "90多分",
    "九十多",
    "85左右",
    "八九十分",
    "加5分",
    "比上周高5分",
    "良好",
    "优",
    "A",
    "及格",
    "满分",
    "不及格",
    "80分以上",
    "差不多90",
    "85?",
    "105",
    "九十到九十五",
    "80/90",
    "完成3项，还有2项没完成",
    "周三10点开会",
    "第48周继续",
    "3号前交",
    "很好",
    "去年同期120家",
    "9 5分",
]


@pytest.mark.parametrize("words", MORE_APPROVALS)
def test_these_approve_too(words: str) -> None:
    assert verdict(words, Review.APPROVE)[0] == "approve"


@pytest.mark.parametrize("words", MORE_REVISIONS)
def test_these_ask_for_a_revision_too(words: str) -> None:
    assert verdict(words, Review.APPROVE)[0] == "revise"


@pytest.mark.parametrize("words", NEVER_A_PLAN)
def test_these_never_act_on_a_plan_either(words: str) -> None:
    assert verdict(words, Review.APPROVE)[0] in ("unclear", "none")


@pytest.mark.parametrize("words", MORE_SCORES)
def test_these_score_too(words: str) -> None:
    assert verdict(words, Review.SCORE)[0] == "score"


@pytest.mark.parametrize("words", NEVER_A_SCORE)
def test_these_never_score_either(words: str) -> None:
    assert verdict(words, Review.SCORE)[0] in ("unclear", "none")


def test_an_office_adds_its_own_words() -> None:
    own = VerdictWords(approve=("照准", "Roger"), revise=("再议",))
    for words, expected in (
        ("照准", "approve"),
        ("照准，注意成本", "approve"),
        ("roger", "approve"),
        ("再议", "revise"),
    ):
        found = read_verdicts(words, {Review.APPROVE}, ScoreRules(), own=own).by_review[Review.APPROVE]
        assert found.verdict.value == expected
        assert not read_verdicts(words, {Review.APPROVE}, ScoreRules()).by_review[Review.APPROVE].verdict.acts


def attached(name: str) -> attachments.Attachment:
    raw = (Path(__file__).resolve().parents[1] / f"mail/traps/attached-{name}.eml").read_bytes()
    return attachments.read_attachment(reading.open_letter(raw).parts[0])


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("workbook", "序号\t工作内容\t完成时间\n1\t回访客户\t周五"), ("zip", "【周计划.txt】\n1. 回访客户"), ("zip", "【表.xlsx】"), ("zip-gbk-names", "【周计划.txt】"),
        ("message", "2. 整理台账"), ("rfc822", "周工作计划"), ("winmail", "整理台账"), ("rtf", "plan"), ("text-gbk", "回访"),
    ],
)  # fmt: skip
def test_the_text_of_what_is_attached(name: str, part: str) -> None:
    assert part in attached(name).text


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("encrypted-word", "encrypted"), ("encrypted-pdf", "encrypted"), ("zip-bomb", "too large"),
        ("broken-word", "damaged or not what its name says"), ("unknown", "a kind of file that mailflow doesn't read"),
    ],
)  # fmt: skip
def test_why_an_attachment_has_no_text(name: str, problem: str) -> None:
    found = attached(name)
    assert (found.text, found.problem) == ("", problem)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_a_broken_winmail_gives_what_it_can(tail: bytes) -> None:
    assert unwrap(b"\x78\x9f\x3e\x22\x01\x00" + tail) is not None
    assert unwrap(tail[:5]) is None


def test_the_name_of_a_band_alone_is_asked_back_only_where_bands_are_configured() -> None:
    bands = ScoreRules(bands=(("优秀", Decimal(90)), ("A", Decimal(90))))
    for words in ("优秀", "A", "優秀，继续保持"):
        assert read_verdicts(words, {Review.SCORE}, bands).by_review[Review.SCORE].verdict is Verdict.UNCLEAR
    assert read_verdicts("优秀", {Review.SCORE}, ScoreRules()).by_review[Review.SCORE].verdict is Verdict.NONE


@pytest.mark.parametrize(
    "words",
    ["not approved", "Not Approved.", "disallow", "Disallowed", "I disapprove", "unapproved", "not allowed", "never approve this",
     "hardly approved", "不允许", "不批准", "未批准", "不予通过"],
)  # fmt: skip
def test_a_word_that_holds_its_opposite_is_never_an_approval(words: str) -> None:
    """openworker #445 and #161: "not approved" taken for approved, "disallow" for allow."""
    found = read_verdicts(words, {Review.APPROVE}, ScoreRules(), [], "张三")
    assert {decision.verdict for decision in found.by_review.values()} <= {
        Verdict.REVISE,
        Verdict.NONE,
        Verdict.UNCLEAR,
    }


def test_half_a_surrogate_pair_is_replaced() -> None:
    letter = reading.open_letter(
        b"From: zhangsan@example.com\nSubject: =?utf-7?q?+2AA-?= 2026-W48 weekly plan\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=utf-7\n\n1. visit +2AA-\n"
    )
    assert letter.subject == "\ufffd 2026-W48 weekly plan"
    assert (letter.subject + letter.text).encode()

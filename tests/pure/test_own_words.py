"""Own words beside quotes, signatures and phone lines of further programs, and answers to receipts."""

from __future__ import annotations

from datetime import date

import pytest

from mailflow.reading.opening.quoting import OwnWords, beside_original, own_words
from mailflow.reading.opening.signing import without_signature
from mailflow.reading.staff.correction import refiling
from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period
from tests.offices import PLAN, SUMMARY

ORIGINAL = "王总：\n下周计划\n1. 回访\n同意请回复"
QUOTED = "\n".join(f"> {line}" for line in ORIGINAL.split("\n"))
TAILS = [
    f"-----Original Message-----\nFrom: 张三 <z@example.com> \nSent: Saturday, November 21, 2026 8:01 PM\nTo: w\nSubject: x\n\n{ORIGINAL}",
    f"张三<z@example.com> 在 2026年11月21日 周六 20:01 写道：\n{QUOTED}",
    f"张三<z@example.com> 在 2026年11月21日 周六 20:01 写道：\n{ORIGINAL}",
    f"----- 原始邮件 -----\n发件人：张三 <z@example.com>\n收件人：王 <w@example.com>\n主题：x\n日期：2026年11月21日 20点01分\n\n{ORIGINAL}",
    f"在 2026年11月21日星期六 下午08:01:02 [GMT+8]， 张三<z@example.com> 寫道：\n\n{ORIGINAL}",
    f"2026年11月21日星期六 20:01，张三 <z@example.com> 写道：\n\n{QUOTED}",
    f"On Saturday, November 21st, 2026 at 20:01, 张三 <z@example.com> wrote:\n\n{QUOTED}",
    f"-------- 原始信息 --------\n由： 张三 <z@example.com>\n日期： 2026/11/21 20:01 (GMT+08:00)\n收件人： w\n主题： x\n{ORIGINAL}",
    f"-------- 原始訊息 --------\n寄件者： 张三 <z@example.com>\n日期： 2026/11/21 20:01 (GMT+08:00)\n收件者： w\n主旨： x\n{ORIGINAL}",
    f"发自vivo电子邮件\n\n张三 <z@example.com> 于2026年11月21日 20:01写道：\n{QUOTED}",
    "从OPPO手机发送",
    "来自 Outlook for Android",
    "发送自 Windows 10 版邮件应用",
    "取得 iOS 版 Outlook",
    "发自 Windows 邮件",
    "发自我的荣耀手机",
    "來自我的 iPhone",
    "Sent from my Xiaomi",
    "发自新浪邮箱客户端",
    "发自我的小米平板",
    "发自QQ邮箱",
    "从 Yahoo 奇摩信箱 Android 版發送",
    f"*发件人:* 张三 <z@example.com>\n*发送时间:* 2026年11月21日 20:01\n*收件人:* w\n*主题:* x\n\n{ORIGINAL}",
    f"**发件人**: 张三 <z@example.com>\n**日期**: 2026年11月21日 20:01\n**收件人**: w\n**主题**: x\n\n{ORIGINAL}",
    f"发件人：张三<z@example.com>\n日期：2026年11月21日(周六) 20:01\n主题：x\n收件人：w\n{ORIGINAL}",
    f"张三 <z@example.com> 于 2026年11月21日周六 20:01 写道：\n>\n{QUOTED}",
    f"在 2026年11月21日星期六，张三 <z@example.com> 写道：\n\n{QUOTED}",
    f"于 2026/11/21 20:01, 张三 写道:\n{QUOTED}",
    f"原始邮件\n发件人:张三z@example.com\n收件人:王w@example.com\n发送时间:2026年11月21日(周六) 20:01\n主题:x\n\n{ORIGINAL}",
    f"------------------------------------------------------------------\n发件人:张三 <z@example.com>\n日\u3000期:2026年11月21日 20:01:02\n收件人:w\n主\u3000题:x\n\n{ORIGINAL}",
    f"________________________________\nFrom: 张三 <z@example.com>\nSent: Saturday\nTo: w\nSubject: x\n{ORIGINAL}",
    f"---原始邮件---\n发件人:z\n发送时间:2026\n\n{ORIGINAL}",
    "\n--\n王总 运营总监\n手机：13800000000\n",
    f"-- 原始邮件 --\n发件人: z\n发送时间: 2026\n{ORIGINAL}",
    "＞ 在 2026年，张三 写道：\n＞ 王总：\n＞ 下周计划\n＞ 1. 回访\n＞ 同意请回复",
    f"---------- 回复的邮件 ----------\n发件人：z\n日期：2026\n主题：x\n{ORIGINAL}",
    "----- 转发的邮件 -----",
    f"张三 2026-11-21 20:01:02 写道：\n{ORIGINAL}",
    f"---- On Wed, 25 Nov 2026 10:15:02 +0800 z@example.com wrote ----\n\n{ORIGINAL}",
    f"---- 在星期三, 2026-11-25 10:15:02 张三<z@example.com> 撰写 ----\n\n{ORIGINAL}",
    f"2026-11-21 15:36 GMT+02:00 张三 <z@example.com>:\n\n{QUOTED}",
    f"2026-11-21 15:36 GMT+02:00 张三 <z@example.com>:\n{ORIGINAL}",
    f"2026/11/21 张三 <z@example.com>\n\n{ORIGINAL}",
    f"2026年11月21日 10:12，张三 <z@example.com>：\n{ORIGINAL}",
    f"Am 21.11.2026 um 10:12 schrieb Zhang San <z@example.com>:\n{ORIGINAL}",
    f"Zhang San wrote on 2026-11-21 10:12:\n{ORIGINAL}",
    f"--------------原始邮件--------------\n发件人：z<z@example.com>;\n发送时间：2026\n收件人：x;\n主题：x\n-----------------------------------\n{ORIGINAL}",
]


@pytest.mark.parametrize("tail", TAILS)
def test_own_words_end_where_any_program_begins_the_original(tail: str) -> None:
    assert own_words(f"同意\n\n{tail}").text == "同意"


@pytest.mark.parametrize(
    "words",
    [
        "同意\n2026年11月25日之前联系 张三 <z@example.com>，把合同定下来",
        "92\n请在 2026-11-25 10:00 前发到 z@example.com",
        "修改：\n2026-11-25 上线改到 2026-11-27",
        "同意。On 2026-11-25 we wrote to the customer, please follow up.",
    ],
)
def test_a_date_and_an_address_in_a_sentence_introduce_no_quote(words: str) -> None:
    assert own_words(words).text == words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("同意\n\n王建国\n运营总监\n手机：13800001234\n地址：滨江区某某路90号", "同意"),
        ("同意，第三条抓紧\n\n王总", "同意，第三条抓紧"),
        ("92，客户回访做得好\n王建国\n138 0000 1234", "92，客户回访做得好"),
        ("修改：第二条补时间\n\n王建国 | 运营总监 | 某某公司", "修改：第二条补时间"),
        ("92\n\n祝好\n王建国", "92"),
        ("92\n此致\n敬礼！\n王建国 2026年11月22日", "92"),
        ("同意。王总 2026.11.21", "同意。"),
        ("92分。——王建国", "92分。"),
        ("同意\nBest regards,\nWang Jianguo\nDirector of Operations\nTel: +86 571 8888 9999", "同意"),
        ("88\nBR\nJ. Wang", "88"),
        # These are his words.
        ("请按第2条办\n周三下午3点前给我，电话 88886666", "请按第2条办\n周三下午3点前给我，电话 88886666"),
        ("修改：联系人写\n李总\n13800001234", "修改：联系人写\n李总\n13800001234"),
        ("第二条抄送王总", "第二条抄送王总"),
        ("同意\n138 0000 1234", "同意\n138 0000 1234"),
        ("祝好\n第二条改到周四", "祝好\n第二条改到周四"),
        ("王建国", "王建国"),
    ],
)
def test_a_signature_typed_below_his_words_is_none_of_them(words: str, kept: str) -> None:
    assert without_signature(words, ["王建国", "王总"]) == kept


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"同意\n\nMüller schrieb am 21.11.2026 20:01:\n{ORIGINAL}", "同意"),
        ("同意", "同意"),
        ("1. 回访\n改成两家\n同意请回复\n周三前", "改成两家\n周三前"),
        (ORIGINAL, ""),
        (f"同意\n{ORIGINAL}", "同意"),
        ("修改：补充时间\n1. 回访", "修改：补充时间\n1. 回访"),
    ],
)
def test_lines_of_the_answered_mail_are_not_his_words(words: str, expected: str) -> None:
    assert beside_original(OwnWords(words, "whole text"), ORIGINAL).text == expected


LONG = "王总：本周走访客户 12 家，自评得分为 98分 谢谢。請審閱，可以執行"


@pytest.mark.parametrize(
    "quote",
    [
        "王总：本周走访客户 12 家，自评得分为\n98分\n谢谢。請審閱，可以執行",
        "王总：本周走访客户 12 家，\n自评得分为 98分\n谢谢。请审阅，\n可以执行",
        "张三 <z@example.com>\n王总：本周走访客户\n12 家，自评得分为 98分 谢谢。請審閱，\n可以執行\n",
    ],
)
def test_the_answered_mail_broken_anew_is_not_his_words(quote: str) -> None:
    assert beside_original(OwnWords(f"收到\n\n{quote}", "whole text"), LONG).text == "收到"


def test_words_amid_an_unmarked_quote_are_told_apart() -> None:
    found = beside_original(OwnWords("收到\n下周计划\n同意\n1. 回访\n同意请回复", "whole text"), ORIGINAL)
    assert (found.text, found.above) == ("收到\n同意", "收到")
    assert beside_original(OwnWords(f"同意\n{ORIGINAL}", "whole text"), ORIGINAL).above is None


@pytest.mark.parametrize(
    ("words", "booked", "meant"),
    [
        ("这是上周的总结", SUMMARY, "weekly-summary 2026-W47"),
        ("這是上週的總結", SUMMARY, "weekly-summary 2026-W47"),
        ("不对，应该是第49周", PLAN, "weekly-plan 2026-W49"),
        ("不是第48周，是第49周的计划", PLAN, "weekly-plan 2026-W49"),
        ("请把第48周改成第49周", PLAN, "weekly-plan 2026-W49"),
        ("应该是11.30-12.6的", PLAN, "weekly-plan 2026-W49"),
        ("This is for week 49", PLAN, "weekly-plan 2026-W49"),
        ("这是计划，不是总结", SUMMARY, "weekly-plan 2026-W48"),
        ("抱歉，写错了，这是下周的工作计划，请更正", PLAN, "weekly-plan 2026-W49"),
        ("这是本周的计划", PLAN, ""),
        ("谢谢，第47周的总结我周五再交", PLAN, ""),
        ("这份计划是第49周的吗？", PLAN, ""),
        ("是第49周还是第50周的", PLAN, ""),
        ("收到", PLAN, ""),
        ("", PLAN, ""),
    ],
)
def test_an_answer_to_a_receipt_corrects_only_what_it_says_and_nothing_else(
    words: str, booked: Duty, meant: str
) -> None:
    found = refiling(words, [(booked, Period.parse("2026-W48"))], (PLAN, SUMMARY), date(2026, 11, 23))
    assert (f"{found.meant[0].id} {found.meant[1]}" if found else "") == meant

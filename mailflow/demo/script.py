"""The script of the demo: two weeks of an office as scenes, each an instant and what somebody mails then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

QQ_QUOTE = '\n\n------------------ 原始邮件 ------------------\n发件人: "{name}" <{who}@example.com>;\n发送时间: 2026年11月\n收件人: "王总"<wang@example.com>;\n主题: {subject}\n\n我的计划,请领导审批,如果同意请回复“同意”。'
PHONE = "\n\n发自我的iPhone"


@dataclass(frozen=True)
class Scene:
    """Somebody mails something. `answers` names the scene whose mail is answered; `note` is what the story tells."""

    at: str
    who: str
    subject: str
    text: str
    note: str
    name: str = ""
    answers: str = ""
    to: str = ""
    attachment: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    forged: bool = False


@dataclass(frozen=True)
class Pass:
    """mailflow looks at the mailbox at this instant."""

    at: str


def _plan(at: str, who: str, note: str, week: str = "下周") -> Scene:
    text = f"{week}工作计划\n1. 回访客户 20 家,周五前完成\n2. 整理客户台账,周三前完成\n3. 准备月度例会材料"
    return Scene(at, who, f"{week}工作计划", text, note, name=f"{who} plan {at[:5]}")


def _summary(at: str, who: str, note: str) -> Scene:
    text = "本周工作总结\n1. 回访客户 18 家(计划 20 家)\n2. 客户台账已整理完毕\n3. 例会材料完成初稿"
    return Scene(at, who, "第47周工作总结", text, note, name=f"{who} summary")


def _decides(at: str, to: str, answers: str, text: str, note: str) -> Scene:
    return Scene(at, "wang", "回复:工作计划与总结", text, note, to=to, answers=answers)


def scenes() -> Iterator[Scene | Pass]:
    """The two weeks, in order."""
    yield _plan("11-13 15:20:00", "zhang", "mails next week's plan in good time")
    yield _plan("11-13 16:40:00", "li", "the same")
    yield Scene(
        "11-13 16:41:00",
        "zhao",
        "工作安排",
        "见附件,谢谢!",
        "sends the plan as an attachment",
        name="zhao plan 11-13",
        attachment="赵六-周工作计划(11.16-11.20).txt",
    )
    yield Pass("11-13 17:00:00")
    yield _decides(
        "11-13 18:05:00",
        "zhang",
        "zhang plan 11-13",
        "同意" + PHONE + QQ_QUOTE.format(name="张三", who="zhang", subject="下周工作计划"),
        "approves 张三's plan from his phone",
    )
    yield _decides(
        "11-13 18:07:00",
        "li",
        "li plan 11-13",
        "修改:第二项写清楚谁负责,补充完成时间",
        "sends 李四's plan back with comments",
    )
    yield Pass("11-13 18:10:00")
    yield _plan("11-14 09:30:00", "qian", "mails a plan")
    yield Scene(
        "11-14 10:00:00",
        "li",
        "回复:请修改周工作计划",
        "下周工作计划(修改稿)\n1. 回访客户 20 家,周五前完成\n2. 整理客户台账,李四负责,周三前完成",
        "mails the corrected plan: version 2",
        name="li plan 2",
        answers="letter revision li",
    )
    yield _plan("11-14 14:00:00", "zheng", "mails a plan from Taipei", "下週")
    yield Scene(
        "11-14 14:10:00",
        "smith",
        "Weekly plan W47",
        "1. Visit three distributors\n2. Price list for Q1",
        "mails his plan in English",
        name="smith plan",
    )
    yield _plan("11-14 20:59:59", "sun", "mails his plan one second before the cutoff")
    yield _plan("11-14 21:00:00", "zhou", "mails hers one second later: late")
    yield Scene("11-14 21:03:00", "feng", "周工作计划", "", "mails an empty plan, which is none", name="feng empty")
    yield Pass("11-14 21:20:00")
    yield _decides("11-14 21:40:00", "li", "li plan 2", "同意,注意成本", "approves version 2, with a wish")
    yield _decides(
        "11-14 21:42:00",
        "qian",
        "qian plan 11-14",
        "原则上同意,周一正式回复",
        "answers 钱七 in a way that decides nothing",
    )
    yield Scene(
        "11-14 21:50:00",
        "wang",
        "回复:下周工作计划",
        "同意",
        "somebody forges an approval: “From: wang” turns up in INBOX",
        to="wang",
        answers="sun plan 11-14",
        forged=True,
    )
    yield Scene(
        "11-14 22:00:00",
        "chen",
        "自动回复:缺交通知",
        "我正在休假,回来后答复。",
        "陈甲's mailbox answers by itself",
        headers=(("Auto-Submitted", "auto-replied"),),
    )
    yield Pass("11-14 22:05:00")
    yield Scene(
        "11-15 09:00:00",
        "wang",
        "回复:请确认",
        "同意",
        "answers the question back: approved",
        to="wang",
        answers="letter clarify wang",
        forged=True,
    )
    yield _decides("11-15 09:05:00", "zheng", "zheng plan 11-14", "沒有意見", "has no objection to 鄭一's plan")
    yield _decides("11-15 09:06:00", "smith", "smith plan", "Approved, thanks", "approves in English")
    yield Scene(
        "11-15 09:30:00",
        "chen",
        "补交:周工作计划",
        "下周工作计划\n1. 处理投诉 15 件\n2. 培训新人两名",
        "hands in late",
        name="chen plan",
    )
    yield Pass("11-15 10:00:00")
    for who in ("zhang", "li", "zhao", "qian", "zheng", "chen"):
        yield _summary("11-20 16:00:00", who, "mails the summary of the week")
    yield Scene(
        "11-20 16:05:00",
        "smith",
        "Weekly summary W47",
        "1. Visited three distributors\n2. Price list done",
        "mails the summary in English",
        name="smith summary",
    )
    yield Scene(
        "11-20 17:00:00",
        "sun",
        "周报",
        "本周工作总结\n1. 活动方案完成\n\n下周工作计划\n1. 活动执行\n2. 复盘",
        "mails both duties in one mail",
        name="sun both",
    )
    yield Pass("11-20 17:10:00")
    for who in ("zhang", "li", "zhao", "qian"):
        yield _plan("11-21 11:00:00", who, "mails next week's plan")
    yield _summary("11-21 21:12:34", "zhou", "mails her summary twelve minutes late")
    yield Pass("11-21 21:20:00")
    yield _decides("11-22 10:00:00", "zhang", "zhang summary", "92分,客户回访做得好", "scores 张三: 92")
    yield _decides("11-22 10:01:00", "li", "li summary", "88.5", "scores 李四: 88.5")
    yield _decides(
        "11-22 10:02:00", "zhao", "zhao summary", "回访只完成18家,给85分", "scores 赵六: 85, though 18 stands there too"
    )
    yield _decides("11-22 10:03:00", "qian", "qian summary", "90或者92", "gives 钱七 two numbers")
    yield _decides("11-22 10:04:00", "sun", "sun both", "计划同意,总结95分", "settles both of 孙八's with one line")
    yield _decides("11-22 10:05:00", "zhou", "zhou summary", "得分:78,下次按时", "scores 周九: 78")
    yield _decides("11-22 10:06:00", "zheng", "zheng summary", "九十分", "scores 鄭一 in Chinese numerals")
    yield _decides("11-22 10:07:00", "smith", "smith summary", "Score: 91, good work", "scores Jo Smith")
    yield _decides("11-22 10:08:00", "chen", "chen summary", "收到", "only acknowledges 陈甲's summary")
    yield Scene(
        "11-22 10:10:00",
        "wang",
        "回复：汇总",
        "李四 修改：第二项写清完成时间\n其余同意",
        "answers the digest in two lines: 李四 is to revise, the rest are approved",
        to="wang",
        answers="letter digest wang",
    )
    yield Pass("11-22 10:15:00")
    yield _decides("11-23 09:00:00", "qian", "qian summary", "92", "gives one number: 92")
    yield _decides("11-23 09:01:00", "zhang", "zhang summary", "95", "thinks again: 张三 gets 95")
    yield _decides("11-23 09:02:00", "chen", "chen summary", "80分", "scores 陈甲: 80")
    yield Pass("11-23 09:05:00")

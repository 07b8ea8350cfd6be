"""The words that reading goes by, as data. All are written folded: simplified, half-width, lower case."""

from __future__ import annotations

import re

# How a subject, a file name or a heading names a duty. An office adds its own with `words` in [[duties]].
_WEEK = r"(?:第?\s*\d{1,2}\s*周|w\s*\d{1,2}|周(?![末年边围岁])|星期|一周|week(?:ly)?|\d{1,2}\s*[./月]\s*\d{1,2}\s*日?\s*[-—–~至到]+\s*[\d./月日年]+)"
_GAP = r"[^,。;,\n及和与、+&]{0,10}?"
DUTY_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "weekly-plan": (
        re.compile(rf"{_WEEK}{_GAP}(?:计划|工作安排|plan\b)"),
        re.compile(r"(?<![月年季度日项目训游差品])工作计划"),
        re.compile(r"\bplan for (?:the )?(?:next |this |coming )?week"),
    ),
    "weekly-summary": (
        re.compile(rf"{_WEEK}{_GAP}(?:总结|小结|summary\b)"),
        re.compile(r"(?<![月年季度日项目训游差品])工作(?:总结|小结|汇报)"),
        re.compile(r"\bsummary of (?:the )?(?:last |this )?week"),
    ),
    "daily-log": (re.compile(r"工作日志|日报|daily (?:log|report)"),),
    "monthly-plan": (re.compile(r"月(?:度)?(?:工作)?计划|monthly plan"),),
    "monthly-summary": (re.compile(r"月(?:度)?(?:工作)?(?:总结|小结)|monthly (?:summary|report)"),),
}
BOTH = re.compile(
    r"周报|weekly report|(?:总结|小结)\s*(?:及|和|与|、|\+|&|/|and|暨|,)?\s*(?:下周|工作|周|下一周)*\s*计划"
    r"|计划\s*(?:及|和|与|、|\+|&|/|and|暨|,)\s*(?:本周|上周|工作|周)*\s*(?:总结|小结)"
)

# Subjects that speak of a duty without being one.
NOT_A_SUBMISSION = re.compile(
    r"模板|模版|范本|样本|格式|通知|通告|公告|要求|规定|怎么写|如何写|请教|请问|咨询|几点|截止|发票|invoice|催交|提醒|培训|会议|"
    r"template|reminder|how to|question|\?\s*$|吗\s*$"
)

ACKNOWLEDGEMENT = re.compile(
    r"(?:好的?|收到|知道了?|明白了?|了解|谢谢|感谢|多谢|辛苦了?|没问题|ok(?:ay)?|thanks?(?: you)?|thx|noted|got it|"
    r"received|will do|嗯+|行|是的?|马上改?|立即修改|稍后发?|我?马上(?:修改|改|补)|尽快(?:修改|改|补)|"
    r"[王李张刘陈杨黄赵吴周徐孙]总|领导|您|了|的|我|会|[\s,.。!~、:;])+"
)
REPLY_PREFIX = re.compile(
    r"^\s*(?:re|aw|sv|回复|答复|回覆|fw|fwd|转发|轉寄|转寄|ref)\s*(?:[\[(（]\s*\d+\s*[\])）])?\s*[:：]\s*",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\[t:([A-Z2-7]{16})\]")
# A token as a subject bears it, or as a link does that opens a mail with such a subject.
SHOWN_TOKEN = re.compile(r"(?:\[|%5B)t(?::|%3A)([A-Z2-7]{16})", re.IGNORECASE)
# A Message-ID as mailflow makes them.
OURS = re.compile(r"<mailflow\.[0-9a-f]{32}@[^<>\s]+>")
CODE = re.compile(r"\[#([A-HJ-NP-Z2-9]{6})\]")


def bare_subject(subject: str) -> tuple[str, bool]:
    """The subject without its reply and forward prefixes, and whether it had any."""
    bare = subject.strip()
    stripped = False
    while match := REPLY_PREFIX.match(bare):
        bare, stripped = bare[match.end() :], True
    return bare.strip(), stripped

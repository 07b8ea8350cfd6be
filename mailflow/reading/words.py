"""The words that reading goes by, as data. All are written folded: simplified, half-width, lower case."""

from __future__ import annotations

import re

from mailflow.rules.periods import PeriodKind

# How a subject, a file name or a heading names a duty. An office adds its own with `words` in [[duties]].
_WEEK = r"(?:第?\s*\d{1,2}\s*周|w\s*\d{1,2}|周(?![末年边围岁])|星期|礼拜|一周|week(?:ly)?|\d{1,2}\s*[./月]\s*\d{1,2}\s*日?\s*[-—–~至到]+\s*[\d./月日年]+)"
_GAP = r"[^,。;,\n及和与、+&]{0,10}?"
# As it is written, and the slips of the input method that can mean nothing else after a week.
_PLAN = r"(?:[计记][划画化戈]|工作安排|plan\b)"
_SUMMARY = r"(?:总结|小结|[宗综纵]结|总[节杰]|周结|summary\b)"
# Words of a duty only directly after their week: 下周安排, 本周的工作回顾; elsewhere they speak of anything.
_OF = r"(?:工作|重点|的|我|\s){0,3}"
_NEAR_WEEK = r"(?:[本这上下]\s*一?个?\s*(?:周|星期|礼拜)|一周|\d{1,2}\s*周)"
_WHEN = (
    r"(?:第?\s*\d{1,2}\s*周?|w\s*\d{1,2}|[本这上下]\s*(?:周|星期|礼拜)"
    r"|\d{1,2}[./]\d{1,2}(?:\s*[-~—–至到]+\s*[\d./]+)?)"
)
_WHOLE = r"^\W*(?:{when}\W*)?{word}(?:\W*{when})?\W*(?:\.\w+)?$"
WORDS_OF: dict[tuple[str, PeriodKind], tuple[re.Pattern[str], ...]] = {
    ("plan", PeriodKind.WEEK): (
        re.compile(rf"{_WEEK}{_GAP}{_PLAN}"),
        re.compile(rf"{_NEAR_WEEK}{_OF}(?:安排|打算|要点)"),
        re.compile(r"(?<![月年季度日项目训游差品])工作计划"),
        re.compile(r"\bplan for (?:the )?(?:next |this |coming )?week"),
        re.compile(_WHOLE.format(when=_WHEN, word="计划")),
    ),
    ("summary", PeriodKind.WEEK): (
        re.compile(rf"{_WEEK}{_GAP}{_SUMMARY}"),
        re.compile(rf"{_NEAR_WEEK}{_OF}(?:回顾|复盘|汇报|完成情况)"),
        re.compile(r"(?<![月年季度日项目训游差品])工作(?:总结|小结|汇报)"),
        re.compile(r"\bsummary of (?:the )?(?:last |this )?week"),
        re.compile(_WHOLE.format(when=_WHEN, word="[总小]结")),
    ),
    ("log", PeriodKind.DAY): (re.compile(r"工作日志|日报|daily (?:log|report)"),),
    ("plan", PeriodKind.FORTNIGHT): (re.compile(r"双周(?:工作)?计划|fortnightly plan"),),
    ("summary", PeriodKind.FORTNIGHT): (re.compile(r"双周(?:工作)?(?:总结|小结)|fortnightly (?:summary|report)"),),
    ("plan", PeriodKind.QUARTER): (re.compile(r"(?:季度?|q[1-4])(?:工作)?计划|quarterly plan"),),
    ("summary", PeriodKind.QUARTER): (
        re.compile(r"(?:季度?|q[1-4])(?:工作)?(?:总结|小结)|quarterly (?:summary|report)"),
    ),
    ("plan", PeriodKind.MONTH): (re.compile(r"月(?:度)?(?:工作)?计划|monthly plan"),),
    ("summary", PeriodKind.MONTH): (re.compile(r"月(?:度)?(?:工作)?(?:总结|小结)|monthly (?:summary|report)"),),
}
# What a title or a text calls each form of duty, the plainest word first.
FORM_WORDS: dict[str, tuple[str, ...]] = {
    "plan": ("计划", "安排", "plan"),
    "summary": ("总结", "小结", "周报", "weekly report", "summary"),
    "log": ("日志", "日报", "log"),
}
# Plans and summaries of something else than a week, and what became of a plan; they are taken out before a weekly
# duty is looked for.
OTHER_THINGS = re.compile(
    r"(?:(?:\d{1,2}|[一二三四五六七八九十元本上下]{1,2})\s*月(?:份|度)?|双周|季度?|q[1-4]|半年|年度|年终|全年|试用期?|转正|学期|[寒暑]假)"
    r"(?:个人|工作|的|\s){0,3}(?:总结|小结|汇报|报告|计划)"
    r"|计划(?:的)?(?:完成|执行|变更)"
    r"|(?:项目|专案|团建|聚餐|旅[游行]|活动|生产|采购|培训)[^\s,。;及和与、+&]{0,4}(?:周报|总结|小结|计划)"
)
_AND = r"(?:及|和|与|、|\+|&|/|and|暨|,)"
_DATES = r"[\s\d第周w月日.\-~—至/()]*"
BOTH = re.compile(
    rf"周报|weekly report|(?:总结|小结)\s*{_AND}?\s*(?:下周|工作|周|下一周)*\s*计划"
    rf"|计划\s*{_AND}\s*(?:本周|上周|工作|周)*\s*(?:总结|小结)"
    rf"|(?:总结|小结){_DATES}{_AND}{_DATES}(?:下周|工作)*计划"
)

# Subjects and file names that speak of a duty without being one.
NOT_A_SUBMISSION = re.compile(
    r"模板|模版|范本|样本|格式|通知|通告|公告|要求|规定|怎么|如何写|请教|请问|询问|咨询|发票|invoice|培训|会议|撤回|已读|"
    r"例会|晨会|周会|纪要|请假|的意见|的分\s*$|里提到|问一[下声]|template|how to|question"
)
# Subjects that put one off, ask for it or about it; what is attached may be one all the same.
SPEAKS_OF_ONE = re.compile(
    r"催|提醒|几点|截止|延[期迟]|推迟|晚点|晚一天|晚交|能否|能不能|可否|明天交|一定交|还没|没法|无法|写不写|收到没|看了没|改期|变更|"
    r"reminder|\?\s*$|吗\s*$"
)
# A line that puts a submission off, asks about it or thanks for what was said of it; none in itself.
ABOUT_ONE = re.compile(
    r"^\W*(?:[\w ]{0,4}(?:总|姐|哥|老师|主任|校长)\W*)?(?:批示)?(?:收到|谢谢|感谢|多谢|好的|明白|知道了|请问)"
    r"|(?:还没写|没写完|明早|明天|明儿|今晚|晚点|下午|稍后|改好)[^\n。]{0,10}(?:补|交|发)"
    r"|发过了|[?]\s*$|(?:能不能|可不可以|能否|可否|行不行|想知道)"
)
# What a subject says of somebody who need not send one; with no more than a line below it is none.
EXCUSES = re.compile(r"免交|免写|免报|不用交|不必交|无需交|准假")
# The same of an answer, which is about what it answers.
ANSWERS_ABOUT_ONE = re.compile(r"谢谢|感谢|多谢|[?]|是不是|没意见")

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

"""Staff features: what the learned reader sees of a mail of the staff: its wording, and which weeks it tells of how.

A summary tells of a week that was, a plan of one that comes; that stands in headings (本周完成, 下周安排, done, todo),
in weeks and dates beside the day of arrival, and in the words of a subject or a file's name. The same functions serve
`make train`, so that what was learned is what is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from mailflow.reading.opening.charsets import fold
from mailflow.reading.staff.periods import week_hints
from mailflow.reading.words import BOTH, NOT_A_SUBMISSION, OTHER_THINGS, SPEAKS_OF_ONE, WORDS_OF, bare_subject
from mailflow.rules.periods import Period, PeriodKind

_SUBJECT, _BODY, _CONTENT, _DATED = 60, 500, 300, 200
_STRUCTURED_BODY, _STRUCTURED_CONTENT = 900, 600
# The days on which a week that has begun is still being planned, and the one before summed up.
_EARLY = (0, 1, 2)

_WEEKS = {
    "last": r"上\s*一?个?\s*(?:周|星期|礼拜)|last week|last 5 days|recap",
    "this": r"(?:本|这|这一|当)\s*个?\s*(?:周|星期|礼拜)|一周|this week|过去一周",
    "next": r"下\s*一?个?\s*(?:周|星期|礼拜)|next (?:week|wk)|coming (?:week|5 days|days)|节后|明天起",
}
_DONE = (
    r"已?完成|做完|干完|办结|done|finished|completed|总结|小结|回顾|复盘|情况|result|recap|wrap|做了|干了|干的|问题"
    r"|不足"
)
_TODO = r"计划|安排|打算|准备|拟|要做|要干|将|todo|to do|next|plan|重点|推进|目标|下一步|开展|预计"
_BEGINS = (
    r"(?:^|[\n。;；!！|【\[]|[,，](?=\s*(?:上|本|这|下)))\s*"
    r"(?:[(（]?[一二三四五六七八九\d]+[)）、.．]|[-*•·]|【|\[)?\s*"
)
_NEAR = r"[^,，。;；\n]{0,6}"
_TOLD = {
    f"{sign}:{week}": re.compile(pattern)
    for week, words in _WEEKS.items()
    for sign, pattern in (
        ("names", words),
        ("heads", rf"{_BEGINS}(?:我|这|的|完成|:|\s)*(?:{words})"),
        ("done", rf"(?:{words}){_NEAR}(?:{_DONE})"),
        ("todo", rf"(?:{words}){_NEAR}(?:{_TODO})"),
    )
}
_HEADS = {
    "done": re.compile(rf"{_BEGINS}(?:我|的)?(?:{_DONE})"),
    "todo": re.compile(rf"{_BEGINS}(?:我|的)?(?:{_TODO})"),
}
_COUNTED = {"done": re.compile(_DONE), "todo": re.compile(_TODO), "了": re.compile("了")}
# What is written about submissions, or beside them.
_TALK = {
    "asks": r"能不能|能否|可否|行不|是否|怎么|什么时候|用哪个|请问|疑问|妥否",
    "says it was sent": r"已报|已发|已于|发过了|早就发|就发了|报过|搜一下|查核",
    "puts off": r"延|缓|晚一天|晚点|再交|补上|明早|明天补",
    "counts others": r"报送情况|收件情况|缴交|未交|已交|名单|统计|汇总|彙整|催",
    "template": r"模板|表格|空白|格式|新表",
    "leave": r"请假|年假|休假|调休|加班|离职|交接",
    "forwards": r"转发|fwd|转您|不是我的",
    "of a score": r"得分|评分|给我\d|扣",
    "meeting": r"会议|评审会|例会|开会|议题",
    "other period": r"月份?(?:工作)?(?:总结|计划)|月报|季度|年度|q[1-4]|试用|转正",
    "of one item": r"调整.{0,6}计划|计划第",
}
_TALKS = {name: re.compile(words) for name, words in _TALK.items()}
_WORDS = "本周 这周 上周 下周 计划 总结 小结 周报 安排 完成 week next done todo plan summary report 已 了".split()
_WEEKLY = {form: WORDS_OF[form, PeriodKind.WEEK] for form in ("plan", "summary")}
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class StaffMail:
    """What of a mail counts: subject, own words, names and texts of what is attached, the day it arrived (in the
    office's zone), and whether it answers another."""

    subject: str
    body: str
    filenames: Sequence[str]
    content: str
    arrival: date
    is_reply: bool


def of_staff_mail(mail: StaffMail) -> set[str]:
    """The features of a mail of the staff."""
    subject = fold(bare_subject(mail.subject)[0])
    names = fold("|".join(PurePath(name).stem for name in mail.filenames))
    body, content = fold(mail.body[:_STRUCTURED_BODY]), fold(mail.content[:_STRUCTURED_CONTENT])
    found = {*_wording(subject, body, names, content), *_talk(subject, body), *_named(subject, body, names)}
    early = "early" if mail.arrival.weekday() in _EARLY else "late"
    for where, text in (("b", body), ("c", content), ("s", subject), ("a", names)):
        found |= {*_told(where, text, early), *_dated(where, text, mail.arrival, early)}
    heads = sorted({feature.split(":")[-1] for feature in found if feature.startswith("heads")})
    named = sorted({feature.split(":")[-1] for feature in found if feature.startswith("names")})
    found |= {f"all heads={heads}{early}", f"all names={named}{early}", f"day={mail.arrival.weekday()}"}
    return found | {f"reply={mail.is_reply}", f"attached={bool(names)}"}


def _wording(subject: str, body: str, names: str, content: str) -> Iterator[str]:
    shown = {
        "s": (_DIGITS.sub("#", subject)[:_SUBJECT], 4),
        "b": (_DIGITS.sub("#", body[:_BODY]).replace("\n", "|"), 3),
        "a": (_DIGITS.sub("#", names), 3),
        "c": (_DIGITS.sub("#", content[:_CONTENT]).replace("\n", "|"), 3),
    }
    lines = [line.strip() for line in _DIGITS.sub("#", body[:_BODY]).split("\n") if line.strip()]
    for where, (text, longest) in shown.items():
        if text or where in "sb":
            yield from _grams(text, where, longest)
    if lines:
        yield from _grams(lines[0][:40], "f", 3)
        yield from (f"begins {line[:4]}" for line in lines)
        yield from (f"ends {line[-3:]}" for line in lines)
    together = "|".join(text for text, _ in shown.values())
    yield from (f"times {word}={min(together.count(word), 4)}" for word in _WORDS)
    yield from (f"lines={min(len(lines), 8)}", f"long={min(len(body[:_BODY]) // 20, 12)}")
    yield from (f"asks={body.rstrip().endswith(('?', '吗', '呢'))}", f"subject asks={'?' in subject}")


def _grams(text: str, prefix: str, longest: int) -> Iterator[str]:
    text = f"^{text}$"
    for size in range(1, longest + 1):
        for start in range(len(text) - size + 1):
            yield prefix + text[start : start + size]


def _told(where: str, text: str, early: str) -> Iterator[str]:
    """Which weeks a text names, begins a part with, and tells of as done or to be done."""
    for sign, pattern in _TOLD.items():
        if pattern.search(text):
            kind, week = sign.split(":")
            yield f"{kind} {where} {early}:{week}"
    yield from (f"head {sign} {where}" for sign, pattern in _HEADS.items() if pattern.search(text))
    for sign, pattern in _COUNTED.items():
        yield f"count {sign} {where}={min(len(pattern.findall(text)), 5)}"


def _dated(where: str, text: str, arrival: date, early: str) -> Iterator[str]:
    """The weeks that dates and numbers name, as so many weeks before or after the arrival."""
    here = Period.of(PeriodKind.WEEK, arrival).first
    for hint in week_hints(text[:_DATED], arrival)[:4]:
        weeks = max(-3, min(3, (hint.period.first - here).days // 7))
        yield from (f"week {where} {weeks}{early}", f"week {where} {weeks}{early}{hint.strength}")


def _named(subject: str, body: str, names: str) -> Iterator[str]:
    """What the words of the duties say, as staff.purpose looks for them."""
    heads = "\n".join(line for line in body.split("\n")[:6] if len(line) <= 40)
    strongest = ""
    for where, text in (("s", subject), ("a", names), ("b", heads)):
        weekly = OTHER_THINGS.sub("", text)
        both = BOTH.search(weekly) is not None
        forms = [form for form, words in _WEEKLY.items() if both or any(word.search(weekly) for word in words)]
        said = "+".join(forms) or "-"
        strongest = strongest or ("" if said == "-" else said)
        yield from (f"named {where} {said}", f"both {where} {both}")
        yield from (f"{where} named {form}" for form in forms)
    yield f"named {strongest or '-'}"


def _talk(subject: str, body: str) -> Iterator[str]:
    for name, pattern in _TALKS.items():
        yield from (f"{where} {name}" for where, text in (("s", subject), ("b", body)) if pattern.search(text))
    yield f"not one={bool(NOT_A_SUBMISSION.search(subject))}"
    yield f"speaks of one={bool(SPEAKS_OF_ONE.search(subject))}"
    yield f"other thing={bool(OTHER_THINGS.search(subject))}"

"""A period corrected by its sender: an answer to a receipt that says nothing but which duty and week it really is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailflow.reading.opening.charsets import fold
from mailflow.reading.staff.naming import BARE_WORDS, form_of, named_duties
from mailflow.reading.staff.periods import week_hints
from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period, PeriodKind

_LONGEST = 80
_NOT_THIS = re.compile(r"(?:不是|并非|而?非|\bnot)\s*(?:本|这|那)?\s*$")
_NOT_THAT_DUTY = re.compile(r"(?:不是|并非|\bnot (?:a |the |my )?)\s*(?:周|工作)*(?:计划|总结|小结|plan|summary)")
# What may stand around the duty and the week without making the sentence say something else.
_FILLER = re.compile(
    r"不是|并非|而是|应该|应当|应为|改为|改成|改到|更正|订正|纠正|登记|属于|算作|算|请|帮忙|麻烦|抱歉|对不起|不好意思|谢谢|您好|你好|领导|王总|"
    r"不对|错了?|有误|写错|搞错|弄错|发错|这(?:个|份|封|次|是)?|此|那(?:个|份|封)?|本|把|邮件|信|附件|份|我|的|了|是|为|应|该|交|发|在|到|按|到|成|和|才|对|周期|"
    r"工作|总结|小结|计划|安排|汇报|第|"
    r"\b(?:this|that|it|is|the|my|a|an|was|should|be|for|of|not|but|sorry|please|correct|correction|to|mail|wrong|week|weekly|plan|summary|thanks?)\b|\W|_"
)


@dataclass(frozen=True)
class Refiling:
    """One submission that belongs to another duty or period than it was booked for; `original` is its mail."""

    booked: tuple[Duty, Period]
    meant: tuple[Duty, Period]
    words: str
    original: str = ""


def refiling(
    body: str, booked: Sequence[tuple[Duty, Period]], duties: Sequence[Duty], arrival: date
) -> Refiling | None:
    """What an answer to a receipt corrects, or None where it says anything besides, or nothing new.

    `booked` is what the receipt is about. Of several, the duty that the words name; two weeks in one sentence are
    told apart by 不是, and otherwise nothing is done.
    """
    folded = fold(body).strip()
    if not folded or len(folded) > _LONGEST or folded.endswith(("?", "吗")):
        return None
    hints = week_hints(folded, arrival)
    rest = folded
    for hint in sorted(hints, key=lambda hint: -hint.start):
        rest = rest[: hint.start] + " " + rest[hint.end :]
    if _FILLER.sub("", rest):
        return None
    said = _NOT_THAT_DUTY.sub("", folded)
    named = [duty for duty in duties if duty.id in named_duties(said, duties) or _names(duty, said)]
    mine = [pair for pair in booked if pair[0] in named] if len(booked) > 1 else list(booked)
    if len(mine) != 1 or len(named) > 1:
        return None
    duty, period = mine[0]
    weeks = {hint.period for hint in hints if not _NOT_THIS.search(folded[: hint.start])}
    if len(weeks) > 1:
        weeks -= {period}
    to_duty = named[0] if named else duty
    if len(weeks) > 1 or duty.period is not PeriodKind.WEEK or to_duty.period is not PeriodKind.WEEK:
        return None
    meant = (to_duty, next(iter(weeks), period))
    return Refiling((duty, period), meant, body.strip()) if meant != (duty, period) else None


def _names(duty: Duty, folded: str) -> bool:
    """Whether a short sentence names the duty by its bare word, as an answer in a thread does."""
    form = form_of(duty)
    words = BARE_WORDS.get(form, ()) if form and duty.period is PeriodKind.WEEK else ()
    return any(word in folded for word in words)

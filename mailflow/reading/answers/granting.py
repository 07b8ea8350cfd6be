"""Granting: what a director gives by name besides his verdicts: somebody is excused, somebody decides for him."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from mailflow.reading.answers.findings import Unsettled, Why
from mailflow.reading.answers.verdict import read_verdicts
from mailflow.reading.context import Grant, Inputs
from mailflow.reading.opening.charsets import fold, fold_in_place
from mailflow.reading.staff.naming import BARE_WORDS, form_of
from mailflow.reading.trusting.aim import answers_ours, began
from mailflow.reading.words import bare_subject
from mailflow.rules.duties import Duty, Review
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.review import Verdict
from mailflow.wire import Folder

_DEPUTY = re.compile(
    r"(?:委托|授权|请|由|安排)\s*(?P<who>[^\s,，;；。0-9第在于]{1,20}?)\s*(?:在|于|从)?\s*(?P<when>\d[^,，;；。]*?)?\s*(?:期间)?\s*,?\s*"
    r"(?:代(?:为|我|理)*\s*(?:审批|批阅|评分|审阅|处理|批复)|替我(?:审批|批阅|评分))"
)
_EXCUSE = re.compile(
    r"(?:excuse|免交|准假)\s+(?P<who>\S+)\s+(?P<period>\d{4}-w\d{2})(?:[\s:：,，]+(?P<duty>\S+?))?(?:[\s:：,，]+(?P<why>.*))?"
)
_DAYS = re.compile(
    r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?\s*(?:[-–—~至到]+|to)\s*(?:(?:(\d{4})[年./-])?(\d{1,2})[月./-])?(\d{1,2})日?"
)


# What turns the naming of a deputy into something else: a denial, a question, a wish, what is past.
_DENIED = re.compile(
    r"不|别|勿|未|没|无需|取消|撤销|[?？吗呢]|如果|若|建议|考虑|是否|要不|可否|能否|曾|上次|之前|not\b|don't|if\b|maybe"
)


_Deputy = tuple[Person, date, date]


@dataclass
class Granted:
    """What an answer grants by name, what of it is not sure, and the rest of its words."""

    excused: list[Grant] = field(default_factory=list)
    deputies: list[_Deputy] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def deputy(self) -> _Deputy | None:
        """The one deputy whom he names."""
        return self.deputies[0] if len(set(self.deputies)) == 1 else None

    @property
    def rest(self) -> str:
        """What he wrote besides."""
        return "\n".join(self.lines)

    def __bool__(self) -> bool:
        return bool(self.excused or self.deputies or self.unsettled)


def granted_by(inputs: Inputs) -> Granted | None:
    """What the director grants by name: `excuse 张三 2026-W48 …`, or a deputy with dates; None where he doesn't.

    Only words that he typed himself grant, in a mail that he began or in an answer to a letter of ours to him. The
    subject of an answer was written by whoever is answered, so it counts only in a mail that he began.
    """
    if inputs.role is not Folder.SENT or inputs.person.role is not Role.DIRECTOR:
        return None
    found = Granted()
    fresh, own = began(inputs), inputs.words.text.split("\n")
    if fresh:
        _read_line(inputs, inputs.letter.subject, found, fresh, subject=True)
    for written in own:
        _read_line(inputs, written, found, fresh)
    bare, _ = bare_subject(inputs.letter.subject)
    asked = _EXCUSE.fullmatch(fold_in_place(bare)) or _DEPUTY.search(fold(bare))
    if not fresh and asked and not inputs.context.answered and _approves(found.rest, inputs):
        # 同意 to somebody who asks for leave or suggests a deputy: it is his to say so in words of his own.
        found.unsettled.append(Unsettled(f"{bare}: {inputs.words.text}", Why.NOT_ALONE, subject=bare))
    if len(set(found.deputies)) > 1:
        found.unsettled += [Unsettled(person.name, Why.DEPUTY) for person, _, _ in found.deputies]
    found.excused = [*dict.fromkeys(found.excused)]
    return found or None


def _read_line(inputs: Inputs, written: str, into: Granted, fresh: bool, *, subject: bool = False) -> None:
    line = written.strip()
    if excused := _EXCUSE.fullmatch(fold_in_place(line)):
        grants = _excused(inputs, line, excused)
        denied = subject and _DENIED.search(fold(inputs.words.text))
        if grants and (fresh or answers_ours(inputs)) and not denied:
            into.excused += grants
        else:
            into.unsettled.append(
                Unsettled(line, Why.NOT_ALONE, subject=line) if grants else Unsettled(line, Why.UNKNOWN)
            )
    elif fresh and (named := _DEPUTY.search(fold(line))):
        # 请李四代为处理 in an answer is about the work that he answers, and names no deputy.
        deputy = None if _DENIED.search(fold(line)) else _deputy(inputs, named)
        if deputy:
            into.deputies.append(deputy)
        else:
            into.unsettled.append(Unsettled(line, Why.DEPUTY))
    elif not subject:
        into.lines.append(written)


def _approves(words: str, inputs: Inputs) -> bool:
    found = read_verdicts(words, {Review.APPROVE}, inputs.office.scores, own=inputs.office.verdict_words).by_review
    return any(decision.verdict is Verdict.APPROVE for decision in found.values())


def _excused(inputs: Inputs, line: str, found: re.Match[str]) -> list[Grant]:
    """What one line excuses: the duty that it names, or every weekly one; nothing where the name isn't one person's."""
    office = inputs.office
    people = office.roster.find(line[slice(*found.span("who"))])
    try:
        period = Period.parse(found["period"].upper())
    except ValueError:
        return []
    weekly = [duty for duty in office.duties if duty.period is PeriodKind.WEEK]
    named = [duty for duty in weekly if found["duty"] and _is_called(duty, found["duty"])]
    start = found.span("why" if named else "duty")[0]
    reason = line[start:].strip() if start >= 0 else ""
    return [Grant(people[0], duty, period, reason) for duty in named or weekly] if len(people) == 1 else []


def _is_called(duty: Duty, word: str) -> bool:
    form = form_of(duty)
    return word in (fold(duty.id), *map(fold, duty.names.values()), *(BARE_WORDS.get(form, ()) if form else ()))


def _deputy(inputs: Inputs, found: re.Match[str]) -> tuple[Person, date, date] | None:
    """Whom he names and for which days; None where the name is not one person's or the days are not plain."""
    people = [p for p in inputs.office.roster.people if found["who"] in (fold(p.name), fold(p.id))]
    days = _DAYS.search(found["when"] or "")
    if len(people) != 1 or people[0].role is Role.DIRECTOR or not days:
        return None
    arrival = inputs.received_at.astimezone(inputs.office.zone).date()
    year, month, day, last_year, last_month, last_day = days.groups()
    try:
        first = date(int(year or arrival.year), int(month), int(day))
        last = date(int(last_year or first.year), int(last_month or month), int(last_day))
        if not last_year and last < first:
            last = last.replace(year=last.year + 1)
    except ValueError:
        return None
    return (people[0], first, last) if (last - first).days <= 92 else None

"""Ruling: what a reviewer's answer decides, in each of the ways in which he can write it.

He answers one person's mail; or a letter of ours that lists many, with a line a person; or he sends a link's mail or
the score workbook back; and besides he excuses people and names a deputy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from mailflow.reading.answers.answer import read_answer
from mailflow.reading.answers.lines import Unsettled, Why, read_lines
from mailflow.reading.answers.scorebook import BookRow, decision_of, filled_rows, workbooks_in
from mailflow.reading.answers.verdict import read_verdicts
from mailflow.reading.context import Answered, Disposition, Grant, Inputs, Reading, Ruling, Ticket
from mailflow.reading.opening.charsets import fold, fold_in_place
from mailflow.reading.trusting.aim import aim, answers_ours, began
from mailflow.reading.words import bare_subject
from mailflow.rules.duties import Review
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period, PeriodKind
from mailflow.rules.review import Decision, Likely, Verdict
from mailflow.wire import Folder


def decision(inputs: Inputs, believed: str) -> Reading:
    """An answer of a reviewer's: his rulings on the submissions it can be about, and what he grants besides."""
    granted = _granted(inputs)
    if granted is None:
        return _asked_again(inputs, _decided(inputs, believed))
    rest = replace(inputs, words=replace(inputs.words, text=granted.rest))
    reading = _decided(rest, believed)
    return replace(
        reading,
        disposition=Disposition.DECISION,
        reasons=(*reading.reasons, "it names a deputy" if granted.deputy else "it excuses by name"),
        words=inputs.words,
        excused=(*reading.excused, *granted.excused),
        unsettled=(*reading.unsettled, *granted.unsettled),
        deputy=granted.deputy,
        many=True,
    )


# What answers a question without answering it.
_THANKS = re.compile(
    r"(?:谢谢|多谢|感谢|辛苦了?|收到|知道了?|已阅|阅|thanks?(?: you)?|thx|noted|got it|您|了|[\s,，.。!！~])+"
)


_YES = re.compile(
    r"(?:对的?|是的?|确认|没错|正确|就这样|嗯+|好的?|行|可以|ok(?:ay)?|yes|right|correct|confirm(?:ed)?|[\s,，.。!！~])+"
)


def _asked_again(inputs: Inputs, reading: Reading) -> Reading:
    """是 or 那封是我写的 in an answer to our question says no decision; it is asked once more, not passed over."""
    answered, words = inputs.context.answered_letter, inputs.words.text
    if not words or not answers_ours(inputs) or any(ruling.decision.verdict.acts for ruling in reading.rulings):
        return reading
    if reading.disposition is not Disposition.OTHER and not _YES.fullmatch(fold(words)):
        return reading
    if answered is None or answered.kind != "clarify" or _THANKS.fullmatch(fold(words)):
        return reading
    if answered.proposal and len(inputs.context.answered) == 1 and _YES.fullmatch(fold(words)):
        [target] = inputs.context.answered
        ruling = Ruling(target.submission.key.duty, answered.proposal, target)
        reasons = (*reading.reasons, "a yes to the one thing that was proposed")
        return replace(reading, disposition=Disposition.DECISION, rulings=(ruling,), reasons=reasons)
    if answered.likely and _YES.fullmatch(fold(words)):
        return _confirmed(inputs, answered, answered.likely, reading.reasons[0])
    if answered.items:
        unsettled = (Unsettled(words, Why.NO_VERDICT),)
        return replace(reading, disposition=Disposition.DECISION, unsettled=unsettled, many=True, items=answered.items)
    rulings = tuple(
        Ruling(target.submission.key.duty, Decision(Verdict.UNCLEAR, comment=words), target)
        for target in inputs.context.answered
    )
    return replace(reading, disposition=Disposition.DECISION, rulings=rulings) if rulings else reading


def _decided(inputs: Inputs, believed: str) -> Reading:
    letter, office = inputs.letter, inputs.office
    answered = inputs.context.answered_letter
    if filled := _workbook(inputs, believed):
        return filled
    if answered and answered.direct and answered.likely and _same(inputs.words.text, answered.likely.words):
        return _confirmed(inputs, answered, answered.likely, believed)
    if answered and answered.items:
        return _lines(inputs, answered, believed)
    people = [p for p in office.roster.known([*letter.to, *letter.cc]) if p.role is Role.STAFF]
    found = aim(inputs, people)
    if found is None:
        return Reading(letter, inputs.person, Disposition.OTHER, ("answers no submission",), inputs.words)
    subject_id = found.targets[0].submission.key.person if found.targets else people[0].id if len(people) == 1 else ""
    reviews = {d.id: d.review for d in office.duties if d.id in found.duties and d.review is not Review.NONE}
    others = [p.name for p in office.roster.staff if p.id != subject_id]
    subject_person = office.roster.get(subject_id) if subject_id else None
    about = subject_person.name if subject_person else ""
    # A link of ours says 同意, 修改： or 得分： in so many words, which the grammar knows.
    linked = any(ticket.reviewer == inputs.person.id for ticket in inputs.context.tickets)
    known = (set(reviews.values()), office.scores, others, about, office.verdict_words)
    verdicts = (read_verdicts if linked else read_answer)(inputs.words.text, *known)
    above = read_answer(inputs.words.above, *known) if inputs.words.above is not None else verdicts
    rulings = []
    for duty_id, review in reviews.items():
        ruled = verdicts.by_review.get(review, Decision(Verdict.NONE))
        if ruled.verdict is Verdict.NONE:
            continue
        first = above.by_review.get(review, Decision(Verdict.NONE))
        if ruled.verdict.acts and not (found.sure and (first.verdict, first.score) == (ruled.verdict, ruled.score)):
            # "可以" to somebody who asked for a day off is no approval of his plan, and a line that stands amid an
            # unmarked quote may be the other's.
            ruled = Decision(Verdict.UNCLEAR, comment=inputs.words.text, proposal=ruled)
        mine = [target for target in found.targets if target.submission.key.duty == duty_id]
        token = next((ticket.token for ticket in inputs.context.tickets if ticket.target in mine), "")
        rulings.append(Ruling(duty_id, ruled, mine[0] if len(mine) == 1 else None, token=token))
    reasons = (believed, found.how, *verdicts.reasons, f"own words: {inputs.words.rule}")
    return Reading(
        letter,
        inputs.person,
        Disposition.DECISION if rulings else Disposition.OTHER,
        reasons,
        inputs.words,
        rulings=tuple(rulings),
        subject_person=subject_person,
        spoken_of=() if rulings else found.targets,
        marks=verdicts.marks,
    )


def _read(inputs: Inputs, disposition: Disposition, *reasons: str) -> Reading:
    own = f"own words: {inputs.words.rule}"
    return Reading(inputs.letter, inputs.person, disposition, (*reasons, own), inputs.words)


def _confirmed(inputs: Inputs, answered: Answered, likely: Likely, believed: str) -> Reading:
    """A yes to all that a letter proposed, by a tap or in so many words."""
    items = {(item.number, item.duty.review): item for item in answered.items}
    rulings = [
        Ruling(item.duty.id, decision, item.target, inputs.words.text)
        for number, review, decision in likely.rows
        if (item := items.get((number, review)))
    ]
    reading = _read(inputs, Disposition.DECISION, believed, "a yes to all that was proposed")
    return replace(reading, rulings=_using(answered.token, rulings), many=True, items=answered.items)


def _using(token: str, rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """The token of a letter is used up by the first thing that is decided with it."""
    return tuple(replace(ruling, token=token) if not place else ruling for place, ruling in enumerate(rulings))


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def _lines(inputs: Inputs, answered: Answered, believed: str) -> Reading:
    """An answer to a letter that lists many: a line a person."""
    office, text = inputs.office, inputs.words.text
    people = dict.fromkeys([*(item.person for item in answered.items), *office.roster.staff])
    own = (inputs.person.name, office.roster.director.name)
    found = read_lines(text, answered.items, tuple(people), office.scores, office.verdict_words, own)
    unsettled = list(found.unsettled)
    rulings = [Ruling(r.item.duty.id, r.decision, r.item.target, r.words) for r in found.ruled]
    excused = [Grant(e.item.person, e.item.duty, e.item.period, e.reason) for e in found.excused]
    if not answered.direct:
        # References alone say that the letter is in the thread, not that it is what he answers.
        unsettled += [Unsettled(words, Why.INDIRECT) for words in dict.fromkeys(r.words for r in found.ruled)]
        unsettled += [Unsettled(e.words, Why.INDIRECT) for e in found.excused]
        rulings, excused = [], []
    said = bool(rulings or unsettled or excused)
    disposition = Disposition.DECISION if said else Disposition.OTHER
    how = f"it answers our {answered.kind} letter, which is about many"
    reading = _read(inputs, disposition, believed, how)
    return replace(
        reading,
        rulings=_using(answered.token, rulings),
        unsettled=tuple(unsettled),
        excused=tuple(excused),
        many=said,
        items=answered.items,
    )


def _workbook(inputs: Inputs, believed: str) -> Reading | None:
    """A score workbook that comes back; None where no attachment is one, or nothing in it is filled in."""
    rows = [row for text in workbooks_in(inputs.letter) for row in filled_rows(text)]
    if not rows:
        return None
    tickets = {ticket.token: ticket for ticket in inputs.context.tickets if ticket.reviewer == inputs.person.id}
    rulings: list[Ruling] = []
    unsettled: list[Unsettled] = []
    for row in rows:
        found = _row(inputs, row, tickets.get(row.key))
        if isinstance(found, Ruling):
            rulings.append(found)
        else:
            unsettled.append(found)
    reading = _read(inputs, Disposition.DECISION, believed, "it brings a score workbook back")
    return replace(reading, rulings=tuple(rulings), unsettled=tuple(unsettled), many=True)


def _row(inputs: Inputs, row: BookRow, ticket: Ticket | None) -> Ruling | Unsettled:
    duty = inputs.office.duty(ticket.target.submission.key.duty) if ticket else None
    if ticket is None or duty is None:
        return Unsettled(row.words, Why.KEY)
    ruled = decision_of(row, duty.review, inputs.office.scores)
    if ruled.verdict.acts:
        return Ruling(duty.id, ruled, ticket.target, row.words, ticket.token)
    off = ruled.score is not None and not inputs.office.scores.on_scale(ruled.score)
    return Unsettled(row.words, Why.OFF_SCALE if off else Why.UNCLEAR)


_DEPUTY = re.compile(
    r"(?:委托|授权|请|由|安排)\s*(?P<who>[^\s,，;；。0-9第在于]{1,20}?)\s*(?:在|于|从)?\s*(?P<when>\d[^,，;；。]*?)?\s*(?:期间)?\s*,?\s*"
    r"(?:代(?:为|我|理)*\s*(?:审批|批阅|评分|审阅|处理|批复)|替我(?:审批|批阅|评分))"
)
_EXCUSE = re.compile(
    r"(?:excuse|免交|准假)\s+(?P<who>\S+)\s+(?P<period>\d{4}-w\d{2})(?:\s+(?P<duty>weekly-plan|weekly-summary|计划|总结))?(?:[\s:：,，]+(?P<why>.*))?"
)
_DAYS = re.compile(
    r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?\s*(?:[-–—~至到]+|to)\s*(?:(?:(\d{4})[年./-])?(\d{1,2})[月./-])?(\d{1,2})日?"
)


@dataclass(frozen=True)
class _Granted:
    """What an answer grants by name, what of it is not sure, and the rest of its words."""

    excused: tuple[Grant, ...]
    deputy: tuple[Person, date, date] | None
    unsettled: tuple[Unsettled, ...]
    rest: str


def _granted(inputs: Inputs) -> _Granted | None:
    """What the director grants by name: `excuse 张三 2026-W48 …`, or a deputy with dates; None where he doesn't.

    Only words that he typed himself grant, in a mail that he began or in an answer to a letter of ours to him. The
    subject of an answer was written by whoever is answered, so it counts only in a mail that he began.
    """
    if inputs.role is not Folder.SENT or inputs.person.role is not Role.DIRECTOR:
        return None
    fresh = began(inputs)
    typed = fresh or answers_ours(inputs)
    grants: list[Grant] = []
    deputies: list[tuple[Person, date, date]] = []
    unsettled: list[Unsettled] = []
    rest: list[str] = []
    own = inputs.words.text.split("\n")
    for number, written in enumerate([inputs.letter.subject, *own] if fresh else own):
        line = written.strip()
        if excused := _EXCUSE.fullmatch(fold_in_place(line)):
            found = _excused(inputs, line, excused)
            if found and typed and not (fresh and not number and _DENIED.search(fold(inputs.words.text))):
                grants += found
            else:
                unsettled.append(
                    Unsettled(line, Why.NOT_ALONE, subject=line) if found else Unsettled(line, Why.UNKNOWN)
                )
        elif fresh and (named := _DEPUTY.search(fold(line))):
            # 请李四代为处理 in an answer is about the work that he answers, and names no deputy.
            deputy = None if _DENIED.search(fold(line)) else _deputy(inputs, named)
            if deputy:
                deputies.append(deputy)
            else:
                unsettled.append(Unsettled(line, Why.DEPUTY))
        elif number or not fresh:
            rest.append(written)
    bare, _ = bare_subject(inputs.letter.subject)
    asked = _EXCUSE.fullmatch(fold_in_place(bare)) or _DEPUTY.search(fold(bare))
    if not fresh and asked and not inputs.context.answered and _approves("\n".join(rest), inputs):
        # 同意 to somebody who asks for leave or suggests a deputy: it is his to say so in words of his own.
        unsettled.append(Unsettled(f"{bare}: {inputs.words.text}", Why.NOT_ALONE, subject=bare))
    if len(set(deputies)) > 1:
        unsettled += [Unsettled(person.name, Why.DEPUTY) for person, _, _ in deputies]
        deputies = []
    if not grants and not deputies and not unsettled:
        return None
    named_once = tuple(dict.fromkeys(deputies))
    return _Granted(
        tuple(dict.fromkeys(grants)), named_once[0] if named_once else None, tuple(unsettled), "\n".join(rest)
    )


def _approves(words: str, inputs: Inputs) -> bool:
    found = read_verdicts(words, {Review.APPROVE}, inputs.office.scores, own=inputs.office.verdict_words).by_review
    return any(decision.verdict is Verdict.APPROVE for decision in found.values())


# What turns the naming of a deputy into something else: a denial, a question, a wish, what is past.
_DENIED = re.compile(
    r"不|别|勿|未|没|无需|取消|撤销|[?？吗呢]|如果|若|建议|考虑|是否|要不|可否|能否|曾|上次|之前|not\b|don't|if\b|maybe"
)


def _excused(inputs: Inputs, line: str, found: re.Match[str]) -> list[Grant]:
    """What one line excuses: the duty that it names, or every weekly one; nothing where the name isn't one person's."""
    office = inputs.office
    people = office.roster.find(line[slice(*found.span("who"))])
    try:
        period = Period.parse(found["period"].upper())
    except ValueError:
        return []
    word = found["duty"] or ""
    reviews = {"计划": Review.APPROVE, "总结": Review.SCORE}
    duties = [
        duty
        for duty in office.duties
        if duty.period is PeriodKind.WEEK and (not word or duty.id == word or duty.review is reviews.get(word))
    ]
    reason = line[slice(*found.span("why"))].strip() if found["why"] else ""
    return [Grant(people[0], duty, period, reason) for duty in duties] if len(people) == 1 else []


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

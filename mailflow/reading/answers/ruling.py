"""Ruling: what a reviewer's answer decides, in each of the ways in which he can write it.

He answers one person's mail; or a letter of ours that lists many, with a line a person; or he sends a link's mail or
the score workbook back; and besides he excuses people and names a deputy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mailflow.reading.answers.answer import read_answer
from mailflow.reading.answers.confirming import (
    Reply,
    Said,
    confirmed,
    is_plain_yes,
    left_over,
    reply_of,
    still_asked,
)
from mailflow.reading.answers.findings import Unsettled, Why
from mailflow.reading.answers.granting import granted_by
from mailflow.reading.answers.lines import read_lines
from mailflow.reading.answers.many.rows import read_of_both
from mailflow.reading.answers.scorebook import BookRow, decision_of, filled_rows, workbooks_in
from mailflow.reading.answers.verdict import Verdicts, read_verdicts
from mailflow.reading.context import Answered, Disposition, Grant, Inputs, Reading, Ruling, Ticket
from mailflow.reading.opening.charsets import fold
from mailflow.reading.trusting.aim import Aim, aim, answers_ours
from mailflow.rules.duties import Review
from mailflow.rules.people import Person, Role
from mailflow.rules.review import Decision, Likely, Verdict


def decision(inputs: Inputs, believed: str) -> Reading:
    """An answer of a reviewer's: his rulings on the submissions it can be about, and what he grants besides."""
    granted = granted_by(inputs)
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


_NONE = Decision(Verdict.NONE)
# What answers a question without answering it.
_THANKS = re.compile(
    r"(?:谢谢|多谢|感谢|辛苦了?|收到|知道了?|已阅|阅|thanks?(?: you)?|thx|noted|got it|您|了|[\s,，.。!！~])+"
)
_INSTEAD = re.compile(r"(?:改成|改为|改到|应该?是|应为|打|给|是|要)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?[\s,，.。!！]*")


def _asked_again(inputs: Inputs, reading: Reading) -> Reading:
    """是 or 那封是我写的 in an answer to our question says no decision; it is asked once more, not passed over."""
    answered, words = inputs.context.answered_letter, inputs.words.text
    if not words or answered is None or not answers_ours(inputs) or _THANKS.fullmatch(fold(words)):
        return reading
    if any(ruling.decision.verdict.acts for ruling in reading.rulings) or reading.unsettled:
        return reading
    unsure = reading.disposition is Disposition.OTHER
    if answered.items and unsure and (answered.kind == "clarify" or is_plain_yes(words)):
        unsettled = (Unsettled(words, Why.NO_VERDICT),)
        return replace(reading, disposition=Disposition.DECISION, unsettled=unsettled, many=True, items=answered.items)
    if answered.kind != "clarify" or answered.items or not unsure:
        return reading
    rulings = tuple(
        Ruling(target.submission.key.duty, Decision(Verdict.UNCLEAR, comment=words), target)
        for target in inputs.context.answered
    )
    return replace(reading, disposition=Disposition.DECISION, rulings=rulings) if rulings else reading


def _to_proposal(inputs: Inputs, answered: Answered, believed: str) -> Reading | None:
    """What he says to a question about one thing; None where he says neither yes nor no, but writes anew."""
    proposal = answered.proposal
    [target], reply = inputs.context.answered, reply_of(inputs.words.text)
    consents = reply.said is Said.YES and not reply.besides and not is_plain_yes(inputs.words.text)
    if reply.said is Said.NEITHER or (consents and not proposal):
        return None  # 可以 to a question that proposed nothing is his verdict.
    duty = target.submission.key.duty
    known = inputs.office.duty(duty)
    how = f"a {reply.said.value} to a question about one thing"
    reading = _read(inputs, Disposition.DECISION, believed, how)
    if proposal and reply.said is Said.YES and not reply.besides:
        return replace(reading, rulings=(Ruling(duty, proposal, target, proposed_at=answered.proposed_at),))
    instead = _INSTEAD.fullmatch(fold(reply.besides))
    if instead and known and known.review is Review.SCORE:
        decision = Decision(Verdict.SCORE, Decimal(instead[1]))
        return replace(reading, rulings=(Ruling(duty, decision, target),))
    if reply.besides:
        meant = _decided(replace(inputs, words=replace(inputs.words, text=reply.besides)), believed)
        if any(ruling.decision.verdict.acts for ruling in meant.rulings):
            return replace(meant, words=inputs.words)
    unclear = Decision(Verdict.UNCLEAR, comment=inputs.words.text)
    if reply.said is Said.YES and len(answered.taps) > 1:
        # A yes to two marks chooses neither: the same question comes once more, with both.
        likely, *others = (decision for _, decision in answered.taps)
        unclear = replace(unclear, proposal=likely, instead=tuple(others))
    since = answered.proposed_at if reply.said is Said.YES else None
    return replace(reading, rulings=(Ruling(duty, unclear, target, proposed_at=since),))


def _to_question(inputs: Inputs, answered: Answered, likely: Likely, believed: str) -> Reading:
    """What he says to a question about many: a yes or no to what it proposed, or rows written anew."""
    words = inputs.words
    text = words.text if words.above is None else words.above
    reply = Reply(Said.YES) if _same(text, likely.words) else reply_of(text)
    if reply.said is Said.YES and not reply.besides:
        reading = _read(inputs, Disposition.DECISION, believed, "a yes to all that was proposed")
        return replace(
            reading,
            rulings=_using(answered.token, confirmed(answered, likely, text)),
            unsettled=tuple(left_over(answered, likely, ())),
            many=True,
            items=answered.items,
        )
    reading = _lines(replace(inputs, words=replace(words, text=reply.besides, above=None)), answered, believed)
    named = {number for unsettled in reading.unsettled for number in unsettled.numbers}
    ruled = {ruling.target.submission.key for ruling in reading.rulings if ruling.target}
    excused = {grant.person.id for grant in reading.excused}
    named |= {
        item.number
        for item in answered.items
        if item.person.id in excused or (item.target and item.target.submission.key in ruled)
    }
    if not (reading.many or reply.said is Said.NO):
        return reading
    rulings, more = list(reading.rulings), list[Unsettled]()
    if reply.said is Said.YES and all(unsettled.numbers for unsettled in reading.unsettled):
        rulings += confirmed(answered, likely, text, named)
        more += left_over(answered, likely, named)
    else:
        more += still_asked(answered, likely, named, denied=reply.said is Said.NO)
    return replace(
        reading,
        disposition=Disposition.DECISION,
        words=inputs.words,
        rulings=_using(answered.token, rulings),
        unsettled=(*reading.unsettled, *more),
        many=True,
        items=answered.items,
    )


def _decided(inputs: Inputs, believed: str) -> Reading:
    letter, office = inputs.letter, inputs.office
    answered = inputs.context.answered_letter
    if filled := _workbook(inputs, believed):
        return filled
    if answered and answered.direct and answered.likely:
        return _to_question(inputs, answered, answered.likely, believed)
    asked = answered is not None and answered.kind == "clarify" and answered.direct and not answered.items
    single = answered if asked and len(inputs.context.answered) == 1 else None
    if single and (settled := _to_proposal(inputs, single, believed)):
        return settled
    if answered and answered.items:
        return _lines(inputs, answered, believed)
    people = [p for p in office.roster.known([*letter.to, *letter.cc]) if p.role is Role.STAFF]
    found = aim(inputs, people)
    if found is None:
        return Reading(letter, inputs.person, Disposition.OTHER, ("answers no submission",), inputs.words)
    subject_id = found.targets[0].submission.key.person if found.targets else people[0].id if len(people) == 1 else ""
    subject = office.roster.get(subject_id) if subject_id else None
    rulings, verdicts = _rulings(inputs, found, subject)
    reasons = (believed, found.how, *verdicts.reasons, f"own words: {inputs.words.rule}")
    return Reading(
        letter,
        inputs.person,
        Disposition.DECISION if rulings else Disposition.OTHER,
        reasons,
        inputs.words,
        rulings=tuple(rulings),
        subject_person=subject,
        spoken_of=() if rulings else found.targets,
        marks=verdicts.marks,
    )


# The body with which a link for a change or a mark opens.
_AS_IT_OPENED = re.compile(r"(?:修改|得分|revise|score)\s*[:：]?\s*")


def _rulings(inputs: Inputs, found: Aim, subject: Person | None) -> tuple[list[Ruling], Verdicts]:
    """What his words decide on each duty that the answer can be about, and how they were read."""
    office, words = inputs.office, inputs.words
    reviews = {d.id: d.review for d in office.duties if d.id in found.duties and d.review is not Review.NONE}
    others = [person.name for person in office.roster.staff if person is not subject]
    # A link of ours says 同意, 修改： or 得分： in so many words, which the grammar knows.
    linked = any(ticket.reviewer == inputs.person.id for ticket in inputs.context.tickets)
    known = (set(reviews.values()), office.scores, others, subject.name if subject else "", office.verdict_words)
    read = read_verdicts if linked else read_of_both if len(known[0]) > 1 else read_answer
    verdicts = read(words.text, *known)
    above = read(words.above, *known) if words.above is not None else verdicts
    rulings = []
    empty = linked and bool(_AS_IT_OPENED.fullmatch(fold(words.text)))
    tapped = _tapped(inputs)
    for duty_id, review in reviews.items():
        ruled = Decision(Verdict.UNCLEAR, comment=words.text) if empty else verdicts.by_review.get(review, _NONE)
        mine = [target for target in found.targets if target.submission.key.duty == duty_id]
        ticket = next((ticket for ticket in inputs.context.tickets if ticket.target in mine), None)
        if tapped and ticket:
            rulings.append(Ruling(duty_id, tapped, ticket.target, token=ticket.token, proposed_at=ticket.proposed_at))
            continue
        if ruled.verdict is Verdict.NONE:
            continue
        first = above.by_review.get(review, _NONE)
        if ruled.verdict.acts and not (found.sure and (first.verdict, first.score) == (ruled.verdict, ruled.score)):
            # "可以" to somebody who asked for a day off is no approval of his plan, and a line that stands amid an
            # unmarked quote may be the other's.
            ruled = Decision(Verdict.UNCLEAR, comment=words.text, proposal=ruled)
        token, proposed_at = (ticket.token, ticket.proposed_at) if ticket else ("", None)
        one = mine[0] if len(mine) == 1 else None
        rulings.append(Ruling(duty_id, ruled, one, token=token, proposed_at=proposed_at, empty=empty))
    return rulings, verdicts


def _tapped(inputs: Inputs) -> Decision | None:
    """What a tap on a question's button says, whose words were sent as they stood."""
    taps = [tap for ticket in inputs.context.tickets if ticket.reviewer == inputs.person.id for tap in ticket.taps]
    return next((decision for said, decision in taps if said and _same(said, inputs.words.text)), None)


def _read(inputs: Inputs, disposition: Disposition, *reasons: str) -> Reading:
    own = f"own words: {inputs.words.rule}"
    return Reading(inputs.letter, inputs.person, disposition, (*reasons, own), inputs.words)


def _using(token: str, rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """The token of a letter is used up by the first thing that is decided with it."""
    return tuple(replace(ruling, token=token) if not place else ruling for place, ruling in enumerate(rulings))


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def _lines(inputs: Inputs, answered: Answered, believed: str) -> Reading:
    """An answer to a letter that lists many: a line a person."""
    office, words = inputs.office, inputs.words
    people = tuple(dict.fromkeys([*(item.person for item in answered.items), *office.roster.staff]))
    own = (inputs.person.name, office.roster.director.name)
    known = (answered.items, people, office.scores, office.verdict_words, own)
    found = read_lines(words.text, *known)
    # What may be a quoted line's rest decides nothing.
    sure = found if words.above is None else read_lines(words.above, *known)
    mine = {(ruled.item, ruled.decision) for ruled in sure.ruled}
    doubtful = [r for r in found.ruled if (r.item, r.decision) not in mine]
    unsettled = [*found.unsettled, *(Unsettled(r.words, Why.QUOTED, (r.item.number,)) for r in doubtful)]
    rulings = [Ruling(r.item.duty.id, r.decision, r.item.target, r.words) for r in found.ruled if r not in doubtful]
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

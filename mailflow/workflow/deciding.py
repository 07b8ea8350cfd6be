"""Deciding: the director's answer → what changes and the formal letter, or the question back (clauses R2, R3, R5)."""

from __future__ import annotations

from datetime import datetime

from mailflow.reading import Reading
from mailflow.reading.message import Ruling
from mailflow.rules.duties import Duty, Review
from mailflow.rules.people import Person
from mailflow.rules.periods import month_of
from mailflow.rules.review import Decision, Doubt, Verdict, decide
from mailflow.rules.submission import State, Submission
from mailflow.store import events, records
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.wire import RawMail
from mailflow.workflow.desk import Desk, code_mark
from mailflow.writing.mime import Thread
from mailflow.writing.notices import Approval, Candidate, Clarify, Notice, Revision, Score


def carry_out(desk: Desk, book: Book, mail: RawMail, found: Reading, ref: int, now: datetime) -> int:
    """Act on every ruling of the answer that is sure, and ask about the others. Gives how many were acted on."""
    decided = 0
    for ruling in found.rulings:
        duty = desk.office.duty(ruling.duty_id)
        target = ruling.target
        if duty is None or target is None:
            doubt = Doubt.SEVERAL if _candidates(desk, book, found, ruling) else Doubt.NO_TARGET
            _ask(desk, book, mail, found, ruling, duty, doubt, ref, now)
            continue
        outcome = decide(
            ruling.decision,
            duty.review,
            desk.office.scores,
            answered_version=target.answered,
            newest_version=target.submission.version,
        )
        if outcome.state is None:
            _ask(desk, book, mail, found, ruling, duty, outcome.doubt or Doubt.UNCLEAR, ref, now)
            continue
        _act(desk, book, mail, found, target.submission, duty, ruling.decision, outcome.state, ref, now)
        decided += 1
    return decided


def _act(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    submission: Submission,
    duty: Duty,
    decision: Decision,
    state: State,
    ref: int,
    now: datetime,
) -> None:
    """Write the decision down, and the formal letter unless it says again what stands already."""
    person = desk.office.roster.get(submission.key.person)
    unchanged = (
        submission.state is state and submission.score == decision.score and submission.comment == decision.comment
    )
    records.add_decision(book, submission.id, submission.version, ref, decision, mail.received_at)
    records.set_state(book, submission.id, state)
    events.append(
        book,
        Event.about(
            submission.key,
            now,
            "decided",
            found.letter.message_id,
            received_at=mail.received_at,
            verdict=decision.verdict.value,
            score=str(decision.score) if decision.score is not None else None,
            comment=decision.comment,
            version=submission.version,
            changed_from=submission.state.value,
            reasons=list(found.reasons),
        ),
    )
    if person is None or unchanged:
        return
    newest = records.versions(book, [submission.id])[submission.id][-1]
    notice = _formal(desk, person, duty, submission, decision, mail.received_at, now)
    thread = Thread(newest.message_id, newest.thread)
    key = f"{notice.kind}/{ref}/{submission.id}"
    desk.write(book, notice, person, key, now, thread=thread, dues=[submission.key])


def _formal(
    desk: Desk,
    person: Person,
    duty: Duty,
    submission: Submission,
    decision: Decision,
    decided_at: datetime,
    now: datetime,
) -> Notice:
    """The formal letter for a decision."""
    office = desk.office
    period, version, codes = submission.key.period, submission.version, code_mark(submission.code)
    director = office.roster.director
    if decision.verdict is Verdict.APPROVE:
        return Approval(office.name, director, person, duty, period, version, decision.comment, decided_at, codes)
    if decision.verdict is Verdict.REVISE:
        deadline = office.calendar.review_deadline(duty, period)
        deadline = deadline if deadline and deadline > now else None
        return Revision(
            office.name,
            director,
            person,
            duty,
            period,
            version,
            decision.comment,
            decided_at,
            deadline,
            codes,
        )
    assert decision.score is not None
    return Score(
        office=office.name,
        director=director,
        person=person,
        duty=duty,
        period=period,
        version=version,
        score=decision.score,
        highest=office.scores.high,
        band=office.scores.band(decision.score),
        comment=decision.comment,
        decided_at=decided_at,
        month=month_of(period, office.scores.month_of_week),
        before=submission.score if submission.score != decision.score else None,
        codes=codes,
    )


def _candidates(desk: Desk, book: Book, found: Reading, ruling: Ruling) -> list[Submission]:
    """The open submissions of those he wrote to that his words could be about."""
    people = desk.office.roster.known([*found.letter.to, *found.letter.cc])
    held = records.held(book, [person.id for person in people])
    return [s for found_ in held.values() for s in found_ if s.is_open and s.key.duty == ruling.duty_id]


def _ask(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    ruling: Ruling,
    duty: Duty | None,
    doubt: Doubt,
    ref: int,
    now: datetime,
) -> None:
    """One `clarify` that quotes his words and shows how to answer; nothing is acted on."""
    office = desk.office
    target = ruling.target.submission if ruling.target else None
    possible = [target] if target else _candidates(desk, book, found, ruling)
    person = office.roster.get(target.key.person) if target else found.subject_person
    review = duty.review if duty else Review.NONE
    clarify = Clarify(
        office=office.name,
        director=office.roster.director,
        person=person,
        duty=duty,
        period=target.key.period if target else None,
        doubt=doubt.value,
        words=found.words.text[:2000],
        answered_at=mail.received_at,
        candidates=[c for s in possible if (c := _candidate(desk, s)) is not None],
        wants_approval=review is Review.APPROVE,
        wants_score=review is Review.SCORE,
        lowest=office.scores.low,
        highest=office.scores.high,
        codes=code_mark(target.code) if target else "",
    )
    thread = Thread(found.letter.message_id, found.letter.references)
    keys = [target.key] if target else []
    event = Event(
        now,
        "asked",
        person.id if person else None,
        ruling.duty_id,
        target.key.period if target else None,
        found.letter.message_id,
        mail.received_at,
        {"doubt": doubt.value, "words": found.words.text[:2000], "reasons": list(found.reasons)},
    )
    events.append(book, event)
    key = f"clarify/{ref}/{ruling.duty_id}"
    desk.write(book, clarify, office.roster.director, key, now, thread=thread, dues=keys)


def _candidate(desk: Desk, submission: Submission) -> Candidate | None:
    person, duty = desk.office.roster.get(submission.key.person), desk.office.duty(submission.key.duty)
    if person is None or duty is None:
        return None
    return Candidate(person.name, duty, submission.key.period, submission.version, submission.arrivals[-1])

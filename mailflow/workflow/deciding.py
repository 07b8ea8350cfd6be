"""Deciding: a reviewer's answer → what changes and the formal letters, or the question back (clauses R2, R3, R5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mailflow.reading import Reading
from mailflow.reading.answers.findings import Unsettled, Why
from mailflow.reading.context import Grant, Ruling
from mailflow.rules.duties import Duty
from mailflow.rules.people import Person
from mailflow.rules.periods import month_of
from mailflow.rules.review import Decision, Doubt, Verdict, decide
from mailflow.rules.submission import Key, State, Submission
from mailflow.store import events, grants, outbox, records, tokens
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.wire import Folder, RawMail
from mailflow.workflow.desk import Desk, code_mark
from mailflow.workflow.telling import ask, ask_about_lines, tell_settled
from mailflow.writing.mime import Thread
from mailflow.writing.notice import Notice
from mailflow.writing.notices import Approval, Revision, Score
from mailflow.writing.to_deciders import SettledRow

FORMAL = ("approval", "revision", "score")
_WHY = {Doubt.OFF_SCALE: Why.OFF_SCALE, Doubt.NEWER_VERSION: Why.NEWER_VERSION}


@dataclass
class _Told:
    """What an answer of many lines came to; `kept` is what he said yes to after he had decided otherwise."""

    rows: list[SettledRow] = field(default_factory=list)
    kept: list[SettledRow] = field(default_factory=list)
    unsettled: list[Unsettled] = field(default_factory=list)


def carry_out(desk: Desk, book: Book, mail: RawMail, found: Reading, ref: int, now: datetime) -> int:
    """Act on every ruling of the answer that is sure, and ask about the others. Gives how many were acted on."""
    reviewer = found.person
    assert reviewer is not None
    told = _Told(unsettled=list(found.unsettled))
    decided = sum(_rule(desk, book, mail, found, ruling, reviewer, told, ref, now) for ruling in found.rulings)
    for grant in found.excused:
        if reviewer.id != desk.office.roster.director_id:
            told.unsettled.append(Unsettled(grant.reason or grant.person.name, Why.NOT_HIS))
            continue
        told.rows.append(excuse(desk, book, grant, reviewer.id, now, ref=ref, message_id=found.letter.message_id))
    if found.deputy:
        _name_deputy(desk, book, found, mail, ref, now)
    if found.many:
        tell_settled(desk, book, mail, found, told.rows, told.kept, told.unsettled, ref, now)
    if told.unsettled:
        ask_about_lines(desk, book, mail, found, told.unsettled, len(told.rows), ref, now)
    return decided


def _rule(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    ruling: Ruling,
    reviewer: Person,
    told: _Told,
    ref: int,
    now: datetime,
) -> bool:
    """One ruling: acted on, or asked back, in an answer of many lines together with the others."""
    office = desk.office
    duty, target = office.duty(ruling.duty_id), ruling.target
    if duty is None or target is None:
        ask(desk, book, mail, found, ruling, duty, None, ref, now)
        return False
    person = office.roster.get(target.submission.key.person)
    day = mail.received_at.astimezone(office.zone).date()
    if person is None or not office.may_decide(reviewer, person, duty, day):
        told.unsettled.append(Unsettled(ruling.words or found.words.text, Why.NOT_HIS))
        return False
    # An answer may settle what an earlier line of it has changed already.
    submission = records.submission(book, target.submission.key) or target.submission
    if _decided_since(ruling, submission):
        if found.many:
            told.kept.append(_as_it_stands(person, duty, submission))
        else:
            ask(desk, book, mail, found, ruling, duty, Doubt.DECIDED_SINCE, ref, now)
        return False
    outcome = decide(
        ruling.decision,
        duty.review,
        office.scores,
        answered_version=target.answered,
        newest_version=submission.version,
    )
    if outcome.state is None:
        doubt = Doubt.EMPTY if ruling.empty else outcome.doubt or Doubt.UNCLEAR
        if found.many:
            whose = f"{person.name} {duty.name(reviewer.language)}: {ruling.words}"
            told.unsettled.append(Unsettled(whose, _WHY.get(doubt, Why.UNCLEAR)))
        else:
            ask(desk, book, mail, found, ruling, duty, doubt, ref, now)
        return False
    before = submission.state
    act(
        desk, book, submission, duty, ruling.decision, outcome.state, mail.received_at, now,
        by=reviewer.id, ref=ref, message_id=found.letter.message_id, reasons=found.reasons,
        from_inbox=mail.role is not Folder.SENT,
    )  # fmt: skip
    if ruling.token:
        tokens.use(book, ruling.token, ref)
    replaced = before.value if before is not State.RECEIVED else ""
    key, ruled = submission.key, ruling.decision
    told.rows.append(
        SettledRow(person.name, duty, key.period, ruled.verdict.value, ruled.score, ruled.comment, replaced)
    )
    return True


def _decided_since(ruling: Ruling, submission: Submission) -> bool:
    """Whether he has decided otherwise since we proposed what he says yes to now: then that stands."""
    proposed, decided = ruling.proposed_at, submission.decided_at
    return proposed is not None and decided is not None and decided > proposed


_STANDING = {State.APPROVED: Verdict.APPROVE, State.REVISING: Verdict.REVISE, State.SCORED: Verdict.SCORE}


def _as_it_stands(person: Person, duty: Duty, submission: Submission) -> SettledRow:
    verdict = _STANDING.get(submission.state, Verdict.NONE).value
    return SettledRow(person.name, duty, submission.key.period, verdict, submission.score, "")


def act(
    desk: Desk,
    book: Book,
    submission: Submission,
    duty: Duty,
    decision: Decision,
    state: State,
    decided_at: datetime,
    now: datetime,
    *,
    by: str,
    ref: int | None = None,
    message_id: str = "",
    reasons: tuple[str, ...] = (),
    from_inbox: bool = False,
) -> None:
    """Write a decision down, and the formal letter unless it says again what stands already.

    A formal letter that is still held back is replaced. `by` is the reviewer's id, an empty word for silence.
    """
    person = desk.office.roster.get(submission.key.person)
    unchanged = (
        submission.state is state and submission.score == decision.score and submission.comment == decision.comment
    )
    records.add_decision(book, submission.id, submission.version, decision, decided_at, by=by, message_ref=ref)
    records.set_state(book, submission.id, state)
    events.append(
        book,
        Event.about(
            submission.key,
            now,
            "decided",
            message_id,
            received_at=decided_at,
            verdict=decision.verdict.value,
            score=str(decision.score) if decision.score is not None else None,
            comment=decision.comment,
            version=submission.version,
            changed_from=submission.state.value,
            by=by or "silence",
            from_inbox=from_inbox,
            reasons=list(reasons),
        ),
    )
    if person is None or unchanged:
        return
    # Sheets that were printed already are printed anew.
    records.undo(book, f"sheets/{submission.key.period}")
    outbox.withdraw_held(book, [submission.key], FORMAL, now)
    newest = records.versions(book, [submission.id])[submission.id][-1]
    notice = _formal(desk, person, duty, submission, decision, decided_at, now, silent=not by)
    thread = Thread(newest.message_id, newest.thread)
    key = f"{notice.kind}/{ref or 'silence'}/{submission.id}/{submission.version}"
    desk.write(book, notice, person, key, now, thread=thread, dues=[submission.key], hold=desk.office.hold)


def _formal(
    desk: Desk,
    person: Person,
    duty: Duty,
    submission: Submission,
    decision: Decision,
    decided_at: datetime,
    now: datetime,
    *,
    silent: bool,
) -> Notice:
    """The formal letter for a decision."""
    office = desk.office
    period, version, codes = submission.key.period, submission.version, code_mark(submission.code)
    director = office.roster.director
    if decision.verdict is Verdict.APPROVE:
        return Approval(
            office.name, director, person, duty, period, version, decision.comment, decided_at, codes, silent
        )
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


def excuse(
    desk: Desk,
    book: Book,
    grant: Grant,
    by: str,
    now: datetime,
    *,
    ref: int | None = None,
    message_id: str = "",
    granted: bool = True,
) -> SettledRow:
    """Excuse somebody from one thing by name, or take that back; every figure follows."""
    key = Key(grant.person.id, grant.duty.id, grant.period)
    grants.excuse(book, key, grant.reason, by, now, granted=granted, message_ref=ref)
    kind = "excused" if granted else "excuse-withdrawn"
    events.append(book, Event.about(key, now, kind, message_id, reason=grant.reason, by=by))
    return SettledRow(grant.person.name, grant.duty, grant.period, "excused", None, grant.reason)


def _name_deputy(desk: Desk, book: Book, found: Reading, mail: RawMail, ref: int, now: datetime) -> None:
    """The director names who decides for him on these days."""
    assert found.deputy is not None
    person, first, last = found.deputy
    grants.name_deputy(book, person.id, first, last, now, ref)
    data = {"from": first.isoformat(), "to": last.isoformat()}
    event = Event(now, "deputy-named", person.id, None, None, found.letter.message_id, mail.received_at, data)
    events.append(book, event)

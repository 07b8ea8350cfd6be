"""Telling a reviewer what his answer came to, and asking him about what is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailflow.reading import Reading
from mailflow.reading.answers.findings import Item, Unsettled, Why
from mailflow.reading.context import Ruling
from mailflow.rules.duties import Duty, Review
from mailflow.rules.review import AFTER_DECISION, Decision, Doubt, Likely, Rest
from mailflow.rules.submission import Key, Submission
from mailflow.store import events, records, tokens
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.wire import RawMail
from mailflow.workflow.desk import Desk, code_mark
from mailflow.workflow.waiting import still_open_for
from mailflow.writing.mime import Thread
from mailflow.writing.plainly import alone, plainly
from mailflow.writing.to_deciders import Candidate, Clarify, ClarifyLines, Proposal, Settled, SettledRow

_WORDS, _SUBJECT = 2000, 150
# So much is shown of what is asked about.
_LINES, _LINE = 4, 60
# A link that opens a mail holds no more characters in every program; beyond that a plain yes does it.
_TAPPED = 180
_FEW = 4


def tell_settled(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    rows: Sequence[SettledRow],
    kept: Sequence[SettledRow],
    unsettled: Sequence[Unsettled],
    ref: int,
    now: datetime,
) -> None:
    """One receipt for an answer of many lines: what was settled, and what not."""
    assert found.person is not None
    deputy = (found.deputy[0].name, found.deputy[1], found.deputy[2]) if found.deputy else None
    key = f"receipt/settled/{ref}"
    notice = Settled(
        desk.office.name,
        found.person,
        mail.received_at,
        rows,
        [(u.words[:_WORDS], u.why.value) for u in unsettled],
        deputy,
        kept,
        still_open_for(desk, book, found.person, key, now),
        desk.office.roster.director.email,
    )
    desk.write(book, notice, found.person, key, now, thread=_thread(found), numbers=_numbers(found))


def ask_about_lines(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    unsettled: Sequence[Unsettled],
    settled: int,
    ref: int,
    now: datetime,
) -> None:
    """One `clarify` with all the lines that were not sure; an answer to it can use the same row numbers."""
    assert found.person is not None
    office, key = desk.office, f"clarify/lines/{ref}"
    language = found.person.language
    likely = _likely(unsettled, language)
    lines = [(u.words[:_WORDS], u.why.value, _proposed(u, likely, language), _who(u, found)) for u in unsettled]
    names = [person.name for person in office.roster.staff]
    twins = [p for p in office.roster.staff if names.count(p.name) > 1]
    wanted = any(u.why is Why.NAMESAKES for u in unsettled)
    notice = ClarifyLines(
        office.name,
        found.person,
        mail.received_at,
        lines,
        settled,
        [(p.name, p.id, p.department) for p in twins] if wanted else [],
        office.scores.low,
        office.scores.high,
        office.roster.director.email,
        [u.subject[:_SUBJECT] for u in unsettled if u.subject],
        likely.words if likely else "",
        _token_for_all(book, found, key, now) if likely and len(likely.words) <= _TAPPED else "",
    )
    data = {"lines": [list(line[:2]) for line in lines]}
    events.append(book, Event(now, "asked", None, None, None, found.letter.message_id, mail.received_at, data))
    _remember_undecided(book, mail, found, unsettled, now)
    desk.write(book, notice, found.person, key, now, thread=_thread(found), numbers=_numbers(found), likely=likely)


def _remember_undecided(
    book: Book, mail: RawMail, found: Reading, unsettled: Sequence[Unsettled], now: datetime
) -> None:
    """What he wrote of few rows without deciding on them is remembered with each."""
    assert found.person is not None
    message_id, by = found.letter.message_id, found.person.id
    for each in (each for each in unsettled if len(each.numbers) <= _FEW):
        for item in (item for item in found.items if item.number in each.numbers and item.is_open):
            key = Key(item.person.id, item.duty.id, item.period)
            events.remember_said(book, key, each.words[:_SUBJECT], by, message_id, mail.received_at, now)


def _who(unsettled: Unsettled, found: Reading) -> list[str]:
    """Whom words may be about, where nothing is proposed and they are few."""
    if unsettled.likely or not 0 < len(unsettled.numbers) <= _FEW:
        return []
    names = {item.number: item.person.name for item in found.items}
    return [names[number] for number in unsettled.numbers if number in names and names[number] not in unsettled.words]


def _proposed(unsettled: Unsettled, likely: Likely | None, language: str) -> list[str]:
    """What words most likely mean, a line a row, as he can write it: no more than a yes would do."""
    rows = likely.rows if likely else ()
    mine = [
        (item, decision) for item, decision in unsettled.likely if (item.number, item.duty.review, decision) in rows
    ]
    return [plainly(item, decision, language) for item, decision in mine]


def _likely(unsettled: Sequence[Unsettled], language: str) -> Likely | None:
    """All of that together, each row once: where two things are likely, what he said of it last, if that is known."""
    rows: dict[tuple[int, Review], list[tuple[Item, Decision]]] = {}
    last: dict[tuple[int, Review], tuple[Item, Decision]] = {}
    for each in unsettled:
        for item, decision in each.likely:
            place = (item.number, item.duty.review)
            if all(decision != known for _, known in rows.setdefault(place, [])):
                rows[place].append((item, decision))
            if each.why is Why.TWICE:
                last[place] = (item, decision)
    once = {place: last.get(place) or found[0] for place, found in rows.items() if len(found) == 1 or place in last}
    if not once:
        return None
    words = "\n".join(plainly(*once[place], language) for place in sorted(once))
    known = tuple((*place, once[place][1]) for place in sorted(once))
    rest = [Rest(u.words[:_WORDS], u.why.value, u.numbers) for u in unsettled if not u.likely]
    return Likely(words, known, tuple(rest))


def _token_for_all(book: Book, found: Reading, key: str, now: datetime) -> str:
    """A token for the letter as a whole; it stands in the book with the first thing that the letter is about."""
    assert found.person is not None
    target = next((item.target for item in found.items if item.target), None)
    if target is None:
        return ""
    return tokens.make(book, target.submission.id, target.submission.version, found.person.id, key, now)


def _numbers(found: Reading) -> dict[Key, tuple[int, int]]:
    """The rows of the letter that was answered, so that an answer to the next letter can use their numbers."""
    return {
        Key(item.person.id, item.duty.id, item.period): (
            item.number,
            (item.target.answered or 0) if item.target else 0,
        )
        for item in found.items
    }


def ask(
    desk: Desk,
    book: Book,
    mail: RawMail,
    found: Reading,
    ruling: Ruling,
    duty: Duty | None,
    doubt: Doubt | None,
    ref: int,
    now: datetime,
) -> None:
    """One `clarify` that quotes his words and shows how to answer; nothing is acted on."""
    assert found.person is not None
    office = desk.office
    target = ruling.target.submission if ruling.target else None
    possible = [target] if target else _candidates(desk, book, found, ruling)
    doubt = doubt or (Doubt.SEVERAL if possible else Doubt.NO_TARGET)
    person = office.roster.get(target.key.person) if target else found.subject_person
    review = duty.review if duty else Review.NONE
    key = f"clarify/{ref}/{ruling.duty_id}"
    # A proposal is about one thing and its newest version: what it would do must be allowed.
    proposed = ruling.decision.proposals if target and doubt is Doubt.UNCLEAR else ()
    possible_acts = [decision for decision in proposed if (review, decision.verdict) in AFTER_DECISION]
    taps = [(alone(decision, found.person.language), decision) for decision in possible_acts]
    clarify = Clarify(
        office=office.name,
        director=found.person,
        person=person,
        duty=duty,
        period=target.key.period if target else None,
        doubt=doubt.value,
        words=found.words.text[:_WORDS],
        answered_at=mail.received_at,
        candidates=[c for s in possible if (c := _candidate(desk, s)) is not None],
        wants_approval=review is Review.APPROVE,
        wants_score=review is Review.SCORE,
        lowest=office.scores.low,
        highest=office.scores.high,
        codes=code_mark(target.code) if target else "",
        proposals=[
            Proposal(p.verdict.value, p.score, p.comment, words if len(words) <= _TAPPED else "") for words, p in taps
        ],
        token=tokens.make(book, target.id, target.version, found.person.id, key, now) if target else "",
        about=_first_lines(book, target) if target else "",
        mailbox=office.roster.director.email,
    )
    keys = [target.key] if target else []
    event = Event(
        now,
        "asked",
        person.id if person else None,
        ruling.duty_id,
        target.key.period if target else None,
        found.letter.message_id,
        mail.received_at,
        {
            "doubt": doubt.value,
            "words": found.words.text[:_WORDS],
            "by": found.person.id,
            "reasons": list(found.reasons),
        },
    )
    events.append(book, event)
    desk.write(book, clarify, found.person, key, now, thread=_thread(found), dues=keys, taps=taps)


def _first_lines(book: Book, target: Submission) -> str:
    """How the submission begins that he is asked about."""
    newest = records.versions(book, [target.id])[target.id][-1:]
    lines = [line for version in newest for line in version.whole.split("\n") if line.strip()]
    return "\n".join(line[:_LINE] for line in lines[:_LINES])


def _thread(found: Reading) -> Thread:
    return Thread(found.letter.message_id, found.letter.references)


def _candidates(desk: Desk, book: Book, found: Reading, ruling: Ruling) -> list[Submission]:
    """The open submissions of those he wrote to that his words could be about."""
    people = desk.office.roster.known([*found.letter.to, *found.letter.cc])
    held = records.held(book, [person.id for person in people])
    return [s for found_ in held.values() for s in found_ if s.is_open and s.key.duty == ruling.duty_id]


def _candidate(desk: Desk, submission: Submission) -> Candidate | None:
    person, duty = desk.office.roster.get(submission.key.person), desk.office.duty(submission.key.duty)
    if person is None or duty is None:
        return None
    return Candidate(person.name, duty, submission.key.period, submission.version, submission.arrivals[-1])

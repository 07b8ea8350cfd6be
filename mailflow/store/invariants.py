"""The book's own invariants: what must be so whatever died when. Each breach is a sentence that names the row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from sqlalchemy import func, select

from mailflow.rules.submission import State
from mailflow.store.outbox import LetterState
from mailflow.store.schema import (
    DecisionRow,
    EventRow,
    LetterRow,
    MessageRow,
    MonthRow,
    OccasionRow,
    QuarantineRow,
    SubmissionRow,
    VersionRow,
)
from mailflow.store.session import Book

_LEFT = (LetterState.SENT.value, LetterState.RETURNED.value)
_FORMAL = ("approval", "revision", "score")
_ANSWERS = re.compile(r"(receipt|unreadable|clarify|approval|revision|score)/(?:refiled/|settled/|lines/)?(\d+)(?:/|$)")
_DECIDED = {State.APPROVED.value: "approve", State.REVISING.value: "revise", State.SCORED.value: "score"}


def breaches(book: Book) -> list[str]:
    """Everything in the book that can't be so; an empty list for a sound book."""
    return [
        *_versions(book),
        *_decisions(book),
        *_states(book),
        *_letters(book),
        *_causes(book),
        *_quarantine(book),
        *_months(book),
    ]


def _versions(book: Book) -> Iterator[str]:
    """Every version has its message, whole and counted, and is booked by an event."""
    rows = book.execute(
        select(VersionRow.id, VersionRow.received_at, MessageRow.id, MessageRow.disposition, MessageRow.received_at,
               func.length(MessageRow.raw))
        .join(MessageRow, MessageRow.id == VersionRow.message_ref, isouter=True)
    )  # fmt: skip
    for version, received, message, disposition, arrived, size in rows:
        if message is None:
            yield f"version {version} has no message"
        elif disposition != "submission" or not size:
            yield f"version {version} rests on message {message}, which is kept as {disposition} with {size or 0} bytes"
        elif received != arrived:
            yield f"version {version} says it arrived {received}, its message {message} says {arrived}"
    for number in book.scalars(
        select(SubmissionRow.id)
        .join(VersionRow, VersionRow.submission_id == SubmissionRow.id, isouter=True)
        .where(VersionRow.id.is_(None))
    ):
        yield f"submission {number} has no version"
    numbers = select(VersionRow.submission_id, func.count(), func.max(VersionRow.number))
    for submission, count, highest in book.execute(numbers.group_by(VersionRow.submission_id)):
        if count != highest:
            yield f"submission {submission} has {count} versions, numbered up to {highest}"


def _decisions(book: Book) -> Iterator[str]:
    """Every decision has its evidence: a message that counted, or the event that says who decided without one."""
    rows = book.execute(
        select(DecisionRow.id, DecisionRow.message_ref, DecisionRow.by, DecisionRow.verdict, DecisionRow.score,
               MessageRow.disposition)
        .join(MessageRow, MessageRow.id == DecisionRow.message_ref, isouter=True)
    )  # fmt: skip
    for decision, message, by, verdict, score, disposition in rows:
        if message is not None and disposition != "decision":
            yield f"decision {decision} rests on message {message}, which is kept as {disposition}"
        if message is None and by:
            yield f"decision {decision} by {by} has no message that shows it"
        if (verdict == "score") != (score is not None):
            yield f"decision {decision} is {verdict} with the score {score}"
    decided = book.scalar(select(func.count()).select_from(DecisionRow)) or 0
    told = book.scalar(select(func.count()).select_from(EventRow).where(EventRow.kind == "decided")) or 0
    if decided != told:
        yield f"{decided} decisions, but {told} events that tell of one"


def _states(book: Book) -> Iterator[str]:
    """A decided submission stands as its newest decision left it: there are never two current ones."""
    newest = select(func.max(DecisionRow.id)).group_by(DecisionRow.submission_id)
    rows = book.execute(select(DecisionRow.submission_id, DecisionRow.verdict).where(DecisionRow.id.in_(newest)))
    verdicts = {submission: verdict for submission, verdict in rows}  # noqa: C416 - rows are no pairs to the checker
    for number, state in book.execute(select(SubmissionRow.id, SubmissionRow.state)):
        if state in _DECIDED and verdicts.get(number) != _DECIDED[state]:
            yield f"submission {number} is {state}, but its newest decision is {verdicts.get(number, 'none')}"


def _letters(book: Book) -> Iterator[str]:
    """Every letter has its bytes with its own Message-ID; a sent one says when."""
    rows = select(LetterRow.id, LetterRow.message_id, LetterRow.message, LetterRow.state, LetterRow.sent_at)
    for number, message_id, message, state, sent_at in book.execute(rows):
        if message_id.encode() not in message:
            yield f"letter {number} lacks its Message-ID"
        if (state in _LEFT) != (sent_at is not None):
            yield f"letter {number} is {state}, sent at {sent_at}"


def _causes(book: Book) -> Iterator[str]:
    """Every letter has its cause, which its key names: the message it answers, the decision, or the occasion."""
    messages = set(book.scalars(select(MessageRow.id)))
    decided = set(book.scalars(select(DecisionRow.message_ref)))
    occasions = set(book.scalars(select(OccasionRow.key)))
    for number, key in book.execute(select(LetterRow.id, LetterRow.key)):
        kind, _, rest = key.partition("/")
        if answers := _ANSWERS.match(key):
            cause = int(answers[2])
            if cause not in messages or (answers[1] in _FORMAL and cause not in decided):
                yield f"letter {number} ({key}) has no message or decision {cause} as its cause"
        elif kind in ("reminder", "missing", "digest") and not _begins(rest, occasions):
            yield f"letter {number} ({key}) has no occasion as its cause"


def _begins(path: str, known: set[str]) -> bool:
    """Whether a path is one of these, or begins with one."""
    while path:
        if path in known:
            return True
        path = path.rpartition("/")[0]
    return False


def _quarantine(book: Book) -> Iterator[str]:
    """What is set aside can be replayed: its message is kept whole."""
    rows = select(QuarantineRow.id, func.length(MessageRow.raw)).join(
        MessageRow, MessageRow.id == QuarantineRow.message_ref, isouter=True
    )
    for number, size in book.execute(rows.where(QuarantineRow.state == "open")):
        if not size:
            yield f"quarantine {number} has no message to replay"


def _months(book: Book) -> Iterator[str]:
    """A frozen month is the bytes that HR was sent."""
    for row in book.scalars(select(MonthRow)):
        if hashlib.sha256(row.workbook).hexdigest() != row.checksum:
            yield f"month {row.month} number {row.number} is not what was sent: its checksum differs"

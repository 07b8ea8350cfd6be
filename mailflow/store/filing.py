"""Filing: everything that belongs into a month's archive (clause R13), as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from mailflow.rules.periods import Period
from mailflow.store.schema import DecisionRow, EventRow, LetterRow, MessageRow, SubmissionRow, VersionRow
from mailflow.store.session import Book


@dataclass(frozen=True)
class Filed:
    """The messages (number, bytes), letters (number, kind, bytes) and facts of a month."""

    messages: tuple[tuple[int, bytes], ...]
    letters: tuple[tuple[int, str, bytes], ...]
    decisions: tuple[dict[str, Any], ...]
    events: tuple[dict[str, Any], ...]


def of_month(book: Book, weeks: Iterable[Period], start: datetime, end: datetime) -> Filed:
    """What arrived, left or happened from `start` until before `end`, and the evidence of these weeks."""
    labels = [week.label for week in weeks]
    mine = select(SubmissionRow.id).where(SubmissionRow.period.in_(labels))
    evidence = select(VersionRow.message_ref).where(VersionRow.submission_id.in_(mine))
    decided = select(DecisionRow.message_ref).where(DecisionRow.submission_id.in_(mine))
    messages = book.execute(
        select(MessageRow.id, MessageRow.raw)
        .where(
            MessageRow.raw.is_not(None),
            or_(
                (MessageRow.received_at >= start) & (MessageRow.received_at < end),
                MessageRow.id.in_(evidence),
                MessageRow.id.in_(decided),
            ),
        )
        .order_by(MessageRow.id)
    )
    letters = book.execute(
        select(LetterRow.id, LetterRow.kind, LetterRow.message)
        .where(LetterRow.sent_at >= start, LetterRow.sent_at < end)
        .order_by(LetterRow.id)
    )
    decisions = book.execute(
        select(DecisionRow, SubmissionRow)
        .join(SubmissionRow, SubmissionRow.id == DecisionRow.submission_id)
        .where(SubmissionRow.period.in_(labels))
        .order_by(DecisionRow.id)
    )
    events = book.scalars(
        select(EventRow)
        .where(or_((EventRow.at >= start) & (EventRow.at < end), EventRow.period.in_(labels)))
        .order_by(EventRow.id)
    )
    return Filed(
        tuple((number, raw or b"") for number, raw in messages),
        tuple((number, kind, raw) for number, kind, raw in letters),
        tuple(
            {
                "person": s.person_id, "duty": s.duty_id, "period": s.period, "version": d.version,
                "verdict": d.verdict,
                "score": None if d.score is None else str(d.score), "comment": d.comment, "by": d.by,
                "decided_at": d.decided_at.isoformat(), "message": d.message_ref,
            }
            for d, s in decisions
        ),
        tuple(
            {
                "at": e.at.isoformat(), "event": e.kind, "person": e.person_id, "duty": e.duty_id, "period": e.period,
                "message_id": e.message_id, "data": dict(e.data or {}),
            }
            for e in events
        ),
    )  # fmt: skip

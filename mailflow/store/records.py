"""Submissions, versions and decisions: rows ↔ the rules' values."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from mailflow.rules import ledger
from mailflow.rules.duties import Duty, Review
from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.submission import Key, State, Submission
from mailflow.store.schema import (
    DecisionRow,
    MessageRow,
    OccasionRow,
    SubmissionRow,
    VersionRow,
)
from mailflow.store.session import Book
from mailflow.wire import Folder

# Without characters that look alike on paper: no 0 and O, 1 and I.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class VersionText:
    """A version as the digest shows it; `attachments` are (filename, what was in it or why nothing). `lay_in` is the
    folder where its mail lies, if that is not the inbox."""

    number: int
    message_ref: int
    message_id: str
    thread: tuple[str, ...]
    subject: str
    received_at: datetime
    header_date: datetime | None
    text: str
    attachments: tuple[Mapping[str, str], ...]
    lay_in: str = ""

    @property
    def whole(self) -> str:
        """What was submitted, the attachments' text after the mail's own."""
        parts = [self.text, *(attachment["text"] for attachment in self.attachments)]
        return "\n".join(part for part in parts if part)


def submissions_of(book: Book, rows: Sequence[SubmissionRow]) -> list[Submission]:
    """The values of these rows, each with its arrivals and the decision that stands."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    arrivals: dict[int, list[datetime]] = {}
    numbers: dict[int, int] = {}
    for version in book.scalars(
        select(VersionRow)
        .where(VersionRow.submission_id.in_(ids), VersionRow.withdrawn.is_(False))
        .order_by(VersionRow.number)
    ):
        arrivals.setdefault(version.submission_id, []).append(version.received_at)
        numbers[version.submission_id] = version.number
    newest: dict[int, DecisionRow] = {}
    for decision in book.scalars(
        select(DecisionRow).where(DecisionRow.submission_id.in_(ids)).order_by(DecisionRow.id)
    ):
        newest[decision.submission_id] = decision
    result = []
    for row in rows:
        stands = newest.get(row.id) if row.state != State.RECEIVED else None
        result.append(
            Submission(
                id=row.id,
                key=Key(row.person_id, row.duty_id, Period.parse(row.period)),
                code=row.code,
                state=State(row.state),
                arrivals=tuple(arrivals.get(row.id, ())),
                score=stands.score if stands else None,
                comment=stands.comment if stands else "",
                decided_at=stands.decided_at if stands else None,
                newest=numbers.get(row.id, 0),
            )
        )
    return result


def held(book: Book, people: Iterable[str], since: datetime | None = None) -> dict[str, tuple[Submission, ...]]:
    """What is held of each of these people: all that is open, and whatever arrived after that instant."""
    wanted = SubmissionRow.state == State.RECEIVED.value
    if since is not None:
        recent = select(VersionRow.submission_id).where(VersionRow.received_at >= since)
        wanted = or_(wanted, SubmissionRow.id.in_(recent))
    rows = book.scalars(
        select(SubmissionRow).where(SubmissionRow.person_id.in_(list(people)), wanted).order_by(SubmissionRow.id)
    ).all()
    grouped: dict[str, list[Submission]] = {}
    for submission in submissions_of(book, rows):
        grouped.setdefault(submission.key.person, []).append(submission)
    return {person: tuple(found) for person, found in grouped.items()}


def of_periods(book: Book, periods: Iterable[Period]) -> dict[Key, Submission]:
    """Everything held for these periods."""
    labels = [period.label for period in periods]
    rows = book.scalars(select(SubmissionRow).where(SubmissionRow.period.in_(labels)).order_by(SubmissionRow.id)).all()
    return {submission.key: submission for submission in submissions_of(book, rows)}


def week_rows(book: Book, office: Office, weeks: Sequence[Period], now: datetime) -> list[Row]:
    """Who stands where at `now`, in every weekly duty of these weeks."""
    return ledger.rows(office, ledger.weekly_dues(office, weeks), of_periods(book, weeks), now)


def month_rows(book: Book, office: Office, month: Period, now: datetime) -> list[Row]:
    """Who stands where at `now` in everything that counts in a month."""
    return due_rows(book, office, ledger.month_dues(office, month), now)


def due_rows(book: Book, office: Office, dues: Sequence[tuple[Duty, Period]], now: datetime) -> list[Row]:
    """Who stands where at `now` in these duties and periods."""
    return ledger.rows(office, dues, of_periods(book, {period for _, period in dues}), now)


def submission(book: Book, key: Key) -> Submission | None:
    """The submission of this key, if anything was booked for it."""
    return of_periods(book, [key.period]).get(key)


def open_rows(book: Book, office: Office, now: datetime) -> list[Row]:
    """Everything that waits for its reviewer, the oldest first."""
    waits = select(SubmissionRow).where(SubmissionRow.state == State.RECEIVED.value).order_by(SubmissionRow.id)
    found = []
    for held_ in submissions_of(book, book.scalars(waits).all()):
        person, duty = office.roster.get(held_.key.person), office.duty(held_.key.duty)
        if person and duty and held_.is_open:
            found.append(ledger.row(office, person, (duty, held_.key.period), held_, now))
    return sorted(found, key=lambda row: (row.period.last, row.duty.id))


def open_dues(book: Book) -> set[tuple[str, Period]]:
    """The ids of duties, with their periods, of which anything waits for its reviewer."""
    waits = select(SubmissionRow.duty_id, SubmissionRow.period).where(SubmissionRow.state == State.RECEIVED.value)
    return {(duty, Period.parse(period)) for duty, period in book.execute(waits.distinct())}


def submissions_by_id(book: Book, ids: Sequence[int]) -> dict[int, Submission]:
    """The submissions with these numbers."""
    rows = book.scalars(select(SubmissionRow).where(SubmissionRow.id.in_(ids)).order_by(SubmissionRow.id)).all()
    return {found.id: found for found in submissions_of(book, rows)}


def add_version(
    book: Book,
    key: Key,
    message_ref: int,
    received_at: datetime,
    text: str,
    attachments: Sequence[Mapping[str, str]],
) -> tuple[Submission, int]:
    """Book one more version of a submission, which is made at its first; the state is the caller's to set.

    A message that was withdrawn from this submission comes back under its old number.
    """
    row = book.scalar(
        select(SubmissionRow).where(
            SubmissionRow.person_id == key.person,
            SubmissionRow.duty_id == key.duty,
            SubmissionRow.period == key.period.label,
        )
    )
    if row is None:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        row = SubmissionRow(
            person_id=key.person,
            duty_id=key.duty,
            period=key.period.label,
            code=code,
            state=State.RECEIVED.value,
        )
        book.add(row)
        book.flush()
    before = submissions_by_id(book, [row.id])[row.id]
    mine = select(VersionRow).where(VersionRow.submission_id == row.id)
    back = book.scalar(mine.where(VersionRow.message_ref == message_ref))
    if back is not None:
        back.withdrawn = False
        book.flush()
        return before, back.number
    number = 1 + (book.scalar(select(func.max(VersionRow.number)).where(VersionRow.submission_id == row.id)) or 0)
    book.add(
        VersionRow(
            submission_id=row.id,
            number=number,
            message_ref=message_ref,
            received_at=received_at,
            text=text,
            attachments=[dict(attachment) for attachment in attachments],
        )
    )
    book.flush()
    return before, number


def withdraw(book: Book, submission_id: int, number: int) -> None:
    """Take a version out of its submission, to which it was booked by mistake; the row stays as evidence."""
    row = book.scalars(
        select(VersionRow).where(VersionRow.submission_id == submission_id, VersionRow.number == number)
    ).one()
    row.withdrawn = True
    book.flush()


def set_state(book: Book, submission_id: int, state: State) -> None:
    """Where the submission is now."""
    book.get_one(SubmissionRow, submission_id).state = state.value


def add_decision(
    book: Book,
    submission_id: int,
    version: int,
    decision: Decision,
    decided_at: datetime,
    *,
    by: str,
    message_ref: int | None = None,
) -> None:
    """Write a decision down; the newest one holds. `by` is the reviewer's id, or an empty word for silence."""
    book.add(
        DecisionRow(
            submission_id=submission_id,
            version=version,
            message_ref=message_ref,
            by=by,
            verdict=decision.verdict.value,
            score=decision.score,
            comment=decision.comment,
            decided_at=decided_at,
        )
    )
    book.flush()


def versions(book: Book, submission_ids: Iterable[int]) -> dict[int, list[VersionText]]:
    """The versions of these submissions, oldest first."""
    rows = book.execute(
        select(VersionRow, MessageRow)
        .join(MessageRow, MessageRow.id == VersionRow.message_ref)
        .where(VersionRow.submission_id.in_(list(submission_ids)), VersionRow.withdrawn.is_(False))
        .order_by(VersionRow.submission_id, VersionRow.number)
    ).all()
    grouped: dict[int, list[VersionText]] = {}
    for version, message in rows:
        grouped.setdefault(version.submission_id, []).append(
            VersionText(
                number=version.number,
                message_ref=message.id,
                message_id=message.message_id,
                thread=tuple(message.references),
                subject=message.subject,
                received_at=version.received_at,
                header_date=message.header_date,
                text=version.text,
                attachments=tuple(version.attachments),
                lay_in=message.folder if message.role == Folder.ASIDE.value else "",
            )
        )
    return grouped


@dataclass(frozen=True)
class Made:
    """A decision as it was made, on which version."""

    version: int
    verdict: Verdict
    score: Decimal | None
    comment: str
    decided_at: datetime


def decisions(book: Book, submission_ids: Iterable[int]) -> dict[int, list[Made]]:
    """The decisions on these submissions, oldest first."""
    rows = book.scalars(
        select(DecisionRow).where(DecisionRow.submission_id.in_(list(submission_ids))).order_by(DecisionRow.id)
    )
    grouped: dict[int, list[Made]] = {}
    for row in rows:
        made = Made(row.version, Verdict(row.verdict), row.score, row.comment, row.decided_at)
        grouped.setdefault(row.submission_id, []).append(made)
    return grouped


def plans(book: Book, office: Office, periods: Iterable[Period]) -> dict[tuple[str, Period], str]:
    """The plan that each of these periods was worked by, by person: what the summary is scored against."""
    approved = {duty.id for duty in office.duties if duty.review is Review.APPROVE}
    mine = {s.id: key for key, s in of_periods(book, periods).items() if key.duty in approved and s.arrivals}
    texts = versions(book, mine)
    return {(key.person, key.period): texts[number][-1].whole for number, key in mine.items() if number in texts}


def trends(book: Book, rows: Iterable[Row], count: int, since: datetime) -> dict[Key, tuple[str, ...]]:
    """The last scores that each person of these rows had in the same duty before that period, oldest first."""
    wanted = [row.key for row in rows if row.duty.review is Review.SCORE]
    found: dict[Key, tuple[str, ...]] = {}
    scored = [
        submission
        for submissions in held(book, {key.person for key in wanted}, since).values()
        for submission in submissions
        if submission.score is not None
    ]
    for key in wanted:
        before = [
            s for s in scored if (s.key.person, s.key.duty) == (key.person, key.duty) and s.key.period < key.period
        ]
        before.sort(key=lambda s: s.key.period)
        found[key] = tuple(f"{s.score.normalize():f}" for s in before[-count:] if s.score is not None)
    return found


def done(book: Book, occasions: Iterable[str]) -> set[str]:
    """Those of these occasions that are marked as done."""
    wanted = list(occasions)
    return set(book.scalars(select(OccasionRow.key).where(OccasionRow.key.in_(wanted)))) if wanted else set()


def undo(book: Book, occasion: str) -> bool:
    """Let an occasion come again, because what it told has changed; False where it has not been yet."""
    row = book.get(OccasionRow, occasion)
    if row is not None:
        book.delete(row)
    return row is not None


def first_time(book: Book, occasion: str, now: datetime) -> bool:
    """Mark an occasion as done; False when it was done before."""
    insert = pg_insert if book.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(OccasionRow).values(key=occasion, done_at=now).on_conflict_do_nothing()
    done = book.execute(statement.returning(OccasionRow.key)).scalar_one_or_none()
    return done is not None

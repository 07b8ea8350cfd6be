"""The tables. Rows are private to the store; what leaves it are values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is a fault of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive instant: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(TypeDecorator[Decimal]):
    """A score, exactly: kept as text because SQLite has no decimals."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """Constraints have fixed names, so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class MarkRow(Base):
    """How far a folder has been read."""

    __tablename__ = "marks"
    account: Mapped[str] = mapped_column(String(255), primary_key=True)
    folder: Mapped[str] = mapped_column(String(255), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    # What lay at the highest UID that was read: a hash of its envelope, by which a folder that was put back is noticed.
    anchor_uid: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    anchor: Mapped[str] = mapped_column(String(32), default="", server_default="")


class PassRow(Base):
    """When the mailbox was first and last read to its end, whether that was a played instant (`--now`), and when last
    by a clock that nothing spoke against."""

    __tablename__ = "passes"
    account: Mapped[str] = mapped_column(String(255), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    sure_at: Mapped[datetime | None] = mapped_column(Instant)
    played: Mapped[bool] = mapped_column(default=False, server_default=false())


class MailboxRow(Base):
    """A mailbox by what it says of itself. `account` is what marks, passes and messages call it, `spelled` how the
    configuration names it now."""

    __tablename__ = "mailboxes"
    account: Mapped[str] = mapped_column(String(255), primary_key=True)
    spelled: Mapped[str] = mapped_column(String(255))
    username: Mapped[str] = mapped_column(String(255))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    # Whether it has a folder for what was sent: without one none of the director's decisions can be seen.
    has_sent: Mapped[bool] = mapped_column(default=True, server_default=true())
    since: Mapped[datetime] = mapped_column(Instant)


class FenceRow(Base):
    """Who holds the store: each holder raises the number, and whoever finds another number than his has lost it."""

    __tablename__ = "fence"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    holder: Mapped[str] = mapped_column(Text, default="")


class CopyRow(Base):
    """When this store was copied, in the copy: the first pass after it was put back reads from there."""

    __tablename__ = "copies"
    copied_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)


class PersonRow(Base):
    """Everybody who was ever in the roster, as he last stood in it; `gone` is the day on which his row was missed."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    addresses: Mapped[list[str]] = mapped_column(JSON)
    department: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(16))
    supervisor: Mapped[str | None] = mapped_column(String(255))
    joined: Mapped[date | None]
    left: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(16))
    gone: Mapped[date | None]
    # Earlier times of employment, and leave: pairs of ISO dates. None where they were never looked at.
    earlier: Mapped[list[list[str | None]] | None] = mapped_column(JSON(none_as_null=True))
    leaves: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))


class MessageRow(Base):
    """A message that was fetched, by its two keys. Strangers' mail is never here; raw bytes only of what counts."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account", "role", "content_hash", name="uq_messages_content"),
        # Not unique: some servers use a UID again under the same UIDVALIDITY.
        Index("ix_messages_place", "account", "folder", "uidvalidity", "uid"),
        Index("ix_messages_message_id", "message_id"),
        Index("ix_messages_subject_key", "subject_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    folder: Mapped[str] = mapped_column(String(255))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant)
    header_date: Mapped[datetime | None] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(Text, default="")
    # The bare subject as a hash: whose it was, also where the mail itself is none of our business.
    subject_key: Mapped[str] = mapped_column(String(16), default="", server_default="")
    references: Mapped[list[str]] = mapped_column(JSON, default=list)
    disposition: Mapped[str] = mapped_column(String(32))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)


class SubmissionRow(Base):
    """One person, one duty, one period."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("person_id", "duty_id", "period", name="uq_submissions_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(255))
    duty_id: Mapped[str] = mapped_column(String(255))
    period: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    state: Mapped[str] = mapped_column(String(16))


class VersionRow(Base):
    """One arrival for a submission, with its text as the digest shows it."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("submission_id", "number", name="uq_versions_number"),
        UniqueConstraint("submission_id", "message_ref", name="uq_versions_message"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]
    message_ref: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Booked to the wrong period or duty and moved by its sender; it counts no more.
    withdrawn: Mapped[bool] = mapped_column(default=False)


class DecisionRow(Base):
    """What the director decided. The newest holds; the others are history."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    version: Mapped[int]
    # None where no message shows it: silence that approves, and the operator's own command.
    message_ref: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    by: Mapped[str] = mapped_column(String(255), default="")
    verdict: Mapped[str] = mapped_column(String(16))
    score: Mapped[Decimal | None] = mapped_column(Points)
    comment: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)


class LetterRow(Base):
    """The outbox: letters waiting, sent, failed or cancelled, each with all its bytes."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_waiting", "state", "next_try_at"),
        Index("ix_letters_person", "person_id", "created_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(String(255))
    recipients: Mapped[list[str]] = mapped_column(JSON)
    to_director_alone: Mapped[bool]
    subject: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    in_reply_to: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[bytes] = mapped_column(LargeBinary)
    # What we understood, in a question about one thing: a yes to it decides so.
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)


class LetterDueRow(Base):
    """What a letter is about: answers to it belong there."""

    __tablename__ = "letter_dues"
    __table_args__ = (Index("ix_letter_dues_about", "person_id", "duty_id", "period"),)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    duty_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    # In a digest: the row's number and the version that it shows.
    number: Mapped[int | None] = mapped_column(default=None)
    version: Mapped[int | None] = mapped_column(default=None)


class TokenRow(Base):
    """A token that a digest's links and score workbook bear: whoever has it answers for one submission, once."""

    __tablename__ = "tokens"
    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    version: Mapped[int]
    reviewer: Mapped[str] = mapped_column(String(255))
    letter_key: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))


class ShownRow(Base):
    """A Message-ID or token of ours that somebody else has seen: it proves nothing any more."""

    __tablename__ = "shown"
    secret: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class ExcuseRow(Base):
    """Who was excused from what by name. The newest holds; `granted` False takes it back."""

    __tablename__ = "excuses"
    __table_args__ = (Index("ix_excuses_key", "person_id", "duty_id", "period"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(255))
    duty_id: Mapped[str] = mapped_column(String(255))
    period: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    granted: Mapped[bool]
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(Instant)
    message_ref: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))


class DeputyRow(Base):
    """Whom the director named by mail to decide for him, both days included."""

    __tablename__ = "deputies"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(255))
    first: Mapped[date]
    last: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    message_ref: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))


class ErasureRow(Base):
    """Who asked to be forgotten, and when he was."""

    __tablename__ = "erasures"
    person_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class MonthRow(Base):
    """A month as HR was sent it: number 0 first, then each correction. The bytes are frozen with their checksum."""

    __tablename__ = "months"
    month: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    checksum: Mapped[str] = mapped_column(String(64))
    workbook: Mapped[bytes] = mapped_column(LargeBinary)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The rules of scoring it was made by; None in one of the first versions, whose figures are by name, not by id.
    rules: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    mark: Mapped[str] = mapped_column(Text)


class QuarantineRow(Base):
    """A message that could not be handled, and what became of it."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_ref: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(Text, default="")
    # The Message-ID of the letter that asked its decider about it.
    asked: Mapped[str] = mapped_column(Text, default="", server_default="")
    since: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ClosingRow(Base):
    """What was owed of a duty for a period, fixed when its cutoff had passed."""

    __tablename__ = "closings"
    duty_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    cutoff: Mapped[datetime] = mapped_column(Instant)
    grace_seconds: Mapped[int]
    whose: Mapped[list[str]] = mapped_column(JSON)
    rule: Mapped[int]
    start: Mapped[date | None]
    working: Mapped[list[str]] = mapped_column(JSON)
    counts: Mapped[bool]
    weight: Mapped[Decimal] = mapped_column(Points)
    closed_at: Mapped[datetime] = mapped_column(Instant)


class DutyRow(Base):
    """Every duty that was ever configured, as it last stood there, and since when it is known."""

    __tablename__ = "duties"
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(Instant)


class OldRuleRow(Base):
    """Until when the first rule of owing holds, in a store that was made under it."""

    __tablename__ = "old_rule"
    until: Mapped[datetime] = mapped_column(Instant, primary_key=True)


class OccasionRow(Base):
    """An occasion whose letters were written: each is done once only."""

    __tablename__ = "occasions"
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(Instant)


class EventRow(Base):
    """Append-only: what happened, with its evidence. `history` is read from here."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_person", "person_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str | None] = mapped_column(String(255))
    duty_id: Mapped[str | None] = mapped_column(String(255))
    period: Mapped[str | None] = mapped_column(String(16))
    message_id: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

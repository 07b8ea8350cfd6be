"""Messages and marks: how far each folder is read, and what was fetched, known by place and by content."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from mailflow.store.schema import CopyRow, MarkRow, MessageRow, PassRow, QuarantineRow
from mailflow.store.session import Book
from mailflow.wire import Envelope, Folder, Place, RawMail


@dataclass(frozen=True)
class Mark:
    """How far a folder is read: every UID up to this one, under this UIDVALIDITY, has led to what it leads to.

    `anchor` says what lay at `anchor_uid`, the highest UID up to there with a message, 0 where there was none.
    """

    folder: str
    uidvalidity: int
    uid: int
    anchor_uid: int = 0
    anchor: str = ""


@dataclass(frozen=True)
class Fetched:
    """A message to be remembered. `raw` only where it counts; of other mail nothing but its keys is kept."""

    mail: RawMail
    message_id: str
    content_hash: str
    header_date: datetime | None
    person: str | None
    subject: str
    thread: tuple[str, ...]
    disposition: str
    reasons: tuple[str, ...]
    keep_raw: bool
    subject_key: str = ""


def mark_of(book: Book, account: str, folder: str) -> Mark | None:
    """How far this folder has been read, or None at the first start."""
    row = book.get(MarkRow, (account, folder))
    return Mark(row.folder, row.uidvalidity, row.uid, row.anchor_uid, row.anchor) if row else None


def move_mark(book: Book, account: str, mark: Mark) -> None:
    """Remember how far the folder is read now."""
    book.merge(
        MarkRow(
            account=account, folder=mark.folder, uidvalidity=mark.uidvalidity, uid=mark.uid,
            anchor_uid=mark.anchor_uid, anchor=mark.anchor,
        )
    )  # fmt: skip


def anchor_of(envelope: Envelope) -> str:
    """What a message's envelope says, as a hash: of strangers' mail nothing else is kept."""
    said = f"{envelope.message_id}\n{envelope.received_at.timestamp()}\n{envelope.size}"
    return hashlib.sha256(said.encode("utf-8", errors="surrogateescape")).hexdigest()[:32]


def pass_finished(book: Book, account: str, at: datetime, *, sure: bool = True, played: bool = False) -> None:
    """Remember that the mailbox was read to its end: at a played instant, or by a clock that nothing speaks against,
    or by one that is doubtful."""
    row = book.get(PassRow, account)
    before = _sure(row) if row else (None if sure else _NEVER)
    book.merge(
        PassRow(
            account=account, first_at=row.first_at if row else at, finished_at=at, played=played,
            sure_at=at if sure and not played else before,
        )
    )  # fmt: skip


# As long as no clock was sure, nothing is near it.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _sure(row: PassRow) -> datetime | None:
    # A store of before this was written down has no instant of its own for it.
    return row.sure_at or (None if row.played else row.finished_at)


def sure_pass(book: Book, account: str) -> datetime | None:
    """When the mailbox was last read to its end by a clock that nothing spoke against."""
    row = book.get(PassRow, account)
    return _sure(row) if row else None


def was_played(book: Book, account: str) -> bool:
    """Whether the last look at the mailbox was at a played instant."""
    row = book.get(PassRow, account)
    return row is not None and row.played


def copied_at(book: Book) -> datetime | None:
    """When this store was copied, if it is a copy that was put back and not read with since."""
    return book.scalar(select(func.max(CopyRow.copied_at)))


def copy_is_read(book: Book) -> None:
    """What arrived since the copy is read."""
    book.execute(delete(CopyRow))


def first_pass(book: Book, account: str) -> datetime | None:
    """When the mailbox was read to its end for the first time."""
    row = book.get(PassRow, account)
    return row.first_at if row else None


def last_pass(book: Book, account: str) -> datetime | None:
    """When the mailbox was last read to its end."""
    row = book.get(PassRow, account)
    return row.finished_at if row else None


def content_hash(message_id: str, headers: Collection[str], raw: bytes) -> str:
    """What a message is: its Message-ID, the headers its writer set, and its body.

    The trace headers that servers add are left out, so that the copy in Sent and the copy in INBOX are one.
    """
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    digest = hashlib.sha256("\n".join([message_id, *headers]).encode("utf-8", errors="surrogateescape"))
    digest.update(b"\n\n" + body.rstrip())
    return digest.hexdigest()


def seen_before(book: Book, envelope: Envelope) -> bool:
    """Whether this very message was fetched already: by its place, or on a rescan by what its envelope says."""
    place = envelope.place
    if place.uidvalidity:
        by_place = select(MessageRow.id).where(
            MessageRow.account == place.account,
            MessageRow.folder == place.folder,
            MessageRow.uidvalidity == place.uidvalidity,
            MessageRow.uid == place.uid,
            MessageRow.message_id == envelope.message_id,
        )
        if book.scalar(by_place) is not None:
            return True
    if not envelope.message_id:
        return False
    same = select(MessageRow.id).where(
        MessageRow.account == place.account,
        MessageRow.role == envelope.role.value,
        MessageRow.message_id == envelope.message_id,
        MessageRow.size == envelope.size,
        MessageRow.received_at == envelope.received_at,
    )
    return book.scalar(same) is not None


@dataclass(frozen=True)
class Twin:
    """A message with the same content, booked before. `counted` says that it led to something."""

    id: int
    role: Folder
    counted: bool


def twins(book: Book, account: str, digest: str) -> list[Twin]:
    """The messages of this content that are remembered already, in either folder."""
    rows = book.scalars(
        select(MessageRow).where(MessageRow.account == account, MessageRow.content_hash == digest)
    ).all()
    return [Twin(row.id, Folder(row.role), row.disposition in ("submission", "decision")) for row in rows]


def same_id_other_content(book: Book, account: str, message_id: str, digest: str) -> bool:
    """Whether the Message-ID was used before for something else."""
    found = select(MessageRow.id).where(
        MessageRow.account == account, MessageRow.message_id == message_id, MessageRow.content_hash != digest
    )
    return bool(message_id) and book.scalar(found.limit(1)) is not None


def remember(book: Book, fetched: Fetched) -> int:
    """Write the message down and give its row's number; one that was in quarantine keeps its row."""
    mail, place = fetched.mail, fetched.mail.place
    row = book.scalar(
        select(MessageRow).where(
            MessageRow.account == place.account,
            MessageRow.role == mail.role.value,
            MessageRow.content_hash == fetched.content_hash,
        )
    )
    if row is None:
        row = MessageRow(account=place.account, role=mail.role.value, content_hash=fetched.content_hash)
        book.add(row)
    row.folder = place.folder
    row.uidvalidity = place.uidvalidity
    row.uid = place.uid if place.uidvalidity else None
    row.message_id = fetched.message_id
    row.size = mail.size or len(mail.raw)
    row.received_at = mail.received_at
    row.header_date = fetched.header_date
    row.person_id = fetched.person
    row.subject = fetched.subject if fetched.keep_raw else ""
    row.subject_key = fetched.subject_key
    row.references = list(fetched.thread) if fetched.keep_raw else []
    row.disposition = fetched.disposition
    row.reasons = list(fetched.reasons) if fetched.keep_raw else []
    row.raw = mail.raw if fetched.keep_raw else None
    book.flush()
    return row.id


def moved(book: Book, message_ref: int, place: Place, role: Folder) -> None:
    """The message lies elsewhere now (a rebuilt mailbox, or moved out of Junk): its place follows, nothing is booked
    again."""
    row = book.get_one(MessageRow, message_ref)
    row.folder, row.uidvalidity, row.role = place.folder, place.uidvalidity, role.value
    row.uid = place.uid if place.uidvalidity else None


@dataclass(frozen=True)
class Quarantined:
    """A message that could not be handled. `state` is open, settled or dismissed."""

    id: int
    message_ref: int
    message_id: str
    person: str | None
    subject: str
    reason: str
    state: str
    why: str
    since: datetime
    received_at: datetime
    asked: str = ""


def set_aside(book: Book, message_ref: int, reason: str, now: datetime) -> int:
    """Put a message into quarantine; one that is there already gets the new reason."""
    row = book.scalar(select(QuarantineRow).where(QuarantineRow.message_ref == message_ref))
    if row is None:
        row = QuarantineRow(message_ref=message_ref, since=now)
        book.add(row)
    row.reason, row.state, row.why, row.closed_at = reason, "open", "", None
    book.flush()
    return row.id


def quarantine(book: Book, *, everything: bool = False) -> list[Quarantined]:
    """What is in quarantine, oldest first; the closed ones too when asked for everything."""
    query = select(QuarantineRow, MessageRow).join(MessageRow, MessageRow.id == QuarantineRow.message_ref)
    if not everything:
        query = query.where(QuarantineRow.state == "open")
    return [
        Quarantined(
            q.id, m.id, m.message_id, m.person_id, m.subject, q.reason, q.state, q.why, q.since, m.received_at, q.asked
        )
        for q, m in book.execute(query.order_by(QuarantineRow.id)).all()
    ]


def close_quarantine(book: Book, message_ref: int, state: str, why: str, now: datetime) -> bool:
    """Settle or dismiss what lies in quarantine; False where nothing open lies there."""
    row = book.scalar(
        select(QuarantineRow).where(QuarantineRow.message_ref == message_ref, QuarantineRow.state == "open")
    )
    if row is None:
        return False
    row.state, row.why, row.closed_at = state, why, now
    return True


def subject_of_somebody_else(book: Book, subject_key: str, person: str) -> bool:
    """Whether somebody else has used the same subject before."""
    query = select(MessageRow.id).where(
        MessageRow.subject_key == subject_key, MessageRow.person_id.is_not(None), MessageRow.person_id != person
    )
    return bool(subject_key) and book.scalar(query.limit(1)) is not None


def asked_about(book: Book, number: int, message_id: str) -> None:
    """The decider was asked, in this letter, whether a message in quarantine is his."""
    book.get_one(QuarantineRow, number).asked = message_id


def settle_asked(book: Book, message_ids: Collection[str], now: datetime) -> None:
    """The decider has answered these letters with a verdict of his own, which settles what they asked about."""
    wanted = [message_id for message_id in message_ids if message_id]
    query = select(QuarantineRow).where(QuarantineRow.asked.in_(wanted), QuarantineRow.state == "open")
    for row in book.scalars(query) if wanted else ():
        row.state, row.why, row.closed_at = "settled", "settled by the decider's own answer", now


def lies_in_sent(book: Book, account: str, message_id: str) -> list[bytes]:
    """The bytes of the messages with this Message-ID that lie in Sent, as far as they are kept."""
    rows = select(MessageRow.raw).where(
        MessageRow.account == account, MessageRow.role == Folder.SENT.value, MessageRow.message_id == message_id
    )
    return [raw or b"" for raw in book.scalars(rows)] if message_id else []


def raw_of(book: Book, message_ref: int) -> RawMail:
    """A remembered message as it arrived, to be handled again."""
    row = book.get_one(MessageRow, message_ref)
    place = Place(row.account, row.folder, row.uidvalidity, row.uid or 0)
    return RawMail(row.raw or b"", row.received_at, Folder(row.role), place, row.size)

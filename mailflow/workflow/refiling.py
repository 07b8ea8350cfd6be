"""Refiling: a version booked for the wrong duty or period moves to the right one, at its sender's word.

What the director has decided on stays where it is: moving it would give his decision a meaning that he never gave it.
"""

from __future__ import annotations

from datetime import datetime

from mailflow.reading import Reading
from mailflow.reading.staff.purpose import Purpose
from mailflow.rules.review import after_withdrawal
from mailflow.rules.submission import Key
from mailflow.store import events, records
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.wire import RawMail
from mailflow.workflow.booking import Arrived, book_one
from mailflow.workflow.desk import Desk, code_mark
from mailflow.writing.mime import Thread
from mailflow.writing.notices import Receipt


def refile(desk: Desk, book: Book, mail: RawMail, found: Reading, ref: int, now: datetime) -> None:
    """Move the version that the corrected receipt is about, and send a receipt of what stands now."""
    person, wanted = found.person, found.refiling
    assert person is not None
    assert wanted is not None
    key = Key(person.id, wanted.booked[0].id, wanted.booked[1])
    submission = records.submission(book, key)
    versions = records.versions(book, [submission.id])[submission.id] if submission else []
    version = next((v for v in versions if v.message_id == wanted.original), None)
    if submission is None or version is None:
        return
    made = records.decisions(book, [submission.id]).get(submission.id, [])
    made = records.decisions(book, [submission.id]).get(submission.id, [])
    moves = not any(decision.version == version.number for decision in made)
    meant = Key(person.id, wanted.meant[0].id, wanted.meant[1])
    data = {"words": wanted.words, "from": f"{key.duty} {key.period}", "to": f"{meant.duty} {meant.period}"}
    items, code, about = [], submission.code, key
    if moves:
        records.withdraw(book, submission.id, version.number)
        left = versions[-1] if version is not versions[-1] else next(iter(versions[-2:-1]), None)
        standing = next((d.verdict for d in reversed(made) if left and d.version == left.number), None)
        records.set_state(book, submission.id, after_withdrawal(standing))
        events.append(book, Event.about(key, now, "refiled", version.message_id, received_at=mail.received_at, **data))
        arrived = Arrived(
            version.message_ref, version.message_id, version.received_at, version.text, version.attachments
        )
        item, code = book_one(desk, book, arrived, person, Purpose(*wanted.meant, (f"corrected: {wanted.words}",)), now)
        items, about = [item], meant
    else:
        refused = Event.about(
            key, now, "refiling-refused", found.letter.message_id, received_at=mail.received_at, **data
        )
        events.append(book, refused)
    receipt = Receipt(
        office=desk.office.name,
        director=desk.office.roster.director,
        person=person,
        items=items,
        received_at=version.received_at,
        codes=code_mark(code),
        example=f"{wanted.meant[0].name(person.language)} {wanted.meant[1].label}",
        corrects=wanted.booked,
    )
    # In the thread of the mail that was booked, so that an answer to this receipt can correct it once more.
    thread = Thread(version.message_id, version.thread)
    letter_key = f"receipt/refiled/{ref}"
    desk.write(book, receipt, person, letter_key, now, thread=thread, dues=[about])

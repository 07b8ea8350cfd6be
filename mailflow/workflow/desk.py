"""The desk: what every occasion works with, and the one way to put a letter into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.rules.submission import Key
from mailflow.store import outbox
from mailflow.store.session import Book, Store
from mailflow.writing import mime
from mailflow.writing.mime import Thread
from mailflow.writing.notices import Alert, Notice
from mailflow.writing.wording import Wording


@dataclass(frozen=True)
class Desk:
    """An office ready to work: its rules, its memory and its words. `account` names the mailbox in the store."""

    office: Office
    store: Store
    wording: Wording
    account: str
    sender: str

    def write(
        self,
        book: Book,
        notice: Notice,
        to: Person,
        key: str,
        now: datetime,
        *,
        thread: Thread | None = None,
        dues: Sequence[Key] = (),
    ) -> bool:
        """Put a letter to a person into the outbox, in this transaction; False when its key is there already."""
        return self._put(book, notice, [(to.name, to.email)], to.language, to, key, now, thread or Thread(), dues)

    def alert(self, book: Book, topic: str, details: Sequence[str], key: str, now: datetime) -> None:
        """Tell the operators, where the office has any."""
        recipients = [("", address) for address in self.office.operators]
        if recipients:
            notice = Alert(self.office.name, self.office.roster.director, topic, details)
            self._put(book, notice, recipients, self.office.language, None, key, now, Thread(), ())

    def _put(
        self,
        book: Book,
        notice: Notice,
        recipients: Sequence[tuple[str, str]],
        language: str,
        person: Person | None,
        key: str,
        now: datetime,
        thread: Thread,
        dues: Sequence[Key],
    ) -> bool:
        worded = self.wording.word(notice, language)
        message_id = mime.new_message_id(self.sender)
        director = self.office.roster.director
        envelope = mime.Envelope(self.sender, recipients, director.email, now.astimezone(self.office.zone))
        message = mime.build(worded, notice.kind, envelope, message_id, thread, answers=notice.automatic)
        letter = outbox.NewLetter(
            key=key,
            kind=notice.kind,
            person=person.id if person else None,
            recipients=tuple(address for _, address in recipients),
            to_director_alone=person is not None and person.id == director.id,
            subject=worded.subject,
            message_id=message_id,
            in_reply_to=thread.in_reply_to,
            message=message,
            dues=tuple(dues),
        )
        return outbox.put(book, letter, now)


def code_mark(*codes: str) -> str:
    """The codes as subjects bear them: ` [#K7Q2MD]`."""
    return "".join(f" [#{code}]" for code in codes if code)

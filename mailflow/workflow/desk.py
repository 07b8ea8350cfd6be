"""The desk: what every occasion works with, and the one way to put a letter into the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.rules.review import Likely
from mailflow.rules.submission import Key
from mailflow.store import events, outbox
from mailflow.store.session import Book, Store
from mailflow.writing import mime
from mailflow.writing.mime import Enclosure, Thread
from mailflow.writing.notice import Notice, TakenFromInbox
from mailflow.writing.notices import Alert
from mailflow.writing.wording import Wording

_HOUR = timedelta(hours=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Letters(StrEnum):
    """What becomes of the letters that a desk writes: sent; held in the outbox (a rehearsal); or not written at all,
    where history is booked about which nobody is to hear."""

    SEND = "send"
    HOLD = "hold"
    NONE = "none"


@dataclass(frozen=True)
class Desk:
    """An office ready to work: its rules, its memory and its words. `account` names the mailbox in the store.

    `ceiling` is how many letters a person gets within an hour; what is written beyond it is held and the operator told.
    `sure_of_time` is false as long as the clock is far ahead of everything that was seen; `played` says that the
    instant was given and is no clock's.
    """

    office: Office
    store: Store
    wording: Wording
    account: str
    sender: str
    letters: Letters = Letters.SEND
    ceiling: int = 30
    sure_of_time: bool = True
    played: bool = False

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
        numbers: Mapping[Key, tuple[int, int]] | None = None,
        enclosures: Sequence[Enclosure] = (),
        hold: timedelta = timedelta(0),
        taps: Sequence[outbox.Tap] = (),
        likely: Likely | None = None,
    ) -> bool:
        """Put a letter to a person into the outbox, in this transaction; False when its key is there already.

        `numbers` are the rows of a letter to a reviewer, each with its number and the version it shows.
        """
        if not to.email:
            return False  # He stands in the roster no more, and nobody else is written to.
        if notice.to_decider:
            notice = replace(notice, from_inbox=self._taken_from_inbox(book, to))
        recipients = [(to.name, to.email)]
        about = dict.fromkeys(dues) | dict(numbers or {})
        held = outbox.written_since(book, to.id, now - _HOUR) >= self.ceiling
        if held:
            hour = f"{now.astimezone(self.office.zone):%Y-%m-%dT%H}"
            self.alert(book, "ceiling", [f"{to.id}: {self.ceiling}"], f"alert/ceiling/{to.id}/{hour}", now)
        return self._put(
            book, notice, recipients, to.language, to, key, now, thread or Thread(), about, enclosures, hold,
            held=held, taps=taps, likely=likely,
        )  # fmt: skip

    def _taken_from_inbox(self, book: Book, to: Person) -> list[TakenFromInbox]:
        """What mail in INBOX has decided since the last letter to this decider: of himself, for the director of all."""
        last = outbox.newest_to_decider(book, to.id)
        taken = []
        for event in events.of_kind(book, "decided", last) if last else ():
            data = event.data or {}
            by = self.office.roster.get(str(data.get("by")))
            person, duty = self.office.roster.get(event.person or ""), self.office.duty(event.duty or "")
            his = to.id == self.office.roster.director_id or by == to
            if data.get("from_inbox") and his and by and person and duty and event.period:
                score = Decimal(data["score"]) if data.get("score") else None
                at = event.received_at or event.at
                taken.append(TakenFromInbox(person.name, duty, event.period, data["verdict"], score, by.name, at))
        return taken

    def to_hr(self, book: Book, notice: Notice, key: str, now: datetime, enclosures: Sequence[Enclosure]) -> bool:
        """Put a letter to HR into the outbox."""
        recipients = [("", address) for address in self.office.hr]
        return self._put(book, notice, recipients, self.office.language, None, key, now, Thread(), {}, enclosures)

    def alert(self, book: Book, topic: str, details: Sequence[str], key: str, now: datetime) -> None:
        """Tell the operators, where the office has any."""
        recipients = [("", address) for address in self.office.operators]
        if recipients:
            notice = Alert(self.office.name, self.office.roster.director, topic, details)
            self._put(book, notice, recipients, self.office.language, None, key, now, Thread(), {})

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
        about: Mapping[Key, tuple[int, int] | None],
        enclosures: Sequence[Enclosure] = (),
        hold: timedelta = timedelta(0),
        *,
        held: bool = False,
        taps: Sequence[outbox.Tap] = (),
        likely: Likely | None = None,
    ) -> bool:
        if self.letters is Letters.NONE:
            return False
        worded = self.wording.word(notice, language)
        message_id = mime.new_message_id(self.sender)
        director = self.office.roster.director
        envelope = mime.Envelope(self.sender, recipients, director.email, now.astimezone(self.office.zone))
        message = mime.build(
            worded, notice.kind, envelope, message_id, thread, answers=notice.automatic, enclosures=enclosures
        )
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
            about=about,
            taps=tuple(taps),
            likely=likely,
        )
        return outbox.put(book, letter, now, now + hold, held=held or self.letters is Letters.HOLD)


def code_mark(*codes: str) -> str:
    """The codes as subjects bear them: ` [#K7Q2MD]`."""
    return "".join(f" [#{code}]" for code in codes if code)

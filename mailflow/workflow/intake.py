"""Intake: the mailbox → booked or quarantined. Envelopes first; a body only of whom it concerns ("Privacy")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from mailflow import reading
from mailflow.errors import MailflowError, Unfetched
from mailflow.mail.imap import Mailbox, Opened
from mailflow.reading import Disposition
from mailflow.reading.opening.attachments import worth_fetching
from mailflow.reading.trusting.bounce import is_server
from mailflow.store import closings, inbox, mailboxes, people, threads
from mailflow.store.inbox import Mark
from mailflow.store.session import Book
from mailflow.wire import Envelope, Folder, RawMail
from mailflow.workflow import alarm
from mailflow.workflow.desk import Desk, Letters
from mailflow.workflow.handling import Handled, digest_of, handle, set_aside

log = structlog.get_logger()
# What every letter of ours has in its Message-ID.
_MARK = "mailflow."
# How far back to look again: before a copy was made, before a mailbox was perhaps put back, for the mail of somebody
# who is new in the roster, and in a folder that was not read before by an office at work.
_COPY_MARGIN, _PUT_BACK = timedelta(days=1), timedelta(days=3)
_NEW_ADDRESS, _NEW_FOLDER = timedelta(days=21), timedelta(days=8)


@dataclass
class Taken:
    """What one pass over the mailbox came to."""

    read: int = 0
    submissions: int = 0
    decisions: int = 0
    ignored: int = 0
    quarantined: int = 0
    absent: tuple[str, ...] = ()

    def add(self, handled: Handled) -> None:
        """Count one message."""
        self.read += 1
        self.submissions += handled.submissions
        self.decisions += handled.decisions
        self.ignored += handled.ignored
        self.quarantined += handled.disposition is Disposition.QUARANTINE


@dataclass
class _Progress:
    """How far one folder is read in this pass: the mark may stand just below the lowest message still to come."""

    opened: Opened
    pending: list[int]
    top: int
    rescan: bool
    before: Mark | None
    done: set[int] = field(default_factory=set)
    anchors: dict[int, str] = field(default_factory=dict)

    def looked_at(self, envelopes: Iterable[Envelope]) -> None:
        """What lies there: of the messages, by what the folder is known again; those that are gone are done."""
        self.anchors = {envelope.place.uid: inbox.anchor_of(envelope) for envelope in envelopes}
        for gone in set(self.pending) - set(self.anchors):
            self.finish(gone)

    def finish(self, uid: int) -> Mark | None:
        """One more message is done; the mark to write, or None on a rescan that isn't through yet."""
        self.done.add(uid)
        while self.pending and self.pending[0] in self.done:
            self.done.discard(self.pending.pop(0))
        if not self.pending:
            return self.mark()
        return None if self.rescan else self._mark(self.pending[0] - 1, 0, "")

    def mark(self) -> Mark:
        """The mark of a folder that is read to its end."""
        uid = max(self.anchors, default=0)
        if not uid and self.before and not self.rescan:
            return self._mark(self.top, self.before.anchor_uid, self.before.anchor)
        return self._mark(self.top, uid, self.anchors.get(uid, ""))

    def _mark(self, uid: int, anchor_uid: int, anchor: str) -> Mark:
        return Mark(self.opened.name, self.opened.uidvalidity, uid, anchor_uid, anchor)


def take_in(desk: Desk, mailbox: Mailbox, now: Callable[[], datetime]) -> Taken:
    """Read all new mail of all folders in the order of its arrival, each message in a transaction of its own.

    The mark moves in the transaction that books the message, so that nothing is lost and nothing is read twice. A desk
    that writes no letters books history: it looks at everything since its start, and moves no mark.
    """
    taken = Taken()
    history = desk.letters is Letters.NONE
    progress: dict[str, _Progress] = {}
    envelopes: list[Envelope] = []
    folders = mailbox.folders()
    taken.absent = mailbox.absent
    back = None if history else _look_back(desk, now())
    for name, role in folders:
        opened = mailbox.open(name, role)
        here = _start(desk, mailbox, opened, back)
        found = mailbox.envelopes(opened, here.pending)
        progress[name] = here
        envelopes += found
        here.looked_at(found)
    # In the order of arrival over all folders; of the same instant, what he sent comes first.
    envelopes.sort(key=lambda e: (e.received_at, e.role is not Folder.SENT, e.place.uid))
    idle: dict[str, Mark] = {}
    for envelope in envelopes:
        here = progress[envelope.place.folder]
        try:
            mail = _wanted(desk, mailbox, here.opened, envelope)
        except Unfetched as fault:
            # The mark stays below it, so that it is asked for again; what lies above it is known by its keys.
            log.warning("unfetched", reason=str(fault))
            alarm.unfetched(desk, fault, envelope.place, now())
            continue
        mark = None if history else here.finish(envelope.place.uid)
        if mail is None:
            taken.add(Handled())
            if mark:
                idle[mark.folder] = mark
            continue
        taken.add(_one(desk, mail, mark, now()))
        idle.pop(envelope.place.folder, None)
    if history:
        return taken
    for here in progress.values():
        if not here.pending:
            idle[here.opened.name] = here.mark()
    has_sent = any(role is Folder.SENT for _, role in folders)
    _finish(desk, idle.values(), now(), has_sent=has_sent, absent=taken.absent)
    return taken


def _finish(desk: Desk, marks: Iterable[Mark], now: datetime, *, has_sent: bool, absent: Sequence[str]) -> None:
    """The mailbox was read to its end: marks, what is known of it and of the roster, and what to tell the operator."""
    with desk.store.transaction() as book:
        for mark in marks:
            if inbox.mark_of(book, desk.account, mark.folder) != mark:
                inbox.move_mark(book, desk.account, mark)
        alarm.all_clear(desk, book, now)
        alarm.no_folder(desk, book, absent, now)
        alarm.nothing_sent(desk, book, now, has_sent=has_sent)
        mailboxes.note_sent(book, desk.account, has_sent=has_sent)
        alarm.ids_reused(desk, book, now)
        people.remember(book, desk.office, now)
        closings.remember(book, desk.office.duties, now)
        alarm.rows_gone(desk, book, now)
        inbox.copy_is_read(book)
        inbox.pass_finished(book, desk.account, now, sure=desk.sure_of_time, played=desk.played)


def _look_back(desk: Desk, now: datetime) -> datetime | None:
    """From when on to look at mail once more that was read before, None where there is no reason to.

    A store that was put back from a copy reads from the copy's time. What was passed over only because its sender (or,
    in Sent, its recipient) stood in no roster is found again when he does.
    """
    since = []
    with desk.store.snapshot() as book:
        if copied := inbox.copied_at(book):
            log.warning("restored", copied_at=copied.isoformat())
            since.append(copied - _COPY_MARGIN)
        known = people.addresses(book)
        new = {address for person in desk.office.roster.people for address in person.addresses} - known
        if known and new:
            log.info("new addresses", count=len(new))
            since.append(now - _NEW_ADDRESS)
    return max(desk.office.since, min(since)) if since else None


def _start(desk: Desk, mailbox: Mailbox, opened: Opened, back: datetime | None) -> _Progress:
    """Which messages of a folder are new: above the mark, or all since the start where the mark says nothing.

    The mark says nothing at the first start, when UIDVALIDITY changed or is not given, when the UIDs begin anew, or
    when something else lies where the last message that was read lay. Where nothing lies there any more, he has moved
    or deleted it, or the folder was put back: then what arrived of late is looked at once more.
    """
    with desk.store.snapshot() as book:
        mark = None if desk.letters is Letters.NONE else inbox.mark_of(book, desk.account, opened.name)
        last = inbox.last_pass(book, desk.account)
    known = mark is not None and opened.uidvalidity != 0 and mark.uidvalidity == opened.uidvalidity
    if mark and known and not (opened.uidnext and mark.uid >= opened.uidnext):
        lies = mailbox.envelopes(opened, [mark.anchor_uid]) if mark.anchor_uid else []
        if not lies and mark.anchor_uid and last:
            back = min(back or last, last - _PUT_BACK)
        if not lies or inbox.anchor_of(lies[0]) == mark.anchor:
            uids = mailbox.uids_after(opened, mark.uid)
            top = max([mark.uid, *uids])
            if back is None:
                return _Progress(opened, uids, top, False, mark)
            again = mailbox.uids_since(opened, max(back, desk.office.since))
            return _Progress(opened, sorted({*uids, *again}), top, True, mark)
    if mark:
        log.info("rescan", folder=opened.name, uidvalidity=opened.uidvalidity, before=mark.uidvalidity)
    since = desk.office.since
    if not mark and last and opened.role is Folder.ASIDE and desk.letters is not Letters.NONE:
        since = max(since, last - _NEW_FOLDER)
    uids = mailbox.uids_since(opened, since)
    return _Progress(opened, uids, max([0, opened.uidnext - 1, *uids]), True, mark)


def _wanted(desk: Desk, mailbox: Mailbox, opened: Opened, envelope: Envelope) -> RawMail | None:
    """The whole message, if it is any business of ours; None for everything else, which is not fetched."""
    if envelope.received_at < desk.office.since:
        return None
    roster = desk.office.roster
    ours: object = roster.known(envelope.recipients if envelope.role is Folder.SENT else envelope.senders)
    with desk.store.snapshot() as book:
        if envelope.message_id and threads.own_message_ids(book, [envelope.message_id]):
            return None
        if inbox.seen_before(book, envelope):
            return None
        if not ours and envelope.role is Folder.ASIDE:
            return None
        ours = ours or threads.own_message_ids(book, envelope.in_reply_to)
        # The director's answer to what was booked counts also when its sender stands in no roster any more.
        ours = ours or (envelope.role is Folder.SENT and threads.answered(book, envelope.in_reply_to))
    if not ours and not (
        # A bounce rarely says in its envelope what it answers. The server is asked whether it names a letter of ours.
        any(is_server(sender) for sender in envelope.senders) and mailbox.mentions(opened, envelope.place.uid, _MARK)
    ):
        return None
    return mailbox.fetch(opened, envelope, worth_fetching)


def _one(desk: Desk, mail: RawMail, mark: Mark | None, now: datetime) -> Handled:
    """Handle one message; what can't be handled goes to quarantine, and the rest of the mailbox goes on."""
    try:
        with desk.store.transaction() as book:
            handled = handle(desk, book, mail, now)
            _move(desk, book, mark)
    except MailflowError:
        raise
    except Exception as fault:
        log.error("quarantined", folder=mail.place.folder, uid=mail.place.uid, fault=repr(fault), exc_info=True)
        with desk.store.transaction() as book:
            quarantine_fault(desk, book, mail, fault, now)
            _move(desk, book, mark)
        return Handled(Disposition.QUARANTINE)
    if handled.disposition:
        log.info("read", folder=mail.place.folder, uid=mail.place.uid, disposition=handled.disposition.value)
    return handled


def _move(desk: Desk, book: Book, mark: Mark | None) -> None:
    if mark:
        inbox.move_mark(book, desk.account, mark)


def quarantine_fault(desk: Desk, book: Book, mail: RawMail, fault: Exception, now: datetime) -> None:
    """Keep a message that broke us, with its bytes and the reason."""
    letter = reading.open_letter(mail.raw)
    fetched = inbox.Fetched(
        mail=mail,
        message_id=letter.message_id,
        content_hash=digest_of(letter, mail),
        header_date=letter.date,
        person=None,
        subject=letter.subject,
        thread=(),
        disposition=Disposition.QUARANTINE.value,
        reasons=(repr(fault),),
        keep_raw=True,
    )
    ref = inbox.remember(book, fetched)
    set_aside(desk, book, ref, None, mail, f"a fault in mailflow: {type(fault).__name__}: {fault}"[:500], now)

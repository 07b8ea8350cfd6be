"""Intake: the mailbox → booked or quarantined. Envelopes first; a body only of whom it concerns ("Privacy")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from mailflow import reading
from mailflow.errors import MailflowError, Unfetched
from mailflow.mail.imap import Mailbox, Opened
from mailflow.reading import Disposition
from mailflow.reading.attachments import worth_fetching
from mailflow.reading.bounce import is_server
from mailflow.store import inbox, threads
from mailflow.store.inbox import Mark
from mailflow.store.session import Book
from mailflow.wire import Envelope, Folder, RawMail
from mailflow.workflow import alarm
from mailflow.workflow.desk import Desk, Letters
from mailflow.workflow.handling import Handled, digest_of, handle, set_aside

log = structlog.get_logger()
# What every letter of ours has in its Message-ID.
_MARK = "mailflow."


@dataclass
class Taken:
    """What one pass over the mailbox came to."""

    read: int = 0
    submissions: int = 0
    decisions: int = 0
    ignored: int = 0
    quarantined: int = 0

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
    done: set[int] = field(default_factory=set)

    def finish(self, uid: int) -> Mark | None:
        """One more message is done; the mark to write, or None on a rescan that isn't through yet."""
        self.done.add(uid)
        while self.pending and self.pending[0] in self.done:
            self.done.discard(self.pending.pop(0))
        if not self.pending:
            return Mark(self.opened.name, self.opened.uidvalidity, self.top)
        if self.rescan:
            return None
        return Mark(self.opened.name, self.opened.uidvalidity, self.pending[0] - 1)


def take_in(desk: Desk, mailbox: Mailbox, now: Callable[[], datetime]) -> Taken:
    """Read all new mail of both folders in the order of its arrival, each message in a transaction of its own.

    The mark moves in the transaction that books the message, so that nothing is lost and nothing is read twice. A desk
    that writes no letters books history: it looks at everything since its start, and moves no mark.
    """
    taken = Taken()
    history = desk.letters is Letters.NONE
    progress: dict[str, _Progress] = {}
    envelopes: list[Envelope] = []
    for name, role in mailbox.folders():
        opened = mailbox.open(name, role)
        here = _start(desk, mailbox, opened)
        found = mailbox.envelopes(opened, here.pending)
        progress[name] = here
        envelopes += found
        for gone in set(here.pending) - {envelope.place.uid for envelope in found}:
            here.finish(gone)
    # In the order of arrival over both folders; of the same instant, what he sent comes first.
    envelopes.sort(key=lambda e: (e.received_at, e.role is Folder.INBOX, e.place.uid))
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
    with desk.store.transaction() as book:
        for here in progress.values():
            if not here.pending:
                idle[here.opened.name] = Mark(here.opened.name, here.opened.uidvalidity, here.top)
        for mark in idle.values():
            if inbox.mark_of(book, desk.account, mark.folder) != mark:
                inbox.move_mark(book, desk.account, mark)
        alarm.all_clear(desk, book, now())
        inbox.pass_finished(book, desk.account, now())
    return taken


def _start(desk: Desk, mailbox: Mailbox, opened: Opened) -> _Progress:
    """Which messages of a folder are new: above the mark, or all since the start where the mark says nothing.

    The mark says nothing at the first start, when UIDVALIDITY changed or is not given, or when the UIDs begin anew.
    """
    with desk.store.snapshot() as book:
        mark = None if desk.letters is Letters.NONE else inbox.mark_of(book, desk.account, opened.name)
    known = mark is not None and opened.uidvalidity != 0 and mark.uidvalidity == opened.uidvalidity
    if mark and known and not (opened.uidnext and mark.uid >= opened.uidnext):
        uids = mailbox.uids_after(opened, mark.uid)
        return _Progress(opened, uids, max([mark.uid, *uids]), rescan=False)
    if mark:
        log.info("rescan", folder=opened.name, uidvalidity=opened.uidvalidity, before=mark.uidvalidity)
    uids = mailbox.uids_since(opened, desk.office.since)
    return _Progress(opened, uids, max([0, opened.uidnext - 1, *uids]), rescan=True)


def _wanted(desk: Desk, mailbox: Mailbox, opened: Opened, envelope: Envelope) -> RawMail | None:
    """The whole message, if it is any business of ours; None for everything else, which is not fetched."""
    if envelope.received_at < desk.office.since:
        return None
    roster = desk.office.roster
    ours: object = roster.known(envelope.senders if envelope.role is Folder.INBOX else envelope.recipients)
    with desk.store.snapshot() as book:
        if envelope.message_id and threads.own_message_ids(book, [envelope.message_id]):
            return None
        if inbox.seen_before(book, envelope):
            return None
        ours = ours or threads.own_message_ids(book, envelope.in_reply_to)
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

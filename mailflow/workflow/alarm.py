"""Alarm: what nobody would notice by himself. A mailbox that can't be read looks like an empty one, so the operator is
told, once, and of its recovery; what was refused as not proved is shown to the director, once a day at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from mailflow.errors import LoginRefused, MailServerError, Unfetched
from mailflow.reading.trusting.refusals import REFUSALS
from mailflow.rules.periods import Period, PeriodKind
from mailflow.store import inbox, mailboxes, outbox, people
from mailflow.store.session import Book
from mailflow.wire import Place
from mailflow.workflow.desk import Desk
from mailflow.writing.to_deciders import Refused, SetAside

log = structlog.get_logger()
_REFUSED = "alert/refused/"


def unread(desk: Desk, fault: MailServerError, since: datetime, after: timedelta, now: datetime) -> None:
    """Tell the operator when the mailbox was not read for so long, or at once when its login is refused.

    `since` is when the watch began, for a mailbox that was never read. An outage is told once: its letter's key is
    the last good pass.
    """
    with desk.store.transaction() as book:
        last = inbox.last_pass(book, desk.account)
        if isinstance(fault, LoginRefused) or now - (last or since) >= after:
            topic = "login" if isinstance(fault, LoginRefused) else "unread"
            desk.alert(book, topic, [str(fault)], _key(last), now)


def unfetched(desk: Desk, fault: Unfetched, place: Place, now: datetime) -> None:
    """Tell the operator, once, of a message that the server has and can't give."""
    with desk.store.transaction() as book:
        key = f"alert/unfetched/{place.folder}/{place.uidvalidity}/{place.uid}"
        desk.alert(book, "unfetched", [str(fault)], key, now)


def all_clear(desk: Desk, book: Book, now: datetime) -> None:
    """The mailbox is read again; whoever was told that it wasn't is told so. Called before the pass is written down."""
    key = _key(inbox.last_pass(book, desk.account))
    if outbox.has(book, key):
        desk.alert(book, "recovered", [desk.account], f"{key}/recovered", now)


def nothing_sent(desk: Desk, book: Book, now: datetime, *, has_sent: bool) -> None:
    """Without a folder for what was sent none of the director's decisions can be seen: the operator is told when it is
    gone, and once a week as long as it is so."""
    if not has_sent:
        log.warning("no sent folder", mailbox=desk.account)
        week = Period.of(PeriodKind.WEEK, now.astimezone(desk.office.zone).date())
        fresh = mailboxes.has_sent(book, desk.account) and outbox.has(book, f"alert/no-sent/{week}")
        desk.alert(book, "no-sent", [desk.account], f"alert/no-sent/{now.isoformat() if fresh else week}", now)


def no_folder(desk: Desk, book: Book, absent: Sequence[str], now: datetime) -> None:
    """A folder that is to be read is gone: the operator is told once a day."""
    if absent:
        log.warning("no folder", folders=", ".join(absent))
        day = now.astimezone(desk.office.zone).date()
        desk.alert(book, "no-folder", absent, f"alert/no-folder/{day.isoformat()}", now)


def rows_gone(desk: Desk, book: Book, now: datetime) -> None:
    """Whoever has history and no row in the roster any more: the operator is told, once."""
    for person in people.former(book, desk.office.roster):
        desk.alert(book, "former", [f"{person.id} {person.name}"], f"alert/former/{person.id}", now)


def ids_reused(desk: Desk, book: Book, now: datetime) -> None:
    """An id whose row has another name and other addresses now: its history goes on under it, so the operator is told.
    Call it before the roster is remembered."""
    for person, before in people.replaced(book, desk.office.roster):
        if people.has_history(book, person.id):
            details = [f"{person.id}: {before} → {person.name}"]
            desk.alert(book, "reused", details, f"alert/reused/{person.id}/{person.name}", now)


def clock_jumped(desk: Desk, sure: datetime, now: datetime) -> None:
    """The clock is far ahead of everything that was seen: letters that only it calls for are held."""
    log.warning("clock", now=now.isoformat(), last_sure=sure.isoformat())
    with desk.store.transaction() as book:
        zone = desk.office.zone
        said = f"{sure.astimezone(zone):%Y-%m-%d %H:%M} → {now.astimezone(zone):%Y-%m-%d %H:%M}"
        desk.alert(book, "clock", [said], f"alert/clock/{sure.isoformat()}", now)


def show_refused(desk: Desk, now: datetime) -> None:
    """One letter to the director with what was refused since the last one; further ones wait for the next day."""
    today = now.astimezone(desk.office.zone).date().isoformat()
    director = desk.office.roster.director
    with desk.store.snapshot() as book:
        newest = outbox.newest_key(book, director.id, Refused.kind)
        day, _, shown = newest.removeprefix(_REFUSED).partition("/")
        refused = [q for q in inbox.quarantine(book) if q.id > int(shown or 0) and q.reason in REFUSALS]
    if not refused or day == today:
        return
    items = [SetAside(q.received_at, q.person or "", q.subject, q.reason) for q in refused]
    with desk.store.transaction() as book:
        notice = Refused(desk.office.name, director, items)
        desk.write(book, notice, director, f"{_REFUSED}{today}/{refused[-1].id}", now)


def _key(last: datetime | None) -> str:
    return f"alert/mailbox/{last.isoformat() if last else 'never'}"

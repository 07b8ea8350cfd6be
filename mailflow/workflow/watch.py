"""The watch: passes over the mailbox, at once (`run --once`) or until stopped. The only room here that knows time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import schedule
import structlog

from mailflow.errors import LockLost, LoginRefused, MailServerError, StoreError, Unreachable
from mailflow.mail.accounts import ImapAccount, SmtpAccount
from mailflow.mail.imap import Mailbox
from mailflow.mail.smtp import Postman
from mailflow.store import inbox, undoing
from mailflow.store.lock import Hold, MailboxLock
from mailflow.workflow import alarm
from mailflow.workflow.desk import Desk, Letters
from mailflow.workflow.dispatch import dispatch
from mailflow.workflow.identity import identify
from mailflow.workflow.intake import Taken, take_in
from mailflow.workflow.proving import ask_for_proof
from mailflow.workflow.timetable import keep_time

log = structlog.get_logger()
# How long to leave a server alone after each failure in a row, in seconds: providers block those who hammer.
_PAUSES = (5, 15, 60, 300, 900)
_PAUSES_AFTER_A_REFUSED_LOGIN = (60, 300, 900, 3600)
_BREATH = 0.5
# A clock so far ahead of everything that was seen is doubted: no office is silent for so long.
_TOO_FAR = timedelta(days=8)
# How far two clocks may be apart without either being called wrong.
DRIFT = timedelta(minutes=5)
_MEANWHILE = 60.0


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pass:
    """The counts of one whole pass, as `run --once --json` gives them. `trouble` is why letters had to wait."""

    read: int = 0
    submissions: int = 0
    decisions: int = 0
    ignored: int = 0
    quarantined: int = 0
    sent: int = 0
    waiting: int = 0
    trouble: str = ""

    def counts(self) -> dict[str, int]:
        """Without the words."""
        return {name: value for name, value in asdict(self).items() if name != "trouble"}


@dataclass(frozen=True)
class Wires:
    """The accounts a watch works with."""

    imap: ImapAccount
    smtp: SmtpAccount
    per_minute: int | None = None
    alarm_after: timedelta = timedelta(minutes=15)


def one_pass(desk: Desk, wires: Wires, mailbox: Mailbox, now: Callable[[], datetime] = clock) -> Pass:
    """Take in all new mail, do what the clock asks for, send what waits.

    As long as the clock is doubtful, what only the clock calls for is held in the outbox.
    """
    with patience():
        played = now is not clock
        if not played:
            _undo_the_future(desk, now())
        jumped = None if played else _jumped(desk, mailbox, now())
        desk = replace(desk, sure_of_time=jumped is None, played=played)
        taken = take_in(desk, mailbox, now)
        taken.decisions += ask_for_proof(desk, now())
        if taken.absent:
            log.warning("nobody is told that he is missing before all folders are read")
        elif jumped is None:
            keep_time(desk, now())
        else:
            alarm.clock_jumped(desk, jumped, now())
            keep_time(replace(desk, letters=Letters.HOLD), now())
        return send(desk, wires, now, taken)


def _undo_the_future(desk: Desk, now: datetime) -> None:
    """The last pass was at an instant still to come: its clock was wrong, and what only it called for comes again."""
    with desk.store.snapshot() as book:
        last = inbox.last_pass(book, desk.account)
        wrong = last is not None and last - now > DRIFT and not inbox.was_played(book, desk.account)
    if wrong:
        with desk.store.transaction() as book:
            dropped = undoing.of_the_future(book, now + DRIFT)
        log.warning("clock set back", last_pass=last.isoformat() if last else "", letters_dropped=dropped)


def _jumped(desk: Desk, mailbox: Mailbox, now: datetime) -> datetime | None:
    """When the clock was last sure, if it is too far ahead now of that and of the newest message, whoever sent it.

    At the first start there is only the newest message to compare with.
    """
    with desk.store.snapshot() as book:
        sure = inbox.sure_pass(book, desk.account)
    if sure is not None and now - sure <= _TOO_FAR:
        return None
    newest = [seen for name, role in mailbox.folders() if (seen := mailbox.newest(mailbox.open(name, role)))]
    if any(now - seen <= _TOO_FAR for seen in newest) or (sure is None and not newest):
        return None
    return max([*newest, *([sure] if sure else [])])


@contextmanager
def patience(seconds: float = _MEANWHILE) -> Iterator[None]:
    """A log line each time that so many seconds of the block have passed: nobody waits in silence for a slow server."""
    done = threading.Event()
    begun = time.monotonic()

    def tell() -> None:
        while not done.wait(seconds):
            log.warning("still at this pass", seconds=round(time.monotonic() - begun))

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def book_history(desk: Desk, mailbox: Mailbox, now: Callable[[], datetime] = clock) -> Pass:
    """Book what is there since the desk's start, at a desk that writes no letters; the clock asks for nothing."""
    return Pass(**_counts(take_in(desk, mailbox, now)))


def _counts(taken: Taken) -> dict[str, Any]:
    return {name: value for name, value in asdict(taken).items() if name != "absent"}


def send(desk: Desk, wires: Wires, now: Callable[[], datetime] = clock, taken: Taken | None = None) -> Pass:
    """Only send what waits: also what is left to do when the mailbox can't be read."""
    with Postman(wires.smtp) as postman:
        done = dispatch(desk, postman, now, per_minute=wires.per_minute)
    taken = taken or Taken()
    absent = ", ".join(taken.absent)
    trouble = f"the mailbox has no folder {absent}; mailbox.also names it" if absent else done.trouble
    return Pass(**_counts(taken), sent=done.sent, waiting=done.waiting, trouble=trouble)


def no_mailbox(
    desk: Desk, wires: Wires, fault: MailServerError, since: datetime, now: Callable[[], datetime] = clock
) -> Pass:
    """The mailbox can't be read: nobody is told that he is missing, but the operator is told in time, and what was
    decided is still sent."""
    alarm.unread(desk, fault, since, wires.alarm_after, now())
    return send(desk, wires, now)


class Watch:
    """Works until stopped: one connection kept, `schedule` for the ticks, IDLE between them where the server has it."""

    def __init__(self, desk: Desk, wires: Wires, poll_seconds: int, hold: Hold, lock: MailboxLock) -> None:
        self._desk = desk
        self._hold = hold
        self._lock = lock
        self._wires = wires
        self._poll = poll_seconds
        self._mailbox: Mailbox | None = None
        self._failures = 0
        self._stopped = False
        self._began = clock()

    def stop(self) -> None:
        """Finish the step in hand and end."""
        self._stopped = True

    def run(self) -> None:
        """Watch the mailbox until `stop` is called. Trouble with a server is logged and tried again."""
        scheduler = schedule.Scheduler()
        scheduler.every(self._poll).seconds.do(self._tick)
        log.info("watching", mailbox=self._desk.account, poll_seconds=self._poll)
        self._tick()
        try:
            while not self._stopped:
                scheduler.run_pending()
                if self._wait(max(_BREATH, min(scheduler.idle_seconds or _BREATH, self._poll))):
                    self._tick()
        finally:
            if self._mailbox:
                self._mailbox.close()
            log.info("stopped")

    def _tick(self) -> None:
        if self._stopped:
            return
        try:
            if self._mailbox is None:
                self._mailbox = Mailbox(self._wires.imap)
                log.info("connected", server=self._wires.imap.address)
                self._desk = identify(self._desk, self._mailbox, self._lock, clock())
            done = one_pass(self._desk, self._wires, self._mailbox)
            self._failures = 0
            if done.read or done.sent:
                log.info("pass", **done.counts())
        except LockLost as fault:
            log.warning("lock lost", reason=str(fault))
            self._hold.take()
            log.info("lock taken anew")
        except Unreachable as fault:
            self._recover(fault)

    def _recover(self, fault: Unreachable) -> None:
        """Let go of the connection, still send what waits, and wait longer after each failure in a row."""
        if self._mailbox:
            self._mailbox.close()
            self._mailbox = None
        pauses = _PAUSES_AFTER_A_REFUSED_LOGIN if isinstance(fault, LoginRefused) else _PAUSES
        pause = pauses[min(self._failures, len(pauses) - 1)]
        self._failures += 1
        log.warning("unreachable", reason=str(fault), tried_again_in_seconds=pause)
        end = time.monotonic() + pause
        while not self._stopped and (left := end - time.monotonic()) > 0:
            if isinstance(fault, MailServerError):
                with suppress(StoreError, LockLost):
                    no_mailbox(self._desk, self._wires, fault, self._began)
            # However long the mailbox is left alone, letters leave meanwhile, and the alarm comes in time.
            self._pause(min(left, _MEANWHILE))

    def _wait(self, seconds: float) -> bool:
        """Wait for mail or for the next tick; True when a look at the mailbox is due now."""
        try:
            if self._mailbox and self._mailbox.wait(seconds, lambda: self._stopped):
                return self._mailbox.woken
        except Unreachable as fault:
            self._recover(fault)
            return True
        self._pause(seconds)
        return False

    def _pause(self, seconds: float) -> None:
        """Do nothing for so long, or until stopped."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopped:
            time.sleep(min(_BREATH, seconds))

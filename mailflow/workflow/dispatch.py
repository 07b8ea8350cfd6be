"""Dispatch: the outbox → SMTP. Never inside the transaction that decides; each letter's result is committed at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog

from mailflow.mail.smtp import Postman
from mailflow.store import events, outbox
from mailflow.store.events import Event
from mailflow.store.outbox import LetterState, StoredLetter
from mailflow.wire import Delivery, Outgoing, SendResult
from mailflow.workflow.desk import Desk, Letters

log = structlog.get_logger()
_MINUTE = timedelta(minutes=1)


@dataclass
class Dispatched:
    """What one round came to. `trouble` is why letters had to wait, where the server is the reason."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    trouble: str = ""


def dispatch(desk: Desk, postman: Postman, now: Callable[[], datetime], *, per_minute: int | None = None) -> Dispatched:
    """Send what waits and is due, oldest first, within the provider's limit; the rest waits for the next round."""
    result = Dispatched()
    if desk.letters is Letters.SEND:
        _send_due(desk, postman, now, per_minute, result)
    with desk.store.snapshot() as book:
        counts = outbox.counts(book)
        result.waiting = counts[LetterState.WAITING] + counts[LetterState.HELD]
    return result


def _send_due(
    desk: Desk, postman: Postman, now: Callable[[], datetime], per_minute: int | None, result: Dispatched
) -> None:
    with desk.store.snapshot() as book:
        free = None if per_minute is None else max(0, per_minute - outbox.sent_since(book, now() - _MINUTE))
        due = [letter.id for letter in outbox.due_letters(book, now(), limit=free)]
    for number, letter_id in enumerate(due):
        with desk.store.snapshot() as book:
            letter = outbox.get(book, letter_id)
        if letter is None or letter.state is not LetterState.WAITING:
            continue
        done = postman.send(Outgoing(parseaddr(desk.sender)[1], letter.recipients, letter.message))
        _write_down(desk, letter, done, now())
        result.sent += done.result is SendResult.SENT
        result.failed += done.result is SendResult.REFUSED
        if done.result is SendResult.LATER:
            result.trouble = done.said
            if not postman.connected:
                # The server is away: each of the others would only wait for the same time-out.
                _put_off(desk, due[number + 1 :], done.said, now())
                break


def _write_down(desk: Desk, letter: StoredLetter, done: Delivery, now: datetime) -> None:
    """Commit what became of one try. Where the server took it for some, only the others stay to be tried again."""
    state, said = done.result, done.said
    with desk.store.transaction() as book:
        if state is SendResult.SENT and done.later:
            outbox.narrow(book, letter.id, done.later)
        if state is SendResult.SENT and not done.later:
            outbox.mark_sent(book, letter.id, now)
        elif state is not SendResult.REFUSED:
            outbox.mark_later(book, letter.id, said, now)
        else:
            outbox.mark_failed(book, letter.id, said)
        if state is not SendResult.LATER:
            kind = "letter-sent" if state is SendResult.SENT else "letter-failed"
            data = {"kind": letter.kind, "subject": letter.subject, **({"said": said} if said else {})}
            events.append(book, Event(now, kind, letter.person, message_id=letter.message_id, data=data))
        refused = letter.recipients if state is SendResult.REFUSED else done.refused
        if refused and letter.kind != "alert":
            who = ", ".join(refused)
            desk.alert(
                book,
                "failed",
                [f"{letter.id}: {letter.kind} → {who}: {said}"],
                f"alert/failed/{letter.id}",
                now,
            )
    log.info("letter", number=letter.id, kind=letter.kind, result=state.value, said=said or None)


def _put_off(desk: Desk, letter_ids: list[int], said: str, now: datetime) -> None:
    with desk.store.transaction() as book:
        for letter_id in letter_ids:
            outbox.mark_later(book, letter_id, said, now)

"""`mailflow run`: watch and work, or one whole pass."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from mailflow import wiring
from mailflow.cli.terminal import console, fail, parse_now, print_json
from mailflow.errors import MailServerError
from mailflow.mail.imap import Mailbox
from mailflow.reports.screen import clean
from mailflow.settings import Settings, load
from mailflow.store.lock import Hold, MailboxLock, sole
from mailflow.workflow.desk import Desk, Letters
from mailflow.workflow.identity import identify
from mailflow.workflow.watch import Pass, Watch, book_history, clock, no_mailbox, one_pass


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: mailflow run --once --json")(run)


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One whole pass, then end.")] = False,
    now: Annotated[
        str | None,
        typer.Option("--now", metavar="ISO", help="Play this instant (with --once): rehearsal, tests."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as JSON (with --once).")] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Read and decide, but hold every letter: `mailflow outbox list` shows them."),
    ] = False,
    backfill: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Book what arrived since that day, write no letter at all, and end."),
    ] = None,
) -> None:
    """Watch the mailbox and work until stopped; or, with --once, one whole pass."""
    if now and not once and not backfill:
        raise typer.BadParameter("--now plays one instant, so it goes with --once", param_hint="--now")
    folder: Path = context.obj
    settings = load(folder)
    played = parse_now(now, settings)
    moment = (lambda: played) if played else clock
    letters = Letters.NONE if backfill else Letters.HOLD if dry_run else Letters.SEND
    with wiring.open_desk(settings, letters) as desk, sole(desk.store) as hold, wiring.mailbox_lock(settings) as lock:
        if backfill:
            done = _backfill(settings, desk, lock, _day(backfill, settings), moment)
        elif not once:
            _watch(settings, desk, hold, lock)
            return
        else:
            done = _once(settings, desk, lock, moment)
    if as_json:
        print_json(done.counts())
    else:
        counts = done.counts()
        console().print(", ".join(f"{name} {value}" for name, value in counts.items()), markup=False)
    if done.trouble:
        waiting = f"{done.waiting} letters wait: " if done.waiting else ""
        fail(f"{waiting}{clean(done.trouble)}", MailServerError.exit_code)


def _day(text: str, settings: Settings) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), settings.office.zone)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write 2026-10-01", param_hint="--backfill") from None


def _backfill(settings: Settings, desk: Desk, lock: MailboxLock, since: datetime, now: Callable[[], datetime]) -> Pass:
    history = replace(desk, office=replace(desk.office, since=since))
    with Mailbox(settings.imap) as mailbox:
        return book_history(identify(history, mailbox, lock, now()), mailbox, now)


def _once(settings: Settings, desk: Desk, lock: MailboxLock, now: Callable[[], datetime]) -> Pass:
    wires = wiring.wires(settings)
    try:
        with Mailbox(settings.imap) as mailbox:
            return one_pass(identify(desk, mailbox, lock, now()), wires, mailbox, now)
    except MailServerError as fault:
        no_mailbox(desk, wires, fault, now(), now)
        raise


def _watch(settings: Settings, desk: Desk, hold: Hold, lock: MailboxLock) -> None:
    watch = Watch(desk, wiring.wires(settings), settings.poll_seconds, hold, lock)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: watch.stop())
    # A secret that isn't there will not come by itself: say so at once instead of trying again for ever.
    for secret in (settings.imap.secret, settings.smtp.secret):
        if secret:
            secret.reveal()
    watch.run()

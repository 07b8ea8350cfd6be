"""`mailflow run`: watch and work, or one whole pass."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mailflow import wiring
from mailflow.cli.terminal import console, fail, parse_now, print_json
from mailflow.errors import MailServerError
from mailflow.mail.imap import Mailbox
from mailflow.reports.screen import clean
from mailflow.settings import Settings, load
from mailflow.store.lock import sole
from mailflow.workflow.desk import Desk
from mailflow.workflow.watch import Pass, Watch, clock, one_pass, send


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
) -> None:
    """Watch the mailbox and work until stopped; or, with --once, one whole pass."""
    if now and not once:
        raise typer.BadParameter("--now plays one instant, so it goes with --once", param_hint="--now")
    folder: Path = context.obj
    settings = load(folder)
    played = parse_now(now, settings)
    with wiring.open_desk(settings) as desk, sole(desk.store, settings.imap.name):
        if not once:
            _watch(settings, desk)
            return
        done = _once(settings, desk, (lambda: played) if played else clock)
    if as_json:
        print_json(done.counts())
    else:
        counts = done.counts()
        console().print(", ".join(f"{name} {value}" for name, value in counts.items()), markup=False)
    if done.trouble:
        fail(f"{done.waiting} letters wait: {clean(done.trouble)}", MailServerError.exit_code)


def _once(settings: Settings, desk: Desk, now: Callable[[], datetime]) -> Pass:
    wires = wiring.wires(settings)
    try:
        with Mailbox(settings.imap) as mailbox:
            return one_pass(desk, wires, mailbox, now)
    except MailServerError:
        # The mailbox can't be read: nobody is told that he is missing, but what was decided is still sent.
        send(desk, wires, now)
        raise


def _watch(settings: Settings, desk: Desk) -> None:
    watch = Watch(desk, wiring.wires(settings), settings.poll_seconds)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: watch.stop())
    # A secret that isn't there will not come by itself: say so at once instead of trying again for ever.
    for secret in (settings.imap.secret, settings.smtp.secret):
        if secret:
            secret.reveal()
    watch.run()

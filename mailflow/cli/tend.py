"""Commands for what waits and what was set aside: quarantine and outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from mailflow import wiring
from mailflow.cli.terminal import Json, console, fail, instant, print_json, short
from mailflow.reports.screen import clean, table
from mailflow.settings import Settings, load
from mailflow.store import events, inbox, outbox
from mailflow.store.events import Event
from mailflow.store.outbox import LetterState
from mailflow.workflow.handling import retry as handle_again
from mailflow.workflow.watch import DRIFT, clock

quarantine_app = typer.Typer(
    help="Messages that could not be handled: nothing is lost, everything can be replayed.",
    epilog="Example: mailflow quarantine retry 3",
    no_args_is_help=True,
)
outbox_app = typer.Typer(
    help="Letters waiting, held, refused or returned.",
    epilog="Example: mailflow outbox list --all",
    no_args_is_help=True,
)
Why = Annotated[str, typer.Option("--why", help="The reason, which is kept.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(quarantine_app, name="quarantine")
    app.add_typer(outbox_app, name="outbox")


@quarantine_app.command("list", epilog="Example: mailflow quarantine list --json")
def quarantine_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="The closed ones too.")] = False,
    as_json: Json = False,
) -> None:
    """What is in quarantine."""
    settings = load(context.obj)
    zone = settings.office.zone
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        found = inbox.quarantine(book, everything=everything)
    if as_json:
        print_json(
            [
                {
                    "id": q.id,
                    "message_id": q.message_id,
                    "person": q.person,
                    "subject": q.subject,
                    "received_at": instant(q.received_at, zone),
                    "reason": q.reason,
                    "state": q.state,
                    "why": q.why,
                }
                for q in found
            ]
        )
        return
    rows = [(q.id, short(q.received_at, zone), q.person or "", q.subject, q.reason, q.state) for q in found]
    console().print(table("", ["id", "arrived", "person", "subject", "reason", "state"], rows))


@quarantine_app.command("show", epilog="Example: mailflow quarantine show 3 > message.eml")
def quarantine_show(context: typer.Context, number: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """The message as it arrived, on standard output."""
    settings = load(context.obj)
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        found = [q for q in inbox.quarantine(book, everything=True) if q.id == number]
        if not found:
            fail(f"nothing in quarantine has the id {number}; see `mailflow quarantine list --all`", 2)
        mail = inbox.raw_of(book, found[0].message_ref)
    typer.echo(mail.raw, nl=False)


@quarantine_app.command("retry", epilog="Example: mailflow quarantine retry")
def quarantine_retry(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="[ID]")] = None,
    as_json: Json = False,
) -> None:
    """Handle again, as of the message's own arrival: one, or all."""
    settings = load(context.obj)
    results = []
    with wiring.open_desk(settings) as desk:
        with desk.store.snapshot() as book:
            found = [q for q in inbox.quarantine(book) if number in (None, q.id)]
        if number is not None and not found:
            fail(f"nothing open in quarantine has the id {number}; see `mailflow quarantine list`", 2)
        for q in found:
            with desk.store.transaction() as book:
                disposition = handle_again(desk, book, q.message_ref, clock())
            results.append({"id": q.id, "disposition": disposition.value})
    if as_json:
        print_json(results)
        return
    for result in results:
        console().print(f"{result['id']}: {result['disposition']}", markup=False)


@quarantine_app.command("dismiss", epilog='Example: mailflow quarantine dismiss 3 --why "spam"')
def quarantine_dismiss(context: typer.Context, number: Annotated[int, typer.Argument(metavar="ID")], why: Why) -> None:
    """Leave a message unhandled for good; it is kept, with the reason."""
    settings = load(context.obj)
    with wiring.open_existing(settings) as store, store.transaction() as book:
        found = [q for q in inbox.quarantine(book) if q.id == number]
        if not found:
            fail(f"nothing open in quarantine has the id {number}; see `mailflow quarantine list`", 2)
        inbox.close_quarantine(book, found[0].message_ref, "dismissed", why, clock())
        data = {"number": number, "why": why}
        events.append(book, Event(clock(), "dismissed", found[0].person, message_id=found[0].message_id, data=data))


@outbox_app.command("list", epilog="Example: mailflow outbox list --json")
def outbox_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="The sent and cancelled ones too.")] = False,
    as_json: Json = False,
) -> None:
    """Letters waiting, held, refused or returned."""
    settings = load(context.obj)
    zone = settings.office.zone
    states = None if everything else outbox.STUCK
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        found = outbox.letters(book, states)
    if as_json:
        print_json(
            [
                {
                    "id": letter.id,
                    "kind": letter.kind,
                    "person": letter.person,
                    "to": list(letter.recipients),
                    "subject": letter.subject,
                    "message_id": letter.message_id,
                    "state": letter.state.value,
                    "attempts": letter.attempts,
                    "last_error": letter.last_error,
                    "created_at": instant(letter.created_at, zone),
                    "next_try_at": instant(letter.next_try_at, zone),
                    "sent_at": instant(letter.sent_at, zone),
                }
                for letter in found
            ]
        )
        return
    rows = [
        (
            x.id,
            x.kind,
            ", ".join(x.recipients),
            x.subject,
            x.state.value,
            x.attempts,
            short(x.next_try_at, zone),
            x.last_error,
        )
        for x in found
    ]
    console().print(table("", ["id", "kind", "to", "subject", "state", "tries", "next try", "said"], rows))


@outbox_app.command("retry", epilog="Example: mailflow outbox retry 7")
def outbox_retry(context: typer.Context, number: Annotated[int | None, typer.Argument(metavar="[ID]")] = None) -> None:
    """Try a letter again at the next pass: one that waits, is held, was refused or came back; or all that wait or
    were refused."""
    states = (LetterState.WAITING, LetterState.FAILED) if number is None else outbox.STUCK
    _let_go(load(context.obj), states, number)


@outbox_app.command("release", epilog="Example: mailflow outbox release")
def outbox_release(
    context: typer.Context, number: Annotated[int | None, typer.Argument(metavar="[ID]")] = None
) -> None:
    """Send what was held (by --dry-run, or too many letters to one person) at the next pass: one letter, or all."""
    _let_go(load(context.obj), (LetterState.HELD,), number)


def _let_go(settings: Settings, states: Sequence[LetterState], number: int | None) -> None:
    with wiring.open_existing(settings) as store, store.transaction() as book:
        found = [letter for letter in outbox.letters(book, states) if number in (None, letter.id)]
        future = sum(letter.created_at > clock() + DRIFT for letter in found)
        if future and not inbox.was_played(book, wiring.account_of(book, settings)):
            fail(
                f"{future} letters were written by a clock that was ahead: set it right, and the next "
                "pass drops them and writes them at their time; `outbox cancel` drops one now",
                2,
            )
        if number is not None and not found:
            fail(f"no letter that could be sent has the id {number}; see `mailflow outbox list`", 2)
        for letter in found:
            person = settings.office.roster.get(letter.person or "")
            if person and letter.state in (LetterState.FAILED, LetterState.RETURNED):
                # The roster may have another address by now: that is why it is tried again.
                outbox.narrow(book, letter.id, [person.email])
            outbox.retry(book, letter.id, clock())
    console().print(f"{len(found)} letters will be tried at the next pass", markup=False)


@outbox_app.command("cancel", epilog='Example: mailflow outbox cancel 7 --why "wrong address"')
def outbox_cancel(context: typer.Context, number: Annotated[int, typer.Argument(metavar="ID")], why: Why) -> None:
    """Never send a letter that waits, is held or was refused; one that came back is settled."""
    settings = load(context.obj)
    with wiring.open_existing(settings) as store, store.transaction() as book:
        letter = outbox.get(book, number)
        if letter is None or not outbox.cancel(book, number, why):
            fail(f"no letter that could be sent has the id {number}; see `mailflow outbox list`", 2)
        data = {"kind": letter.kind, "why": why}
        events.append(book, Event(clock(), "letter-cancelled", letter.person, message_id=letter.message_id, data=data))
    console().print(f"letter {number} is cancelled: {clean(why)}", markup=False)

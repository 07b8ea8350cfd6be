"""Commands for the store: verify, backup, restore, erase, and a person's other id."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mailflow import wiring
from mailflow.cli.terminal import Json, console, fail, print_json
from mailflow.reports.screen import clean
from mailflow.rules.people import Person
from mailflow.settings import load
from mailflow.store import events, people
from mailflow.store.events import Event
from mailflow.store.invariants import breaches
from mailflow.store.lock import sole
from mailflow.store.session import open_store
from mailflow.workflow.erasing import erase as forget
from mailflow.workflow.watch import clock

person_app = typer.Typer(
    help="People of the roster and what they did.",
    epilog="Example: mailflow person rename zhangsan zs-042",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(person_app, name="person")
    app.command(epilog="Example: mailflow backup /var/backups/mailflow.db")(backup)
    app.command(epilog="Example: mailflow restore /var/backups/mailflow.db")(restore)
    app.command(epilog="Example: mailflow verify --json")(verify)
    app.command(epilog="Example: mailflow erase zhangsan")(erase)


def verify(context: typer.Context, as_json: Json = False) -> None:
    """Check the book's own invariants: every version has its message, every decision its evidence, and so on."""
    settings = load(context.obj)
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        found = breaches(book)
        found += [
            f"{person.id} ({person.name}) has history and no row in the roster: put the row back with a leaving date, "
            f"or `mailflow person rename {person.id} NEW`"
            for person in people.former(book, settings.office.roster)
        ]
    if as_json:
        print_json({"ok": not found, "breaches": found})
    else:
        for breach in found:
            console().print(f"✗ {clean(breach)}", markup=False)
        console().print("the book is sound" if not found else f"{len(found)} breaches", markup=False)
    if found:
        raise SystemExit(1)


def erase(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="An id, a name or an address; of one who left the roster his id.")],
    sure: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    as_json: Json = False,
) -> None:
    """Forget one person who asks for it, where law requires that: his mail, scores, letters and events. For good."""
    settings = load(context.obj)
    found = settings.office.roster.find(person)
    if len(found) > 1:
        fail(f"{person!r} can be {', '.join(p.id for p in found)}; give the id", 2)
    whom = found[0] if found else Person(person, "", "")
    if whom.id == settings.office.roster.director_id:
        fail("the director's own mail is everybody's evidence, so he can't be erased", 2)
    if sys.stdin.isatty() and not sure:
        typer.confirm(f"Erase everything about {clean(whom.id)}? This can't be undone", abort=True)
    with wiring.open_desk(settings) as desk, sole(desk.store):
        with desk.store.snapshot() as book:
            known = bool(found or events.history(book, whom.id))
        if not known:
            fail(f"nobody in the roster is {person!r} and no event names him; look into the roster", 2)
        with desk.store.transaction() as book:
            done = forget(desk, book, whom, clock())
        desk.store.compact()
    if as_json:
        print_json({"person": whom.id, **asdict(done)})
    else:
        counts = ", ".join(f"{name} {value}" for name, value in asdict(done).items())
        console().print(f"{clean(whom.id)} is erased: {counts}", markup=False)
    sys.stderr.write("mailflow: the mailbox itself, earlier backups and archives, and HR's workbooks are not touched\n")
    if found:
        sys.stderr.write(f"mailflow: {clean(whom.id)} is still on the roster: new mail of his is booked again\n")


@person_app.command("rename", epilog="Example: mailflow person rename zhangsan zs-042")
def person_rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="The id that the book has.")],
    new: Annotated[str, typer.Argument(help="The id that the roster has now.")],
    as_json: Json = False,
) -> None:
    """A person has another id in the roster now: everything that he did goes with him. Change the roster first."""
    settings = load(context.obj)
    if settings.office.roster.get(new) is None:
        fail(f"nobody in the roster has the id {new!r}; give the row its new id first, then rename", 2)
    if settings.office.roster.get(old) is not None:
        fail(f"{old!r} is still in the roster, so it is somebody else's; give the row its new id first, then rename", 2)
    with wiring.open_desk(settings) as desk, sole(desk.store):
        with desk.store.snapshot() as book:
            known = people.has_history(book, old)
        if not known:
            fail(f"the book knows nobody with the id {old!r}; `mailflow doctor` names those whose rows are gone", 2)
        with desk.store.transaction() as book:
            people.rename(book, old, new)
            events.append(book, Event(clock(), "renamed", new, data={"from": old}))
    if as_json:
        print_json({"from": old, "to": new})
        return
    console().print(f"{clean(old)} is {clean(new)} now", markup=False)


def backup(context: typer.Context, target: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """A consistent copy of the store while mailflow runs."""
    settings = load(context.obj)
    with wiring.open_existing(settings) as store:
        store.backup(target, clock())
    console().print(f"{target}: {target.stat().st_size} bytes, checked", markup=False)


def restore(context: typer.Context, source: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Put a copy of the store back; the one that was there is kept beside it. The next `run` reads from the copy's
    time on."""
    settings = load(context.obj)
    store = open_store(settings.store_url)
    try:
        # Whoever works with the store would go on with what isn't there any more.
        with sole(store) if store.exists else nullcontext():
            kept = store.restore(source, clock())
    finally:
        store.close()
    console().print(f"{source} is the store now" + (f"; the former one is {kept}" if kept else ""), markup=False)
    sys.stderr.write(
        "mailflow: answers to letters of after the copy can't be understood any more, and are asked about\n"
    )

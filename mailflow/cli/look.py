"""Commands that only look: explain, status, history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.text import Text

from mailflow import wiring
from mailflow.cli.explaining import Explained, explain_file
from mailflow.cli.terminal import console, fail, instant, parse_now, print_json, short
from mailflow.reading.opening.charsets import fold
from mailflow.reports.screen import clean, standings, table
from mailflow.rules import ledger
from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.rules.periods import Period, PeriodKind
from mailflow.settings import Settings, load
from mailflow.store import events, grants, inbox, outbox, records
from mailflow.store.events import Event
from mailflow.store.outbox import LetterState, StoredLetter
from mailflow.wire import Folder
from mailflow.workflow.watch import clock

_BAR_FROM = 20
_SHOWN_LINES = 8


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: mailflow explain mail/*.eml --received 2026-11-21T20:59:59+08:00")(explain)
    app.command(epilog="Example: mailflow status 2026-W48")(status)
    app.command(epilog="Example: mailflow history zhangsan --json")(history)


def explain(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Messages as .eml files.")],
    folder: Annotated[Folder, typer.Option(help="The folder they would lie in.")] = Folder.INBOX,
    received: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="When they arrived; else the topmost Received header, else Date."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a file.")] = False,
) -> None:
    """How each message would be understood, and why. Changes nothing and needs no servers."""
    settings = load(context.obj)
    arrival = parse_now(received, settings)
    chosen = console()
    for path in track(files, "reading", transient=True, disable=len(files) < _BAR_FROM or as_json):
        try:
            raw = path.read_bytes()
        except OSError as fault:
            fail(f"{path}: {fault.strerror}; give files that can be read", 2)
        found = explain_file(path, raw, folder, arrival, settings.office)
        if as_json:
            print_json(found.as_json())
        else:
            _tell(found, chosen)


def _tell(found: Explained, chosen: Console) -> None:
    """A short story for a person."""
    facts = found.as_json()
    head = Text(clean(found.path.name), style="bold")
    head.append(f"  {facts['disposition']}", style="cyan")
    if facts["person"]:
        head.append(f"  {facts['person']} ({facts['role']})")
    chosen.print(head)
    for duty, period in found.duties.items():
        chosen.print(Text(f"  {duty} {period}: {found.standing.get(duty, '')}"))
    if found.decision:
        score = f" {found.decision['score']}" if found.decision["score"] is not None else ""
        comment = f": {clean(found.decision['comment'])}" if found.decision["comment"] else ""
        chosen.print(Text(f"  decision: {found.decision['verdict']}{score}{comment}", style="magenta"))
    for line in found.found.text.splitlines()[:_SHOWN_LINES]:
        chosen.print(_marked(f"  │ {clean(line)}", found.found.marks))
    for attachment in found.attachments:
        note = attachment["problem"] or f"{attachment['characters']} characters"
        chosen.print(Text(f"  attachment {clean(attachment['filename'])}: {note}"))
    for reason in found.reasons:
        chosen.print(Text(f"  because {clean(reason)}", style="dim"))


def _marked(line: str, marks: tuple[str, ...]) -> Text:
    """The line with the words that decided in bold, where folding left them in their places."""
    text, folded = Text(line), fold(line)
    for mark in marks:
        start = folded.find(mark)
        if start >= 0 and len(folded) == len(line):
            text.stylize("bold magenta reverse", start, start + len(mark))
    return text


def status(
    context: typer.Context,
    label: Annotated[
        str | None,
        typer.Argument(
            metavar="[PERIOD]", help="A day, week, fortnight, month or quarter, such as 2026-11; else this week."
        ),
    ] = None,
    week: Annotated[str | None, typer.Option(metavar="2026-W48", help="An ISO week; the same as PERIOD.")] = None,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="Judge as of this instant.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON document.")] = False,
) -> None:
    """Who stands where in a period."""
    settings = load(context.obj)
    moment = parse_now(now, settings) or clock()
    period = (
        _any_period(label)
        or period_of(week, PeriodKind.WEEK, "--week")
        or Period.of(PeriodKind.WEEK, moment.astimezone(settings.office.zone).date())
    )
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        office = grants.office_as_of(book, settings.office)
        rows = records.due_rows(book, office, office.dues(period.kind, [period]), moment)
        counts = outbox.counts(book)
        aside = len(inbox.quarantine(book))
        account = wiring.account_of(book, settings)
        last = inbox.last_pass(book, account)
        returned = {x.person: x for x in outbox.letters(book, (LetterState.RETURNED,)) if x.person}
    if as_json:
        print_json(_status_json(office, moment, period, rows, counts, aside, last, returned))
        return
    chosen = console()
    chosen.print(standings(office, period, rows))
    read = f"{short(last, office.zone)} ({_age(moment - last)} ago)" if last else "never"
    letters = ", ".join(f"{state.value} {counts[state]}" for state in LetterState if counts[state]) or "none"
    chosen.print(f"letters: {letters} · in quarantine: {aside} · mailbox last read: {read}", markup=False)
    for person, letter in returned.items():
        where = ", ".join(letter.recipients)
        chosen.print(f"{person}: letters to {where} come back: {clean(letter.last_error)}", style="red", markup=False)


def _status_json(
    office: Office,
    moment: datetime,
    week: Period,
    rows: list[Row],
    counts: dict[LetterState, int],
    aside: int,
    last: datetime | None,
    returned: Mapping[str, StoredLetter],
) -> dict[str, object]:
    zone = office.zone
    people: dict[str, dict[str, object]] = {}
    for row in rows:
        person = people.setdefault(row.person.id, _person_json(row.person, returned))
        duties = person["duties"]
        assert isinstance(duties, dict)
        held = row.held
        duties[row.duty.id] = {
            "standing": row.judged.standing.value,
            "received_at": instant(row.received_at, zone),
            "late_by_seconds": int(row.judged.late_by.total_seconds()),
            "version": held.version if held else 0,
            "state": row.state.value,
            "score": float(held.score) if held and held.score is not None else None,
            "comment": held.comment if held else "",
            "decided_at": instant(held.decided_at, zone) if held else None,
            "excuse": row.judged.excuse.value if row.judged.excuse else None,
            "situation": ledger.situation(row),
            "overdue": ledger.overdue(office, row, moment),
        }
    return {
        "week": week.label,
        "period": week.label,
        "people": list(people.values()),
        "outbox": {
            "waiting": counts[LetterState.WAITING] + counts[LetterState.HELD],
            "held": counts[LetterState.HELD],
            "sent": counts[LetterState.SENT],
            "failed": counts[LetterState.FAILED],
            "returned": counts[LetterState.RETURNED],
        },
        "quarantine": aside,
        "last_pass": instant(last, zone),
        "last_pass_age_seconds": int((moment - last).total_seconds()) if last else None,
    }


def _person_json(person: Person, returned: Mapping[str, StoredLetter]) -> dict[str, object]:
    letter = returned.get(person.id)
    return {"id": person.id, "name": person.name, "returned": letter.last_error if letter else None, "duties": {}}


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


def history(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="An id, a name or an address.")],
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON document.")] = False,
) -> None:
    """Every event for a person, oldest first, each with its evidence."""
    settings = load(context.obj)
    found = settings.office.roster.find(person)
    if len(found) > 1:
        fail(f"{person!r} can be {', '.join(p.id for p in found)}; give the id", 2)
    # Who left the roster keeps his history.
    wanted = found[0].id if found else person
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        all_events = events.history(book, wanted)
    if not found and not all_events:
        fail(f"nobody in the roster is {person!r} and no event names him; look into the roster", 2)
    zone = settings.office.zone
    if as_json:
        print_json({"person": wanted, "events": [_event_json(event, settings) for event in all_events]})
        return
    rows = [
        (
            short(event.at, zone),
            event.kind,
            f"{event.duty or ''} {event.period or ''}".strip(),
            _story(event),
            event.message_id,
        )
        for event in all_events
    ]
    console().print(table(f"{wanted}", ["when", "event", "about", "what", "evidence"], rows))


def _event_json(event: Event, settings: Settings) -> dict[str, object]:
    zone = settings.office.zone
    return {
        "at": instant(event.at, zone),
        "event": event.kind,
        "duty": event.duty,
        "period": event.period.label if event.period else None,
        "message_id": event.message_id or None,
        "received_at": instant(event.received_at, zone),
        "data": dict(event.data or {}),
    }


def _story(event: Event) -> str:
    data = dict(event.data or {})
    data.pop("reasons", None)
    return ", ".join(f"{name} {value}" for name, value in data.items() if value not in (None, "", 0))


def _any_period(label: str | None) -> Period | None:
    if label is None:
        return None
    try:
        return Period.parse(label)
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint="PERIOD") from None


def period_of(label: str | None, kind: PeriodKind, hint: str) -> Period | None:
    """The period that an option names; a usage error says what to write instead."""
    if label is None:
        return None
    example = {"week": "2026-W48", "month": "2026-11"}[kind.value]
    try:
        period = Period.parse(label)
    except ValueError:
        raise typer.BadParameter(f"{label!r} is no {kind}; write {example}", param_hint=hint) from None
    if period.kind is not kind:
        raise typer.BadParameter(f"{label!r} is a {period.kind}; write a {kind} such as {example}", param_hint=hint)
    return period

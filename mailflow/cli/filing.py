"""`mailflow archive`: a month in one encrypted file (clause R13), and the proof that one is whole and readable."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer

from mailflow import __version__, wiring
from mailflow.cli.look import period_of
from mailflow.cli.paper import workbook_of
from mailflow.cli.terminal import Json, console, fail, print_json, write_private
from mailflow.reports.archive import BrokenArchive, is_recipient, new_key, recipient_of, seal, unseal
from mailflow.reports.sheets import score_sheets
from mailflow.rules import ledger
from mailflow.rules.periods import Period, PeriodKind
from mailflow.settings import Settings, load
from mailflow.store import filing, grants, records
from mailflow.workflow.closing import sheets_of
from mailflow.workflow.watch import clock

archive_app = typer.Typer(
    help="A month in one encrypted file: messages, decisions, letters, workbook and sheets.",
    epilog="Example: mailflow archive --month 2026-11 -o november.age",
    invoke_without_command=True,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(archive_app, name="archive")


@archive_app.callback()
def archive(
    context: typer.Context,
    month: Annotated[str | None, typer.Option(metavar="2026-11", help="The month.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to.")] = None,
    as_json: Json = False,
) -> None:
    """Write a month into one file, encrypted with the office's key, and open it again to see that it is whole."""
    if context.invoked_subcommand:
        return
    period = period_of(month, PeriodKind.MONTH, "--month")
    if period is None:
        raise typer.BadParameter("say which month: --month 2026-11", param_hint="--month")
    settings = load(context.obj)
    target = output or Path(f"mailflow-{period.label}.age")
    if target.exists():
        fail(f"{target} exists already; an archive overwrites nothing, so give another name with -o", 2)
    recipient = _recipient(settings)
    files = _files(settings, period, clock())
    facts = {"office": settings.office.name, "month": period.label, "version": __version__}
    sealed = seal(files, facts, recipient)
    if settings.archive_key.exists() and recipient_of(_identity(settings.archive_key)) == recipient:
        unseal(sealed, _identity(settings.archive_key))
    write_private(target, sealed)
    _tell(target, facts, files, as_json)


@archive_app.command(epilog="Example: mailflow archive verify november.age")
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    identity: Annotated[Path | None, typer.Option(metavar="KEYFILE", help="Another key than the office's own.")] = None,
    as_json: Json = False,
) -> None:
    """Prove that an archive is whole: it opens with the key, and every file in it is as it was written and readable."""
    key = _identity(identity or load(context.obj).archive_key)
    try:
        opened = unseal(file.read_bytes(), key)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}; give an archive that can be read", 2)
    except BrokenArchive as fault:
        fail(f"{file} is not whole: {fault}", 1)
    _tell(file, opened.facts, opened.files, as_json)


def _tell(file: Path, facts: object, files: object, as_json: bool) -> None:
    assert isinstance(facts, dict)
    assert isinstance(files, dict)
    counts = dict(Counter(path.partition("/")[0] for path in files))
    if as_json:
        print_json({"file": str(file), "ok": True, **facts, "counts": counts})
    else:
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        console().print(f"{file}: {facts['month']}, whole and readable: {told}", markup=False)


def _recipient(settings: Settings) -> str:
    """Whom to encrypt to: the configured recipient, else the office's key, which is made where there is none."""
    if settings.archive_recipient:
        if not is_recipient(settings.archive_recipient):
            fail(f"mailflow.toml: archive.recipient: found {settings.archive_recipient!r}; expected age1…", 2)
        return settings.archive_recipient
    path = settings.archive_key
    if not path.exists():
        identity, recipient = new_key()
        try:
            path.touch(mode=0o600)
            path.write_text(f"# The key of mailflow's archives. Keep a copy elsewhere.\n# {recipient}\n{identity}\n")
        except OSError as fault:
            fail(f"the key {path} can't be made: {fault.strerror}; give another in archive.key_file", 2)
        typer.echo(f"mailflow: made the key {path}; without a copy of it elsewhere no archive can be opened", err=True)
    return recipient_of(_identity(path))


def _identity(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        recipient_of(text)
    except OSError as fault:
        fail(f"the key {path}: {fault.strerror}; give it with --identity", 2)
    except ValueError as fault:
        fail(f"the key {path}: {fault}; give the file that was made with the first archive", 2)
    return text


def _files(settings: Settings, month: Period, now: datetime) -> dict[str, bytes]:
    """Everything of a month, by its path in the archive."""
    zone = settings.office.zone
    start = datetime.combine(month.first, time(), zone)
    end = datetime.combine(month.shift(1).first, time(), zone)
    with wiring.open_existing(settings) as store, store.snapshot() as book:
        office = grants.office_as_of(book, settings.office)
        weeks = ledger.month_weeks(office, month)
        filed = filing.of_month(book, weeks, start, end)
        files = {f"messages/{number:06d}.eml": raw for number, raw in filed.messages}
        files |= {f"letters/{number:06d}-{kind}.eml": raw for number, kind, raw in filed.letters}
        for name, facts in (("decisions", filed.decisions), ("events", filed.events)):
            files[f"{name}.json"] = json.dumps(facts, ensure_ascii=False, indent=1).encode()
        files[f"month-{month}.xlsx"] = workbook_of(book, office, month, weeks, now)
        template = wiring.wording(settings).file("_sheets/score-sheet.typ")
        duties = ledger.weekly_scored(office)
        for week in weeks:
            rows = records.due_rows(book, office, [(duty, week) for duty in duties], now)
            if found := sheets_of(office, book, rows):
                files[f"sheets/sheets-{week}.pdf"] = score_sheets(office, week, found, now, template)
    return files

"""`mailflow init` and `mailflow doctor`: from nothing to a configuration that works."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import tomlkit
import typer
from rich.text import Text
from tomlkit.items import Table

from mailflow import shipped, wiring
from mailflow.cli.checking import Finding, check, live
from mailflow.cli.terminal import console, fail, print_json
from mailflow.mail.providers import PROVIDERS, Provider, provider
from mailflow.reports.screen import clean

_FILES = ("mailflow.toml", "roster.csv", "leave.csv", "calendar.toml")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: mailflow init office --email wang@example.com --provider 163")(init)
    app.command(epilog="Example: mailflow --config office doctor")(doctor)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or one without these files.")],
    email: Annotated[str | None, typer.Option(help="The director's address.")] = None,
    name: Annotated[str | None, typer.Option(help="The director's name.")] = None,
    provider_id: Annotated[
        str | None, typer.Option("--provider", help=f"One of {', '.join(p.id for p in PROVIDERS)}.")
    ] = None,
) -> None:
    """Write a commented configuration to fill in. Asks three questions on a terminal; never overwrites."""
    there = [file for file in _FILES if (folder / file).exists()]
    if there:
        fail(f"{folder} has {', '.join(there)} already; init overwrites nothing, so give another folder", 2)
    asks = sys.stdin.isatty()
    if email is None and asks:
        email = typer.prompt("The director's e-mail address")
    if name is None and asks:
        name = typer.prompt("The director's name", default="王总")
    chosen = _provider(provider_id, email, asks=asks)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in _FILES:
            text = (shipped.example_config() / file).read_text(encoding="utf-8")
            if file == "mailflow.toml":
                text = _filled(text, email, name, chosen)
            if file == "roster.csv" and (email or name):
                text = _first_row(text, email, name)
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as fault:
        fail(f"{folder} can't be written: {fault.strerror}; give another folder", 2)
    chosen_console = console()
    chosen_console.print(f"Written: {', '.join(str(folder / file) for file in _FILES)}", markup=False)
    if chosen:
        chosen_console.print(f"{chosen.title} wants {chosen.password}", markup=False)
    chosen_console.print(
        "Next: fill in the roster, put the password into MAILFLOW_IMAP_PASSWORD and MAILFLOW_SMTP_PASSWORD, "
        f"then: mailflow --config {folder} doctor",
        markup=False,
    )


def _provider(wanted: str | None, email: str | None, *, asks: bool) -> Provider | None:
    if wanted is not None:
        found = next((p for p in PROVIDERS if p.id == wanted), None)
        if found is None:
            known = ", ".join(p.id for p in PROVIDERS)
            raise typer.BadParameter(f"{wanted!r} is not known; write one of {known}", param_hint="--provider")
        return found
    guessed = provider(email) if email else None
    if not asks:
        return guessed
    for p in PROVIDERS:
        console().print(f"  {p.id:13} {p.title}", markup=False)
    answer = typer.prompt("The mail provider", default=guessed.id if guessed else "own")
    return _provider(answer, email, asks=False)


def _filled(text: str, email: str | None, name: str | None, chosen: Provider | None) -> str:
    """The example with what is known filled in; its comments stay."""
    document = tomlkit.parse(text)
    mailbox, smtp = document["mailbox"], document["smtp"]
    assert isinstance(mailbox, Table)
    assert isinstance(smtp, Table)
    mailbox["since"] = datetime.now().astimezone().replace(microsecond=0)
    if email:
        mailbox["username"] = smtp["username"] = email
        smtp["from"] = f"{name or '运营总监'} <{email}>"
    if chosen and chosen.imap_host:
        mailbox["host"], mailbox["port"] = chosen.imap_host, chosen.imap_port
        smtp["host"], smtp["port"] = chosen.smtp_host, chosen.smtp_port
        smtp["security"] = chosen.smtp_security
        if chosen.sent != "auto":
            mailbox["sent"] = chosen.sent
        if chosen.per_minute:
            smtp["per_minute"] = chosen.per_minute
        if chosen.auth == "oauth2":
            for section in (mailbox, smtp):
                del section["password_env"]
                section["auth"] = "oauth2"
                section["token_command"] = ["get-token", email or ""]
    elif email:
        domain = email.rpartition("@")[2]
        mailbox["host"], smtp["host"] = f"imap.{domain}", f"smtp.{domain}"
    return tomlkit.dumps(document)


def _first_row(text: str, email: str | None, name: str | None) -> str:
    """The roster with the director's own row."""
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][1], rows[1][2] = name or rows[1][1], email or rows[1][2]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON document.")] = False,
    alive: Annotated[
        bool, typer.Option("--live", help="Only whether it works: asks no server, for a monitor to run often.")
    ] = False,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="Judge as of this instant (with --live).")] = None,
) -> None:
    """Check everything: configuration, templates, store, IMAP, SMTP; each finding with its remedy."""
    findings = live(context.obj, now) if alive else check(context.obj, wiring.wording)
    broken = [finding for finding in findings if finding.essential and not finding.ok]
    if as_json:
        print_json({"ok": not broken, "findings": [finding.as_json() for finding in findings]})
    else:
        _show(findings)
    if broken:
        raise SystemExit(broken[0].exit_code)


def _show(findings: Sequence[Finding]) -> None:
    chosen = console()
    for finding in findings:
        sign, colour = ("✓", "green") if finding.ok else ("✗", "red") if finding.essential else ("!", "yellow")
        line = Text(f"{sign} ", style=colour)
        line.append(f"{finding.check}: ", style="bold")
        line.append(clean(finding.detail))
        chosen.print(line)
        if finding.remedy and not finding.ok:
            chosen.print(Text(f"  → {clean(finding.remedy)}", style=colour))

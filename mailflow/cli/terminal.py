"""What all commands share in printing: tables for a person, one JSON document for programs, errors on one line."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from mailflow.reports.screen import clean
from mailflow.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="As one JSON document.")]


def console() -> Console:
    """Standard output, for a person; without markup and colour codes of what came by mail."""
    return Console(highlight=False, soft_wrap=False)


def print_json(value: object) -> None:
    """One document on standard output and nothing else there."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on standard error and end."""
    sys.stderr.write("".join(f"mailflow: {clean(line)}\n" for line in message.splitlines()))
    sys.stderr.flush()
    raise SystemExit(code)


def write_private(target: Path, content: bytes) -> None:
    """Write a file that only its owner can read: people's scores are nobody else's business."""
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
    except OSError as fault:
        fail(f"{target} can't be written: {fault.strerror}; give another file with -o", 2)


def instant(value: datetime | None, zone: ZoneInfo) -> str | None:
    """ISO 8601 with the office's offset, to the second."""
    return value.astimezone(zone).isoformat(timespec="seconds") if value else None


def short(value: datetime | None, zone: ZoneInfo) -> str:
    """An instant for a table."""
    return f"{value.astimezone(zone):%m-%d %H:%M:%S}" if value else ""


def parse_now(text: str | None, settings: Settings) -> datetime | None:
    """The instant that --now gives; without an offset it is the office's time."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant; write 2026-11-21T21:30:00+08:00") from None
    return value if value.tzinfo else value.replace(tzinfo=settings.office.zone)

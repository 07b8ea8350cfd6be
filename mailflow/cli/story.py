"""`mailflow demo`: the whole story on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.terminal import console, fail


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: mailflow demo --keep demo-out")(demo)


def demo(
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Where to leave what was made.")] = None,
) -> None:
    """Two weeks of an office of a dozen people, through the real code on mail servers of its own. No set-up."""
    try:
        from mailflow.demo.play import play
    except ModuleNotFoundError as fault:
        fail(f"the demo's mail servers are not installed ({fault.name}); do: pip install 'mailflow[demo]'", 2)
    play(keep, console())

"""The `mailflow` command: its options, its subcommands, and what each kind of trouble ends with."""

from __future__ import annotations

import io
import logging
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from mailflow import __version__
from mailflow.cli import filing, keeping, look, paper, setup, story, tend, work
from mailflow.cli.terminal import fail
from mailflow.errors import MailflowError

app = typer.Typer(
    name="mailflow",
    help="Weekly plans and summaries, their review and their scores, run from the director's own mailbox.",
    epilog="Example: mailflow --config /etc/mailflow doctor",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mailflow {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    config: Annotated[
        Path,
        typer.Option(
            "--config",
            "-c",
            envvar="MAILFLOW_CONFIG",
            metavar="DIR",
            help="The folder with mailflow.toml and roster.",
        ),
    ] = Path("config"),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more to standard error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    context.obj = config
    _log(logging.DEBUG if verbose else logging.INFO)


def _log(level: int) -> None:
    """Structured lines on standard error; nothing else ever goes to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)


for module in (story, setup, work, look, paper, filing, tend, keeping):
    module.register(app)


def main() -> None:
    """The entry point: exit codes 0 done, 1 our fault, 2 usage or configuration, 3 a server or the store, 4 taken."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except MailflowError as fault:
        fail(str(fault), fault.exit_code)
    except KeyboardInterrupt:
        fail("stopped", 130)
    except Exception as fault:  # noqa: BLE001 - the last resort: say that it is our fault
        structlog.get_logger().error("fault", fault=repr(fault), exc_info=True)
        fail(f"a fault in mailflow: {type(fault).__name__}: {fault}", 1)

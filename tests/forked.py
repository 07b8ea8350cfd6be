"""The command line in processes that are forked from one with everything imported already, many times faster than new
ones; and dying at a chosen step: a pass that kills itself (SIGKILL) at its n-th commit or exchange.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload(["tests.forked", "mailflow.cli.app", "mailflow.workflow.watch", "alembic.command"])


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, what it said, and the step at which it was killed, an empty word for none."""

    code: int
    out: str
    err: str
    died_at: str


def run(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    die_at: int = 0,
    seconds: float = 90,
    largest_file: int = 0,
) -> Ended:
    """Run `mailflow` with these arguments; kill it at that step, counted from 1, or let it live.

    With `largest_file` no file can grow beyond so many bytes, as on a disk that is full.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        ours, theirs = _forkserver.Pipe(duplex=False)
        streams = [multiprocessing.reduction.DupFd(stream.fileno()) for stream in (out, err)]
        settings = ({**os.environ, **environ}, str(Path.cwd()), die_at, largest_file)
        process = _forkserver.Process(target=_run, args=(tuple(arguments), settings, streams, theirs))
        process.start()
        theirs.close()
        died_at = ""
        with contextlib.suppress(EOFError):
            died_at = ours.recv()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode("utf-8", errors="replace"))
        return Ended(process.exitcode if process.exitcode is not None else -9, said[0], said[1], died_at)


def one_pass(folder: Path, now: str, environ: Mapping[str, str], die_at: int) -> Ended:
    """One pass at that instant."""
    return run(["--config", str(folder), "run", "--once", "--now", now], environ, die_at)


def _run(
    arguments: tuple[str, ...], settings: tuple[dict[str, str], str, int, int], streams: list[Any], report: Any
) -> None:
    environ, here, die_at, largest_file = settings
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(here)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream.detach(), number)
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    if die_at:
        _count_steps(die_at, report)
    from mailflow.cli.app import main

    sys.argv = ["mailflow", *arguments]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _name(said: bytes) -> str:
    """What is said: an IMAP command (after its tag), an SMTP command, or a letter."""
    if b"Message-ID:" in said:
        return "letter"
    found = re.match(rb"[A-Z]+\d+ ((?:UID )?[A-Z]+)|([a-zA-Z]{4})\b", said)
    return (found[1] or found[2]).decode() if found else "data"


def _count_steps(die_at: int, report: Any) -> None:
    """Count every commit, just before and just after it, and every exchange, before it is said and before its answer."""
    import sqlite3

    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    step = 0

    def reached(what: str) -> None:
        nonlocal step
        step += 1
        if step == die_at:
            report.send(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(connection: Any) -> None:
        driver: sqlite3.Connection = connection.connection.dbapi_connection
        if driver.total_changes:
            reached("before commit")

    event.listen(Engine, "commit", commit)
    say = socket.socket.sendall

    def sendall(self: socket.socket, data: bytes, *flags: int) -> None:
        name = _name(bytes(data[:2000]))
        reached(f"before {name}")
        say(self, data, *flags)
        reached(f"unanswered {name}")

    socket.socket.sendall = sendall  # type: ignore[method-assign,assignment]

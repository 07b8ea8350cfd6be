"""Dying at a chosen step: a pass in a process of its own that kills itself (SIGKILL) at its n-th commit or exchange.

The processes are forked from one that has everything imported already, so that hundreds of deaths take a minute.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload(["tests.faultpoints", "mailflow.cli.app", "mailflow.workflow.watch"])


@dataclass(frozen=True)
class Ended:
    """How a pass ended: its exit code, and the step at which it was killed, an empty word where it came through."""

    code: int
    died_at: str


def one_pass(folder: Path, now: str, environ: dict[str, str], die_at: int) -> Ended:
    """Run `mailflow run --once` and kill it at that step, counted from 1; 0 lets it live."""
    ours, theirs = _forkserver.Pipe(duplex=False)
    process = _forkserver.Process(target=_run, args=(str(folder), now, environ, die_at, theirs))
    process.start()
    theirs.close()
    died_at = ""
    with contextlib.suppress(EOFError):
        died_at = ours.recv()
    process.join(60)
    assert process.exitcode is not None
    return Ended(process.exitcode, died_at)


def _run(folder: str, now: str, environ: dict[str, str], die_at: int, report: Any) -> None:
    os.environ.update(environ)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    _count_steps(die_at, report)
    from mailflow.cli.app import main

    sys.argv = ["mailflow", "--config", folder, "run", "--once", "--now", now]
    try:
        main()
    except SystemExit as end:
        os._exit(int(end.code or 0))


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

    def commit(connection: sqlite3.Connection) -> None:
        writes = connection.connection.dbapi_connection.total_changes
        if writes:
            reached("before commit")

    event.listen(Engine, "commit", commit)
    say = socket.socket.sendall

    def sendall(self: socket.socket, data: bytes, *flags: int) -> None:
        name = _name(bytes(data[:2000]))
        reached(f"before {name}")
        say(self, data, *flags)
        reached(f"unanswered {name}")

    socket.socket.sendall = sendall  # type: ignore[method-assign,assignment]

"""A private PostgreSQL on a free port, with a fresh database for each test."""

from __future__ import annotations

import glob
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from tests.servers.process import LOOPBACK, find, free_port, give, is_root, listens, open_folder, wait_for

_USER = "mailflow"
_numbers = itertools.count(1)


@dataclass
class Postgres:
    """Where it listens."""

    port: int
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]

    def restart(self) -> None:
        """Stop it at once (connections are cut) and start it again."""
        self.process.send_signal(2)
        self.process.wait(20)
        self.process = self.start()
        wait_for(lambda: _answers(self.port), "PostgreSQL")

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"office{next(_numbers)}"
        with psycopg.connect(
            host=LOOPBACK, port=self.port, user=_USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"create database {name}")
        return f"postgresql+psycopg://{_USER}@{LOOPBACK}:{self.port}/{name}"


def _answers(port: int) -> bool:
    """Whether it takes queries: it listens a moment before."""
    if not listens(port):
        return False
    try:
        psycopg.connect(host=LOOPBACK, port=port, user=_USER, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, stopped and removed at the end."""
    folder = open_folder("postgres")
    data = folder / "data"
    data.mkdir()
    owner = "postgres" if is_root() else ""
    if owner:
        give(folder, owner)
    binaries = glob.glob("/usr/lib/postgresql/*/bin")
    as_owner = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
    initdb = [find("initdb", *binaries), "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(initdb, check=True, capture_output=True, env=environ, cwd=folder, **as_owner)
    port = free_port()
    command = [
        find("postgres", *binaries), "-D", str(data), "-p", str(port), "-k", str(folder),
        "-c", f"listen_addresses={LOOPBACK}", "-c", "fsync=off",
    ]  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environ, **as_owner)

    server = Postgres(port, start, start())
    try:
        wait_for(lambda: server.process.poll() is not None or _answers(port), "PostgreSQL")
        if server.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        yield server
    finally:
        # SIGINT is its fast shutdown: connections are closed and nothing is waited for.
        server.process.send_signal(2)
        server.process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)

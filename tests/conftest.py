"""Fixtures: servers once a run, an office for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office
from tests.servers.dovecot import Dovecot
from tests.servers.dovecot import dovecot as run_dovecot
from tests.servers.sink import Sink
from tests.servers.sink import sink as run_sink

_users = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server."""
    with run_dovecot() as server:
        yield server


@pytest.fixture
def sink() -> Iterator[Sink]:
    """An SMTP server that keeps what it gets."""
    with run_sink() as kept:
        yield kept


@pytest.fixture
def office(dovecot: Dovecot, sink: Sink, tmp_path: Path) -> Office:
    """An office with an empty mailbox of its own, configured and ready."""
    made = Office(tmp_path / "office", dovecot, sink, f"director{next(_users)}")
    made.configure()
    return made

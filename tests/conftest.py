"""Fixtures: servers once a run, an office for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office
from tests.servers.dovecot import Dovecot
from tests.servers.dovecot import dovecot as run_dovecot
from tests.servers.postfix import Postfix
from tests.servers.postfix import postfix as run_postfix
from tests.servers.postgres import Postgres
from tests.servers.postgres import postgres as run_postgres
from tests.servers.process import is_root
from tests.servers.sink import Sink
from tests.servers.sink import sink as run_sink

_users = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server."""
    with run_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """A real MTA that hands mail to that IMAP server."""
    if not is_root() and not os.environ.get("CI"):
        pytest.skip("Postfix starts as root only; CI runs this")
    with run_postfix(dovecot) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL."""
    with run_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """An SMTP server that keeps what it gets."""
    with run_sink() as kept:
        yield kept


@pytest.fixture
def undisturbed(dovecot: Dovecot, tmp_path: Path) -> Iterator[Office]:
    """A second office with a mailbox and a sink of its own, to compare with."""
    with run_sink() as kept:
        made = Office(tmp_path / "undisturbed", dovecot, kept, f"director{next(_users)}")
        made.configure()
        yield made
        made.verify()


@pytest.fixture
def office(dovecot: Dovecot, sink: Sink, tmp_path: Path) -> Iterator[Office]:
    """An office with an empty mailbox of its own, configured and ready; its book is checked when the test is over."""
    made = Office(tmp_path / "office", dovecot, sink, f"director{next(_users)}")
    made.configure()
    yield made
    made.verify()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones (those with a timeout of their own) begin first, so that no worker ends with one of them alone."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)

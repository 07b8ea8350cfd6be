"""The lock on PostgreSQL: lost with its connection, noticed at once, taken anew; a server that restarts in mid-pass."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import make_url, text

from mailflow.errors import AlreadyRunning, LockLost
from mailflow.store.invariants import breaches
from mailflow.store.lock import sole
from mailflow.store.session import Store, open_store
from tests.office import Office, mail
from tests.servers.postgres import Postgres, postgres

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL of the test's own, which it may restart."""
    with postgres() as running:
        yield running


def end_lock(url: str) -> int:
    """End the connection that holds the advisory lock, as an administrator or a proxy does; gives how many."""
    with psycopg.connect(
        host="127.0.0.1", port=make_url(url).port, user="mailflow", dbname=make_url(url).database
    ) as one:
        held = (
            "select pid from pg_locks where locktype = 'advisory' and granted"
            " and database = (select oid from pg_database where datname = current_database())"
        )
        pids = [pid for (pid,) in one.execute(held).fetchall()]
        for pid in pids:
            one.execute("select pg_terminate_backend(%s)", (pid,))
        # A backend ends a moment after it is told to.
        wait_until(lambda: one.execute(held).fetchall() == [])
        return len(pids)


def opened(url: str) -> Store:
    store = open_store(url)
    store.migrate()
    return store


def sound(url: str) -> None:
    store = open_store(url)
    with store.snapshot() as book:
        assert breaches(book) == []
    store.close()


def test_whoever_lost_the_lock_writes_nothing_until_he_has_it_again(postgres: Postgres) -> None:
    url = postgres.new_database()
    first, second = opened(url), opened(url)
    with sole(first) as hold:
        with first.transaction():
            pass
        assert end_lock(url) == 1
        with pytest.raises(LockLost), first.transaction():
            pytest.fail("nothing may be written")
        hold.take()
        with first.transaction():
            pass
        assert end_lock(url) == 1
        with sole(second):
            with second.transaction():
                pass
            with pytest.raises(LockLost), first.transaction():
                pytest.fail("nothing may be written")
            with pytest.raises(AlreadyRunning):
                hold.take()
    first.close()
    second.close()


def test_a_number_raised_by_another_holder_stops_the_former_one(store_url: str) -> None:
    store, other = opened(store_url), open_store(store_url)
    with sole(store):
        # As if the file of the lock had been deleted, or another machine had its own.
        with other.transaction() as book:
            book.execute(text("update fence set number = number + 1"))
        with pytest.raises(LockLost), store.transaction():
            pytest.fail("nothing may be written")
    store.close()
    other.close()


def test_run_goes_on_when_its_lock_was_cut_and_nobody_else_has_it(office: Office, postgres: Postgres) -> None:
    url = postgres.new_database()
    office.configure(store=url)
    process = office.start("run")
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    office.wait_for("receipt")
    assert end_lock(url) == 1
    office.staff_mail("11-20 10:10", mail("lisi@example.com", DIRECTOR, "周工作计划", f"{PLAN}\n3. 保密的事"))
    wait_until(lambda: len(office.letters("receipt")) == 2)
    office.run("run", "--once", code=4)
    err = ended(process)
    assert "lock taken anew" in err
    for secret in ("周工作计划", "保密的事", "lisi", "[parameters"):
        assert secret not in err
    assert len(office.letters("receipt")) == 2
    sound(url)


def test_run_ends_with_4_when_another_one_has_taken_its_place(office: Office, postgres: Postgres) -> None:
    url = postgres.new_database()
    office.configure(store=url)
    process = office.start("run")
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
    office.wait_for("receipt")
    assert end_lock(url) == 1
    other = open_store(url)
    with sole(other):
        office.staff_mail("11-20 10:10", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
        assert process.wait(30) == 4
        process.communicate()
    other.close()
    assert len(office.letters("receipt")) == 1
    assert office.once("11-20 10:20")["submissions"] == 1
    assert len(office.letters("receipt")) == 2
    sound(url)


def test_postgresql_restarts_in_mid_pass_and_nothing_is_lost_or_doubled(office: Office, server: Postgres) -> None:
    url = server.new_database()
    office.configure(store=url)
    for n in range(40):
        office.staff_mail(f"11-20 10:{n:02d}", mail("zhangsan@example.com", DIRECTOR, "周工作计划", f"{PLAN}\n{n}"))
    process = office.start("run")
    wait_until(lambda: versions(url) >= 5)
    server.restart()
    assert versions(url) < 40, "it was in mid-pass"
    office.staff_mail("11-20 11:00", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    wait_until(lambda: versions(url) == 41, 60)
    wait_until(lambda: bool(office.letters("receipt", "lisi@example.com")), 30)
    err = ended(process)
    assert "[parameters" not in err
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 40
    assert len(office.letters("receipt", "lisi@example.com")) == 1
    sound(url)


def versions(url: str) -> int:
    try:
        with psycopg.connect(
            host="127.0.0.1", port=make_url(url).port, user="mailflow", dbname=make_url(url).database
        ) as one:
            found = one.execute("select count(*) from versions").fetchone()
            return int(found[0]) if found else 0
    except psycopg.Error:
        return 0


def wait_until(ready: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    pytest.fail("not in time")


def ended(process: subprocess.Popen[str]) -> str:
    """Ends it as a service manager does; gives what it logged."""
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return err

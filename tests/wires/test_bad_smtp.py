"""An SMTP server that refuses, at each stage and with each kind of code; some recipients of several; bad certificates."""

from __future__ import annotations

import socket
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests import forked
from tests.forked import one_pass
from tests.office import Office, at, mail, message_id, text_of
from tests.servers.certificates import certificate

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
CODES = (421, 450, 451, 452, 550, 552, 554)


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "LETTER"])
def test_each_code_at_each_stage_is_tried_later_or_parked_and_the_letter_leaves_once(
    office: Office, stage: str
) -> None:
    for number, code in enumerate(CODES):
        hour = 10 + number
        office.staff_mail(
            f"11-20 {hour}:00", mail("zhangsan@example.com", DIRECTOR, f"第{48 + number}周工作计划", PLAN)
        )

        def refuse(command: str, address: str, code: int = code) -> str:
            meant = stage == command and (stage == "EHLO" or command == "MAIL" or address == "zhangsan@example.com")
            return f"{code} no" if meant else ""

        office.sink.refuse = refuse
        if stage == "LETTER":
            office.sink.answer = lambda to, code=code: f"{code} no" if "zhangsan@example.com" in to else ""  # type: ignore[misc]
        one_pass(office.folder, at(f"11-20 {hour}:01").isoformat(), office.environ, 0)
        states = stuck(office)
        # What is said at EHLO is about us and not about a letter: it waits whatever the code.
        parked = code >= 500 and stage != "EHLO"
        assert states["receipt"] == ("failed" if parked else "waiting"), (stage, code)
        office.sink.refuse, office.sink.answer = (lambda _command, _address: ""), (lambda _to: "")
        if parked:
            forked.run(["--config", str(office.folder), "outbox", "retry"], office.environ)
            forked.run(["--config", str(office.folder), "run", "--once"], office.environ)
        one_pass(office.folder, at(f"11-20 {hour}:30").isoformat(), office.environ, 0)
        assert stuck(office) == {}, (stage, code)
        assert len(office.letters("receipt")) == number + 1
    assert len({message_id(raw) for raw in office.sink.received}) == len(office.sink.received)


def stuck(office: Office) -> dict[str, str]:
    """What has not left: the state of each kind of letter."""
    with sqlite3.connect(office.folder / "mailflow.db") as store:
        return dict(store.execute("select kind, state from letters where state in ('waiting', 'failed')").fetchall())


def test_of_several_recipients_only_those_who_lack_a_letter_get_it_again(office: Office) -> None:
    """Greylisting of one of them; then half of them refused for good."""
    office.configure()
    config = office.folder / "mailflow.toml"
    everybody = [f"it{n}@example.com" for n in range(4)]
    config.write_text(
        config.read_text().replace('operator = ["it@example.com"]', f"operator = {everybody!r}".replace("'", '"'))
    )
    office.environ["MAILFLOW_IMAP_PASSWORD"] = "wrong"
    office.sink.refuse = lambda command, to: "450 greylisted" if (command, to) == ("RCPT", "it2@example.com") else ""
    office.run("run", "--once", "--now", at("11-20 10:00").isoformat(), code=3)
    assert office.sink.recipients == [["it0@example.com", "it1@example.com", "it3@example.com"]]
    waiting = office.json("outbox", "list")
    assert [(letter["to"], letter["state"]) for letter in waiting] == [(["it2@example.com"], "waiting")]
    office.sink.refuse = lambda _command, _to: ""
    office.run("run", "--once", "--now", at("11-20 10:05").isoformat(), code=3)
    assert office.sink.recipients[1:] == [["it2@example.com"]]
    assert office.sink.received[0] == office.sink.received[1], "the same letter under the same Message-ID"
    assert office.json("outbox", "list") == []
    office.environ["MAILFLOW_IMAP_PASSWORD"] = "secret"
    office.sink.refuse = lambda command, to: "550 gone" if command == "RCPT" and to in everybody[:2] else ""
    office.once("11-20 10:10")
    assert office.sink.recipients[2:] == [["it2@example.com", "it3@example.com"]]
    assert office.json("outbox", "list") == []


def test_greylisting_delays_and_doubles_nothing(office: Office) -> None:
    seen: set[str] = set()

    def grey(command: str, to: str) -> str:
        known = command != "RCPT" or to in seen
        seen.add(to)
        return "" if known else "450 4.2.0 greylisted, come back later"

    office.sink.refuse = grey
    for who in ("zhangsan", "lisi"):
        office.staff_mail("11-20 10:00", mail(f"{who}@example.com", DIRECTOR, "周工作计划", PLAN))
    assert office.once("11-20 10:01", code=3)["sent"] == 0
    assert office.once("11-20 10:02")["sent"] == 2
    assert len(office.letters("receipt")) == 2


@contextmanager
def tls_server(pem: Path) -> Iterator[int]:
    """A server that shows this certificate and says nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    with suppress(OSError), context.wrap_socket(client, server_side=True) as secured:
                        secured.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "expired": (lambda folder: certificate(folder, name="127.0.0.1", days=30), "expired"),
    "another name": (lambda folder: certificate(folder, name="mail.example.net", days=36500), "not valid for"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_certificate_is_refused_and_said_clearly(office: Office, tmp_path: Path, name: str) -> None:
    make, words = BAD[name]
    pem = make(tmp_path)
    with tls_server(pem) as port:
        office.configure(imap=port)
        config = office.folder / "mailflow.toml"
        good = config.read_text()
        config.write_text(good.replace('security = "none"', f'security = "tls"\nca_file = "{pem}"', 1))
        said = office.run("run", "--once", code=3).stderr
        assert words in said
        assert "certificate" in said
        office.configure(smtp=port)
        head, _, tail = config.read_text().partition("[smtp]")
        config.write_text(f"{head}[smtp]" + tail.replace('security = "none"', f'security = "tls"\nca_file = "{pem}"'))
        office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN))
        said = office.run("run", "--once", "--now", at("11-20 10:01").isoformat(), code=3).stderr
        assert words in said
        assert "certificate" in said
    office.configure()
    assert office.once("11-20 10:05")["sent"] == 1
    assert text_of(office.letters("receipt")[0])

"""`python -m bench`: booking against a plain script, the idle pass, and peak memory, on real Dovecot and an SMTP sink.

The peer does the least that could be called the same job: imap_tools reads each mail and smtplib sends a canned
answer. It keeps no books, understands nothing, and would answer twice if it were run twice.
"""

from __future__ import annotations

import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from imap_tools import MailBoxUnencrypted
from imapclient import IMAPClient

from mailflow import reading
from mailflow.reading import Context
from mailflow.settings import load
from mailflow.store.session import open_store
from mailflow.wire import Folder
from tests.office import Office, at, mail
from tests.offices import an_office
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot
from tests.servers.process import LOOPBACK
from tests.servers.sink import Sink, sink

MAILS = int(os.environ.get("BENCH_MAILS", "300"))
CROWD = int(os.environ.get("BENCH_CROWD", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
_BODY = "1. 回访客户 20 家，周五前完成\n2. 整理客户台账\n" * 40


def _fill(server: Dovecot, user: str, messages: list[bytes]) -> None:
    with server.client(user) as client:
        for number, raw in enumerate(messages):
            client.append("INBOX", raw, msg_time=at("11-20 10:00") + timedelta(seconds=number))


def _roster(people: int) -> str:
    rows = [f"p{n},人{n},p{n}@example.com,staff" for n in range(people)]
    return "\n".join(["id,name,email,role", "wang,王总,wang@example.com,director", *rows]) + "\n"


def _plans(count: int) -> list[bytes]:
    return [mail(f"p{n}@example.com", "wang@example.com", "周工作计划", _BODY) for n in range(count)]


def plain_script(server: Dovecot, post: Sink, user: str) -> None:
    """The peer: read each mail, send a canned answer."""
    with (
        MailBoxUnencrypted(LOOPBACK, server.imap).login(user, PASSWORD) as box,
        smtplib.SMTP(LOOPBACK, post.port) as out,
    ):
        for message in box.fetch(mark_seen=False, bulk=False):
            answer = EmailMessage()
            answer["From"], answer["To"] = "wang@example.com", message.from_
            answer["Subject"], answer["In-Reply-To"] = "已收到", message.headers["message-id"][0]
            answer.set_content(f"已收到：{message.subject}，{len(message.text)} 字")
            out.send_message(answer)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _child(folder: Path, environ: dict[str, str], *arguments: str) -> tuple[float, int]:
    """Seconds and peak memory (KiB) of one `mailflow` process."""
    code = (
        "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stdout=subprocess.DEVNULL,"
        "stderr=subprocess.DEVNULL);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, sys.executable, "-m", "mailflow", "--config", str(folder), *arguments]
    begun = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, int(done.stdout)


def booking(server: Dovecot, post: Sink, folder: Path) -> dict[str, float]:
    """Mails booked and receipted a second, beside the plain script, in turns."""
    ours, theirs, memory = [], [], 0
    plans = _plans(MAILS)
    for number in range(ROUNDS):
        user = f"bench{number}"
        _fill(server, user, plans)
        office = Office(folder / user, server, post, user)
        office.configure(roster=_roster(MAILS))
        theirs.append(_seconds(lambda user=user: plain_script(server, post, user)))  # type: ignore[misc]
        spent, peak = _child(office.folder, office.environ, "run", "--once", "--now", at("11-20 12:00").isoformat())
        ours.append(spent)
        memory = max(memory, peak)
        with open_store(load(office.folder, {}).store_url).connect() as connection:
            booked = connection.exec_driver_sql("select count(*) from letters where state = 'sent'").scalar_one()
        assert booked == MAILS, f"only {booked} receipts left"
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {
        "mails": MAILS,
        "mailflow_mails_a_second": MAILS / statistics.median(ours),
        "plain_script_mails_a_second": MAILS / statistics.median(theirs),
        "time_ratio": statistics.median(ratios),
        "peak_memory_mib": memory / 1024,
    }


def idle(server: Dovecot, post: Sink, folder: Path) -> dict[str, float]:
    """A pass over a mailbox of thousands in which nothing is new, beside one with an empty mailbox."""
    passes = {}
    for name, count in (("empty", 0), ("crowded", CROWD)):
        user = f"idle-{name}"
        stranger = mail("friend@example.net", "wang@example.com", "你好", "x")
        if count:
            with server.client(user) as client:
                _copies(client, stranger, count)
        office = Office(folder / user, server, post, user)
        office.configure()
        run = ("run", "--once", "--now", at("11-20 12:00").isoformat())
        _child(office.folder, office.environ, *run)
        passes[name] = statistics.median(_child(office.folder, office.environ, *run)[0] for _ in range(5))
    return {
        "messages": CROWD,
        "idle_pass_seconds": passes["crowded"],
        "empty_mailbox_seconds": passes["empty"],
        "time_ratio": passes["crowded"] / passes["empty"],
    }


def _copies(client: IMAPClient, raw: bytes, count: int) -> None:
    """A crowd of messages, by doubling on the server."""
    client.append("INBOX", raw, msg_time=at("11-10 10:00"))
    client.select_folder("INBOX")
    there = 1
    while there < count:
        found = client.search()
        client.copy(found[: count - there], "INBOX")
        there = len(client.search())


def understanding() -> dict[str, float]:
    """Bytes to verdict of a mail of some 20 KB, beside the standard library's parser (compat32) on the same bytes."""
    office = an_office()
    figures: dict[str, float] = {}
    for name, kind in (("plain", "text/plain"), ("html", "text/html")):
        text = _BODY * 8
        html = "".join(f"<div>{line}</div>" for line in text.split("\n"))
        raw = mail("zhangsan@example.com", "wang@example.com", "第48周工作计划", html if kind == "text/html" else text)
        raw = raw.replace(b"text/plain", kind.encode())

        def ours(raw: bytes = raw) -> None:
            letter = reading.open_letter(raw)
            reading.read(letter, at("11-20 10:00"), Folder.INBOX, office, Context())

        def parsing(raw: bytes = raw) -> None:
            message_from_bytes(raw).get_payload(decode=True)

        ratios = [_seconds(ours) / _seconds(parsing) for _ in range(200)]
        figures[f"{name}_kib"] = len(raw) / 1024
        figures[f"{name}_time_ratio"] = statistics.median(ratios)
    return figures


def main() -> None:
    """Measure and print: one line a figure, then the whole as JSON."""
    with tempfile.TemporaryDirectory() as name, dovecot() as server, sink() as post:
        folder = Path(name)
        figures = {
            "reading": understanding(),
            "booking": booking(server, post, folder),
            "idle": idle(server, post, folder),
        }
    for what, values in figures.items():
        for figure, value in values.items():
            print(f"{what:8} {figure:28} {value:10.2f}")
    print(json.dumps(figures))


main()

"""An office for tests: a configuration folder, its mailbox on a real server, and the command line to drive it."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mailflow.errors import StoreError
from mailflow.store.invariants import breaches
from mailflow.store.session import open_store
from tests import forked
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.sink import Sink

ZONE = ZoneInfo("Asia/Shanghai")
ROSTER = """id,name,email,aliases,department,role,supervisor,joined,left,language
wang,王总,wang@example.com,,管理层,director,,,,
zhangsan,张三,zhangsan@example.com,zs@example.org,运营部,staff,wang,,,
lisi,李四,lisi@example.com,,运营部,staff,wang,,,
wangwu,王五,wangwu@example.com,,市场部,staff,wang,,,zh-TW
smith,Smith,smith@example.com,,Sales,staff,wang,,,en
"""
CONFIG = """
[office]
name = "运营部"
timezone = "Asia/Shanghai"
language = "zh-CN"
director = "wang"
hr = ["hr@example.com"]
operator = ["it@example.com"]
{start}
{office}
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "{security}"
{ca}
username = "{user}"
password_env = "MAILFLOW_IMAP_PASSWORD"
since = 2026-11-01T00:00:00+08:00
poll_seconds = 2
{mailbox}
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
from = "运营总监 <wang@example.com>"
{smtp_extra}
[store]
url = "{store}"
[score]
bands = {{ 优秀 = 90, 良好 = 80, 合格 = 60, 不合格 = 0 }}
{tail}
"""
_numbers = itertools.count(1)


def at(text: str) -> datetime:
    """An instant of the office: `11-21 20:59:59` in 2026."""
    month_day, clock = text.split()
    return datetime.fromisoformat(f"2026-{month_day}T{clock if len(clock) > 5 else clock + ':00'}").replace(tzinfo=ZONE)


def mail(
    sender: str,
    to: str,
    subject: str,
    text: str = "",
    *,
    date: datetime | None = None,
    reply_to: str = "",
    references: str = "",
    message_id: str = "",
    headers: Sequence[tuple[str, str]] = (),
    attachments: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A message as a mail program writes it."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(date or at("11-20 10:00"))
    message["Message-ID"] = message_id or f"<test.{next(_numbers)}@example.com>"
    if reply_to:
        message["In-Reply-To"] = reply_to
        message["References"] = f"{references} {reply_to}".strip()
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    for filename, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=filename)
    return message.as_bytes()


def message_id(raw: bytes) -> str:
    """The Message-ID of a message."""
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"])


@dataclass
class Office:
    """A configuration folder and what it is connected to."""

    folder: Path
    dovecot: Dovecot
    sink: Sink
    user: str
    environ: dict[str, str] = field(default_factory=lambda: {"MAILFLOW_IMAP_PASSWORD": PASSWORD})

    def __post_init__(self) -> None:
        # Each test is a machine of its own: Dovecots that start in one second give their mailboxes one UIDVALIDITY.
        self.environ.setdefault("MAILFLOW_STATE", str(self.folder.parent / "state"))

    def configure(
        self,
        *,
        imap: int | None = None,
        smtp: int | None = None,
        tls: bool = False,
        store: str = "sqlite:///mailflow.db",
        roster: str = ROSTER,
        **parts: str,
    ) -> None:
        """Write the configuration files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        filled = CONFIG.format(
            imap=imap or (self.dovecot.imaps if tls else self.dovecot.imap),
            security="tls" if tls else "none",
            ca=f'ca_file = "{self.dovecot.ca_file}"' if tls else "",
            user=self.user,
            smtp=smtp or self.sink.port,
            store=store,
            start="" if "start = " in parts.get("office", "") else parts.get("start", "start = 2026-01-01"),
            **{name: parts.get(name, "") for name in ("office", "mailbox", "smtp_extra", "tail")},
        )
        (self.folder / "mailflow.toml").write_text(filled, encoding="utf-8")
        (self.folder / "roster.csv").write_text(roster, encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command and leave it running."""
        command = [sys.executable, "-m", "mailflow", "--config", str(self.folder), *arguments]
        environ = {**os.environ, **self.environ, "COLUMNS": "200"}
        return subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """The command line, as a person or a script drives it; any other exit code than expected is an error."""
        command = ["--config", str(self.folder), *arguments]
        ended = forked.run(command, {**self.environ, "COLUMNS": "200"})
        done = subprocess.CompletedProcess(command, ended.code, ended.out, ended.err)
        assert done.returncode == code, f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The command's JSON."""
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def once(self, now: str, code: int = 0) -> dict[str, int]:
        """One whole pass at that instant."""
        counts: dict[str, int] = self.json("run", "--once", "--now", at(now).isoformat(), code=code)
        return counts

    def verify(self) -> None:
        """The book's invariants hold, where there is a book that can be read."""
        store = open_store(f"sqlite:///{self.folder / 'mailflow.db'}")
        try:
            if store.exists:
                with store.snapshot() as book:
                    assert breaches(book) == []
        except StoreError:
            return
        finally:
            store.close()

    def staff_mail(self, arrived: str, raw: bytes) -> str:
        """A message arrives in INBOX; gives its Message-ID."""
        self.dovecot.deliver(self.user, raw, at(arrived))
        return message_id(raw)

    def director_sends(self, arrived: str, raw: bytes) -> str:
        """A message of the director's lies in Sent; gives its Message-ID."""
        self.dovecot.deliver(self.user, raw, at(arrived), "Sent")
        return message_id(raw)

    def letters(self, kind: str, to: str | None = None) -> list[EmailMessage]:
        """The letters of a kind that left, to one person or to all."""
        return [
            letter
            for letter, recipients in zip(self.sink.letters, self.sink.recipients, strict=True)
            if letter["X-Mailflow"] == kind and (to is None or to in recipients)
        ]

    def wait_for(self, kind: str, seconds: float = 20.0) -> None:
        """Wait until a letter of this kind left, or the time is up: the test then sees that none did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.letters(kind):
            time.sleep(0.1)

    def duty(self, week: str, person: str, duty: str, now: str = "11-30 12:00") -> dict[str, Any]:
        """One cell of the status."""
        status = self.json("status", "--week", week, "--now", at(now).isoformat())
        found: dict[str, Any] = next(p for p in status["people"] if p["id"] == person)["duties"][duty]
        return found


def text_of(letter: EmailMessage) -> str:
    """The letter's text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(letter: EmailMessage) -> str:
    """The letter's HTML."""
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())

"""Privacy, shown: what was said to the mail server in weeks of work, to whom letters went, and what the logs hold."""

from __future__ import annotations

import re

from tests.office import Office, at, mail, message_id
from tests.servers.dovecot import PASSWORD
from tests.servers.proxy import line

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
# What only looks; of messages it may ask for envelopes of all, for a body only of those that are our business.
LOOKS = {"CAPABILITY", "ID", "LOGIN", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH", "IDLE", "DONE", "NOOP", "LOGOUT"}
ENVELOPES = "(ENVELOPE INTERNALDATE RFC822.SIZE)"


def test_nothing_else_is_read_nothing_is_changed_and_nobody_else_is_written_to(office: Office) -> None:
    private = [
        mail("friend@example.net", DIRECTOR, "晚饭", "六点老地方见"),
        mail("bank@example.net", DIRECTOR, "账单", "您的账单：一万元整", attachments=[("账单.pdf", b"%PDF-1.7")]),
        mail("Mailer-Daemon@example.net", DIRECTOR, "Undelivered", "your private letter to a friend"),
        mail(
            "list@example.net",
            DIRECTOR,
            "周工作计划",
            "一个陌生人的周工作计划",
            headers=[("List-Id", "<x.example.net>")],
        ),
    ]
    private_sent = [
        mail(DIRECTOR, "friend@example.net", "Re: 晚饭", "好的不见不散"),
        mail(DIRECTOR, "doctor@example.net", "预约", "周二上午可以吗"),
    ]
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意，注意成本", reply_to=message_id(plan))
    mine = [plan, mail("lisi@example.com", DIRECTOR, "午饭", "中午一起吃饭吗"), answer]
    for minute, raw in enumerate([*private, *mine[:2]]):
        office.staff_mail(f"11-20 10:0{minute}", raw)
    for minute, raw in enumerate([*private_sent, answer]):
        office.director_sends(f"11-20 11:0{minute}", raw)
    logs = ""
    with line(office.dovecot.imap) as wire:
        office.configure(imap=wire.port)
        for instant in ("11-20 12:00", "11-20 12:01", "11-21 21:30", "11-23 10:00"):
            logs += office.run("--verbose", "run", "--once", "--now", at(instant).isoformat()).stderr
        logs += office.run("doctor").stderr
        logs += office.run("run", "--backfill", "2026-11-01").stderr
    said = b"".join(wire.said).decode("utf-8", errors="replace").splitlines()
    commands = [re.sub(r"^[A-Z]+\d+ ", "", words) for words in said if re.match(r"^[A-Z]+\d+ ", words)]
    assert len(commands) > 40
    for command in commands:
        assert command.startswith(tuple(LOOKS)), command
        if command.startswith("UID FETCH") and ENVELOPES not in command:
            assert re.fullmatch(r"UID FETCH \d+ \((BODY\.PEEK\[\]|INTERNALDATE)\)", command), command
    read = b"".join(wire.answered)
    for raw in mine:
        assert body(raw) in read
    strangers = sum(body(raw) in read for raw in [*private, *private_sent])
    assert strangers == 0, "no byte of a stranger's mail was sent to us"
    for folder in ("INBOX", "Sent"):
        with office.dovecot.client(office.user) as client:
            client.select_folder(folder, readonly=True)
            flags = client.get_flags(client.search())
        assert {flag for found in flags.values() for flag in found} <= {b"\\Recent"}
    assert len(office.dovecot.messages(office.user)) == 6
    known = {f"{who}@example.com" for who in ("wang", "zhangsan", "lisi", "wangwu", "smith", "hr", "it")}
    assert {address for recipients in office.sink.recipients for address in recipients} <= known
    for words in (PASSWORD, "回访客户", "注意成本", "六点", "中午", "账单", "friend@example.net"):
        assert words not in logs, words
    assert "event=letter" in logs


def body(raw: bytes) -> bytes:
    """The part of a message that nobody but its reader may see, as it goes over the wire."""
    return raw.partition(b"\r\n\r\n")[2].strip()[:60]

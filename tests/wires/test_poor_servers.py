"""Servers that lack what the good ones have: UIDVALIDITY, IDLE, ID, special-use folders."""

from __future__ import annotations

import re
import signal
import time

from tests.office import Office, at, mail, message_id
from tests.servers.proxy import proxy

DIRECTOR = "wang@example.com"


def plan(sender: str = "zhangsan@example.com") -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", "1. 回访客户")


def without_uidvalidity(said: bytes) -> bytes:
    return re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY 0", said)


def without_extensions(said: bytes) -> bytes:
    for name in (b"IDLE", b"UIDPLUS", b"SPECIAL-USE", b"CONDSTORE", b"QRESYNC"):
        said = re.sub(rb"(?<= )" + name + rb"(?=[ \]\r])", b"X" + name, said)
    return re.sub(rb" ID(?=[ \]])", b" XID", said).replace(b"\\Sent", b"\\Seen")


def test_without_uidvalidity_every_pass_looks_again_and_books_nothing_twice(office: Office) -> None:
    with proxy(office.dovecot.imap, without_uidvalidity) as port:
        office.configure(imap=port)
        first = plan()
        office.staff_mail("11-20 10:00", first)
        office.director_sends(
            "11-20 10:30", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
        )
        assert office.once("11-20 11:00")["decisions"] == 1
        office.staff_mail("11-20 11:10", plan("lisi@example.com"))
        counts = office.once("11-20 11:15")
        assert (counts["submissions"], counts["decisions"]) == (1, 0)
        assert office.once("11-20 11:20")["submissions"] == 0
    office.configure()
    assert office.once("11-20 11:25")["submissions"] == 0
    assert len(office.letters("receipt")) == 2
    assert len(office.letters("approval")) == 1
    checks = office.json("doctor")["findings"]
    assert not [f for f in checks if f["check"] == "imap UIDs"]


def test_without_idle_and_special_use_the_mailbox_is_polled_and_sent_found_by_name(office: Office) -> None:
    with proxy(office.dovecot.imap, without_extensions) as port:
        office.configure(imap=port)
        findings = {f["check"]: f for f in office.json("doctor")["findings"]}
        assert not findings["imap IDLE"]["ok"]
        assert "Sent" in findings["imap folders"]["detail"]
        process = office.start("run")
        time.sleep(2)
        office.staff_mail("11-20 10:00", plan())
        office.wait_for("receipt")
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    assert process.returncode == 0
    assert len(office.letters("receipt")) == 1
    assert log.count("event=connected") == 1


def test_uids_that_begin_anew_under_the_same_uidvalidity_lose_nothing(office: Office) -> None:
    def steady(said: bytes) -> bytes:
        return re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY 7", said)

    with proxy(office.dovecot.imap, steady) as port:
        office.configure(imap=port, mailbox='inbox = "Work"')
        with office.dovecot.client(office.user) as client:
            client.create_folder("Work")
        for minute in range(3):
            office.dovecot.deliver(office.user, plan(), at(f"11-20 10:0{minute}"), "Work")
        assert office.once("11-20 10:05")["submissions"] == 3
        with office.dovecot.client(office.user) as client:
            client.delete_folder("Work")
            client.create_folder("Work")
        office.dovecot.deliver(office.user, plan("lisi@example.com"), at("11-20 11:00"), "Work")
        assert office.once("11-20 11:05")["submissions"] == 1

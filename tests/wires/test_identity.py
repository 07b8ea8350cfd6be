"""Which mailbox it is: known by what it says of itself, held by one mailflow at a time, and read again where needed."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.office import ROSTER, Office, at, mail, message_id, text_of
from tests.servers.proxy import proxy

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


def plan(sender: str = "zhangsan@example.com", text: str = PLAN) -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", text)


def respelled(office: Office, host: str = "localhost") -> None:
    path = office.folder / "mailflow.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('[mailbox]\nhost = "127.0.0.1"', f'[mailbox]\nhost = "{host}"'), encoding="utf-8")


# 6. Another spelling of the host.


def test_another_spelling_of_the_host_books_nothing_twice(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 计划", "同意", reply_to=message_id(first))
    )
    assert office.once("11-20 11:01")["decisions"] == 1
    respelled(office)
    office.staff_mail("11-20 12:00", plan("lisi@example.com"))
    done = office.run("run", "--once", "--now", at("11-20 12:01").isoformat())
    assert "adopted" in done.stderr
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"
    assert len(office.letters("receipt")) == 2
    assert office.json("status", "--now", at("11-20 12:11").isoformat())["last_pass_age_seconds"] == 600
    found = {f["check"]: f["detail"] for f in office.json("doctor")["findings"]}
    assert "localhost" in found["mailbox"]
    assert office.once("11-20 12:05")["read"] == 0


def test_another_login_of_the_same_mailbox_is_known_by_what_lies_in_it(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:01")
    # The server gives the same mail to the user under another name.
    other = f"{office.user}.alias"
    home = office.dovecot.folder / "mail"
    with office.dovecot.client(office.user):
        pass
    subprocess.run(["cp", "-a", str(home / office.user), str(home / other)], check=True)
    office.user = other
    office.configure()
    assert office.once("11-20 10:05")["submissions"] == 0
    assert len(office.letters("receipt")) == 1


def test_a_mailbox_of_somebody_else_is_another_one(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:01")
    office.user = f"{office.user}.new"
    office.configure()
    office.staff_mail("11-20 11:00", plan("lisi@example.com"))
    assert office.once("11-20 11:01")["submissions"] == 1


def test_one_mailbox_is_worked_on_by_one_mailflow_whatever_its_configuration(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    process = office.start("run")
    office.wait_for("receipt")
    try:
        others = []
        for name, host in (("second", "127.0.0.1"), ("third", "localhost")):
            other = Office(office.folder.parent / name, office.dovecot, office.sink, office.user, dict(office.environ))
            other.configure()
            respelled(other, host)
            others.append(other.run("run", "--once", code=4).stderr)
        respelled(office)
        others.append(office.run("run", "--once", code=4).stderr)
        assert all("another mailflow" in said for said in others)
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert len(office.letters("receipt")) == 1
    # Taking turns they would answer everybody twice as well.
    second = Office(office.folder.parent / "second", office.dovecot, office.sink, office.user, dict(office.environ))
    assert "is kept in the store" in second.run("run", "--once", code=4).stderr
    (office.folder / "mailflow.db").rename(office.folder / "given-up.db")
    second.run("run", "--once")


# 9. A mailbox that was put back with the same UIDVALIDITY and lower UIDs.


def test_mail_below_the_mark_of_a_mailbox_that_was_put_back_is_read(office: Office) -> None:
    home = office.dovecot.folder / "mail" / office.user
    saved = Path(f"{home}.saved")
    for n in range(3):
        office.staff_mail(f"11-19 10:0{n}", mail("friend@example.net", DIRECTOR, f"信{n}", "你好"))
    office.staff_mail("11-19 11:00", plan())
    subprocess.run(["cp", "-a", str(home), str(saved)], check=True)
    for n in range(4):
        office.staff_mail(f"11-20 10:0{n}", mail("friend@example.net", DIRECTOR, f"后{n}", "你好"))
    assert office.once("11-20 12:00")["submissions"] == 1
    shutil.rmtree(home)
    saved.rename(home)
    for n, who in enumerate(("lisi", "wangwu", "smith")):
        office.staff_mail(f"11-20 13:0{n}", plan(f"{who}@example.com"))
    for n in range(3):
        office.staff_mail(f"11-20 13:1{n}", mail("friend@example.net", DIRECTOR, f"再{n}", "你好"))
    assert office.once("11-20 14:00")["submissions"] == 3
    assert office.once("11-20 14:01")["read"] == 0


def test_mail_below_the_mark_is_read_also_where_nothing_lies_at_the_mark_any_more(office: Office) -> None:
    home = office.dovecot.folder / "mail" / office.user
    saved = Path(f"{home}.saved")
    office.staff_mail("11-19 11:00", plan())
    subprocess.run(["cp", "-a", str(home), str(saved)], check=True)
    for n in range(2):
        office.staff_mail(f"11-20 10:0{n}", mail("friend@example.net", DIRECTOR, f"后{n}", "你好"))
    office.once("11-20 12:00")
    shutil.rmtree(home)
    saved.rename(home)
    for n, who in enumerate(("lisi", "wangwu", "smith")):
        office.staff_mail(f"11-20 13:0{n}", plan(f"{who}@example.com"))
    with office.dovecot.client(office.user) as client:
        client.select_folder("INBOX")
        client.delete_messages([3])
        client.expunge()
    assert office.once("11-20 14:00")["submissions"] == 2


def test_a_director_who_clears_his_inbox_is_read_as_ever(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:01")
    with office.dovecot.client(office.user) as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search())
        client.expunge()
    assert office.once("11-20 10:02")["read"] == 0
    office.staff_mail("11-20 10:03", plan("lisi@example.com"))
    assert office.once("11-20 10:04")["submissions"] == 1
    assert office.once("11-20 10:05")["read"] == 0


# 11. No folder for what was sent.


def test_a_mailbox_without_sent_is_told_to_the_operator_and_in_the_digest(office: Office) -> None:
    with office.dovecot.client(office.user) as client:
        client.delete_folder("Sent")
    office.configure(mailbox='inbox = "INBOX"')
    with proxy(
        office.dovecot.imap, lambda said: said.replace(b" Sent\r\n", b" Copies\r\n").replace(b"\\Sent", b"\\Flagged")
    ) as port:
        office.configure(imap=port)
        office.staff_mail("11-20 10:00", plan())
        office.once("11-20 10:01")
        office.once("11-20 10:02")
        office.once("11-21 21:20")
    [told] = office.letters("alert", "it@example.com")
    assert "已发送" in str(told["Subject"])
    assert "您的邮箱中没有“已发送”文件夹" in text_of(office.letters("digest")[0])


# 13. Junk, and where a rule of his moves mail.


@pytest.fixture
def junk(office: Office) -> Iterator[Office]:
    with office.dovecot.client(office.user) as client:
        client.create_folder("垃圾邮件")
        client.create_folder("计划")
    yield office


def test_a_plan_filed_as_junk_counts_and_the_letters_say_where_it_lay(junk: Office) -> None:
    junk.dovecot.deliver(junk.user, plan(), at("11-20 10:00"), "垃圾邮件")
    private = mail("friend@example.net", DIRECTOR, "中奖通知", "六点老地方")
    junk.dovecot.deliver(junk.user, private, at("11-20 10:01"), "垃圾邮件")
    assert junk.once("11-20 10:05")["submissions"] == 1
    assert "垃圾邮件" in text_of(junk.letters("receipt")[0])
    junk.once("11-21 21:20")
    assert "原在文件夹“垃圾邮件”中" in text_of(junk.letters("digest")[0])
    assert "zhangsan@example.com" not in {
        str(letter["To"].addresses[0].addr_spec)
        for letter in junk.letters("missing")
        if "周工作计划" in text_of(letter)
    }
    stored = (junk.folder / "mailflow.db").read_bytes()
    assert "中奖通知".encode() not in stored
    assert message_id(private).encode() not in stored


def test_a_mail_moved_out_of_junk_is_not_booked_twice(junk: Office) -> None:
    raw = plan()
    junk.dovecot.deliver(junk.user, raw, at("11-20 10:00"), "垃圾邮件")
    junk.once("11-20 10:05")
    with junk.dovecot.client(junk.user) as client:
        client.select_folder("垃圾邮件")
        client.move(client.search(), "INBOX")
    assert junk.once("11-20 10:10")["submissions"] == 0
    assert junk.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    junk.once("11-21 21:20")
    assert "原在文件夹" not in text_of(junk.letters("digest")[0])


def test_what_fails_authentication_in_junk_stays_untouched(junk: Office) -> None:
    junk.configure(mailbox='trusted_authserv = ["mx.example.com"]')
    for minute, said in enumerate(("dmarc=fail header.from=example.com", "spf=((( ;;; =", "none")):
        stamped = f"Authentication-Results: mx.example.com; {said}\r\n".encode() + plan()
        junk.dovecot.deliver(junk.user, stamped, at(f"11-20 10:0{minute}"), "垃圾邮件")
    counts = junk.once("11-20 10:05")
    assert (counts["submissions"], counts["quarantined"]) == (0, 0)
    assert junk.sink.received == []


def test_a_folder_that_a_rule_of_his_fills_is_read_by_name(junk: Office) -> None:
    junk.configure(mailbox='also = ["计划"]')
    junk.dovecot.deliver(junk.user, plan(), at("11-20 10:00"), "计划")
    assert junk.once("11-20 10:05")["submissions"] == 1
    junk.configure(mailbox='also = ["没有"]')
    junk.staff_mail("11-21 10:00", plan("lisi@example.com"))
    done = junk.run("run", "--once", "--now", at("11-21 21:20").isoformat(), code=3)
    assert "no folder 没有" in done.stderr
    assert len(junk.letters("receipt", "lisi@example.com")) == 1, "the others are read as ever"
    assert junk.letters("missing") == junk.letters("digest") == [], "nobody is told before all is read"
    assert "没有" in text_of(junk.letters("alert")[0])
    junk.configure()
    junk.once("11-21 21:30")
    assert len(junk.letters("digest")) == 1


# 14. A row that comes later.


def test_mail_of_somebody_who_stood_in_no_roster_is_found_when_he_does(office: Office) -> None:
    office.once("11-19 09:00")
    first = plan("new@example.com")
    office.staff_mail("11-20 10:00", first)
    office.staff_mail("11-20 10:01", mail("zs.private@example.net", DIRECTOR, "周工作计划", PLAN))
    assert office.once("11-20 10:05")["submissions"] == 0
    answered = mail(DIRECTOR, "new@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    office.director_sends("11-20 11:00", answered)
    assert office.once("11-20 11:05")["decisions"] == 0
    roster = ROSTER.replace("zs@example.org", "zs@example.org zs.private@example.net")
    office.configure(roster=roster + "new,小新,new@example.com,,运营部,staff,wang,,,\n")
    counts = office.once("11-21 09:00")
    assert (counts["submissions"], counts["decisions"]) == (2, 1)
    cell = office.duty("2026-W48", "new", "weekly-plan")
    assert (cell["standing"], cell["state"]) == ("on-time", "approved")
    assert office.once("11-21 09:01")["read"] == 0


# 15. A clock that jumps ahead.


def ahead(office: Office, instant: str) -> None:
    """The store as a clock that is ahead sees it: everything was long ago."""
    with sqlite3.connect(office.folder / "mailflow.db") as book:
        book.execute("update passes set played = 0, sure_at = ?, first_at = ?, finished_at = ?", (instant,) * 3)


def cleared(office: Office) -> None:
    with office.dovecot.client(office.user) as client:
        for folder in ("INBOX", "Sent"):
            client.select_folder(folder)
            client.delete_messages(client.search())
            client.expunge()


def test_what_only_a_clock_far_ahead_calls_for_is_held_until_the_operator_lets_it_go(office: Office) -> None:
    office.configure(office="start = 2026-10-01")
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    ahead(office, "2025-10-01 00:00:00.000000")
    cleared(office)
    before = len(office.sink.received)
    for _ in range(2):
        office.run("run", "--once")
    kinds = [str(letter["X-Mailflow"]) for letter in office.sink.letters[before:]]
    assert kinds == ["alert"], "only the operator is told"
    held = [letter for letter in office.json("outbox", "list") if letter["state"] == "held"]
    assert held
    # A new message, whoever sent it, shows that time has passed indeed.
    office.dovecot.deliver(office.user, mail("friend@example.net", DIRECTOR, "你好", "x"), datetime.now(UTC))
    office.run("outbox", "release")
    office.run("run", "--once")
    assert len(office.sink.received) >= before + 1 + len(held)


def test_what_a_wrong_clock_did_is_undone_when_it_is_right_again(office: Office) -> None:
    office.configure(office="start = 2026-10-01")
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    # All that was done so far, as if by a clock that stood in the year 2031 and was doubted.
    office.once("11-22 10:00")
    with sqlite3.connect(office.folder / "mailflow.db") as book:
        book.execute("update occasions set done_at = '2031-01-01 00:00:00.000000'")
        book.execute("update letters set created_at = '2031-01-01 00:00:00.000000', state = 'held', sent_at = null")
        book.execute("update passes set played = 0, finished_at = '2031-01-01 00:00:00.000000'")
    assert "a clock that was ahead" in office.run("outbox", "release", code=2).stderr
    office.run("run", "--once")
    with sqlite3.connect(office.folder / "mailflow.db") as book:
        assert book.execute("select count(*) from occasions where done_at > '2030-01-01'").fetchone() == (0,)
        assert book.execute("select count(*) from letters where state = 'held'").fetchone() == (0,)
        assert book.execute("select count(*) from letters where key like 'undone/%'").fetchone() != (0,)
    before = len(office.sink.received)
    office.once("11-22 11:00")
    again = {str(letter["X-Mailflow"]) for letter in office.sink.letters[before:]}
    assert {"missing", "digest"} <= again | {str(x["X-Mailflow"]) for x in office.sink.letters[:before]}


def test_a_first_start_with_a_clock_far_ahead_of_the_mailbox_is_doubted(office: Office) -> None:
    office.configure(office="start = 2026-10-01")
    office.dovecot.deliver(
        office.user, mail("friend@example.net", DIRECTOR, "你好", "x"), at("11-02 10:00").replace(year=2025)
    )
    for _ in range(2):
        office.run("run", "--once")
    assert {str(letter["X-Mailflow"]) for letter in office.sink.letters} <= {"alert"}
    assert len(office.letters("alert")) == 1


def test_a_last_pass_that_is_still_to_come_fails_doctor(office: Office) -> None:
    office.once("11-20 10:05")
    with sqlite3.connect(office.folder / "mailflow.db") as book:
        book.execute("update passes set played = 0, finished_at = '2031-03-01 00:00:00.000000'")
    done = office.run("doctor", "--json", code=3)
    assert "still to come" in done.stdout
    office.run("doctor", "--live", code=3)


def test_a_run_that_is_left_alone_takes_no_lock_with_it(office: Office) -> None:
    process = office.start("run")
    time.sleep(1.5)
    process.kill()
    process.communicate(timeout=10)
    office.staff_mail("11-20 10:00", plan())
    assert office.once("11-20 10:05")["submissions"] == 1

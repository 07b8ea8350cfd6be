"""Lines and servers that misbehave: cut, mute, slow, crowded, out of order; and mail that changes while it is read."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from mailflow.workflow.watch import patience
from tests.forked import one_pass
from tests.office import Office, at, mail, message_id, text_of
from tests.servers.proxy import Line, line

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


def plan(sender: str = "zhangsan@example.com", text: str = PLAN) -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", text)


@pytest.fixture
def lined(office: Office) -> Iterator[tuple[Office, Line]]:
    """An office whose mailbox lies at the end of such a line."""
    with line(office.dovecot.imap) as made:
        office.configure(imap=made.port, mailbox="timeout_seconds = 2")
        yield office, made


def test_a_connection_cut_at_every_command_loses_and_doubles_nothing(lined: tuple[Office, Line]) -> None:
    office, wire = lined
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.staff_mail("11-20 10:01", plan("lisi@example.com"))
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    cuts, code = 0, 3
    for after_passing_on in (False, True):
        number = 0
        while True:
            number += 1
            heard = 0

            def cut(_said: bytes, passed_on: bool, number: int = number, after: bool = after_passing_on) -> bool:
                nonlocal heard
                heard += passed_on is after
                return heard == number

            wire.cut = cut
            code = one_pass(office.folder, at("11-20 12:00").isoformat(), office.environ, 0).code
            if heard < number:
                break
            cuts += 1
            assert code in (0, 3), "a cut at LOGOUT hurts nobody"
    assert code == 0
    assert cuts > 20
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"
    assert office.duty("2026-W48", "lisi", "weekly-plan")["version"] == 1
    assert sorted(str(x["X-Mailflow"]) for x in office.sink.letters) == ["approval", "receipt", "receipt"]


def test_an_idle_that_dies_silently_is_noticed_in_bounded_time(lined: tuple[Office, Line]) -> None:
    """A router forgets the connection: no answer comes and nobody hangs up (imapclient #349, offlineimap3 #117)."""
    office, wire = lined
    process = office.start("run")
    wait_until(lambda: any(b"IDLE" in said for said in wire.said))
    wire.mute.set()
    office.staff_mail("11-20 10:00", plan())
    wait_until(lambda: wire.connections > 1, seconds=30)
    wire.mute.clear()
    office.wait_for("receipt", seconds=30)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=30)
    assert len(office.letters("receipt")) == 1
    assert "does not answer in time" in log


def test_uidvalidity_that_changes_in_mid_pass_loses_and_doubles_nothing(lined: tuple[Office, Line]) -> None:
    office, wire = lined
    for who in ("zhangsan", "lisi", "smith"):
        office.staff_mail("11-20 10:00", plan(f"{who}@example.com"))
    seen = 0

    def change(answer: bytes) -> bytes:
        nonlocal seen
        seen += answer.count(b"UIDVALIDITY")
        return re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY 77", answer) if seen > 2 else answer

    wire.change = change
    office.once("11-20 10:05")
    office.once("11-20 10:06")
    assert office.once("11-20 10:07")["submissions"] == 0
    assert len(office.letters("receipt")) == 3


def test_mail_that_is_expunged_or_moved_while_being_read_is_no_trouble(lined: tuple[Office, Line]) -> None:
    office, wire = lined
    for who in ("zhangsan", "lisi", "smith"):
        office.staff_mail("11-20 10:00", plan(f"{who}@example.com"))

    def expunge(said: bytes, passed_on: bool) -> bool:
        if b"UID FETCH 1 " in said and not passed_on:
            with office.dovecot.client(office.user) as client:
                client.select_folder("INBOX")
                client.delete_messages([2])
                client.create_folder("Archive")
                client.copy([3], "Archive")
                client.delete_messages([3])
                client.expunge()
        return False

    wire.cut = expunge
    counts = office.once("11-20 10:05")
    assert counts["submissions"] == 1, "what is gone before it was read can't be read"
    wire.cut = lambda _said, _passed_on: False
    with office.dovecot.client(office.user) as client:
        client.select_folder("Archive")
        client.copy([1], "INBOX")
    assert office.once("11-20 10:10")["submissions"] == 1, "moved back it is read"
    assert len(office.letters("receipt")) == 2


def test_mail_that_appears_later_with_an_old_date_is_booked_as_of_that_date(office: Office) -> None:
    """Moved back from another folder: its UID is new, the instant of its arrival is not."""
    office.staff_mail("11-22 10:00", plan("lisi@example.com"))
    office.once("11-22 10:05")
    office.staff_mail("11-20 10:00", plan())
    office.once("11-22 10:10")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["standing"] == "on-time"
    assert office.duty("2026-W48", "lisi", "weekly-plan")["standing"] == "late"


def test_answers_out_of_order_and_unasked_change_nothing(lined: tuple[Office, Line]) -> None:
    office, wire = lined
    for who in ("zhangsan", "lisi", "smith"):
        office.staff_mail("11-20 10:00", plan(f"{who}@example.com"))

    def shuffle(answer: bytes) -> bytes:
        unasked = b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* 2 FETCH (FLAGS ())\r\n"
        if answer.count(b" FETCH (") == 3 and b"ENVELOPE" in answer and answer.count(b"\r\n") == 4:
            *fetched, done = answer.splitlines(keepends=True)
            return unasked + b"".join(reversed(fetched)) + unasked + done
        return answer

    wire.change = shuffle
    assert office.once("11-20 10:05")["submissions"] == 3
    assert {who: office.duty("2026-W48", who, "weekly-plan")["version"] for who in ("zhangsan", "lisi", "smith")} == {
        "zhangsan": 1, "lisi": 1, "smith": 1,
    }  # fmt: skip


def test_a_crowded_server_says_so_and_is_left_alone_without_blaming_the_password(lined: tuple[Office, Line]) -> None:
    """BYE at the greeting, and a login refused for now; at most one connection is ever open (php-imap #464)."""
    office, wire = lined
    wire.change = lambda answer: b"* BYE Too many connections\r\n" if b"* OK" in answer[:8] else answer
    assert "Too many connections" in office.run("run", "--once", code=3).stderr
    wire.change = lambda answer: re.sub(rb"(?m)^(\w+) OK .*Logged in", rb"\1 NO [LIMIT] Too many", answer)
    said = office.run("run", "--once", code=3).stderr
    assert "tried again later" in said
    assert "password" not in said
    assert office.letters("alert") == []


def test_a_server_that_never_answers_is_given_up_in_time_and_the_letters_still_leave(
    lined: tuple[Office, Line],
) -> None:
    office, wire = lined
    office.staff_mail("11-20 10:00", plan())
    office.sink.answer = lambda _: "451 later"
    office.once("11-20 10:05", code=3)
    office.sink.answer = lambda _: ""
    wire.mute.set()
    begun = time.monotonic()
    done = office.run("run", "--once", "--now", at("11-20 10:10").isoformat(), code=3)
    assert "does not answer in time" in done.stderr
    assert time.monotonic() - begun < 20
    assert len(office.letters("receipt")) == 1


def test_mail_that_led_to_nothing_is_not_fetched_again(lined: tuple[Office, Line]) -> None:
    """paperless-ngx #13173: the same mail fetched whole every cycle because it produced nothing."""
    office, wire = lined
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "午饭", "一起吃饭吗"))
    assert office.once("11-20 10:05")["ignored"] == 1
    fetched = b"".join(wire.said).count(b"BODY.PEEK[]")
    for minute in range(6, 9):
        assert office.once(f"11-20 10:0{minute}")["read"] == 0
    assert b"".join(wire.said).count(b"BODY.PEEK[]") == fetched == 1


def wait_until(ready: object, seconds: float = 20.0) -> None:
    """Wait for it, and fail when it never comes."""
    assert callable(ready)
    end = time.monotonic() + seconds
    while time.monotonic() < end and not ready():
        time.sleep(0.1)
    assert ready()


def test_a_message_that_the_server_cannot_give_holds_up_nobody_elses(lined: tuple[Office, Line]) -> None:
    office, wire = lined
    for who in ("zhangsan", "lisi", "smith"):
        office.staff_mail("11-20 10:00", plan(f"{who}@example.com"))

    refused = 0

    def refuse(said: bytes, passed_on: bool) -> bool:
        nonlocal refused
        refused += not passed_on and b"UID FETCH 2 (BODY.PEEK[])" in said
        return False

    def damaged(answer: bytes) -> bytes:
        nonlocal refused
        if refused and b"* 2 FETCH" in answer and b"BODY[]" in answer:
            refused = 0
            tag = answer.rstrip().rpartition(b"\r\n")[2].split()[0]
            return tag + b" NO [SERVERBUG] Internal error occurred.\r\n"
        return answer

    wire.cut, wire.change = refuse, damaged
    assert office.once("11-20 10:05")["submissions"] == 2
    assert office.once("11-20 10:06")["submissions"] == 0
    [told] = office.letters("alert", "it@example.com")
    assert "UID 2" in text_of(told)
    wire.change = lambda answer: answer
    assert office.once("11-20 10:10")["submissions"] == 1, "it is asked for again until it can be had"
    assert len(office.letters("receipt")) == 3


def test_nobody_waits_in_silence_for_a_server_that_trickles() -> None:
    with capture_logs() as said, patience(0.01):
        wait_until(lambda: len(said) > 2)
    assert {line["event"] for line in said} == {"still at this pass"}

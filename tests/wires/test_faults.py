"""Servers that are away, refuse or hang up: exit codes, pauses, and one line that says what to do."""

from __future__ import annotations

import itertools
import json
import signal
import sqlite3
import time

from tests import forked
from tests.office import Office, at, mail
from tests.servers.process import free_port

DIRECTOR = "wang@example.com"


def deliver_plan(office: Office, sender: str = "zhangsan@example.com", arrived: str = "11-20 10:00") -> None:
    office.staff_mail(arrived, mail(sender, DIRECTOR, "周工作计划", "1. 回访客户"))


def test_a_wrong_password_ends_with_3_and_says_what_to_check(office: Office) -> None:
    office.environ["MAILFLOW_IMAP_PASSWORD"] = "hunter2-wrong"
    done = office.run("run", "--once", code=3)
    assert "refused the login" in done.stderr
    assert "check username and password" in done.stderr
    assert "hunter2-wrong" not in done.stdout + done.stderr


def test_an_unset_password_variable_ends_with_2_and_names_it(office: Office) -> None:
    del office.environ["MAILFLOW_IMAP_PASSWORD"]
    assert "MAILFLOW_IMAP_PASSWORD" in office.run("run", "--once", code=2).stderr


def test_an_unreachable_mailbox_ends_with_3_and_tells_nobody_that_he_is_missing(office: Office) -> None:
    office.configure(imap=free_port())
    done = office.run("run", "--once", "--now", at("11-21 21:30").isoformat(), code=3)
    assert "refuses the connection" in done.stderr
    assert office.sink.received == []


def test_tls_with_a_certificate_that_nobody_vouches_for_is_refused(office: Office) -> None:
    office.configure(tls=True)
    path = office.folder / "mailflow.toml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("ca_file")))
    assert "certificate" in office.run("run", "--once", code=3).stderr


def test_tls_with_the_company_s_own_certificate_works(office: Office) -> None:
    office.configure(tls=True)
    deliver_plan(office)
    assert office.once("11-20 10:05")["submissions"] == 1


def test_a_4xx_is_tried_again_after_a_pause_that_grows(office: Office) -> None:
    deliver_plan(office)
    office.sink.answer = lambda _: "451 4.7.1 try later"
    counts = office.once("11-20 10:05", code=3)
    assert (counts["sent"], counts["waiting"]) == (0, 1)
    assert office.once("11-20 10:05:30")["waiting"] == 1
    assert office.json("outbox", "list")[0]["attempts"] == 1
    office.once("11-20 10:06", code=3)
    letter = office.json("outbox", "list")[0]
    assert (letter["attempts"], letter["next_try_at"]) == (2, "2026-11-20T10:08:00+08:00")
    assert "try later" in letter["last_error"]
    office.sink.answer = lambda _: ""
    assert office.once("11-20 10:08")["sent"] == 1
    assert len(office.letters("receipt")) == 1


def test_a_5xx_is_parked_and_told_to_the_operator_and_can_be_retried(office: Office) -> None:
    deliver_plan(office)
    office.sink.answer = lambda recipients: "550 5.1.1 no such user" if "zhangsan@example.com" in recipients else ""
    office.once("11-20 10:05")
    failed = office.json("outbox", "list")
    assert [letter["state"] for letter in failed if letter["kind"] == "receipt"] == ["failed"]
    office.once("11-20 10:06")
    assert "550 5.1.1 no such user" in office.letters("alert", "it@example.com")[0].get_body(("plain",)).get_content()
    assert office.json("status", "--week", "2026-W48")["outbox"]["failed"] == 1
    office.sink.answer = lambda _: ""
    first_id = failed[0]["message_id"]
    office.run("outbox", "retry")
    office.run("run", "--once")
    assert office.letters("receipt")[0]["Message-ID"] == first_id


def test_an_smtp_server_that_is_away_keeps_every_letter(office: Office) -> None:
    deliver_plan(office)
    deliver_plan(office, "lisi@example.com")
    office.configure(smtp=free_port())
    assert office.once("11-20 10:05", code=3)["waiting"] == 2
    office.configure()
    assert office.once("11-20 10:20")["sent"] == 2


def test_a_server_that_hangs_up_in_the_middle_gets_the_same_letter_again(office: Office) -> None:
    deliver_plan(office)
    office.sink.hang_up = True
    office.once("11-20 10:05", code=3)
    assert "lost" in office.json("outbox", "list")[0]["last_error"]
    office.sink.hang_up = False
    assert office.once("11-20 10:06")["sent"] == 1
    tried = office.sink.seen
    assert len(tried) == 2
    assert tried[0] == tried[1], "the same bytes under the same Message-ID"


def test_the_provider_s_limit_a_minute_is_kept(office: Office) -> None:
    office.configure(smtp_extra="per_minute = 2")
    for sender in ("zhangsan", "lisi", "wangwu"):
        deliver_plan(office, f"{sender}@example.com")
    counts = office.once("11-20 10:05")
    assert (counts["sent"], counts["waiting"]) == (2, 1)
    assert office.once("11-20 10:05:30")["sent"] == 0
    assert office.once("11-20 10:06:01")["sent"] == 1


def test_a_letter_can_be_cancelled_with_a_reason(office: Office) -> None:
    deliver_plan(office)
    office.configure(smtp=free_port())
    office.once("11-20 10:05", code=3)
    number = office.json("outbox", "list")[0]["id"]
    office.run("outbox", "cancel", str(number), "--why", "写错了")
    assert office.json("outbox", "list", "--all")[0]["state"] == "cancelled"


def test_run_notices_mail_at_once_keeps_one_connection_and_ends_cleanly(office: Office) -> None:
    process = office.start("run")
    lines: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if "connected" in line:
            break
    second = office.run("run", "--once", code=4)
    assert "another mailflow" in second.stderr
    time.sleep(1)
    deliver_plan(office)
    office.wait_for("receipt")
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=20)
    assert process.returncode == 0
    assert len(office.letters("receipt")) == 1
    log = "".join(itertools.chain(lines, [rest]))
    assert log.count("event=connected") == 1
    assert "event=stopped" in log


def test_doctor_finds_the_servers_and_says_what_is_wrong(office: Office) -> None:
    checked = office.json("doctor")
    assert checked["ok"]
    names = {finding["check"] for finding in checked["findings"]}
    assert {"configuration", "roster", "templates", "store", "imap login", "imap folders", "smtp login"} <= names
    office.configure(smtp=free_port())
    broken = json.loads(office.run("doctor", "--json", code=3).stdout)
    assert [f["check"] for f in broken["findings"] if not f["ok"] and f["essential"]] == ["smtp login"]


def test_a_message_that_breaks_us_is_set_aside_and_booked_later_as_of_its_own_arrival(office: Office) -> None:
    broken = office.folder / "own"
    (broken / "zh-CN/receipt").mkdir(parents=True)
    template = broken / "zh-CN/receipt/body.txt.j2"
    template.write_text("{{ no_such_variable }}", encoding="utf-8")
    office.configure(office='templates = "own"')
    deliver_plan(office, arrived="11-21 20:59:59")
    deliver_plan(office, "smith@example.com", "11-21 20:59:59")
    counts = office.once("11-21 21:05")
    assert (counts["quarantined"], counts["submissions"]) == (1, 1)
    aside = office.json("quarantine", "list")
    assert "no_such_variable" in aside[0]["reason"]
    assert b"Message-ID" in office.run("quarantine", "show", str(aside[0]["id"])).stdout.encode()
    template.unlink()
    office.run("quarantine", "retry")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["standing"] == "on-time"
    assert office.json("quarantine", "list") == []


def test_a_backup_is_a_whole_store_and_overwrites_nothing(office: Office) -> None:
    deliver_plan(office)
    office.once("11-20 10:05")
    target = office.folder / "copy.db"
    office.run("backup", str(target))
    office.run("backup", str(target), code=3)
    office.configure(store=f"sqlite:///{target}")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1


def test_a_store_in_a_folder_that_cannot_be_made_ends_with_3(office: Office) -> None:
    office.configure(store="sqlite:////proc/nowhere/mailflow.db")
    assert "store" in office.run("run", "--once", code=3).stderr


def test_a_store_that_another_program_holds_ends_with_3_and_loses_nothing(office: Office) -> None:
    office.once("11-20 09:00")
    deliver_plan(office)
    with sqlite3.connect(office.folder / "mailflow.db", isolation_level=None) as other:
        other.execute("begin immediate")
        done = office.run("run", "--once", "--now", at("11-20 10:05").isoformat(), code=3)
        assert "another program holds it" in done.stderr
        other.execute("rollback")
    assert office.once("11-20 10:06")["submissions"] == 1
    assert len(office.letters("receipt")) == 1


def test_a_disk_that_is_full_in_mid_pass_loses_nothing_and_doubles_nothing(office: Office) -> None:
    office.once("11-20 09:00")
    for sender in ("zhangsan", "lisi", "wangwu", "smith"):
        deliver_plan(office, f"{sender}@example.com")
    # The store may not grow beyond a few more kilobytes, as on a full disk: files past the limit can't be extended.
    size = sum(path.stat().st_size for path in office.folder.glob("mailflow.db*"))
    ended = forked.run(
        ["--config", str(office.folder), "run", "--once", "--now", at("11-20 10:05").isoformat()],
        office.environ,
        largest_file=size + 60_000,
    )
    assert ended.code == 3, ended.err
    assert "store" in ended.err
    assert office.json("verify")["ok"]
    office.once("11-20 10:06")
    office.once("11-20 10:07")
    assert len(office.letters("receipt")) == 4

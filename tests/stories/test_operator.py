"""What an operator lives by: alarms, a rehearsal, history, a backup that comes back, and what is stuck."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zipfile

import pyrage
import pytest

from mailflow.reading.opening.letter import open_letter
from mailflow.reports.archive import BrokenArchive, new_key, seal, unseal
from tests.office import Office, at, mail, message_id, text_of
from tests.servers.process import free_port

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


def plan(sender: str = "zhangsan@example.com", text: str = PLAN) -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", text)


def test_a_mailbox_that_cannot_be_read_is_told_once_after_a_while_and_its_recovery_too(office: Office) -> None:
    office.once("11-20 10:00")
    office.configure(imap=free_port())
    office.run("run", "--once", "--now", at("11-20 10:14").isoformat(), code=3)
    assert office.letters("alert") == []
    for instant in ("11-20 10:15", "11-20 10:16", "11-21 21:30"):
        office.run("run", "--once", "--now", at(instant).isoformat(), code=3)
    [told] = office.letters("alert")
    assert "refuses the connection" in text_of(told)
    assert office.letters("missing") == [], "an account that can't be read is no empty one"
    office.configure()
    office.staff_mail("11-20 10:05", plan())
    office.once("11-21 21:31")
    _, recovered = office.letters("alert")
    assert "恢复" in str(recovered["Subject"])
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["standing"] == "on-time"
    office.once("11-21 21:32")
    assert len(office.letters("alert")) == 2


def test_a_refused_login_is_told_at_once_and_once_only(office: Office) -> None:
    office.environ["MAILFLOW_IMAP_PASSWORD"] = "changed-by-somebody"
    for minute in range(3):
        office.run("run", "--once", "--now", at(f"11-20 10:0{minute}").isoformat(), code=3)
    [told] = office.letters("alert", "it@example.com")
    assert "拒绝登录" in str(told["Subject"])
    assert "changed-by-somebody" not in text_of(told)


def test_doctor_live_tells_a_monitor_by_its_exit_code(office: Office) -> None:
    office.run("doctor", "--live", code=3)
    office.once("11-20 10:00")
    fresh = office.json("doctor", "--live", "--now", at("11-20 10:10").isoformat())
    assert {f["check"]: f["ok"] for f in fresh["findings"]}["last pass"]
    stale = office.run("doctor", "--live", "--json", "--now", at("11-20 10:15").isoformat(), code=3)
    assert [f["check"] for f in json.loads(stale.stdout)["findings"] if not f["ok"]] == ["last pass"]
    assert office.json("status", "--now", at("11-20 10:10").isoformat())["last_pass_age_seconds"] == 600
    office.staff_mail("11-20 10:05", plan())
    office.configure(smtp=free_port())
    office.once("11-20 10:10", code=3)
    office.once("11-20 10:26", code=3)
    stuck = office.run("doctor", "--live", "--json", "--now", at("11-20 10:26").isoformat(), code=3)
    assert [f["check"] for f in json.loads(stuck.stdout)["findings"] if not f["ok"]] == ["letters leave"]


def test_a_letter_that_is_held_back_on_purpose_alarms_nobody(office: Office) -> None:
    office.configure(tail="[review]\nhold_minutes = 60\n")
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.director_sends(
        "11-20 10:01", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    office.once("11-20 10:05")
    office.once("11-20 10:25")
    assert office.json("outbox", "list")[0]["kind"] == "approval"
    office.run("doctor", "--live", "--now", at("11-20 10:30").isoformat())


def test_a_rehearsal_books_and_decides_and_holds_every_letter(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    counts = office.json("run", "--once", "--dry-run", "--now", at("11-21 21:30").isoformat())
    assert (counts["submissions"], counts["decisions"], counts["sent"]) == (1, 1, 0)
    assert office.sink.seen == []
    held = office.json("outbox", "list")
    assert {letter["state"] for letter in held} == {"held"}
    assert {"receipt", "approval", "missing", "digest"} <= {letter["kind"] for letter in held}
    assert counts["waiting"] == len(held) == office.json("status")["outbox"]["held"]
    again = mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "还是退回，目标要量化", reply_to=message_id(first))
    office.director_sends("11-21 22:00", again)
    office.json("run", "--once", "--dry-run", "--now", at("11-21 22:01").isoformat())
    formal = [x for x in office.json("outbox", "list", "--all") if x["kind"] in ("approval", "revision")]
    assert [(x["kind"], x["state"]) for x in formal] == [("approval", "cancelled"), ("revision", "held")]
    assert office.once("11-21 22:02")["sent"] == 0, "what was held stays held when the rehearsal is over"
    office.run("outbox", "release", str(formal[1]["id"]))
    office.run("run", "--once")
    assert "revision" in {letter["X-Mailflow"] for letter in office.sink.letters}
    assert not {"approval", "receipt"} & {letter["X-Mailflow"] for letter in office.sink.letters}


def test_history_is_booked_without_a_letter_and_what_comes_after_it_has_its_own(office: Office) -> None:
    old = plan()
    office.staff_mail("10-30 10:00", old)
    office.director_sends(
        "10-30 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(old))
    )
    office.staff_mail("10-01 10:00", plan("lisi@example.com"))
    counts = office.json("run", "--backfill", "2026-10-20", "--now", at("11-17 10:00").isoformat())
    assert (counts["submissions"], counts["decisions"], counts["sent"], counts["waiting"]) == (1, 1, 0, 0)
    assert office.duty("2026-W45", "zhangsan", "weekly-plan")["state"] == "approved"
    again = office.json("run", "--backfill", "2026-10-20", "--now", at("11-17 10:01").isoformat())
    assert again["submissions"] == 0
    assert office.json("outbox", "list", "--all") == []
    office.staff_mail("11-17 10:05", plan("smith@example.com"))
    assert office.once("11-17 10:06")["submissions"] == 1
    assert len(office.letters("receipt")) == len(office.letters("receipt", "smith@example.com")) == 1
    office.run("run", "--backfill", "yesterday", code=2)


def test_a_restored_backup_takes_in_again_what_came_after_it(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    copy = office.folder / "copy.db"
    office.run("backup", str(copy))
    later = plan("lisi@example.com")
    office.staff_mail("11-20 11:00", later)
    office.director_sends(
        "11-20 11:30", mail(DIRECTOR, "lisi@example.com", "Re: 周工作计划", "同意", reply_to=message_id(later))
    )
    office.once("11-20 12:00")
    before = office.json("status", "--week", "2026-W48", "--now", at("11-20 12:30").isoformat())
    # As docs/how-to/operate.md says: stop, move the broken store away, put the copy in its place, verify, start.
    for name in ("mailflow.db", "mailflow.db-wal", "mailflow.db-shm"):
        (office.folder / name).unlink(missing_ok=True)
    shutil.copy(copy, office.folder / "mailflow.db")
    assert office.json("verify")["ok"]
    assert office.once("11-20 12:10")["decisions"] == 1
    after = office.json("status", "--week", "2026-W48", "--now", at("11-20 12:30").isoformat())
    assert before["people"] == after["people"]


def test_one_who_asks_to_be_forgotten_is_and_nobody_else_loses_anything(office: Office) -> None:
    raws = {}
    for minute, who in enumerate(("zhangsan", "lisi")):
        for subject, text in (
            ("周工作计划", f"1. {who} 的秘密计划甲乙丙\n2. 整理"),
            ("周工作总结", f"1. {who} 的秘密总结丁戊己\n2. 整理"),
        ):
            raws[who, subject] = mail(f"{who}@example.com", DIRECTOR, subject, text)
            office.staff_mail(f"11-20 10:0{minute}", raws[who, subject])
    office.once("11-21 21:30")
    digest = office.letters("digest")[0]
    words = "张三 修改：把客户名单写全\n李四 同意\n李四 91\n张三 58 态度要改"
    office.director_sends(
        "11-21 22:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", words, reply_to=str(digest["Message-ID"]))
    )
    assert office.once("11-21 22:01")["decisions"] == 4
    office.staff_mail("11-21 22:30", mail(f"zhangsan@example.com, {DIRECTOR}", DIRECTOR, "周工作计划", "两个发件人"))
    office.staff_mail("11-21 22:31", mail("zhangsan@example.com", DIRECTOR, "同意 [t:QQQQQQQQQQQQQQQQ]", "同意"))
    office.once("11-22 22:35")
    assert len(office.json("quarantine", "list")) == 2
    before = office.duty("2026-W47", "lisi", "weekly-summary")
    for name in ("zhangsan@example.com", "秘密总结丁戊己", "把客户名单写全"):
        assert name.encode() in stored(office), name
    done = office.json("erase", "zhangsan")
    assert (done["person"], done["submissions"]) == ("zhangsan", 2)
    for name in ("zhangsan@example.com", "zhangsan 的秘密", "把客户名单写全", "态度要改", "张三"):
        assert name.encode() not in stored(office), name
    assert "lisi 的秘密总结丁戊己".encode() in stored(office)
    assert [event["event"] for event in office.json("history", "zhangsan")["events"]] == ["erased"]
    assert office.duty("2026-W47", "lisi", "weekly-summary") == before
    assert "zhangsan" not in {p["id"] for p in office.json("status", "--week", "2026-W47")["people"]}
    assert office.json("verify")["ok"]
    assert office.json("quarantine", "list", "--all") == []
    # What lies in the mailbox is known and not booked again, not even when the mailbox is read anew.
    assert office.once("11-22 22:40")["submissions"] == 0
    assert office.json("run", "--backfill", "2026-11-01")["submissions"] == 0
    assert office.json("history", "zhangsan")["events"][-1]["event"] == "erased"
    office.run("erase", "nobody", code=2)
    office.run("erase", "wang", code=2)


def stored(office: Office) -> bytes:
    """All that lies in the store's files: texts as they are, and messages with their base64 undone."""
    found = b"".join(path.read_bytes() for path in sorted(office.folder.glob("mailflow.db*")))
    with sqlite3.connect(office.folder / "mailflow.db") as store:
        for table, column in (("messages", "raw"), ("letters", "message")):
            for (raw,) in store.execute(f"select {column} from {table} where {column} is not null"):
                letter = open_letter(raw)
                found += f"{letter.subject} {letter.text} {letter.senders} {letter.to}".encode()
    return found


def test_a_month_is_one_encrypted_file_that_proves_itself_whole(office: Office) -> None:
    """Clause R13: filed by month-end, backed up and encrypted."""
    for subject, text in (("下周工作计划", PLAN), ("本周工作总结", "1. 本周回访客户 18 家\n2. 台账已整理")):
        office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, subject, text))
    office.once("11-21 21:30")
    digest = str(office.letters("digest")[0]["Message-ID"])
    office.director_sends("11-21 22:00", mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意 92 做得好", reply_to=digest))
    office.once("11-21 22:01")
    target = office.folder / "november.age"
    made = office.json("archive", "--month", "2026-11", "-o", str(target))
    assert made["counts"]["messages"] == 3
    assert made["counts"]["letters"] == len(office.sink.letters)
    assert made["counts"]["sheets"] == 1
    assert made["counts"].keys() >= {"decisions.json", "events.json", "month-2026-11.xlsx"}
    key = office.folder / "archive.key"
    assert [path.stat().st_mode & 0o777 for path in (key, target)] == [0o600, 0o600]
    assert "张三".encode() not in target.read_bytes()
    assert office.json("archive", "verify", str(target))["counts"] == made["counts"]
    office.run("archive", "--month", "2026-11", "-o", str(target), code=2)
    # It is plain age and ZIP: whoever has the key needs no mailflow.
    identity = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[-1])
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(target.read_bytes(), [identity]))) as archive:
        decisions = json.loads(archive.read("decisions.json"))
    assert {(d["person"], d["verdict"], d["score"]) for d in decisions} == {
        ("zhangsan", "approve", None), ("zhangsan", "score", "92"),
    }  # fmt: skip
    broken = bytearray(target.read_bytes())
    broken[len(broken) // 2] ^= 1
    damaged = office.folder / "damaged.age"
    damaged.write_bytes(broken)
    assert "not whole" in office.run("archive", "verify", str(damaged), code=1).stderr
    other = office.folder / "other.key"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    assert "another key" in office.run("archive", "verify", str(target), "--identity", str(other), code=1).stderr


def test_an_archive_with_a_file_changed_or_missing_is_not_whole() -> None:
    identity, recipient = new_key()
    sealed = seal({"a.json": b"[]", "b.eml": b"Subject: x\r\n\r\n"}, {"month": "2026-11"}, recipient)
    assert unseal(sealed, identity).files.keys() == {"a.json", "b.eml"}
    packed = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    for change in ("lose", "alter", "add"):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(out, "w") as after:
            for name in before.namelist():
                content = before.read(name)
                if name == "a.json" and change == "lose":
                    continue
                after.writestr(name, b"[1]" if name == "a.json" and change == "alter" else content)
            if change == "add":
                after.writestr("c.eml", b"x")
        again = pyrage.encrypt(out.getvalue(), [pyrage.x25519.Recipient.from_str(recipient)])
        with pytest.raises(BrokenArchive):
            unseal(again, identity)

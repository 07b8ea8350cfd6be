"""Sudden death at every step of a pass: the book and the letters end as if nothing had happened."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.forked import one_pass
from tests.office import Office, at, mail, message_id

DIRECTOR = "wang@example.com"
STAFF = [f"p{n:02d}" for n in range(1, 21)]
ROSTER = "id,name,email,role\nwang,王总,wang@example.com,director\n" + "".join(
    f"{who},员工{who},{who}@example.com,staff\n" for who in STAFF
)
# A message: its folder opened, the message fetched, both before they are said and before they are answered, and the
# commit. A letter: MAIL, RCPT, DATA and the letter, and the commit.
_STEPS_OF_A_MESSAGE, _STEPS_OF_A_LETTER = 5, 9
NOW = at("11-20 18:00").isoformat()


def fill(office: Office) -> None:
    """Sixty mails: twenty plans, twelve answers of three kinds, four forged ones, and 24 that are none of our business."""
    office.configure(roster=ROSTER)
    with office.dovecot.client(office.user) as client:
        for minute, who in enumerate(STAFF):
            raw = mail(
                f"{who}@example.com",
                DIRECTOR,
                "周工作计划",
                f"1. 回访客户\n2. {who}",
                message_id=f"<plan.{who}@example.com>",
            )
            client.append("INBOX", raw, msg_time=at(f"11-20 10:{minute:02d}"))
        for minute, who in enumerate(STAFF[:12]):
            words = ("同意", "修改：第二项补充完成时间", "也许吧，同意还是不同意？")[minute % 3]
            raw = mail(
                DIRECTOR, f"{who}@example.com", "Re: 周工作计划", words, reply_to=f"<plan.{who}@example.com>",
                message_id=f"<answer.{who}@example.com>",
            )  # fmt: skip
            client.append("Sent", raw, msg_time=at(f"11-20 11:{minute:02d}"))
        for minute in range(24):
            raw = mail("friend@example.net", DIRECTOR, "晚饭", "六点", message_id=f"<friend.{minute}@example.net>")
            client.append("INBOX", raw, msg_time=at(f"11-20 12:{minute:02d}"))
        for minute, who in enumerate(STAFF[:4]):
            raw = mail(
                DIRECTOR, f"{who}@example.com", "Re: 周工作计划", "同意", reply_to=f"<plan.{who}@example.com>",
                message_id=f"<forged.{who}@example.com>",
            )  # fmt: skip
            client.append("INBOX", raw, msg_time=at(f"11-20 13:{minute:02d}"))


def book_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the book says, without what is drawn by lot: numbers, codes, Message-IDs of letters."""
    asked = {
        "messages": "select role, folder, uid, message_id, person_id, disposition, received_at from messages",
        "submissions": "select person_id, duty_id, period, state from submissions",
        "versions": "select s.person_id, v.number, v.received_at, v.text from versions v join submissions s on s.id = v.submission_id",
        "decisions": "select s.person_id, d.version, d.verdict, d.comment, d.decided_at from decisions d "
        "join submissions s on s.id = d.submission_id",
        "letters": "select kind, person_id, recipients, state from letters",
        "events": "select kind, person_id, duty_id, period, received_at from events where kind != 'letter-failed'",
        "quarantine": "select reason, state from quarantine",
        "marks": "select folder, uid from marks",
    }
    with sqlite3.connect(folder / "mailflow.db") as store:
        return {name: sorted(store.execute(sql).fetchall(), key=repr) for name, sql in asked.items()}


def letters_of(office: Office) -> Counter[tuple[str, str, str]]:
    """The letters that left, those with one Message-ID counted once."""
    each = {str(letter["Message-ID"]): letter for letter in office.sink.letters}
    return Counter(
        (str(x["X-Mailflow"]), str(x["To"]), re.sub(r"\[#\w+\]", "", str(x["Subject"]))) for x in each.values()
    )


@pytest.mark.timeout(1800)
def test_killed_at_every_commit_and_every_exchange_of_a_pass_over_sixty_mails(
    office: Office, tmp_path: Path, undisturbed: Office
) -> None:
    fill(office)
    fill(undisturbed)
    assert one_pass(undisturbed.folder, NOW, undisturbed.environ, 0).code == 0
    died: Counter[str] = Counter()
    repeats = 0
    step = 1
    before, received = None, 0
    while (ended := one_pass(office.folder, NOW, office.environ, step)).died_at:
        died[ended.died_at] += 1
        after = progress(office.folder)
        sent = after[1] - before[1] if after and before else 0
        repeats += len(office.sink.received) - received - sent
        received = len(office.sink.received)
        if after == before:
            step += 1
            continue
        # One more message or letter is done for good: the steps of the next one stand where its steps stood.
        step = max(1, step - (_STEPS_OF_A_LETTER if sent else _STEPS_OF_A_MESSAGE)) if before else step + 1
        before = after
    assert ended.code == 0
    assert book_of(office.folder) == book_of(undisturbed.folder)
    assert letters_of(office) == letters_of(undisturbed)
    # A letter came twice only where death fell between the server's 250 and the commit, and then with the same bytes.
    same: dict[str, set[bytes]] = {}
    for raw in office.sink.received:
        same.setdefault(message_id(raw), set()).add(raw)
    assert len(office.sink.received) - len(same) == repeats
    assert {len(copies) for copies in same.values()} == {1}
    assert repeats <= died["unanswered letter"] + died["before commit"]
    assert died.keys() >= {
        "before LOGIN", "unanswered LOGIN", "before LIST", "before UID SEARCH", "before UID FETCH", "unanswered UID FETCH",
        "before commit", "unanswered mail", "before rcpt", "before data", "unanswered data", "before letter", "unanswered letter",
    }  # fmt: skip
    assert died.total() > 500


def progress(folder: Path) -> tuple[int, ...] | None:
    """What is committed so far."""
    if not (folder / "mailflow.db").exists():
        return None
    with sqlite3.connect(folder / "mailflow.db") as store:
        try:
            return store.execute(
                "select (select count(*) from messages), (select count(*) from letters where state = 'sent'), "
                "(select count(*) from events), (select count(*) from marks), (select count(*) from passes)"
            ).fetchone()
        except sqlite3.OperationalError:
            return None

"""Loops and storms: automatic answers, bounces, a mailflow at the other end, five hundred versions, a ceiling."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest

from tests.office import ROSTER, Office, at, mail, message_id, text_of

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"


def plan(sender: str = "zhangsan@example.com", text: str = PLAN, **more: str) -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", text, **more)


def report(letter: EmailMessage, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery status notification as Postfix writes it: it answers nothing, and holds the letter's headers."""
    to = str(letter["To"].addresses[0].addr_spec)
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: {DIRECTOR}
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261120.{action}@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: user unknown

--b
Content-Type: text/rfc822-headers

From: wang@example.com
Message-ID: {letter["Message-ID"]}
X-Mailflow: receipt

--b--
""".encode()


def prose(letter: EmailMessage) -> bytes:
    """A bounce in prose, as some providers write it, with the letter attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "postmaster@example.org", DIRECTOR, "系统退信"
    message["Message-ID"] = "<prose@example.org>"
    message.set_content("抱歉，您的邮件被退回来了。\n550 User not found: 用户不存在")
    message.add_attachment(letter)
    return message.as_bytes()


@pytest.mark.parametrize("bounce", [report, prose])
def test_a_bounce_is_parked_against_the_person_and_told_and_never_answered(office: Office, bounce: object) -> None:
    assert callable(bounce)
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    [receipt] = office.letters("receipt")
    office.staff_mail("11-20 10:06", bounce(receipt))
    office.staff_mail("11-20 10:07", mail("mailer-daemon@example.net", DIRECTOR, "Undelivered", "to your friend"))
    counts = office.once("11-20 10:10")
    assert (counts["ignored"], counts["sent"]) == (2, 1)
    [alert] = office.letters("alert", "it@example.com")
    assert "zhangsan@example.com" in text_of(alert)
    assert "550" in text_of(alert)
    status = office.json("status", "--week", "2026-W48")
    assert {p["id"]: p["returned"] is not None for p in status["people"]}["zhangsan"]
    assert status["outbox"]["returned"] == 1
    assert "come back" in office.run("status", "--week", "2026-W48").stdout
    assert office.once("11-20 10:15")["sent"] == 0
    number = office.json("outbox", "list")[0]["id"]
    office.configure(roster=ROSTER.replace("zhangsan@example.com", "san.zhang@example.com"))
    office.run("outbox", "retry", str(number))
    office.run("run", "--once")
    assert len(office.letters("receipt")) == 2
    assert len(office.letters("receipt", "san.zhang@example.com")) == 1, "the roster has the right address now"
    assert office.json("status", "--week", "2026-W48")["outbox"]["returned"] == 0


def test_a_bounce_that_says_it_goes_on_trying_parks_nothing(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    office.staff_mail("11-20 10:06", report(office.letters("receipt")[0], "delayed", "4.4.1"))
    assert office.once("11-20 10:10")["sent"] == 0
    assert office.json("status")["outbox"]["returned"] == 0


def test_five_hundred_versions_in_a_minute_get_a_receipt_a_while(office: Office) -> None:
    with office.dovecot.client(office.user) as client:
        for n in range(500):
            client.append("INBOX", plan(text=f"{PLAN}\n第 {n} 稿"), msg_time=at(f"11-20 10:00:{n // 9:02d}"))
    counts = office.once("11-20 10:05")
    assert counts["submissions"] == 500
    assert counts["sent"] == 2
    assert office.once("11-20 10:14")["sent"] == 0
    assert office.once("11-20 10:15")["sent"] == 1
    assert "500" in text_of(office.letters("receipt")[-1]), "the last receipt is about the newest version"
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 500
    office.staff_mail("11-20 11:00", plan(text=f"{PLAN}\n终稿"))
    assert office.once("11-20 11:01")["sent"] == 1


def test_a_receipt_about_two_things_is_not_replaced_by_one_about_one_of_them(office: Office) -> None:
    both = "本周总结：\n1. 回访客户 18 家\n下周计划：\n1. 回访客户 20 家"
    for minute, (subject, text) in enumerate(
        [
            ("下周工作计划", PLAN),
            ("下周工作计划", PLAN + "\n3"),
            ("本周总结及下周计划", both),
            ("下周工作计划", PLAN + "\n4"),
        ]
    ):
        office.staff_mail(f"11-20 10:0{minute}", mail("zhangsan@example.com", DIRECTOR, subject, text))
    assert office.once("11-20 10:05")["sent"] == 2
    assert office.once("11-20 10:15")["sent"] == 2
    assert "周工作总结" in text_of(office.letters("receipt")[2])


def test_a_ceiling_on_letters_to_one_person_holds_and_tells_the_operator(office: Office) -> None:
    office.configure(smtp_extra="per_person_hour = 3")
    for week in range(44, 50):
        office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, f"第{week}周工作计划", PLAN))
    office.staff_mail("11-20 10:01", plan("lisi@example.com"))
    office.once("11-20 10:05")
    assert len(office.letters("receipt", "zhangsan@example.com")) == 3
    assert len(office.letters("receipt", "lisi@example.com")) == 1
    [alert] = office.letters("alert", "it@example.com")
    assert "zhangsan" in text_of(alert)
    assert office.json("status")["outbox"]["held"] == 3
    office.run("outbox", "release")
    office.run("run", "--once")
    assert len(office.letters("receipt", "zhangsan@example.com")) == 6


AUTOMATIC = {
    "auto-replied": [("Auto-Submitted", "auto-replied")],
    "auto-generated": [("Auto-Submitted", "auto-generated; owner-email=x@example.com")],
    "precedence": [("Precedence", "bulk")],
    "list": [("List-Id", "<staff.example.com>")],
    "autoreply": [("X-Autoreply", "yes")],
    "suppress-is-no-sign": [("X-Auto-Response-Suppress", "All")],
    "auto-submitted-no": [("Auto-Submitted", "no")],
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_mail_never_counts_and_is_never_answered(office: Office, name: str) -> None:
    """RFC 3834, the incoming side: `no`, and a request not to answer automatically, are said by people's programs."""
    office.staff_mail(
        "11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN, headers=AUTOMATIC[name])
    )
    written_by_somebody = name in ("suppress-is-no-sign", "auto-submitted-no")
    counts = office.once("11-20 10:05")
    assert counts["submissions"] == written_by_somebody
    assert counts["sent"] == written_by_somebody


def test_our_letters_ask_not_to_be_answered_by_programs(office: Office) -> None:
    """RFC 3834, the outgoing side."""
    office.staff_mail("11-20 10:00", plan())
    office.once("11-21 21:30")
    assert {letter["X-Mailflow"] for letter in office.sink.letters} == {"receipt", "missing", "digest"}
    for letter in office.sink.letters:
        assert str(letter["Auto-Submitted"]) in ("auto-replied", "auto-generated")
        assert str(letter["X-Auto-Response-Suppress"]) == "All"


def test_two_mailflows_writing_to_each_other_stop_after_one_exchange(office: Office) -> None:
    """The other office's director is on our roster, and ours on his: his mailflow's letters come to us as ours to him."""
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    ours = office.sink.received[0]
    theirs = re.sub(rb"(?i)^From: .*$", b"From: zhangsan@example.com", ours, count=1, flags=re.M)
    theirs = theirs.replace(message_id(ours).encode(), b"<mailflow.00000000000000000000000000000001@example.net>")
    theirs = theirs.replace(b"Subject: ", b"Subject: =?utf-8?b?5ZGo5bel5L2c6K6h5YiS?= ", 1)
    office.staff_mail("11-20 10:06", theirs)
    for minute in range(7, 10):
        counts = office.once(f"11-20 10:0{minute}")
        assert (counts["submissions"], counts["sent"]) == (0, 0)


def test_an_out_of_office_answer_reopens_nothing(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    office.once("11-20 11:05")
    [approval] = office.letters("approval")
    for minute, headers in enumerate(([("Auto-Submitted", "auto-replied")], [])):
        office.staff_mail(
            f"11-20 11:1{minute}",
            mail(
                "zhangsan@example.com", DIRECTOR, "自动回复：" + str(approval["Subject"]), "我在休假，周一回来处理周工作计划",
                reply_to=str(approval["Message-ID"]), headers=headers,
            ),
        )  # fmt: skip
    assert office.once("11-20 11:20")["sent"] == 0
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "approved"

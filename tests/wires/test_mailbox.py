"""Intake on a real IMAP server: nothing lost, nothing doubled, nothing looked at that is none of our business."""

from __future__ import annotations

from tests.office import Office, at, mail, message_id

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家\n2. 整理台账"


def plan(sender: str = "zhangsan@example.com", text: str = PLAN, **more: str) -> bytes:
    return mail(sender, DIRECTOR, "周工作计划", text, **more)


def test_a_second_pass_changes_nothing(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.staff_mail("11-20 10:01", mail("stranger@example.net", DIRECTOR, "周工作计划", "同意"))
    assert office.once("11-20 10:05")["read"] == 2
    assert office.once("11-20 10:06")["read"] == 0
    assert len(office.letters("receipt")) == 1


def test_nothing_is_marked_moved_or_deleted(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-20 10:05")
    with office.dovecot.client(office.user) as client:
        client.select_folder("INBOX", readonly=True)
        flags = client.get_flags(client.search())
    assert [set(found) - {b"\\Recent"} for found in flags.values()] == [set()]


def test_a_strangers_mail_is_never_fetched_nor_remembered(office: Office) -> None:
    private = mail("friend@example.net", DIRECTOR, "晚饭", "六点老地方")
    office.staff_mail("11-20 10:00", private)
    office.director_sends("11-20 10:10", mail(DIRECTOR, "friend@example.net", "Re: 晚饭", "好"))
    assert office.once("11-20 10:15")["ignored"] == 2
    stored = (office.folder / "mailflow.db").read_bytes()
    for words in ("晚饭", "六点老地方", "friend@example.net", message_id(private)):
        assert words.encode() not in stored


def test_mail_older_than_since_is_never_touched(office: Office) -> None:
    office.staff_mail("10-31 23:59:59", plan())
    assert office.once("11-20 10:05")["submissions"] == 0
    assert office.letters("receipt") == []


def test_a_changed_uidvalidity_loses_nothing_and_books_nothing_twice(office: Office) -> None:
    raw = plan()
    office.configure(mailbox='inbox = "Work"')
    with office.dovecot.client(office.user) as client:
        client.create_folder("Work")
    office.dovecot.deliver(office.user, raw, at("11-20 10:00"), "Work")
    office.once("11-20 10:05")
    with office.dovecot.client(office.user) as client:
        client.delete_folder("Work")
        client.create_folder("Work")
    office.dovecot.deliver(office.user, raw, at("11-20 10:00"), "Work")
    office.dovecot.deliver(office.user, plan("lisi@example.com"), at("11-20 11:00"), "Work")
    counts = office.once("11-20 11:05")
    assert counts["submissions"] == 1
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    assert office.duty("2026-W48", "lisi", "weekly-plan")["version"] == 1


def test_the_same_message_twice_is_one_version_and_the_same_id_with_other_words_is_two(office: Office) -> None:
    raw = plan(message_id="<same@example.com>")
    office.staff_mail("11-20 10:00", raw)
    office.staff_mail("11-20 10:01", raw)
    office.once("11-20 10:05")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 1
    office.staff_mail("11-20 10:10", plan(text=PLAN + "\n3. 新增", message_id="<same@example.com>"))
    office.once("11-20 10:15")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["version"] == 2
    assert "Message-ID" in office.letters("receipt")[1].get_body(("plain",)).get_content()


def test_sent_is_found_by_its_chinese_name(office: Office) -> None:
    with office.dovecot.client(office.user) as client:
        client.delete_folder("Sent") if client.folder_exists("Sent") else None
        client.create_folder("已发送")
    office.configure(mailbox='sent = "已发送"')
    raw = plan()
    office.staff_mail("11-20 10:00", raw)
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "通过", reply_to=message_id(raw))
    office.dovecot.deliver(office.user, answer, at("11-20 11:00"), "已发送")
    assert office.once("11-20 11:05")["decisions"] == 1


def test_a_folder_that_is_not_there_is_said_with_those_that_are(office: Office) -> None:
    office.configure(mailbox='sent = "Versendet"')
    done = office.run("run", "--once", code=3)
    assert "'Versendet'" in done.stderr
    assert "Sent" in done.stderr.split("one of")[1]


def test_our_own_letters_filed_into_sent_are_never_decisions(office: Office) -> None:
    raw = plan()
    office.staff_mail("11-20 10:00", raw)
    office.once("11-20 10:05")
    office.director_sends("11-20 10:06", office.sink.received[0])
    counts = office.once("11-20 10:10")
    assert (counts["decisions"], counts["ignored"], counts["sent"]) == (0, 1, 0)
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"


def test_an_automatic_answer_and_a_bounce_are_never_answered(office: Office) -> None:
    office.staff_mail(
        "11-20 10:00",
        mail(
            "zhangsan@example.com",
            DIRECTOR,
            "自动回复：周工作计划",
            "我在休假",
            headers=[("Auto-Submitted", "auto-replied")],
        ),
    )
    office.staff_mail(
        "11-20 10:01", mail("lisi@example.com", DIRECTOR, "周工作计划", "退信", headers=[("Return-Path", "<>")])
    )
    assert office.once("11-20 10:05")["ignored"] == 2
    assert office.sink.received == []


def test_an_answer_that_fits_two_open_plans_is_asked_back(office: Office) -> None:
    office.staff_mail("11-17 10:00", mail("zhangsan@example.com", DIRECTOR, "第47周工作计划", PLAN))
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "第48周工作计划", PLAN))
    office.director_sends("11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "周工作计划", "同意"))
    counts = office.once("11-20 11:05")
    assert counts["decisions"] == 0
    words = office.letters("clarify")[0].get_body(("plain",)).get_content()
    assert "2026年第47周" in words
    assert "2026年第48周" in words


def test_an_answer_without_a_thread_is_tied_by_subject_and_recipient_to_the_one_open_plan(office: Office) -> None:
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "第48周工作计划", PLAN))
    office.director_sends("11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "周工作计划", "同意"))
    assert office.once("11-20 11:05")["decisions"] == 1


def test_an_unrelated_mail_of_the_directors_decides_nothing(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.director_sends("11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "会议时间", "可以，明天下午三点"))
    assert office.once("11-20 11:05")["decisions"] == 0
    assert office.letters("clarify") == []


def test_a_yes_to_a_question_in_the_thread_is_no_approval_of_the_plan(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    question = mail(
        "zhangsan@example.com", DIRECTOR, "Re: 周工作计划", "王总，周五我可以请假吗？", reply_to=message_id(first)
    )
    office.staff_mail("11-20 10:10", question)
    answer = mail(
        DIRECTOR,
        "zhangsan@example.com",
        "Re: 周工作计划",
        "可以",
        reply_to=message_id(question),
        references=message_id(first),
    )
    office.director_sends("11-20 11:00", answer)
    assert office.once("11-20 11:05")["decisions"] == 0
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    assert len(office.letters("clarify")) == 1


def test_answers_to_the_missing_letter_belong_to_its_duties(office: Office) -> None:
    office.once("11-21 21:20")
    letters = {str(letter["To"].addresses[0].addr_spec): letter for letter in office.letters("missing")}
    answers = {
        "zhangsan": "周工作总结：\n1. 回访客户\n2. 台账",
        "lisi": "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成",
        "smith": "Thanks, will do",
    }
    for name, words in answers.items():
        letter = letters[f"{name}@example.com"]
        raw = mail(
            f"{name}@example.com", DIRECTOR, "Re: " + str(letter["Subject"]), words, reply_to=letter["Message-ID"]
        )
        office.staff_mail("11-21 22:00", raw)
    counts = office.once("11-21 22:05")
    assert (counts["submissions"], counts["quarantined"]) == (1, 1)
    assert office.duty("2026-W47", "zhangsan", "weekly-summary")["standing"] == "late"
    assert "does not say which" in office.json("quarantine", "list")[0]["reason"]


def test_a_bare_approval_of_the_digest_is_asked_back_once_and_acts_on_nobody(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan())
    office.once("11-21 21:20")
    digest = office.letters("digest")[0]
    answer = mail(DIRECTOR, DIRECTOR, "Re: " + str(digest["Subject"]), "同意", reply_to=digest["Message-ID"])
    office.director_sends("11-21 22:00", answer)
    office.staff_mail("11-21 22:00", answer)
    assert office.once("11-21 22:05")["decisions"] == 0
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_an_approval_of_a_version_that_a_newer_one_replaced_is_asked_back(office: Office) -> None:
    first, second = plan(), plan(text=PLAN + "\n3. 新增")
    office.staff_mail("11-20 10:00", first)
    office.staff_mail("11-20 10:30", second)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    assert office.once("11-20 11:05")["decisions"] == 0
    assert "旧版本" in office.letters("clarify")[0].get_body(("plain",)).get_content()


def test_a_new_version_of_an_approved_plan_reopens_it_and_tells_the_director(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.director_sends(
        "11-20 11:00", mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(first))
    )
    office.staff_mail("11-20 12:00", plan(text=PLAN + "\n3. 新增"))
    office.once("11-20 12:05")
    assert office.duty("2026-W48", "zhangsan", "weekly-plan")["state"] == "received"
    assert len(office.letters("nudge", DIRECTOR)) == 1


def test_an_acknowledgement_in_the_thread_is_no_new_version(office: Office) -> None:
    first = plan()
    office.staff_mail("11-20 10:00", first)
    office.once("11-20 10:05")
    receipt = office.letters("receipt")[0]
    office.staff_mail(
        "11-20 10:30",
        mail(
            "zhangsan@example.com",
            DIRECTOR,
            "Re: " + str(receipt["Subject"]),
            "收到，谢谢！",
            reply_to=receipt["Message-ID"],
        ),
    )
    office.staff_mail(
        "11-20 10:31",
        mail("zhangsan@example.com", DIRECTOR, "Re: 周工作计划", "好的王总，马上改", reply_to=message_id(first)),
    )
    assert office.once("11-20 10:35")["submissions"] == 0


def test_mail_from_an_alias_counts_for_the_person(office: Office) -> None:
    office.staff_mail("11-20 10:00", plan("ZS@Example.org"))
    assert office.once("11-20 10:05")["submissions"] == 1


def test_a_sender_whom_the_trusted_server_fails_goes_to_quarantine(office: Office) -> None:
    office.configure(mailbox='trusted_authserv = ["mx.example.com"]')
    verdicts = [
        ("mx.example.com; dmarc=fail header.from=example.com", 1),
        ("mx.example.com; dmarc=pass header.from=example.com", 0),
        ("evil.example.net; dmarc=fail header.from=example.com", 0),
    ]
    for number, (results, _) in enumerate(verdicts):
        office.staff_mail(
            f"11-20 10:0{number}", plan(text=f"{PLAN}\n{number}", headers=[("Authentication-Results", results)])
        )
    counts = office.once("11-20 10:05")
    assert (counts["quarantined"], counts["submissions"]) == (1, 2)


def test_the_directors_answer_in_inbox_then_in_sent_is_obeyed_once_and_leaves_quarantine(office: Office) -> None:
    raw = plan()
    office.staff_mail("11-20 10:00", raw)
    answer = mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=message_id(raw))
    office.staff_mail("11-20 11:00", answer)
    assert office.once("11-20 11:01")["quarantined"] == 1
    office.director_sends("11-20 11:00:30", answer)
    assert office.once("11-20 11:02")["decisions"] == 1
    assert office.json("quarantine", "list") == []
    assert len(office.letters("approval")) == 1

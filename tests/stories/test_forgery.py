"""Attacks: mail that tries to decide, to count for somebody else, or to make mailflow write. Each with its outcome."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote

from tests.office import ROSTER, Office, at, html_of, mail, message_id, text_of

DIRECTOR = "wang@example.com"
DEPUTY = "zhao@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
NEVER_FETCHED = "never fetched"


@dataclass(frozen=True)
class Scene:
    """What the attacker may have seen: the digest's bytes, an approval link, the plan that everybody wants approved."""

    digest: EmailMessage
    receipt: EmailMessage
    plan: str
    link: str

    @property
    def thread(self) -> str:
        return str(self.digest["Message-ID"])


Attack = Callable[[Scene], bytes]
ATTACKS: dict[str, tuple[str, Attack]] = {}


def attack(outcome: str) -> Callable[[Attack], Attack]:
    """Adds an attack to the table, under its name, with what becomes of it."""

    def add(made: Attack) -> Attack:
        ATTACKS[made.__name__] = (outcome, made)
        return made

    return add


@attack("quarantine")
def from_the_director_in_inbox(scene: Scene) -> bytes:
    return mail(DIRECTOR, "zhangsan@example.com", "Re: 周工作计划", "同意", reply_to=scene.plan)


@attack("quarantine")
def from_the_director_in_inbox_by_the_code_in_the_subject(scene: Scene) -> bytes:
    return mail(DIRECTOR, "zhangsan@example.com", f"Re: {scene.receipt['Subject']}", "不同意，重写")


@attack(NEVER_FETCHED)
def the_directors_display_name(scene: Scene) -> bytes:
    return mail("王总 <boss@example.net>", DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan)


@attack(NEVER_FETCHED)
def an_address_in_the_display_name(scene: Scene) -> bytes:
    return mail('"wang@example.com" <boss@example.net>', DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan)


@attack("stranger")
def an_address_in_the_display_name_answering_our_letter(scene: Scene) -> bytes:
    return mail('"wang@example.com" <boss@example.net>', DIRECTOR, "Re: 汇总", "张三 同意", reply_to=scene.thread)


@attack(NEVER_FETCHED)
def a_look_alike_domain(scene: Scene) -> bytes:
    return mail("wang@example.com.evil.net", DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan)


@attack("stranger")
def a_homoglyph_answering_our_letter(scene: Scene) -> bytes:
    raw = mail("x@example.com", DIRECTOR, "Re: 汇总", "张三 同意", reply_to=scene.thread)
    return raw.replace(b"From: x@example.com", "From: wаng@example.com".encode())


@attack(NEVER_FETCHED)
def a_homoglyph_of_a_staff_member(scene: Scene) -> bytes:
    raw = mail("x@example.com", DIRECTOR, "周工作计划", PLAN)
    return raw.replace(b"From: x@example.com", "From: zhаngsan@example.com".encode())


@attack(NEVER_FETCHED)
def reply_to_is_the_director(scene: Scene) -> bytes:
    return mail(
        "boss@example.net", DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan, headers=[("Reply-To", DIRECTOR)]
    )


@attack(NEVER_FETCHED)
def sender_header_is_the_director(scene: Scene) -> bytes:
    return mail(
        "boss@example.net", DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan, headers=[("Sender", DIRECTOR)]
    )


@attack("other")
def a_staff_member_answers_the_digest_that_went_to_the_director(scene: Scene) -> bytes:
    return mail("lisi@example.com", DIRECTOR, "Re: 汇总", "张三 同意\n李四 100", reply_to=scene.thread)


@attack("other")
def a_staff_member_answers_a_colleagues_plan(scene: Scene) -> bytes:
    return mail("lisi@example.com", "zhangsan@example.com", "Re: 汇报", "同意", reply_to=scene.plan)


@attack("other")
def a_forwarded_digest_is_answered_by_somebody_else(scene: Scene) -> bytes:
    quoted = "\n".join(f"> {line}" for line in text_of(scene.digest).splitlines())
    return mail(
        "lisi@example.com", DIRECTOR, "Re: Fwd: 汇总", f"李四 100\n张三 退回\n\n{quoted}", reply_to=scene.thread
    )


@attack("quarantine")
def the_directors_link_is_used_by_a_staff_member(scene: Scene) -> bytes:
    return mail("lisi@example.com", DIRECTOR, scene.link, "同意")


@attack("quarantine")
def a_guessed_token(scene: Scene) -> bytes:
    return mail("lisi@example.com", DIRECTOR, "同意 [t:QQQQQQQQQQQQQQQQ]", "同意")


@attack("quarantine")
def a_guessed_token_from_the_director_in_inbox(scene: Scene) -> bytes:
    return mail(DIRECTOR, DIRECTOR, "[t:ZZZZZZZZZZZZZZZZ]", "同意")


@attack("quarantine")
def two_from_headers(scene: Scene) -> bytes:
    return b"From: lisi@example.com\r\n" + mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意", reply_to=scene.thread)


@attack("quarantine")
def from_with_several_addresses(scene: Scene) -> bytes:
    return mail(f"lisi@example.com, {DIRECTOR}", DIRECTOR, "Re: 汇总", "张三 同意", reply_to=scene.thread)


@attack("submission")
def a_plan_that_says_it_is_approved(scene: Scene) -> bytes:
    return mail(
        "smith@example.com", DIRECTOR, "周工作计划", f"{PLAN}\n\nThe director approved: 同意\n王总：同意，100分"
    )


@attack("submission")
def a_plan_that_quotes_a_whole_digest_and_its_answer(scene: Scene) -> bytes:
    text = f"{PLAN}\n\n发件人: 王总 <{DIRECTOR}>\n发送时间: 2026年11月21日\n主题: Re: 汇总\n\n李四 同意\n\n{text_of(scene.digest)}"
    return mail("wangwu@example.com", DIRECTOR, "周工作计划", text)


@attack("other")
def our_header_set_by_somebody_on_the_roster(scene: Scene) -> bytes:
    return mail("lisi@example.com", DIRECTOR, "张三", "李四 同意", headers=[("X-Mailflow", "approval")])


@attack("own-letter")
def our_header_and_the_directors_address(scene: Scene) -> bytes:
    return mail(DIRECTOR, DIRECTOR, "Re: 周工作计划", "同意", reply_to=scene.plan, headers=[("X-Mailflow", "approval")])


@attack(NEVER_FETCHED)
def our_header_set_by_an_outsider(scene: Scene) -> bytes:
    return mail("boss@example.net", DIRECTOR, "周工作计划", "同意", headers=[("X-Mailflow", "approval")])


@attack(NEVER_FETCHED)
def our_message_id_used_again(scene: Scene) -> bytes:
    return mail("lisi@example.com", DIRECTOR, "Re: 汇总", "张三 同意", message_id=scene.thread)


@attack("bounce")
def a_bounce_that_decides(scene: Scene) -> bytes:
    return mail(
        "mailer-daemon@example.net", DIRECTOR, "退信", "同意\n张三 同意", reply_to=scene.thread,
        headers=[("Return-Path", "<>")],
    )  # fmt: skip


@attack("auto-reply")
def an_automatic_answer_of_the_director(scene: Scene) -> bytes:
    headers = [("Auto-Submitted", "auto-replied")]
    return mail(DIRECTOR, DIRECTOR, "Re: 汇总", "张三 同意", reply_to=scene.thread, headers=headers)


def test_no_attack_is_obeyed_and_each_ends_as_the_table_says(office: Office) -> None:
    plan = mail("zhangsan@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-21 10:00", plan)
    office.staff_mail("11-21 10:01", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    office.once("11-21 21:20")
    digest, receipt = office.letters("digest")[0], office.letters("receipt", "zhangsan@example.com")[0]
    link = next(s for s in re.findall(r"subject=([^&\"]+)", html_of(digest)) if "%5Bt%3A" in s)
    scene = Scene(digest, receipt, message_id(plan), unquote(link))
    written = {name: made(scene) for name, (_, made) in ATTACKS.items()}
    for minute, raw in enumerate(written.values()):
        office.staff_mail(f"11-21 22:{minute:02d}", raw)
    counts = office.once("11-21 23:00")
    assert counts["decisions"] == 0
    status = office.json("status", "--week", "2026-W48", "--now", at("11-21 23:00").isoformat())
    plans = {p["id"]: p["duties"]["weekly-plan"] for p in status["people"]}
    assert {who: cell["state"] for who, cell in plans.items()} == dict.fromkeys(plans, "received")
    assert plans["zhangsan"]["version"] == plans["lisi"]["version"] == 1
    store = sqlite3.connect(office.folder / "mailflow.db")
    found = dict(store.execute("select message_id, disposition from messages"))
    shadowed = {scene.thread: NEVER_FETCHED}
    outcomes = {name: (shadowed | found).get(message_id(raw), NEVER_FETCHED) for name, raw in written.items()}
    assert outcomes == {name: outcome for name, (outcome, _) in ATTACKS.items()}
    # Nothing is answered but the two plans; the director is shown what was refused, once.
    kinds = sorted(str(letter["X-Mailflow"]) for letter in office.sink.letters if "23:00" in str(letter["Date"]))
    assert kinds == ["alert"] * 4 + ["clarify"] + ["receipt"] * 2
    assert [str(letter["To"].addresses[0].addr_spec) for letter in office.letters("clarify")] == [DIRECTOR]
    told = " ".join(str(letter["Subject"]) for letter in office.letters("alert", "it@example.com"))
    assert all(words in told for words in ("被隔离", "被退回", "自动回复"))
    [shown] = office.letters("alert", DIRECTOR)
    assert "6 封" in str(shown["Subject"])
    office.staff_mail("11-21 23:10", mail(DIRECTOR, "lisi@example.com", "Re: 周工作计划", "同意", reply_to=scene.plan))
    office.once("11-21 23:11")
    assert len(office.letters("alert", DIRECTOR)) == 1, "once a day at most"
    office.once("11-22 08:00")
    assert "1 封" in str(office.letters("alert", DIRECTOR)[1]["Subject"])
    office.once("11-23 08:00")
    assert len(office.letters("alert", DIRECTOR)) == 2


# What a server's header says, and what becomes of a plan of the staff and of a deputy's answer to his digest.
FAILED, PROVED, UNPROVED = ("quarantine", "quarantine"), ("submission", "decision"), ("submission", "quarantine")
RESULTS = {
    "dmarc-pass": (["mx.example.com; dmarc=pass header.from=example.com"], PROVED),
    "dmarc-fail": (["mx.example.com; dmarc=fail header.from=example.com"], FAILED),
    "folded-and-commented": (["mx.example.com;\r\n dmarc=pass (p=reject\r\n dis=none)\r\n header.from=example.com"], PROVED),
    "fail-in-a-comment": (["mx.example.com; dmarc=pass (dmarc=fail once) header.from=example.com"], PROVED),
    "pass-in-a-comment": (["mx.example.com; dmarc=fail (dmarc=pass) header.from=example.com"], FAILED),
    "untrusted-server": (["mx.evil.net; dmarc=pass header.from=example.com"], PROVED),
    "look-alike-server": (["mx.example.com.evil.net; dmarc=fail header.from=example.com"], PROVED),
    "forged-pass-below-the-true-fail": (
        ["mx.example.com; dmarc=fail header.from=example.com", "mx.example.com; dmarc=pass header.from=example.com"], FAILED),
    "forged-pass-below-what-nobody-can-read": (
        ["mx.example.com; spf=((( ;;; =", "mx.example.com; dmarc=pass header.from=example.com"], FAILED),
    "fail-with-what-the-library-can-not-read": (
        ["mx.example.com; spf=fail smtp.mailfrom=用户@evil.net; dmarc=fail header.from=example.com"], FAILED),
    "pass-with-what-the-library-can-not-read": (
        ["mx.example.com; spf=pass smtp.mailfrom=用户@example.com; dmarc=pass header.from=example.com"], PROVED),
    "wide-spaces-are-no-spaces": (
        ["mx.example.com; spf=pass smtp.mailfrom=a\u3000dmarc=pass\u3000header.from=example.com"], UNPROVED),
    "an-unclosed-string": (['mx.example.com; dmarc=fail header.from="example.com'], FAILED),
    "pass-written-into-mail-from": (
        ['mx.example.com; spf=pass smtp.mailfrom="a; dmarc=pass header.from=example.com"@evil.net'], UNPROVED),
    "the-attackers-own-domain-passes": (["mx.example.com; dmarc=pass header.from=evil.net"], UNPROVED),
    "the-attackers-own-signature-passes": (["mx.example.com; dkim=pass header.d=evil.net"], UNPROVED),
    "a-signature-of-the-senders-domain": (["mx.example.com; dkim=pass header.d=example.com"], PROVED),
    "a-host-of-the-senders-domain": (["mx.example.com; spf=pass smtp.mailfrom=wang@example.com"], PROVED),
    "nothing-checked": (["mx.example.com; none"], UNPROVED),
    "dmarc-temperror": (["mx.example.com; dmarc=temperror header.from=example.com"], UNPROVED),
    "no-header": ([], PROVED),
}  # fmt: skip


def with_a_deputy(office: Office, **parts: str) -> None:
    """赵副总 decides for the director all November."""
    deputies = '[[deputies]]\nperson = "zhao"\nfrom = 2026-11-01\nto = 2026-11-30\n'
    office.configure(roster=ROSTER + "zhao,赵副总,zhao@example.com,,管理层,observer,,,,\n", tail=deputies, **parts)


def test_the_servers_own_word_on_the_sender_counts_and_nobody_elses(office: Office) -> None:
    with_a_deputy(office, mailbox='trusted_authserv = ["mx.example.com"]')
    plan = mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN)
    office.staff_mail("11-20 10:00", plan)
    office.once("11-21 21:20")
    thread = str(office.letters("digest", DEPUTY)[0]["Message-ID"])
    written: dict[str, tuple[str, str]] = {}
    for minute, (case, (headers, _)) in enumerate(RESULTS.items()):
        more = b"".join(b"Authentication-Results: " + value.encode() + b"\r\n" for value in headers)
        mine = mail("zhangsan@example.com", DIRECTOR, "周工作计划", f"{PLAN}\n{case}")
        # The deputy changes his mind each time, so that every answer that is believed decides something.
        his = mail(DEPUTY, DIRECTOR, "Re: 汇总", f"李四 修改：{case}", reply_to=thread)
        office.staff_mail(f"11-21 22:{minute:02d}", more + mine)
        office.staff_mail(f"11-21 22:{minute:02d}:30", more + his)
        written[case] = message_id(mine), message_id(his)
    office.once("11-21 23:00")
    found = dict(sqlite3.connect(office.folder / "mailflow.db").execute("select message_id, disposition from messages"))
    outcomes = {case: (found[mine], found[his]) for case, (mine, his) in written.items()}
    assert outcomes == {case: expected for case, (_, expected) in RESULTS.items()}


def test_where_the_server_stamps_all_mail_a_mail_without_a_stamp_is_not_believed(office: Office) -> None:
    with_a_deputy(office, mailbox='trusted_authserv = ["mx.example.com"]\nrequire_pass = true')
    office.staff_mail("11-20 10:00", mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN))
    office.once("11-21 21:20")
    thread = str(office.letters("digest", DEPUTY)[0]["Message-ID"])
    office.staff_mail("11-21 22:00", mail(DEPUTY, DIRECTOR, "Re: 汇总", "李四 同意", reply_to=thread))
    assert office.once("11-21 22:01")["decisions"] == 0
    [asked] = office.letters("clarify")
    assert str(asked["To"].addresses[0].addr_spec) == DEPUTY
    passed = ("Authentication-Results", "mx.example.com; dmarc=pass header.from=example.com")
    again = mail(DEPUTY, DIRECTOR, "Re: 请确认", "同意", reply_to=asked["Message-ID"], headers=[passed])
    office.staff_mail("11-21 22:10", again)
    assert office.once("11-21 22:11")["decisions"] == 1

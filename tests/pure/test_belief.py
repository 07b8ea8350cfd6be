"""Who is believed, row by row: the mail server's word, the right to decide, and what an answer is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest

from mailflow.reading import open_letter
from mailflow.reading.context import Answered, Context, Inputs, Ticket
from mailflow.reading.opening.quoting import OwnWords
from mailflow.reading.trusting.aim import aim
from mailflow.reading.trusting.authenticity import Vouched, vouched
from mailflow.reading.trusting.belief import Belief, Claim, Sender, believed
from mailflow.rules.office import Deputy, Office
from mailflow.rules.people import Person, Role
from mailflow.rules.submission import Key, State, Submission, Target
from mailflow.wire import Folder
from tests.offices import DIRECTOR, LISI, PLAN, SUMMARY, ZHANGSAN, an_office, at

D, C, ANY = Sender.DIRECTOR, Sender.DECIDER, Sender.OTHER
IN, SENT, ASIDE = Folder.INBOX, Folder.SENT, Folder.ASIDE
PASSED, FAILED, NEITHER, UNSAID, UNREADABLE = (
    Vouched.PASSED, Vouched.FAILED, Vouched.NEITHER, Vouched.UNSAID, Vouched.UNREADABLE,
)  # fmt: skip

# What is claimed, and what becomes of it.
CLAIMS: dict[str, tuple[Claim, Belief]] = {
    "the director in Sent": (Claim(SENT, D), Belief.BY_PLACE),
    "the director in Sent, whatever it answers": (Claim(SENT, D, cites=True, letter=True, token=True), Belief.BY_PLACE),
    "somebody else in Sent": (Claim(SENT, C, letter=True, token=True), Belief.NOTHING),
    "a plain mail of his in INBOX": (Claim(IN, D), Belief.SHOWN),
    "his answer to a submission in INBOX": (Claim(IN, D, answers=True), Belief.SHOWN),
    "his answer to the digest in INBOX": (Claim(IN, D, cites=True, letter=True), Belief.WAITS),
    "his link in INBOX": (Claim(IN, D, cites=True, token=True), Belief.WAITS),
    "the same after the wait": (Claim(IN, D, cites=True, letter=True, waited=True), Belief.UNPROVED),
    "his link after the wait": (Claim(IN, D, cites=True, token=True, waited=True), Belief.UNPROVED),
    "his answer to our question, too early": (Claim(IN, D, cites=True, letter=True, proof=True), Belief.WAITS),
    "his answer to our question": (Claim(IN, D, cites=True, letter=True, proof=True, waited=True), Belief.BY_LETTER),
    "the same, with others on copy": (
        Claim(IN, D, cites=True, letter=True, proof=True, waited=True, alone=False), Belief.UNPROVED),
    "a question whose id others have seen": (Claim(IN, D, cites=True, proof=True, waited=True), Belief.UNPROVED),
    "the same, which the server proves nothing of": (
        Claim(IN, D, NEITHER, cites=True, letter=True, proof=True, waited=True), Belief.UNPROVED),
    "a deputy's answer to his digest": (Claim(IN, C, cites=True, letter=True), Belief.BY_LETTER),
    "the same in Junk": (Claim(ASIDE, C, cites=True, letter=True), Belief.BY_LETTER),
    "a deputy's link": (Claim(IN, C, cites=True, token=True, ticketed=True), Belief.BY_TOKEN),
    "a deputy's answer, proved": (Claim(IN, C, PASSED, cites=True, letter=True), Belief.BY_LETTER),
    "a deputy's answer, proved where it must be": (
        Claim(IN, C, PASSED, require_pass=True, cites=True, letter=True), Belief.BY_LETTER),
    "a deputy's answer, unsaid where it must be proved": (
        Claim(IN, C, UNSAID, require_pass=True, cites=True, letter=True), Belief.UNPROVED),
    "a deputy's answer of which the server proves nothing": (
        Claim(IN, C, NEITHER, cites=True, letter=True), Belief.UNPROVED),
    "a deputy's link of which the server proves nothing": (
        Claim(IN, C, NEITHER, cites=True, token=True), Belief.UNPROVED),
    "a deputy's answer with others on copy": (Claim(IN, C, cites=True, letter=True, alone=False), Belief.UNPROVED),
    "a deputy's answer to a letter that others have seen": (Claim(IN, C, cites=True), Belief.UNPROVED),
    "a deputy's yes to a submission": (Claim(IN, C, answers=True), Belief.UNPROVED),
    "a deputy's own mail": (Claim(IN, C), Belief.NOTHING),
    "a deputy's mail with a token that is not his": (Claim(IN, C, ticketed=True), Belief.FOREIGN),
    "a staff member who cites the digest": (Claim(IN, ANY, cites=True), Belief.NOTHING),
    "a staff member with somebody's token": (Claim(IN, ANY, cites=True, ticketed=True), Belief.FOREIGN),
    "a staff member's ordinary mail": (Claim(IN, ANY), Belief.NOTHING),
    "a staff member's answer to a colleague's plan": (Claim(IN, ANY, answers=True), Belief.NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("case", CLAIMS)
def test_who_is_believed(case: str) -> None:
    claim, expected = CLAIMS[case]
    assert believed(claim) is expected


def test_nothing_in_inbox_is_obeyed_without_a_secret_of_its_own() -> None:
    flags = list(product([False, True], repeat=6))
    for sender, vouch, (proof, alone, cites, ticketed, answers, waited) in product(Sender, Vouched, flags):
        claim = Claim(
            IN, sender, vouch, False, False, proof, False, alone, cites, ticketed, answers, waited
        )  # fmt: skip
        assert not believed(claim).obeyed
        if vouch in (NEITHER, FAILED, UNREADABLE) or not alone:
            assert not believed(replace(claim, letter=True, token=True)).obeyed
    assert {belief for belief in Belief if belief.obeyed} == {Belief.BY_PLACE, Belief.BY_LETTER, Belief.BY_TOKEN}


# What a server's header says of a mail from zhangsan@example.com, and what follows.
RESULTS: dict[str, tuple[list[str], Vouched]] = {
    "nothing": ([], UNSAID),
    "another server": (["mx.evil.net; dmarc=fail header.from=example.com"], UNSAID),
    "pass": (["mx.example.com; dmarc=pass header.from=example.com"], PASSED),
    "pass that names nobody": (["mx.example.com; dmarc=pass"], PASSED),
    "pass of another domain": (["mx.example.com; dmarc=pass header.from=evil.net"], NEITHER),
    "one pass and one none": (["mx.example.com; dmarc=pass header.from=example.com; dmarc=none"], NEITHER),
    "fail": (["mx.example.com; dmarc=fail header.from=example.com"], FAILED),
    "FAIL": (["mx.example.com; DMARC=FAIL header.from=example.com"], FAILED),
    "fail beside a signature that passes": (["mx.example.com; dkim=pass header.d=example.com; dmarc=fail"], FAILED),
    "none": (["mx.example.com; dmarc=none header.from=example.com"], NEITHER),
    "signature": (["mx.example.com; dkim=pass header.d=example.com"], PASSED),
    "signature by its identity": (["mx.example.com; dkim=pass header.i=@example.com"], PASSED),
    "signature of another": (["mx.example.com; dkim=pass header.d=evil.net"], NEITHER),
    "signature that names nobody": (["mx.example.com; dkim=pass"], NEITHER),
    "signature that fails": (["mx.example.com; dkim=fail header.d=example.com"], NEITHER),
    "two identities, one of another": (["mx.example.com; dkim=pass header.d=example.com header.i=@evil.net"], NEITHER),
    "host": (["mx.example.com; spf=pass smtp.mailfrom=zhangsan@example.com"], PASSED),
    "host of another": (["mx.example.com; spf=pass smtp.mailfrom=zhangsan@evil.net"], NEITHER),
    "host by helo alone": (["mx.example.com; spf=pass smtp.helo=example.com"], NEITHER),
    "another method": (["mx.example.com; iprev=pass policy.iprev=192.0.2.1"], NEITHER),
    "one of two": (["mx.example.com; spf=fail smtp.mailfrom=a@evil.net; dkim=pass header.d=example.com"], PASSED),
    "unreadable": (["mx.example.com; spf=((( ;;; ="], UNREADABLE),
    "unreadable of another": (["mx.evil.net; spf=((( ;;; =", "mx.example.com; dmarc=pass"], PASSED),
    "unreadable above a pass": (["mx.example.com; spf=((( ;;; =", "mx.example.com; dmarc=pass"], UNREADABLE),
    "Chinese in it": (["mx.example.com; spf=fail smtp.mailfrom=用户@evil.net; dmarc=fail"], FAILED),
    "the topmost counts": (["mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"], FAILED),
    "below another's": (["mx.evil.net; dmarc=pass", "mx.example.com; dmarc=fail"], FAILED),
    "an unclosed string hides a fail": (
        ['mx.example.com; spf=fail smtp.mailfrom="x@evil.net; dmarc=fail header.from=example.com'],
        UNREADABLE,
    ),
    "an unclosed string with a pass in it": (
        ['mx.example.com; spf=fail smtp.mailfrom="a;dmarc=pass@evil.net; dmarc=fail header.from=example.com'],
        UNREADABLE,
    ),
    "an escape hides a fail": (
        ['mx.example.com; spf=fail smtp.mailfrom="x\\"@evil.net; dmarc=fail header.from=example.com'],
        UNREADABLE,
    ),
    "an unclosed comment hides a fail": (
        ["mx.example.com; spf=pass smtp.mailfrom=e.net (x; dmarc=fail header.from=example.com"],
        UNREADABLE,
    ),
    "a comment closed twice": (["mx.example.com; spf=pass) smtp.mailfrom=example.com; dmarc=fail"], UNREADABLE),
    "no semicolon": (["mx.example.com; spf=none dmarc=fail"], UNREADABLE),
    "a Chinese unclosed string": (['mx.example.com; dmarc=pass smtp.mailfrom="用户@evil.net'], UNREADABLE),
    "no result word": (["mx.example.com; dmarc=quarantine header.from=example.com"], UNREADABLE),
    "an error that is to last": (["mx.example.com; dmarc=permerror header.from=example.com"], NEITHER),
    "the old spelling of a version": (["mx.example.com/1; dmarc=fail header.from=example.com"], FAILED),
    "a version": (["mx.example.com 1; dmarc=fail header.from=example.com"], FAILED),
    "a server behind a comment": (["(by) mx.example.com; dmarc=fail"], UNREADABLE),
    "a server in a string": (['"mx.example.com"; dmarc=fail'], UNREADABLE),
    "no server": (["; dmarc=pass header.from=example.com"], UNREADABLE),
    "an encoded word in the sender's part": (
        ["mx.example.com; spf=pass smtp.mailfrom==?utf-8?q?a=3B_dmarc=3Dpass_header.from=3Dexample.com=3B?=@evil.net"],
        NEITHER,
    ),
    "a quoted local part with a pass in it": (
        ['mx.example.com; spf=pass smtp.mailfrom="a; dmarc=pass header.from=example.com"@evil.net'],
        NEITHER,
    ),
    "as Microsoft writes it": (
        [
            "mx.example.com; spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; dkim=pass (signature was verified)"
            " header.d=example.com;dmarc=pass action=none header.from=example.com;compauth=pass reason=100"
        ],
        PASSED,
    ),
    "as Google writes it": (
        [
            "mx.example.com; dkim=pass header.i=@example.com header.s=s1 header.b=AbC+d/E=; spf=pass (google.com: domain of"
            " a@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.com; dmarc=pass (p=NONE sp=NONE"
            " dis=NONE) header.from=example.com"
        ],
        PASSED,
    ),
    "with angle brackets": (["mx.example.com; spf=pass smtp.mailfrom=<zhangsan@example.com>"], PASSED),
    "none at all": (["mx.example.com; none"], NEITHER),
    "nothing after the server": (["mx.example.com"], UNREADABLE),
    "capitals": (["MX.Example.COM; dmarc=pass header.from=Example.com"], PASSED),
}


@pytest.mark.parametrize("case", RESULTS)
def test_what_the_trusted_server_says(case: str) -> None:
    headers, expected = RESULTS[case]
    raw = "".join(f"Authentication-Results: {value}\r\n" for value in headers) + "From: zhangsan@example.com\r\n\r\nx"
    assert vouched(open_letter(raw.encode()), ["mx.example.com"]) is expected
    assert vouched(open_letter(raw.encode()), []) is UNSAID


def test_a_mail_from_nobody_is_vouched_for_by_nothing() -> None:
    raw = b"Authentication-Results: mx.example.com; dkim=pass header.d=example.com\r\n\r\nx"
    assert vouched(open_letter(raw), ["mx.example.com"]) is NEITHER


# Who may decide. 李四 is 张三's supervisor, 赵 a deputy from the 20th to the 22nd.

ZHAO = Person("zhao", "赵副总", "zhao@example.com", role=Role.OBSERVER)
ZHANG = replace(ZHANGSAN, supervisor="lisi")
BY_SUPERVISOR = replace(PLAN, reviewer="supervisor")
DAYS = {19: False, 20: True, 21: True, 22: True, 23: False}


def ours() -> Office:
    from mailflow.rules.duties import Reviewer

    office = an_office(ZHANG, LISI, ZHAO)
    duties = (PLAN, replace(SUMMARY, reviewer=Reviewer.SUPERVISOR))
    return replace(
        office,
        duties=duties,
        deputies=(Deputy("zhao", date(2026, 11, 20), date(2026, 11, 22)), Deputy("gone", date.min, date.max)),
    )


@pytest.mark.parametrize(
    ("reviewer", "person", "duty", "day", "may"),
    [
        (DIRECTOR, ZHANG, "plan", 19, True),
        (DIRECTOR, ZHANG, "summary", 19, True),
        (DIRECTOR, DIRECTOR, "plan", 19, False),
        *((ZHAO, ZHANG, duty, day, may) for duty in ("plan", "summary") for day, may in DAYS.items()),
        (ZHAO, ZHAO, "plan", 21, False),
        (LISI, ZHANG, "plan", 21, False),
        (LISI, ZHANG, "summary", 21, True),
        (LISI, LISI, "summary", 21, False),
        (ZHANG, LISI, "summary", 21, False),
        (ZHANG, ZHANG, "summary", 21, False),
    ],
)
def test_who_may_decide(reviewer: Person, person: Person, duty: str, day: int, may: bool) -> None:
    office = ours()
    wanted = office.duties[0 if duty == "plan" else 1]
    assert office.may_decide(reviewer, person, wanted, date(2026, 11, day)) is may


def test_reviewers_are_the_director_his_deputies_of_the_day_and_supervisors_where_they_review() -> None:
    office = ours()
    assert [p.id for p in office.reviewers(date(2026, 11, 21))] == ["wang", "zhao", "lisi"]
    assert [p.id for p in office.reviewers(date(2026, 11, 23))] == ["wang", "lisi"]
    assert [p.id for p in replace(office, duties=(PLAN,)).reviewers(date(2026, 11, 23))] == ["wang"]
    assert [p.id for p in office.deputies_on(date(2026, 11, 21))] == ["zhao"]


# What an answer is about: the ladder.


def held(who: str, duty: str = "weekly-plan", number: int = 1, state: State = State.RECEIVED) -> Submission:
    from mailflow.rules.periods import Period

    key = Key(who, duty, Period.parse("2026-W48"))
    return Submission(number, key, "K7Q2MD", state, (at("2026-11-20T10:00"),))


MINE, HIS = Target(held("zhangsan"), 1), Target(held("lisi", number=2))
TO_HIM = Answered("digest", "wang")


def inputs(headers: str, context: Context, role: Folder = SENT) -> Inputs:
    letter = open_letter(f"From: wang@example.com\r\n{headers}\r\n\r\n同意".encode())
    now: datetime = at("2026-11-21T10:00")
    return Inputs(letter, an_office(), context, now, role, DIRECTOR, OwnWords("同意", "whole text"))


REPLY = "In-Reply-To: <a@x>\r\nReferences: <a@x>\r\nSubject: Re: 周工作计划"
KNOWN = Context(knows_store=True)
LADDER: dict[str, tuple[str, Context, list[Person], Folder, tuple[list[Target], bool] | None]] = {
    "what it answers": (REPLY, replace(KNOWN, answered=(MINE,)), [ZHANGSAN], SENT, ([MINE], True)),
    "what it answers wins over the code": (
        REPLY, replace(KNOWN, answered=(MINE,), by_code=(HIS,)), [ZHANGSAN], SENT, ([MINE], True)),
    "what it answers wins over the rest of the thread": (
        REPLY, replace(KNOWN, answered=(MINE,), thread=(HIS,)), [], SENT, ([MINE], True)),
    "something else that mentions one": (REPLY, replace(KNOWN, thread=(MINE,)), [ZHANGSAN], SENT, ([MINE], False)),
    "something else, with a code": (REPLY, replace(KNOWN, by_code=(MINE,)), [ZHANGSAN], SENT, ([MINE], False)),
    "something else, with one open": (
        REPLY, replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN], SENT, ([Target(held("zhangsan"))], False)),
    "something else that names nothing": ("In-Reply-To: <a@x>\r\nSubject: Re: 晚饭", KNOWN, [ZHANGSAN], SENT, None),
    "a token in a mail that he began": (
        "Subject: x", replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),)), [], SENT, ([MINE], True)),
    "a token in an answer to our letter": (
        REPLY, replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),), answered_letter=TO_HIM), [], SENT, ([MINE], True)),
    "a token that somebody else wrote": (
        REPLY, replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),)), [LISI], SENT, ([MINE], False)),
    "a token in an answer to a letter to somebody else": (
        REPLY, replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),), answered_letter=Answered("receipt", "lisi")), [], SENT, ([MINE], False)),
    "a token in an answer that only mentions our letter": (
        "References: <a@x>\r\nSubject: x",
        replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),), answered_letter=replace(TO_HIM, direct=False)), [], SENT, ([MINE], False)),
    "a token behind Re:": (
        "Subject: Re: x", replace(KNOWN, tickets=(Ticket("T", MINE, "wang", False),)), [], SENT, ([MINE], False)),
    "a token of another reviewer": (
        "Subject: x", replace(KNOWN, tickets=(Ticket("T", MINE, "zhao", False),)), [], SENT, None),
    "the code": ("Subject: Re: x", replace(KNOWN, by_code=(MINE,)), [ZHANGSAN], SENT, ([MINE], True)),
    "the code, to himself": ("Subject: Re: x", replace(KNOWN, by_code=(MINE,)), [], SENT, ([MINE], True)),
    "the code of another": ("Subject: Re: x", replace(KNOWN, by_code=(MINE,)), [LISI], SENT, ([MINE], False)),
    "the code, to both": ("Subject: Re: x", replace(KNOWN, by_code=(MINE,)), [ZHANGSAN, LISI], SENT, ([MINE], False)),
    "the code from INBOX": ("Subject: Re: x", replace(KNOWN, by_code=(MINE,)), [ZHANGSAN], IN, ([MINE], False)),
    "References alone": ("References: <a@x>\r\nSubject: x", replace(KNOWN, thread=(MINE,)), [ZHANGSAN], SENT, ([MINE], False)),
    "the one open item": (
        "Subject: 周工作计划", replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN], SENT, ([Target(held("zhangsan"))], True)),
    "the one open item from INBOX": (
        "Subject: 周工作计划", replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN], IN, ([Target(held("zhangsan"))], False)),
    "one that is decided": (
        "Subject: 周工作计划", replace(KNOWN, held={"zhangsan": (held("zhangsan", state=State.APPROVED),)}), [ZHANGSAN], SENT, ([], True)),
    "another duty": (
        "Subject: 周工作总结", replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN], SENT, ([], True)),
    "two people in a fresh mail": (
        "Subject: 周工作计划", replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN, LISI], SENT, None),
    "two people in an answer": (
        "Subject: Re: 周工作计划", replace(KNOWN, held={"zhangsan": (held("zhangsan"),)}), [ZHANGSAN, LISI], SENT, ([Target(held("zhangsan"))], False)),
    "nobody of the staff": ("Subject: 周工作计划", KNOWN, [], SENT, None),
    "without a store": ("Subject: Re: 周工作计划", Context(), [], SENT, ([], True)),
    "nothing at all": ("Subject: 你好", Context(), [ZHANGSAN], SENT, None),
}  # fmt: skip


@pytest.mark.parametrize("case", LADDER)
def test_what_an_answer_is_about(case: str) -> None:
    headers, context, people, role, expected = LADDER[case]
    found = aim(inputs(headers, context, role), people)
    assert (found and (list(found.targets), found.sure)) == expected

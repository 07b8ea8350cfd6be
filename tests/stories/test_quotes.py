"""What others wrote comes back below the director's words, broken anew by his program, and decides nothing."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.office import Office, mail, message_id, text_of
from tests.stories.test_many import DIRECTOR, states

LONG = "本周继续跟进重点客户并整理合同以及对接财务部门关于报销流程的问题"
SCORES = "2026-W47"


def broken(text: str, width: int) -> str:
    """A quote as a program makes it that marks first and then breaks lines: only the first piece bears the mark."""
    lines = [f"> {line}" for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(line[at : at + width] for line in lines for at in range(0, max(1, len(line)), width))


def marks(office: Office) -> set[object]:
    return {*states(office).values(), *states(office, "weekly-summary", SCORES).values()}


@pytest.mark.parametrize("width", [len(LONG) + 2, 12, 20, 34])
def test_a_broken_quote_of_ones_own_mail_scores_and_approves_nothing(office: Office, width: int) -> None:
    for subject, text in (("下周工作计划", f"{LONG}同意"), ("本周工作总结", f"{LONG}100分")):
        sent = mail("zhangsan@example.com", DIRECTOR, subject, text)
        office.staff_mail("11-21 10:00", sent)
        office.once("11-21 10:01")
        answer = f"收到，谢谢\n\n在 2026年11月21日，张三 写道：\n{broken(text, width)}"
        office.director_sends(
            "11-21 10:10", mail(DIRECTOR, "zhangsan@example.com", f"回复：{subject}", answer, reply_to=message_id(sent))
        )
        assert office.once("11-21 10:11")["decisions"] == 0


@pytest.mark.parametrize("width", [len(LONG) + 2, 20, 38, 64])
def test_a_broken_quote_of_the_digest_decides_no_more_than_his_line(office: Office, width: int) -> None:
    for who, end in (("zhangsan", "全部同意"), ("wangwu", "")):
        for subject, text in (("下周工作计划", LONG + end), ("本周工作总结", LONG + (end and "张三100"))):
            office.staff_mail("11-21 10:00", mail(f"{who}@example.com", DIRECTOR, subject, text))
    office.once("11-21 21:20")
    [digest] = office.letters("digest", DIRECTOR)
    answers(office, digest, f"王五 90\n\n在 2026年11月21日，运营总监 写道：\n{broken(text_of(digest), width)}")
    assert states(office, "weekly-summary", SCORES) == {
        "zhangsan": "received", "lisi": "missing", "wangwu": 90.0, "smith": "missing",
    }  # fmt: skip
    assert "approved" not in marks(office)
    assert office.letters("clarify", DIRECTOR) == []


def answers(office: Office, digest: EmailMessage, words: str) -> None:
    office.director_sends("11-21 21:30", mail(DIRECTOR, DIRECTOR, "Re: 汇总", words, reply_to=digest["Message-ID"]))
    office.once("11-21 21:31")


def test_a_line_below_a_wide_quoted_one_that_nobody_knows_is_asked_about(office: Office) -> None:
    sent = mail("zhangsan@example.com", DIRECTOR, "本周工作总结", "1. 台账已整理")
    office.staff_mail("11-21 10:00", sent)
    office.once("11-21 10:01")
    answer = f"收到，谢谢\n\n> {LONG}其中还有别的内容\n100分"
    office.director_sends(
        "11-21 10:10", mail(DIRECTOR, "zhangsan@example.com", "回复：本周工作总结", answer, reply_to=message_id(sent))
    )
    assert office.once("11-21 10:11")["decisions"] == 0
    # Between the lines of what he answers he may write as he likes.
    inline = "> 1. 台账已整理\n92分"
    office.director_sends(
        "11-21 10:20", mail(DIRECTOR, "zhangsan@example.com", "回复：本周工作总结", inline, reply_to=message_id(sent))
    )
    assert office.once("11-21 10:21")["decisions"] == 1

"""The director answers our questions: yes, no, yes with something more, late, or after he has decided otherwise."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote

import pytest

from tests.office import Office, html_of, mail, message_id, text_of
from tests.stories.test_many import DIRECTOR, digest, links, states

__all__ = ["digest"]
SCORES = "2026-W47"


def scores(office: Office) -> dict[str, object]:
    return states(office, "weekly-summary", SCORES)


def answers(office: Office, at: str, words: str, to: EmailMessage) -> int:
    """He answers a letter of ours; gives how much was decided."""
    office.director_sends(at, mail(DIRECTOR, DIRECTOR, "Re: 请确认", words, reply_to=to["Message-ID"]))
    return office.once(at[:-1] + str(int(at[-1]) + 1))["decisions"]


@pytest.fixture
def question(office: Office, digest: EmailMessage) -> EmailMessage:
    """What he is asked about two marks and a condition."""
    words = "张三 92分，不，95分吧\n李四 88分，嗯，90分吧\n王五 预算不超5000就同意"
    assert answers(office, "11-21 21:30", words, digest) == 0
    [clarify] = office.letters("clarify", DIRECTOR)
    assert "1号张三 总结95" in text_of(clarify)
    assert "2号李四 总结90" in text_of(clarify)
    return clarify


def test_what_he_corrects_before_he_says_yes_stands(office: Office, question: EmailMessage) -> None:
    assert answers(office, "11-21 22:00", "张三 70", question) == 1
    # What the correction leaves is asked again, in one letter.
    assert "2号李四 总结90" in text_of(office.letters("clarify", DIRECTOR)[-1])
    assert answers(office, "11-21 22:10", "是", question) == 1
    assert (scores(office)["zhangsan"], scores(office)["lisi"]) == (70.0, 90.0)
    receipt = text_of(office.letters("receipt", DIRECTOR)[-1])
    assert "维持不变" in receipt
    assert "张三 周工作总结 2026年第47周：评分 70" in receipt


def test_an_old_question_undoes_nothing_by_yes_or_by_tap(office: Office, question: EmailMessage) -> None:
    summary = mail("zhangsan@example.com", DIRECTOR, "本周工作总结", "补充：客户台账")
    office.staff_mail("11-21 21:40", summary)
    office.once("11-21 21:41")
    own = mail(DIRECTOR, "zhangsan@example.com", "回复：本周工作总结", "70", reply_to=message_id(summary))
    office.director_sends("11-21 21:50", own)
    assert office.once("11-21 21:51")["decisions"] == 1
    subject = next(s for s in links(question) if s.startswith("确认 [t:"))
    office.director_sends("12-01 10:00", mail(DIRECTOR, DIRECTOR, subject, links(question)[subject][1]))
    office.once("12-01 10:01")
    assert scores(office)["zhangsan"] == 70.0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("是。李四给85", (95.0, 85.0)),
        ("是，但张三改成90", (90.0, 90.0)),
        ("对的，除了李四", (95.0, "received")),
        ("对，李四 85", (95.0, 85.0)),
        ("不是", ("received", "received")),
        ("不对，张三 93", (93.0, "received")),
    ],
)
def test_a_yes_or_a_no_with_something_more(
    office: Office, question: EmailMessage, words: str, expected: tuple[object, object]
) -> None:
    answers(office, "11-21 22:00", words, question)
    assert (scores(office)["zhangsan"], scores(office)["lisi"]) == expected
    asked = [text_of(letter) for letter in office.letters("clarify", DIRECTOR)[1:]]
    assert all("不知道指的是谁" not in text for text in asked)
    # Nothing that was asked is dropped without a word.
    assert any("预算不超5000就同意" in text for text in asked) or "不" in words[:1]
    if "received" in expected:
        assert any("李四" in text for text in asked)


def test_a_yes_settles_what_was_proposed_and_asks_for_the_rest_again(office: Office, question: EmailMessage) -> None:
    assert answers(office, "11-21 22:00", "是", question) == 2
    rest = text_of(office.letters("clarify", DIRECTOR)[-1])
    assert "预算不超5000就同意" in rest
    assert "张三" not in rest.partition("请直接回复")[0]
    assert states(office)["wangwu"] == "received"


def asked_about_one(office: Office, words: str) -> EmailMessage:
    """The question about an answer to 李四's summary that is not sure."""
    summary = mail("lisi@example.com", DIRECTOR, "本周工作总结", "补充：客户台账")
    office.staff_mail("11-21 21:40", summary)
    office.once("11-21 21:41")
    answer = mail(DIRECTOR, "lisi@example.com", "回复：本周工作总结", words, reply_to=message_id(summary))
    office.director_sends("11-21 21:50", answer)
    assert office.once("11-21 21:51")["decisions"] == 0
    [clarify] = office.letters("clarify", DIRECTOR)
    return clarify


def test_a_question_about_one_mail_is_answered_with_more_than_yes(office: Office, digest: EmailMessage) -> None:
    clarify = asked_about_one(office, "93分，不，95分吧")
    assert answers(office, "11-21 22:00", "不对", clarify) == 0
    assert "我们这样理解" not in text_of(office.letters("clarify", DIRECTOR)[-1])
    assert answers(office, "11-21 22:10", "是，但改成90", clarify) == 1
    assert scores(office)["lisi"] == 90.0
    # The old question's link and a late yes change nothing, and he is told why.
    subject, (_, body) = next((s, found) for s, found in links(clarify).items() if "[t:" in s)
    office.director_sends("11-21 22:20", mail(DIRECTOR, DIRECTOR, subject, body))
    assert office.once("11-21 22:21")["decisions"] == 0
    assert answers(office, "11-21 22:30", "是", clarify) == 0
    assert scores(office)["lisi"] == 90.0
    assert "您此后已另行决定" in text_of(office.letters("clarify", DIRECTOR)[-1])


def test_a_yes_to_the_digest_is_asked_about(office: Office, digest: EmailMessage) -> None:
    assert answers(office, "11-21 22:00", "对", digest) == 0
    assert len(office.letters("clarify", DIRECTOR)) == 1
    assert answers(office, "11-21 22:10", "收到", digest) == 0
    assert len(office.letters("clarify", DIRECTOR)) == 1


def test_two_marks_are_two_links_and_a_bare_yes_chooses_neither(office: Office, digest: EmailMessage) -> None:
    clarify = asked_about_one(office, "90 还是 92，你觉得呢")
    assert "补充：客户台账" in text_of(clarify)
    assert sorted(body.strip() for _, (_, body) in taps(clarify)) == ["得分：90", "得分：92"]
    assert answers(office, "11-21 22:00", "是", clarify) == 0
    again = office.letters("clarify", DIRECTOR)[-1]
    assert sorted(body.strip() for _, (_, body) in taps(again)) == ["得分：90", "得分：92"], "a yes to two is neither"
    subject, (_, body) = next(tap for tap in taps(again) if "92" in tap[1][1])
    office.director_sends("11-21 22:10", mail(DIRECTOR, DIRECTOR, subject, body))
    assert office.once("11-21 22:11")["decisions"] == 1
    assert scores(office)["lisi"] == 92.0
    assert "你觉得呢" not in text_of(office.letters("score", "lisi@example.com")[-1])


def test_a_tap_does_what_its_button_says_with_the_remark_that_stands_below_it(
    office: Office, digest: EmailMessage
) -> None:
    clarify = asked_about_one(office, "88，如果周一补上材料的话")
    subject, (_, body) = next(tap for tap in taps(clarify) if "88" in tap[1][1])
    assert body == "得分：88 如果周一补上材料的话"
    office.director_sends("11-21 22:00", mail(DIRECTOR, DIRECTOR, subject, body))
    assert office.once("11-21 22:01")["decisions"] == 1
    assert scores(office)["lisi"] == 88.0
    assert "如果周一补上材料的话" in text_of(office.letters("score", "lisi@example.com")[-1])


def test_a_link_that_is_sent_as_it_opens_is_asked_about(office: Office, digest: EmailMessage) -> None:
    for at, verb in (("11-21 22:00", "修改：张三"), ("11-21 22:10", "打分：张三")):
        subject, (_, body) = next(tap for tap in links(digest).items() if tap[0].startswith(verb))
        office.director_sends(at, mail(DIRECTOR, DIRECTOR, subject, body))
        assert office.once(at[:-1] + "1")["decisions"] == 0
        assert "您没有写修改意见或分数" in text_of(office.letters("clarify", DIRECTOR)[-1])
    assert office.letters("revision") == []


def test_what_he_wrote_undecided_about_many_stands_in_the_next_nudge(office: Office, digest: EmailMessage) -> None:
    answers(office, "11-21 22:00", "张三 同意\n王五 预算不超5000就同意", digest)
    office.once("11-22 20:01")
    [nudge] = office.letters("nudge", DIRECTOR)
    assert "预算不超5000就同意" in text_of(nudge)


def taps(letter: EmailMessage) -> list[tuple[str, tuple[str, str]]]:
    """Each link of a letter, those with one subject as well: its subject, where to, and the body."""
    found = re.findall(r'href="mailto:([^"?]+)\?([^"]+)"', html_of(letter))
    queries = [(unquote(to), parse_qs(query.replace("&amp;", "&"))) for to, query in found]
    return [(query["subject"][0], (to, query["body"][0])) for to, query in queries]

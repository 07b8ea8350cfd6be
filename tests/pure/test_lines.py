"""Many at once: answers with a line a person, to a letter about twelve people of whom two bear one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.reading.lines import Item, Lines, read_lines
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Key, State, Submission, Target
from tests.offices import BANDS, PLAN, SUMMARY, at

NAMES = ("张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "张三丰", "陈伟", "陈伟", "Jo Smith")
PEOPLE = [
    Person(f"p{n}", name, f"p{n}@example.com", department="运营部" if n == 10 else "市场部")
    for n, name in enumerate(NAMES, 1)
]
ALL = set(range(1, 13))


def items() -> list[Item]:
    found = []
    for duty, period in ((PLAN, Period.parse("2026-W48")), (SUMMARY, Period.parse("2026-W47"))):
        for number, person in enumerate(PEOPLE, start=1):
            held = Submission(number, Key(person.id, duty.id, period), "", State.RECEIVED, (at("2026-11-20T10:00"),))
            # 吴十 has not submitted a plan.
            there = duty is SUMMARY or person.name != "吴十"
            found.append(Item(number, person, duty, period, Target(held, 1) if there else None))
    return found


ITEMS = items()


def said(text: str) -> Lines:
    return read_lines(text, ITEMS, PEOPLE, ScoreRules(bands=BANDS), VerdictWords(), ["王总"])


def told(text: str) -> dict[str, object]:
    """`3p`: approve, revise or a score, of row 3's plan (p) or summary (s)."""
    return {
        f"{r.item.number}{'p' if r.item.duty is PLAN else 's'}": r.decision.score
        if r.decision.verdict is Verdict.SCORE
        else r.decision.verdict.value
        for r in said(text).ruled
    }


A, R = "approve", "revise"
PLANS = {f"{n}p": A for n in ALL - {8}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三 同意\n李四 修改:第二项补充完成时间\n王五 92 客户回访做得好", {"1p": A, "2p": R, "3s": 92}),
        ("1-5 同意,6 退回:原因", {"1p": A, "2p": A, "3p": A, "4p": A, "5p": A, "6p": R}),
        ("1-5 同意，6 退回：原因", {"1p": A, "2p": A, "3p": A, "4p": A, "5p": A, "6p": R}),
        ("1、3、5 同意", {"1p": A, "3p": A, "5p": A}),
        ("张三、李四 同意，王五 修改：目标量化，和赵六对接", {"1p": A, "2p": A, "3p": R}),
        ("张三 同意 李四 同意 王五 92", {"1p": A, "2p": A, "3s": 92}),
        ("張三 同意", {"1p": A}),
        ("p1 同意; p2 同意; p3 80", {"1p": A, "2p": A, "3s": 80}),
        ("张三同意\n李四同意\n王五退回，重写", {"1p": A, "2p": A, "3p": R}),
        ("张三丰同意，张三92", {"9p": A, "1s": 92}),
        ("1. 张三 同意\n2. 李四 92", {"1p": A, "2s": 92}),
        ("张三 计划同意，总结92", {"1p": A, "1s": 92}),
        ("张三 同意 92", {"1p": A, "1s": 92}),
        ("张三\t92\t很好\n李四\t88", {"1s": 92, "2s": 88}),
        ("计划：\n张三 同意\n总结：\n张三 92\n李四 88", {"1p": A, "1s": 92, "2s": 88}),
        ("一、计划\n张三 同意\n二、总结\n张三 92", {"1p": A, "1s": 92}),
        ("陈伟(p10) 同意", {"10p": A}),
        ("陈伟（运营部） 同意", {"10p": A}),
        ("p11 退回", {"11p": R}),
        ("Jo Smith approved", {"12p": A}),
        ("同意：张三、李四\n退回：王五", {"1p": A, "2p": A, "3p": R}),
        ("张三 同意但第3条改成周三", {"1p": R}),
        ("各位好，批复如下：\n张三 同意\n谢谢\n王总", {"1p": A}),
        ("全部同意", PLANS),
        ("所有人同意。", PLANS),
        ("同意全部计划", PLANS),
        ("all approved", PLANS),
        ("其余同意\n李四 退回：太笼统", PLANS | {"2p": R}),
        ("除李四外都同意", {k: v for k, v in PLANS.items() if k != "2p"}),
        ("除李四、王五以外，其余同意", {k: v for k, v in PLANS.items() if k not in ("2p", "3p")}),
        ("除了李四，其他人都同意\n李四 修改：量化", PLANS | {"2p": R}),
        ("Jo Smith revise: dates\nthe rest approved", PLANS | {"12p": R}),
        ("其余90分\n张三 95", {f"{n}s": 90 for n in ALL} | {"1s": 95}),
    ],
)
def test_settled(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected
    assert said(text).unsettled == ()


@pytest.mark.parametrize(
    ("text", "settled", "why"),
    [
        ("张山 退回\n其余同意", {}, {"unknown", "rest-unsure"}),
        ("陈伟 同意\n其余同意", {}, {"namesakes", "rest-unsure"}),
        ("陈伟 同意\n张三 同意", {"1p": A}, {"namesakes"}),
        ("小王 同意", {}, {"unknown"}),
        ("除张山外都同意", {}, {"unknown"}),
        ("张三 同意\n张三 退回", {}, {"twice"}),
        ("全部同意\n李四那份再改改", {}, {"unclear"}),
        ("全部同意\n李四除外", {}, {"unclear"}),
        ("全部计划同意，总结稍后", {}, {"unclear"}),
        ("其余退回", {}, {"unclear"}),
        ("李四 好的", {}, {"unclear"}),
        ("王五 90或者92", {}, {"unclear"}),
        ("王五 120", {}, {"off-scale"}),
        ("99 同意", {}, {"nothing-there"}),
        ("吴十 计划同意\n张三 同意", {"1p": A}, {"unclear"}),
        ("张三 92\n李四 收到", {"1s": 92}, {"no-verdict"}),
    ],
)
def test_not_sure(text: str, settled: dict[str, object], why: set[str]) -> None:
    assert told(text) == settled
    assert {u.why.value for u in said(text).unsettled} == why


@pytest.mark.parametrize("text", ["同意", "以上同意", "谢谢\n王总", "", "大家辛苦了", "下周一开会", "92"])
def test_what_names_nobody_decides_nothing(text: str) -> None:
    assert said(text).ruled == ()


def test_comments_go_over_several_lines() -> None:
    found = said("王五 修改：\n第一项补充时间\n第二项写清负责人\n\n赵六 同意，注意成本").ruled
    assert [r.decision.comment for r in found] == ["第一项补充时间\n第二项写清负责人", "注意成本"]


def test_one_is_excused_by_name() -> None:
    found = said("吴十 免交：病假\n张三 同意")
    assert [(e.item.person.name, e.item.duty.id, e.reason) for e in found.excused] == [("吴十", "weekly-plan", "病假")]
    assert told("吴十 免交：病假\n张三 同意") == {"1p": A}


@given(
    st.lists(
        st.sampled_from(
            [*NAMES, "同意", "退回", "92", "其余", "全部", "除", "外", "，", "\n", " ", "1-5", "张山", "：", "改"]
        ),
        max_size=14,
    )
)
def test_no_row_is_settled_twice_and_nothing_raises(words: list[str]) -> None:
    found = said("".join(words))
    rows = [(r.item.number, r.item.duty.id) for r in found.ruled]
    assert len(rows) == len(set(rows))
    if any(u.why.value in ("unknown", "namesakes") for u in found.unsettled):
        assert not any(r.words.startswith(("其余", "全部")) for r in found.ruled)

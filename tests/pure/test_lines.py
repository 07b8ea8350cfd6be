"""Many at once: answers with a line a person, to a letter about twelve people of whom two bear one name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.digest import counted
from bench.train import rows_of
from mailflow.reading.answers.findings import Item, Lines
from mailflow.reading.answers.lines import read_lines
from mailflow.rules.duties import Review
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Key, State, Submission, Target
from mailflow.writing.plainly import plainly
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
        ("小何 同意", {}, {"unknown"}),
        ("张叁 同意", {}, {"unknown"}),
        ("除张山外都同意", {}, {"unknown"}),
        ("张三 同意\n张三 退回", {}, {"twice"}),
        ("全部计划同意，总结稍后", PLANS, {"unclear"}),
        ("其余退回", {}, {"unclear"}),
        ("李四 好的", {}, {"no-verdict"}),
        ("王五 90或者92", {}, {"unclear"}),
        ("王五 120", {}, {"off-scale"}),
        ("99 同意", {}, {"nothing-there"}),
        ("吴十 计划同意\n张三 同意", {"1p": A}, {"nothing-there"}),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三、李四两位同意", {"1p": A, "2p": A}),
        ("同意1、3，退回 2", {"1p": A, "3p": A, "2p": R}),
        ("退回：1（没写人手）、3（缺时间）\n同意：2", {"1p": R, "3p": R, "2p": A}),
        ("一号二号同意三号打回没写时间", {"1p": A, "2p": A, "3p": R}),
        ("1-3同意，其中3号退回", {"1p": A, "2p": A, "3p": R}),
        ("4号往后都同意", {f"{n}p": A for n in range(4, 13) if n != 8}),
        ("前三个的计划同意", {"1p": A, "2p": A, "3p": A}),
        ("全部同意\n李四那份再改改", PLANS | {"2p": R}),
        ("全部同意，李四除外", {k: v for k, v in PLANS.items() if k != "2p"}),
        ("张三\n计划：√\n总结：89", {"1p": A, "1s": 89}),
        ("姓名|计划|总结|备注\n张三|同意|90|好\n李四|退回|80|", {"1p": A, "1s": 90, "2p": R, "2s": 80}),
        ("1 同意 92\n2 退回 80 数据不对", {"1p": A, "1s": 92, "2p": R, "2s": 80}),
        ("九十二 张三\n八十八 李四", {"1s": 92, "2s": 88}),
        ("1号九十，2号八十八", {"1s": 90, "2s": 88}),
        ("三丰92，小钱同意", {"9s": 92, "5p": A}),
        ("均照准，总结周一再评", PLANS),
        ("打回的：\n张三\n李四\n通过的：\n王五", {"1p": R, "2p": R, "3p": A}),
    ],
)
def test_in_all_the_ways_people_write_it(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "settled", "asked"),
    [
        ("张三88，哦不对，90", {}, {1}),
        ("张三 同意\n李四 92\n看串行了，反了", {}, {1, 2}),
        ("张三 总结90，计划跟李四的对调", {}, {1, 2}),
        ("张三90 她们两个的计划也同意", {"1s": 90}, set()),
        ("张三、李四通过，分数都是88", {"1p": A, "2p": A, "1s": 88, "2s": 88}, set()),
        ("张三 退回，经再核，改为同意", {}, {1}),
        ("张三 预算不超五千就同意", {}, {1}),
        ("张三 先不批", {}, {1}),
        ("6号倒数第二个同意", {}, {6}),
        ("客户给张三打了九十二", {}, set()),
        ("1同意\n以上同意", {"1p": A}, set()),
        ("1、3、5 总结依次为 90、88、92", {"1s": Decimal(90), "3s": Decimal(88), "5s": Decimal(92)}, set()),
        ("剩下的我明天看", {}, ALL - {8} | {8}),
    ],
)
def test_what_is_not_sure_is_asked_about_with_its_rows(text: str, settled: dict[str, object], asked: set[int]) -> None:
    assert told(text) == settled
    assert {number for unsettled in said(text).unsettled for number in unsettled.numbers} >= asked


def test_a_remark_goes_to_the_one_whom_it_is_about() -> None:
    found = {r.item.number: r.decision.comment for r in said("张三 打回，和李四对接一下\n李四 92，数据清楚").ruled}
    assert found == {1: "和李四对接一下", 2: "数据清楚"}


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize(
    "decision",
    [
        Decision(Verdict.APPROVE),
        Decision(Verdict.APPROVE, comment="路上注意安全"),
        Decision(Verdict.REVISE),
        Decision(Verdict.REVISE, comment="目标要量化"),
        Decision(Verdict.SCORE, Decimal("88.5")),
        Decision(Verdict.SCORE, Decimal(92), "数据清楚"),
    ],
)
def test_what_we_propose_is_read_again_as_what_it_says(language: str, decision: Decision) -> None:
    review = Review.SCORE if decision.verdict is Verdict.SCORE else Review.APPROVE
    place = next(item for item in ITEMS if item.number == 3 and item.duty.review is review)
    [found] = said(plainly(place, decision, language)).ruled
    assert (found.item.number, found.item.duty.review, found.decision) == (3, review, decision)


def test_reading_stays_linear_and_a_paste_is_asked_about() -> None:
    pasted = "张三 92，" * 5000
    assert said(pasted).ruled == ()
    assert len(said(pasted).unsettled) == 1


@pytest.mark.parametrize("hand", ["A", "D", "J", "M", "BB", "BD", "BF", "BG"])
def test_a_stranger_s_answers_to_the_digest(hand: str) -> None:
    counts = counted(rows_of(hand, "lines"))
    assert counts["wrong"] <= 1
    assert counts["lost"] <= 1
    assert counts["done"] / counts["wanted"] > 0.6


OUTSIDERS = [
    # An exception that says what is wrong with it; and one with its reason in brackets.
    ("除了李四的计划要重写，其他人都同意", {"1p": A, "2p": R}),
    ("计划都同意，除了李四（写得太粗，退回）", {"1p": A, "2p": R}),
    ("除李四退回重写外，计划都同意", {"1p": A, "2p": R}),
    # Who is named by himself is not among all.
    ("总结都打90，李四打95，报表交晚了", {"1s": Decimal(90), "2s": Decimal(95)}),
    ("计划全部同意。李四打95", {"1p": A, "2p": A, "2s": Decimal(95)}),
    ("李四 please add deadlines to item 2. Everyone else OK.", {"1p": A, "2p": R}),
    # What is his own and what is another's.
    ("李四 修改 80 第二条没写时间", {"2p": R, "2s": Decimal(80)}),
    ("同意1，不同意2（太粗），3再看看", {"1p": A, "2p": R}),
    ("张三 95 继续保持", {"1s": Decimal(95)}),
    ("张三改成95", {"1s": Decimal(95)}),
    ("1同意\n2同意\n另：下周五例会改到三点，请都准时参加。", {"1p": A, "2p": A}),
    ("93：1、2", {"1s": Decimal(93), "2s": Decimal(93)}),
    ("①②过，③退回", {"1p": A, "2p": A, "3p": R}),
    ("张三、李四分别给88和84", {"1s": Decimal(88), "2s": Decimal(84)}),
    ("张三的计划和总结都退回", {"1p": R, "1s": R}),
    # An exception with its mark or its verdict in between.
    ("计划全部同意，总结除李四90外都是86", {"1p": A, "2p": A, "1s": Decimal(86), "2s": Decimal(90)}),
    ("除李四的计划重写外都同意", {"1p": A, "2p": R}),
    ("各位的計畫我都看過了，\n1 同意\n2 退回，寫太簡略", {"1p": A, "2p": R}),
]
TURNED = [
    "张三 85作废",
    "张三 不 同意",
    "张三 同意才怪",
    "张三 总结 90 或 95",
    "张三 92,5",
    "张三 待批准",
    "张三 85给多了",
]


@pytest.mark.parametrize("text", TURNED)
def test_what_is_turned_round_in_a_line_is_asked_about(text: str) -> None:
    assert not {"1p", "1s"} & told(text).keys()
    assert said(text).unsettled


def test_what_is_said_of_those_who_are_excepted_is_nobody_else_s_remark() -> None:
    found = said("除了1和3，都同意。3 进度太赶，放两周；1 我还在想。")
    assert not found.ruled
    proposed = [decision for unsettled in found.unsettled for _, decision in unsettled.likely]
    assert proposed
    assert not any(decision.comment for decision in proposed)
    assert any({1, 3} <= {*unsettled.numbers} and not unsettled.likely for unsettled in found.unsettled)


@pytest.mark.parametrize(("text", "some"), OUTSIDERS)
def test_what_outsiders_wrote_is_read_as_it_is_meant(text: str, some: dict[str, object]) -> None:
    found = told(text)
    assert {row: found.get(row) for row in some} == some


@pytest.mark.parametrize(
    ("text", "untouched"),
    [
        ("张三 计划同意吧？", "1p"),
        ("1、2、3计划都同意，其中2把时间往后挪两天", "1p"),
        ("两位王姓同志的计划，均照办。", "1p"),
        ("李四 第三条挪到周四，其他没问题", "1p"),
        ("2号的张总已经同意了", "2p"),
        ("总师说1、2可以，我还没看", "2p"),
    ],
)
def test_what_only_looks_like_a_verdict_on_a_row_settles_nothing(text: str, untouched: str) -> None:
    assert untouched not in told(text)
    assert said(text).unsettled

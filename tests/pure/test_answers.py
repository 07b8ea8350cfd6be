"""Answers of strangers: what was learned is what the corpus says, and what nobody here has read is hardly ever wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bench.answers import counted
from bench.train import ANSWERS, SEALED, corpus_hash, hands, rows_of
from mailflow.reading import learned
from mailflow.reading.answers import features, guard
from mailflow.reading.answers.answer import read_answer
from mailflow.reading.answers.many.rows import read_of_both
from mailflow.rules.duties import Review
from mailflow.rules.review import Verdict
from mailflow.rules.scores import ScoreRules


def test_the_committed_tables_are_made_from_the_committed_corpus() -> None:
    assert learned.corpus_hash() == corpus_hash(), "the corpus has changed: make train"
    assert len(hands()) >= 30
    assert sum(len(rows_of(hand)) for hand in [*hands(), *SEALED]) > 9000
    assert not set(hands()) & set(SEALED)
    assert sum(len(rows_of(hand)) for hand in SEALED) >= 1000
    assert all((ANSWERS / hand / "lines.jsonl").exists() for hand in SEALED)


@pytest.mark.parametrize("hand", SEALED)
def test_a_hand_that_nothing_was_learned_from_is_hardly_ever_acted_on_wrongly_and_never_passed_over(hand: str) -> None:
    found = counted(rows_of(hand))
    assert found["answers"] >= 200
    assert found["wrong"] / found["answers"] <= 0.0075
    assert found["silent"] / found["answers"] <= 0.005
    assert found["done"] / found["wanted"] > 0.5
    assert found["exact"] / found["judged"] > 0.7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("92", 92),
        ("88.5", "88.5"),
        ("九十二", 92),
        ("九二", 92),
        ("一百", 100),
        ("八十八点五", "88.5"),
        ("一百零五", 105),
    ],
)
def test_a_number_in_figures_or_in_words(text: str, value: object) -> None:
    [found] = features.numbers(text)
    assert found.value == Decimal(str(value))


@pytest.mark.parametrize("text", ["", "十百", "点五"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert features.chinese(text) is None


@pytest.mark.parametrize(
    ("act", "masked", "why"),
    [
        (Verdict.APPROVE, "①的计划同意", "somebody else is named"),
        (Verdict.APPROVE, "如果客户同意就通过", "a condition"),
        (Verdict.SCORE, "本来可以给№的", "a past or a wish"),
        (Verdict.SCORE, "客户满意度№分", "a number about something else"),
        (Verdict.APPROVE, "同意,不过第二项改一下", "a change"),
        (Verdict.REVISE, "合同退回重写", "another object"),
        (Verdict.APPROVE, "林总批示同意", "somebody else's verdict"),
    ],
)
def test_what_stops_an_act(act: Verdict, masked: str, why: str) -> None:
    assert why in guard.against(act, masked)
    assert guard.against(act, "好") == ()


def test_a_scale_of_its_own_is_read_by_the_grammar_alone() -> None:
    rules = ScoreRules(low=Decimal(0), high=Decimal(10))
    found = read_answer("8.5", {Review.SCORE}, rules).by_review[Review.SCORE]
    assert (found.verdict, found.score) == (Verdict.SCORE, Decimal("8.5"))


def test_what_somebody_pasted_is_asked_about_at_once() -> None:
    for words, review in (
        ("92分," * 8000, Review.SCORE),
        ("92 " * 900, Review.SCORE),
        ("同意," * 8000, Review.APPROVE),
    ):
        assert read_answer(words, {review}, ScoreRules()).by_review[review].verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("words", "plan", "summary"),
    [
        ("总结改为87分", "none", ("score", 87, "")),
        ("分数改为85", "none", ("score", 85, "")),
        ("同意。总结80分", "approve", ("score", 80, "")),
        ("同意 92 客户回访做得好", "approve", ("score", 92, "客户回访做得好")),
        ("计划第二条改到周四，总结88", "revise", ("score", 88, "")),
        ("计划退回重写，总结也不行", "revise", ("revise", None, "")),
        ("92", "none", ("score", 92, "")),
        ("同意", "approve", ("none", None, "")),
        ("收到，辛苦了", "none", ("none", None, "")),
    ],
)
def test_an_answer_to_a_mail_that_holds_both_settles_each(
    words: str, plan: str, summary: tuple[str, int | None, str]
) -> None:
    found = read_of_both(words, {Review.APPROVE, Review.SCORE}, ScoreRules(), ("李四",), "张三").by_review
    score = found[Review.SCORE]
    assert found[Review.APPROVE].verdict.value == plan
    assert (score.verdict.value, score.score, score.comment) == summary


# What an attacker wrote: a verdict or a mark stands there, and he doesn't give it.
TURNED_TO_A_SUMMARY = [
    "85作废", "取消评分85", "85分！！！不对，打错了", "85给多了", "负85", "打85折", "电话 85", "本周KPI：92", "85收回", "倒扣85",
    "–85", "85分都不值", "<85", "85分，除非周一补材料", "有事打分机85", "报告85分两次交", "92,5", "第一项 30\n第二项 32\n第三项 30",
    "不给85", "别给85", "没有85分", "李四这周90，你嘛，88", "105或者120",
]  # fmt: skip
TURNED_TO_A_PLAN = [
    "不 同意", "收回同意", "同意。但是先别执行", "待批准", "可以改进", "同意，前提是财务签字", "不、同意", "同意 不", "同意×", "同意否",
    "同意个啥", "可以考虑", "可以更好", "批准后执行", "同意上周的", "可以下班了", "可以休假", "同意休假", "反对", "有意见",
    "同意，另请把李四的计划退回", "同意，李四的退回", "同意。李四的不同意", "不用退回", "不退回",
]  # fmt: skip


@pytest.mark.parametrize("text", TURNED_TO_A_SUMMARY)
def test_a_mark_that_he_doesn_t_give_is_asked_about(text: str) -> None:
    found = read_answer(text, {Review.SCORE}, ScoreRules(), ("李四", "王五"), "张三").by_review[Review.SCORE]
    assert found.verdict is Verdict.UNCLEAR, "he is asked"


@pytest.mark.parametrize("text", TURNED_TO_A_PLAN)
def test_a_yes_that_is_turned_round_is_asked_about(text: str) -> None:
    found = read_answer(text, {Review.APPROVE}, ScoreRules(), ("李四", "王五"), "张三").by_review[Review.APPROVE]
    assert found.verdict is Verdict.UNCLEAR, "he is asked"


@pytest.mark.parametrize("text", ["收回同意", "待批准", "不会同意", "可以考虑", "同意×"])
def test_what_is_turned_round_is_not_proposed_either(text: str) -> None:
    found = read_answer(text, {Review.APPROVE}, ScoreRules(), ("李四",), "张三").by_review[Review.APPROVE]
    assert found.proposal is None or found.proposal.verdict is not Verdict.APPROVE

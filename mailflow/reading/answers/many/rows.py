"""Rows: what the words of one segment decide on one person's plan and summary.

Verdicts are the plan's and marks are the summary's unless a duty is named; text is a remark of the act that it stands
behind. What comes out is then read once more as if it were the answer to that one mail, by the readers of
answers.answer, who must agree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mailflow.reading.answers import features, guard
from mailflow.reading.answers.answer import read_answer
from mailflow.reading.answers.many import words as say
from mailflow.reading.answers.many.clauses import Clause, Kind, clauses_of, holds_stray_mark, joined
from mailflow.reading.answers.verdict import Verdicts, addressed
from mailflow.reading.answers.verdict_words import APPROVAL, CHANGE, REFUSAL
from mailflow.reading.opening.charsets import fold, fold_in_place, tidy
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules

PLAN, SUMMARY = Review.APPROVE, Review.SCORE
_BOTH = frozenset({PLAN, SUMMARY})
_OF_ITSELF = {Kind.MARK: SUMMARY, Kind.YES: PLAN, Kind.NO: PLAN}
_UNCLEAR = Decision(Verdict.UNCLEAR)
# What even a refusal in so many words does not outweigh.
_ANOTHER = "somebody else's verdict"
_AGAINST_REFUSAL = {"somebody else's verdict", "a change of mind", "a double negation"}


@dataclass(frozen=True)
class Said:
    """What is decided on each kind of review of one person, and which kinds he must be asked about.

    `likely` is what those most likely mean; `off_scale` that a mark isn't on the scale; `silent` that no word of a
    decision stands there; `apart` that each duty is named, so that what is sure of one holds whatever the other is.
    """

    decided: dict[Review, Decision]
    asked: frozenset[Review] = frozenset()
    likely: dict[Review, Decision] = field(default_factory=dict)
    off_scale: bool = False
    silent: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Row:
    """One person's row: his name, the names of others, which kinds of review wait, marks, and the office's words."""

    there: Collection[Review]
    scores: ScoreRules
    own: VerdictWords
    about: str = ""
    others: Sequence[str] = ()


def read_of_both(
    words: str,
    asked: Collection[Review],
    rules: ScoreRules,
    others: Sequence[str] = (),
    about: str = "",
    own: VerdictWords | None = None,
) -> Verdicts:
    """What an answer to a mail that holds a plan and a summary decides on each: read as a row of an answer about many,
    so that a mark is the summary's, a verdict the plan's, and what names a duty is about that one."""
    text = addressed(tidy(words).strip(), about)
    row = Row(asked, rules, own or VerdictWords(), about, others)
    alone = {review: _alone(text, review, row) for review in asked}
    if not text or all(decision.verdict is Verdict.NONE for decision in alone.values()):
        return Verdicts({review: Decision(Verdict.NONE) for review in asked}, ("no word of a verdict",))
    said = read_row(text, None, row)
    by_review = {review: said.decided.get(review, Decision(Verdict.NONE)) for review in asked}
    for review in said.asked & {*asked}:
        by_review[review] = Decision(Verdict.UNCLEAR, comment=text, proposal=said.likely.get(review))
    return Verdicts(by_review, ("read for the plan and the summary apart",))


def read_row(said: str, scope: Review | None, row: Row) -> Said:
    """What words decide on a row; `scope` is the duty that a heading above them says."""
    both = say.BOTH_DUTIES.match(fold_in_place(said))
    if both and (rest := said[both.end() :]).strip():
        return _of_both(rest, row)
    clauses = clauses_of(said, scope, row.own)
    parts = _shared_out(clauses, scope, row.there)
    texts = [said[c.start : c.end] for c in clauses if c.kind is Kind.TEXT]
    stray = SUMMARY in row.there and not _marks(parts[SUMMARY]) and any(map(holds_stray_mark, texts))
    if stray or (len(clauses) > 1 and any(map(say.ENDS_IN_ONE.search, texts))):
        # A mark or a verdict that belongs to nothing else stands there.
        return Said({}, _BOTH)
    read = {review: _part(said, part, review, row) for review, part in parts.items() if part}
    decided = {review: found for review, found in read.items() if found.verdict.acts}
    likely = {review: found.proposal for review, found in read.items() if found.proposal}
    return Said(
        decided,
        frozenset(read.keys() - decided.keys()) or (frozenset() if decided else frozenset({scope or PLAN})),
        {**decided, **likely},
        off_scale=any(d.score is not None and not row.scores.on_scale(d.score) for d in read.values()),
        silent=all(clause.kind is Kind.TEXT for clause in clauses),
        apart=any(c.duty for c in clauses) and all(c.duty or c.kind in _OF_ITSELF for c in clauses),
    )


def _of_both(said: str, row: Row) -> Said:
    """计划和总结都退回: both go back, or he is asked about both."""
    read = {review: read_row(said, review, row).decided.get(review) for review in (PLAN, SUMMARY)}
    if all(found and found.verdict is Verdict.REVISE for found in read.values()):
        return Said({review: found for review, found in read.items() if found})
    return Said({}, _BOTH, {review: found for review, found in read.items() if found})


def _shared_out(
    clauses: Sequence[Clause], scope: Review | None, there: Collection[Review]
) -> dict[Review, list[Clause]]:
    """The clauses of each duty: a verdict's or a mark's own, or the one that was named; text goes with what it stands
    behind, or with what follows."""
    parts: dict[Review, list[Clause]] = {PLAN: [], SUMMARY: []}
    last: Review | None = None
    waiting: list[Clause] = []
    for clause in clauses:
        duty = clause.duty or _OF_ITSELF.get(clause.kind) or (last if clause.kind is Kind.TEXT else None)
        if clause.kind is Kind.TEXT and duty is None:
            waiting.append(clause)
            continue
        last = duty
        if duty and clause.kind is not Kind.DUTY:
            parts[duty] += [*waiting, clause]
            waiting = []
    plan, summary = parts[PLAN], parts[SUMMARY]
    bare = plan and all(clause.kind is Kind.NO and clause.duty is None for clause in plan)
    if bare and Kind.NO in {clause.kind for clause in summary}:
        parts = {PLAN: [], SUMMARY: [*plan, *summary]}  # 不合格，总结没有任何数据，重写
    if _sent_back_with_reason(clauses, parts):
        parts[PLAN] += [clause for clause in parts[SUMMARY] if clause.kind is Kind.TEXT]
        parts[SUMMARY] = [clause for clause in parts[SUMMARY] if clause.kind is not Kind.TEXT]
    if waiting:
        acting = next((review for review, part in parts.items() if part), None)
        only = next(iter(there)) if len(there) == 1 else PLAN
        parts[acting or scope or last or only] += waiting
    return parts


def _sent_back_with_reason(clauses: Sequence[Clause], parts: Mapping[Review, Sequence[Clause]]) -> bool:
    """修改 80 第二条没写时间: what stands behind both is what is to be changed; a mark needs no reason."""
    kinds = [clause.kind for clause in clauses]
    return kinds[:2] == [Kind.NO, Kind.MARK] and {*kinds[2:]} == {Kind.TEXT} and len(parts[PLAN]) == 1


def _marks(part: Sequence[Clause]) -> set[Decimal | None]:
    return {clause.value for clause in part if clause.kind is Kind.MARK}


def _part(said: str, part: Sequence[Clause], review: Review, row: Row) -> Decision:
    """What the clauses of one duty decide; unclear, perhaps with a proposal, where the readers don't agree."""
    whole = joined(said, part)
    kinds = {clause.kind for clause in part} - {Kind.TEXT, Kind.DUTY}
    if not kinds:
        return _wording(whole, review, row)
    texts = _to_be_read(said, part)
    turned = say.TURNED.get("".join(kinds - {Kind.MARK}))
    marks = _marks(part)
    act = _act(kinds, marks, review)
    if act is None or (turned and any(turned.search(fold_in_place(said[c.start : c.end])) for c in texts)):
        return Decision(Verdict.UNCLEAR, comment=whole, proposal=_last_word(part, review))
    score = next(iter(marks), None) if act is Verdict.SCORE else None
    if guard.never(act, features.masked(fold(whole))):
        return Decision(Verdict.UNCLEAR, score, whole)
    if score is not None and not row.scores.on_scale(score):
        return Decision(Verdict.UNCLEAR, score, whole)
    return _with_remark(Decision(act, score, joined(said, texts)), whole, review, row)


def _to_be_read(said: str, part: Sequence[Clause]) -> list[Clause]:
    """The clauses that the person must read; 重报 at the end of a reason is one of them, and so is the second refusal
    of 修改：重写第二条. 打错了 is about his own words, and courtesy at the end is none."""
    texts = {clause: fold_in_place(said[clause.start : clause.end]) for clause in part if clause.kind is Kind.TEXT}
    kept = [clause for clause in part if clause not in texts or not say.MIXED_UP.search(texts[clause])]
    first = next((place for place, clause in enumerate(kept) if clause.kind is Kind.TEXT), len(kept))
    before = kept[first - 1] if 1 < first < len(kept) else None
    if before and before.kind is Kind.NO and before.end == kept[first].start:
        first -= 1
    read = [clause for clause in kept[first:] if clause.kind in (Kind.TEXT, Kind.NO)]
    while read and say.COURTESY.fullmatch(fold_in_place(said[read[-1].start : read[-1].end]).strip()):
        read.pop()
    return read


def _act(kinds: set[Kind], marks: set[Decimal | None], review: Review) -> Verdict | None:
    """The act that the form of the clauses says; None where it says two, or one that the duty doesn't know."""
    if kinds == {Kind.NO}:
        return Verdict.REVISE
    if review is PLAN:
        return Verdict.APPROVE if kinds == {Kind.YES} else None
    return Verdict.SCORE if kinds == {Kind.MARK} and len(marks) == 1 else None


def _last_word(part: Sequence[Clause], review: Review) -> Decision | None:
    """What he most likely means where he says two things: the last of them."""
    last = next(clause for clause in reversed(part) if clause.kind not in (Kind.TEXT, Kind.DUTY))
    act = _act({last.kind}, {last.value}, review)
    return Decision(act, last.value) if act else None


def _with_remark(decision: Decision, whole: str, review: Review, row: Row) -> Decision:
    """The decision where its remark leaves it as it is."""
    folded, remark = fold_in_place(whole), decision.comment
    doubtful = bool(say.QUESTIONED.search(folded) or say.HELD.search(folded))
    doubtful = doubtful or _ANOTHER in guard.against(decision.verdict, features.masked(fold(whole).replace("全部", "")))
    if not remark and not doubtful:
        return decision
    found = _alone(_said_again(decision), review, row)
    if doubtful:
        return Decision(Verdict.UNCLEAR, comment=whole, proposal=found.proposal or decision)
    if decision.verdict is Verdict.APPROVE and found.verdict is Verdict.REVISE:
        return Decision(Verdict.REVISE, comment=remark)
    if _agree(decision, found):
        return decision
    return Decision(Verdict.UNCLEAR, comment=whole, proposal=found.proposal or decision)


def _alone(words: str, review: Review, row: Row) -> Decision:
    """What the words would decide in an answer to that one mail."""
    return read_answer(words, {review}, row.scores, row.others, row.about, row.own).by_review.get(review, _UNCLEAR)


def _wording(whole: str, review: Review, row: Row) -> Decision:
    """What words decide that hold no clause with a verdict or a mark of its own."""
    found, folded = _alone(whole, review, row), fold(whole)
    several = len({number.value for number in features.numbers(folded) if number.likely}) > 1
    if found.verdict is Verdict.NONE or several or not _says_so(found.verdict, folded):
        likely = found if found.verdict.acts else found.proposal
        if likely and likely.verdict is Verdict.REVISE:
            likely = None if say.OF_MARKS.search(folded) else replace(likely, comment=likely.comment or whole)
        return Decision(Verdict.UNCLEAR, comment=whole, proposal=likely)
    return Decision(found.verdict, found.score, whole) if found.verdict is Verdict.REVISE else found


def _says_so(verdict: Verdict, folded: str) -> bool:
    """Whether such words carry the verdict at all: wording alone is not enough here, where nothing says that it is a
    verdict that he writes."""
    if verdict is Verdict.SCORE:
        return True
    if say.OF_MARKS.search(folded):
        return False
    if verdict is Verdict.APPROVE:
        return bool(APPROVAL.search(folded))
    return bool(CHANGE.search(folded) or REFUSAL.search(folded))


def _agree(decision: Decision, found: Decision) -> bool:
    """Whether the readers of single answers say the same of the decision with its remark, or are only unsure of it
    although nothing speaks against it. 退回 in so many words needs nobody's consent."""
    if (found.verdict, found.score) == (decision.verdict, decision.score):
        return True
    folded = fold(decision.comment)
    against = guard.against(decision.verdict, features.masked(folded))
    if decision.verdict is Verdict.REVISE:
        return not {*against} & _AGAINST_REFUSAL
    same = found.proposal is not None and found.proposal.verdict is decision.verdict
    numbered = decision.verdict is Verdict.SCORE and any(number.likely for number in features.numbers(folded))
    return same and not against and not numbered


def _said_again(decision: Decision) -> str:
    """The decision in the words that the readers know, with its remark: what he would write to the person alone."""
    word = {Verdict.APPROVE: "同意", Verdict.REVISE: "退回", Verdict.SCORE: f"{decision.score}分"}[decision.verdict]
    return f"{word}，{decision.comment}"

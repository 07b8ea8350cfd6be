"""Verdict: what the director's own words decide. When in doubt between acting and asking: ask.

The words are cut into clauses; each clause is read by tables of patterns; the clauses are then put together by the
rules of the table "How his answers are read": a change or a refusal outweighs an approval, a condition, a question
or a postponement stops it, and two candidates for a score are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from mailflow.reading.answers import verdict_words as say
from mailflow.reading.answers.marks import Mark, mark_in
from mailflow.reading.opening.charsets import fold, fold_in_place, tidy
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules

# Nobody writes a verdict of so many characters; what was pasted there is asked about.
LONGEST = 4000


@dataclass(frozen=True)
class Verdicts:
    """What the words decide on each kind of review, why, and the words (folded) that carried it."""

    by_review: dict[Review, Decision]
    reasons: tuple[str, ...]
    marks: tuple[str, ...] = ()


def read_verdicts(
    words: str,
    asked: Collection[Review],
    rules: ScoreRules,
    others: Sequence[str] = (),
    about: str = "",
    own: VerdictWords | None = None,
) -> Verdicts:
    """What the director's own words decide for each kind of review asked about.

    `others` are the names of people whom the answer is not about: a verdict beside one of them is never acted on,
    nor are several names in an answer to one person's mail. `about` is the name of the one it is about.
    """
    text = addressed(tidy(words).strip(), about)
    if len(text) > LONGEST:
        return Verdicts({review: Decision(Verdict.UNCLEAR, comment=text) for review in asked}, ("too long to be sure",))
    folded = _with_own(fold(text), own or VerdictWords())
    if not text:
        return Verdicts({review: Decision(Verdict.NONE) for review in asked}, ("no words of his own",))
    if len(asked) > 1 and (parts := _by_duty(text)):
        plan_part, summary_part = parts
        first = read_verdicts(plan_part, {Review.APPROVE}, rules, others, about, own)
        second = read_verdicts(summary_part, {Review.SCORE}, rules, others, about, own)
        return Verdicts(
            {**first.by_review, **second.by_review}, (*first.reasons, *second.reasons), (*first.marks, *second.marks)
        )
    found = _of_one_text(text, folded, asked, rules, about)
    named = {name for name in others if name and fold(name) in folded}
    crowded = any(_settles(clause, fold(name)) for name in named for clause in _clauses(folded))
    if crowded or (len(named) > 1 and any(d.verdict is not Verdict.NONE for d in found.by_review.values())):
        why = f"names somebody else: {', '.join(sorted(named))}"
        unsure = {review: Decision(Verdict.UNCLEAR, comment=text) for review in found.by_review}
        return replace(found, by_review=unsure, reasons=(*found.reasons, why))
    return found


def _of_one_text(text: str, folded: str, asked: Collection[Review], rules: ScoreRules, about: str) -> Verdicts:
    """What words decide that are not told apart by duties."""
    by_review: dict[Review, Decision] = {}
    said: list[tuple[str, str]] = []
    plan, alone = _opinion(_unnamed(folded, about)), len(asked) == 1
    score = _mark(folded, rules) if Review.SCORE in asked else None
    if score is not None:
        by_review[Review.SCORE] = _score_decision(text, folded, score, plan, rules, alone=alone)
        said.append((score.why or plan.why, folded[slice(*score.span)] if score.span else plan.words))
    if Review.APPROVE in asked:
        # Where a summary is answered too, its score is no part of what he says of the plan.
        other = score.span if score and score.value is not None and not alone else None
        opinion = _opinion(_unnamed(folded[: other[0]] + "," + folded[other[1] :], about)) if other else plan
        by_review[Review.APPROVE] = _plan_decision(text, folded, opinion, alone=alone)
        said.append((opinion.why, opinion.words))
    reasons, marks = (
        (tuple(dict.fromkeys(filter(None, words))) for words in zip(*said, strict=True)) if said else ((), ())
    )
    return Verdicts(by_review, reasons, marks)


def _mark(folded: str, rules: ScoreRules) -> Mark:
    """His score; where there is none, the name of a band is a doubt."""
    found = mark_in(folded, rules)
    bands = {fold(name) for name, _ in rules.bands}
    if found.value is None and not found.doubtful and any(clause in bands for clause in _clauses(folded)):
        return Mark(None, None, "the name of a band without a score", doubtful=True)
    return found


def addressed(text: str, about: str) -> str:
    """The words without the name of the one they are about, where they begin with it: 张三 90, 张三，修改：缺目标."""
    begins = re.match(rf"{re.escape(about)}(?:同志|先生|女士|你好|您好)?[\s,，:：、]+", text) if about else None
    return text[begins.end() :] if begins and text[begins.end() :].strip() else text


_MARKS = re.compile(
    r"(?:^|(?<=[\n,，.。;；!！、\s]))\s*(?:下周|本周|上周|工作|周|的)*(?P<which>计划|計劃|总结|總結|小结)[:：,，]?\s*"
)


_EDGES = " ,，;；\n"


def _by_duty(text: str) -> tuple[str, str] | None:
    """The parts of an answer that speak of the plan and of the summary, where each begins with its word."""
    marks = list(_MARKS.finditer(text))
    if len({mark["which"][-1] in "划劃" for mark in marks}) < 2 or text[: marks[0].start()].strip():
        return None
    parts = {True: "", False: ""}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        parts[mark["which"][-1] in "划劃"] += text[mark.end() : end].strip(_EDGES) + "\n"
    return parts[True].strip(), parts[False].strip()


def _clauses(folded: str) -> list[str]:
    return [clause.strip(" \t.()[]【】“”\"'") for clause in say.CLAUSE.findall(say.FULL_STOP.sub("。", folded))]


def _settles(clause: str, name: str) -> bool:
    """Whether a clause gives a verdict or a score to the person it names."""
    if name not in clause:
        return False
    rest = clause.replace(name, "").strip(" :")
    number = re.fullmatch(r"\d{1,3}(?:\.\d+)?\s*分?", rest)
    return bool(number or say.APPROVAL.search(rest) or say.REFUSAL.search(rest))


@dataclass(frozen=True)
class _Opinion:
    """What the words say of a plan, before it is decided what that means."""

    verdict: Verdict
    label: str
    words: str = ""

    @property
    def why(self) -> str:
        """The reason, with the words that carry it."""
        return f"{self.label}: {self.words}" if self.words else self.label


class _Sign(StrEnum):
    """What a clause can be in an answer to a plan."""

    APPROVED = "approved"
    REFUSED = "refused"
    CHANGED = "changed"
    STOPPED = "stopped"
    HEDGED = "hedged"
    ASSENT = "assent"
    BUT = "but"
    VAGUE = "vague"


def _opinion(folded: str) -> _Opinion:
    """The verdict on a plan that the folded words carry."""
    seen: dict[_Sign, str] = {}
    for clause in _clauses(folded):
        if not clause or say.ACK.fullmatch(clause):
            continue
        if say.DOUBLE_NEGATION.search(clause):
            return _Opinion(Verdict.UNCLEAR, "a double negation", clause)
        for sign in _signs(clause):
            seen.setdefault(sign, clause)
    decided = seen.keys() & {_Sign.REFUSED, _Sign.CHANGED}
    if _Sign.ASSENT in seen and not decided and _Sign.APPROVED not in seen:
        return _Opinion(Verdict.UNCLEAR, "an assent that may only acknowledge", seen[_Sign.ASSENT])
    if _Sign.VAGUE in seen and not decided:
        return _Opinion(Verdict.UNCLEAR, "a word of approval about something more", seen[_Sign.VAGUE])
    return _weigh(folded, seen)


def _signs(clause: str) -> Iterator[_Sign]:
    bare = say.NEGATED_OBJECTION.sub("", clause)
    if bare != clause and _closed(clause):
        yield _Sign.APPROVED
    question = bool(say.QUESTION.search(bare)) and not say.NOT_QUESTION.search(bare)
    approval = bool(say.APPROVAL.search(say.REFUSAL.sub("", bare)))
    if approval and say.REPORTED.search(bare):
        yield _Sign.STOPPED
    if say.REPORTED.search(bare) or say.ACTS_LATER.search(bare) or say.TRANSITIVE.search(bare):
        approval = False
    if say.AFTER_A_CHANGE.search(bare) and not question and not say.DONE_CHANGE.match(bare):
        # 改完第二项就同意 is a change asked for, whatever he promises for afterwards.
        yield _Sign.CHANGED
        return
    yield from (sign for sign, words in _TURNS.items() if words(bare))
    yield from _verdict_signs(clause, bare, question=question, approval=approval)


# Words that turn a verdict into half of one.
_TURNS: dict[_Sign, Callable[[str], re.Match[str] | None]] = {
    _Sign.HEDGED: say.HEDGE.search,
    _Sign.ASSENT: say.MERE_ASSENT.match,
    _Sign.BUT: say.BUT.search,
}


def _verdict_signs(clause: str, bare: str, *, question: bool, approval: bool) -> Iterator[_Sign]:
    refusal = bool(say.REFUSAL.search(bare))
    if not question and refusal:
        yield _Sign.REFUSED
    elif not question and say.CHANGE.search(say.DONE_CHANGE.sub("", bare)):
        yield _Sign.CHANGED
    if question or say.CONDITION.search(bare) or say.POSTPONED.search(bare):
        # "可以再具体一点吗" may ask for a change, so he is asked whether it is one.
        yield _Sign.STOPPED
    elif approval and not refusal:
        yield _Sign.APPROVED if _closed(clause) else _Sign.VAGUE


def _with_own(folded: str, own: VerdictWords) -> str:
    """The words with the office's own in terms of the built-in ones, where one is a whole clause."""
    meant = {fold(word): "同意" for word in own.approve} | {fold(word): "不同意" for word in own.revise}
    if not meant:
        return folded
    return say.CLAUSE.sub(lambda clause: meant.get(clause[0].strip(), clause[0]), folded)


def _unnamed(folded: str, about: str) -> str:
    return folded.replace(fold(about), "") if about else folded


def _besides(clause: str) -> str:
    """What a clause says besides approval and filler."""
    return say.FILLER.sub("", say.APPROVAL.sub("", say.NEGATED_OBJECTION.sub("", clause))).strip()


def _closed(clause: str) -> bool:
    """Whether a clause says no more than its approval, or a wish besides: 可以请假 and 同意一半 approve no plan."""
    rest = _besides(re.sub(r"^[^:]{1,8}:", "", clause))
    return not rest or bool(say.WISH.match(re.sub(r"^(?:要|并|但|不过|还|也|希)+", "", rest)))


def _weigh(folded: str, seen: Mapping[_Sign, str]) -> _Opinion:
    """The rules of the table: a change outweighs an approval; what stops either is asked about."""
    approved, refused, changed, stopped, hedged, but = (
        seen.get(sign, "")
        for sign in (_Sign.APPROVED, _Sign.REFUSED, _Sign.CHANGED, _Sign.STOPPED, _Sign.HEDGED, _Sign.BUT)
    )
    verdict_stopped = stopped and (approved or changed or say.APPROVAL.search(stopped) or say.REFUSAL.search(stopped))
    rules = (
        (refused and not stopped, Verdict.REVISE, "a refusal", refused),
        (changed and not (stopped and say.QUESTION.search(stopped)), Verdict.REVISE, "a change asked for", changed),
        (refused or verdict_stopped, Verdict.UNCLEAR, "a condition, a question or a postponement", stopped or refused),
        (approved and hedged, Verdict.UNCLEAR, "only half an approval", hedged),
        (approved and but and not say.WISH.search(folded), Verdict.UNCLEAR, "an approval with a reservation", but),
        (approved, Verdict.APPROVE, "an approval", approved),
    )
    found = (_Opinion(verdict, label, words) for holds, verdict, label, words in rules if holds)
    return next(found, _Opinion(Verdict.NONE, "no word of a verdict"))


def _plan_decision(text: str, folded: str, opinion: _Opinion, *, alone: bool) -> Decision:
    verdict = opinion.verdict
    if verdict is Verdict.NONE and alone and _bare_number(folded):
        return Decision(Verdict.UNCLEAR, comment=text)
    if verdict is Verdict.REVISE:
        return Decision(verdict, comment=_after(say.BARE_REVISE, text))
    if verdict is Verdict.APPROVE:
        rest = _after(say.BARE_APPROVE, text)
        return Decision(verdict, comment=_trim_brackets("" if _says_nothing(rest) else rest))
    return Decision(verdict, comment=text if verdict is Verdict.UNCLEAR else "")


def _after(word: re.Pattern[str], text: str) -> str:
    """What follows a bare verdict word with which the text begins, else the whole text."""
    begins = word.match(fold_in_place(text))
    return text[begins.end() :].strip() if begins else text.strip()


def _says_nothing(rest: str) -> bool:
    """Whether what is left after the verdict word is only approval and courtesy again."""
    return all(say.ACK.fullmatch(clause) or not _besides(clause) for clause in _clauses(fold(rest)) if clause)


def _trim_brackets(text: str) -> str:
    if len(text) > 1 and text[0] in "(（" and text[-1] in ")）":
        return text[1:-1].strip()
    return text


def _bare_number(folded: str) -> bool:
    return (
        bool(re.fullmatch(r"[^\d\n]{0,6}\d{1,3}(?:\.\d+)?\s*分?[\s.!。]*(?:\n.*)?", folded, re.DOTALL))
        or "分" in folded
    )


def _score_decision(
    text: str, folded: str, score: Mark, opinion: _Opinion, rules: ScoreRules, *, alone: bool
) -> Decision:
    if score.doubtful:
        return Decision(Verdict.UNCLEAR, comment=text)
    if score.value is None or score.span is None:
        if not alone:
            return Decision(Verdict.NONE)
        if opinion.verdict is Verdict.REVISE:
            return Decision(Verdict.REVISE, comment=_after(say.BARE_REVISE, text))
        doubt = opinion.verdict in (Verdict.APPROVE, Verdict.UNCLEAR)
        return Decision(Verdict.UNCLEAR if doubt else Verdict.NONE, comment=text if doubt else "")
    clause = next((c for c in say.CLAUSE.finditer(folded) if c.start() <= score.span[0] < c.end()), None)
    around = clause[0] if clause else folded
    stops = say.QUESTION.search(around) or say.CONDITION.search(around) or say.POSTPONED.search(around)
    if stops or (alone and opinion.verdict is Verdict.REVISE and say.REFUSAL.search(folded)):
        return Decision(Verdict.UNCLEAR, score=score.value, comment=text)
    if not rules.on_scale(score.value):
        return Decision(Verdict.UNCLEAR, score=score.value, comment=text)
    comment = _without_score(text, score.value)
    return Decision(Verdict.SCORE, score=score.value, comment="" if _says_nothing(comment) else comment)


def _without_score(text: str, value: Decimal) -> str:
    """The comment: the words without the score's own expression, where that stands apart."""
    number = r"(?:" + re.escape(f"{value.normalize():f}") + r"(?:\.0+)?|[一二三四五六七八九百十点]{1,5})"
    mark = (
        r"(?:(?:考核|最后|最终|总评|总分|综合|本周|本次)?\s*"
        r"(?:评分|得分|分数|打分|成绩|给分|给你?|评|打|记|score|rating)?\s*(?:是|为|[:=])?\s*)"
    )
    score = rf"{mark}{number}\s*(?:/\s*\d+)?\s*分?"
    at_either_end = rf"^\s*{score}\s*[,，.。;；!！:：\-—]*\s*|[,，。;；]?\s*{score}\s*[。.!！]*\s*$"
    found = re.search(at_either_end, fold_in_place(text))
    rest = (text[: found.start()] + text[found.end() :]).strip() if found else text.strip()
    return _trim_brackets(rest)

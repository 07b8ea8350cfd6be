"""Verdict: what the director's own words decide. When in doubt between acting and asking: ask.

The words are cut into clauses; each clause is read by tables of patterns; the clauses are then put together by the
rules of the table "How his answers are read": a change or a refusal outweighs an approval, a condition, a question
or a postponement stops it, and two candidates for a score are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.reading.answers import verdict_words as say
from mailflow.reading.numerals import chinese
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
    reasons: list[str] = []
    marks: list[str] = []
    by_review: dict[Review, Decision] = {}
    if not text:
        return Verdicts({review: Decision(Verdict.NONE) for review in asked}, ("no words of his own",))
    if len(asked) > 1 and (parts := _by_duty(text)):
        plan_part, summary_part = parts
        first = read_verdicts(plan_part, {Review.APPROVE}, rules, others, about, own)
        second = read_verdicts(summary_part, {Review.SCORE}, rules, others, about, own)
        return Verdicts(
            {**first.by_review, **second.by_review}, (*first.reasons, *second.reasons), (*first.marks, *second.marks)
        )
    score = _score(folded, rules) if Review.SCORE in asked else None
    bands = {fold(name) for name, _ in rules.bands}
    if score is not None and score.value is None and not score.doubtful and any(c in bands for c in _clauses(folded)):
        score = _Score(None, None, "the name of a band without a score", doubtful=True)
    plan = _opinion(_unnamed(folded, about))
    named = {name for name in others if name and fold(name) in folded}
    crowded = any(_settles(clause, fold(name)) for name in named for clause in _clauses(folded))
    if Review.SCORE in asked and score is not None:
        by_review[Review.SCORE] = _score_decision(text, folded, score, plan, rules, alone=len(asked) == 1)
        reasons.append(score.why or plan.why)
        marks.append(folded[slice(*score.span)] if score.span else plan.words)
    if Review.APPROVE in asked:
        # Where a summary is answered too, its score is no part of what he says of the plan.
        other = score.span if score and score.value is not None and len(asked) > 1 else None
        opinion = _opinion(_unnamed(folded[: other[0]] + "," + folded[other[1] :], about)) if other else plan
        by_review[Review.APPROVE] = _plan_decision(text, folded, opinion, alone=len(asked) == 1)
        reasons.append(opinion.why)
        marks.append(opinion.words)
    if crowded or (len(named) > 1 and any(d.verdict is not Verdict.NONE for d in by_review.values())):
        reasons.append(f"names somebody else: {', '.join(sorted(named))}")
        by_review = {review: Decision(Verdict.UNCLEAR, comment=text) for review in by_review}
    return Verdicts(by_review, tuple(dict.fromkeys(filter(None, reasons))), tuple(dict.fromkeys(filter(None, marks))))


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


def _opinion(folded: str) -> _Opinion:
    """The verdict on a plan that the folded words carry."""
    approved = refused = changed = ""
    stopped = hedged = but = assent = vague = ""
    for clause in _clauses(folded):
        if not clause or say.ACK.fullmatch(clause):
            continue
        if say.DOUBLE_NEGATION.search(clause):
            return _Opinion(Verdict.UNCLEAR, "a double negation", clause)
        bare = say.NEGATED_OBJECTION.sub("", clause)
        if bare != clause and _closed(clause):
            approved = approved or clause
        question = bool(say.QUESTION.search(bare)) and not say.NOT_QUESTION.search(bare)
        refusal = say.REFUSAL.search(bare)
        change = say.CHANGE.search(say.DONE_CHANGE.sub("", bare))
        approval = say.APPROVAL.search(say.REFUSAL.sub("", bare))
        if approval and (say.ACTS_LATER.search(bare) or say.TRANSITIVE.search(bare) or say.REPORTED.search(bare)):
            if say.REPORTED.search(bare):
                stopped = stopped or clause
            approval = None
        condition = say.CONDITION.search(bare) or say.POSTPONED.search(bare)
        if say.AFTER_A_CHANGE.search(bare) and not question and not say.DONE_CHANGE.match(bare):
            # 改完第二项就同意 is a change asked for, whatever he promises for afterwards.
            changed = changed or clause
            continue
        if say.HEDGE.search(bare):
            hedged = hedged or clause
        if say.MERE_ASSENT.match(bare):
            assent = assent or clause
        if say.BUT.search(bare):
            but = but or clause
        if refusal and not question:
            refused = refused or clause
        elif change and not question:
            changed = changed or clause
        if question or condition:
            # "可以再具体一点吗" may ask for a change, so he is asked whether it is one.
            stopped = stopped or clause
        elif approval and not refusal and not _closed(clause):
            vague = vague or clause
        elif approval and not refusal:
            approved = approved or clause
    if assent and not (approved or refused or changed):
        return _Opinion(Verdict.UNCLEAR, "an assent that may only acknowledge", assent)
    if vague and not (refused or changed):
        return _Opinion(Verdict.UNCLEAR, "a word of approval about something more", vague)
    return _weigh(folded, approved, refused, changed, stopped, hedged, but)


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


def _weigh(folded: str, approved: str, refused: str, changed: str, stopped: str, hedged: str, but: str) -> _Opinion:
    if refused and not stopped:
        return _Opinion(Verdict.REVISE, "a refusal", refused)
    if changed and not (stopped and say.QUESTION.search(stopped)):
        return _Opinion(Verdict.REVISE, "a change asked for", changed)
    if refused or (stopped and (approved or changed or say.APPROVAL.search(stopped) or say.REFUSAL.search(stopped))):
        return _Opinion(Verdict.UNCLEAR, "a condition, a question or a postponement", stopped or refused)
    if approved and hedged:
        return _Opinion(Verdict.UNCLEAR, "only half an approval", hedged)
    if approved and but and not say.WISH.search(folded):
        return _Opinion(Verdict.UNCLEAR, "an approval with a reservation", but)
    if approved:
        return _Opinion(Verdict.APPROVE, "an approval", approved)
    return _Opinion(Verdict.NONE, "no word of a verdict")


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


@dataclass(frozen=True)
class _Score:
    """The one number that can be the score, or the doubt why there is none."""

    value: Decimal | None
    span: tuple[int, int] | None
    why: str
    doubtful: bool = False


@dataclass(frozen=True)
class _Candidate:
    value: Decimal
    span: tuple[int, int]
    marked: bool
    final: bool
    whole: bool


def _score(folded: str, rules: ScoreRules) -> _Score:
    candidates: list[_Candidate] = []
    taken = [match.span() for match in say.DATE.finditer(folded)]
    deduction = False
    for match in say.NUMBER.finditer(folded):
        start, end = match.span()
        if any(a < end and start < b for a, b in taken):
            continue
        before, after = folded[max(0, start - 14) : start], folded[end : end + 8]
        if say.DEDUCTION.search(before) and re.match(r"\s*分", after):
            deduction = True
            continue
        if re.match(r"\s*分?\s*(?:多|以上|以下|左右|上下|之间|出头|往上)", after):
            return _Score(None, (start, end), f"only about a number: {match[0]}", doubtful=True)
        if re.match(r"[ \t]+\d+\s*(?:分|$)", after):
            return _Score(None, (start, end), "a number with a gap in it", doubtful=True)
        points = bool(
            re.match(
                r"\s*(?:points?\b|pts\b)|\s*分(?!钟|析|别|工|公司|部|店|解|配|享|步|类|批|期|摊|成|红|支|辆|之)",
                after,
            )
        )
        if say.ORDINAL.search(before) or (say.UNIT.match(after) and not points):
            continue
        if re.match(r"\s*[.、)）]\s*\D", after) and not before[-1:].strip() and not points:
            continue  # the number of a list's item
        value = Decimal(match["n"]) if match["n"] else chinese(match["c"])
        if value is None:
            continue
        if match["of"]:
            if Decimal(match["of"]) != rules.high:
                return _Score(None, (start, end), f"a scale that isn't ours: {match[0]}", doubtful=True)
            points = True
        marked = points or bool(say.MARKED.search(before))
        stop = re.match(r"\s*(?:分)?\s*吧?\s*(?:$|[\s,，.。;；!！)）(（:：—-])", after)
        whole = bool(stop) and bool(say.STANDS_APART.search(before))
        if marked or whole:
            final = bool(say.FINAL.search(before))
            candidates.append(
                _Candidate(
                    value,
                    (start, end + (len("分") if points and not match["of"] else 0)),
                    marked,
                    final,
                    whole,
                )
            )
    if not candidates:
        if deduction:
            return _Score(None, None, "only a deduction", doubtful=True)
        if bare := say.BARE_CHINESE.fullmatch(folded):
            return _Score(chinese(bare["c"]), bare.span("c"), f"a score: {bare['c']}")
        if re.fullmatch(r"\D{0,8}" + say.RANGE.pattern.replace(r"\d\s*", r"\d+\s*") + r"\d*\s*分?\D{0,8}", folded):
            return _Score(None, None, "a range of scores", doubtful=True)
        return _Score(None, None, "")
    if any(a <= c.span[0] < b for c in candidates for a, b in (m.span() for m in say.RANGE.finditer(folded))):
        return _Score(None, None, "a range of scores", doubtful=True)
    for chosen in ([c for c in candidates if c.final], [c for c in candidates if c.marked], candidates):
        values = {candidate.value for candidate in chosen}
        if len(values) == 1:
            start, end = chosen[0].span
            return _Score(chosen[0].value, (start, end), f"a score: {folded[max(0, start - 6) : end].strip()}")
        if len(values) > 1:
            return _Score(None, None, "more than one number could be the score", doubtful=True)
    return _Score(None, None, "")


def _score_decision(
    text: str, folded: str, score: _Score, opinion: _Opinion, rules: ScoreRules, *, alone: bool
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

"""Answer: what the director's own words to one person's mail decide. Two readers that guard each other.

The grammar (reading.verdict) explains words by rules, the learned reader (reading.learned) knows how such words are
meant. Where both name the same act it is done; where the grammar says nothing the learned reader acts alone only when
it is nearly sure; and against what reading.guard sees, hardly ever. Whatever else may be a verdict is put to him as a
proposal. Only acknowledgements and other talk are no decision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from mailflow.reading import features, guard, learned
from mailflow.reading.charsets import fold, tidy
from mailflow.reading.features import Number
from mailflow.reading.verdict import LONGEST, Verdicts, addressed, read_verdicts
from mailflow.reading.verdict_words import NEGATED_OBJECTION
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules

# How likely an act must be, by what the grammar says of it (the same, nothing, unclear, another act): where nothing
# speaks against it, where something does, and where that is grave. From leave-one-hand-out runs, at a budget of three
# wrong acts in a thousand answers (`make accuracy`).
_NEVER = 1.1
_SURE: dict[tuple[Verdict, str], tuple[float, float, float]] = {
    (Verdict.APPROVE, "same"): (0.50, 0.88, 0.97),
    (Verdict.APPROVE, "none"): (0.85, 0.97, 0.98),
    (Verdict.APPROVE, "unclear"): (0.85, 0.97, _NEVER),
    (Verdict.APPROVE, "other"): (0.93, _NEVER, 0.97),
    (Verdict.REVISE, "same"): (0.60, 0.88, 0.97),
    (Verdict.REVISE, "none"): (0.88, 0.96, 0.97),
    (Verdict.REVISE, "unclear"): (0.85, 0.96, 0.98),
    (Verdict.REVISE, "other"): (_NEVER, _NEVER, _NEVER),
    (Verdict.SCORE, "same"): (0.50, 0.93, 0.97),
    (Verdict.SCORE, "none"): (0.80, 0.96, 0.98),
    (Verdict.SCORE, "unclear"): (0.75, 0.98, 0.98),
    (Verdict.SCORE, "other"): (0.80, 0.93, 0.97),
}
# From here on the learned reader's word that an answer is none is taken, and that another number is a candidate.
_OTHER_TALK, _ALSO = 0.60, 0.15
_PROPOSED, _BARE, _MOST_NUMBERS = 0.30, 0.50, 60
_BARE_MARK = re.compile(r"(?:得分|评分|打分|分数|成绩|给分|score)?\s*[::]?\s*\d{1,3}(?:\.\d+)?\s*分?\s*[。.!]*")
_MODELS = {Review.APPROVE: learned.PLAN, Review.SCORE: learned.SUMMARY}


def read_answer(
    words: str,
    asked: Collection[Review],
    rules: ScoreRules,
    others: Sequence[str] = (),
    about: str = "",
    own: VerdictWords | None = None,
) -> Verdicts:
    """What an answer to one person's mail decides for each kind of review asked about.

    Where the mail holds a plan and a summary, or scores aren't marks out of a hundred, the grammar reads alone.
    """
    grammar = read_verdicts(words, asked, rules, others, about, own)
    [review, *more] = [*asked] or [Review.NONE]
    text = addressed(tidy(words).strip(), about)
    if more or review not in _MODELS or not text or rules.low != 0 or rules.high != 100 or len(text) > LONGEST:
        return grammar
    by_rule = grammar.by_review.get(review, Decision(Verdict.NONE))
    decision, why = _weighed(text, review, by_rule, others, about)
    return Verdicts({review: decision}, (*grammar.reasons, why), grammar.marks)


def _weighed(text: str, review: Review, by_rule: Decision, others: Sequence[str], about: str) -> tuple[Decision, str]:
    """The decision of both readers together, and why."""
    if by_rule.verdict is Verdict.SCORE and _BARE_MARK.fullmatch(fold(text)):
        return replace(by_rule, comment=""), "nothing but a mark"
    seen = features.without_names(fold(text), fold(about), [fold(name) for name in others])
    likely = learned.of_answer(_MODELS[review], seen)
    outcome = max(likely, key=lambda name: likely[name])
    said = f"wording reads as {outcome} ({likely[outcome]:.0%})"
    numbers = [number for number in features.numbers(seen) if number.value <= 100] if review is Review.SCORE else []
    marks = learned.of_marks(seen, numbers) if len(numbers) <= _MOST_NUMBERS else []
    verdict = Verdict(outcome)
    if not verdict.acts:
        if verdict is Verdict.NONE and likely[outcome] >= _OTHER_TALK and not by_rule.verdict.acts:
            return Decision(Verdict.NONE), said
        return _asked(text, likely, numbers, marks, by_rule), said
    sure, score = likely[outcome], None
    if verdict is Verdict.SCORE:
        if len(numbers) > _MOST_NUMBERS:
            return Decision(Verdict.UNCLEAR, comment=text), f"{said}, among {len(numbers)} numbers"
        if not numbers:
            return _asked(text, likely, numbers, marks, by_rule), f"{said}, but there is no number"
        best = max(range(len(numbers)), key=lambda at: marks[at])
        score, sure = numbers[best].value, min(sure, marks[best])
        if any(marks[at] > _ALSO and numbers[at].value != score for at in range(len(numbers))):
            return _asked(text, likely, numbers, marks, by_rule), f"{said}, but more than one number could be the mark"
    relation = (
        "same" if (by_rule.verdict, by_rule.score) == (verdict, score) else _RELATIONS.get(by_rule.verdict, "other")
    )
    # 无需修改 speaks of no change.
    against, grave = guard.stops(verdict, NEGATED_OBJECTION.sub("", features.masked(seen)))
    if sure < _SURE[verdict, relation][2 if grave else bool(against)]:
        return _asked(text, likely, numbers, marks, by_rule), f"{said}; against it: {', '.join(against) or 'not sure'}"
    return Decision(verdict, score, _remarks(text, verdict, about)), said


_RELATIONS = {Verdict.NONE: "none", Verdict.UNCLEAR: "unclear"}


def _remarks(text: str, verdict: Verdict, about: str) -> str:
    """What the person must read: the words without the clauses at their edges that only say the verdict."""
    places = features.clauses(text)
    folded = [features.without_names(fold(text[start:end]), fold(about), ()) for start, end in places]
    bare = [likely >= _BARE for likely in learned.of_bare(verdict.value, folded)]
    while places and bare[0]:
        del places[0], bare[0]
    while places and bare[-1]:
        del places[-1], bare[-1]
    if not places:
        return ""
    tail = re.match(r"[。.!！…?？”]+", text[places[-1][1] :])
    kept = text[places[0][0] : places[-1][1] + (tail.end() if tail else 0)].strip()
    closing = text[places[-1][1] :][:1]
    return kept + closing if closing and closing in "）)" and ("（" in kept or "(" in kept) else kept


def _asked(
    text: str, likely: dict[str, float], numbers: Sequence[Number], marks: Sequence[float], by_rule: Decision
) -> Decision:
    """He is asked, with the likeliest act as a proposal."""
    acts = {name: chance for name, chance in likely.items() if Verdict(name).acts}
    name = max(acts, key=lambda each: acts[each])
    proposal = None
    if by_rule.verdict.acts:
        proposal = by_rule
    elif acts[name] >= _PROPOSED:
        verdict, score = Verdict(name), None
        if verdict is Verdict.SCORE and marks:
            score = numbers[max(range(len(numbers)), key=lambda at: marks[at])].value
        if verdict is not Verdict.SCORE or score is not None:
            proposal = Decision(verdict, score, _remarks(text, verdict, ""))
    return Decision(Verdict.UNCLEAR, by_rule.score, text, proposal)

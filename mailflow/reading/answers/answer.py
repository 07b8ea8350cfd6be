"""Answer: what the director's own words to one person's mail decide. Two readers that guard each other.

The grammar (answers.verdict) explains words by rules, the learned reader (reading.learned) knows how such words are
meant. Where both name the same act it is done; where the grammar says nothing the learned reader acts alone only when
it is nearly sure; and against what answers.guard sees, hardly ever. Whatever else may be a verdict is put to him as a
proposal. Only acknowledgements and other talk are no decision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from mailflow.reading import learned
from mailflow.reading.answers import features, guard
from mailflow.reading.answers.certainty import Evidence, vector
from mailflow.reading.answers.verdict import LONGEST, Verdicts, addressed, read_verdicts
from mailflow.reading.answers.verdict_words import NEGATED_OBJECTION
from mailflow.reading.opening.charsets import fold, tidy
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules

# From here on the learned reader's word that an answer is none is taken, and that another number is a candidate.
_OTHER_TALK, _ALSO = 0.60, 0.15
_PROPOSED, _BARE, _MOST_NUMBERS, _MOST_CLAUSES = 0.30, 0.50, 60, 30
_BARE_MARK = re.compile(r"(?:得分|评分|打分|分数|成绩|给分|score)?\s*[::]?\s*\d{1,3}(?:\.\d+)?\s*分?\s*[。.!]*")
# A bare number below this is more likely a slip, or of another scale, than a mark.
_LOWEST_BARE = 30
# Two marks of which he names neither.
_EITHER = re.compile(r"№\s*分?\s*(?:还是|或者?|or\b)\s*№")
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

    Where scores aren't marks out of a hundred the grammar reads alone; and so it does where both kinds are asked about
    at once, which answers to a mail with both duties are not (many.rows.read_of_both).
    """
    grammar = read_verdicts(words, asked, rules, others, about, own)
    [review, *more] = [*asked] or [Review.NONE]
    text = addressed(tidy(words).strip(), about)
    if more or review not in _MODELS or not text or rules.low != 0 or rules.high != 100 or len(text) > LONGEST:
        return grammar
    by_rule = grammar.by_review.get(review, Decision(Verdict.NONE))
    decision, why = _weighed(text, review, by_rule, others, about)
    return Verdicts({review: decision}, (*grammar.reasons, why), grammar.marks)


def evidence(text: str, review: Review, by_rule: Decision, others: Sequence[str], about: str) -> Evidence:
    """All that is known of an answer: what reading.certainty weighs."""
    model = _MODELS[review]
    seen = features.without_names(fold(text), fold(about), [fold(name) for name in others])
    raw = learned.of_answer(model, seen)
    clauses = [learned.shares(learned.of_answer(model, seen[a:b])) for a, b in features.clauses(seen)[:_MOST_CLAUSES]]
    numbers = [number for number in features.numbers(seen) if number.value <= 100] if review is Review.SCORE else []
    marks = learned.of_marks(seen, numbers) if len(numbers) <= _MOST_NUMBERS else []
    # 无需修改 speaks of no change.
    masked = NEGATED_OBJECTION.sub("", features.masked(seen))
    values = [number.value for number in numbers]
    rest = features.rest_of(seen)
    beside = learned.shares(learned.of_answer(learned.BESIDE + model, rest)) if rest else None
    return Evidence(learned.shares(raw), raw, clauses, beside, by_rule, masked, values, marks)


def likeliest_act(known: Evidence) -> Verdict:
    """The act that the learned reader would choose."""
    acts = [Verdict(outcome) for outcome in known.likely if Verdict(outcome).acts]
    return max(acts, key=lambda act: known.likely[act.value])


def _weighed(text: str, review: Review, by_rule: Decision, others: Sequence[str], about: str) -> tuple[Decision, str]:
    """The decision of both readers together, and why."""
    if by_rule.verdict is Verdict.SCORE and _BARE_MARK.fullmatch(fold(text)):
        if by_rule.score is not None and by_rule.score < _LOWEST_BARE and "分" not in text:
            return Decision(Verdict.UNCLEAR, by_rule.score, text, replace(by_rule, comment="")), "a low bare number"
        return replace(by_rule, comment=""), "nothing but a mark"
    known = evidence(text, review, by_rule, others, about)
    outcome = max(known.likely, key=lambda name: known.likely[name])
    said = f"wording reads as {outcome} ({known.likely[outcome]:.0%})"
    if outcome == Verdict.NONE and known.likely[outcome] >= _OTHER_TALK and not by_rule.verdict.acts:
        return Decision(Verdict.NONE), said
    act = likeliest_act(known)
    forbidden = _forbidden(act, known.masked)
    asked = _asked(text, known, forbidden)
    if act is Verdict.SCORE:
        if known.best_mark is None:
            return asked, f"{said}, but no number is the mark"
        also = [n for n, chance in zip(known.numbers, known.marks, strict=True) if chance > _ALSO]
        if any(number != known.best_mark for number in also):
            return _between(asked, also), f"{said}, but more than one number could be the mark"
    sure = learned.sureness(_MODELS[review], act.value, vector(act, known))
    if sure < learned.threshold():
        against = ", ".join(guard.against(act, known.masked)) or "not sure enough"
        return asked, f"{said}; {against} ({sure:.0%})"
    if forbidden:
        return asked, f"{said}; {', '.join(forbidden)}"
    score = known.best_mark if act is Verdict.SCORE else None
    return Decision(act, score, _remarks(text, act, about)), f"{said}, sure ({sure:.0%})"


def _forbidden(act: Verdict, masked: str) -> list[str]:
    """What forbids the act, however sure the wording seems."""
    about_more = act is Verdict.APPROVE and guard.ABOUT_MORE.search(masked) and not features.says_yes(masked)
    return [*guard.never(act, masked), *(["a yes to something more"] if about_more else [])]


def _between(asked: Decision, marks: Sequence[Decimal]) -> Decision:
    """He is asked which of several marks it is; nothing of what he wrote about them is a remark."""
    first, *others = (Decision(Verdict.SCORE, mark) for mark in dict.fromkeys(marks))
    return replace(asked, proposal=first, instead=tuple(others))


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


def _asked(text: str, known: Evidence, forbidden: Collection[str]) -> Decision:
    """He is asked, with the likeliest act as a proposal; what turns that round leaves none."""
    act, by_rule = likeliest_act(known), known.by_rule
    proposal = None
    if by_rule.verdict.acts:
        proposal = by_rule
    elif known.likely[act.value] >= _PROPOSED and (act is not Verdict.SCORE or known.best_mark is not None):
        proposal = Decision(act, known.best_mark if act is Verdict.SCORE else None, _remarks(text, act, ""))
    if proposal and proposal.verdict is Verdict.REVISE and not proposal.comment:
        proposal = replace(proposal, comment=text)  # What is to be changed must not be lost.
    if proposal and forbidden and proposal.verdict is act:
        # What he wrote of somebody else is no remark for this one.
        proposal = replace(proposal, comment="") if guard.STILL_LIKELY.issuperset(forbidden) else None
    asked = Decision(Verdict.UNCLEAR, by_rule.score, text, proposal)
    marks = [number for number in known.numbers if number >= _LOWEST_BARE]
    return _between(asked, marks) if marks and _EITHER.search(known.masked) else asked

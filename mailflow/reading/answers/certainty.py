"""Certainty: how sure it is that an act is meant, from all that is known of an answer at once.

Known are the learned reader's likelihoods for the whole and for each clause, what the grammar says, and which rows of
answers.guard speak against it. How much each counts is learned from answers of hands that the reader had not seen
(`make train`), and so is from where on an act is done.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.reading.answers import guard
from mailflow.rules.review import Decision, Verdict

_LONG, _MANY, _SHORT = 60, 6, 4


@dataclass(frozen=True)
class Evidence:
    """What is known of an answer: each outcome's likelihood, for the whole (adding up to one, and as each table says),
    for each clause and for what stands beside a bare verdict; the grammar's decision; the words with their numbers
    masked; and how likely each number is the mark."""

    likely: Mapping[str, float]
    raw: Mapping[str, float]
    clauses: Sequence[Mapping[str, float]]
    beside: Mapping[str, float] | None
    by_rule: Decision
    masked: str
    numbers: Sequence[Decimal] = ()
    marks: Sequence[float] = ()

    @property
    def best_mark(self) -> Decimal | None:
        """The number that is likeliest the mark."""
        return self.numbers[max(range(len(self.marks)), key=lambda at: self.marks[at])] if self.marks else None


def vector(act: Verdict, known: Evidence) -> list[float]:
    """The evidence for and against an act, as numbers; always as many for one act."""
    name = act.value
    outcomes = sorted(known.likely)
    others = max(chance for outcome, chance in known.likely.items() if outcome != name)
    relation = known.by_rule.verdict
    size, count = len(known.masked), len(known.clauses)
    found = [
        _logit(known.likely[name]), _logit(others), _logit(known.raw[name]),
        relation is act, relation is Verdict.NONE, relation is Verdict.UNCLEAR, relation.acts and relation is not act,
        min(count, _MANY) / _MANY, min(size, _LONG) / _LONG, size <= _SHORT,
    ]  # fmt: skip
    against = [row.seen.search(known.masked) is not None for row in guard.ROWS]
    found += [*against, *(seen and relation is act for seen in against)]
    clauses = known.clauses or [known.likely]
    for outcome in outcomes:
        chances = [clause[outcome] for clause in clauses]
        found += [_logit(chances[0]), _logit(chances[-1]), _logit(max(chances))]
    found.append(known.beside is None)
    found += [_logit(known.beside[outcome]) if known.beside else 0.0 for outcome in outcomes]
    if act is Verdict.SCORE:
        first, second = [*sorted(known.marks, reverse=True), 0.0, 0.0][:2]
        same = known.best_mark is not None and known.best_mark == known.by_rule.score
        found += [_logit(first), _logit(second), same, min(len(known.numbers), _SHORT) / _SHORT]
    return [float(each) for each in found]


def _logit(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))

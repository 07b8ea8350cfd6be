"""Scores: the scale, the bands, and what a month's scores come to (clauses R5, R7). Scores are Decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class ScoreRules:
    """How scores count. `bands` are (name, lower bound), the highest bound first."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(100)
    month_of_week: str = "saturday"
    missing_counts_as: Decimal | None = Decimal(0)
    late_deduction: Decimal = Decimal(0)
    missing_deduction: Decimal = Decimal(0)
    bands: tuple[tuple[str, Decimal], ...] = ()

    def on_scale(self, score: Decimal) -> bool:
        """Whether the score lies on the scale, both ends included."""
        return self.low <= score <= self.high

    def band(self, score: Decimal) -> str:
        """The name of the highest band whose lower bound the score reaches, or an empty word."""
        return next((name for name, bound in self.bands if score >= bound), "")


@dataclass(frozen=True)
class MonthScore:
    """What a person's month comes to. `average` and `score` are None where nothing counted."""

    average: Decimal | None
    deduction: Decimal
    score: Decimal | None
    band: str


@dataclass(frozen=True)
class Weighed:
    """A score with the weight of its duty; none (`value` None) where the submission is missing."""

    value: Decimal | None
    weight: Decimal = Decimal(1)


def month_score(scores: Sequence[Weighed], late: int, missing: int, rules: ScoreRules) -> MonthScore:
    """The month's score: the weighted mean of the scores, the missing counted in, less the deductions (clause R7).

    `scores` are those given and, without a value, the missing submissions of a duty that is scored: such a one counts
    as `missing_counts_as`, or not at all when that is None. Every one of `late` and `missing`, of any duty that counts,
    costs its deduction. What is not yet scored and what is excused doesn't count. Rounded half up to two places, never
    below the scale's lower end.
    """
    values = [(rules.missing_counts_as if each.value is None else each.value, each.weight) for each in scores]
    counted = [(value, weight) for value, weight in values if value is not None]
    deduction = rules.late_deduction * late + rules.missing_deduction * missing
    if not counted:
        return MonthScore(None, deduction, None, "")
    weights = sum((weight for _, weight in counted), Decimal(0))
    average = sum((value * weight for value, weight in counted), Decimal(0)) / weights
    score = max((average - deduction).quantize(Decimal("0.01"), ROUND_HALF_UP), rules.low)
    return MonthScore(average.quantize(Decimal("0.01"), ROUND_HALF_UP), deduction, score, rules.band(score))

"""Review: the states of a submission and what an arrival or a decision does to them, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.rules.duties import Review
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import State


class Verdict(StrEnum):
    """What the director's words come to. The first three act; `unclear` asks him; `none` is no decision."""

    APPROVE = "approve"
    REVISE = "revise"
    SCORE = "score"
    UNCLEAR = "unclear"
    NONE = "none"

    @property
    def acts(self) -> bool:
        """Whether it changes anything."""
        return self in (Verdict.APPROVE, Verdict.REVISE, Verdict.SCORE)


@dataclass(frozen=True)
class VerdictWords:
    """Words that an office adds to the built-in ones: a clause that is one of them approves or sends back."""

    approve: tuple[str, ...] = ()
    revise: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A verdict with its score (only for `score`) and the comment that goes to the person. One that is unclear may
    bring what it most likely means, as a proposal, and `instead` what else it may mean just as well."""

    verdict: Verdict
    score: Decimal | None = None
    comment: str = ""
    proposal: Decision | None = None
    instead: tuple[Decision, ...] = ()

    @property
    def proposals(self) -> tuple[Decision, ...]:
        """Everything that it may mean, the likeliest first."""
        return (self.proposal, *self.instead) if self.proposal else ()


@dataclass(frozen=True)
class Rest:
    """Words of an answer about many for which nothing is likely, why they were not acted on, and the rows that they
    may be about."""

    words: str
    why: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Likely:
    """What an answer about many most likely means where it is not sure: decisions by the number of a row and its kind
    of review, and the words that say so. `rest` are those of his words for which nothing is likely."""

    words: str
    rows: tuple[tuple[int, Review, Decision], ...]
    rest: tuple[Rest, ...] = ()


# What a new version does to the state it finds. A new plan after approval is open again (clause R3);
# a new summary after scoring is kept and shown, and the score stands.
AFTER_VERSION = {
    State.RECEIVED: State.RECEIVED,
    State.REVISING: State.RECEIVED,
    State.APPROVED: State.RECEIVED,
    State.SCORED: State.SCORED,
}

# What a decision does, by how the duty is reviewed. A pair that isn't here is never acted on: he is asked.
AFTER_DECISION = {
    (Review.APPROVE, Verdict.APPROVE): State.APPROVED,
    (Review.APPROVE, Verdict.REVISE): State.REVISING,
    (Review.SCORE, Verdict.SCORE): State.SCORED,
    (Review.SCORE, Verdict.REVISE): State.REVISING,
}


def after_withdrawal(verdict: Verdict | None) -> State:
    """Where a submission is when its newest version was taken out: as the decision on the one before left it."""
    states = {Verdict.APPROVE: State.APPROVED, Verdict.REVISE: State.REVISING, Verdict.SCORE: State.SCORED}
    return states.get(verdict, State.RECEIVED) if verdict else State.RECEIVED


class Doubt(StrEnum):
    """Why a decision is not acted on and he is asked instead."""

    UNCLEAR = "unclear"
    WRONG_KIND = "wrong-kind"
    OFF_SCALE = "off-scale"
    NEWER_VERSION = "newer-version"
    NO_TARGET = "no-target"
    DECIDED_SINCE = "decided-since"
    EMPTY = "empty"
    SEVERAL = "several"


@dataclass(frozen=True)
class Outcome:
    """What follows from an answer: the new state, or the doubt that makes mailflow ask."""

    state: State | None = None
    doubt: Doubt | None = None


def decide(
    decision: Decision,
    review: Review,
    rules: ScoreRules,
    *,
    answered_version: int | None,
    newest_version: int,
) -> Outcome:
    """What his decision does to a submission that is reviewed so.

    `answered_version` is the version whose mail he answered, None where the answer names none; an answer to a
    version that a newer one has replaced is asked back, because he may not have seen the newer one.
    """
    if decision.verdict is Verdict.UNCLEAR:
        return Outcome(doubt=Doubt.UNCLEAR)
    state = AFTER_DECISION.get((review, decision.verdict))
    if state is None:
        return Outcome(doubt=Doubt.WRONG_KIND)
    if decision.score is not None and not rules.on_scale(decision.score):
        return Outcome(doubt=Doubt.OFF_SCALE)
    if answered_version is not None and answered_version < newest_version:
        return Outcome(doubt=Doubt.NEWER_VERSION)
    return Outcome(state=state)

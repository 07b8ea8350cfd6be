"""`make accuracy`, the second part: what strangers' answers are understood as, a row a hand, leave-one-hand-out.

Each hand is read by tables that were learned from the other hands; the sealed ones by the committed tables, which
never saw them. See tests/answers/GUIDE.md for the labels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bench.train import ABOUT, OTHERS, SEALED, hands, rows_of, trained
from mailflow.reading import learned
from mailflow.reading.answers.answer import read_answer
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision
from mailflow.rules.scores import ScoreRules

_ACTS = ("approve", "revise", "score")
_KINDS = {"plan": Review.APPROVE, "summary": Review.SCORE}
_COUNTED = ("right", "wrong", "silent", "asked", "done", "wanted", "exact", "judged", "proposed", "proposals")


def read(row: dict[str, Any]) -> Decision:
    """How an answer of the corpus is understood."""
    review = _KINDS[row["to"]]
    return read_answer(row["text"], {review}, ScoreRules(), OTHERS, ABOUT).by_review[review]


def _same_words(first: str, second: str) -> bool:
    strip = str.maketrans("", "", " \t\n,，。.;；:：!！")
    return first.translate(strip) == second.translate(strip)


def counted(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    """What reading these rows comes to."""
    counts: Counter[str] = Counter()
    for row in rows:
        found = read(row)
        outcome, score = found.verdict.value, found.score
        acts = outcome in _ACTS
        good = outcome in row["accept"]
        if outcome == "score" and good:
            good = row["score"] is not None and score is not None and float(score) == float(row["score"])
        counts["answers"] += 1
        counts["right"] += good
        counts["wrong"] += acts and not good
        counts["silent"] += outcome == "none" and not good
        counts["asked"] += outcome == "unclear" and not good
        counts["wanted"] += row["ideal"] in _ACTS
        counts["done"] += acts and good and row["ideal"] in _ACTS
        if acts and good and row["comment"] is not None:
            counts["judged"] += 1
            counts["exact"] += _same_words(found.comment, row["comment"])
        if outcome == "unclear" and row["ideal"] in _ACTS:
            counts["proposals"] += 1
            likely = found.proposal
            same_mark = likely is not None and (row["score"] is None or likely.score == row["score"])
            counts["proposed"] += likely is not None and likely.verdict.value == row["ideal"] and same_mark
    return counts


def _share(part: int, whole: int) -> str:
    return f"{part / whole:7.1%}" if whole else "      –"


def _interval(part: int, whole: int) -> str:
    """The 95 % interval of a share (Wilson)."""
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{max(0.0, middle - half):.2%} to {middle + half:.2%}"


def _print(name: str, c: Counter[str]) -> None:
    n = c["answers"]
    shares = [_share(c[what], n) for what in ("right", "wrong", "silent", "asked")]
    shares += [_share(c["done"], c["wanted"]), _share(c["exact"], c["judged"]), _share(c["proposed"], c["proposals"])]
    print(f"{name:14} {n:7d} " + " ".join(shares))


def main() -> None:
    """Print the table."""
    print("\nanswers of strangers, leave one hand out:")
    print(f"{'hand':14} {'answers':>7}   right   wrong  silent needless   done comment proposal")
    everybody = hands()
    total: Counter[str] = Counter()
    for hand in everybody:
        if not rows_of(hand):
            continue
        with learned.using(trained([other for other in everybody if other != hand])):
            counts = counted(rows_of(hand))
        total += counts
        _print(hand, counts)
    _print("all", total)
    sealed: Counter[str] = Counter()
    for hand in SEALED:
        sealed += counted(rows_of(hand))
    _print("sealed", sealed)
    for what in ("wrong", "silent"):
        print(f"  sealed, {what}: {_interval(sealed[what], sealed['answers'])} (95 %)")


if __name__ == "__main__":
    main()

"""`make train`: the learned reader's tables, from the labelled answers. scikit-learn is needed here and nowhere else.

The hands in SEALED are never learned from; `make accuracy` prints their totals. How sure a reading is, is learned from
what tables say of a hand that were made without it, and the threshold is where BUDGET of them are acted on wrongly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailflow.reading import learned
from mailflow.reading.answers import features
from mailflow.reading.answers.answer import evidence, likeliest_act
from mailflow.reading.answers.certainty import vector
from mailflow.reading.answers.verdict import addressed, read_verdicts
from mailflow.reading.opening.charsets import fold, tidy
from mailflow.reading.staff.staff_features import StaffMail, of_staff_mail
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.scores import ScoreRules
from tests.mail.answers import PLAN, SUMMARY

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "tests/answers"
SEALED = ("T", "U", "Z")
OWN = "own"
ABOUT, OTHERS = "张三", ("李四", "王五", "赵六")
_STRENGTH = 100.0
# How many of a thousand answers may be acted on wrongly, by hands that the tables have not seen.
BUDGET = 0.0025
_CERTAINTY_STRENGTH = 0.1
_REVIEWS = {learned.PLAN: Review.APPROVE, learned.SUMMARY: Review.SCORE}


def hands() -> list[str]:
    """Every hand that may be learned from."""
    return [*sorted(path.name for path in ANSWERS.iterdir() if path.is_dir() and path.name not in SEALED), OWN]


def rows_of(hand: str, name: str = "replies") -> list[dict[str, Any]]:
    """The labelled rows of a hand."""
    if hand == OWN:
        return own_rows() if name == "replies" else []
    path = ANSWERS / hand / f"{name}.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""  # A hand may have written but some kinds of mail.
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def own_rows() -> list[dict[str, Any]]:
    """The answers that were invented with the rules, in tests/mail: plain ones that every reader must know."""
    rows = [("plan", words, verdict, None, comment) for words, verdict, comment in PLAN]
    rows += [("summary", *row) for row in SUMMARY]
    return [
        {"to": to, "text": words, "ideal": verdict, "accept": [verdict], "score": score, "comment": comment}
        for to, words, verdict, score, comment in rows
    ]


def nameless(text: str) -> str:
    """An answer of the corpus as the reader sees it."""
    return features.without_names(fold(text), fold(ABOUT), [fold(name) for name in OTHERS])


@lru_cache(maxsize=100_000)
def _answer(words: str) -> tuple[int, ...]:
    """Where an answer's features stand; every run over one hand less asks for most of them again."""
    return tuple(features.indices(features.of_answer(words)))


@lru_cache(maxsize=100_000)
def _staff(row: str) -> tuple[int, ...]:
    return tuple(features.indices(of_staff_mail(staff_mail(json.loads(row)))))


def _matrix(seen: Sequence[Collection[str] | tuple[int, ...]]) -> csr_matrix:
    places, ends, values = [], [0], []
    for each in seen:
        found = each if isinstance(each, tuple) else features.indices(each)
        places += found
        values += [1 / np.sqrt(max(1, len(found)))] * len(found)
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(seen), 1 << features.BITS))


def _table(model: str, outcome: str, matrix: csr_matrix, wanted: np.ndarray) -> tuple[str, str, float, float, bytes]:
    fitted = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0).fit(matrix, wanted)
    weights = fitted.coef_[0]
    scale = float(np.abs(weights).max() / 127)
    return model, outcome, scale, float(fitted.intercept_[0]), np.rint(weights / scale).astype(np.int8).tobytes()


def trained(chosen: Collection[str]) -> list[tuple[str, str, float, float, bytes]]:
    """The tables learned from these hands."""
    rows = [row for hand in sorted(chosen) for row in rows_of(hand)]
    tables = []
    for model in (learned.PLAN, learned.SUMMARY):
        mine = [row for row in rows if row["to"] == model]
        matrix = _matrix([_answer(nameless(row["text"])) for row in mine])
        for outcome in sorted({row["ideal"] for row in mine}):
            tables.append(_table(model, outcome, matrix, np.array([row["ideal"] == outcome for row in mine])))
    for model in (learned.PLAN, learned.SUMMARY):
        beside = [
            (rest, row) for row in rows if row["to"] == model and (rest := features.rest_of(nameless(row["text"])))
        ]
        matrix = _matrix([_answer(rest) for rest, _ in beside])
        for outcome in sorted({row["ideal"] for row in rows if row["to"] == model}):
            wanted = np.array([row["ideal"] == outcome for _, row in beside])
            tables.append(_table(learned.BESIDE + model, outcome, matrix, wanted))
    seen, given = [], []
    for row in (row for row in rows if row["to"] == learned.SUMMARY):
        words = nameless(row["text"])
        found = [number for number in features.numbers(words) if number.value <= 100]
        seen += [features.of_mark(words, found, at) for at in range(len(found))]
        given += [row["ideal"] == "score" and float(number.value) == row["score"] for number in found]
    tables.append(_table(learned.MARK, "mark", _matrix(seen), np.array(given)))
    for outcome in ("approve", "revise", "score"):
        clauses, bare = _clauses([row for row in rows if row["ideal"] == outcome and row["comment"] is not None])
        tables.append(_table(learned.BARE, outcome, _matrix(clauses), np.array(bare)))
    return tables + _staff_tables([row for hand in sorted(chosen) for row in rows_of(hand, "submissions")])


def staff_mail(row: dict[str, Any]) -> StaffMail:
    """A mail of the corpus as the reader sees it."""
    arrival = datetime.fromisoformat(row["received"]).date()
    names = [row["attachment"]] if row["attachment"] else []
    return StaffMail(row["subject"], row["body"], names, row["content"] or "", arrival, bool(row["reply"]))


def _staff_tables(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, float, float, bytes]]:
    matrix = _matrix([_staff(json.dumps(row)) for row in rows])
    meant = {"plan": "weekly-plan", "summary": "weekly-summary"}
    return [
        _table(learned.STAFF, outcome, matrix, np.array([duty in row["gold"][0] for row in rows]))
        for outcome, duty in meant.items()
    ]


_PUNCTUATION = str.maketrans("", "", " \t\n,，.。;；:：!！?？()（）“”\"'…")


def _clauses(rows: Sequence[dict[str, Any]]) -> tuple[list[set[str]], list[bool]]:
    """Every clause of these answers, and whether it is no part of what the person must read."""
    seen: list[set[str]] = []
    bare: list[bool] = []
    for row in rows:
        text = addressed(tidy(row["text"]).strip(), ABOUT)
        places = features.clauses(text)
        remark = str(row["comment"]).translate(_PUNCTUATION)
        for at, (start, end) in enumerate(places):
            clause = text[start:end]
            seen.append(features.of_clause(nameless(clause), at, len(places)))
            bare.append(clause.translate(_PUNCTUATION) not in remark)
    return seen, bare


@dataclass(frozen=True)
class _Seen:
    """One answer as tables see it that were made without its hand: the act that they choose, the evidence for it,
    and whether it is right."""

    act: str
    numbers: list[float]
    right: bool


def _unseen(chosen: Sequence[str]) -> list[_Seen]:
    """Every answer of these hands, each read by tables that were made from the others."""
    found = []
    for hand in chosen:
        rows = rows_of(hand)
        if not rows:
            continue
        with learned.using(trained([other for other in chosen if other != hand])):
            found += [seen for row in rows if (seen := _see(row))]
    return found


def _see(row: dict[str, Any]) -> _Seen | None:
    review = _REVIEWS[row["to"]]
    text = addressed(tidy(row["text"]).strip(), ABOUT)
    if not text:
        return None
    by_rule = read_verdicts(row["text"], {review}, ScoreRules(), OTHERS, ABOUT).by_review.get(review)
    known = evidence(text, review, by_rule or Decision(Verdict.NONE), OTHERS, ABOUT)
    act = likeliest_act(known)
    right = act.value in row["accept"]
    if act is Verdict.SCORE:
        if known.best_mark is None:
            return None
        right = right and row["score"] is not None and float(known.best_mark) == float(row["score"])
    return _Seen(f"{row['to']}/{act.value}", vector(act, known), right)


def certainty(chosen: Sequence[str]) -> tuple[dict[str, tuple[list[float], float]], float]:
    """What makes each act sure, and from where on it is done: both from answers that the tables had not seen."""
    seen = _unseen(chosen)
    weights: dict[str, tuple[list[float], float]] = {}
    sure: list[tuple[float, bool]] = []
    for act in sorted({each.act for each in seen}):
        mine = [each for each in seen if each.act == act]
        matrix = np.array([each.numbers for each in mine])
        right = np.array([each.right for each in mine])
        mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
        spread[spread == 0] = 1.0
        scaled = (matrix - mean) / spread
        model = LogisticRegression(C=_CERTAINTY_STRENGTH, max_iter=5000).fit(scaled, right)
        plain = model.coef_[0] / spread
        bias = float(model.intercept_[0] - (plain * mean).sum())
        weights[act] = ([round(float(weight), 6) for weight in plain], round(bias, 6))
        # Each fifth is judged by what the other four say, so that the threshold isn't flattered.
        fifths = np.arange(len(mine)) * 5 // len(mine)
        for fifth in range(5):
            held = fifths == fifth
            other = LogisticRegression(C=_CERTAINTY_STRENGTH, max_iter=5000).fit(scaled[~held], right[~held])
            chances = other.predict_proba(scaled[held])[:, 1].tolist()
            sure += zip(chances, right[held].tolist(), strict=True)
    return weights, _threshold(sure)


def _threshold(sure: Sequence[tuple[float, bool]]) -> float:
    """The lowest sureness above which no more than the budget is wrong."""
    allowed, wrong, lowest = BUDGET * len(sure), 0, 1.0
    for chance, right in sorted(sure, reverse=True):
        wrong += not right
        if wrong > allowed:
            break
        lowest = chance
    return round(lowest, 4)


def corpus_hash() -> str:
    """The hash of all that is learned from."""
    digest = hashlib.sha256()
    for hand in hands():
        rows = [*rows_of(hand), *rows_of(hand, "submissions")]
        digest.update(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def main() -> None:
    """Write the tables."""
    target = ROOT / "mailflow/reading/learned.bin"
    target.write_bytes(learned.packed(corpus_hash(), trained(hands()), *certainty(hands())))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes from {len(hands())} hands")


if __name__ == "__main__":
    main()

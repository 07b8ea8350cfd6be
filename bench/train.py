"""`make train`: the learned reader's tables, from the labelled answers. scikit-learn is needed here and nowhere else.

The hands in SEALED are never learned from; `make accuracy` prints their totals. How sure a reading is, is learned from
what tables say of a hand that were made without it, and the threshold is where BUDGET of them are acted on wrongly.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
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
# A feature counts that so many hands have used; how telling it is, is kept in so many steps for each unit.
_HANDS, _STEPS = 3, 20
_HEAVIEST = 31
_MOSTLY = 0.6
_FEWER_HANDS = {learned.BARE: 1, learned.STAFF: 2}
_ALL_ALIKE = (learned.STAFF,)
# Hands of little else than traps: they are learned from, but say nothing of how often a director writes so.
TRAPS = ("GA", "GB", "GC")
# So many groups of hands are left out in turn to see how sure one can be of hands that one hasn't seen.
_GROUPS = 10
# How many of a thousand answers may be acted on wrongly, by hands that the tables have not seen.
BUDGET = 0.004
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


# Where the features of something stand.
Seen = tuple[int, ...]


def _stand(found: Collection[str]) -> Seen:
    return tuple(features.indices(found))


@lru_cache(maxsize=100_000)
def _answer(words: str) -> Seen:
    """Where an answer's features stand; every run over one hand less asks for most of them again."""
    return _stand(features.of_answer(words))


@lru_cache(maxsize=100_000)
def _staff(row: str) -> Seen:
    return _stand(of_staff_mail(staff_mail(json.loads(row))))


def _rarity(model: str, seen: Sequence[Seen], of_hands: Sequence[str]) -> np.ndarray:
    """How telling each feature is, in whole bytes: its inverse document frequency, 0 where too few hands have it."""
    size = 1 << features.BITS
    documents = np.bincount(np.concatenate([np.array(each) for each in seen]), minlength=size)
    pairs = {(index, hand) for each, hand in zip(seen, of_hands, strict=True) for index in each}
    spread = np.bincount(np.array([index for index, _ in pairs]), minlength=size)
    telling = np.log((len(seen) + 1) / (documents + 1)) + 1 if model not in _ALL_ALIKE else np.ones(size)
    enough = next((hands for name, hands in _FEWER_HANDS.items() if model.startswith(name)), _HANDS)
    return np.where(spread >= enough, np.rint(telling * _STEPS), 0).astype(np.uint8)


def _matrix(seen: Sequence[Seen], rarity: np.ndarray) -> csr_matrix:
    places, ends, values = [], [0], []
    for each in seen:
        found = [index for index in each if rarity[index]]
        telling = rarity[found].astype(float)
        places += found
        values += (telling / (np.sqrt((telling**2).sum()) or 1.0)).tolist()
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(seen), len(rarity)))


def _learnt(
    model: str, seen: Sequence[Seen], of_hands: Sequence[str], outcomes: Mapping[str, Sequence[bool]]
) -> learned.Learnt:
    """A model: for what was seen, by whose hand, and which of it had each outcome."""
    rarity = _rarity(model, seen, of_hands)
    matrix = _matrix(seen, rarity)
    return learned.Learnt(
        model,
        rarity.tobytes(),
        [_table(name, matrix, np.array(wanted), rarity) for name, wanted in sorted(outcomes.items())],
    )


def _table(outcome: str, matrix: csr_matrix, wanted: np.ndarray, rarity: np.ndarray) -> tuple[str, float, float, bytes]:
    fitted = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0).fit(matrix, wanted)
    weights = fitted.coef_[0] * rarity
    scale = float(np.abs(weights).max() / _HEAVIEST)
    return outcome, scale, float(fitted.intercept_[0]), np.rint(weights / scale).astype(np.int8).tobytes()


def trained(chosen: Collection[str]) -> list[learned.Learnt]:
    """The models learned from these hands."""
    answers = [{**row, "hand": hand} for hand in sorted(chosen) for row in rows_of(hand)]
    mails = [{**row, "hand": hand} for hand in sorted(chosen) for row in rows_of(hand, "submissions")]
    found = []
    for model in (learned.PLAN, learned.SUMMARY):
        mine = [row for row in answers if row["to"] == model]
        found.append(_outcomes(model, [_answer(nameless(row["text"])) for row in mine], mine))
        rests = [(features.rest_of(nameless(row["text"])), row) for row in mine]
        beside = [(_answer(rest), row) for rest, row in rests if rest]
        found.append(_outcomes(learned.BESIDE + model, [seen for seen, _ in beside], [row for _, row in beside]))
    found.append(_marks([row for row in answers if row["to"] == learned.SUMMARY]))
    found += [
        _bare(outcome, [row for row in answers if row["ideal"] == outcome and row["comment"] is not None])
        for outcome in ("approve", "revise", "score")
    ]
    return [*found, _staff_mails(mails)]


def _outcomes(model: str, seen: Sequence[Seen], rows: Sequence[dict[str, Any]]) -> learned.Learnt:
    outcomes = {name: [row["ideal"] == name for row in rows] for name in {row["ideal"] for row in rows}}
    return _learnt(model, seen, [row["hand"] for row in rows], outcomes)


def _marks(rows: Sequence[dict[str, Any]]) -> learned.Learnt:
    """Which number of an answer is the mark."""
    seen, given, of_hands = [], [], []
    for row in rows:
        words = nameless(row["text"])
        found = [number for number in features.numbers(words) if number.value <= 100]
        seen += [_stand(features.of_mark(words, found, at)) for at in range(len(found))]
        given += [row["ideal"] == "score" and float(number.value) == row["score"] for number in found]
        of_hands += [row["hand"]] * len(found)
    return _learnt(learned.MARK, seen, of_hands, {learned.MARK: given})


def _staff_mails(rows: Sequence[dict[str, Any]]) -> learned.Learnt:
    meant = {"plan": "weekly-plan", "summary": "weekly-summary"}
    outcomes = {name: [duty in row["gold"][0] for row in rows] for name, duty in meant.items()}
    return _learnt(learned.STAFF, [_staff(json.dumps(row)) for row in rows], [row["hand"] for row in rows], outcomes)


def _holds(remark: str, clause: str) -> bool:
    """Whether a clause, but perhaps for a word at its edge (但第3条改成周三), is in what the person must read."""
    same = SequenceMatcher(None, remark, clause, autojunk=False).find_longest_match()
    return bool(clause) and same.size >= _MOSTLY * len(clause)


def _bare(outcome: str, rows: Sequence[dict[str, Any]]) -> learned.Learnt:
    """Which clauses of an answer only say its verdict, and are no part of what the person must read."""
    seen: list[Seen] = []
    bare: list[bool] = []
    of_hands: list[str] = []
    for row in rows:
        text = addressed(tidy(row["text"]).strip(), ABOUT)
        places = features.clauses(text)
        remark = str(row["comment"]).translate(_PUNCTUATION)
        for at, (start, end) in enumerate(places):
            clause = text[start:end]
            seen.append(_stand(features.of_clause(nameless(clause), at, len(places))))
            bare.append(not _holds(remark, clause.translate(_PUNCTUATION)))
            of_hands.append(row["hand"])
    return _learnt(learned.BARE + outcome, seen, of_hands, {learned.BARE: bare})


def staff_mail(row: dict[str, Any]) -> StaffMail:
    """A mail of the corpus as the reader sees it."""
    arrival = datetime.fromisoformat(row["received"]).date()
    names = [row["attachment"]] if row["attachment"] else []
    return StaffMail(row["subject"], row["body"], names, row["content"] or "", arrival, bool(row["reply"]))


_PUNCTUATION = str.maketrans("", "", " \t\n,，.。;；:：!！?？()（）“”\"'…")


@dataclass(frozen=True)
class _Seen:
    """One answer as tables see it that were made without its hand: the act that they choose, the evidence for it,
    and whether it is right."""

    act: str
    numbers: list[float]
    right: bool
    ordinary: bool = True


def _unseen(chosen: Sequence[str]) -> list[_Seen]:
    """Every answer of these hands, each read by tables that were made without its own hand and some others."""
    found = []
    for group in (chosen[first::_GROUPS] for first in range(_GROUPS)):
        rows = [{**row, "hand": hand} for hand in group for row in rows_of(hand)]
        with learned.using(trained([hand for hand in chosen if hand not in group])):
            found += [replace(seen, ordinary=row["hand"] not in TRAPS) for row in rows if (seen := _see(row))]
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
            judged = zip(chances, right[held].tolist(), itertools.compress(mine, held.tolist()), strict=True)
            sure += [(chance, was_right) for chance, was_right, each in judged if each.ordinary]
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

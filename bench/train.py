"""`make train`: the learned reader's tables, from the labelled answers. scikit-learn is needed here and nowhere else.

The hands in SEALED are never learned from and never looked at; `make accuracy` prints their totals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailflow.reading import features, learned
from mailflow.reading.charsets import fold, tidy
from mailflow.reading.verdict import addressed
from tests.mail.answers import PLAN, SUMMARY

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "tests/answers"
SEALED = ("T", "U")
OWN = "own"
ABOUT, OTHERS = "张三", ("李四", "王五", "赵六")
_STRENGTH = 100.0


def hands() -> list[str]:
    """Every hand that may be learned from."""
    return [*sorted(path.name for path in ANSWERS.iterdir() if path.is_dir() and path.name not in SEALED), OWN]


def rows_of(hand: str, name: str = "replies") -> list[dict[str, Any]]:
    """The labelled rows of a hand."""
    if hand == OWN:
        return own_rows()
    text = (ANSWERS / hand / f"{name}.jsonl").read_text(encoding="utf-8")
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


def _matrix(seen: Sequence[Collection[str]]) -> csr_matrix:
    places, ends, values = [], [0], []
    for each in seen:
        found = features.indices(each)
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
        matrix = _matrix([features.of_answer(nameless(row["text"])) for row in mine])
        for outcome in sorted({row["ideal"] for row in mine}):
            tables.append(_table(model, outcome, matrix, np.array([row["ideal"] == outcome for row in mine])))
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
    return tables


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


def corpus_hash() -> str:
    """The hash of all that is learned from."""
    digest = hashlib.sha256()
    for hand in hands():
        digest.update(json.dumps(rows_of(hand), ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def main() -> None:
    """Write the tables."""
    target = ROOT / "mailflow/reading/learned.bin"
    target.write_bytes(learned.packed(corpus_hash(), trained(hands())))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes from {len(hands())} hands")


if __name__ == "__main__":
    main()

"""The learned reader: what answers that were worded so have meant. Linear tables over the features of reading.features.

It is made by `make train` from the labelled answers in tests/answers and never learns from an office's own mail.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mailflow.reading.answers import features
from mailflow.reading.answers.features import Number

_FILE = Path(__file__).with_name("learned.bin")
# The tables of a model: one for each outcome, each of a byte a feature.
PLAN, SUMMARY, MARK, BARE = "plan", "summary", "mark", "bare"
# What stands beside a bare verdict, as a model of its own for each of the first two.
BESIDE = "beside-"
# What a mail of the staff is: a plan, a summary, both or neither.
STAFF = "staff"


@dataclass(frozen=True)
class Table:
    """One outcome's weights: signed bytes to be multiplied by `scale`, and what is added."""

    outcome: str
    scale: float
    bias: float
    weights: memoryview

    def probability(self, indices: Sequence[int]) -> float:
        """How likely the outcome is for an answer with these features."""
        total = sum(self.weights[index] for index in indices) * self.scale / math.sqrt(max(1, len(indices)))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.bias))))


def of_answer(model: str, folded: str) -> dict[str, float]:
    """How likely each outcome is for folded, nameless words, as each outcome's own table says."""
    indices = features.indices(features.of_answer(folded))
    return {table.outcome: table.probability(indices) for table in _tables()[model]}


def of_staff_mail(found: Iterable[str]) -> dict[str, float]:
    """How likely a mail of the staff with these features is a week's plan, and how likely its summary."""
    indices = features.indices(found)
    return {table.outcome: table.probability(indices) for table in _tables()[STAFF]}


def shares(raw: Mapping[str, float]) -> dict[str, float]:
    """Likelihoods that add up to one."""
    whole = sum(raw.values())
    return {outcome: likelihood / whole for outcome, likelihood in raw.items()}


def sureness(model: str, act: str, evidence: Sequence[float]) -> float:
    """How sure it is that an act is meant, from reading.certainty's numbers."""
    weights, bias = _certainty()[f"{model}/{act}"]
    total = math.fsum(weight * each for weight, each in zip(weights, evidence, strict=True)) + bias
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def threshold() -> float:
    """From which sureness on an act is done."""
    return float(_head()["threshold"])


def of_marks(folded: str, found: Sequence[Number]) -> list[float]:
    """How likely each of these numbers is the mark that is given."""
    [table] = _tables()[MARK]
    return [table.probability(features.indices(features.of_mark(folded, found, at))) for at in range(len(found))]


def of_bare(verdict: str, folded: Sequence[str]) -> list[float]:
    """How likely each of these clauses only says the verdict, and nothing that the person must read."""
    [table] = [each for each in _tables()[BARE] if each.outcome == verdict]
    seen = [features.of_clause(clause, at, len(folded)) for at, clause in enumerate(folded)]
    return [table.probability(features.indices(each)) for each in seen]


_instead: list[bytes] = []


@contextmanager
def using(tables: Iterable[tuple[str, str, float, float, bytes]]) -> Iterator[None]:
    """Read with these tables instead of the committed ones: for leave-one-hand-out runs."""
    _instead.append(packed("", tables))
    _tables.cache_clear()
    try:
        yield
    finally:
        _instead.pop()
        _tables.cache_clear()


@lru_cache(maxsize=1)
def _head() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_bytes().partition(b"\n")[0])
    return found


@lru_cache(maxsize=1)
def _certainty() -> dict[str, tuple[list[float], float]]:
    return {act: (weights, bias) for act, (weights, bias) in _head()["certainty"].items()}


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, tuple[Table, ...]]:
    packed_tables = _instead[-1] if _instead else _FILE.read_bytes()
    head, _, body = packed_tables.partition(b"\n")
    weights = memoryview(zlib.decompress(body)).cast("b")
    size = 1 << features.BITS
    models: dict[str, list[Table]] = {}
    for number, row in enumerate(json.loads(head)["tables"]):
        part = weights[number * size : (number + 1) * size]
        models.setdefault(row["model"], []).append(Table(row["outcome"], row["scale"], row["bias"], part))
    return {model: tuple(tables) for model, tables in models.items()}


def corpus_hash() -> str:
    """The hash of the corpus that this was made from."""
    return str(_head()["corpus"])


def packed(
    corpus: str,
    tables: Iterable[tuple[str, str, float, float, bytes]],
    certainty: Mapping[str, tuple[list[float], float]] | None = None,
    threshold: float = 1.0,
) -> bytes:
    """The file that holds tables of (model, outcome, scale, bias, signed bytes), and what makes an act sure."""
    rows = list(tables)
    head = {
        "corpus": corpus,
        "certainty": certainty or {},
        "threshold": threshold,
        "tables": [{"model": m, "outcome": o, "scale": s, "bias": b} for m, o, s, b, _ in rows],
    }
    return json.dumps(head, sort_keys=True).encode() + b"\n" + zlib.compress(b"".join(row[-1] for row in rows), 9)

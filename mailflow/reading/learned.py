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

from mailflow.reading import features
from mailflow.reading.features import Number

_FILE = Path(__file__).with_name("learned.bin")
# The tables of a model: one for each outcome, each of a byte a feature.
PLAN, SUMMARY, MARK, BARE = "plan", "summary", "mark", "bare"


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
    """How likely each outcome is for folded, nameless words; the likelihoods add up to one."""
    indices = features.indices(features.of_answer(folded))
    found = {table.outcome: table.probability(indices) for table in _tables()[model]}
    whole = sum(found.values())
    return {outcome: likelihood / whole for outcome, likelihood in found.items()}


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
    head = _FILE.read_bytes().partition(b"\n")[0]
    return str(json.loads(head)["corpus"])


def packed(corpus: str, tables: Iterable[tuple[str, str, float, float, bytes]]) -> bytes:
    """The file that holds tables of (model, outcome, scale, bias, signed bytes)."""
    rows = list(tables)
    head = {
        "corpus": corpus,
        "tables": [{"model": m, "outcome": o, "scale": s, "bias": b} for m, o, s, b, _ in rows],
    }
    return json.dumps(head, sort_keys=True).encode() + b"\n" + zlib.compress(b"".join(row[-1] for row in rows), 9)

"""The learned reader: what answers that were worded so have meant. Linear tables over the features of reading.features.

It is made by `make train` from the labelled answers in tests/answers and never learns from an office's own mail.
"""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mailflow.reading.answers import features
from mailflow.reading.answers.features import Number

_FILE = Path(__file__).with_name("learned.bin")
# The names of the models.
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


@dataclass(frozen=True)
class Model:
    """The tables of one question, and how telling each feature is: rare ones more than common ones (inverse document
    frequency), those that too few hands have used not at all."""

    rarity: memoryview
    tables: tuple[Table, ...]

    def probabilities(self, seen: Iterable[str]) -> dict[str, float]:
        """How likely each outcome is for what has these features, as each outcome's own table says."""
        indices = [index for index in features.indices(seen) if self.rarity[index]]
        length = math.sqrt(sum(self.rarity[index] ** 2 for index in indices)) or 1.0
        return {
            table.outcome: _logistic(
                sum([table.weights[index] for index in indices]) * table.scale / length + table.bias
            )
            for table in self.tables
        }


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def of_answer(model: str, folded: str) -> dict[str, float]:
    """How likely each outcome is for folded, nameless words, as each outcome's own table says."""
    return _models()[model].probabilities(features.of_answer(folded))


def of_staff_mail(found: Iterable[str]) -> dict[str, float]:
    """How likely a mail of the staff with these features is a week's plan, and how likely its summary."""
    return _models()[STAFF].probabilities(found)


def shares(raw: Mapping[str, float]) -> dict[str, float]:
    """Likelihoods that add up to one."""
    whole = sum(raw.values())
    return {outcome: likelihood / whole for outcome, likelihood in raw.items()}


def sureness(model: str, act: str, evidence: Sequence[float]) -> float:
    """How sure it is that an act is meant, from reading.certainty's numbers."""
    weights, bias = _certainty()[f"{model}/{act}"]
    total = math.fsum(weight * each for weight, each in zip(weights, evidence, strict=True)) + bias
    return _logistic(total)


def threshold() -> float:
    """From which sureness on an act is done."""
    return float(_head()["threshold"])


def of_marks(folded: str, found: Sequence[Number]) -> list[float]:
    """How likely each of these numbers is the mark that is given."""
    model = _models()[MARK]
    return [model.probabilities(features.of_mark(folded, found, at))[MARK] for at in range(len(found))]


def of_bare(verdict: str, folded: Sequence[str]) -> list[float]:
    """How likely each of these clauses only says the verdict, and nothing that the person must read."""
    model, count = _models()[BARE + verdict], len(folded)
    return [model.probabilities(features.of_clause(clause, at, count))[BARE] for at, clause in enumerate(folded)]


class Learnt(NamedTuple):
    """A model as it was learned: how telling each feature is, and (outcome, scale, bias, weights) an outcome."""

    model: str
    rarity: bytes
    tables: list[tuple[str, float, float, bytes]]


_instead: list[bytes] = []


@contextmanager
def using(learnt: Iterable[Learnt]) -> Iterator[None]:
    """Read with these models instead of the committed ones: for leave-one-hand-out runs."""
    _instead.append(packed("", learnt))
    _models.cache_clear()
    try:
        yield
    finally:
        _instead.pop()
        _models.cache_clear()


@lru_cache(maxsize=1)
def _head() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_bytes().partition(b"\n")[0])
    return found


@lru_cache(maxsize=1)
def _certainty() -> dict[str, tuple[list[float], float]]:
    return {act: (weights, bias) for act, (weights, bias) in _head()["certainty"].items()}


@lru_cache(maxsize=1)
def _models() -> Mapping[str, Model]:
    head, _, body = (_instead[-1] if _instead else _FILE.read_bytes()).partition(b"\n")
    columns, size = memoryview(lzma.decompress(body)), 1 << features.BITS
    taken = iter(columns[at : at + size] for at in range(0, len(columns), size))
    models = {}
    for row in json.loads(head)["models"]:
        rarity = next(taken)
        tables = [Table(name, scale, bias, next(taken).cast("b")) for name, scale, bias in row["tables"]]
        models[row["model"]] = Model(rarity, tuple(tables))
    return models


def corpus_hash() -> str:
    """The hash of the corpus that this was made from."""
    return str(_head()["corpus"])


def packed(
    corpus: str,
    learnt: Iterable[Learnt],
    certainty: Mapping[str, tuple[list[float], float]] | None = None,
    threshold: float = 1.0,
) -> bytes:
    """The file that holds models, a byte a feature in each of their columns, and what makes an act sure."""
    models = list(learnt)
    head = {
        "corpus": corpus,
        "certainty": certainty or {},
        "threshold": threshold,
        "models": [{"model": m.model, "tables": [table[:3] for table in m.tables]} for m in models],
    }
    columns = b"".join(column for m in models for column in (m.rarity, *(table[3] for table in m.tables)))
    return json.dumps(head, sort_keys=True).encode() + b"\n" + lzma.compress(columns)

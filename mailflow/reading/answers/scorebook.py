"""A score workbook that comes back: the rows that were filled in, by the key that each row bears.

Rows may have been moved, sorted or left out; columns are found by their titles. What is read here is the workbook's
text, taken out in the process that opens all documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mailflow.reading.opening.attachments import read_attachment
from mailflow.reading.opening.charsets import fold
from mailflow.reading.opening.letter import Letter
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.scores import ScoreRules

KEY = re.compile(r"[A-Z2-7]{16}")
# The titles of the columns that are read, folded, in each language.
_TITLES = {
    "key": ("校验码", "key"),
    "decision": ("决定", "decision"),
    "score": ("得分", "score"),
    "comment": ("意见", "comment"),
    "name": ("姓名", "name"),
}
_APPROVES = ("同意", "批准", "通过", "approve", "approved", "ok")
_REVISES = ("修改", "退回", "revise", "send back")


@dataclass(frozen=True)
class BookRow:
    """A row that was filled in, as it stands there."""

    key: str
    name: str
    decision: str
    score: str
    comment: str

    @property
    def words(self) -> str:
        """The row in words, for the letter that asks back."""
        return " ".join(part for part in (self.name, self.decision, self.score, self.comment) if part)


def workbooks_in(letter: Letter) -> list[str]:
    """The texts of the workbooks that a message brings, of which any can be a score workbook."""
    return [read_attachment(part).text for part in letter.parts if part.filename.lower().endswith(".xlsx")]


def filled_rows(text: str) -> list[BookRow]:
    """The rows with a decision, a score or a comment; none where the text is no score workbook."""
    return [row for row in _rows(text) if row.decision or row.score or row.comment]


def keys_in(text: str) -> list[str]:
    """The keys of all rows of a score workbook."""
    return [row.key for row in _rows(text) if KEY.fullmatch(row.key)]


def _rows(text: str) -> Iterator[BookRow]:
    columns: dict[str, int] = {}
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        named = {name: n for n, cell in enumerate(cells) for name, words in _TITLES.items() if fold(cell) in words}
        if "key" in named and ("decision" in named or "score" in named):
            columns = named
        elif columns and len(cells) > 1:
            found = {name: cells[n] if n < len(cells) else "" for name, n in columns.items()}
            yield BookRow(*(found.get(name, "") for name in ("key", "name", "decision", "score", "comment")))


def decision_of(row: BookRow, review: Review, rules: ScoreRules) -> Decision:
    """What a row decides; `unclear` where it is not sure, with the score where one stands there."""
    said = fold(row.decision)
    score = _number(row.score)
    if row.score and score is None:
        return Decision(Verdict.UNCLEAR, comment=row.words)
    if score is not None and (review is not Review.SCORE or said in _REVISES or not rules.on_scale(score)):
        return Decision(Verdict.UNCLEAR, score, row.words)
    if score is not None:
        return Decision(Verdict.SCORE, score, row.comment)
    if said in _REVISES:
        return Decision(Verdict.REVISE, comment=row.comment)
    if said in _APPROVES and review is Review.APPROVE:
        return Decision(Verdict.APPROVE, comment=row.comment)
    return Decision(Verdict.UNCLEAR, comment=row.words)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(fold(text).removesuffix("分").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

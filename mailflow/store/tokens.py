"""Tokens: what a digest's links and its score workbook bear, so that an answer finds its submission."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mailflow.rules.submission import Target
from mailflow.store.outbox import Tap, taps_of
from mailflow.store.records import submissions_by_id
from mailflow.store.schema import LetterRow, TokenRow
from mailflow.store.session import Book

# 16 of 32 letters: 80 bits, which nobody guesses.
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LENGTH = 16


@dataclass(frozen=True)
class Token:
    """For whom a token was made, in which letter, which version it answers, and whether an answer with it was acted on
    before. `asked_about` is the mail that its letter asks about, where the letter is a question."""

    token: str
    target: Target
    reviewer: str
    used: bool
    message_id: str = ""
    asked_about: str = ""
    taps: tuple[Tap, ...] = ()


def make(book: Book, submission_id: int, version: int, reviewer: str, letter_key: str, now: datetime) -> str:
    """A new token for one version of a submission, in the letter that will have this key."""
    token = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    book.add(
        TokenRow(
            token=token, submission_id=submission_id, version=version, reviewer=reviewer, letter_key=letter_key,
            made_at=now,
        )
    )  # fmt: skip
    book.flush()
    return token


def find(book: Book, wanted: Iterable[str]) -> list[Token]:
    """Those of these tokens that are ours."""
    rows = book.execute(
        select(TokenRow, LetterRow.message_id, LetterRow.kind, LetterRow.in_reply_to, LetterRow.proposal)
        .join(LetterRow, LetterRow.key == TokenRow.letter_key, isouter=True)
        .where(TokenRow.token.in_(list(wanted)))
    ).all()
    known = submissions_by_id(book, [row.submission_id for row, *_ in rows])
    return [
        Token(
            row.token,
            Target(known[row.submission_id], row.version),
            row.reviewer,
            row.used_by is not None,
            message_id or "",
            (in_reply_to or "") if kind == "clarify" else "",
            taps_of(proposal),
        )
        for row, message_id, kind, in_reply_to, proposal in rows
    ]


def use(book: Book, token: str, message_ref: int) -> None:
    """An answer with this token was acted on."""
    row = book.get_one(TokenRow, token)
    row.used_by = row.used_by or message_ref

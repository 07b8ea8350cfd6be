"""Secrets that were shown: Message-IDs and tokens of ours that somebody else has seen prove nothing any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from mailflow.store.schema import LetterRow, ShownRow
from mailflow.store.session import Book
from mailflow.store.tokens import find


def owners(book: Book, message_ids: Collection[str], tokens: Collection[str]) -> dict[str, str]:
    """Whom each of these Message-IDs and tokens was made for, of those that are ours; an empty word for nobody's."""
    letters = select(LetterRow.message_id, LetterRow.person_id).where(LetterRow.message_id.in_(list(message_ids)))
    found = {message_id: person or "" for message_id, person in book.execute(letters)} if message_ids else {}
    return found | {token.token: token.reviewer for token in (find(book, tokens) if tokens else ())}


def show(book: Book, secrets: Iterable[str], message_id: str, at: datetime) -> None:
    """Somebody else has seen these, in this message; the first time counts."""
    wanted = set(secrets)
    for secret in sorted(wanted - shown(book, wanted)):
        book.add(ShownRow(secret=secret, message_id=message_id, at=at))
    book.flush()


def shown(book: Book, secrets: Iterable[str]) -> set[str]:
    """Those of these that somebody else has seen."""
    wanted = [secret for secret in secrets if secret]
    return set(book.scalars(select(ShownRow.secret).where(ShownRow.secret.in_(wanted)))) if wanted else set()

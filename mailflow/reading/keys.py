"""Keys: what a message bears of ours (codes, tokens, Message-IDs), and by what its subject is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from mailflow.reading.answers.scorebook import keys_in, workbooks_in
from mailflow.reading.opening.charsets import decode, fold
from mailflow.reading.opening.letter import Letter, content_of, parse
from mailflow.reading.words import CODE, OURS, SHOWN_TOKEN, TOKEN, bare_subject


def codes_in(subject: str) -> tuple[str, ...]:
    """The short codes that our letters bear in their subjects."""
    return tuple(CODE.findall(subject))


def tokens_in(letter: Letter) -> tuple[str, ...]:
    """The tokens that a message bears: in its subject, and in a score workbook that it brings back."""
    keys = [key for text in workbooks_in(letter) for key in keys_in(text)]
    return tuple(dict.fromkeys([*TOKEN.findall(letter.subject), *keys]))


def subject_key(subject: str) -> str:
    """A hash of the bare subject, by which it is known whose it was; empty for none."""
    bare = "".join(fold(bare_subject(subject)[0]).split())
    return hashlib.sha256(bare.encode()).hexdigest()[:16] if bare else ""


def ours_in(message_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of these Message-IDs that are of our making, whether the store knows them or not."""
    return tuple(message_id for message_id in message_ids if OURS.fullmatch(message_id))


def tokens_shown(letter: Letter, raw: bytes) -> tuple[str, ...]:
    """Every token that whoever gets this message can read in it: in subject, text, links, and files."""
    texts = [letter.subject, letter.text, letter.quoted]
    texts += [
        decode(content_of(part), None)
        for part in parse(raw).walk()
        if part.get_content_maintype() in ("text", "message")
    ]
    found = [token for text in texts for token in SHOWN_TOKEN.findall(text)]
    return tuple(dict.fromkeys([*found, *tokens_in(letter)]))

"""Clauses: what is said of one row, cut up; each clause is a verdict, a mark, the name of a duty, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.reading import learned
from mailflow.reading.answers import features
from mailflow.reading.answers.many import forms
from mailflow.reading.answers.many import words as say
from mailflow.reading.numerals import chinese
from mailflow.reading.opening.charsets import fold, fold_in_place
from mailflow.rules.duties import Review
from mailflow.rules.review import Verdict, VerdictWords

# 全部同意开工 says no more than 同意, as the learned reader of remarks knows.
_LONGEST_TAIL, _BARE = 4, 0.7
_SPLIT = re.compile(
    rf"(?<=[一-鿿a-z√✓✔✅×✗❌])\s*(?={say.FIGURE}\s*分?(?:$|[\s,，。;；(（]))|(?<=\d|分)(?={say.AGREES}|{say.REFUSES})"
)
_EDGES = " :：—-=/\"'“”"


class Kind(StrEnum):
    """What a clause is."""

    YES = "yes"
    NO = "no"
    MARK = "mark"
    DUTY = "duty"
    TEXT = "text"


@dataclass(frozen=True)
class Clause:
    """A clause at a place of what is said, the duty that it or one before it names, and the mark that it gives."""

    start: int
    end: int
    kind: Kind
    duty: Review | None
    value: Decimal | None = None


def clauses_of(said: str, scope: Review | None, own: VerdictWords) -> list[Clause]:
    """The clauses of what is said; `scope` is the duty that a heading says, `own` are folded words of the office."""
    folded = fold_in_place(said)
    found: list[Clause] = []
    duty = scope
    for start, end in _places(folded):
        duty, at = _duty_of(folded, start, end, duty)
        if at >= end:
            found.append(Clause(start, end, Kind.DUTY, duty))
            continue
        for begin, stop in _split(folded, at, end):
            before = found[-1] if found else None
            kind, value = _kind(folded[begin:stop].strip(_EDGES), own)
            if kind is Kind.MARK and before and before.kind is Kind.TEXT and not folded[before.end : begin].strip():
                kind, value = Kind.TEXT, None  # 平均 74.8 is no mark.
            verdict = kind in (Kind.YES, Kind.NO) and duty is None
            named = forms.duty_in(folded[begin:stop]) if verdict else None
            whole = start if kind is Kind.TEXT and begin == at else begin
            found.append(Clause(whole, stop, kind, named or duty, value))
    return found


def joined(said: str, clauses: Sequence[Clause]) -> str:
    """The clauses as he wrote them, with what stands between neighbours."""
    out = ""
    for clause, before in zip(clauses, [None, *clauses], strict=False):
        gap = said[before.end : clause.start] if before and before.end <= clause.start else ""
        near = before is not None and not any(c.isalnum() for c in gap)
        out += (gap if near else "，" if out else "") + said[clause.start : clause.end]
    if not clauses:
        return ""
    tail = re.match(r"[。.!！…?？”）)]+", said[clauses[-1].end :])
    whole = (out + (tail[0] if tail else "")).strip(" \n\t,，;；:：")
    return whole.rstrip("）)") if whole[-1:] in ("）", ")") and not {*"（("} & {*whole} else whole


def holds_stray_mark(text: str) -> bool:
    """Whether a number stands there that may be a mark: one without a unit, as high as marks are."""
    return any(Decimal(found["n"]) >= say.LOWEST_BARE for found in say.STRAY.finditer(fold_in_place(text)))


def _duty_of(folded: str, start: int, end: int, duty: Review | None) -> tuple[Review | None, int]:
    """The duty of a clause, and where what it says of it begins: 计划同意 says 同意, 计划没写食安 all of it."""
    marker = say.DUTY.match(folded, start, end)
    if marker is None or marker.end() == start:
        return duty, start
    rest = folded[marker.end() : end].lstrip(" ,，:：=—-的")
    apart = not rest or folded[marker.end()] in " ,，:：=—-" or forms.said_first(rest)
    return forms.review_of(marker), end - len(rest) if apart else start


def _places(folded: str) -> list[tuple[int, int]]:
    """Where the clauses are; a tick or a cross is one by itself, 均记 90 is one."""
    found: list[tuple[int, int]] = []
    for whole, end in features.clauses(folded):
        start = whole
        for sign in say.SIGNS.finditer(folded, start, end):
            found += [(start, sign.start()), sign.span()]
            start = sign.end()
        found.append((start, end))
    together: list[tuple[int, int]] = []
    for start, end in found:
        if not folded[start:end].strip():
            continue
        begins = together.pop()[0] if together and _only_gives(folded[together[-1][0] : start]) else start
        together.append((begins, end))
    return together


def _only_gives(text: str) -> bool:
    word = text.strip()
    plain = bool(word) and text.endswith(" ") and not say.DUTY.fullmatch(word)
    return plain and bool(say.GIVES.fullmatch(text))


def _split(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """同意90 and 92同意 are two clauses, and so is 打回没写时间."""
    if back := say.SENT_BACK.match(folded, start, end):
        return [(start, back.end()), (back.end(), end)]
    for duty in say.DUTY.finditer(folded, start + 1, end):
        if duty[0] != "分" and _form(folded[start : duty.start()].strip(" 、，,")) in (Kind.YES, Kind.NO, Kind.MARK):
            return [(start, duty.start()), (duty.start(), end)]
    for cut in _SPLIT.finditer(folded, start, end):
        sides = {_form(folded[start : cut.start()].strip()), _form(folded[cut.start() : end].strip())}
        if Kind.MARK in sides and sides & {Kind.YES, Kind.NO}:
            return [(start, cut.start()), (cut.start(), end)]
    return [(start, end)]


def _kind(text: str, own: VerdictWords) -> tuple[Kind, Decimal | None]:
    if fold(text) in own.approve:
        return Kind.YES, None
    if fold(text) in own.revise:
        return Kind.NO, None
    kind = _form(text)
    written = say.MARK.fullmatch(text) if kind is Kind.MARK else None
    if written is None:
        return kind, None
    value = Decimal(written["n"]) if written["n"][0].isdigit() else chinese(written["n"])
    plain = value is not None and (value >= say.LOWEST_BARE or "分" in text)
    return (Kind.MARK, value) if plain else (Kind.TEXT, None)


def _form(text: str) -> Kind:
    if say.SOFT.fullmatch(text):
        return Kind.DUTY
    if verdict := say.VERDICT.fullmatch(text) or _verdict_with_tail(text):
        return Kind.NO if verdict["no"] else Kind.YES
    return Kind.MARK if say.MARK.fullmatch(text) else Kind.TEXT


def _verdict_with_tail(text: str) -> re.Match[str] | None:
    """A word of consent with a short tail that says nothing more."""
    begun = say.VERDICT_START.match(text)
    tail = text[begun.end() :] if begun and begun["yes"] and len(begun["yes"]) > 1 else ""
    if not tail or len(tail) > _LONGEST_TAIL or any(c.isdigit() for c in tail):
        return None
    return begun if learned.of_bare(Verdict.APPROVE.value, [text])[0] >= _BARE else None

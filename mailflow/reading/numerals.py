"""Numerals: numbers as they are written in Chinese."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def chinese(text: str) -> Decimal | None:
    """A Chinese number below a thousand (九十二, 九二, 八十八点五); None where it is none."""
    whole, _, tenth = text.partition("点")
    value = _whole(whole)
    if value is None or (tenth and tenth not in DIGITS):
        return None
    return Decimal(value) + (Decimal(DIGITS[tenth]) / 10 if tenth else 0)


def _whole(text: str) -> int | None:
    hundreds, hundred, rest = text.rpartition("百")
    if hundred:
        below = _whole(rest.lstrip("零")) if rest.lstrip("零") else 0
        return None if below is None or hundreds not in ("", *DIGITS) else DIGITS.get(hundreds, 1) * 100 + below
    tens, ten, ones = text.partition("十")
    if ten:
        known = tens in ("", *DIGITS) and ones in ("", *DIGITS)
        return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0) if known else None
    if len(text) in (1, 2) and all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    return None

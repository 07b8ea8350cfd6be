"""Marks: which number in a reviewer's words is his score of this person, by rules. Two candidates are never chosen
between, and a number in a date, with a unit, of a list or of another scale is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.reading.answers import verdict_words as say
from mailflow.reading.numerals import chinese
from mailflow.rules.scores import ScoreRules

Span = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """The one number that can be the score, or the doubt why there is none."""

    value: Decimal | None
    span: Span | None
    why: str
    doubtful: bool = False


@dataclass(frozen=True)
class _Candidate:
    """A number that can be the score: `marked` by a word or 分, `final` by a word such as 最后, `whole` where it
    stands apart."""

    value: Decimal
    span: Span
    marked: bool
    final: bool
    whole: bool


_NOTHING = Mark(None, None, "")
_ABOUT = re.compile(r"\s*分?\s*(?:多|以上|以下|左右|上下|之间|出头|往上)")
_GAP = re.compile(r"[ \t]+\d+\s*(?:分|$)")
_POINTS = re.compile(r"\s*(?:points?\b|pts\b)|\s*分(?!钟|析|别|工|公司|部|店|解|配|享|步|类|批|期|摊|成|红|支|辆|之)")
_LIST_ITEM = re.compile(r"\s*[.、)）]\s*\D")
_STOP = re.compile(r"\s*(?:分)?\s*吧?\s*(?:$|[\s,，.。;；!！)）(（:：—-])")
_ONLY_A_RANGE = re.compile(r"\D{0,8}" + say.RANGE.pattern.replace(r"\d\s*", r"\d+\s*") + r"\d*\s*分?\D{0,8}")


def mark_in(folded: str, rules: ScoreRules) -> Mark:
    """The score that the folded words give."""
    candidates: list[_Candidate] = []
    dates = [match.span() for match in say.DATE.finditer(folded)]
    deduction = False
    for match in say.NUMBER.finditer(folded):
        if any(a < match.end() and match.start() < b for a, b in dates):
            continue
        around = folded[max(0, match.start() - 14) : match.start()], folded[match.end() : match.end() + 8]
        if say.DEDUCTION.search(around[0]) and re.match(r"\s*分", around[1]):
            deduction = True
        elif why := _doubt(match, around[1]):
            return Mark(None, match.span(), why, doubtful=True)
        elif candidate := _candidate(match, *around):
            if match["of"] and Decimal(match["of"]) != rules.high:
                return Mark(None, match.span(), f"a scale that isn't ours: {match[0]}", doubtful=True)
            candidates.append(candidate)
    candidates = [candidate for candidate in candidates if candidate.marked or candidate.whole]
    return _chosen(folded, candidates) if candidates else _without_candidates(folded, deduction=deduction)


def _doubt(match: re.Match[str], after: str) -> str:
    """What makes a number none that is given."""
    if _ABOUT.match(after):
        return f"only about a number: {match[0]}"
    return "a number with a gap in it" if _GAP.match(after) else ""


def _candidate(match: re.Match[str], before: str, after: str) -> _Candidate | None:
    """A number with what stands around it; None for one of a date, a list, with a unit."""
    points = bool(_POINTS.match(after))
    if say.ORDINAL.search(before) or (say.UNIT.match(after) and not points):
        return None
    if _LIST_ITEM.match(after) and not before[-1:].strip() and not points:
        return None
    value = Decimal(match["n"]) if match["n"] else chinese(match["c"])
    if value is None:
        return None
    end = match.end() + (len("分") if points and not match["of"] else 0)
    return _Candidate(
        value,
        (match.start(), end),
        marked=points or bool(match["of"]) or bool(say.MARKED.search(before)),
        final=bool(say.FINAL.search(before)),
        whole=bool(_STOP.match(after)) and bool(say.STANDS_APART.search(before)),
    )


def _without_candidates(folded: str, *, deduction: bool) -> Mark:
    if deduction:
        return Mark(None, None, "only a deduction", doubtful=True)
    if bare := say.BARE_CHINESE.fullmatch(folded):
        return Mark(chinese(bare["c"]), bare.span("c"), f"a score: {bare['c']}")
    return Mark(None, None, "a range of scores", doubtful=True) if _ONLY_A_RANGE.fullmatch(folded) else _NOTHING


def _chosen(folded: str, candidates: Sequence[_Candidate]) -> Mark:
    """The one number that is plainly the last word, else the one that is marked, else the only one."""
    ranges = [match.span() for match in say.RANGE.finditer(folded)]
    if any(a <= candidate.span[0] < b for candidate in candidates for a, b in ranges):
        return Mark(None, None, "a range of scores", doubtful=True)
    for chosen in ([c for c in candidates if c.final], [c for c in candidates if c.marked], candidates):
        values = {candidate.value for candidate in chosen}
        if len(values) == 1:
            start, end = chosen[0].span
            return Mark(chosen[0].value, (start, end), f"a score: {folded[max(0, start - 6) : end].strip()}")
        if len(values) > 1:
            return Mark(None, None, "more than one number could be the score", doubtful=True)
    return _NOTHING

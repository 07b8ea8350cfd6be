"""Naming: which duties a text names. What a duty is called follows from its data, never from its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from mailflow.reading.opening.charsets import fold
from mailflow.reading.words import BOTH, FORM_WORDS, OTHER_THINGS, WORDS_OF
from mailflow.rules.duties import Duty, Review
from mailflow.rules.periods import PeriodKind


class Form(StrEnum):
    """What people call a duty: a plan looks ahead, a summary looks back, a log tells of the day."""

    PLAN = "plan"
    SUMMARY = "summary"
    LOG = "log"


# What people call the one in a short sentence.
BARE_WORDS = {Form.PLAN: ("计划", "plan"), Form.SUMMARY: ("总结", "summary"), Form.LOG: ("日志", "log")}
_BY_REVIEW = {Review.APPROVE: Form.PLAN, Review.SCORE: Form.SUMMARY, Review.NONE: Form.LOG}
_LANGUAGES = ("zh-CN", "zh-TW", "en")


def form_of(duty: Duty) -> Form | None:
    """What a duty is, by its titles, else by how it is reviewed; None where the titles say something else (报销单)."""
    if not duty.names:
        return _BY_REVIEW[duty.review]
    titles = [fold(title) for title in duty.names.values()]
    return next((form for form in Form if any(word in title for word in FORM_WORDS[form] for title in titles)), None)


def named_duties(text: str, duties: Sequence[Duty]) -> dict[str, int]:
    """The duties that a folded text names, with where their words end."""
    weekly_text = OTHER_THINGS.sub(lambda found: " " * len(found[0]), text)
    ordinary = _ordinary(duties)
    weekly = {form: duty for (form, period), duty in ordinary.items() if period is PeriodKind.WEEK}
    if BOTH.search(weekly_text) and {Form.PLAN, Form.SUMMARY} <= weekly.keys():
        return {weekly[form].id: _end(weekly_text, form) for form in (Form.PLAN, Form.SUMMARY)}
    found: dict[str, int] = {}
    for duty in duties:
        said = weekly_text if duty.period is PeriodKind.WEEK else text
        patterns = [*_own_words(duty)]
        patterns += [p for key, mine in ordinary.items() if mine is duty for p in WORDS_OF.get(key, ())]
        ends = [match.end() for pattern in patterns for match in pattern.finditer(said)]
        if ends:
            found[duty.id] = min(ends)
    return found


def _ordinary(duties: Sequence[Duty]) -> dict[tuple[str, PeriodKind], Duty]:
    """The duty that the usual words of each form and period mean: the first one that the office has."""
    found: dict[tuple[str, PeriodKind], Duty] = {}
    for duty in duties:
        if form := form_of(duty):
            found.setdefault((form.value, duty.period), duty)
    return found


def _own_words(duty: Duty) -> Iterator[re.Pattern[str]]:
    titles = [duty.name(language) for language in _LANGUAGES] if duty.names else []
    return map(_word, dict.fromkeys([*duty.words, *titles]))


@lru_cache(maxsize=1024)
def _word(word: str) -> re.Pattern[str]:
    """A duty's own word; every mail is held against the same few."""
    return re.compile(re.escape(fold(word)))


def _end(text: str, form: str) -> int:
    """Where a duty's word ends in a text that names both: 总结 says it better than 周报, which holds them."""
    return next((text.find(word) + len(word) for word in FORM_WORDS[form] if word in text), -1)

"""Forms: what folded words look like (a verdict, a mark, a duty, a heading) before anybody asks what they mean."""

from __future__ import annotations

import re

from mailflow.reading.answers import verdict_words
from mailflow.reading.answers.many import words as say
from mailflow.reading.numerals import chinese
from mailflow.rules.duties import Review

_LISTED = r"\s*(?:[-•(（【\[]?\s*(?:[一二三四五六]?[)）、.]?|[1-9][)）、.])\s*)?"
_BEFORE_THEM = re.compile(
    rf"{_LISTED}(?:{say.DUTY.pattern}\s*[:：]?)?\s*(?:我|只|就|先|本次)*"
    rf"(?P<verdict>{say.VERDICT.pattern}|{say.MARK.pattern}|{say.HELD_WORD})"
    r"\s*(?:的|了|者|有|人员|人|名单|如下|】|\]|:|：|\s|for\b|to\b)*@?"
)
_LED_BY_DUTY = re.compile(rf"{say.LEAD.pattern}{say.DUTY.pattern}\s*[:：]?\s*(?:我)?")


def review_of(found: re.Match[str]) -> Review:
    """The kind of review that a duty's word names."""
    return Review.APPROVE if found["plan"] else Review.SCORE


def number_of(written: str | None) -> int:
    """A row's number in figures or in words; 0 for none."""
    if not written:
        return 0
    return int(written) if written.isdigit() else int(chinese(written) or 0)


def said_first(rest: str) -> bool:
    """Whether words begin with a verdict or a mark."""
    return bool(say.VERDICT_START.match(rest) or say.MARK_START.match(rest))


def said_of_row(rest: str) -> bool:
    """Whether words begin with what can be said of a row: a verdict, a mark, or that it has to wait."""
    return said_first(rest) or bool(say.HOLD_START.match(rest))


def behind(folded: str, end: int) -> str:
    """What is said behind a name or number: without 同志, 的, 那份 and the like."""
    found = say.BEHIND.match(folded, end)
    return folded[found.end() if found else end :]


def is_said(between: str) -> bool:
    """Whether what stands since a mention begins with a verdict or a mark, so that another mention may follow it."""
    said = behind(between, 0).lstrip(" .．、:：=-—→")
    duty = say.DUTY.match(said)
    said = said[duty.end() :].lstrip(" :：") if duty else said
    return bool(say.VERDICT_START.match(said) or say.MARK.match(said))


def ended(folded: str, end: int) -> bool:
    """Whether nothing is said of those who are mentioned up to here."""
    rest = behind(folded, end).strip(" 。.!！~～")
    return not rest or rest[0] in ",，;；。!！、)）(（\n" or not said_first(rest)


def goes_on(folded: str, end: int) -> bool:
    """Whether something is said of whoever is mentioned up to here."""
    rest = behind(folded, end).lstrip(" :：=-—")
    return said_of_row(rest) or bool(say.DUTY.match(rest))


def decides(rest: str) -> bool:
    """Whether a verdict or a mark follows right away, with no more than a duty before it."""
    if rest[:1] in (",", "，"):
        return False
    bare = rest.lstrip()
    duty = say.DUTY.match(bare)
    return said_first((bare[duty.end() :] if duty else bare).lstrip(" ,，:："))


def verdict_before(text: str) -> str:
    """The verdict that stands before those it is about: 同意1、3; 退回的：刘强; only where it is all that is said."""
    found = _BEFORE_THEM.fullmatch(text)
    return found["verdict"].strip() if found else ""


def tells(folded: str) -> bool:
    """Whether words hold a verdict, a change or a mark anywhere, or put something off."""
    marks = say.OF_MARKS.search(folded) or any(found for found in say.STRAY.finditer(folded))
    words = say.VERDICT.search(folded) or say.HELD.search(folded) or verdict_words.CHANGE.search(folded)
    return bool(marks or words or verdict_words.APPROVAL.search(folded) or verdict_words.REFUSAL.search(folded))


def is_yes(folded: str) -> bool:
    """Whether words are nothing but consent."""
    found = say.VERDICT.fullmatch(folded.strip(" ,，。.!！"))
    return found is not None and not found["no"]


def verdict_heading(folded: str) -> str:
    """The verdict of a line that stands above those it is about: 打回的："""
    return verdict_before(folded.rstrip(" :：")) if folded.rstrip()[-1:] in {*":：】]"} else ""


def lead(text: str) -> tuple[bool, Review | None]:
    """Whether words before a mention are no more than a lead (另外, 还有), and the duty that they name."""
    if say.LEAD.fullmatch(text):
        return True, None
    duty = _LED_BY_DUTY.fullmatch(text)
    return (True, review_of(duty)) if duty else (False, None)


def speaks_of_a_duty(folded: str) -> bool:
    """Whether words begin with a duty and go on about it without a verdict or a mark: 总结评分另行下达."""
    duty = say.DUTY.match(folded)
    rest = folded[duty.end() :] if duty else ""
    return duty is not None and rest[:1] not in (":", "：") and not said_first(rest.strip())


def duty_in(text: str) -> Review | None:
    """The duty that words name."""
    duty = say.DUTY.search(text)
    return review_of(duty) if duty else None


def behind_duty(folded: str, place: int) -> int:
    """Where a duty's word that stands there ends."""
    duty = say.DUTY.match(folded, place)
    return duty.end() if duty else place

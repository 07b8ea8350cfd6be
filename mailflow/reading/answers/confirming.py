"""Confirming: what he says to a question of ours. A yes settles what it proposed, a yes with something more settles the
rest of it, a no settles nothing; and what the question asked besides stays asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from mailflow.reading.answers.findings import Item, Unsettled, Why
from mailflow.reading.context import Answered, Ruling
from mailflow.reading.opening.charsets import fold_in_place
from mailflow.rules.duties import Review
from mailflow.rules.review import Likely

_END = r"[\s,，.。;；!！~]*"
_WORD_OF_YES = r"(?:对的?|是的?|确认|没错|正确|yes|right|correct|confirm(?:ed)?)"
# To a question these are a yes as well; elsewhere they may only acknowledge.
_WORD_OF_CONSENT = r"(?:就这样|嗯+|好的?|行|可以|ok(?:ay)?|都对|全对|照此)"
_YES = re.compile(rf"(?:{_WORD_OF_YES}|{_WORD_OF_CONSENT}|[\s,，.。;；!！~])+")
_YES_AND = re.compile(
    rf"(?:{_WORD_OF_YES}|好的|ok(?:ay)?|其[他它余](?:都|全)?(?:对|是)的?)[\s,，.。;；!！:：]+(?:但是?|不过|只是|另外|其中|except\b|but\b)*[\s,，]*"
)
_NO = re.compile(r"(?:不是|不对|错了?|都?不对|no|wrong|incorrect)(?:的|了|吧)?" + _END)
_NO_AND = re.compile(r"(?:不是|不对|错了?|no|wrong)(?:的|了)?[\s,，.。;；!！:：]+(?:应该?是|应为|是)?\s*")


class Said(StrEnum):
    """What an answer says to a question before anything else."""

    YES = "yes"
    NO = "no"
    NEITHER = "neither"


@dataclass(frozen=True)
class Reply:
    """A yes or a no, and what he wrote besides."""

    said: Said
    besides: str = ""


def reply_of(words: str) -> Reply:
    """What his words say to a question of ours."""
    folded = fold_in_place(words)
    if not folded.strip(" \n,，.。!！~"):
        return Reply(Said.NEITHER, words)
    if _YES.fullmatch(folded):
        return Reply(Said.YES)
    if _NO.fullmatch(folded):
        return Reply(Said.NO)
    if more := _YES_AND.match(folded):
        return Reply(Said.YES, words[more.end() :].strip())
    if more := _NO_AND.match(folded):
        return Reply(Said.NO, words[more.end() :].strip())
    return Reply(Said.NEITHER, words)


def is_plain_yes(words: str) -> bool:
    """Whether the words confirm and can't only acknowledge: 是, 对, 确认."""
    return bool(re.fullmatch(rf"(?:{_WORD_OF_YES}|[\s,，.。!！~])+", fold_in_place(words))) and bool(words.strip())


def confirmed(answered: Answered, likely: Likely, words: str, but: Collection[int] = ()) -> list[Ruling]:
    """What a yes decides: all that was proposed, but for those rows. What he has decided since then stands."""
    items = _items(answered)
    return [
        Ruling(item.duty.id, decision, item.target, words, proposed_at=answered.proposed_at)
        for number, review, decision in likely.rows
        if (item := items.get((number, review))) and number not in but
    ]


def still_asked(answered: Answered, likely: Likely, settled: Collection[int], *, denied: bool) -> Iterator[Unsettled]:
    """What the question asked that this answer says nothing of; what he says no to is proposed no more."""
    items = _items(answered)
    for line, (number, review, decision) in zip(likely.words.split("\n"), likely.rows, strict=False):
        item = items.get((number, review))
        if item is None or number in settled or _decided_since(answered, item):
            continue
        if denied:
            yield Unsettled(line, Why.DENIED, (number,))
        else:
            yield Unsettled(line, Why.STILL_OPEN, (number,), ((item, decision),))


def left_over(answered: Answered, likely: Likely, settled: Collection[int]) -> Iterator[Unsettled]:
    """What the question had no proposal for and this answer doesn't name either."""
    done = {*settled, *(item.number for item in answered.items if _decided_since(answered, item))}
    for rest in likely.rest:
        if not rest.numbers or not set(rest.numbers) <= done:
            yield Unsettled(rest.words, Why(rest.why), rest.numbers)


def _decided_since(answered: Answered, item: Item) -> bool:
    decided = item.target.submission.decided_at if item.target else None
    return decided is not None and answered.proposed_at is not None and decided > answered.proposed_at


def _items(answered: Answered) -> dict[tuple[int, Review], Item]:
    return {(item.number, item.duty.review): item for item in answered.items}

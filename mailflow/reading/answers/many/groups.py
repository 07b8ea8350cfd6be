"""Groups: mentions that follow each other in a line, and whether they begin a segment, end one, or stand inside one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mailflow.reading.answers.many import forms
from mailflow.reading.answers.many import words as say
from mailflow.reading.answers.many.mentions import Above, At, Finder, Mention, Reach, Who
from mailflow.rules.duties import Review

_BREAK = re.compile(r"[,，;；。!！?？、|~～:：\n\t()（）]|——|\s+|…|\.(?=\s)")
_HARD = re.compile(r"[,，;；。!！?？|\n()（）]|…|\.(?=\s)|\s/\s")
_SOFT_ALL = re.compile(r"^(?:都|均|皆|一律|一概)|^\S{0,4}?(?:都|均|皆)")
_LOOKED = re.compile(r"(?:我?(?:都|全部?)(?:看(?:完|过)?了)?|都|全部?|均|皆|一律|统一|统统|全体)")
_INSIDE = At(begins=True, verdict=True, above=Above())


@dataclass(frozen=True)
class Group:
    """Mentions that follow each other: where what belongs to them begins, the verdict that stands before them, the
    duty that is named there, and whether they stand inside of what is said of others."""

    mentions: tuple[Mention, ...]
    begins: int
    verdict: str = ""
    scope: Review | None = None
    inner: bool = False

    @property
    def end(self) -> int:
        """Where the last mention ends."""
        return self.mentions[-1].end

    @property
    def reach(self) -> Reach:
        """How wide it reaches."""
        return self.mentions[0].reach


@dataclass(frozen=True)
class _Place:
    """A place in a line: where the mention before it ends, where its clause and its sentence begin, whether that
    mention began a segment, and what stands above the line."""

    folded: str
    at: int
    previous: int
    clause: int
    sentence: int
    opened: bool
    above: Above

    @property
    def begun(self) -> bool:
        """Whether a sentence begins since the last mention."""
        return self.sentence > self.previous or not self.previous

    @property
    def between(self) -> str:
        """What stands since the last mention."""
        return self.folded[self.previous : self.at]

    @property
    def spaced(self) -> bool:
        """Whether a space or a mark of punctuation stands before it."""
        return not self.at or self.folded[self.at - 1].isspace() or self.folded[self.at - 1] in ",，。;；:：、"


class Grouper:
    """Finds the groups of a line."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    def groups(self, folded: str, above: Above) -> list[Group]:
        """The groups of a line, in order."""
        found: list[Group] = []
        at = 0
        while at < len(folded):
            previous = found[-1].end if found else 0
            sentence = max((gap.end() for gap in _HARD.finditer(folded, previous, at)), default=previous)
            clause = _clause_begins(folded, previous, at)
            place = _Place(folded, at, previous, clause, sentence, bool(found and not found[-1].inner), above)
            group = self._group(place)
            if group:
                found.append(group)
            at = max(group.end if group else 0, at + 1)
        return found

    def _group(self, place: _Place) -> Group | None:
        folded = place.folded
        led, scope = forms.lead(folded[place.clause : place.at])
        anchored = led and (place.clause > place.previous or not place.previous)
        verdict = forms.verdict_before(folded[place.sentence : place.at]) if place.begun else ""
        if wide := self._wide_group(place, verdict, scope, anchored=anchored):
            return wide
        glued = place.opened and forms.is_said(place.between)
        above = replace(place.above, named=place.above.named or place.opened)
        at = At(anchored or bool(verdict) or glued, bool(verdict) or above.headed, above)
        mentions = tuple(self._finder.mentions(folded, place.at, at))
        if not mentions:
            return None
        end = mentions[-1].end
        if verdict and forms.ended(folded, end):
            return Group(mentions, place.sentence, verdict, forms.duty_in(folded[place.sentence : place.at]))
        if anchored:
            return _under_heading(mentions, place) if scope is None else Group(mentions, place.clause, scope=scope)
        spaced = place.opened and bool(place.at) and folded[place.at - 1].isspace() and bool(mentions[0].people)
        if (glued or spaced) and forms.goes_on(folded, end):
            return Group(mentions, place.at)
        return Group(mentions, place.at, inner=True)

    def _wide_group(self, place: _Place, verdict: str, scope: Review | None, *, anchored: bool) -> Group | None:
        """全部, 其余 and the like; 同意全部计划 with the verdict before it."""
        folded = place.folded
        everybody = say.ALL.match(folded, place.at) if verdict else None
        end = forms.behind_duty(folded, everybody.end()) if everybody else 0
        if everybody and everybody.end() > place.at and forms.ended(folded, end):
            duty = forms.duty_in(folded[everybody.end() : end])
            return Group((Mention(place.at, end, reach=Reach.ALL),), place.sentence, verdict, duty)
        if not (place.spaced or anchored):
            return None
        wide = self._wide(place)
        if wide is None or not (anchored or wide.reach in (Reach.REST, Reach.EXCEPT)):
            return None
        return Group((wide,), place.clause if anchored else place.at, scope=wide.scope or scope)

    def _wide(self, place: _Place) -> Mention | None:
        """其余, 全部, 除…外, 前五个: whom words are about without naming them.

        全部 is only said of everybody where nobody was named right before, and 都 where nobody was in the line:
        刘强、陈晓明通过，分数都是88.
        """
        folded, at = place.folded, place.at
        if found := say.FIRST.match(folded, at):
            return self._first(found)
        if found := say.EXCEPT.match(folded, at):
            return self._except(folded, at, found.end())
        if (found := say.REST.match(folded, at)) and found.end() > at:
            # 第三条挪到周四，其他没问题 may speak of the rest of his plan.
            his = place.opened and say.REST_OF_HIS.search(folded[place.previous : found.end() + 1])
            return Mention(at, found.end(), told=Who.UNCLEAR if his else None, reach=Reach.REST)
        fresh = place.begun or forms.is_said(place.between)
        if not fresh or (place.previous and _SOFT_ALL.search(folded[at : at + 8])):
            return None
        found = say.ALL.match(folded, at)
        if found and found.end() > at and forms.decides(folded[found.end() :]):
            return Mention(at, found.end(), reach=Reach.ALL)
        duty = say.DUTY.match(folded, at)
        looked = _LOOKED.match(folded, duty.end()) if duty else None
        if duty and looked and forms.decides(folded[looked.end() :]):
            return Mention(at, looked.end(), reach=Reach.ALL, scope=forms.review_of(duty))
        return None

    def _except(self, folded: str, at: int, end: int) -> Mention | None:
        """Everybody but those who are named there: 除李四外，其余计划都. None where 除了 only leads to what is said of
        them: 除了李四的计划要重写，其他人都同意."""
        named = self._finder.mentions(folded, end, replace(_INSIDE, excepted=True))
        if not named:
            return Mention(at, end, told=Who.UNKNOWN, reach=Reach.EXCEPT)
        tail = say.EXCEPTED.match(folded, named[-1].end)
        why: tuple[int, int] | None = None
        if not tail and (reason := say.EXCEPTED_FOR.match(folded, named[-1].end)):
            tail, why = reason, reason.span("why")
            said = reason["why"][forms.behind_duty(reason["why"], 0) :]
            if not (say.VERDICT.fullmatch(said) or say.MARK.fullmatch(said)):
                named = [replace(named[0], told=Who.UNCLEAR), *named[1:]]
        if not tail and say.SAID_OF_EXCEPTED.match(folded, named[-1].end):
            return None
        stop = tail.end() if tail else named[-1].end
        others = say.THE_OTHERS.match(folded, stop)
        if others and forms.said_first(folded[others.end() :]):
            again = self._finder.mentions(folded, others.end(), replace(_INSIDE, verdict=False))
            stop = stop if again else others.end()
        people = tuple(person for m in named for person in m.people)
        numbers = tuple(number for m in named for number in m.numbers)
        told = next((m.told for m in named if m.told), None)
        return Mention(at, stop, people, numbers, told, note=named[-1].note, reach=Reach.EXCEPT, reason=why)

    def _first(self, found: re.Match[str]) -> Mention:
        """前五个. From which end 后五个 counts is not sure where some have sent nothing."""
        count, rows = forms.number_of(found["n"]), self._finder.rows
        last = found["side"] == "后"
        numbers = range(max(1, rows - count + 1), rows + 1) if last else range(1, count + 1)
        told = Who.UNCLEAR if last or not 0 < count <= rows else None
        return Mention(found.start(), found.end(), numbers=tuple(numbers), told=told)


def _clause_begins(folded: str, previous: int, at: int) -> int:
    """Where the clause of a place begins. A mere space parts clauses only behind something said."""
    begins = previous
    for gap in _BREAK.finditer(folded, previous, at):
        before = folded[begins : gap.start()].strip()
        if gap[0] == " " and before and not _said_apart(folded, previous, begins, before):
            continue
        begins = gap.end()
    return begins


def _said_apart(folded: str, previous: int, begins: int, before: str) -> bool:
    """Whether a space behind these words ends a clause."""
    if begins == previous and previous and forms.is_said(folded[previous : previous + len(before) + 12]):
        return True
    patterns = (say.LEAD, say.COURTESY, say.DUTY)
    return forms.is_said(before) or any(pattern.fullmatch(before) for pattern in patterns)


def _under_heading(mentions: tuple[Mention, ...], place: _Place) -> Group:
    """A group behind a heading that ends with a colon in the same line: 总结：张伟 90."""
    text = place.folded[place.previous : place.clause]
    bare = text.rstrip(" :：")
    at = max((gap.end() for gap in _HARD.finditer(bare)), default=0)
    heading = say.HEADING.fullmatch(bare[at:].strip()) if text.rstrip()[-1:] in (":", "：") else None
    if heading is None:
        return Group(mentions, place.clause)
    return Group(mentions, place.previous + at, scope=forms.review_of(heading))

"""Mentions: where in a line somebody is named, or rows are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.reading.answers.many import forms
from mailflow.reading.answers.many import words as say
from mailflow.reading.answers.many.names import Names
from mailflow.rules.duties import Review
from mailflow.rules.people import Person

# A number as high as this behind a mere space is a mark and no further row.
_NO_ROW = 30
_LONGEST_RANGE = 300
_MORE = re.compile(r"\s*(?:[、,，/&+]|和|及|与|and\b|\s)\s*(?=\d)")
_HEADS = re.compile(r"\s*分?\s*[:：]")
_RUN = re.compile(r"(?<![\d.])\d{1,3}(?:[ 、,，]+\d{1,3}){2,}(?=\s*[一-鿿a-z])")
_UNITS = "个人家项天月年周点时分%"


class Reach(StrEnum):
    """How wide words reach: those they name, everybody else, everybody, or everybody but those."""

    NAMED = "named"
    REST = "rest"
    ALL = "all"
    EXCEPT = "except"


class Who(StrEnum):
    """Why it is not sure who is meant."""

    UNKNOWN = "unknown"
    NAMESAKES = "namesakes"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Mention:
    """Somebody named, or rows numbered, at a place in a line. `guess` is the one whose name may be misspelt, `note`
    where something stands in brackets behind a name, `scope` the duty that a wide mention names, `reason` where it
    stands why those are excepted."""

    start: int
    end: int
    people: tuple[Person, ...] = ()
    numbers: tuple[int, ...] = ()
    told: Who | None = None
    guess: Person | None = None
    note: tuple[int, int] | None = None
    reach: Reach = Reach.NAMED
    scope: Review | None = None
    reason: tuple[int, int] | None = None


@dataclass(frozen=True)
class Above:
    """What stands above a line: whether somebody was named there, whether nothing is said of him yet, and whether a
    verdict is the heading."""

    named: bool = False
    waiting: bool = False
    headed: bool = False


@dataclass(frozen=True)
class At:
    """A place where a mention may begin: whether a clause begins there, and whether a verdict stands before it, or a
    word that excepts."""

    begins: bool
    verdict: bool
    above: Above
    excepted: bool = False


class Finder:
    """Finds mentions: of these names, and of so many rows."""

    def __init__(self, names: Names, rows: int) -> None:
        self.names, self.rows = names, rows

    def mentions(self, folded: str, place: int, at: At) -> list[Mention]:
        """The mentions that follow each other from a place on."""
        found: list[Mention] = []
        while place < len(folded):
            mention = self._mention(folded, place, at, found)
            known = {*(p.id for m in found for p in m.people), *(n for m in found for n in m.numbers)}
            if mention is None or known & {*(p.id for p in mention.people), *mention.numbers}:
                break
            said = forms.behind(folded, mention.end)
            if found and at.verdict and not at.excepted and said[:1] not in ",，0123456789" and forms.said_of_row(said):
                break  # 同意5，7再看看: the last one has something of its own.
            found.append(mention)
            gap = say.SEPARATOR.match(folded, mention.end)
            place = gap.end() if gap else mention.end
        return found

    def _mention(self, folded: str, place: int, at: At, before: Sequence[Mention]) -> Mention | None:
        if say.DUTY.match(folded, place):
            return None
        found = self._name(folded, place, at, before) or self._marked(folded, place, at)
        if found or not at.begins:
            return found
        glued = bool(before) and before[-1].end == place
        if not glued and (number := self._bare(folded, place, at, bool(before and before[-1].numbers))):
            note = say.IN_BRACKETS.match(folded, number.end) if at.verdict else None
            return replace(number, end=note.end(), note=note.span(1)) if note else number
        return None if before else _stranger(folded, place)

    def _name(self, folded: str, place: int, at: At, before: Sequence[Mention]) -> Mention | None:
        named = self.names.at(folded, place)
        close = self.names.nearly(folded, place) if at.begins and not before else None
        if named and close and forms.goes_on(folded, named[0]):
            close = None  # 陈静九十分 is 陈静 and a mark, and no 陈静怡 misspelt.
        if close and (named is None or named[0] < close[0]) and forms.goes_on(folded, close[0]):
            return Mention(place, close[0], told=Who.UNKNOWN, guess=close[1])
        if named is None:
            return None
        end, people = named
        note = say.IN_BRACKETS.match(folded, end)
        meant = self.names.told_apart(people, note[1]) if note else people
        if note and len(meant) == 1 < len(people):
            return Mention(place, note.end(), tuple(meant))
        told = Who.NAMESAKES if len(people) > 1 else None
        if note and re.match(r"\s*(?:[、,，;；。]|$)", folded[note.end() :]):
            return Mention(place, note.end(), tuple(people), told=told, note=note.span(1))
        return Mention(place, end, tuple(people), told=told)

    def _marked(self, folded: str, place: int, at: At) -> Mention | None:
        """A number that says that it is a row's: 3号, 第3个, #3, (3)."""
        found = say.MARKED.match(folded, place)
        before = folded[max(0, place - 2) : place]
        if found is None or before == "倒数" or before[-1:].isdigit() or before[-1:] in {*"月.一二三四五六七八九十百"}:
            return None
        if folded[place] in "(（" and at.above.named:
            return None
        first, last = marked_number(found)
        dated = first > self.rows and folded[place].isdigit() and found[0].endswith("号")
        if dated and not forms.said_of_row(forms.behind(folded, found.end())):
            return None  # 27号别排夜班
        return self._range(folded, place, found.end(), first, last)

    def _range(self, folded: str, place: int, end: int, first: int, last: int) -> Mention | None:
        if onward := say.ONWARD.match(folded, end):
            return Mention(place, onward.end(), numbers=tuple(range(first, self.rows + 1)))
        last = last or first
        if not 0 < first <= last < first + _LONGEST_RANGE or last > max(first, self.rows):
            return None
        return Mention(place, end, numbers=tuple(range(first, last + 1)))

    def _bare(self, folded: str, place: int, at: At, listed: bool) -> Mention | None:
        """A number without 号: a row where a verdict, a mark, a name or more rows follow."""
        before = folded[place - 1] if place else " "
        if (before.isalnum() and before.isascii()) or before in ".-" or (before in "(（" and at.above.named):
            return None
        if before == "、" and not listed and folded[: place - 1].rstrip()[-1:].isdigit():
            return None  # 总师说1、4可以: it goes on a list that is none of his.
        if not before.isalnum() and (found := say.BARE_CHINESE.match(folded, place)):
            first, last = forms.number_of(found["a"]), forms.number_of(found["b"])
            if first > self.rows and (listed or place):
                return None  # 1九十，2八十八
            return self._range(folded, place, found.end(), first, last)
        found = say.BARE.match(folded, place)
        if found is None:
            return None
        first, last, end = int(found["a"]), int(found["b"] or 0), found.end()
        if last > self.rows:
            last, end = 0, found.end("a")  # 1—90 is a row and its mark.
        if not last and (((listed or place) and first >= _NO_ROW) or (listed and first > self.rows)):
            return None
        starts = not folded[:place].strip(" -*•·")
        if first >= _NO_ROW and first > self.rows and _HEADS.match(folded, end):
            return None  # 93：2、6
        unknown = starts and first > self.rows and forms.said_first(folded[end:].lstrip(" :："))
        if unknown or self._row_follows(folded, end, at, starts=starts, ranged=bool(last)):
            return self._range(folded, place, end, first, last)
        return None

    def _row_follows(self, folded: str, end: int, at: At, *, starts: bool, ranged: bool) -> bool:
        """Whether what stands behind a number makes it a row."""
        tail = folded[end:]
        if starts and tail.strip() in ("?", "？"):
            return True
        if at.excepted and say.EXCEPTED.match(tail):
            return True
        rest = tail.lstrip(" \t.、:：=)）-—,，|/→>的份…")
        if self._in_a_run(folded, end) or tail.startswith(("...", "……")):
            return True
        if not rest.strip(" 。.!！"):
            return at.verdict or (starts and self._alone(folded[:end], at.above))
        if forms.said_of_row(rest) or say.DUTY.match(rest) or self.names.at(rest, 0):
            return True
        apart = tail[:1] in " \t、:：)）—-=" or (tail[:1] == "." and not tail[1:2].isdigit())
        if starts and (apart or (ranged and tail[:1] not in _UNITS)):
            return not at.above.named
        if more := _MORE.match(tail):
            place = end + more.end()
            return bool(self._marked(folded, place, at) or self._bare(folded, place, at, listed=True))
        return at.verdict and tail[:1] in " ,，;；。)）、(（【["

    def _in_a_run(self, folded: str, end: int) -> bool:
        """Whether a number is one of several rows that follow each other: 3 6 9欠产没写清楚."""
        for run in _RUN.finditer(folded):
            if run.start() < end <= run.end() and not folded[: run.start()].strip(" -*•·"):
                numbers = [int(number) for number in re.findall(r"\d+", run[0])]
                return numbers == sorted({*numbers}) and numbers[-1] <= self.rows
        return False

    def _alone(self, written: str, above: Above) -> bool:
        """Whether a number alone on its line is a row, and no mark of the one whose line is above."""
        number = written.strip(" -*•·")
        return number.isdigit() and int(number) <= self.rows and not above.waiting


def _stranger(folded: str, place: int) -> Mention | None:
    """A verdict or a mark that is said of somebody who looks like a name: 小何 90, 张山：同意."""
    found = say.STRANGER.match(folded, place)
    if found is None:
        return None
    name, said, start = found[0], found["said"], found.start("said")
    before = folded[:place].rstrip(" ")
    familiar = len(name) == 2 and (name[0] in "小老阿" or name[1] in "工姐哥总")
    if (before and before[-1] not in ",，;；。、" and not familiar) or not (familiar or start > found.end()):
        return None
    if say.VERDICT_START.match(name) or say.DUTY.match(name):
        return None
    mark = say.MARK_ALONE.match(said)
    high = mark is not None and (not mark["n"].isdigit() or int(mark["n"]) >= say.LOWEST_BARE)
    return Mention(place, start, told=Who.UNKNOWN) if high or say.VERDICT_ALONE.match(said) else None


def marked_number(found: re.Match[str]) -> tuple[int, int]:
    """The first and the last row of a marked number; the last is 0 where it is one."""
    first = next((found[name] for name in "aceg" if found[name]), None)
    last = next((found[name] for name in "bdf" if found[name]), None)
    return forms.number_of(first), forms.number_of(last)


def named_in(names: Names, folded: str, rows: int) -> tuple[tuple[Person, ...], tuple[int, ...]]:
    """Everybody whom words name inside of what they say, and the rows that they may number.

    和赵六对接 and 找5号商量 only say with whom something is to be done, and name nobody whom it is about.
    """
    people: list[Person] = []
    numbers: list[int] = []
    place = 0
    while place < len(folded):
        named = None if say.DUTY.match(folded, place) else names.at(folded, place)
        marked = (
            None
            if named or folded[max(0, place - 1) : place] in {*"月0123456789第"}
            else say.MARKED.match(folded, place)
        )
        end = named[0] if named else marked.end() if marked else 0
        if end and not (say.ALONG.search(folded[:place]) and not say.ABOUT_HIM.match(folded, end)):
            people += named[1] if named else []
            numbers += [marked_number(marked)[0]] if marked else []
        place = end or place + 1
    numbers += [int(found["a"] or found["b"]) for found in say.LOOSE.finditer(folded)]
    return tuple(people), tuple(number for number in numbers if 0 < number <= rows)

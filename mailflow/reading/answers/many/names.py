"""Names: how the people of a letter are called (张晓燕, 晓燕, 小张, 燕姐, zhang xiaoyan) and whom a name means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mailflow.reading.opening.charsets import fold
from mailflow.rules.people import Person

_COMPOUND = tuple("欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 长孙 宇文 司徒 端木 南宫".split())
_YOUNG = "小老阿大"
_TITLES = tuple(
    """
    工 姐 哥 兄 妹 妹妹 弟 老弟 宝 生 小姐 先生 女士 老师 师傅 老板 经理 主任 总监 主管 助理 部长 科长 处长 组长
    总 队长 班长 店长 院长 校长 护士长 护士 医生 教授 博士 编辑 记者 律师 会计 秘书 司机
    """.split()
)
# What is put behind a whole name: 小云老师和雨桐老师.
_BEHIND = ("老师", "同学", "同志", "主任", "经理")
_BY_GIVEN = ("姐", "哥", "子", "儿", "老师")
_ASCII = re.compile(r"[a-z][a-z']*(?:[ ._-]?[a-z][a-z']*){0,3}")
_SQUEEZED = re.compile(r"[^a-z0-9]")
_CHINESE = re.compile(r"[一-鿿]{2,4}")
# How short a beginning of an id may be that stands for the whole: ouyang of ouyangxiaoyun.
_BEGINNING = 5


class Names:
    """What the people of a letter, and others of the office, can be called."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self._called: dict[str, list[Person]] = {}
        for tier in (_full, _given, _familiar):
            known = frozenset(self._called)
            for person in people:
                for name in tier(person):
                    if name not in known and person not in (found := self._called.setdefault(name, [])):
                        found.append(person)
        self._squeezed: dict[str, list[Person]] = {}
        for person in people:
            for name in (person.id, *(address.partition("@")[0] for address in person.addresses), person.name):
                key = _SQUEEZED.sub("", fold(name))
                if (len(key) > 2 or not key.isalpha()) and person not in (found := self._squeezed.setdefault(key, [])):
                    found.append(person)
        self._longest = max(map(len, self._called), default=0)
        self._full = {fold(person.name): person for person in people}

    def at(self, folded: str, place: int) -> tuple[int, list[Person]] | None:
        """Whom a name that begins at this place can mean, and where it ends; the longest name counts."""
        if folded[place].isascii():
            return self._ascii_at(folded, place)
        for end in range(min(len(folded), place + self._longest), place, -1):
            if found := self._called.get(folded[place:end]):
                end, found = self._full_after(folded, place, end) or (end, found)
                title = next((t for t in _BEHIND if folded.startswith(t, end)), "")
                return end + len(title), found
        return None

    def _full_after(self, folded: str, place: int, end: int) -> tuple[int, list[Person]] | None:
        """小张伟: the 张伟 in it outweighs the 小张."""
        if folded[place] not in _YOUNG:
            return None
        for stop in range(min(len(folded), place + 1 + self._longest), end, -1):
            if person := self._full.get(folded[place + 1 : stop]):
                return stop, [person]
        return None

    def _ascii_at(self, folded: str, place: int) -> tuple[int, list[Person]] | None:
        if place and folded[place - 1].isascii() and folded[place - 1].isalnum():
            return None
        word = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*").match(folded, place)
        if word is None:
            return None
        run = _ASCII.match(folded, place)
        ends = [word.end()]
        if run:
            ends += [place + gap.start() for gap in re.finditer(r"(?![a-z'])", run[0]) if gap.start()]
        for end in sorted(set(ends), reverse=True):
            key = _SQUEEZED.sub("", folded[place:end])
            if found := self._squeezed.get(key):
                return end, found
        key = _SQUEEZED.sub("", word[0])
        begun = [people for name, people in self._squeezed.items() if name.startswith(key)] if key.isalpha() else []
        meant = list(dict.fromkeys(person for people in begun for person in people))
        return (word.end(), meant) if len(key) >= _BEGINNING and len(meant) == 1 else None

    def nearly(self, folded: str, place: int) -> tuple[int, Person] | None:
        """The one person whose name stands there with one wrong character, and where it ends."""
        for size in (4, 3):
            written = folded[place : place + size]
            if len(written) < size or not _CHINESE.fullmatch(written):
                continue
            close = [
                person
                for name, person in self._full.items()
                if len(name) == size and sum(a != b for a, b in zip(name, written, strict=True)) == 1
            ]
            if len(close) == 1:
                return place + size, close[0]
        return None

    def told_apart(self, namesakes: list[Person], note: str) -> list[Person]:
        """Of several people of one name those whose id or department stands in brackets behind it."""
        meant = [person for person in namesakes if note.strip() in (fold(person.id), fold(person.department))]
        return meant if len(meant) == 1 else namesakes


def _parts(name: str) -> tuple[str, str]:
    """Family name and given name of a Chinese name; empty where it is none."""
    if not _CHINESE.fullmatch(name):
        return "", ""
    size = 2 if name.startswith(_COMPOUND) and len(name) > 2 else 1
    return name[:size], name[size:]


def _full(person: Person) -> Iterable[str]:
    yield fold(person.name)


def _given(person: Person) -> Iterable[str]:
    family, given = _parts(fold(person.name))
    if len(given) == 2:
        yield given
        yield given + "儿"
    if len(family) == 2:
        yield family


def _familiar(person: Person) -> Iterable[str]:
    family, given = _parts(fold(person.name))
    if not family:
        return
    yield from (family + title for title in _TITLES)
    yield from (sign + family for sign in _YOUNG)
    last = given[-1:]
    if last:
        yield last * 2
        yield from (last + title for title in _BY_GIVEN)
        yield from (sign + last for sign in "小阿")

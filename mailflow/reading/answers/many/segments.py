"""Segments: an answer about many, cut into parts that are each about somebody. What is about nobody is kept apart.

A line is searched for groups of mentions (names, row numbers, 其余, 全部, 除…外). A group with nothing but a lead
before it in its clause begins a segment; one behind a verdict ends it (同意1、3、5); one inside of what is said of
another begins none, because nobody can be sure whom such words are about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mailflow.reading.answers.many import forms
from mailflow.reading.answers.many import words as say
from mailflow.reading.answers.many.groups import Group, Grouper
from mailflow.reading.answers.many.mentions import Above, Finder, Mention, Reach, Who, named_in
from mailflow.reading.answers.many.names import Names
from mailflow.reading.answers.many.tables import unrolled
from mailflow.reading.opening.charsets import fold, fold_in_place
from mailflow.rules.duties import Review
from mailflow.rules.people import Person

# Nobody writes so much about many in one line; what was pasted there is asked about.
_LONGEST = 600
# Where words to everybody begin inside of what is said of somebody.
_TO_EVERYBODY = re.compile(rf"[。;；!！\s]\s*(?={say.GENERAL.pattern})")
# Circled numbers side by side are as many rows.
_CIRCLED = re.compile(r"(?<=[①-⑳])(?=[①-⑳])")
_EDGES = " ,，。.;；:：、~～!！()（）—-"


@dataclass(frozen=True)
class Segment:
    """Whom some words are about (people, or numbers of rows), what they say, and which duty a heading says.

    `words` is all of it as he wrote it, `told` the doubt about who is meant, `guess` the one whose name may be
    misspelt, `without` those whom the words leave out (全部同意，李四除外), `led` what stands before it in its line.
    """

    reach: Reach
    words: str
    said: str
    people: tuple[Person, ...] = ()
    numbers: tuple[int, ...] = ()
    scope: Review | None = None
    told: Who | None = None
    guess: Person | None = None
    without: tuple[Person, ...] = ()
    without_numbers: tuple[int, ...] = ()
    led: str = ""


@dataclass(frozen=True)
class Cut:
    """An answer cut up: its segments in order, and the words that are about nobody."""

    segments: tuple[Segment, ...]
    besides: tuple[str, ...]


@dataclass
class Cutter:
    """Cuts an answer: the names that can stand in it, how many rows its letter has, and lines that mean nothing."""

    names: Names
    rows: int
    ignored: Collection[str]
    _scope: Review | None = field(default=None, init=False)
    _open: Segment | None = field(default=None, init=False)
    _done: list[Segment] = field(default_factory=list, init=False)
    _besides: list[str] = field(default_factory=list, init=False)
    _heading: str = field(default="", init=False)
    # Whether the duty that holds was named in this line, and not in a heading.
    _named_in_line: bool = field(default=False, init=False)
    _grouper: Grouper = field(init=False)

    def __post_init__(self) -> None:
        self._grouper = Grouper(Finder(self.names, self.rows))

    def cut(self, text: str) -> Cut:
        """The segments of an answer and what is about nobody."""
        gap = False
        for raw in unrolled(_CIRCLED.sub("、", text)).split("\n"):
            line = raw.strip().removeprefix(">").strip()
            folded = fold_in_place(line)
            if not line:
                gap, self._heading = True, ""
                continue
            if verdict := forms.verdict_heading(folded):
                self._close()
                self._heading = verdict
                continue
            if self._means_nothing(folded):
                continue
            if heading := say.HEADING.fullmatch(folded):
                if self._open and not gap and self._open.people and not self._open.said.strip(" :："):
                    self._append(line)
                    continue
                self._close()
                self._scope = forms.review_of(heading)
                continue
            self._line(line, folded, gap)
            gap = False
        self._close()
        return Cut(tuple(self._done), tuple(self._besides))

    def _means_nothing(self, folded: str) -> bool:
        bare = folded.strip(" 。.!！~～—-")
        if bare in self.ignored or say.COURTESY.fullmatch(folded) or say.LIST_MARK.fullmatch(bare):
            return True
        return bare[-1:] in (":", "：") and self._introduces(bare)

    def _introduces(self, folded: str) -> bool:
        """Whether words before a colon only lead to what follows: 请按以下处理："""
        if say.HEADING.fullmatch(folded) or forms.tells(folded) or any(character.isdigit() for character in folded):
            return False
        return named_in(self.names, folded, self.rows) == ((), ())

    def _above(self) -> Above:
        """What stands above the line that is read."""
        headed = bool(self._heading)
        if self._open is None:
            return Above(headed=headed)
        return Above(bool(self._open.people), not self._open.said.strip(), headed)

    def _close(self) -> None:
        if self._open:
            self._done.append(self._open)
        self._open = None

    def _append(self, line: str) -> None:
        assert self._open is not None
        said = f"{self._open.said}\n{line}".strip("\n")
        self._open = replace(self._open, words=f"{self._open.words}\n{line}", said=said)

    def _line(self, line: str, folded: str, gap: bool) -> None:
        if len(line) > _LONGEST:
            self._besides.append(line)
            return
        line, folded = self._without_list_mark(line, folded)
        groups = self._grouper.groups(folded, self._above())
        starts = [group for group in groups if not group.inner]
        scope, self._named_in_line = self._scope, False
        if self._heading and starts and forms.ended(folded, starts[0].end):
            starts[0] = replace(starts[0], verdict=self._heading)
        before = line[: starts[0].begins] if starts else line
        led = self._before(before, gap, starts[0] if starts else None)
        for group, following in zip(starts, [*starts[1:], None], strict=False):
            end = following.begins if following else len(line)
            self._begin(line, folded, group, end)
            if self._open and led and group is starts[0]:
                self._open = replace(self._open, led=led)
            if self._open and self._heading and self._open.reach is Reach.NAMED and not forms.is_said(self._open.said):
                self._open = replace(self._open, said=f"{self._heading}，{self._open.said}")
        # A duty named in a line holds for that line, one in a heading for the lines below.
        self._scope = scope

    def _without_list_mark(self, line: str, folded: str) -> tuple[str, str]:
        """The line without the number of a list before a name: 1. 张伟 同意."""
        mark = say.LIST_MARK.match(folded)
        if mark and re.match(r"[一二三四五六七八九十]{1,2}\s*(?:[、,，和]|号)", folded[mark.end() :]):
            return line, folded  # 一、二、三号同意
        if mark and mark[0][0] in "一二三四五六七八九十" and mark[0].strip()[-1] in "、.)）":
            return line[mark.end() :], folded[mark.end() :]
        if mark and mark.end() < len(folded):
            found = self.names.at(folded, mark.end())
            if found or folded[mark.end()] == "@" or mark[0].strip() in "-*•·":
                return line[mark.end() :], folded[mark.end() :]
        return line, folded

    def _before(self, before: str, gap: bool, then: Group | None) -> str:
        """What stands before the first mention of a line: it goes on from the open segment, or is about nobody.

        Gives back what may say something of those who are mentioned behind it.
        """
        folded, whole = fold_in_place(before), then is None
        if not before.strip(_EDGES) or (not whole and say.LEAD.fullmatch(folded)):
            return ""
        if not whole and (heading := say.HEADING.fullmatch(folded.strip(" ,，。;；"))):
            self._close()
            self._scope = forms.review_of(heading)
            return ""
        if self._means_nothing(folded):
            return ""
        if then and then.reach is not Reach.NAMED and say.VERDICT_ALONE.match(folded) and forms.is_yes(folded):
            return ""  # 没意见，都同意
        letter = self._open and not self._open.said.strip(" :：同志老师,，")
        other = not letter and forms.speaks_of_a_duty(folded)
        if self._open and not say.GENERAL.match(folded) and not other and (not gap or letter):
            self._append(before)
        else:
            self._besides.append(before)
        return "" if folded.rstrip()[-1:] in "。;；!！" else before

    def _begin(self, line: str, folded: str, group: Group, end: int) -> None:
        """The segment that a group begins, which goes on to `end`."""
        for mention in (m for m in group.mentions if m.reason and not m.told):
            # 除李娜退回重拟外，其余照准: two things in one.
            named = self._segment(line[group.begins : end], line[slice(*mention.reason or (0, 0))], [mention])
            scope = named.scope if group.scope is None else group.scope
            self._done.append(replace(named, reach=Reach.NAMED, scope=scope))
        apart = say.EXCEPTED.match(folded, group.end, end) if group.reach is Reach.NAMED else None
        if apart or (group.reach is Reach.EXCEPT and not forms.said_first(folded[group.end :])):
            self._leave_out(line, group, apart.end() if apart else group.end, end)
            return
        self._close()
        if group.scope is not None:
            self._scope, self._named_in_line = group.scope, True
        if group.verdict:
            self._listed(line, group, end)
            return
        behind = say.BEHIND.match(folded, group.end, end) if group.reach is Reach.NAMED else None
        start = behind.end() if behind and not behind["note"] else group.end
        said, rest = line[start:end], ""
        if general := _TO_EVERYBODY.search(fold_in_place(said)):
            said, rest = said[: general.start() + 1], said[general.end() :]
        said = said.lstrip(" ,，;；:：、=.．—-?？").rstrip(" ,，;；:：、=.．—-")
        if self._scope is Review.APPROVE and group.scope is None and self._named_in_line and say.MARK_START.match(said):
            self._scope = None  # 计划全部同意。李娜打95 gives no plan a mark.
        self._open = self._segment(line[group.begins : end], said, group.mentions)
        if rest:
            self._close()
            self._besides.append(rest)

    def _leave_out(self, line: str, group: Group, stop: int, end: int) -> None:
        """全部同意，李四除外; what is said of those who are left out is a segment of their own."""
        left = line[stop:end].strip(_EDGES)
        notes = [line[slice(*mention.note)] for mention in group.mentions if mention.note]
        if not left and notes and any(say.VERDICT.search(fold_in_place(note)) for note in notes):
            left = "，".join(notes)  # 都同意，除了李四（太粗，退回）
        if self._left_out(group, line[group.begins : end]) and not left:
            return
        self._close()
        named = self._segment(line[group.begins : end], left, group.mentions)
        self._open = replace(named, reach=Reach.NAMED)

    def _listed(self, line: str, group: Group, end: int) -> None:
        """Those who are named behind their verdict, each with the note in brackets: 退回：4（人力不够）、8."""
        notes = [line[slice(*m.note)] if m.note else "" for m in group.mentions]
        if notes[-1][:1] in {*"均都皆"}:
            notes = [note or notes[-1] for note in notes]
        for mention, note in zip(group.mentions, notes, strict=True):
            said = f"{group.verdict}，{note}" if note else group.verdict
            self._done.append(self._segment(line[group.begins : end], said, (mention,)))
        self._remark(line[group.end : end], len(group.mentions))

    def _remark(self, tail: str, count: int) -> None:
        """What stands behind those who are named after their verdict: their remark as far as the sentence goes."""
        remark, _, rest = tail.strip(" ,，;；、").partition("。")
        if remark.strip(" 。!！)）") and not say.GENERAL.match(remark):
            self._done[-count:] = [replace(s, said=f"{s.said}，{remark}") for s in self._done[-count:]]
        elif remark.strip(" 。!！)）"):
            self._besides.append(remark)
        if rest.strip(" 。!！"):
            self._besides.append(rest)

    def _left_out(self, group: Group, words: str) -> bool:
        """Takes those people out of the segment before; whether there is one."""
        before = self._open or (self._done[-1] if self._done else None)
        if before is None:
            return False
        changed = replace(
            before,
            words=f"{before.words}，{words.strip(' ,，')}",
            without=tuple(person for m in group.mentions for person in m.people),
            without_numbers=tuple(number for m in group.mentions for number in m.numbers),
            told=before.told or next((m.told for m in group.mentions if m.told), None),
        )
        if self._open:
            self._open = changed
        else:
            self._done[-1] = changed
        return True

    def _segment(self, words: str, said: str, mentions: Sequence[Mention]) -> Segment:
        people = tuple(dict.fromkeys(person for m in mentions for person in m.people))
        numbers = tuple(dict.fromkeys(number for m in mentions for number in m.numbers))
        told = next((m.told for m in mentions if m.told), None)
        return Segment(
            mentions[0].reach, words.strip(" ,，;；。、"), said, people, numbers, self._scope, told,
            next((m.guess for m in mentions if m.guess), None),
        )  # fmt: skip


def own_names(names: Sequence[str]) -> Iterator[str]:
    """What the writer of an answer signs with: his name, 王总, 老王."""
    for name in names:
        folded = fold(name)
        yield folded
        if folded and not folded.isascii():
            yield from (f"{folded[0]}总", f"老{folded[0]}", f"{folded[0]}", f"{folded[0]}主任", f"{folded[0]}经理")

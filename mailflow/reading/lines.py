"""Many at once: an answer with a line a person → what is decided on whom, and the lines that are not sure.

A line begins with whom it is about: names, ids, the digest's row numbers and ranges of them, 其余, 全部 or 除…外.
What stands in no such line belongs to the one before it. What can't be told for sure is never acted on: an unknown
name, two people of one name, two decisions on one thing; and as long as a name is unknown nobody is among 其余.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.reading import line_words as say
from mailflow.reading.charsets import fold, fold_in_place
from mailflow.reading.verdict import read_verdicts
from mailflow.reading.verdict_words import ACK
from mailflow.rules.duties import Duty, Review
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.rules.submission import Target


class Why(StrEnum):
    """Why a line was not acted on."""

    UNKNOWN = "unknown"
    NAMESAKES = "namesakes"
    NOTHING_THERE = "nothing-there"
    NO_VERDICT = "no-verdict"
    UNCLEAR = "unclear"
    TWICE = "twice"
    REST_UNSURE = "rest-unsure"
    OFF_SCALE = "off-scale"
    NEWER_VERSION = "newer-version"
    NOT_HIS = "not-his"
    KEY = "key"
    DEPUTY = "deputy"
    INDIRECT = "indirect"
    NOT_ALONE = "not-alone"


@dataclass(frozen=True)
class Item:
    """One duty in a row of the letter that is answered; a person's duties share the row's number.

    `target` is None where nothing was submitted.
    """

    number: int
    person: Person
    duty: Duty
    period: Period
    target: Target | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.target is not None and self.target.submission.is_open


@dataclass(frozen=True)
class Ruled:
    """A decision on one row, and the words that it comes from."""

    item: Item
    decision: Decision
    words: str


@dataclass(frozen=True)
class Unsettled:
    """Words that were not acted on, and why. `proposal` is how he can say it so that it counts."""

    words: str
    why: Why
    proposal: str = ""


@dataclass(frozen=True)
class Excused:
    """A row that is excused by name, and why."""

    item: Item
    reason: str
    words: str


@dataclass(frozen=True)
class Lines:
    """What an answer with many lines decides. `found` says that it names anybody at all."""

    ruled: tuple[Ruled, ...] = ()
    excused: tuple[Excused, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    found: bool = False


class _Reach(StrEnum):
    NAMED = "named"
    REST = "rest"
    ALL = "all"
    EXCEPT = "except"


@dataclass(frozen=True)
class _Entry:
    """Whom some words are about, and what they say."""

    reach: _Reach
    words: str
    said: str
    people: tuple[Person, ...] = ()
    numbers: tuple[int, ...] = ()
    review: Review | None = None
    why: Why | None = None


def read_lines(
    text: str,
    items: Sequence[Item],
    people: Sequence[Person],
    scores: ScoreRules,
    own: VerdictWords,
    ignored: Collection[str] = (),
) -> Lines:
    """What the answer decides on the rows of the letter that it answers.

    `people` are those whom a name can mean, `ignored` lines that mean nothing (the reviewer's own name).
    """
    entries = list(_Parser(people, {fold(word) for word in ignored}).entries(text))
    unsettled = [Unsettled(entry.words, entry.why) for entry in entries if entry.why]
    sure = [entry for entry in entries if entry.why is None]
    unknown = any(entry.why in (Why.UNKNOWN, Why.NAMESAKES) for entry in entries)
    named = {person.id for entry in entries for person in entry.people}
    numbered = {number for entry in entries for number in entry.numbers}
    ruled: list[Ruled] = []
    excused: list[Excused] = []
    for entry in sure:
        if entry.reach is not _Reach.NAMED and unknown:
            unsettled.append(Unsettled(entry.words, Why.REST_UNSURE))
            continue
        if entry.reach is _Reach.NAMED:
            groups = [[i for i in items if i.person.id == person.id] for person in entry.people]
            groups += [[i for i in items if i.number == number] for number in entry.numbers]
        elif entry.reach is _Reach.REST:
            groups = [[i] for i in items if i.is_open and i.person.id not in named and i.number not in numbered]
        else:
            excluded = {person.id for person in entry.people} if entry.reach is _Reach.EXCEPT else set()
            groups = [[i] for i in items if i.is_open and i.person.id not in excluded and i.number not in entry.numbers]
        if entry.reach is _Reach.NAMED and (word := say.EXCUSED.match(fold_in_place(entry.said))):
            reason = entry.said[word.end() :].strip()
            freed, doubts = _excuse(entry, groups)
            excused += [Excused(item, reason, entry.words) for item in freed]
            unsettled += [Unsettled(entry.words, why) for why in doubts]
            continue
        found, doubts = _rule(entry, groups, scores, own)
        ruled += found
        unsettled += [Unsettled(entry.words, why) for why in doubts]
    once, twice = _agreed(ruled)
    unsettled += [Unsettled(words, Why.TWICE) for words in twice]
    once.sort(key=lambda found: found.item.number)
    return Lines(tuple(once), tuple(excused), tuple(dict.fromkeys(unsettled)), bool(entries))


def _excuse(entry: _Entry, groups: list[list[Item]]) -> tuple[list[Item], list[Why]]:
    """The rows that are excused: the one that is named, or all of that person's that nothing was submitted for."""
    freed, doubts = list[Item](), list[Why]()
    for group in groups:
        rows = [item for item in group if entry.review in (None, item.duty.review)]
        chosen = rows if len(rows) == 1 else [item for item in rows if item.target is None]
        freed += chosen
        doubts += [] if chosen else [Why.UNCLEAR]
    return freed, doubts


def _rule(
    entry: _Entry, groups: list[list[Item]], scores: ScoreRules, own: VerdictWords
) -> tuple[list[Ruled], list[Why]]:
    """The decisions of one entry, a group of rows a person. Of 其余 and 全部 only the rows that the verdict suits."""
    ruled: list[Ruled] = []
    doubts: list[Why] = []
    wide = entry.reach is not _Reach.NAMED
    if wide:
        rows = [item for group in groups for item in group if entry.review in (None, item.duty.review)]
        verdicts = read_verdicts(entry.said, {Review.APPROVE, Review.SCORE}, scores, own=own).by_review
        for item in rows:
            decision = verdicts.get(item.duty.review, Decision(Verdict.NONE))
            if decision.verdict.acts and decision.verdict is not Verdict.REVISE:
                ruled.append(Ruled(item, decision, entry.words))
        acts = any(d.verdict.acts and d.verdict is not Verdict.REVISE for d in verdicts.values())
        return ruled, [] if acts else [Why.UNCLEAR]
    for group in groups:
        rows = [item for item in group if item.target is not None and entry.review in (None, item.duty.review)]
        by_review: dict[Review, list[Item]] = {}
        for item in rows:
            by_review.setdefault(item.duty.review, []).append(item)
        mine = {review: _the_one(found) for review, found in by_review.items()}
        asked = {review for review, item in mine.items() if item is not None and review is not Review.NONE}
        if not asked:
            doubts.append(Why.UNCLEAR if rows else Why.NOTHING_THERE)
            continue
        name = group[0].person.name
        verdicts = read_verdicts(entry.said, asked, scores, about=name, own=own).by_review
        if any(decision.verdict is Verdict.UNCLEAR for decision in verdicts.values()):
            off = any(d.score is not None and not scores.on_scale(d.score) for d in verdicts.values())
            doubts.append(Why.OFF_SCALE if off else Why.UNCLEAR)
            continue
        acting = [(mine[review], decision) for review, decision in verdicts.items() if decision.verdict.acts]
        ruled += [Ruled(item, decision, entry.words) for item, decision in acting if item is not None]
        if not acting:
            doubts.append(Why.NO_VERDICT)
    return ruled, doubts


def _the_one(items: list[Item]) -> Item | None:
    """The row that is meant where a person has several of one kind: the only open one, or the only one."""
    waiting = [item for item in items if item.is_open]
    chosen = waiting or items
    return chosen[0] if len(chosen) == 1 else None


def _agreed(ruled: list[Ruled]) -> tuple[list[Ruled], list[str]]:
    """Each row's one decision; where two lines differ neither holds."""
    by_row: dict[tuple[str, str, Period], list[Ruled]] = {}
    for found in ruled:
        item = found.item
        by_row.setdefault((item.person.id, item.duty.id, item.period), []).append(found)
    once, twice = [], []
    for same in by_row.values():
        if len({(r.decision.verdict, r.decision.score) for r in same}) == 1:
            once.append(max(same, key=lambda r: len(r.decision.comment)))
        else:
            twice.append("\n".join(dict.fromkeys(r.words for r in same)))
    return once, twice


class _Parser:
    """Cuts an answer into entries."""

    def __init__(self, people: Sequence[Person], ignored: Collection[str]) -> None:
        known: dict[str, list[Person]] = {}
        for person in people:
            for word in (person.name, person.id):
                found = known.setdefault(fold(word), [])
                if person not in found:
                    found.append(person)
        self._known = known
        self._names = sorted(known, key=len, reverse=True)
        self._ignored = ignored

    def entries(self, text: str) -> Iterator[_Entry]:
        """The entries of an answer, with the lines that go on from them."""
        scope: Review | None = None
        open_entry: _Entry | None = None
        for raw in text.split("\n"):
            line = raw.strip().rstrip("。")
            folded = fold_in_place(line)
            if not line or folded in self._ignored or ACK.fullmatch(fold(line)):
                continue
            if heading := say.HEADING.fullmatch(folded):
                scope = _review_of(heading)
                continue
            begun = list(self._begun(line, scope))
            if begun:
                yield from map(self._apart, [*filter(None, [open_entry]), *begun[:-1]])
                open_entry = begun[-1]
            elif say.LOOKS_NAMED.match(folded):
                yield from map(self._apart, filter(None, [open_entry]))
                open_entry = _Entry(_Reach.NAMED, line, "", why=Why.UNKNOWN)
            elif open_entry:
                open_entry = replace(
                    open_entry, words=f"{open_entry.words}\n{line}", said=f"{open_entry.said}\n{line}".strip()
                )
        yield from map(self._apart, filter(None, [open_entry]))

    def _begun(self, line: str, scope: Review | None) -> Iterator[_Entry]:
        """The entries that begin on this line; none where it is about nobody."""
        if mark := say.LIST_MARK.match(line):
            after = line[mark.end() :]
            found = self._whom(after)
            if found and not found[0].numbers:
                line = after
        scoped = say.SCOPE.match(fold_in_place(line))
        if scoped and self._whom(line[scoped.end() :]):
            scope = _review_of(scoped)
            line = line[scoped.end() :]
        if turned := say.VERDICT_THEN.match(fold_in_place(line)):
            people, numbers, end, why = self._references(fold_in_place(line), turned.end())
            if (people or numbers) and end == len(line):
                said = turned["verdict"]
                yield _Entry(_Reach.NAMED, line, said, tuple(people), tuple(numbers), scope, why)
                return
        first = self._whom(line)
        while first is not None:
            entry, rest = first
            cut = self._next_cut(rest)
            said, line_rest = (rest[: cut[0]], rest[cut[1] :]) if cut else (rest, "")
            words = line[: len(line) - len(line_rest)].strip(" ,，;；。") if line_rest else line
            entry = replace(entry, words=words, said=said.strip(" ;；") or entry.said, review=entry.review or scope)
            yield entry
            line = line_rest
            first = self._whom(line) if line else None

    def _apart(self, entry: _Entry) -> _Entry:
        """全部同意，李四除外: who is named besides is left out; anything else said of somebody makes it unclear."""
        if entry.reach is _Reach.NAMED:
            return entry
        folded = fold_in_place(entry.said)
        found = say.APART.search(folded)
        if found and entry.reach is _Reach.ALL:
            people, numbers, end, why = self._references(folded, found.start("whom"))
            if (people or numbers) and end == found.end("whom"):
                said = entry.said[: found.start()]
                return replace(
                    entry, reach=_Reach.EXCEPT, said=said, people=tuple(people), numbers=tuple(numbers), why=why
                )
        if found or any(name in folded for name in self._names):
            return replace(entry, why=Why.UNCLEAR)
        return entry

    def _next_cut(self, rest: str) -> tuple[int, int] | None:
        """Where the next entry of the same line begins: behind a break, with somebody and a verdict right after."""
        for gap in say.BREAK.finditer(rest):
            tail = rest[gap.end() :]
            found = self._whom(tail)
            if found is None:
                continue
            entry, said = found
            if entry.numbers and gap[0].isspace():
                continue
            if entry.said or say.VERDICT_FIRST.match(fold_in_place(said)):
                return gap.start(), gap.end()
        return None

    def _whom(self, line: str) -> tuple[_Entry, str] | None:
        """Whom a line begins with, and the rest of it."""
        folded = fold_in_place(line)
        if found := say.ALL_AFTER.match(folded):
            return _Entry(_Reach.ALL, line, found["verdict"], review=_review_of(found)), ""
        if found := say.EXCEPT.match(folded):
            people, numbers, end, why = self._references(folded, found.end())
            if not people and not numbers and why is None:
                return _Entry(_Reach.EXCEPT, line, line, why=Why.UNKNOWN), ""
            tail = say.EXCEPT_END.match(folded, end)
            end = tail.end() if tail else end
            if not say.VERDICT_FIRST.match(folded[end:]):
                why = why or Why.UNKNOWN
            return _Entry(_Reach.EXCEPT, line, "", tuple(people), tuple(numbers), why=why), line[end:]
        for reach, pattern in ((_Reach.REST, say.REST), (_Reach.ALL, say.ALL)):
            found = pattern.match(folded)
            if found and say.VERDICT_FIRST.match(folded[found.end() :]):
                return _Entry(reach, line, "", review=_review_of(found)), line[found.end() :]
        people, numbers, end, why = self._references(folded, 0)
        if not people and not numbers and why is None:
            return None
        return _Entry(_Reach.NAMED, line, "", tuple(people), tuple(numbers), why=why), line[end:].lstrip(" \t:：=-—的")

    def _references(self, folded: str, start: int) -> tuple[list[Person], list[int], int, Why | None]:
        """Names, ids and row numbers that follow each other, where they end, and the doubt about them."""
        people: list[Person] = []
        numbers: list[int] = []
        why: Why | None = None
        at = end = start
        listed = True
        while True:
            name = next((n for n in self._names if folded.startswith(n, at) and self._ends(folded, at + len(n), n)), "")
            if name:
                found, end = self._told_apart(folded, self._known[name], at + len(name))
                people += found
                why = why or (Why.NAMESAKES if len(found) > 1 else None)
            elif listed and (number := say.NUMBER.match(folded, at)) and self._number_ends(folded, number.end()):
                first, last = int(number[1]), int(number[2] or number[1])
                numbers += range(first, last + 1) if first <= last < first + 300 else []
                end = number.end()
            else:
                return people, numbers, end, why
            gap = say.SEPARATOR.match(folded, end)
            if gap is None or not gap[0]:
                return people, numbers, end, why
            at = gap.end()
            # 王五 92 is a score, 1、3 are two rows.
            listed = bool(gap[0].strip())

    @staticmethod
    def _told_apart(folded: str, namesakes: list[Person], end: int) -> tuple[list[Person], int]:
        """Of several people of one name the one whose id or department stands in brackets behind it."""
        note = say.IN_BRACKETS.match(folded, end) if len(namesakes) > 1 else None
        if note is None:
            return namesakes, end
        meant = [p for p in namesakes if note[1].strip() in (fold(p.id), fold(p.department))]
        return (meant, note.end()) if len(meant) == 1 else (namesakes, end)

    def _ends(self, folded: str, end: int, name: str) -> bool:
        """Whether a name is whole there: what follows is no more of a longer name."""
        rest = folded[end:]
        if not rest or not rest[0].isalnum():
            return True
        if name.isascii():
            return not rest[0].isascii()
        return bool(
            rest[0].isdigit()
            or rest.startswith(("的", "和", "及", "与", "跟", "外", "之外", "以外", "计划", "总结", "周"))
            or say.VERDICT_FIRST.match(rest)
        )

    @staticmethod
    def _number_ends(folded: str, end: int) -> bool:
        """Whether a number can be a row's: a verdict, a score or another reference follows, not a unit."""
        rest = folded[end:]
        return not rest or rest[0] in " \t:：、,，=-—" or bool(say.VERDICT_FIRST.match(rest))


def _review_of(found: re.Match[str]) -> Review | None:
    """The kind of review that a named duty has."""
    word = found["duty"]
    return None if not word else Review.APPROVE if word == "计划" else Review.SCORE

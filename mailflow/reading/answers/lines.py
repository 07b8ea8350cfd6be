"""Many at once: an answer about many → what is decided on whom, and what is not sure.

Everything that he wrote is accounted for: it acts, it is the remark of a row, it is courtesy, or he is asked about it.
What can't be told for sure is never acted on: an unknown name, two people of one name, words that name somebody
besides, two decisions on one thing; and as long as a name is unknown nobody is among 其余.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from mailflow.reading.answers import features
from mailflow.reading.answers.answer import read_answer
from mailflow.reading.answers.findings import Excused, Item, Lines, Ruled, Unsettled, Why
from mailflow.reading.answers.many.forms import is_yes, tells
from mailflow.reading.answers.many.mentions import Reach, Who, named_in
from mailflow.reading.answers.many.names import Names
from mailflow.reading.answers.many.rows import Row, Said, read_row
from mailflow.reading.answers.many.segments import Cut, Cutter, Segment, own_names
from mailflow.reading.answers.many.words import (
    EXCUSED,
    FIGURE,
    HELD,
    MIXED_UP,
    OF_MORE,
    OF_SOME,
    OTHERS,
    OWN_SLIP,
    QUESTIONED,
    RESPECTIVELY,
    REST_OF_HIS,
    TAKEN_BACK,
)
from mailflow.reading.opening.charsets import fold, fold_in_place
from mailflow.rules.duties import Review
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict, VerdictWords
from mailflow.rules.scores import ScoreRules


def read_lines(
    text: str,
    items: Sequence[Item],
    people: Sequence[Person],
    scores: ScoreRules,
    own: VerdictWords,
    ignored: Collection[str] = (),
) -> Lines:
    """What the answer decides on the rows of the letter that it answers.

    `people` are those whom a name can mean, `ignored` the names that its writer may sign with.
    """
    return _Reader(items, people, scores, own, ignored).read(text)


_WHY = {Who.UNKNOWN: Why.UNKNOWN, Who.NAMESAKES: Why.NAMESAKES, Who.UNCLEAR: Why.UNCLEAR}
# For so many people at most a proposal is made for words that are not sure, and from so many on the rows of a range
# may be empty.
_MOST_PROPOSED, _FEW = 20, 2
# A remark has so many characters at least.
_REMARK = 4
# Nobody is sent back among 其余: he is asked whom he means.
_WIDE = (Verdict.APPROVE, Verdict.SCORE)
_BOTH = (Review.APPROVE, Review.SCORE)


class _Reader:
    """Reads one answer: the rows of the letter that it answers, what is known besides, and what was found so far."""

    def __init__(
        self,
        items: Sequence[Item],
        people: Sequence[Person],
        scores: ScoreRules,
        own: VerdictWords,
        ignored: Collection[str],
    ) -> None:
        self._items, self._people, self._scores = items, people, scores
        self._own = VerdictWords(tuple(map(fold, own.approve)), tuple(map(fold, own.revise)))
        self._rows = max((item.number for item in items), default=0)
        self._cutter = Cutter(Names(people), self._rows, {*map(fold, ignored), *own_names(tuple(ignored))})
        self._by_number = {item.number: item.person for item in items}
        self._waiting = {person.id: self._there(person) for person in self._by_number.values()}
        self._ruled: list[Ruled] = []
        self._excused: list[Excused] = []
        self._unsettled: list[Unsettled] = []
        self._speaks_of_others: list[str] = []
        self._remarks: list[tuple[Segment, Person]] = []
        # Rows by number and kind of review: those that somebody was named for, and those that are asked about.
        self._touched: set[tuple[int, Review]] = set()
        self._asked: set[tuple[int, Review]] = set()

    def read(self, text: str) -> Lines:
        """The decisions and the questions of one answer."""
        cut = self._cutter.cut(text)
        named = [segment for segment in cut.segments if segment.reach is Reach.NAMED]
        mixed_up = self._mixed_up(cut)
        for segment, following in zip(named, [*named[1:], None], strict=False):
            back = fold_in_place(segment.said + (following.words[:10] if following else ""))
            of_him = bool(TAKEN_BACK.search(back) or OWN_SLIP.search(fold_in_place(segment.said)))
            self._named(segment, taken_back=mixed_up or of_him)
        besides = [found for words in cut.besides if (found := self._besides(words))]
        self._settle()
        unsure = mixed_up or any(found.why is not Why.NO_VERDICT for found in besides)
        unsure = unsure or any(segment.told for segment in cut.segments)
        for segment in cut.segments:
            if segment.reach is not Reach.NAMED:
                self._wide(segment, named, unsure=unsure or self._of_some(segment.led))
        self._settle()
        self._remark()
        self._unsettled += besides
        done = {(ruled.item.number, ruled.item.duty.review) for ruled in self._ruled}
        others = tuple(
            dict.fromkeys(i.number for i in self._items if i.is_open and (i.number, i.duty.review) not in done)
        )
        self._unsettled += [Unsettled(words, Why.REST_UNSURE, others) for words in self._speaks_of_others if others]
        self._ruled.sort(key=lambda found: found.item.number)
        return Lines(tuple(self._ruled), tuple(self._excused), tuple(dict.fromkeys(self._unsettled)))

    def _of_some(self, led: str) -> bool:
        """Whether what stands before 都 or 其余 says of whom it is said, or decides something itself."""
        folded = fold_in_place(led)
        return bool(led) and (tells(folded) or bool(OF_SOME.search(folded)))

    def _mixed_up(self, cut: Cut) -> bool:
        """Whether he takes something back of which nobody knows what: in words about one person it is his."""
        own = [segment for segment in cut.segments if segment.reach is Reach.NAMED and len(segment.people) == 1]
        others = [segment.words for segment in cut.segments if segment not in own]
        others += [OWN_SLIP.sub("", fold_in_place(segment.words)) for segment in own]
        besides = any(TAKEN_BACK.search(fold_in_place(words)) for words in cut.besides)
        return besides or any(MIXED_UP.search(fold_in_place(words)) for words in (*others, *cut.besides))

    def _numbers_of(self, people: Collection[Person]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(item.number for item in self._items if item.person in people))

    def _ask(
        self,
        segment: Segment,
        why: Why,
        numbers: Sequence[int],
        likely: Sequence[tuple[Item, Decision]] = (),
        reviews: Collection[Review] = _BOTH,
    ) -> None:
        self._unsettled.append(Unsettled(segment.words, why, tuple(dict.fromkeys(numbers)), tuple(likely)))
        self._asked |= {(number, review) for number in numbers for review in reviews}

    def _named(self, segment: Segment, *, taken_back: bool) -> None:
        """One segment about people or rows that it names."""
        numbered = [p for n in segment.numbers if (p := self._by_number.get(n))]
        left_out = {*segment.without, *(self._by_number.get(n) for n in segment.without_numbers)}
        people = [p for p in dict.fromkeys([*segment.people, *numbered]) if p not in left_out]
        numbers = [*segment.numbers, *self._numbers_of(people)]
        if segment.told or not numbers:
            return self._not_known(segment, numbers)
        folded = fold_in_place(segment.said)
        if respectively := RESPECTIVELY.fullmatch(folded):
            return self._respectively(segment, people, respectively["marks"])
        if word := EXCUSED.match(folded):
            return self._excuse(segment, people, segment.said[word.end() :].strip())
        others = OTHERS.search(folded) and not REST_OF_HIS.search(folded)
        of_more = OF_MORE.search(folded)
        if others or (of_more and (len(people) == 1 or of_more[0][:1] in "。;；\n")):
            return self._with_others(segment, numbers)
        inner = self._inner(segment, people, numbers)
        crossed = len(segment.people) == len(segment.numbers) == 1 and people != [*segment.people]
        if crossed or inner or taken_back:
            asked = people[:_MOST_PROPOSED]
            likely = [pair for person in asked for pair in self._likely(self._read(segment, person), person)]
            why = Why.TWICE if taken_back and len(people) == 1 else Why.UNCLEAR
            return self._ask(segment, why, [*numbers, *inner], likely)
        return self._each(segment, people)

    def _respectively(self, segment: Segment, people: Sequence[Person], written: str) -> None:
        """分别给88和84: each the mark that stands at his place."""
        marks = re.findall(FIGURE, written)
        if len(marks) != len(people):
            return self._ask(segment, Why.UNCLEAR, self._numbers_of(people))
        for person, mark in zip(people, marks, strict=True):
            self._person(replace(segment, said=mark, scope=Review.SCORE), person, 1)
        return None

    def _each(self, segment: Segment, people: Sequence[Person]) -> None:
        """What a segment says of each of those whom it is about."""
        for number in segment.numbers:
            if number not in self._by_number:
                self._ask(segment, Why.NOTHING_THERE, [number])
        many = len(people) > _FEW and segment.numbers
        for person in people:
            # 1-11 同意 is said of those who have sent something.
            if not many or self._waiting.get(person.id):
                self._person(segment, person, len(people))

    def _not_known(self, segment: Segment, numbers: Sequence[int]) -> None:
        """Words about somebody of whom nobody can be sure who he is."""
        if segment.guess:
            likely = self._likely(self._read(segment, segment.guess), segment.guess)
            return self._ask(segment, Why.UNKNOWN, self._numbers_of([segment.guess]), likely)
        return self._ask(segment, _WHY[segment.told or Who.UNKNOWN], numbers)

    def _inner(self, segment: Segment, people: Collection[Person], numbers: Collection[int]) -> list[int]:
        """The rows that the words name besides those whom they are about, or one of several whom they are about."""
        folded, several = fold_in_place(segment.said), len(people) > 1
        named, numbered = named_in(self._cutter.names, folded, self._rows)
        others = self._numbers_of([person for person in named if several or person not in people])
        return [*others, *(number for number in numbered if several or number not in numbers)]

    def _with_others(self, segment: Segment, numbers: Sequence[int]) -> None:
        """Words about somebody that speak of others as well: he is asked about all whom nobody is named for."""
        self._ask(segment, Why.REST_UNSURE, numbers)
        self._speaks_of_others.append(segment.words)

    def _there(self, person: Person) -> dict[Review, Item]:
        """The rows of a person's that something was sent for, one a kind of review."""
        by_review: dict[Review, list[Item]] = {}
        for item in self._items:
            if item.person.id == person.id and item.target is not None and item.duty.review is not Review.NONE:
                by_review.setdefault(item.duty.review, []).append(item)
        chosen = {review: _the_one(found) for review, found in by_review.items()}
        return {review: item for review, item in chosen.items() if item is not None}

    def _read(self, segment: Segment, person: Person) -> Said:
        others = [p.name for p in self._people if p.id != person.id]
        there = self._waiting.get(person.id, {})
        return read_row(segment.said, segment.scope, Row(there.keys(), self._scores, self._own, person.name, others))

    def _likely(self, said: Said, person: Person) -> list[tuple[Item, Decision]]:
        there = self._waiting.get(person.id, {})
        return [(there[review], d) for review, d in said.likely.items() if review in there]

    def _person(self, segment: Segment, person: Person, breadth: int) -> None:
        """What a segment says of one person: all of it is done, or none and he is asked."""
        there = self._waiting.get(person.id, {})
        numbers = self._numbers_of([person])
        if not there:
            several = any(i.target is not None for i in self._items if i.person.id == person.id)
            return self._ask(segment, Why.UNCLEAR if several else Why.NOTHING_THERE, numbers)
        said = self._read(segment, person)
        if said.silent and self._talks(segment.said):
            self._remarks.append((segment, person))
            return None
        if said.asked:
            why = Why.OFF_SCALE if said.off_scale else Why.NO_VERDICT if said.silent else Why.UNCLEAR
            reviews = said.asked if said.apart else _BOTH
            likely = [(item, d) for item, d in self._likely(said, person) if item.duty.review in reviews]
            self._ask(segment, why, numbers, likely, reviews)
            if not said.apart:
                return None
        if any(review not in there for review in said.decided):
            return self._ask(segment, Why.NOTHING_THERE, numbers, self._likely(said, person))
        found = said.decided.items()
        self._ruled += [Ruled(there[review], decision, segment.words, breadth) for review, decision in found]
        return None

    def _talks(self, words: str) -> bool:
        """Whether words about somebody decide nothing whatever they are about: a remark on the rest of it."""
        folded = fold_in_place(words)
        if len(words) < _REMARK or HELD.search(folded) or QUESTIONED.search(folded) or tells(folded):
            return False
        return not self._decides(words, _BOTH)

    def _decides(self, words: str, reviews: Collection[Review]) -> bool:
        """Whether words may decide something on one of these, whatever they are about."""
        read = [read_answer(words, {r}, self._scores, own=self._own).by_review[r].verdict for r in reviews]
        return any(verdict is not Verdict.NONE for verdict in read)

    def _remark(self) -> None:
        """Remarks go with the one thing that is decided on their person; without one he is asked."""
        for segment, person in self._remarks:
            mine = [found for found in self._ruled if found.item.person.id == person.id]
            if len(mine) != 1:
                self._ask(segment, Why.NO_VERDICT, self._numbers_of([person]), (), ())
                continue
            at, old = self._ruled.index(mine[0]), mine[0]
            comment = "\n".join(filter(None, (old.decision.comment, segment.said.strip())))
            changed = replace(old.decision, comment=comment)
            self._ruled[at] = replace(old, decision=changed, words=f"{old.words}\n{segment.words}")

    def _excuse(self, segment: Segment, people: Sequence[Person], reason: str) -> None:
        """The rows that are excused: the one that is named, or all of that person's that nothing was submitted for."""
        for person in people:
            rows = [i for i in self._items if i.person.id == person.id and segment.scope in (None, i.duty.review)]
            chosen = rows if len(rows) == 1 else [item for item in rows if item.target is None]
            self._excused += [Excused(item, reason, segment.words) for item in chosen]
            if not chosen:
                self._ask(segment, Why.UNCLEAR, self._numbers_of([person]))

    def _settle(self) -> None:
        """Decisions on one row that differ don't hold, nor does one on a row that he is asked about besides."""
        self._ruled, twice = _agreed(self._ruled)
        self._unsettled += twice
        self._asked |= {(number, review) for u in twice for number in u.numbers for review in _BOTH}
        doubtful = [r for r in self._ruled if (r.item.number, r.item.duty.review) in self._asked]
        self._ruled = [r for r in self._ruled if (r.item.number, r.item.duty.review) not in self._asked]
        self._touched = self._asked | {(r.item.number, r.item.duty.review) for r in self._ruled}
        for ruled in doubtful:
            likely = ((ruled.item, ruled.decision),)
            self._unsettled.append(Unsettled(ruled.words, Why.UNCLEAR, (ruled.item.number,), likely))

    def _wide(self, segment: Segment, named: Sequence[Segment], *, unsure: bool) -> None:
        """其余, 全部 and 除…外: the open rows that nobody was named for, where nothing makes that unsure."""
        left_out = {*self._numbers_of([*segment.without, *segment.people]), *segment.without_numbers, *segment.numbers}
        is_rest = segment.reach is Reach.REST
        about = {n for s in named for n in (*s.numbers, *self._numbers_of(s.people))} if is_rest else set()
        free = [i for i in self._items if i.is_open and i.number not in left_out]
        free = [i for i in free if (i.number, i.duty.review) not in self._touched]
        rows = [i for i in free if i.number not in about]
        everybody = [person.name for person in self._people]
        said = read_row(segment.said, segment.scope, Row(_BOTH, self._scores, self._own, others=everybody))
        acts = {review: d for review, d in said.decided.items() if d.verdict in _WIDE and not said.silent}
        doubted = said.asked | (said.decided.keys() - acts.keys())
        likely = [(i, d) for i in rows for r, d in said.likely.items() if r is i.duty.review and not said.silent]
        if unsure or TAKEN_BACK.search(fold_in_place(segment.said)):
            reviews = (segment.scope,) if segment.scope else _BOTH
            return self._ask(segment, Why.REST_UNSURE, [i.number for i in rows], likely, reviews)
        inner = {*self._inner(segment, (), ())}
        if said_of := inner & left_out:
            # 除了3和8，都同意。3 进度太赶: what is said of those who are excepted is nobody else's remark.
            likely = [(item, replace(decision, comment="")) for item, decision in likely]
            self._unsettled.append(Unsettled(segment.said, Why.NO_VERDICT, tuple(sorted(said_of))))
        if inner or (doubted and not said.apart):
            return self._ask(segment, Why.UNCLEAR, [*(i.number for i in rows), *inner], likely)
        if doubted:
            asked = [i.number for i in rows if i.duty.review in doubted]
            self._ask(segment, Why.UNCLEAR, asked, [(i, d) for i, d in likely if i.duty.review in doubted], doubted)
        self._ruled += [
            Ruled(i, acts[i.duty.review], segment.words, len(self._items)) for i in rows if i.duty.review in acts
        ]
        # 其余同意 may or may not mean the plan of somebody who was named for his mark.
        if doubtful := [i for i in free if i.number in about and i.duty.review in acts]:
            numbers = tuple(dict.fromkeys(item.number for item in doubtful))
            likely = [(item, acts[item.duty.review]) for item in doubtful]
            self._unsettled.append(Unsettled(segment.words, Why.NAMED_BESIDES, numbers, tuple(likely)))
        return None

    def _besides(self, words: str) -> Unsettled | None:
        """Words that are about nobody: asked about where they may decide something or name somebody of the letter,
        and then nothing else that is said of those rows holds either."""
        people, numbers = named_in(self._cutter.names, fold_in_place(words), self._rows)
        rows = tuple(dict.fromkeys([*self._numbers_of(people), *numbers]))
        marks = any(number.likely for number in features.numbers(fold(words)))
        decides = self._decides(words, _BOTH if marks else (Review.APPROVE,))
        if not decides and not rows:
            return None
        if not rows and not tells(fold_in_place(words)):
            return Unsettled(words, Why.NO_VERDICT)
        self._asked |= {(number, review) for number in rows for review in _BOTH}
        if decides and not rows and is_yes(fold_in_place(words)):
            plans = [item for item in self._items if item.is_open and item.duty.review is Review.APPROVE]
            likely = [
                (item, Decision(Verdict.APPROVE)) for item in plans if (item.number, Review.APPROVE) not in self._asked
            ]
            return Unsettled(words, Why.REST_UNSURE, tuple(item.number for item in plans), tuple(likely))
        return Unsettled(words, Why.UNKNOWN if decides else Why.UNCLEAR, () if decides else rows)


def _the_one(items: list[Item]) -> Item | None:
    """The row that is meant where a person has several of one kind: the only open one, or the only one."""
    waiting = [item for item in items if item.is_open]
    chosen = waiting or items
    return chosen[0] if len(chosen) == 1 else None


def _agreed(ruled: list[Ruled]) -> tuple[list[Ruled], list[Unsettled]]:
    """Each row's one decision. Where two differ, what was said of fewer holds (1-5同意，其中3号退回); else neither."""
    by_row: dict[tuple[str, str, Period], list[Ruled]] = {}
    for found in ruled:
        item = found.item
        by_row.setdefault((item.person.id, item.duty.id, item.period), []).append(found)
    once, twice = [], []
    for every in by_row.values():
        narrowest = min(found.breadth for found in every)
        same = [found for found in every if found.breadth == narrowest]
        if len({(r.decision.verdict, r.decision.score) for r in same}) == 1:
            once.append(max(same, key=lambda r: len(r.decision.comment)))
        else:
            words = "\n".join(dict.fromkeys(r.words for r in same))
            last = same[-1]
            twice.append(Unsettled(words, Why.TWICE, (last.item.number,), ((last.item, last.decision),)))
    return once, twice

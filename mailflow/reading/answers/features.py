"""Features: what the learned reader sees of an answer. Character n-grams of the whole, its first and its last clause.

Numbers are masked, those that can be a mark apart from others, and so are names: wording is learned, not people. The
same functions serve `make train`, so that what was learned is what is seen.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.reading.answers import guard
from mailflow.reading.answers import verdict_words as say
from mailflow.reading.numerals import chinese

BITS = 18
_CLAUSE = re.compile(r"[,，。;；!！?？…\n]+|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[,，。;；!！…\n:：()（）]+|[.](?=\s|$)|(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|\s*[—]+\s*")
_BORDERS = ",，。;；!！?？…\n"
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?|[零一二三四五六七八九十百两]{2,5}(?:点[零一二三四五六七八九])?"
    r"|(?<![一-鿿])[零一二三四五六七八九十](?![一-鿿])"
)
_MARK, _OTHER_NUMBER, _HIM, _SOMEBODY = "№", "#", "⓪", "①"
_LIKELY = (Decimal(30), Decimal(100))
_AROUND = 12


@dataclass(frozen=True)
class Number:
    """A number in folded words: where it stands and what it comes to."""

    start: int
    end: int
    value: Decimal

    @property
    def likely(self) -> bool:
        """Whether it is as high as marks are."""
        return _LIKELY[0] <= self.value <= _LIKELY[1]


def numbers(folded: str) -> list[Number]:
    """Every number in the folded words, in figures or in Chinese."""
    found = []
    for match in _NUMBER.finditer(folded):
        value = Decimal(match[0]) if match[0][0].isdigit() else chinese(match[0])
        if value is not None:
            found.append(Number(match.start(), match.end(), value))
    return found


def without_names(folded: str, about: str, others: Iterable[str]) -> str:
    """The folded words with the names of the one they are about, and of others, as signs."""
    for name in sorted(filter(None, others), key=len, reverse=True):
        folded = folded.replace(name, _SOMEBODY)
    return folded.replace(about, _HIM) if about else folded


def masked(text: str) -> str:
    """The text with its numbers as signs, those that can be a mark apart from others."""
    out, end = [], 0
    for number in numbers(text):
        out += [text[end : number.start], _MARK if number.likely else _OTHER_NUMBER]
        end = number.end
    return "".join([*out, text[end:]])


def _grams(text: str, prefix: str, longest: int = 4) -> Iterator[str]:
    text = f"^{text}$"
    for size in range(1, longest + 1):
        for start in range(len(text) - size + 1):
            yield prefix + text[start : start + size]


def of_answer(folded: str) -> set[str]:
    """What the reader of an answer sees of its folded, nameless words."""
    shown = masked(folded.strip())
    clauses = [clause.strip() for clause in _CLAUSE.split(shown) if clause.strip()]
    found = set(_grams(re.sub(r"\s+", " ", shown), "w"))
    if clauses:
        found |= {*_grams(clauses[0], "f"), *_grams(clauses[-1], "l"), f"c0={clauses[0]}", f"cl={clauses[-1]}"}
    likely = sum(number.likely for number in numbers(folded))
    found |= {f"against={row.name}" for row in guard.ROWS if row.seen.search(shown)}
    found |= set(_sequences(signs(shown)))
    return found | {f"n={min(len(clauses), 6)}", f"marks={min(likely, 4)}", f"len={min(len(folded) // 8, 8)}"}


# What a stretch of words is, as a sign: the grammar's words, people and numbers, borders of clauses; and what the guard
# sees. The order in which they follow each other says more than the words.
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("A", say.APPROVAL), ("R", say.REFUSAL), ("C", say.CHANGE), ("I", say.CONDITION), ("Q", say.QUESTION),
    ("P", say.POSTPONED), ("B", say.BUT), ("W", say.WISH), ("O", say.REPORTED), ("H", say.HEDGE),
    ("D", say.DONE_CHANGE), ("N", say.NEGATED_OBJECTION), ("K", say.ACK),
    ("X", re.compile(_SOMEBODY)), ("Z", re.compile(_HIM)), ("m", re.compile(_MARK)),
    ("n", re.compile(_OTHER_NUMBER)), (",", re.compile(f"[{_BORDERS}]+")),
    *((chr(ord("a") + place) + "'", row.seen) for place, row in enumerate(guard.ROWS)),
)  # fmt: skip
_LONGEST_SEQUENCE = 5


def signs(shown: str) -> list[str]:
    """What stands in masked words, in the order in which it begins."""
    found = [(match.start(), sign) for sign, words in _SIGNS for match in words.finditer(shown) if match[0]]
    return [sign for _, sign in sorted(found)]


def _sequences(found: Sequence[str]) -> Iterator[str]:
    line = ["^", *found, "$"]
    yield f"signs={''.join(line)}"
    for size in range(2, _LONGEST_SEQUENCE + 1):
        for start in range(len(line) - size + 1):
            yield f"signs {''.join(line[start : start + size])}"


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a text begin and end: between punctuation, lines, and spaces beside Chinese."""
    found, start = [], 0
    for border in _CLAUSE_END.finditer(text):
        if text[start : border.start()].strip():
            found.append((start, border.start()))
        start = border.end()
    return [*found, (start, len(text))] if text[start:].strip() else found


def of_clause(folded: str, at: int, count: int) -> set[str]:
    """What the reader of remarks sees of one clause among so many: whether it says more than the verdict."""
    shown = masked(folded.strip())
    size = len(shown)
    seen = {*_grams(shown, "c"), f"={shown}", f"n={min(count, 5)}", f"i={min(at, 3)}", f"r={min(count - 1 - at, 3)}"}
    return seen | {f"len={min(size // 3, 8)}", f"mark={_MARK in shown}", f"short={size <= 4}"}


def of_mark(folded: str, found: Sequence[Number], at: int) -> set[str]:
    """What the reader of marks sees of one number among those that can be one, with what stands around it."""
    number = found[at]
    start, end = number.start, number.end
    left, right = masked(folded[max(0, start - _AROUND) : start]), masked(folded[end : end + _AROUND])
    begins = max(folded.rfind(border, 0, start) for border in _BORDERS) + 1
    after = [place for border in _BORDERS if (place := folded.find(border, end)) >= 0]
    ends = min(after, default=len(folded))
    clause = f"{masked(folded[begins:start])}@{masked(folded[end:ends])}"
    likely = [n for n in found if n.likely]
    seen = {f"L{left[-n:]}" for n in range(1, 7) if len(left) >= n} | {f"R{right[:n]}" for n in range(1, 7)}
    for prefix, text, sizes in (("l", left, (1, 2, 3)), ("r", right, (1, 2, 3)), ("k", clause, (2, 3, 4))):
        seen |= {prefix + text[i : i + size] for size in sizes for i in range(len(text) - size + 1)}
    seen |= set(_grams(masked(folded[:begins])[-8:], "p", 2)) | set(_grams(masked(folded[ends:])[:8], "q", 2))
    seen |= {f"C{clause}", f"i={min(at, 3)}", f"r={min(len(found) - 1 - at, 3)}", f"cnt={min(len(found), 4)}"}
    seen |= {f"big={number.likely}", f"bigcnt={min(len(likely), 4)}", f"band={int(number.value) // 10}"}
    seen |= {f"dec={number.value != int(number.value)}", f"bos={start == 0}", f"eos={end == len(folded)}"}
    if likely:
        seen |= {f"first={number == likely[0]}", f"last={number == likely[-1]}"}
    return seen


_BARE_MARK = re.compile(
    r"\W*(?:(?:总结|本周|得分|评分|打分|分数|成绩|这次|就|给|打|评|记|你|他|她|我|为|是|得|个|score|mark|give|you)\s*[::=]?\s*)*№\s*(?:/\s*№)?\s*(?:分|points?)?(?:吧|啦|哈|了|哦|喔|啊)?\W*"
)
_BARE_YES = re.compile(
    r"\W*(?:我|都|也|可|同|完全|原则上)?(?:同意|通过|批准|照准|准予?|可以?|可行|行|没问题|没意见|无异议|要得|中|ok|okay|approved?|agreed?|lgtm|fine|批了?|过)"
    r"(?:了|吧|的|啦|哈|啊|哦|喔|执行|实施|你|计划|这个|此)*\W*"
)


def says_yes(shown: str) -> bool:
    """Whether a clause of masked words says yes and nothing else."""
    return any(_BARE_YES.fullmatch(shown[start:end].strip()) for start, end in clauses(shown))


def rest_of(folded: str) -> str:
    """The folded words without the clauses that only say yes, or only give a mark; empty where there are none or
    nothing is left. What stands beside a verdict says whether it is one."""
    shown = masked(folded.strip())
    parts = [shown[start:end].strip() for start, end in clauses(shown)]
    left = [part for part in parts if not (_BARE_MARK.fullmatch(part) or _BARE_YES.fullmatch(part))]
    return ",".join(left) if len(left) < len(parts) else ""


def indices(features: Iterable[str]) -> list[int]:
    """Where the features stand in the tables of weights, each once, in order."""
    return sorted({zlib.crc32(feature.encode()) & ((1 << BITS) - 1) for feature in features})

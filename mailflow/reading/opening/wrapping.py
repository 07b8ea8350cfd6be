"""Wrapping: quoted lines that a program broke anew after marking them, so that their rest stands unmarked.

Such a rest would be read as his own words, and it is somebody else's: `> … 报销流程的问题` and below it `100分`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import east_asian_width

from mailflow.reading.opening.charsets import fold

_MARKS = re.compile(r"[\s>|]+")
# So much of a quoted line's end is looked up in the original; where programs break lines, they are as wide as this.
_TAIL, _WIDE = 12, 56


@dataclass(frozen=True)
class Requoted:
    """A text whose quoted lines are all marked again; `sure` is the one in which those are marked as well of which
    nobody knows, None where there are none."""

    text: str
    sure: str | None = None


def requoted(text: str, original: str) -> Requoted:
    """The text with the rests of broken quoted lines marked. `original` is the mail that is answered, as it is known;
    a line below a wide quoted one that isn't found in it may be a rest of it or an answer to it."""
    if ">" not in text:
        return Requoted(text)
    whole = _bare(original)
    lines, sure = [], []
    before = ""
    doubted = False
    for line in text.split("\n"):
        quoted = line.lstrip().startswith(">")
        bare = _bare(line)
        rest = doubtful = False
        if before and bare and not quoted:
            known = before[-_TAIL:] in whole
            rest = known and before[-_TAIL:] + bare in whole
            doubtful = not known and _width(before) >= _WIDE
        lines.append(f"> {line}" if rest else line)
        sure.append(f"> {line}" if rest or doubtful else line)
        doubted = doubted or doubtful
        before = bare if quoted else before + bare if rest else ""
    return Requoted("\n".join(lines), "\n".join(sure) if doubted else None)


def _bare(text: str) -> str:
    return _MARKS.sub("", fold(text))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)

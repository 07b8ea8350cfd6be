"""Attribution: the line with which a program introduces what it quotes, told by its parts and not by a program's name.

It names a day and somebody's address, or a day and a verb of writing, and besides no more than that one's name.
"""

from __future__ import annotations

import re

# What such a line consists of, in folded words. What is left when all of it is taken away is a name.
_ADDRESS = re.compile(r"[<(\[]\s*(?:mailto:)?[^<>()\[\]\s@]+@[^<>()\[\]\s]+\s*[>)\]]")
_BARE_ADDRESS = re.compile(r"[^<>()\[\]\s,:;@]+@[a-z0-9.-]+\.[a-z]{2,}")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = re.compile(
    rf"""
      \d{{4}} [-/.年] \s?\d{{1,2}} [-/.月] \s?\d{{1,2}} (?:日|号)?       # 2026-11-21, 2026年11月21日
    | \d{{1,2}} [./-] \d{{1,2}} [./-] \d{{4}}                            # 21.11.2026
    | \d{{1,2}}(?:st|nd|rd|th)? \s (?:{_MONTHS})[a-z]*[.,]? \s \d{{4}}   # 21 Nov 2026
    | (?:{_MONTHS})[a-z]*[.]? \s \d{{1,2}}(?:st|nd|rd|th)?,? \s \d{{4}}  # November 21st, 2026
    """,
    re.VERBOSE,
)
_VERB = re.compile(r"(?:来信)?写道|撰写(?:了)?|来信说|\bwrote\b|\bschrieb\b|\ba écrit\b")
_REST = re.compile(
    r"""
      \d{1,2} [:点时] \d{2} (?:分)? (?: :\d{2} | \d{2}秒 )?              # 10:12, 10点12分
    | (?:上午|下午|早上|中午|晚上|凌晨) | \b[ap]\.?m\b\.?
    | (?:星期|周)[一二三四五六日天] | \b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b
    | (?:\b(?:gmt|utc|cst))? \s* [+-] \d{1,2} :? \d{2} \b | \b(?:gmt|utc|cst)\b
    | \b(?:on|at|am|um|le|à)\b | [在于]
    """,
    re.VERBOSE,
)
_EDGES = re.compile(r"""[-–—_>|*,:;"'()\[\]<>\s]+""")
# A name is as long as this at most: "Zhang San (Operations)", 欧阳小云-运营部.
_NAME, _WORDS = 30, 4
_LONGEST = 240
_ENDS = (":", "-", ">", ")", "]", "道")


def introduces_a_quote(folded: str, following: str) -> bool:
    """Whether a folded line introduces a quote, alone or broken in two: `2016-10-24 15:36 GMT+02:00 X <x>:`."""
    if is_attribution(folded):
        return True
    begun = _DAY.search(folded) or _ADDRESS.search(folded)
    return bool(begun) and not is_attribution(following) and is_attribution(f"{folded.rstrip()} {following.strip()}")


def is_attribution(folded: str) -> bool:
    """Whether a folded line has the parts of an attribution and no others."""
    line = folded.strip()
    if len(line) > _LONGEST or not _DAY.search(line):
        return False
    if not line.endswith(_ENDS) or not (_VERB.search(line) or _ADDRESS.search(line)):
        return False
    for part in (_ADDRESS, _BARE_ADDRESS, _DAY, _VERB, _REST):
        line = part.sub(" ", line)
    name = _EDGES.sub(" ", line).strip()
    return len(name) <= _NAME and len(name.split()) <= _WORDS and not re.search(r"[。!?;\d]", name)

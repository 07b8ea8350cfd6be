"""Signature: what somebody types below his words: a closing, his name, what he is, and how to reach him.

What stands below a dash line is cut as such (opening.quoting); this is about signatures that nothing marks. A number
in them is never a score, and nobody reads them as a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailflow.reading.opening.charsets import fold

_CLOSING = re.compile(
    r"(?:(?:此致)?敬礼|此致|(?:顺)?(?:祝|颂)(?:好|安|顺利|商祺|工作顺利|周末愉快|大安)+|顺(?:颂|祝).{1,8}"
    r"|(?:best|kind|warm)?\s*(?:regards|wishes)|best|br|cheers|sincerely|yours(?: sincerely| truly)?|b\.?rgds)"
    r"[,，。.!！~\s]*"
)
_TITLE = (
    r"(?:总经理|副总经理|副总|总监|经理|主任|主管|厂长|院长|校长|董事长|总裁|部长|组长|总|负责人|助理"
    r"|ceo|coo|cto|cfo|vp|director|manager|head)"
)
# A line of a signature that is no name: what he is, and how to reach him. A whole folded line.
_DETAIL = re.compile(
    rf"""
      [^,。!?;:\d]{{0,20}} {_TITLE} (?: \s (?:of|at|,) \s [^\d。!?]{{1,30}} )?       # 运营总监, Director of Operations
    | [^,。!?;:\d]{{2,24}} (?:公司|集团|中心|事业部|运营部|办公室|inc|ltd|llc)\.?   # 某某有限公司
    | (?:手机|电话|座机|分机|传真|微信|微信号|qq|邮箱|邮件|地址|网址|公司|部门|职务
        |mobile|tel|phone|cell|fax|e-?mail|mail|web|addr(?:ess)?|[tmefwp])
      \.? \s* (?::|(?=[\d+(])) .{{1,60}}                                             # 手机:13800000000
    | \+? [\d\s()-]{{8,20}} (?: / \+? [\d\s()-]{{8,20}} )?                           # 138 0000 0000
    | [^\s@]+@[^\s@]+\.[a-z]+ | (?:https?://|www\.)\S+
    | \d{{4}} [-./年] \d{{1,2}} [-./月] \d{{1,2}} 日? (?: \s* \d{{1,2}}:\d{{2}} )? | \d{{1,2}}月\d{{1,2}}日
    """,
    re.VERBOSE,
)
_NAME_SHAPED = re.compile(r"[一-鿿]{2,4}|[a-z.'-]{2,}(?: [a-z.'-]{1,}){0,2}")
_LINES = 8


def without_signature(text: str, signers: Iterable[str]) -> str:
    """The words without the typed signature below them. `signers` are the names of the one who writes.

    A signature begins with his name or with a closing; details alone (a telephone number that he wants called) are
    his words, and a text that is nothing but a signature stays.
    """
    names = [fold(name).strip() for name in signers if name.strip()]
    lines = text.split("\n")
    first = len(lines)
    for place in range(len(lines) - 1, max(-1, len(lines) - 1 - _LINES), -1):
        line = fold(lines[place]).strip()
        if _CLOSING.fullmatch(line) or _is_name(line, names):
            first = place
        elif line and not (_is_detail(line) or (_NAME_SHAPED.fullmatch(line) and _closed(lines[:place]))):
            break
    kept = "\n".join(lines[:first]).rstrip()
    return _without_name_at_the_end(kept, names) or text


def _closed(above: list[str]) -> bool:
    """Whether the last words above are a closing, so that what follows is a name, known or not."""
    last = next((line for line in reversed(above) if line.strip()), "")
    return bool(_CLOSING.fullmatch(fold(last).strip()))


def _is_detail(line: str) -> bool:
    parts = [part.strip() for part in re.split(r"\s*[|丨/]\s*|\s{2,}|\t", line) if part.strip()]
    return bool(_DETAIL.fullmatch(line)) or (len(parts) > 1 and all(_DETAIL.fullmatch(part) for part in parts))


def _is_name(line: str, names: list[str]) -> bool:
    """Whether a folded line is his name, with what he is, a number or a day behind it: 王建国, 王总, wang jianguo."""
    bare = line.strip(" -—–_,.。:~*")
    for name in names:
        if _signed(name).fullmatch(bare):
            return True
        behind = re.sub(rf"^{_signed(name).pattern}[\s|丨/,()—–-]*", "", bare)
        if behind != bare and _is_detail(behind.rstrip(" )")):
            return True
    return False


def _signed(name: str) -> re.Pattern[str]:
    """How one signs: the name, a Chinese surname with a title, the given name."""
    whole = re.escape(name)
    if not re.fullmatch(r"[一-鿿]{2,4}", name):
        return re.compile(whole)
    return re.compile(rf"(?:{whole}|{name[0]}{_TITLE}|{re.escape(name[1:]) if len(name) > 2 else whole})")


def _without_name_at_the_end(text: str, names: list[str]) -> str:
    """Without `王总 2026.11.21` behind the last sentence."""
    head, newline, last = text.rpartition("\n")
    for border in re.finditer(r"[。！!；;]\s*|\s*[-—–]{1,3}\s*(?=[一-鿿a-zA-Z])|\s{2,}", last):
        if last[border.end() :].strip() and _is_name(fold(last[border.end() :]).strip(), names):
            end = border.start() + (1 if border[0][:1] in "。！!；;" else 0)
            return head + newline + last[:end].rstrip()
    return text

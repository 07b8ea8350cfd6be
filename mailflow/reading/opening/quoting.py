"""Own words: what the sender wrote, without quote, attribution, signature, phone line, banner and disclaimer."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from mailflow.reading.opening.attribution import introduces_a_quote
from mailflow.reading.opening.charsets import fold

_NAME = r"[^\n]{0,120}?"
_DATE = r"[^\n]{4,80}?"
# All patterns are held against folded lines: simplified, half-width, lower case.
# What begins the quoted original: a name for `reasons` and a pattern that a whole line (or two joined) matches.
_BEGINNINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("letter of mailflow itself", r"\s*◆ .{1,80} · .{1,30}\s*"),
        ("original-message line", r"\s*[-_—=]{2,}\s*(原始(?:邮件|信件|信息|讯息|电邮)|邮件原件|(?:回复|回覆|答复)的原?邮件|原邮件|original(?: message| email)?)\s*[-_—=]{2,}\s*"),
        ("forward line", r"\s*[-_—=]{2,}\s*(转发邮件|转发的邮件|转寄邮件|转寄的邮件|forwarded message|转发邮件信息)\s*[-_—=]{2,}\s*"),
        ("attribution in Chinese", rf"\s*(>\s*)?(在|于)?\s*{_DATE},?\s*{_NAME}(<[^<>\n]+@[^<>\n]+>)?\s*(写道|来信写道)\s*:?\s*"),
        ("attribution of Gmail", rf"\s*{_NAME}<[^<>\n]+@[^<>\n]+>\s*于\s*{_DATE}写道\s*:\s*"),
        ("attribution in English", rf"\s*(>\s*)?(on|at)\b{_DATE}\s*{_NAME}\bwrote\s*:\s*"),
        ("line of an original message", r"\s*(?:原始邮件|original message)\s*"),
        ("line of an Outlook reply", r"\s*_{20,}\s*"),
        ("line of an Aliyun reply", r"\s*-{40,}\s*"),
    )
)  # fmt: skip
# Every beginning has one of these; a text without any has no quoted part.
_HINTS = re.compile("|".join((
    "◆", "原始", "原件", "原邮件", "原郵件", "riginal", "RIGINAL", "转发", "转寄", "轉寄", "轉發", "orwarded", "写道", "寫道", "wrote", "----",
    "____", "发件人", "發件人", "寄件", "From", "FROM", "from:", "@", "撰写", "撰寫", "schrieb",
)))  # fmt: skip
_FORWARD = re.compile(
    r"\s*(-{2,}\s*(转发邮件|转发的邮件|转寄邮件|转寄的邮件|forwarded message|转发邮件信息)\s*-{2,}|begin forwarded message:|(?:开始)?(?:转发|转寄)的?邮件:?)\s*"
)
_FIELD = re.compile(
    r"[\s>|*]*(发件人|寄件者|寄件人|from|发送时间|发送日期|发件时间|寄件日期|传送日期|日期|sent|date|时间|收件人|收件者|to|抄送|副本|cc|主\s*题|主\s*旨|subject)"
    r"[*|\s]*[:|][^\n]*"
)
_SENDER_FIELD = re.compile(r"[\s>|*]*(发件人|寄件者|寄件人|from)[*|\s]*[:|]")
_ENTITY_QUOTE = re.compile(r"^(?:\s*&gt;)+", re.MULTILINE)
_PLACEHOLDER = re.compile(r"〔[^〕]*〕")
_SIGNATURE = re.compile(r"(-- |--|—{1,2}|-{3,}|_{3,})\s*")
# NetEase Mail Master draws its signature card with bars.
_CARD = re.compile(r"\s*\|\s*\|?\s*")
_PHONE = re.compile(
    r"\s*(?:(?:发送?自|来自|sent from|get outlook for|获取|取得|从我的)\s*.{0,40}"
    r"(?:iphone|ipad|mac|手机|平板|企业微信|微信|钉钉|飞书|android|安卓|鸿蒙|outlook|windows|邮箱|信箱|邮件|mail|huawei|xiaomi|redmi|vivo|oppo|honor"
    r"|samsung|galaxy|客户端|应用|传送|发送|寄出).{0,60}|从.{1,30}(?:传送|发送|发出|寄出))\s*"
)
_BANNER = re.compile(
    r"\s*[\[【(*]*\s*(注意|警告|提醒|安全提示|外部邮件|caution|warning|external( email)?|\[external\])\s*[\]】)]*\s*:?.*"
    r"(外部|external|outside|organi[sz]ation|链接|链结|连结|附件|发件人|寄件者|links)"
)
_DASHES = frozenset("-—_|")
_OPENERS = frozenset("免保本此TtCcDd")
_EDGES = _DASHES | _OPENERS | {" ", "\t"}
_DISCLAIMER = re.compile(
    r"\s*(免责声明|保密声明|本邮件及其附件|本邮件\(?(?:包括|含)|此邮件及|本电子邮件|本信件|this e-?mail (and|is|may)|"
    r"the information (contained )?in this|confidential(ity)?\b|disclaimer\b)"
)


@dataclass(frozen=True)
class OwnWords:
    """The sender's own words, the rule that found their end, and whether the rest is a forwarded message.

    `above` are those before an unmarked quote, where words that may be his or the other's stand below it.
    """

    text: str
    rule: str
    forwarded: str = ""
    above: str | None = None


def own_words(text: str, quoted: str = "", signers: Collection[str] = ()) -> OwnWords:
    """What the sender wrote himself. `quoted` is what structure has already told apart as the original, `signers`
    are his addresses, which some programs put below his words.

    Answers between and below `>` lines are kept; what stands below an attribution that isn't `>`-quoted isn't.
    """
    if "&gt;" in text:
        # Coremail sometimes writes its quote marks as entities.
        text = _ENTITY_QUOTE.sub(lambda match: match[0].replace("&gt;", ">"), text)
    lines = text.split("\n")
    hinted = _hinted(text)
    forward = next((n for n, line in enumerate(lines) if _FORWARD.fullmatch(fold(line))), None) if hinted else None
    end, rule = _quote_start(lines) if hinted else (len(lines), "")
    forwarded = ""
    if forward is not None and forward <= end:
        forwarded = "\n".join(_without_fields(lines[forward + 1 :]))
        end, rule = forward, "forward line"
    kept = lines[:end]
    below = lines[end:]
    if forward is None and ">" in text and any(line.lstrip().startswith(">") for line in below):
        answers = _beside_quotes(below)
        if answers:
            kept, rule = [*kept, *answers], "answers between quoted lines"
    # Our own letters show how to answer with 〔placeholders〕, and bear this in mind when they come back unquoted.
    if ">" in text or "〔" in text:
        kept = [line for line in kept if not line.lstrip().startswith(">") and not _PLACEHOLDER.search(line)]
    kept = _strip_edges(kept, signers)
    if not rule and quoted:
        rule = "quote container in HTML"
    return OwnWords(_joined(kept), rule or "whole text", forwarded.strip())


_SPACES = re.compile(r"[\s>|*]+")
_ATTRIBUTION_LIKE = re.compile(r".*(?:<[^<>]+@[^<>]+>.*|[:：]\s*$|\d{1,2}[:：]\d{2})")
_SURE_LINES = 2
_SURE_CHARACTERS = 10


def beside_original(words: OwnWords, original: str) -> OwnWords:
    """His words without lines of the very mail that he answers, where no mark tells them apart.

    `original` is that mail's text as it was stored. Two lines at least must be the same, so that a word which both
    use stays his.
    """
    words = _without_rewrapped(words, original)
    theirs = [bare for line in original.split("\n") if (bare := _SPACES.sub("", line))]
    known = set(theirs)
    lines = words.text.split("\n")
    same = [n for n, line in enumerate(lines) if _SPACES.sub("", line) in known]
    if len(same) < min(_SURE_LINES, len(theirs)) or not any(len(_SPACES.sub("", lines[n])) > 3 for n in same):
        return words
    returned = set(same[-len(theirs) :])
    first = _with_attribution(lines, min(returned))
    returned.update(range(first, min(returned)))
    kept = [line for n, line in enumerate(lines) if n not in returned]
    below = any(line.strip() for n, line in enumerate(lines) if n > first and n not in returned)
    above = _joined(lines[:first]) if below else None
    return OwnWords(_joined(kept), "lines of the answered mail", words.forwarded, above)


def _without_rewrapped(words: OwnWords, original: str) -> OwnWords:
    """His words without the last lines that together stand in the original: broken anew, in the other script."""
    whole = _SPACES.sub("", fold(original))
    lines = words.text.split("\n")
    tail, first = "", len(lines)
    for n in range(len(lines) - 1, -1, -1):
        bare = _SPACES.sub("", fold(lines[n]))
        if bare + tail not in whole:
            break
        tail, first = bare + tail, n if bare else first
    if len(tail) < _SURE_CHARACTERS or len(lines) == 1:
        return words
    first = _with_attribution(lines, first)
    return OwnWords(_joined(lines[:first]), "lines of the answered mail, broken anew", words.forwarded)


def _with_attribution(lines: list[str], first: int) -> int:
    """Where a quote begins that has its first line there: with what introduces it, and with empty lines."""
    while first and (not lines[first - 1].strip() or _ATTRIBUTION_LIKE.fullmatch(lines[first - 1])):
        first -= 1
    return first


def _quote_start(lines: list[str]) -> tuple[int, str]:
    """Where the original begins, and by which rule; the end of the text when it doesn't."""
    for n, raw in enumerate(lines):
        after = lines[n + 1] if n + 1 < len(lines) else ""
        if not raw.strip() or not (_hinted(raw) or _hinted(after)):
            continue
        line, following = fold(raw), fold(after)
        pair = line.rstrip() + " " + following.strip()
        for name, pattern in _BEGINNINGS:
            if pattern.fullmatch(line) or ("attribution" in name and pattern.fullmatch(pair)):
                if name.startswith("line of") and not _fields_follow(lines, n + 1):
                    continue
                return n, name
        if introduces_a_quote(line, following):
            return n, "attribution by its parts"
        if _SENDER_FIELD.match(line) and _fields_follow(lines, n):
            return n, "header block"
    return len(lines), ""


def _hinted(line: str) -> bool:
    """Whether a line has anything of what begins a quoted original: the patterns are slow, and most lines have not."""
    return bool(_HINTS.search(line))


def _fields_follow(lines: list[str], start: int) -> bool:
    """Whether at least two header fields (发件人, 发送时间, …) stand in the next few lines."""
    ahead = [line for line in lines[start : start + 8] if line.strip()]
    return sum(bool(_FIELD.match(fold(line))) for line in ahead[:5]) >= 2


def _without_fields(lines: list[str]) -> list[str]:
    rest = list(lines)
    while rest and (not rest[0].strip() or _FIELD.match(fold(rest[0]))):
        rest.pop(0)
    return rest


def _beside_quotes(lines: list[str]) -> list[str]:
    """What was written below or between `>` lines after an attribution."""
    first = next(n for n, line in enumerate(lines) if line.lstrip().startswith(">"))
    if any(line.strip() for line in lines[2:first]):
        return []
    return [line for line in lines[first:] if not line.lstrip().startswith(">") and line.strip()]


def _strip_edges(lines: list[str], signers: Collection[str]) -> list[str]:
    """Without the banner on top and without signature, phone line and disclaimer at the end."""
    lines = list(lines)
    while lines and (not lines[0].strip() or _BANNER.match(fold(lines[0]))):
        lines.pop(0)
    names = {name for signer in signers for name in (signer.lower(), signer.lower().partition("@")[0])}
    for n in [n for n, line in enumerate(lines) if line[:1] in _EDGES]:
        line = lines[n]
        first = line.lstrip()[:1]
        dashes = first in _DASHES and (_SIGNATURE.fullmatch(line + " ") or _CARD.fullmatch(line))
        if dashes and (n or line.strip() in ("--", "| |", "|")) and _looks_signed(lines[n + 1 :]):
            lines = lines[:n]
            break
        if first in _OPENERS and _DISCLAIMER.match(fold(line)):
            lines = lines[:n]
            break
    while lines and _is_tail(lines[-1], names if len(lines) > 1 else set()):
        lines.pop()
    return lines


def _is_tail(line: str, names: Collection[str]) -> bool:
    """Whether a last line is none of his words: empty, a rule, the phone's line, or his own address."""
    bare = line.strip()
    return not bare or bool(_PHONE.fullmatch(fold(line))) or set(bare) <= set("-_—=* |") or bare.lower() in names


def _looks_signed(rest: list[str]) -> bool:
    """Whether what follows a dash line is as short as a signature is."""
    filled = [line for line in rest if line.strip()]
    return len(filled) <= 8 and all(len(line.strip()) <= 60 for line in filled)


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines)
    if " \n" in text or "\t\n" in text or "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join([line.rstrip() for line in lines]))
    return text.strip()

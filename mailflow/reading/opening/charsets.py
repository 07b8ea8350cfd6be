"""Bytes → text, where labels lie: every GB label is read as GB18030, unknown and missing ones are found by trying."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from binascii import Error as Base64Error
from binascii import a2b_qp
from functools import lru_cache

from opencc import OpenCC

_GB = {
    "gb2312",
    "gbk",
    "gb18030",
    "x-gbk",
    "cp936",
    "ms936",
    "euc-cn",
    "euccn",
    "gb_2312-80",
    "csgb2312",
    "chinese",
}
_BIG5 = {"big5", "big5-hkscs", "x-x-big5", "cp950", "big5hkscs", "csbig5"}
# Python's codecs that are no charset of mail, some of them slow on purpose-made bytes.
_NO_CHARSETS = {
    "idna",
    "punycode",
    "unicode_escape",
    "unicode-escape",
    "raw_unicode_escape",
    "raw-unicode-escape",
    "undefined",
}
_TRIED = ("utf-8", "gb18030", "big5hkscs")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\s]*)\?=")
# Half of a surrogate pair, which UTF-7 and others can spell; no store and no letter can hold it.
_LONE_HALF = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")


def _codec(label: str) -> str:
    name = label.strip().strip("\"'").lower().split("*")[0]
    if name in _GB:
        return "gb18030"
    if name in _BIG5:
        return "big5hkscs"
    if name == "hz-gb-2312":
        return "hz"
    return "utf-8" if name in _NO_CHARSETS else name


def decode(raw: bytes, label: str | None = None) -> str:
    """The text of these bytes. The label is believed where the bytes agree, otherwise the usual ones are tried.

    What no charset fits is read as UTF-8 with replacement marks, never an error.
    """
    if raw.isascii() and not (label and _codec(label) in ("hz", "iso-2022-jp", "utf-7", "utf-16")):
        return raw.decode("ascii")
    names = ([_codec(label)] if label else []) + list(_TRIED)
    if label and _codec(label) in ("us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252"):
        names = [*_TRIED[:2], _codec(label)]
    for name in names:
        try:
            text = raw.decode(name)
            return text if name in _TRIED else _LONE_HALF.sub("\ufffd", text)
        except (ValueError, LookupError):
            continue
    return raw.decode("utf-8", errors="replace")


def decode_header(value: str | bytes) -> str:
    """A header's text: encoded words (RFC 2047) joined before they are decoded, raw 8-bit bytes found by trying."""
    if isinstance(value, str):
        if value.isascii() and "=?" not in value and "\n" not in value:
            return value.strip()
        value = value.encode("utf-8", errors="surrogateescape")
    text = value.decode("latin-1") if not value.isascii() and b"=?" in value else decode(value)
    text = re.sub(r"\r?\n[ \t]*", " ", text)
    out: list[str] = []
    pending: bytes = b""
    charset = ""
    end = 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[end : word.start()]
        data = _unpack(word[2], word[3])
        if pending and not between.strip() and word[1].lower() == charset:
            pending += data
        else:
            out.append(decode(pending, charset) if pending else "")
            out.append(between if between.strip() or not end else "")
            pending, charset = data, word[1].lower()
        end = word.end()
    out.append(decode(pending, charset) if pending else "")
    out.append(text[end:])
    return "".join(out).strip()


def _unpack(encoding: str, payload: str) -> bytes:
    raw = payload.encode("latin-1", errors="replace")
    if encoding in "qQ":
        return a2b_qp(raw, header=True)
    try:
        return b64decode(raw + b"=" * (-len(raw) % 4))
    except (Base64Error, ValueError):
        return raw


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def tidy(text: str) -> str:
    """The text without invisible characters, with plain spaces and line ends."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u3000", " ")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def fold(text: str) -> str:
    """The text as rules compare it: half-width, simplified characters, lower case, no invisible characters."""
    text = unicodedata.normalize("NFKC", tidy(text)).lower()
    if text.isascii():
        return text
    folded: str = _simplifier().convert(text)
    return folded


def fold_in_place(text: str) -> str:
    """The text folded character by character, so that every place in it is the same place in the text."""
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=8192)
def _folded_character(character: str) -> str:
    folded = fold(character) if not character.isspace() else character
    return folded if len(folded) == 1 else character

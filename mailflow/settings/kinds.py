"""Kinds: what the values of `mailflow.toml` are made of: languages, zones, addresses, numbers."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailflow.wire import ascii_host, bare_address

LANGUAGES = ("zh-CN", "zh-TW", "en")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone's name such as Asia/Shanghai") from None
    return value


def address(value: str) -> str:
    """The value as an address as we compare and write it; ValueError when it is none.

    What a Chinese input method or a copied cell leaves in it (full-width letters, zero-width characters) is mended, and
    a domain beyond ASCII becomes what is asked for (`xn--`).
    """
    value = plain(value)
    _, found = parseaddr(value)
    host = found.rpartition("@")[2]
    if found != value.strip() or found.count("@") != 1 or not all(found.split("@")) or any(map(str.isspace, found)):
        raise ValueError("an address such as name@example.com")
    if not ascii_host(host):
        raise ValueError(f"an address such as name@example.com; {host!r} is no domain")
    return bare_address(found)


def plain(text: str) -> str:
    """Text in half-width characters, without those that can't be seen."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def _sender(value: str) -> str:
    if not parseaddr(value)[1].count("@") == 1 or "\n" in value or "\r" in value:
        raise ValueError("a sender such as 运营总监 <wang@example.com>")
    return value


Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(address)]
Language = Literal["zh-CN", "zh-TW", "en"]
Security = Literal["tls", "starttls", "none"]
Word = Annotated[str, Field(min_length=1)]
Number = Annotated[Decimal, Field(strict=False)]
Sender = Annotated[str, AfterValidator(_sender)]


class Strict(BaseModel):
    """No unknown keys, no silent conversions from text to numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

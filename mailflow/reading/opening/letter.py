"""MIME: a message's bytes → headers, body text and attachments. The first step of a mail's way through reading.

The compat32 parser is used on purpose: it never raises on malformed input, which the newer policies do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from html import unescape

from mailflow.reading.opening.charsets import decode, decode_header, tidy
from mailflow.reading.opening.markup import to_text
from mailflow.reading.opening.tnef import unwrap
from mailflow.wire import LEFT_OUT, bare_address

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_ENTITY = re.compile(r"&(?:nbsp|lt|gt|amp|quot|#\d{2,5});")
_MAX_PARTS = 200


@dataclass(frozen=True)
class Part:
    """An attached file as it arrived. `inline` pictures that a body shows are not attachments of their own; of one that
    was `left_out` when a large message was fetched there is no content, and this is how many octets it has.
    """

    filename: str
    content_type: str
    content: bytes
    inline: bool = False
    left_out: int = 0


@dataclass(frozen=True)
class Letter:
    """A message, opened. Header values are decoded; `headers` holds all of them by lower-case name, in order."""

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    senders: tuple[tuple[str, str], ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    date: datetime | None
    text: str
    quoted: str
    from_html: bool
    parts: tuple[Part, ...]
    headers: dict[str, tuple[str, ...]] = field(repr=False)

    def header(self, name: str) -> str:
        """The first header of that name, or an empty word."""
        return next(iter(self.headers.get(name.lower(), ())), "")

    @property
    def thread(self) -> tuple[str, ...]:
        """The Message-IDs that it answers, the nearest first."""
        return tuple(dict.fromkeys([*self.in_reply_to, *reversed(self.references)]))


def open_letter(raw: bytes) -> Letter:
    """The message's headers, body and parts. Any bytes give a letter; nothing raises."""
    message = parse(raw)
    headers = _headers(message)

    def first(name: str) -> str:
        return next(iter(headers.get(name, ())), "")

    plain, html, parts = _bodies(message)
    flat = to_text(html) if html else None
    from_html = flat is not None and (not plain.strip() or bool(flat.quoted))
    text, quoted = (_once_more(flat.own), flat.quoted) if from_html and flat else (plain, "")
    return Letter(
        message_id=next(iter(_MESSAGE_ID.findall(first("message-id"))), ""),
        in_reply_to=tuple(_MESSAGE_ID.findall(first("in-reply-to"))),
        references=tuple(_MESSAGE_ID.findall(first("references"))),
        senders=tuple(_addresses(message, "from")),
        to=tuple(address for _, address in _addresses(message, "to")),
        cc=tuple(address for name in ("cc", "bcc") for _, address in _addresses(message, name)),
        subject=tidy(first("subject")).replace("\n", " ").strip(),
        date=_date(first("date")),
        text=tidy(text).strip(),
        quoted=tidy(quoted).strip(),
        from_html=from_html,
        parts=tuple(parts),
        headers=headers,
    )


def _headers(message: Message) -> dict[str, tuple[str, ...]]:
    headers: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        # What a mail server says in its own header is no text of the sender's: encoded words in it stay as they are.
        verbatim = name.lower() == "authentication-results"
        headers.setdefault(name.lower(), []).append(_verbatim(str(value)) if verbatim else decode_header(str(value)))
    return {name: tuple(values) for name, values in headers.items()}


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses in every header of that name."""
    undecoded = [str(value) for key, value in message.raw_items() if key.lower() == name]
    return [
        (decode_header(display), bare_address(address if address.isascii() else decode_header(address)))
        for display, address in (getaddresses(undecoded) if undecoded else ())
        if "@" in address
    ]


def _verbatim(value: str) -> str:
    return value.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _once_more(text: str) -> str:
    """The text with entities that some program wrote twice (`&amp;nbsp;`) made characters as well."""
    return unescape(text) if _ENTITY.search(text) else text


_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def parse(raw: bytes) -> Message:
    """The message as the library has it. Any bytes give one; nothing raises."""
    # The library takes a body apart line by line, which only one of several parts needs.
    if end := _BLANK_LINE.search(raw):
        single = message_from_bytes(raw[: end.end()])
        if not _kind(single).startswith(("multipart/", "message/")) and not single._payload:  # type: ignore[attr-defined]
            single.set_payload(raw[end.end() :].decode("ascii", errors="surrogateescape"))
            return single
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError):
        # Nested past all reason: the headers still tell whose it is, the body is kept as text.
        head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        kept = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"\t", b" "))]
        return message_from_bytes(b"\n".join([*kept, b"Content-Type: text/plain", b"", body[:100_000]]))


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def received_at(letter: Letter) -> datetime | None:
    """The instant in the topmost Received header, else Date: what `explain` uses without an arrival given."""
    for value in letter.headers.get("received", ())[:1]:
        if found := _date(value.rpartition(";")[2].strip()):
            return found
    return letter.date


@dataclass
class _Bodies:
    """What has been found so far of a message: its texts, and the files attached."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def _bodies(message: Message) -> tuple[str, str, list[Part]]:
    """The plain body, the HTML body and the attached files. Alternatives are not added up."""
    found = _Bodies()
    stack = [(message, False)]
    for _ in range(_MAX_PARTS):
        if not stack:
            break
        part, in_alternative = stack.pop(0)
        _mend(part)
        kind = _kind(part)
        payload = part._payload if hasattr(part, "_payload") else None
        if kind.startswith("message/") and isinstance(payload, list) and payload:
            if kind == "message/rfc822":
                found.parts.append(_enclosed(part, payload[0]))
        elif isinstance(payload, list):
            stack = [(child, kind == "multipart/alternative") for child in payload] + stack
        else:
            _leaf(part, kind, found, in_alternative=in_alternative)
    return "\n".join(found.plain), "\n".join(found.html), found.parts


def _enclosed(part: Message, inner: Message) -> Part:
    """A message within the message, as a file."""
    title = re.sub(r'[\\/:*?"<>|\s]+', " ", _raw_header(inner, "subject")).strip()
    return Part(_filename(part) or f"{title or 'message'}.eml", "message/rfc822", _bytes_of(inner))


def _leaf(part: Message, kind: str, into: _Bodies, *, in_alternative: bool) -> None:
    """A part that holds no others: a body's text, or a file."""
    name = _filename(part)
    attached = _disposition(part) == "attachment" or (name and not kind.startswith("text/"))
    if not attached and kind == "text/html":
        into.html.append(_text(part))
    elif not attached and kind.startswith(("text/", "multipart/")) and not name:
        into.plain.append(_text(part))
    elif not in_alternative or attached or name:
        _file(part, kind, name, into)


def _file(part: Message, kind: str, name: str, into: _Bodies) -> None:
    """A file; one that Outlook wrapped (winmail.dat) is opened."""
    content = content_of(part)
    tnef = name.lower() == "winmail.dat" or kind in ("application/ms-tnef", "application/vnd.ms-tnef")
    if tnef and (wrapped := unwrap(content)):
        into.plain.append(wrapped.text)
        into.html.append(wrapped.html)
        into.parts += [Part(title, "application/octet-stream", file) for title, file in wrapped.files]
    elif content or name:
        inline = kind.startswith("image/") and (_disposition(part) == "inline" or "content-id" in part)
        left_out = str(part.get(LEFT_OUT, ""))
        octets = int(left_out) if left_out.isdecimal() and not content else 0
        into.parts.append(Part(name or f"unnamed.{kind.rpartition('/')[2]}", kind, content, inline, octets))


def _raw_header(message: Message, name: str) -> str:
    return next((decode_header(str(value)) for key, value in message.raw_items() if key.lower() == name), "")


def _mend(part: Message) -> None:
    """Raw 8-bit bytes in the headers that name a part, which the library would replace by marks."""
    for name, value in list(part.raw_items()):
        if name.lower() in ("content-type", "content-disposition") and not str(value).isascii():
            part.replace_header(name, decode_header(str(value)))


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except (ValueError, TypeError, IndexError, AttributeError):
        return "text/plain"


def _disposition(part: Message) -> str:
    value = str(part.get("content-disposition", ""))
    return value.split(";")[0].strip().lower()


def content_of(part: Message) -> bytes:
    """A part's content without its transfer encoding; nothing raises."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _bytes_of(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, KeyError, RecursionError):
        return b""


def _param(part: Message, name: str, header: str) -> str:
    try:
        value = part.get_param(name, None, header)
    except (ValueError, IndexError, TypeError):
        return ""
    if value is None:
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        if charset:
            return decode(text.encode("latin-1", errors="replace"), charset)
        return collapse_rfc2231_value(value)
    return decode_header(str(value))


def _filename(part: Message) -> str:
    name = _param(part, "filename", "content-disposition") or _param(part, "name", "content-type")
    return re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/").rpartition("/")[2]).strip()


def _text(part: Message) -> str:
    raw = content_of(part)
    label = _param(part, "charset", "content-type") or None
    text = decode(raw, label)
    if _kind(part) == "text/plain" and _param(part, "format", "content-type").lower() == "flowed":
        return _unflow(text, _param(part, "delsp", "content-type").lower() == "yes")
    return text


def _unflow(text: str, delsp: bool) -> str:
    """format=flowed (RFC 3676): a line that ends with a space goes on in the next, within one quote depth."""
    out: list[str] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body[1:] if body.startswith(" ") else body
        flows = body.endswith(" ") and body != "-- "
        if open_depth == depth:
            out[-1] += body
        else:
            out.append(">" * depth + (" " if depth else "") + body)
        open_depth = depth if flows else -1
        if flows and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)

"""Large messages, fetched without what nobody needs: BODYSTRUCTURE (RFC 3501) → which parts to ask for → a message.

What is left out keeps its headers, its name among them, and says so in a header of ours with its size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mailflow.wire import LEFT_OUT

# Of a body's own text no more than this is read; more is no text that anybody wrote.
_TEXT_OCTETS = 2 * 1024 * 1024
_ALL_OCTETS = 28 * 1024 * 1024
_DEPTH, _PARTS = 20, 200
# A part's file name, its content type and its octets as they lie on the server → whether its content is needed.
Wanted = Callable[[str, str, int], bool]


@dataclass(frozen=True)
class Leaf:
    """A part that holds no others. `section` is its number in FETCH."""

    section: str
    name: str
    kind: str
    octets: int


class Structure:
    """A message's parts as the server describes them; ValueError when they are past all reason."""

    def __init__(self, described: Any, wanted: Wanted) -> None:
        self._root = described
        self._single = not _is_multipart(described)
        self.leaves = [_leaf("1", described)] if self._single else _leaves(described, "", 0)
        if len(self.leaves) > _PARTS:
            raise ValueError("too many parts")
        left = _ALL_OCTETS
        self.left_out: dict[str, int] = {}
        for leaf in self.leaves:
            body = leaf.kind in ("text/plain", "text/html") and not leaf.name
            octets = min(leaf.octets, _TEXT_OCTETS) if body else leaf.octets
            if octets > left or not (body or wanted(leaf.name, leaf.kind, leaf.octets)):
                self.left_out[leaf.section] = leaf.octets
            else:
                left -= octets
        self._cut = {
            leaf.section
            for leaf in self.leaves
            if leaf.section not in self.left_out and leaf.octets > _TEXT_OCTETS and leaf.kind.startswith("text/")
        }

    @property
    def whole(self) -> bool:
        """Whether the message is best fetched as it is."""
        return not self.left_out and not self._cut

    def items(self) -> list[str]:
        """What to ask FETCH for."""
        asked = ["BODY.PEEK[HEADER]"]
        if not self._single:
            asked += [f"BODY.PEEK[{section}.MIME]" for section in _sections(self._root, "")]
        for leaf in self.leaves:
            if leaf.section not in self.left_out:
                part = "TEXT" if self._single else leaf.section
                asked.append(f"BODY.PEEK[{part}]" + (f"<0.{_TEXT_OCTETS}>" if leaf.section in self._cut else ""))
        return asked

    def message(self, answer: Mapping[bytes, Any]) -> bytes:
        """The message, put together from what FETCH answered."""
        found = {key.decode("ascii", "replace").upper().partition("<")[0]: value for key, value in answer.items()
                 if isinstance(key, bytes)}  # fmt: skip
        head = found.get("BODY[HEADER]") or b"\r\n"
        if self._single:
            note = self._note("1") if "1" in self.left_out else b""
            return note + head + (found.get("BODY[TEXT]") or b"")
        return bytes(head + self._body(self._root, "", found))

    def _body(self, node: Any, section: str, found: Mapping[str, bytes]) -> bytes:
        boundary = b"--" + _boundary(node)
        out = []
        for here, child in _children(node, section):
            head = found.get(f"BODY[{here}.MIME]") or b"\r\n"
            inner = self._body(child, here, found) if _is_multipart(child) else found.get(f"BODY[{here}]") or b""
            note = self._note(here) if here in self.left_out else b""
            out.append(boundary + b"\r\n" + note + head + inner + b"\r\n")
        return b"".join(out) + boundary + b"--\r\n"

    def _note(self, section: str) -> bytes:
        return f"{LEFT_OUT}: {self.left_out[section]}\r\n".encode("ascii")


def _is_multipart(node: Any) -> bool:
    return isinstance(node[0], list)


def _children(node: Any, section: str) -> list[tuple[str, Any]]:
    """The parts of a multipart with their numbers in FETCH: 1, 2, 2.1, …"""
    return [(f"{section}.{number}".lstrip("."), child) for number, child in enumerate(node[0], start=1)]


def _sections(node: Any, section: str) -> list[str]:
    found = []
    for here, child in _children(node, section):
        found.append(here)
        if _is_multipart(child):
            found += _sections(child, here)
    return found


def _leaves(node: Any, section: str, depth: int) -> list[Leaf]:
    if depth > _DEPTH:
        raise ValueError("parts within parts past all reason")
    found = []
    for here, child in _children(node, section):
        found += _leaves(child, here, depth + 1) if _is_multipart(child) else [_leaf(here, child)]
    return found


def _leaf(section: str, node: Any) -> Leaf:
    kind = f"{text(node[0])}/{text(node[1])}".lower()
    name = _name(node[2])
    for extra in node[7:]:
        if isinstance(extra, tuple) and len(extra) == 2 and isinstance(extra[1], tuple):
            name = _name(extra[1]) or name
    return Leaf(section, name, kind, int(node[6] or 0))


def _boundary(node: Any) -> bytes:
    for extra in node[2:]:
        if isinstance(extra, tuple):
            for key, value in zip(extra[::2], extra[1::2], strict=False):
                if isinstance(key, bytes) and key.upper() == b"BOUNDARY" and isinstance(value, bytes):
                    return value
    raise ValueError("a multipart without a boundary")


def _name(params: Any) -> str:
    """A file name out of parameters, as they are written: encoded words as they stand, RFC 2231 without its charset."""
    if not isinstance(params, tuple):
        return ""
    pieces = [
        (text(key).lower(), text(value))
        for key, value in zip(params[::2], params[1::2], strict=False)
        if text(key).lower().partition("*")[0] in ("name", "filename")
    ]
    joined = "".join(value for _, value in pieces)
    return unquote(joined.rpartition("''")[2]) if any("*" in key for key, _ in pieces) else joined


def text(value: object) -> str:
    """What the server said, as text."""
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else "" if value is None else str(value)

"""HTML → text with its lines, lists and tables, and with the quoted part marked off by structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SKIP = {"style", "script", "head", "title", "meta", "link", "template", "noscript", "object", "svg"}
_BLOCK = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul", "tbody", "thead",
}  # fmt: skip
Marks = Mapping[str, tuple[tuple[str, str], ...]]
Attributes = Mapping[str, str | None]
# What mail programs wrap the quoted original in: by tag, the attribute and a word that stands in its value.
_QUOTES: Marks = {
    "div": (
        ("class", "gmail_quote"),
        ("class", "ntes-mailmaster-quote"),
        ("id", "isreplycontent"),
        ("id", "divrplyfwdmsg"),
        ("id", "appendonsend"),
        ("class", "moz-cite-prefix"),
        ("class", "gmail_attr"),
        ("class", "yahoo_quoted"),
        ("class", "alimail-quote"),
        ("id", "qm_original"),
    ),
    "blockquote": (
        ("type", "cite"),
        ("class", "gmail_quote"),
        ("id", "isreplycontent"),
        ("name", "replycontent"),
        ("class", "iosymail"),
    ),
    "includetail": (("", ""),),
}
_SIGNATURES: Marks = {
    "div": (
        ("class", "gmail_signature"),
        ("class", "moz-signature"),
        ("class", "ntes-mailmaster-signature"),
        ("id", "ntes-pcmac-signature"),
        ("id", "ntes-pcmail-signature"),
        ("class", "foxmail_sign"),
        ("id", "signature"),
    ),
    "pre": (("class", "moz-signature"),),
    "sign": (("", ""),),
}


@dataclass(frozen=True)
class Flat:
    """The text of an HTML body: what stands outside quote containers, and what stands within."""

    own: str
    quoted: str


def to_text(html: str) -> Flat:
    """The text of an HTML body, a table row a line with its cells apart by tabs. Never raises on any input."""
    tree = LexborHTMLParser(html or "<p></p>")
    out = _Writer()
    if tree.body is not None:
        _walk(tree.body, out)
    return Flat(out.text(out.own), out.text(out.quoted))


class _Writer:
    """Two growing texts; `into` is the one being written."""

    def __init__(self) -> None:
        self.own: list[str] = []
        self.quoted: list[str] = []
        self.into = self.own

    def add(self, text: str) -> None:
        self.into.append(text)

    def line(self) -> None:
        if self.into and not self.into[-1].endswith("\n"):
            self.into.append("\n")

    @staticmethod
    def text(parts: list[str]) -> str:
        lines = [line.strip(" ") for line in "".join(parts).split("\n")]
        kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
        return "\n".join(kept).strip()


def _walk(root: LexborNode, out: _Writer) -> None:
    """Depth first without recursion: mail nests deeper than Python's stack."""
    stack: list[tuple[LexborNode | None, str]] = [(root, "open")]
    while stack:
        node, step = stack.pop()
        if node is None or step == "leave quote":
            out.line()
            out.into = out.own
            continue
        tag = node.tag or ""
        if step == "close":
            if tag in ("td", "th"):
                out.add("\t")
            elif tag in _BLOCK:
                out.line()
            continue
        if tag == "-text":
            raw = node.text_content or ""
            folded = " ".join(raw.split())
            lead = " " if raw[:1].isspace() and folded else ""
            tail = " " if raw[-1:].isspace() and folded else ""
            out.add(lead + folded + tail)
            continue
        attributes = node.attributes
        if tag in _SKIP or _hidden(attributes) or _is(tag, attributes, _SIGNATURES):
            continue
        if tag == "br":
            out.add("\n")
            continue
        if tag in _BLOCK:
            out.line()
        if tag == "li":
            out.add("• " if (node.parent and node.parent.tag == "ul") else f"{_position(node)}. ")
        if out.into is out.own and _is(tag, attributes, _QUOTES):
            out.into = out.quoted
            stack.append((node, "leave quote"))
        stack.append((node, "close"))
        child = node.last_child
        while child is not None:
            stack.append((child, "open"))
            child = child.prev


def _position(node: LexborNode) -> int:
    count = 1
    sibling = node.prev
    while sibling is not None:
        count += sibling.tag == "li"
        sibling = sibling.prev
    return count


def _is(tag: str, attributes: Attributes, table: Marks) -> bool:
    """Whether an element is one of those in the table, by its tag and a word in one of its attributes."""
    for attribute, word in table.get(tag, ()):
        if not attribute:
            return True
        value = (attributes.get(attribute) or "").lower()
        if word == value or word in value.split():
            return True
    return False


def _hidden(attributes: Attributes) -> bool:
    if not attributes:
        return False
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "mso-hide:all" in style or "hidden" in attributes

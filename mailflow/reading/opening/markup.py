"""HTML → text with its lines, lists and tables, and with the quoted part marked off by structure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

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


# What stands in the source of an element that may be hidden, a signature or a quote, and how to select it. Most
# bodies have few of these words, and selecting is the dear part.
_MARKED = (
    ("hidden", "[hidden]"),
    ("display", "[style*='display' i]"),
    ("mso-hide", "[style*='mso-hide' i]"),
    *(
        (word or tag, f"{tag}[{name}]" if name else tag)
        for table in (_QUOTES, _SIGNATURES)
        for tag, marks in table.items()
        for name, word in marks
    ),
)


def to_text(html: str) -> Flat:
    """The text of an HTML body, a table row a line with its cells apart by tabs. Never raises on any input."""
    tree = LexborHTMLParser(html or "<p></p>")
    out = _Writer()
    if tree.body is not None:
        out.walk(tree.body, _roles(tree, html.lower()))
    return Flat(_settled(out.own), _settled(out.quoted))


class _Role(Enum):
    """What an element is apart from its text."""

    LEFT_OUT = auto()
    QUOTE = auto()


def _roles(tree: LexborHTMLParser, source: str) -> dict[int, _Role]:
    """The elements that are not the sender's text, by their place in memory."""
    roles: dict[int, _Role] = {}
    selectors = {selector for word, selector in _MARKED if word in source}
    for node in tree.css(",".join(selectors)) if selectors else ():
        tag, attributes = node.tag or "", node.attributes
        if _hidden(attributes) or _is(tag, attributes, _SIGNATURES):
            roles[node.mem_id] = _Role.LEFT_OUT
        elif _is(tag, attributes, _QUOTES):
            roles[node.mem_id] = _Role.QUOTE
    return roles


def _settled(parts: list[str]) -> str:
    """The pieces as text: lines without blanks at their ends, never two empty ones together."""
    text = "".join(parts)
    if " \n" in text or "\n " in text:
        text = re.sub(r" *\n *", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Writer:
    """Two growing texts; `into` is the one being written, `quote` the container that is being left out."""

    def __init__(self) -> None:
        self.own: list[str] = []
        self.quoted: list[str] = []
        self.into = self.own
        self.quote = 0

    def line(self) -> None:
        """Begin a new line, unless one has just begun."""
        if self.into and not self.into[-1].endswith("\n"):
            self.into.append("\n")

    def walk(self, root: LexborNode, roles: dict[int, _Role]) -> None:
        """Depth first without recursion: mail nests deeper than Python's stack."""
        node: LexborNode | None = root
        while node is not None:
            node = self._entered(node, roles) or self._left(node, root.mem_id)

    def _entered(self, node: LexborNode, roles: dict[int, _Role]) -> LexborNode | None:
        """Write a node, and give the first one in it that is to be walked."""
        tag = node.tag or ""
        if tag == "-text":
            self.into.append(_one_line(node.text_content or ""))
        elif tag == "br":
            self.into.append("\n")
        elif tag not in _SKIP and not (roles and roles.get(node.mem_id) is _Role.LEFT_OUT):
            self.opened(node, tag, roles)
            inner = node.first_child
            if inner is not None and inner.tag == "-text" and inner.next is None:
                # Most elements hold one text and nothing else.
                self.into.append(_one_line(inner.text_content or ""))
                inner = None
            if inner is not None:
                return inner
            self.closed(node, tag)
        return None

    def _left(self, node: LexborNode, top: int) -> LexborNode | None:
        """The node after this one, with every element that ends before it closed; None at the end of all."""
        here: LexborNode | None = node
        while here is not None and here.mem_id != top:
            if (following := here.next) is not None:
                return following
            here = here.parent
            if here is not None:
                self.closed(here, here.tag or "")
        return None

    def opened(self, node: LexborNode, tag: str, roles: dict[int, _Role]) -> None:
        """What an element begins with."""
        if tag in _BLOCK:
            self.line()
        if tag == "li":
            self.into.append("• " if (node.parent and node.parent.tag == "ul") else f"{_position(node)}. ")
        if roles and not self.quote and roles.get(node.mem_id) is _Role.QUOTE:
            self.into, self.quote = self.quoted, node.mem_id

    def closed(self, node: LexborNode, tag: str) -> None:
        """What an element ends with."""
        if tag in ("td", "th"):
            self.into.append("\t")
        elif tag in _BLOCK:
            self.line()
        if self.quote and node.mem_id == self.quote:
            self.line()
            self.into, self.quote = self.own, 0


def _one_line(raw: str) -> str:
    """Text as a browser shows it: each run of white space is one blank."""
    folded = " ".join(raw.split())
    if not folded:
        return ""
    return (" " if raw[0].isspace() else "") + folded + (" " if raw[-1].isspace() else "")


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

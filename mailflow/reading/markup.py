"""HTML → text with its lines, lists and tables, and with the quoted part marked off by structure."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SKIP = {"style", "script", "head", "title", "meta", "link", "template", "noscript", "object", "svg"}
_BLOCK = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul", "tbody", "thead",
}  # fmt: skip
# What mail programs wrap the quoted original in: tag, attribute, and a word that stands in its value.
_QUOTES = (
    ("div", "class", "gmail_quote"),
    ("blockquote", "type", "cite"),
    ("blockquote", "class", "gmail_quote"),
    ("div", "class", "ntes-mailmaster-quote"),
    ("blockquote", "id", "isreplycontent"),
    ("div", "id", "isreplycontent"),
    ("blockquote", "name", "replycontent"),
    ("includetail", "", ""),
    ("div", "id", "divrplyfwdmsg"),
    ("div", "id", "appendonsend"),
    ("div", "class", "moz-cite-prefix"),
    ("div", "class", "gmail_attr"),
    ("div", "class", "yahoo_quoted"),
    ("div", "class", "alimail-quote"),
    ("blockquote", "class", "iosymail"),
    ("div", "id", "qm_original"),
)
_SIGNATURES = (
    ("div", "class", "gmail_signature"),
    ("div", "class", "moz-signature"),
    ("pre", "class", "moz-signature"),
    ("div", "class", "ntes-mailmaster-signature"),
    ("div", "id", "ntes-pcmac-signature"),
    ("div", "id", "ntes-pcmail-signature"),
    ("sign", "", ""),
    ("div", "class", "foxmail_sign"),
    ("div", "id", "signature"),
)
_FORWARDS = ("forward", "转发", "轉寄")


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
        if tag in _SKIP or _hidden(node) or _is(node, _SIGNATURES):
            continue
        if tag == "br":
            out.add("\n")
            continue
        if tag in _BLOCK:
            out.line()
        if tag == "li":
            out.add("• " if (node.parent and node.parent.tag == "ul") else f"{_position(node)}. ")
        if out.into is out.own and _is(node, _QUOTES):
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


def _is(node: LexborNode, table: tuple[tuple[str, str, str], ...]) -> bool:
    tag = node.tag
    for wanted, attribute, word in table:
        if tag != wanted:
            continue
        if not attribute:
            return True
        value = (node.attributes.get(attribute) or "").lower()
        if word in value.split() or value == word:
            return True
    return False


def _hidden(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "mso-hide:all" in style or "hidden" in node.attributes

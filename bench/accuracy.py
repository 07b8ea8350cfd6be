"""`python -m bench.accuracy`: how much of the corpus is understood, beside two public libraries on the same replies.

Own words of the answers that are plain text are compared with mail-parser-reply and email-reply-parser; duty, period
and verdict have no peer. An act is wrong where a verdict acts and he meant something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from email_reply_parser import EmailReplyParser
from mailparser_reply import EmailReplyParser as MailParserReply

from mailflow.reading import open_letter
from tests.mail.corpus import found_in

CORPUS = Path(__file__).resolve().parents[1] / "tests/mail"
_ACTS = ("approve", "revise", "score")


def _row(what: str, right: int, of: int) -> None:
    print(f"{what:58} {right:5d} of {of:5d}  {right / of:7.1%}")


def _cases() -> list[tuple[bytes, dict[str, Any]]]:
    files = sorted(CORPUS.glob("*/*.eml"))
    return [(p.read_bytes(), json.loads(p.with_suffix(".json").read_text(encoding="utf-8"))) for p in files]


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def main() -> None:
    """Print the table."""
    cases = _cases()
    found = [(found_in(raw, case["given"]), case["expected"], raw) for raw, case in cases]
    words = [(f, e, raw) for f, e, raw in found if "new_text" in e]
    _row("own words exact", sum(f["new_text"] == e["new_text"] for f, e, _ in words), len(words))
    duties = [(f, e) for f, e, _ in found if "duties" in e]
    _row("duty and period right", sum(f["duties"] == e["duties"] for f, e in duties), len(duties))
    answers = [(f, e, raw) for f, e, raw in found if "rulings" in e]

    def verdicts(side: dict[str, Any]) -> dict[str, tuple[str, Any]]:
        acting = {d: (r["verdict"], r["score"]) for d, r in side["rulings"].items()}
        return {d: (v, s if v == "score" else None) for d, (v, s) in acting.items()}

    _row("verdicts right", sum(verdicts(f) == verdicts(e) for f, e, _ in answers), len(answers))
    wrong = sum(
        ruling[0] in _ACTS and verdicts(e).get(duty) != ruling
        for f, e, _ in answers
        for duty, ruling in verdicts(f).items()
    )
    print(f"{'acts wrong':58} {wrong:5d}")
    print("\nown words of the plain-text answers, white space aside:")
    plain = [(open_letter(raw).text, e["new_text"], f["new_text"]) for f, e, raw in answers if b"text/plain" in raw]
    _row("  mailflow", sum(_same(ours, wanted) for _, wanted, ours in plain), len(plain))
    languages = ["en", "zh"]
    peers: dict[str, Callable[[str], str]] = {
        "  mail-parser-reply": lambda text: MailParserReply(languages=languages).parse_reply(text) or "",
        "  email-reply-parser": EmailReplyParser.parse_reply,
    }
    for name, parse in peers.items():
        _row(name, sum(_same(parse(text), wanted) for text, wanted, _ in plain), len(plain))


main()

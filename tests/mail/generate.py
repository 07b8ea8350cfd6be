"""Writes the corpus from its tables: `python -m tests.mail.generate`. Each .eml beside the JSON of what it says."""

from __future__ import annotations

import base64
import json
import quopri
import shutil
from collections.abc import Mapping
from email.header import Header
from pathlib import Path
from typing import Any

from opencc import OpenCC

from tests.mail import traps
from tests.mail.answers import BOTH, PLAN, SUMMARY
from tests.mail.shapes import SHAPES, Shape, bare, bottom
from tests.mail.submissions import ROWS
from tests.office import at

HERE = Path(__file__).parent
_CTE = {"base64": lambda raw: base64.encodebytes(raw), "quoted-printable": lambda raw: quopri.encodestring(raw)}


def _header(name: str, value: str, charset: str) -> bytes:
    encoded = value if value.isascii() else Header(value, charset, header_name=name).encode()
    return f"{name}: {encoded}".encode()


def encode(shape: Shape, head: Mapping[str, str], attachments: list[str]) -> bytes:
    """The message's bytes, in the charset and transfer encoding of the program."""
    text, html, charset, cte = shape
    codec = "gb18030" if charset.startswith("gb") else charset
    words = "gb18030" if charset.startswith("gb") else "utf-8"
    lines = [_header(name, value, words) for name, value in head.items()]

    def part(kind: str, body: str) -> bytes:
        raw = body.encode(codec)
        payload = _CTE[cte](raw) if cte in _CTE else raw
        return f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {cte}\n\n".encode() + payload

    body = part("text/html", html) if html else part("text/plain", text)
    if attachments:
        parts = [body, *(_attachment(name) for name in attachments)]
        joined = b"".join(b"--x\n" + p + b"\n" for p in parts)
        body = b'Content-Type: multipart/mixed; boundary="x"\n\n' + joined + b"--x--\n"
    return b"\n".join([*lines, b"MIME-Version: 1.0", body])


def _attachment(name: str) -> bytes:
    shown = Header(name, "utf-8").encode()
    content = base64.encodebytes("1. 回访客户\n2. 台账\n".encode("gb18030"))
    kind = "text/plain" if name.endswith(".txt") else "application/octet-stream"
    head = f'Content-Type: {kind}; name="{shown}"\nContent-Disposition: attachment; filename="{shown}"\n'
    return (head + "Content-Transfer-Encoding: base64\n\n").encode() + content


def _write(topic: str, name: str, raw: bytes, given: Mapping[str, str], expected: Mapping[str, Any]) -> None:
    folder = HERE / topic
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(raw)
    text = json.dumps({"given": given, "expected": expected}, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _head(sender: str, to: str, subject: str, number: str, arrived: str, *, reply: bool = False) -> dict[str, str]:
    head = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": at(arrived).strftime("%a, %d %b %Y %H:%M:%S %z"),
        "Message-ID": f"<{number}@example.com>",
    }
    if reply:
        head["In-Reply-To"] = head["References"] = "<the-original@example.com>"
    return head


def _answers() -> None:
    """Each answer in the shape of a mail program, round and round."""
    kinds: list[tuple[str, str, str, dict[str, Any]]] = []
    for words, verdict, comment in PLAN:
        kinds.append(("plan", "周工作计划", words, {"weekly-plan": (verdict, None, comment)}))
    for words, verdict, score, comment in SUMMARY:
        kinds.append(("summary", "周工作总结", words, {"weekly-summary": (verdict, score, comment)}))
    for words, rulings in BOTH:
        names = {"p": "weekly-plan", "s": "weekly-summary"}
        kinds.append(("both", "周报", words, {names[k]: (v, s, None) for k, (v, s) in rulings.items()}))
    for number, (kind, subject, words, rulings) in enumerate(kinds, start=1):
        shape = SHAPES[number % len(SHAPES)]
        # A shape whose charset lacks the words' characters writes them as UTF-8 programs do.
        if shape is bottom and words.startswith(("收到", "已阅")):
            shape = bare
        name = f"{kind}-{number:03d}-{shape.__name__}"
        raw = encode(
            shape(words, subject),
            _head("wang@example.com", "zhangsan@example.com", f"回复：{subject}", name, "11-22 10:00", reply=True),
            [],
        )
        given = {"folder": "sent", "received": at("11-22 10:00").isoformat()}
        decided = {
            duty: {"verdict": verdict, "score": score, **({"comment": comment} if comment is not None else {})}
            for duty, (verdict, score, comment) in rulings.items()
            if verdict != "none"
        }
        _write("answers", name, raw, given, {"person": "wang", "new_text": words, "rulings": decided})


def _traditional_answers() -> None:
    """Each shape once more for a plan and once for a summary, all of it in Traditional characters."""
    to_traditional = OpenCC("s2t").convert
    plans = [row for row in PLAN if not row[0].isascii()]
    summaries = [row for row in SUMMARY if not row[0].isascii()]
    for number, shape in enumerate(SHAPES):
        words, verdict, comment = plans[(number * 7) % len(plans)]
        _traditional(
            f"plan-{number + 1:02d}",
            shape,
            "周工作计划",
            words,
            "weekly-plan",
            (verdict, None, comment),
            to_traditional,
        )
        words, verdict, score, comment = summaries[(number * 5) % len(summaries)]
        _traditional(
            f"summary-{number + 1:02d}",
            shape,
            "周工作总结",
            words,
            "weekly-summary",
            (verdict, score, comment),
            to_traditional,
        )


def _traditional(
    name: str,
    shape: Any,
    subject: str,
    simplified: str,
    duty: str,
    ruling: tuple[str, float | None, str | None],
    convert: Any,
) -> None:
    words = convert(simplified)
    if shape is bottom and words.startswith(("收到", "已閱")):
        shape = bare
    text, html, charset, cte = shape(words, convert(subject))
    head = _head(
        "wang@example.com",
        "zhangsan@example.com",
        f"回覆：{convert(subject)}",
        f"hant-{name}",
        "11-22 10:00",
        reply=True,
    )
    verdict, score, comment = ruling
    decided = {"verdict": verdict, "score": score, **({"comment": convert(comment)} if comment is not None else {})}
    rulings = {duty: decided} if verdict != "none" else {}
    given = {"folder": "sent", "received": at("11-22 10:00").isoformat()}
    expected = {"person": "wang", "new_text": words, "rulings": rulings}
    raw = encode((convert(text), convert(html), charset, cte), head, [])
    _write("answers", f"hant-{name}-{shape.__name__}", raw, given, expected)


def _submissions() -> None:
    for number, (subject, arrived, names, body, duties) in enumerate(ROWS, start=1):
        charset = ("utf-8", "gb2312", "gbk")[number % 3]
        cte = ("base64", "8bit", "quoted-printable")[number % 3 if number % 2 else 0]
        name = f"{number:03d}"
        head = _head("zhangsan@example.com", "wang@example.com", subject, f"submission-{name}", arrived)
        raw = encode((body, "", charset, cte), head, names)
        given = {"folder": "inbox", "received": at(arrived).isoformat()}
        disposition = "submission" if duties else "other"
        expected = {"person": "zhangsan", "disposition": disposition, "duties": duties, "new_text": body}
        _write("submissions", name, raw, given, expected)


def main() -> None:
    """Write all files anew."""
    for topic in ("answers", "submissions", "traps"):
        shutil.rmtree(HERE / topic, ignore_errors=True)
    _answers()
    _traditional_answers()
    _submissions()
    for name, raw, given, expected in traps.rows():
        _write("traps", name, raw, given, expected)
    count = len(list(HERE.glob("*/*.eml")))
    print(f"{count} messages")


if __name__ == "__main__":
    main()

"""`make accuracy`, the third part: what strangers' staff mail is booked as, a row a hand.

Each hand is read by tables that were learned from the other hands. A mail is right where duties and weeks are an
accepted reading; false where something is booked that no accepted reading has; missed where nothing is booked although
something is meant.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from pathlib import PurePath
from typing import Any

from bench.train import OWN, SEALED, hands, rows_of, trained
from mailflow import reading
from mailflow.reading import Context, Disposition, learned
from mailflow.wire import Folder
from tests.mail.corpus import OFFICE


def _mail(row: dict[str, Any]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "张三 <zhangsan@example.com>", "wang@example.com"
    mail["Subject"] = row["subject"]
    mail["Message-ID"] = f"<{row['writer']}.{row['id']}@example.com>"
    if row["reply"]:
        mail["In-Reply-To"] = "<earlier@example.com>"
    mail.set_content(row["body"])
    if row["attachment"]:
        # Its text as a plain file: opening documents is measured elsewhere.
        content, name = (row["content"] or "附件").encode(), f"{PurePath(row['attachment']).stem}.txt"
        mail.add_attachment(content, maintype="text", subtype="plain", filename=name)
    return mail.as_bytes()


def booked(row: dict[str, Any]) -> dict[str, str]:
    """The duties and weeks that a mail of the corpus is booked as."""
    arrived = datetime.fromisoformat(row["received"])
    found = reading.read(reading.open_letter(_mail(row)), arrived, Folder.INBOX, OFFICE, Context())
    if found.disposition is not Disposition.SUBMISSION or found.empty:
        return {}
    return {purpose.duty.id: purpose.period.label for purpose in found.purposes}


def counted(rows: Iterable[dict[str, Any]], show: bool = False) -> Counter[str]:
    """What reading these mails comes to."""
    counts: Counter[str] = Counter()
    for row in rows:
        found, gold = booked(row), row["gold"]
        accepted = {item for reading_ in gold for item in reading_.items()}
        outcome = (
            "right" if found in gold
            else "false" if set(found.items()) - accepted
            else "missed" if not found
            else "half"
        )  # fmt: skip
        counts["mails"] += 1
        counts[outcome] += 1
        if show and outcome != "right":
            print(
                f"{outcome:7}{row['writer']}{row['id']:4} {row['kind']:16} {row['received'][:10]} "
                f"{row['subject']!r} {row['attachment']!r} {row['body'][:70]!r}\n     {found} wanted {gold[0]}"
            )
    return counts


def _print(name: str, counts: Counter[str]) -> None:
    shares = " ".join(f"{counts[what] / counts['mails']:7.1%}" for what in ("right", "false", "missed", "half"))
    print(f"{name:14} {counts['mails']:7d} {shares}")


def main() -> None:
    """Print the table; the mails that were read otherwise for `-v`."""
    print("\nstaff mail of strangers:")
    print(f"{'hand':14} {'mails':>7}   right   false  missed    half")
    total: Counter[str] = Counter()
    for hand in hands():
        if hand == OWN or not rows_of(hand, "submissions"):
            continue
        with learned.using(trained([other for other in hands() if other != hand])):
            counts = counted(rows_of(hand, "submissions"), show="-v" in sys.argv)
        total += counts
        _print(hand, counts)
    _print("all", total)
    sealed: Counter[str] = Counter()
    for hand in SEALED:
        sealed += counted(rows_of(hand, "submissions"))
    _print("sealed", sealed)


if __name__ == "__main__":
    main()

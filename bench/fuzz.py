"""`python -m bench.fuzz [SECONDS]`: mangled messages of the corpus for ten minutes; each must be read, and in time.

A message that raises or takes over two seconds is written to `tests/mail/findings/`, to become a file of the corpus.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from pathlib import Path

from tests.mail.corpus import found_in

CORPUS = Path(__file__).resolve().parents[1] / "tests/mail"
_SLOW = 2.0
_BITS = (
    b"\n",
    b"\r\n",
    b"=?",
    b"?=",
    b"--x",
    b"Content-Type: ",
    b"; charset=",
    b"\xff",
    b"\x00",
    b"<div>",
    b">",
    "同意".encode(),
)


def mangle(raw: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """The message with a few accidents: bytes lost, doubled, exchanged, put in, or taken from another one."""
    data = bytearray(raw)
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.randrange(1, 200))
        match dice.randrange(5):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = data[at:end] * dice.randrange(1, 5)
            case 2 if data:
                data[at % len(data)] = dice.randrange(256)
            case 3:
                data[at:at] = dice.choice(_BITS) * dice.randrange(1, 20)
            case _:
                other = dice.choice(others)
                start = dice.randrange(len(other) + 1)
                data[at:at] = other[start : start + dice.randrange(1, 500)]
    return bytes(data)


def main() -> None:
    """Mangle until the time is up; 1 when anything was found."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    # Attachments start a process each: the fuzzing is of what we wrote ourselves.
    files = [p.read_bytes() for p in sorted(CORPUS.glob("*/*.eml")) if not p.name.startswith(("attached", "name"))]
    dice = random.Random(int(time.time()))
    end, tried, found = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        raw = mangle(dice.choice(files), files, dice)
        tried += 1
        begun = time.monotonic()
        trouble = ""
        for folder in ("inbox", "sent"):
            try:
                found_in(raw, {"folder": folder, "received": "2026-11-20T16:00:00+08:00"})
            except Exception as fault:  # noqa: BLE001 - what fuzzing is for
                trouble = repr(fault)
        if time.monotonic() - begun > _SLOW:
            trouble = trouble or f"took {time.monotonic() - begun:.1f} s"
        if trouble:
            found += 1
            folder_ = CORPUS / "findings"
            folder_.mkdir(exist_ok=True)
            (folder_ / f"{hashlib.sha256(raw).hexdigest()[:12]}.eml").write_bytes(raw)
            print(trouble)
    print(f"{tried} messages, {found} findings")
    sys.exit(bool(found))


main()

"""The process that opens one document: bytes on standard input, text on standard output, then it ends.

Run as `python -m mailflow.reading.extractor MIME-TYPE`. Memory and time are bounded before the file is opened.
"""

from __future__ import annotations

import contextlib
import sys

_MEMORY = 2 * 1024**3
_CPU_SECONDS = 25


def _bound() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Extract; 1 with the reason on standard error when the document can't be read."""
    _bound()
    from kreuzberg import KreuzbergError, extract_bytes_sync

    try:
        result = extract_bytes_sync(sys.stdin.buffer.read(), sys.argv[1])
    except (KreuzbergError, ValueError, OSError, MemoryError) as fault:
        encrypted = "password" in str(fault).lower() or "encrypt" in str(fault).lower()
        sys.stderr.write("encrypted" if encrypted else "damaged or not what its name says")
        return 1
    sys.stdout.buffer.write(result.content.encode("utf-8", errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Whether the mail server vouches for the sender: Authentication-Results of a configured authserv-id (RFC 8601).

The header is read by its grammar and no other way. Within it stand words of the sender's own choice (smtp.mailfrom,
helo), and a reader that skips what it can't make out skips the server's verdict with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from mailflow.reading.opening.letter import Letter
from mailflow.wire import ascii_host


class Vouched(StrEnum):
    """What the trusted server says of DMARC. `neither`: it checked and proves nothing; `unreadable`: it says what
    nobody can read; `unsaid`: it says nothing, or no server is trusted."""

    PASSED = "passed"
    FAILED = "failed"
    NEITHER = "neither"
    UNREADABLE = "unreadable"
    UNSAID = "unsaid"


@dataclass(frozen=True)
class Result:
    """One result: the method, what it came to, and the hosts for which it says so by property, all lower-case."""

    method: str
    result: str
    hosts: tuple[tuple[str, str], ...]

    def names(self, domain: str) -> bool | None:
        """Whether it is about this very domain, None where it doesn't say: a pass of another domain, such as the
        attacker's own, says nothing of this sender."""
        wanted = _IDENTITIES.get(self.method, ())
        named = [host for name, host in self.hosts if name in wanted]
        return all(host == domain for host in named) if named else None


# Which property of a method says for whom it passed (RFC 8601, section 2.7).
_IDENTITIES = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
_WORDS = frozenset(
    ("pass", "fail", "none", "neutral", "softfail", "hardfail", "policy", "temperror", "permerror", "bestguesspass")
)
_NAME = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_VALUE = r'(?:"[^"]*"(?:@[^\s;()"]+)?|[^\s;()"]+)'
# Microsoft writes `action=` and `reason=` without the kind of property that the grammar asks for.
_RESULT = re.compile(
    rf"(?P<method>{_NAME})(?:\s*/\s*\d+)?\s*=\s*(?P<result>[a-z]+)"
    rf"(?P<more>(?:\s+(?:reason|action|{_NAME}\s*\.\s*{_NAME})\s*=\s*{_VALUE})*)"
)
_PROPERTY = re.compile(rf"(?P<name>{_NAME}\s*\.\s*{_NAME})\s*=\s*(?P<value>{_VALUE})")
# A sender may have written anything into his part of the header. What is put in the place of what isn't ASCII has no
# character that parts one result from the next.
_BEYOND_ASCII = re.compile(r"[^\s;=()\"@]*[^\x00-\x7f][^\s;=()\"@]*")


def vouched(letter: Letter, trusted: Collection[str]) -> Vouched:
    """What the topmost Authentication-Results of a trusted authserv-id says of the domain in From.

    DMARC decides where the server checked it; else a signature (DKIM) or a sending host (SPF) that passed for that very
    domain. Whatever stands below may be the sender's own work: a header of the server's that can't be understood
    is no pass, and what lies beneath it isn't looked at.
    """
    for value in letter.headers.get("authentication-results", ()) if trusted else ():
        said = re.sub(r"[\r\n\t]+", " ", value).strip().lower()
        server = re.split(r"[\s;(/]", said, maxsplit=1)[0]
        if server not in trusted:
            if not server or server.strip('"') in trusted or _hides(said, trusted):
                return Vouched.UNREADABLE
            continue
        results = parsed(said)
        if results is None:
            return Vouched.UNREADABLE
        return _judged(results, ascii_host(letter.senders[0][1].rpartition("@")[2]) if letter.senders else "")
    return Vouched.UNSAID


def _hides(said: str, trusted: Collection[str]) -> bool:
    """Whether a header whose first word isn't a server's name can still be a trusted one's."""
    first = said.partition(";")[0]
    return "(" in first and any(name in first for name in trusted)


def _judged(results: Collection[Result], domain: str) -> Vouched:
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.result == "fail" for result in dmarc):
        return Vouched.FAILED
    if dmarc:
        passed = all(result.result == "pass" and result.names(domain) in (True, None) for result in dmarc)
    else:
        passed = any(result.result == "pass" and result.names(domain) for result in results)
    return Vouched.PASSED if passed else Vouched.NEITHER


def parsed(said: str) -> list[Result] | None:
    """The results of a header in lower case; None where it doesn't follow the grammar from its first letter to its
    last."""
    flat = "".join(_without_comments(_BEYOND_ASCII.sub(_put_aside, said)))
    if "\0" in flat:
        return None
    _, *segments = _segments(flat)
    if [segment.strip() for segment in segments] == ["none"]:
        return []
    results = []
    for segment in segments:
        found = _RESULT.fullmatch(segment.strip())
        if found is None or found["result"] not in _WORDS:
            if segment.strip():
                return None
            continue
        hosts = tuple(
            (re.sub(r"\s", "", one["name"]), ascii_host(one["value"].strip('"<>').rpartition("@")[2]))
            for one in _PROPERTY.finditer(found["more"])
        )
        results.append(Result(found["method"], found["result"], hosts))
    return results or None


def _put_aside(word: re.Match[str]) -> str:
    return ascii_host(word[0]) or "x" * len(word[0])


def _without_comments(said: str) -> Iterator[str]:
    """The header's characters without comments, which may be nested; a NUL where one, or a string, never ends."""
    depth, quoted, escaped = 0, False, False
    for character in said:
        if escaped:
            escaped = False
            continue
        if character == "\\" and (quoted or depth):
            escaped = True
            continue
        if character == '"' and not depth:
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
            yield " " if depth >= 0 else "\0"
            continue
        if not depth:
            yield character
    if depth or quoted:
        yield "\0"


def _segments(flat: str) -> list[str]:
    """The parts between semicolons that stand in no string."""
    return [part.group() for part in re.finditer(r'(?:"[^"]*"|[^";])+|(?<=;)(?=;|$)', flat)]

"""Whether the mail server vouches for the sender: Authentication-Results of a configured authserv-id (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

import authres

from mailflow.reading.letter import Letter
from mailflow.wire import ascii_host


class Vouched(StrEnum):
    """What the trusted server says of DMARC. `neither`: it checked and proves nothing; `unreadable`: it says what
    nobody can read; `unsaid`: it says nothing, or no server is trusted."""

    PASSED = "passed"
    FAILED = "failed"
    NEITHER = "neither"
    UNREADABLE = "unreadable"
    UNSAID = "unsaid"


def vouched(letter: Letter, trusted: Collection[str]) -> Vouched:
    """What the topmost Authentication-Results of a trusted authserv-id says of the domain in From.

    DMARC decides where the server checked it; else a signature (DKIM) or a sending host (SPF) that passed for that very
    domain. Whatever stands below may be the sender's own work: a header of the server's that can't be understood
    is no pass, and what lies beneath it isn't looked at.
    """
    for value in letter.headers.get("authentication-results", ()):
        said = _BEYOND_ASCII.sub(
            lambda word: ascii_host(word[0]) or "x" * len(word[0]), re.sub(r"[\r\n\t]+", " ", value)
        )
        try:
            parsed = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + said)
        except (authres.AuthResError, ValueError):
            if any(name in value.lower() for name in trusted):
                return Vouched.UNREADABLE
            continue
        if str(parsed.authserv_id).lower() not in trusted:
            continue
        domain = ascii_host(letter.senders[0][1].rpartition("@")[2]) if letter.senders else ""
        dmarc = [result for result in parsed.results if result.method.lower() == "dmarc"]
        if any(result.result.lower() == "fail" for result in dmarc):
            return Vouched.FAILED
        if dmarc:
            passed = all(_passed(result) and _names(result, domain) in (True, None) for result in dmarc)
        else:
            passed = any(_passed(result) and _names(result, domain) for result in parsed.results)
        return Vouched.PASSED if passed else Vouched.NEITHER
    return Vouched.UNSAID


# The library takes ASCII only, and a sender may have written anything into his part of the header. What is put in its
# place has no character that parts one result from the next.
_BEYOND_ASCII = re.compile(r"[^\s;=()\"@]*[^\x00-\x7f][^\s;=()\"@]*")

# Which property of a method says for whom it passed (RFC 8601, section 2.7).
_IDENTITIES = {
    "dmarc": (("header", "from"),),
    "dkim": (("header", "d"), ("header", "i")),
    "spf": (("smtp", "mailfrom"),),
}


def _passed(result: authres.AuthenticationResult) -> bool:
    return bool(result.result.lower() == "pass")


def _names(result: authres.AuthenticationResult, domain: str) -> bool | None:
    """Whether a result is about the domain that From shows, None where it doesn't say: a pass of another domain, such
    as the attacker's own, says nothing of this sender."""
    wanted = _IDENTITIES.get(result.method.lower(), ())
    named = [str(p.value).lower().rpartition("@")[2] for p in result.properties if (p.type, p.name) in wanted]
    return all(name == domain for name in named) if named else None

"""Whether the mail server vouches for the sender: Authentication-Results of a configured authserv-id (RFC 8601)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import authres

from mailflow.reading.letter import Letter


class Vouched(StrEnum):
    """What the trusted server says of DMARC. `unsaid`: it says nothing, or no server is trusted."""

    PASSED = "passed"
    FAILED = "failed"
    NEITHER = "neither"
    UNSAID = "unsaid"


def vouched(letter: Letter, trusted: Collection[str]) -> Vouched:
    """The DMARC verdict in the topmost Authentication-Results of a trusted authserv-id, aligned with From."""
    for value in letter.headers.get("authentication-results", ()):
        try:
            parsed = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + value.replace("\n", " "))
        except (authres.AuthResError, ValueError):
            continue
        if str(parsed.authserv_id).lower() not in trusted:
            continue
        results = [result for result in parsed.results if result.method.lower() == "dmarc"]
        domain = letter.senders[0][1].rpartition("@")[2] if letter.senders else ""
        if any(result.result.lower() == "fail" for result in results):
            return Vouched.FAILED
        passed = bool(results) and all(_aligned(result, domain) for result in results)
        return Vouched.PASSED if passed else Vouched.NEITHER
    return Vouched.UNSAID


def _aligned(result: authres.AuthenticationResult, domain: str) -> bool:
    """Whether it passed for the domain that From shows; a pass of another domain says nothing of this sender."""
    named = [p.value.lower() for p in result.properties if (p.type, p.name) == ("header", "from")]
    return result.result.lower() == "pass" and all(name.rpartition("@")[2] == domain for name in named)

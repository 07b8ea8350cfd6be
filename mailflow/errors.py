"""Faults: what somebody must mend, or what is tried again. Expected trouble is a value, never one of these.

    MailflowError
    ├── ConfigurationError   a file of the configuration is wrong        exit 2, the operator mends it
    ├── Unreachable          a server or the store is away or refuses us exit 3, tried again by `run`
    │   ├── MailServerError  IMAP or SMTP
    │   │   ├── LoginRefused the password or token is wrong
    │   │   └── Unfetched    one message can't be had, the others can
    │   └── StoreError       the database
    └── AlreadyRunning       another mailflow holds this mailbox         exit 4
        └── LockLost         it was ours and isn't any more: taken anew, or exit 4

Each message says what happened, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MailflowError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One mistake in the configuration: the file, the place in it, what was found, what is expected."""

    file: str
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        return f"{place}: found {self.found}; expected {self.expected}"


class ConfigurationError(MailflowError):
    """All mistakes of a configuration at once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class Unreachable(MailflowError):
    """A server or the store could not be reached, or refused us."""

    exit_code = 3


class MailServerError(Unreachable):
    """IMAP or SMTP: the host is away, the login is refused, or a folder is missing."""


class LoginRefused(MailServerError):
    """The server refuses the password or the token: trying again soon helps nobody and gets the account blocked."""


class Unfetched(MailServerError):
    """The server has a message and can't give it; the rest of the mailbox goes on."""


class StoreError(Unreachable):
    """The database is away, locked, read-only or full."""


class Inconsistent(Exception):
    """What was to be written contradicts the book: a fault of ours. The message that led to it goes to quarantine."""


class AlreadyRunning(MailflowError):
    """Another mailflow works on this mailbox."""

    exit_code = 4


class LockLost(AlreadyRunning):
    """The lock on the store is gone, so another mailflow may have it: nothing more is written."""

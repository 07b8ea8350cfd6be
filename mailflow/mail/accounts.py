"""Accounts: where the servers are and how to log in. Secrets are fetched when used and never shown."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class Secret:
    """A password or token that is looked up each time it is used; printing it shows nothing."""

    __slots__ = ("_forget", "_source")

    def __init__(self, source: Callable[[], str], forget: Callable[[], None] = lambda: None) -> None:
        self._source = source
        self._forget = forget

    def reveal(self) -> str:
        """The secret itself; ConfigurationError when its source has none."""
        return self._source()

    def refused(self) -> None:
        """The server did not take it: a token that is kept is no good any more."""
        self._forget()

    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True)
class Account:
    """What IMAP and SMTP accounts share. `security` is tls, starttls or none, `timeout` the seconds that a server may
    take for one answer."""

    host: str
    port: int
    security: str
    username: str | None
    secret: Secret | None
    oauth2: bool = False
    ca_file: Path | None = None
    timeout: float = 60

    def tls(self) -> ssl.SSLContext:
        """A context that checks the server's certificate and name."""
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)

    @property
    def address(self) -> str:
        """host:port, for messages."""
        return f"{self.host}:{self.port}"


def bad_certificate(fault: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a server's certificate, and what to do."""
    reason = fault.verify_message or str(fault)
    return f"{reason}; ask whoever runs the server to renew it, or give its own authority in ca_file"


@dataclass(frozen=True)
class ImapAccount(Account):
    """The director's mailbox. `sent` is a folder's name, or `auto` to find it; `also` are folders that are read beside
    INBOX and Junk."""

    inbox: str = "INBOX"
    sent: str = "auto"
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How the configuration spells the mailbox: user and host."""
        return f"{self.username}@{self.host}"


@dataclass(frozen=True)
class SmtpAccount(Account):
    """The way out. `sender` is the From of every letter."""

    sender: str = ""

"""An SMTP server that keeps what it gets, and misbehaves when told to (aiosmtpd)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.servers.process import LOOPBACK, free_port


@dataclass
class Sink:
    """What arrived. `hang_up` cuts the line after the letter; `answer` may refuse: it gets the recipients and gives an
    SMTP answer, or an empty word; `refuse` may do so at EHLO, MAIL and RCPT: it gets the command and its address."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    hang_up: bool = False
    answer: Callable[[list[str]], str] = lambda _: ""
    refuse: Callable[[str, str], str] = lambda _command, _address: ""

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [refusal] if (refusal := self.refuse("EHLO", hostname)) else responses

    async def handle_HELO(self, server: Any, session: Any, _envelope: Any, hostname: str) -> str:
        session.host_name = hostname
        return self.refuse("EHLO", hostname) or f"250 {server.hostname}"

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if refusal := self.refuse("MAIL", address):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if refusal := self.refuse("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.seen.append(bytes(envelope.original_content))
        if self.hang_up:
            _server.transport.close()
            return "250 never heard"
        if refusal := self.answer(list(envelope.rcpt_tos)):
            return refusal
        self.received.append(bytes(envelope.original_content))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    @property
    def letters(self) -> list[EmailMessage]:
        """What arrived, parsed."""
        return [cast("EmailMessage", message_from_bytes(raw, policy=policy.default)) for raw in self.received]


@contextmanager
def sink() -> Iterator[Sink]:
    """A running sink on a free port."""
    kept = Sink(port=free_port())
    controller = Controller(kept, hostname=LOOPBACK, port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()

"""Embedded mail servers on free loopback ports: pymap for IMAP, aiosmtpd for SMTP. For the demo only."""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

LOOPBACK = "127.0.0.1"
PASSWORD = "demo"  # noqa: S105 - of a server that lives for seconds on this machine


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@dataclass
class PostOffice:
    """Where SMTP takes letters to: all of them in order, with their recipients."""

    letters: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep the letter."""
        self.letters.append((list(envelope.rcpt_tos), bytes(envelope.original_content)))
        return "250 OK"


@dataclass(frozen=True)
class Servers:
    """Where the two servers listen, and what was sent."""

    imap: int
    smtp: int
    post: PostOffice


@contextmanager
def servers(user: str) -> Iterator[Servers]:
    """Both servers, running until the block ends."""
    running = Servers(free_port(), free_port(), PostOffice())
    controller = Controller(running.post, hostname=LOOPBACK, port=running.smtp)
    controller.start()
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_imap(user, running.imap, ready, done),))
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the embedded IMAP server did not start")
        yield running
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
        controller.stop()


async def _imap(user: str, port: int, ready: threading.Event, done: asyncio.Event) -> None:
    args = Namespace(
        host=LOOPBACK, port=port, tls=False, cert=None, key=None, debug=False, proxy_protocol=None, passlib_cfg=None,
        inherited_sockets=None, demo_data=False, demo_user=user, demo_password=PASSWORD,
    )  # fmt: skip
    backend, config = await DictBackend.init(args, secure_auth=False)
    config.apply_context()
    server = IMAPServer(backend.login, config)
    conversations: set[asyncio.Task[Any]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # pymap's own service starts each conversation as a task that nobody holds, and Python may collect it.
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            await server(reader, writer, SocketInfoLocal(writer))
        finally:
            conversations.discard(task)

    async with AsyncExitStack() as stack:
        await backend.start(stack)
        listening = await asyncio.start_server(converse, host=LOOPBACK, port=port)
        ready.set()
        await done.wait()
        listening.close()
        for task in list(conversations):
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

"""A line between client and server that misbehaves: for what Dovecot won't do by itself."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR, SHUT_WR, create_connection, socket

from tests.servers.process import LOOPBACK


@dataclass
class Line:
    """A proxy in front of a server. It keeps what clients say, and changes what the server answers.

    `cut` is asked before each thing a client says and after it was passed on: True cuts the connection there. While
    `mute` is set nothing comes back, and nobody hangs up: what a router does that forgot the connection.
    """

    port: int = 0
    change: Callable[[bytes], bytes] = lambda answer: answer
    cut: Callable[[bytes, bool], bool] = lambda _said, _passed_on: False
    said: list[bytes] = field(default_factory=list)
    answered: list[bytes] = field(default_factory=list)
    mute: threading.Event = field(default_factory=threading.Event)
    connections: int = 0

    def to_server(self, client: socket, server: socket) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                self.said.append(said)
                if self.cut(said, False):
                    break
                server.sendall(said)
                if self.cut(said, True):
                    break
            else:
                server.shutdown(SHUT_WR)
                return
            for end in (client, server):
                end.shutdown(SHUT_RDWR)

    def to_client(self, server: socket, client: socket) -> None:
        with suppress(OSError):
            while answer := server.recv(65536):
                self.answered.append(answer)
                if not self.mute.is_set():
                    client.sendall(self.change(answer))
            client.shutdown(SHUT_WR)


@contextmanager
def line(port: int, change: Callable[[bytes], bytes] = lambda answer: answer) -> Iterator[Line]:
    """A running line in front of `port`."""
    made = Line(change=change)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            made.connections += 1
            with create_connection((LOOPBACK, port)) as upstream:
                back = threading.Thread(target=made.to_client, args=(upstream, self.request))
                back.start()
                made.to_server(self.request, upstream)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server((LOOPBACK, 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def proxy(port: int, change: Callable[[bytes], bytes]) -> Iterator[int]:
    """The port of a line that only changes what the server answers."""
    with line(port, change) as made:
        yield made.port

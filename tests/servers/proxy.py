"""A line between client and server that changes what the server says: for what Dovecot won't do by itself."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_WR, create_connection, socket

from tests.servers.process import LOOPBACK


def _pump(source: socket, target: socket, change: Callable[[bytes], bytes]) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(change(data))
        target.shutdown(SHUT_WR)


@contextmanager
def proxy(port: int, change: Callable[[bytes], bytes]) -> Iterator[int]:
    """The port of a proxy in front of `port` that passes the server's words through `change`."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with create_connection((LOOPBACK, port)) as upstream:
                back = threading.Thread(target=_pump, args=(upstream, self.request, change))
                back.start()
                _pump(self.request, upstream, lambda data: data)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server((LOOPBACK, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()

"""A local token endpoint: Google's way and Microsoft's, and the one that Dovecot asks whose a token is."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from tests.servers.process import LOOPBACK


@dataclass
class Endpoint:
    """What was asked. The newest token given is good for `user`, unless it was `revoked`; `refuse` gives none."""

    user: str
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    lifetime: int = 3600
    refuse: str = ""


def _handler(endpoint: Endpoint, scheme: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, code: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parsed = urlparse(self.path)
            if parsed.path.endswith("/openid-configuration"):
                base = f"{scheme}://{LOOPBACK}:{self.server.server_address[1]}/tenant"
                self._answer(
                    200,
                    {
                        "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                        "issuer": f"{base}/v2.0", "device_authorization_endpoint": f"{base}/device",
                    },
                )  # fmt: skip
                return
            token = parse_qs(parsed.query).get("token", [""])[0]
            good = token in endpoint.given and token not in endpoint.revoked
            self._answer(200 if good else 401, {"username": endpoint.user} if good else {"error": "invalid_token"})

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            endpoint.asked.append({name: values[0] for name, values in parse_qs(said).items()})
            if endpoint.refuse:
                self._answer(400, {"error": endpoint.refuse, "error_description": "ask the administrator"})
                return
            endpoint.given.append(f"token{len(endpoint.given) + 1}")
            self._answer(
                200, {"access_token": endpoint.given[-1], "token_type": "Bearer", "expires_in": endpoint.lifetime}
            )

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def tokens(user: str, tokeninfo_port: int, pem: Path | None = None) -> Iterator[Endpoint]:
    """A running endpoint; with a certificate it speaks TLS, as Microsoft's library insists."""
    endpoint = Endpoint(user)
    scheme = "https" if pem else "http"
    servers = [
        ThreadingHTTPServer((LOOPBACK, 0), _handler(endpoint, scheme)),
        ThreadingHTTPServer((LOOPBACK, tokeninfo_port), _handler(endpoint, "http")),
    ]
    if pem:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        servers[0].socket = context.wrap_socket(servers[0].socket, server_side=True)
    endpoint.port = servers[0].server_address[1]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield endpoint
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()

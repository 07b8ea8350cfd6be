"""OAuth 2 against a local token endpoint and a Dovecot that asks it: one token until it expires, over restarts too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, at, mail
from tests.servers.certificates import certificate
from tests.servers.tokens import Endpoint, tokens

DIRECTOR = "wang@example.com"


@pytest.fixture(params=["google", "microsoft"])
def granted(office: Office, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, Endpoint]]:
    """An office that logs in with tokens of this provider's kind."""
    provider: str = request.param
    pem = certificate(tmp_path, name="127.0.0.1", days=36500) if provider == "microsoft" else None
    with tokens(office.user, office.dovecot.tokens, pem) as endpoint:
        own = (
            f'tenant = "tenant"\nendpoint = "https://127.0.0.1:{endpoint.port}"\nca_file = "{pem}"'
            if pem
            else f'endpoint = "http://127.0.0.1:{endpoint.port}/token"\nrefresh_token_file = "refresh.token"'
        )
        office.configure(
            mailbox=f"""auth = "oauth2"
[mailbox.oauth2]
provider = "{provider}"
client_id = "mailflow"
client_secret_env = "MAILFLOW_CLIENT_SECRET"
{own}
"""
        )
        config = office.folder / "mailflow.toml"
        config.write_text(config.read_text().replace('password_env = "MAILFLOW_IMAP_PASSWORD"\n', "", 1))
        (office.folder / "refresh.token").write_text("the-refresh-token\n")
        office.environ["MAILFLOW_CLIENT_SECRET"] = "the-client-secret"
        yield office, endpoint


def test_one_token_serves_until_it_expires_and_is_nobody_elses_to_read(granted: tuple[Office, Endpoint]) -> None:
    """itop mail-to-ticket #224: a token refreshed at every poll until the provider revoked the grant."""
    office, endpoint = granted
    office.staff_mail("11-20 10:00", mail("zhangsan@example.com", DIRECTOR, "周工作计划", "1. 回访客户"))
    assert office.once("11-20 10:01")["submissions"] == 1
    for minute in range(2, 5):
        office.once(f"11-20 10:0{minute}")
    assert len(endpoint.asked) == 1
    assert endpoint.asked[0]["grant_type"] in ("refresh_token", "client_credentials")
    assert endpoint.asked[0]["client_secret"] == "the-client-secret"
    [kept] = office.folder.glob(".token-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_token_that_expired_is_renewed(granted: tuple[Office, Endpoint]) -> None:
    office, endpoint = granted
    endpoint.lifetime = 1
    office.once("11-20 10:01")
    office.once("11-20 10:02")
    assert len(endpoint.given) == 2


def test_a_token_that_the_server_refuses_is_asked_for_anew(granted: tuple[Office, Endpoint]) -> None:
    office, endpoint = granted
    office.once("11-20 10:01")
    endpoint.revoked.add("token1")
    assert "refused the login" in office.run("run", "--once", "--now", at("11-20 10:02").isoformat(), code=3).stderr
    office.once("11-20 10:03")
    assert endpoint.given == ["token1", "token2"]


def test_a_refusing_endpoint_is_said_clearly_and_told_once(granted: tuple[Office, Endpoint]) -> None:
    office, endpoint = granted
    endpoint.refuse = "invalid_grant"
    for minute in range(2):
        done = office.run("run", "--once", "--now", at(f"11-20 10:0{minute}").isoformat(), code=3)
        assert "token endpoint" in done.stderr
        assert "invalid_grant" in done.stderr
        assert "the-client-secret" not in done.stderr
    assert len(office.letters("alert", "it@example.com")) == 1

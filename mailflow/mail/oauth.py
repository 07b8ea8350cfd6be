"""OAuth 2: access tokens of Microsoft (client credentials, by msal) and Google (a refresh token, by google-auth).

A token is kept until it expires, also over restarts, in a file that only its owner can read: providers revoke the
grants of those who ask for a new one at every poll.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailflow.errors import LoginRefused, MailServerError

if TYPE_CHECKING:
    import requests

_SECONDS = 60
_MICROSOFT, _MICROSOFT_SCOPE = "https://login.microsoftonline.com", "https://outlook.office365.com/.default"
_GOOGLE, _GOOGLE_SCOPE = "https://oauth2.googleapis.com/token", "https://mail.google.com/"


@dataclass(frozen=True)
class Grant:
    """What a provider gave the office to get tokens with. `endpoint` and `scope` are empty for the provider's own.

    `secret` and `refresh_token` are looked up when they are used. `kept` is the folder for the token.
    """

    provider: str
    client_id: str
    secret: Callable[[], str]
    refresh_token: Callable[[], str]
    kept: Path
    tenant: str = ""
    endpoint: str = ""
    scope: str = ""
    ca_file: Path | None = None

    @property
    def file(self) -> Path:
        """Where the token is kept: one file for IMAP and SMTP where both have the same grant."""
        known = f"{self.provider}/{self.client_id}/{self.tenant}/{self.endpoint}/{self.scope}"
        return self.kept / f".token-{hashlib.sha256(known.encode()).hexdigest()[:16]}.json"

    def token(self) -> str:
        """An access token that is valid now. ModuleNotFoundError where the extra `oauth2` is not installed."""
        return _microsoft(self) if self.provider == "microsoft" else _google(self)

    def forget(self) -> None:
        """The server refused the token: the next one is asked for anew."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)


def _microsoft(grant: Grant) -> str:
    import msal
    import requests

    cache = msal.SerializableTokenCache()
    with suppress(OSError, ValueError):
        cache.deserialize(grant.file.read_text(encoding="utf-8"))
    try:
        app = msal.ConfidentialClientApplication(
            grant.client_id,
            client_credential=grant.secret(),
            authority=f"{grant.endpoint or _MICROSOFT}/{grant.tenant}",
            token_cache=cache,
            http_client=_session(grant),
            # An authority of the company's own, or of a national cloud, is not in Microsoft's list.
            instance_discovery=not grant.endpoint,
        )
        answer = app.acquire_token_for_client(scopes=[grant.scope or _MICROSOFT_SCOPE])
    except (requests.RequestException, ValueError) as fault:
        raise MailServerError(_unreachable(grant, fault)) from None
    if "access_token" not in answer:
        said = " ".join(str(answer.get(name, "")) for name in ("error", "error_description")).strip()
        raise LoginRefused(_refused(grant, said))
    if cache.has_state_changed:
        _keep(grant.file, cache.serialize())
    return str(answer["access_token"])


def _google(grant: Grant) -> str:
    from google.auth.exceptions import RefreshError, TransportError
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials

    token, expiry = None, None
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(grant.file.read_text(encoding="utf-8"))
        # The library counts in UTC without a zone.
        token, expiry = str(kept["token"]), datetime.fromisoformat(kept["expiry"]).astimezone(UTC).replace(tzinfo=None)
    credentials = Credentials(  # type: ignore[no-untyped-call]
        token,
        refresh_token=grant.refresh_token(),
        token_uri=grant.endpoint or _GOOGLE,
        client_id=grant.client_id,
        client_secret=grant.secret(),
        scopes=[grant.scope or _GOOGLE_SCOPE],
        expiry=expiry,
    )
    if not credentials.valid:
        try:
            credentials.refresh(Request(_session(grant)))  # type: ignore[no-untyped-call]
        except TransportError as fault:
            raise MailServerError(_unreachable(grant, fault)) from None
        except RefreshError as fault:
            raise LoginRefused(_refused(grant, str(fault.args[0]) if fault.args else str(fault))) from None
        expires = credentials.expiry.replace(tzinfo=UTC).isoformat() if credentials.expiry else ""
        _keep(grant.file, json.dumps({"token": credentials.token, "expiry": expires}))
    return str(credentials.token)


def _session(grant: Grant) -> requests.Session:
    """A session that waits a minute, and believes the authority in `ca_file` alone where one is given."""
    import requests

    session = requests.Session()
    settings: dict[str, Any] = {"timeout": _SECONDS}
    if grant.ca_file:
        # Said with each request: the environment's own bundle would go before the session's setting.
        settings["verify"] = str(grant.ca_file)
    session.request = partial(session.request, **settings)  # type: ignore[method-assign]
    return session


def _unreachable(grant: Grant, fault: Exception) -> str:
    return f"the token endpoint of {grant.provider} can't be reached: {type(fault).__name__}; check the network"


def _refused(grant: Grant, said: str) -> str:
    return f"the token endpoint of {grant.provider} refused: {said}; check client_id, its secret and its consent"


def _keep(file: Path, content: str) -> None:
    """A token that can't be kept is asked for again: no reason to stop."""
    with suppress(OSError):
        file.touch(mode=0o600)
        file.write_text(content, encoding="utf-8")

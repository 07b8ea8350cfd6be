"""Secrets: where a password or token comes from, looked up only when it is used."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from mailflow.errors import ConfigurationError, Problem
from mailflow.mail.accounts import Secret
from mailflow.mail.oauth import Grant
from mailflow.settings.models import OauthModel, ServerModel


def secret_of(section: str, server: ServerModel, folder: Path, environ: Mapping[str, str]) -> Secret | None:
    """The secret of [mailbox] or [smtp], None where SMTP needs none. Nothing is looked up yet."""
    where = _Places(section, folder, environ)
    if server.auth == "oauth2":
        if server.oauth2 is None:
            return Secret(lambda: where.printed(server.token_command or []))
        grant = _grant(where, server.oauth2)
        return Secret(lambda: where.token(grant), grant.forget)
    if variable := server.password_env:
        return Secret(lambda: where.variable("password_env", variable))
    if file := server.password_file:
        return Secret(lambda: where.file("password_file", file))
    if server.password is not None:
        plain = server.password
        return Secret(lambda: plain)
    if server.username and section == "mailbox":
        return Secret(where.nothing)
    return None


def _grant(where: _Places, model: OauthModel) -> Grant:
    def said(key: str, variable: str | None, file: str | None) -> Callable[[], str]:
        if variable:
            return lambda: where.variable(f"oauth2.{key}_env", variable)
        return lambda: where.file(f"oauth2.{key}_file", file or "")

    return Grant(
        provider=model.provider,
        client_id=model.client_id,
        secret=said("client_secret", model.client_secret_env, model.client_secret_file),
        refresh_token=said("refresh_token", model.refresh_token_env, model.refresh_token_file),
        kept=where.folder,
        tenant=model.tenant or "",
        endpoint=(model.endpoint or "").rstrip("/"),
        scope=model.scope or "",
        ca_file=where.folder / model.ca_file if model.ca_file else None,
    )


class _Places:
    """Where a section's secrets can lie, each with the error that says what is missing."""

    def __init__(self, section: str, folder: Path, environ: Mapping[str, str]) -> None:
        self.section = section
        self.folder = folder
        self._environ = environ

    def _fault(self, key: str, found: str, expected: str) -> ConfigurationError:
        return ConfigurationError([Problem("mailflow.toml", f"{self.section}.{key}", found, expected)])

    def variable(self, key: str, name: str) -> str:
        if not self._environ.get(name):
            raise self._fault(key, f"no environment variable {name}", "the password in that variable")
        return self._environ[name]

    def file(self, key: str, name: str) -> str:
        path = self.folder / name
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as trouble:
            raise self._fault(key, f"{path}: {trouble.strerror}", "a readable file with the password") from None

    def printed(self, command: list[str]) -> str:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as trouble:
            reason = type(trouble).__name__
            expected = "a program that prints an access token and ends with 0"
            raise self._fault("token_command", reason, expected) from None
        return done.stdout.strip()

    def token(self, grant: Grant) -> str:
        try:
            return grant.token()
        except ModuleNotFoundError as missing:
            expected = "the extra: pip install 'mailflow[oauth2]'"
            raise self._fault("oauth2", f"no module {missing.name}", expected) from None

    def nothing(self) -> str:
        raise self._fault("password_env", "nothing", "password_env or password_file")

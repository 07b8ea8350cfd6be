"""SMTP: one connection for the letters of one pass. What the server answers becomes one of three results."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parseaddr

from mailflow.errors import MailServerError
from mailflow.mail.accounts import SmtpAccount, bad_certificate
from mailflow.wire import Delivery, Outgoing, SendResult


class Postman:
    """A connection to the SMTP server, opened when first needed. Use as a context manager."""

    def __init__(self, account: SmtpAccount) -> None:
        self.account = account
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Postman:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._connection is not None

    def connect(self) -> None:
        """Connect and log in; MailServerError says what is wrong and what to do."""
        where = f"the SMTP server {self.account.address}"
        try:
            self._connection = self._opened()
        except smtplib.SMTPAuthenticationError as fault:
            self.close()
            if self.account.secret:
                self.account.secret.refused()
            advice = "check username and password; many providers want an authorisation code instead of the password"
            raise MailServerError(f"{where} refused the login: {_said(fault.smtp_error)}; {advice}") from None
        except smtplib.SMTPException as fault:
            self.close()
            raise MailServerError(f"{where} refused us: {fault}; check [smtp]") from None
        except ssl.SSLCertVerificationError as fault:
            self.close()
            raise MailServerError(f"{where} shows a certificate that is refused: {bad_certificate(fault)}") from None
        except OSError as fault:
            self.close()
            reason = "its name is not known" if isinstance(fault, socket.gaierror) else str(fault) or "no answer"
            raise MailServerError(
                f"{where} can't be reached: {reason}; check smtp.host, smtp.port and smtp.security"
            ) from None

    def _opened(self) -> smtplib.SMTP:
        account = self.account
        connection: smtplib.SMTP
        if account.security == "tls":
            connection = smtplib.SMTP_SSL(account.host, account.port, timeout=account.timeout, context=account.tls())
        else:
            connection = smtplib.SMTP(account.host, account.port, timeout=account.timeout)
        self._connection = connection
        connection.ehlo_or_helo_if_needed()
        if account.security == "starttls":
            connection.starttls(context=account.tls())
            connection.ehlo_or_helo_if_needed()
        if account.username and account.secret:
            secret = account.secret.reveal()
            if account.oauth2:
                answer = f"user={account.username}\x01auth=Bearer {secret}\x01\x01"
                connection.auth("XOAUTH2", lambda _challenge=None: answer)
            else:
                connection.login(account.username, secret)
        return connection

    def refuses_sender(self) -> str:
        """What the server says against our From address, an empty word where it takes it; nothing is sent."""
        assert self._connection is not None
        try:
            code, said = self._connection.mail(parseaddr(self.account.sender)[1])
            self._connection.rset()
        except (smtplib.SMTPException, OSError) as fault:
            return str(fault)
        return "" if code < 400 else f"{code} {_said(said)}"

    def send(self, letter: Outgoing) -> Delivery:
        """Send one letter: sent, later (4xx, a lost connection) or refused (5xx), with what the server said."""
        if self._connection is None:
            try:
                self.connect()
            except MailServerError as fault:
                return Delivery(SendResult.LATER, str(fault))
        assert self._connection is not None
        try:
            refused = self._connection.sendmail(letter.sender, list(letter.recipients), letter.message)
        except smtplib.SMTPRecipientsRefused as fault:
            self._reset()
            codes = [code for code, _ in fault.recipients.values()]
            for_good = all(code >= 500 for code in codes)
            return Delivery(SendResult.REFUSED if for_good else SendResult.LATER, _each(fault.recipients))
        except smtplib.SMTPResponseException as fault:
            self._reset()
            said = f"{fault.smtp_code} {_said(fault.smtp_error)}"
            return Delivery(SendResult.REFUSED if 500 <= fault.smtp_code < 600 else SendResult.LATER, said)
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            return Delivery(SendResult.LATER, f"the connection to {self.account.address} was lost: {fault}")
        return Delivery(
            SendResult.SENT,
            f"not to {_each(refused)}" if refused else "",
            later=tuple(who for who, (code, _) in refused.items() if code < 500),
            refused=tuple(who for who, (code, _) in refused.items() if code >= 500),
        )

    def _reset(self) -> None:
        """Ready for the next letter; a server that hangs up is connected to anew."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        """Say goodbye; a connection that is gone already is no trouble."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


def _each(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{who}: {code} {_said(text)}" for who, (code, text) in refused.items())


def _said(text: bytes | str) -> str:
    if isinstance(text, str):
        return text
    for name in ("utf-8", "gb18030"):  # Tencent answers in GBK
        with suppress(UnicodeDecodeError):
            return " ".join(text.decode(name).split())
    return repr(text)

"""IMAP: the director's mailbox, looked at and never touched. Folders are opened read-only, bodies peeked at."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from mailflow import __version__
from mailflow.errors import LoginRefused, MailServerError, Unfetched
from mailflow.mail.accounts import ImapAccount, bad_certificate
from mailflow.mail.parts import Structure, Wanted, text
from mailflow.wire import Envelope, Folder, Place, RawMail, bare_address

_BATCH = 200
# From this size on the server is asked first what a message consists of.
_LARGE = 1024 * 1024
_IDLE_SLICE = 1.0
# The names that servers give to Sent where they don't mark it by special use (RFC 6154).
_SENT_NAMES = (
    "Sent", "Sent Messages", "Sent Items", "Sent Mail", "INBOX.Sent", "已发送", "已发送邮件", "已发邮件", "已傳送",
    "已傳送郵件", "寄件備份", "发件箱", "[Gmail]/已发邮件", "[Gmail]/Sent Mail", "[Gmail]/寄件備份",
)  # fmt: skip
_JUNK_NAMES = (
    "Junk", "Junk E-mail", "Junk Email", "Junk Mail", "INBOX.Junk", "Spam", "INBOX.Spam", "Bulk Mail", "垃圾邮件",
    "垃圾箱", "垃圾郵件", "广告邮件", "[Gmail]/垃圾邮件", "[Gmail]/Spam", "[Gmail]/垃圾郵件",
)  # fmt: skip
# A login refused for now (RFC 5530), which says nothing against the password.
_FOR_NOW = re.compile(
    r"\[(UNAVAILABLE|LIMIT|INUSE|SERVERBUG)\]|too many|simultaneous|temporar|try (it )?(again )?later|连接数", re.I
)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_IDENTITY = {"name": "mailflow", "version": __version__, "vendor": "mailflow"}


@dataclass(frozen=True)
class Opened:
    """A folder as it is now. `uidvalidity` 0 means that the server gives none."""

    name: str
    role: Folder
    uidvalidity: int
    uidnext: int
    messages: int


class Mailbox:
    """One connection to the mailbox, kept over many passes. Use as a context manager or call `close`."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        # What the store calls this mailbox: however its host is spelled.
        self.name = account.name
        self.woken = False
        self.absent: tuple[str, ...] = ()
        self._selected = ""
        with self._explained("connect"):
            self._client = self._connect()
        try:
            with self._explained("log in"):
                self._log_in()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> Any:
        account = self.account
        direct = account.security == "tls"
        client = IMAPClient(
            account.host,
            account.port,
            ssl=direct,
            ssl_context=account.tls() if direct else None,
            timeout=SocketTimeout(connect=min(30, account.timeout), read=account.timeout),
        )
        client.normalise_times = False
        if account.security == "starttls":
            client.starttls(account.tls())
        return client

    def _log_in(self) -> None:
        secret = self.account.secret.reveal() if self.account.secret else ""
        try:
            if self.account.oauth2:
                self._client.oauth2_login(self.account.username, secret)
            else:
                self._client.login(self.account.username, secret)
        except LoginError as fault:
            advice = "check username and password; many providers want an authorisation code instead of the password"
            reason = _said(fault)
            if isinstance(fault.__context__, IMAPClientAbortError):
                raise fault.__context__ from None
            if _FOR_NOW.search(reason):
                said = f"{self.account.address} takes no login for now: {reason}; it is tried again later"
                raise MailServerError(said) from None
            if self.account.secret:
                self.account.secret.refused()
            raise LoginRefused(
                f"{self.account.address} refused the login of {self.account.username}: {reason}; {advice}"
            ) from None
        if self._client.has_capability("ID"):
            # NetEase opens no folder to a client that hasn't said who it is (RFC 2971).
            with suppress(CapabilityError, IMAPClientError):
                self._client.id_(_IDENTITY)

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        """Turns the library's and the network's trouble into one line that says what to do."""
        try:
            yield
        except (IMAPClientError, OSError, EOFError) as fault:
            where = f"the mail server {self.account.address}"
            if isinstance(fault, ssl.SSLCertVerificationError):
                raise MailServerError(
                    f"{where} shows a certificate that is refused: {bad_certificate(fault)}"
                ) from None
            if isinstance(fault, socket.gaierror):
                raise MailServerError(f"{where} is not known; check mailbox.host") from None
            if isinstance(fault, ConnectionRefusedError):
                raise MailServerError(f"{where} refuses the connection; check host and port") from None
            if isinstance(fault, TimeoutError):
                raise MailServerError(f"{where} does not answer in time to: {what}; try again later") from None
            reason = _said(fault)
            raise MailServerError(f"{where} could not {what}: {reason}; check [mailbox]") from fault

    def capabilities(self) -> tuple[str, ...]:
        """What the server says it can do, in capitals."""
        with self._explained("list its capabilities"):
            return tuple(sorted(text(c) for c in self._client.capabilities()))

    def folders(self) -> list[tuple[str, Folder]]:
        """The folders to read: INBOX, Sent and Junk by special use, else by every well-known name that exists, and
        those that the configuration names besides."""
        account = self.account
        with self._explained("list its folders"):
            listed = self._client.list_folders()
        names = {text(name): {text(flag).lower() for flag in flags} for flags, _, name in listed}
        names = {name: flags for name, flags in names.items() if "\\noselect" not in flags}
        if account.inbox.upper() != "INBOX" and account.inbox not in names:
            raise MailServerError(_no_folder(account, account.inbox, "inbox", names))
        sent = [account.sent] if account.sent != "auto" else _by_use(names, "\\sent", _SENT_NAMES)
        aside = [*_by_use(names, "\\junk", _JUNK_NAMES), *account.also]
        for name in sent:
            if name not in names:
                raise MailServerError(_no_folder(account, name, "sent", names))
        # One that the configuration names besides doesn't keep the others from being read.
        self.absent = tuple(name for name in aside if name not in names)
        aside = [name for name in aside if name in names]
        roles = {account.inbox: Folder.INBOX, **dict.fromkeys(sent, Folder.SENT)}
        return [*roles.items(), *((name, Folder.ASIDE) for name in dict.fromkeys(aside) if name not in roles)]

    def open(self, name: str, role: Folder) -> Opened:
        """Open a folder read-only (EXAMINE): nothing is marked as read."""
        with self._explained(f"open the folder {name!r}"):
            answer = self._client.select_folder(name, readonly=True)
        self._selected = name
        return Opened(
            name,
            role,
            uidvalidity=int(answer.get(b"UIDVALIDITY") or 0),
            uidnext=int(answer.get(b"UIDNEXT") or 0),
            messages=int(answer.get(b"EXISTS") or 0),
        )

    def _ensure(self, opened: Opened) -> None:
        if self._selected != opened.name:
            self.open(opened.name, opened.role)

    def uids_after(self, opened: Opened, uid: int) -> list[int]:
        """The UIDs above this one, ascending."""
        if opened.uidnext and uid + 1 >= opened.uidnext:
            return []
        self._ensure(opened)
        with self._explained("search"):
            found = self._client.search(["UID", f"{uid + 1}:*"])
        return sorted(n for n in found if n > uid)

    def uids_since(self, opened: Opened, since: datetime) -> list[int]:
        """The UIDs of mail that can be of `since` or later; the day is taken wide, servers differ in zones."""
        self._ensure(opened)
        with self._explained("search"):
            found: list[int] = self._client.search(["SINCE", (since - timedelta(days=2)).date()])
        return sorted(found)

    def envelopes(self, opened: Opened, uids: Sequence[int]) -> list[Envelope]:
        """The envelopes of these messages, and nothing else of them. Those that are gone are left out."""
        self._ensure(opened)
        result = []
        for start in range(0, len(uids), _BATCH):
            wanted = list(uids[start : start + _BATCH])
            with self._explained("fetch envelopes"):
                answer = self._client.fetch(wanted, ["ENVELOPE", "INTERNALDATE", "RFC822.SIZE"])
            for uid in wanted:
                data = answer.get(uid)
                if data and data.get(b"INTERNALDATE"):
                    result.append(self._envelope(opened, uid, data))
        return result

    def _envelope(self, opened: Opened, uid: int, data: Any) -> Envelope:
        envelope = data.get(b"ENVELOPE")
        received = data[b"INTERNALDATE"]
        place = Place(self.name, opened.name, opened.uidvalidity, uid)
        recipients = [a for field in ("to", "cc", "bcc") for a in _addresses(getattr(envelope, field, None))]
        return Envelope(
            place=place,
            role=opened.role,
            message_id=next(iter(_MESSAGE_ID.findall(text(getattr(envelope, "message_id", None)))), ""),
            in_reply_to=tuple(_MESSAGE_ID.findall(text(getattr(envelope, "in_reply_to", None)))),
            senders=tuple(_addresses(getattr(envelope, "from_", None))),
            recipients=tuple(recipients),
            subject=text(getattr(envelope, "subject", None)),
            received_at=received if received.tzinfo else received.replace(tzinfo=UTC),
            size=int(data.get(b"RFC822.SIZE") or 0),
        )

    def mentions(self, opened: Opened, uid: int, words: str) -> bool:
        """Whether the server finds these words in a message; the message itself stays where it is."""
        self._ensure(opened)
        with self._explained("search"):
            try:
                return bool(self._client.search(["UID", str(uid), "TEXT", words]))
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                return False  # A server that can't search within messages.

    def fetch(self, opened: Opened, envelope: Envelope, wanted: Wanted) -> RawMail | None:
        """The message, without marking it as read; None when it is gone by now.

        Of a large one only the parts that `wanted` asks for, and all headers. Unfetched when the server can't give it.
        """
        self._ensure(opened)
        uid = envelope.place.uid
        with self._explained("fetch a message"):
            try:
                raw = self._large(uid, wanted) if envelope.size > _LARGE else self._whole(uid)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as fault:
                where = f"the message with UID {uid} in {opened.name!r}"
                raise Unfetched(
                    f"{self.account.address} can't give {where}: {_said(fault)}; it is asked again"
                ) from None
        if raw is None:
            return None
        return RawMail(raw, envelope.received_at, opened.role, envelope.place, envelope.size)

    def _whole(self, uid: int) -> bytes | None:
        raw = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        return raw if isinstance(raw, bytes) else None

    def _large(self, uid: int, wanted: Wanted) -> bytes | None:
        described = self._client.fetch([uid], ["BODYSTRUCTURE"]).get(uid, {}).get(b"BODYSTRUCTURE")
        if described is None:
            return None
        try:
            structure = Structure(described, wanted)
        except (ValueError, IndexError, TypeError, RecursionError):
            # Parts past all reason: its beginning says whose it is and what it is about.
            cut = self._client.fetch([uid], [f"BODY.PEEK[]<0.{_LARGE}>"]).get(uid, {}).get(b"BODY[]<0>")
            return cut if isinstance(cut, bytes) else None
        if structure.whole:
            return self._whole(uid)
        answer = self._client.fetch([uid], structure.items()).get(uid)
        return structure.message(answer) if answer else None

    def newest(self, opened: Opened) -> datetime | None:
        """When the newest message of a folder arrived, None where it is empty; nothing else of it is looked at."""
        if not opened.messages:
            return None
        self._ensure(opened)
        with self._explained("fetch a date"):
            last = self._client.search(["UID", "*"])
            answer = self._client.fetch(last, ["INTERNALDATE"]) if last else {}
        dates = [data[b"INTERNALDATE"] for data in answer.values() if data.get(b"INTERNALDATE")]
        return max(dates).astimezone(UTC) if dates else None

    def wait(self, seconds: float, stopped: Any) -> bool:
        """Wait for new mail in INBOX with IDLE (RFC 2177), at most so long; False where the server has no IDLE.

        `woken` says afterwards whether mail came. `stopped()` is asked every second: a stop is not kept waiting.
        """
        if not self._client.has_capability("IDLE"):
            return False
        if self._selected != self.account.inbox:
            self.open(self.account.inbox, Folder.INBOX)
        self.woken = False
        with self._explained("wait for mail"):
            self._client.idle()
            end = time.monotonic() + seconds
            try:
                while time.monotonic() < end and not stopped() and not self.woken:
                    said = self._client.idle_check(timeout=min(_IDLE_SLICE, seconds))
                    self.woken = any(len(line) > 1 and line[1] in (b"EXISTS", b"RECENT") for line in said)
            finally:
                self._client.idle_done()
        return True

    def close(self) -> None:
        """Log out; a connection that is gone already is no trouble."""
        client = getattr(self, "_client", None)
        if client is not None:
            with suppress(IMAPClientError, OSError, EOFError):
                client.logout()


def _by_use(names: Mapping[str, set[str]], use: str, known: Sequence[str]) -> list[str]:
    """The folders that the server marks for this use (RFC 6154), else those that bear a well-known name."""
    marked = [name for name, flags in names.items() if use in flags]
    return marked or [name for name in names if name in known]


def _no_folder(account: ImapAccount, wanted: str, key: str, names: Iterable[str]) -> str:
    there = ", ".join(names)
    return f"the folder {wanted!r} is not in {account.address}; set mailbox.{key} to one of {there}"


def _said(fault: BaseException) -> str:
    words = str(fault)
    if words.startswith(("b'", 'b"')):
        words = words[2:-1]
    return " ".join(words.split()) or type(fault).__name__


def _addresses(found: Any) -> list[str]:
    result = []
    for address in found or ():
        mailbox, host = text(getattr(address, "mailbox", None)), text(getattr(address, "host", None))
        if mailbox and host:
            result.append(bare_address(f"{mailbox}@{host}"))
    return result

"""What `mailflow doctor` checks, each as a finding with its remedy; nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mailflow import wiring
from mailflow.cli.terminal import parse_now
from mailflow.errors import ConfigurationError, MailflowError
from mailflow.mail.imap import Mailbox, Opened
from mailflow.mail.smtp import Postman
from mailflow.settings import Settings, load
from mailflow.store import inbox, outbox, people
from mailflow.store.outbox import LetterState
from mailflow.store.session import open_store, ping
from mailflow.wire import Folder
from mailflow.workflow.watch import DRIFT
from mailflow.writing.specimens import specimens
from mailflow.writing.wording import Wording

CLOCK = "clock"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `exit_code` is what doctor ends with when an essential one fails."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""
    essential: bool = True
    exit_code: int = 2

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "check": self.check,
            "ok": self.ok,
            "essential": self.essential,
            "detail": self.detail,
            "remedy": self.remedy,
        }


def check(folder: Path, wording: Callable[[Settings], Wording]) -> list[Finding]:
    """Everything there is to check, in order; what rests on a broken part is left out."""
    try:
        settings = load(folder)
    except ConfigurationError as fault:
        return [
            Finding(
                "configuration",
                False,
                f"{p.file}: {p.where}: found {p.found}".replace(": :", ":"),
                f"expected {p.expected}",
            )
            for p in fault.problems
        ]
    findings = [*_configuration(settings), *_templates(settings, wording(settings)), _store(settings)]
    # Before the first start and between two there is no good pass, so here it is only said.
    work = _work(settings, datetime.now(UTC))
    findings += [replace(finding, essential=finding.check == CLOCK and not finding.ok) for finding in work]
    findings += [*_imap(settings), *_smtp(settings)]
    return findings


def live(folder: Path, now: str | None) -> list[Finding]:
    """Whether mailflow does its work: what the store says of it, without a word to any server. For monitors."""
    try:
        settings = load(folder)
    except ConfigurationError as fault:
        return [Finding("configuration", False, str(fault), "run `mailflow doctor`")]
    return [_store(settings), *_work(settings, parse_now(now, settings) or datetime.now(UTC))]


def _work(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The age of the last good pass, and of the oldest letter that should have left."""
    zone, limit = settings.office.zone, settings.alarm_after
    try:
        store = open_store(settings.store_url)
        try:
            if not store.exists:
                detail = "the mailbox was never read"
                yield Finding("last pass", False, detail, "start `mailflow run`", exit_code=3)
                return
            with store.snapshot() as book:
                account = wiring.account_of(book, settings)
                last = inbox.last_pass(book, account)
                played = inbox.was_played(book, account)
                gone = people.former(book, settings.office.roster)
                oldest = outbox.oldest_due(book, now)
                returned = outbox.counts(book)[LetterState.RETURNED]
        finally:
            store.close()
    except MailflowError:
        return
    for person in gone:
        yield Finding(
            "roster and history",
            False,
            f"{person.id} ({person.name}) has history and no row in the roster",
            f"put the row back with a leaving date, or: mailflow person rename {person.id} NEW",
            essential=False,
        )
    if account != settings.imap.name:
        detail = f"{settings.imap.name} is the mailbox that was read as {account} before"
        yield Finding("mailbox", True, detail, essential=False)
    if last is not None and last - now > DRIFT and not played:
        when = f"{last.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        yield Finding(
            CLOCK,
            False,
            f"the mailbox was last read to its end at {when}, which is still to come",
            "this machine's clock was wrong then or is now: set it by NTP, then see `mailflow outbox list`",
            exit_code=3,
        )
        return
    yield Finding(
        "last pass",
        last is not None and now - last < limit,
        f"the mailbox was last read to its end at {last.astimezone(zone):%Y-%m-%d %H:%M:%S}, "
        f"{int((now - last).total_seconds())} s ago"
        if last
        else "the mailbox was never read to its end",
        f"it should be read every {int(limit.total_seconds())} s: see that `mailflow run` runs, and its log",
        exit_code=3,
    )
    yield Finding(
        "letters leave",
        oldest is None or now - oldest < limit,
        f"the oldest waiting letter is of {oldest.astimezone(zone):%Y-%m-%d %H:%M:%S}" if oldest else "none waits",
        "see `mailflow outbox list` for what the SMTP server says",
        exit_code=3,
    )
    yield Finding(
        "addresses",
        not returned,
        f"{returned} letters came back" if returned else "no letter came back",
        "see `mailflow outbox list`, put the right addresses into the roster",
        essential=False,
    )


def _configuration(settings: Settings) -> Iterator[Finding]:
    office = settings.office
    staff = len(office.roster.staff)
    yield Finding("configuration", True, f"{settings.folder / 'mailflow.toml'} is sound")
    yield Finding(
        "roster",
        staff > 0,
        f"{staff} staff, director {office.roster.director.name}",
        "add the staff to the roster",
    )
    for section in settings.plain_passwords:
        yield Finding(
            f"{section} password",
            False,
            "it stands in mailflow.toml itself",
            "use password_env or password_file",
            False,
        )
    year = datetime.now(office.zone).year
    first, last = settings.calendar_years
    ahead = year if datetime.now(office.zone).month < 12 else year + 1
    known = first <= ahead <= last
    yield Finding(
        "calendar",
        known,
        f"public holidays are known for {first} to {last}",
        f"those of {ahead} are not known: update chinesecalendar, or list them in calendar.toml",
        essential=False,
    )
    if settings.templates and not settings.templates.is_dir():
        detail = f"there is no folder {settings.templates}"
        yield Finding("own templates", False, detail, "make it, or take office.templates away", essential=False)
    if not office.operators:
        yield Finding("operator", False, "nobody is told of trouble", "set office.operator", essential=False)


def _templates(settings: Settings, wording: Wording) -> Iterator[Finding]:
    broken = []
    count = 0
    languages = {settings.office.language, *(person.language for person in settings.office.roster.people)}
    for notice in specimens(settings.office):
        for language in sorted(languages):
            count += 1
            try:
                wording.word(notice, language)
            except Exception as fault:  # noqa: BLE001 - whatever a template of the office's own raises
                broken.append(f"{language}/{notice.kind}: {fault}")
    remedy = "mend the file, or take it away to use the shipped one"
    yield Finding("templates", not broken, "; ".join(broken) or f"{count} letters can be written", remedy)


def _store(settings: Settings) -> Finding:
    try:
        store = open_store(settings.store_url)
        try:
            if store.sqlite_file is not None and not store.sqlite_file.exists():
                return Finding("store", True, f"{store.where} will be made at the first run")
            with store.snapshot() as book:
                ping(book)
            return Finding("store", True, f"{store.where} answers")
        finally:
            store.close()
    except MailflowError as fault:
        return Finding("store", False, str(fault), "check [store]", exit_code=fault.exit_code)


def _imap(settings: Settings) -> Iterator[Finding]:
    try:
        with Mailbox(settings.imap) as mailbox:
            yield Finding("imap login", True, f"{settings.imap.username} at {settings.imap.address}")
            able = mailbox.capabilities()
            yield Finding("imap ID", "ID" in able, "the server takes ID" if "ID" in able else "no ID", essential=False)
            folders = mailbox.folders()
            sent = [name for name, role in folders if role is Folder.SENT]
            yield Finding(
                "imap folders",
                bool(sent),
                f"INBOX {settings.imap.inbox}, Sent {', '.join(sent) or 'not found'}",
                "set mailbox.sent to the folder's name",
            )
            opened = [mailbox.open(name, role) for name, role in folders]
            unstable = [o.name for o in opened if not o.uidvalidity]
            if unstable:
                yield Finding("imap UIDs", False, f"no UIDVALIDITY in {', '.join(unstable)}", "it works, slower", False)
            idle = "IDLE" in able
            yield Finding(
                "imap IDLE",
                idle,
                "new mail is noticed at once" if idle else f"polled every {settings.poll_seconds} s",
                "nothing to do: polling works as well",
                essential=False,
            )
            yield from _clock(mailbox, opened[0])
    except MailflowError as fault:
        yield Finding("imap login", False, str(fault), "check [mailbox]", exit_code=fault.exit_code)


def _clock(mailbox: Mailbox, inbox: Opened) -> Iterator[Finding]:
    """The server's clock decides who is on time: its newest mail must not come from the future."""
    newest = mailbox.newest(inbox)
    if newest is None:
        yield Finding("imap clock", True, "no mail yet to compare the server's clock with", essential=False)
        return
    ahead = newest - datetime.now(UTC)
    yield Finding(
        "imap clock",
        ahead < DRIFT,
        f"the newest mail arrived {newest:%Y-%m-%d %H:%M:%S} UTC",
        "the server's clock or this machine's is wrong: set both by NTP",
        essential=False,
    )


def _smtp(settings: Settings) -> Iterator[Finding]:
    with Postman(settings.smtp) as postman:
        try:
            postman.connect()
        except MailflowError as fault:
            yield Finding("smtp login", False, str(fault), "check [smtp]", exit_code=fault.exit_code)
            return
        secure = {"tls": "TLS", "starttls": "STARTTLS", "none": "no TLS (this machine)"}[settings.smtp.security]
        yield Finding("smtp login", True, f"{settings.smtp.address}, {secure}")
        refused = postman.refuses_sender()
        yield Finding(
            "smtp from",
            not refused,
            refused or f"may send as {settings.smtp.sender}",
            "set smtp.from to the login's own",
            exit_code=3,
        )

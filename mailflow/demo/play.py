"""Playing the script through the real code: real IMAP, real SMTP, the clock as the script says."""

from __future__ import annotations

import tempfile
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import structlog
from imapclient import IMAPClient
from rich.console import Console
from rich.text import Text

from mailflow import __version__, wiring
from mailflow.demo.cast import DIRECTOR, address, names, write_configuration
from mailflow.demo.script import Pass, Scene, scenes
from mailflow.demo.servers import LOOPBACK, PASSWORD, Servers, servers
from mailflow.mail.imap import Mailbox
from mailflow.reports.month import Stamp, month_workbook
from mailflow.reports.screen import standings
from mailflow.rules import ledger
from mailflow.rules.periods import Period
from mailflow.settings import Settings, load
from mailflow.store import records
from mailflow.workflow.desk import Desk
from mailflow.workflow.watch import one_pass

_USER = "wang"
_END = "11-24 12:00:00"


def play(keep: Path | None, console: Console) -> Settings:
    """Play the whole story and tell it as it happens; what it made lies in `keep`, else in a new folder."""
    folder = keep or Path(tempfile.mkdtemp(prefix="mailflow-demo-"))
    office = folder / "office"
    for old in (*folder.glob("letters/*"), *folder.glob("*.pdf"), *folder.glob("*.xlsx"), *office.glob("mailflow.db*")):
        old.unlink()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with servers(_USER) as running:
        write_configuration(office, running.imap, running.smtp, _USER, PASSWORD)
        settings = load(office)
        console.print(Text("Two weeks of an office of a dozen people, on mail servers of its own", style="bold"))
        with wiring.open_desk(settings) as desk, IMAPClient(LOOPBACK, running.imap, ssl=False, timeout=20) as client:
            client.login(_USER, PASSWORD)
            if not client.folder_exists("Sent"):
                client.create_folder("Sent")
            with Mailbox(settings.imap) as mailbox:
                _Stage(desk, settings, running, client, mailbox, console, folder / "letters").perform()
            workbook = _workbook(desk, folder)
    console.print()
    console.print(Text("What lies where", style="bold"))
    for what, where in (
        ("letters (.eml and .html)", folder / "letters"),
        ("month workbook", workbook),
        ("score sheets to print and sign", folder / "sheets-2026-W47.pdf"),
        ("configuration and store", office),
    ):
        console.print(f"  {what}: {where}", markup=False, soft_wrap=True)
    console.print(f"Look on: mailflow --config {office} status --week 2026-W47", markup=False, soft_wrap=True)
    return settings


def _instant(text: str, settings: Settings) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=settings.office.zone)


class _Stage:
    """Where the scenes are played: it delivers the mails, lets mailflow pass, and tells what came of it."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        running: Servers,
        client: IMAPClient,
        mailbox: Mailbox,
        console: Console,
        letters: Path,
    ) -> None:
        self._desk = desk
        self._settings = settings
        self._post = running.post
        self._client = client
        self._mailbox = mailbox
        self._console = console
        self._letters = letters
        self._ids: dict[str, str] = {}
        self._told = 0
        letters.mkdir(parents=True, exist_ok=True)

    def perform(self) -> None:
        """All scenes, then the week as it stands."""
        for number, scene in enumerate(scenes(), start=1):
            if isinstance(scene, Pass):
                self._pass(scene)
            else:
                self._deliver(scene, number)
        self._standings()

    def _deliver(self, scene: Scene, number: int) -> None:
        director = scene.who == "wang"
        message = EmailMessage(policy=SMTP)
        message["From"] = address(scene.who)
        message["To"] = address(scene.to) if scene.to else DIRECTOR
        message["Subject"] = scene.subject
        when = _instant(scene.at, self._settings)
        message["Date"] = format_datetime(when)
        message["Message-ID"] = f"<demo.{number}@example.com>"
        if scene.answers:
            message["In-Reply-To"] = message["References"] = self._ids[scene.answers]
        for name, value in scene.headers:
            message[name] = value
        message.set_content(scene.text)
        if scene.attachment:
            content = "下周工作计划\n1. 回访客户 12 家\n2. 修订操作手册".encode("gb18030")
            message.add_attachment(content, maintype="text", subtype="plain", filename=scene.attachment)
        folder = "Sent" if director and not scene.forged else "INBOX"
        self._client.append(folder, message.as_bytes(), msg_time=when)
        self._ids[scene.name] = str(message["Message-ID"])
        who = "" if scene.forged and scene.note.startswith("somebody") else names().get(scene.who, "王总") + " "
        note = scene.note.removeprefix(names().get(scene.who, "\x00"))
        line = Text(f"{scene.at[:14]}  ", style="dim")
        line.append(who if scene.note == note else names()[scene.who], style="bold magenta" if director else "bold")
        line.append(note)
        self._console.print(line)

    def _pass(self, moment: Pass) -> None:
        now = _instant(moment.at, self._settings)
        done = one_pass(self._desk, wiring.wires(self._settings), self._mailbox, lambda: now)
        counts = ", ".join(f"{name} {value}" for name, value in done.counts().items() if value)
        self._console.print(Text(f"{moment.at[:14]}  mailflow: {counts}", style="cyan"))
        for recipients, raw in self._post.letters[self._told :]:
            self._letter(recipients, raw)

    def _letter(self, recipients: list[str], raw: bytes) -> None:
        """Tell of one letter, keep it as files, and let the director's own turn up in his INBOX."""
        self._told += 1
        letter = message_from_bytes(raw, policy=policy.default)
        kind, who = str(letter["X-Mailflow"]), recipients[0].partition("@")[0]
        self._ids[f"letter {kind} {who}"] = str(letter["Message-ID"])
        stem = self._letters / f"{self._told:03d}-{kind}-{who}"
        stem.with_suffix(".eml").write_bytes(raw)
        body = letter.get_body(("html",))
        if body is not None:
            stem.with_suffix(".html").write_text(str(body.get_content()), encoding="utf-8")
        for enclosed in letter.iter_attachments():
            (self._letters.parent / str(enclosed.get_filename())).write_bytes(enclosed.get_content())
        if recipients == [DIRECTOR]:
            self._client.append("INBOX", raw)
        line = Text(f"{'':16}→ {kind} ", style="green")
        line.append(f"{names().get(who, recipients[0])}: {letter['Subject']}", style="dim")
        self._console.print(line, no_wrap=True, overflow="ellipsis")

    def _standings(self) -> None:
        now = _instant(_END, self._settings)
        office = self._settings.office
        for label in ("2026-W47", "2026-W48"):
            week = Period.parse(label)
            with self._desk.store.snapshot() as book:
                rows = records.week_rows(book, office, [week], now)
            self._console.print()
            self._console.print(standings(office, week, rows))


def _workbook(desk: Desk, folder: Path) -> Path:
    office = desk.office
    month = Period.parse("2026-11")
    weeks = ledger.month_weeks(office, month)
    now = datetime.fromisoformat(f"2026-{_END}").replace(tzinfo=office.zone)
    with desk.store.snapshot() as book:
        rows = records.month_rows(book, office, month, now)
    target = folder / "month-2026-11.xlsx"
    target.write_bytes(month_workbook(office, month, weeks, rows, Stamp(now, __version__)))
    return target

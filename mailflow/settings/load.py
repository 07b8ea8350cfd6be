"""Reading the folder: `load` gives the settings or one error with every mistake in it."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import chinese_calendar
from pydantic import BaseModel, ValidationError

from mailflow.errors import ConfigurationError, Problem
from mailflow.mail.accounts import ImapAccount, SmtpAccount
from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty
from mailflow.rules.office import Deputy, Office
from mailflow.rules.owing import Leave
from mailflow.rules.people import Person, Roster
from mailflow.rules.periods import Period
from mailflow.rules.review import VerdictWords
from mailflow.rules.scores import ScoreRules
from mailflow.settings.duties import duty_of, whose
from mailflow.settings.kinds import LANGUAGES
from mailflow.settings.models import CalendarModel, ConfigModel
from mailflow.settings.secrets import secret_of
from mailflow.settings.tables import read_leaves, read_roster

_EXPECTED = {
    "missing": "a value for this key, which has no default",
    "extra_forbidden": "only keys that mailflow knows; look for a slip of the pen",
    "string_type": "text in quotation marks",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "list_type": "a list in square brackets",
    "dict_type": "a table in braces",
    "model_type": "a table",
    "date_type": "a date such as 2026-11-01, without quotation marks",
    "datetime_type": "an instant such as 2026-11-01T00:00:00+08:00, without quotation marks",
}
# Strings and comments, which stay as they are, or a bare key with characters beyond ASCII.
_NATIVE_KEY = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'
    r"|([\w-]*[^\W\x00-\x7f][\w-]*)(?=[ \t]*=)",
    re.DOTALL,
)
_SECRET_KEYS = {"password"}
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Settings:
    """A configuration folder, understood."""

    folder: Path
    office: Office
    imap: ImapAccount
    smtp: SmtpAccount
    store_url: str
    state_folders: tuple[Path, ...]
    templates: Path | None
    poll_seconds: int
    per_minute: int | None
    per_person_hour: int
    alarm_after: timedelta
    archive_recipient: str | None
    archive_key: Path
    plain_passwords: tuple[str, ...]
    calendar_years: tuple[int, int]


def load(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in a folder; ConfigurationError with all mistakes when there are any.

    Secrets are looked up when they are needed, so that commands that need no server need no password.
    """
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    config = _toml(folder / "mailflow.toml", ConfigModel, problems)
    director, language = (config.office.director, config.office.language) if config else _said(folder)
    people, leaves = _people(folder, director, language, problems)
    own = folder / "calendar.toml"
    dates = _toml(own, CalendarModel, problems) if own.exists() else CalendarModel()
    if config is None:
        raise ConfigurationError(problems)
    zone = ZoneInfo(config.office.timezone)
    duties = tuple(duty_of(model, whose(n, model, people, problems)) for n, model in enumerate(config.duties, start=1))
    moved = _moved(dates or CalendarModel(), {duty.id: duty for duty in duties}, zone, problems)
    known = {person.id for person in people}
    for number, row in enumerate(config.deputies, start=1):
        if row.person not in known:
            where = f"deputies[{number}].person"
            problems.append(Problem("mailflow.toml", where, repr(row.person), "the id of somebody in the roster"))
    templates = folder / config.office.templates if config.office.templates else None
    if problems:
        raise ConfigurationError(problems)
    start = config.office.start
    since = config.mailbox.since or datetime.combine(start or date.min.replace(year=1970), datetime.min.time(), zone)
    low, high = config.score.scale
    office = Office(
        name=config.office.name,
        language=config.office.language,
        roster=Roster(people, config.office.director),
        duties=duties,
        calendar=Calendar(
            zone, leaves, _working(dates or CalendarModel()), moved, start, known_until=_known_until(dates)
        ),
        scores=ScoreRules(
            low=low,
            high=high,
            month_of_week=config.score.month_of_week,
            missing_counts_as=None if config.score.missing_counts_as == "nothing" else config.score.missing_counts_as,
            late_deduction=config.score.late_deduction,
            missing_deduction=config.score.missing_deduction,
            bands=tuple(sorted(config.score.bands.items(), key=lambda band: -band[1])),
        ),
        since=since if since.tzinfo else since.replace(tzinfo=zone),
        hr=tuple(config.office.hr),
        operators=tuple(config.office.operator),
        grace=timedelta(minutes=config.office.grace_minutes),
        settle=timedelta(minutes=config.office.settle_minutes),
        on_silence=config.review.on_silence,
        deputies=tuple(Deputy(row.person, row.first, row.last) for row in config.deputies),
        hold=timedelta(minutes=config.review.hold_minutes),
        month_latest=config.score.month_latest_day,
        verdict_words=VerdictWords(tuple(config.words.approve), tuple(config.words.revise)),
        trusted_authserv=tuple(name.lower() for name in config.mailbox.trusted_authserv),
        require_pass=config.mailbox.require_pass,
        twin_wait=timedelta(minutes=config.mailbox.twin_minutes),
        sender=parseaddr(config.smtp.sender)[1],
    )
    mailbox, smtp = config.mailbox, config.smtp
    return Settings(
        folder=folder,
        office=office,
        imap=ImapAccount(
            host=mailbox.host,
            port=mailbox.port,
            security=mailbox.security,
            username=mailbox.username,
            secret=secret_of("mailbox", mailbox, folder, environ),
            oauth2=mailbox.auth == "oauth2",
            ca_file=_beside(folder, mailbox.ca_file),
            timeout=mailbox.timeout_seconds,
            inbox=mailbox.inbox,
            sent=mailbox.sent,
            also=tuple(mailbox.also),
        ),
        smtp=SmtpAccount(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            username=smtp.username,
            secret=secret_of("smtp", smtp, folder, environ),
            oauth2=smtp.auth == "oauth2",
            ca_file=_beside(folder, smtp.ca_file),
            timeout=smtp.timeout_seconds,
            sender=smtp.sender,
        ),
        store_url=_store_url(config.store.url, folder),
        state_folders=_state_folders(environ),
        templates=templates,
        poll_seconds=mailbox.poll_seconds,
        per_minute=smtp.per_minute,
        per_person_hour=smtp.per_person_hour,
        alarm_after=timedelta(minutes=mailbox.alarm_minutes),
        archive_recipient=config.archive.recipient,
        archive_key=folder / config.archive.key_file,
        plain_passwords=tuple(name for name, m in (("mailbox", mailbox), ("smtp", smtp)) if m.password is not None),
        calendar_years=_library_years(),
    )


def _toml(path: Path, model: type[M], problems: list[Problem]) -> M | None:
    try:
        data = tomllib.loads(_quoted_keys(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        expected = "this file; `mailflow init` writes a commented one (or name another folder with --config)"
        problems.append(Problem(str(path), "", "nothing", expected))
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        problems.append(Problem(path.name, "", str(fault), "TOML in UTF-8"))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        problems += [_problem(path.name, error) for error in fault.errors(include_url=False)]
        return None


def _said(folder: Path) -> tuple[str, str]:
    """The director's id and the language as far as a broken mailflow.toml says them, to check the other files by."""
    try:
        office = tomllib.loads(_quoted_keys((folder / "mailflow.toml").read_text(encoding="utf-8-sig")))["office"]
        return str(office["director"]), LANGUAGES[0]
    except (OSError, ValueError, KeyError, TypeError):
        return "", LANGUAGES[0]


def _people(
    folder: Path, director: str, language: str, problems: list[Problem]
) -> tuple[tuple[Person, ...], tuple[Leave, ...]]:
    """The roster and everybody's leave; without a director's id in sight nothing is said of it."""
    rosters = [folder / name for name in ("roster.csv", "roster.xlsx") if (folder / name).exists()]
    if len(rosters) != 1:
        found = "roster.csv and roster.xlsx" if rosters else "neither roster.csv nor roster.xlsx"
        problems.append(Problem(str(folder), "", found, "one of the two"))
        return (), ()
    people = read_roster(rosters[0], director, language, problems)
    leave_file = folder / "leave.csv"
    leaves = read_leaves(leave_file, {p.id for p in people}, problems) if leave_file.exists() else ()
    return people, leaves


def _quoted_keys(text: str) -> str:
    """The TOML with its Chinese keys in quotation marks: `优秀 = 90` is what people write, and TOML wants `"优秀"`."""
    return _NATIVE_KEY.sub(lambda match: f'"{match[1]}"' if match[1] else match[0], text)


def _problem(file: str, error: Mapping[str, object]) -> Problem:
    location = error["loc"]
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    where = "".join(f"[{int(part) + 1}]" if part.isdigit() else f".{part}" for part in parts).lstrip(".")
    kind, message = str(error["type"]), str(error["msg"])
    given = error.get("input")
    if kind == "missing":
        found = "nothing"
    elif kind == "extra_forbidden":
        found = "an unknown key"
    elif _SECRET_KEYS & set(parts):
        found = "a value (not shown)"
    elif isinstance(given, dict | BaseModel):
        found = "this table"
    else:
        found = repr(given)
    return Problem(file, where, found, _EXPECTED.get(kind, message.removeprefix("Value error, ")))


def _moved(
    dates: CalendarModel, duties: Mapping[str, Duty], zone: ZoneInfo, problems: list[Problem]
) -> dict[tuple[str, str], datetime]:
    moved = {}
    for number, row in enumerate(dates.cutoffs, start=1):
        where = f"cutoffs[{number}]"
        if row.duty not in duties:
            problems.append(Problem("calendar.toml", f"{where}.duty", repr(row.duty), f"one of {', '.join(duties)}"))
            continue
        try:
            period = Period.parse(row.period)
        except ValueError as fault:
            problems.append(Problem("calendar.toml", f"{where}.period", repr(row.period), str(fault)))
            continue
        moved[row.duty, period.label] = row.at if row.at.tzinfo else row.at.replace(tzinfo=zone)
    return moved


def _library_years() -> tuple[int, int]:
    """The first and the last year whose public holidays the calendar library knows."""
    years = sorted({day.year for day in chinese_calendar.holidays})
    return years[0], years[-1]


def _known_until(dates: CalendarModel | None) -> int:
    """The last year whose public holidays are known: the library's, or a later one that the office lists itself."""
    own = [day.year if isinstance(day, date) else day.last.year for day in (dates.holidays if dates else ())]
    return max([_library_years()[1], *own])


def _working(dates: CalendarModel) -> dict[date, bool]:
    """The days apart from the ordinary five: the state's, with the office's own above them."""
    working = dict.fromkeys(chinese_calendar.holidays, False)
    working |= dict.fromkeys(chinese_calendar.workdays, True)
    for holiday in dates.holidays:
        if isinstance(holiday, date):
            working[holiday] = False
            continue
        for n in range((holiday.last - holiday.first).days + 1):
            working[holiday.first + timedelta(days=n)] = False
    return working | dict.fromkeys(dates.workdays, True)


def _state_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where what this machine must know of all configurations can lie, the best first (XDG base directories, systemd's
    StateDirectory)."""
    if given := environ.get("MAILFLOW_STATE"):
        return (Path(given),)
    named = [environ.get("STATE_DIRECTORY", "").partition(":")[0]]
    home = environ.get("HOME", "")
    base = environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    named.append(f"{base}/mailflow" if base else "")
    return (*(Path(name) for name in named if name), Path(tempfile.gettempdir()) / f"mailflow-{os.getuid()}")


def _beside(folder: Path, name: str | None) -> Path | None:
    return folder / name if name else None


def _store_url(url: str, folder: Path) -> str:
    """The URL with a relative SQLite file made relative to the configuration folder."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and ":memory:" not in url:
        return prefix + str((folder / url.removeprefix(prefix)).resolve())
    return url

"""The shape of `mailflow.toml`, as pydantic models: unknown keys and wrong types are errors."""

from __future__ import annotations

import ipaddress
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mailflow.rules.duties import Moment, Review, Reviewer
from mailflow.rules.periods import WEEKDAYS, PeriodKind
from mailflow.wire import ascii_host, bare_address

LANGUAGES = ("zh-CN", "zh-TW", "en")
_TITLES = {
    "plan": ("周工作计划", "週工作計劃", "weekly plan"),
    "summary": ("周工作总结", "週工作總結", "weekly summary"),
    "log": ("工作日志", "工作日誌", "daily log"),
    "month's plan": ("月工作计划", "月工作計劃", "monthly plan"),
    "month's summary": ("月工作总结", "月工作總結", "monthly summary"),
}
# What a duty is called whose `name` isn't given: by what it is, and where that leaves it open, by a well-known id.
_TITLE_OF = {
    (PeriodKind.WEEK, Review.APPROVE): "plan",
    (PeriodKind.WEEK, Review.SCORE): "summary",
    (PeriodKind.DAY, Review.NONE): "log",
    (PeriodKind.MONTH, Review.APPROVE): "month's plan",
    (PeriodKind.MONTH, Review.SCORE): "month's summary",
}
_TITLE_OF_ID = {
    "weekly-plan": "plan",
    "weekly-summary": "summary",
    "daily-log": "log",
    "monthly-plan": "month's plan",
    "monthly-summary": "month's summary",
}


def duty_titles(duty_id: str, period: PeriodKind, review: Review) -> dict[str, str]:
    """The titles by language of a duty that was given none; empty where nothing says what it is."""
    title = _TITLE_OF_ID.get(duty_id) or _TITLE_OF.get((period, review))
    return dict(zip(LANGUAGES, _TITLES[title], strict=True)) if title else {}


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone's name such as Asia/Shanghai") from None
    return value


def address(value: str) -> str:
    """The value as an address as we compare and write it; ValueError when it is none.

    What a Chinese input method or a copied cell leaves in it (full-width letters, zero-width characters) is mended, and
    a domain beyond ASCII becomes what is asked for (`xn--`).
    """
    value = plain(value)
    _, found = parseaddr(value)
    host = found.rpartition("@")[2]
    if found != value.strip() or found.count("@") != 1 or not all(found.split("@")) or any(map(str.isspace, found)):
        raise ValueError("an address such as name@example.com")
    if not ascii_host(host):
        raise ValueError(f"an address such as name@example.com; {host!r} is no domain")
    return bare_address(found)


def plain(text: str) -> str:
    """Text in half-width characters, without those that can't be seen."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def _sender(value: str) -> str:
    if not parseaddr(value)[1].count("@") == 1 or "\n" in value or "\r" in value:
        raise ValueError("a sender such as 运营总监 <wang@example.com>")
    return value


Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(address)]
Language = Literal["zh-CN", "zh-TW", "en"]
Security = Literal["tls", "starttls", "none"]
Word = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """No unknown keys, no silent conversions from text to numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OfficeModel(Strict):
    name: str
    timezone: Zone = "Asia/Shanghai"
    language: Language = "zh-CN"
    director: str
    hr: list[Address] = []
    operator: list[Address] = []
    templates: str | None = None
    start: date | None = None
    grace_minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    settle_minutes: Annotated[int, Field(ge=0, le=1440)] = 15


class OauthModel(Strict):
    """How to get access tokens: Microsoft's client credentials, or Google's refresh token."""

    provider: Literal["microsoft", "google"]
    client_id: Word
    client_secret_env: str | None = None
    client_secret_file: str | None = None
    refresh_token_env: str | None = None
    refresh_token_file: str | None = None
    tenant: str | None = None
    endpoint: str | None = None
    scope: str | None = None
    ca_file: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> OauthModel:
        if not (self.client_secret_env or self.client_secret_file):
            raise ValueError("client_secret_env or client_secret_file")
        if self.provider == "microsoft" and not self.tenant:
            raise ValueError("tenant = the directory's id")
        if self.provider == "google" and not (self.refresh_token_env or self.refresh_token_file):
            raise ValueError("refresh_token_env or refresh_token_file")
        return self


class ServerModel(Strict):
    """What [mailbox] and [smtp] share: where the server is and how to log in."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Security = "tls"
    ca_file: str | None = None
    username: str | None = None
    auth: Literal["password", "oauth2"] = "password"
    password_env: str | None = None
    password_file: str | None = None
    password: str | None = Field(default=None, repr=False)
    token_command: list[str] | None = None
    oauth2: OauthModel | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 60

    @model_validator(mode="after")
    def _sound(self) -> ServerModel:
        if self.security == "none" and not _is_this_machine(self.host):
            raise ValueError("security = tls or starttls: without it the password would cross the network in clear")
        given = [k for k in ("password_env", "password_file", "password") if getattr(self, k) is not None]
        if len(given) > 1:
            raise ValueError(f"one of password_env, password_file and password, not {' and '.join(given)}")
        if self.auth == "oauth2" and not (self.token_command or self.oauth2):
            raise ValueError(
                'auth = "oauth2" needs a table oauth2, or token_command = ["program", "argument"] that prints a token'
            )
        return self


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class MailboxModel(ServerModel):
    username: str
    inbox: str = "INBOX"
    sent: str = "auto"
    also: list[Word] = []
    since: datetime | None = None
    poll_seconds: Annotated[int, Field(ge=1, le=86400)] = 60
    alarm_minutes: Annotated[int, Field(ge=1, le=10080)] = 15
    trusted_authserv: list[str] = []
    require_pass: bool = False
    twin_minutes: Annotated[int, Field(ge=0, le=1440)] = 5


class SmtpModel(ServerModel):
    sender: Annotated[str, Field(alias="from"), AfterValidator(_sender)]
    per_minute: Annotated[int, Field(ge=1)] | None = None
    per_person_hour: Annotated[int, Field(ge=1)] = 30


class StoreModel(Strict):
    url: str = "sqlite:///mailflow.db"


Number = Annotated[Decimal, Field(strict=False)]


class ScoreModel(Strict):
    scale: Annotated[list[Number], Field(min_length=2, max_length=2)] = [Decimal(0), Decimal(100)]
    month_of_week: Literal[WEEKDAYS] = "saturday"  # type: ignore[valid-type]
    missing_counts_as: Number | Literal["nothing"] = Decimal(0)
    late_deduction: Annotated[Number, Field(ge=0)] = Decimal(0)
    missing_deduction: Annotated[Number, Field(ge=0)] = Decimal(0)
    bands: dict[str, Number] = {}
    month_latest_day: Annotated[int, Field(ge=0, le=28)] = 10

    @model_validator(mode="after")
    def _ordered(self) -> ScoreModel:
        if self.scale[0] >= self.scale[1]:
            raise ValueError("scale = [lowest, highest] with the lowest first")
        return self


class ReviewModel(Strict):
    on_silence: Literal["remind", "approve"] = "remind"
    hold_minutes: Annotated[int, Field(ge=0, le=1440)] = 0


class DeputyModel(Strict):
    person: Word
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]

    @model_validator(mode="after")
    def _ordered(self) -> DeputyModel:
        if self.last < self.first:
            raise ValueError("from = the first day and to = the last, not before it")
        return self


class ArchiveModel(Strict):
    """The office's key for its archives: a recipient to encrypt to, and the file of the identity that opens them."""

    recipient: str | None = None
    key_file: str = "archive.key"


class WordsModel(Strict):
    """Words that an office adds to those that carry a verdict."""

    approve: list[Word] = []
    revise: list[Word] = []


class DutyModel(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str | dict[Language, str] | None = None
    period: Annotated[PeriodKind, Field(strict=False)]
    due: str
    review: Annotated[Review, Field(strict=False)] = Review.NONE
    review_due: str | None = None
    words: list[Word] = []
    remind_hours: list[Annotated[int, Field(ge=1, le=168)]] = [3]
    nudges: list[str] | None = None
    reviewer: Annotated[Reviewer, Field(strict=False)] = Reviewer.DIRECTOR

    @model_validator(mode="after")
    def _moments(self) -> DutyModel:
        for text in (self.due, self.review_due, *(self.nudges or ())):
            if text:
                Moment.parse(text, self.period)
        return self


DEFAULT_DUTIES = [
    DutyModel.model_validate(row)
    for row in (
        {
            "id": "weekly-plan",
            "period": "week",
            "due": "previous saturday 21:00",
            "review": "approve",
            "review_due": "monday 09:00",
        },
        {
            "id": "weekly-summary",
            "period": "week",
            "due": "saturday 21:00",
            "review": "score",
            "review_due": "next tuesday 12:00",
        },
    )
]


class ConfigModel(Strict):
    """The whole of mailflow.toml."""

    office: OfficeModel
    mailbox: MailboxModel
    smtp: SmtpModel
    store: StoreModel = StoreModel()
    score: ScoreModel = ScoreModel()
    review: ReviewModel = ReviewModel()
    words: WordsModel = WordsModel()
    archive: ArchiveModel = ArchiveModel()
    duties: Annotated[list[DutyModel], Field(min_length=1)] = DEFAULT_DUTIES
    deputies: list[DeputyModel] = []

    @model_validator(mode="after")
    def _distinct(self) -> ConfigModel:
        ids = [duty.id for duty in self.duties]
        if len(set(ids)) < len(ids):
            raise ValueError("every duty with an id of its own")
        return self


class HolidayModel(Strict):
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class CutoffModel(Strict):
    duty: str
    period: str
    at: datetime


class CalendarModel(Strict):
    """The whole of calendar.toml."""

    holidays: list[date | HolidayModel] = []
    workdays: list[date] = []
    cutoffs: list[CutoffModel] = []

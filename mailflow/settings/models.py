"""The shape of `mailflow.toml`, as pydantic models: unknown keys and wrong types are errors."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mailflow.rules.periods import WEEKDAYS
from mailflow.settings.duties import DEFAULT_DUTIES, DutyModel
from mailflow.settings.kinds import Address, Language, Number, Security, Sender, Strict, Word, Zone


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
    sender: Annotated[Sender, Field(alias="from")]
    per_minute: Annotated[int, Field(ge=1)] | None = None
    per_person_hour: Annotated[int, Field(ge=1)] = 30


class StoreModel(Strict):
    url: str = "sqlite:///mailflow.db"


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

    @model_validator(mode="after")
    def _known(self) -> ConfigModel:
        ids = {duty.id for duty in self.duties}
        for duty in self.duties:
            if duty.against and duty.against not in ids - {duty.id}:
                raise ValueError(f"against = the id of another duty, such as {', '.join(sorted(ids - {duty.id}))}")
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

"""The configuration folder: what is right is understood, and all that is wrong is said at once."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from mailflow.errors import ConfigurationError
from mailflow.rules.owing import Excuse
from mailflow.rules.people import Role
from mailflow.rules.periods import Period
from mailflow.settings import load
from mailflow.shipped import example_config
from tests.office import CONFIG, ROSTER


def configured(folder: Path, config: str = "", roster: str | bytes = ROSTER, **parts: str) -> Path:
    values = {"imap": 1, "smtp": 1, "security": "none", "ca": "", "user": "wang", "store": "sqlite:///mailflow.db"}
    filled = CONFIG.format(
        **values, **{n: parts.get(n, "") for n in ("start", "office", "mailbox", "smtp_extra", "tail")}
    )
    (folder / "mailflow.toml").write_text(config or filled, encoding="utf-8")
    raw = roster.encode() if isinstance(roster, str) else roster
    (folder / "roster.csv").write_bytes(raw)
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, {})
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_example_is_sound() -> None:
    office = load(example_config(), {}).office
    assert [duty.id for duty in office.duties] == ["weekly-plan", "weekly-summary"]
    assert office.roster.director.id == "wang"


def test_chinese_keys_need_no_quotation_marks(tmp_path: Path) -> None:
    bands = load(configured(tmp_path), {}).office.scores.bands
    assert [name for name, _ in bands] == ["优秀", "良好", "合格", "不合格"]


def test_every_mistake_is_said_at_once_with_file_key_found_and_expected(tmp_path: Path) -> None:
    config = """
[office]
name = "x"
timezone = "Mars/Base"
director = 7
colour = "red"
[mailbox]
host = "imap.example.com"
port = "993"
security = "none"
username = "wang"
password = "hunter2"
[smtp]
host = "127.0.0.1"
port = 465
from = "nobody"
[[duties]]
id = "weekly-plan"
period = "week"
due = "saturday 9pm"
"""
    roster = ROSTER + "nobody,无名,not-an-address,,,,,,,\n"
    said = problems(configured(tmp_path, config.replace("director = 7", "director = 7\nnames = 1"), roster))
    text = "\n".join(said)
    for part in (
        "mailflow.toml: office.timezone: found 'Mars/Base'; expected a time zone",
        "mailflow.toml: office.director: found 7; expected text in quotation marks",
        "mailflow.toml: office.colour: found an unknown key",
        "mailflow.toml: mailbox.port: found '993'; expected a whole number",
        "mailflow.toml: smtp.from: found 'nobody'; expected a sender",
        "roster.csv: row 7, email: found 'not-an-address'",
        "mailflow.toml: duties[1]: found this table; expected 'saturday 9pm' is no moment",
    ):
        assert part in text, (part, text)
    assert "hunter2" not in text


def test_clear_text_to_another_machine_is_refused(tmp_path: Path) -> None:
    folder = configured(tmp_path)
    path = folder / "mailflow.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('host = "127.0.0.1"', 'host = "imap.example.com"'), encoding="utf-8"
    )
    assert any("security = tls" in said for said in problems(folder))


def test_every_mistake_of_the_roster_names_its_row(tmp_path: Path) -> None:
    roster = """id,name,email,aliases,role,supervisor,joined,language
wang,王总,wang@example.com,,director,,,
zhangsan,张三,zhangsan@example.com,,staff,nobody,2026-13-01,
zhangsan,,not-an-address,wang@example.com,boss,,,fr
"""
    said = problems(configured(tmp_path, roster=roster))
    for part in (
        "row 3, supervisor",
        "row 3, joined",
        "row 4, id",
        "row 4, name",
        "row 4, email",
        "row 4, aliases",
        "row 4, role",
        "row 4, language",
    ):
        assert any(f"roster.csv: {part}" in line for line in said), (part, said)
    assert any("row 2 has it too" in line for line in said)


def test_a_roster_without_the_director_is_an_error(tmp_path: Path) -> None:
    assert any(
        "'wang'" in line
        for line in problems(configured(tmp_path, roster="id,name,email\nlisi,李四,lisi@example.com\n"))
    )


CHINESE = "编号,姓名,邮箱,别名邮箱,部门,角色,主管,入职,离职,语言\nwang,王总,wang@example.com,,,总监,,,,\nlisi,李喆,lisi@example.com,a@example.com;b@example.com,运营部,,wang,2024/3/1,,en\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_in_chinese_as_excel_saves_it(tmp_path: Path, encoding: str) -> None:
    roster = load(configured(tmp_path, roster=CHINESE.encode(encoding)), {}).office.roster
    person = roster.by_address("B@example.com")
    assert person is not None
    assert (person.name, person.department, person.language, str(person.joined)) == (
        "李喆",
        "运营部",
        "en",
        "2024-03-01",
    )
    assert roster.director.role is Role.DIRECTOR


def test_a_roster_as_a_workbook(tmp_path: Path) -> None:
    folder = configured(tmp_path)
    (folder / "roster.csv").unlink()
    book = openpyxl.Workbook()
    for line in CHINESE.splitlines():
        book.active.append(line.split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    (folder / "roster.xlsx").write_bytes(buffer.getvalue())
    assert [person.id for person in load(folder, {}).office.roster.people] == ["wang", "lisi"]


def test_leave_and_the_office_s_own_calendar(tmp_path: Path) -> None:
    folder = configured(tmp_path)
    (folder / "leave.csv").write_text("编号,开始,结束,事由\nzhangsan,2026-11-23,2026-11-27,年假\n", encoding="utf-8")
    (folder / "calendar.toml").write_text(
        'holidays = [2026-12-07, {from = 2026-12-08, to = 2026-12-11}]\n[[cutoffs]]\nduty = "weekly-plan"\nperiod = "2026-W50"\nat = 2026-12-04T18:00:00\n',
        encoding="utf-8",
    )
    office = load(folder, {}).office
    zhangsan, lisi = office.roster.get("zhangsan"), office.roster.get("lisi")
    assert zhangsan is not None
    assert lisi is not None
    plan = office.duties[0]
    assert office.calendar.excuse(zhangsan, plan, Period.parse("2026-W48")) is Excuse.LEAVE
    assert office.calendar.excuse(lisi, plan, Period.parse("2026-W48")) is None
    assert office.calendar.excuse(lisi, plan, Period.parse("2026-W50")) is Excuse.REST
    assert office.calendar.excuse(lisi, plan, Period.parse("2026-W41")) is None, "10 October 2026 is a make-up day"
    assert office.calendar.excuse(lisi, plan, Period.parse("2026-W08")) is Excuse.REST, "the Spring Festival of 2026"
    assert office.calendar.cutoff(plan, Period.parse("2026-W50")).isoformat() == "2026-12-04T18:00:00+08:00"


def test_mistakes_in_leave_and_calendar_are_said_too(tmp_path: Path) -> None:
    folder = configured(tmp_path)
    (folder / "leave.csv").write_text("id,from,to\nnobody,2026-11-23,2026-11-22\n", encoding="utf-8")
    (folder / "calendar.toml").write_text(
        '[[cutoffs]]\nduty = "x"\nperiod = "2026-W50"\nat = 2026-12-04T18:00:00\n', encoding="utf-8"
    )
    said = "\n".join(problems(folder))
    for part in ("leave.csv: row 2, id", "leave.csv: row 2, to", "calendar.toml: cutoffs[1].duty"):
        assert part in said


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    said = problems(tmp_path)
    assert "mailflow init" in said[0]
    assert "roster.csv" in said[1]


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "imap.password").write_text("hunter2\n", encoding="utf-8")
    folder = configured(tmp_path)
    path = folder / "mailflow.toml"
    text = path.read_text(encoding="utf-8").replace(
        'password_env = "MAILFLOW_IMAP_PASSWORD"', 'password_file = "imap.password"'
    )
    path.write_text(text, encoding="utf-8")
    settings = load(folder, {})
    assert settings.imap.secret is not None
    assert settings.imap.secret.reveal() == "hunter2"
    assert "hunter2" not in repr(settings)

"""The office of the demo: a dozen invented people, and the configuration folder they work in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

DIRECTOR = "wang@example.com"
_PEOPLE = (
    ("zhang", "张三", "运营部", "zh-CN"),
    ("li", "李四", "运营部", "zh-CN"),
    ("zhao", "赵六", "运营部", "zh-CN"),
    ("qian", "钱七", "运营部", "zh-CN"),
    ("sun", "孙八", "市场部", "zh-CN"),
    ("zhou", "周九", "市场部", "zh-CN"),
    ("wu", "吴十", "市场部", "zh-CN"),
    ("zheng", "鄭一", "台北辦事處", "zh-TW"),
    ("feng", "冯二", "客服部", "zh-CN"),
    ("chen", "陈甲", "客服部", "zh-CN"),
    ("chu", "褚乙", "客服部", "zh-CN"),
    ("smith", "Jo Smith", "Export", "en"),
)
_CONFIG = """# The demo's office. Its mail servers are gone when the demo ends; what it booked is in mailflow.db.
[office]
name = "运营部"
timezone = "Asia/Shanghai"
director = "wang"
hr = ["hr@example.com"]
operator = ["it@example.com"]
start = 2026-11-16

[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{user}"
password = "{password}"
since = 2026-11-09T00:00:00+08:00

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
from = "运营总监 <{director}>"

[score]
late_deduction = 1.0
bands = {{ "优秀" = 90, "良好" = 80, "合格" = 60, "不合格" = 0 }}
"""


def address(person: str) -> str:
    """The address of one of the cast."""
    return f"{person}@example.com"


def names() -> dict[str, str]:
    """Everybody's name by id."""
    return {person: name for person, name, _, _ in _PEOPLE}


def write_configuration(folder: Path, imap: int, smtp: int, user: str, password: str) -> None:
    """The configuration folder of the demo's office."""
    folder.mkdir(parents=True, exist_ok=True)
    config = _CONFIG.format(imap=imap, smtp=smtp, user=user, password=password, director=DIRECTOR)
    (folder / "mailflow.toml").write_text(config, encoding="utf-8")
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["id", "name", "email", "department", "role", "language"])
    rows.writerow(["wang", "王总", DIRECTOR, "管理层", "director", "zh-CN"])
    rows.writerows([person, name, address(person), unit, "staff", tongue] for person, name, unit, tongue in _PEOPLE)
    (folder / "roster.csv").write_text(out.getvalue(), encoding="utf-8")
    (folder / "leave.csv").write_text("id,from,to,reason\nwu,2026-11-16,2026-11-27,年假\n", encoding="utf-8")

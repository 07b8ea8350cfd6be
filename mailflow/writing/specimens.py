"""A specimen of each kind of letter: doctor tries the office's templates on them, and so do the tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from mailflow.rules.duties import Duty
from mailflow.rules.office import Office
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period, PeriodKind, month_of
from mailflow.rules.submission import Judged, Standing
from mailflow.writing import notice, notices, to_deciders
from mailflow.writing.notice import Notice
from mailflow.writing.reasons import WHY

_TEXT = "1. 回访客户 20 家\n序号\t内容\t完成时间\n1\t整理台账\t周三\n<b>=SUM(1)</b>"
_TITLE = "下周计划"


def specimens(office: Office) -> list[Notice]:
    """One notice of every kind, with awkward texts in it."""
    duty = office.duties[0]
    period = Period.parse("2026-W48") if duty.period is PeriodKind.WEEK else Period.of(duty.period, date(2026, 11, 23))
    person = next(iter(office.roster.staff), Person("zhangsan", "张三", "zhangsan@example.com", role=Role.STAFF))
    return _all(office, person, duty, period)


def _all(office: Office, person: Person, duty: Duty, period: Period) -> list[Notice]:
    name, director, zone = office.name, office.roster.director, office.zone
    at = datetime(2026, 11, 21, 21, 0, 12, tzinfo=zone)
    cutoff = at.replace(second=0)
    late = timedelta(hours=1, seconds=12)
    item = notice.Item(duty, period, cutoff, 2, Standing.LATE, late, period.shift(1))
    problems = [("计划.docx", "encrypted")]
    attachment = {"filename": "计划.xlsx", "text": "序号\t内容\n1\t回访", "problem": "", "picture": ""}
    rows = [
        to_deciders.DigestRow(
            duty, period, Standing.LATE, late, "received", "", 2, at, _TEXT, [attachment], [("picture1", "计划.jpg")],
            cutoff - late, _TEXT, ("88", "90"), "ABCDEFGHIJKLMNOP", "Junk",
        ),
        to_deciders.DigestRow(duty, period, Standing.EXCUSED, timedelta(0), "excused", "leave"),
    ]  # fmt: skip
    totals = {standing.value: n for n, standing in enumerate(Standing)}
    due = to_deciders.DigestDue(duty, period, at, totals)
    people = [to_deciders.DigestPerson(n, person, [row], [row, None]) for n, row in enumerate(rows, start=1)]
    open_item = to_deciders.OpenItem(
        person, duty, period, 2, at, Judged(Standing.LATE, late), at, (_TEXT, at), 3, "QV7UATSKDBOFBVZB"
    )
    settled = [
        to_deciders.SettledRow(person.name, duty, period, "approve", None, _TEXT, "revising"),
        to_deciders.SettledRow(person.name, duty, period, "score", Decimal("92.50"), ""),
    ]
    doubtful = [(_TEXT, why) for why in WHY]
    candidate = to_deciders.Candidate(person.name, duty, period, 1, at)
    codes = " [#K7Q2MD]"
    low, high = office.scores.low, office.scores.high
    month = month_of(period, office.scores.month_of_week)
    return [
        notices.Receipt(
            name,
            director,
            person,
            [item],
            at,
            codes,
            "周工作计划 2026-W48",
            cutoff - late,
            True,
            None,
            problems,
            "Junk",
        ),
        notices.Receipt(name, director, person, [item], at, codes, "周工作计划 2026-W48", corrects=(duty, period)),
        notices.Receipt(name, director, person, [], at, codes, "周工作计划 2026-W48", corrects=(duty, period)),
        notices.Unreadable(name, director, person, [item], at, _TITLE, problems),
        notices.Missing(name, director, person, [item]),
        notices.Approval(name, director, person, duty, period, 2, "注意成本", at, codes),
        notices.Revision(name, director, person, duty, period, 2, _TEXT, at, cutoff, codes),
        notices.Score(
            name,
            director,
            person,
            duty,
            period,
            1,
            Decimal("92.50"),
            high,
            "优秀",
            _TEXT,
            at,
            month,
            Decimal(88),
            codes,
        ),
        to_deciders.Clarify(
            name,
            director,
            person,
            duty,
            period,
            "unclear",
            _TEXT,
            at,
            [candidate],
            True,
            True,
            low,
            high,
            codes,
            [to_deciders.Proposal("score", Decimal("92.50"), "回访", "得分：92.5 回访")],
            "ABCDEFGHIJKLMNOP",
            _TEXT,
            director.email,
        ),
        to_deciders.Nudge(name, director, [open_item], [open_item], director.email),
        to_deciders.Reopened(name, director, person, duty, period, 2, at, _TEXT, codes),
        notices.Reminder(name, director, person, [item]),
        to_deciders.Settled(
            name, director, at, settled, doubtful, (person.name, at.date(), at.date()), settled, [open_item]
        ),
        to_deciders.ClarifyLines(
            name,
            director,
            at,
            [(words, why, ["3号 92"], []) for words, why in doubtful],
            3,
            [(person.name, person.id, "")],
            low,
            high,
            director.email,
            ["免 2026-W48"],
            "3号 92",
            "ABCDEFGHIJKLMNOP",
        ),
        to_deciders.Unproved(
            name,
            director,
            [to_deciders.UnprovedMail(at, _TEXT, True), to_deciders.UnprovedMail(at, "", False)],
            3,
            [to_deciders.OpenRow(n, person.name, duty, period, 2) for n in (1, 2)],
            low,
            high,
            from_inbox=[
                notice.TakenFromInbox(person.name, duty, period, "score", Decimal("92.50"), director.name, at),
                notice.TakenFromInbox(person.name, duty, period, "approve", None, director.name, at),
            ],
        ),
        to_deciders.Digest(
            name,
            director,
            cutoff,
            [due],
            people,
            totals,
            director.email,
            1,
            low,
            high,
            [to_deciders.SetAside(at, "wang", "同意", "fault")],
            2027,
            True,
        ),
        notices.Sheets(name, director, period, 30, True, ["sheets.pdf"]),
        notices.Monthly(name, director, month, 30, [period], 2, "0a1b", ["month.xlsx"]),
        notices.Correction(
            name, director, month, 1, [notices.Change(person.name, "x", "88", "90")], "0a1b", ["m.xlsx"]
        ),
        to_deciders.Refused(name, director, [to_deciders.SetAside(at, "wang", _TITLE, "fault")]),
        *(notices.Alert(name, director, topic, ["7: 2026-11-21"]) for topic in notices.ALERTS),
    ]

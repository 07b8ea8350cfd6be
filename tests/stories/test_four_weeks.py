"""Four weeks and a month's end for thirty people, on Dovecot through the command line; the director answers in all four ways."""

from __future__ import annotations

import io
import random
import re
from decimal import Decimal
from email.message import EmailMessage
from urllib.parse import parse_qs, urlparse

import openpyxl
import pytest

from mailflow.reading.opening.attachments import read_attachment
from mailflow.reading.opening.letter import Part
from tests.office import Office, html_of, mail, message_id, text_of
from tests.stories.test_month import calculated

DIRECTOR = "wang@example.com"
PEOPLE = [(f"p{n:02d}", f"职员{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'一二三'[n // 10]}") for n in range(30)]
ROSTER = "id,name,email,department,role\nwang,王总,wang@example.com,管理层,director\n" + "".join(
    f"{who},{name},{who}@example.com,{'运营部' if n % 2 else '市场部'},staff\n" for n, (who, name) in enumerate(PEOPLE)
)
# The Fridays on which everybody mails, the week summed up, and the week planned.
FRIDAYS = [("08-28", None, 36), ("09-04", 36, 37), ("09-11", 37, 38), ("09-18", 38, 39), ("09-25", 39, 40)]
SATURDAYS = ["08-29", "09-05", "09-12", "09-19", "09-26"]
SUNDAYS = ["08-30", "09-06", "09-13", "09-20", "09-27"]


class Play:
    """What happens, and what should come of it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.dice = random.Random(7)
        self.mails: dict[tuple[str, str, int], bytes] = {}
        self.scores: dict[tuple[str, int], Decimal] = {}
        self.missing: set[tuple[str, str, int]] = set()
        self.late: set[tuple[str, str, int]] = set()
        self.to_come: list[bytes] = []

    def everybody_mails(self, round_: int) -> None:
        day, summed, planned = FRIDAYS[round_]
        for who, _ in PEOPLE:
            for duty, week, word in (("s", summed, "工作总结"), ("p", planned, "工作计划")):
                if week is None:
                    continue
                fate = self.dice.random()
                raw = mail(f"{who}@example.com", DIRECTOR, f"第{week}周{word}", f"1. {who} 回访客户\n2. 整理台账")
                if fate < 0.06:
                    self.missing.add((who, duty, week))
                    continue
                if fate < 0.12:
                    self.late.add((who, duty, week))
                    self.to_come.append(raw)
                else:
                    self.office.staff_mail(f"{day} 16:00", raw)
                self.mails[who, duty, week] = raw

    def the_late_mail(self, round_: int) -> None:
        for raw in self.to_come:
            self.office.staff_mail(f"{SATURDAYS[round_]} 21:05", raw)
        self.to_come.clear()

    def score(self, who: str, week: int) -> Decimal:
        found = Decimal(self.dice.randrange(120, 201)) / 2
        self.scores[who, week] = found
        return found

    def open_of(self, round_: int) -> list[tuple[str, str, int]]:
        """What waits for him after the cutoff of that round, in the digest's order."""
        _, summed, planned = FRIDAYS[round_]
        return [
            key
            for key in self.mails
            if key[2:] in ((summed,), (planned,)) and key[1:] in (("s", summed), ("p", planned))
        ]

    def by_replies(self, round_: int) -> None:
        for who, duty, week in self.open_of(round_):
            words = "同意" if duty == "p" else f"{self.score(who, week)}分"
            original = self.mails[who, duty, week]
            answer = mail(DIRECTOR, f"{who}@example.com", "回复：周报", words, reply_to=message_id(original))
            self.office.director_sends(f"{SUNDAYS[round_]} 10:00", answer)

    def by_lines(self, round_: int, digest: EmailMessage) -> None:
        lines = ["全部同意"]
        for who, duty, week in self.open_of(round_):
            if duty == "s":
                lines.append(f"{dict(PEOPLE)[who]} {self.score(who, week)} 继续努力")
        answer = mail(DIRECTOR, DIRECTOR, "回复：汇总", "\n".join(lines), reply_to=str(digest["Message-ID"]))
        self.office.director_sends(f"{SUNDAYS[round_]} 10:00", answer)

    def by_links(self, round_: int, digest: EmailMessage) -> None:
        subjects = []
        for link in re.findall(r'href="(mailto:[^"]+)"', html_of(digest)):
            query = parse_qs(urlparse(link.replace("&amp;", "&")).query)
            subjects.append((query["subject"][0], query["body"][0]))
        for who, duty, week in self.open_of(round_):
            label, word = ("打分", "周工作总结") if duty == "s" else ("同意", "周工作计划")
            start = f"{label}：{dict(PEOPLE)[who]} {word} 2026年第{week}周 "
            subject, body = next(pair for pair in subjects if pair[0].startswith(start))
            words = body + (str(self.score(who, week)) if duty == "s" else "")
            self.office.director_sends(f"{SUNDAYS[round_]} 10:00", mail(DIRECTOR, DIRECTOR, subject, words))

    def by_workbook(self, round_: int, digest: EmailMessage) -> None:
        attached = next(digest.iter_attachments())
        book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
        sheet = book.active
        column = {cell.value: cell.column for cell in sheet[1]}
        ids = {name: who for who, name in PEOPLE}
        for row in range(2, sheet.max_row + 1):
            who = ids[sheet.cell(row, column["姓名"]).value]
            if sheet.cell(row, column["事项"]).value == "周工作计划":
                sheet.cell(row, column["决定"], "同意")
            else:
                week = int(str(sheet.cell(row, column["周期"]).value)[-2:])
                sheet.cell(row, column["得分"], float(self.score(who, week)))
                sheet.cell(row, column["意见"], "数据清楚")
        out = io.BytesIO()
        book.save(out)
        files = [("评审结果.xlsx", out.getvalue())]
        answer = mail(DIRECTOR, DIRECTOR, "Re: 汇总", "见附件", reply_to=str(digest["Message-ID"]), attachments=files)
        self.office.director_sends(f"{SUNDAYS[round_]} 10:00", answer)


def recipients(letters: list[EmailMessage]) -> list[str]:
    return sorted(str(letter["To"].addresses[0].addr_spec).partition("@")[0] for letter in letters)


@pytest.mark.timeout(1800)
def test_four_weeks_and_a_month_s_end_for_thirty_people(office: Office) -> None:
    office.configure(roster=ROSTER, office="start = 2026-08-29\n")
    path = office.folder / "mailflow.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("since = 2026-11-01", "since = 2026-08-20"), encoding="utf-8"
    )
    play = Play(office)
    for round_ in range(len(FRIDAYS)):
        play.everybody_mails(round_)
        office.once(f"{FRIDAYS[round_][0]} 17:00")
        before = {kind: len(office.letters(kind)) for kind in ("reminder", "missing", "approval", "score")}
        office.once(f"{SATURDAYS[round_]} 18:00")
        play.the_late_mail(round_)
        office.once(f"{SATURDAYS[round_]} 21:20")
        _, summed, planned = FRIDAYS[round_]
        dues = {("p", planned), ("s", summed)} if summed else {("p", planned)}
        absent = {who for who, duty, week in play.missing if (duty, week) in dues}
        behind = absent | {who for who, duty, week in play.late if (duty, week) in dues}
        assert recipients(office.letters("reminder")[before["reminder"] :]) == sorted(behind)
        assert recipients(office.letters("missing")[before["missing"] :]) == sorted(absent)
        digests = office.letters("digest", DIRECTOR)
        assert len(digests) == round_ + 1
        digest = digests[-1]
        waiting = play.open_of(round_)
        assert f"有 {len(waiting)} 项待您处理" in text_of(digest)
        way = (play.by_lines, play.by_replies, play.by_lines, play.by_links, play.by_workbook)[round_]
        way(round_) if way == play.by_replies else way(round_, digest)
        assert office.once(f"{SUNDAYS[round_]} 10:30")["decisions"] == len(waiting)
        plans = [who for who, duty, _ in waiting if duty == "p"]
        assert recipients(office.letters("approval")[before["approval"] :]) == sorted(plans)
        told = office.letters("score")[before["score"] :]
        assert recipients(told) == sorted(who for who, duty, _ in waiting if duty == "s")
        for letter in told:
            who = str(letter["To"].addresses[0].addr_spec).partition("@")[0]
            assert f"{play.scores[who, summed or 0].normalize():f}" in text_of(letter)
        assert len(office.letters("clarify")) == 0
        if summed:
            _check_sheets(office, play, summed)
    assert recipients(office.letters("receipt")).count("p00") == sum(key[0] == "p00" for key in play.mails)
    _check_month(office, play)


def _check_sheets(office: Office, play: Play, week: int) -> None:
    """One A4 page a person who is scored, with his score and a document number, and the text can be searched."""
    letter = office.letters("sheets", DIRECTOR)[-1]
    attached = next(letter.iter_attachments())
    assert attached.get_filename() == f"sheets-2026-W{week}.pdf"
    content = attached.get_content()
    scored = {who: score for (who, w), score in play.scores.items() if w == week}
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == len(scored)
    text = read_attachment(Part("sheets.pdf", "application/pdf", content)).text.replace(" ", "")
    for who, score in scored.items():
        assert dict(PEOPLE)[who] in text
        assert f"{score.normalize():f}" in text
    assert text.count("考核人签字") == text.count("本人签字") == len(scored)
    assert len(set(re.findall(rf"2026-W{week}-[A-Z2-9]{{6}}-1", text))) == len(scored)


def _check_month(office: Office, play: Play) -> None:
    """HR has the month as soon as it is settled; a score changed afterwards gives a numbered correction."""
    monthly = office.letters("monthly", "hr@example.com")
    assert len(monthly) == 1
    content = next(monthly[0].iter_attachments()).get_content()
    target = office.folder / "again.xlsx"
    office.run("export", "--month", "2026-09", "-o", str(target))
    assert target.read_bytes() == content
    _check_cells(office, play)
    who = next(who for who, week in play.scores if week == 38)
    before, after = play.scores[who, 38], Decimal("60") if play.scores[who, 38] != 60 else Decimal("61")
    play.scores[who, 38] = after
    original = play.mails[who, "s", 38]
    change = mail(DIRECTOR, f"{who}@example.com", "更正", f"最终得分：{after}", reply_to=message_id(original))
    office.director_sends("10-08 10:00", change)
    office.once("10-08 10:05")
    office.once("10-08 11:00")
    corrections = office.letters("correction", "hr@example.com")
    assert len(corrections) == 1
    said = text_of(corrections[0])
    assert "更正（第 1 号）" in said
    assert f"{dict(PEOPLE)[who]}，2026-W38 周工作总结：" in said
    assert f"{before.normalize():f} → " in said
    assert len(office.letters("monthly")) == 1
    assert office.letters("sheets", DIRECTOR)[-1]["Subject"].endswith("（有更改，重新打印）")
    office.run("export", "--month", "2026-09", "-o", str(target))
    _check_cells(office, play)
    # Somebody turns out to have left in the middle of the month: his figures follow, and HR is told.
    gone = next(who for who, _, week in sorted(play.missing) if week in (38, 39))
    rows = [line + (",2026-09-11" if line.startswith(f"{gone},") else ",") for line in ROSTER.splitlines()[1:]]
    (office.folder / "roster.csv").write_text(
        "\n".join([ROSTER.splitlines()[0] + ",left", *rows]) + "\n", encoding="utf-8"
    )
    office.once("10-08 12:00")
    office.once("10-08 12:05")
    numbers = [re.search(r"第 (\d) 号", text_of(letter)) for letter in office.letters("correction")]
    found = [int(number[1]) for number in numbers if number]
    assert found == [1, 2]
    assert dict(PEOPLE)[gone] in text_of(office.letters("correction")[1])
    table = office.run("export", "--month", "2026-09", "-o", str(office.folder / "d.json"), "--format", "json")
    assert "30 people, 4 weeks" in table.stdout


def _check_cells(office: Office, play: Play) -> None:
    """Every cell of the summary, as a spreadsheet program works it out."""
    table = calculated(office.folder / "again.xlsx", office.folder)
    head, rows = table[0], {str(line[0]): line for line in table[1:] if line[0]}
    assert len(rows) == 30
    for who, _ in PEOPLE:
        cells = dict(zip(head, rows[who], strict=True))
        counted = []
        for week in (36, 37, 38, 39):
            score = play.scores.get((who, week), Decimal(0))
            counted.append(score)
            assert cells[f"2026-W{week}"] == pytest.approx(float(score)), (who, week)
        mean = sum(counted, Decimal(0)) / 4
        assert cells["平均分"] == pytest.approx(float(mean), abs=0.006)
        duties = [(who, duty, week) for duty in "ps" for week in (36, 37, 38, 39)]
        assert cells["缺交"] == sum(key in play.missing for key in duties)
        assert cells["迟交"] == sum(key in play.late for key in duties)
        assert cells["准交"] == 8 - cells["缺交"] - cells["迟交"]

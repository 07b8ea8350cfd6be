"""Letters: every kind in every language, whole, safe, and with the headers that mail programs go by."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from mailflow import shipped
from mailflow.reading.answers.verdict import read_verdicts
from mailflow.reading.opening.markup import to_text
from mailflow.reading.opening.quoting import own_words
from mailflow.rules.duties import Review
from mailflow.rules.periods import Period
from mailflow.rules.review import Verdict
from mailflow.rules.scores import ScoreRules
from mailflow.settings.kinds import LANGUAGES
from mailflow.writing.mime import Envelope, Thread, build, new_message_id
from mailflow.writing.notice import Notice
from mailflow.writing.notices import KINDS
from mailflow.writing.phrases import Phrases
from mailflow.writing.specimens import specimens
from mailflow.writing.to_deciders import Digest, Settled
from mailflow.writing.wording import Worded, Wording
from tests.offices import ZONE, an_office, at

OFFICE = an_office()
SPECIMENS = specimens(OFFICE)
WORDING = Wording([shipped.templates()], ZONE)


def test_kinds_and_template_folders_are_the_same_in_every_language() -> None:
    kinds = {notice.kind for notice in KINDS}
    assert {specimen.kind for specimen in SPECIMENS} == kinds
    for language in LANGUAGES:
        folders = {path.name for path in (shipped.templates() / language).iterdir()}
        assert folders == {notice.template or notice.kind for notice in KINDS}
        for kind in folders:
            files = {path.name for path in (shipped.templates() / language / kind).iterdir()}
            assert files - {"topics.j2"} == {"subject.txt.j2", "body.txt.j2", "body.html.j2"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", SPECIMENS, ids=lambda notice: notice.kind)
def test_every_letter_is_whole_and_escapes_what_came_by_mail(notice: Notice, language: str) -> None:
    worded = WORDING.word(notice, language)
    assert worded.subject
    assert "\n" not in worded.subject
    assert "运营部" in worded.text
    assert "{{" not in worded.text + worded.html
    assert "None" not in worded.text + worded.subject
    assert "<b>=SUM" not in worded.html
    assert "<style" not in worded.html
    assert 'style="' in worded.html
    assert "http" not in worded.html.replace("http-equiv", "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", SPECIMENS, ids=lambda notice: notice.kind)
@pytest.mark.parametrize("own", ["", "收到\n"])
def test_a_letter_that_comes_back_whole_and_unquoted_decides_nothing(notice: Notice, language: str, own: str) -> None:
    worded = WORDING.word(notice, language)
    for body in (worded.text, to_text(worded.html).own):
        words = own_words(own + body).text
        found = read_verdicts(words, {Review.APPROVE, Review.SCORE}, ScoreRules(), ["张三"])
        assert {decision.verdict for decision in found.by_review.values()} == {Verdict.NONE}, words


@pytest.mark.parametrize("notice", SPECIMENS, ids=lambda notice: notice.kind)
def test_traditional_letters_have_no_simplified_words(notice: Notice) -> None:
    worded = WORDING.word(notice, "zh-TW")
    for simplified in ("计划", "总结", "请", "时间", "邮件", "办", "周工作"):
        quoted = (
            worded.text.replace("计划.docx", "")
            .replace("计划.xlsx", "")
            .replace("周工作计划 2026-W48", "")
            .replace("下周计划", "")
        )
        quoted = quoted.replace("回访客户", "").replace("完成时间", "")
        assert simplified not in quoted


def test_an_office_replaces_single_files(tmp_path: Path) -> None:
    own = tmp_path / "zh-CN/missing"
    own.mkdir(parents=True)
    (own / "subject.txt.j2").write_text("请补交", encoding="utf-8")
    missing = next(n for n in SPECIMENS if n.kind == "missing")
    worded = Wording([tmp_path, shipped.templates()], ZONE).word(missing, "zh-CN")
    assert worded.subject == "请补交"
    assert "尚未收到" in worded.text


def test_a_missing_variable_is_an_error(tmp_path: Path) -> None:
    own = tmp_path / "zh-CN/missing"
    own.mkdir(parents=True)
    (own / "subject.txt.j2").write_text("{{ nobody }}", encoding="utf-8")
    with pytest.raises(UndefinedError):
        Wording([tmp_path, shipped.templates()], ZONE).word(next(n for n in SPECIMENS if n.kind == "missing"), "zh-CN")


def built(worded: Worded, thread: Thread, *, sender: str = "运营总监 <wang@example.com>") -> EmailMessage:
    envelope = Envelope(sender, [("张三", "zhangsan@example.com")], "wang@example.com", at("2026-11-21T21:00"))
    raw = build(worded, "receipt", envelope, new_message_id(sender), thread, answers=True)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def test_the_headers_that_every_letter_bears() -> None:
    long_id = f"<{'x' * 200}@example.com>"
    letter = built(
        Worded("已收到：周工作计划", "正文\n", "<p>正文</p>"), Thread(long_id, ("<first@example.com>", long_id))
    )
    assert letter["Subject"] == "已收到：周工作计划"
    assert letter["From"].addresses[0].display_name == "运营总监"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["X-Mailflow"] == "receipt"
    assert letter["In-Reply-To"] == long_id
    assert letter["References"].split() == ["<first@example.com>", long_id]
    assert letter["Message-ID"].endswith("@example.com>")
    assert letter["Reply-To"] is None
    assert letter.get_content_type() == "multipart/alternative"


def test_answers_go_to_the_director_when_letters_come_from_another_address() -> None:
    letter = built(Worded("x", "x\n", "<p>x</p>"), Thread(), sender="robot <robot@example.com>")
    assert letter["Reply-To"] == "wang@example.com"


def test_what_came_by_mail_cannot_add_a_header() -> None:
    letter = built(Worded("x\r\nBcc: evil@example.net", "x\n", "<p>x</p>"), Thread("<a@b>\r\nBcc: evil@example.net"))
    assert letter["Bcc"] is None


@pytest.mark.parametrize(
    ("language", "instant", "period", "span"),
    [
        ("zh-CN", "2026年11月21日（周六）20:59:59", "2026年第48周（11月23日—11月29日）", "1天2小时3分钟"),
        ("zh-TW", "2026年11月21日（週六）20:59:59", "2026年第48週（11月23日—11月29日）", "1天2小時3分鐘"),
        ("en", "Sat 21 Nov 2026, 20:59:59", "week 48 of 2026 (23 Nov – 29 Nov)", "1 d 2 h 3 min"),
    ],
)
def test_instants_periods_and_spans_in_each_language(language: str, instant: str, period: str, span: str) -> None:
    phrases = Phrases(language, ZONE)
    assert phrases.instant(at("2026-11-21T20:59:59")) == instant
    assert phrases.period(Period.parse("2026-W48")) == period
    assert phrases.span(timedelta(days=1, hours=2, minutes=3, seconds=4)) == span


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_row_of_a_list_stands_on_a_line_of_its_own(language: str) -> None:
    settled = next(n for n in SPECIMENS if isinstance(n, Settled))
    lines = WORDING.word(settled, language).text.split("\n")
    rows = [line for line in lines if line.startswith(f"  {settled.rows[0].name}")]
    assert len(rows) == len([*settled.rows, *settled.kept, *settled.overdue])
    assert f"    {settled.rows[0].comment.split(chr(10))[0]}" in lines
    digest = next(n for n in SPECIMENS if isinstance(n, Digest))
    lines = WORDING.word(digest, language).text.split("\n")
    assert [line.partition(".")[0] for line in lines if line[:2] in ("1.", "2.")] == ["1", "2"]

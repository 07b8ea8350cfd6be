"""The corpus: every message is understood as the JSON beside it says, whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow import reading
from mailflow.reading import Context, Disposition
from mailflow.reading.answers.answer import read_answer
from mailflow.rules.duties import Review
from mailflow.rules.review import Verdict
from mailflow.rules.scores import ScoreRules
from mailflow.wire import Folder
from tests.mail.answers import PLAN, SUMMARY
from tests.mail.corpus import OFFICE, found_in
from tests.mail.generate import encode
from tests.mail.shapes import SHAPES
from tests.offices import BANDS

HERE = Path(__file__).resolve().parents[1] / "mail"
FILES = sorted(HERE.glob("*/*.eml"))


def test_the_corpus_is_whole() -> None:
    assert len(FILES) >= 300
    assert {path.with_suffix("") for path in FILES} == {path.with_suffix("") for path in HERE.glob("*/*.json")}
    assert sum(path.parent.name == "answers" for path in FILES) >= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_message_says_what_stands_beside_it(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = found_in(path.read_bytes(), case["given"])
    expected = case["expected"]
    for duty, ruling in expected.get("rulings", {}).items():
        proposal = found["rulings"].get(duty, {}).pop("proposal", None)
        if found["rulings"].get(duty, {}).get("verdict") == "unclear" and proposal == ruling["verdict"]:
            # Asked with the right proposal: one tap, no harm. How often that is, a test below counts.
            found["rulings"][duty] = dict(ruling)
        if "comment" not in ruling and duty in found["rulings"]:
            found["rulings"][duty].pop("comment", None)
        if ruling["verdict"] == "unclear" and duty in found["rulings"]:
            found["rulings"][duty]["score"] = None
    assert {key: found[key] for key in expected} == expected


def test_what_a_duty_is_called_inside_changes_nothing() -> None:
    names = {"weekly-plan": "zhoujihua", "weekly-summary": "zhouzongjie"}
    renamed = tuple(replace(duty, id=names[duty.id], names={}) for duty in OFFICE.duties)
    office = replace(OFFICE, duties=renamed)
    for path in FILES:
        given = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["given"]
        usual, other = found_in(path.read_bytes(), given), found_in(path.read_bytes(), given, office)
        for told in ("duties", "rulings"):
            usual[told] = {names[duty]: found for duty, found in usual[told].items()}
        assert other == usual, path.name


def test_plain_answers_are_hardly_ever_asked_about() -> None:
    review = {"plan": Review.APPROVE, "summary": Review.SCORE}
    rows = [("plan", words, verdict) for words, verdict, _ in PLAN] + [("summary", row[0], row[1]) for row in SUMMARY]
    asked = wrong = 0
    for kind, words, meant in rows:
        rules = ScoreRules(bands=BANDS)
        found = read_answer(words, {review[kind]}, rules, ["李四", "王五", "Smith"], "张三").by_review[review[kind]]
        asked += meant in ("approve", "revise", "score") and found.verdict is Verdict.UNCLEAR
        wrong += found.verdict.acts and found.verdict.value != meant
    assert (wrong, asked <= 5) == (0, True)


def test_reading_gives_the_reason_of_each_rule() -> None:
    raw = next(p for p in FILES if p.parent.name == "answers").read_bytes()
    found = reading.read(
        reading.open_letter(raw), datetime.fromisoformat("2026-11-22T10:00:00+08:00"), Folder.SENT, OFFICE, Context()
    )
    assert found.disposition in (Disposition.DECISION, Disposition.OTHER)
    assert any("own words" in reason for reason in found.reasons)


@pytest.mark.parametrize("number", range(len(SHAPES)), ids=lambda number: SHAPES[number].__name__)
def test_no_answer_is_a_wrong_act_in_any_program_s_shape(number: int) -> None:
    """Every program's shape with every third answer; which third differs from shape to shape."""
    asked = [("weekly-plan", "周工作计划", words, verdict) for words, verdict, _ in PLAN]
    asked += [("weekly-summary", "周工作总结", words, verdict) for words, verdict, _, _ in SUMMARY]
    given = {"folder": "sent", "received": "2026-11-22T10:00:00+08:00"}
    for duty, subject, words, meant in asked[number % 3 :: 3]:
        head = {"From": "wang@example.com", "To": "zhangsan@example.com", "Subject": f"回复：{subject}"}
        found = found_in(encode(SHAPES[number](words, subject), head, []), given)
        ruling = found["rulings"].get(duty, {"verdict": "none", "proposal": None})
        assert meant in (ruling["verdict"], ruling["proposal"]), words
        assert ruling["verdict"] in (meant, "unclear"), words
        assert found["new_text"].split() == words.split()

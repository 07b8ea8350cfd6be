"""`mailflow explain`: how a message would be understood, without servers and without changing anything."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.mail.traps import workbook
from tests.office import Office, at, mail

DIRECTOR = "wang@example.com"


def explained(office: Office, *arguments: str) -> list[dict[str, object]]:
    done = office.run("explain", *arguments, "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_file_is_one_line_of_json(office: Office, tmp_path: Path) -> None:
    files = {
        "plan": mail(
            "zhangsan@example.com",
            DIRECTOR,
            "第48周工作计划",
            "见附件\n-- \n张三",
            attachments=[("周工作计划.xlsx", workbook())],
        ),
        "broken": mail(
            "zhangsan@example.com", DIRECTOR, "周工作计划", "", attachments=[("周工作计划.exe", b"not a document")]
        ),
        "both": mail("smith@example.com", DIRECTOR, "周报", "本周总结\n下周计划"),
        "auto": mail("lisi@example.com", DIRECTOR, "自动回复", "休假", headers=[("Auto-Submitted", "auto-replied")]),
        "stranger": mail("x@example.net", DIRECTOR, "周工作计划", "x"),
        "chat": mail("lisi@example.com", DIRECTOR, "中午吃什么", "面"),
    }
    paths = []
    for name, raw in files.items():
        path = tmp_path / f"{name}.eml"
        path.write_bytes(raw)
        paths.append(str(path))
    found = explained(office, *paths, "--received", at("11-21 21:00:00").isoformat())
    by_name = {Path(str(line["file"])).stem: line for line in found}
    assert list(by_name) == list(files)
    plan = by_name["plan"]
    assert (plan["person"], plan["role"], plan["disposition"]) == ("zhangsan", "staff", "submission")
    assert (plan["duties"], plan["standing"]) == ({"weekly-plan": "2026-W48"}, {"weekly-plan": "late"})
    assert plan["new_text"] == "见附件"
    attachments = plan["attachments"]
    assert isinstance(attachments, list)
    assert attachments[0]["filename"] == "周工作计划.xlsx"
    assert attachments[0]["characters"] > 10
    assert by_name["broken"]["disposition"] == "other"
    assert by_name["both"]["duties"] == {"weekly-summary": "2026-W47", "weekly-plan": "2026-W48"}
    assert [by_name[name]["disposition"] for name in ("auto", "stranger", "chat")] == [
        "auto-reply",
        "stranger",
        "other",
    ]
    assert not (office.folder / "mailflow.db").exists()


def test_the_director_s_answers_in_sent_are_judged_by_subject(office: Office, tmp_path: Path) -> None:
    answers = {
        ("Re: 周工作计划", "同意，注意成本"): {"verdict": "approve", "score": None, "comment": "注意成本"},
        ("回复：周工作总结", "92分"): {"verdict": "score", "score": 92.0, "comment": ""},
        ("Re: 周工作总结", "120分"): {"verdict": "unclear", "score": 120.0, "comment": "120分"},
        ("Re: 周工作计划", "收到"): {"verdict": "none", "score": None, "comment": ""},
    }
    for (subject, words), decision in answers.items():
        path = tmp_path / "answer.eml"
        path.write_bytes(mail(DIRECTOR, "zhangsan@example.com", subject, words))
        line = explained(office, str(path), "--folder", "sent")[0]
        assert line["decision"] == decision
        assert line["role"] == "director"
        assert explained(office, str(path), "--folder", "inbox")[0]["decision"] == (
            None if decision["verdict"] != "none" else decision
        )


def test_a_person_gets_a_short_story(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail("zhangsan@example.com", DIRECTOR, "第48周工作计划\x1b[31m", "1. 回访"))
    done: subprocess.CompletedProcess[str] = office.run(
        "explain", str(path), "--received", at("11-20 10:00").isoformat()
    )
    assert "weekly-plan 2026-W48: on-time" in done.stdout
    assert "because subject says" in done.stdout
    assert "\x1b" not in done.stdout
    assert "give files that can be read" in office.run("explain", str(tmp_path / "none.eml"), code=2).stderr

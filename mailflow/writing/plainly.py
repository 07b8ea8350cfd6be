"""Plainly: a decision on one row in words that are surely read again, as a letter proposes and a tap sends them."""

from __future__ import annotations

from typing import Protocol

from mailflow.rules.duties import Duty, Review
from mailflow.rules.people import Person
from mailflow.rules.review import Decision, Verdict

_ROW = {"zh-CN": "{}号{}", "zh-TW": "{}號{}", "en": "No. {} {}"}
_DUTY = {"zh-CN": ("计划", "总结"), "zh-TW": ("計畫", "總結"), "en": ("plan ", "summary ")}
_ACTS = {"zh-CN": ("同意", "退回"), "zh-TW": ("同意", "退回"), "en": ("approved", "rejected")}
_OTHERWISE = "zh-CN"
_ALONE = {
    "zh-CN": {Verdict.APPROVE: "同意", Verdict.REVISE: "修改：", Verdict.SCORE: "得分："},
    "en": {Verdict.APPROVE: "Approve", Verdict.REVISE: "Revise: ", Verdict.SCORE: "Score: "},
}


class Place(Protocol):
    """A row of a letter: its number, whose it is, and which duty."""

    @property
    def number(self) -> int: ...
    @property
    def person(self) -> Person: ...
    @property
    def duty(self) -> Duty: ...


def plainly(place: Place, decision: Decision, language: str) -> str:
    """`3号王五 计划同意`, `5号陈静 总结92，remark`, in one line."""
    known = language if language in _ROW else _OTHERWISE
    duty = _DUTY[known][place.duty.review is Review.SCORE]
    act = decision.score if decision.verdict is Verdict.SCORE else _ACTS[known][decision.verdict is Verdict.REVISE]
    remark = "，" + "，".join(decision.comment.split("\n")) if decision.comment else ""
    return f"{_ROW[known].format(place.number, place.person.name)} {duty}{act}{remark}"


def alone(decision: Decision, language: str) -> str:
    """`同意，remark`, `修改：what`, `得分：92 remark`: a decision on one thing as a tap sends it."""
    word = _ALONE.get(language, _ALONE[_OTHERWISE])[decision.verdict]
    if decision.verdict is Verdict.SCORE:
        return f"{word}{decision.score} {decision.comment}".strip()
    between = "，" if decision.verdict is Verdict.APPROVE and decision.comment else ""
    return f"{word}{between}{decision.comment}"

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

"""The words of workbooks in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.rules.periods import WEEKDAYS
from mailflow.rules.submission import Standing, State

_NOTES = (
    "office", "month", "weeks", "week_rule", "missing_counts_as", "late_deduction", "missing_deduction", "lowest",
    "highest", "cutoff", "formula", "made_at", "zone", "version", "band", "bound",
)  # fmt: skip


@dataclass(frozen=True)
class Titles:
    """Sheet names, headers and the words of one language."""

    sheets: tuple[str, str, str]
    summary: tuple[str, ...]
    detail: tuple[str, ...]
    standings: Mapping[Standing, str]
    states: Mapping[State, str]
    weekdays: Mapping[str, str]
    notes_head: tuple[str, str]
    notes: Mapping[str, str]
    not_counted: str
    formula: str
    strictly: str
    grace: str
    subtotal: str
    chart: str
    correction: str
    people: str

    @property
    def counted(self) -> tuple[str, str, str]:
        """The standings that the summary counts, as the detail names them."""
        return (
            self.standings[Standing.ON_TIME],
            self.standings[Standing.LATE],
            self.standings[Standing.MISSING],
        )

    def cutoff_rule(self, grace_minutes: int) -> str:
        """How on time is judged, in words."""
        return self.strictly + (self.grace.format(grace_minutes) if grace_minutes else "")

    @classmethod
    def of(cls, language: str) -> Titles:
        """The words of this language."""
        return _TITLES[language]


def _titles(
    sheets: str, summary: str, detail: str, standings: str, states: str, weekdays: str, head: str, notes: str,
    not_counted: str, formula: str, strictly: str, grace: str, subtotal: str, chart: str, correction: str,
    people: str,
) -> Titles:  # fmt: skip
    first, second, third = sheets.split("|")
    left, right = head.split("|")
    return Titles(
        sheets=(first, second, third),
        summary=tuple(summary.split("|")),
        detail=tuple(detail.split("|")),
        standings=dict(zip(Standing, standings.split("|"), strict=True)),
        states=dict(zip(State, states.split("|"), strict=True)),
        weekdays=dict(zip(WEEKDAYS, weekdays.split("|"), strict=True)),
        notes_head=(left, right),
        notes=dict(zip(_NOTES, notes.split("|"), strict=True)),
        not_counted=not_counted,
        formula=formula,
        strictly=strictly,
        grace=grace,
        subtotal=subtotal,
        chart=chart,
        correction=correction,
        people=people,
    )


_TITLES = {
    "zh-CN": _titles(
        "月度汇总|周明细|说明",
        "编号|姓名|部门|平均分|准交|迟交|缺交|扣分|月度得分|等级",
        "编号|姓名|部门|事项|周期|截止时间|收到时间|提交情况|迟交时长|版本数|处理结果|得分|计入得分|处理时间|意见|权重|加权得分",
        "准交|迟交|缺交|免交|未到期",
        "待处理|待修改|已批准|已评分|缺交|免交|未到期",
        "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
        "项目|内容",
        "单位|月份|计入的周|周归属月份按|缺交总结计为|每次迟交扣分|每次缺交扣分|最低分|最高分|准时的判定|月度得分的算法|"
        "导出时间|时区|软件版本|等级|下限",
        "不计入",
        "平均分 =（已评得分与缺交总结所计分数）按权重的平均值；扣分 = 迟交次数 × 每次迟交扣分 + 缺交次数 × 每次缺交扣分；"
        "月度得分 = 平均分 − 扣分，四舍五入到两位小数，不低于最低分。免交与尚未评分的周不计入。",
        "以邮件服务器收到首个有内容版本的时间为准，严格早于截止时间为准时",
        "（宽限 {} 分钟）",
        "部门小计",
        "各周得分",
        "更正编号",
        "人数",
    ),
    "zh-TW": _titles(
        "月度匯總|週明細|說明",
        "編號|姓名|部門|平均分|準交|遲交|缺交|扣分|月度得分|等級",
        "編號|姓名|部門|事項|週期|截止時間|收到時間|提交情況|遲交時長|版本數|處理結果|得分|計入得分|處理時間|意見|權重|加權得分",
        "準交|遲交|缺交|免交|未到期",
        "待處理|待修改|已批准|已評分|缺交|免交|未到期",
        "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
        "項目|內容",
        "單位|月份|計入的週|週歸屬月份按|缺交總結計為|每次遲交扣分|每次缺交扣分|最低分|最高分|準時的判定|月度得分的算法|"
        "匯出時間|時區|軟體版本|等級|下限",
        "不計入",
        "平均分 =（已評得分與缺交總結所計分數）按權重的平均值；扣分 = 遲交次數 × 每次遲交扣分 + 缺交次數 × 每次缺交扣分；"
        "月度得分 = 平均分 − 扣分，四捨五入到兩位小數，不低於最低分。免交與尚未評分的週不計入。",
        "以郵件伺服器收到首個有內容版本的時間為準，嚴格早於截止時間為準時",
        "（寬限 {} 分鐘）",
        "部門小計",
        "各週得分",
        "更正編號",
        "人數",
    ),
    "en": _titles(
        "Month|Weeks|Notes",
        "id|name|department|average|on time|late|missing|deduction|month's score|band",
        "id|name|department|duty|period|due|received|standing|late by|versions|decision|score|counted as|decided|comment|weight|weighted",
        "on time|late|missing|excused|not yet due",
        "open|to be revised|approved|scored|missing|excused|not yet due",
        "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "item|content",
        "office|month|weeks counted|a week belongs to the month of its|a missing summary counts as|deduction for each late|"
        "deduction for each missing|lowest score|highest score|on time means|the month's score|made at|time zone|version|"
        "band|lower bound",
        "not counted",
        "average = the weighted mean of the scores given and of what missing summaries count as; deduction = late × its deduction "
        "+ missing × its deduction; the month's score = average − deduction, rounded half up to two places, never below "
        "the lowest score. Excused weeks and weeks not yet scored don't count.",
        "the mail server took the first version with content strictly before the cutoff",
        " (grace: {} minutes)",
        "department",
        "scores of the weeks",
        "correction no.",
        "people",
    ),
}

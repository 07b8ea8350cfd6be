"""The staff's mail: subject, attachment names, first words, arrival → duties and periods. All by PRODUCT's own rules."""

from __future__ import annotations

FRI, SAT, SUN, MON, WED, THU = "11-20 16:00", "11-21 20:30", "11-22 10:00", "11-23 09:30", "11-25 18:00", "11-26 10:00"
P47, P48, P49 = {"weekly-plan": "2026-W47"}, {"weekly-plan": "2026-W48"}, {"weekly-plan": "2026-W49"}
S46, S47, S48 = {"weekly-summary": "2026-W46"}, {"weekly-summary": "2026-W47"}, {"weekly-summary": "2026-W48"}
BOTH = {**S47, **P48}
BODY = "1. 回访客户 12 家\n2. 整理合同台账\n3. 例会材料"
# fmt: off
ROWS: list[tuple[str, str, list[str], str, dict[str, str]]] = [
    # subject, arrival, attachment names, body, duties
    ("周工作计划", FRI, [], BODY, P48), ("周计划", FRI, [], BODY, P48), ("下周计划", FRI, [], BODY, P48), ("下周工作计划", SAT, [], BODY, P48),
    ("下周工作安排", FRI, [], BODY, P48), ("下一周工作计划", FRI, [], BODY, P48), ("张三下周计划", FRI, [], BODY, P48), ("【运营部】周工作计划-张三", FRI, [], BODY, P48),
    ("本周工作计划", MON, [], BODY, P48), ("本周计划", WED, [], BODY, P48), ("这周的工作计划", MON, [], BODY, P48), ("週工作計劃", FRI, [], BODY, P48),
    ("下週工作計畫", FRI, [], BODY, P48), ("下星期工作计划", FRI, [], BODY, P48), ("Weekly plan", FRI, [], BODY, P48), ("weekly work plan W48", FRI, [], BODY, P48),
    ("Plan for next week", FRI, [], BODY, P48), ("第48周工作计划", FRI, [], BODY, P48), ("第４８周工作计划", FRI, [], BODY, P48), ("第四十八周工作计划", FRI, [], BODY, P48),
    ("2026年第48周工作计划", FRI, [], BODY, P48), ("W48周计划", FRI, [], BODY, P48), ("48周工作计划", FRI, [], BODY, P48), ("工作计划W49", FRI, [], BODY, P49),
    ("周工作计划(11.23-11.27)", FRI, [], BODY, P48), ("周工作计划11.23—11.29", FRI, [], BODY, P48), ("工作计划 11/23-11/29", FRI, [], BODY, P48), ("11月23日-29日工作计划", FRI, [], BODY, P48),
    ("11月23日至11月27日工作计划", FRI, [], BODY, P48), ("2026年11月23日—29日周计划", FRI, [], BODY, P48), ("周计划2026.11.23-2026.11.29", FRI, [], BODY, P48), ("周计划20261123-20261129", FRI, [], BODY, P48),
    ("26.11.23-26.11.29周计划", FRI, [], BODY, P48), ("11月第4周工作计划", FRI, [], BODY, P48), ("11月第四周工作计划", FRI, [], BODY, P48), ("工作计划（11.30-12.4）", FRI, [], BODY, P49),
    ("周工作计划 2026-11-20", FRI, [], BODY, P48), ("周工作计划20261120", FRI, [], BODY, P48), ("周工作计划", SUN, [], BODY, P48), ("周工作计划", MON, [], BODY, P48),
    ("周工作计划", WED, [], BODY, P48), ("周工作计划", THU, [], BODY, P49), ("补交：周工作计划", MON, [], BODY, P48), ("迟交 下周计划", SUN, [], BODY, P48),
    ("周工作总结", FRI, [], BODY, S47), ("周总结", FRI, [], BODY, S47), ("本周总结", FRI, [], BODY, S47), ("本周工作总结", SAT, [], BODY, S47), ("本周小结", FRI, [], BODY, S47),
    ("本週工作總結", FRI, [], BODY, S47), ("第47周工作总结", FRI, [], BODY, S47), ("第47周总结", SUN, [], BODY, S47), ("W47工作总结", FRI, [], BODY, S47), ("上周工作总结", MON, [], BODY, S47),
    ("上周总结", WED, [], BODY, S47), ("周工作总结", SUN, [], BODY, S47), ("周工作总结", MON, [], BODY, S47), ("周工作总结", THU, [], BODY, S48), ("工作总结11.16-11.20", FRI, [], BODY, S47),
    ("11月16日—22日工作总结", FRI, [], BODY, S47), ("11月第3周工作总结", FRI, [], BODY, S47), ("Weekly summary", FRI, [], BODY, S47), ("Weekly Summary - W47", SAT, [], BODY, S47), ("工作小结（11.9-11.13）", FRI, [], BODY, S46),
    ("Summary of this week", FRI, [], BODY, S47), ("张三-周总结-11月20日", FRI, [], BODY, S47),
    ("周报", FRI, [], BODY, S47), ("工作周报", SAT, [], BODY, S47), ("周报-张三-第47周", FRI, [], BODY, S47), ("本周总结及下周计划", FRI, [], BODY, BOTH), ("本周工作总结和下周工作计划", FRI, [], BODY, BOTH),
    ("周工作总结与计划", FRI, [], BODY, BOTH), ("本周总结、下周计划", FRI, [], BODY, BOTH), ("第47周总结及第48周计划", FRI, [], BODY, BOTH), ("本週總結及下週計劃", FRI, [], BODY, BOTH), ("周报（11.16-11.20）", FRI, [], BODY, S47),
    ("周报", MON, [], BODY, S47), ("Weekly report", FRI, [], BODY, S47), ("总结+计划", FRI, [], BODY, BOTH),
    ("周计划12.28-1.3", "12-25 16:00", [], BODY, {"weekly-plan": "2026-W53"}), ("第1周工作计划", "12-30 16:00", [], BODY, {"weekly-plan": "2027-W01"}), ("周工作计划2027.1.4-1.10", "12-31 16:00", [], BODY, {"weekly-plan": "2027-W01"}),
    ("周工作计划", "12-26 16:00", [], BODY, {"weekly-plan": "2026-W53"}),
    ("张三", FRI, ["周工作计划.docx"], "请查收", P48), ("请领导审阅", FRI, ["张三第48周工作计划.xlsx"], "见附件", P48), ("发送计划", FRI, ["周工作总结.txt"], "见附件", S47), ("", FRI, ["下周计划(11.23-11.27).txt"], "", P48),
    ("周工作计划", FRI, ["周工作计划11.30-12.4.txt"], "见附件", P49), ("王总好", FRI, [], "下周工作计划：\n1. 回访客户\n2. 台账", P48), ("请查收", FRI, [], "王总：\n本周工作总结如下\n1. 回访", S47),
    ("RE: 周工作计划", FRI, [], BODY, P48), ("回复：回复: 第48周工作计划", FRI, [], BODY, P48), ("转发：周工作计划", FRI, [], BODY, P48), ("答复(2)：下周计划", FRI, [], BODY, P48),
    # what is none
    ("周工作计划模板", FRI, ["模板.xlsx"], "请大家下载", {}), ("关于提交周工作计划的通知", FRI, [], "请按时", {}), ("周工作计划怎么写？", FRI, [], "请问", {}), ("请问周工作总结几点截止", FRI, [], "请问几点", {}),
    ("项目计划讨论", FRI, [], "明天讨论", {}), ("11月工作计划", FRI, [], BODY, {}), ("年度工作总结", FRI, [], BODY, {}), ("旅游计划", FRI, [], BODY, {}), ("发票", FRI, [], "请开发票", {}), ("会议纪要", FRI, [], "今天会议", {}),
    ("请假", FRI, [], "周五请假一天", {}), ("采购计划", FRI, [], BODY, {}), ("回复：周工作计划", FRI, [], "收到，谢谢", {}), ("Re: 周工作计划", FRI, [], "好的王总，我马上改", {}), ("Re: 周工作计划", FRI, [], "请问第二项具体指什么？", {}),
    ("周末聚餐计划", FRI, [], "一起吃饭", {}), ("培训计划安排", FRI, [], "培训", {}), ("Invoice week 47", FRI, [], "invoice", {}), ("周杰的工作交接", FRI, [], "交接", {}), ("计划生育材料", FRI, [], "材料", {}),
]
# fmt: on

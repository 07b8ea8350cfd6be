"""The words of answers with a line a person, as patterns over folded text. Data only."""

from __future__ import annotations

import re

SEPARATOR = re.compile(r"\s*(?:[、,，/&]|和|及|与|跟|\band\b|\s)\s*")
NUMBER = re.compile(r"(?:第\s*)?(\d{1,3})(?:\s*[-~–—至到]\s*(\d{1,3}))?\s*(?:号|行|条)?(?![\d.%分])")
VERDICT = (
    r"(?:都|均|一律|全部|也)?(?:我)?(?:同意|通过|批准|可以|没问题|没意见|退回|退改|修改|不同意|不通过|不批准|不行|不可以|驳回|打回|重写|重做|免交|"
    r"ok(?![a-z])|lgtm|approved?|agreed?|rejected?|revise|not approved)"
)
VERDICT_FIRST = re.compile(rf"{VERDICT}|[+-]?\d{{1,3}}(?:\.\d+)?\s*分?\s*(?=$|[,，;；。.!！\s:：(（])")
VERDICT_THEN = re.compile(
    r"(?P<verdict>同意|通过|批准|退回|不同意|不通过|approved?|rejected?)(?:的)?(?:人员|人)?\s*[:：]\s*"
)
REST = re.compile(
    r"(?:其余|其他|其它|剩下|余下|剩余|(?:the )?(?:rest|others)\b)(?:的)?(?:人员|人|员工|同事|各位)?(?:的)?(?P<duty>计划|总结)?\s*(?:全部|都|均|也|一律|are|is)*\s*[:：,，]?\s*"
)
ALL = re.compile(
    r"(?:全部|全体|所有|大家|全都|都|均|一律|(?:all|everyone|everybody)\b)(?:的)?(?:人员|人|员工|同事)?(?:的)?(?P<duty>计划|总结)?\s*(?:全部|都|均|一律|are|is)*\s*[:：,，]?\s*"
)
ALL_AFTER = re.compile(
    r"(?P<verdict>同意|批准|通过|approved?)\s*(?:全部|所有(?:人)?|全体|all)(?:的)?(?P<duty>计划|总结)?\s*[。.!！]*$"
)
EXCEPT = re.compile(r"除(?:了)?\s*|(?:all|everyone|everybody) (?:except|but)\s+")
EXCEPT_END = re.compile(
    r"\s*(?:之外|以外|外)?\s*[,，]?\s*(?:其余|其他|其它|全部|所有)?(?:的)?(?:人|员工)?(?:的)?(?:全部|都|均|一律)*\s*[:：,，]?\s*"
)
HEADING = re.compile(
    r"(?:[一二三四五六][、.]\s*)?(?:本周|下周|上周|周|工作)*(?P<duty>计划|总结|小结)\s*(?:部分)?\s*[:：]?\s*$"
)
SCOPE = re.compile(r"(?:本周|下周|上周|周|工作)*(?P<duty>计划|总结|小结)\s*[:：,，]?\s+")
LIST_MARK = re.compile(r"[(（]?\d{1,3}\s*[.、)）]\s*")
LOOKS_NAMED = re.compile(rf"[^\s:：,，;；。]{{1,12}}\s*[\s:：,，]\s*(?:{VERDICT_FIRST.pattern})")
IN_BRACKETS = re.compile(r"\s*[(（\[]([^)）\]\n]{1,40})[)）\]]")
APART = re.compile(r"[,，;；。]?\s*(?:但|不过)?\s*(?P<whom>[^,，;；。]+?)\s*(?:除外|不在此列)\s*$")
EXCUSED = re.compile(r"(?:免交|准假|免|excused?)(?:$|[\s:：,，]+)")
BREAK = re.compile(r"[,，;；。]\s*|\s+")

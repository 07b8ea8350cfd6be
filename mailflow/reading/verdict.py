"""Verdict: what the director's own words decide. When in doubt between acting and asking: ask.

The words are cut into clauses; each clause is read by tables of patterns; the clauses are then put together by the
rules of the table "How his answers are read": a change or a refusal outweighs an approval, a condition, a question
or a postponement stops it, and two candidates for a score are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mailflow.reading.charsets import fold, tidy
from mailflow.rules.duties import Review
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.scores import ScoreRules

_NEGATED_OBJECTION = re.compile(
    r"(?:没有?|无)\s*(?:什么|任何|其他|其它|别的)?\s*(?:修改|补充|不同)?\s*(?:意见|异议|问题|疑问)|(?:无需|不需要?|不用|无须|不必)\s*(?:再)?\s*(?:作|做)?\s*(?:任何)?\s*(?:修改|调整|改动?|补充)"
    r"|no (?:further )?(?:changes?|comments?|objections?|issues?|problems?)(?: needed| required| from me)?"
)
_REFUSAL = re.compile(
    r"(?<!没有)不\s*(?:太|能|予|予以|大)?\s*(?:同意|通过|批准|认可|可以|行(?![为动业])|合格|准)|(?:没|未|没有|未能|暂不|尚未)\s*(?:能|予)?\s*(?:通过|批准|同意|达标)"
    r"|退回|驳回|打回|退改|重写|重做|重新(?:写|做|提交|制定|编制|拟)|拒绝|否决"
    r"|\bnot? (?:approved?|agreed?|ok(?:ay)?|accept(?:ed|able)?|good enough)|\breject(?:ed)?\b|\bdeclined?\b|\bdisapproved?\b|\bredo\b|\brewrite\b|(?:can ?not|can't|don't|do not) (?:approve|agree|accept)"
)
_DOUBLE_NEGATION = re.compile(r"不是不(?:可以|行|同意|能|通过)|不得不|不能不|并非不|没有不")
_CHANGE = re.compile(
    r"修改|修订|改(?:成|为|到|一下|下|掉|动|进|期|短|长|细|写|正|善|用)|(?<![不再未已])要改|请改|需改|得改|再改|调整|补充|补上|补齐|补一|完善|细化|量化|具体(?:一点|一些|些|化)|明确|删(?:除|掉|去)|去掉|增加|加上|加入|添加|增补|"
    r"换成|推迟|提前到|延(?:后|期)到|拆分|合并|写(?:清|明|细|具体)|列(?:出|明|清)|说明(?:一下|清楚|原因)|重新(?:安排|考虑|核)|缩短|压缩|"
    r"\b(?:revise|revision|change|amend|modify|add|remove|adjust|specify|clarify|elaborate|quantify|correct|fix|move|shorten|include|rework)\b|more (?:specific|detailed?)"
)
_DONE_CHANGE = re.compile(
    r"(?:已|已经|上次|之前|之后|按|依|照)\s*(?:你|您)?\s*(?:修改|调整|补充|完善|改)|(?:修改|调整|改|补充)(?:后|得|过|好了?)(?:的|很|不错)"
)
_APPROVAL = re.compile(
    r"同意|通过|批准|准予|核准|认可|可以|可行|没问题|没有问题|(?<![\w])ok(?:ay)?(?![\w])|照办|照此|就这(?:样|么)|按(?:此|这个|该)?计划(?:执行|办|做|进行|实施|推进)|执行吧|照(?:此|这个)?(?:执行|办)|准了?$|"
    r"\b(?:approved?|agreed?|lgtm|accepted|fine|go ahead|looks good|sounds good|all good|no problem)\b|^行[吧啊的]?$|^准$|^阅[,]?同意$|👍|👌"
)
_QUESTION = re.compile(
    r"\?|(?:吗|么|呢)\s*$|是否|能否|可否|是不是|能不能|可不可以|有没有|什么(?:时候|意思)|为什么|怎么|如何"
)
_NOT_QUESTION = re.compile(r"没(?:有)?什么|怎么(?:都|也)|无论如何")
_CONDITION = re.compile(
    r"如果|若|假如|要是|只要|除非|前提|的话|(?:才|方)(?:能|可|可以|同意)|(?:就|则|即|便)(?:同意|通过|批准|可以|行|ok|没问题|按)|(?:之?后|完|好|齐|了)(?:再|才|就|即|方|可以?|我?)(?:同意|通过|批准|可以|ok|行)|"
    r"(?:等|待).*(?:再|后)|\b(?:if|unless|once|provided|as long as|after|when|until|subject to|on condition)\b"
)
_POSTPONED = re.compile(
    r"原则上|稍后|回头|晚点|改天|再(?:说|议|看|定|回复|答复|研究|讨论|商量|考虑)|(?:明天|后天|周.|下周|星期.|晚上|下午)(?:再|正式)?(?:回复|答复|批|看|定)|正式(?:回复|答复)|研究一下|考虑一下|看一下再|先放|暂缓|待定|"
    r"\b(?:later|tomorrow|let me (?:think|check|see)|will (?:reply|get back)|in principle|pending|tentative)\b"
)
_MERE_ASSENT = re.compile(r"^(?:好的|好吧|好滴|好哒|嗯嗯|是的|对)$")
_AFTER_A_CHANGE = re.compile(
    r"(?:修改|改|调整|补充|完善|细化|加上|补上).{0,12}?(?:就|再|才|后|即|便).{0,4}(?:同意|通过|批准|可以|行|ok|报)"
)
_HEDGE = re.compile(r"基本(?:上)?(?:同意|可以|通过|认可|ok)|大致|大体|差不多|勉强|原则上|in principle|mostly|basically")
_BUT = re.compile(r"但是?|不过|可是|只是|然而|\b(?:but|however|except|though)\b")
_WISH = re.compile(
    r"注意|记得|务必|望|希望|加油|抓紧|保持|继续|别忘|不要忘|努力|辛苦|及时|按时|尽快|尽早|把控|控制|重视|关注|跟进|落实|保证|确保|多(?:沟通|关注|跟)|给我|报我|抄送|发我|同步|汇报|"
    r"\b(?:please keep|mind|watch|remember|keep|make sure|good luck|well done|send me|let me know)\b"
)
_REPORTED = re.compile(
    r"(?:[\u4e00-\u9fff]{1,3}(?:总|经理|主任|部长|老板|董)|客户|对方|财务|法务|人事|他|她|他们|hr|老板)\s*(?:也|都|已|已经)?\s*(?:说|表示|那边)?\s*(?:同意|通过|批准|认可|可以|approved?|agreed?)"
)
_TRANSITIVE = re.compile(
    r"(?:同意|通过|批准|可以)(?:了)?(?:书|率|函|证|单|性|权|后)|(?:审批|评审|考试|测试|验收|审核)(?:已|未|没)?(?:通过|批准)|通过(?!了?(?:$|[\s,.!;:。,;、]|你|该|此|这|本|计划))"
)
_ACTS_LATER = re.compile(
    r"可以(?:的话|再|先|考虑|提前|适当|参考|联系|找|问|用|让|把|更|加|改|补|做|写|来|去|给|在|从|向|跟|和|与|试|多|直接)"
)
_DEDUCTION = re.compile(r"(?:扣|减|加|差|少|多|降|提高?|涨)\s*(?:了|去|掉|你|上)?\s*$")
_FINAL = re.compile(r"(?:最后|最终|总评|总分|总计|总得分|综合|合计|final|overall|total)[^\d]{0,8}$")
_MARKED = re.compile(
    r"(?:评分|得分|分数|打分|评定|评价|考核|成绩|总评|总分|分值|给分|给你?打?|评|打|记|score|rating|mark|grade|points?)\s*(?:了|是|为|你|他|她|:|：|=|of|is)*\s*$|[优良中差秀好格]\s*[\((]\s*$"
)
_UNIT = re.compile(
    r"\s*(?:家|个|次|万|千|百|元|块|人|名|位|天|日|号|小时|分钟|秒|周|月|年|季|件|台|项|条|点(?!\d)|页|份|张|篇|单|户|吨|公里|米|套|批|款|场|倍|%|％|号楼|层|时|:|[./-]\s*\d|元|kg|km|k\b|w\b|hours?|days?|items?|clients?|customers?|visits?|people|months?|weeks?|th\b|st\b|nd\b|rd\b)"
)
_ORDINAL = re.compile(r"(?:第|no\.?\s*|item\s*|#|编号|工号|序号|电话|手机|room|v|version|版本|w|q|[a-z]-?)\s*$")
_NUMBER = re.compile(
    r"(?<![\d.])(?P<n>[+-]?\d{1,6}(?:\.\d{1,3})?)(?!\d)(?:\s*/\s*(?P<of>\d{1,4}))?|(?P<c>[一二三四五六七八九]?十[一二三四五六七八九]?|一?百(?:零?[一二三四五六七八九])?|[一二三四五六七八九]十[一二三四五六七八九]?(?:点[一二三四五六七八九零]))(?=\s*分)"
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|~|～|至|到|或者?|or|to)\s*\d")
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|\d{1,2}\s*[:：]\s*\d{2}(?::\d{2})?|\d{7,}|\d{3,4}-\d{7,8}"
)
# What may stand before a number that is a clause of its own.
_STANDS_APART = re.compile(r"(?:^|[\n,，.。;；!！:：、)）]|(?:同意|通过|批准|可以|ok|approved))\s*$")
_BARE_CHINESE = re.compile(r"\s*(?P<c>[一二三四五六七八九]?十[一二三四五六七八九]?|一?百)[\s。.!]*")
_CLAUSE = re.compile(r"[^\n。!！;；,，、?？~]+[?？]?|[?？]")
_ACK = re.compile(
    r"(?:收到|已阅|阅|知道了?|知悉|了解|谢谢|感谢|辛苦了?|好|嗯|noted|received|thanks?(?: you)?|thx|got it|hi|hello|dear|regards|best regards|祝好|此致|敬礼|顺祝商祺)"
)
_BARE_REVISE = re.compile(
    r"^\s*(?:请)?(?:修改(?:意见)?|退回(?:修改|重写|重做)?|驳回|打回|不同意|不通过|不批准|未通过|没通过|revise|rejected?|not approved|disapproved?|修订)\s*(?:[:：,，.。;；!！\-—]+\s*|\n+|$)",
    re.I,
)
_BARE_APPROVE = re.compile(
    r"^\s*(?:(?:我)?同意(?:执行)?|批准|通过|可以的?|没问题|没有问题|好的|ok(?:ay)?|approved?|agreed?|lgtm|行|好)\s*(?:(?=[(（])|[,，.。;；!！:：\-—]+\s*|\n+|$)",
    re.I,
)
_CN = {c: n for n, c in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True)
class Verdicts:
    """What the words decide on each kind of review, and the words that carried it."""

    by_review: dict[Review, Decision]
    reasons: tuple[str, ...]


def read_verdicts(words: str, asked: Collection[Review], rules: ScoreRules, others: Sequence[str] = ()) -> Verdicts:
    """What the director's own words decide for each kind of review asked about.

    `others` are the names of people whom the answer is not about: a verdict beside one of them is never acted on,
    nor are several names in an answer to one person's mail.
    """
    text = tidy(words).strip()
    folded = fold(text)
    reasons: list[str] = []
    by_review: dict[Review, Decision] = {}
    if not text:
        return Verdicts({review: Decision(Verdict.NONE) for review in asked}, ("no words of his own",))
    if len(asked) > 1 and (parts := _by_duty(text)):
        plan_part, summary_part = parts
        first = read_verdicts(plan_part, {Review.APPROVE}, rules, others)
        second = read_verdicts(summary_part, {Review.SCORE}, rules, others)
        return Verdicts({**first.by_review, **second.by_review}, (*first.reasons, *second.reasons))
    score = _score(folded, rules) if Review.SCORE in asked else None
    plan = _opinion(folded)
    named = {name for name in others if name and fold(name) in folded}
    crowded = any(_carries(clause) for name in named for clause in _clauses(folded) if fold(name) in clause)
    if Review.SCORE in asked and score is not None:
        by_review[Review.SCORE] = _score_decision(text, folded, score, plan, rules, alone=len(asked) == 1)
        reasons.append(score.why or plan.why)
    if Review.APPROVE in asked:
        # Where a summary is answered too, its score is no part of what he says of the plan.
        other = score.span if score and score.value is not None and len(asked) > 1 else None
        opinion = _opinion(folded[: other[0]] + "," + folded[other[1] :]) if other else plan
        by_review[Review.APPROVE] = _plan_decision(text, folded, opinion, alone=len(asked) == 1)
        reasons.append(opinion.why)
    if (crowded or len(named) > 1) and any(d.verdict is not Verdict.NONE for d in by_review.values()):
        reasons.append(f"names somebody else: {', '.join(sorted(named))}")
        by_review = {review: Decision(Verdict.UNCLEAR, comment=text) for review in by_review}
    return Verdicts(by_review, tuple(dict.fromkeys(reason for reason in reasons if reason)))


_MARKS = re.compile(
    r"(?:^|(?<=[\n,，.。;；!！、\s]))\s*(?:下周|本周|上周|工作|周|的)*(?P<which>计划|計劃|总结|總結|小结)[:：,，]?\s*"
)


_EDGES = " ,，;；\n"


def _by_duty(text: str) -> tuple[str, str] | None:
    """The parts of an answer that speak of the plan and of the summary, where each begins with its word."""
    marks = list(_MARKS.finditer(text))
    if len({mark["which"][-1] in "划劃" for mark in marks}) < 2 or text[: marks[0].start()].strip():
        return None
    parts = {True: "", False: ""}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        parts[mark["which"][-1] in "划劃"] += text[mark.end() : end].strip(_EDGES) + "\n"
    return parts[True].strip(), parts[False].strip()


def _clauses(folded: str) -> list[str]:
    return [clause.strip(" \t.()[]【】“”\"'") for clause in _CLAUSE.findall(folded)]


def _carries(clause: str) -> bool:
    return bool(_APPROVAL.search(clause) or _REFUSAL.search(clause) or re.search(r"\d", clause))


@dataclass(frozen=True)
class _Opinion:
    """What the words say of a plan, before it is decided what that means."""

    verdict: Verdict
    why: str


def _opinion(folded: str) -> _Opinion:
    """The verdict on a plan that the folded words carry."""
    approved = refused = changed = ""
    stopped = hedged = but = assent = ""
    for clause in _clauses(folded):
        if not clause or _ACK.fullmatch(clause):
            continue
        if _DOUBLE_NEGATION.search(clause):
            return _Opinion(Verdict.UNCLEAR, f"a double negation: {clause}")
        bare = _NEGATED_OBJECTION.sub("", clause)
        if bare != clause:
            approved = approved or clause
        question = bool(_QUESTION.search(bare)) and not _NOT_QUESTION.search(bare)
        refusal = _REFUSAL.search(bare)
        change = _CHANGE.search(_DONE_CHANGE.sub("", bare))
        approval = _APPROVAL.search(_REFUSAL.sub("", bare))
        if approval and (_ACTS_LATER.search(bare) or _TRANSITIVE.search(bare) or _REPORTED.search(bare)):
            if _REPORTED.search(bare):
                stopped = stopped or clause
            approval = None
        condition = _CONDITION.search(bare) or _POSTPONED.search(bare)
        if _AFTER_A_CHANGE.search(bare) and not question and not _DONE_CHANGE.match(bare):
            # 改完第二项就同意 is a change asked for, whatever he promises for afterwards.
            changed = changed or clause
            continue
        if _HEDGE.search(bare):
            hedged = hedged or clause
        if _MERE_ASSENT.match(bare):
            assent = assent or clause
        if _BUT.search(bare):
            but = but or clause
        if refusal and not question:
            refused = refused or clause
        elif change and not question:
            changed = changed or clause
        if question and (approval or refusal):
            stopped = stopped or clause
        elif question and change:
            # "可以再具体一点吗" asks for a change; he is asked whether it is one.
            stopped = stopped or clause
        elif question or condition:
            stopped = stopped or clause
        elif approval and not refusal:
            approved = approved or clause
    if assent and not (approved or refused or changed):
        return _Opinion(Verdict.UNCLEAR, f"an assent that may only acknowledge: {assent}")
    return _weigh(folded, approved, refused, changed, stopped, hedged, but)


def _weigh(folded: str, approved: str, refused: str, changed: str, stopped: str, hedged: str, but: str) -> _Opinion:
    if refused and not stopped:
        return _Opinion(Verdict.REVISE, f"a refusal: {refused}")
    if changed and not (stopped and _QUESTION.search(stopped)):
        return _Opinion(Verdict.REVISE, f"a change asked for: {changed}")
    if refused or (stopped and (approved or changed or _APPROVAL.search(stopped) or _REFUSAL.search(stopped))):
        return _Opinion(Verdict.UNCLEAR, f"a condition, a question or a postponement: {stopped or refused}")
    if approved and hedged:
        return _Opinion(Verdict.UNCLEAR, f"only half an approval: {hedged}")
    if approved and but and not _WISH.search(folded):
        return _Opinion(Verdict.UNCLEAR, f"an approval with a reservation: {but}")
    if approved:
        return _Opinion(Verdict.APPROVE, f"an approval: {approved}")
    return _Opinion(Verdict.NONE, "no word of a verdict")


def _plan_decision(text: str, folded: str, opinion: _Opinion, *, alone: bool) -> Decision:
    verdict = opinion.verdict
    if verdict is Verdict.NONE and alone and _bare_number(folded):
        return Decision(Verdict.UNCLEAR, comment=text)
    if verdict is Verdict.REVISE:
        return Decision(verdict, comment=_BARE_REVISE.sub("", text, count=1).strip() or "")
    if verdict is Verdict.APPROVE:
        rest = _BARE_APPROVE.sub("", text, count=1).strip()
        return Decision(verdict, comment=_trim_brackets("" if _says_nothing(rest) else rest))
    return Decision(verdict, comment=text if verdict is Verdict.UNCLEAR else "")


def _says_nothing(rest: str) -> bool:
    """Whether what is left after the verdict word is only approval and courtesy again."""
    clauses = [clause for clause in _clauses(fold(rest)) if clause]
    return all(
        _ACK.fullmatch(c) or (len(c) <= 8 and (_APPROVAL.search(c) or _NEGATED_OBJECTION.search(c))) for c in clauses
    )


def _trim_brackets(text: str) -> str:
    if len(text) > 1 and text[0] in "(（" and text[-1] in ")）":
        return text[1:-1].strip()
    return text


def _bare_number(folded: str) -> bool:
    return (
        bool(re.fullmatch(r"[^\d\n]{0,6}\d{1,3}(?:\.\d+)?\s*分?[\s.!。]*(?:\n.*)?", folded, re.DOTALL))
        or "分" in folded
    )


@dataclass(frozen=True)
class _Score:
    """The one number that can be the score, or the doubt why there is none."""

    value: Decimal | None
    span: tuple[int, int] | None
    why: str
    doubtful: bool = False


@dataclass(frozen=True)
class _Candidate:
    value: Decimal
    span: tuple[int, int]
    marked: bool
    final: bool
    whole: bool


def _score(folded: str, rules: ScoreRules) -> _Score:
    candidates: list[_Candidate] = []
    taken = [match.span() for match in _DATE.finditer(folded)]
    deduction = False
    for match in _NUMBER.finditer(folded):
        start, end = match.span()
        if any(a < end and start < b for a, b in taken):
            continue
        before, after = folded[max(0, start - 14) : start], folded[end : end + 8]
        if _DEDUCTION.search(before) and re.match(r"\s*分", after):
            deduction = True
            continue
        points = bool(
            re.match(
                r"\s*(?:points?\b|pts\b)|\s*分(?!钟|析|别|工|公司|部|店|解|配|享|步|类|批|期|摊|成|红|支|辆|之)",
                after,
            )
        )
        if _ORDINAL.search(before) or (_UNIT.match(after) and not points):
            continue
        if re.match(r"\s*[.、)）]\s*\D", after) and not before[-1:].strip() and not points:
            continue  # the number of a list's item
        value = Decimal(match["n"]) if match["n"] else _chinese(match["c"])
        if match["of"]:
            if Decimal(match["of"]) != rules.high:
                return _Score(None, (start, end), f"a scale that isn't ours: {match[0]}", doubtful=True)
            points = True
        marked = points or bool(_MARKED.search(before))
        stop = re.match(r"\s*(?:分)?\s*(?:$|[\s,，.。;；!！)）(（:：—-])", after)
        whole = bool(stop) and bool(_STANDS_APART.search(before))
        if marked or whole:
            final = bool(_FINAL.search(before))
            candidates.append(
                _Candidate(
                    value,
                    (start, end + (len("分") if points and not match["of"] else 0)),
                    marked,
                    final,
                    whole,
                )
            )
    if not candidates:
        if deduction:
            return _Score(None, None, "only a deduction", doubtful=True)
        if bare := _BARE_CHINESE.fullmatch(folded):
            return _Score(_chinese(bare["c"]), bare.span("c"), f"a score: {bare['c']}")
        if re.fullmatch(r"\D{0,8}" + _RANGE.pattern.replace(r"\d\s*", r"\d+\s*") + r"\d*\s*分?\D{0,8}", folded):
            return _Score(None, None, "a range of scores", doubtful=True)
        return _Score(None, None, "")
    if any(a <= c.span[0] < b for c in candidates for a, b in (m.span() for m in _RANGE.finditer(folded))):
        return _Score(None, None, "a range of scores", doubtful=True)
    for chosen in ([c for c in candidates if c.final], [c for c in candidates if c.marked], candidates):
        values = {candidate.value for candidate in chosen}
        if len(values) == 1:
            start, end = chosen[0].span
            return _Score(chosen[0].value, (start, end), f"a score: {folded[max(0, start - 6) : end].strip()}")
        if len(values) > 1:
            return _Score(None, None, "more than one number could be the score", doubtful=True)
    return _Score(None, None, "")


def _chinese(text: str) -> Decimal:
    """九十二 → 92, 一百 → 100."""
    whole, _, part = text.partition("点")
    if "百" in whole:
        value = 100 + sum(_CN.get(char, 0) for char in whole.partition("百")[2])
    else:
        tens, _, ones = whole.partition("十")
        value = _CN.get(tens, 1) * 10 + _CN.get(ones, 0)
    try:
        return Decimal(f"{value}.{_CN[part]}") if part else Decimal(value)
    except (InvalidOperation, KeyError):
        return Decimal(value)


def _score_decision(
    text: str, folded: str, score: _Score, opinion: _Opinion, rules: ScoreRules, *, alone: bool
) -> Decision:
    if score.doubtful:
        return Decision(Verdict.UNCLEAR, comment=text)
    if score.value is None or score.span is None:
        if not alone:
            return Decision(Verdict.NONE)
        if opinion.verdict is Verdict.REVISE:
            return Decision(Verdict.REVISE, comment=_BARE_REVISE.sub("", text, count=1).strip())
        doubt = opinion.verdict in (Verdict.APPROVE, Verdict.UNCLEAR)
        return Decision(Verdict.UNCLEAR if doubt else Verdict.NONE, comment=text if doubt else "")
    clause = next((c for c in _CLAUSE.finditer(folded) if c.start() <= score.span[0] < c.end()), None)
    around = clause[0] if clause else folded
    stops = _QUESTION.search(around) or _CONDITION.search(around) or _POSTPONED.search(around)
    if stops or (alone and opinion.verdict is Verdict.REVISE and _REFUSAL.search(folded)):
        return Decision(Verdict.UNCLEAR, score=score.value, comment=text)
    if not rules.on_scale(score.value):
        return Decision(Verdict.UNCLEAR, score=score.value, comment=text)
    comment = _without_score(text, score.value)
    return Decision(Verdict.SCORE, score=score.value, comment="" if _says_nothing(comment) else comment)


def _without_score(text: str, value: Decimal) -> str:
    """The comment: the words without the score's own expression, where that stands apart."""
    number = r"(?:" + re.escape(f"{value.normalize():f}") + r"(?:\.0+)?|[一二三四五六七八九十百点]{1,5})"
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    number = rf"(?:{number}|{re.escape(f'{value.normalize():f}'.translate(wide))})"
    mark = r"(?:(?:最后|最终|总评|总分|综合)?\s*(?:评分|得分|分数|打分|成绩|给分|给你?|评|打|记|score|rating)?\s*(?:是|为|[:：=])?\s*)"
    pattern = rf"^\s*{mark}{number}\s*(?:/\s*\d+)?\s*分?\s*[,，.。;；!！::\-—]*\s*|[,，。;；]?\s*{mark}{number}\s*(?:/\s*\d+)?\s*分?\s*[。.!！]*\s*$"
    rest = re.sub(pattern, "", text, count=1, flags=re.IGNORECASE).strip()
    return _trim_brackets(rest)

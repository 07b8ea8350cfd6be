"""Guard: what stops an act that the wording seems to ask for. A row a reason, over folded words without names.

The learned reader knows wording; what it can't know is whose verdict it is, about what, and whether it is given at
all. Whatever one of these rows sees is never acted on for its wording alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.rules.review import Verdict

_APPROVE, _REVISE, _SCORE = frozenset({Verdict.APPROVE}), frozenset({Verdict.REVISE}), frozenset({Verdict.SCORE})
_ALL = _APPROVE | _REVISE | _SCORE
_POINTS = r"(?:№|#)"
_WHO = r"[一-鿿](?:总|长|律师|主任|经理|书记|老师|董|部|司|院|局|方|户|商|家|会|业|办|政|务|科|所)"


@dataclass(frozen=True)
class Row:
    """What is seen, which acts it speaks against, and by what it is seen."""

    name: str
    stops: frozenset[Verdict]
    seen: re.Pattern[str]


def _row(name: str, stops: frozenset[Verdict], *patterns: str) -> Row:
    return Row(name, stops, re.compile("|".join(patterns)))


ROWS: tuple[Row, ...] = (
    _row("somebody else is named", _ALL, r"①"),
    _row(
        "a double negation", _ALL, r"不是不|并非不|不能不|不会不|未必不|没有不(?!妥|同|当)|无不|not un|not dis",
    ),
    _row(
        "a condition", _ALL,
        r"如果|要是|要不是|假如|倘|若(?!干)|只要|除非|前提|的话|够了?就",
        r"(?:^|[,，。;；\n])如(?!此|下|上|何|意|今|期|实|拟|题)",
        r"(?:以后|之后|之前|完了?|签了字|确认)[,，]?[^,，。]{0,8}(?:再|就|才|则|便|给|记|放行|可以执行)",
        r"补[^,，。]{0,6}给|(?:[了好完齐平清后]|到位)(?:再|就|才)?给[^,，。]{0,3}(?:№|#)|想(?:要|拿|得)|以[下内]我|按这个走",
        r"等.{1,14}(?:再|就|才|后|我)|待.{1,14}(?:后|再|[,，]|照|核|定|议)|不超.{0,8}就|能.{0,10}就|得到[№#.\d]+,?同意|(?:关闭|确认|落实|到账|签字|通过)[,，]?(?:就|再|才)?给[^,，。]{0,3}(?:№|#)",
        r"\bif\b|\bonce\b|\bunless\b|\bprovided\b",
    ),
    _row(
        "a question", _ALL,
        r"[?？]|吗|(?:呢|么)(?=$|[,，。\n])|几时|是否|没有(?=$|[,，。\n])|何时|哪(?:个|次|里)|是不是|批不批|行不行",
        r"\bis item\b|^are\b|^can\b",
    ),
    _row(
        "a change of mind", _ALL,
        r"不对|等一下|等等|算了|撤回|发错|手滑|先(?:别|不|撤)|再想|再核|容我|不算|看错|[哦啊]不|没想好|再议|一起评|改主意",
        r"还是(?!要|得|有|那|老|照)|\bno\b,|make it|\bsorry\b|\bwrong\b|\bfirst i\b",
    ),
    _row(
        "somebody else's verdict", _ALL,
        r"听.{0,8}[说讲]|(?:[办部组处委局室院审]|监理|甲方|业主)(?:已|都|也)?(?:审|阅|看过|初评|评了?|签)|以[^,，。]{1,10}(?:意见|为准)|[说讲话][^,，。]{0,8}(?:同意|通过|给|打|№|可以|行|没问题|过了|\bok|lgtm)|批示|转告|转述|恭喜|祝贺|公示|客俾|他们",
        _WHO + r"[^,，。;；①⓪]{0,4}(?:同意|批准?|打了?|给了?|通过|驳|退|否|合格|说|评|不签)",
        r"\bhq\b|i hear|he said|\bwould give\b",
    ),
    _row(
        "a past or a wish", _SCORE,
        r"本来|原本|原想|原拟|原先|原来|本想|本可|想给|想打|初看|起初|曾|上周|上次|上月|去年|前年|差(?:点|一点|一分|少少)",
        r"冲" + _POINTS + r"|下周[^,，。]{0,3}" + _POINTS + r"|\bwould\b|last week|almost",
    ),
    _row(
        "half words", _APPROVE | _SCORE,
        r"拟(?:同意|予|给|打|批)|建议|暂(?:定|给|记)|先记|供参考|不视为|保留|可能|大概|应该|應該|或许|原则|基本|初步|估计|考虑|看着办",
        r"(?:№|#)[^,，。]{0,4}(?:也|或)|委屈",
    ),
    _row(
        "a mark that is refused", _SCORE,
        r"(?:不|没|无法|别|冇|唔)(?:会|能|可能|到|只|止|超过|够)?(?:给|打|值|得|到)?[^,，。0-9]{0,2}" + _POINTS,
        r"给不|够不|\bnot an?\b",
    ),
    _row(
        "a number about something else", _SCORE,
        r"(?:满意度|率|检查|抽检|质检|抽查|评审|均分|平均|自评|客户?|甲方|公司|总部|店铺|体验|审核|线|及格|定价|账期|实测"
        r"|第三方|同期|年检|食安|好评|差评|印数|考试|班|体检|温|级|期|部|平台|供应商|满分|总分|底分|基础分|百分制|规定|门槛)"
        r"[^,，。;；\n]{0,8}" + _POINTS,
        _POINTS + r"\s*分?[^,，。]{0,2}(?:才|是|算)(?:优|及|合|良|不|达)",
        _POINTS + r"\s*(?:元|块|天|%|条|台|w|万|本|份|号|页|单|件|人|家|个|次|k|c|℃|度|斤|公|平|吨|箱|点|级|年|月|日"
        r"|周|小时|分钟|楼|层|米|期|后|余|多|来|以|左右|上下|出头|之间|起|有|半|\+)",
        _POINTS + r"\s*分\s*(?:半|多|余|以|左右|上下|出头|之间|才|是|钟|析|及格)",
        r"(?:态度|结果|安全|生产|质量|进度|业务|管理|服务|纪律|效率|数据|执行|沟通)\s*[:：]?\s*" + _POINTS,
        r"\b(?:rate|otif|kpi|turns|roi|score of|nps|csat|yield)\b[^,，。;；\n]{0,6}" + _POINTS,
        _POINTS + r"[^,，。0-9]{0,4}(?:扣|减|加)\s*" + _POINTS,
        _POINTS + r"\s*[。.]\s*" + _POINTS + "|" + _POINTS + r"\s+" + _POINTS + r"|有№|迟交[^,，。]{0,4}№|\bvda|\biso",
    ),
    _row(
        "a change", _APPROVE,
        r"改|减|增|加(?!油|班|强|快|急|之|倍|薪)|添|列[进入上]|[加写排算][进上]|按[№#][^,，。]{0,3}[排算报写]|不够|[莫别]写|写(?:成|明|清|上|到)|提到|提高|压|降|并到|挪|调|推迟|延|提前|换|去掉|删|补|缺|太|重[写做报拟填新]|打回|退|撤|毙|部分|一半",
        r"不过|但(?!愿)|只是|除|先退|另拟|细化|量化|明确|具体|充实|空|核实|分开|拆|合并",
        r"\bmove\b|\bchang|instead|except|\bbut\b|however|reduce|\badd\b",
        r"[№#]\s*(?:→|->|到|至|成|为)",
    ),
    _row(
        "a denial", _APPROVE,
        r"不支持|(?<![没无])有意见|^\W*[×✗✘❌]|未(?:便|可|能|予|经|获)|没(?:法|有通过|通过|批)|不了|布同意|难以|反对|否|拒|驳|作罢|缓|暂|唔得|\breject|\bdeclin",
        r"(?:不|冇|唔|难|无法|莫|勿|非)(?:能|可|行|予|便|宜|准|批|同意|通过|合|妥|够)|\bnot\b|n't",
    ),
    _row(
        "another object", _APPROVE | _REVISE,
        r"合同|发票|报销|单据|凭证|样衣|裤|货|订单|签证|护照|密码|协议|投诉|客户|甲方|对方|买家|供应商|财务|法院|判决|裁定|诉"
        r"|审计|审贷|局|群名|公文|笔录|函|制度|证明|抽检|不合格品|加班|手机|票|品保|退款|交期|前言|出版|作者|作文|试卷|学生"
        r"|家长|病|药|设备|机器|申请|厂|车|酒店|会议室|采购|入库|请假|年检|打样|大货|食堂|年假|转正|工资|奖金|社保|快递|物业"
        r"|物流|海关|邮件|微信|电话|链接|账号|请示|上诉|批复|租|装修|贷款|同意书|群接龙|样板|工商|股东",
        r"\bform\b|\bvisa\b|overtime|customer|8d|\bhr\b|\baudit\b",
    ),
    _row(
        "only courtesy", _APPROVE | _REVISE,
        r"^(?:thanks|thank you|谢谢|辛苦|看见了|[看睇读]过|看了|noted|got it)[^,，。]{0,6}[,，。!]*[^,，。]{0,6}$",
    ),
    _row(
        "praise", _REVISE, r"不错|谢谢|辛苦|thank|good|长进|实在|很好|早点|加油|released|proceed|不打回",
    ),
)  # fmt: skip


# What takes a verdict back, turns it round, or makes it another word's part, right where it stands: however sure the
# wording seems, he is asked.
_YES = r"(?:同意|通过|批准|可以)"
NEVER: tuple[Row, ...] = (
    _row(
        "taken back", _ALL,
        r"(?:收回|取消|撤销|撤回|作废)[^,，。;；\n]{0,4}(?:同意|通过|批准|评分|打分|分数|№)",
        r"(?:同意|通过|批准|№分?)[^,，。;；\n]{0,3}(?:作废|收回|取消|撤销|作罢)",
    ),
    _row("a slip of his own", _APPROVE | _SCORE, r"(?:打|写|记|发|点|批|说)错了?(?!别|字|人|行)(?=$|[,，。!！\s])"),
    _row("too high or too low", _SCORE, r"№\s*分?\s*(?:给|打|评)?得?(?:太|有点?)?(?:多|少|高|低)了"),
    _row(
        "no mark of his", _SCORE,
        r"(?:负|倒扣|[<>≤≥]|^[-–—−])\s*№|№\s*折|№\s*分?\s*(?:都|也)不|№[,，]#$|№分?[两三四几#]次",
        r"(?:电话|手机|分机|热线|kpi|房间|工号)\s*[:：]?\s*№",
    ),
    _row("two marks", _SCORE, r"№\s*分?\s*(?:还是|或者?|or\b)\s*№"),
    _row(
        "marks of parts", _SCORE,
        r"^(?![\s\S]*(?:总分|总评|总的|最[后终]|综合|合计|一共))[\s\S]*第.{1,2}[项条点]\s*[:：]?\s*№[^№]*第.{1,2}[项条点]\s*[:：]?\s*№",
    ),
    _row(
        "a yes turned round", _APPROVE,
        rf"(?<![要好差])[不没未](?:\s+|\s*[、,，]\s*){_YES}|{_YES}\s*[×x✗✘❌否不]\s*$|{_YES}(?:才怪|个|啥|什么)",
        rf"待{_YES}|待审批|{_YES}[之以]?后",
    ),
    _row("not yet", _APPROVE | _SCORE, r"先(?:别|不要)(?=执行|动|做|办|批|算|发|开|实施)"),
    _row("a condition behind it", _APPROVE | _SCORE, r"前提(?:是|条件)|除非|条件是"),
    _row("another's verdict", _ALL, r"①[^,，。;；\n①⓪]{0,6}(?:同意|退|批准|通过|重写|重做|驳|打回|№)"),
    _row("no return asked", _REVISE, r"不(?:用|必|需要?|得不|予|再|是)?(?:退|打回|驳)|无[需须](?:退|打回)|不得不"),
)  # fmt: skip
# 可以 and 同意 before a word of something else: 可以改进, 同意休假. Said of the plan where it stands alone as well.
ABOUT_MORE = re.compile(
    r"可以(?=[一-鿿])(?!的|了|吧|啊|呀|哈|嘛|哦|噢|喔|呢|滴|哒|嗯|啦|撒|喇|通过|执行|做|办|干|实施|开始|启动|开工|开动|推进|进行"
    r"|照|按|就|可以|同意|批|这|没|不错|该|我|你|先|继续|下?发|开展|往|走|去|直接|上|落实|接受|放行|定)"
    r"|同意(?:修改|上周|上次|上月|休|请假|离|调|辞|报销|退|延|参)"
)


# Where one of these is all that forbids it, the act is still what he most likely means.
STILL_LIKELY = frozenset({"a slip of his own", "too high or too low", "not yet", "another's verdict"})


def never(act: Verdict, masked: str) -> tuple[str, ...]:
    """What forbids an act in the folded, nameless words with their numbers masked, whatever else they say."""
    return _seen(NEVER, act, masked)


def against(act: Verdict, masked: str) -> tuple[str, ...]:
    """What speaks against an act in the folded, nameless words with their numbers masked."""
    return _seen(ROWS, act, masked)


def _seen(rows: Sequence[Row], act: Verdict, masked: str) -> tuple[str, ...]:
    return tuple(row.name for row in rows if act in row.stops and row.seen.search(masked))

"""The words that carry a verdict, as patterns over folded text (half-width, simplified, lower case). Data only."""

from __future__ import annotations

import re

NEGATED_OBJECTION = re.compile(
    r"(?:没有?|无)\s*(?:什么|啥|任何|其他|其它|别的)?\s*(?:修改|补充|不同)?\s*(?:意见|异议|问题|疑问)|(?:无需|不需要?|不用|无须|不必)\s*(?:再)?\s*(?:作|做)?\s*(?:任何)?\s*(?:修改|调整|改动?|补充|重写|重做|重报|再送|再报|重来)"
    r"|no (?:further )?(?:changes?|comments?|objections?|issues?|problems?)(?: needed| required| from me)?"
)
REFUSAL = re.compile(
    r"(?<!没有)(?<!同)不\s*(?:太|能|予|予以|大)?\s*(?:同意|通过|批|认可|可以|行(?![为动业])|合格|准)|(?<![还尚])(?:没|未|没有|未能|暂不)\s*(?:能|予)?\s*(?:通过|批准|同意|达标)|(?:同意|通过|批准)不了"
    r"|退回|驳回|打回|退改|重写|重做|重新(?:写|做|提交|制定|编制|拟)|拒绝|否决"
    r"|\bnot? (?:approved?|agreed?|ok(?:ay)?|accept(?:ed|able)?|good enough)|\breject(?:ed)?\b|\bdeclined?\b|\bdisapproved?\b|\bredo\b|\brewrite\b|(?:can ?not|can't|don't|do not) (?:approve|agree|accept)"
)
DOUBLE_NEGATION = re.compile(r"不是不(?:可以|行|同意|能|通过)|未尝不|无不可|不得不|不能不|并非不|没有不")
CHANGE = re.compile(
    r"修改|修订|改:|改(?:成|为|到|一下|下|掉|动|进|期|短|长|细|写|正|善|用)|(?<![不再未已])要改|请改|需改|得改|再改|调整|补充|补上|补齐|补一|完善|细化|量化|具体(?:一点|一些|些|化)|明确|删(?:除|掉|去)|去掉|增加|加上|加入|添加|增补|"
    r"换成|推迟|[把将].{1,12}(?:提前|推后|挪|移|放|换|去)|提前[到至]?$|提前到|定[高低]|调[高低]|降低|提高(?:一|些|目标)|needs? work|延(?:后|期)到|拆分|合并|写(?:清|明|细|具体)|列(?:出|明|清)|说明(?:一下|清楚|原因)|重新(?:安排|考虑|核)|缩短|压缩|"
    r"\b(?:revise|revision|change|amend|modify|add|remove|adjust|specify|clarify|elaborate|quantify|correct|fix|move|shorten|include|rework)\b|more (?:specific|detailed?)"
)
DONE_CHANGE = re.compile(
    r"(?:已|已经|上次|之前|之后|按|依|照)\s*(?:你|您)?\s*(?:修改|调整|补充|完善|改)|(?:修改|调整|改|补充)(?:后|得|过|好了?)(?:的|很|不错)"
)
APPROVAL = re.compile(
    r"同意|通过|批准|准予|核准|认可|可以|可行|没问题|没有问题|(?<![a-z])ok(?:ay)?(?![a-z])|照办|照此|就这(?:样|么)(?:办|做|定|执行|来)?|按(?:此|这个|该)?计划(?:执行|办|做|进行|实施|推进)|按(?:此|这个|该)(?:执行|办|做|实施|来|走)|执行吧|照(?:此|这个)?(?:执行|办理?)|准了?$|"
    r"\b(?:approved?|agreed?|lgtm|accepted|fine|go ahead|looks good|sounds good|all good|no problem)\b|^行[吧啊的]?$|^准$|^阅[,]?同意$|👍|👌"
)
QUESTION = re.compile(
    r"\?|(?:吗|么|呢)\s*$|是否|能否|可否|是不是|能不能|可不可以|同不同意|行不行|有没有|什么(?:时候|意思)|为什么|怎么|如何"
)
NOT_QUESTION = re.compile(r"没(?:有)?什么|怎么(?:都|也)|无论如何")
CONDITION = re.compile(
    r"如果|若|假如|要是|只要|除非|前提|的话|(?:才|方)(?:能|可|可以|同意)|(?<=.)(?:就|则|即|便)(?:同意|通过|批准|可以|行|ok|没问题|按)|(?:之?后|完|好|齐|了)(?:再|才|就|即|方|可以?|我?)(?:同意|通过|批准|可以|ok|行)|"
    r"(?:等|待).*(?:再|后)|\b(?:if|unless|once|provided|as long as|after|when|until|subject to|on condition)\b"
)
POSTPONED = re.compile(
    r"原则上|稍后|回头|晚点|改天|暂定|暂给|先给|再(?:说|议|看|定|回复|答复|研究|讨论|商量|考虑)|(?:明天|后天|周.|下周|星期.|晚上|下午)(?:再|正式)?(?:回复|答复|批|看|定)|正式(?:回复|答复)|研究一下|考虑一下|看一下再|先放|暂缓|待定|"
    r"\b(?:later|tomorrow|let me (?:think|check|see)|will (?:reply|get back)|in principle|pending|tentative)\b"
)
MERE_ASSENT = re.compile(r"^(?:好的|好吧|好滴|好哒|嗯嗯|是的|对)$")
AFTER_A_CHANGE = re.compile(
    r"(?:修改|改|调整|补充|完善|细化|加上|补上).{0,12}?(?:就|再|才|后|即|便).{0,4}(?:同意|通过|批准|可以|行|ok|报)"
)
HEDGE = re.compile(
    r"应该(?:可以|行|没)|基本(?:上)?(?:同意|可以|通过|认可|ok)|大致|大体|差不多|勉强|原则上|in principle|mostly|basically"
)
BUT = re.compile(r"但是?|不过|可是|只是|然而|\b(?:but|however|except|though)\b")
WISH = re.compile(
    r"注意|记得|务必|望|希望|加油|抓紧|保持|继续|别忘|不要忘|努力|辛苦|及时|按时|尽快|尽早|把控|控制|重视|关注|跟进|落实|保证|确保|多(?:沟通|关注|跟)|给我|报我|抄送|发我|同步|汇报|"
    r"\b(?:please keep|mind|watch|remember|keep|make sure|good luck|well done|send me|let me know)\b"
)
REPORTED = re.compile(
    r"(?:[\u4e00-\u9fff]{1,3}(?:总|经理|主任|部长|老板|董)|客户|对方|财务|法务|人事|他|她|他们|hr|老板)\s*(?:也|都|已|已经)?\s*(?:说|表示|那边)?\s*(?:同意|通过|批准|认可|可以|approved?|agreed?)"
)
TRANSITIVE = re.compile(
    r"(?:同意|通过|批准|可以)(?:了)?(?:书|率|函|证|单|性|权|后)|(?:审批|评审|考试|测试|验收|审核)(?:已|未|没)?(?:通过|批准)|通过(?!了?(?:$|[\s,.!;:。,;、]|你|该|此|这|本|计划))"
)
ACTS_LATER = re.compile(
    r"可以(?:的话|再|先|考虑|提前|适当|参考|联系|找|问|用|让|把|更|加|改|补|做|写|来|去|给|在|从|向|跟|和|与|试|多|直接)"
)
DEDUCTION = re.compile(r"(?:扣|减|加|差|少|多|高|低|超|降|提高?|涨)\s*(?:了|去|掉|你|上)?\s*$")
FINAL = re.compile(r"(?:最后|最终|总评|总分|总计|总得分|综合|合计|final|overall|total)[^\d]{0,8}$")
MARKED = re.compile(
    r"(?:得(?!到)|评分|得分|分数|打分|评定|评价|考核|成绩|总评|总分|分值|给分|给(?:你|个|你个)?打?|评|打|记|score|rating|mark|grade|points?)\s*(?:了|是|为|你|他|她|:|：|=|of|is)*\s*$|[优良中差秀好格]\s*[\((]\s*$"
)
UNIT = re.compile(
    r"\s*(?:起|家|个|次|万|千|百|元|块|人|名|位|天|日|号|小时|分钟|秒|周|月|年|季|件|台|项|条|点(?!\d)|页|份|张|篇|单|户|吨|公里|米|套|批|款|场|倍|%|％|号楼|层|时|:|[./-]\s*\d|元|kg|km|k\b|w\b|hours?|days?|items?|clients?|customers?|visits?|people|months?|weeks?|th\b|st\b|nd\b|rd\b)"
)
ORDINAL = re.compile(r"(?:第|#|编号|工号|序号|电话|手机|版本|(?<![a-z])(?:no\.?|item|room|version|[a-z]-?))\s*$")
NUMBER = re.compile(
    r"(?<![\d.])(?<!\d )(?P<n>[+-]?\d{1,6}(?:\.\d{1,3})?)(?!\d)(?:\s*/\s*(?P<of>\d{1,4}))?|(?<![一二三四五六七八九十百])(?P<c>[一二三四五六七八九]?十[一二三四五六七八九]?|一?百(?:零?[一二三四五六七八九])?|[一二三四五六七八九]十[一二三四五六七八九]?(?:点[一二三四五六七八九零]))(?=\s*分)"
)
RANGE = re.compile(r"\d\s*(?:-|–|—|~|～|至|到|或者?|or|to)\s*\d")
DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|\d{1,2}\s*[:：]\s*\d{2}(?::\d{2})?|\d{7,}|\d{3,4}-\d{7,8}"
)
# What may stand before a number that is a clause of its own.
STANDS_APART = re.compile(r"(?:^|[\n,，.。;；!！:：、)）]|(?:同意|通过|批准|可以|ok|approved))\s*$")
BARE_CHINESE = re.compile(r"\s*(?P<c>[一二三四五六七八九]?十[一二三四五六七八九]?|一?百)[\s。.!]*")
# An English full stop ends a clause, a decimal point or a list's number doesn't.
FULL_STOP = re.compile(r"(?<=[a-z])\.(?=\s|$)")
CLAUSE = re.compile(r"[^\n。!！;；,，、?？~()（）]+[?？]?|[?？]")
ACK = re.compile(
    r"(?:收到|已阅|阅|知道了?|知悉|了解|谢谢|感谢|辛苦了?|好|嗯|noted|received|thanks?(?: you)?|thx|got it|hi|hello|dear|regards|best regards|祝好|此致|敬礼|顺祝商祺)"
)
FILLER = re.compile(
    r"已?修改[好后过]?的?|已|请|去|做|来|开始|安排|嗯|哈|啦|就|先|都|也|吧|啊|呀|的|了|此|该|这个?|本周|下周|周|工作|计划|总结|执行|推进|实施|落实|办理|我|您|你|方案|完全|整体|总体"
    r"|\b(?:with thanks|thanks|thank you|yes|sure|please|proceed|with|and|then|with me|from me|me|it|this|that|the|plan|i|we|you|very|all|by|so|is|are)\b|[\s.!]"
)
BARE_REVISE = re.compile(
    r"^\s*(?:请)?(?:修改(?:意见)?|退回(?:修改|重写|重做)?|不可以|不行|重做|重写|退改|没有通过|驳回|打回|不同意|不通过|不批准|未通过|没通过|revise|rejected?|not approved|disapproved?|修订)\s*(?:[:：,，.。;；!！\-—]+\s*|\n+|$)",
    re.I,
)
BARE_APPROVE = re.compile(
    r"^\s*(?:(?:我)?同意(?:执行)?|批准|通过|可以的?|没问题|没有问题|好的|ok(?:ay)?|approved?|agreed?|lgtm|行|好)\s*(?:(?=[(（])|[,，.。;；!！:：\-—]+\s*|\n+|$)",
    re.I,
)

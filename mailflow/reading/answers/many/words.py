"""The words of answers about many, as patterns over folded text. Data only.

To teach a word, put it into its row here, longer ones first, and an answer with it into tests/answers.
"""

from __future__ import annotations

import re


def _any(words: str) -> str:
    """A pattern for any of these words, which white space parts."""
    return "(?:" + "|".join(words.split()) + ")"


# What says yes or no of one row, as a clause of its own or at the beginning of one.
AGREES = _any(r"""
    同意实施 同意执行 同意 通过 批准 照准 照办 照做 照整 照此执行 按此执行 按计划执行 如拟 核可
    准予执行 准予 准(?![时备确点])了? 批了? 可以做 可以 可行 尚可 可(?![能否是惜见靠]) 没问题 没有问题
    莫得问题 冇问题 没(?:有|得)?意见 无意见 没毛病 (?:没有|无)异议 批咗 过(?![来去程节年])了? 要得 得行 中(?!间)
    行嘞 行 妥了? 冲(?![突击刺着量锋]) 合格 符合要求 执行(?!力) 放行 签了 过关
    ok(?![a-z]) okay lgtm approved? agreed? pass(?:ed)? merge fine go\sahead all\sgood \+1 [√✓✔✅☑] 👌
""")
_TO_DO = r"(?:要|请|需要?|得|再)?"
_AGAIN = _any("重写 重做 重拟 重弄 重排 重报 重整 重拆 重新(?:写|弄|做|拟|排|报)")
REFUSES = _any(rf"""
    (?:退回|打回|驳回|发还|发回|返工)(?:去|来)?(?:{_AGAIN}|补写|补正|修改|更正)? 退改 退(?![休款货]) 打转去?
    {_TO_DO}{_AGAIN} {_TO_DO}再酌 {_TO_DO}(?:修改|改改|改一改|改一下|改)
    不同意 不通过 不批准? 不准 不可以? 不行 不过(?=$|[\s,，。;；!！]) 不中 不妥 不合格 不得行 搞不成 唔得
    (?:修改|改好?|补充|完善)[后再]?再报 没过 未过 否 别过 没通过 未通过 不ok ng(?![a-z]) no\sgood
    reject(?:ed)? revise redo rework (?:please\s|pls\s)?amend request\schanges not\sapproved [×✗✘❌✕]
""")
_SOFT = (
    _any(r"""
    我看?了? 都是? 另外 还是 再(?=改|重) 均 皆 也 全 各 俱 就 倒是 一律 一概 统统 统一 全部 总体 完全 请 先 给 予以?
    直接 一次性? 基本 ,
""")
    + "*"
)
_PARTICLE = (
    _any(r"""
    了 的 吧 啊 哈 啦 嘛 呀 罢 哦 噢 喔 囉 咯 嘞 哒 滴 掉 下 来 去 它 他 她 你 好 呢 执行 实施 办理 [~～!！.。…\s]
""")
    + "*"
)
SIGNS = re.compile(r"[√✓✔✅☑×✗✘❌✕]")
SOFT = re.compile(_SOFT)
VERDICT = re.compile(rf"{_SOFT}(?:(?P<no>{REFUSES})|(?P<yes>{AGREES})){_PARTICLE}")
VERDICT_START = re.compile(rf"{_SOFT}(?:(?P<no>{REFUSES})|(?P<yes>{AGREES}))(?![a-z])")
VERDICT_ALONE = re.compile(rf"{VERDICT.pattern}(?:$|[,，。;；\s(（])")
# A refusal that says so by itself, with what is wrong right behind it: 打回没写时间.
SENT_BACK = re.compile(
    r"(?:都|全)?(?:退回|打回|驳回|发还|重写|不同意|不通过|不批准|ng)(?:去|来)?"
    r"(?=[^\s,，。;；!！~～()（）的了吧啊哈嘛重修补更你这]{2,})"
)

_DIGIT = "[一二三四五六七八九]"
FIGURE = rf"(?:\d{{1,3}}(?:\.\d+)?|{_DIGIT}?十{_DIGIT}?(?:点{_DIGIT})?|{_DIGIT}百?点?{_DIGIT})"
_GIVES = (
    r"(?:改成|改为|更正为|更正|\d{1,3}\s*[-+－＋]\s*\d{1,2}\s*[=＝])?\s*(?:总结|小结|周报|本周|考核|分数|得分|评分|成绩|打分|分|score|mark|summary)?\s*"
    r"(?:就|都|均|皆|各|也|每人|一律|统统|统一|全部|全|我|,)*(?:是|为|给|打|评|记|计|得|按|算)*"
    r"(?:你|他|她|了|到|个|各)*\s*[:：=]?\s*"
)
GIVES = re.compile(_GIVES)
MARK = re.compile(
    rf"{_GIVES}(?P<n>{FIGURE})\s*(?:/\s*100)?\s*(?:分|points?)?"
    r"(?:吧|哈|啦|了|记|嘛|哦|就好|好了|[~～!！.。\s])*"
)
MARK_ALONE = re.compile(rf"{MARK.pattern}(?:$|[,，。;；(（])")
MARK_START = re.compile(
    rf"{_GIVES}(?P<n>{FIGURE})\s*(?:分(?!钟|公司|店|部|析|别)|(?={AGREES}|{REFUSES})"
    r"|(?=$|[\s,，。;；!！.()（）:：~～—\-/|记吧算]))"
)
# A lower figure alone is seldom a mark: it is asked about.
LOWEST_BARE = 30
STRAY = re.compile(
    r"(?<![\d.:：/k-])(?P<n>\d{2,3}(?:\.\d)?)"
    r"(?=分(?!钟|公司|店|部)|$|[\s,，。;；!！)）](?!\s?[个人家万千百元块条项天%]))"
)
# Talk of marks that gives none.
OF_MARKS = re.compile(r"\d\s*分|\d\s*points?|minus|deduct|扣|满分|优秀|良好|及格|加[一二三四五1-5](?:分|$)")

# Which duty a part is about.
_WHOSE = _any("他的 她的 你的 本周 这周 上周 下周 周 工作 大家的? 各位的? 你们?的? 所呈 报来的 的") + "*"
PLAN = r"(?:计[划画]|企[划画]|plans?(?![a-z]))"
SUMMARY = _any(r"""
    总结 小结 周报 分数 得分 评分 成绩 打分 scores? summar(?:y|ies) marks? 分(?=\s*[:：\d一二三四五六七八九]|$|\s)
""")
_OF_DUTY = r"(?![与和及、员])(?:方面|部分|评分|打分|得分|分数|分|评级)?(?:如下)?(?:呢|嘛|呀|的话|里|上|倒是|是)?"
DUTY = re.compile(rf"{_WHOSE}(?:(?P<plan>{PLAN})|(?P<summary>{SUMMARY})){_OF_DUTY}")
# 刘强、赵磊分别给88和84
RESPECTIVELY = re.compile(
    rf"(?:的)?(?:{SUMMARY})?(?:分别|依次|各自?)(?:是|为|给|打|得|记|评)*\s*[:：]?\s*"
    rf"(?P<marks>{FIGURE}分?(?:\s*[、,，和及/ ]\s*{FIGURE}分?)+)[。.!！\s]*"
)
# 计划和总结都退回
_AND = r"\s*(?:和|与|及|跟|、)\s*"
BOTH_DUTIES = re.compile(rf"{_WHOSE}(?:{PLAN}{_AND}{SUMMARY}|{SUMMARY}{_AND}{PLAN})")
_ANY_DUTY = rf"(?:{_WHOSE}(?:{PLAN}|{SUMMARY}){_OF_DUTY})?"
HEADING = re.compile(
    rf"(?:[-*•]\s*)?[【\[(]?\s*(?:[(（]?[一二三四五六1-9][)）]?[、.])?\s*{DUTY.pattern}"
    r"\s*[】\])]?\s*[:：]?\s*(?:如下)?\s*[:：]?\s*"
)

# Who is meant without a name.
_THE_REST = _any(r"""
    其余 其他 其它 剩下 余下 剩余 余者 余(?=皆|均|都|未|如|同|照) 别人 别的 其它人 后面 后头 后边
    (?:the\s)?(?:rest|others)\b(?:\sof\sthem)? every(?:one|body)\selse\b all\sothers\b
""")
REST = re.compile(rf"{_THE_REST}(?:的)?(?:人员|人|员工|同事|各位|诸位|几个|几位|各件|各份|两位|三位)?(?:的)?")
_EVERYBODY = _any(r"""
    全部 全数 全体 全员 所有(?:人)? 大家 全都 悉数 统统 通通 各位 诸位 各件 各份 每人
    全(?=批|过|准|同意) 都 均 皆 一律 一概
    (?:all|everyone|everybody|everything)\b
""")
ALL = re.compile(rf"{_EVERYBODY}(?:的)?(?:人员|人|员工|同事)?(?:的)?")
EXCEPT = re.compile(r"(?:除(?:了|咗|去)?|(?:except|but|other than)(?: for)?)\s*")
EXCEPTED = re.compile(r"\s*[,，]?\s*(?:之外|以外|除外|外|不算|不在此列)")
# 除李娜退回重拟外
EXCEPTED_FOR = re.compile(r"(?P<why>[^,，。;；]{1,12}?)(?:之外|以外|外)(?=[,，\s]|其余|都|均|全|皆)")
# 除了李四的计划要重写，… says what is wrong with his, and excepts nobody from what is said there.
SAID_OF_EXCEPTED = re.compile(
    rf"(?:的|那份)?{_ANY_DUTY}\s*(?:{REFUSES}|(?:[打给得]\s*)?(?:[3-9]\d(?:\.\d)?|100)(?:分|$|[\s,，。(（])|[^,，。;；]{{0,12}}?(?:要|得|需要?|必须)(?:{REFUSES}|改|补))"
)
# Words before 都 or 均 that say of how many it is said: 两位张姓同志的计划，均照办.
OF_SOME = re.compile(
    r"[两二三四五六七八九十几](?:位|个|人|名|份)|姓|组|部门?|[这那](?:几|些|两|三)|他们|她们|的(?:计划|总结|周报)?\s*[,，]?\s*$"
)
# Behind those who are excepted: 除李四外，其余计划都
THE_OTHERS = re.compile(
    rf"(?:的|那份)?{_ANY_DUTY}\s*[,，]?\s*(?:{REST.pattern}|{ALL.pattern})?{_ANY_DUTY}"
    r"(?:都|均|皆|全部|一律|余)*\s*"
)
FIRST = re.compile(
    r"(?P<side>前|头|后)(?:面)?(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})"
    r"(?:个人|个|位|名|份|人|行|条)(?:的)?"
)
ONWARD = re.compile(r"\s*(?:号)?\s*(?:(?:及|和)?(?:往后|以后|之后|以下|起|开始))(?:的)?(?:都|全)?")
OTHERS = re.compile(
    r"其余|其他人|其它人|其他的|别人|剩下|余下|余者|后头|后面的|后[一二三四五六七八九十\d]{1,2}个|除了"
    r"|\bthe (?:rest|others)\b|\bothers\b"
)
# 计划都OK behind one person's mark is said of more than him.
OF_MORE = re.compile(
    rf"(?:^|[\s,，。;；]){DUTY.pattern}\s*(?:(?:[两三四五六七八九十几]个?人?|[这那]几[个位]|他们|她们|你们|大家)(?:的)?)?\s*(?:都|均|全部?|一律|统统)"
    r"|\bof (?:all |these |those )|\bthese (?:two|three|four)\b"
)
# 第三条挪到周四，其他没问题: the rest of his own plan.
REST_OF_HIS = re.compile(r"第[^,，。]{1,3}[条项点款][^。；;\n]*(?:其余|其他|其它|剩下|别的)(?!人|同事|各位|几位|同志)")

# Row numbers. A marked one says that it is one.
CHINESE = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_N = rf"(?:\d{{1,3}}|{CHINESE})"
TO = r"\s*(?:[-~–—－]+|至|到|to)\s*"
_COUNTED = _any(rf"""
    号 行 位 个人 个 名 份 列
    (?=\s*(?:[、和与及]|{TO})\s*第?\d) (?<=\d)(?=\s*[,，]\s*第?\d) (?=[、,，]\s*第|[和与]第)
    (?=\s*[两三四五六七八九十二][份个位条人])
    (?=\s*[,，:：]?\s*(?:同意|通过|打回|退回|准|照|可))
""")
MARKED = re.compile(
    rf"(?:第\s*(?P<a>{_N})(?:\s*[号行]?{TO}第?\s*(?P<b>{_N}))?\s*{_COUNTED}"
    rf"|(?P<c>{_N})(?:(?:\s*号)?{TO}(?P<d>{_N}))?"
    r"\s*[号行](?![楼店线晚下上中开出桥门仓机字话内])(?!\s*(?:之前|以前|前|左右|截止))"
    rf"|(?:#|no\.?|rows?|序号|号)\s*(?P<e>\d{{1,3}})(?:{TO}(?P<f>\d{{1,3}}))?(?![\d.]\d)"
    r"|[(（](?P<g>\d{1,3})[)）](?=\s*\S))"
)
BARE = re.compile(rf"(?P<a>\d{{1,3}})(?:{TO}(?P<b>\d{{1,3}}))?(?![\d%年月日天点时分])(?!\.\d)")
BARE_CHINESE = re.compile(
    rf"(?P<a>{CHINESE})(?:{TO}(?P<b>{CHINESE}))?"
    rf"(?=[、,，]\s*(?:{_SOFT}(?:{REFUSES}|{AGREES})|{FIGURE}|{_DIGIT})|\s*[全都均]|我?\S{{0,3}}再(?:看|说|议))"
)
LIST_MARK = re.compile(
    r"(?:[-*•·]\s*)?(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,2})\s*[.、)）]\s*"
    r"|第[一二三四五六七八九十][,，、:：]\s*|[-*•·]\s*)"
)
SEPARATOR = re.compile(r"\s*(?:[、,，/&+＋]|和|及|与|跟|同(?!意)|以及|还有|\band\b|\s)?\s*@?\s*")
# A number that may be a row inside of what is said of another: where a clause begins, or before a verdict.
_UNITS = _any(r"""
    年 月 日 号楼 天 点 时 分 个 人 家 万 千 百 元 块 条 项 次 周 楼 层 页 份 件 台 套 吨 公里 米 % 小时 k w
    days? hours? items? people points? 分
""")
LOOSE = re.compile(
    rf"(?:(?:^|(?<=[,，。;；、\s但过中]))(?<!item )(?P<a>\d{{1,3}})(?=\s?[一-鿿a-z:：→=])(?!\s?{_UNITS})"
    rf"|(?<!\d)(?P<b>\d{{1,3}})(?=(?:{REFUSES}|{AGREES})))"
)

# What puts a row off: a number before it is a row as well.
HOLD_START = re.compile(
    r"(?:我|还是|先|再|得|要|请|的)*(?:若|如果|要是|(?:费用|预算)?(?:能|若)|再(?:想|看|说|议|定|等|考虑|商量)|等(?!于)"
    r"|先(?:放|不|别|hold)|缓|暂|容|俟|待|明天|后天|今晚|晚上|周[一二三四五六日天]|下周|回头|改日|hold)"
)
HELD_WORD = r"(?:再议|缓议|缓办|待定|待议|暂缓|未定|存疑|hold|pending)"
HELD = re.compile(
    r"如果|若|要是|假如|只要|除非|前提|的话|[再才就]{1}(?:同意|通过|批|过|行|准)|等.{0,12}(?:再|后|回)|俟|待.{0,8}再"
    r"|再(?:看|想|说|议|定|考虑)|还没|未(?:看|睇|审)|[听聽]日|稍后|回头|改日|明天|容我|缓议|暂缓|先放|hold|先(?:不|别)|暂(?:不|缓|时)"
    r"|拟同意|原则|基本同意|应该|可能|大概|好像|if\b|unless\b|i think"
)
QUESTIONED = re.compile(
    r"[?？]|吗|呢(?=$|[,，。\n])|是不是|(?<!清楚)(?<!明确)(?<!写明)(?<!说明)(?<!标明)(?:是否|怎么|为什么|咋|哪)"
)
# What he takes back: what stands before it is asked about; and what he takes back of the whole, where nobody knows how
# far it goes.
TAKEN_BACK = re.compile(
    r"(?:^|(?<=[,，。;；\s哦啊嗯]))不对|等一?下|等等|等哈|算了|撤回|哦不|no wait|sorry,|scratch that"
)
OWN_SLIP = re.compile(r"[打写说点]错了?(?!人|行)")
MIXED_UP = re.compile(
    r"更正(?=[:：,，—])|看错|看串|串行|发错|写错了?人|弄错|搞错|[说写打弄搞]反|[打说点]错|(?:我|刚才?|上面|前面)写错|反了|颠倒"
    r"|纠正|correction|mixed up"
)
# A verdict inside of a remark on the opposite one: 经再核，改为准予.
TURNED = {
    "no": re.compile(
        r"(?<![不没未后再才方就便即可])(?:同意|准予|通过了?|批准|照准|没问题|可以了)(?=$|[\s,，。;；!！吧了])"
    ),
    "yes": re.compile(r"(?:不同意|不批|不准|不通过|打回|退回|重写|重做|作废|撤回)"),
}
# A verdict at the end of words that are said to be something else: 她们两个的计划也同意.
ENDS_IN_ONE = re.compile(r"(?:同意|通过|批准|准予|照准|打回|退回|驳回|重写|重做)(?:了|吧|的|哈|啊|[~～!！.。\s])*$")

# That he has read it all says nothing yet.
_HAS_READ = (
    r"(?:(?:各位|大家|你们|诸位|报来|所有人?)(?:的)?)?(?:(?:计[划画]|总结|周报|plans?)(?:和|、|与)?)*"
    r"(?:我|已经?|均|都|全部?)*(?:看(?:完|过|了)|审阅|批阅|过目|阅)(?:完|过|了|毕)*(?:一遍)?"
)
# What may stand before whom a part is about, and right behind.
_LEADS = _any(r"""
    第[一二三四五六七八九十\d]{1,3}[条项]? 其中 另外 还有 然后 至于 最后 接着 再就是 就是 只有 唯独? 惟
    不过 但是? 而 那 那个 嗯 呃 啊 哦 对了 以及 并 这边 我这边 请 @ 先说 先 说说 来看 首先 其次 再
    除了? the and also plans?\s(?:of|for) for [-*•·"'“”\[\]【】(（—\s,，:：>] [\U0001F300-\U0001FAFF]
""")
LEAD = re.compile(rf"(?:{_HAS_READ}|{_LEADS})*")
BEHIND = re.compile(
    r"\s*(?:→|->|=>)?\s*(?:[(（](?P<note>[^()（）\n]{1,60})[)）])?\s*(?:同志|同学|老师|妹妹|先生|女士|小姐|姐|哥)?\s*"
    r"(?:(?:两|三|四|五|六|七|八|九|十|二|这几|几)(?:位|个人|个|人|份|件)|俩|位|这边|那边)?(?:老师|同志|同事)?"
    r"\s*(?:的|之|嘞|那个?|那份|这份|份|你那个|你的|嗰.份|’s|'s|的|\s)*\s*(?:→|->|=>)?\s*"
)
# A name that nobody here has: 小何 90, 张山：同意.
STRANGER = re.compile(
    r"(?:[一-鿿](?=[:：])|[小老阿][一-鿿]|[一-鿿](?:工|姐|哥|总|主任|经理|老师|师傅)"
    r"|(?!.?[计总其全大各你我他她这那都以上下周])[一-鿿]{2,4})(?=(?:的|[\s:：])*(?P<said>.*))"
)
GENERAL = re.compile(
    _any(r"""
    另外? [这那][两三四五六几](?:个|位|份|人) [两三四五六]个人 前面[这那]?[几两三] 他们 她们 上面 以上 上述
    这些 那些 附言 统一说 大家 各位 各组 诸位 同志们 此外 还有一?件?事 顺便 p\.?s
""")
)
_COURTEOUS = _any(r"""
    各位 大家 诸位 你们 同事们? 同志们 好 早 晚上 上午 下午 辛苦 您 啦 了 你们好 呀 谢谢 感谢 多谢 收到 已?阅 知悉 如下
    周末愉快 周末好 假期愉快 晚安 早点休息 批复 批示 批阅 结果 意见 逐项 逐份 经 审阅 看完 都 我 此复 特此 祝好
    此致 敬礼 评分 打分 就这几个 先 这样 以上 是 均 指 讲
    hi hello dear all everyone everybody team thanks thank\syou regards [\s,，.。:：!！~～、;；🙏🌹😊👍❤️]
""")
COURTESY = re.compile(rf"(?:{_HAS_READ}|{_COURTEOUS})+")
# With whom or by whom something is to be done, and what shows that it is about him all the same.
ALONG = re.compile(r"(?:和|跟|与|找|向|由|让|叫|给|请|配合|抄送|联系|通知|问|with|ask|cc)\s*$")
ABOUT_HIM = re.compile(
    rf"\s*(?:的|也|{PLAN}|{SUMMARY}|{REFUSES}|{AGREES}|[、,，]?\s*(?:和|跟|与)|除|打|给|{FIGURE}(?:分|$|[\s,，。]))"
)
EXCUSED = re.compile(r"(?:请[^,，。]{0,4}假[,，]\s*)?(?:免交|准假|免|excused?)(?:$|[\s:：,，。]+)")
IN_BRACKETS = re.compile(r"\s*[(（\[]([^)）\]\n]{1,40})[)）\]]")

"""Reasons in words: why a line was not carried out, why nothing is owed, what was decided, why there is no text."""

from __future__ import annotations

from collections.abc import Mapping

# By language: zh-CN, zh-TW, en.
_LANGUAGES = ("zh-CN", "zh-TW", "en")
WHY = {
    "unknown": ("不知道指的是谁", "不知道指的是誰", "nobody knows who is meant"),
    "namesakes": ("有同名的人", "有同名的人", "several people bear this name"),
    "nothing-there": ("没有可处理的提交", "沒有可處理的提交", "there is nothing to decide on"),
    "no-verdict": ("没有写明决定", "沒有寫明決定", "it says no decision"),
    "unclear": ("意思不够明确", "意思不夠明確", "it can be meant in more than one way"),
    "twice": ("前后写了不同的决定", "前後寫了不同的決定", "it says two different things"),
    "rest-unsure": ("有一行看不出是谁，无法判断“其余”包括哪些人", "有一行看不出是誰，無法判斷「其餘」包括哪些人", "one line names an unknown person, so nobody knows who the rest are"),
    "off-scale": ("分数超出范围", "分數超出範圍", "the score is off the scale"),
    "newer-version": ("之后又收到了新版本", "之後又收到了新版本", "a newer version has arrived since"),
    "not-his": ("不在您的审批范围内", "不在您的審批範圍內", "it is not yours to decide"),
    "key": ("校验码不对", "校驗碼不對", "the key is not one of ours"),
    "indirect": ("看不出您答复的是哪一封信", "看不出您答覆的是哪一封信", "nobody can tell which letter it answers"),
    "not-alone": ("写在对他人来信的答复里，请直接回复本信再写一次", "寫在對他人來信的答覆裡，請直接回覆本信再寫一次", "it stands in an answer to somebody else's mail; write it once more in an answer to this letter"),
    "named-besides": ("前面已单独写过此人，不知“其余”是否也包括", "前面已單獨寫過此人，不知「其餘」是否也包括", "he is named by himself before, so nobody knows whether the rest includes him"),
    "quoted": ("看不出是您写的，还是引用的原文", "看不出是您寫的，還是引用的原文", "it may be quoted and not yours"),
    "denied": ("您答复说理解有误，请写明决定", "您答覆說理解有誤，請寫明決定", "you say that it is not meant so; please say what is"),
    "still-open": ("上次已请您确认，这次没有提到", "上次已請您確認，這次沒有提到", "you were asked before and this answer does not mention it"),
    "deputy": ("看不出代理人或日期", "看不出代理人或日期", "the deputy or the days are not plain"),
}  # fmt: skip
# Why an answer about one mail was not acted on.
DOUBTS = {
    "unclear": ("这段话既可能是决定，也可能不是", "這段話既可能是決定，也可能不是", "these words may be a decision or not"),
    "wrong-kind": ("这类答复不适用于该事项", "這類答覆不適用於該事項", "an answer of this kind does not fit this duty"),
    "newer-version": ("您答复的是旧版本，之后又收到了新版本", "您答覆的是舊版本，之後又收到了新版本", "you answered an older version; a newer one has arrived since"),
    "decided-since": ("您此后已另行决定，原决定维持不变", "您此後已另行決定，原決定維持不變", "you have decided otherwise since, and that stands"),
    "empty": ("您没有写修改意见或分数", "您沒有寫修改意見或分數", "it says neither what to change nor a score"),
    "no-target": ("无法确定您答复的是哪一份提交", "無法確定您答覆的是哪一份提交", "it is not certain which submission you mean"),
    "several": ("符合条件的提交不止一份", "符合條件的提交不止一份", "more than one submission could be meant"),
    "off-scale": ("分数不在允许的范围内", "分數不在允許的範圍內", "the score is off the scale"),
}  # fmt: skip
EXCUSES = {
    "leave": ("请假", "請假", "on leave"),
    "rest": ("放假", "放假", "no working day"),
    "not yet joined": ("尚未入职", "尚未入職", "not yet joined"),
    "left": ("已离职", "已離職", "left"),
    "not needed": ("无需提交", "無需提交", "not needed"),
    "granted": ("特准免交", "特准免交", "excused by name"),
}
VERDICTS = {
    "approve": ("同意", "同意", "approved"),
    "revise": ("退回修改", "退回修改", "to be revised"),
    "score": ("评分", "評分", "score"),
    "excused": ("免交", "免交", "excused"),
}
PROBLEMS = {
    "too large": ("文件过大", "檔案過大"),
    "encrypted": ("文件已加密", "檔案已加密"),
    "damaged or not what its name says": ("文件损坏或与扩展名不符", "檔案損毀或與副檔名不符"),
    "no text in it": ("文件中没有文字", "檔案中沒有文字"),
    "took too long to open": ("打开超时", "開啟逾時"),
    "could not be opened": ("无法打开", "無法開啟"),
    "more than one From address, so nobody knows who wrote it": (
        "发件人不止一个，无法确认是谁写的",
        "寄件者不止一個，無法確認是誰寫的",
    ),
    "the mail server says that DMARC failed: the sender is not proved": (
        "邮件服务器认定 DMARC 不通过，发件人未经证实",
        "郵件伺服器認定 DMARC 不通過，寄件者未經證實",
    ),
    "it says it is from the director and decides, but only turned up in INBOX: not obeyed": (
        "自称由您发出并作出决定，但只出现在收件箱，未予执行",
        "自稱由您發出並作出決定，但只出現在收件匣，未予執行",
    ),
    "it answers a letter about several duties and does not say which it is for": (
        "回复的通知涉及多个事项，无法判断所交的是哪一项",
        "回覆的通知涉及多個事項，無法判斷所交的是哪一項",
    ),
    "it bears a token that was made for somebody else, or was used before: not obeyed": (
        "邮件带有他人的或已用过的凭证，未予执行",
        "郵件帶有他人的或已用過的憑證，未予執行",
    ),
    "nobody can read what the mail server says of its sender: the sender is not proved": (
        "邮件服务器的认证结果无法辨认，发件人未经证实",
        "郵件伺服器的認證結果無法辨認，寄件者未經證實",
    ),
    "it answers a letter of ours as the director, but lies only in the inbox: it waits for its copy in Sent": (
        "自称由您回复，但只在收件箱中，正在等待“已发送”中的副本",
        "自稱由您回覆，但只在收件匣中，正在等待「寄件備份」中的副本",
    ),
    "it decides, but who wrote it is not proved: not obeyed, and the one it names is asked": (
        "含有决定，但无法证实是谁写的，未予执行，已去信向本人确认",
        "含有決定，但無法證實是誰寫的，未予執行，已去信向本人確認",
    ),
    "it answers a letter of ours that the store doesn't know: not obeyed, and its sender is asked": (
        "回复的是系统已无记录的一封信（可能因恢复备份而丢失），未予执行",
        "回覆的是系統已無記錄的一封信（可能因還原備份而遺失），未予執行",
    ),
    "a kind of file that mailflow doesn't read": ("不支持的文件类型", "不支援的檔案類型"),
}


def in_words(table: Mapping[str, tuple[str, ...]], value: str, language: str) -> str:
    """The reason in that language; one that the table lacks, or lacks in English, stands for itself."""
    words = dict(zip(_LANGUAGES, table.get(value, ()), strict=False))
    return words.get(language, value)

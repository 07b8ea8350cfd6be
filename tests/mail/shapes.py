"""How each mail program writes an answer: own words and original → (text, HTML, charset, transfer encoding)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

ORIGINAL = "王总：\n下周工作计划如下，请审批，同意请回复“同意”，打分请写“90分”。\n1. 回访客户\n2. 整理台账\n谢谢！"
NAME, WHO, BOSS = "张三", "zhangsan@example.com", "wang@example.com"
Shape = tuple[str, str, str, str]


def _html(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def qq_web(own: str, sub: str) -> Shape:
    head = f'------------------ 原始邮件 ------------------\n发件人: "{NAME}" <{WHO}>;\n发送时间: 2026年11月21日(星期六) 晚上8:01\n收件人: "王总"<{BOSS}>;\n\n主题: {sub}\n\n\n'
    return f"{own}\n\n\n\n{head}{ORIGINAL}", "", "gb18030", "base64"


def qq_web_html(own: str, sub: str) -> Shape:
    quote = f'<div style="font-size:12px;font-family:Arial Narrow;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef;"><div><b>发件人:</b>&nbsp;"{NAME}"&lt;{WHO}&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月21日(星期六) 晚上8:01</div><div><b>收件人:</b>&nbsp;"王总"&lt;{BOSS}&gt;;</div><div><b>主题:</b>&nbsp;{sub}</div></div>'
    return (
        "",
        f"<div>{_html(own)}</div><div><br></div><div><includetail><!--<![endif]--></includetail></div>{quote}{_html(ORIGINAL)}",
        "utf-8",
        "base64",
    )


def qq_english(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n------------------&nbsp;Original&nbsp;------------------\n".replace("&nbsp;", "\u00a0")
        + f'From: "{NAME}" <{WHO}>;\nDate: Sat, Nov 21, 2026 08:01 PM\nTo: "wang"<{BOSS}>;\nSubject: {sub}\n\n{ORIGINAL}',
        "",
        "utf-8",
        "base64",
    )


def qq_phone(own: str, sub: str) -> Shape:
    return (
        f'{own}\n\n发自我的iPhone\n\n---原始邮件---\n发件人: "{NAME}"<{WHO}>\n发送时间: 2026年11月21日(星期六) 晚上8:01\n收件人: "王总"<{BOSS}>;\n主题: {sub}\n\n{ORIGINAL}',
        "",
        "utf-8",
        "quoted-printable",
    )


def foxmail(own: str, sub: str) -> Shape:
    return (
        "",
        f'<body>{_html(own)}<div><br></div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left"><div><span>wang</span></div><blockquote style="margin-Top: 0px;"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="background:#efefef;"><div><b>发件人：</b>&nbsp;{NAME}</div><div><b>发送时间：</b>&nbsp;2026-11-21&nbsp;20:01</div><div><b>收件人：</b>&nbsp;王总</div><div><b>主题：</b>&nbsp;{sub}</div></div></div>{_html(ORIGINAL)}</blockquote></body>',
        "gb2312",
        "base64",
    )


def foxmail_text(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n\n\nwang@example.com\n \n发件人： {NAME}\n发送时间： 2026-11-21 20:01\n收件人： 王总\n主题： {sub}\n{ORIGINAL}",
        "",
        "gb2312",
        "base64",
    )


def netease(own: str, sub: str) -> Shape:
    return (
        f'{own}\n\n\n\n\n\n\n\nAt 2026-11-21 20:01:02, "{NAME}" <{WHO}> wrote:\n{_quoted(ORIGINAL)}',
        "",
        "gbk",
        "base64",
    )


def netease_chinese(own: str, sub: str) -> Shape:
    return f'{own}\n\n\n在 2026-11-21 20:01:02，"{NAME}" <{WHO}> 写道：\n{_quoted(ORIGINAL)}', "", "gbk", "8bit"


def netease_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">{_html(own)}</div><br><br><div style="position:relative;zoom:1"></div><div id="divNeteaseMailCard"></div><br>At 2026-11-21 20:01:02, "{NAME}" &lt;{WHO}&gt; wrote:<br> <blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid">{_html(ORIGINAL)}</blockquote>',
        "gbk",
        "base64",
    )


def mail_master(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n| |\n王总\n|\n|\nwang@example.com\n|\n---- 回复的原邮件 ----\n| 发件人 | {NAME}<{WHO}> |\n| 发送日期 | 2026年11月21日 20:01 |\n| 收件人 | 王总<{BOSS}> |\n| 主题 | {sub} |\n{ORIGINAL}",
        "",
        "utf-8",
        "base64",
    )


def mail_master_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<div class="content">{_html(own)}</div><div id="ntes-pcmac-signature" style="font-family:\'微软雅黑\'"><table><tr><td>王总</td></tr><tr><td>wang@example.com</td></tr></table></div><div class="ntes-mailmaster-quote" style="padding-top: 1px; padding-bottom: 1px"><div style="margin-top: 2em">---- 回复的原邮件 ----</div><table><tr><td>发件人</td><td>{NAME}&lt;{WHO}&gt;</td></tr><tr><td>主题</td><td>{sub}</td></tr></table>{_html(ORIGINAL)}</div>',
        "utf-8",
        "base64",
    )


def coremail(own: str, sub: str) -> Shape:
    return (
        f'{own}\n\n\n> -----原始邮件-----\n> 发件人:"{NAME}" <{WHO}>\n> 发送时间:2026-11-21 20:01:02 (星期六)\n> 收件人: {BOSS}\n> 抄送: \n> 主题: {sub}\n> \n{_quoted(ORIGINAL)}',
        "",
        "utf-8",
        "base64",
    )


def coremail_entities(own: str, sub: str) -> Shape:
    text, html, charset, cte = coremail(own, sub)
    return text.replace("\n> ", "\n&gt; "), html, charset, cte


def coremail_plain(own: str, sub: str) -> Shape:
    return (
        f'{own}\n\n-----原始邮件-----\n发件人:"{NAME}" <{WHO}>\n发送时间:2026-11-21 20:01:02 (星期六)\n收件人: {BOSS}\n抄送:\n主题: {sub}\n\n{ORIGINAL}',
        "",
        "utf-8",
        "base64",
    )


def coremail_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'{_html(own)}<br><br><blockquote name="replyContent" class="ReferenceQuote" style="padding-left:5px;margin-left:5px;border-left:#b6b6b6 2px solid;margin-right:0;">-----原始邮件-----<br><b>发件人:</b><span>"{NAME}" &lt;{WHO}&gt;</span><br><b>发送时间:</b><span>2026-11-21 20:01:02 (星期六)</span><br><b>主题:</b><span>{sub}</span><br><br>{_html(ORIGINAL)}</blockquote>',
        "utf-8",
        "base64",
    )


def outlook(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n-----邮件原件-----\n发件人: {NAME} [mailto:{WHO}] \n发送时间: 2026年11月21日 20:01\n收件人: 王总\n抄送: 李四\n主题: {sub}\n\n{ORIGINAL}",
        "",
        "gb2312",
        "8bit",
    )


def outlook_html(own: str, sub: str) -> Shape:
    paragraphs = "".join(
        f'<p class="MsoNormal"><span lang="ZH-CN">{escape(line)}</span><span lang="EN-US"><o:p></o:p></span></p>'
        for line in own.split("\n")
    )
    original = "".join(f'<p class="MsoNormal">{escape(line)}</p>' for line in ORIGINAL.split("\n"))
    return (
        "",
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {{margin:0cm}}</style></head><body lang="ZH-CN"><div class="WordSection1">{paragraphs}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>发件人<span lang="EN-US">:</span></b><span lang="EN-US"> {NAME} &lt;{WHO}&gt; <br></span><b>发送时间<span lang="EN-US">:</span></b> 2026年11月21日 20:01<br><b>收件人:</b> 王总<br><b>主题:</b> {sub}</p></div>{original}</div></body></html>',
        "gb2312",
        "quoted-printable",
    )


def outlook_phone(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: {NAME} <{WHO}>\n发送时间: Saturday, November 21, 2026 8:01:02 PM\n收件人: 王总 <{BOSS}>\n主题: {sub}\n\n{ORIGINAL}",
        "",
        "utf-8",
        "base64",
    )


def outlook_taiwan(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n-----原始郵件-----\n寄件者: {NAME} <{WHO}>\n寄件日期: 2026年11月21日 下午 08:01\n收件者: {BOSS}\n副本: \n主旨: {sub}\n\n原文",
        "",
        "utf-8",
        "base64",
    )


def outlook_taiwan_bare(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n寄件者: {NAME} <{WHO}>\n寄件日期: 2026年11月21日 下午 08:01\n收件者: {BOSS}\n主旨: {sub}\n\n{ORIGINAL}",
        "",
        "utf-8",
        "base64",
    )


def iphone(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n发自我的 iPhone\n\n> 在 2026年11月21日，20:01，{NAME} <{WHO}> 写道：\n> \n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "quoted-printable",
    )


def apple_mail(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n> 2026年11月21日 下午8:01，{NAME} <{WHO}> 写道：\n> \n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "quoted-printable",
    )


def iphone_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<html><head></head><body dir="auto">{_html(own)}<div><br></div><div dir="ltr">從我的 iPhone 傳送</div><div dir="ltr"><br><blockquote type="cite">{NAME} &lt;{WHO}&gt; 於 2026年11月21日 晚上8:01 寫道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{_html(ORIGINAL)}</div></blockquote></body></html>',
        "utf-8",
        "quoted-printable",
    )


def gmail(own: str, sub: str) -> Shape:
    return f"{own}\n\n{NAME} <{WHO}> 于2026年11月21日周六 20:01写道：\n\n{_quoted(ORIGINAL)}", "", "utf-8", "base64"


def gmail_broken(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\nOn Sat, Nov 21, 2026 at 8:01 PM {NAME} 运营部 <{WHO}>\nwrote:\n\n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "base64",
    )


def gmail_taiwan(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n{NAME} <{WHO}> 於 2026年11月21日 週六 下午8:01寫道：\n\n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "base64",
    )


def gmail_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<div dir="ltr">{_html(own)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{NAME} &lt;<a href="mailto:{WHO}">{WHO}</a>&gt; 于2026年11月21日周六 20:01写道：<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{_html(ORIGINAL)}</blockquote></div>',
        "utf-8",
        "quoted-printable",
    )


def google_groups(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n在2026年11月21日星期六 UTC+8 20:01:02<{NAME}> 写道：\n\n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "base64",
    )


def thunderbird(own: str, sub: str) -> Shape:
    return f"{own}\n\n在 2026/11/21 20:01, {NAME} 写道:\n{_quoted(ORIGINAL)}", "", "utf-8", "8bit"


def thunderbird_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body><p>{"<br>".join(escape(line) for line in own.split(chr(10)))}</p><div class="moz-cite-prefix">在 2026/11/21 20:01, {NAME} 写道:<br></div><blockquote type="cite" cite="mid:x@example.com">{_html(ORIGINAL)}</blockquote></body></html>',
        "utf-8",
        "8bit",
    )


def aliyun(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n{'-' * 66}\n发件人：{NAME} <{WHO}>\n发送时间：2026年11月21日(星期六) 20:01\n收件人：王总 <{BOSS}>\n主　题：{sub}\n\n{ORIGINAL}",
        "",
        "utf-8",
        "base64",
    )


def aliyun_html(own: str, sub: str) -> Shape:
    return (
        "",
        f'<div class="__aliyun_email_body_block">{_html(own)}<div style="clear:both;"><br></div><blockquote style="margin-right:0;margin-top:0;margin-bottom:0;"><div>------------------------------------------------------------------</div><div>发件人：{NAME} &lt;{WHO}&gt;</div><div>发送时间：2026年11月21日(星期六) 20:01</div><div>收件人：王总</div><div>主　题：{sub}</div><div><br></div>{_html(ORIGINAL)}</blockquote></div>',
        "utf-8",
        "base64",
    )


def wechat_work(own: str, sub: str) -> Shape:
    return (
        f'{own}\n\n发自我的企业微信\n\n------------------ 原始邮件 ------------------\n发件人: "{NAME}" <{WHO}>;\n发送时间: 2026年11月21日(星期六) 20:01\n收件人: "王总"<{BOSS}>;\n主题: {sub}\n\n{ORIGINAL}',
        "",
        "gb18030",
        "base64",
    )


def huawei(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n发自我的华为手机\n\n-------- 原始邮件 --------\n发件人： {NAME} <{WHO}>\n日期： 2026年11月21日周六 20:01\n收件人： 王总 <{BOSS}>\n主题： {sub}\n{ORIGINAL}",
        "",
        "utf-8",
        "base64",
    )


def xiaomi(own: str, sub: str) -> Shape:
    return (
        f"{own}\n\n发自我的小米手机\n在 {NAME} <{WHO}>，2026年11月21日 20:01写道：\n\n{_quoted(ORIGINAL)}",
        "",
        "utf-8",
        "base64",
    )


def banner_and_disclaimer(own: str, sub: str) -> Shape:
    return (
        f"注意：此邮件来自外部，请勿轻易点击链接或打开附件。\n\n{own}\n\n-- \n王总\n运营总监\n电话：010-00000000\n\n------------------ 原始邮件 ------------------\n发件人: {NAME}\n发送时间: 2026\n\n{ORIGINAL}\n\n本邮件及其附件含有保密信息，仅限收件人使用。",
        "",
        "utf-8",
        "base64",
    )


def bare(own: str, sub: str) -> Shape:
    return own, "", "utf-8", "8bit"


def bottom(own: str, sub: str) -> Shape:
    return f"在 2026/11/21 20:01, {NAME} 写道:\n{_quoted(ORIGINAL)}\n\n{own}", "", "utf-8", "8bit"


SHAPES: tuple[Callable[[str, str], Shape], ...] = (
    qq_web, qq_web_html, qq_english, qq_phone, foxmail, foxmail_text, netease, netease_chinese, netease_html, mail_master,
    mail_master_html, coremail, coremail_entities, coremail_plain, coremail_html, outlook, outlook_html, outlook_phone, outlook_taiwan,
    outlook_taiwan_bare, iphone, apple_mail, iphone_html, gmail, gmail_broken, gmail_taiwan, gmail_html, google_groups,
    thunderbird, thunderbird_html, aliyun, aliyun_html, wechat_work, huawei, xiaomi, banner_and_disclaimer, bare, bottom,
)  # fmt: skip

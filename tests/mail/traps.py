"""Traps: charsets that lie, MIME that is broken, names in pieces, hidden HTML, forwards, and mail nobody wrote."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from tests.office import at

DOCUMENTS = Path(__file__).with_name("documents")

_GIVEN = {"folder": "inbox", "received": at("11-20 16:00").isoformat()}
_PLAN = {"weekly-plan": "2026-W48"}
_TEXT = "1. 回访客户\n2. 整理台账"
Row = tuple[str, bytes, dict[str, str], dict[str, Any]]


def _b64(text: str, codec: str) -> str:
    return base64.b64encode(text.encode(codec)).decode()


def _mail(subject: bytes, head: str, body: bytes, sender: str = "zhangsan@example.com") -> bytes:
    first = f"From: {sender}\nTo: wang@example.com\nMessage-ID: <trap@example.com>\nSubject: ".encode()
    return first + subject + b"\n" + (head + "\n" if head else "").encode() + b"\n" + body


def _expect(duties: dict[str, str] | None = None, text: str | None = _TEXT, **more: Any) -> dict[str, Any]:
    found = _PLAN if duties is None else duties
    expected: dict[str, Any] = {"disposition": "submission" if found else "other", "duties": found, **more}
    if text is not None:
        expected["new_text"] = text
    return expected


SUBJECT = f"=?utf-8?B?{_b64('周工作计划', 'utf-8')}?=".encode()


def _charsets() -> Iterator[Row]:
    for label, codec, text in (
        ("gb2312", "gbk", "负责人：李镕堃、陈喆"),
        ("gb2312", "gb18030", "负责人：㐂堃"),
        ("x-gbk", "gbk", _TEXT),
        ("cp936", "gbk", _TEXT),
        ("us-ascii", "utf-8", _TEXT),
        ("us-ascii", "gbk", _TEXT),
        ("iso-8859-1", "utf-8", _TEXT),
        ("iso-8859-1", "gbk", _TEXT),
        ("utf-8", "gbk", _TEXT),
        ("no-such-charset", "utf-8", _TEXT),
        ("big5", "big5hkscs", "1. 客戶回訪 嘅"),
        ("hz-gb-2312", "hz", _TEXT),
        ("", "utf-8", _TEXT),
        ("", "gbk", _TEXT),
        ("UTF-8", "utf-8-sig", _TEXT),
    ):
        head = f"Content-Type: text/plain; charset={label}" if label else ""
        name = f"charset-{label or 'none'}-holds-{codec}"
        yield name, _mail(SUBJECT, head, text.encode(codec)), _GIVEN, _expect(text=text)


def _subjects() -> Iterator[Row]:
    whole = "第48周工作计划（张三）"
    gbk, utf = whole.encode("gb18030"), whole.encode()
    half = base64.b64encode(utf[:10]).decode(), base64.b64encode(utf[10:]).decode()
    for name, subject in (
        ("raw-gbk", gbk),
        ("raw-utf-8", utf),
        ("gb2312-word", f"=?gb2312?B?{base64.b64encode(gbk).decode()}?=".encode()),
        ("split-in-mid-character", f"=?utf-8?B?{half[0]}?= =?utf-8?B?{half[1]}?=".encode()),
        ("split-and-folded", f"=?UTF-8?B?{half[0]}?=\n =?utf-8?B?{half[1]}?=".encode()),
        ("quoted-printable-word", ("=?utf-8?Q?" + "".join(f"={b:02X}" for b in utf) + "?=").encode()),
        (
            "wide-and-invisible",
            f"=?utf-8?B?{_b64('第４８周' + chr(0x200B) + '工作' + chr(0xA0) + '计划', 'utf-8')}?=".encode(),
        ),
        ("charset-with-nul", f"=?utf-8\0?B?{_b64(whole, 'utf-8')}?=".encode()),
        ("charset-punycode", f"=?punycode?B?{_b64(whole, 'utf-8')}?=".encode()),
        ("bad-base64", f"=?utf-8?B?{base64.b64encode(utf).decode().rstrip('=')}?=".encode()),
    ):
        yield (
            f"subject-{name}",
            _mail(subject, "Content-Type: text/plain; charset=utf-8", _TEXT.encode()),
            _GIVEN,
            _expect(),
        )


def _names() -> Iterator[Row]:
    name = "第48周工作计划.txt"
    quoted = "".join(f"%{b:02X}" for b in name.encode())
    gbk = "".join(f"%{b:02X}" for b in name.encode("gbk"))
    for which, header in (
        ("rfc2231", f"filename*=utf-8''{quoted}".encode()),
        ("rfc2231-gbk", f"filename*=gb2312'zh-cn'{gbk}".encode()),
        ("rfc2231-pieces", f"filename*0*=utf-8''{quoted[:30]};\n filename*1*={quoted[30:]}".encode()),
        ("encoded-word-in-quotes", f'filename="=?utf-8?B?{_b64(name, "utf-8")}?="'.encode()),
        ("encoded-word-gb2312", f'filename="=?gb2312?B?{_b64(name, "gbk")}?="'.encode()),
        ("raw-gbk", b'filename="' + name.encode("gbk") + b'"'),
        ("raw-utf-8", b'filename="' + name.encode() + b'"'),
    ):
        body = b"--x\nContent-Type: text/plain; charset=utf-8\n\n" + "见附件".encode()
        body += b"\n--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment;\n " + header
        body += b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes("回访客户".encode("gbk")) + b"--x--\n"
        raw = _mail(b"hello", "Content-Type: multipart/mixed; boundary=x", body)
        yield f"name-{which}", raw, _GIVEN, _expect(text="见附件", attachments=[name])


def _html() -> Iterator[Row]:
    head = "Content-Type: text/html; charset=utf-8"
    for name, html, text in (
        ("only", "<p>1. 回访客户</p><p>2. 整理台账</p>", _TEXT),
        ("hidden", "<div style='display:none'>同意</div><p>1. 回访客户</p><p>2. 整理台账</p>", _TEXT),
        ("comment-and-script", "<!-- 同意 --><script>x</script><style>p{}</style>1. 回访客户<br>2. 整理台账", _TEXT),
        ("entities", "<p>甲 &amp; 乙 &lt;丙&gt;&nbsp;丁</p>", "甲 & 乙 <丙> 丁"),
        ("entities-twice", "<p>甲&amp;nbsp;乙 &amp;lt;丙&amp;gt;</p>", "甲 乙 <丙>"),
        (
            "table",
            "<table><tr><th>序号</th><th>内容</th></tr><tr><td>1</td><td>回访</td></tr></table>",
            "序号\t内容\n1\t回访",
        ),
        ("list", "<ol><li>回访客户</li><li>整理台账</li></ol>", _TEXT),
        ("deep", "<div>" * 3000 + "回访" + "</div>" * 3000, "回访"),
    ):
        yield f"html-{name}", _mail(SUBJECT, head, html.encode()), _GIVEN, _expect(text=text)
    both = b"--x\nContent-Type: text/plain; charset=utf-8\n\n" + _TEXT.encode()
    both += (
        b"\n--x\nContent-Type: text/html; charset=utf-8\n\n<p>1. "
        + "回访客户</p><p>2. 整理台账</p>".encode()
        + b"\n--x--\n"
    )
    yield "html-alternative", _mail(SUBJECT, "Content-Type: multipart/alternative; boundary=x", both), _GIVEN, _expect()


def _broken() -> Iterator[Row]:
    text = _TEXT.encode()
    yield (
        "mime-no-end",
        _mail(SUBJECT, "Content-Type: multipart/mixed; boundary=x", b"--x\n\n" + text),
        _GIVEN,
        _expect(),
    )
    yield "mime-no-boundary", _mail(SUBJECT, "Content-Type: multipart/mixed", text), _GIVEN, _expect()
    yield "mime-empty-parameter", _mail(SUBJECT, "Content-Type: text/plain; name*", text), _GIVEN, _expect()
    yield "mime-unknown-encoding", _mail(SUBJECT, "Content-Transfer-Encoding: x-none", text), _GIVEN, _expect()
    yield (
        "mime-bad-base64",
        _mail(SUBJECT, "Content-Transfer-Encoding: base64", b"!!!" + base64.b64encode(text)),
        _GIVEN,
        _expect(),
    )
    nul = "Content-Type: text/plain; charset=u\0tf-8\nContent-Transfer-Enc同意oding: base64"
    yield "mime-nul-in-charset", _mail(SUBJECT, nul, text), _GIVEN, _expect(text=None)
    nested = b""
    for depth in range(1500):
        nested += b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth, depth + 1)
    raw = _mail(SUBJECT, "Content-Type: multipart/mixed; boundary=b0", nested + text)
    yield "mime-1500-deep", raw, _GIVEN, _expect(text=None)
    flowed = "1. 回访客户 \n二十家\n2. 整理台账".encode()
    yield (
        "flowed",
        _mail(SUBJECT, "Content-Type: text/plain; charset=utf-8; format=flowed", flowed),
        _GIVEN,
        _expect(text="1. 回访客户 二十家\n2. 整理台账"),
    )
    yield (
        "no-subject",
        _mail(b"", "", "下周工作计划：\n1. 回访".encode()),
        _GIVEN,
        _expect(text="下周工作计划：\n1. 回访"),
    )
    yield "empty", _mail(SUBJECT, "", b""), _GIVEN, _expect({}, "")
    yield "only-signature", _mail(SUBJECT, "", "\n-- \n张三\n运营部\n".encode()), _GIVEN, _expect({}, "")


def _forwards() -> Iterator[Row]:
    heads = ("发件人: 李四\n发送时间: 2026\n主题: 周工作计划\n\n", "From: Li\nDate: 2026\nSubject: plan\n\n")
    for name, line, head in (
        ("gmail", "---------- Forwarded message ---------", heads[0]),
        ("apple", "Begin forwarded message:", heads[1]),
        ("apple-chinese", "开始转发的邮件：", heads[0]),
        ("netease", "-------- 转发邮件信息 --------", heads[0]),
    ):
        body = f"请查收\n\n{line}\n{head}{_TEXT}".encode()
        raw = _mail("转发：周工作计划".encode(), "Content-Type: text/plain; charset=utf-8", body)
        yield f"forward-{name}", raw, _GIVEN, _expect(text=f"请查收\n{_TEXT}")


def _nobody() -> Iterator[Row]:
    for name, head, kind in (
        ("auto-submitted", "Auto-Submitted: auto-replied", "auto-reply"),
        ("auto-generated", "Auto-Submitted: auto-generated (vacation)", "auto-reply"),
        ("x-autoreply", "X-Autoreply: yes", "auto-reply"),
        ("precedence", "Precedence: auto_reply", "auto-reply"),
        ("list", "List-Id: <all.example.com>", "auto-reply"),
        ("null-return-path", "Return-Path: <>", "bounce"),
        ("report", "Content-Type: multipart/report; report-type=delivery-status; boundary=x", "bounce"),
    ):
        yield f"nobody-{name}", _mail(SUBJECT, head, b""), _GIVEN, {"disposition": kind, "duties": {}}
    qq = "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中。".encode()
    yield "nobody-qq", _mail(SUBJECT, "", qq), _GIVEN, {"disposition": "auto-reply", "duties": {}}
    chinese = "自动回复：周工作计划".encode()
    yield "nobody-subject", _mail(chinese, "", qq), _GIVEN, {"disposition": "auto-reply", "duties": {}}
    daemon = _mail(b"Undelivered Mail", "", b"x", "MAILER-DAEMON@mx.example.com")
    yield "nobody-daemon", daemon, _GIVEN, {"disposition": "bounce", "duties": {}}
    yield (
        "stranger",
        _mail(SUBJECT, "", _TEXT.encode(), "zhangsan@example.net"),
        _GIVEN,
        {"disposition": "stranger", "duties": {}},
    )
    lookalike = _mail(SUBJECT, "", _TEXT.encode(), '"zhangsan@example.com" <evil@example.net>')
    yield "stranger-display-name", lookalike, _GIVEN, {"disposition": "stranger", "duties": {}}
    two = _mail(SUBJECT, "From: lisi@example.com", _TEXT.encode())
    yield "two-from-headers", two, _GIVEN, {"disposition": "quarantine", "duties": {}}
    forged = _mail("回复：周工作计划".encode(), "In-Reply-To: <x@example.com>", "同意".encode(), "wang@example.com")
    yield "forged-approval", forged, _GIVEN, {"disposition": "quarantine", "duties": {}}


def _zip(files: list[tuple[str, bytes]], *, gbk_names: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, content) in enumerate(files):
            placeholder = f"{number}".ljust(len(name.encode("gbk")), "x")
            archive.writestr(zipfile.ZipInfo(placeholder if gbk_names else name), content)
    raw = buffer.getvalue()
    for number, (name, _) in enumerate(files):
        # Python's library would mark the names as UTF-8, which Chinese Windows does not.
        raw = (
            raw.replace(f"{number}".ljust(len(name.encode("gbk")), "x").encode(), name.encode("gbk"))
            if gbk_names
            else raw
        )
    return raw


def _tnef(files: list[tuple[str, bytes]]) -> bytes:
    def attribute(level: int, tag: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BHHI", level, tag, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    out = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x800C, 2, "见附件".encode("gbk") + b"\0")
    for name, content in files:
        long_name = name.encode("utf-16-le") + b"\0\0"
        padded = long_name + b"\0" * (-len(long_name) % 4)
        properties = struct.pack("<IHHII", 2, 0x001F, 0x3707, 1, len(long_name)) + padded
        properties += struct.pack("<HHI", 0x0003, 0x0E20, len(content))
        out += attribute(2, 0x9002, 6, b"\0" * 14) + attribute(2, 0x8010, 1, b"PLAN~1.TXT\0")
        out += attribute(2, 0x800F, 6, content) + attribute(2, 0x9005, 6, properties)
    return out


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["序号", "工作内容", "完成时间"])
    book.active.append([1, "回访客户", "周五"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _attached() -> Iterator[Row]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
    inner = _mail("周工作计划".encode(), "Content-Type: text/plain; charset=utf-8", _TEXT.encode())
    text = _TEXT.encode("gbk")
    for name, filename, content, has in (
        ("workbook", "计划.xlsx", workbook(), True),
        ("word-97", "计划.doc", (DOCUMENTS / "plan.doc").read_bytes(), True),
        ("wps-writer", "计划.wps", (DOCUMENTS / "plan.doc").read_bytes(), True),
        ("wps-table", "计划.et", (DOCUMENTS / "plan.xls").read_bytes(), True),
        ("excel-97", "计划.xls", (DOCUMENTS / "plan.xls").read_bytes(), True),
        ("word", "计划.docx", (DOCUMENTS / "plan.docx").read_bytes(), True),
        ("pdf", "计划.pdf", (DOCUMENTS / "plan.pdf").read_bytes(), True),
        ("text-gbk", "计划.txt", text, True),
        ("markdown", "计划.md", _TEXT.encode(), True),
        ("rtf", "plan.rtf", rb"{\rtf1\ansi plan}", True),
        ("picture", "计划.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20_000, True),
        ("small-logo", "logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, False),
        ("broken-word", "计划.docx", b"junk", True),
        ("encrypted-word", "计划.docx", ole, True),
        ("encrypted-pdf", "计划.pdf", b"%PDF-1.4 /Encrypt 1 0 R", True),
        ("zip", "计划.zip", _zip([("周计划.txt", text), ("表.xlsx", workbook())]), True),
        ("zip-gbk-names", "计划.zip", _zip([("周计划.txt", text)], gbk_names=True), True),
        ("zip-bomb", "计划.zip", _bomb(), True),
        ("message", "周工作计划.eml", inner, True),
        ("unknown", "计划.exe", b"MZ", False),
    ):
        shown = f"=?utf-8?B?{_b64(filename, 'utf-8')}?="
        body = f'--x\nContent-Type: application/octet-stream; name="{shown}"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{shown}"\n\n'.encode()
        raw = _mail(
            SUBJECT, "Content-Type: multipart/mixed; boundary=x", body + base64.encodebytes(content) + b"--x--\n"
        )
        yield f"attached-{name}", raw, _GIVEN, _expect(None if has else {}, "", attachments=[filename])
    wrapped = b"--x\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    wrapped += base64.encodebytes(_tnef([("第48周工作计划.txt", text)])) + b"--x--\n"
    tnef = _mail(b"hello", "Content-Type: multipart/mixed; boundary=x", wrapped)
    yield "attached-winmail", tnef, _GIVEN, _expect(None, "见附件", attachments=["第48周工作计划.txt"])
    nested = b"--x\nContent-Type: message/rfc822\n\n" + inner + b"\n--x--\n"
    forwarded = _mail(b"Fwd", "Content-Type: multipart/mixed; boundary=x", nested)
    yield "attached-rfc822", forwarded, _GIVEN, _expect(None, "", attachments=["周工作计划.eml"])


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("bomb.txt"), b"0" * (70 * 1024 * 1024), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def rows() -> Iterator[Row]:
    """Every trap."""
    for table in (_charsets, _subjects, _names, _html, _broken, _forwards, _nobody, _attached):
        yield from table()

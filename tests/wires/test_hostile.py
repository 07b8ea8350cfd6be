"""Hostile content: bombs, giants and tricks in one mailbox. All of it is booked or set aside, within 400 MB."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from email import message_from_bytes, policy

import openpyxl
import pytest

from tests.office import Office, at, html_of, mail, message_id, text_of
from tests.servers.proxy import line

DIRECTOR = "wang@example.com"
PLAN = "1. 回访客户 20 家，周五前完成\n2. 整理台账，周三前完成"
MEMORY = 400 * 1024 * 1024
_WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def docx(document: str, *more: tuple[str, bytes]) -> bytes:
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' + (
        b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return zipped(
        ("[Content_Types].xml", types), ("_rels/.rels", relations), ("word/document.xml", document.encode()), *more
    )


def zip_bomb() -> bytes:
    return zipped(*((f"{n}.txt", bytes(100 * 1024 * 1024)) for n in range(2)))


def zips_in_zips() -> bytes:
    inner = zipped(("a.txt", bytes(20 * 1024 * 1024)))
    for _ in range(6):
        inner = zipped(*((f"{n}.zip", inner) for n in range(10)))
    return inner


def sheet_bomb() -> bytes:
    rows = b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 3_000_000
    return zipped(("xl/worksheets/sheet1.xml", rows), ("[Content_Types].xml", b"<Types/>"))


def million_rows() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("计划")
    for number in range(250_000):
        sheet.append([number, "回访客户"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def billion_laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return docx(
        f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>" + _WORD.format("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>")
    )


def pdf_bomb() -> bytes:
    stream = zlib.compress(bytes(200 * 1024 * 1024))
    head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    body = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + b"\nendstream endobj\n"
    return head + page + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def macros_and_links() -> bytes:
    linked = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/></Relationships>'
    )
    text = _WORD.format("<w:p><w:r><w:t>1. 回访客户</w:t></w:r></w:p>")
    return docx(text, ("word/vbaProject.bin", os.urandom(2000)), ("word/_rels/settings.xml.rels", linked))


def path_tricks() -> bytes:
    return zipped(("../../etc/cron.d/evil.txt", PLAN.encode()), ("C:\\Windows\\evil.txt", b"x"), ("/abs.txt", b"x"))


ATTACHED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("计划.zip", zip_bomb),
    "zips in zips": ("计划.zip", zips_in_zips),
    "sheet bomb": ("计划.xlsx", sheet_bomb),
    "a million rows": ("计划.xlsx", million_rows),
    "billion laughs": ("计划.docx", billion_laughs),
    "pdf bomb": ("计划.pdf", pdf_bomb),
    "macros and links": ("计划.docx", macros_and_links),
    "path tricks": ("计划.zip", path_tricks),
    "a name that climbs": ("../../../etc/passwd\x00.docx", lambda: b"PK\x03\x04 nothing"),
}


def nested_parts() -> bytes:
    head = f"From: zhangsan@example.com\r\nTo: {DIRECTOR}\r\nSubject: =?utf-8?b?5ZGo5bel5L2c6K6h5YiS?=\r\nMessage-ID: <nested@example.com>\r\n"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(1500))
    return (head + parts + "Content-Type: text/plain\r\n\r\nplan\r\n").encode()


def many_parts() -> bytes:
    head = f'From: zhangsan@example.com\r\nTo: {DIRECTOR}\r\nSubject: plan\r\nMessage-ID: <many@example.com>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return (head + "--b\r\nContent-Type: text/plain\r\n\r\nweekly plan\r\n" * 30_000 + "--b--\r\n").encode()


def giant(name: str, octets: int) -> bytes:
    small = mail("lisi@example.com", DIRECTOR, "周工作计划", PLAN, attachments=[(name, b"@@HERE@@")])
    content = base64.b64encode(os.urandom(57)) + b"\r\n"
    return small.replace(base64.b64encode(b"@@HERE@@"), content * (octets // len(content)))


def hostile_headers() -> bytes:
    raw = mail("wangwu@example.com", DIRECTOR, "周工作计划", PLAN)
    references = b"References:" + b"".join(b"\r\n <%d@example.com>" % n for n in range(20_000)) + b"\r\n"
    return references + b"X-Long: " + b"x" * 900_000 + b"\r\n" + raw


def deep_html() -> bytes:
    html = "<div>" * 50_000 + "周工作计划" + "<table><tr><td>" * 20_000
    raw = mail("smith@example.com", DIRECTOR, "weekly plan", "@@HERE@@")
    return raw.replace(b"text/plain", b"text/html").replace(b"@@HERE@@", html.encode())


@pytest.mark.timeout(1800)
def test_all_of_it_in_one_mailbox_is_booked_or_set_aside_within_bounds(office: Office) -> None:
    raws = {
        title: mail("zhangsan@example.com", DIRECTOR, "周工作计划", f"见附件：{title}", attachments=[(name, make())])
        for title, (name, make) in ATTACHED.items()
    }
    raws["as large as is read"] = giant("周工作计划.docx", 27_000_000)
    raws |= {
        "nested parts": nested_parts(),
        "many parts": many_parts(),
        "headers": hostile_headers(),
        "html": deep_html(),
    }
    giants = {"film": giant("视频.mp4", 100_000_000), "book": giant("周工作计划.docx", 100_000_000)}
    for minute, raw in enumerate([*raws.values(), *giants.values()]):
        office.staff_mail(f"11-20 10:{minute:02d}", raw)
    with line(office.dovecot.imap) as wire:
        office.configure(imap=wire.port)
        used, taken = bounded(office, "run", "--once", "--now", at("11-20 12:00").isoformat())
        fetched = sum(map(len, wire.answered))
    assert used < MEMORY, f"{used / 2**20:.0f} MiB"
    assert fetched < sum(map(len, raws.values())) + 2_000_000, "a giant is never fetched where its name is enough"
    assert taken < 200
    known = office.json("history", "lisi")["events"] + office.json("history", "zhangsan")["events"]
    seen = {event["message_id"] for event in known}
    for title in ATTACHED:
        assert message_id(raws[title]) in seen, title
    for raw in giants.values():
        assert message_id(raw) in seen
    office.configure()
    digest_used, _ = bounded(office, "run", "--once", "--now", at("11-21 21:30").isoformat())
    assert digest_used < MEMORY
    text = text_of(office.letters("digest")[0])
    assert "周工作计划.docx" in text
    assert not list(office.folder.parent.rglob("evil*"))


# A process's peak memory counts what it was forked from, so the command is started by a small one.
LAUNCHER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
"""


def bounded(office: Office, *arguments: str) -> tuple[int, float]:
    """Run a command; gives its peak memory in bytes (its own or a child's) and its seconds."""
    command = [
        sys.executable,
        "-c",
        LAUNCHER,
        sys.executable,
        "-m",
        "mailflow",
        "--config",
        str(office.folder),
        *arguments,
    ]
    begun = time.monotonic()
    done = subprocess.run(command, env={**os.environ, **office.environ}, capture_output=True, text=True, check=True)
    peak, code = map(int, done.stdout.split())
    assert code == 0, done.stderr
    return peak, time.monotonic() - begun


INJECTIONS = {
    "header": "周工作计划\r\nBcc: victim@example.net",
    "template": "周工作计划 {{ 7 * 191 }} {% raw %}",
    "terminal": "周工作计划 \x1b]0;owned\x07\x1b[2J\x9b31m",
    "formula": '周工作计划 =HYPERLINK("http://evil.example.net","x")',
    "html": "周工作计划 <script>alert(1)</script><img src=http://evil.example.net/t.gif>",
}


def test_what_mail_says_is_only_ever_text(office: Office) -> None:
    """Header, template, terminal, formula and HTML injection, in every field that reaches a letter or the screen."""
    for minute, words in enumerate(INJECTIONS.values()):
        text = f"{words}\n=1+1\n@SUM(1)\n-2+3\n1. 回访客户"
        raw = mail("zhangsan@example.com", DIRECTOR, "周工作计划", text, attachments=[(words + ".txt", words.encode())])
        encoded = base64.b64encode(words.encode()).decode()
        raw = re.sub(rb"(?m)^Subject: .*\r\n", f"Subject: =?utf-8?b?{encoded}?=\r\n".encode(), raw, count=1)
        raw = re.sub(
            rb"(?m)^From: .*\r\n", f"From: =?utf-8?b?{encoded}?= <zhangsan@example.com>\r\n".encode(), raw, count=1
        )
        office.staff_mail(f"11-20 10:0{minute}", raw)
        office.once(f"11-20 10:{minute}5")
    office.staff_mail("11-20 11:00", mail(DIRECTOR, "lisi@example.com", "Re: 周工作计划\x1b[2J", "不同意 \x1b[2J"))
    office.once("11-21 21:30")
    office.director_sends(
        "11-21 22:00",
        mail(
            DIRECTOR, DIRECTOR, "Re: 汇总", "张三 修改：=cmd|'/c calc'!A1 {{ 7*191 }} <b>x</b>",
            reply_to=str(office.letters("digest")[0]["Message-ID"]),
        ),
    )  # fmt: skip
    assert office.once("11-21 22:01")["decisions"] == 1
    for raw in office.sink.received:
        letter = message_from_bytes(raw, policy=policy.default)
        assert "victim@example.net" not in raw.partition(b"\r\n\r\n")[0].decode()
        assert letter["Bcc"] is None
        html, text = html_of(letter), text_of(letter)  # type: ignore[arg-type]
        assert "1337" not in html + text
        assert "<script" not in html
        assert not re.search(r"<(img|link|iframe|object|embed)[^>]+https?:", html), "nothing is loaded from outside"
        assert "\x1b" not in str(letter["Subject"])
    for arguments in (
        ["status", "--week", "2026-W48"],
        ["history", "zhangsan"],
        ["outbox", "list", "--all"],
        ["quarantine", "list", "--all"],
    ):
        shown = office.run(*arguments).stdout
        assert "\x1b" not in shown
        assert "\x9b" not in shown
    target = office.folder / "month.xlsx"
    office.run("export", "--month", "2026-11", "-o", str(target))
    cells = [cell for sheet in openpyxl.load_workbook(target) for row in sheet.iter_rows() for cell in row]
    mailed = [cell for cell in cells if "calc" in str(cell.value) or "HYPERLINK" in str(cell.value)]
    assert mailed
    assert {cell.data_type for cell in mailed} == {"s"}

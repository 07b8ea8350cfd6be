"""Documents as offices write them: Chinese text, a table, characters beyond GB2312; each kind, and wrong endings."""

from __future__ import annotations

import pytest

from mailflow.reading.opening.attachments import Attachment, read_attachment
from mailflow.reading.opening.letter import Part
from tests.mail.traps import DOCUMENTS

ROW = "1\t回访客户 20 家\t周五"


def read(file: str, name: str) -> Attachment:
    return read_attachment(Part(name, "application/octet-stream", (DOCUMENTS / file).read_bytes()))


@pytest.mark.parametrize(
    ("file", "name", "row", "more"),
    [
        ("plan.doc", "计划.doc", ROW + "\t张三", "镕、堃、喆"),
        ("plan.doc", "计划.wps", ROW + "\t张三", "镕、堃、喆"),
        ("plan.docx", "计划.docx", ROW + "\t张三", "镕、堃、喆"),
        ("plan.docx", "计划.doc", ROW + "\t张三", "镕、堃、喆"),
        ("plan.rtf", "计划.rtf", ROW + "\t张三", "镕、堃、喆"),
        ("plan.rtf", "计划.doc", ROW + "\t张三", "镕、堃、喆"),
        ("plan.xls", "计划.xls", ROW, "整理台账"),
        ("plan.xls", "计划.et", ROW, "整理台账"),
        ("plan.pdf", "计划.pdf", "1 回访客户 20 家 周五", "镕、堃、喆"),
    ],
)
def test_a_document_is_read_with_its_table(file: str, name: str, row: str, more: str) -> None:
    found = read(file, name)
    assert found.problem == ""
    assert row in found.text.split("\n")
    assert more in found.text


@pytest.mark.parametrize("cut", [100, 600, 2000, 9000])
def test_a_word_document_that_is_cut_off_is_called_damaged(cut: int) -> None:
    content = (DOCUMENTS / "plan.doc").read_bytes()[:cut]
    found = read_attachment(Part("计划.doc", "application/msword", content))
    assert found.problem == "damaged or not what its name says"
    assert found.has_content


def test_an_html_page_under_doc_is_read() -> None:
    page = "<html><meta charset=utf-8><body><p>1. 回访客户</p></body></html>".encode()
    assert "回访客户" in read_attachment(Part("计划.doc", "application/msword", page)).text

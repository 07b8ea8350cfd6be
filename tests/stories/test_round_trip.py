"""The whole way of the post: staff mail goes in by SMTP through Postfix and LMTP into Dovecot, letters come back so."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.office import Office, mail, message_id
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import LOOPBACK
from tests.servers.sink import Sink


def eventually(found: Callable[[], list[bytes]], what: str, count: int = 1) -> list[bytes]:
    """Wait for the post."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if len(messages := found()) >= count:
            return messages
        time.sleep(0.1)
    raise AssertionError(f"{what} did not arrive")


@pytest.mark.parametrize(("security", "port"), [("tls", "smtps"), ("starttls", "submission")])
def test_a_plan_goes_in_by_smtp_and_the_receipt_and_the_approval_come_back(
    dovecot: Dovecot, postfix: Postfix, sink: Sink, tmp_path: Path, security: str, port: str
) -> None:
    director, staff = f"wang-{security}@example.com", f"zhangsan-{security}@example.com"
    office = Office(tmp_path / "office", dovecot, sink, director)
    office.configure(
        tls=True, roster=f"id,name,email,role\nwang,王总,{director},director\nzhangsan,张三,{staff},staff\n"
    )
    path = office.folder / "mailflow.toml"
    text = path.read_text(encoding="utf-8")
    before = text.split("[smtp]")[1].split("[store]")[0]
    after = (
        f'\nhost = "localhost"\nport = {getattr(postfix, port)}\nsecurity = "{security}"\nca_file = "{postfix.ca_file}"\n'
        f'username = "{director}"\npassword_env = "MAILFLOW_SMTP_PASSWORD"\nfrom = "运营总监 <{director}>"\n'
    )
    path.write_text(text.replace(before, after).replace("2026-11-01T00:00:00", "2020-01-01T00:00:00"), encoding="utf-8")
    office.environ["MAILFLOW_SMTP_PASSWORD"] = PASSWORD
    checked = office.json("doctor")
    assert checked["ok"], checked

    plan = mail(staff, director, "周工作计划", "1. 回访客户")
    with smtplib.SMTP(LOOPBACK, postfix.smtp) as program:
        program.sendmail(staff, [director], plan)
    eventually(lambda: dovecot.messages(director), "the plan")
    assert office.json("run", "--once")["sent"] == 1
    receipt = message_from_bytes(eventually(lambda: dovecot.messages(staff), "the receipt")[0], policy=policy.default)
    assert (receipt["X-Mailflow"], receipt["In-Reply-To"]) == ("receipt", message_id(plan))
    with smtplib.SMTP(LOOPBACK, postfix.submission) as program:
        program.starttls(context=ssl.create_default_context(cafile=str(postfix.ca_file)))
        program.login(director, PASSWORD)
        answer = mail(director, staff, "Re: 周工作计划", "同意", reply_to=message_id(plan))
        program.sendmail(director, [staff], answer)
    with dovecot.client(director) as client:
        client.append("Sent", answer)
    assert office.json("run", "--once")["decisions"] == 1
    letters = eventually(lambda: dovecot.messages(staff), "the approval", count=3)
    kinds = [message_from_bytes(raw)["X-Mailflow"] for raw in letters]
    assert sorted(kind for kind in kinds if kind) == ["approval", "receipt"]

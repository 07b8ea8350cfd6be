"""A private Postfix that hands mail for example.com to Dovecot by LMTP: plain, STARTTLS, TLS, and AUTH by Dovecot."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.process import LOOPBACK, find, free_port, is_root, listens, open_folder, wait_for

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = {loopback}
inet_protocols = ipv4
myhostname = mx.example.com
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:{loopback}:{lmtp}
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{loopback}:{auth}
smtpd_tls_auth_only = yes
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
"""
_MASTER = """
{loopback}:{smtp} inet n - n - - smtpd
{loopback}:{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
{loopback}:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """Where it listens: SMTP in clear, STARTTLS with AUTH, TLS with AUTH."""

    smtp: int
    submission: int
    smtps: int
    ca_file: Path
    log: Path


@contextmanager
def postfix(mailboxes: Dovecot) -> Iterator[Postfix]:
    """A running Postfix in front of that Dovecot, stopped and removed at the end. Needs root: its master does."""
    if not is_root():
        raise RuntimeError("Postfix starts as root only; run the tests as root, or in a container")
    folder = open_folder("postfix")
    server = Postfix(free_port(), free_port(), free_port(), mailboxes.ca_file, folder / "postfix.log")
    for name in ("server.pem", "server.key"):
        shutil.copy(mailboxes.folder / name, folder / name)
    for name in ("spool", "data", "etc"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    values = {
        "folder": folder, "loopback": LOOPBACK, "lmtp": mailboxes.lmtp, "auth": mailboxes.auth, "smtp": server.smtp,
        "submission": server.submission, "smtps": server.smtps,
    }  # fmt: skip
    (folder / "etc/main.cf").write_text(_MAIN.format(**values))
    (folder / "etc/master.cf").write_text(_MASTER.format(**values))
    program, config = find("postfix"), str(folder / "etc")
    process = subprocess.Popen(
        [program, "-c", config, "start-fg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: process.poll() is not None or listens(server.smtp), "Postfix")
        if process.poll() is not None:
            said = server.log.read_text() if server.log.exists() else "nothing"
            raise RuntimeError(f"Postfix did not start: {said}")
        yield server
    finally:
        subprocess.run([program, "-c", config, "stop"], capture_output=True, check=False)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)

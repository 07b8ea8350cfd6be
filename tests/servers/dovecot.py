"""A private Dovecot: any user with one password, IMAP in clear and over TLS, LMTP for the MTA."""

from __future__ import annotations

import grp
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.process import (
    LOOPBACK,
    find,
    free_port,
    give,
    is_root,
    listens,
    open_folder,
    stop,
    user_name,
    wait_for,
)

PASSWORD = "secret"
_CONFIG = """
protocols = imap lmtp
listen = {loopback}
base_dir = {folder}/run
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_username_chars =
mail_max_userip_connections = 100
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = {loopback}
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = {loopback}
    port = {auth}
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """Where it listens, and the certificate to believe."""

    imap: int
    imaps: int
    lmtp: int
    auth: int
    tokens: int
    ca_file: Path
    folder: Path

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """The user's mailbox, as his mail program has it."""
        client = IMAPClient(LOOPBACK, self.imap, ssl=False)
        client.login(user, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, user: str, raw: bytes, arrived: datetime, folder: str = "INBOX") -> None:
        """Put a message where mail is read, as taken by the server at that instant."""
        with self.client(user) as client:
            client.append(folder, raw, msg_time=arrived)

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """All messages of a folder, in order."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            fetched = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [data[b"BODY[]"] for _, data in sorted(fetched.items())]


def make_certificate(folder: Path) -> None:
    """A certificate of our own for loopback: server.pem and server.key."""
    command = [
        find("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
        "-keyout", str(folder / "server.key"), "-out", str(folder / "server.pem"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot, stopped and removed at the end."""
    folder = open_folder("dovecot")
    make_certificate(folder)
    (folder / "mail").mkdir()
    owner = "nobody" if is_root() else user_name()
    give(folder / "mail", owner)
    server = Dovecot(*(free_port() for _ in range(5)), folder / "server.pem", folder)
    uid, gid = (65534, 65534) if is_root() else (os.geteuid(), os.getegid())
    config = _CONFIG.format(
        loopback=LOOPBACK, folder=folder, password=PASSWORD, uid=uid, gid=gid,
        imap=server.imap, imaps=server.imaps, lmtp=server.lmtp, auth=server.auth,
        internal="dovecot" if is_root() else user_name(), login="dovenull" if is_root() else user_name(),
        group="dovecot" if is_root() else grp.getgrgid(os.getegid()).gr_name,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(config)
    # Whoever logs in with a token is whom the endpoint of tests.servers.tokens says, when one runs on that port.
    tokeninfo = f"tokeninfo_url = http://{LOOPBACK}:{server.tokens}/tokeninfo?token="
    (folder / "oauth2.conf").write_text(f"{tokeninfo}\nusername_attribute = username\n")
    process = subprocess.Popen([find("dovecot"), "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        wait_for(lambda: process.poll() is not None or listens(server.imap), "Dovecot")
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"Dovecot did not start: {said}")
        yield server
    finally:
        stop(process)
        if process.stderr:
            process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)

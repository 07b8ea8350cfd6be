"""Mail providers: servers, ports and the kind of password, as data for `mailflow init` and the README."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """How to reach a provider's servers. `password` says which kind it wants and where to get it."""

    id: str
    title: str
    domains: tuple[str, ...]
    imap_host: str
    smtp_host: str
    imap_port: int = 993
    smtp_port: int = 465
    smtp_security: str = "tls"
    sent: str = "auto"
    auth: str = "password"
    per_minute: int | None = None
    password: str = "the mailbox's password"  # noqa: S105


_NETEASE = "an authorisation code (授权码): webmail → 设置 → POP3/SMTP/IMAP → 开启 IMAP/SMTP → 新增授权密码"
PROVIDERS = (
    Provider("163", "NetEase 163 Mail (网易163)", ("163.com",), "imap.163.com", "smtp.163.com", per_minute=20, password=_NETEASE),
    Provider("126", "NetEase 126 Mail (网易126)", ("126.com",), "imap.126.com", "smtp.126.com", per_minute=20, password=_NETEASE),
    Provider("yeah", "NetEase yeah.net", ("yeah.net",), "imap.yeah.net", "smtp.yeah.net", per_minute=20, password=_NETEASE),
    Provider("qiye163", "NetEase enterprise mail (网易企业邮)", (), "imaphz.qiye.163.com", "smtphz.qiye.163.com", smtp_port=994, per_minute=20, password="a client password (客户端授权密码): webmail → 设置 → 客户端设置; an administrator may have to allow it"),
    Provider("qq", "QQ Mail (QQ邮箱)", ("qq.com", "foxmail.com"), "imap.qq.com", "smtp.qq.com", sent="Sent Messages", per_minute=30, password="an authorisation code (授权码): webmail → 设置 → 账号 → 开启 IMAP/SMTP 服务 → 生成授权码"),
    Provider("exmail", "Tencent enterprise mail (腾讯企业邮, 企业微信邮箱)", (), "imap.exmail.qq.com", "smtp.exmail.qq.com", sent="Sent Messages", per_minute=30, password="a client password (客户端专用密码): webmail → 设置 → 客户端设置 → 生成新密码"),
    Provider("aliyun", "Alibaba enterprise mail (阿里企业邮)", (), "imap.qiye.aliyun.com", "smtp.qiye.aliyun.com", per_minute=30, password="the mailbox's password, or a client password where the administrator asks for one (三方客户端安全密码)"),
    Provider("microsoft365", "Microsoft 365, Exchange Online", ("outlook.com", "hotmail.com", "live.com"), "outlook.office365.com", "smtp.office365.com", smtp_port=587, smtp_security="starttls", auth="oauth2", per_minute=30, password="no password but OAuth 2: token_command runs a program that prints an access token"),
    Provider("gmail", "Gmail, Google Workspace", ("gmail.com", "googlemail.com"), "imap.gmail.com", "smtp.gmail.com", per_minute=60, password="an app password: Google account → Security → 2-Step Verification → App passwords"),
    Provider("own", "a server of your own (Dovecot, Coremail, Cyrus …)", (), "", ""),
)  # fmt: skip


def provider(wanted: str) -> Provider | None:
    """The provider with this id, or the one whose domain the address has."""
    domain = wanted.rpartition("@")[2].lower()
    return next((p for p in PROVIDERS if p.id == wanted.lower() or domain in p.domains), None)

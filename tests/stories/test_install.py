"""What a stranger does first: install the wheel into an empty environment, and look around."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mailflow.settings import load

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("demo", "init", "doctor", "run", "explain", "status", "history", "export", "backup")


def mailflow(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mailflow", *arguments], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.mark.timeout(1800)
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)], check=True
    )
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "mailflow/_shipped/templates/zh-CN/receipt/body.html.j2" in names
    assert "mailflow/py.typed" in names
    assert not any(name.startswith("tests") for name in names)
    empty = tmp_path / "empty"
    subprocess.run([sys.executable, "-m", "venv", str(empty)], check=True)
    pip = [str(empty / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "install", "--no-deps", str(wheel)], check=True)
    kept = tmp_path / "demo"
    done = subprocess.run(
        [str(empty / "bin/mailflow"), "demo", "--keep", str(kept)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "2026-W47" in done.stdout
    assert (kept / "month-2026-11.xlsx").stat().st_size > 5000
    letters = {path.name.split("-")[1] for path in (kept / "letters").glob("*.html")}
    assert {
        "receipt",
        "unreadable",
        "missing",
        "digest",
        "approval",
        "revision",
        "score",
        "clarify",
        "alert",
    } <= letters


def test_init_writes_what_can_be_loaded_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said = mailflow("init", str(folder), "--email", "wang@qq.com", "--name", "王总")
    assert "授权码" in said
    settings = load(folder, {})
    assert (settings.imap.host, settings.imap.sent, settings.smtp.host) == (
        "imap.qq.com",
        "Sent Messages",
        "smtp.qq.com",
    )
    assert settings.office.roster.director.email == "wang@qq.com"
    assert "# " in (folder / "mailflow.toml").read_text(encoding="utf-8")
    before = (folder / "roster.csv").read_bytes()
    assert "overwrites nothing" in mailflow("init", str(folder), code=2)
    assert (folder / "roster.csv").read_bytes() == before


def test_init_asks_three_questions_on_a_terminal(tmp_path: Path) -> None:
    keyboard, screen = pty.openpty()
    command = [sys.executable, "-m", "mailflow", "init", str(tmp_path / "office")]
    process = subprocess.Popen(command, stdin=screen, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.write(keyboard, "wang@gmail.com\n王总\n\n".encode())
    out, _ = process.communicate(timeout=60)
    os.close(keyboard)
    os.close(screen)
    assert process.returncode == 0, out
    said = out.decode()
    assert [said.count(question) for question in ("e-mail address", "director's name", "mail provider")] == [1, 1, 1]
    settings = load(tmp_path / "office", {})
    assert (settings.imap.host, settings.imap.username) == ("imap.gmail.com", "wang@gmail.com")
    assert settings.smtp.sender == "王总 <wang@gmail.com>"


@pytest.mark.parametrize("provider", ["163", "exmail", "microsoft365", "gmail", "own"])
def test_init_knows_the_providers(tmp_path: Path, provider: str) -> None:
    mailflow("init", str(tmp_path / "office"), "--email", "wang@example.com", "--provider", provider)
    settings = load(tmp_path / "office", {})
    assert settings.imap.host
    assert settings.imap.oauth2 == (provider == "microsoft365")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_s_help_shows_an_example(command: str) -> None:
    assert "Example: mailflow" in mailflow(command, "--help")


def test_the_version_and_usage_errors() -> None:
    assert mailflow("--version").startswith("mailflow ")
    mailflow("no-such-command", code=2)
    assert "mailflow init" in mailflow("--config", "/nonexistent", "status", code=2)

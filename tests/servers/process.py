"""What all test servers share: free ports, a folder that another user may enter, waiting, and stopping."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_root() -> bool:
    """Whether servers must give up root to run."""
    return os.geteuid() == 0


def open_folder(name: str) -> Path:
    """A folder of its own that servers running as another user can enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"mailflow-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def give(folder: Path, user: str) -> None:
    """Hand the folder and all in it to a user, when we may."""
    if is_root():
        shutil.chown(folder, user)
        for path in folder.rglob("*"):
            shutil.chown(path, user)


def user_name() -> str:
    """Who runs the tests."""
    return pwd.getpwuid(os.geteuid()).pw_name


def find(name: str, *folders: str) -> str:
    """A server's program; the tests never pass by leaving a server out."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *folders])
    program = shutil.which(name, path=path)
    if program is None:
        raise RuntimeError(f"{name} is not installed; do: make servers")
    return program


def wait_for(ready: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Wait until the server is ready; an error with what it was, when it isn't in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} was not ready after {seconds} s")


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that we started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)

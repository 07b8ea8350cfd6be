"""What the layers' linter can't see: clocks, sockets and the environment stay in their rooms; nothing names a machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "mailflow").rglob("*.py"))
# What is called, and the rooms that may call it.
ROOMS = {
    "datetime.now": ("cli", "demo", "workflow/watch.py"),
    "date.today": (),
    "time.time": (),
    "os.environ": ("settings",),
    "os.getenv": (),
    "socket.socket": ("mail", "demo/servers.py"),
}


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_clocks_sockets_and_environment_stay_in_their_rooms(path: Path) -> None:
    inside = path.relative_to(ROOT / "mailflow").as_posix()
    for name in calls(ast.parse(path.read_text(encoding="utf-8"))):
        if name in ROOMS:
            assert inside.startswith(ROOMS[name]), f"{name} in {inside}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_readable(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 420
    tree = ast.parse("\n".join(lines))
    assert ast.get_docstring(tree), "a module says its place in the mail's way"


def test_except_exception_stands_only_where_a_message_goes_to_quarantine_or_a_fault_is_reported() -> None:
    found = [p.relative_to(ROOT).as_posix() for p in MODULES if "except Exception" in p.read_text(encoding="utf-8")]
    assert found == ["mailflow/cli/app.py", "mailflow/cli/checking.py", "mailflow/workflow/intake.py"]

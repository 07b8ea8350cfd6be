"""Mutation: which changes to the rule book do the pure tests notice? `python -m bench.mutants [FILE…]`.

Each mutant is one module with one place changed, loaded in a forked process that runs the pure tests of the rule book
and stops at the first that fails. Whoever survives is a rule that no test holds, or a change that means the same.
"""

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.util
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILES = [
    *sorted((ROOT / "mailflow/rules").glob("*.py")),
    *(ROOT / f"mailflow/reading/trusting/{n}.py" for n in ("authenticity", "belief", "aim")),
]
TESTS = ["tests/pure/test_rules.py", "tests/pure/test_due.py", "tests/pure/test_belief.py", "tests/pure/test_months.py"]
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What can be changed at a node: what it is called, and how it is done on a copy of that node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield "comparison", lambda n: n.ops.__setitem__(0, SWAPS[type(n.ops[0])]())
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
        yield "operator", lambda n: setattr(n, "op", SWAPS[type(n.op)]())
    if isinstance(node, ast.BoolOp):
        neutral = isinstance(node.op, ast.And)
        for number in range(len(node.values)):
            yield (
                f"without operand {number + 1}",
                lambda n, number=number: n.values.__setitem__(number, ast.Constant(neutral)),
            )
    if isinstance(node, ast.If | ast.IfExp):
        yield "never", lambda n: setattr(n, "test", ast.Constant(False))
        yield "always", lambda n: setattr(n, "test", ast.Constant(True))
    if isinstance(node, ast.comprehension):
        for number in range(len(node.ifs)):
            yield "without filter", lambda n, number=number: n.ifs.pop(number)
    if isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        changed = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} → {changed}", lambda n: setattr(n, "value", changed)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield (
            "without not",
            lambda n: (
                setattr(n, "op", ast.UAdd())
                or setattr(n, "operand", ast.Call(ast.Name("bool", ast.Load()), [n.operand], []))
            ),
        )


def mutants(path: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every mutant of a file, with where and what was changed."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # That a dataclass is frozen is no rule.
    spared = {id(part) for node in ast.walk(tree) for d in getattr(node, "decorator_list", ()) for part in ast.walk(d)}
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in spared:
            continue
        for what, change in changes(node):
            changed = copy.deepcopy(tree)
            change(list(ast.walk(changed))[index])
            line = getattr(node, "lineno", None) or getattr(getattr(node, "target", None), "lineno", 0)
            yield f"{path.relative_to(ROOT)}:{line} {what}", ast.fix_missing_locations(changed)


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, name: str, tree: ast.Module, path: Path) -> None:
        self.name, self.tree, self.path = name, tree, path

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        return importlib.util.spec_from_loader(name, self, origin=str(self.path)) if name == self.name else None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def _try(path: Path, tree: ast.Module) -> None:
    import pytest

    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    sys.meta_path.insert(0, _Loader(name, tree, path))
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    signal.alarm(120)  # A mutant that never ends is noticed, too.
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *TESTS]
    os._exit(int(pytest.main(options)))


def killed(path: Path, tree: ast.Module) -> bool:
    """Whether a test fails on the mutant."""
    process = multiprocessing.get_context("fork").Process(target=_try, args=(path, tree))
    process.start()
    process.join()
    return process.exitcode != 0


def main() -> None:
    """Print each survivor, and the share that was killed in each file."""
    wanted = [Path(name).resolve() for name in sys.argv[1:]] or FILES
    every = [(path, where, tree) for path in wanted for where, tree in mutants(path)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(lambda mutant: killed(mutant[0], mutant[2]), every))
    survivors = [where for (_, where, _), dead in zip(every, ended, strict=True) if not dead]
    print("\n".join(survivors))
    for path in wanted:
        mine = [dead for (where, _, _), dead in zip(every, ended, strict=True) if where == path]
        if mine:
            print(f"{path.relative_to(ROOT)}: {sum(mine)} of {len(mine)}")
    print(f"killed {sum(ended)} of {len(ended)}: {100 * sum(ended) / len(ended):.1f} %")


if __name__ == "__main__":
    main()

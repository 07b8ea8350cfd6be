"""Where the files lie that travel with the package: letter templates and the commented example configuration.

An installed wheel has them inside the package; a checkout has them at its top. Nobody else asks this question.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parent)


def _folder(name: str) -> Path:
    for root in _ROOTS:
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"the folder {name}/ that belongs to mailflow is missing beside {_PACKAGE}; reinstall it")


def templates() -> Path:
    """The folder of the shipped letter templates, one folder a language below it."""
    return _folder("templates")


def example_config() -> Path:
    """The folder of the commented example that `mailflow init` copies."""
    return _folder("config")

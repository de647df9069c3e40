"""Modules that need a package which the library does not itself require."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def needed(module: str, *, who: str, extra: str) -> ModuleType:
    """Import a module on first use, for ``who``; ``extra`` is what installs what it needs.

    Raises ImportError naming the missing package and the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        package = (missing.name or module).partition(".")[0]
        if package == "rnnviz":
            raise
        raise ImportError(
            f"{who} needs {package}, which is not installed: pip install 'rnnviz[{extra}]'.",
            name=package,
        ) from missing

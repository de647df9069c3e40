"""Import every public module of a package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def modules(package: str, path: list[str]) -> Iterator[ModuleType]:
    """Import every module of the package whose name does not start with an underscore."""
    for found in sorted(pkgutil.iter_modules(path), key=lambda module: module.name):
        if not found.name.startswith("_"):
            yield importlib.import_module(f"{package}.{found.name}")

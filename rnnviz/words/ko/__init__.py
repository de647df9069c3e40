"""Korean: what the English sentences are in it, a file for each part of the app."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

WORDS: dict[str, str] = {}
"""English → Korean, of all files of this folder."""

for _found in iter_modules(__path__):
    WORDS |= import_module(f"{__name__}.{_found.name}").WORDS

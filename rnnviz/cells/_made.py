"""The functions of a compiled step, from its Python source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def maker(text: str, calls: Mapping[str, Any], **more: Any) -> Callable[..., Any]:
    """``make`` of a step's source, which can call nothing but what it is given here."""
    scope: dict[str, Any] = {**calls, **more}
    exec(compile(text, "<step>", "exec"), scope)
    make: Callable[..., Any] = scope["make"]
    return make

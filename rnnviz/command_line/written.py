"""What is written: JSON on standard output, tables in columns, bars on standard error."""

from __future__ import annotations

import io
import json
import math
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def json_option(function: Function) -> Function:
    """`--json`, the argument ``as_json``."""
    option = click.option("--json", "as_json", is_flag=True,
                          help="Write the numbers as JSON; null is a number that is not finite.")
    return option(function)


def write_json(found: Any) -> None:
    """One JSON value on standard output."""
    click.echo(json.dumps(_finite(found), ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {name: _finite(one) for name, one in value.items()}
        case list() | tuple():
            return [_finite(one) for one in value]
    return value


def table(rows: Sequence[Sequence[str]]) -> str:
    """Texts in columns, each as wide as its widest."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(one + " " * (width - _width(one)) for one, width in
                       zip(row, widths, strict=True)) for row in rows)  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def bar(length: int, label: str, at: int = 0) -> AbstractContextManager[Any]:
    """A progress bar on standard error; what `update` is given as its item is shown beside it."""
    file = sys.stderr or io.StringIO()  # none where the shell has closed it
    made = click.progressbar(length=length, label=label, file=file,
                             item_show_func=lambda item: item and str(item))  # fmt: skip
    made.pos = at
    return made

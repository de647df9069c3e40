"""What the shell completes in the place of an argument: names, and files."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem


class Name(click.types.StringParamType):
    """A text that is one of some names or, with ``files``, the path of a file."""

    name = "text"

    def __init__(self, names: Iterable[str], *, files: bool = False) -> None:
        self.names, self.files = names, files

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin so; where bash finds none of them it completes files."""
        found = [CompletionItem(incomplete, type="file")] if self.files else []
        return found + [CompletionItem(one) for one in self.names if one.startswith(incomplete)]

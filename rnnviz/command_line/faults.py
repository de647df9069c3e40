"""What went wrong, in one sentence and as an exit code."""

from __future__ import annotations

from typing import NamedTuple

import click

WRONG, USAGE, INTERRUPTED, UNREAD = 1, 2, 130, 141


class Fault(NamedTuple):
    """What standard error is told, and the exit code."""

    words: str
    code: int


def told(error: Exception) -> Fault:
    """An error as a fault."""
    match error:
        case click.UsageError():
            path = "rnnviz" if error.ctx is None else error.ctx.command_path
            said = error.format_message().rstrip(".")
            gap = " S" if said.endswith("?") else ": s"
            return Fault(f"{said}{gap}ee `{path} --help`.", USAGE)
        case click.ClickException():
            return Fault(error.format_message(), error.exit_code)
        case FileNotFoundError():
            return Fault(f"There is no file {_short(error.filename)}.", WRONG)
        case OSError():
            place = "Standard output" if error.filename is None else _short(error.filename)
            return Fault(f"{place}: {error.strerror or error}.", WRONG)
        case ValueError() | ImportError():
            return Fault(str(error), WRONG)
        case MemoryError():
            return Fault("There is not enough memory for this.", WRONG)
    return Fault(
        f"This is a mistake in rnnviz ({type(error).__name__}: {error}): please report what "
        "--debug prints.", WRONG,
    )  # fmt: skip


def _short(path: object) -> str:
    """A path in at most 200 characters of one line."""
    text = "".join(one if one.isprintable() else "�" for one in str(path))
    return text if len(text) <= 200 else f"{text[:100]}…{text[-99:]}"


def wrong(words: str) -> click.UsageError:
    """The error of arguments that do not go together, without a full stop."""
    return click.UsageError(words, click.get_current_context(silent=True))

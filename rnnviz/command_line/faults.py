"""What went wrong, in one sentence and as an exit code."""

from __future__ import annotations

from typing import NamedTuple

import click

WRONG, USAGE, INTERRUPTED = 1, 2, 130


class Fault(NamedTuple):
    """What standard error is told, and the exit code."""

    words: str
    code: int


def told(error: Exception) -> Fault:
    """An error as a fault."""
    match error:
        case click.UsageError():
            path = "rnnviz" if error.ctx is None else error.ctx.command_path
            return Fault(f"{error.format_message().rstrip('.')}: see `{path} --help`.", USAGE)
        case click.ClickException():
            return Fault(error.format_message(), error.exit_code)
        case FileNotFoundError():
            return Fault(f"There is no file {error.filename}.", WRONG)
        case OSError():
            return Fault(f"{error.filename or 'A file'}: {error.strerror or error}.", WRONG)
        case ValueError() | ImportError():
            return Fault(str(error), WRONG)
        case MemoryError():
            return Fault("There is not enough memory for this.", WRONG)
    return Fault(
        f"This is a mistake in rnnviz ({type(error).__name__}: {error}): please report what "
        "--debug prints.", WRONG,
    )  # fmt: skip


def wrong(words: str) -> click.UsageError:
    """The error of arguments that do not go together, without a full stop."""
    return click.UsageError(words, click.get_current_context(silent=True))

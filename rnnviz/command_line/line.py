"""All commands in one group; the file of a command is imported when somebody asks for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from rnnviz.command_line.faults import INTERRUPTED, UNREAD, told

COMMANDS = {
    "app": "Open the pages in a browser. This is what happens without a command, too.",
    "run": "Tell how far back the gradient reaches, in a net, on a sequence.",
    "train": "Train a net by a plan, and keep the run in a file.",
    "sweep": "Compute the figures of every point of a grid, into one file.",
    "gallery": "Write the reports of all presets as a folder of web pages.",
    "verify": "Check the gradients of a net against independent calculations.",
    "convert": "Write the net of a file in another format.",
}
"""Command → what it does, so that help and completion need not import it."""
USUAL = "app"
"""The command of a line that names none."""


class Unread(Exception):
    """Nobody reads what is written: not an OSError, for which click has an exit code of its own."""


@contextmanager
def _read() -> Iterator[None]:
    """Raise `Unread` for a broken pipe."""
    try:
        yield
    except BrokenPipeError as error:
        raise Unread from error


class Asked:
    """What options of any command say."""

    debug = False


class Commands(click.Group):
    """The group: commands by name, and `USUAL` for a line that begins with something else."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"rnnviz.command_line.{cmd_name}").command
        if DEBUG not in found.params:
            found.params.append(DEBUG)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and what they do."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, then options."""
        named = [CompletionItem(name, help=words) for name, words in COMMANDS.items()
                 if name.startswith(incomplete)]  # fmt: skip
        return named + click.Command.shell_complete(self, ctx, incomplete)

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        """Read the line; help is written here."""
        with _read():
            return super().make_context(*given, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _read():
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the line; without a command it is one of `USUAL`."""
        if args[:1] == ["--debug"]:  # an option of every command
            args = [*args[1:], "--debug"]
        own = [*COMMANDS, *(name for one in self.get_params(ctx) for name in one.opts)]
        if not ctx.resilient_parsing and (not args or args[0] not in own):
            args = [USUAL, *args]
        return super().parse_args(ctx, args)


def _debug(ctx: click.Context, _: click.Parameter, *, value: bool) -> None:
    if value:
        ctx.ensure_object(Asked).debug = True


DEBUG = click.Option(
    ["--debug"], is_flag=True, expose_value=False, is_eager=True,
    callback=lambda ctx, of, value: _debug(ctx, of, value=value),
    help="Show the traceback of what goes wrong.",
)  # fmt: skip

commands = Commands(
    name="rnnviz", help="See what recurrent nets do: every gate, state and gradient.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip
VERSION = import_module("rnnviz").__version__
click.version_option(VERSION, prog_name="rnnviz", message="%(prog)s %(version)s")(commands)


def outcome(arguments: Sequence[str] | None = None) -> int:
    """Run a line; its exit code: 0 fine, 1 wrong or refused, 2 no such usage, 130 interrupted.

    141 where nobody reads standard output or standard error any more, as after `| head -1`.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return _outcome(arguments)
    except BrokenPipeError:
        return UNREAD
    finally:
        _flushed()


def _outcome(arguments: Sequence[str] | None) -> int:
    asked = Asked()
    try:
        return commands.main(arguments, standalone_mode=False, obj=asked) or 0
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, Unread):
            raise BrokenPipeError from error
        if asked.debug and not isinstance(error, click.ClickException):
            raise
        fault = told(error)
        click.echo(fault.words, err=True)
        return fault.code


def _flushed() -> None:
    """Empty both streams; one that takes no more is led nowhere, or Python would complain of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

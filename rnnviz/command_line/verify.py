"""`rnnviz verify`: the live checks of a net, and exit code 1 where one fails."""

from __future__ import annotations

from typing import Any

import click

from rnnviz.analysis.verification.live_checks import verify_flow
from rnnviz.cells import short_name
from rnnviz.command_line.faults import WRONG
from rnnviz.command_line.sources import MODEL, SEQUENCE, USUAL, fresh_options, net_options, settings
from rnnviz.command_line.written import json_option, table, write_json
from rnnviz.experiments.settings import Settings


@click.command(help="""\
Check every derivative, record and norm of MODEL against independent calculations.

MODEL is a file of weights or a cell; without it the cells of the first page are checked. The exit
code is 1 where a check fails.""")
@click.argument("model", required=False, type=MODEL)
@click.option("--sequence", type=SEQUENCE, default=USUAL.task, show_default=True,
              help="A file or a task.")  # fmt: skip
@fresh_options
@net_options
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, model: str | None, sequence: str, *, as_json: bool, **how: Any
) -> None:
    """Print the checks of every net."""
    first, *others = [model] if model else USUAL.cells
    asked = settings(first, sequence, cells=tuple(others), **how)
    found = [one for cell in asked.cells for one in checks(asked, cell)]
    if as_json:
        write_json(found)
    else:
        click.echo(table(rows(found)))
        failed = sum(not one["ok"] for one in found)
        click.echo(f"\n{len(found)} checks, {failed or 'none'} failed")
    if not all(one["ok"] for one in found):
        ctx.exit(WRONG)


def checks(asked: Settings, cell: str) -> list[dict[str, Any]]:
    """The checks of one cell's net in plain values."""
    made = verify_flow(asked.flow(cell), asked.loss_object(asked.example()))
    return [
        {"cell": short_name(cell), "name": one.name, "error": one.error, "bound": one.bound,
         "ok": one.ok, "words": str(one.words), "skipped": str(one.skipped)}
        for one in made
    ]  # fmt: skip


def rows(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """A header and a row a check, as texts."""
    def outcome(one: dict[str, Any]) -> str:
        return "not made" if one["skipped"] else "ok" if one["ok"] else "WRONG"

    return [("cell", "", "error", "bound", "check")] + [
        (one["cell"], outcome(one), f"{one['error']:.1e}", f"{one['bound']:.0e}", one["words"])
        for one in found
    ]

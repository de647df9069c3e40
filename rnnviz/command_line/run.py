"""`rnnviz run`: a net on a sequence, in figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rnnviz.command_line.figures import figures, finding, gate_rows, reach_rows
from rnnviz.command_line.sources import CELL, MODEL, SEQUENCE, fresh_options, net_options, settings
from rnnviz.command_line.targets import target
from rnnviz.command_line.written import json_option, table, write_json
from rnnviz.numerics.optional import needed
from rnnviz.words import languages


@click.command(help="""\
Tell how far back the gradient of the last loss reaches, in MODEL on SEQUENCE.

MODEL is a file of weights (.safetensors, .npz, .keras, .h5, .onnx, .json) or a cell, such as lstm.
SEQUENCE is a file (table, text, sound, array) or a task, such as stocks.""")
@click.argument("model", type=MODEL)
@click.argument("sequence", type=SEQUENCE)
@click.option("--cell", "cells", multiple=True, metavar="CELL", type=CELL,
              help="A fresh net of this cell, too, of the same sizes.")  # fmt: skip
@fresh_options
@net_options
@click.option("--report", "out", type=click.Path(path_type=Path),
              help="Write an HTML file, too: figures, time control and words, without network.")
@click.option("--language", type=click.Choice(list(languages())), help="Of the report.")
@json_option
def command(
    model: str, sequence: str, *, out: Path | None, language: str | None, as_json: bool, **how: Any
) -> None:
    """Print the figures of every net and layer."""
    asked = settings(model, sequence, **how)
    file = None if out is None else target("--report", out, ".html", apart=(model, sequence))
    found = figures(asked)
    if file is not None:
        made = needed("rnnviz.reports.experiment", who="A report", extra="plot")
        page = made.report(asked, language=language).save(file)
        click.echo(f"{out}: {page.stat().st_size / 1e6:.1f} MB", err=True)
    if as_json:
        write_json(found)
        return
    click.echo(found["settings"])
    click.echo("\n".join(map(finding, found["nets"])) + "\n")
    click.echo(table(reach_rows(found)))
    if len(gates := gate_rows(found)) > 1:
        click.echo("\n" + table(gates))


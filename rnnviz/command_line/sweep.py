"""`rnnviz sweep`: the figures of every point of a grid, in worker processes, into one file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click
import numpy as np

from rnnviz.command_line.completed import Name
from rnnviz.command_line.faults import WRONG, wrong
from rnnviz.command_line.targets import target
from rnnviz.command_line.written import bar, json_option, table, write_json
from rnnviz.numerics.validation import meant, shown
from rnnviz.sweeps import DIAGRAMS, FIGURES, Progress, Spec, Sweep
from rnnviz.sweeps.executors import SweepFailed
from rnnviz.sweeps.stored import Found
from rnnviz.sweeps.sweeping import completed
from rnnviz.sweeps.texts import spec_of
from rnnviz.sweeps.writing import Store
from rnnviz.words.numbers import number


@click.command(help=f"""\
Compute the figures of every point of SPEC: a .toml or .json file with base, axes and figures
(docs/sweeps.md), or one of the phase diagrams {', '.join(DIAGRAMS)}.

Rows are kept as they come. The same line again goes on from where it stands.""")
@click.argument("spec", type=Name(DIAGRAMS, files=True))
@click.option("-o", "--out", type=click.Path(path_type=Path),
              help="The .parquet file; by default named as SPEC.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 256),
              help="Processes; by default as many as processors.")  # fmt: skip
@json_option
def command(spec: str, out: Path | None, workers: int | None, *, as_json: bool) -> None:
    """Sweep, and say what came out."""
    if spec not in DIAGRAMS and Path(spec).suffix not in (".toml", ".json"):
        raise wrong(f"SPEC must be a .toml or .json file, or one of {', '.join(DIAGRAMS)}, got "
                    f"{shown(spec)}{meant(spec, DIAGRAMS)}")  # fmt: skip
    asked = spec_of(spec, DIAGRAMS)
    file = target("--out", out or Path(f"{Path(spec).stem}.parquet"), ".parquet")
    found = swept(asked, file, workers)
    told = summary(found, file)
    if as_json:
        write_json(told)
    else:
        click.echo(f"{file}: {found!r}")
    for point, reason in list(found.reasons.items())[:1]:
        click.echo(f"point {point}: {reason}", err=True)
    if len(found.reasons) == len(found):
        raise click.exceptions.Exit(WRONG)
    if not as_json:
        click.echo(table([("figure", "least", "median", "largest", "definition")] + [
            (name, *(number(one[key]) for key in ("least", "median", "largest")), FIGURES[name])
            for name, one in told["figures"].items()
        ]))  # fmt: skip


def swept(spec: Spec, file: Path, workers: int | None) -> Sweep:
    """Sweep with a bar; after an interruption say how to go on."""
    with closing(Store(file, spec)) as store:
        store.begin(found := Found(spec))
        if there := int(found.done.sum()):
            click.echo(f"Resumed: {there:,} of {len(spec):,} points were there.", err=True)
        with bar(len(spec), spec.name or " × ".join(spec.axes), there) as shown:

            def tell(now: Progress) -> None:
                shown.update(now.done - shown.pos, f"{now.failed} failed" if now.failed else None)

            try:
                return completed(found, store, progress=tell, workers=workers)
            except KeyboardInterrupt:
                click.echo(f"\nWhat was computed is beside {file}: the same line goes on from "
                           "there.", err=True)  # fmt: skip
                raise
            except SweepFailed as error:
                raise click.ClickException(str(error)) from error


def summary(found: Sweep, file: Path) -> dict[str, Any]:
    """What came out, in plain values: of every figure the ends and the median, where there is one.
    """  # fmt: skip
    figures = {}
    for name, values in found.values.items():
        there = values[~np.isnan(values)]
        ends = np.quantile(there, [0, 0.5, 1], method="lower") if there.size else [np.nan] * 3
        figures[name] = dict(zip(("least", "median", "largest"), map(float, ends), strict=True))
    return {"file": str(file), "points": len(found), "done": int(found.done.sum()),
            "failed": len(found.reasons), "axes": {k: len(found.spec.values(k))
                                                   for k in found.spec.axes},
            "figures": figures}  # fmt: skip

"""`rnnviz train`: train a net by a plan; the run is kept in a file, and goes on from there."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import click
import numpy as np

from rnnviz.analysis.reach import figures
from rnnviz.cells import CELLS, short_name
from rnnviz.command_line import plans
from rnnviz.command_line.completed import Name
from rnnviz.command_line.faults import WRONG
from rnnviz.command_line.targets import target
from rnnviz.command_line.written import bar, json_option, write_json
from rnnviz.formats.saving import save as save_net
from rnnviz.numerics.array_files import write_whole
from rnnviz.tasks import TASKS
from rnnviz.training.run import Run
from rnnviz.training.stored import load, save
from rnnviz.training.train_net import longer, steps
from rnnviz.training.weights import flat
from rnnviz.words.numbers import number, share

WRITE_EVERY = 2.0
"""Seconds from one time that the run is written to the next."""
OVER = 10
"""So many updates' losses are averaged for the bar and the summary."""


@click.command(help="""\
Train a net by PLAN: a text as in the links of the pages (adding,T:30,H:16), or a .toml or .json
file with the fields of rnnviz.training.Plan, cell, hidden_size, and what rnnviz.build takes.

The run is kept in a file while it goes on. The same line again goes on from where it stands.""")
@click.argument("plan", type=Name(TASKS, files=True))
@click.option("--cell", type=Name(CELLS), metavar="CELL",
              help="By default that of the file, or lstm.")  # fmt: skip
@click.option("--updates", type=click.IntRange(1), help="Instead of the plan's.")
@click.option("-o", "--out", type=click.Path(path_type=Path),
              help="The run's file; by default task_cell.npz.")  # fmt: skip
@click.option("--net", type=click.Path(path_type=Path),
              help="Write the trained net, too, for `rnnviz run` and the page Your net.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, plan: str, cell: str | None, updates: int | None, out: Path | None,
    net: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Train, and say what came out."""
    job, fresh = plans.begun(plan, cell, updates)
    file = out or Path(f"{job.plan.task}_{'own' if ':' in job.cell else job.cell}.npz")
    if net is not None:
        net = target("--net", net, ".npz", ".safetensors", apart=(file, plan))
    file = target("--out", file, ".npz", apart=(plan,))
    run = trained(begun(fresh, file), file)
    if net is not None:
        save_net(run.model, net)
    found = summary(run, file)
    if as_json:
        write_json(found)
    else:
        click.echo("\n".join(lines(found)))
    if run.stopped is not None:
        ctx.exit(WRONG)


def begun(fresh: Run, file: Path) -> Run:
    """The run of a file as far as it has come, or the fresh one; the user is told which.

    Raises ValueError for a file that holds something else.
    """
    if not file.exists():
        return fresh
    run = _loaded(file)
    same = replace(run.plan, updates=fresh.plan.updates) == fresh.plan
    if not same or not np.array_equal(run.vectors[0], flat(fresh.first)):
        raise ValueError(f"{file} holds the run of another plan: name another file by --out.")
    if run.stopped is None:
        run = longer(run, max(fresh.plan.updates, run.done))
    click.echo(f"Resumed: {run.done:,} of {run.plan.updates:,} updates were there.", err=True)
    return run


def _loaded(file: Path) -> Run:
    try:
        return load(file)
    except (ValueError, BadZipFile, EOFError) as error:
        raise ValueError(f"{file} is there and holds no run that can be read: name another file by "
                         "--out, or delete it.") from error  # fmt: skip


def trained(run: Run, file: Path) -> Run:
    """Train to the end of the plan; what was learnt is written, whatever happens."""
    plan, written, last = run.plan, time.monotonic(), run
    name = short_name(run.first.cell.name)
    try:
        try:
            with bar(plan.updates, f"{name} on {plan.task}", run.done) as shown:
                for run in steps(last, max(1, min(OVER, plan.updates // 100))):
                    shown.update(run.done - last.done,
                                 f"loss {number(float(run.loss[-OVER:].mean()))}")  # fmt: skip
                    last = run
                    if time.monotonic() - written >= WRITE_EVERY:
                        _write(last, file)
                        written = time.monotonic()
        finally:
            _write(last, file)
    except KeyboardInterrupt:
        click.echo(f"\n{last.done} of {plan.updates} updates are in {file}: the same line goes on "
                   "from there.", err=True)  # fmt: skip
        raise
    return last


def _write(run: Run, file: Path) -> None:
    save(run, whole := io.BytesIO())
    write_whole(file, whole.getvalue())


def summary(run: Run, file: Path) -> dict[str, Any]:
    """What came out, in plain values: losses, score, and how far back the gradient reaches."""
    last = max(run.vectors)
    score = run.scores[last]
    return {
        "file": str(file), "cell": short_name(run.first.cell.name), "task": run.plan.task,
        "updates": run.done, "stopped": None if run.stopped is None else run.stopped.what,
        "loss_first": _mean(run.loss[:OVER]), "loss_last": _mean(run.loss[-OVER:]),
        "checkpoint": last, "held_out_loss": score.loss, "score": score.name,
        "score_value": score.figure, "naive_loss": score.naive,
        "log10_share_before": _left(run.gradients[0]), "log10_share": _left(run.gradients[last]),
    }  # fmt: skip


def _mean(losses: Any) -> float:
    return float(np.mean(losses)) if len(losses) else np.nan


def _left(logs: Any) -> float:
    """log10 of the share that reaches step 1 of log10 ‖∂L_S/∂s_t‖, t = 0 … T."""
    there = np.flatnonzero(~np.isneginf(logs[1:])) + 1
    return figures(np.asarray(logs, np.float64), int(there[-1]) if there.size else 0)[0]


def lines(found: dict[str, Any]) -> list[str]:
    """The summary in sentences."""
    said = [f"{found['cell']} on {found['task']}: {found['updates']} updates, kept in "
            f"{found['file']}."]  # fmt: skip
    if found["stopped"]:
        said.append(f"Training stopped: {found['stopped']} was not finite.")
    said += [
        f"The mean loss of {OVER} updates went from {number(found['loss_first'])} to "
        f"{number(found['loss_last'])}.",
        f"On sequences that were not trained on: loss {number(found['held_out_loss'])} (naive "
        f"answers {number(found['naive_loss'])}), {found['score']} "
        f"{number(found['score_value'])}.",
        f"Of the gradient of the last loss {share(found['log10_share_before'])} reached step 1 "
        f"before training, {share(found['log10_share'])} does now.",
    ]
    return said

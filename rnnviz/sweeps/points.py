"""One point of a sweep: its settings, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.analysis.largest_exponent import largest_exponent
from rnnviz.analysis.reach import Reach, reach
from rnnviz.cells import CELLS
from rnnviz.core.backward_run import arriving, backward
from rnnviz.core.forward_run import run
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.solving import held_out, solve
from rnnviz.experiments.trained import Trained
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.validation import positive_number
from rnnviz.sweeps.names import PLAN, unknown
from rnnviz.sweeps.spec import FIGURES
from rnnviz.training import Plan, Run, resume
from rnnviz.training.train_net import begin
from rnnviz.training.weights import cast

TASK, CELL, SOLVED_BELOW = "noisy_sine", "rnn", 0.1
MOST_WORK = 2_000_000_000
"""The most that T H² may be at a point: a forward pass of some seconds."""
OF_SETTINGS = ("task", "length", "hidden_size", "seed", "init", "scaling", "scale", "forget_bias",
               "update_bias", "loss", "loss_at")  # fmt: skip


def settings_of(point: Mapping[str, Any]) -> Settings:
    """The settings of a point: with them its net opens on every page.

    Those of a trained net are at the end of its plan. Raises ValueError where they are not allowed.
    """
    cell = point.get("cell", CELL)
    given = {name: point[name] for name in OF_SETTINGS if point.get(name) is not None}
    if not (trained := any(name.startswith("train.") for name in point)):
        given["hold"] = tuple((cell, *one) for one in _group(point, "hold"))
    base = Settings(**{
        "task": TASK, **given, "cells": (cell,), "options": _group(point, "options"),
        "cell_options": _group(point, "cell_options"),
    })  # fmt: skip
    if not trained:
        return base
    net = trained_of(point, base)
    return Settings(
        task=base.task, options=base.options, length=net.plan.length, seed=base.seed,
        cells=base.cells, cell_options=base.cell_options, trained=net, update=net.plan.updates,
        loss=base.loss, loss_at=base.loss_at,
    )  # fmt: skip


def trained_of(point: Mapping[str, Any], base: Settings) -> Trained:
    """How the net of a point is trained; biases that the point does not set are left as drawn."""
    own = dict(_group(point, "train"))
    own.pop("solved_below", None)
    for name in own:
        if name not in PLAN:
            raise unknown(f"train.{name}", "spec", (f"train.{one}" for one in PLAN))
    plan = Plan(base.task, base.length, base.options, seed=base.seed, **own)
    cell = base.cells[0]
    return Trained(
        plan, base.hidden_size, base.init, point.get("forget_bias"), point.get("update_bias"),
        base.scaling, base.scale, tuple((cell, *one) for one in _group(point, "hold")),
    )  # fmt: skip


def measured(
    point: Mapping[str, Any], figures: tuple[str, ...]
) -> tuple[dict[str, float], str | None]:
    """The figures of a point, and why there are none where there are none.

    Nothing is raised but what ends a process: what is refused or is no number has a reason.
    """
    nothing = dict.fromkeys(figures, float("nan"))
    try:
        with np.errstate(all="ignore"), one_blas_thread():
            return _measured(point, figures)
    except Exception as error:  # a point must not end a sweep
        plain = isinstance(error, ValueError)
        return nothing, str(error) if plain else f"{type(error).__name__}: {error}"


def _measured(
    point: Mapping[str, Any], figures: tuple[str, ...]
) -> tuple[dict[str, float], str | None]:
    settings, cell = settings_of(point), point.get("cell", CELL)
    work = settings.length * settings.hidden_size**2
    if work > MOST_WORK:
        raise ValueError(f"`length` · `hidden_size`² must be at most {MOST_WORK:,}, got {work:,}.")
    found = dict.fromkeys(figures, float("nan"))
    if settings.trained is not None:
        run_of, ended = _trained(point, settings, figures)
        if run_of.stopped is not None:
            return found, f"Training stopped at update {run_of.stopped.update}: not finite."
        found |= ended
        model = cast(run_of.model, np.float64)
    else:
        model = settings.model(cell)
    if set(figures) <= ended_keys(settings):
        return found, None
    return _fresh(settings, model, found)


def ended_keys(settings: Settings) -> set[str]:
    """The figures that need no trace."""
    return set() if settings.trained is None else {"updates", "cost", "score"}


def _fresh(
    settings: Settings, model: Model, found: dict[str, float]
) -> tuple[dict[str, float], str | None]:
    """The figures of one trace and one gradient."""
    example = settings.example()
    trace = run(model, example.x)
    if trace.first_nonfinite is not None:
        return found, str(trace.first_nonfinite)
    if {"log10_share", "factor", "horizon"} & found.keys():
        found |= _of_reach(_reach(settings, trace), found)
    if "lyapunov" in found:
        found["lyapunov"] = largest_exponent(trace)
    lost = [name for name, value in found.items() if np.isnan(value)]
    return found, f"{FIGURES[lost[0]]}: not a number." if lost else None


def _reach(settings: Settings, trace: Trace) -> Reach:
    """`rnnviz.reach` of the last step's loss, without the weights' gradients."""
    dh = np.array(arriving(trace, settings.loss_object(settings.example())))
    dh[: int(np.flatnonzero(dh.any(axis=(1, 2))).max(initial=0))] = 0
    return reach(backward(trace, dh, weights=False))


def _of_reach(one: Reach, asked: Mapping[str, float]) -> dict[str, float]:
    far = float("inf") if one.horizon is None else float(one.horizon)
    known = {"log10_share": one.log10_share, "factor": one.factor,
             "horizon": float("nan") if np.isnan(one.log10_share) else far}  # fmt: skip
    return {name: value for name, value in known.items() if name in asked}


def _trained(
    point: Mapping[str, Any], settings: Settings, figures: tuple[str, ...]
) -> tuple[Run, dict[str, float]]:
    """The run at its end, and what it needed."""
    trained, cell = settings.trained, point.get("cell", CELL)
    assert trained is not None
    job = trained.job(cell, settings.options_of(cell))
    given: dict[str, Any] = {k: dict(v) if isinstance(v, tuple) else v for k, v in job.build}
    done = begin(cell, plan=job.plan, hidden_size=job.hidden_size, checkpoints=(), **given)
    found: dict[str, float] = {}
    if "updates" in figures:
        share = positive_number("train.solved_below", point.get("train.solved_below", SOLVED_BELOW))
        outcome, done = solve(done, share)
        found["updates"] = float("inf") if outcome.needed is None else float(outcome.needed)
    else:
        done = resume(done)
    if done.stopped is None and "cost" in figures:
        found["cost"] = held_out(done)
    if done.stopped is None and "score" in figures:
        found["score"] = float(done.measures.scores(done.model).figure)
    return done, found


def _group(point: Mapping[str, Any], group: str) -> tuple[tuple[str, Any], ...]:
    """The values under one group's names, as sorted pairs."""
    head = f"{group}."
    own = {name.removeprefix(head): value for name, value in point.items() if name.startswith(head)}
    if group == "cell_options":
        own = {k: v for k, v in own.items() if k in CELLS[point.get("cell", CELL)].choices}
    return tuple(sorted(own.items()))

"""Train a net on a task: at once, some updates at a time, or on from where a run stands."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from rnnviz.core.build import build
from rnnviz.core.model import Model
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.validation import instance, shown, whole_number
from rnnviz.tasks import Task
from rnnviz.training.measures import Measures
from rnnviz.training.plan import Plan, task_of
from rnnviz.training.run import Run
from rnnviz.training.trainer import Trainer, frozen_copy
from rnnviz.training.weights import cast

READOUT = {"squared_error": "identity", "cross_entropy": "softmax"}
"""A task's loss → the readout that it needs."""
HIDDEN = 24
"""H of a net that is named only."""


def train(model: str | Model, task: str | Task | None = None, **settings: Any) -> Run:
    """Train a net on a task.

    ``model`` is a `Model`, or the name of a cell. ``settings`` are the fields of
    `rnnviz.training.Plan` (``options`` may be a mapping), or ``plan`` for all of them;
    ``checkpoints``, the updates after which all weights are kept, beside 0 and the last (by default
    about 25); and for a named cell ``hidden_size`` (24) and what `rnnviz.build` takes. The net is
    then drawn with the plan's seed and fits the task. A given Model is trained as it is, in the
    plan's float type.

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=8, updates=20, rate=0.02)
    >>> run.model, run.done
    (Model(gru, 2 → 8, 1 layer, 264 parameters, float32, identity readout of 1), 20)
    """
    return resume(begin(model, task, **settings))


def begin(
    model: str | Model, task: str | Task | None = None, *, plan: Plan | None = None,
    checkpoints: Iterable[int] | None = None, hidden_size: int | None = None, **settings: Any,
) -> Run:  # fmt: skip
    """The run of `train` before its first update; `steps` and `resume` go on from it."""
    plan, rest = _planned(task, plan, settings)
    kind = task_of(task if isinstance(task, Task) else plan.task)
    plan = plan.fitted(kind)
    measures = Measures(kind, plan)
    net = _net(model, measures, hidden_size, rest)
    state = Trainer(net, kind, plan).state()
    keep = default_checkpoints(plan.updates) if checkpoints is None else _checked(checkpoints, plan)
    vectors = {0: state.weights}
    return Run(plan, np.empty(0), np.empty(0), vectors, state, None, keep, net, measures)


def steps(run: Run, every: int = 10, updates: int | None = None) -> Iterator[Run]:
    """Go on from where a run stands, and give the run as it is after every so many updates.

    The last one given is finished. To pause or cancel, stop asking; every run can be resumed.
    ``updates``: see `resume`. Raises ValueError.

    >>> import rnnviz
    >>> begun = rnnviz.training.begin("rnn", "adding", length=8, hidden_size=4, updates=25)
    >>> [run.done for run in rnnviz.training.steps(begun, every=10)]
    [10, 20, 25]
    """
    instance("run", run, Run)
    count = whole_number("every", every)
    run = longer(run, updates)
    if run.finished:
        return
    trainer = Trainer(run.first, run.task, run.plan, run.state)
    while not run.finished:
        run = advanced(run, trainer, min(run.done + count, run.plan.updates))
        yield run


def resume(run: Run, updates: int | None = None) -> Run:
    """Go on to the end of the plan, or to ``updates`` in all: the same bits as in one go.

    More updates than planned are a plan of so many; a cosine schedule, which ends at the plan's
    end, admits none. Raises ValueError.

    >>> import rnnviz
    >>> short = rnnviz.train("rnn", "adding", length=8, hidden_size=4, updates=5)
    >>> long = rnnviz.train("rnn", "adding", length=8, hidden_size=4, updates=9)
    >>> bool((rnnviz.training.resume(short, 9).state.weights == long.state.weights).all())
    True
    """
    run = longer(run, updates)
    for last in steps(run, run.plan.updates):
        run = last
    return run


def default_checkpoints(updates: int) -> tuple[int, ...]:
    """0, 1, 2, 5, 10 and every twentieth of all updates."""
    early = {0, 1, 2, 5, 10} & set(range(updates + 1))
    return tuple(sorted(early | {round(updates * k / 20) for k in range(1, 21)}))


def _planned(
    task: str | Task | None, plan: Plan | None, settings: dict[str, Any]
) -> tuple[Plan, dict[str, Any]]:
    """The plan, and the settings that are not the plan's."""
    names = {one.name for one in fields(Plan)} - {"task"}
    own = {name: value for name, value in settings.items() if name in names}
    rest = {name: value for name, value in settings.items() if name not in names}
    if plan is not None:
        instance("plan", plan, Plan)
    if task is not None:
        own["task"] = task_of(task).name
    return (Plan(**own) if plan is None else replace(plan, **own)), rest


def _net(model: str | Model, measures: Measures, size: int | None, rest: dict[str, Any]) -> Model:
    """The net before training, checked against the task."""
    example, plan = measures.batches.example, measures.plan
    sizes, kind = (example.input_size, example.output_size), READOUT[example.loss]
    if not isinstance(model, Model):
        _meant(rest)
        return build(
            model, sizes[0], HIDDEN if size is None else size, output_size=sizes[1], readout=kind,
            dtype=plan.dtype, **{"seed": plan.seed, **rest},
        )  # fmt: skip
    if size is not None or rest:
        name, got = ("hidden_size", size) if size is not None else next(iter(rest.items()))
        raise ValueError(f"`{name}` must not be given with a model, got {shown(got)}.")
    if model.readout is None or model.readout.kind != kind:
        raise ValueError(
            f"`model` must have a readout of kind {kind!r} for the task {plan.task!r}, got {model}."
        )
    found = model.input_size, model.readout.parameters["b_y"].size
    if found != sizes:
        raise ValueError(
            f"`model` must have {sizes[0]} inputs and {sizes[1]} outputs for the task "
            f"{plan.task!r}, got {found[0]} and {found[1]}."
        )
    if model.directions != ("forward",) and plan.window is not None:
        raise ValueError("`window` must be None for a net that reads from the end.")
    return cast(model, plan.dtype)


def _meant(rest: dict[str, Any]) -> None:
    """Refuse what is nearly an argument of `train`; `build` refuses the rest."""
    names = [one.name for one in fields(Plan)] + ["hidden_size", "checkpoints", "plan"]
    for name in set(rest) - set(inspect.signature(build).parameters):
        near = get_close_matches(name, names, 1, 0.8)
        if near:
            raise ValueError(f"`train` has no argument {name!r}; did you mean {near[0]!r}?")


def _checked(checkpoints: Iterable[int], plan: Plan) -> tuple[int, ...]:
    try:
        given = list(checkpoints)
    except TypeError:
        raise ValueError(
            f"`checkpoints` must be whole numbers, got {shown(checkpoints)}."
        ) from None
    found = {whole_number("checkpoints", one, 0, plan.updates) for one in given}
    return tuple(sorted(found | {0, plan.updates}))


def longer(run: Run, updates: int | None) -> Run:
    """The run with a plan of so many updates."""
    if updates is None or updates == run.plan.updates:
        return run
    total = whole_number("updates", updates, least=max(1, run.done))
    if run.plan.schedule != "constant":
        raise ValueError(
            f"`updates` must be the plan's {run.plan.updates} under the schedule "
            f"{run.plan.schedule!r}, got {total}."
        )
    plan = replace(run.plan, updates=total)
    measures = Measures(run.task, plan)
    measures.known = run.measures.known
    keep = default_checkpoints(total)
    return replace(run, plan=plan, measures=measures, keep=keep)


def advanced(run: Run, trainer: Trainer, to: int) -> Run:
    """The run after so many updates in all; ``trainer`` stands where the run does."""
    losses, norms, stopped = list[float](), list[float](), None
    vectors, keep = dict(run.vectors), frozenset(run.keep)
    with one_blas_thread():
        while trainer.update < to and stopped is None:
            loss, norm, stopped = trainer.step()
            losses.append(loss)
            norms.append(norm)
            if trainer.update in keep:
                vectors[trainer.update] = frozen_copy(trainer.weights)
    if stopped is not None:
        vectors[trainer.update] = frozen_copy(trainer.weights)
    return replace(
        run, loss=np.concatenate([run.loss, losses]), state=trainer.state(), stopped=stopped,
        gradient_norm=np.concatenate([run.gradient_norm, norms]), vectors=vectors,
    )  # fmt: skip

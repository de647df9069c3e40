"""The records that pages show, computed once per settings; sessions share them, read-only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.cuts import Clipped, Truncated, clip, truncated
from rnnviz.analysis.expanded_sum import Expanded, expanded_sum
from rnnviz.analysis.gradient_paths import Roads, roads
from rnnviz.analysis.jacobian import jacobian_map
from rnnviz.analysis.jacobian_estimate import ProbedMap, probed_map
from rnnviz.analysis.leading_directions import Leading, leading
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.one_layer import out_of_range
from rnnviz.analysis.output_layer import OutputLayer, output_layer
from rnnviz.analysis.reach import Reach, alone, reach, reach_of_part, state_norms
from rnnviz.analysis.spectrum import SingularValues, lyapunov, singular_values
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.losses import Loss
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import Example
from rnnviz.training.objectives import Score
from rnnviz.ui.kept import kept, kept_slow
from rnnviz.words import say


@kept
def whole(settings: Settings, cell: str) -> GradientFlow:
    """The trace and gradient flow of the cell's net, with all its layers and directions."""
    return settings.flow(cell)


@kept
def flow(settings: Settings, cell: str) -> GradientFlow:
    """The cell's trace and gradient flow; of an opened stack those of the part looked at."""
    return settings.part(whole(undirected(settings), cell))


def undirected(settings: Settings) -> Settings:
    """The settings whatever layer and direction is looked at: those of the whole net."""
    if settings.net is None or not settings.net.in_parts:
        return settings
    return replace(settings, net=settings.net.at(0, "forward"))


@kept
def example(settings: Settings) -> Example:
    """The sequence, its steps in the order in which the shown direction reads them."""
    found = settings.example()
    if settings.reads_backwards:
        return replace(found, x=found.x[::-1], targets=found.targets[::-1], mask=found.mask[::-1],
                       step_labels=found.step_labels[::-1])  # fmt: skip
    return found


def has_output(settings: Settings) -> bool:
    """Whether there is an output layer: not every file has one."""
    return settings.net is None or settings.net.model.readout is not None


def reads_shown(settings: Settings) -> bool:
    """Whether the output layer reads the h that is shown alone: not that of a part of a stack."""
    return has_output(settings) and not cell_in_parts(settings)


def flows(settings: Settings) -> dict[str, GradientFlow]:
    """Cell → gradient flow of every shown cell, with a spinner while it is computed."""
    with st.spinner(say("Stepping forward and back …"), show_time=True):
        return {cell: flow(settings, cell) for cell in settings.cells}


def norms(one: GradientFlow, signal: str = "h") -> NDArray[np.float64]:
    """log10 ‖∂L/∂signal_t‖ of the one example, t = 0 … T."""
    return np.asarray(one.log10_norms(signal))[:, 0]


@kept
def lone(settings: Settings, cell: str, step: int | None = None) -> GradientFlow:
    """The gradient flow of the loss of one step alone, by default the last that has one.

    In the lower layers of an opened stack that loss's gradient arrives from above at many steps.
    """
    every = whole(undirected(settings), cell)
    one = alone(every, settings.in_time(step))[0]
    return flow(settings, cell) if one is every else settings.part(one)


@kept
def reached(
    settings: Settings, cell: str, signal: str = "memory", step: int | None = None
) -> Reach:
    """How far back the gradient of one step's loss reaches: the figures that all pages show."""
    one = lone(settings, cell, step)
    return reach_of_part(one, signal) if cell_in_parts(settings) else reach(one, signal)


def reaches(
    settings: Settings, signal: str = "memory", step: int | None = None
) -> dict[str, Reach]:
    """Cell → `reached`, for every shown cell."""
    return {cell: reached(settings, cell, signal, step) for cell in settings.cells}


def all_losses(settings: Settings, cell: str, signal: str = "memory") -> NDArray[np.float64]:
    """log10 ‖∂L/∂s_t‖ of all losses together, t = 0 … T; ``signal`` as `reach` takes it."""
    return state_norms(flow(settings, cell), reached(settings, cell, signal).signal)


def before_training(settings: Settings) -> Settings:
    """The settings at update 0."""
    return replace(settings, update=0)


@kept_slow
def score(settings: Settings, cell: str) -> Score:
    """The trained cell's score on sequences that were not trained on, at the last checkpoint."""
    trained = settings.trained
    assert trained is not None
    run = trained.run(cell, settings.options_of(cell), upto=settings.update)
    return run.scores[trained.kept(run, settings.update)]


def step_labels(one: Example) -> tuple[str, ...] | None:
    """The sequence's names for its steps; None where they are 1 … T."""
    counted = tuple(str(t) for t in range(1, len(one.x) + 1))
    return None if tuple(one.step_labels) == counted else tuple(one.step_labels)


def labels(settings: Settings) -> tuple[str, ...] | None:
    """The step names of the settings' sequence; None where they are 1 … T."""
    return step_labels(example(settings))


def cell_in_parts(settings: Settings) -> bool:
    """Whether one layer and direction of several is shown."""
    return settings.net is not None and settings.net.in_parts


def weights_fixed(settings: Settings, cell: str) -> bool:
    """Whether no weight can be set by hand: of a projected net the product W_r W_h is shown."""
    return settings.of_file(cell) and settings.net is not None and settings.net.model.projected


@kept
def arrives_rounded(settings: Settings, cell: str) -> bool:
    """Whether the gradient from the layers above is out of float64's range at some step."""
    return cell_in_parts(settings) and out_of_range(
        whole(undirected(settings), cell), *place(settings)
    )


def place(settings: Settings) -> tuple[int, str]:
    """The layer, 0 the first, and the direction that are looked at."""
    return (0, "forward") if settings.net is None else (settings.net.layer, settings.net.direction)


def flow_index(settings: Settings, cell: str) -> int:
    """Where the layer and direction that are looked at stand in the whole net's records."""
    return whole(undirected(settings), cell).trace.model.index(*place(settings))


def loss(settings: Settings) -> Loss:
    """The loss, at the end of the whole net."""
    return settings.loss_object(settings.example())


@kept
def output(settings: Settings, cell: str) -> OutputLayer:
    """The output layer of the cell's whole net under the settings' loss.

    Steps are in the order in which the shown direction reads them.
    """
    found = output_layer(whole(undirected(settings), cell).trace, loss(settings))
    if not settings.reads_backwards:
        return found
    backwards = ("outputs", "scores", "answers", "targets", "costs", "weights", "slope")
    return replace(found, **{name: getattr(found, name)[::-1] for name in backwards})


@kept_slow
def expanded(settings: Settings, cell: str, name: str) -> Expanded:
    """The gradient of one parameter as a sum over timesteps, of the last loss alone."""
    return expanded_sum(flow(settings, cell), loss(settings), name)


@kept_slow
def jacobians(settings: Settings, cell: str, state: str) -> NDArray[np.float64]:
    """log10 ‖∂s_t/∂s_k‖_F, (T + 1, T + 1)."""
    return jacobian_map(flow(settings, cell).trace, state=state)


@kept_slow
def probed(settings: Settings, cell: str, state: str, probes: int, every: int) -> ProbedMap:
    """`jacobians`, estimated from random probes, with its standard error; some rows or all."""
    return probed_map(flow(settings, cell).trace, state, probes=probes, every=every)


@kept_slow
def singular(settings: Settings, cell: str) -> SingularValues:
    """log10 singular values of each step and of the product."""
    return singular_values(flow(settings, cell).trace)


@kept_slow
def followed(settings: Settings, cell: str, count: int) -> Leading:
    """Growth along the leading directions."""
    return leading(flow(settings, cell).trace, count)


@kept_slow
def exponents(settings: Settings, cell: str) -> NDArray[np.float64]:
    """The Lyapunov exponents, nats a step, largest first."""
    return lyapunov(flow(settings, cell).trace)


@kept_slow
def itemised_norms(settings: Settings, cell: str) -> NDArray[np.float64]:
    """log10 ‖∂L_τ/∂s_t‖, (T, T + 1), s the cell's memory state."""
    layer, direction = place(settings)
    found = itemised(whole(undirected(settings), cell).trace, loss(settings), layer=layer,
                     direction=direction, state=CELLS[cell].states[-1])  # fmt: skip
    if not settings.reads_backwards:
        return found
    return np.concatenate([found[::-1, :1], found[::-1, :0:-1]], axis=1)


@kept_slow
def gradient_paths(settings: Settings, cell: str) -> Roads:
    """The gradient of the last loss along the kept state and through the weights."""
    one = lone(settings, cell)
    return roads(one.trace, one.outputs)


@kept_slow
def cut(settings: Settings, cell: str, k: int) -> Truncated:
    """The backward pass truncated every k steps, beside the full one."""
    found = truncated(whole(undirected(settings), cell).trace, loss(settings), k)
    if not cell_in_parts(settings):
        return found
    index, removed = found.flow.trace.model.index(*place(settings)), list(found.removed)
    if settings.reads_backwards:
        removed = [np.concatenate([one[:1], one[:0:-1]]) for one in removed]
    return Truncated(settings.part(found.flow), settings.part(found.full), (removed[index],),
                     (found.weights[index],))  # fmt: skip


@kept
def clipped(settings: Settings, cell: str, kind: str, limit: float) -> Clipped:
    """All gradients, clipped to a norm or value; with several layers those of the whole net."""
    return clip(whole(undirected(settings), cell), **{kind: limit})

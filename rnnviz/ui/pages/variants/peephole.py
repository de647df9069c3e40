"""What a peephole adds to a gate and to ∂L/∂c."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnviz import plot
from rnnviz.analysis.peephole_and_reset import (
    Parts,
    Ways,
    cell_ways,
    gate_parts,
    without_peepholes,
)
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.plot.variants import peephole_panels, way_panels
from rnnviz.ui import cached
from rnnviz.ui.chart import figure, frame
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.kept import kept
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import adding_up, number, power


@kept
def plain_flow(settings: Settings) -> GradientFlow:
    """The plain LSTM with the weights of the peephole LSTM."""
    return without_peepholes(cached.flow(settings, "peephole_lstm"))


@kept
def ways_of(settings: Settings) -> Ways:
    """∂L/∂c_t of the peephole LSTM in its four parts."""
    return cell_ways(cached.flow(settings, "peephole_lstm"))


def gate_parts_of(
    settings: Settings, gate: str, unit: int, form: str, labels: tuple[str, ...] | None
) -> None:
    """A gate's pre-activation in its parts, the gate with and without, and what all units see."""
    flow, plain = cached.flow(settings, "peephole_lstm"), plain_flow(settings)
    parts = gate_parts(flow.trace.layers[0], gate)
    state = "c_t" if gate == "o" else "c_{t−1}"
    _now(parts, flow, plain, gate, unit)
    figure(
        plot.peephole_parts(flow, plain, gate, unit, theme=theme(), labels=labels),
        key="peephole_parts",
        definition=say(
            "The pre-activation a_{gate} is the sum of (x_t W_x + b), h_(t−1) W_h and the "
            "peephole's term, which is made from {state}; the gate is σ(a_{gate}). Below: the "
            "same gate in a plain LSTM with the same W_x, W_h and b.",
            gate=gate, state=state,
        ),
        summary=say(
            "Gate {gate}, unit {unit}: the peephole adds between {low} and {high}; the gate "
            "differs from that of the plain LSTM by at most {apart}.", gate=gate, unit=unit,
            low=number(float(parts.seen[:, unit].min())),
            high=number(float(parts.seen[:, unit].max())),
            apart=number(float(np.abs(flow.trace[gate] - plain.trace[gate])[:, 0, unit].max())),
        ),
        data=lambda: frame(peephole_panels(flow, plain, parts, gate, unit, theme())),
    )  # fmt: skip
    bound = max(1.0, float(np.abs(parts.seen).max()))
    figure(
        plot.peephole_units(flow, gate, scale=bound, theme=theme(), labels=labels, colorbar=False),
        key="peephole_units",
        definition=say(
            "What the peephole adds to the pre-activation of {gate}: rows are units, columns are "
            "timesteps, colours from −{bound} to {bound}.", gate=gate, bound=number(bound),
        ),
        summary=say("Gate {gate}: a heatmap of what the peephole adds, units against timesteps; "
                    "the largest magnitude is {most}.", gate=gate,
                    most=number(float(np.abs(parts.seen).max()))),
        data=lambda: _units(parts),
    )  # fmt: skip


def _now(parts: Parts, flow: GradientFlow, plain: GradientFlow, gate: str, unit: int) -> None:
    rows = [flow.trace[gate][:, 0, unit], plain.trace[gate][:, 0, unit]]
    terms = np.stack([one[:, unit] for one in parts], axis=1)
    stage.readout(
        say("At t = {t}, unit {unit}: {label}, so {gate} = {0}; without peepholes {gate} = {1}.",
            unit=unit, gate=gate),
        np.array(rows, np.float64), key="peephole_now", labels=[adding_up(one) for one in terms],
    )  # fmt: skip


def _units(parts: Parts) -> pd.DataFrame:
    """One row a timestep, one column a unit."""
    table = pd.DataFrame(np.asarray(parts.seen), index=range(1, len(parts.seen) + 1))
    return table.rename_axis("t")


def gradient_of_c(settings: Settings, labels: tuple[str, ...] | None) -> None:
    """∂L/∂c_t by the way that it comes back."""
    ways, plain = ways_of(settings), plain_flow(settings)
    total = ways.total.log10_norms()
    figure(
        plot.peephole_gradient(ways, plain, theme=theme(), labels=labels), key="peephole_gradient",
        definition=say(
            "∂L/∂c_t is the sum of four vectors: through h_t, along f_(t+1), through the peephole "
            "of o at t, and through the peepholes of i and f at t + 1. A plain LSTM has the first "
            "two only."
        ),
        summary=say(
            "At step 1 ‖∂L/∂c‖ is {total}; the part that came through peepholes has the norm "
            "{peep}. In the plain LSTM with the same weights ‖∂L/∂c‖ is "
            "{plain}.", total=power(float(total[0])),
            peep=power(float(ways.peepholes.log10_norms()[0])),
            plain=power(float(plain.log10_norms("c")[1, 0])),
        ),
        data=lambda: frame(way_panels(ways, plain, theme())),
    )  # fmt: skip

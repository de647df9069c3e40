"""Medians and bands over seeds: gradient norms, factors per step, and what cells cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.cells import CELLS
from rnnviz.experiments.cost import Timing
from rnnviz.experiments.initialisation_runs import Runs, quantiles
from rnnviz.figures import bands, palette
from rnnviz.figures.costs import Bars, cost_bars
from rnnviz.plot._options import figure
from rnnviz.plot.lines import DASHES, Span
from rnnviz.words import say
from rnnviz.words.numbers import number


@figure
def seed_norms(
    found: Mapping[str, Runs], *, names: Sequence[str] = (), theme: str = "light",
    scale: Span = None, labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L_S/∂s_t‖₂ over seeds against t = 0 … T: medians, and bands from 10 % to 90 %.

    ``found`` is label → `rnnviz.experiments.initialisation_runs.Runs`; ``names`` are the cells or
    initialisation schemes whose colours they take, the labels themselves if left out. ``scale`` is
    (low, high) in powers of ten, one for several figures: `seed_scale`.

    >>> import rnnviz
    >>> from rnnviz.experiments.initialisation_runs import SCHEMES, measure
    >>> from rnnviz.experiments.settings import Settings
    >>> runs = measure(Settings(hidden_size=4, length=8), "rnn", SCHEMES["orthogonal"])
    >>> rnnviz.plot.seed_norms({"orthogonal": runs}).data[-1].name
    'orthogonal'
    """
    return bands.norm_bands(
        seed_bands(found, names, theme), axis="‖∂L<sub>S</sub>/∂s<sub>t</sub>‖₂", theme=theme,
        labels=labels, span=scale, height=height or 360,
    )  # fmt: skip


def seed_scale(*found: Mapping[str, Runs]) -> tuple[float, float]:
    """One axis, in powers of ten, for several figures of `seed_norms`."""
    return bands.span_of([band for one in found for band in seed_bands(one, (), "light")])


@figure
def seed_factors(rows: Sequence[bands.Factor], *, theme: str = "light") -> go.Figure:
    """A row an initialisation scheme: the measured factor per step, and the closed form.

    ``rows`` are `factor_row`s.

    >>> import rnnviz
    >>> from rnnviz.experiments.initialisation_runs import SCHEMES, measure
    >>> from rnnviz.experiments.settings import Settings
    >>> from rnnviz.plot.seeds import factor_row
    >>> runs = measure(Settings(hidden_size=4, length=8), "rnn", SCHEMES["orthogonal"])
    >>> row = factor_row("orthogonal", runs, 1.0)
    >>> rnnviz.plot.seed_factors([row]).data[-1].x
    (1.0,)
    """
    return bands.factors(rows, theme=theme)


@figure
def bias_sweep(
    by_bias: Mapping[float, Runs], closed: Sequence[float], *, bias: str, gate: str,
    now: float | None = None, theme: str = "light", height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The factor per step against a gate's bias: median and band over seeds, and the closed form.

    ``bias`` and ``gate`` name the bias and the closed form; ``now`` is a bias to mark.

    >>> import rnnviz
    >>> from rnnviz.experiments.initialisation_runs import measure, swept
    >>> from rnnviz.experiments.settings import Settings
    >>> one = Settings(hidden_size=4, length=8)
    >>> found = {bias: measure(one, "lstm", swept(one, bias)) for bias in (-1.0, 0.0, 1.0)}
    >>> figure = rnnviz.plot.bias_sweep(found, [0.3, 0.5, 0.7], bias="b", gate="σ(b)")
    >>> figure.data[1].x
    (-1.0, 0.0, 1.0)
    """
    low, middle, high = quantiles(np.array([one.factors() for one in by_bias.values()]).T)
    found = bands.Sweep(np.array(list(by_bias)), low, middle, high, np.asarray(closed))
    return bands.sweep(found, bias=bias, gate=gate, now=now, theme=theme, height=height or 300,
                       color=bands.scheme_style("yours", theme)[0])  # fmt: skip


@figure
def cell_costs(
    hidden: Mapping[str, int], counts: Sequence[int], adds: Sequence[int],
    times: Mapping[str, Timing] | None = None, *, theme: str = "light",
) -> go.Figure:  # fmt: skip
    """Bars of parameters, multiply-adds a step and, where measured, microseconds, a row a cell.

    ``hidden`` is cell → hidden size, ``counts`` and ``adds`` are in its order.

    >>> import rnnviz
    >>> rnnviz.plot.cell_costs({"rnn": 8, "gru": 8}, [80, 240], [72, 216]).data[0].x
    (80, 240)
    """
    names = [say(CELLS[cell].title) for cell in hidden]
    colors = [palette.cell_color(cell, theme) for cell in hidden]
    return cost_bars(names, colors, cost_panels(hidden, counts, adds, times), theme=theme)


def seed_bands(found: Mapping[str, Runs], names: Sequence[str], theme: str) -> list[bands.Band]:
    """The bands of `seed_norms`."""
    drawn = []
    for k, (label, runs) in enumerate(found.items()):
        color, dash = _style(names[k] if names else label, theme, k)
        low, middle, high = quantiles(runs.state)
        drawn.append(bands.Band(label, low, middle, high, color, dash))
    return drawn


def factor_row(label: str, runs: Runs, closed: float, name: str = "", theme: str = "light",
               ) -> bands.Factor:  # fmt: skip
    """One row of `seed_factors`: ``name`` is the scheme whose colour it takes, or the label."""
    low, middle, high = (float(one) for one in quantiles(runs.factors()))
    return bands.Factor(label, low, middle, high, closed, _style(name or label, theme, 0)[0])


def cost_panels(
    hidden: Mapping[str, int], counts: Sequence[int], adds: Sequence[int],
    times: Mapping[str, Timing] | None,
) -> list[Bars]:  # fmt: skip
    """The panels of `cell_costs`."""
    panels = [
        Bars(say("Parameters of one layer"), counts,
             [f"{n:,} · H = {size}" for n, size in zip(counts, hidden.values(), strict=True)]),
        Bars(say("Multiply-adds a step, forward"), adds, [f"{n:,}" for n in adds]),
    ]  # fmt: skip
    for title, name in ((say("Time a step forward, µs"), "forward"),
                        (say("Time a step back, µs"), "backward")) if times else ():  # fmt: skip
        assert times is not None
        found = [tuple(1e6 * t for t in getattr(times[cell], name)) for cell in hidden]
        panels.append(Bars(title, [one[1] for one in found], [number(one[1]) for one in found],
                           [(one[0], one[2]) for one in found]))  # fmt: skip
    return panels


def _style(name: str, theme: str, number: int) -> tuple[str, str]:
    """Colour and dash of a scheme, a cell, or whatever else."""
    if name in bands.STYLES:
        return bands.scheme_style(name, theme)
    return palette.cell_color(name, theme), palette.CELL_DASHES.get(
        name, DASHES[number % len(DASHES)])  # fmt: skip

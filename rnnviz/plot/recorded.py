"""Recorded training runs: gradients through time and what is left of them, step after step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures import learning
from rnnviz.figures.learning import Curve
from rnnviz.figures.maps import step_map
from rnnviz.figures.recorded import entitle, name_rows, unit_rows
from rnnviz.numerics.validation import instance, one_of
from rnnviz.plot._options import figure
from rnnviz.plot.learning import palette_of
from rnnviz.plot.lines import Span
from rnnviz.recorder import RecordedRun
from rnnviz.recorder.described import Described
from rnnviz.recorder.series import Series, series
from rnnviz.words import say, word
from rnnviz.words.numbers import number

QUANTITIES = {
    "share": ("{place}/log10_share", word("share of the gradient left at step 1")),
    "loss": ("loss", word("loss")),
    "total_norm": ("total_norm", word("‖∂L/∂(all weights)‖₂")),
    "sigma1": ("{place}/sigma1", word("largest σ₁ of a block of W<sub>h</sub>")),
    "rho": ("{place}/rho", word("largest ρ of a block of W<sub>h</sub>")),
}
"""What `recorded_lines` draws → its column, and words for it."""
LINEAR = frozenset(("loss", "sigma1", "rho"))
"""Those that are on a linear axis where the numbers are within a factor of `DECADE`."""
DECADE = 10.0
USES = {"mean": word("mean"), "low": word("share below 0.1"), "high": word("share above 0.9")}
"""What is recorded of a gate's units → words for it."""


@figure
def recorded_gradients(
    run: RecordedRun, *, place: str | None = None, state: str | None = None,
    steps: Span = None, title: str = "", theme: str = "light", scale: Span = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L/∂state_t‖ of a recorded run: its steps upwards, t to the right.

    ``place`` is a layer, "0", "1" …, or "0r" for one that reads from the end, by default the top
    one; ``state`` is "h" or "c", by default the memory state. A row is a log; of a long run at most
    256 are taken, spread evenly, of all of it or of ``steps``, (first, last). ``scale`` is
    (low, high) in powers of ten.

    Raises ValueError naming argument, rule and what arrived.

    >>> import tempfile, numpy as np, rnnviz
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with rnnviz.Watch(folder) as watch:
    ...         net = rnnviz.build("lstm", 2, 4, seed=0)
    ...         watch.log(1, net, np.ones((6, 1, 2)), np.ones((6, 1, 4)))
    ...     rnnviz.plot.recorded_gradients(rnnviz.RecordedRun(folder)).data[0].z.shape
    (1, 7)
    """
    net = _net(run)
    state = net.states[-1] if state is None else one_of("state", state, net.states)
    found, rows = _rows(run, place, f"log10_d{state}", steps)
    fig = step_map(
        rows, first=0, rows=say("update"), columns=say("timestep t"), name="recorded",
        title=f"‖∂L/∂{state}<sub>t</sub>‖₂", theme=theme, height=height, colorbar=colorbar,
        scale=None if scale is None else (float(scale[0]), float(scale[1])),
    )  # fmt: skip
    for layer, drawn in enumerate(fig.data):
        words = "10<sup>%{z:.2f}</sup>" if layer == 0 else drawn.name
        drawn.customdata = np.repeat(found.steps[:, None], rows.shape[1], axis=1)
        drawn.hovertemplate = f"%{{customdata}}, t = %{{x}}: {words}<extra></extra>"
    name_rows(fig, found.steps)
    entitle(fig, title)
    return fig


@figure
def recorded_gates(
    run: RecordedRun, gate: str, use: str = "mean", *, place: str | None = None,
    steps: Span = None, title: str = "", theme: str = "light", height: int | None = None,
    colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours from 0 to 1 for each unit of a gate: steps of training upwards, units to the right.

    ``use`` is "mean", over timesteps and examples, or the share of its values "low" (below 0.1) or
    "high" (above 0.9). ``place`` and ``steps`` are those of `recorded_gradients`.

    Raises ValueError naming argument, rule and what arrived.

    >>> import pathlib, rnnviz
    >>> shipped = pathlib.Path(rnnviz.__file__).parent / "recorder/example"
    >>> rnnviz.plot.recorded_gates(rnnviz.RecordedRun(shipped / "adding-lstm"), "f").data[0].z.shape
    (21, 12)
    """
    net = _net(run)
    one_of("gate", gate, net.gates)
    one_of("use", use, USES)
    found, rows = _rows(run, place, f"{gate}_{use}", steps)
    fig = unit_rows(rows, found.steps, label=f"{gate}, {say(USES[use])}", theme=theme,
                    height=height or 300, colorbar=colorbar)  # fmt: skip
    name_rows(fig, found.steps)
    entitle(fig, title)
    return fig


@figure
def recorded_lines(
    runs: Mapping[str, RecordedRun], quantity: str = "share", *, place: str | None = None,
    steps: Span = None, theme: str = "light", scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One quantity over the steps of training, a line a recorded run.

    ``quantity`` is "share", of the gradient of the last loss by the memory state, that which is
    left at the first step that the layer processes; "loss"; "total_norm"; or of the blocks of W_h
    the largest singular value "sigma1" or spectral radius "rho". ``runs`` are by name; ``place``
    and ``steps`` are those of `recorded_gradients`. Losses, σ₁ and ρ within a factor of 10, and
    those of which one is not positive, are on a linear axis, that of losses with 0 on it; others,
    and all else, on a logarithmic one. Where `Watch` was given ``guessing``, that loss is a dashed
    line; a loss that several runs were given is one line.

    Raises ValueError naming argument, rule and what arrived.

    >>> import pathlib, rnnviz
    >>> shipped = pathlib.Path(rnnviz.__file__).parent / "recorder/example"
    >>> run = rnnviz.RecordedRun(shipped / "adding-rnn")
    >>> rnnviz.plot.recorded_lines({"mine": run}).data[0].name
    'mine'
    """
    one_of("quantity", quantity, QUANTITIES)
    lines, styles = list[Curve](), palette_of(runs, theme)
    linear = is_linear(runs, quantity, steps, place)
    for name, run in runs.items():
        net = _net(run)
        at = net.places[-1] if place is None else one_of("place", place, net.places)
        lines.append(Curve(name, *line_of(run, quantity, at, steps, linear), *styles[name]))
    across = [one.x[end] for one in lines for end in (0, -1) if one.x.size]
    ends = min(across, default=0.0), max(across, default=1.0)
    guesses = _guesses(runs, linear) if quantity == "loss" else {}
    return learning.curves(
        "", lines, ends=scale or _ends([one.y for one in lines], [*guesses], quantity, linear),
        across=ends, linear=linear, counted=say("update"), axis=say(QUANTITIES[quantity][1]),
        theme=theme, height=height or 300, legend=True,
        floor=([*guesses], say("guessing: {loss}", loss=", ".join(dict.fromkeys(
            guesses.values())))) if guesses else None,
    )  # fmt: skip


def is_linear(
    runs: Mapping[str, RecordedRun], quantity: str, steps: Span = None, place: str | None = None
) -> bool:
    """Whether the axis of `recorded_lines` is linear."""
    if quantity not in LINEAR:
        return False
    found = [line_of(run, quantity, place or _net(run).places[-1], steps, True)[1]
             for run in runs.values()]  # fmt: skip
    if quantity == "loss":
        found.append(np.array([_net(run).guessing for run in runs.values()]))
    every = np.concatenate(found)
    every = every[np.isfinite(every)]
    return bool(every.size) and bool(every.min() <= 0 or every.max() < DECADE * every.min())


def _guesses(runs: Mapping[str, RecordedRun], linear: bool) -> dict[float, str]:
    """Losses of guessing, log10 of them or the numbers, from low to high → the number in words."""
    found = {one for run in runs.values() if np.isfinite(one := _net(run).guessing)}
    return {one if linear else float(np.log10(one)): number(one) for one in sorted(found)
            if linear or one > 0}  # fmt: skip


def _ends(
    values: list[NDArray[np.float64]], levels: list[float], quantity: str, linear: bool
) -> tuple[float, float]:
    """The range of the axis: with 0 on it for losses on a linear one."""
    every = [*values, np.array(levels)]
    if quantity == "loss" and linear:
        flat = np.concatenate([*every, [0.0]])
        flat = flat[np.isfinite(flat)]
        low, high = float(flat.min()), float(flat.max())
        pad = 0.06 * ((high - low) or 1.0)
        return (low - pad if low < 0 else 0.0), (high + pad if high > 0 else 0.0)
    return learning.span(every, 0.1 if linear else 3)


def line_of(
    run: RecordedRun, quantity: str, place: str, steps: Span = None, linear: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Steps (n,), and one of `QUANTITIES` (n,): log10 of it, or ``linear``, but of the share and
    the norm, the number. NaN where nothing was recorded or that is what was."""
    column = QUANTITIES[quantity][0].format(place=place)
    found = series(run, [column], steps)
    values = found.columns[column]
    if values.ndim == 2:
        values = np.fmax.reduce(values, axis=1, initial=np.nan)
    if quantity == "total_norm" or (quantity in LINEAR and not linear):
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log10(values)
    return found.steps, values


def _rows(
    run: RecordedRun, place: str | None, what: str, steps: Span
) -> tuple[Series, NDArray[np.float64]]:
    """The logs, and of each a row of a column of the place; nan where nothing was recorded."""
    places = run.net.places
    place = places[-1] if place is None else one_of("place", place, places)
    found = series(run, [column := f"{place}/{what}"], steps)
    rows = found.columns[column]
    return found, rows if rows.ndim == 2 else np.full((len(rows), 1), np.nan)


def _net(run: RecordedRun) -> Described:
    """What is recorded. Raises ValueError where nothing was logged yet."""
    instance("run", run, RecordedRun)
    if not run.count:
        raise ValueError(f"`run` must have logs, got {run!r}.")
    return run.net

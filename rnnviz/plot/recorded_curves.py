"""One quantity of recorded training runs over their steps, a line a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures import learning
from rnnviz.figures.learning import Curve
from rnnviz.numerics.validation import one_of
from rnnviz.plot._options import figure
from rnnviz.plot.learning import palette_of
from rnnviz.plot.lines import Span
from rnnviz.plot.recorded import net_of
from rnnviz.recorder import RecordedRun
from rnnviz.recorder.series import NORM, largest, norm, series
from rnnviz.words import say, word
from rnnviz.words.numbers import number

Values = NDArray[np.float64]
QUANTITIES = {
    "share": (("{place}/log10_share",), word("share of the gradient left at step 1")),
    "loss": (("loss",), word("loss")),
    "total_norm": (NORM, word("‖∂L/∂(weights)‖₂")),
    "sigma1": (("{place}/sigma1",), word("largest σ₁ of a block of W<sub>h</sub>")),
    "rho": (("{place}/rho",), word("largest ρ of a block of W<sub>h</sub>")),
}
"""What `recorded_lines` draws → its columns, and words for it."""
LINEAR = frozenset(("loss", "sigma1", "rho"))
"""Those that are on a linear axis where the numbers are within a factor of `DECADE`."""
DECADE = 10.0


class Lines(NamedTuple):
    """One of `QUANTITIES` of some runs as it is drawn.

    lines    run → its steps and values, (n,) each: log10 of them but on a ``linear`` axis, nan
             where nothing was recorded or that is what was
    guesses  losses of guessing on that axis, from low to high → the number in words
    chosen   whether the axis was chosen by the values: not where it is always logarithmic, or none
             is finite
    own      runs of which the norm is that of the net's own weights over the recorded examples
    """

    quantity: str
    lines: dict[str, tuple[Values, Values]]
    guesses: dict[float, str]
    linear: bool
    chosen: bool
    own: tuple[str, ...]


@figure
def recorded_lines(
    runs: Mapping[str, RecordedRun], quantity: str = "share", *, place: str | None = None,
    steps: Span = None, theme: str = "light", scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One quantity over the steps of training, a line a recorded run.

    ``quantity`` is "share", of the gradient of the last loss by the memory state, that which is
    left at the first step that the layer processes; "loss"; "total_norm", of all weights'
    gradients, or, where that was not given, of the net's own over the recorded examples; or of the
    blocks of W_h the largest singular value "sigma1" or spectral radius "rho". ``runs`` are by
    name; ``place`` and ``steps`` are those of `recorded_gradients`. Losses, σ₁ and ρ within a
    factor of 10, and those of which one is not positive, are on a linear axis, that of losses with
    0 on it; others, and all else, on a logarithmic one. Where `Watch` was given ``guessing``, that
    loss is a dashed line; a loss that several runs were given is one line.

    Raises ValueError naming argument, rule and what arrived.

    >>> import pathlib, rnnviz
    >>> shipped = pathlib.Path(rnnviz.__file__).parent / "recorder/example"
    >>> run = rnnviz.RecordedRun(shipped / "adding-rnn")
    >>> rnnviz.plot.recorded_lines({"mine": run}).data[0].name
    'mine'
    """
    one_of("quantity", quantity, QUANTITIES)
    places = {}
    for name, run in runs.items():
        there = net_of(run).places
        places[name] = there[-1] if place is None else one_of("place", place, there)
    return drawn(lines_of(runs, quantity, places, steps), theme, scale, height)


def lines_of(
    runs: Mapping[str, RecordedRun], quantity: str, places: Mapping[str, str], steps: Span = None
) -> Lines:
    """Read what `drawn` draws; ``places`` are by run."""
    read = {name: _values(run, quantity, places[name], steps) for name, run in runs.items()}
    guesses = {net_of(run).guessing for run in runs.values()} if quantity == "loss" else set()
    guesses = {one for one in guesses if np.isfinite(one)}
    every = np.concatenate([np.zeros(0), *(one for _, one, _ in read.values()), [*guesses]])
    every = every[np.isfinite(every)]
    chosen = quantity in LINEAR and bool(every.size)
    linear = chosen and bool(every.min() <= 0 or every.max() < DECADE * every.min())
    logs = not linear and quantity != "share"
    return Lines(
        quantity, {name: (at, _log10(one) if logs else one) for name, (at, one, _) in read.items()},
        {one if linear else float(np.log10(one)): number(one) for one in sorted(guesses)
         if linear or one > 0},
        linear, chosen, tuple(name for name, (_, one, whole) in read.items()
                              if not whole and np.isfinite(one).any()),
    )  # fmt: skip


def drawn(found: Lines, theme: str, scale: Span = None, height: int | None = None) -> go.Figure:
    """The figure of `recorded_lines`."""
    styles = palette_of(found.lines, theme)
    lines = [Curve(name, *one, *styles[name]) for name, one in found.lines.items()]
    across = [one.x[end] for one in lines for end in (0, -1) if one.x.size]
    guesses = [*found.guesses]
    words = ", ".join(dict.fromkeys(found.guesses.values()))
    return learning.curves(
        "", lines, ends=scale or _ends(found),
        across=(min(across, default=0.0), max(across, default=1.0)), linear=found.linear,
        counted=say("update"), axis=say(QUANTITIES[found.quantity][1]), theme=theme,
        height=height or 300, legend=True,
        floor=(guesses, say("guessing: {loss}", loss=words)) if guesses else None,
    )  # fmt: skip


def _values(
    run: RecordedRun, quantity: str, place: str, steps: Span
) -> tuple[Values, Values, bool]:
    """Steps (n,), the quantity (n,), and whether it is the one that was asked for."""
    columns = [one.format(place=place) for one in QUANTITIES[quantity][0]]
    found = series(run, columns, steps)
    if quantity == "total_norm":
        return found.steps, *norm(found)
    return found.steps, largest(found.columns[columns[0]]), True


def _log10(values: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(values)


def _ends(found: Lines) -> tuple[float, float]:
    """The range of the axis: with 0 on it for losses on a linear one."""
    every = [*(values for _, values in found.lines.values()), np.array([*found.guesses])]
    if found.quantity == "loss" and found.linear:
        flat = np.concatenate([*every, [0.0]])
        flat = flat[np.isfinite(flat)]
        low, high = float(flat.min()), float(flat.max())
        pad = 0.06 * ((high - low) or 1.0)
        return (low - pad if low < 0 else 0.0), (high + pad if high > 0 else 0.0)
    return learning.span(every, 0.1 if found.linear else 3)

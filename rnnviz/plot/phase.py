"""Phase diagrams: one figure of a sweep over two settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.phase import Axis, Course, Plane, phase_map
from rnnviz.numerics.validation import instance, one_of
from rnnviz.plot._options import figure
from rnnviz.sweeps import Spec, Sweep
from rnnviz.words import say, word
from rnnviz.words.symbols import lowered

CRITICAL: Mapping[str, tuple[float, str, str]] = {
    "lyapunov": (0.0, word("λ₁ = 0"), word("λ₁ per step")),
    "log10_share": (-2.0, word("1 % left"), word("share left at step 1")),
    "factor": (1.0, word("factor 1"), word("mean factor a step")),
}
"""Figure → the value at which a diagram changes its kind, its name, and the figure's."""
AXES = {
    "scale": word("gain of W_h"), "options.amplitude": word("amplitude of the input"),
    "forget_bias": word("forget bias b_f"), "update_bias": word("update bias b_z"),
    "length": word("T, length"), "hidden_size": word("H, units"),
}  # fmt: skip
"""Axis of a spec → its title."""


@figure
def phase_diagram(
    found: Sweep, value: str | None = None, *, lines: Sequence[Any] = (),
    at: tuple[float, float] | None = None, theme: str = "light", height: int | None = None,
) -> go.Figure:  # fmt: skip
    """A figure of a sweep over its first two axes, x and y: the median over all others.

    ``value`` is "lyapunov" (λ₁ per step), "log10_share" or "factor", by default the first of these
    that the sweep has. Two hues meet where λ₁ = 0, 1 % is left, or the factor is 1, and a line is
    drawn there; each hue reaches its end at the smallest, and at the largest value. ``lines`` are
    drawn across: of theory, as `rnnviz.sweeps.lines` returns them, anything with x, y and title.
    ``at`` is a point (x, y) to mark. Of a sweep that still goes on, the rest is left empty.

    Raises ValueError for a sample, axes that are no rising numbers, and figures that are not there.

    >>> import rnnviz
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(1) as pool:
    ...     found = rnnviz.sweep({"axes": {"forget_bias": [0.0, 2.0, 4.0], "T": [5, 10]},
    ...                           "base": {"cell": "lstm", "H": 4}}, pool)
    >>> rnnviz.plot.phase_diagram(found).data[0].z.shape
    (2, 3)
    """
    instance("found", found, Sweep)
    there = [name for name in CRITICAL if name in found.values]
    name = one_of("value", value or (there[0] if there else "lyapunov"), there)
    level, contour, title = CRITICAL[name]
    x, y = (Axis(values, lowered(say(AXES[one])) if one in AXES else one)
            for one, values in zip(found.spec.axes, sides(found), strict=False))  # fmt: skip
    plane = Plane(x, y, medians(found, name), failures(found), level, say(contour), say(title),
                  name == "log10_share")  # fmt: skip
    courses = [Course(np.asarray(one.x), np.asarray(one.y), say(one.title)) for one in lines]
    return phase_map(plane, courses, at=at, theme=theme, height=height)


def sides(found: Sweep) -> list[NDArray[np.float64]]:
    """The values of the first two axes. Raises ValueError where they are no rising numbers."""
    spec = found.spec
    if spec.sample is not None or len(spec.axes) < 2:
        raise ValueError(f"`found` must be of a grid with two axes or more, got {found!r}.")
    pair = []
    for name in list(spec.axes)[:2]:
        values = np.array(spec.values(name))
        if values.dtype.kind not in "iuf" or (np.diff(values) <= 0).any():
            raise ValueError(f"`found` must have rising numbers along {name!r}, got "
                             f"{list(spec.values(name))[:4]!r} ….")  # fmt: skip
        pair.append(values.astype(np.float64))
    return pair


def medians(found: Sweep, value: str) -> NDArray[np.float64]:
    """A figure (values of y, values of x): the median over all axes but the first two."""
    return np.asarray(found.grid(value, over=list(found.spec.axes)[2:])).T


def nearest_places(before: Spec, after: Spec) -> Iterator[list[int]]:
    """Along x and y: for every place of a map the one of the other map that is drawn nearest."""
    for old, new in zip(list(before.axes)[:2], list(after.axes)[:2], strict=True):
        axis = Axis(np.array(after.values(new), float), "")
        there, wanted = axis.at(axis.values), axis.at(before.values(old))
        yield [int(np.abs(there - one).argmin()) for one in wanted]


def failures(found: Sweep) -> NDArray[np.bool_]:
    """Where no point has figures, and one has a reason, (values of y, values of x)."""
    where, done = np.zeros(len(found), bool), found.done.reshape(found.spec.shape)
    where[list(found.reasons)] = True
    others = tuple(range(2, done.ndim))
    failed = where.reshape(found.spec.shape)
    return np.asarray((failed | ~done).all(axis=others) & failed.any(axis=others)).T

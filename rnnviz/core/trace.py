"""What a forward run records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from rnnviz.cells import Cell
from rnnviz.cells._roles import values_of
from rnnviz.core import _html
from rnnviz.core.lengths import inside, turned
from rnnviz.core.model import Model
from rnnviz.core.nonfinite import NonFinite
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.optional import needed
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import frozen, one_of, whole_number

if TYPE_CHECKING:
    import pandas as pd

Rows = TypeVar("Rows", Array, Scaled)


@dataclass(frozen=True)
class LayerTrace(Record):
    """What one layer and direction recorded.

    ``record`` is in the order of processing (a reverse layer's first row is the last input);
    ``trace[name]`` is aligned with input time, (T, B, H). With ``lengths`` (B,) an example's own
    steps come first in its records; after them states stay, and gates and candidates, which are
    not computed there, are read as not a number. ``projection`` is W_r (H, P) where h is projected
    before it is handed on; ``parameters`` then has W_r W_h in the place of W_h.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> trace.layer(0)
    LayerTrace(lstm, layer 0, forward, T=6, B=1, H=4)
    """

    cell: Cell
    parameters: Arrays
    layer: int
    direction: str
    record: Arrays
    lengths: Array | None = None
    projection: Array | None = None

    def __repr__(self) -> str:
        steps, batch, size = self.record["h"].shape
        return (f"LayerTrace({self.cell.name}, layer {self.layer}, {self.direction}, "
                f"T={steps}, B={batch}, H={size})")  # fmt: skip

    def __getitem__(self, name: str) -> Array:
        names = [signal.name for signal in self.cell.signals]
        if not (isinstance(name, str) and name == self.cell.keeping_gate):
            one_of("signal", name, names)
        found = frozen(self.in_time(values_of(name, self.record)))
        if self.lengths is None or name in self.cell.states:
            return found
        here = inside(self.lengths, len(found))[..., None]
        return frozen(np.where(here, found, found.dtype.type(np.nan)))

    def in_time(self, rows: Rows) -> Rows:
        """Rows from the order of processing to that of input time, or back: the same flip."""
        if self.direction == "forward":
            return rows
        return rows[::-1] if self.lengths is None else turned(rows, self.lengths)

    @property
    def handed_on(self) -> Array:
        """What the next layer or the readout reads, in input time: h (T, B, H), or h W_r."""
        h = self.record["h"]
        with np.errstate(all="ignore"):
            return self.in_time(h if self.projection is None else h @ self.projection)

    def arriving(self, gradient: Rows) -> Rows:
        """∂L/∂h (…, H) from ∂L/∂(what is handed on)."""
        if self.projection is None:
            return gradient
        if isinstance(gradient, Scaled):
            moved = gradient.map(gradient.mantissa @ self.projection.T)
            return moved  # type: ignore[return-value]
        return np.asarray(gradient @ self.projection.T)

    def read(self, states: dict[str, Array]) -> dict[str, Array]:
        """States (B, H) with h as it is handed on."""
        h = states["h"]
        return states if self.projection is None else {**states, "h": h @ self.projection}

    @property
    def initial(self) -> dict[str, Array]:
        """State name → its value before the first step processed, (B, H)."""
        return {name: self.record[f"{name}_prev"][0] for name in self.cell.states}

    @property
    def final(self) -> dict[str, Array]:
        """State name → its value after the last step processed, (B, H)."""
        return {name: self.record[name][-1] for name in self.cell.states}

    @property
    def first_nonfinite(self) -> NonFinite | None:
        """Where this layer's values first stop being finite, or None."""
        return first_nonfinite(self, {s.name: self.record[s.name] for s in self.cell.signals})


def first_nonfinite(at: LayerTrace, arrays: Arrays) -> NonFinite | None:
    """The first place, in the order of processing, where any (T, B, H) array is not finite."""
    found: NonFinite | None = None
    for name, array in arrays.items():
        wrong = ~np.isfinite(array)
        if not wrong.any():
            continue
        t, batch, unit = (int(k) for k in np.argwhere(wrong)[0])
        if found is None or t + 1 < found.t:
            value = float(array[t, batch, unit])
            found = NonFinite(name, at.layer, at.direction, t + 1, batch, unit, value)
    return found


@dataclass(frozen=True)
class Trace(Record):
    """What a forward run recorded: every gate, candidate and state of every layer.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> trace["f"].shape, sorted(trace.final)
    ((6, 1, 4), ['c', 'h'])
    """

    model: Model
    x: Array
    layers: tuple[LayerTrace, ...]
    outputs: Array
    lengths: Array | None = None

    def __repr__(self) -> str:
        return f"Trace({self.shape_in_words})"

    def _repr_html_(self) -> str:
        top = self.layers[-1]
        pictures = [
            _html.labelled(one.name, _html.heatmap(
                top[one.name][:, 0], f"{one.name}, units against timesteps", gate=one.kind == "gate"
            ))
            for one in top.cell.signals
        ]  # fmt: skip
        return _html.captioned(repr(self), *pictures)

    @property
    def shape_in_words(self) -> str:
        """The cell, the stack where there is one, and T, B and H."""
        model, (steps, batch, _) = self.model, self.outputs.shape
        stack = f", {model.num_layers} layers" if model.num_layers > 1 else ""
        stack += ", two directions" if model.bidirectional else ""
        stack += ", in reverse" if model.direction == "reverse" else ""
        return f"{model.cell.name}{stack}, T={steps}, B={batch}, H={model.hidden_size}"

    def example(self, k: int) -> Trace:
        """One example alone, a batch of 1, cut to its own length.

        Raises ValueError for an example that is not there, or has no timestep.

        >>> import numpy as np, rnnviz
        >>> model = rnnviz.build("lstm", 2, 4, bidirectional=True)
        >>> trace = rnnviz.run(model, np.ones((6, 3, 2)), lengths=[6, 2, 4])
        >>> trace.example(1)
        Trace(lstm, two directions, T=2, B=1, H=4)
        """
        steps, batch = self.x.shape[:2]
        whole_number("k", k, 0, batch - 1)
        if self.lengths is not None:
            steps = int(self.lengths[k])
        if not steps:
            raise ValueError(f"`k` must be an example with timesteps, got {k}, of length 0.")
        rows = slice(steps), slice(k, k + 1)
        layers = tuple(
            replace(at, record=sealed({n: one[rows] for n, one in at.record.items()}), lengths=None)
            for at in self.layers
        )
        return Trace(self.model, self.x[rows], layers, self.outputs[rows])

    def layer(self, layer: int, direction: str | None = None) -> LayerTrace:
        """The record of one layer (0 is the first) and direction, by default the first one."""
        return self.layers[self.model.index(layer, direction)]

    def __getitem__(self, name: str) -> Array:
        """The signal (T, B, H) of a one-layer, one-direction model."""
        return only(self.layers, "trace")[name]

    @property
    def final(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H), as PyTorch orders h_n and c_n."""
        return stacked([layer.read(layer.final) for layer in self.layers])

    @property
    def initial(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H): h_0 and c_0."""
        return stacked([layer.read(layer.initial) for layer in self.layers])

    @property
    def scores(self) -> Array | None:
        """The readout y (T, B, K) before any softmax, or None without a readout."""
        return None if self.model.readout is None else self.model.readout.scores(self.outputs)

    @property
    def predictions(self) -> Array | None:
        """The readout's answer (T, B, K): y, or its softmax; None without a readout."""
        return None if self.model.readout is None else self.model.readout.values(self.outputs)

    @property
    def first_nonfinite(self) -> NonFinite | None:
        """Where values first stop being finite, in the lowest layer that has it, or None."""
        return next((at for layer in self.layers if (at := layer.first_nonfinite)), None)

    def to_frame(self) -> pd.DataFrame:
        """Tidy rows: t (1 … T, input time), layer, direction, batch, unit, signal, value.

        Raises ImportError, with the command that installs it, where pandas is missing.
        """
        frames = needed("rnnviz.core.frames", who="`Trace.to_frame`", extra="app")
        return frames.tidy(self)


def only(layers: tuple[Any, ...], what: str) -> Any:
    """The single layer and direction, or a sentence that says how to choose one."""
    if len(layers) != 1:
        raise ValueError(
            f"`{what}[signal]` is for a model of one layer and one direction; this one has "
            f"{len(layers)} of them: use `{what}.layer(layer, direction)[signal]`."
        )
    return layers[0]


def stacked(parts: list[dict[str, Array]]) -> dict[str, Array]:
    """Mappings of (B, H) arrays as one mapping of (layers·directions, B, H) arrays."""
    return {name: np.stack([part[name] for part in parts]) for name in parts[0]}

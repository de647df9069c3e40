"""`Watch`: log a net, what it reads and what comes back, from any training loop."""

from __future__ import annotations

import numbers
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.formats.float_arrays import NotFinite
from rnnviz.formats.keras_objects import from_keras
from rnnviz.formats.saving import npz_bytes
from rnnviz.formats.torch_state import from_torch
from rnnviz.numerics.validation import shown, whole_number
from rnnviz.recorder.measures import Batch, Row, measures, place_name
from rnnviz.recorder.not_finite import cleaned, known
from rnnviz.recorder.units import moved
from rnnviz.recorder.writing import RunWriter

GIVEN = ("loss", "total_norm", "update", "clip_norm", "clip_at")
"""What a log has besides the net and its batch; ``update`` is how far the update after it moved
the weights."""


class Watch:
    """A folder in which a training run is recorded.

    ``snapshots`` says at every how many logs the weights and the batch are kept whole (at most 64
    of them, evenly spread). Beside these the first log with a number that is not finite is kept, or
    the one before where x, dh or a weight was not, and the last one when the recorder is closed.
    ``name`` is shown instead of the folder's. ``guessing`` is the loss of the best constant answer,
    with which the page Runs compares the loss. A folder with a run in it is gone on with.

    Raises ValueError naming argument, rule and what arrived, ImportError without pyarrow.

    >>> import tempfile, numpy as np, rnnviz
    >>> lstm = rnnviz.build("lstm", 2, 4, seed=0)
    >>> with tempfile.TemporaryDirectory() as folder, rnnviz.Watch(folder) as watch:
    ...     watch.log(1, lstm, np.ones((6, 1, 2)), np.ones((6, 1, 4)), loss=0.5)
    """

    def __init__(
        self, folder: str | os.PathLike[str], *, snapshots: int = 20, name: str | None = None,
        guessing: float | None = None,
    ) -> None:  # fmt: skip
        self.every = whole_number("snapshots", snapshots)
        if name is not None and not isinstance(name, str):
            raise ValueError(f"`name` must be a text, got {shown(name)}.")
        path = Path(folder)
        baseline = _finite("guessing", guessing)
        self.writer = RunWriter(path, {"name": name or path.resolve().name})
        if baseline is not None:
            self.writer.note(guessing=baseline)
        self.logs, self.failed = 0, False
        self.unkept: tuple[int, Callable[[], dict[str, Any]]] | None = None
        self.before: Model | None = None

    def log(
        self,
        step: int,
        net: Any,
        x: Any,
        dh: Any,
        *,
        loss: float | None = None,
        lengths: Any = None,
        total_norm: float | None = None,
        clipped: tuple[float, float] | None = None,
        prefix: str | None = None,
    ) -> None:
        """Record one step of training.

        ``net`` is a PyTorch module or state_dict (``prefix`` says which of several nets in it), a
        Keras layer or a `Model`; ``x`` what it read, (T, B, D), and ``dh`` = ∂L/∂outputs, (T, B,
        directions·H), both (B, T, ·) where the net has the batch first. Tensors are taken as they
        are. ``lengths`` (B,) are the steps of examples that are padded at the end; ``total_norm``
        is the norm of all parameters' gradients together, if it is known; ``clipped`` that norm
        before clipping, as PyTorch's clip_grad_norm_ returns it, and the most that it may be.

        Weights, x and dh need not be finite: what is unknown then is recorded as nan.

        Raises ValueError naming argument, rule and what arrived; a step must be above the last one.
        """
        try:
            model = model_of(net, prefix)
        except NotFinite:
            self.lost(step, loss)
        else:
            given = {"loss": loss, "total_norm": total_norm} | clipping(clipped)
            self.record(step, model, Batch(x, dh, lengths), given)

    def record(
        self, step: int, model: Model, batch: Batch, given: Mapping[str, float | None]
    ) -> None:
        """`log` of a model with what was `GIVEN`."""
        whole_number("step", step, 0)
        row: Row = {what: number_of(what, given.get(what)) for what in GIVEN}
        batch, bad = cleaned(batch)
        found, trace, dh = measures(model, batch)
        row |= known(found, bad) if bad else found
        row["moved"] = None if self.before is None else moved(self.before, model)
        self.writer.tell(**_described(model, trace))
        self.before = model
        number = self.writer.add(step, row)
        self.logs += 1
        if bad:  # not to be opened: the log before is kept whole in its place
            self._failed()
            return
        good = np.isfinite(row["norm_of_examples"]) and np.isfinite(row["loss"] or 0.0)
        kept = replace(batch, x=trace.x.copy(), dh=dh.copy(), lengths=trace.lengths)
        self.unkept = number, partial(_whole, step, trace.model, kept)
        if (self.logs - 1) % self.every == 0:
            self._snapshot()
        if not good:
            self._failed()

    def lost(self, step: int, loss: float | None) -> None:
        """Record a step at which a weight is not finite."""
        whole_number("step", step, 0)
        self.writer.add(step, {"loss": number_of("loss", loss), "total_norm": np.nan})
        self._failed()

    def flush(self) -> None:
        """Write what waits."""
        self.writer.flush()

    def close(self) -> None:
        """Keep the last log whole, too, and write what waits."""
        self._snapshot()
        self.flush()

    def _failed(self) -> None:
        """A number was not finite: the first time what waits is kept whole."""
        if not self.failed:
            self._snapshot()
        self.failed = True

    def _snapshot(self) -> None:
        if self.unkept is not None:
            number, whole = self.unkept
            self.writer.snapshot(number, whole())
            self.unkept = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def model_of(net: Any, prefix: str | None = None) -> Model:
    """The model of a PyTorch module or state_dict, a Keras layer, or a model itself."""
    if isinstance(net, Model):
        return net
    if isinstance(net, Mapping) or hasattr(net, "state_dict"):
        return from_torch(net, prefix=prefix, readout=False)
    if hasattr(net, "get_config") and hasattr(net, "weights"):
        return from_keras(net)
    raise ValueError(
        "`net` must be a PyTorch module or state_dict, a Keras layer or a Model, got "
        f"{shown(net)}."
    )


def number_of(name: str, value: Any) -> float | None:
    """A number, which need not be finite, or None; a tensor of one element is taken."""
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"`{name}` must be a number, got {shown(value)}.")
    return float(value)


def clipping(clipped: Any) -> dict[str, float | None]:
    """The norm before clipping and the most that it may be, by column; nothing of None.

    Raises ValueError for anything but such a pair.
    """
    if clipped is None:
        return {}
    if not isinstance(clipped, (tuple, list)) or len(clipped) != 2:
        raise ValueError(f"`clipped` must be a norm and the most it may be, got {shown(clipped)}.")
    return {name: number_of(name, one)
            for name, one in zip(("clip_norm", "clip_at"), clipped, strict=True)}  # fmt: skip


def _finite(name: str, value: Any) -> float | None:
    found = number_of(name, value)
    if found is not None and not np.isfinite(found):
        raise ValueError(f"`{name}` must be a finite number, got {found}.")
    return found


def _described(model: Model, trace: Trace) -> dict[str, Any]:
    cell = model.cell
    return {
        "cell": cell.name, "title": cell.title, "input_size": model.input_size,
        "hidden_size": model.hidden_size, "num_layers": model.num_layers,
        "places": [place_name(one) for one in trace.layers], "states": list(cell.states),
        "gates": [one.name for one in cell.signals if one.kind == "gate"],
        "blocks": list(cell.blocks),
    }  # fmt: skip


def _whole(step: int, model: Model, batch: Batch) -> dict[str, Any]:
    """The arrays of a snapshot; x and dh have time first."""
    weights = np.frombuffer(npz_bytes(model), np.uint8)
    return {"step": np.array(step), "model": weights, **batch.arrays()}

"""What one log records of a net: numbers and short lists, named by layer and direction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.core.backward_run import arriving, backward
from rnnviz.core.forward_run import run
from rnnviz.core.gate_use import used
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import inside
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.recorder.reaching import pooled, reaching
from rnnviz.recorder.units import units
from rnnviz.words import word

Row = dict[str, Any]
"""Column → a number or a list of numbers."""
LAST_STATES = word("the gradient of the last states c, and of h below the top layer")


@dataclass(frozen=True)
class Batch:
    """What a net read and what came back to its outputs.

    ``x`` (T, B, D) and ``dh`` = ∂L/∂outputs (T, B, directions·H), both with the batch first for a
    model that is ``batch_first``; ``lengths`` (B,) where examples are padded; ``initial`` and
    ``final``, by state, (layers·directions, B, H): the states at the start, and ∂L/∂(the last
    states) where something else than the outputs reads them.
    """

    x: Any
    dh: Any
    lengths: Any = None
    initial: Arrays = field(default_factory=dict)
    final: Arrays = field(default_factory=dict)


    def arrays(self) -> dict[str, Array]:
        """All of it under names; what is not there is left out."""
        found = {"x": self.x, "dh": self.dh}
        if self.lengths is not None:
            found["lengths"] = self.lengths
        for kind in ("initial", "final"):
            found |= {f"{kind}.{name}": one for name, one in getattr(self, kind).items()}
        return {name: np.asarray(one) for name, one in found.items()}

    @classmethod
    def of(cls, arrays: Arrays) -> Batch:
        """The batch of `arrays`, which may hold more."""
        initial, final = (
            {name.removeprefix(kind): one for name, one in arrays.items() if name.startswith(kind)}
            for kind in ("initial.", "final.")
        )
        return cls(arrays["x"], arrays["dh"], arrays.get("lengths"), initial, final)


def place_name(at: LayerTrace) -> str:
    """"0", "1" … for the layers; "0r" for one that reads from the end."""
    return f"{at.layer}{'r' if at.direction == 'reverse' else ''}"


def measures(model: Model, batch: Batch) -> tuple[Row, Trace, Array]:
    """All that a log records of a batch, the trace, and ∂L/∂outputs (T, B, ·) with time first.

    Norms are over all examples and units together.
    """
    trace = run(model, batch.x, lengths=batch.lengths,
                **{f"{name}0": one for name, one in batch.initial.items()})  # fmt: skip
    dh = batch.dh
    if model.batch_first and np.ndim(dh) == 3:
        dh = np.swapaxes(dh, 0, 1)
    dh = arriving(trace, dh)
    flow = backward(trace, dh, final=batch.final)
    last = flow if batch.final else _last_loss(flow)
    row: Row = {"examples": dh.shape[1], "steps": len(dh)}
    squares = [np.square(one.astype(np.float64)).sum()
               for own in flow.parameters for one in own.values()]  # fmt: skip
    row["norm_of_examples"] = float(np.sqrt(sum(squares)))
    for own, one in zip(flow.layers, last.layers, strict=True):
        place = place_name(own.trace)
        found = _of_layer(own) | reaching(one) | units(own.trace)
        row |= {f"{place}/{name}": value for name, value in found.items()}
    return row, trace, dh


def _last_loss(flow: GradientFlow) -> GradientFlow:
    """The flow of each example's last loss alone; the same one where no other step has any."""
    there = np.asarray(flow.outputs.any(axis=2))
    steps = len(there)
    last = steps - 1 - np.argmax(there[::-1], axis=0)
    only = there & (np.arange(steps)[:, None] == last)
    if (only == there).all():
        return flow
    dh = np.where(only[..., None], flow.outputs, flow.outputs.dtype.type(0))
    return backward(flow.trace, dh, weights=False)


def _of_layer(own: LayerFlow) -> Row:
    at = own.trace
    row: Row = {
        f"log10_d{name}": pooled(own.log10_norms(name)).astype(np.float32)
        for name in at.cell.states
    }
    row |= {
        f"log10_d{name}": own.log10_weight_norms(name).astype(np.float32)
        for name in own.parameters
    }
    for signal in at.cell.signals:
        if signal.kind == "gate":
            row |= _gate(at, signal.name)
    if "W_h" in at.parameters:
        row |= _recurrent(at)
    return row


def _gate(at: LayerTrace, gate: str) -> Row:
    values = at[gate]
    if at.lengths is not None:
        values = values[inside(at.lengths, len(values))][:, None]
    use = used(values)
    return {f"{gate}_{name}": np.asarray(one, np.float32) for name, one in use._asdict().items()}


def _recurrent(at: LayerTrace) -> Row:
    """σ₁ and ρ of every block (H, H) of W_h."""
    W = np.asarray(at.parameters["W_h"], np.float64)
    size = len(W)
    blocks = np.moveaxis(W.reshape(size, -1, size), 1, 0)
    if not np.isfinite(blocks).all():
        return {name: np.full(len(blocks), np.nan, np.float32) for name in ("sigma1", "rho")}
    return {
        "sigma1": np.linalg.norm(blocks, 2, axis=(1, 2)).astype(np.float32),
        "rho": np.abs(np.linalg.eigvals(blocks)).max(axis=1).astype(np.float32),
    }


def folded(
    dh: Array, final: dict[str, Array], lengths: Array, model: Model
) -> tuple[Array, list[str]]:
    """∂L/∂outputs with the top layer's last h among them, for examples that end at their own step.

    Of the states of lower layers and of c the gradient is left out, and that is said.
    """
    dh, sides, width = dh.copy(), len(model.directions), model.width
    top = final.get("h", np.zeros((sides, len(lengths), width)))[-sides:]
    examples = np.arange(len(lengths))
    dh[lengths - 1, examples, :width] += top[0]
    if sides == 2:
        dh[0, :, width:] += top[1]
    lower = "h" in final and bool(final["h"][:-sides].any())
    left_out = [LAST_STATES]
    return dh, left_out if lower or "c" in final else []

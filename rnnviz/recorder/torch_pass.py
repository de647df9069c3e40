"""One forward pass of a PyTorch module: what it read, and the gradients that come back to it."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats.torch_state import from_torch
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import shown
from rnnviz.recorder.measures import Batch, folded

KINDS = ("RNN", "LSTM", "GRU")
CELLS = tuple(f"{one}Cell" for one in KINDS)
"""Modules that take one timestep a call."""


class Pass:
    """Copies of the first examples, made when their gradients arrive; time stands first in them."""

    def __init__(self, net: Any, args: Any, kwargs: Any, out: Any, examples: int) -> None:
        self.net, self.examples = net, examples
        # Not the output itself: its hooks lead here, and a circle would keep a whole graph alive.
        self.form = out._replace(data=None) if packed(out) else None
        self.x = args[0] if args else kwargs["input"]
        self.start = args[1] if len(args) > 1 else kwargs.get("hx")
        self.counted = False
        self.gradients: dict[str, Any] = {}

    def take(self, name: str, gradient: Any) -> None:
        """Add to ∂L/∂outputs ("") or ∂L/∂(the last states) ("h" or "c"); keep x with the first."""
        if not self.gradients:
            self.kept_x, self.lengths = self._series(self.x)
            self.kept_start = self._states(self.start)
        if name:
            found = self._state(gradient)
        elif self.form is not None:
            found, _ = self._series(self.form._replace(data=gradient))
        else:
            found, _ = self._series(gradient)
        before = self.gradients.get(name)  # of another loss that went back through the same pass
        self.gradients[name] = found if before is None else before + found

    def batch(self, model: Model) -> tuple[Batch, list[str]]:
        """What is recorded of it, and what could not be taken into account."""
        width = model.width * len(model.directions)
        dh = self.gradients.get("")
        if dh is None:
            dh = np.zeros((*self.kept_x.shape[:2], width), self.kept_x.dtype)
        final = {name: one for name, one in self.gradients.items() if name and one.any()}
        left_out: list[str] = []
        if self.lengths is not None and final:
            dh, left_out = folded(dh, final, self.lengths, model)
            final = {}
        return Batch(self.kept_x, dh, self.lengths, self.kept_start, final), left_out

    def _series(self, rows: Any) -> tuple[Array, Array | None]:
        """(T, B, ·) of the first examples, and their lengths where they are padded."""
        if packed(rows):
            pad = sys.modules["torch"].nn.utils.rnn.pad_packed_sequence
            series, lengths = pad(rows)
            lengths = lengths[: self.examples].numpy().astype(np.int64)
            return copied(series[: lengths.max(), : self.examples]), lengths
        if rows.ndim == 2:
            return copied(rows[:, None]), None
        if self.net.batch_first:
            rows = rows.transpose(0, 1)
        return copied(rows[:, : self.examples]), None

    def _states(self, given: Any) -> dict[str, Array]:
        if given is None:
            return {}
        listed = given if isinstance(given, (tuple, list)) else (given,)
        return {name: self._state(one) for name, one in zip("hc", listed, strict=False)}

    def _state(self, one: Any) -> Array:
        return copied((one[:, None] if one.ndim == 2 else one)[:, : self.examples])


def model_now(net: Any) -> Model | None:
    """A module's weights as they are now, copied; None where one is not finite."""
    if not all(np.isfinite(float(abs(one.detach()).max())) for one in net.parameters()):
        return None
    if all(one.device.type == "cpu" for one in net.parameters()):
        return from_torch(net, batch_first=False, readout=False)
    state = {name: one.detach().cpu() for name, one in net.state_dict().items()}
    return from_torch(state, getattr(net, "nonlinearity", None), batch_first=False, readout=False)


def packed(series: Any) -> bool:
    """Whether it is a PackedSequence."""
    return hasattr(series, "batch_sizes")


def copied(tensor: Any) -> Array:
    """A tensor as an array of its own; half precision as float32."""
    tensor = tensor.detach()
    if tensor.element_size() < 4:
        tensor = tensor.float()
    return np.array(tensor.cpu().numpy())


def recurrent(module: Any, path: str | None) -> Any:
    """The nn.RNN, nn.LSTM, nn.GRU or cell of these that a module is or has.

    Raises ValueError where it has none, or several and ``path`` names none of them.
    """
    if not hasattr(module, "named_modules") or not hasattr(module, "parameters"):
        raise ValueError(f"`module` must be a PyTorch module, got {shown(module)}.")
    found = {name: one for name, one in module.named_modules() if _is_of(one, KINDS + CELLS)}
    if path is None and len(found) == 1:
        return next(iter(found.values()))
    if path is not None and path in found:
        return found[path]
    if not found:
        raise ValueError(
            "`module` must be or have an nn.RNN, nn.LSTM, nn.GRU or one of their cells, got "
            f"{type(module).__name__}; for other nets there is `rnnviz.Watch`."
        )
    raise ValueError(f"`net` must be one of {', '.join(map(repr, found))}, got {path!r}.")


def single_step(net: Any) -> bool:
    """Whether a net of `recurrent` takes one timestep a call."""
    return _is_of(net, CELLS)


def _is_of(module: Any, names: tuple[str, ...]) -> bool:
    return any(kind.__name__ in names and kind.__module__.startswith("torch.nn")
               for kind in type(module).__mro__)  # fmt: skip

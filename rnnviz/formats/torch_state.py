"""Nets from a PyTorch state_dict or module, and back; PyTorch itself is never imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.model import Model
from rnnviz.formats import torch_heads
from rnnviz.formats.torch_names import COMPUTED, chosen, grouped, stacked
from rnnviz.formats.torch_stacks import KINDS, OPTIONS, WITH_PROJECTION, stack_of
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import flag, instance, one_of, shown
from rnnviz.words import Refusal

NONLINEARITIES = ("tanh", "relu")


def from_torch(
    source: Any,
    nonlinearity: str | None = None,
    *,
    prefix: str | None = None,
    readout: str | bool = True,
    softmax: bool = False,
    batch_first: bool | None = None,
) -> Model:
    """A model with the weights of a PyTorch module or state_dict (name → array or CPU tensor).

    The kind is inferred from the shapes, layers and directions from the names, for nn.RNN, nn.LSTM
    (with proj_size too), nn.GRU and their cells. ``prefix`` is the path of the recurrent net
    ("encoder.lstm"), needed where there are several; "cells" is the stack of cells.0, cells.1, ….
    ``nonlinearity``, tanh (the default) or relu, is what an nn.RNN does not store; a module tells
    it. ``readout`` names the Linear that follows; True takes the only one whose width fits, or the
    only one of a usual name (fc, out, head, …), False none. With ``softmax`` its outputs are scores
    of classes. ``batch_first`` says that `rnnviz.run` is given x as (B, T, D); a module tells that
    too, a state_dict does not. Half precision is widened to float32.

    Raises ValueError naming the key and what is wrong with it.

    >>> import numpy as np, rnnviz
    >>> state = {"rnn.weight_ih_l0": np.ones((3, 2)), "rnn.weight_hh_l0": np.eye(3),
    ...          "fc.weight": np.ones((1, 3)), "fc.bias": np.zeros(1)}
    >>> rnnviz.from_torch(state)
    Model(rnn, 2 → 3, 1 layer, 15 parameters, float64, identity readout of 1)
    """
    state = _state(source)
    groups, rest = grouped(state)
    if not groups:
        raise Refusal(
            "`source` must hold weight_ih_l0 and weight_hh_l0 of a recurrent net, got {names}.",
            names=shown(sorted(map(str, state))),
        )  # fmt: skip
    group = chosen(groups | stacked(groups), prefix) if len(groups) > 1 else chosen(groups, prefix)
    stack = stack_of(group, state)
    told = nonlinearity
    if told is None:
        told = _attribute(source, group.prefix, "nonlinearity") or "tanh"
    one_of("nonlinearity", told, NONLINEARITIES)
    if stack.kind != "rnn" and told != "tanh":
        raise Refusal(
            "`nonlinearity` must be 'tanh' for the {kind} that these shapes tell of, got {got}.",
            kind=stack.kind.upper(), got=repr(told),
        )  # fmt: skip
    linears = torch_heads.linears(rest, stack.width)
    likely = torch_heads.usual(linears, rest)
    name = _readout_name(linears, readout, stack.width, likely)
    soft = flag("softmax", softmax)
    head = None if name not in linears else torch_heads.readout(rest, linears[name], soft)
    if batch_first is None:
        batch_first = bool(_attribute(source, group.prefix, "batch_first"))
    return replace(stack.model(told, head), batch_first=batch_first)


def _readout_name(
    linears: Mapping[str, Any], asked: str | bool, width: int, likely: str
) -> str | None:
    if isinstance(asked, (bool, np.bool_)):
        return likely if asked else None
    if asked not in linears:
        raise Refusal(
            "`readout` must be True, False or a Linear layer of {width} inputs ({names}), "
            "got {got}.", width=width, names=", ".join(map(repr, linears)) or "-",
            got=shown(asked),
        )  # fmt: skip
    return asked


def _state(source: Any) -> Mapping[Any, Any]:
    """Name → array or tensor; a module's computed matrices under the names that they have in it."""
    if not hasattr(source, "state_dict"):
        if not isinstance(source, Mapping) or not source:
            raise ValueError(
                f"`source` must be a module or map parameter names to arrays, got {shown(source)}."
            )
        return source
    state = dict(source.state_dict())
    for key in list(state):
        match = COMPUTED.fullmatch(key)
        if match and ".parametrizations." in f".{key}":
            prefix = key.partition("parametrizations.")[0]
            del state[key]
            state[prefix + match["matrix"]] = _attribute(source, prefix, match["matrix"])
    return state


def _attribute(source: Any, prefix: str, name: str) -> Any:
    """What a module's submodule has under that name; None for a mapping."""
    if not hasattr(source, "get_submodule"):
        return None
    return getattr(source.get_submodule(prefix.rstrip(".")), name, None)


def to_torch_state(model: Model, prefix: str = "", readout: str = "fc") -> dict[str, Array]:
    """The weights under PyTorch's names: an nn.RNN, nn.LSTM or nn.GRU and an nn.Linear.

    Both biases are there, or none; a readout's names begin with ``readout``. The arrays are
    copies: ``module.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()})``.

    Raises ValueError for a model that PyTorch has not: another cell, a GRU with
    ``reset_after=False``, other functions, held gates, initial states, one direction in reverse.

    >>> import rnnviz
    >>> list(rnnviz.to_torch_state(rnnviz.build("lstm", 2, 3), prefix="lstm."))
    ['lstm.weight_ih_l0', 'lstm.weight_hh_l0', 'lstm.bias_ih_l0', 'lstm.bias_hh_l0']
    """
    instance("model", model, Model)
    _refuse_foreign(model)
    found: dict[str, Array] = {}
    biased = any(name in W for W in model.parameters for name in ("b", "b_h"))
    for index, layer, direction in model.places():
        W = model.parameters[index]
        ending = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
        for theirs, ours in WITH_PROJECTION.items():
            if ours in W:
                found[prefix + theirs + ending] = np.array(W[ours].T, order="C")
            elif biased and theirs.startswith("bias"):
                rows = W["W_x"].shape[1]
                found[prefix + theirs + ending] = np.zeros(rows, model.dtype)
    if model.readout is not None:
        W_y, b_y = (model.readout.parameters[name] for name in ("W_y", "b_y"))
        found |= {f"{readout}.weight": np.array(W_y.T, order="C"), f"{readout}.bias": b_y.copy()}
    return found


def _refuse_foreign(model: Model) -> None:
    cell = model.cell
    needed = [OPTIONS.get(cell.name, {})]
    if "nonlinearity" in cell.choices:
        needed = [{"nonlinearity": one} for one in NONLINEARITIES]
    known = cell.name in KINDS.values() and any(
        dict(cell.options) == CELLS[cell.name](**one).options for one in needed
    )
    plain = model.reverse_cell is None and model.initial is None and model.direction == "forward"
    if not known or not plain or model.hold:
        raise Refusal(
            "`model` must be one that PyTorch has, an RNN of tanh or relu, an LSTM or a GRU with "
            "reset_after=True, without held gates, other functions and initial states, got {got}.",
            got=repr(model),
        )  # fmt: skip

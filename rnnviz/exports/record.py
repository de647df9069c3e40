"""A whole record as named arrays, in a .npz file that NumPy reads without pickle.

Places are ``layer_0.forward`` and the like, series are (T, B, ·) and in the order of the input:

    rnnviz                              text (uint8): the cell, its options and sizes, as JSON
    about                               text (uint8): what made the file, as JSON
    x, outputs                          (T, B, D); what the last layer hands on, (T, B, ·)
    scores, predictions                 (T, B, K): the readout before and after any softmax
    lengths                             (B,), where examples have several
    targets, loss_weights               as the loss has them; (T, B)
    loss_terms                          (T, B): they sum to the loss
    layer_0.forward.W_x                 a weight, as `rnnviz.save` names it
    readout.W_y, initial.h              weights of the readout; learnt initial states
    signal.layer_0.forward.f            a gate, candidate or state, (T, B, H)
    first.layer_0.forward.h             a state before the first step, (B, H)
    gradient.layer_0.forward.f          ∂L/∂signal; a_f is the pre-activation of the block f
    first_gradient.layer_0.forward.h    ∂L/∂(the state before the first step), (B, H)
    log10_norm.layer_0.forward.h        log10 ‖∂L/∂signal_t‖₂, (T + 1, B); row 0 is that state
    log10_weight_norm.layer_0.forward.W_h   log10 ‖what step t adds to ∂L/∂W_h‖_F, (T,)
    weight_gradient.layer_0.forward.W_x, weight_gradient.readout.W_y
    gradient.x, gradient.outputs        ∂L/∂x and ∂L/∂outputs, (T, B, ·)

Values are true ones: what a float cannot hold is 0 or ±inf there, while log10 norms stay right.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.core.gradients import GradientFlow
from rnnviz.core.losses import Loss
from rnnviz.core.trace import Trace
from rnnviz.experiments.settings import Settings
from rnnviz.formats import own_form
from rnnviz.numerics.array_files import packed, write_whole
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import instance, shown
from rnnviz.words import Refusal

Source = Trace | GradientFlow | Settings
VERSION = 1
"""Of the names above; another one where they change."""


def export(record: Source, path: str | os.PathLike[str], *, loss: Loss | None = None) -> None:
    """Write a trace, a gradient flow or all cells of settings to a .npz file.

    The names are those of `rnnviz.exports.record`; of settings each cell's begin with its name and
    a slash (``lstm/x``). ``loss`` adds what a flow does not hold: the targets and the weights of
    the steps. `rnnviz.open` reads the net back out of the file of one trace or flow, to the bit.

    Raises ValueError for another ending.

    >>> import pathlib, tempfile, numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((6, 1, 2)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "run.npz")
    ...     rnnviz.export(rnnviz.backprop(trace, np.ones((6, 1, 4))), path)
    ...     with np.load(path) as found:
    ...         found["signal.layer_0.forward.f"].shape, found["gradient.layer_0.forward.a_f"].shape
    ((6, 1, 4), (6, 1, 4))
    """
    target = Path(path)
    if target.suffix != ".npz":
        raise Refusal("`path` must end in .npz, got {got}.", got=repr(target.name))
    write_whole(target, to_npz(record, loss=loss))


def to_npz(record: Source, *, loss: Loss | None = None) -> bytes:
    """The content of the file that `export` writes.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 2, 4), np.ones((6, 1, 2)))
    >>> rnnviz.to_npz(trace)[:2]
    b'PK'
    """
    if isinstance(record, Settings):
        return packed(_of_settings(record))
    if not isinstance(record, Trace | GradientFlow):
        raise ValueError("`record` must be a trace, a gradient flow or settings, got "
                         f"{shown(record)}.")  # fmt: skip
    return packed({"about": _text(_about(repr(record))), **arrays_of(record, loss)})


def _about(what: str) -> dict[str, Any]:
    return {"made_by": "rnnviz", "version": VERSION, "what": what}


def _text(said: Any) -> Array:
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return np.frombuffer(text.encode(), np.uint8)


def _of_settings(settings: Settings) -> dict[str, Array]:
    """All cells' arrays, each under the cell's place."""
    example = settings.example()
    loss = settings.loss_object(example)
    names = {places(settings.cells)[cell]: cell for cell in settings.cells}
    found = {"about": _text(_about(str(settings.in_words())) | {"cells": names})}
    for place, cell in names.items():
        arrays = arrays_of(settings.flow(cell), loss)
        found |= {f"{place}/{name}": one for name, one in arrays.items()}
    return found


def places(cells: tuple[str, ...]) -> dict[str, str]:
    """Cell → a plain name for it: its own, or of one of typed equations own_1, own_2, …."""
    return {cell: cell if cell.isidentifier() else f"own_{k}" for k, cell in enumerate(cells, 1)}


def arrays_of(record: Trace | GradientFlow, loss: Loss | None = None) -> dict[str, Array]:
    """Name → array of everything that was recorded, and of the net."""
    trace = record.trace if isinstance(record, GradientFlow) else record
    found = {own_form.KEY: _text(own_form.form_of(trace.model)), **own_form.arrays_of(trace.model)}
    series = {"x": trace.x, "outputs": trace.outputs, "scores": trace.scores,
              "predictions": trace.predictions, "lengths": trace.lengths}  # fmt: skip
    found |= {name: one for name, one in series.items() if one is not None}
    for at in trace.layers:
        place = f"layer_{at.layer}.{at.direction}"
        found |= {f"signal.{place}.{one.name}": at[one.name] for one in at.cell.signals}
        found |= {f"first.{place}.{name}": one for name, one in at.initial.items()}
    if isinstance(record, GradientFlow):
        found |= _gradients(record)
    if loss is not None:
        instance("loss", loss, Loss)
        found |= {"targets": np.asarray(loss.targets), "loss_weights": loss.weights_of(trace),
                  "loss_terms": loss.terms(trace)}  # fmt: skip
    return found


def _gradients(flow: GradientFlow) -> dict[str, Array]:
    found = {"gradient.x": flow.inputs, "gradient.outputs": flow.outputs}
    if flow.loss is not None:
        found["loss_terms"] = flow.loss
    for own, gradients in zip(flow.layers, flow.parameters, strict=True):
        at = own.trace
        place = f"layer_{at.layer}.{at.direction}"
        names = [one.name for one in at.cell.signals]
        sums = [f"a_{block}" for block in at.cell.blocks]
        found |= {f"gradient.{place}.{name}": own[name] for name in (*names, *sums)}
        found |= {f"first_gradient.{place}.{name}": one for name, one in own.initial.items()}
        found |= {f"log10_norm.{place}.{name}": own.log10_norms(name) for name in names}
        found |= {f"log10_weight_norm.{place}.{name}": own.log10_weight_norms(name)
                  for name in at.parameters}  # fmt: skip
        found |= {f"weight_gradient.{place}.{name}": one for name, one in gradients.items()}
    return found | {f"weight_gradient.readout.{name}": one for name, one in flow.readout.items()}

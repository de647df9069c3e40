"""Experiments that scripts are made of: every cell, loss, stack and option."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.experiments.trained import Trained
from rnnviz.training import Plan

CELLS = tuple(rnnviz.CELLS)
SMALL = Settings(task="adding", length=7, hidden_size=3, seed=2, loss="every")
TYPED = ("self = σ(x Wz + h Uz + bz); g = relu(x Wg + h Ug + bg); "
         "h = self ⊙ h + (1 − self) ⊙ g")  # fmt: skip


def experiments() -> Iterator[tuple[str, Any, Any]]:
    """(name, settings or a record, its loss or None)."""
    for first in range(0, len(CELLS), 3):
        cells = CELLS[first : first + 3]
        for task in ("adding", "parity", "temporal_order"):
            length = 10 if task == "temporal_order" else 7
            settings = replace(SMALL, cells=cells, task=task, length=length, loss="task")
            yield f"{task}, {', '.join(cells)}", settings, None
        yield f"stack of {', '.join(cells)}", Stacked.of(replace(SMALL, cells=cells), 3, True), None
    options: tuple[tuple[str, Any], ...] = (
        ("reset_after", True), ("nonlinearity", "relu"), ("peephole", "diagonal"))
    settings = replace(SMALL, cells=("gru", "rnn", "peephole_lstm"), cell_options=options)
    yield "options", settings, None
    yield "options, stacked", Stacked.of(settings, 2, True), None
    held = replace(SMALL, cells=("lstm", "gru"), hold=(("lstm", "f", 1.0), ("gru", "z", 0.3)),
                   edits=(), loss="chosen", loss_at="3, 5-6")  # fmt: skip
    yield "held gates", held, None
    typed = rnnviz.cell_from_equations(TYPED, "Typed")
    yield "typed", replace(SMALL, cells=("rnn", typed)), None
    plan = Plan("adding", 7, updates=3, batch=2)
    yield "trained", replace(SMALL, cells=("lstm",), trained=Trained(plan, 3), update=3), None
    yield from records()


def records() -> Iterator[tuple[str, Any, Any]]:
    """Flows and traces from code."""
    rng = np.random.default_rng(0)
    x, dh = rng.standard_normal((6, 2, 2)), rng.standard_normal((6, 2, 3))
    functions = {"f": "hard_sigmoid", "g": "softplus", "i": "hard_sigmoid_6", "o": "softsign"}
    models = {
        "functions": rnnviz.build("lstm", 2, 3, activations=functions, clip=0.5),
        "more functions": rnnviz.build("janet", 2, 3, activations={"g": "elu(1.5)"}),
        "still more": rnnviz.build("gru", 2, 3, activations={
            "g": "scaled_tanh(1.7, 0.6)", "r": "leaky_relu(0.1)", "z": "thresholded_relu(0.1)"}),
        "selu": rnnviz.build("gru", 2, 3, activations={"g": "selu"}),
        "in reverse": rnnviz.build("lstm", 2, 3, direction="reverse"),
    }  # fmt: skip
    for name, model in models.items():
        yield name, rnnviz.backprop(rnnviz.run(model, x), dh), None
    begun = rnnviz.run(models["in reverse"], x, h0=dh[0], c0=dh[1])
    yield "initial states", rnnviz.backprop(begun, dh), None
    yield "forward alone", begun, None
    single = rnnviz.build("gru", 2, 3, dtype="float32")
    yield "float32", rnnviz.backprop(rnnviz.run(single, x), dh), None
    projected = rnnviz.build("lstm", 2, 3, num_layers=2, bidirectional=True)
    yield "projected", rnnviz.backprop(rnnviz.run(with_projection(projected, rng), x),
                                       rng.standard_normal((6, 2, 4))), None  # fmt: skip
    head = rnnviz.build("rnn", 2, 3, output_size=4, readout="softmax")
    loss = rnnviz.CrossEntropy(np.array([[0, 3], [-100, 1], [2, 2], [1, -100], [0, 0], [3, 1]]),
                               at="every", ignore_index=-100)  # fmt: skip
    yield "ignored targets", rnnviz.backprop(rnnviz.run(head, x), loss), loss


def with_projection(model: rnnviz.Model, rng: np.random.Generator) -> rnnviz.Model:
    """The same stack with h projected to two numbers."""
    found = []
    for W in model.parameters:
        rows = 2 if len(W["W_x"]) == 2 else 4
        found.append({**W, "W_x": W["W_x"][:rows], "W_h": W["W_h"][:2],
                      "W_r": rng.standard_normal((3, 2))})  # fmt: skip
    return replace(model, parameters=tuple(found))

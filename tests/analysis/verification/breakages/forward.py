"""Breakages of the forward run: its records, examples of several lengths, projection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.core import backward_run as back
from rnnviz.core import forward_run as ahead
from rnnviz.core import gradients, losses
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.extended_range import Scaled
from tests.analysis.verification.breakages.cases import B, H
from tests.analysis.verification.breakages.patches import (
    RECORD,
    Breakage,
    after,
    before,
    instead,
    recorded,
    scaled,
    shifted,
    transposed_blocks,
    with_weight,
)

RUN = [
    Breakage("a bias is dropped from the step", "lstm", with_weight("b", np.zeros_like)),
    Breakage("W_h acts transposed", "gru", with_weight("W_h", transposed_blocks)),
    Breakage("two gates are swapped", "lstm", with_weight("W_x", lambda W: np.roll(W, H, axis=1))),
    Breakage("W_x counts one in a million too much", "gru",
             with_weight("W_x", lambda W: W * (1 + 1e-6))),
    Breakage("h_0 is recorded wrong", "lstm", recorded(lambda r, *_: scaled(r["h_prev"][0], 2))),
    Breakage("c_0 is recorded as zero", "lstm", recorded(lambda r, *_: scaled(r["c_prev"][0], 0))),
    Breakage("h_prev is h", "gru", recorded(lambda r, *_: {**r, "h_prev": r["h"]})),
    Breakage("c_prev lags a step", "lstm",
             recorded(lambda r, *_: {**r, "c_prev": shifted(r["c_prev"])})),
    Breakage("a gate is recorded off by a millionth", "gru",
             recorded(lambda r, *_: scaled(r["z"], 1 + 1e-6))),
    Breakage("a candidate's sign", "lstm", recorded(lambda r, *_: scaled(r["g"], -1))),
    Breakage("records of the reverse direction stay in its order", "both ways",
             instead(LayerTrace, "in_time", lambda self, array: array)),
    Breakage("every layer reads its inputs backwards", "stack",
             before(ahead, RECORD, lambda cell, W, x, start: (cell, W, x[::-1], start))),
    Breakage("outputs are one step late", "gru",
             after(ahead, "forward", lambda one, *_: replace(one, outputs=shifted(one.outputs)))),
    Breakage("the directions' outputs are exchanged", "both ways",
             after(ahead, "forward",
                   lambda one, *_: replace(one, outputs=np.roll(one.outputs, H, axis=-1)))),
    Breakage("a signal is read one step late", "lstm",
             after(LayerTrace, "__getitem__", lambda found, *_: shifted(found))),
]  # fmt: skip

PADDED = [
    Breakage("states go on after an example's end", "padded",
             instead(ahead, "kept_after_the_end", lambda *_: None)),
    Breakage("a reverse direction begins in the padding", "padded",
             instead(ahead, "turned", lambda rows, lengths: rows[::-1])),
    Breakage("outputs go on after an example's end", "padded",
             instead(ahead, "inside", lambda lengths, steps: np.ones((steps, B), bool))),
    Breakage("gradients come in after an example's end", "padded, from everywhere",
             instead(back, "inside", lambda lengths, steps: np.ones((steps, B), bool))),
    Breakage("targets that are ignored count", "padded",
             instead(losses.CrossEntropy, "_there", lambda *_: True)),
    Breakage("a projection's gradient lacks what is handed on", "projected",
             after(gradients, "gradient_of", lambda found, G, W, *_: {
                 **found, "W_r": G @ W["W_h"].T})),
    Breakage("the gradient of a projected h counts twice", "projected",
             after(LayerTrace, "arriving", lambda found, at, *_: (
                 found.map(2 * found.mantissa) if isinstance(found, Scaled) else found))),
]  # fmt: skip

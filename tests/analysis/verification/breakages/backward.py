"""Breakages of the backward pass and of the weights' gradients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.core import backward_loop, gradients, weight_gradients
from rnnviz.core import backward_run as back
from rnnviz.core.gradients import LayerFlow
from tests.analysis.verification.breakages.cases import B, H
from tests.analysis.verification.breakages.patches import (
    Breakage,
    after,
    before,
    blocks_swapped,
    parameters,
    scaled,
    shifted,
    swept,
    transposed_blocks,
    without_one_loss,
)

PASS = [
    Breakage("∂L/∂a: two blocks swapped", "lstm", swept(blocks_swapped)),
    Breakage("∂L/∂a: sign", "gru", swept(lambda one: scaled(one.d["da"], -1))),
    Breakage("∂L/∂a: one block off by a millionth", "peephole",
             swept(lambda one: scaled(one.d["da_o"], 1 + 1e-6))),
    Breakage("∂L/∂a of the last step is lost", "gru",
             swept(lambda one: scaled(one.d["da"][-1], 0))),
    Breakage("∂L/∂c: factor", "lstm", swept(lambda one: scaled(one.states["c"], 1 + 1e-6))),
    Breakage("∂L/∂c_0: the way along c is lost", "lstm",
             swept(lambda one: scaled(one.states["c"][0], 0))),
    Breakage("∂L/∂h_0: factor", "gru", swept(lambda one: scaled(one.states["h"][0], 2))),
    Breakage("∂L/∂h: off by a millionth at one step", "gru",
             swept(lambda one: scaled(one.states["h"][3], 1 + 1e-6))),
    Breakage("∂L/∂h: one step late", "lstm",
             swept(lambda one: one.states["h"].__setitem__(..., shifted(one.states["h"])))),
    Breakage("the gradient of one loss never enters", "gru",
             before(backward_loop.Sweep, "run", without_one_loss)),
    Breakage("powers of two are off by one", "faint",
             swept(lambda one: one.exponent.__iadd__(one.exponent != 0))),
    Breakage("powers of two are lost", "faint", swept(lambda one: one.exponent.__imul__(0))),
    Breakage("the power of two of the initial state is lost", "faint",
             swept(lambda one: one.exponent[0].__imul__(0))),
    Breakage("gradients of a reverse direction are not turned round", "both ways",
             before(back, "layer_backward", lambda at, one, *more: (
                 at, one[::-1] if at.direction == "reverse" else one, *more))),
    Breakage("∂L/∂x: factor", "stack",
             after(back, "backward", lambda one, *_: replace(one, inputs=one.inputs * 1.001))),
    Breakage("the directions' losses are exchanged", "both ways",
             before(back, "backward",
                    lambda one, dh, *rest: (one, np.roll(dh, H, axis=-1), *rest))),
]  # fmt: skip

WEIGHTS = [
    Breakage("∂L/∂W_h transposed", "gru", parameters(transposed_blocks, "W_h")),
    Breakage("∂L/∂W_x: off by a millionth", "lstm", parameters(lambda W: W * (1 + 1e-6), "W_x")),
    Breakage("∂L/∂b lacks a block", "lstm",
             parameters(lambda b: np.where(np.arange(b.size) < H, 0, b), "b")),
    Breakage("∂L/∂p of the peepholes: sign", "peephole", parameters(np.negative, "W_c")),
    Breakage("weights' gradients are means over the batch", "lstm",
             after(weight_gradients, "summed", lambda found, *_: found / B)),
    Breakage("weights' gradients lack the first step", "gru",
             after(weight_gradients, "summed", lambda found, share, rows:
                   found - (share[0].sum(axis=0) if not isinstance(share, tuple) else np.hstack(
                       [left[0].T @ right[0] for left, right in share])))),
    Breakage("log10 weight norms one step late", "lstm",
             after(LayerFlow, "log10_weight_norms", lambda found, *_: shifted(found))),
    Breakage("log10 weight norms of a reverse direction in its own order", "both ways",
             after(LayerFlow, "log10_weight_norms", lambda found, own, _: found[::-1] if
                   own.trace.direction == "reverse" else found)),
    Breakage("log10 weight norms without the power of two", "faint",
             before(gradients, "log10_step_norms", lambda at, d, e, name: (at, d, 0 * e, name))),
    Breakage("log10 weight norms in natural logarithms", "gru",
             after(gradients, "log10_step_norms", lambda found, *_: found * np.log(10))),
]  # fmt: skip

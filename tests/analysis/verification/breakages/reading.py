"""Breakages where gradients are read: values, norms, signs, gates."""

from __future__ import annotations

import numpy as np

from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.numerics import extended_range
from rnnviz.numerics.extended_range import Scaled
from tests.analysis.verification.breakages.patches import Breakage, after, gates, instead, shifted

READ = [
    Breakage("flow[…] counts double", "gru",
             after(GradientFlow, "__getitem__", lambda found, *_: 2 * found)),
    Breakage("layer[…] counts double", "stack",
             after(LayerFlow, "__getitem__", lambda found, *_: 2 * found)),
    Breakage("layer[…] without its power of two", "faint",
             instead(Scaled, "true", lambda self: self.mantissa)),
    Breakage("layer[…] one step late", "stack",
             after(LayerFlow, "__getitem__", lambda found, *_: shifted(found))),
    Breakage("log10 norms without the power of two", "faint",
             instead(Scaled, "log10_norms",
                     lambda self: np.log10(np.linalg.norm(self.mantissa, axis=-1)))),
    Breakage("log10 norms in natural logarithms", "gru",
             after(Scaled, "log10_norms", lambda found, *_: found * np.log(10))),
    Breakage("log10 norms are squared", "gru",
             after(extended_range, "log10_norms", lambda found, *_: 2 * found)),
    Breakage("log10 norms one step late", "lstm",
             after(LayerFlow, "log10_norms", lambda found, *_: shifted(found))),
    Breakage("log10 norms of a reverse direction in its own order", "both ways",
             after(LayerFlow, "log10_norms", lambda found, own, _: found if
                   own.trace.direction == "forward" else
                   np.concatenate([found[:1], found[:0:-1]]))),
    Breakage("log10 magnitudes without the power of two", "faint",
             after(LayerFlow, "log10_magnitudes", lambda found, *_: np.maximum(found, -300))),
    Breakage("signs flipped", "gru", after(LayerFlow, "signs", lambda found, *_: -found)),
    Breakage("initial gradients flipped", "stack",
             instead(LayerFlow, "initial",
                     property(lambda own: {name: -own.d[f"d{name}_all"][0]
                                           for name in own.trace.cell.states}))),
    Breakage("∂L/∂i and ∂L/∂f exchanged", "lstm",
             gates(lambda found: found | {"i": found["f"], "f": found["i"]})),
    Breakage("∂L/∂z: sign", "gru", gates(lambda found: found | {"z": -found["z"]})),
    Breakage("∂L/∂r: off by a millionth", "gru",
             gates(lambda found: found | {"r": found["r"] * (1 + 1e-6)})),
    Breakage("∂L/∂o: one step late", "lstm",
             gates(lambda found: found | {"o": shifted(found["o"])})),
    Breakage("∂L/∂g without i", "lstm",
             gates(lambda found: found | {"g": found["g"] * 0 + 1})),
]  # fmt: skip

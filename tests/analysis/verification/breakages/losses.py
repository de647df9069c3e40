"""Breakages of losses and readout."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.core import backward_run as back
from rnnviz.core import losses, readout
from tests.analysis.verification.breakages.cases import T
from tests.analysis.verification.breakages.patches import Breakage, after, instead

LOSSES = [
    Breakage("squared error: the slope's sign", "squares",
             after(losses.SquaredError, "_slope", lambda found, *_: -found)),
    Breakage("squared error: the slope counts double", "squares",
             after(losses.SquaredError, "_slope", lambda found, *_: 2 * found)),
    Breakage("squared error: no half", "squares",
             after(losses.SquaredError, "_terms", lambda found, *_: 2 * found)),
    Breakage("loss and slope alike are divided by T", "squares, some",
             after(losses.Loss, "weights_of", lambda found, *_: (found > 0) / T)),
    Breakage("the last step's loss sits one step early", "squares",
             after(losses.Loss, "weights_of", lambda found, *_: np.roll(found, -1, axis=0))),
    Breakage("cross entropy: the slope lacks the target", "classes",
             instead(losses.CrossEntropy, "_slope", lambda self, one: one.predictions)),
    Breakage("cross entropy: the slope's factor", "classes",
             after(losses.CrossEntropy, "_slope", lambda found, *_: found * (1 + 1e-6))),
    Breakage("cross entropy in bits", "classes",
             after(losses.CrossEntropy, "_terms", lambda found, *_: found / np.log(2))),
    Breakage("softmax without its exponential", "classes",
             after(readout.Readout, "values", lambda found, *_: np.log(found))),
    Breakage("the readout drops its bias", "squares",
             after(readout.Readout, "scores",
                   lambda found, self, _: found - self.parameters["b_y"])),
    Breakage("the readout goes back by W_y, not its transpose", "squares",
             instead(back, "_before_readout",
                     lambda one, dy: dy @ one.model.readout.parameters["W_y"])),
    Breakage("∂L/∂W_y transposed", "squares",
             after(back, "backward", lambda one, *_: replace(
                 one, readout={**one.readout, **{name: W.T for name, W in one.readout.items()}}))),
    Breakage("∂L/∂b_y counts the last step alone", "classes",
             after(back, "backward", lambda one, *_: replace(
                 one, readout={name: W / (1 + (name == "b_y"))
                               for name, W in one.readout.items()}))),
]  # fmt: skip

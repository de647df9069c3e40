"""See what a recurrent network does: every gate, state and gradient at every timestep."""

from rnnviz.cells import CELLS
from rnnviz.gradients import GradientFlow, LayerFlow, backprop
from rnnviz.losses import CrossEntropy, Loss, SquaredError
from rnnviz.model import Model, build
from rnnviz.torch_weights import from_torch
from rnnviz.trace import LayerTrace, NonFinite, Trace, run

__all__ = [
    "CELLS",
    "CrossEntropy",
    "GradientFlow",
    "LayerFlow",
    "LayerTrace",
    "Loss",
    "Model",
    "NonFinite",
    "SquaredError",
    "Trace",
    "backprop",
    "build",
    "from_torch",
    "run",
]

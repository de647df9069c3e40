"""See what a recurrent network does: every gate, state and gradient at every timestep."""

from rnnviz.cells import CELLS
from rnnviz.cuts import Clipped, Truncated, cliff, clip, truncated
from rnnviz.gradients import GradientFlow, LayerFlow, backprop
from rnnviz.itemised import itemised
from rnnviz.jacobian import jacobian_map, step_jacobians
from rnnviz.leading import Leading, leading
from rnnviz.losses import CrossEntropy, Loss, SquaredError
from rnnviz.memory import Memory, memory
from rnnviz.model import Model, build
from rnnviz.probed import ProbedMap, probed_map
from rnnviz.roads import Roads, roads, time_constants
from rnnviz.spectrum import SingularValues, lyapunov, singular_values
from rnnviz.torch_weights import from_torch
from rnnviz.trace import LayerTrace, NonFinite, Trace, run
from rnnviz.verification import Check, verify

__all__ = [
    "CELLS",
    "Check",
    "Clipped",
    "CrossEntropy",
    "GradientFlow",
    "LayerFlow",
    "LayerTrace",
    "Leading",
    "Loss",
    "Memory",
    "Model",
    "NonFinite",
    "ProbedMap",
    "Roads",
    "SingularValues",
    "SquaredError",
    "Trace",
    "Truncated",
    "backprop",
    "build",
    "cliff",
    "clip",
    "from_torch",
    "itemised",
    "jacobian_map",
    "leading",
    "lyapunov",
    "memory",
    "probed_map",
    "roads",
    "run",
    "singular_values",
    "step_jacobians",
    "time_constants",
    "truncated",
    "verify",
]

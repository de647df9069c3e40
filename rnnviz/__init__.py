"""See what a recurrent network does: every gate, state and gradient at every timestep."""

from rnnviz.cells import CELLS
from rnnviz.cuts import Clipped, Truncated, cliff, clip, truncated
from rnnviz.depth import (
    DepthFactors,
    Ways,
    depth_factors,
    layer_checks,
    layer_norms,
    one_loss,
    path_lengths,
    ways_back,
)
from rnnviz.gradients import GradientFlow, LayerFlow, backprop
from rnnviz.itemised import itemised
from rnnviz.jacobian import jacobian_map, step_jacobians
from rnnviz.leading import Leading, leading
from rnnviz.losses import CrossEntropy, Loss, SquaredError
from rnnviz.memory import Memory, memory
from rnnviz.model import Model, build
from rnnviz.probed import ProbedMap, probed_map
from rnnviz.problems import PROBLEMS, Problem
from rnnviz.roads import Roads, roads, time_constants
from rnnviz.spectrum import SingularValues, lyapunov, singular_values
from rnnviz.systems import System, drive, fixed_points, fold, latch, orbit, system
from rnnviz.torch_weights import from_torch
from rnnviz.trace import LayerTrace, NonFinite, Trace, run
from rnnviz.unrolling import Unrolled, unroll
from rnnviz.verification import Check, verify

__all__ = [
    "CELLS",
    "PROBLEMS",
    "Check",
    "Clipped",
    "CrossEntropy",
    "DepthFactors",
    "GradientFlow",
    "LayerFlow",
    "LayerTrace",
    "Leading",
    "Loss",
    "Memory",
    "Model",
    "NonFinite",
    "ProbedMap",
    "Problem",
    "Roads",
    "SingularValues",
    "SquaredError",
    "System",
    "Trace",
    "Truncated",
    "Unrolled",
    "Ways",
    "backprop",
    "build",
    "cliff",
    "clip",
    "depth_factors",
    "drive",
    "fixed_points",
    "fold",
    "from_torch",
    "itemised",
    "jacobian_map",
    "latch",
    "layer_checks",
    "layer_norms",
    "leading",
    "lyapunov",
    "memory",
    "one_loss",
    "orbit",
    "path_lengths",
    "probed_map",
    "roads",
    "run",
    "singular_values",
    "step_jacobians",
    "system",
    "time_constants",
    "truncated",
    "unroll",
    "verify",
    "ways_back",
]

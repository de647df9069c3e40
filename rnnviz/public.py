"""Every public name of rnnviz; `rnnviz` itself takes them from here on first use."""

from rnnviz.analysis.cuts import Clipped, Truncated, cliff, clip, truncated
from rnnviz.analysis.expanded_sum import Expanded, expanded_sum
from rnnviz.analysis.forgetting import forgetting
from rnnviz.analysis.gradient_paths import Roads, roads, time_constants
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from rnnviz.analysis.jacobian_estimate import ProbedMap, probed_map
from rnnviz.analysis.leading_directions import Leading, leading
from rnnviz.analysis.leading_values import LeadingValues
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.memory import Memory, memory
from rnnviz.analysis.one_layer import one_layer
from rnnviz.analysis.output_layer import OutputLayer, output_layer
from rnnviz.analysis.reach import Reach, reach
from rnnviz.analysis.spectrum import SingularValues, lyapunov, singular_values
from rnnviz.analysis.stacks import (
    DepthFactors,
    Ways,
    depth_factors,
    layer_norms,
    one_loss,
    path_lengths,
    ways_back,
)
from rnnviz.analysis.systems import System, drive, fixed_points, fold, latch, orbit, system
from rnnviz.analysis.units import (
    extremes,
    matches,
    saturation,
    silent_units,
    state_projection,
    unit_memory,
    unit_order,
    units_on,
)
from rnnviz.analysis.verification.live_checks import Check, verify
from rnnviz.analysis.verification.stack_checks import layer_checks
from rnnviz.cells import CELLS, cell_from_equations
from rnnviz.core.backward_run import backprop
from rnnviz.core.build import build
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.losses import CrossEntropy, Loss, SquaredError
from rnnviz.core.model import Model
from rnnviz.core.nonfinite import NonFinite
from rnnviz.core.readout import Readout
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.experiments.problem_types import PROBLEMS, Problem
from rnnviz.experiments.unrolling import Unrolled, unroll
from rnnviz.exports import as_keras, as_pytorch, bibtex, export, to_npz
from rnnviz.formats.keras_objects import from_keras, to_keras_weights
from rnnviz.formats.onnx_objects import from_onnx
from rnnviz.formats.opening import open_net as open
from rnnviz.formats.own_arrays import from_arrays
from rnnviz.formats.saving import save
from rnnviz.formats.torch_state import from_torch, to_torch_state
from rnnviz.recorder import RecordedRun, Watch, watch
from rnnviz.sweeps import Sweep, read_sweep, sweep
from rnnviz.training import train

GradientPaths, gradient_paths = Roads, roads
loss_attribution, jacobian_estimate, leading_directions = itemised, probed_map, leading
"""The field's names of the same functions."""

__all__ = [
    "CELLS",
    "PROBLEMS",
    "Check",
    "Clipped",
    "CrossEntropy",
    "DepthFactors",
    "Expanded",
    "GradientFlow",
    "GradientPaths",
    "LayerFlow",
    "LayerTrace",
    "Leading",
    "LeadingValues",
    "Loss",
    "Memory",
    "Model",
    "NonFinite",
    "OutputLayer",
    "ProbedMap",
    "Problem",
    "Reach",
    "Readout",
    "RecordedRun",
    "Roads",
    "SingularValues",
    "SquaredError",
    "Sweep",
    "System",
    "Trace",
    "Truncated",
    "Unrolled",
    "Watch",
    "Ways",
    "as_keras",
    "as_pytorch",
    "backprop",
    "bibtex",
    "build",
    "cell_from_equations",
    "cliff",
    "clip",
    "depth_factors",
    "drive",
    "expanded_sum",
    "export",
    "extremes",
    "fixed_points",
    "fold",
    "forgetting",
    "from_arrays",
    "from_keras",
    "from_onnx",
    "from_torch",
    "gradient_paths",
    "itemised",
    "jacobian_estimate",
    "jacobian_map",
    "latch",
    "layer_checks",
    "layer_norms",
    "leading",
    "leading_directions",
    "loss_attribution",
    "lyapunov",
    "matches",
    "memory",
    "one_layer",
    "one_loss",
    "open",
    "orbit",
    "output_layer",
    "path_lengths",
    "probed_map",
    "reach",
    "read_sweep",
    "roads",
    "run",
    "saturation",
    "save",
    "silent_units",
    "singular_values",
    "state_projection",
    "step_jacobians",
    "sweep",
    "system",
    "time_constants",
    "to_keras_weights",
    "to_npz",
    "to_torch_state",
    "train",
    "truncated",
    "unit_memory",
    "unit_order",
    "units_on",
    "unroll",
    "verify",
    "watch",
    "ways_back",
]


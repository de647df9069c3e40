"""Figures of records, for notebooks and pages alike: each returns a new `go.Figure` of Plotly.

Records come first; view options follow by name: ``theme`` ("light" or "dark"), ``labels`` (one
short text a timestep), ``height`` in pixels (of one panel where there are several), and
``scale``, which fixes what is otherwise chosen from the data. Nothing is shown or saved. Needs
plotly: ``pip install 'rnnviz[plot]'``.
"""

from rnnviz.plot.cell_maps import cell_map
from rnnviz.plot.cuts import loss_cliff, truncation
from rnnviz.plot.flows import gradient_flow, gradient_norms, unit
from rnnviz.plot.learning import (
    gradient_history,
    gradients_after,
    learning_curves,
    total_gradients,
)
from rnnviz.plot.maps import jacobian_map, loss_attribution
from rnnviz.plot.outputs import costs, prediction
from rnnviz.plot.overview import gradient_overview
from rnnviz.plot.paths import gradient_paths, loss_distances, memory, one_loss
from rnnviz.plot.phase import phase_diagram
from rnnviz.plot.problems import input_dependence, problem_answers, problem_paths
from rnnviz.plot.recorded import recorded_gates, recorded_gradients
from rnnviz.plot.recorded_curves import recorded_lines
from rnnviz.plot.roles import by_role
from rnnviz.plot.seeds import bias_sweep, cell_costs, seed_factors, seed_norms
from rnnviz.plot.side_by_side import (
    attributions_by_cell,
    flows_by_cell,
    forgetting,
    paths_by_cell,
    spectra_by_cell,
)
from rnnviz.plot.solving import (
    initialisation_training,
    solving_curves,
    updates_needed,
    weight_path,
    weight_terms,
)
from rnnviz.plot.spectra import eigenvalues, lyapunov, matrix_powers, spectrum
from rnnviz.plot.stacks import depth_map, layer_norms, layer_signal, path_lengths
from rnnviz.plot.systems import (
    bifurcation,
    latch_price,
    orbit,
    phase_portrait,
    system_eigenvalues,
)
from rnnviz.plot.training import (
    cut_gradient,
    training_answers,
    training_lags,
    training_losses,
    training_windows,
)
from rnnviz.plot.unit_views import matches, ordered_units, saturation, state_projection
from rnnviz.plot.units import gates
from rnnviz.plot.unrolled import problem_graph
from rnnviz.plot.variants import (
    held_gate,
    peephole_gradient,
    peephole_parts,
    peephole_units,
    reset_conventions,
)

__all__ = [
    "attributions_by_cell",
    "bias_sweep",
    "bifurcation",
    "by_role",
    "cell_costs",
    "cell_map",
    "costs",
    "cut_gradient",
    "depth_map",
    "eigenvalues",
    "flows_by_cell",
    "forgetting",
    "gates",
    "gradient_flow",
    "gradient_history",
    "gradient_norms",
    "gradient_overview",
    "gradient_paths",
    "gradients_after",
    "held_gate",
    "initialisation_training",
    "input_dependence",
    "jacobian_map",
    "latch_price",
    "layer_norms",
    "layer_signal",
    "learning_curves",
    "loss_attribution",
    "loss_cliff",
    "loss_distances",
    "lyapunov",
    "matches",
    "matrix_powers",
    "memory",
    "one_loss",
    "orbit",
    "ordered_units",
    "path_lengths",
    "paths_by_cell",
    "peephole_gradient",
    "peephole_parts",
    "peephole_units",
    "phase_diagram",
    "phase_portrait",
    "prediction",
    "problem_answers",
    "problem_graph",
    "problem_paths",
    "recorded_gates",
    "recorded_gradients",
    "recorded_lines",
    "reset_conventions",
    "saturation",
    "seed_factors",
    "seed_norms",
    "solving_curves",
    "spectra_by_cell",
    "spectrum",
    "state_projection",
    "system_eigenvalues",
    "total_gradients",
    "training_answers",
    "training_lags",
    "training_losses",
    "training_windows",
    "truncation",
    "unit",
    "updates_needed",
    "weight_path",
    "weight_terms",
]

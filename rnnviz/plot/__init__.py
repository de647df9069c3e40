"""Figures of records, for notebooks and pages alike: each returns a new `go.Figure` of Plotly.

Records come first; view options follow by name: ``theme`` ("light" or "dark"), ``labels`` (one
short text a timestep), ``height`` in pixels (of one panel where there are several), and
``scale``, which fixes what is otherwise chosen from the data. Nothing is shown or saved. Needs
plotly: ``pip install 'rnnviz[plot]'``.
"""

from rnnviz.plot.cuts import loss_cliff, truncation
from rnnviz.plot.flows import gradient_flow, gradient_norms, unit
from rnnviz.plot.maps import jacobian_map, loss_attribution
from rnnviz.plot.paths import gradient_paths, loss_distances, memory, one_loss
from rnnviz.plot.spectra import eigenvalues, lyapunov, matrix_powers, spectrum
from rnnviz.plot.units import gates

__all__ = [
    "eigenvalues",
    "gates",
    "gradient_flow",
    "gradient_norms",
    "gradient_paths",
    "jacobian_map",
    "loss_attribution",
    "loss_cliff",
    "loss_distances",
    "lyapunov",
    "matrix_powers",
    "memory",
    "one_loss",
    "spectrum",
    "truncation",
    "unit",
]

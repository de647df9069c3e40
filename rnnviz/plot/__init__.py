"""Figures of records, for notebooks and pages alike: each returns a new `go.Figure` of Plotly.

Records come first; view options follow by name: ``theme`` ("light" or "dark"), ``labels`` (one
short text a timestep), ``height`` in pixels, and ``scale``, which fixes what is otherwise chosen
from the data. Nothing is shown or saved. Needs plotly: ``pip install 'rnnviz[plot]'``.
"""

from rnnviz.plot.maps import jacobian_map, loss_attribution

__all__ = ["jacobian_map", "loss_attribution"]

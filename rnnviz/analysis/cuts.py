"""Truncation through time, gradient clipping, and the loss cliff that clipping is for.

The public names of `rnnviz.analysis.truncation`, `rnnviz.analysis.clipping` and
`rnnviz.analysis.loss_cliff`.
"""

from rnnviz.analysis.clipping import Change, Clipped, clip, parameter_mantissas
from rnnviz.analysis.loss_cliff import Cliff, cliff, cliff_surface
from rnnviz.analysis.truncation import Truncated, truncated

__all__ = [
    "Change",
    "Cliff",
    "Clipped",
    "Truncated",
    "cliff",
    "cliff_surface",
    "clip",
    "parameter_mantissas",
    "truncated",
]

"""What is done to gradients on purpose: truncation through time, clipping, and why clipping exists.

The public names of `rnnviz.truncation`, `rnnviz.clipping` and `rnnviz.cliffs`.
"""

from rnnviz.cliffs import Cliff, cliff, cliff_surface
from rnnviz.clipping import Change, Clipped, clip, parameter_mantissas
from rnnviz.truncation import Truncated, truncated

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

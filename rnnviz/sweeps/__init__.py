"""Sweeps over settings and training plans on any executor, and the classic phase diagrams."""

from rnnviz.sweeps.diagrams import DIAGRAMS, RESULTS
from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import FIGURES, Spec
from rnnviz.sweeps.stored import read_sweep
from rnnviz.sweeps.sweeping import Progress, sweep
from rnnviz.sweeps.texts import from_toml, to_toml
from rnnviz.sweeps.theory_lines import Line, lines

__all__ = [
    "DIAGRAMS", "FIGURES", "RESULTS", "Line", "Progress", "Spec", "Sweep", "from_toml", "lines",
    "read_sweep", "sweep", "to_toml",
]  # fmt: skip

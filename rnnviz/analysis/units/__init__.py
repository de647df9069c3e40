"""The units of a net, one by one: saturated gates, memory, order, projection, patterns.

All of it is read from the forward record alone.
"""

from rnnviz.analysis.units.order import ORDERS, Ordered, UnitMemory, unit_memory, unit_order
from rnnviz.analysis.units.patterns import Match, matches, units_on
from rnnviz.analysis.units.projection import Projection, state_projection
from rnnviz.analysis.units.saturated import Extremes, extremes, saturation, silent_units

__all__ = [
    "ORDERS",
    "Extremes",
    "Match",
    "Ordered",
    "Projection",
    "UnitMemory",
    "extremes",
    "matches",
    "saturation",
    "silent_units",
    "state_projection",
    "unit_memory",
    "unit_order",
    "units_on",
]

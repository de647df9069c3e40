"""The recurrent net as a first-order system.

    x_t = φ(W x_{t−1} + U u_t + b),  y_t = C x_t + D u_t
"""

from rnnviz.analysis.systems.bit_latch import Branches, Latch, Price, branches, fold, latch, price
from rnnviz.analysis.systems.fixed_point_search import FixedPoint, fixed_points
from rnnviz.analysis.systems.kinds import Kind, classify
from rnnviz.analysis.systems.state_space import DRIVES, Orbit, System, drive, orbit, system

__all__ = [
    "DRIVES",
    "Branches",
    "FixedPoint",
    "Kind",
    "Latch",
    "Orbit",
    "Price",
    "System",
    "branches",
    "classify",
    "drive",
    "fixed_points",
    "fold",
    "latch",
    "orbit",
    "price",
    "system",
]

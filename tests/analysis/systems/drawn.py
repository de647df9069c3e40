"""Matrices, weights and an input that the tests of first-order systems share."""


import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.analysis.systems import drive

QUIET = drive("none", 60)
weights = st.floats(-3, 3).map(lambda v: round(v, 3))
matrices = arrays(float, (2, 2), elements=weights)


def turn(angle, size=1.0):
    c, s = np.cos(angle), np.sin(angle)
    return size * np.array([[c, -s], [s, c]])

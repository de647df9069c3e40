"""Five matrices, a nonlinearity that is off or on, and what the state does from where it starts.

    x_t = φ(W x_{t−1} + U u_t + b),  y_t = C x_t + D u_t,  φ the identity or tanh

Columns, as in control theory and in Strogatz; the plain recurrent cell is the same with rows, so
that W_h = Wᵀ, W_x = Uᵀ and W_y = Cᵀ. Only D has no place in a cell.
Sources: Strogatz 2015, Nonlinear Dynamics and Chaos, ch. 5 and 10; Pascanu, Mikolov and Bengio
2013; Bengio, Simard and Frasconi 1994.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.analysis.spectrum import singular_values
from rnnviz.cells import CELLS
from rnnviz.core.forward_run import run
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled, exponents
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import (
    finite_number,
    frozen,
    instance,
    one_of,
    real_array,
    shown,
    whole_number,
)

NONLINEARITIES = ("identity", "tanh")
DRIVES = ("none", "impulse", "step", "sine")
"""No input; 1 at one step alone; 1 from one step on; a sine of a period."""
_LINEAR_BELOW = -30
"""Where |a| < 2⁻³⁰, tanh a and a are the same float64."""


@dataclass(frozen=True, repr=False)
class System(Record):
    """The five matrices, read-only float64: W (n, n), U (n, m), b (n,), C (k, n), D (k, m).

    n is 1 or 2.

    >>> import rnnviz
    >>> rnnviz.system([[0.5]], nonlinearity="tanh").nonlinearity
    'tanh'
    """

    W: Array
    U: Array
    b: Array
    C: Array
    D: Array
    nonlinearity: str = "identity"

    @property
    def size(self) -> int:
        """n, the dimension of the state."""
        return len(self.W)

    def step(self, x: Array, u: Array | None = None) -> Array:
        """φ(W x + U u + b) of states (…, n) under one input (m,), or none."""
        a = np.asarray(x) @ self.W.T + self.b + (0 if u is None else self.U @ u)
        return np.tanh(a) if self.nonlinearity == "tanh" else np.asarray(a)

    def model(self) -> Model:
        """The project's own plain recurrent cell with these weights, and C as its readout."""
        cell = CELLS["rnn"](nonlinearity=self.nonlinearity)
        weights = {"W_x": self.U.T, "W_h": self.W.T, "b": self.b}
        readout = Readout("identity", {"W_y": self.C.T, "b_y": np.zeros(len(self.C))})
        return Model(cell, self.U.shape[1], self.size, (weights,), readout=readout)


def system(
    W: Any, U: Any = None, b: Any = None, C: Any = None, D: Any = None,
    *, nonlinearity: str = "identity",
) -> System:  # fmt: skip
    """A system; what is left out is U = C = 1 (all ones, one input, one output), b = D = 0.

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> rnnviz.system([[0.5, 0.1], [0.0, 0.5]]).size
    2
    """
    square = _matrix("W", W)
    n = len(square)
    if n not in (1, 2) or square.shape != (n, n):
        raise ValueError(f"`W` must be 1 × 1 or 2 × 2, got shape {square.shape}.")
    into = np.ones((n, 1)) if U is None else _matrix("U", U)
    out = np.ones((1, n)) if C is None else _matrix("C", C)
    past = np.zeros((len(out), into.shape[1])) if D is None else _matrix("D", D)
    bias = np.zeros(n) if b is None else real_array("b", b).astype(np.float64).reshape(-1)
    wanted = {"U": (into, (n, into.shape[1])), "C": (out, (len(out), n)),
              "D": (past, (len(out), into.shape[1])), "b": (bias, (n,))}  # fmt: skip
    for name, (array, shape) in wanted.items():
        if array.shape != shape or 0 in shape:
            raise ValueError(f"`{name}` must have shape {shape}, got {array.shape}.")
    one_of("nonlinearity", nonlinearity, NONLINEARITIES)
    given = {"W": square, "U": into, "b": bias, "C": out, "D": past}
    arrays = {name: frozen(one.copy()) for name, one in given.items()}
    return System(**arrays, nonlinearity=nonlinearity)


def _matrix(name: str, value: Any) -> Array:
    array = real_array(name, value).astype(np.float64)
    if array.ndim > 2:
        raise ValueError(f"`{name}` must be a matrix, got {shown(array)}.")
    return np.atleast_2d(array)


def drive(kind: str, steps: int, *, amplitude: float = 1.0, when: int = 1) -> Array:
    """An input u (T, 1): ``amplitude`` times one of DRIVES.

    ``when`` is the timestep, from 1 on, of the impulse or of the step, or the period of the sine.
    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> rnnviz.drive("impulse", 5).shape
    (5, 1)
    """
    one_of("kind", kind, DRIVES)
    t = np.arange(1, whole_number("steps", steps) + 1)
    at, size = whole_number("when", when), finite_number("amplitude", amplitude)
    shape = {"none": np.zeros(len(t)), "impulse": t == at, "step": t >= at,
             "sine": np.sin(2 * np.pi * (t % at) / at)}[kind]  # fmt: skip
    return size * shape.astype(np.float64)[:, None]


@dataclass(frozen=True, repr=False)
class Orbit(Record):
    """One run of a system, t = 0 … T; arrays are read-only.

    trace           the run of the project's own cell
    u               (T, m) the input, u[0] at t = 1
    x               (T + 1, n) the state, x[0] where it starts; inf where no float holds it
    y               (T, k) the output, y[0] at t = 1
    log10_state     (T + 1,) log10 ‖x_t‖₂, right beyond the range of floats; −inf for an exact 0
    log10_gradient  (T + 1, n) log10 singular values of ∂x_t/∂x_0, descending; row 0 is 0
    """

    system: System
    trace: Trace
    u: Array
    x: Array
    y: Array
    log10_state: Array
    log10_gradient: Array


def orbit(of: System, x0: Any, u: Any) -> Orbit:
    """Run a system from x0 (n,) under an input u (T, m).

    The states are those of `rnnviz.run`, the gradients those of `rnnviz.singular_values`.
    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> rnnviz.orbit(rnnviz.system([[0.5]]), [1.0], np.zeros((3, 1))).x[:, 0].tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    instance("of", of, System)
    start = real_array("x0", x0).astype(np.float64).reshape(-1)
    if start.shape != (of.size,):
        raise ValueError(f"`x0` must have shape ({of.size},), got {start.shape}.")
    series = real_array("u", u).astype(np.float64)
    if series.ndim != 2 or series.shape[1] != of.U.shape[1] or not len(series):
        raise ValueError(f"`u` must have shape (T, {of.U.shape[1]}), T ≥ 1, got {series.shape}.")
    trace = run(of.model(), series, h0=start)
    scores = trace.scores
    assert scores is not None
    with np.errstate(all="ignore"):
        y = scores[:, 0] + series @ of.D.T
        logs = _log10_states(of, start, series @ of.U.T + of.b)
    grown = np.concatenate([np.zeros((1, of.size)), singular_values(trace).cumulative])
    x = np.concatenate([start[None], trace["h"][:, 0]])
    arrays = (frozen(one) for one in (series, x, y, logs, grown))
    return Orbit(of, trace, *arrays)


def _log10_states(of: System, start: Array, forcing: Array) -> Array:
    """log10 ‖x_t‖, t = 0 … T, with a power of two that travels with the state."""
    scale = int(exponents(of.W.reshape(-1)))
    W = np.ldexp(of.W, -scale)
    state = _at_one(Scaled(start))
    found = [float(state.log10_norms())]
    for force in forcing:
        a = _at_one(Scaled(W @ state.mantissa, state.exponent + scale) + Scaled(force))
        if of.nonlinearity == "tanh" and a.exponent > _LINEAR_BELOW:
            a = _at_one(Scaled(np.tanh(a.true())))
        state = a
        found.append(float(state.log10_norms()))
    return np.array(found)


def _at_one(value: Scaled) -> Scaled:
    """The same value with its largest magnitude between ½ and 1; 0 with the exponent 0."""
    return value.normalised() if value.mantissa.any() else Scaled(value.mantissa)

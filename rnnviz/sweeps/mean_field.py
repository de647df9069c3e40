"""Mean field: what a net of infinitely many units does, from its variances alone.

**The RNN**, a_t = W_h h_{t−1} + W_x x_t + b. Entries of W_h are independent, with variance σ_w²/H,
or W_h is σ_w times an orthogonal matrix. For H → ∞ the recurrent part of a_t is Gaussian over the
units, with variance q_t = σ_w² E[φ(a_{t−1})²]; the part of the input keeps the distribution of W_x.
A small difference of the states grows in its mean square by

    χ_t = σ_w² E[φ′(a_t)²]

(length map and χ: Poole et al. 2016, Schoenholz et al. 2017; recurrent nets: Chen, Pennington and
Schoenholz 2018). Of an RNN in discrete time this is exact for H → ∞ although all steps share one
W_h (Molgedey, Schuchhardt and Schuster 1992), so λ₁ is the mean of ½ ln χ_t, and 0 where χ = 1.

**The GRU** hands h on beside its weights, so there the steps' shared W_h matters, in two ways:

- `gru_untied` takes new weights at every step, as Chen, Pennington and Schoenholz (2018) do for
  their minimalRNN and Gilboa et al. (2019) for the GRU: z, r, g and h_{t−1} are then independent.
  With one W_h for all steps, cross terms of the path through z and the path through the candidate
  add up, which this leaves out: near the transition it finds too little growth unless z is
  near 0.
- `gru_at_rest` takes the one W_h of all steps, and h = 0, where a net without input stays: the
  Jacobian z I + (1 − z) r W_g has its eigenvalues in a disc around z of radius (1 − z) r σ_w
  (circular law), so λ₁ = ln(z + (1 − z) r σ_w). Where r = ½, it is 0 at σ_w = 2, whatever z is:
  the update gate sets how fast things happen, not where they become unstable (Can, Krishnamurthy
  and Schwab 2020). It does not hold where an input or chaos moves h away from 0.

Neither holds for few units, for W_h = I, nor for trained nets.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from rnnviz.experiments.initialisation_theory import PHI, strength
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief

INDEPENDENT = ("pytorch", "glorot", "orthogonal")
"""The schemes whose W_h is independent of all else, with the same variance in every block."""
BOUND, NODES, INPUT_NODES = 8.0, 241, 24
"""Standard deviations and nodes of the integrals over a Gaussian; nodes of one over W_x."""


class MeanField(NamedTuple):
    """Variances and growth at every step.

    variance  (T,) E[h_t²] over the units
    chi       (T,) χ_t: what one step multiplies the mean square of a small difference by
    """

    variance: Array
    chi: Array

    def __repr__(self) -> str:
        return brief(self)

    @property
    def exponent(self) -> float:
        """The mean of ½ ln χ_t over the steps."""
        with np.errstate(divide="ignore"):
            return float(np.log(self.chi).mean() / 2)


def rnn(settings: Settings) -> MeanField:
    """Mean field of the settings' RNN on the settings' sequence.

    Raises ValueError for schemes that it does not hold for.
    """
    phi, slope = PHI[str(dict(settings.cell_options).get("nonlinearity", "tanh"))]
    x, spread = _inputs(settings), strength(_independent(settings)) ** 2
    (z, weights), (u, shares) = _gauss(), _columns(settings, x)
    bias = _bias(settings)
    variance, chi, last = np.empty(len(x)), np.empty(len(x)), 0.0
    for t, row in enumerate(x):
        own = u * row[0] if len(shares) > 1 else np.zeros(1)
        rest = bias if len(shares) > 1 else bias + _by_input(settings, x) * float(row @ row)
        a = np.sqrt(spread * last + rest) * z[:, None] + own
        last = float(weights @ phi(a) ** 2 @ shares)
        variance[t], chi[t] = last, spread * float(weights @ slope(a) ** 2 @ shares)
    return MeanField(variance, chi)


def gru_untied(settings: Settings) -> MeanField:
    """Mean field of the settings' GRU with new weights at every step, r before the product.

    χ = E[z²] + s E[z′²] E[(h − g)²] + s E[(1 − z)²] E[g′²] (E[r²] + s E[r′²] E[h²]), with
    s = σ_w² and h before the step. Raises ValueError for schemes that it does not hold for.
    """
    x, spread = _inputs(settings), strength(_independent(settings)) ** 2
    z, weights = _gauss()
    by_input, bias = _by_input(settings, x), _bias(settings)
    variance, chi, Q = np.empty(len(x)), np.empty(len(x)), 0.0

    def mean(of: Callable[[Array], Array], spread_of: float, middle: float = 0.0) -> float:
        return float(weights @ of(np.sqrt(spread_of) * z + middle))

    sigma, its_slope = PHI["sigmoid"]
    tanh, tanh_slope = PHI["tanh"]
    for t, row in enumerate(x):
        rest = by_input * float(row @ row)
        gate, middle = spread * Q + rest, settings.update_bias
        r2 = mean(lambda a: sigma(a) ** 2, gate + bias)
        of_g = spread * r2 * Q + rest + bias
        g2, writes = mean(lambda a: tanh(a) ** 2, of_g), mean(
            lambda a: (1 - sigma(a)) ** 2, gate, middle)
        z2 = mean(lambda a: sigma(a) ** 2, gate, middle)
        chi[t] = z2 + spread * mean(lambda a: its_slope(a) ** 2, gate, middle) * (Q + g2)
        inner = r2 + spread * mean(lambda a: its_slope(a) ** 2, gate + bias) * Q
        chi[t] += spread * writes * mean(lambda a: tanh_slope(a) ** 2, of_g) * inner
        Q = z2 * Q + writes * g2
        variance[t] = Q
    return MeanField(variance, chi)


def gru_at_rest(strength: float, update_bias: float, reset: float = 0.5) -> float:
    """λ₁ of a GRU at h = 0 without input: ln(z + (1 − z) r σ_w), z = σ(update_bias)."""
    z = 1 / (1 + np.exp(-update_bias))
    return float(np.log(z + (1 - z) * reset * strength))


def forget_gate_share(forget_bias: Array, length: Array) -> Array:
    """log10 of the share left at step 1 by the forget gate alone: (T − 1) log10 σ(b_f).

    Neither x nor h in the gate, and no gradient through the weights (Gers et al. 2000).
    """
    return -(np.asarray(length) - 1) * np.logaddexp(0, -np.asarray(forget_bias)) / np.log(10)


def crossing(of: Callable[[float], float], low: float, high: float, within: float = 1e-4) -> float:
    """Where a rising function of a gain crosses 0, by bisection; nan where it does not."""
    if of(low) > 0 or of(high) < 0:
        return float("nan")
    while high - low > within:
        middle = (low + high) / 2
        low, high = (middle, high) if of(middle) < 0 else (low, middle)
    return (low + high) / 2


def _independent(settings: Settings) -> Settings:
    if settings.init not in INDEPENDENT:
        raise ValueError(f"`init` must be one of {', '.join(INDEPENDENT)} for mean field, got "
                         f"{settings.init!r}.")  # fmt: skip
    return settings


def _inputs(settings: Settings) -> Array:
    return np.asarray(settings.example().x)[:, 0]


def _by_input(settings: Settings, x: Array) -> float:
    """The variance of an entry of W_x."""
    size = settings.hidden_size
    return 1 / (3 * size) if settings.init == "pytorch" else 2 / (x.shape[1] + size)


def _bias(settings: Settings) -> float:
    """The variance of a bias that is drawn."""
    return 2 / (3 * settings.hidden_size) if settings.init == "pytorch" else 0.0


@cache
def _gauss() -> tuple[Array, Array]:
    """Nodes and weights of E over N(0, 1): the trapezoid rule, exact but for rounding."""
    z = np.linspace(-BOUND, BOUND, NODES)
    weights = np.exp(-(z**2) / 2)
    return z, weights / weights.sum()


def _columns(settings: Settings, x: Array) -> tuple[Array, Array]:
    """Nodes and weights of W_x's entries where D = 1: they are uniform, and no sum over D."""
    if x.shape[1] > 1:
        return np.zeros(1), np.ones(1)
    nodes, weights = np.polynomial.legendre.leggauss(INPUT_NODES)
    return np.sqrt(3 * _by_input(settings, x)) * nodes, weights / 2

"""Closed forms: what one step back multiplies a gradient by, before any weight is drawn.

- a cell whose step is one φ (the RNN): ∂L/∂h_{t−1} = W_h (φ′ ⊙ ∂L/∂h_t). Entries of W_h that are
  independent, with mean 0 and variance v, multiply a squared norm by H v on average, and so does
  an orthogonal W_h with H v = 1, exactly; φ′ adds E[φ′²]. The pre-activations are Gaussian with
  variance q_t = H v E[φ(√q_{t−1} Z)²] + Var(W_x) ‖x_t‖² + Var(b) (mean field, exact for H → ∞:
  Poole et al. 2016; Schoenholz et al. 2017; for recurrent nets Chen, Pennington and Schoenholz
  2018). √(H v) is also the radius of the eigenvalues (circular law, Girko 1985);
- W_h = I with ReLU (Le, Jaitly and Hinton 2015): units that are on hand the gradient on as it is;
  half of them off for good take 1/√2 of its norm, once;
- a cell with a gate that keeps its state: the path along that state alone. With no x and no h in
  the gate it is multiplied by the gate at its bias, σ(b), each unit by its own;
- a cell whose state goes on as it is (the LSTM of 1997): 1 along that state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.forward_run import run
from rnnviz.core.initialisation import OWN_GATE_BIASES, WRITES
from rnnviz.core.model import Model
from rnnviz.experiments.initialisation_runs import Scheme, applied
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.words import Sentence, sentence, word

UNITS = 256
"""How many quantiles stand for the biases of a scheme."""


class Prediction(NamedTuple):
    """The factor per step, nan where there is no closed form; the form, what it assumes, papers."""

    factor: float
    words: Sentence
    assumes: Sentence
    source: str = ""


MEAN_FIELD = "Poole et al. 2016; Schoenholz et al. 2017; Girko 1985; Saxe et al. 2014"
IRNN = "Le, Jaitly and Hinton 2015"
GATED = "Gers, Schmidhuber and Cummins 2000; Tallec and Ollivier 2018"
KEPT_PATH = word(
    "The path along {state} alone: what x and h add to the gate is left out, and so is the "
    "gradient through the weights. Where units differ, the closed form takes the root mean square "
    "of {gate}^{steps} over them, in which the largest gates dominate."
)
AFFINE_STEP = word(
    "For H → ∞, with W_h independent of the gradient and Gaussian pre-activations (mean field). "
    "If the entries of W_h are independent, √(H Var) is also the radius of its eigenvalues "
    "(circular law)."
)


def predicted(settings: Settings, cell: str, scheme: Scheme) -> Prediction:
    """The factor of a step back under the settings' scheme, as a mean over the steps T → 1."""
    settings = applied(settings, scheme, settings.seed)
    kind = settings.kind(cell)
    steps = max(len(settings.example().x) - 1, 1)
    state = kind.states[-1]
    if kind.open_path:
        return Prediction(1.0, sentence("1: {state} is passed on unchanged", state=state), sentence(
            "The path along {state} alone: the gradient through the weights is left out.",
            state=state), "Hochreiter and Schmidhuber 1997")  # fmt: skip
    if kind.keeping_gate is not None and kind.keeps_by is not None:
        return _road(settings, kind, steps)
    if kind.steepest is None:
        return Prediction(float("nan"), sentence("no closed form"), sentence(""))
    if settings.init == "identity":
        return _identity(settings, kind, steps)
    return _mill(settings, kind)


def _road(settings: Settings, kind: Cell, steps: int) -> Prediction:
    biases = _bias_quantiles(settings, kind, steps + 1)
    keeps = biases[kind.keeps_by or ""]
    form = word("σ(b), b from U(±1/√H) twice")
    if kind.keeping_block is not None:
        form = word("{gate} by its biases alone")
    elif np.ptp(keeps) == 0:
        form = word("σ(b), b = {bias}")
    elif settings.init in OWN_GATE_BIASES:
        form = word("σ(b) = 1 − 1/(1 + U), U ~ U(1, T − 1)")
    return Prediction(
        rms_factor(gate_at_biases(kind, biases), steps),
        sentence(form, bias=f"{keeps[0]:g}".replace("-", "−"), gate=kind.keeping_gate),
        sentence(KEPT_PATH, state=kind.states[-1], steps=steps, gate=kind.keeping_gate),
        GATED,
    )


def gate_at_biases(kind: Cell, biases: dict[str, Array]) -> Array:
    """The gate that keeps, of units that see neither x nor h and have these biases, (n,)."""
    size = len(next(iter(biases.values())))
    W = {name: np.zeros(shape) for name, shape in kind.shapes(1, size).items()}
    for name, values in biases.items():
        kind.part(W, "b", name)[:] = values
    model = Model(kind, 1, size, (W,))
    return np.asarray(run(model, np.zeros((1, 1)))[kind.keeping_gate or ""][0, 0])


def rms_factor(kept: Array, steps: int) -> float:
    """(E[f^(2·steps)])^(1 / (2·steps)): the mean factor of a norm over units with factors f."""
    with np.errstate(divide="ignore"):
        logs = 2 * steps * np.log(kept)
    top = float(logs.max())
    if np.isneginf(top):
        return 0.0
    return float(np.exp((top + np.log(np.exp(logs - top).mean())) / (2 * steps)))


def _bias_quantiles(settings: Settings, kind: Cell, length: int) -> dict[str, Array]:
    """Block → the biases of UNITS units, at quantiles of the scheme's distribution."""
    share = (np.arange(UNITS) + 0.5) / UNITS
    found = {name: np.zeros(UNITS) for name in kind.statement.parameters["b"]}
    keeps = kind.keeps_by or ""
    if settings.init == "pytorch":
        bound = settings.hidden_size**-0.5
        low = bound * (np.sqrt(8 * np.minimum(share, 1 - share)) - 2)
        drawn = np.where(share < 0.5, low, -low)
        rng = np.random.default_rng(0)
        found = {name: drawn if name == keeps else rng.permutation(drawn) for name in found}
    elif settings.init == "chrono":
        found[keeps] = np.log(1 + (max(length, 2) - 2) * share)
        if WRITES in found:
            found[WRITES] = -found[keeps]
    elif settings.init == "keras" and "forget_bias" in kind.bias_blocks:
        found[kind.bias_blocks["forget_bias"]] = np.ones(UNITS)
    if settings.init not in OWN_GATE_BIASES:
        for argument, block in kind.bias_blocks.items():
            if (value := getattr(settings, argument)) is not None:
                found[block] = np.full(UNITS, float(value))
    return found


def strength(settings: Settings, blocks: int = 1) -> float:
    """√(H Var) of one block of W_h, gain included: what it multiplies a random vector's norm by."""
    if settings.scaling == "radius":
        return settings.scale
    own = {"pytorch": 3**-0.5, "keras": blocks**-0.5}.get(settings.init, 1.0)
    return settings.scale * own


def _identity(settings: Settings, kind: Cell, steps: int) -> Prediction:
    gain, phi = strength(settings), kind.options.get("nonlinearity")
    if phi == "relu":
        return Prediction(
            gain * 2 ** (-0.5 / steps),
            sentence("{gain:g} a step for units that are on; once, the norm falls to "
                     "1/√2", gain=gain),
            sentence("W_h = I with ReLU: half of the units are on at every step, the others are "
                     "always off."),
            IRNN,
        )  # fmt: skip
    steepest = kind.steepest or 1.0
    return Prediction(
        gain * steepest,
        sentence("{gain:g} times the largest φ′, {steepest:g}", gain=gain, steepest=steepest),
        sentence("W_h = I without ReLU, if the pre-activations stay near 0; otherwise the factor "
                 "is smaller."),
    )


def _mill(settings: Settings, kind: Cell) -> Prediction:
    own = strength(settings)
    phi = mean_field(settings, str(kind.options.get("nonlinearity", "tanh")), own)
    orthogonal = word("W_h orthogonal, exactly {own:.3g}")
    form = {
        "pytorch": word("W_h ~ U(±1/√H), √(H Var) = 1/√3 · gain = {own:.3g}"),
        "glorot": word("Var W_h = 1/H, √(H Var) = {own:.3g}"),
        "chrono": word("Var W_h = 1/H, √(H Var) = {own:.3g}"),
    }.get(settings.init, orthogonal)
    if settings.scaling == "radius":
        form = word("ρ(W_h) = {own:.3g}, for large H √(H Var)")
    return Prediction(
        own * phi,
        sentence("{form}; times √E[φ′²] = {phi:.3g}", form=sentence(form, own=own), phi=phi),
        sentence(AFFINE_STEP),
        MEAN_FIELD,
    )


PHI: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "tanh": (np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    "relu": (lambda a: np.maximum(a, 0), lambda a: np.heaviside(a, 0.5)),
    "sigmoid": (lambda a: 0.5 + 0.5 * np.tanh(a / 2), lambda a: 0.25 / np.cosh(a / 2) ** 2),
    "identity": (lambda a: a, np.ones_like),
}
"""Name → φ and φ′."""


@lru_cache(maxsize=1)
def _gauss() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    return nodes, weights / weights.sum()


def mean_field(settings: Settings, name: str, own: float) -> float:
    """√E[φ′²] of mean field, its geometric mean over the steps 2 … T that a gradient crosses."""
    (phi, slope), (z, weights) = PHI[name], _gauss()
    x, size = np.asarray(settings.example().x)[:, 0], settings.hidden_size
    pytorch = settings.init == "pytorch"
    by_input = 1 / (3 * size) if pytorch else 2 / (x.shape[1] + size)
    by_bias = 2 / (3 * size) if pytorch else 0.0
    spread, logs = 0.0, []
    with np.errstate(all="ignore"):
        for norm in (x**2).sum(axis=1):
            q = own**2 * spread + by_input * float(norm) + by_bias
            a = np.sqrt(q) * z
            spread = float(weights @ phi(a) ** 2)
            squared = slope(a) ** 2
            # By symmetry half of the units are on; nodes of the quadrature could miss that.
            logs.append(0.5 * np.log(0.5 if name == "relu" else weights @ squared))
        return float(np.exp(np.mean(logs[1:]))) if len(logs) > 1 else 1.0

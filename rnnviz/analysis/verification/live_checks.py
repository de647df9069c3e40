"""The numbers on the screen, checked while one looks.

Derivatives: a random direction in each parameter, the inputs and the initial states is carried
FORWARD through the cell's forward equations (`forward_mode`), and Σ dh · δoutputs must be
⟨gradient, direction⟩. Then come the identities that the views rely on (`identities`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.cuts import parameter_mantissas
from rnnviz.analysis.gradient_paths import inputs_gradient
from rnnviz.analysis.verification.check import Check, made
from rnnviz.analysis.verification.forward_mode import Move, moved_outputs
from rnnviz.analysis.verification.identities import identities, step_sums
from rnnviz.cells import Line
from rnnviz.core.gradients import GradientFlow, LayerFlow, backprop, backward
from rnnviz.core.trace import Trace
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.relative_error import Sum, difference, nan_first, powers_of, product, total
from rnnviz.numerics.validation import instance
from rnnviz.words import sentence, word

__all__ = ["Check", "verify", "verify_flow"]

Array = NDArray[Any]
SEED = 20


def verify(trace: Trace, dh: Any) -> tuple[Check, ...]:
    """Check the trace and the gradients that `backprop` finds; ``dh`` as it takes it.

    Errors are relative to the size of what is summed, so that 1e-16 is the best there can be. An
    error that is not a number (where recorded values are not finite) fails. The same trace gives
    the same answer: directions are seeded.

    Raises ValueError naming argument, rule and what arrived.
    """
    return verify_flow(backprop(trace, dh))


def verify_flow(flow: GradientFlow) -> tuple[Check, ...]:
    """`verify` of a flow that is there already. Raises ValueError."""
    instance("flow", flow, GradientFlow)
    with np.errstate(all="ignore"):
        last = (step_sums(flow, _bound(flow)), *identities(flow, _bound(flow)))
        return (_equations(flow.trace), *_derivatives(flow), *last)


def _bound(flow: GradientFlow) -> float:
    return 1e-10 if flow.trace.model.dtype == np.float64 else 1e-3


def _equations(trace: Trace) -> Check:
    error = 0.0
    for at in trace.layers:
        reach = sum(
            float(np.abs(at.record[name]).max()) * float(np.abs(at.parameters[W]).sum(axis=0).max())
            for name, W in (("x", "W_x"), ("h_prev", "W_h"))
            if W in at.parameters
        )
        for line in at.cell.lines(at.parameters, at.record):
            error = max(error, _residual(line, reach), key=nan_first)
    bound = 1000 * float(np.finfo(trace.model.dtype).eps)
    words = sentence("every recorded signal satisfies its own equation, put in numbers")
    return made("equations", error, bound, words)


def _residual(line: Line, reach: float) -> float:
    """The largest difference between the sides of the equation as the pages print it."""
    known = {**vars(np), "sigma": lambda a: 1 / (1 + np.exp(-a)), "relu": lambda a: a * (a > 0)}
    text = line.template.replace("·", "*").replace("−", "-").replace("σ", "sigma")
    text = re.sub(r"\{(\d+)\}", r"v[\1]", text)
    first, *others = (eval(side, known, {"v": line.terms}) for side in text.split(" = "))
    size = max(1.0, reach, *(float(np.abs(term).max()) for term in line.terms))
    gaps = [
        np.where((one == first) | (np.isnan(one) & np.isnan(first)), 0, np.abs(one - first))
        for one in others
    ]
    return max((float(gap.max()) / size for gap in gaps), key=nan_first)


def _derivatives(flow: GradientFlow) -> Iterator[Check]:
    trace, rng = flow.trace, np.random.default_rng(SEED)
    kinds = [*trace.layers[0].parameters, "x", *(f"{name}_0" for name in trace.model.cell.states)]
    dx = rng.standard_normal(trace.x.shape)
    moves = [Move(at, kinds, rng) for at in trace.layers]
    outputs, exact = moved_outputs(trace, moves, kinds, dx)
    method = sentence("complex steps") if exact else sentence("central differences")
    base = _bound(flow) if exact else max(_bound(flow), 1e-4)
    again, rounded = backward(trace, flow.outputs), _rounded(flow, rng)
    for k, kind in enumerate(kinds):
        moved = product(Scaled(outputs.mantissa[:, k], powers_of(outputs)[:, k]), flow.outputs)
        sent, exactly, other = (_sent(one, moves, kind, dx) for one in (flow, again, rounded))
        doubt = 30 * difference(total(exactly), other)
        symbol = kind.replace("_0", "₀") if kind.endswith("_0") else kind
        template = (
            word("∂L/∂{symbol} along a random direction, against {method}; saturated: the last "
                 "digit of the recorded numbers alone may do this")
            if doubt > base
            else word("∂L/∂{symbol} along a random direction, against {method}")
        )  # fmt: skip
        words = sentence(template, symbol=symbol, method=method)
        yield made(f"derivative by {kind}", difference(moved, sent), max(base, doubt), words)


def _rounded(flow: GradientFlow, rng: np.random.Generator) -> GradientFlow:
    """The gradients if the last digit of every recorded number had been rounded the other way.

    1 − h² and 1 − z have few digits left where h and z are nearly 1: no gradient that is computed
    from what was recorded can be more certain than this.
    """
    layers = []
    for at in flow.trace.layers:
        record = {
            name: np.nextafter(one, _either_way(one, rng), dtype=one.dtype)
            for name, one in at.record.items()
        }
        layers.append(replace(at, record=record))
    return backward(replace(flow.trace, layers=tuple(layers)), flow.outputs)


def _either_way(one: Array, rng: np.random.Generator) -> Array:
    """To 0 or away from it at random; a zero (a unit that is off) stays one."""
    inwards = (rng.random(one.shape) < 0.5) | (one == 0)
    return np.where(inwards, 0, np.copysign(np.inf, one)).astype(one.dtype)


def _sent(flow: GradientFlow, moves: list[Move], kind: str, dx: Array) -> list[Sum]:
    """⟨gradient, direction⟩ of one kind, layer by layer."""
    if kind == "x":
        fits = np.isfinite(flow.inputs).all()
        return [product(Scaled(flow.inputs) if fits else inputs_gradient(flow, 0), dx)]
    return [_pairing(*pair, kind) for pair in zip(flow.layers, moves, strict=True)]


def _pairing(own: LayerFlow, move: Move, kind: str) -> Sum:
    """⟨gradient, direction⟩ of one layer's parameter or initial state."""
    if kind in move.W:
        gradient, power = parameter_mantissas(own)[kind]
        flat = Scaled(gradient.reshape(1, -1), np.array([power]))
        return product(flat, move.W[kind].reshape(1, -1))
    first = own.d[f"d{kind.removesuffix('_0')}_all"][0]
    return product(
        Scaled(first, None if own.exponent is None else own.exponent[0]), move.start[kind]
    )

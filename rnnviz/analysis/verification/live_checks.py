"""Check a trace and its gradients: every derivative, record, norm and view.

Derivatives: a random direction in each parameter, the inputs, the initial states and every signal
is carried FORWARD through the cell's equations (`forward_mode`), and Σ dh · δoutputs must be
⟨gradient, direction⟩. The other modules here check the records and how they are read, the loss and
the readout, the weights' shares, and what the views compute from the gradients and Jacobians.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.analysis.cuts import parameter_mantissas
from rnnviz.analysis.verification.check import Check, closest, made
from rnnviz.analysis.verification.complex_step import lost_of_share
from rnnviz.analysis.verification.forward_mode import Move, moved_outputs
from rnnviz.analysis.verification.identities import identities
from rnnviz.analysis.verification.length_checks import length_checks, shown_examples
from rnnviz.analysis.verification.loss_checks import loss_checks
from rnnviz.analysis.verification.nudges import names_of
from rnnviz.analysis.verification.one_step import OneStep
from rnnviz.analysis.verification.products import product_checks
from rnnviz.analysis.verification.records import record_checks
from rnnviz.analysis.verification.recurrence import jacobian_checks
from rnnviz.analysis.verification.rounded import Rounded
from rnnviz.analysis.verification.step_derivatives import step_derivatives
from rnnviz.analysis.verification.weights import weight_checks
from rnnviz.cells import Line
from rnnviz.cells._functions import named
from rnnviz.core.backward_run import backprop, inputs_gradient
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.losses import Loss
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2, Scaled
from rnnviz.numerics.relative_error import Sum, difference, nan_first, product, total
from rnnviz.numerics.validation import instance, real_array
from rnnviz.words import sentence, word

__all__ = ["Check", "verify", "verify_flow"]

SEED = 20
ROUGH = 1e-4
"""The bound where central differences took the place of complex steps."""
MOST_SECONDS, COST = 4.0, 9e-8
"""The most seconds that directions through all timesteps may take, and what they take of T B H² of
every layer and direction."""


def verify(trace: Trace, dh: Any) -> tuple[Check, ...]:
    """Check the trace and the gradients that `backprop` finds; ``dh`` as it takes it.

    Errors are relative to the size of what is summed, so that 1e-16 is the best there can be. An
    error that is not a number (where recorded values are not finite) fails. A check that would be
    too expensive is there all the same and says in ``skipped`` why it was not made. Where carrying
    directions through all timesteps would take more than ``MOST_SECONDS``, derivatives are checked
    step by step on 32 timesteps of every layer, drawn at random and named in the words. The same
    trace gives the same answer: all that is drawn is seeded.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> all(check.ok for check in rnnviz.verify(trace, np.ones((6, 1, 4))))
    True
    """
    flow = backprop(trace, dh)
    return _checked(flow, dh if isinstance(dh, Loss) else real_array("dh", dh))


def verify_flow(flow: GradientFlow, loss: Loss | None = None) -> tuple[Check, ...]:
    """`verify` of a flow that is there already, and of the loss that it came from, if it is given.

    Raises ValueError naming argument, rule and what arrived.
    """
    instance("flow", flow, GradientFlow)
    if loss is not None:
        instance("loss", loss, Loss)
    return _checked(flow, flow.outputs if loss is None else loss)


def _checked(flow: GradientFlow, given: Loss | Array) -> tuple[Check, ...]:
    """All checks of a flow from a loss, or from ∂L/∂outputs."""
    trace, bound, rng = flow.trace, _bound(flow), np.random.default_rng(SEED)
    if trace.lengths is not None:
        return _of_examples(flow, given, rng)
    top = trace.layers[-len(trace.model.directions) :]
    seconds = _seconds(trace)
    with np.errstate(all="ignore"):
        return (
            _equations(trace),
            *record_checks(flow, given if isinstance(given, np.ndarray) else flow.outputs),
            *loss_checks(flow, given if isinstance(given, Loss) else None, bound, rng),
            *(_through_time(flow, rng) if seconds <= MOST_SECONDS
              else step_derivatives(flow, seconds, MOST_SECONDS, rng)),
            *weight_checks(flow, bound),
            *identities(flow, bound),
            *product_checks(trace, top[int(rng.integers(len(top)))], rng),
        )  # fmt: skip


def _seconds(trace: Trace) -> float:
    """What directions through all timesteps would take."""
    return COST * sum(at.record["h"].size * at.record["h"].shape[-1] for at in trace.layers)


def _through_time(flow: GradientFlow, rng: np.random.Generator) -> Iterator[Check]:
    """Derivatives along directions through all timesteps, and every step's Jacobian."""
    bound, trace = _bound(flow), flow.trace
    steps = [OneStep(at) for at in trace.layers]
    moves = [Move(at, rng) for at in trace.layers]
    moved = [step.along(move.past) for step, move in zip(steps, moves, strict=True)]
    base = bound if all(step.exact for step in steps) else max(bound, ROUGH)
    rounded = Rounded(flow, rng)
    yield from _derivatives(flow, rounded, steps, moves, rng)
    yield from jacobian_checks(trace, rounded, steps, [move.past for move in moves], moved, base)


def _of_examples(
    flow: GradientFlow, given: Loss | Array, rng: np.random.Generator
) -> tuple[Check, ...]:
    """The checks of single examples, each cut to its length, and of what the batch adds to them.

    Of every check the example counts that comes closest to its bound.
    """
    found: dict[str, list[Check]] = {}
    for k in shown_examples(flow.trace):
        one = flow.example(k)
        for check in _checked(one, one.outputs):
            found.setdefault(check.name, []).append(check)
    loss = given if isinstance(given, Loss) else None
    with np.errstate(all="ignore"):
        return (
            *(checks[0] if all(one.skipped for one in checks) else closest(checks)
              for checks in found.values()),
            *loss_checks(flow, loss, _bound(flow), rng), *length_checks(flow, _bound(flow)),
        )  # fmt: skip


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
    words = sentence("every recorded signal, put into its own equation with its numbers")
    return made("equations", error, bound, words)


def _residual(line: Line, reach: float) -> float:
    """The largest difference between the sides of the equation as the pages print it."""
    known = {**named(), "sigma": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh}
    text = line.template.replace("·", "*").replace("−", "-").replace("σ", "sigma")
    text = re.sub(r"\{(\d+)\}", r"v[\1]", text)
    first, *others = (eval(side, known, {"v": line.terms}) for side in text.split(" = "))
    size = max(1.0, reach, *(float(np.abs(term).max()) for term in line.terms))
    gaps = [
        np.where((one == first) | (np.isnan(one) & np.isnan(first)), 0, np.abs(one - first))
        for one in others
    ]
    return max((float(gap.max()) / size for gap in gaps), key=nan_first)


def _derivatives(
    flow: GradientFlow, rounded: Rounded, steps: list[OneStep], moves: list[Move],
    rng: np.random.Generator,
) -> Iterator[Check]:  # fmt: skip
    trace, cell = flow.trace, flow.trace.model.cell
    kinds = [*trace.layers[0].parameters, "x", *(f"{name}_0" for name in cell.states)]
    kinds += names_of(cell)
    dx = rng.standard_normal(trace.x.shape)
    outputs = moved_outputs(trace, steps, moves, kinds, dx)
    exact = all(step.exact for step in steps)
    method = sentence("complex steps") if exact else sentence("central differences")
    base = _bound(flow) if exact else max(_bound(flow), ROUGH)
    for k, kind in enumerate(kinds):
        part = Scaled(outputs.mantissa[:, k], outputs.exponent[:, k])
        carried, sent = product(part, flow.outputs), _sent(flow, moves, kind, dx)
        error = difference(carried, sent)
        doubt = unheld = 0.0
        if not error <= base:
            doubt = _doubt(rounded, moves, kind, dx, [carried, total(sent)])
            unheld = _unheld(flow, steps, [carried, total(sent)])
        symbol = kind.replace("_0", "₀") if kind.endswith("_0") else kind
        template = (
            word("∂L/∂{symbol} along a random direction, against {method}; too small for floats to "
                 "hold all its digits")
            if unheld > max(base, doubt)
            else word("∂L/∂{symbol} along a random direction, against {method}; saturated: "
                      "rounding of the recorded numbers alone can cause this error")
            if doubt > base
            else word("∂L/∂{symbol} along a random direction, against {method}")
        )  # fmt: skip
        words = sentence(template, symbol=symbol, method=method)
        yield made(f"derivative by {kind}", error, max(base, doubt, unheld), words)


def _doubt(
    rounded: Rounded, moves: list[Move], kind: str, dx: Array, sums: list[Sum]
) -> float:  # fmt: skip
    """How far the last digit of every recorded number alone may move ⟨gradient, direction⟩.

    Relative to the size of its terms, each of which moves by itself.
    """
    again = _pairs(rounded.again, moves, kind, dx)
    size, found = _log10_size(sums), []
    for flow in rounded.flows:
        others = _pairs(flow, moves, kind, dx)
        apart = [product(one - other, way)
                 for (one, way), (other, _) in zip(again, others, strict=True)]  # fmt: skip
        found.append(_log10_size(apart) - size)
    return _up_to_one(max(found, key=nan_first) + np.log10(30))


def _log10_size(sums: list[Sum]) -> float:
    """log10 of the largest sum of magnitudes."""
    return max(float(np.log10(one.size) + one.power * LOG10_2) for one in sums)


def _up_to_one(log10: float) -> float:
    """The number; a little above 1, which no error exceeds, where it is more; 0 for nan."""
    return float(10.0 ** np.clip(np.nan_to_num(log10, nan=-400), -400, 0.5))


def _unheld(flow: GradientFlow, steps: list[OneStep], sums: list[Sum]) -> float:
    """How much numbers too small for floats may change a sum, relative to the size of its terms.

    Local derivatives are floats of the net's type, and a gate below the smallest normal one may be
    recorded as 0: ∂L/∂state says what that does to L. Gradients are such floats too, times a power
    of two. What is lost of gates that are divided is amplified.
    """
    felt = max(
        float(Scaled(own.d[f"d{name}_all"].reshape(-1, own.d["dh_all"].shape[-1]),
                     own.exponent.reshape(-1)).log10_norms().max())
        for own in flow.layers for name in own.trace.cell.states
    )  # fmt: skip
    count = sum(step.reach * 2 * at.record["h"].size * step.widest
                for at, step in zip(flow.trace.layers, steps, strict=True))  # fmt: skip
    smallest = float(np.finfo(flow.trace.model.dtype).tiny)
    powers = LOG10_2 * max(own.exponent.max() for own in flow.layers)
    lost = np.log10(count * smallest) + max(felt, powers) - _log10_size(sums)
    shares = max(_log10_of_shares(own, _log10_size(sums)) for own in flow.layers)
    return max(_up_to_one(lost), _up_to_one(shares))


def _log10_of_shares(own: LayerFlow, size: float) -> float:
    """log10 of what lost digits of gates that are divided may change a sum, in units of 10^size.

    Every share may be wrong by as much: so much of Σ |∂L/∂share|, and a few roundings of it.
    """
    names = {signal.name for signal in own.trace.cell.signals}
    shares = [node.name for node in own.trace.cell.graph if node.op == "share"]
    felt = [_log10_size([product(own.scaled(name), np.ones(1))]) - size
            for name in shares if name in names]  # fmt: skip
    return float(np.log10(10 * lost_of_share(own.trace)) + max([0.0, *felt]))


def _sent(flow: GradientFlow, moves: list[Move], kind: str, dx: Array) -> list[Sum]:
    """⟨gradient, direction⟩ of one kind, layer by layer."""
    return [product(*pair) for pair in _pairs(flow, moves, kind, dx)]


def _pairs(
    flow: GradientFlow, moves: list[Move], kind: str, dx: Array
) -> list[tuple[Scaled, Array]]:  # fmt: skip
    """The gradient and the direction of one kind, layer by layer."""
    if kind == "x":
        fits = np.isfinite(flow.inputs).all()
        return [(Scaled(flow.inputs) if fits else inputs_gradient(flow, 0), dx)]
    return [_pair(*both, kind) for both in zip(flow.layers, moves, strict=True)]


def _pair(own: LayerFlow, move: Move, kind: str) -> tuple[Scaled, Array]:
    """The gradient and the direction of one layer's parameter, initial state or signal."""
    if kind in move.inside:
        return own.scaled(kind), move.inside[kind]
    if kind in move.W:
        gradient, power = parameter_mantissas(own)[kind]
        flat = Scaled(gradient.reshape(1, -1), np.array([power]))
        return flat, move.W[kind].reshape(1, -1)
    first = own.d[f"d{kind.removesuffix('_0')}_all"][0]
    return Scaled(first, own.exponent[0]), move.start[kind]

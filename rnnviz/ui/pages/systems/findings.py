"""What a first-order system does to state and gradient, in sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.analysis.systems import FixedPoint, Kind, Latch, Orbit
from rnnviz.words import say
from rnnviz.words.numbers import number, power

NOTHING = 1e-9
"""The magnitude below which a fixed point is called 0."""
GROWS = float(np.log10(1.05))
"""log10 of the norm that a dying gradient must exceed on its way to be called growing."""


def finding(
    found: Orbit, kind: Kind, points: Sequence[FixedPoint], bit: Latch | None, drive: str
) -> str:
    """One or two sentences; ``bit`` is the latch of one tanh unit, ``drive`` one of DRIVES."""
    if bit is not None:
        return _bit(found, bit)
    if found.system.nonlinearity == "tanh":
        return _tanh(found, points)
    if drive == "sine" and kind.fate == "dies" and np.iscomplex(kind.eigenvalues[0]):
        return _ringing(found, kind)
    return _transient(found, kind) or _linear(found, kind)


def _left(found: Orbit) -> dict[str, str | int]:
    """T, and what is left there of the gradient."""
    return {"T": len(found.u), "left": power(float(found.log10_gradient[-1, 0]))}


def _ringing(found: Orbit, kind: Kind) -> str:
    angle = abs(float(np.angle(kind.eigenvalues[0])))
    return say(
        "Without input, the state turns once in {own} steps and shrinks by the factor {radius} a "
        "step. Driven by a sine of amplitude {into}, the output y reaches {out}. After {T} steps "
        "‖∂xₜ/∂x₀‖ is {left}, whatever the input. **Move the period away from {own}, and y "
        "shrinks.**",
        own=number(2 * np.pi / angle), radius=number(kind.radius),
        into=number(float(np.abs(found.u).max())), out=number(float(np.abs(found.y).max())),
        **_left(found),
    )  # fmt: skip


def _transient(found: Orbit, kind: Kind) -> str | None:
    logs = found.log10_gradient[:, 0]
    top = int(logs.argmax())
    if kind.fate != "dies" or logs[top] < GROWS:
        return None
    return say(
        "Both eigenvalues lie inside the unit circle (ρ = {radius}), yet ‖∂xₜ/∂x₀‖ first grows to "
        "{peak}, at t = {t}, because W is not normal. After {T} steps it is {left}. **Halve the "
        "larger of W₁₂ and W₂₁ and watch the hump shrink.**",
        radius=number(kind.radius), peak=power(float(logs[top])), t=top, **_left(found),
    )  # fmt: skip


def _linear(found: Orbit, kind: Kind) -> str:
    known = {"radius": number(kind.radius), **_left(found)}
    if kind.name == "saddle":
        return say(
            "A saddle: a step multiplies one direction by {grows} and the other by {dies}. After "
            "{T} steps ‖∂xₜ/∂x₀‖ is {left}. **Drag x₀ onto the dotted line along which the arrows "
            "come in: the state shrinks at first, but the gradient still explodes.**",
            grows=number(kind.radius), dies=number(float(np.abs(kind.eigenvalues[1]))), **known,
        )  # fmt: skip
    if kind.fate == "diverges":
        return say(
            "The spectral radius is {radius}: after {T} steps ‖∂xₜ/∂x₀‖ is {left}. **Turn tanh "
            "on: the state can no longer leave −1 … 1.**", **known,
        )  # fmt: skip
    if kind.fate == "dies":
        return say(
            "The spectral radius is {radius}: in the long run each step multiplies by this "
            "factor, and after {T} steps ‖∂xₜ/∂x₀‖ is {left}. **Raise the entries of W until the "
            "eigenvalues touch the unit circle.**", **known,
        )  # fmt: skip
    if kind.fate == "grows":
        return say(
            "A shear: both eigenvalues are on the unit circle, yet ‖∂xₜ/∂x₀‖ grows with t, to "
            "{left} after {T} steps. **Set the off-diagonal entry of W to 0, and it "
            "stays.**", **known,
        )  # fmt: skip
    if kind.name in ("rotation", "centre"):
        angle = float(np.degrees(np.angle(kind.eigenvalues[0])))
        return say(
            "Each step turns the state by {angle}°, and nothing is lost: after {T} steps "
            "‖∂xₜ/∂x₀‖ is {left}. **Turn tanh on, and even this memory fades.**",
            angle=number(abs(angle)), **known,
        )  # fmt: skip
    return say(
        "The spectral radius is exactly 1: a typical state neither dies out nor grows, and after "
        "{T} steps ‖∂xₜ/∂x₀‖ is {left}. **Change an entry of W by 0.05 and see how fast this "
        "ends.**", **known,
    )  # fmt: skip


def _bit(found: Orbit, bit: Latch) -> str:
    if bit.bistable:
        end = float(found.x[-1, 0])
        here = min((one for one in bit.points if one.stable), key=lambda p: abs(p.x[0] - end))
        k = bit.points.index(here)
        return say(
            "A latch: two states are stable, {high} and {low}, and no lasting push U u below "
            "{margin} flips either. But at {here}, the stable state nearest to the end of this "
            "run, a step multiplies the gradient by {slope}, and {n} steps by {through}.",
            high=number(float(bit.points[-1].x[0])), low=number(float(bit.points[0].x[0])),
            margin=number(bit.margin), here=number(float(here.x[0])),
            slope=number(float(here.slopes[0].real)), n=bit.steps, through=power(bit.through[k]),
        ) + " " + _write(found, float(bit.points[1].x[0]))  # fmt: skip
    point = bit.points[0]
    known = {"x": number(_whole_zero(point.x[0])), "slope": number(float(point.slopes[0].real))}
    if point.slopes[0].real < -1:
        return say(
            "At the only fixed point, {x}, the curve has the slope {slope}: each step overshoots "
            "the point, and the state swings from side to side for ever. **Raise w until the "
            "slope is above −1.**", **known,
        )  # fmt: skip
    if bit.fold > 0:
        return say(
            "|b| = {b} is not below the fold, {fold}: only one stable state is left, {x}, and x₀ "
            "is forgotten. **Bring b between −{fold} and {fold} to have two.**",
            b=number(abs(bit.b)), fold=number(bit.fold), **known,
        )  # fmt: skip
    return say(
        "There is one fixed point, {x}, where the curve has the slope {slope}. The state ends "
        "there from any start, and after {T} steps ‖∂xₜ/∂x₀‖ is {left}. **Raise w above 1: then "
        "there are two stable states.**", **known, **_left(found),
    )  # fmt: skip


def _whole_zero(value: float) -> float:
    """The value, and 0 for what the search for fixed points leaves of 0."""
    return 0.0 if abs(value) < NOTHING else float(value)


def _write(found: Orbit, edge: float) -> str:
    """How to make the latch hold the other bit."""
    if not found.u.any():
        return say("**Drag x₀ across {edge} to write the other bit.**", edge=number(edge))
    if (found.x[0, 0] > edge) != (found.x[-1, 0] > edge):
        return say("**Here the input flips the bit: make the input smaller until it no longer "
                   "does.**")
    return say("**Here the bit withstands the input: make the input larger until the bit flips.**")


def _tanh(found: Orbit, points: Sequence[FixedPoint]) -> str:
    stable = [one for one in points if one.stable]
    known = {"all": len(points), "stable": len(stable), **_left(found)}
    if len(stable) > 1:
        return say(
            "Of {all} fixed points {stable} are stable: so many states can be kept. Near each of "
            "these the gradient fades; in this run ‖∂xₜ/∂x₀‖ is {left} after {T} steps. **Drag x₀ "
            "from one basin to the next.**",
            **known,
        )  # fmt: skip
    if stable:
        return say(
            "The number of fixed points is {all}. One is stable, and nearly every start ends "
            "there. After {T} steps ‖∂xₜ/∂x₀‖ is {left}. **Raise W₁₁ and W₂₂ until there are "
            "several.**", **known,
        )  # fmt: skip
    return say(
        "None of the fixed points ({all}) is stable, and tanh keeps the state between −1 and 1, "
        "so that it never comes to rest. After {T} steps ‖∂xₜ/∂x₀‖ is {left}. **Lower the entries "
        "of W until the state settles on a point.**", **known,
    )  # fmt: skip

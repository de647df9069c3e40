"""Clipping all gradients together, to a norm or to a value (Pascanu, Mikolov and Bengio 2013)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnnviz.cells import Contribution
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.weight_gradients import parameter_gradients
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import LOG10_2, norms, times_power
from rnnviz.numerics.records import brief, sealed
from rnnviz.numerics.validation import instance, positive_number, shown

Wide = tuple[Array, int]
"""An array and its power of two."""


class Change(NamedTuple):
    """A gradient's norm before and after, and the cosine between them.

    Norms are log10, −inf for an exact zero; the cosine is nan where one of the two is zero.
    """

    log10_before: float
    log10_after: float
    cosine: float


class Clipped(NamedTuple):
    """What clipping did to the gradients of all parameters together, and to each of them.

    before, after      ‖all gradients‖₂; inf where no float can hold it
    cosine             between the two; nan where one is zero
    whole              the same as a `Change`, right at any size
    parameters         one mapping per layer and direction: parameter name → its change
    readout            the readout's changes, empty where its gradients are unknown
    gradients          the clipped gradients, laid out as ``flow.parameters``
    readout_gradients  those of the readout

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> sorted(rnnviz.clip(flow, value=1e-3).parameters[0])
    ['W_h', 'W_x', 'b']
    """

    before: float
    after: float
    cosine: float
    whole: Change
    parameters: tuple[Mapping[str, Change], ...]
    readout: Mapping[str, Change]
    gradients: tuple[Arrays, ...]
    readout_gradients: Arrays

    def __repr__(self) -> str:
        return brief(self)


def clip(flow: GradientFlow, norm: float | None = None, value: float | None = None) -> Clipped:
    """Clip the gradients of all parameters: together to a norm, or each number to ±value.

    ``norm`` multiplies everything by min(1, norm / ‖all gradients‖₂), which keeps the direction;
    ``value`` changes it. Exactly one of the two must be given, above zero.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> found = rnnviz.clip(flow, norm=1e-3)
    >>> round(found.whole.log10_after, 6), round(found.cosine, 6)
    (-3.0, 1.0)
    """
    instance("flow", flow, GradientFlow)
    if (norm is None) == (value is None):
        raise ValueError(
            f"`norm` or `value` must be given, one of them, got {shown(norm)} and {shown(value)}."
        )
    limit = positive_number(*(("value", value) if norm is None else ("norm", norm)))
    groups = [parameter_mantissas(own) for own in flow.layers]
    groups.append({name: (gradient, 0) for name, gradient in flow.readout.items()})
    with np.errstate(all="ignore"):
        after = _limited(groups, limit) if norm is None else _shortened(groups, limit)
        changes = [
            {name: _change([one], [new[name]]) for name, one in group.items()}
            for group, new in zip(groups, after, strict=True)
        ]
        old = [one for group in groups for one in group.values()]
        whole = _change(old, [one for group in after for one in group.values()])
        size, power = _norm(old)
        before = float(np.ldexp(size, power))
        end = float(norms(np.array([norms(one.ravel()) for new in after for one in new.values()])))
    *layers, readout = (sealed(group) for group in after)
    return Clipped(
        before, end, whole.cosine, whole, tuple(changes[:-1]), changes[-1], tuple(layers), readout
    )


def parameter_mantissas(own: LayerFlow) -> dict[str, Wide]:
    """Parameter name → its gradient's mantissas and a power of two, for norms beyond any float."""
    found = {name: (gradient, 0) for name, gradient in own.parameters.items()}
    if not own.exponent.any():
        return found
    least = np.finfo(own.d["da"].dtype).tiny * 1e15
    lost = [k for k, g in own.parameters.items() if not least < np.abs(g).max() < np.inf]
    shares = own.trace.cell.contributions(own.trace.parameters, own.trace.record, own.d)
    for name in lost:
        present, exponent = _nonzero(shares[name]), own.exponent[1:]
        top = int(exponent[present].max()) if present.any() else 0
        if top:
            with np.errstate(all="ignore"):
                wide = parameter_gradients(own.trace, own.d, exponent - top)
            found[name] = wide[name], top
    return found


def _nonzero(share: Contribution) -> Array:
    """Which timesteps and examples contribute to a parameter's gradient, (T, B)."""
    if isinstance(share, tuple):
        both = [left.any(axis=-1) & right.any(axis=-1) for left, right in share]
        return np.asarray(np.logical_or.reduce(both))
    return np.asarray(share.any(axis=tuple(range(2, share.ndim))))


def _norm(parts: Sequence[Wide]) -> tuple[float, int]:
    """The norm of all parts as one vector, and its power of two."""
    sizes = [float(norms(np.ravel(one))) for one, _ in parts]
    power = max((e for size, (_, e) in zip(sizes, parts, strict=True) if size), default=0)
    aligned = [np.ldexp(n, e - power) for n, (_, e) in zip(sizes, parts, strict=True)]
    return float(norms(np.array(aligned))), power


def _limited(groups: Sequence[Mapping[str, Wide]], limit: float) -> list[dict[str, Array]]:
    return [
        {name: np.clip(times_power(*one), -limit, limit) for name, one in group.items()}
        for group in groups
    ]


def _shortened(groups: Sequence[Mapping[str, Wide]], limit: float) -> list[dict[str, Array]]:
    size, power = _norm([one for group in groups for one in group.values()])
    if not np.ldexp(size, power) > limit:
        return [{name: times_power(*one) for name, one in group.items()} for group in groups]
    return [
        {name: times_power(one, e - power) * (limit / size) for name, (one, e) in group.items()}
        for group in groups
    ]


def _change(before: Sequence[Wide], after: Sequence[Array]) -> Change:
    size, power = _norm(before)
    end = float(norms(np.array([norms(one.ravel()) for one in after])))
    products = [
        (times_power(one, e - power).astype(float) / size * (new / end)).sum()
        for (one, e), new in zip(before, after, strict=True)
    ]
    log10_before = float(np.log10(size)) + power * LOG10_2
    return Change(log10_before, float(np.log10(end)), float(np.sum(products)))

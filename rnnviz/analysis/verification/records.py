"""Records that must be equal, and every accessor against the record that it reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.verification.check import Check, made
from rnnviz.analysis.verification.forward_mode import in_order
from rnnviz.analysis.verification.nudges import names_of
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import largest_gap, nan_first
from rnnviz.words import sentence

LOG10_2 = float(np.log10(2.0))


def record_checks(flow: GradientFlow, given: Array) -> Iterator[Check]:
    """That records are handed on unchanged, and that every accessor reads them right.

    ``given`` (T, B, n) or (T, n) is the ∂L/∂outputs that the backward pass was to start from.
    """
    count = _not_handed_on(flow.trace)
    count += _differ(flow.outputs, given.reshape(flow.outputs.shape).astype(flow.outputs.dtype))
    yield made("handed on", float(count), 0.0, sentence(
        "the number of recorded inputs and past states that differ from the values they were "
        "copied from"
    ))  # fmt: skip
    close = 1e-10 if flow.trace.model.dtype == np.float64 else 1e-4
    error = max((_readings(flow, own) for own in flow.layers), key=nan_first)
    yield made("readings", error, close, sentence(
        "every signal, gradient, sign and log10 norm as the pages read it, against the records"
    ))  # fmt: skip


def _not_handed_on(trace: Trace) -> int:
    """How many recorded numbers differ from those that they are copies of."""
    count, sides = 0, len(trace.model.directions)
    rounded = trace.model.projected  # a product of matrices, done here once more
    below = trace.x
    for level in range(trace.model.num_layers):
        layers = trace.layers[level * sides : (level + 1) * sides]
        for at in layers:
            count += _differ(at.record["x"], in_order(at, below), rounded and level > 0)
            for name in at.cell.states:
                series, past = at.record[name], at.record[f"{name}_prev"]
                count += _differ(past[1:], series[:-1])
                count += _differ(at.initial[name], past[0]) + _differ(at.final[name], series[-1])
        ends = (at.record["h"] if at.projection is None else at.record["h"] @ at.projection
                for at in layers)  # fmt: skip
        pairs = zip(layers, ends, strict=True)
        below = np.concatenate([in_order(*pair) for pair in pairs], axis=-1)
    return count + _differ(trace.outputs, below, rounded)


def _differ(one: Array, other: Array, rounded: bool = False) -> int:
    if one.shape != other.shape:
        return max(one.size, other.size)
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    if rounded:
        same |= np.abs(one - other) <= 100 * np.finfo(one.dtype).eps * np.abs(other).max()
    return int((~same).sum())


def _readings(flow: GradientFlow, own: LayerFlow) -> float:
    """The largest error of any accessor of one layer, relative or in log10."""
    alone, at = len(flow.layers) == 1, own.trace
    trace: Trace | LayerTrace = flow.trace if alone else at
    read: GradientFlow | LayerFlow = flow if alone else own
    errors = [float(_differ(trace[one.name], in_order(at, at.record[one.name])) > 0)
              for one in at.cell.signals]  # fmt: skip
    names = names_of(at.cell)
    scaled = [own.scaled(name) for name in names]
    mantissas = np.stack([in_order(at, one.mantissa) for one in scaled]).astype(float)
    powers = np.stack([in_order(at, one.exponent) for one in scaled])
    if alone or own is flow.layers[0]:
        errors.append(_initial_apart(flow))
    logs = np.log10(np.abs(mantissas)) + powers[..., None] * LOG10_2
    dtype = own.d["dh"].dtype
    true = np.ldexp(mantissas, powers[..., None]).astype(dtype)
    tiny = float(np.finfo(dtype).tiny)
    errors.append(largest_gap(np.stack([read[name] for name in names]), true, np.abs(true) + tiny))
    errors.append(largest_gap(np.stack([own.log10_magnitudes(name) for name in names]), logs))
    signs = np.stack([own.signs(name) for name in names])
    errors.append(float(_differ(signs, np.sign(mantissas)) > 0))
    norms = np.stack([read.log10_norms(name)[1:] for name in names])
    errors.append(largest_gap(norms, _log10_norms(mantissas, powers)))
    for name in at.cell.states:
        start = own.exponent[0]
        wanted = _log10_norms(own.d[f"d{name}_all"][0].astype(float), start)
        errors.append(largest_gap(read.log10_norms(name)[0], wanted))
    return max(errors, key=nan_first)


def _initial_apart(flow: GradientFlow) -> float:
    """flow.initial against the first rows of every layer's records."""
    errors = []
    for k, own in enumerate(flow.layers):
        power = own.exponent[0][:, None]
        for name in own.trace.cell.states:
            wanted = np.ldexp(own.d[f"d{name}_all"][0], power)
            if name == "h" and own.trace.projection is not None:
                wanted = np.linalg.lstsq(own.trace.projection, wanted.T, rcond=None)[0].T
            errors.append(largest_gap(flow.initial[name][k], wanted, np.abs(wanted) + 1e-300))
    return max(errors, key=nan_first)


def _log10_norms(mantissa: Array, power: Array) -> Array:
    """log10 of the norm over the last axis."""
    largest = np.abs(mantissa).max(axis=-1)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    squares = ((mantissa / unit[..., None]) ** 2).sum(axis=-1)
    return np.asarray(np.log10(squares) / 2 + np.log10(unit) + power * LOG10_2)

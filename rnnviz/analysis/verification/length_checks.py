"""Sequences of several lengths in a batch: examples are as they are alone, and end where they end.

What an example does alone is checked by itself (`live_checks`); here, that a batch of padded
sequences is no more than its examples side by side.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.verification.check import Check, made
from rnnviz.core.backward_run import backward
from rnnviz.core.forward_run import forward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import largest_gap, nan_first
from rnnviz.words import sentence

FEW = 3
"""How many examples are looked at: the longest, the shortest, and the first."""


def shown_examples(trace: Trace) -> list[int]:
    """Examples that stand for all: at most `FEW`, of different lengths where there are."""
    assert trace.lengths is not None
    order = [int(k) for k in np.argsort(trace.lengths, kind="stable") if trace.lengths[k]]
    return list(dict.fromkeys([*order[-1:], *order[:1], *sorted(order)]))[:FEW]


def length_checks(flow: GradientFlow, bound: float) -> Iterator[Check]:
    """That padding adds nothing, and that all examples' gradients add up to the batch's."""
    yield made("after the end", float(_moved_after_the_end(flow)), 0.0, sentence(
        "the number of outputs and gradients after an example's end that are not 0, and of states "
        "there that changed"
    ))  # fmt: skip
    error, totals = 0.0, [{n: 0 * W for n, W in one.items()} for one in flow.parameters]
    lengths = flow.trace.lengths
    assert lengths is not None
    for k in np.flatnonzero(lengths):
        one = _alone(flow, int(k))
        end = int(lengths[k])
        pairs = [(one.trace.outputs[:, 0], flow.trace.outputs[:end, k]),
                 (one.inputs[:, 0], flow.inputs[:end, k])]  # fmt: skip
        pairs += [(one.initial[name][:, 0], flow.initial[name][:, k]) for name in one.initial]
        pairs += [(one.trace.final[name][:, 0], flow.trace.final[name][:, k])
                  for name in one.initial]  # fmt: skip
        error = max(error, *(_apart(*pair) for pair in pairs), key=nan_first)
        for total, own in zip(totals, one.parameters, strict=True):
            for name, gradient in own.items():
                total[name] = total[name] + gradient
    for total, all_of_them in zip(totals, flow.parameters, strict=True):
        error = max(error, *(_apart(total[n], all_of_them[n]) for n in total), key=nan_first)
    yield made("lengths", error, bound, sentence(
        "every example of the batch, run again alone without its padding"
    ))  # fmt: skip


def _alone(flow: GradientFlow, k: int) -> GradientFlow:
    """An example run again without its padding."""
    trace = flow.trace.example(k)
    start = {name: one[:, k : k + 1] for name, one in flow.trace.initial.items()}
    again = forward(trace.model, np.ascontiguousarray(trace.x), start)
    return backward(again, flow.outputs[: len(trace.x), k : k + 1])


def _apart(one: Array, other: Array) -> float:
    size = float(np.abs(one).max(initial=0.0)) or 1.0
    return largest_gap(np.asarray(one), np.asarray(other), size)


def _moved_after_the_end(flow: GradientFlow) -> int:
    trace, count = flow.trace, 0
    assert trace.lengths is not None
    for k, end in enumerate(trace.lengths):
        for array in (trace.outputs, flow.inputs, flow.outputs):
            count += int((array[end:, k] != 0).sum())
        for own in flow.layers:
            for name in own.trace.cell.states:
                rows, gradient = own.trace.record[name][end:, k], own.d[f"d{name}"][end:, k]
                last = own.trace.final[name][k]
                same = (rows == last) | (np.isnan(rows) & np.isnan(last))
                count += int((~same).sum()) + int((gradient != 0).sum())
    return count

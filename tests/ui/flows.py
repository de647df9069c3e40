"""Gradient flows that are known, and what is said of them."""

import re

import numpy as np

import rnnviz
from rnnviz import CELLS
from rnnviz.analysis.reach import alone, reach
from rnnviz.ui.pages.compare import findings

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def told(flows):
    """The sentences on the last loss of these flows, followed alone."""
    lone = {cell: alone(flow)[0] for cell, flow in flows.items()}
    return findings.seen(lone, {cell: reach(flow) for cell, flow in flows.items()})


def clause(text, cell):
    """What it says of one cell."""
    after = text.split(f"**{CELLS[cell].title}**: ")[1]
    return after.split(" **")[0]


def log10(text):
    """log10 of "2.4·10⁻¹⁶", "0.00291" or "11 %"."""
    shape = r"([\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?( %)?"
    mantissa, exponent, percent = re.match(shape, text).groups()
    power = int(exponent.translate(RAISED)) if exponent else 0
    return np.log10(float(mantissa)) + power - (2 if percent else 0)


def share(flow):
    """log10 of what is left at step 1 of the memory state's norm at the one step with a loss."""
    logs = flow.log10_norms(flow.trace.model.cell.states[-1])[1:, 0]
    last = np.flatnonzero(logs > -np.inf)[-1]
    return logs[0] - logs[last], logs[: last + 1]


def identity_rnn(factor, steps=30, at=None):
    """An RNN whose gradient changes by exactly ``factor`` a step."""
    model = rnnviz.build("rnn", 1, 4, init="identity", gain=factor)
    dh = np.zeros((steps, 1, 4))
    dh[(at or steps) - 1] = 1
    return rnnviz.backprop(rnnviz.run(model, np.zeros((steps, 1))), dh)

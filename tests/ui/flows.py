"""Gradient flows that are known, and what is said of them."""

import re

import numpy as np

import rnnviz
from rnnviz import CELLS
from rnnviz.analysis.memory import memory
from rnnviz.ui import advice
from rnnviz.ui.pages.compare import findings

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def told(flows, *, one_loss=True):
    """The sentences on these flows."""
    return findings.compared(flows, {c: memory(f) for c, f in flows.items()}, one_loss=one_loss)


def clause(text, cell):
    """What it says of one cell."""
    after = text.split("\n\n")[0].split(f"The **{CELLS[cell].title}** ")[1]
    return re.split(r" The \*\*|\.$", after)[0].removesuffix(".")


def to_do(flow):
    return advice.advice(flow.layers[0], memory(flow))


def log10(text):
    """log10 of "2.4·10⁻¹⁶", "0.00291" or "11 %"."""
    shape = r"([\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?( %)?"
    mantissa, exponent, percent = re.match(shape, text).groups()
    power = int(exponent.translate(RAISED)) if exponent else 0
    return np.log10(float(mantissa)) + power - (2 if percent else 0)


def share(flow):
    """log10 of what is left at step 1 of the norm at the last step that has any."""
    logs = flow.log10_norms("h")[1:, 0]
    last = np.flatnonzero(logs > -np.inf)[-1]
    return logs[0] - logs[last], logs[: last + 1]


def identity_rnn(factor, steps=30, at=None):
    """An RNN whose gradient changes by exactly ``factor`` a step."""
    model = rnnviz.build("rnn", 1, 4, init="identity", gain=factor)
    dh = np.zeros((steps, 1, 4))
    dh[(at or steps) - 1] = 1
    return rnnviz.backprop(rnnviz.run(model, np.zeros((steps, 1))), dh)

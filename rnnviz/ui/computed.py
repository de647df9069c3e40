"""What pages show, computed once per settings and shared: records are read-only."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.experiment import Settings
from rnnviz.gradients import GradientFlow
from rnnviz.memory import Memory, memory
from rnnviz.tasks import Example


@st.cache_resource(max_entries=48, show_spinner=False)
def flow(settings: Settings, cell: str) -> GradientFlow:
    """The cell's trace and gradient flow."""
    return settings.flow(cell)


@st.cache_resource(max_entries=48, show_spinner=False)
def example(settings: Settings) -> Example:
    """The sequence."""
    return settings.example()


def flows(settings: Settings) -> dict[str, GradientFlow]:
    """Cell → flow, with word of progress where it takes a while."""
    with st.spinner("Stepping forward and back …", show_time=True):
        return {cell: flow(settings, cell) for cell in settings.cells}


def norms(one: GradientFlow, signal: str = "h") -> NDArray[np.float64]:
    """log10 ‖∂L/∂signal_t‖ of the one example, t = 0 … T."""
    return np.asarray(one.log10_norms(signal))[:, 0]


def figures_of_merit(found: dict[str, GradientFlow]) -> dict[str, Memory]:
    """Cell → ratio, factor, half-life and horizon."""
    return {cell: memory(one) for cell, one in found.items()}


def step_labels(one: Example) -> tuple[str, ...] | None:
    """The sequence's own names for its steps, unless they only count."""
    counted = tuple(str(t) for t in range(1, len(one.x) + 1))
    return None if tuple(one.step_labels) == counted else tuple(one.step_labels)

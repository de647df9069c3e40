"""Parameters, multiply-adds and measured time of each cell, as bars and as a table."""

from __future__ import annotations

import platform

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.settings import Settings
from rnnviz.plot.seeds import cost_panels
from rnnviz.ui import prose
from rnnviz.ui.chart import figure
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number

_TIMED = "_timed_cells"
Timings = dict[str, cost.Timing]


def measured_times(settings: Settings, hidden: dict[str, int]) -> Timings | None:
    """The times measured in this session for exactly these settings and sizes; else None."""
    asked = (settings, tuple(hidden.items()))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(say("Measure the time per step here and now"), key="_measure"):
            bar = st.empty()
            st.session_state[_TIMED] = asked, cost.timed(
                settings, hidden, told=lambda share: bar.progress(share, say("Measuring …"))
            )
            bar.empty()
        before, found = st.session_state.get(_TIMED, (None, None))
        if before != asked:
            st.caption(say("Not measured yet for these settings."),
                       width="content")  # fmt: skip
            return None
        return dict(found)


def bars(settings: Settings, hidden: dict[str, int], times: Timings | None) -> None:
    """Parameters, multiply-adds and, where measured, microseconds of each cell, as bars."""
    inputs = settings.example().input_size
    costs = {cell: cost.cost(settings.kind(cell)) for cell in hidden}
    counts = [costs[cell].parameters.at(inputs, size) for cell, size in hidden.items()]
    adds = [costs[cell].multiply_adds.at(inputs, size) for cell, size in hidden.items()]
    names = [say(CELLS[cell].title) for cell in hidden]
    words = " ".join(
        say("{cell}: H = {size}, {count:,} parameters, {adds:,} multiply-adds.", cell=name,
            size=size, count=count, adds=add)
        for name, size, count, add in zip(names, hidden.values(), counts, adds, strict=True)
    )  # fmt: skip
    figure(
        plot.cell_costs(hidden, counts, adds, times, theme=theme()),
        key="cost_bars", definition=_definition(settings, times), summary=words,
        data=lambda: pd.DataFrame({
            panel.title: list(panel.values) for panel in cost_panels(hidden, counts, adds, times)
        }, index=names),
    )  # fmt: skip


def _definition(settings: Settings, times: Timings | None) -> str:
    words = say(
        "Parameters of one layer without the output layer; D = {inputs}. A multiply-add is one "
        "product and its addition; biases, σ, tanh and divisions are not counted in it. A step "
        "back uses each matrix twice.", inputs=settings.example().input_size,
    )  # fmt: skip
    if times is None:
        return words
    runs = next(iter(times.values())).runs
    return f"{words} " + say(
        "Time: median of {runs} runs, bars 10 % to 90 %; T = {T}, one example, float64, "
        "everything recorded, the cells in turn, on this machine ({machine}). At small sizes most "
        "of the time goes into Python and NumPy calls, not into arithmetic.",
        runs=runs, T=len(settings.example().x), machine=platform.machine(),
    )  # fmt: skip


def table(settings: Settings, hidden: dict[str, int], times: Timings | None) -> None:
    """Parameters and multiply-adds by formula and by counting, one row a cell."""
    inputs, goal = settings.example().input_size, cost.target(settings)
    head = ["H", say("parameters by formula"), say("counted"), say("off by"),
            say("multiply-adds by formula"), say("σ, tanh")]  # fmt: skip
    if times is not None:
        head += [say("forward, µs"), say("back, µs")]
    rows = {}
    for cell, size in hidden.items():
        kind = settings.kind(cell)
        one, counted = cost.cost(kind), cost.counted(kind, inputs, size)
        row = [f"{size}", _formula(one.parameters, inputs, size), f"{counted:,}",
               _whole(f"{100 * (counted - goal) / goal:+.1f} %".replace("-", "−")),
               _formula(one.multiply_adds, inputs, size),
               f"{one.functions.at(inputs, size):,}"]  # fmt: skip
        if times is not None:
            for low, middle, high in (times[cell].forward, times[cell].backward):
                ends = f"{number(1e6 * low)} … {number(1e6 * high)}"
                row.append(_whole(f"{number(1e6 * middle)} ({ends})"))
        rows[say(kind.title)] = row
    st.table(pd.DataFrame(rows, index=head).T)
    prose.caption(say(
        "Off by: the difference from {goal:,}, which is the largest count of a chosen cell at H = "
        "{H}. At equal parameter count each cell has the H that comes nearest to "
        "it.", goal=goal, H=settings.hidden_size,
    ))  # fmt: skip


def _formula(count: cost.Count, inputs: int, size: int) -> str:
    return _whole(f"{count} = {count.at(inputs, size):,}")


def _whole(text: str) -> str:
    """Text that is not broken over lines."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")

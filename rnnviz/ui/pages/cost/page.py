"""The parts of the cost page: parameters, multiply-adds, time, and the gradient at equal cost."""

from __future__ import annotations

import platform
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.initialisation_runs import LAWS, SEEDS, Runs, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.figures import bands, palette
from rnnviz.figures.costs import Bars, cost_bars
from rnnviz.ui import badge, cached, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.initialisation.page import progress
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.ui.shell.sidebar import _usual_first
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

WAYS = {"units": word("equal hidden size"), "count": word("equal parameter count")}
_TIMED = "_timed_cells"
Timings = dict[str, cost.Timing]


def show(settings: Settings) -> None:
    """What each cell costs, counted and measured, and the gradient under both comparisons."""
    place = heading(
        say("What does a cell cost, and what does it buy?"), preset_line=False
    )
    said = st.container()
    way = url_controls.buttons(
        say("Compare at"), list(WAYS), key="by", default="units",
        words=lambda name: say(WAYS[name]),
    )  # fmt: skip
    cells = _usual_first(tuple(CELLS))
    hidden = cost.sizes(settings, cells, by_count=way == "count")
    times = _times(settings, hidden)
    _bars(settings, hidden, times)
    _table(settings, hidden, times)
    st.subheader(say("The gradient at equal size, and at equal count"))
    both = {name: cost.sizes(settings, settings.cells, by_count=name == "count") for name in WAYS}
    runs = _runs(settings, both)
    said.markdown(finding(settings, both, runs, times))
    labels = cached.labels(settings)
    stage.timeline(next(iter(runs.values())).h.shape[1] - 1, labels=labels)
    _norms(settings, both, runs, labels)
    _now(settings, both, runs)
    st.caption(say(
        "{settings}. {n} seeds from {first} on; bands: 10 % to 90 % of them. Single edited weights "
        "do not count here.", settings=say(settings.in_words()), n=SEEDS, first=settings.seed,
    ))  # fmt: skip
    badge.show_cells(place, settings, settings.cells)


def _times(settings: Settings, hidden: dict[str, int]) -> Timings | None:
    """What was measured for exactly this, in this session; nothing older is ever shown."""
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
            st.caption(say("Not measured yet for these settings: nothing is stored."),
                       width="content")  # fmt: skip
            return None
        return dict(found)


def _bars(settings: Settings, hidden: dict[str, int], times: Timings | None) -> None:
    inputs, look = settings.example().input_size, theme()
    costs = {cell: cost.cost(settings.kind(cell)) for cell in hidden}
    counts = [costs[cell].parameters.at(inputs, size) for cell, size in hidden.items()]
    adds = [costs[cell].multiply_adds.at(inputs, size) for cell, size in hidden.items()]
    panels = [
        Bars(say("Parameters of one layer"), counts,
             [f"{n:,} · H = {size}" for n, size in zip(counts, hidden.values(), strict=True)]),
        Bars(say("Multiply-adds a step, forward"), adds, [f"{n:,}" for n in adds]),
    ]  # fmt: skip
    if times is not None:
        micro = [tuple(1e6 * t for t in times[cell].forward) for cell in hidden]
        back = [tuple(1e6 * t for t in times[cell].backward) for cell in hidden]
        for title, found in ((say("Time a step forward, µs"), micro),
                             (say("Time a step back, µs"), back)):  # fmt: skip
            panels.append(Bars(title, [q[1] for q in found], [number(q[1]) for q in found],
                               [(q[0], q[2]) for q in found]))  # fmt: skip
    names = [say(CELLS[cell].title) for cell in hidden]
    words = " ".join(
        say("{cell}: H = {size}, {count:,} parameters, {adds:,} multiply-adds.", cell=name,
            size=size, count=count, adds=add)
        for name, size, count, add in zip(names, hidden.values(), counts, adds, strict=True)
    )  # fmt: skip
    figure(
        cost_bars(names, [palette.cell_color(cell, look) for cell in hidden], panels, theme=look),
        key="cost_bars", definition=_definition(settings, times), summary=words,
        data=lambda: pd.DataFrame(
            {panel.title: list(panel.values) for panel in panels}, index=names
        ),
    )  # fmt: skip


def _definition(settings: Settings, times: Timings | None) -> str:
    words = say(
        "Parameters of one layer without the readout, D = {inputs}. A multiply-add is one product "
        "with its sum; biases only add, σ, tanh and divisions are apart. A step back needs the "
        "matrices twice.", inputs=settings.example().input_size,
    )  # fmt: skip
    if times is None:
        return words
    runs = next(iter(times.values())).runs
    return f"{words} " + say(
        "Time: median of {runs} runs, bars 10 % to 90 %; T = {T}, one example, float64, everything "
        "recorded, all cells in turns, on this machine ({machine}). At such sizes most of it is "
        "Python and NumPy calls, not arithmetic.",
        runs=runs, T=len(settings.example().x), machine=platform.machine(),
    )  # fmt: skip


def _table(settings: Settings, hidden: dict[str, int], times: Timings | None) -> None:
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
    st.caption(say(
        "Off by: against {goal:,}, the most that a chosen cell has at H = {H}; at equal count each "
        "cell takes the H that comes nearest.", goal=goal, H=settings.hidden_size,
    ))  # fmt: skip


def _formula(count: cost.Count, inputs: int, size: int) -> str:
    return _whole(f"{count} = {count.at(inputs, size):,}")


def _whole(text: str) -> str:
    """Text that is not to be broken over lines."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _runs(
    settings: Settings, both: dict[str, dict[str, int]]
) -> dict[tuple[str, int], Runs]:
    """(cell, hidden size) → its runs over the seeds."""
    asked = sorted({one for hidden in both.values() for one in hidden.items()})
    laws = [(one, cost.resized(settings, one[1]), one[0], LAWS["yours"]) for one in asked]
    return progress(laws)


def _norms(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs],
    labels: tuple[str, ...] | None,
) -> None:  # fmt: skip
    look = theme()
    drawn = {way: [_band(cell, runs[cell, size], look) for cell, size in hidden.items()]
             for way, hidden in both.items()}  # fmt: skip
    span = bands.span_of([band for found in drawn.values() for band in found])
    for column, (way, hidden) in zip(st.columns(2), both.items(), strict=True):
        with column:
            words = ", ".join(f"{say(CELLS[cell].title)} H = {n}" for cell, n in hidden.items())
            st.markdown(f"**{say(WAYS[way])}**")
            figure(
                bands.norm_bands(drawn[way], axis="‖∂L/∂h<sub>t</sub>‖₂", theme=look,
                                 labels=labels, height=280, span=span),
                key=f"cost_{way}",
                definition=f"{words}. " + say("Both pictures share one axis."),
                summary=" ".join(_kept(cell, size, runs) for cell, size in hidden.items()),
                data=partial(_medians, drawn[way]),
            )  # fmt: skip


def _medians(drawn: list[bands.Band]) -> pd.DataFrame:
    columns = {band.label: band.middle for band in drawn}
    return pd.DataFrame(columns).rename_axis(say("t, log₁₀ of the norm"))


def _band(cell: str, found: Runs, look: str) -> bands.Band:
    low, middle, high = quantiles(found.h)
    dash = palette.CELL_DASHES.get(cell, "dot")
    return bands.Band(say(CELLS[cell].title), low, middle, high,
                      palette.cell_color(cell, look), dash)  # fmt: skip


def _kept(cell: str, size: int, runs: dict[tuple[str, int], Runs]) -> str:
    return say("{cell} with H = {size}: {ratio} of the gradient is left at step 1.",
               cell=say(CELLS[cell].title), size=size,
               ratio=power(_middle(runs[cell, size])))  # fmt: skip


def _middle(found: Runs) -> float:
    return float(quantiles(found.ratios())[1])


def _now(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs]
) -> None:
    values = [quantiles(runs[cell, both[way][cell]].h)[1, 1:]
              for cell in settings.cells for way in WAYS]  # fmt: skip
    parts = [stage.Segment(say(
        "‖∂L/∂h‖ at t = {t}, medians at equal hidden size and at equal parameter count:"
    ))]  # fmt: skip
    for k, cell in enumerate(settings.cells):
        comma = "" if k == len(settings.cells) - 1 else ","
        parts.append(stage.Segment(
            f" {say(CELLS[cell].title)} {{{2 * k}:log}} | {{{2 * k + 1}:log}}{comma}",
            palette.cell_css(cell),
        ))  # fmt: skip
    stage.readout(parts, np.array(values), key="cost_now")


def finding(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs],
    times: Timings | None,
) -> str:  # fmt: skip
    """What the costliest cell costs more than the cheapest, and what equal counts change."""
    inputs, H = settings.example().input_size, settings.hidden_size
    costs = {cell: cost.cost(settings.kind(cell)) for cell in settings.cells}
    counts = {cell: one.parameters.at(inputs, H) for cell, one in costs.items()}
    few, many = (min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__))
    if counts[few] == counts[many]:
        return say("Choose cells of different cost in the sidebar, such as an RNN and an LSTM, to "
                   "compare what they buy.")  # fmt: skip
    adds = {cell: one.multiply_adds.at(inputs, H) for cell, one in costs.items()}
    order = sorted(counts, key=counts.__getitem__)
    wide = both["count"][few]
    words = {
        "many": say(CELLS[many].title), "few": say(CELLS[few].title), "H": H, "wide": wide,
        "cells": " : ".join(say(CELLS[cell].title) for cell in order),
        "counts": _ratio(counts, order), "adds": _ratio(adds, order),
        "kept": power(_middle(runs[many, H])), "narrow": power(_middle(runs[few, H])),
        "widened": power(_middle(runs[few, wide])),
    }  # fmt: skip
    said = say(
        "At H = {H} parameters are {cells} = {counts}, multiply-adds {adds}. The **{many}** "
        "brings {kept} of the gradient back to step 1, the **{few}** {narrow}, and {widened} "
        "where it has as many parameters (H = {wide}).",
        **words,
    )  # fmt: skip
    if int(settings.loss_steps(settings.example()).sum()) > 1:
        return f"{said} " + say(
            "Every loss adds its own here: put the loss on the last step to see how far a single "
            "one travels."
        )
    if times is None:
        return f"{said} " + say("Measure the time below: operations are not yet seconds.")
    took = [times[cell].forward[1] + times[cell].backward[1] for cell in (many, few)]
    return f"{said} " + say(
        "At the sizes below a step there and back takes the {many} {time} times as long as the "
        "{few}. Raise H and measure again: the larger the matrices, the nearer that comes to the "
        "multiply-adds.",
        time=number(took[0] / took[1]), **words,
    )  # fmt: skip


def _ratio(counts: dict[str, int], order: list[str]) -> str:
    """1 : 3 : 4, three digits where they are needed."""
    return " : ".join(f"{counts[cell] / counts[order[0]]:.3g}" for cell in order)

"""The tab «Experiments»: forget bias, equal parameters, initialisation, time an update."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments import forget_bias, task_table, update_time
from rnnviz.experiments import initialisation_training as initialisation
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stored_outcomes import SEEDS
from rnnviz.training.plan import Plan
from rnnviz.ui import chart, prose, url_controls
from rnnviz.ui.pages.training import own_bias
from rnnviz.ui.pages.training.experiment_findings import (
    bias_finding,
    equal_finding,
    in_short,
    reach_finding,
    time_finding,
)
from rnnviz.ui.pages.training.table_findings import column, entry, net_key
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, share

_TIMED = "_timed_updates"
CELLS_TIMED = ("rnn", "lstm", "gru")
SECONDS = 2.0
"""About so long the clock runs where the time of an update is measured."""


def show(settings: Settings, badge_place: DeltaGenerator) -> None:
    """The chosen experiment."""
    chosen = url_controls.buttons(
        say("Experiment"), list(EXPERIMENTS), key="ex", default=next(iter(EXPERIMENTS)),
        words=lambda one: say(EXPERIMENTS[one][0]), label_visibility="collapsed",
    )  # fmt: skip
    EXPERIMENTS[chosen][1](settings)


def _measured(module: str) -> str:
    """Where the numbers come from."""
    return say(
        "Measured once, {seeds} seeds, Adam, batches of {B}, norm clipped to 1, with: {command}",
        seeds=SEEDS, B=Plan().batch,
        command=f"`python -m rnnviz.experiments.{module} --run`",
    )  # fmt: skip


def bias(_: Settings) -> None:
    """Updates needed against the LSTM's forget bias."""
    stored = forget_bias.stored()
    found = [(row, forget_bias.summaries(stored, row)) for row in forget_bias.ROWS]
    prose.markdown(bias_finding(found))
    chart.figure(
        plot.updates_needed(
            {say(row.title): forget_bias.by_bias(stored, row) for row, _ in found},
            most=task_table.UPDATES, setting=say("{bias} before training", bias="b_f"),
            theme=theme(),
            marks=[(forget_bias.advised(row), "ln(T − 1)") for row, _ in found],
        ),
        key="forget_bias", summary=bias_finding(found),
        definition=say(
            "Updates until the held-out cost of an LSTM of {H} units falls below {share:g} of the "
            "naive answers' cost: a circle a seed, the line their median; “never”: not within "
            "{most}. ", H=task_table.HIDDEN, share=0.1, most=task_table.UPDATES,
        ) + _measured("forget_bias"),
        data=lambda: pd.DataFrame({
            say(row.title): {one: in_short(own[one]) for one in own} for row, own in found
        }).rename_axis("b_f"),
    )  # fmt: skip
    own_bias.show()


def equal(_: Settings) -> None:
    """RNN and GRU with as many parameters as the LSTM, and the seeds of one task as bands."""
    found = task_table.entries(task_table.stored(equal=True))
    same = task_table.entries(task_table.stored())
    prose.markdown(equal_finding(found, same, task_table.EQUAL))
    rows = {row.name: row for row in task_table.EQUAL}
    st.table(pd.DataFrame([
        {say("task"): say(row.title), "H": _sizes(row.name),
         **{column(one): entry(found[row.name, *one], task_table.UPDATES)
            for one in task_table.COLUMNS}}
        for row in task_table.EQUAL
    ]).set_index(say("task")))  # fmt: skip
    name = url_controls.menu(
        say("Curves of the task"), list(rows), key="exrow", default="order",
        words=lambda one: say(rows[one].title),
    )  # fmt: skip
    nets = {net_key(one): found[name, *one] for one in task_table.COLUMNS}
    chart.figure(
        plot.solving_curves({net: one.outcomes for net, one in nets.items()}, rows[name].share,
                            bands=True, theme=theme()),
        key="equal_curves", summary=equal_finding(found, same, task_table.EQUAL),
        definition=say("Lines: median of 5 seeds; bands: from the least to the largest; a "
                       "seed that has ended counts with its last cost.")
        + " " + _measured("task_table"),
        data=lambda: pd.DataFrame({
            f"{net}, {seed}": pd.Series(own.curve)
            for net, one in nets.items() for seed, own in enumerate(one.outcomes)
        }),
    )  # fmt: skip


def _sizes(row: str) -> str:
    """The hidden sizes at equal parameters, in the order RNN, LSTM, GRU."""
    one = task_table.NAMED[row]
    return " · ".join(str(task_table.equal_size(one, cell)) for cell in CELLS_TIMED)


def before_after(_: Settings) -> None:
    """The share of the gradient that reaches step 1 before and after training, by scheme."""
    found = initialisation.entries(initialisation.stored())
    prose.markdown(reach_finding(found, SEEDS))
    chart.figure(
        plot.initialisation_training(found, seeds=SEEDS, theme=theme()),
        key="initialisation_training", summary=reach_finding(found, SEEDS),
        definition=say(
            "Adding problem, T = {T}, H = {H}: ‖∂L_S/∂s_1‖ / ‖∂L_S/∂s_S‖ of the memory state on "
            "sequences that were not trained on; medians of the seeds at the better of two "
            "learning rates; at the right end how many seeds learn it. identity: with ReLU in "
            "the RNN; chrono: biases for T steps. ",
            T=initialisation.ROW.plan.length, H=task_table.HIDDEN,
        ) + _measured("initialisation_training"),
        data=lambda: pd.DataFrame([
            {say("cell"): say(CELLS[cell].title), say("initialisation"): scheme,
             say("solved"): one.solved, say("updates"): one.needed,
             say("before training"): share(one.before), say("after training"): share(one.after)}
            for (cell, scheme), one in found.items()
        ]),
    )  # fmt: skip


def clock(_: Settings) -> None:
    """Measure an update of each cell, at equal size and at equal parameters."""
    equal_size = url_controls.switch(
        say("As many parameters as the LSTM of {H} units", H=task_table.HIDDEN), key="extime",
        default=False,
    )  # fmt: skip
    row = task_table.NAMED["adding"]
    hidden = {cell: task_table.equal_size(row, cell) if equal_size else task_table.HIDDEN
              for cell in CELLS_TIMED}  # fmt: skip
    prose.caption(say(
        "Adding problem, T = {T}, {B} sequences a batch, Adam, float32: batch, forward, cost, "
        "backward and step on one core.", T=row.plan.length, B=row.plan.batch,
    ))  # fmt: skip
    asked = tuple(hidden.items())
    if st.button(say("Measure here, for about {seconds:g} seconds", seconds=SECONDS),
                 key="_time_updates"):  # fmt: skip
        bar = st.empty()
        found = update_time.timed(
            hidden, row.plan, seconds=SECONDS,
            told=lambda part: bar.progress(part, say("Measuring …")),
        )  # fmt: skip
        bar.empty()
        st.session_state[_TIMED] = asked, found
    before, found = st.session_state.get(_TIMED, (None, {}))
    if before != asked:
        prose.caption(_stored_times())
        return
    prose.markdown(time_finding(found))
    st.table(pd.DataFrame([
        {say("cell"): say(CELLS[cell].title), "H": hidden[cell], say("updates timed"): one.updates,
         say("10 %, median, 90 %, ms"): " · ".join(map(number, (one.low, one.middle, one.high)))}
        for cell, one in found.items()
    ]).set_index(say("cell")))  # fmt: skip


def _stored_times() -> str:
    """Milliseconds an update while the table of tasks was made."""
    parts = []
    found = task_table.stored()
    for cell in CELLS_TIMED:
        own = [one for (row, name, _), nets in found.items() for one in nets
               if (row, name) == ("adding", cell)]  # fmt: skip
        spent, made = sum(one.seconds for one in own), sum(one.updates for one in own)
        parts.append(f"{say(CELLS[cell].title)} {number(1000 * spent / made)}")
    return say("While the table of tasks was made, an update took, in ms: {list}.",
               list=", ".join(parts))  # fmt: skip


EXPERIMENTS: dict[str, tuple[str, Callable[[Settings], None]]] = {
    "bias": (word("Forget bias"), bias),
    "equal": (word("Equal parameters, seeds"), equal),
    "init": (word("Initialisation"), before_after),
    "time": (word("Time an update"), clock),
}

"""The parts of the page «Whose gradient?»: which loss sends how much to which timestep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.figures.axes import colour_range
from rnnviz.figures.multiples import shared_colours
from rnnviz.plot.paths import distance_names, distance_shares
from rnnviz.ui import affordable, badge, cached, prose, url_controls
from rnnviz.ui.advice import learnt
from rnnviz.ui.chart import by_cell, enlarge, figure, not_finite
from rnnviz.ui.components.map_probe.probe import Question, probe
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.whose_gradient import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import power

QUESTION = Question(
    start=word("loss on step τ"),
    to=word("reaches step t"),
    value=word("‖∂L_{t}/∂s_{k}‖ = {value}."),
    nothing=word("A loss reaches no step after its own."),
    worst=word(
        "On its way back it shrank most at step {j}: × {loss}."
    ),
    least=word("On its way back every step made it larger, step {j} the least: × {loss}."),
)
DEFINITIONS = {
    False: word(
        "‖∂L_τ/∂{state}_t‖₂: the gradient that the loss of step τ alone sends to the memory "
        "state of step t. The vectors of a column add up to ∂L/∂{state}_t. Upwards the steps τ "
        "that have a loss; a loss reaches no step after its own, which stays grey. The colours "
        "run from {low} to {high}."
    ),
    True: word(
        "‖∂L_τ/∂{state}_t‖₂: the gradient that the loss of step τ alone sends to the memory "
        "state of step t. The vectors of a column add up to ∂L/∂{state}_t. Upwards the steps τ "
        "that have a loss; through the other direction of the layer above, a loss reaches steps "
        "after its own, too. The colours run from {low} to {high}."
    ),
}
"""Whether a loss reaches steps after its own → the map's definition."""
WHICH = {"every": word("On every step"), "sidebar": word("The one that is set")}


def show(settings: Settings) -> None:
    """The itemised map, one loss step and one timestep out of it, and shares by distance."""
    place = heading(say("Whose gradient is it?"))
    settings, labels = _followed(settings), cached.labels(settings)
    if why := _too_long(settings):
        st.warning(why)
        prose.caption(f"{say(settings.in_words())}.")
        badge.of_cells(place, settings, settings.cells)()
        return
    if len(settings.cells) > 1:
        _all(settings, labels)
    cell = enlarge(settings.cells)
    checked = badge.of_cells(place, settings, (cell,))
    name, state = say(CELLS[cell].title), CELLS[cell].states[-1]
    logs = cached.itemised_norms(settings, cell)
    steps = len(logs)
    stage.timeline(steps, labels=labels, back=True)
    prose.markdown(findings.finding(logs, cell))
    learnt.show(settings, cell)
    own = np.diagonal(logs[:, 1:])
    total = np.array([_total(column) for column in logs[:, 1:].T])
    stage.readout(
        say("Timestep t = {t} receives {0:log} from its own loss and {1:log} from all of them "
            "(the root of the summed squares)."), np.stack([own, total]), key="whose_now",
    )  # fmt: skip
    not_finite({cell: cached.flow(settings, cell)})
    senders = np.flatnonzero(np.isfinite(logs).any(axis=1)) + 1
    asked = _asked(steps, senders)
    figure(
        plot.loss_attribution(logs, state=state, theme=theme(), labels=labels),
        key="itemised",
        definition=say(DEFINITIONS[_both_ways(settings)], state=state, **_ends(logs)),
        summary=_summary(name, logs), data=lambda: _table(logs),
    )  # fmt: skip
    probe(logs, name="itemised", first=1, question=QUESTION, along="row", key="itemised_probe",
          asked=asked, controls=("tau", "to"))  # fmt: skip
    _one_of_each(logs, labels, name, *asked)
    _distances(logs, labels, name)
    prose.caption(f"{say(settings.in_words())}.")
    checked()


def _followed(settings: Settings) -> Settings:
    """The settings with a loss on every step, where those of the sidebar have one step's alone.

    Nothing but this page changes; a button shows the one loss. A step that was chosen stays alone,
    and so does a recorded gradient.
    """
    if settings.loss == "chosen" or settings.targets_are == "recorded":
        return settings
    if int(settings.loss_steps(cached.example(settings)).sum()) > 1:
        return settings
    if _too_long(replace(settings, loss="every")):
        st.caption(say("With a loss on every step this page would take too long for this net: "
                       "shown is the one loss that is set under “Loss”."))  # fmt: skip
        return settings
    which = url_controls.buttons(
        say("Losses on this page"), tuple(WHICH), key="losses", default="every",
        words=lambda one: say(WHICH[one]),
    )  # fmt: skip
    if which == "sidebar":
        return settings
    st.caption(say(
        "Here every step has a loss, so that each can be told apart. Together they are one mean: "
        "each counts 1/{steps} of what it counts alone. The other pages keep the one loss that is "
        "set under “Loss”.", steps=len(cached.example(settings).x),
    ))  # fmt: skip
    return replace(settings, loss="every")


def _both_ways(settings: Settings) -> bool:
    """Whether the shown layer lies below one of two directions."""
    net = settings.net
    return net is not None and net.sides == 2 and net.layer < net.model.num_layers - 1


def _too_long(settings: Settings) -> str:
    """Why nothing can be shown, "" where it can."""
    losses = int(settings.loss_steps(cached.example(settings)).sum())
    flows = [flow.layers[0] for flow in cached.flows(settings).values()]
    return next((why for one in flows if (why := affordable.every_loss_left_out(one, losses))), "")


def _all(settings: Settings, labels: tuple[str, ...] | None) -> None:
    """Every cell's map, side by side on one scale."""
    flows = [flow.layers[0] for flow in cached.flows(settings).values()]
    if not affordable.maps_by_cell(flows):
        st.caption(affordable.too_much_for_all())
        return
    maps = {cell: cached.itemised_norms(settings, cell) for cell in settings.cells}
    figure(
        plot.attributions_by_cell(maps, theme=theme(), labels=labels), key="all_itemised",
        definition=_all_definition(list(maps.values())),
        summary=" ".join(_summary(say(CELLS[cell].title), logs) for cell, logs in maps.items()),
        data=lambda: by_cell({cell: _table(logs) for cell, logs in maps.items()}, axis=0),
    )  # fmt: skip


def _all_definition(maps: list[NDArray[np.float64]]) -> str:
    said = say(definitions.ATTRIBUTIONS)
    low, _, cut = shared_colours(maps)
    if not cut:
        return said
    return f"{said} " + say("Everything below {low} has the darkest colour; the large map has a "
                            "scale of its own.", low=power(low))  # fmt: skip


def _ends(logs: NDArray[np.float64]) -> dict[str, str]:
    low, high = colour_range([logs])
    return {"low": power(low), "high": power(high)}


def _summary(name: str, logs: NDArray[np.float64]) -> str:
    finite = np.isfinite(logs)
    if not finite.any():
        return say("{cell}: no loss sends any gradient.", cell=name)
    top = np.unravel_index(np.where(finite, logs, -np.inf).argmax(), logs.shape)
    return say(
        "{cell}: {count} steps have a loss that sends gradient; the most, {most}, goes from step "
        "{sender} to step {receiver}.",
        cell=name, count=int(finite.any(axis=1).sum()), most=power(float(logs[top])),
        sender=top[0] + 1, receiver=top[1],
    )  # fmt: skip


def _table(logs: NDArray[np.float64]) -> pd.DataFrame:
    columns = [f"t = {t}" for t in range(logs.shape[1])]
    frame = pd.DataFrame(logs, index=range(1, len(logs) + 1), columns=columns)
    return frame.rename_axis(say("τ, log₁₀ of the norm"))


def _asked(steps: int, senders: NDArray[np.int64]) -> tuple[int, int]:
    """The loss and the timestep that the large map and the chart below it are asked for."""
    left, right = st.columns(2)
    last = int(senders[-1]) if senders.size else steps
    with left:
        sender = int(url_controls.number(say("Loss on step τ"), 1, steps, key="tau", default=last))
    with right:
        receiver = int(url_controls.number(say("Timestep t"), 0, steps, key="to", default=1))
    return sender, receiver


def _one_of_each(
    logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str, sender: int, receiver: int
) -> None:
    st.subheader(say("One loss, and one timestep"))
    row, said = logs[sender - 1], findings.one_loss(logs, sender)
    words = f"{name}: {said} " + say(
        "Timestep {receiver} receives {total} in all (the root of the summed squares).",
        receiver=receiver, total=power(_total(logs[:, receiver])),
    )  # fmt: skip
    figure(
        plot.one_loss(logs, sender, receiver, state="s", theme=theme(), labels=labels),
        key="row_and_column",
        definition=words, summary=words,
        data=lambda: pd.DataFrame({
            say("sent by {sender}", sender=sender): pd.Series(row),
            say("received by {receiver}", receiver=receiver): pd.Series(
                logs[:, receiver], index=range(1, len(logs) + 1)),
        }).rename_axis(say("step")),
    )  # fmt: skip


def _total(logs: NDArray[np.float64]) -> float:
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return float("-inf")
    top = finite.max()
    return float(top + 0.5 * np.log10((10.0 ** (2 * (finite - top))).sum()))


def _distances(logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str) -> None:
    st.subheader(say("How far away are the losses that each step learns from?"))
    found = distance_shares(logs)
    far = float(found[-1].mean())
    figure(
        plot.loss_distances(logs, state="s", theme=theme()),
        key="distances",
        definition=say(
            "Each bar is one timestep. Its height 1 is the sum of the norms ‖∂L_τ/∂s_t‖₂ that all "
            "losses send there; the colours split it by the number of steps between τ and t."
        ),
        summary=say(
            "{cell}: on average {far:.2g} % comes from losses more than 20 steps away, "
            "{own:.2g} % from the step's own.",
            cell=name, far=100 * far, own=100 * float(found[0].mean()),
        ),
        data=lambda: pd.DataFrame(found.T, columns=distance_names(),
                                  index=range(1, len(logs) + 1)).rename_axis("t"),
    )  # fmt: skip

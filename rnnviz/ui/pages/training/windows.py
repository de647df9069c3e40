"""The windows, their cuts, and which losses reach their cause."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnviz import advice, plot
from rnnviz.training.echo_stream import reached, share
from rnnviz.training.truncated_bptt import Plan
from rnnviz.ui import chart
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number
from rnnviz.words.symbols import lowered


def windows(plan: Plan, steps: int) -> None:
    """Causes, answers and cuts over the timesteps."""
    reach = reached(steps, plan.delay, plan.window)
    part = share(plan.delay, plan.window)
    t = np.arange(1, steps + 1)
    cause = t - plan.delay
    cuts = (t - 1) // plan.window - (np.maximum(cause, 1) - 1) // plan.window
    stage.readout(
        say("t = {t}: {label}"), reach[None].astype(float), key="training_now",
        labels=[lowered(_about_step(*map(int, one)))
                for one in zip(t, cause, cuts, reach, strict=True)],
    )  # fmt: skip
    chart.figure(
        plot.training_windows(steps, plan.delay, plan.window, theme=theme()),
        key="training_windows",
        definition=say(
            "Above: the inputs; below: the answers, y_t = x_{t−d}. Vertical lines are cuts: the "
            "state crosses them, the gradient does not. A solid line joins a loss with its cause "
            "in the same window; a dotted line that ends at × meets a cut. In the long run {part} "
            "% of the losses reach their cause: max(0, k − d) / k.", part=number(100 * part),
        ),
        summary=say("Windows of {steps}, dependency of {d}: {n} of {T} losses reach their cause.",
                    steps=advice.steps(plan.window), d=plan.delay, n=int(reach.sum()), T=steps),
        data=lambda: pd.DataFrame(
            {say("cause at"): cause, say("window"): (t - 1) // plan.window + 1,
             say("cuts in between"): cuts, say("reached"): reach}, index=pd.Index(t, name="t")
        ),
    )  # fmt: skip


def _about_step(t: int, cause: int, cuts: int, reach: int) -> str:
    """Whether the loss of one timestep reaches its cause, in words."""
    if cause < 1:
        return say("the cause of y_{t} lies before the start of the stream; no gradient reaches "
                   "it.", t=t)
    if reach:
        return say("x_{cause} and y_{t} are in the same window: the gradient of the loss reaches "
                   "its cause.", cause=cause, t=t)  # fmt: skip
    if cuts == 1:
        return say("1 cut between x_{cause} and y_{t}: no gradient reaches the cause.",
                   cause=cause, t=t)  # fmt: skip
    return say("{n} cuts between x_{cause} and y_{t}: no gradient reaches the cause.",
               n=cuts, cause=cause, t=t)  # fmt: skip

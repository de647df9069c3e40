"""What the tab «Train» shows of each checkpoint: curves, a row of the maps, words, a table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rnnviz.browser.gradient_overview.contents import Contents, Curve, contents
from rnnviz.cells import CELLS
from rnnviz.figures import palette
from rnnviz.numerics.arrays import Array
from rnnviz.plot.learning import history_scale
from rnnviz.ui import prose
from rnnviz.ui.components.update_slider.course import Picture
from rnnviz.ui.pages.training import findings_learning
from rnnviz.ui.pages.training.findings_learning import title
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.words import say
from rnnviz.words.numbers import number

CURVES, TOLD = "train_at", "train_told"
"""The keys of the chart of one checkpoint and of the words below it."""
Gradients = Mapping[str, Mapping[int, Array]]


def history_key(cell: str) -> str:
    """The key of a cell's map of updates and timesteps."""
    return f"train_history_{cell}"


def gradients(shown: Mapping[str, Shown]) -> Gradients:
    """Cell → checkpoint → log10 norms by timestep, as far as it is shown."""
    return {cell: {one_of: one.run.gradients[one_of] for one_of in one.checkpoints}
            for cell, one in shown.items()}  # fmt: skip


def updates(shown: Mapping[str, Shown]) -> list[int]:
    """The checkpoints of all cells."""
    return sorted({update for one in shown.values() for update in one.checkpoints})


def pictures(shown: Mapping[str, Shown]) -> dict[int, Picture]:
    """Checkpoint → what shows it; a net whose training ended earlier is shown as it ended."""
    found = gradients(shown)
    span = _span(found)
    return {
        update: Picture(
            html={f".st-key-{TOLD} .stHtml": told(shown, update)}, sentences={},
            charts={CURVES: curves(shown, found, update, span)},
            rows={history_key(cell): sum(one <= update for one in of) - 1
                  for cell, of in found.items()},
        )
        for update in updates(shown)
    }  # fmt: skip


def curves(
    shown: Mapping[str, Shown], found: Gradients, update: int, span: tuple[float, float]
) -> Contents:
    """log10 norms by timestep after so many updates, a line a cell; before training thin."""
    probe = next(iter(shown.values())).run.measures.batches.probe()
    start = int(probe.steps[-1]) + 1
    losses = np.isin(np.arange(len(probe.x)), start - 1)
    after, before = ([_curve(cell, of[max(one for one in of if one <= at)]) for cell, of in
                      found.items()] for at in (update, 0))  # fmt: skip
    return contents(
        after, losses=losses, start=start, span=span, at=1, ghosts=before if update else (),
        title=say("‖∂L_{S}/∂s_t‖, s: each cell's memory state", S=f"{{{start}}}"),
        summary=findings_learning.hidden(shown, update).replace("**", ""),
    )  # fmt: skip


def _curve(cell: str, values: Array) -> Curve:
    return Curve(title(cell), palette.cell_css(cell), palette.CELL_DASHES.get(cell, "dot"),
                 np.asarray(values, float), CELLS[cell].states[-1])  # fmt: skip


def _span(found: Gradients) -> tuple[float, float]:
    """One axis for all checkpoints, so that lines move and the axis does not."""
    low, high = history_scale(found.values())
    pad = 0.06 * (high - low)
    return low - pad, high + pad


def told(shown: Mapping[str, Shown], update: int) -> str:
    """What is left of the gradient at step 1, and what the gates did, as HTML."""
    words = f"<p>{prose.as_html(findings_learning.hidden(shown, update))}</p>"
    if not (rows := gate_rows(shown, update)):
        return words
    table = pd.DataFrame(rows).set_index(say("gate")).rename_axis(None)
    about = say("Means over all units, timesteps and 32 sequences; saturated are values below 0.1 "
                "or above 0.9. In brackets: before training.")  # fmt: skip
    return f'{words}{table.to_html(classes="rv-gates", border=0)}<p><small>{about}</small></p>'


def gate_rows(shown: Mapping[str, Shown], update: int) -> list[dict[str, str]]:
    """A row a gate: mean and saturation at a checkpoint, and before training."""
    rows = []
    for cell, one in shown.items():
        known = max(u for u in one.checkpoints if u <= update)
        before, after = one.run.gates[0], one.run.gates[known]
        for gate, use in after.items():
            old = before[gate]
            pairs = {
                say("mean"): (use.mean, old.mean), say("below 0.1"): (use.low, old.low),
                say("above 0.9"): (use.high, old.high),
            }  # fmt: skip
            rows.append({say("gate"): f"{title(cell)} {gate}"} | {
                name: f"{number(float(a.mean()))} ({number(float(b.mean()))})"
                if name == say("mean") else
                f"{100 * float(a.mean()):.0f} % ({100 * float(b.mean()):.0f} %)"
                for name, (a, b) in pairs.items()
            })  # fmt: skip
    return rows

"""What the page shows of each logged update, sent ahead: curves, words, rows of the maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

import numpy as np

from rnnviz.browser.gradient_overview.contents import Contents, Curve, contents
from rnnviz.figures.axes import colour_range
from rnnviz.plot.learning import palette_of
from rnnviz.ui import prose
from rnnviz.ui.components.update_slider.course import Picture
from rnnviz.ui.pages.runs import findings
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.words import say

CURVES, TOLD = "runs_at", "runs_told"
"""The keys of the chart of one update and of the words below it."""
MOST = 256
"""So many places a slider has at most."""
NEAR = 0.005
"""Powers of ten by which the share may differ from that of the norms where both are of one loss."""


def map_key(k: int) -> str:
    """The key of a run's map of updates and timesteps."""
    return f"runs_map_{k}"


def gate_key(k: int) -> str:
    """The key of a run's map of updates and units."""
    return f"runs_gate_{k}"


def updates(runs: Sequence[Seen]) -> list[int]:
    """The logged updates of all runs; of very many every second, third … and the last."""
    every = np.unique(np.concatenate([one.steps for one in runs])).astype(int)
    apart = -(-len(every) // MOST)
    return sorted({*every[::apart].tolist(), int(every[-1])})


def pictures(
    runs: Sequence[Seen], known: Sequence[int], gate: str
) -> dict[int, Picture]:
    """Update → what shows it: of each run its last log that is not after it."""
    longest = max(one.norms.shape[1] for one in runs)
    low, high = colour_range([one.norms for one in runs])
    pad = 0.06 * (high - low)
    names = [one.name for one in runs]
    dark = palette_of(names, "dark")
    styles = {name: (f"light-dark({color}, {dark[name][0]})", dash)
              for name, (color, dash) in palette_of(names, "light").items()}  # fmt: skip
    words = [cache(partial(findings.at, one)) for one in runs]
    found = {}
    for update in known:
        told = [said(one.steps[one.row(update)]) for said, one in zip(words, runs, strict=True)]
        rows = {map_key(k): one.row(update) for k, one in enumerate(runs)}
        rows |= {gate_key(k): one.row(update) for k, one in enumerate(runs) if gate in one.gates}
        found[update] = Picture(
            html={f".st-key-{TOLD} .stHtml":
                  "".join(f"<p>{prose.as_html(one)}</p>" for one in told)},
            charts={CURVES: _curves(runs, update, longest, (low - pad, high + pad), styles, told)},
            sentences={},
            rows=rows,
        )  # fmt: skip
    return found


def _curves(
    runs: Sequence[Seen], update: int, longest: int, span: tuple[float, float],
    styles: dict[str, tuple[str, str]], told: Sequence[str],
) -> Contents:  # fmt: skip
    """log10 norms by timestep, a line a run."""
    lines = [Curve(one.name, *styles[one.name], one.norms[one.row(update)], one.state)
             for one in runs]  # fmt: skip
    start = _start(runs, update, longest)
    losses = np.zeros(longest - 1, bool)
    if start:
        losses[start - 1] = True
    return contents(
        lines, losses=losses, start=start, span=span, at=1,
        title=say("‖∂L/∂s_t‖ of the recorded batch"),
        summary=" ".join(told).replace("**", ""),
    )  # fmt: skip


def _start(runs: Sequence[Seen], update: int, longest: int) -> int:
    """T, where all runs' losses sit at the last step alone, as far as the norms tell; else 0."""
    for one in runs:
        k = one.row(update)
        norms = one.norms[k]
        known = np.isfinite([norms[1], norms[-1], one.share[k]]).all()
        same = (len(norms) == longest and known
                and abs(norms[1] - norms[-1] - one.share[k]) < NEAR)  # fmt: skip
        if one.backwards or not same:
            return 0
    return longest - 1

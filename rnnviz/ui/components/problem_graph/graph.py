"""A problem type drawn unrolled: what the browser is told, and the same as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from rnnviz.browser.packets import pack
from rnnviz.experiments.problem_types import SYMBOLS
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.figures import palette
from rnnviz.plot.unrolled import ARROWS, ROWS, fed, letters, right
from rnnviz.ui.components._register import component
from rnnviz.words import say

_GRAPH = component("problem_graph/graph")

def graph(found: Unrolled, cell: str, title: str) -> bytes:
    """Draw the unrolled graph, which follows time in the browser; return its packet."""
    answers = found.problem.answers(found.steps)
    n = found.problem.handed(found.steps)
    targets = found.sequence.targets[:, 0]
    head = {
        "handed": n, "color": palette.cell_css(cell), "fed": fed(found), "inputs": letters(found),
        "answers": answers.tolist(),
        "asked": [bool(one or (found.fed and n <= t < found.steps - 1))
                  for t, one in enumerate(answers)],
        "targets": [SYMBOLS[k] if one else "" for k, one in zip(targets, answers, strict=True)],
        "slots": {name: k for k, name in enumerate((*ROWS, "p"))},
        "words": {**{name: say(text) for name, text in ARROWS.items()},
                  "label": say("{problem}, {cell}, unrolled in time", cell=title,
                               problem=say(found.problem.title)),
                  "handed": say("hand-over"), "encoder": say("Encoder"),
                  "decoder": say("Decoder"), "forward": say("forward pass")},
    }  # fmt: skip
    values = np.stack([*(found.log10(name)[:, 0] for name in ROWS), right(found)])
    packet = pack(head, values)
    _GRAPH(key="problem_graph", data=packet)
    return packet


def table(found: Unrolled) -> pd.DataFrame:
    """The graph as a table, one row a timestep."""
    answers = found.problem.answers(found.steps)
    read = enumerate(zip(letters(found), fed(found), strict=True))
    columns: dict[str, Any] = {
        say("reads"): [f"p_{t}" if own else one for t, (one, own) in read],
        say("right answer"): [SYMBOLS[k] if one else "" for k, one in
                                zip(found.sequence.targets[:, 0], answers, strict=True)],
        say("p of the right answer"): right(found),
    }  # fmt: skip
    names = {"h": "‖∂L/∂h_t‖", "back": say("from t back to t − 1"), "down": say("from y_t"),
             "own": say("from L_t"), "fed": say("from x_{t+1}"), "inputs": "‖∂L/∂x_t‖"}  # fmt: skip
    columns |= {f"{names[row]} (log₁₀)": found.log10(row)[:, 0] for row in ROWS}
    index = pd.RangeIndex(1, found.steps + 1, name="t")
    return pd.DataFrame(columns, index=index)

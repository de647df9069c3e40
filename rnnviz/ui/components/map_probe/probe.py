"""Ask a map of norms for one of its cells, by click or by typing: answered in the browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.browser.packets import pack
from rnnviz.ui.components._register import component
from rnnviz.words import say

_PROBE = component("map_probe/probe")
MOST_EXACT = 100_000
"""A larger map is sent in float32, which has 7 digits: answers show 3 of a log10."""


@dataclass(frozen=True)
class Question:
    """The words of a probe, to be said when it is drawn.

    ``start`` and ``to`` label the two fields; in the others {t}, {k}, {k1} (= k + 1) and {value}
    are filled in, in ``worst`` also {j} and {loss}: the step that shrank the norm most; ``least``
    stands in its place where no step shrank it.
    """

    start: str
    to: str
    value: str
    nothing: str
    product: str = ""
    worst: str = ""
    least: str = ""


def probe(
    values: NDArray[np.float64], *, name: str, first: int, question: Question, key: str,
    along: Literal["column", "row"] = "column", asked: tuple[int, int] | None = None,
    controls: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    """Fields for two timesteps and the answer, for the map of that name on the page.

    values (n, T + 1): log10 norms, row 0 is timestep ``first``, column k is timestep k. ``along``
    says which way a step is taken when the one that lost most is looked for: up the column of k
    (products grow by one more step) or back along the row of t (a gradient goes one step back).
    With ``asked``, the two timesteps of the page's own ``controls``, there are no fields, and a
    click sets those controls.
    """
    words = {name: text and say(text) for name, text in asdict(question).items()}
    words["from"] = words.pop("start")
    head: dict[str, Any] = {"map": name, "first": first, "along": along}
    head["words"] = words
    head["asked"] = asked

    def take() -> None:
        found = (st.session_state.get(key) or {}).get("ask")
        if controls is not None and found:
            st.session_state.update(zip(controls, map(int, found), strict=True))

    _PROBE(key=key, data=pack(head, values, half=values.size > MOST_EXACT), on_ask_change=take)

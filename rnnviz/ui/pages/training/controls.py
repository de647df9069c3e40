"""The controls of the page of training, and examples that set them all."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import streamlit as st

from rnnviz.training.optimisers import TITLES
from rnnviz.training.truncated_bptt import Plan
from rnnviz.ui import url_controls
from rnnviz.words import say, word
from rnnviz.words.symbols import lowered

_MENU = "_training"
LONGEST, WIDEST, MOST = 30, 60, 1000
"""The largest d, k and number of updates."""
OPTIMISERS = {name: TITLES[name] for name in ("adam", "sgd")}
NO_LIMIT = 0.0
"""A limit of 0 stands for no clipping."""


class Example(NamedTuple):
    """A setting of all controls, and its name."""

    title: str
    lag: int
    win: int
    upd: int = 300
    rate: float = 0.02
    opt: str = "adam"
    limit: float = 1.0


EXAMPLES = {
    "short": Example(word("d = 10, k = 5: never in one window"), 10, 5),
    "equal": Example(word("k = d: still no loss reaches its cause"), 10, 10),
    "long": Example(word("k = 2d: half of the losses"), 10, 20),
    "carried": Example(word("d = 4, k = 2, slow: the RNN's state carries the cause"), 4, 2, 300,
                       0.003),
    "wild": Example(word("learning rate 0.3: no better than guessing"), 10, 20, 200, 0.3, "adam",
                    NO_LIMIT),
}  # fmt: skip
FIRST = EXAMPLES["short"]
RATES = ("0.001", "0.003", "0.01", "0.02", "0.05", "0.1", "0.3", "1.0")


def values_of(one: Example) -> dict[str, Any]:
    """Key → value of every control that asks for an example."""
    return {"lag": one.lag, "win": one.win, "upd": one.upd, "rate": str(one.rate), "opt": one.opt,
            "limit": one.limit}  # fmt: skip


def examples() -> None:
    """Draw a button an example; the one that the controls show is selected."""
    now = {key: str(st.session_state.get(key, st.query_params.get(key, value)))
           for key, value in values_of(FIRST).items()}  # fmt: skip
    st.session_state[_MENU] = next(
        (key for key, one in EXAMPLES.items()
         if all(_same(now[k], v) for k, v in values_of(one).items())), None
    )  # fmt: skip
    st.pills(
        say("Examples"), list(EXAMPLES), key=_MENU, on_change=_choose,
        format_func=lambda key: say(EXAMPLES[key].title), label_visibility="collapsed",
    )  # fmt: skip


def _same(text: str, value: Any) -> bool:
    try:
        return float(text) == float(value)
    except ValueError:
        return text == str(value)


def _choose() -> None:
    if (key := st.session_state[_MENU]) in EXAMPLES:
        st.session_state.update(values_of(EXAMPLES[key]))


def choose() -> Plan:
    """Draw all controls; the seed is the sidebar's."""
    left, middle, right = st.columns(3)
    with left:
        delay = int(
            url_controls.slider(
                lowered(say("d, the dependency: y_t = x_{t−d}")), 1, LONGEST, key="lag",
                default=FIRST.lag
            )
        )
    with middle:
        window = int(url_controls.slider(say("k, steps in a window"), 1, WIDEST, key="win",
                                   default=FIRST.win))  # fmt: skip
    with right:
        updates = int(url_controls.slider(say("Updates"), 50, MOST, key="upd", default=FIRST.upd,
                                    step=50))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, wanted in (("d/2", max(1, delay // 2)), ("d", delay), ("2d", 2 * delay)):
            kind: Literal["primary", "secondary"] = "primary" if wanted == window else "secondary"
            st.button(f"k = {name} = {wanted}", key=f"_win_{name}", on_click=_window,
                      args=(wanted,), type=kind)  # fmt: skip
    with st.expander(say("Optimiser, learning rate, clipping")):
        optimiser = url_controls.buttons(
            say("Optimiser"),
            list(OPTIMISERS),
            key="opt",
            default=FIRST.opt,
            words=lambda one: say(OPTIMISERS[one]),
        )
        rate = url_controls.buttons(
            say("Learning rate"), RATES, key="rate", default=str(FIRST.rate), words=str
        )
        limit = url_controls.slider(
            say("Clip the norm of all gradients to (0: do not clip)"),
            0.0,
            5.0,
            key="limit",
            default=FIRST.limit,
            step=0.1,
        )
    return Plan(
        delay=delay, window=window, updates=updates, optimiser=optimiser, rate=float(rate),
        clip=limit if limit > NO_LIMIT else None,
    )  # fmt: skip


def _window(steps: int) -> None:
    st.session_state["win"] = steps

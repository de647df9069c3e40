"""The controls of the systems page: examples, the five matrices, tanh, the input."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.systems import DRIVES, System, drive, system
from rnnviz.analysis.systems.examples import EXAMPLES, FIRST, Example
from rnnviz.ui import url_controls
from rnnviz.words import say, word

_MENU = "_system"
MOST = 60.0
"""The largest component of a start."""
INPUTS = {
    "none": word("none"),
    "impulse": word("impulse"),
    "step": word("step function"),
    "sine": word("sine"),
}


class Chosen(NamedTuple):
    """The system, where it starts (n,), its input (T, 1), and which of DRIVES that is."""

    system: System
    x0: NDArray[np.float64]
    u: NDArray[np.float64]
    kind: str


def values_of(one: Example) -> dict[str, Any]:
    """Key → value of every control that asks for an example."""
    size = 1 if len(one.W) == 1 else 2
    W = (one.W[0], 0.0, 0.0, 0.0) if size == 1 else one.W
    start = one.x0 if size == 2 else (one.x0[0], 0.0)
    entries = dict(zip(("w11", "w12", "w21", "w22"), W, strict=True))
    named = {"u": one.U, "b": one.b, "c": one.C}
    pairs = {f"{name}{k + 1}": pair[k] for name, pair in named.items() for k in range(2)}
    return {"dim": str(size), "phi": one.tanh, **entries, **pairs, "d": one.D, "in": one.drive,
            "amp": one.amplitude, "when": one.when, "x0": written(start)}  # fmt: skip


def written(start: tuple[float, ...] | list[float]) -> str:
    """A start as text for the URL."""
    return ",".join(f"{one:.6g}" for one in start)


DEFAULTS = values_of(EXAMPLES[FIRST])


def read(text: str) -> tuple[float, float] | None:
    """Two numbers of at most MOST, or None."""
    try:
        found = [float(one) for one in text.split(",")]
    except ValueError:
        return None
    if not 1 <= len(found) <= 2 or not all(abs(one) <= MOST for one in found):
        return None
    return (found[0], found[1] if len(found) == 2 else 0.0)


def examples() -> None:
    """Draw a button an example; the one that the controls show is selected."""
    now = {key: st.session_state.get(key, st.query_params.get(key, value))
           for key, value in DEFAULTS.items()}  # fmt: skip
    st.session_state[_MENU] = next(
        (name for name, one in EXAMPLES.items() if _matches(now, values_of(one))), None
    )
    st.pills(
        say("Examples"), list(EXAMPLES), key=_MENU, on_change=_choose,
        format_func=lambda name: say(EXAMPLES[name].title), label_visibility="collapsed",
    )  # fmt: skip


def _matches(now: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether the controls that have an effect ask for the example; the start may differ."""
    size = wanted["dim"]
    counts = [key for key in wanted if key != "x0" and (size == "2" or key not in _SECOND)]
    if wanted["in"] == "none":
        counts = [key for key in counts if key not in ("amp", "when", "u1", "u2")]
    return all(_text(now[key]) == _text(wanted[key]) for key in counts)


_SECOND = ("w12", "w21", "w22", "u2", "b2", "c2")


def _text(value: Any) -> str:
    try:
        return f"{float(value):.6g}"
    except (TypeError, ValueError):
        return str(value)


def _choose() -> None:
    name = st.session_state[_MENU]
    if name in EXAMPLES:
        for key, value in values_of(EXAMPLES[name]).items():
            st.session_state[key] = value


def moved() -> None:
    """Take the start that was dragged in the portrait."""
    text = (st.session_state["portrait"] or {}).get("x0")
    found = read(str(text))
    if found is not None:
        st.session_state["x0"] = written(found)


def choose(steps: int) -> Chosen:
    """Draw all controls; T is the sidebar's."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = int(_dimension())
        tanh = url_controls.switch("φ = tanh", key="phi", default=DEFAULTS["phi"])
    W = _grid("w", "w" if size == 1 else "W", size, size, 3.0)
    bias = _grid("b", "b", 1, size, 2.0, step=0.01)
    open_ = st.session_state.get("in", st.query_params.get("in", "none")) != "none"
    with st.expander(say("Input u and output y: U, C, D"), expanded=bool(open_)):
        kind = url_controls.buttons(
            say("Input uₜ"), DRIVES, key="in", default=DEFAULTS["in"],
            words=lambda name: say(INPUTS[name]),
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            amplitude = url_controls.slider(say("Amplitude of the input"), -4.0, 4.0, key="amp",
                                      default=DEFAULTS["amp"], step=0.1)  # fmt: skip
        with right:
            when = url_controls.slider(
                say("Period") if kind == "sine" else say("From timestep"),
                1,
                100,
                key="when",
                default=DEFAULTS["when"],
            )
        into = _grid("u", "U", 1, size, 2.0, step=0.1)
        out = _grid("c", "C", 1, size, 2.0, step=0.1)
        past = url_controls.slider("D", -2.0, 2.0, key="d", default=DEFAULTS["d"], step=0.1)
    made = system(W, into.T, bias[0], out, [[past]],
                  nonlinearity="tanh" if tanh else "identity")  # fmt: skip
    start = read(url_controls.kept("x0", default=DEFAULTS["x0"], read=read)) or (0.0, 0.0)
    u = drive(kind, steps, amplitude=amplitude, when=int(when))
    return Chosen(made, np.array(start[:size]), u, kind)


def _dimension() -> str:
    return url_controls.buttons(
        say("Units"), ("1", "2"), key="dim", default=DEFAULTS["dim"],
        words=lambda name: say("1 unit") if name == "1" else say("2 units"),
        label_visibility="collapsed",
    )  # fmt: skip


def _grid(
    key: str, name: str, rows: int, columns: int, most: float, step: float = 0.05
) -> NDArray[np.float64]:
    """Sliders in the places of a matrix's entries."""
    found = np.zeros((rows, columns))
    low = str.maketrans("12", "₁₂")
    for row in range(rows):
        for column, place in enumerate(st.columns(columns)):
            entry = f"{row + 1}{column + 1}" if key == "w" else f"{column + 1}"
            label = name if columns == 1 else f"{name}{entry.translate(low)}"
            with place:
                found[row, column] = url_controls.slider(
                    label, -most, most, key=f"{key}{entry}", default=DEFAULTS[f"{key}{entry}"],
                    step=step,
                )  # fmt: skip
    return found

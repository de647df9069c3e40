"""A map computed anew in sizes of one's own: what is asked for, how far it is, what it will take.
"""  # fmt: skip

from __future__ import annotations

from functools import partial

import streamlit as st

from rnnviz.sweeps import DIAGRAMS, Spec
from rnnviz.sweeps.background import PROCESSES, Seen
from rnnviz.sweeps.diagrams import LONGEST, POINTS, SEEDS, SIZES, resized
from rnnviz.ui import prose, swept
from rnnviz.words import say
from rnnviz.words.markup import inert

_OWN = "_sweep_own"
START, POINT, STEP, EXPONENT = 2.0, 4e-3, 5e-5, 4.2e-10
"""Seconds until the processes are there, and of a point: POINT + T (STEP + EXPONENT H³), the last
where λ₁ is computed."""
MOST_SECONDS = 180
"""What two processes may take for one map."""


def spec(name: str) -> Spec | None:
    """The sizes that this visit asked a map for."""
    asked: dict[str, Spec] = st.session_state.get(_OWN, {})
    return asked.get(name)


def seen(name: str) -> Seen | None:
    """How far this visit's own map is; None where it asked for none."""
    asked = spec(name)
    return None if asked is None else swept.see(asked)


def stop(name: str) -> None:
    """Compute no more; what is there is shown."""
    if (asked := spec(name)) is not None:
        swept.cancel(asked)


def controls(name: str, now: Seen | None) -> None:
    """The sizes, what they cost, and the buttons."""
    with st.expander(say("Compute the map again, in sizes of your own"), key="_sweep_box"):
        asked = _sizes(name)
        seconds = estimate(asked)
        prose.caption(say(
            "{n:,} nets, about {seconds:.0f} s on {p} processes of the server; others can go on "
            "meanwhile.", n=len(asked), seconds=seconds, p=PROCESSES,
        ))  # fmt: skip
        if seconds > MOST_SECONDS:
            st.warning(say("A map may take {most} s at most: choose fewer points or seeds, or a "
                           "smaller H or T.", most=MOST_SECONDS))  # fmt: skip
        busy = now is not None and now.stage in ("waiting", "computing")
        with st.container(horizontal=True):
            if not busy and seconds <= MOST_SECONDS:
                st.button(say("Compute"), key="_sweep_go", on_click=partial(_ask, name))
            if now is not None and not busy:
                st.button(say("Back to the shipped map"), key="_sweep_back",
                          on_click=partial(_back, name))  # fmt: skip
        if now is not None and now.stage == "failed":
            st.warning(say("The computation has failed: {why}", why=inert(now.why)))
        if now is not None and now.stage == "cancelled":
            st.info(say("Stopped after {done:,} of {points:,} nets.", done=now.done,
                        points=now.points))  # fmt: skip


def _sizes(name: str) -> Spec:
    longest = "length" in DIAGRAMS[name].axes
    with st.container(horizontal=True):
        st.number_input(say("Points along each side"), 4, 80, POINTS, key="_sweep_points",
                                 persist_state="session")  # fmt: skip
        st.number_input(say("Seeds"), 1, 10, len(SEEDS), key="_sweep_seeds",
                                persist_state="session")  # fmt: skip
        st.number_input(say("H, units"), 2, 128, SIZES["hidden_size"], key="_sweep_H",
                                 persist_state="session")  # fmt: skip
        st.number_input(
            say("Largest T") if longest else say("T, length"), 10, 400,
            LONGEST if longest else SIZES["length"],
            key=f"_sweep_T_{longest}", persist_state="session",
        )  # fmt: skip
    return _chosen(name)


def _chosen(name: str) -> Spec:
    """The map in the sizes that its fields have now, also within a click's callback."""
    longest = "length" in DIAGRAMS[name].axes
    points, seeds, hidden, length = (
        int(st.session_state[key]) for key in
        ("_sweep_points", "_sweep_seeds", "_sweep_H", f"_sweep_T_{longest}")
    )  # fmt: skip
    return resized(name, points=points, seeds=seeds, hidden_size=hidden, length=length)


def estimate(asked: Spec) -> float:
    """About how many seconds a map takes on the server's processes."""
    lengths = asked.values("length")
    steps = sum(lengths) / len(lengths)
    exponent = EXPONENT * asked.values("hidden_size")[0] ** 3 * ("lyapunov" in asked.figures)
    return START + len(asked) * (POINT + steps * (STEP + exponent)) / PROCESSES


def progress_words(now: Seen) -> str:
    """How far it is."""
    if now.stage == "waiting":
        return say("Waiting for other maps to be computed …")
    if now.left != now.left:
        return say("{done:,} of {points:,} nets …", done=now.done, points=now.points)
    return say("{done:,} of {points:,} nets, about {left:.0f} s more", done=now.done,
               points=now.points, left=now.left)  # fmt: skip


def _ask(name: str) -> None:
    asked = _chosen(name)
    if estimate(asked) <= MOST_SECONDS:
        st.session_state.setdefault(_OWN, {})[name] = asked
        swept.ask(name, asked)


def _back(name: str) -> None:
    st.session_state.get(_OWN, {}).pop(name, None)

"""A map computed in chosen sizes: its controls, its progress, the time that it will take.
"""  # fmt: skip

from __future__ import annotations

from contextlib import nullcontext
from functools import partial

import streamlit as st

from rnnviz.sweeps import DIAGRAMS, Spec
from rnnviz.sweeps.background import PROCESSES, SECONDS
from rnnviz.sweeps.diagrams import LONGEST, POINTS, SEEDS, SIZES, resized
from rnnviz.sweeps.going import Seen
from rnnviz.ui import prose, swept, url_controls
from rnnviz.words import say
from rnnviz.words.markup import inert

_OWN, _STOPPED, _LINKED = "_sweep_own", "_sweep_stopped", "_sweep_linked"
"""In the session: map → what was asked for; maps whose computation its visitor has stopped; map →
the sizes that the link asks for and that are not computed, or None."""
SIZE_KEYS = ("map_points", "map_seeds", "map_H", "map_T", "map_longest")
START, POINT, STEP, EXPONENT = 2.0, 4e-3, 5e-5, 4.2e-10
"""Seconds until the processes are there, and of a point: POINT + T (STEP + EXPONENT H³), the last
where λ₁ is computed."""
MOST_SECONDS = 180
"""What two processes may take for one map."""


def spec(name: str) -> Spec | None:
    """The sizes that this visit asked a map for."""
    asked: dict[str, Spec] = st.session_state.setdefault(_OWN, {})
    return asked.get(name)


def open_link(name: str) -> None:
    """Once a map: a link to sizes of its own shows their map where somebody had it computed."""
    linked: dict[str, Spec | None] = st.session_state.setdefault(_LINKED, {})
    asked = _sizes(name, drawn=False)
    if name not in linked:
        linked[name] = None if asked == DIAGRAMS[name] else asked
        if linked[name] is not None and swept.is_finished(asked):
            linked[name] = None
            st.session_state.setdefault(_OWN, {})[name] = asked


def seen(name: str) -> Seen | None:
    """How far this visit's own map is; None where it asked for none.

    It goes on where it has ended for another reason than that its visitor has stopped it: another
    map was looked at meanwhile, or the browser was away.
    """
    if (asked := spec(name)) is None:
        return None
    now = swept.see(asked)
    if (now is None or now.stage == "cancelled") and name not in _stopped():
        return swept.ask(name, asked)
    return now


def pause_others(name: str) -> None:
    """Pause the other maps, which are not shown."""
    for other, asked in st.session_state.get(_OWN, {}).items():
        if other != name:
            swept.cancel(asked)


def _stopped() -> set[str]:
    found: set[str] = st.session_state.setdefault(_STOPPED, set())
    return found


def stop(name: str) -> None:
    """Compute no more; what is there is shown."""
    if (asked := spec(name)) is not None:
        _stopped().add(name)
        swept.cancel(asked)


def controls(name: str, now: Seen | None) -> None:
    """The sizes, what they cost, and the buttons."""
    linked = st.session_state[_LINKED][name]
    with st.expander(say("Compute the map again, in sizes of your own"), linked is not None,
                     key="_sweep_box"):  # fmt: skip
        asked = _sizes(name)
        if linked == asked and now is None:
            st.info(say("The link asks for these sizes. Their map is not computed; the shipped one "
                        "is shown."))  # fmt: skip
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
            if seconds <= MOST_SECONDS and not (busy and asked == spec(name)):
                st.button(say("Compute"), key="_sweep_go", on_click=partial(_ask, name))
            if now is not None and not busy:
                st.button(say("Back to the shipped map"), key="_sweep_back",
                          on_click=partial(_back, name))  # fmt: skip
        if now is not None:
            _say_how_it_ended(now)


def _say_how_it_ended(now: Seen) -> None:
    if now.stage == "failed":
        st.warning(say("The computation has failed: {why}", why=inert(now.why)))
    elif now.stage == "cancelled":
        st.info(say("Stopped after {done:,} of {points:,} nets. *Compute* with the same sizes goes "
                    "on from there.", done=now.done, points=now.points))  # fmt: skip
    elif now.stage == "spent":
        st.info(say("Ended after {done:,} of {points:,} nets: one computation may take "
                    "{most:.0f} s at most. *Compute* with the same sizes goes on from there.",
                    done=now.done, points=now.points, most=SECONDS))  # fmt: skip


def _sizes(name: str, *, drawn: bool = True) -> Spec:
    longest = "length" in DIAGRAMS[name].axes
    with st.container(horizontal=True) if drawn else nullcontext():
        url_controls.number(say("Points along each side"), 4, 80, key="map_points",
                            default=POINTS, drawn=drawn)  # fmt: skip
        url_controls.number(say("Seeds"), 1, 10, key="map_seeds", default=len(SEEDS), drawn=drawn)
        url_controls.number(say("H, units"), 2, 128, key="map_H", default=SIZES["hidden_size"],
                            drawn=drawn)  # fmt: skip
        url_controls.number(
            say("Largest T") if longest else say("T, length"), 10, 400, key=_length_key(name),
            default=LONGEST if longest else SIZES["length"], drawn=drawn,
        )  # fmt: skip
    return _chosen(name)


def _length_key(name: str) -> str:
    return "map_longest" if "length" in DIAGRAMS[name].axes else "map_T"


def _chosen(name: str) -> Spec:
    """The map in the sizes that its fields have now, also within a click's callback."""
    points, seeds, hidden, length = (
        int(st.session_state[key]) for key in
        ("map_points", "map_seeds", "map_H", _length_key(name))
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
        _stopped().discard(name)
        swept.ask(name, asked)


def _back(name: str) -> None:
    st.session_state.get(_OWN, {}).pop(name, None)

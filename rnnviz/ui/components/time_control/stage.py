"""The time control: time moves in the browser, and charts and numbers follow it there.

`timeline` draws the one time control of a page; `live` and `readout` draw numbers that
follow it. None of them reruns the script when time moves: the cursors on the charts and
the numbers are painted by stage.js and live.js. A Plotly figure gets cursors by saying
which of its x axes are time: `fig.layout.meta = ["x", "x2"]`.

Timesteps shown to people, in the URL and returned here run from 1 to T.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnviz.browser.time_control.numbers import (
    WORDS,
    Row,
    Segment,
    Words,
    sentence_packet,
    table_packet,
    timeline_data,
)
from rnnviz.numerics.validation import whole_number
from rnnviz.ui import link_notices
from rnnviz.ui.components._register import component
from rnnviz.words import say

__all__ = ["Row", "Segment", "Words", "live", "readout", "timeline"]
_STAGE = component("time_control/stage", "time_control/cursor")
_LIVE = component("time_control/live")


def timeline(
    length: int,
    *,
    labels: Sequence[str] | None = None,
    key: str = "t",
    words: Words = WORDS,
    back: bool = False,
) -> int:
    """Draw the time control and return the timestep, 1…length, that this run sees.

    Opens on `?<key>=` of the URL, else on the last step, and keeps its place when the
    length or the page changes: the last step, or a step clamped to the new length. `labels`
    (one per timestep) are shown beside the position. With ``back``, where gradients are
    shown, time is played from the last step to the first. One per page.
    """
    length = whole_number("length", length)
    if labels is not None and len(labels) != length:
        raise ValueError(
            f"`labels` must have one entry per timestep ({length}), got {len(labels)}."
        )
    t, told = 1, True
    with st.container(key="rv-time", horizontal=True, vertical_alignment="center"):
        if length > 1:
            told = _take_place(key, length)
            t = st.slider(
                say(words.timestep), 1, length, length, key=key, label_visibility="collapsed",
                on_change="ignore", bind="query-params", persist_state="session",
            )  # fmt: skip
            st.session_state[f"_{key}_seen"] = t
        data = timeline_data(length, labels=labels, key=key, words=words, back=back, told=told,
                             left_at=_left_at(key, length))  # fmt: skip
        _STAGE(key="rv-stage", data=data, width="content")
    return t


def _take_place(key: str, length: int) -> bool:
    """Assign the timestep, in 1…length, where Streamlit would lose it or raise.

    It does so after a page switch and a change of length: it knows neither the timestep
    that only the browser has seen, nor that the old one may be out of the new range.
    Returns whether this run knew the timestep; if not, the browser may know better.
    """
    run = get_script_run_ctx()
    if run is None:  # python app.py
        return True
    page, old_length = st.session_state.get(f"_{key}_at", (None, None))
    st.session_state[f"_{key}_at"] = run.page_script_hash, length
    t, seen = st.session_state.get(key), st.session_state.get(f"_{key}_seen")
    moved = page != run.page_script_hash
    told = not moved or t not in (None, seen) or run.is_history_navigation
    if not told:
        # st.query_params hides what belongs to the last page; a link's own value is last.
        asked = parse_qs(run.query_string).get(key, [""])[-1].strip()
        if told := re.fullmatch(r"[+-]?\d{1,9}", asked) is not None:
            t = int(asked)
    if page is None and (text := parse_qs(run.query_string).get(key, [""])[-1]):
        _answer(key, text, length)
    if not moved and t == old_length:
        t = length
    if t is not None and (moved or old_length != length or not 1 <= t <= length):
        st.session_state[key] = min(max(int(t), 1), length)
    return told


def _left_at(key: str, length: int) -> int:
    """The timestep at which a page was left to which the browser's Back or Forward returns; else 0.

    Streamlit drops it there, for the page that was left had a timestep, too.
    """
    run = get_script_run_ctx()
    if run is None or not run.is_history_navigation:
        return 0
    asked = parse_qs(run.query_string).get(key, [""])[-1].strip()
    return min(max(int(asked), 1), length) if re.fullmatch(r"\d{1,9}", asked) else 0


def _answer(key: str, asked: str, length: int) -> None:
    """Add a notice where a link asks for a timestep outside 1 … length."""
    known = re.fullmatch(r"\s*[+-]?\d{1,9}\s*", asked)
    shown = min(max(int(asked), 1), length) if known else length
    if not known or shown != int(asked):
        link_notices.notice(key, asked, shown)


def live(
    rows: Sequence[Row], values: NDArray[np.float64], *, key: str, columns: Sequence[str] = ()
) -> None:
    """Draw a table whose slots show `values[k, t - 1]` and follow time in the browser.

    values (n_slots, T) float64, sent as such: printed numbers must add up.
    columns: headings for the signal, the bar (if any row has one) and each cell.
    """
    _LIVE(key=key, data=table_packet(rows, values, columns))


def readout(
    template: str | Sequence[Segment],
    values: NDArray[np.float64],
    *,
    key: str,
    labels: Sequence[str] | None = None,
) -> None:
    """Draw one sentence that follows time: slots as in `live`, and `{t}`, `{T}`, `{label}`.

    values (n_slots, T) float64.
    """
    _LIVE(key=key, data=sentence_packet(template, values, labels))

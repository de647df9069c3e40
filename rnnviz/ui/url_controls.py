"""Controls whose values stand in the URL: a link opens the same picture.

Streamlit's own `bind="query-params"` writes what a menu SHOWS, so that links would break with
every reworded or translated label, and it loses bound numbers at a page switch once a script
writes to the URL itself. Here the URL holds option names and plain numbers, defaults are left out,
and what a link asks for that cannot be is said, by `link_notices`.

With ``drawn=False`` a control is not drawn: its value is read, bounded and kept in the URL all the
same, for the pages on which it counts, or for the page itself to draw it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnviz.experiments.address import in_link
from rnnviz.ui import link_notices
from rnnviz.words import say, sentence

Words = Callable[[str], str]
_KEYS = "_controls"
_DIGITS = 300
"""The most characters of a place in a link: Python reads no integer of more than 4,300 digits."""


def keys() -> frozenset[str]:
    """The keys of all controls that were drawn or read in this session."""
    return frozenset(st.session_state.get(_KEYS, ()))


def forget(but: Sequence[str]) -> None:
    """Drop every control's value, here and in the URL, so that the next run shows the defaults."""
    for key in [str(key) for key in st.session_state]:
        if key not in but and not key.startswith("_"):
            del st.session_state[key]
            if key in st.query_params:
                del st.query_params[key]


def menu(
    label: str, options: Sequence[str], *, key: str, default: str, words: Words, drawn: bool = True,
    **more: Any,
) -> str:  # fmt: skip
    """One choice from a menu."""
    _seed_choice(key, options, default)
    if drawn:
        st.selectbox(
            label, list(options), key=key, format_func=words, persist_state="session", **more
        )
    return str(_publish(key, default))


def buttons(
    label: str, options: Sequence[str], *, key: str, default: str, words: Words, drawn: bool = True,
    **more: Any,
) -> str:  # fmt: skip
    """One choice among buttons side by side."""
    _seed_choice(key, options, default)
    if drawn:
        st.segmented_control(
            label, list(options), key=key, format_func=words, required=True,
            persist_state="session", **more,
        )  # fmt: skip
    return str(_publish(key, default))


def several(
    label: str, options: Sequence[str], *, key: str, default: Sequence[str], words: Words,
    most: int | None = None, none: bool = False, drawn: bool = True, **more: Any,
) -> tuple[str, ...]:  # fmt: skip
    """From one to ``most`` choices, with commas between them in the URL; or also ``none``.

    Where all are taken away and one must be there, the choice before is kept, and a sentence below
    the control says so.
    """
    last, emptied = f"_last_{key}", f"_emptied_{key}"

    def known(names: Sequence[str]) -> list[str]:
        return [one for one in dict.fromkeys(names) if one in options][:most]

    def read(text: str) -> list[str] | None:
        asked = [one for one in text.split(",") if one]
        return known(asked) if (asked or none) and set(asked) <= set(options) else None

    def fit(now: Sequence[str]) -> list[str]:
        if none and not now:
            return []
        return known(now) or known(st.session_state.get(last, ())) or list(default)

    if st.session_state.get(key) == [] and not none:
        st.session_state[key], st.session_state[emptied] = fit([]), True
    _seed(key, list(default), read, fit)
    if drawn:
        st.multiselect(
            label, list(options), key=key, format_func=words, max_selections=most,
            persist_state="session", **more,
        )  # fmt: skip
        if st.session_state.pop(emptied, False):
            st.caption(say("At least one must be chosen: the last choice is shown again."))
    st.session_state[last] = _publish(key, list(default))
    return tuple(st.session_state[last])


def slider(
    label: str, low: float, high: float, *, key: str, default: float, step: float | None = None,
    drawn: bool = True, **more: Any,
) -> float:  # fmt: skip
    """A number from a slider; whole if all its numbers are. A slider with one place is disabled."""
    _seed(key, default, *_number(low, high, type(default)))
    if drawn and low < high:
        st.slider(label, low, high, step=step, key=key, persist_state="session", **more)
    elif drawn:
        st.slider(label, low, low + 1, low, disabled=True, key=f"_only_{key}", **more)
    return type(default)(_publish(key, default))


def place(
    numbers: Sequence[int], *, key: str, label: str = "", drawn: bool = True,
    default: int | None = None, **more: Any,
) -> int:  # fmt: skip
    """One of some rising numbers, from a slider whose places they are; the last by default."""
    usual = numbers[-1] if default is None else default

    def nearest(value: int) -> int:
        return min(numbers, key=lambda one: abs(one - value))

    def read(asked: str) -> int | None:
        return nearest(int(asked)) if asked.isdecimal() and len(asked) <= _DIGITS else None

    _seed(key, usual, read, nearest)
    if drawn and len(numbers) > 1:
        st.select_slider(label, list(numbers), key=key, persist_state="session", **more)
    return int(_publish(key, usual))


def number(
    label: str, low: float, high: float, *, key: str, default: float, drawn: bool = True,
    **more: Any,
) -> float:  # fmt: skip
    """A typed number; whole if all its numbers are."""
    _seed(key, default, *_number(low, high, type(default)))
    if drawn:
        st.number_input(label, low, high, key=key, persist_state="session", **more)
    return type(default)(_publish(key, default))


def text(
    label: str, *, key: str, default: str, most: int, tall: bool = False, drawn: bool = True,
    fit: Callable[[str], str] = str, **more: Any,
) -> str:  # fmt: skip
    """A line of text, or a field of several; ``fit`` makes of any text one that can be shown."""
    _seed(key, default, lambda asked: fit(asked) if len(asked) <= most else None, fit)
    if drawn and tall:
        st.text_area(label, key=key, max_chars=most, height=80, persist_state="session", **more)
    elif drawn:
        st.text_input(label, key=key, max_chars=most, persist_state="session", **more)
    return str(_publish(key, default))


def switch(label: str, *, key: str, default: bool, drawn: bool = True) -> bool:
    """A switch: True or False, 1 or 0 in the URL."""
    _seed(key, default, lambda asked: {"1": True, "0": False}.get(asked))
    if drawn:
        st.toggle(label, key=key, persist_state="session")
    return bool(_publish(key, default))


def kept(key: str, *, default: str, read: Callable[[str], Any]) -> str:
    """A value without a control of its own, set through the session; ``read`` refuses by None."""
    _seed(key, default, lambda asked: None if read(asked) is None else asked)
    return str(_publish(key, default))


def put(key: str, value: Any, *, default: Any) -> None:
    """Set a value that was read in this run, and write it into the URL."""
    st.session_state[key] = value
    _publish(key, default)


def _number(
    low: float, high: float, kind: type
) -> tuple[Callable[[str], float | None], Callable[[Any], float | None]]:
    """How a number is read from a link, and what becomes of a kept one: the nearest that can be."""

    def nearest(value: Any) -> float | None:
        return None if value is None else kind(min(max(value, low), high))

    def read(asked: str) -> float | None:
        try:
            value = kind(asked)
        except ValueError:
            return None
        return None if value != value else nearest(value)

    return read, nearest


def _same(value: Any) -> Any:
    return value


def _seed(
    key: str, default: Any, read: Callable[[str], Any], fit: Callable[[Any], Any] = _same
) -> None:
    """Before the control is drawn: set its value from the link, also after the browser's Back.

    ``read`` makes a value of the text in a link, or None of what cannot be. ``fit`` makes of a
    value kept from an earlier run one that can be now: the bounds and options of a control may
    have changed since, and Streamlit raises where a value lies outside.
    """
    run = get_script_run_ctx()
    went_back = run is not None and run.is_history_navigation
    if key in st.session_state and not went_back:
        # Assigned again, so that Streamlit keeps it over a page on which it is not shown.
        kept = st.session_state[key]
        st.session_state[key] = shown = fit(kept)
        if shown != kept:
            link_notices.add(sentence(
                "{key} = “{before}” cannot be shown; {key} = {shown} is shown instead.",
                key=key, before=in_link(kept), shown=in_link(shown),
            ))  # fmt: skip
        return
    asked = st.query_params.get(key)
    value = None if asked is None else read(asked)
    shown = default if value is None else value
    if asked is not None and (value is None or _clamped(asked, value)):
        link_notices.notice(key, asked, ", ".join(shown) if isinstance(shown, list) else shown)
    st.session_state[key] = shown


def _seed_choice(key: str, options: Sequence[str], default: str) -> None:
    """`_seed` of one of several options."""
    _seed(key, default, lambda text: text if text in options else None,
          lambda now: now if now in options else default)  # fmt: skip


def _clamped(asked: str, value: Any) -> bool:
    """Whether what is shown is not what the link asks for."""
    if isinstance(value, list):
        return set(asked.split(",")) - {""} != set(value)
    if isinstance(value, str):
        return asked != value
    return type(value) in (int, float) and float(asked) != value


def _publish(key: str, default: Any) -> Any:
    """After the control is drawn: write its value into the URL, unless it is the default."""
    st.session_state.setdefault(_KEYS, set()).add(key)
    value = st.session_state[key]
    if value is None:
        value = default
    if value == default:
        if key in st.query_params:
            del st.query_params[key]
        return value
    if st.query_params.get(key) != (words := in_link(value)):
        st.query_params[key] = words
    return value

"""Results that are computed once for all sessions, and found again by their arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from rnnviz.experiments.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that keeps the last ``most`` results of a function, read-only, for everyone.

    Settings are told apart by their repr: hashed field by field, as Streamlit does it, the keys
    of one page's results cost a tenth of the page.
    """
    return st.cache_resource(max_entries=most, show_spinner=False, hash_funcs={Settings: repr})

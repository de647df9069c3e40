"""The menu «Export» of every page that shows nets: the experiment as files to keep.

A file is made when its button is pressed, not before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.exports import as_keras, as_pytorch, bibtex, to_npz
from rnnviz.ui.language import fragment
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import say

_SHOWN = "_exported"


class File(NamedTuple):
    """A file that can be had: the words on its button, its name, its type and what makes it."""

    label: str
    name: str
    mime: str
    make: Callable[[Settings], str | bytes]


def files(script: str) -> list[File]:
    """The files that a page offers of the experiment that it shows."""
    return [
        File(say("All arrays (NPZ)"), "rnnviz-experiment.npz", "application/octet-stream", to_npz),
        File(say("PyTorch script"), "rnnviz_pytorch.py", "text/x-python", as_pytorch),
        File(say("Keras script"), "rnnviz_keras.py", "text/x-python", as_keras),
        File(say("Sources (BibTeX)"), "rnnviz-sources.bib", "text/plain", bibtex),
    ]


def menu(settings: Settings, script: str) -> None:
    """Draw the menu, unless no settings count on the page; its buttons come when it is opened."""
    if pages()[script].counts:
        shown = st.session_state[_SHOWN] = [settings]
        _menu(shown, script)


def instead(settings: Settings) -> None:
    """Say that the page shows these settings, such as a stack, instead of the sidebar's."""
    st.session_state[_SHOWN][:] = [settings]


@fragment
def _menu(shown: list[Settings], script: str) -> None:
    """``shown`` has the settings by the time that a button is pressed."""
    box = st.popover(say("Export"), key="_export", on_change="rerun", width="content")
    if box.open:
        with box:
            for one in files(script):
                st.download_button(
                    one.label, _made(one, shown), one.name, one.mime, key=f"_export_{one.name}",
                    on_click="ignore", width="stretch",
                )  # fmt: skip


def _made(file: File, shown: list[Settings]) -> Callable[[], bytes]:
    def bytes_of() -> bytes:
        made = file.make(shown[0])
        return made.encode() if isinstance(made, str) else made

    return bytes_of
